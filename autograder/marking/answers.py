"""An answer as a grader saw it when her page was opened, and as it is when she saves: what changed in between, and who did it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.api import Gradebook, SubmittedNotebook
from sqlalchemy import select

from autograder.jobs.cells import grade_id, has_points, is_answer, is_task
from autograder.marking.tables import Mark


class Place(NamedTuple):
    """Which answer of whom."""

    assignment: str
    notebook: str
    cell: str
    student: str


class Values(NamedTuple):
    """What people write to an answer; an empty comment is none."""

    manual_score: float | None
    extra_credit: float | None
    comment: str


@dataclass(frozen=True)
class State:
    """An answer at one moment.

    Attributes:
        values: what people wrote.
        auto_score: what checks gave, None if nothing.
        answer: a digest of what the student wrote, as it was graded.
        number: of the last change in `Mark`, 0 if there is none.
    """

    values: Values
    auto_score: float | None
    answer: str
    number: int

    def as_json(self) -> dict[str, Any]:
        """For the page, which gives it back with what it saves."""
        return asdict(self) | {"values": self.values._asdict()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> State:
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` if it isn't what `as_json` made."""
        values = told["values"]
        kept = Values(number_or_none(values["manual_score"]), number_or_none(values["extra_credit"]), str(values["comment"]))
        return cls(kept, number_or_none(told["auto_score"]), str(told["answer"]), int(told["number"]))


@dataclass(frozen=True)
class Change:
    """Somebody else's change since a page was opened; ``who`` is empty where nobody is known."""

    who: str
    at: str
    before: Values
    after: Values


@dataclass(frozen=True)
class Conflict:
    """Why an answer isn't saved.

    Attributes:
        now: the answer as it is.
        changes: what others changed since the page was opened, the oldest first.
        regraded: whether the answer itself or its points by checks are other ones.
    """

    now: State
    changes: list[Change]
    regraded: bool


def number_or_none(told: Any) -> float | None:
    """Points as a page sends them; raises ``ValueError`` or ``TypeError`` if they are no number."""
    if told is None or told == "":
        return None
    number = float(told)
    if not abs(number) < float("inf"):
        raise ValueError(f"{told!r} is no number of points")
    return number


def place_of(notebook: SubmittedNotebook, cell: str) -> Place:
    return Place(notebook.assignment.name, notebook.name, cell, notebook.student.id)


def values_of(notebook: SubmittedNotebook, cell: str) -> Values:
    """What people wrote to an answer: nbgrader keeps points and comments apart, for a written answer under one name."""
    grade = next((one for one in notebook.grades if one.name == cell), None)
    comment = next((one for one in notebook.comments if one.name == cell), None)
    manual, extra = (None, None) if grade is None else (grade.manual_score, grade.extra_credit)
    return Values(manual, extra, "" if comment is None else comment.manual_comment or "")


def state_of(gradebook: Gradebook, notebook: SubmittedNotebook, cell: str, digests: Mapping[str, str]) -> State:
    """An answer as it is now; ``digests`` are those of `answers_in`."""
    grade = next((one for one in notebook.grades if one.name == cell), None)
    auto_score = None if grade is None else grade.auto_score
    last = marks_of(gradebook, place_of(notebook, cell))
    return State(values_of(notebook, cell), auto_score, digests.get(cell, ""), last[-1].number if last else 0)


def marks_of(gradebook: Gradebook, place: Place, after: int = 0) -> list[Mark]:
    """The changes of an answer after one of them, in order."""
    wanted = select(Mark).filter_by(**place._asdict()).where(Mark.number > after).order_by(Mark.number)
    return list(gradebook.db.scalars(wanted))


def answers_in(path: Path) -> dict[str, str]:
    """A digest of each answer in an autograded notebook, by its cell; of a cell with points with all that leads to it."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        found, before = {}, ""
        for cell in cells:
            name, source = grade_id(cell), "".join(cell["source"])
            before += f"\0{source}" if is_answer(cell) or name is None else ""
            if name and (has_points(cell) or is_answer(cell) or is_task(cell)):
                found[name] = hashlib.sha256((before if has_points(cell) else source).encode()).hexdigest()[:16]
            before = "" if has_points(cell) else before
        return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def conflict(gradebook: Gradebook, place: Place, seen: State, now: State, page: str) -> Conflict | None:
    """What stands against a save from a page that saw an answer as ``seen``; None if nothing does.

    What the same page saved since then is no obstacle.
    """
    expected, changes = seen.values, []
    for mark in marks_of(gradebook, place, seen.number):
        after = Values(mark.manual_score, mark.extra_credit, mark.comment)
        if mark.page != page:
            changes.append(Change(mark.who, f"{mark.at.isoformat(timespec='seconds')}Z", expected, after))
        expected = after
    if now.values != expected:  # by a command of the course, or by nbgrader's own interface
        changes.append(Change("", "", expected, now.values))
    regraded = (now.auto_score, now.answer) != (seen.auto_score, seen.answer)
    return Conflict(now, changes, regraded) if changes or regraded else None
