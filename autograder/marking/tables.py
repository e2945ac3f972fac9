"""Tables beside nbgrader's own, in the gradebook's database: so they are backed up with it, and several servers can share them.

Answers are named as people name them (assignment, notebook, cell, student) and not by nbgrader's row numbers, which change when a
submission is removed and collected again.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import DateTime, String, Text, UniqueConstraint, inspect
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What this project's tables have in common."""


def now() -> datetime:
    """This moment in UTC, as the tables hold times."""
    return datetime.now(UTC).replace(tzinfo=None)


class Mark(Base):
    """One change of an answer's points or comment in the formgrader; the rows of an answer are its history.

    Attributes:
        cell: nbgrader's id of the cell.
        number: the answer's changes are counted from 1. Of two that are made at once, one gets the number, the other an error.
        who: who changed it.
        page: the page in which it was done, a number that each opened page draws.
        at: when, in UTC.
        manual_score, extra_credit, comment: what they are since then.
    """

    __tablename__ = "autograder_mark"

    assignment: Mapped[str] = mapped_column(String(255), primary_key=True)
    notebook: Mapped[str] = mapped_column(String(255), primary_key=True)
    cell: Mapped[str] = mapped_column(String(255), primary_key=True)
    student: Mapped[str] = mapped_column(String(255), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(255))
    page: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime, default=now)
    manual_score: Mapped[float | None]
    extra_credit: Mapped[float | None]
    comment: Mapped[str] = mapped_column(Text)


class Item(Base):
    """A comment with points that can be given to every answer to a question.

    Attributes:
        key: a digest of its first text, by which it is known to the mark scheme.
        text, points: what it says, and what it counts as they are now.
        scheme_points: what the mark scheme said last; None if somebody added the item in the formgrader.
        from_full: whether the question's points are counted down from the most, not up from 0; the same for all its items.
        gone: whether somebody removed it.
    """

    __tablename__ = "autograder_item"
    __table_args__ = (UniqueConstraint("assignment", "notebook", "cell", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(255))
    notebook: Mapped[str] = mapped_column(String(255))
    cell: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    points: Mapped[float]
    scheme_points: Mapped[float | None]
    from_full: Mapped[bool]
    gone: Mapped[bool] = mapped_column(default=False)


class Given(Base):
    """An item that somebody gave to a student's answer; ``line`` is what it put into the comment."""

    __tablename__ = "autograder_given"

    item: Mapped[int] = mapped_column(primary_key=True)
    student: Mapped[str] = mapped_column(String(255), primary_key=True)
    line: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(DateTime, default=now)


class ByHand(Base):
    """What a grader's own number adds to the items of an answer that has some; None if she gave none."""

    __tablename__ = "autograder_by_hand"

    assignment: Mapped[str] = mapped_column(String(255), primary_key=True)
    notebook: Mapped[str] = mapped_column(String(255), primary_key=True)
    cell: Mapped[str] = mapped_column(String(255), primary_key=True)
    student: Mapped[str] = mapped_column(String(255), primary_key=True)
    points: Mapped[float | None]


class Request(Base):
    """A student's request to look at an answer again.

    Attributes:
        cell: nbgrader's id of the cell with the points.
        sentence: what she says.
        before: the points when it came; None if there were none yet.
        answer, answered_by, answered_at, after: what a person answered, and the points then; None while it waits.
    """

    __tablename__ = "autograder_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(255))
    notebook: Mapped[str] = mapped_column(String(255))
    cell: Mapped[str] = mapped_column(String(255))
    student: Mapped[str] = mapped_column(String(255))
    sentence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime, default=now)
    before: Mapped[float | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(255))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime)
    after: Mapped[float | None]


def make_tables(gradebook: Gradebook) -> None:
    """Adds these tables to a gradebook that lacks one of them."""
    if not set(Base.metadata.tables) <= set(inspect(gradebook.engine).get_table_names()):
        with contextlib.suppress(OperationalError, ProgrammingError):  # another server makes them at this moment
            Base.metadata.create_all(gradebook.engine)


def there(gradebook: Gradebook, table: Any) -> bool:
    """Whether a gradebook has a table: nobody may have used it yet."""
    return bool(inspect(gradebook.engine).has_table(table.__tablename__))
