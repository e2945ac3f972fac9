"""Reusable comments with points: what a click gives an answer, a second click takes away, and a change of it changes everywhere.

They stand in the gradebook's database, because several people add to them at once from several servers, and what was given has to
change together with points and comments or not at all. Those that the mark scheme names come from there; who adds one while grading
has it beside them, for everybody.

Points of an answer are those of its items, counted up from 0, or down from the most if the question's first item takes points
away, and what a grader's own number adds; they stay between 0 and the most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook
from sqlalchemy import delete, func, select

from autograder.errors import CourseError
from autograder.marking.answers import place_of
from autograder.marking.schemes import SchemeItem
from autograder.marking.tables import ByHand, Given, Item

LONGEST = 1_000  # characters of an item's text
DIGITS = 6


def items_of(gradebook: Gradebook, assignment: str, notebook: str, cell: str) -> list[Item]:
    """A question's items, in the order they were added."""
    wanted = select(Item).filter_by(assignment=assignment, notebook=notebook, cell=cell, gone=False).order_by(Item.id)
    return list(gradebook.db.scalars(wanted))


def key_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def take_from_scheme(gradebook: Gradebook, assignment: str, notebook: str, cell: str, scheme: Sequence[SchemeItem]) -> None:
    """Adds the items of a mark scheme that aren't known yet; the caller commits."""
    about = {"assignment": assignment, "notebook": notebook, "cell": cell}
    known = {item.key for item in gradebook.db.scalars(select(Item).filter_by(**about))}
    new = [one for one in scheme if key_of(one.text) not in known]
    for one in new:
        add_item(gradebook, assignment, notebook, cell, one.text, one.points, one.points, [entry.points for entry in scheme])


def add_item(
    gradebook: Gradebook,
    assignment: str,
    notebook: str,
    cell: str,
    text: str,
    points: float,
    scheme_points: float | None = None,
    beside: Iterable[float] = (),
) -> Item:
    """Adds an item to a question; the caller commits.

    Raises:
        CourseError: there is no text, too much of it, or such an item already.
    """
    text = tidied(text)
    wanted = select(Item).filter_by(assignment=assignment, notebook=notebook, cell=cell)
    others = list(gradebook.db.scalars(wanted.order_by(Item.id)))
    old = next((item for item in others if item.key == key_of(text)), None)
    if any(item.text == text and not item.gone for item in others) or (old is not None and not old.gone):
        raise CourseError(f"there is such an item already: {text}")
    if old is not None:
        old.text, old.points, old.gone = text, points, False
        return old
    first = next((one for one in (*beside, points) if one), 0.0)
    from_full = others[0].from_full if others else first < 0
    made = Item(
        assignment=assignment, notebook=notebook, cell=cell, key=key_of(text), text=text, points=points,
        scheme_points=scheme_points, from_full=from_full,
    )  # fmt: skip
    gradebook.db.add(made)
    gradebook.db.flush()
    return made


def tidied(text: str) -> str:
    """An item's text on one line; raises `CourseError` if it is empty or too long."""
    text = " ".join(text.split())
    if not text:
        raise CourseError("an item needs a text")
    if len(text) > LONGEST:
        raise CourseError(f"an item's text may have {LONGEST:,} characters, this has {len(text):,}")
    return text


def line_of(item: Item) -> str:
    """What an item puts into a comment."""
    return f"- {item.text}{f' ({signed(item.points)})' if item.points else ''}"


def signed(points: float) -> str:
    """Points with their sign, as people write it."""
    return f"{points:+g}".replace("-", "\u2212")


def counts(gradebook: Gradebook, items: Iterable[Item]) -> dict[int, int]:
    """How often each item was given."""
    ids = [item.id for item in items]
    rows = gradebook.db.execute(select(Given.item, func.count()).where(Given.item.in_(ids)).group_by(Given.item))
    return {one[0]: one[1] for one in rows}


def given_to(gradebook: Gradebook, items: Iterable[Item], student: str, grade: Any) -> dict[int, Given]:
    """The items that an answer has, by their ids; none where its points were taken back since."""
    if grade.manual_score is None:
        return {}
    ids = [item.id for item in items]
    found = gradebook.db.scalars(select(Given).where(Given.item.in_(ids), Given.student == student))
    return {one.item: one for one in found}


class Answer:
    """An answer to a question with items: its grade, its comment and what it was given.

    Raises:
        CourseError: it has no points or no comment of its own.
    """

    def __init__(self, gradebook: Gradebook, notebook: SubmittedNotebook, cell: str) -> None:
        self.gradebook, self.place = gradebook, place_of(notebook, cell)
        grade = next((one for one in notebook.grades if one.name == cell), None)
        comment = next((one for one in notebook.comments if one.name == cell), None)
        if grade is None or comment is None:
            raise CourseError(f"{cell} is no question that a person marks")
        self.grade, self.comment = grade, comment
        self.items = items_of(gradebook, self.place.assignment, self.place.notebook, cell)
        self.given = given_to(gradebook, self.items, self.place.student, grade)

    @property
    def most(self) -> float:
        return float(self.grade.max_score or 0.0)

    def reckoned(self) -> float:
        """The points of its items alone, which may lie outside what the question gives."""
        return sum((item.points for item in self.items if item.id in self.given), self.most if self.items[0].from_full else 0.0)

    def by_hand(self) -> ByHand:
        """What a grader's own number adds: kept, or reckoned anew from a number that she typed since."""
        kept, typed = self.gradebook.db.get(ByHand, self.place), self.grade.manual_score
        made = kept or ByHand(**self.place._asdict())
        if not self.given:
            made.points = None if typed is None else round(typed - self.reckoned(), DIGITS)
        elif kept is None or self.bounded(self.reckoned() + (kept.points or 0.0)) != typed:
            made.points = round(typed - self.reckoned(), DIGITS)
        self.gradebook.db.add(made)
        return made

    def bounded(self, points: float) -> float:
        return round(min(max(points, 0.0), self.most), DIGITS)

    def give(self, item: Item, who: str) -> None:
        """Gives it an item; nothing changes if it has it."""
        if item.id in self.given:
            return
        by_hand = self.by_hand()
        self._clear(item)
        given = Given(item=item.id, student=self.place.student, line=line_of(item), who=who)
        self.gradebook.db.add(given)
        self.given[item.id] = given
        self.comment.manual_comment = with_line(self.comment.manual_comment or "", given.line)
        self.settle(by_hand)

    def _clear(self, item: Item) -> None:
        """Forgets what was given before the answer's points were taken back."""
        ids = [item.id] if self.given else [one.id for one in self.items]
        self.gradebook.db.execute(delete(Given).where(Given.item.in_(ids), Given.student == self.place.student))

    def take(self, item: Item) -> None:
        """Takes an item away; nothing changes if it doesn't have it."""
        given = self.given.get(item.id)
        if given is None:
            return
        by_hand = self.by_hand()
        del self.given[item.id]
        self.gradebook.db.delete(given)
        self.comment.manual_comment = without_line(self.comment.manual_comment or "", given.line)
        self.settle(by_hand)

    def change(self, item: Item, text: str, points: float) -> None:
        """Makes an item that it has another one, of which the caller takes care; its points and its line follow."""
        given, by_hand = self.given[item.id], self.by_hand()
        self.grade.manual_score = self.bounded(self.reckoned() - item.points + points + (by_hand.points or 0.0))
        line = line_of(Item(text=text, points=points))
        lines = (self.comment.manual_comment or "").split("\n")
        self.comment.manual_comment = "\n".join(line if one == given.line else one for one in lines)
        given.line = line

    def settle(self, by_hand: ByHand) -> None:
        """Puts the points of items and hand into the gradebook; without either it waits for a person again."""
        if self.given or by_hand.points is not None:
            self.grade.manual_score = self.bounded(self.reckoned() + (by_hand.points or 0.0))
        else:
            self.grade.manual_score = None
        self.grade.needs_manual_grade = self.grade.manual_score is None and self.grade.auto_score is None
        if not self.given:
            self.gradebook.db.flush()
            self.gradebook.db.delete(by_hand)


def with_line(comment: str, line: str) -> str:
    """A comment with a line more at its end: entries of one list stand together."""
    comment = comment.rstrip()
    if not comment:
        return line
    return f"{comment}\n{line}" if comment.rsplit("\n", 1)[-1].startswith("- ") else f"{comment}\n\n{line}"


def without_line(comment: str, line: str) -> str:
    """A comment without a line; whoever changed the line by hand meanwhile keeps it."""
    lines = comment.split("\n")
    if line in lines:
        lines.remove(line)
    return "\n".join(lines).strip("\n")


def answers_with(gradebook: Gradebook, item: Item) -> list[Answer]:
    """All answers that have an item."""
    students = set(gradebook.db.scalars(select(Given.student).filter_by(item=item.id)))
    found = [one for one in gradebook.notebook_submissions(item.notebook, item.assignment) if one.student.id in students]
    answers = [Answer(gradebook, one, item.cell) for one in sorted(found, key=lambda one: one.student.id)]
    return [answer for answer in answers if item.id in answer.given]


def change_item(gradebook: Gradebook, item: Item, text: str, points: float) -> list[Answer]:
    """Changes an item, and with it all answers that have it, which are returned; the caller notes and commits.

    Raises:
        CourseError: there is no text, too much of it, or such an item already.
    """
    text = tidied(text)
    if any(one.text == text and one.id != item.id for one in items_of(gradebook, item.assignment, item.notebook, item.cell)):
        raise CourseError(f"there is such an item already: {text}")
    answers = answers_with(gradebook, item)
    for answer in answers:
        answer.change(item, text, points)
    item.text, item.points = text, points
    return answers


def remove_item(gradebook: Gradebook, item: Item) -> None:
    """Removes an item that no answer has; the caller commits. Raises `CourseError` if some have it."""
    count = len(answers_with(gradebook, item))
    if count:
        raise CourseError(f"{count} answer{' has' if count == 1 else 's have'} this item: take it away there first")
    item.gone = True
