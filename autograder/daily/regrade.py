"""``python -m autograder regrade ID --task NAME``: one task of all again, as after a check was mended.

All other points stay exactly as they are, since nothing of them is touched; points by hand stay too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.decided import PATIENCE_SECONDS, Desk, foreseen_penalty, reckon_penalty, told_task
from autograder.classroom.exceptions import find_task
from autograder.classroom.graded import find_assignment, open_course
from autograder.classroom.tables import number
from autograder.engine.engine import EngineError
from autograder.errors import CourseError
from autograder.jobs.cells import OURS, grade_id, is_checked, points
from autograder.jobs.score import CellResult, points_of
from autograder.plugin import CourseExporter, Grade
from autograder.run.adapter import grading
from autograder.run.decisions import read_decisions
from autograder.run.lifetime import Stopped, signals_stop
from autograder.run.lock import InUse, held
from autograder.run.task_run import TaskRun
from autograder.run.ungraded import NotGraded


@dataclass(frozen=True)
class Change:
    """A student's points before and after: of the task by its checks, and of the whole assignment.

    ``by_hand`` are the points of the task that a person gave, which stay.
    """

    student: str
    before: float | None
    after: float
    total_before: float
    total_after: float
    by_hand: float | None = None


@dataclass
class Regraded:
    """What came of it.

    Attributes:
        task: the task.
        students: how many were decided on.
        changes: whose points changed.
        left: student → why hers are as they were.
    """

    task: str
    students: int = 0
    changes: list[Change] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)

    def lines(self, dry_run: bool) -> list[str]:
        """What to say of it: a table of who changed, and what is to be known."""
        rows = [("student", self.task, "total"), *(_row(change) for change in sorted(self.changes, key=lambda one: one.student))]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        table = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        would = "would change" if dry_run else "changed"
        told = f"{self.task}: points {would} for {len(self.changes)} of {self.students} students"
        last = ["nothing is changed: leave out --dry-run to have it so"] if dry_run else ["write feedback and export again"]
        lines = [*table, told, *last] if self.changes else [told]
        return lines + [f"left as it was: {student}: {why}" for student, why in sorted(self.left.items())]


def _row(change: Change) -> tuple[str, str, str]:
    before = "undecided" if change.before is None else number(change.before)
    by_hand = "" if change.by_hand is None else f" ({number(change.by_hand)} by hand stay)"
    total = f"{number(change.total_before)} → {number(change.total_after)}"
    return change.student, f"{before} → {number(change.after)}{by_hand}", total


def regrade(folder: Path, assignment: str, task: str, dry_run: bool = False) -> Regraded:
    """Decides on one task of everybody again.

    Args:
        folder: the course folder.
        assignment: its id.
        task: the graded cell, as for `drop`.
        dry_run: whether to say what would change, and change nothing.

    Raises:
        CourseError: there is no such task, it has no checks, a rule stands in place of its points, or grading doesn't work.
    """
    coursedir = open_course(folder)
    root = Path(coursedir.root).resolve()
    command = f"`python -m autograder regrade {assignment} --task {task}`"
    try:
        with signals_stop(alone=True), held(root, command, lambda line: print(line, file=sys.stderr), PATIENCE_SECONDS):
            notebook, cell = _found(coursedir, assignment, task)
            done = Regraded(cell.removeprefix("check_"))
            with _run(coursedir, assignment, notebook, cell) as run:
                run.prepare()
                done.left |= run.passed_over
                for student, path in run.students():
                    _decide(run, student, path, done, dry_run)
            return done
    except (InUse, EngineError) as error:
        raise CourseError(str(error)) from None
    except Stopped as error:
        raise CourseError(f"{error}: who was decided on keeps that; the same command goes on") from None


def _found(coursedir: CourseDirectory, assignment: str, task: str) -> tuple[str, str]:
    """The notebook and the graded cell of a task."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        notebook, cell = find_task(find_assignment(gradebook, assignment), task)
        name, written = cell.name, not hasattr(cell, "cell_type") or cell.cell_type != "code"
        source = next((one.source for one in gradebook.find_notebook(notebook, assignment).source_cells if one.name == name), "") or ""
    decision = read_decisions(Path(coursedir.root)).of_cell(assignment, notebook, name)
    if decision is not None:
        raise CourseError(f"{told_task(decision)}: take that back first, with --undo")
    if written or "### BEGIN HIDDEN" not in source:
        raise CourseError(f"{name.removeprefix('check_')} has no hidden checks: its points are a person's to give")
    return notebook, name


@contextmanager
def _run(coursedir: CourseDirectory, assignment: str, notebook: str, cell: str) -> Iterator[TaskRun]:
    """The run, whose engine is closed however this ends."""
    coursedir.assignment_id, coursedir.notebook_id, coursedir.student_id = assignment, notebook, "*"
    converter = Autograde(coursedir=coursedir, parent=coursedir.parent)
    converter.init_notebooks()
    converter.exporter = CourseExporter(parent=converter, config=converter.config)  # as nbgrader makes it
    try:
        settings = Grade(parent=converter.exporter).settings()
    except ValueError as error:
        raise CourseError(str(error)) from None
    run = TaskRun(converter, settings, cell)
    with grading(converter, run):
        yield run


def _decide(run: TaskRun, student: str, path: str, done: Regraded, dry_run: bool) -> None:
    """Decides on one student's task; what is in her notebook and her grade is changed together or not at all."""
    notebook = run.sanitized(path)
    try:
        run.wait_for(student)
        result = run.result(notebook, student, Path(path).stem)
    except NotGraded as error:
        done.left[student] = str(error)
        return
    index, cell = next((index, cell) for index, cell in enumerate(notebook.cells) if grade_id(cell) == run.cell and is_checked(cell))
    outcome = result.cells[index]
    if broken := [report.broken for report in outcome.reports or () if report.broken]:
        done.left[student] = f"a check broke: {broken[0]}"
        return
    done.students += 1
    graded = run.submissions.destination(student) / Path(path).name
    with (
        nullcontext() if dry_run else _written(run.cell, graded, run.writer.outputs(cell, outcome, result.level), outcome),
        Gradebook(run.coursedir.db_url, run.coursedir.course_id) as gradebook,
    ):
        desk = Desk(run.coursedir, gradebook, read_decisions(run.root))
        change = _changed(desk, run, student, Path(path).stem, points_of(outcome, points(cell)), dry_run)
    if change is not None:
        done.changes.append(change)


def _changed(desk: Desk, run: TaskRun, student: str, notebook: str, after: float, dry_run: bool) -> Change | None:
    """Writes the points of a grade, and the penalty that hangs on them; None if they are what they were."""
    grade = desk.gradebook.find_grade(run.cell, notebook, run.assignment, student)
    submission = desk.gradebook.find_submission(run.assignment, student)
    before, total_before = grade.auto_score, _total(submission)
    if before == after:
        return None
    grade.auto_score = after
    if grade.manual_score is None:
        grade.needs_manual_grade = False
    by_hand = grade.manual_score
    desk.gradebook.db.flush()
    desk.gradebook.db.expire_all()  # totals are the database's sums
    if dry_run:
        total = max(0.0, float(submission.score) - foreseen_penalty(desk, submission))
        desk.gradebook.db.rollback()
    else:
        desk.gradebook.db.commit()
        if submission.total_seconds_late:
            reckon_penalty(desk, submission)
        total = _total(submission)
    return Change(student, before, after, total_before, total, by_hand)


def _total(submission: Any) -> float:
    return max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0.0))


@contextmanager
def _written(name: str, path: Path, outputs: list[NotebookNode], outcome: CellResult) -> Iterator[None]:
    """Puts the report of a cell's checks into the graded notebook: written before what is done meanwhile, in place after it."""
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    cell = next((one for one in notebook.cells if grade_id(one) == name), None)
    if cell is None or cell.outputs == outputs:
        yield
        return
    cell.outputs = outputs
    about = notebook.metadata.get(OURS, {})
    about["causes"] = sorted({*about.get("causes", ()), *(report.cause for report in outcome.reports or ()), outcome.cause} - {""})
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        nbformat.write(notebook, beside)
        beside.chmod(path.stat().st_mode)
        yield
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
