"""What the class report says of grading by hand: what each grader has left, how often items were given, who asks to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.requests import in_words
from autograder.classroom.splitting import Share, shares
from autograder.errors import CourseError
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
    trouble: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.shares or self.items or self.waiting or self.answered or self.trouble)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Grader, students, and how many are still to be marked."""
        return [(share.grader or "nobody", str(share.students), str(share.left)) for share in self.shares]

    @property
    def item_rows(self) -> list[tuple[str, str, str, str]]:
        """Question, points, item, and to how many answers it was given."""
        return [(item.question, signed(item.points), item.text, str(item.given)) for item in self.items]


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
