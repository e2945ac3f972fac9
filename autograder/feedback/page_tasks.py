"""A graded notebook's cells by task: which belong to one, what it is called, and which earlier tasks it builds on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nbformat import NotebookNode

from autograder.feedback.calm import calm
from autograder.jobs.cells import about, grade_id, has_points, is_answer, is_locked
from autograder.jobs.defined import asked_names, defined_names
from autograder.jobs.outputs import cut

HEADING = re.compile(r"^#{2,6}\s+(.+?)\s*$", re.MULTILINE)
POINTS = re.compile(r"\s*\([\d\s.+]+points?\)$")
NUMBER = re.compile(r"\d+\.\d+")
LONGEST = 120  # characters of a heading or of a check's name


@dataclass(frozen=True)
class Part:
    """Cells that stand together: those of a task up to the one with its points, or others between tasks.

    Attributes:
        start, stop: the cells' places, ``stop`` not included.
        name: the id of the cell with points; empty if this is no task.
        title: the task's number and name.
    """

    start: int
    stop: int
    name: str = ""
    title: str = ""

    @property
    def places(self) -> range:
        return range(self.start, self.stop)


def parts(cells: Sequence[NotebookNode]) -> list[Part]:
    """All cells, in order: tasks, and what stands between them."""
    found: list[tuple[int, int, str, str]] = []
    start, heading = 0, ""
    for place, cell in enumerate(cells):
        told = headings(cell)
        if told:
            heading = told[-1]
            if start < place:
                found.append((start, place, "", ""))
                start = place
        if has_points(cell) and (name := grade_id(cell)):
            found.append((start, place + 1, name, heading))
            start = place + 1
    found += [(start, len(cells), "", "")] if start < len(cells) else []
    return list(_joined(_titled(found)))


def headings(cell: NotebookNode) -> list[str]:
    """The headings of a text of the assignment's own."""
    if cell.cell_type != "markdown" or not is_locked(cell):
        return []
    return [cut(calm(told), LONGEST) for told in HEADING.findall(cell.source)]


def _titled(found: Sequence[tuple[int, int, str, str]]) -> Iterator[Part]:
    tasks = [entry for entry in found if entry[2]]
    titles = {}
    for heading, group in groupby(tasks, key=lambda entry: entry[3]):
        together = list(group)
        for place, (start, *_, name, _heading) in enumerate(together):
            titles[start] = title(heading, name, place, len(together))
    for start, stop, name, _ in found:
        yield Part(start, stop, name, titles[start] if name else "")


def _joined(found: Iterator[Part]) -> Iterator[Part]:
    """The parts with neighbours that are no tasks made one."""
    for no_task, group in groupby(found, key=lambda part: not part.name):
        together = list(group)
        yield from [Part(together[0].start, together[-1].stop)] if no_task else together


def title(heading: str, name: str, place: int = 0, together: int = 1) -> str:
    """A task's number and name, from a heading such as "Task 1.2 `convolve2d(x, W)` (8 points)"; its id where that tells nothing."""
    name = name.removeprefix("check_")
    if not heading:
        return name
    numbers = NUMBER.findall(heading)
    if together > 1:
        return f"{numbers[place]} {name}" if len(numbers) == together else f"{POINTS.sub('', heading)}: {name}"
    return re.sub(r"^Task\s+", "", POINTS.sub("", heading)).replace("`", "")


def number(title: str) -> str:
    """The number of a task, or its title if it has none."""
    found = NUMBER.match(title)
    return found[0] if found else title


def builds_on(cells: Sequence[NotebookNode], tasks: Sequence[Part], failed: frozenset[str]) -> dict[str, list[str]]:
    """By a task's name, the titles of earlier tasks that failed and whose functions or variables its answer uses.

    Args:
        cells: the notebook's.
        tasks: its `parts`.
        failed: names of the tasks whose checks don't all pass.
    """
    broken: dict[str, str] = {}  # by a name in the code, the title of the task that failed to define it
    found: dict[str, list[str]] = {}
    for part in tasks:
        code = [cells[place] for place in part.places if cells[place].cell_type == "code" and not has_points(cells[place])]
        made = frozenset[str]().union(*(defined_names(cell.source) for cell in code))
        asked = set[str]().union(*(asked_names(cell.source) for cell in code if is_answer(cell) or not about(cell)))
        if part.name and (on := dict.fromkeys(told for name, told in broken.items() if name in asked - made)):
            found[part.name] = list(on)
        for name in made:
            if part.name in failed:
                broken[name] = part.title
            else:
                broken.pop(name, None)
    return found
