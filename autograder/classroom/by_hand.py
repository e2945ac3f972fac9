"""What the class report says of grading by hand: what each grader has left, how often items were given, who asks to look again."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.requests import in_words
from autograder.classroom.splitting import Share, shares
from autograder.errors import CourseError
from autograder.feedback.harmless import calm
from autograder.marking.requests import requests_of
from autograder.marking.rubric import counts, items_of, signed
from autograder.marking.tables import Item, there


@dataclass(frozen=True)
class ItemFigures:
    """An item of a question, and how many answers have it."""

    question: str
    text: str
    points: float
    given: int


@dataclass(frozen=True)
class ByHand:
    """All of it; ``trouble`` says why the split isn't known."""

    shares: Sequence[Share] = ()
    items: Sequence[ItemFigures] = ()
    waiting: Sequence[str] = ()
    answered: Sequence[str] = ()
    trouble: str = field(default="")


def marked_by_hand(coursedir: CourseDirectory, gradebook: Gradebook, assignment: str) -> ByHand:
    """What was done by hand in an assignment, and what is left."""
    trouble, split = "", list[Share]()
    try:
        split = shares(gradebook, coursedir, assignment)
    except CourseError as error:
        trouble = str(error)
    requests = requests_of(gradebook, assignment)
    return ByHand(
        split,
        _items(gradebook, assignment),
        [in_words(one) for one in requests if one.answer is None],
        [in_words(one) for one in requests if one.answer is not None],
        trouble,
    )


def _items(gradebook: Gradebook, assignment: str) -> list[ItemFigures]:
    if not there(gradebook, Item):
        return []
    found = []
    for notebook in gradebook.find_assignment(assignment).notebooks:
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            items = items_of(gradebook, assignment, notebook.name, cell.name)
            often = counts(gradebook, items)
            found += [ItemFigures(cell.name, item.text, item.points, often.get(item.id, 0)) for item in items]
    return found


# ---- in the report's page


def by_hand_words(by_hand: ByHand) -> str:
    """The section's HTML; empty if there is nothing to say."""
    parts = [f"<p>Who marks whom isn't known: {_e(by_hand.trouble)}.</p>"] if by_hand.trouble else []
    if by_hand.shares:
        rows = [(share.grader or "nobody", str(share.students), str(share.left)) for share in by_hand.shares]
        parts.append(_table(("grader", "students", "still to be marked"), rows))
    for title, lines in (("They ask to look again, and wait", by_hand.waiting), ("Answered", by_hand.answered)):
        if lines:
            parts.append(f"<h3>{title}</h3>\n<ul>{''.join(f'<li>{_e(line)}</li>' for line in lines)}</ul>")
    if by_hand.items:
        items = [(item.question, signed(item.points), item.text, str(item.given)) for item in by_hand.items]
        parts.append("<h3>How often each item was given</h3>\n" + _table(("question", "points", "item", "answers"), items))
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    titles = "".join(f'<th scope="col">{_e(name)}</th>' for name in head)
    body = "".join(f'<tr><th scope="row">{_e(first)}</th>{"".join(f"<td>{_e(cell)}</td>" for cell in rest)}</tr>' for first, *rest in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _e(text: str) -> str:
    return html.escape(calm(text))
