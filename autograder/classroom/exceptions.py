"""``python -m autograder drop ID TASK`` and ``… full-marks ID TASK``: a task that counts for nobody, or gives everybody its points.

Both hold at once and after every later grading, and ``--undo`` takes them back: the points that were earned or given by hand
are kept meanwhile.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook

from autograder.classroom.decided import Desk, deciding, reckon_penalty, told_task
from autograder.classroom.graded import find_assignment, open_course
from autograder.errors import CourseError
from autograder.run.decisions import Decisions, Rule, TaskDecision, read_decisions, set_maxima, settle_grades, take_back

PREPROCESSOR = "Decided"  # of `autograder.plugin`


def decide_task(folder: Path, assignment: str, task: str, rule: Rule) -> str:
    """Drops a task or gives everybody who handed in its points; returns what holds now.

    Args:
        folder: the course folder.
        assignment: its id.
        task: the graded cell, with or without ``check_`` before it; with ``NOTEBOOK/`` before it where several have one.
        rule: which of the two.

    Raises:
        CourseError: there is no such task, another rule holds for it, or the course's settings are too old.
    """
    with deciding(folder, f"{rule} {assignment} {task}") as desk:
        _look_at_settings(desk)
        notebook, cell = find_task(find_assignment(desk.gradebook, assignment), task)
        name = getattr(cell, "name", task)
        if desk.decisions.of_cell(assignment, notebook, name) is not None:
            raise CourseError(f"something is decided of {name.removeprefix('check_')} already: take that back first, with --undo")
        decision = TaskDecision(notebook, name, rule, float(cell.max_score))
        desk.decisions.tasks.setdefault(assignment, []).append(decision)
        return f"{told_task(decision)}; {_settle_all(desk, assignment)}"


def undo_task(folder: Path, assignment: str, task: str, rule: Rule) -> str:
    """Takes a rule for a task back; returns what holds now.

    Raises:
        CourseError: it doesn't hold.
    """
    with deciding(folder, f"{rule} {assignment} {task} --undo") as desk:
        find_assignment(desk.gradebook, assignment)
        names = {task, f"check_{task}", task.rpartition("/")[2], f"check_{task.rpartition('/')[2]}"}
        found = [one for one in desk.decisions.tasks.get(assignment, []) if one.cell in names and one.rule == rule]
        if len(found) > 1:
            found = [one for one in found if task.startswith(f"{one.notebook}/")]
        if not found:
            raise CourseError(f"`{rule}` isn't decided of {task}; decided: {'; '.join(_told(desk.decisions, assignment)) or 'nothing'}")
        return f"{task} counts as before; {_undo(desk, assignment, found[0])}"


def task_decisions(folder: Path) -> list[str]:
    """All rules for tasks of a course, a line each."""
    coursedir = open_course(folder)
    decisions = read_decisions(Path(coursedir.root))
    return [f"{assignment}: {line}" for assignment in sorted(decisions.tasks) for line in _told(decisions, assignment)]


def _told(decisions: Decisions, assignment: str) -> list[str]:
    return [told_task(decision) for decision in decisions.tasks.get(assignment, [])]


def _look_at_settings(desk: Desk) -> None:
    """Raises `CourseError` where a later grading wouldn't know of the decision."""
    named = desk.coursedir.parent.config.get("Autograde", {}).get("autograde_preprocessors", [])
    if not any(str(getattr(one, "__name__", one)).endswith(PREPROCESSOR) for one in named):
        raise CourseError(
            f"c.Autograde.autograde_preprocessors of this course's nbgrader_config.py lacks {PREPROCESSOR}, so that the next grading"
            " would forget this: copy nbgrader_config.py anew from the checkout, and put your own lines back"
        )


def find_task(assignment: Assignment, task: str) -> tuple[str, Any]:
    """The notebook's name and the graded cell that a name means; raises `CourseError` naming those there are."""
    cells = [(notebook.name, cell) for notebook in assignment.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)]
    found = [(notebook, cell) for notebook, cell in cells if task in _names(notebook, cell.name)]
    if len(found) == 1:
        return found[0]
    names = [f"{notebook}/{cell.name}" if found else cell.name.removeprefix("check_") for notebook, cell in found or cells]
    if found:
        raise CourseError(f"'{task}' may be {' or '.join(names)}")
    close = difflib.get_close_matches(task, names, 1)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise CourseError(f"no task '{task}' in {assignment.name}; there: {', '.join(names) or 'none'}{hint}")


def _names(notebook: str, cell: str) -> set[str]:
    short = {cell, cell.removeprefix("check_")}
    return short | {f"{notebook}/{name}" for name in short}


def _settle_all(desk: Desk, assignment: str) -> str:
    """Puts rules into the points of tasks and all grades that there are, and penalties with them; says of how many."""
    submissions = desk.gradebook.assignment_submissions(assignment)
    for submission in submissions:
        for notebook in submission.notebooks:
            settle_grades(desk.decisions, assignment, notebook, fresh=False)
    desk.keep()
    set_maxima(desk.gradebook, desk.decisions, assignment, released=False)
    return _reckoned(desk, submissions)


def _undo(desk: Desk, assignment: str, decision: TaskDecision) -> str:
    set_maxima(desk.gradebook, Decisions(tasks={assignment: [decision]}), assignment, released=True)
    desk.decisions.tasks[assignment].remove(decision)
    submissions = desk.gradebook.assignment_submissions(assignment)
    for grade in _grades(desk.gradebook, submissions, decision):
        take_back(grade, desk.decisions.kept)
    return _reckoned(desk, submissions)


def _grades(gradebook: Gradebook, submissions: list[Any], decision: TaskDecision) -> list[Any]:
    notebooks = [notebook for submission in submissions for notebook in submission.notebooks if notebook.name == decision.notebook]
    return [grade for notebook in notebooks for grade in notebook.grades if grade.name == decision.cell]


def _reckoned(desk: Desk, submissions: list[Any]) -> str:
    desk.gradebook.db.commit()
    for submission in submissions:
        if submission.total_seconds_late:
            reckon_penalty(desk, submission)
    return f"changed in {len(submissions)} graded submission{'' if len(submissions) == 1 else 's'}; write feedback and export again"
