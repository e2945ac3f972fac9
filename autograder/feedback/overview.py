"""What a feedback page opens with: points by task, the state of each, what to do first there, and where to begin."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.feedback.calm import calm
from autograder.feedback.harmless import MAX_SHOWN
from autograder.feedback.page_errors import stopped
from autograder.feedback.page_tasks import LONGEST, Part, builds_on, number, parts
from autograder.jobs.cells import about, has_points, is_answer, is_checked, kept, kept_checks, points, waits
from autograder.jobs.outputs import cut
from autograder.marking.requests import Asked, asked_by

FIRST = 5  # tasks named under "fix first"
MAX_SAID = 240  # characters of a message in the table
NOT_WRITTEN, UNWRITTEN = "NotImplementedError", "Write it: it isn't filled in yet."


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
        comments: what a person wrote to a cell, by its id.
        penalty: points taken off for handing in late.
        requests: what the student asked to look at again, by the cell with the points.
    """

    scores: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    requests: Mapping[str, Sequence[Asked]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One task: where it stands on the page, its points, its state, and what is known of a mistake.

    Attributes:
        anchor: the id of its cell with points.
        first: what to do first.
        builds_on: the titles of earlier tasks that failed and that it uses.
        comment: the id of an answer with a comment.
        asked: what the student asked to look at again.
    """

    anchor: str
    title: str
    score: float
    most: float
    state: State
    first: str = ""
    builds_on: tuple[str, ...] = ()
    comment: str = ""
    asked: Sequence[Asked] = ()

    @property
    def missing(self) -> float:
        return self.most - self.score

    @property
    def short(self) -> str:
        """The title without a function's arguments."""
        return re.sub(r"\(.*\)$", "", self.title)

    @property
    def earned(self) -> str:
        """Points in words: of an answer that waits only how many there are."""
        return f"of {shown(self.most)}" if self.state is State.WAITS else f"{shown(self.score)} of {shown(self.most)}"

    @property
    def numbers(self) -> str:
        """The numbers of the tasks that it builds on."""
        return " and ".join(map(number, self.builds_on))


def shown(count: float) -> str:
    """A number of points."""
    return f"{round(count, 2):g}"


def read_marks(nbgrader: Mapping[str, Any], cells: Sequence[NotebookNode] = ()) -> Marks:
    """The marks of the notebook that nbgrader makes a page of, by its resources; without a gradebook what its cells tell."""
    if "db_url" not in nbgrader:
        told = {str(about(cell)["grade_id"]): str(about(cell)["comment"]) for cell in cells if about(cell).get("comment")}
        return Marks(comments=told, penalty=float(nbgrader.get("late_penalty") or 0))
    with Gradebook(nbgrader["db_url"]) as gradebook:
        found = gradebook.find_submission_notebook(nbgrader["notebook"], nbgrader["assignment"], nbgrader["student"])
        return Marks(
            {grade.name: (grade.score, grade.max_score) for grade in found.grades},
            frozenset(grade.name for grade in found.grades if waits(grade)),
            {comment.name: comment.comment for comment in found.comments if comment.comment},
            found.late_submission_penalty or 0.0,
            asked_by(gradebook, nbgrader["assignment"], nbgrader["notebook"], nbgrader["student"]),
        )


def rows(cells: Sequence[NotebookNode], marks: Marks) -> list[Row]:
    """A row for each cell with points, in their order."""
    divided = parts(cells)
    tasks = [part for part in divided if part.name]
    states = {part.name: _state(cells[part.stop - 1], part.name, marks) for part in tasks}
    failed = frozenset(name for name, (state, *_) in states.items() if state is State.LOOK)
    used = builds_on(cells, divided, failed)
    return [_row([cells[place] for place in part.places], part, states[part.name], used.get(part.name, ()), marks) for part in tasks]


def _state(cell: NotebookNode, name: str, marks: Marks) -> tuple[State, float, float]:
    score, most = marks.scores.get(name, (float(about(cell).get("score") or 0), points(cell)))
    if name in marks.waiting:
        return State.WAITS, score, most
    if not is_checked(cell):
        return State.MARKED, score, most
    return (State.DONE if score >= most else State.LOOK), score, most


def _row(cells: Sequence[NotebookNode], part: Part, state: tuple[State, float, float], used: Sequence[str], marks: Marks) -> Row:
    now, score, most = state
    commented = [str(about(cell)["grade_id"]) for cell in cells if is_answer(cell) and about(cell).get("grade_id") in marks.comments]
    first = _first(cells) if now is State.LOOK else ""
    comment, asked = commented[-1] if commented else "", marks.requests.get(part.name, ())
    return Row(part.name, part.title, score, most, now, first, tuple(used) if first else (), comment, asked)


def _first(cells: Sequence[NotebookNode]) -> str:
    """What to do first at a task whose checks don't all pass."""
    errors = [output for cell in cells if _is_students(cell) for output in cell.outputs if output.output_type == "error"]
    if errors:
        return _said(UNWRITTEN if errors[0].get("ename") == NOT_WRITTEN else f"Its cell stopped in {stopped(errors[0])}")
    failed = [check for check in kept_checks(cells[-1]) if not check["passed"]]
    messages = {check["message"] for check in failed}
    if len(messages) == 1 and (len(failed) > 1 or failed[0].get("cause")) and (message := messages.pop()):
        return _said(UNWRITTEN if NOT_WRITTEN in message else message)
    if not failed:
        return ""
    name, diagnosis = kept(cells[-1], "first") or (failed[0]["name"], "")
    return _said(f"{name}: {diagnosis}") if diagnosis else cut(calm(name), LONGEST)


def _is_students(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and not has_points(cell) and (is_answer(cell) or not about(cell)))


def _said(text: str) -> str:
    """A short text on one line."""
    text = calm(" ".join(text[: 4 * MAX_SAID].split()))
    return text if len(text) <= MAX_SAID else f"{text[: MAX_SAID - 1]}…"


def summary(notebook: str, tasks: Sequence[Row], penalty: float = 0.0) -> dict[str, Any]:
    """What the page's template needs of the table and of what stands above it."""
    marked = [row for row in tasks if row.state is not State.WAITS]
    look = sorted((row for row in tasks if row.state is State.LOOK), key=lambda row: -row.missing)
    return {
        "notebook": cut(calm(notebook), MAX_SHOWN),
        "rows": tasks,
        "total": max(0.0, sum(row.score for row in marked) - penalty),
        "marked": sum(row.most for row in marked),
        "waiting": sum(row.most for row in tasks if row.state is State.WAITS),
        "penalty": penalty,
        "look": look[:FIRST],
        "more": len(look[FIRST:]),
        "shown": shown,
        "number": number,
    }
