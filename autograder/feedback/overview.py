"""What a feedback page opens with: points by task, the state of each, its first failed check, and where to look first."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.feedback.harmless import MAX_SHOWN, calm
from autograder.jobs.cells import about, grade_id, has_points, is_answer, is_checked, is_locked, kept_checks, points, waits
from autograder.jobs.outputs import cut
from autograder.places import PACKAGE

TEMPLATES = PACKAGE / "feedback" / "templates" / "overview"
NBGRADERS = re.compile(r'<h4>.*?</h4>\s*<div id="toc">.*?</div>', re.DOTALL)  # what nbgrader's page opens with
HEADING = re.compile(r"^#{2,6}\s+(.+?)\s*$", re.MULTILINE)
POINTS = re.compile(r"\s*\([\d\s.+]+points?\)$")
NUMBER = re.compile(r"\d+\.\d+")
LONGEST = 120  # characters of a heading or of a check's name


class State(enum.Enum):
    """What there is to do at a task."""

    DONE = "done"
    LOOK = "look"
    WAITS = "waits"
    MARKED = "marked"

    @property
    def words(self) -> str:
        return {"done": "done", "look": "look here", "waits": "not marked yet", "marked": "marked"}[self.value]


@dataclass(frozen=True)
class Marks:
    """What the gradebook knows of a notebook.

    Attributes:
        scores: points and the most points, by the cell's id.
        waiting: cells that a person still has to mark.
        comments: cells with a comment.
        penalty: points taken off for handing in late.
    """

    scores: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    penalty: float = 0.0


@dataclass(frozen=True)
class Row:
    """One task: where it stands on the page, its points, its state, and what is known of a mistake."""

    anchor: str
    title: str
    score: float
    most: float
    state: State
    failed: str = ""
    comment: str = ""

    @property
    def missing(self) -> float:
        return self.most - self.score


def read_marks(nbgrader: Mapping[str, Any]) -> Marks:
    """The marks of the notebook that nbgrader makes a page of, by its resources; none without a gradebook."""
    if "db_url" not in nbgrader:
        return Marks(penalty=float(nbgrader.get("late_penalty") or 0))
    with Gradebook(nbgrader["db_url"]) as gradebook:
        found = gradebook.find_submission_notebook(nbgrader["notebook"], nbgrader["assignment"], nbgrader["student"])
        return Marks(
            {grade.name: (grade.score, grade.max_score) for grade in found.grades},
            frozenset(grade.name for grade in found.grades if waits(grade)),
            frozenset(comment.name for comment in found.comments if comment.comment),
            found.late_submission_penalty or 0.0,
        )


def rows(cells: Sequence[NotebookNode], marks: Marks) -> list[Row]:
    """A row for each cell with points, in their order."""
    return [_row(cell, title, comment, marks) for cell, title, comment in _tasks(cells, marks)]


def _tasks(cells: Sequence[NotebookNode], marks: Marks) -> Iterator[tuple[NotebookNode, str, str]]:
    """Cells with points, each with its task's title and the id of a commented answer that belongs to it."""
    heading, comment, found = "", "", []
    for cell in cells:
        if cell.cell_type == "markdown" and is_locked(cell) and (told := HEADING.findall(cell.source)):
            heading = cut(calm(told[-1]), LONGEST)
        name = grade_id(cell) or ""
        if is_answer(cell) and name in marks.comments:
            comment = name
        if has_points(cell) and name:
            found.append((cell, heading, comment))
            comment = ""
    for _, group in groupby(found, key=lambda task: task[1]):
        together = list(group)
        for place, (cell, above, of_answer) in enumerate(together):
            yield cell, _title(above, str(grade_id(cell)), place, len(together)), of_answer


def _title(heading: str, name: str, place: int, together: int) -> str:
    """A task's number and name, from a heading such as "Task 1.2 `convolve2d(x, W)` (8 points)"; its id where that tells nothing."""
    name = name.removeprefix("check_")
    if not heading:
        return name
    numbers = NUMBER.findall(heading)
    if together > 1:
        return f"{numbers[place]} {name}" if len(numbers) == together else f"{POINTS.sub('', heading)}: {name}"
    return re.sub(r"^Task\s+", "", POINTS.sub("", heading)).replace("`", "")


def _row(cell: NotebookNode, title: str, comment: str, marks: Marks) -> Row:
    name = str(grade_id(cell))
    score, most = marks.scores.get(name, (float(about(cell).get("score") or 0), points(cell)))
    failed = ""
    if name in marks.waiting:
        state = State.WAITS
    elif not is_checked(cell):
        state = State.MARKED
    else:
        state = State.DONE if score >= most else State.LOOK
        failed = "" if state is State.DONE else _first_failed(cell)
    return Row(name, title, score, most, state, failed, comment)


def _first_failed(cell: NotebookNode) -> str:
    """The name of the first check that failed, as grading left it with the cell's outputs."""
    return next((cut(calm(check["name"]), LONGEST) for check in kept_checks(cell) if not check["passed"]), "")


def overview(notebook: str, tasks: Sequence[Row], penalty: float = 0.0) -> str:
    """The table as HTML; everything in it is escaped."""
    marked = [row for row in tasks if row.state is not State.WAITS]
    look = [row for row in tasks if row.state is State.LOOK]
    values = {
        "notebook": cut(calm(notebook), MAX_SHOWN),
        "rows": tasks,
        "total": max(0.0, sum(row.score for row in marked) - penalty),
        "marked": sum(row.most for row in marked),
        "waiting": sum(row.most for row in tasks if row.state is State.WAITS),
        "penalty": penalty,
        "worst": max(look, key=lambda row: row.missing, default=None),
        "points": lambda number: f"{round(number, 2):g}",
    }
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template("overview.html.j2").render(values)


def opened_with(page: str, table: str) -> str:
    """The page with ``table`` in place of nbgrader's list of scores.

    Raises:
        ValueError: nbgrader's page doesn't begin as expected.
    """
    found = NBGRADERS.search(page)
    if found is None:
        raise ValueError("nbgrader's feedback page has no list of scores where the table of points would stand")
    return page[: found.start()] + table + page[found.end() :]
