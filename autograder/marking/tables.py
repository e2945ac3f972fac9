"""Tables beside nbgrader's own, in the gradebook's database: so they are backed up with it, and several servers can share them.

Answers are named as people name them (assignment, notebook, cell, student) and not by nbgrader's row numbers, which change when a
submission is removed and collected again.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import DateTime, String, Text, inspect
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


def make_tables(gradebook: Gradebook) -> None:
    """Adds these tables to a gradebook that lacks one of them."""
    if not set(Base.metadata.tables) <= set(inspect(gradebook.engine).get_table_names()):
        with contextlib.suppress(OperationalError, ProgrammingError):  # another server makes them at this moment
            Base.metadata.create_all(gradebook.engine)


def there(gradebook: Gradebook, table: Any) -> bool:
    """Whether a gradebook has a table: nobody may have used it yet."""
    return bool(inspect(gradebook.engine).has_table(table.__tablename__))
