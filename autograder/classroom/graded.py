"""What grading left of a class: points from the gradebook, every check's outcome from the autograded notebooks.

Exports and the class report read this, nothing else. Only `nbgrader autograde` writes it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Grade, Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory

from autograder.any_folder import KnownFolders, database_file
from autograder.errors import CourseError
from autograder.jobs.cells import OURS, grade_id, has_points, is_locked, is_task, is_written, kept_checks, waits


class NoCourse(CourseError):
    """There is no course, no such assignment or nothing graded; the message says which."""


@dataclass(frozen=True)
class Check:
    """The outcome of one hidden check, as `autograder.feedback.cell_report.check_summary` left it."""

    name: str
    passed: bool
    points: float
    message: str
    cause: str = ""


@dataclass(frozen=True)
class Task:
    """One graded cell of one submission.

    ``score`` is None while a person has to decide; ``comment`` is what a person wrote to the answer.
    """

    name: str
    maximum: float
    score: float | None
    written: bool
    checks: tuple[Check, ...] = ()
    comment: str = ""

    @property
    def title(self) -> str:
        return self.name.removeprefix("check_")

    def worth(self, check: Check) -> float:
        """The points that one of its checks counts."""
        total = sum(one.points for one in self.checks)
        return self.maximum * check.points / total if total else 0.0


@dataclass
class Graded:
    """One graded submission.

    Attributes:
        student: nbgrader's id.
        score: points after the late penalty, as far as they are decided.
        levels: the sandbox levels it was run at; more than one only if its notebooks differ.
        seconds, memory_mb: how long it ran and the most memory it used; 0 if unknown.
        causes: what kept its code from being judged as usual.
        cells: sources of the code cells that are the student's.
    """

    student: str
    score: float
    maximum: float
    penalty: float = 0.0
    seconds_late: float = 0.0
    tasks: list[Task] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    seconds: float = 0.0
    memory_mb: int = 0
    causes: set[str] = field(default_factory=set)
    cells: list[str] = field(default_factory=list)

    @property
    def comment(self) -> str:
        """What a person wrote to its answers, each with the name of its task."""
        return "\n".join(f"{task.title}: {task.comment}" for task in self.tasks if task.comment)

    @property
    def waits(self) -> bool:
        """Whether a person still has to decide on some of its points."""
        return any(task.score is None for task in self.tasks)


def open_course(folder: Path) -> CourseDirectory:
    """The course in ``folder`` as its ``nbgrader_config.py`` describes it.

    Raises:
        NoCourse: there is no gradebook.
    """
    app = NbGrader()
    app.initialize([], root=str(folder.resolve()))
    file = database_file(app.coursedir.db_url)
    if file is not None and not file.is_file():
        raise NoCourse(f"no gradebook in {folder.resolve()}: give the command in a course folder, after `nbgrader autograde`")
    return app.coursedir


def read_class(coursedir: CourseDirectory, gradebook: Gradebook, assignment: str) -> list[Graded]:
    """All graded submissions of an assignment, by student.

    Raises:
        NoCourse: the gradebook doesn't know the assignment.
    """
    known = find_assignment(gradebook, assignment)
    found = [read_graded(coursedir, known, submission) for submission in gradebook.assignment_submissions(assignment)]
    return sorted((graded for graded in found if graded is not None), key=lambda graded: graded.student)


def find_assignment(gradebook: Gradebook, name: str) -> Assignment:
    """An assignment of the gradebook; raises `NoCourse` naming those there are."""
    try:
        return gradebook.find_assignment(name)
    except MissingEntry:
        there = ", ".join(entry.name for entry in gradebook.assignments) or "none"
        raise NoCourse(f"no assignment '{name}' in the gradebook; there: {there}") from None


def handed_in_by(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """Those of whom there is a folder with a file, graded or not."""
    places = coursedir.format_path(coursedir.submitted_directory, "(?P<student>[^/]*)", assignment, escape=True)
    files = KnownFolders.glob(coursedir.format_path(coursedir.submitted_directory, "*", f"{assignment}/*"))
    return sorted({found["student"] for path in files if (found := re.match(places, path))})


def read_graded(coursedir: CourseDirectory, assignment: Assignment, submission: SubmittedAssignment) -> Graded | None:
    """One submission's grades and outcomes, None if it has no autograded notebook."""
    student = submission.student_id
    penalty = submission.late_submission_penalty or 0.0
    late = submission.total_seconds_late or 0.0
    graded = Graded(student, max(0.0, submission.score - penalty), assignment.max_score, penalty, late)
    folder = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment.name))
    several = len(submission.notebooks) > 1
    read = [_read_notebook(folder / f"{entry.name}.ipynb", entry, graded, several) for entry in submission.notebooks]
    return graded if any(read) else None


def _read_notebook(path: Path, entry: Any, graded: Graded, several: bool) -> bool:
    try:
        notebook = json.loads(path.read_text("utf-8"))
        cells, about = notebook["cells"], notebook["metadata"].get(OURS, {})
    except (OSError, ValueError, KeyError, TypeError):
        return False
    graded.levels |= {about["sandbox"]} if about.get("sandbox") else set()
    graded.seconds += float(about.get("seconds", 0.0))
    graded.memory_mb = max(graded.memory_mb, int(about.get("memory_mb", 0)))
    reports = {grade_id(cell): _checks(cell) for cell in cells if has_points(cell)}
    order = {name: number for number, name in enumerate(reports)}
    prefix = f"{entry.name}: " if several else ""
    comments = _comments(cells, entry)
    for grade in sorted(entry.grades, key=lambda grade: order.get(grade.name, len(order))):
        graded.tasks.append(_task(grade, prefix, reports.get(grade.name), comments.get(grade.name, "")))
    graded.causes |= set(about.get("causes", ()))
    graded.cells += [_joined(cell["source"]) for cell in cells if cell["cell_type"] == "code" and not is_locked(cell)]
    return True


def _comments(cells: list[dict], entry: Any) -> dict[str, str]:
    """What a person wrote to each task: nbgrader keeps it with the cell of the answer, the points often belong to the next one."""
    written = {comment.name: comment.manual_comment.strip() for comment in entry.comments if comment.manual_comment}
    found: dict[str, str] = {}
    waiting: list[str] = []
    for cell in cells:
        name = grade_id(cell)
        waiting += [written.pop(name)] if name in written else []
        if name and waiting and (has_points(cell) or is_task(cell)):
            found[name], waiting = "\n".join(waiting), []
    return found


def _task(grade: Grade, prefix: str, checks: tuple[Check, ...] | None, comment: str) -> Task:
    score = None if waits(grade) else float(grade.score or 0.0)
    return Task(prefix + grade.name, float(grade.max_score or 0.0), score, checks is None, checks or (), comment)


def _checks(cell: dict) -> tuple[Check, ...] | None:
    """The checks' outcomes as grading left them with the cell's report; None for a cell that a person grades."""
    if is_written(cell):
        return None
    return tuple(Check(**check) for check in kept_checks(cell))


def _joined(text: str | list[str]) -> str:
    return "".join(text) if isinstance(text, list) else text
