"""What a person decided beside the rules: more time for a student, a task that is dropped or gives everybody full marks.

It stands in ``decisions.json`` of the course folder, which only commands write, and is put into the gradebook by these
commands at once, and by every grading again: nbgrader keeps an extension with a submission, which there may not be yet, and
each grading writes points anew. What a grade was before is kept too, so that all of it can be taken back.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from nbgrader.api import Gradebook, MissingEntry

from autograder.errors import CourseError

FILE = "decisions.json"
Rule = Literal["drop", "full-marks"]


@dataclass
class TaskDecision:
    """A rule for a graded cell, and its points before."""

    notebook: str
    cell: str
    rule: Rule
    points: float


@dataclass
class Kept:
    """A grade as it would be without a decision, in nbgrader's fields."""

    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = False


@dataclass
class Decisions:
    """All decisions of a course.

    Attributes:
        extensions: assignment → student → until when, in UTC.
        tasks: assignment → rules for its tasks.
        kept: grades that a rule stands in place of, by their id in the gradebook.
    """

    extensions: dict[str, dict[str, datetime]] = field(default_factory=dict)
    tasks: dict[str, list[TaskDecision]] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)

    def of_cell(self, assignment: str, notebook: str, cell: str) -> TaskDecision | None:
        return next((one for one in self.tasks.get(assignment, []) if (one.notebook, one.cell) == (notebook, cell)), None)


def read_decisions(course: Path) -> Decisions:
    """The decisions of a course folder; none where nothing was decided.

    Raises:
        CourseError: the file can't be read.
    """
    path = course / FILE
    try:
        read = json.loads(path.read_text("utf-8"))
        extensions = {
            name: {student: datetime.fromisoformat(time) for student, time in ones.items()} for name, ones in read["extensions"].items()
        }
        tasks = {name: [TaskDecision(**one) for one in ones] for name, ones in read["tasks"].items()}
        return Decisions(extensions, tasks, {grade: Kept(**one) for grade, one in read["kept"].items()})
    except FileNotFoundError:
        return Decisions()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} can't be read ({type(error).__name__}: {error}): restore it from a copy") from None


def write_decisions(course: Path, decisions: Decisions) -> None:
    """Writes the file in one step."""
    path = course / FILE
    beside = path.with_name(f".{FILE}-{os.getpid()}")
    beside.write_text(json.dumps(asdict(decisions), indent=1, ensure_ascii=False, default=datetime.isoformat) + "\n", "utf-8")
    beside.replace(path)


# ---- more time


def settle_extension(gradebook: Gradebook, submission: Any, until: datetime | None) -> None:
    """Has nbgrader reckon with another end for a submission: ``until``, or the due date where that isn't before it."""
    due = submission.assignment.duedate
    submission.extension = until - due if until is not None and due is not None and until > due else None
    gradebook.db.commit()


def expect_extended(coursedir: Any, assignment: str, student: str) -> None:
    """Before nbgrader asks how late a submission is: makes the gradebook know an extension that was decided."""
    until = read_decisions(Path(coursedir.root)).extensions.get(assignment, {}).get(student)
    if until is None:
        return
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        gradebook.update_or_create_student(student)
        settle_extension(gradebook, gradebook.update_or_create_submission(assignment, student), until)


# ---- rules for a task


def settle_grades(decisions: Decisions, assignment: str, notebook: Any, fresh: bool) -> bool:
    """Puts the points that rules give into a submitted notebook's grades; returns whether there was a rule.

    Args:
        decisions: in which the grades as they were are kept.
        assignment: its id.
        notebook: nbgrader's ``SubmittedNotebook``.
        fresh: whether grading has just written its points.
    """
    found = False
    for grade in notebook.grades:
        decision = decisions.of_cell(assignment, notebook.name, grade.name)
        if decision is not None:
            _overrule(grade, decision, decisions.kept, fresh)
            found = True
    return found


def _overrule(grade: Any, decision: TaskDecision, kept: dict[str, Kept], fresh: bool) -> None:
    """Full marks leave extra credit that somebody gave; of what is dropped nothing counts."""
    before = kept.get(grade.id)
    as_graded = Kept(grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade)
    if before is not None:  # what a person gave since then is newer; what is empty was emptied here
        as_graded.manual_score = before.manual_score if grade.manual_score is None else grade.manual_score
        as_graded.extra_credit = before.extra_credit if grade.extra_credit is None else grade.extra_credit
        if not fresh:
            as_graded.auto_score, as_graded.needs_manual_grade = before.auto_score, before.needs_manual_grade
        elif as_graded.manual_score is not None:
            as_graded.needs_manual_grade = True  # as nbgrader has it after a second grading
    kept[grade.id] = as_graded
    grade.auto_score = decision.points if decision.rule == "full-marks" else 0.0
    grade.manual_score, grade.needs_manual_grade = None, False
    grade.extra_credit = as_graded.extra_credit if decision.rule == "full-marks" else None


def take_back(grade: Any, kept: dict[str, Kept]) -> None:
    """Makes a grade what it would be without a rule; what a person gave meanwhile stays."""
    before = kept.pop(grade.id, None)
    if before is None:
        return
    grade.auto_score = before.auto_score
    grade.needs_manual_grade = before.needs_manual_grade and grade.manual_score is None
    grade.manual_score = before.manual_score if grade.manual_score is None else grade.manual_score
    grade.extra_credit = before.extra_credit if grade.extra_credit is None else grade.extra_credit


def settle_graded(coursedir: Any, assignment: str, notebook: str, student: str) -> None:
    """The same for what grading has just written."""
    course = Path(coursedir.root)
    decisions = read_decisions(course)
    if not decisions.tasks.get(assignment):
        return
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        found = gradebook.find_submission_notebook(notebook, assignment, student)
        if settle_grades(decisions, assignment, found, fresh=True):
            write_decisions(course, decisions)
            gradebook.db.commit()


def set_maxima(gradebook: Gradebook, decisions: Decisions, assignment: str, released: bool) -> None:
    """Makes dropped tasks count 0 points, or what they count as released.

    Points that were changed in the source meanwhile are taken over.
    """
    for decision in decisions.tasks.get(assignment, []):
        with contextlib.suppress(MissingEntry):  # the source has no such cell any more
            cell = gradebook.find_graded_cell(decision.cell, decision.notebook, assignment)
            decision.points = float(cell.max_score) or decision.points
            if decision.rule == "drop":
                cell.max_score = decision.points if released else 0.0
    gradebook.db.commit()


@contextlib.contextmanager
def graded_as_released(coursedir: Any, assignment: str) -> Iterator[None]:
    """While active, dropped tasks have their points, so that what a dropped task would have earned stays known."""
    course = Path(coursedir.root)
    if not read_decisions(course).tasks.get(assignment):
        yield
        return
    _set_and_write(coursedir, course, assignment, released=True)
    try:
        yield
    finally:
        _set_and_write(coursedir, course, assignment, released=False)


def _set_and_write(coursedir: Any, course: Path, assignment: str, released: bool) -> None:
    decisions = read_decisions(course)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        set_maxima(gradebook, decisions, assignment, released)
    write_decisions(course, decisions)
