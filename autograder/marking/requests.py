"""Requests to look at an answer again: a student's sentence, and what a person answers to it.

They stand in the gradebook's database, beside the points they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import select

from autograder.errors import CourseError
from autograder.jobs.cells import waits
from autograder.marking.answers import Place
from autograder.marking.tables import Request, make_tables, now, there

LONGEST = 2_000  # characters of a sentence or an answer


@dataclass(frozen=True)
class Asked:
    """A request as others read it."""

    sentence: str
    answer: str
    points: str

    @property
    def waits(self) -> bool:
        return not self.answer


def told(text: str, what: str) -> str:
    """A sentence without needless blanks; raises `CourseError` if there is none, or too much."""
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if not text:
        raise CourseError(f"{what} is empty")
    if len(text) > LONGEST:
        raise CourseError(f"{what} may have {LONGEST:,} characters, this has {len(text):,}")
    return text


def score_of(gradebook: Gradebook, place: Place) -> float | None:
    """The points of an answer, None if a person still has to give them."""
    grade = gradebook.find_grade(place.cell, place.notebook, place.assignment, place.student)
    return None if waits(grade) else float(grade.score)


def ask(gradebook: Gradebook, place: Place, sentence: str) -> bool:
    """Notes a request; the caller commits. Returns whether it is a new one: a form's table may be read again and again."""
    make_tables(gradebook)
    sentence = told(sentence, "the sentence")
    if any(one.sentence == sentence for one in requests_of(gradebook, place.assignment, place)):
        return False
    gradebook.db.add(Request(**place._asdict(), sentence=sentence, before=score_of(gradebook, place)))
    gradebook.db.flush()
    return True


def answer(gradebook: Gradebook, request: Request, words: str, who: str) -> None:
    """Answers a request, with the points as they are now; the caller commits."""
    request.answer, request.answered_by, request.answered_at = told(words, "the answer"), who, now()
    request.after = score_of(gradebook, place_of_request(request))


def place_of_request(request: Request) -> Place:
    return Place(request.assignment, request.notebook, request.cell, request.student)


def requests_of(gradebook: Gradebook, assignment: str, place: Place | None = None) -> list[Request]:
    """The requests of an assignment, or of one answer, in the order they came."""
    if not there(gradebook, Request):
        return []
    wanted = select(Request).filter_by(**({"assignment": assignment} if place is None else place._asdict())).order_by(Request.id)
    return list(gradebook.db.scalars(wanted))


def asked_by(gradebook: Gradebook, assignment: str, notebook: str, student: str) -> dict[str, Sequence[Asked]]:
    """What a student asked of a notebook, by the cell with the points."""
    found: dict[str, list[Asked]] = {}
    for one in requests_of(gradebook, assignment):
        if (one.notebook, one.student) == (notebook, student):
            found.setdefault(one.cell, []).append(Asked(one.sentence, one.answer or "", points_in_words(one)))
    return dict(found)


def points_in_words(request: Any) -> str:
    """What became of the points of an answered request."""
    if request.after is None:
        return "not marked yet"
    if request.before == request.after:
        return f"the points stay {request.after:g}"
    return f"points: {'none' if request.before is None else f'{request.before:g}'} \u2192 {request.after:g}"
