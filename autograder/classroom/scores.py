"""``python -m autograder scores ID``: the points of a class as one table, students down, tasks across.

Nothing in it is guessed: who handed in nothing and what nobody has marked yet has an empty field, no 0, and the totals are of
what is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.classroom.graded import Graded, NoCourse, Task, find_assignment, handed_in_by, open_course, read_class
from autograder.classroom.tables import number, plain, write_table

ABOUT = ("student_id", "last_name", "first_name", "email")
TOTALS = ("state", "points_marked", "of_marked", "late_penalty", "score")


@dataclass(frozen=True)
class Column:
    """A column of points: a task's, or that of one of its checks.

    Attributes:
        task: nbgrader's name of the graded cell.
        check: the check's name, empty for the whole task.
        heading: what stands above it, with the most points.
    """

    task: str
    check: str
    heading: str

    def cell(self, tasks: dict[str, Task]) -> str:
        """A student's points; empty where there are none yet."""
        task = tasks.get(self.task)
        if task is None or (not self.check and task.score is None):
            return ""
        if not self.check:
            return number(task.score or 0.0)
        found = next((check for check in task.checks if check.name == self.check), None)
        return "" if found is None else number(task.worth(found) if found.passed else 0.0)


def columns_of(class_: Iterable[Graded], checks: bool = False) -> list[Column]:
    """The columns of a class: tasks in the notebook's order, each followed by its checks if these are asked for."""
    tasks: dict[str, dict[str, float]] = {}
    found: dict[str, Task] = {}
    for task in (task for graded in class_ for task in graded.tasks):
        found.setdefault(task.name, task)
        worth = tasks.setdefault(task.name, {})
        worth |= {check.name: task.worth(check) for check in task.checks if check.name not in worth}
    columns = []
    for name, worth in tasks.items():
        title = found[name].title
        columns.append(Column(name, "", f"{title} ({number(found[name].maximum)})"))
        columns += [Column(name, check, f"{title}: {check} ({number(points)})") for check, points in worth.items() if checks]
    return columns


def score_rows(students: Iterable[Any], class_: Sequence[Graded], ungraded: Iterable[str], checks: bool = False) -> Iterator[list[str]]:
    """The heading and a row for each student.

    Args:
        students: rows of nbgrader's student table.
        class_: what is graded.
        ungraded: ids of those who handed in something that isn't graded.
        checks: whether each check has a column too.
    """
    columns, graded = columns_of(class_, checks), {one.student: one for one in class_}
    waiting = set(ungraded) - set(graded)
    yield [*ABOUT, *TOTALS, *(plain(column.heading) for column in columns)]
    known = {student.id: student for student in students}
    for id in sorted({*known, *graded, *waiting}):
        student = known.get(id)
        about = [plain(getattr(student, field, None) or "") for field in ("last_name", "first_name", "email")]
        found = graded.get(id)
        tasks = {} if found is None else {task.name: task for task in found.tasks}
        totals = ["handed in, not graded" if id in waiting else "nothing handed in", "", "", "", ""] if found is None else _totals(found)
        yield [plain(id), *about, *totals, *(column.cell(tasks) for column in columns)]


def _totals(graded: Graded) -> list[str]:
    marked = [task for task in graded.tasks if task.score is not None]
    open_ = len(graded.tasks) - len(marked)
    points = sum(task.score or 0.0 for task in marked)
    state = f"{open_} to be marked" if open_ else "graded"
    return [state, *map(number, (points, sum(task.maximum for task in marked), graded.penalty, max(0.0, points - graded.penalty)))]


def write_scores(folder: Path, assignment: str, checks: bool = False, target: Path | None = None) -> str:
    """Writes the table of an assignment of the course in ``folder``; returns what to say of it.

    Raises:
        NoCourse: the assignment is unknown or nothing of it is graded.
    """
    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        find_assignment(gradebook, assignment)
        class_ = read_class(coursedir, gradebook, assignment)
        if not class_:
            raise NoCourse(f"nothing of '{assignment}' is graded yet; run `nbgrader autograde {assignment}` first")
        rows = list(score_rows(gradebook.students, class_, handed_in_by(coursedir, assignment), checks))
    target = target or folder / "reports" / f"{assignment}-scores.csv"
    write_table(target, rows)
    waiting = sum(graded.waits for graded in class_)
    more = f"; answers of {waiting} are still to be marked: their totals are of what is marked" if waiting else ""
    return f"{target}: {len(rows) - 1} students, {len(class_)} graded{more}"
