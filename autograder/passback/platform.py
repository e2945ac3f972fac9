"""What passing back asks of a platform, whichever it is, and what can go wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autograder.errors import CourseError


class PlatformError(CourseError):
    """Nothing can be done there: it can't be reached, refuses the token, or has no such assignment."""


class Refused(PlatformError):
    """One request was refused; others may work."""


class Unsure(PlatformError):
    """The answer to a change was lost: nobody here knows whether it was made."""


@dataclass(frozen=True)
class Item:
    """The assignment there.

    Attributes:
        title: what it is called there.
        maximum: the most points; None where it takes none.
        key: the same for every run, for what was passed back before.
        no_comments, no_pages: why it takes none; empty if it does.
    """

    title: str
    maximum: float | None
    key: str
    no_comments: str = ""
    no_pages: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody who takes the course there.

    Attributes:
        user: the platform's number, which its own requests take.
        name: for people.
        keys: what may tell who it is, by the field of nbgrader's student table that holds the same.
    """

    user: str
    name: str
    keys: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True)
class Standing:
    """What a student has there.

    Attributes:
        score: points as a person gave them, before the platform takes anything off; None if there are none.
        comments: the texts of comments.
        pages: the names of files given as feedback.
        replaces: whether a new comment and new files take the place of these, as in Moodle; else they are added.
        excused: whether the work is waived.
        deducted: points that the platform itself takes off.
    """

    score: float | None = None
    comments: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    replaces: bool = False
    excused: bool = False
    deducted: float = 0.0


@dataclass(frozen=True)
class Grade:
    """What a student gets.

    Attributes:
        score: points.
        comment: what a person wrote; None leaves what is there.
        pages: files under the names that they shall have there; empty for nothing new.
    """

    score: float
    comment: str | None = None
    pages: tuple[tuple[str, Path], ...] = ()


class Platform(Protocol):
    """A learning platform with one assignment of it; each method asks it anew.

    All raise `PlatformError`; `give` raises `Refused` or `Unsure` if it is about this student alone.
    """

    title: str

    def item(self) -> Item:
        """The assignment."""

    def people(self) -> list[Person]:
        """The students of its course."""

    def scores(self) -> dict[str, float]:
        """Points as persons gave them, by user, of those who have any."""

    def standing(self, users: list[str]) -> dict[str, Standing]:
        """What these users have there."""

    def give(self, user: str, grade: Grade) -> None:
        """Gives a student points, and whatever else there is."""
