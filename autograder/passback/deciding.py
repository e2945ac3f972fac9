"""What passing back would change for one student, and what it must not change unasked."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom.tables import number
from autograder.passback.platform import Grade, Person, Standing
from autograder.passback.sent import Sent, digest

CLOSE = 0.005  # points: platforms keep two to five digits
OURS = re.compile(r".+-feedback-[0-9a-f]{8}\.html")
NONE = "–"


@dataclass(frozen=True)
class Wanted:
    """What a student shall have.

    Attributes:
        student: nbgrader's id.
        score: points, as the platform counts them.
        comment: what a person wrote, empty if nobody did.
        pages: feedback pages by the name of their notebook.
    """

    student: str
    score: float
    comment: str = ""
    pages: dict[str, Path] = field(default_factory=dict)

    def named_pages(self) -> list[tuple[str, Path]]:
        """The pages under names that tell a new one from an older one."""
        return [(f"{name}-feedback-{_of(path)}.html", path) for name, path in sorted(self.pages.items())]


@dataclass(frozen=True)
class Row:
    """One student: what is there and what comes.

    Attributes:
        wanted: what the student shall have.
        person: who that is there.
        old: what is there.
        grade: what would be sent; None if all of it is there already.
        after: what is to be noted as passed back once it is there.
        by_hand: what somebody else changed there and this would overwrite.
    """

    wanted: Wanted
    person: Person
    old: Standing
    grade: Grade | None
    after: Sent
    by_hand: tuple[str, ...] = ()

    def cells(self) -> list[str]:
        """The row for people."""
        there = NONE if self.old.score is None else number(self.old.score)
        grade = self.grade
        extras = [] if grade is None else [word for word, new in (("comment", grade.comment), ("page", grade.pages)) if new]
        points = f"{there} → {number(self.wanted.score)}"
        what = "same" if grade is None else ("held" if self.by_hand else " + ".join(["points" if self.moves else "", *extras]).strip(" +"))
        return [self.wanted.student, self.person.name, points, what]

    @property
    def moves(self) -> bool:
        """Whether the points change."""
        return self.old.score is None or abs(self.old.score - self.wanted.score) > CLOSE


def decide(wanted: Wanted, person: Person, old: Standing, sent: Sent | None) -> Row:
    """What passing back changes for one student.

    Args:
        wanted: what the student shall have.
        person: who that is there.
        old: what is there.
        sent: what was passed back last, None if nothing was.
    """
    by_hand = [*_score_by_hand(wanted, old, sent)]
    comment, others_comment = _comment(wanted, old, sent)
    pages, others_pages = _pages(wanted, old, sent)
    by_hand += [*others_comment, *others_pages]
    row = Row(wanted, person, old, None, _after(wanted, sent), tuple(by_hand))
    if row.moves or comment is not None or pages or by_hand:
        return Row(wanted, person, old, Grade(wanted.score, comment, tuple(pages)), row.after, row.by_hand)
    return row


def _after(wanted: Wanted, sent: Sent | None) -> Sent:
    comments = {*(sent.comments if sent else ()), *([digest(wanted.comment)] if wanted.comment else [])}
    pages = {*(sent.pages if sent else ()), *(name for name, _ in wanted.named_pages())}
    return Sent(wanted.score, tuple(sorted(comments)), tuple(sorted(pages)))


def _score_by_hand(wanted: Wanted, old: Standing, sent: Sent | None) -> list[str]:
    last = "nothing was passed back before" if sent is None else f"passed back were {number(sent.score)}"
    if old.excused:
        return ["is excused there"]
    if old.score is None:
        return [] if sent is None else [f"the grade was taken out there; {last}"]
    is_new, is_ours = abs(old.score - wanted.score) <= CLOSE, sent is not None and abs(old.score - sent.score) <= CLOSE
    return [] if is_new or is_ours else [f"the grade there is {number(old.score)}; {last}"]


def _comment(wanted: Wanted, old: Standing, sent: Sent | None) -> tuple[str | None, list[str]]:
    """The comment to be sent, None to leave what is there; and whose it would replace."""
    there, ours = {digest(text) for text in old.comments}, set(sent.comments if sent else ())
    new = digest(wanted.comment) if wanted.comment else ""
    if not old.replaces:
        return (wanted.comment if new and new not in there | ours else None), []
    if new in there or not (new or there & ours):
        return None, []
    return wanted.comment, ["a comment there was written by others"] if there - ours else []


def _pages(wanted: Wanted, old: Standing, sent: Sent | None) -> tuple[list[tuple[str, Path]], list[str]]:
    """The files to be sent; and whose they would replace."""
    known = set(old.pages) | (set() if old.replaces else set(sent.pages if sent else ()))
    pages = [(name, path) for name, path in wanted.named_pages() if name not in known]
    if not old.replaces or not pages:
        return pages, []
    others = [name for name in old.pages if not OURS.fullmatch(name)]
    return wanted.named_pages(), [f"files there are others': {', '.join(others)}"] if others else []


def _of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
