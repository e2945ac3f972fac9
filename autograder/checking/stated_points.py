"""Points that the text of an assignment states, against those that its cells hold: nobody promises 6 and grades 5."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

_NUMBER = r"\d+(?:\.\d+)?"
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_STATED = re.compile(rf"[(\[]\s*({_NUMBER}(?:\s*\+\s*{_NUMBER})*)\s*(?:points?|pts?\.?|marks?)\s*[)\]]\W*$", re.IGNORECASE)
_TOTAL = re.compile(
    rf"\b({_NUMBER})\s+(?:points|marks)\s+in\s+total\b|\b(?:total\s+of|total:)\s+({_NUMBER})\s+(?:points|marks)\b", re.IGNORECASE
)
_FENCED = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)


def untrue_points(cells: Sequence[NotebookNode]) -> list[str]:
    """Sentences about each heading such as ``### Task 2 (6 points)``, and each total, that its cells don't hold.

    A heading speaks of the grade cells below it, as far as the next heading of a higher rank, or of its own that states points too.
    """
    found = []
    for heading in _headings(cells):
        if heading.stated != heading.held:
            found.append(f'The heading "{heading.text}" states {heading.stated:g} points, the graded cells below it hold {heading.held:g}')
    total = sum(map(_points, cells))
    for cell in cells:
        for match in _TOTAL.finditer(_prose(cell)):
            if float(match[1] or match[2]) != total:
                found.append(f'"{" ".join(match[0].split())}" is stated, the graded cells hold {total:g}')
    return found


@dataclass
class _Heading:
    """A heading that states points, and what the cells below it hold."""

    level: int
    text: str
    stated: float
    held: float = 0.0

    def ends_at(self, level: int, states_points: bool) -> bool:
        return level < self.level or (level == self.level and states_points)


def _headings(cells: Sequence[NotebookNode]) -> list[_Heading]:
    """All headings that state points, in order."""
    found: list[_Heading] = []
    reached: list[_Heading] = []  # those that a cell at this place lies below
    for cell in cells:
        for match in _HEADING.finditer(_prose(cell)):
            level, stated = len(match[1]), _STATED.search(match[2])
            reached = [heading for heading in reached if not heading.ends_at(level, stated is not None)]
            if stated:
                found.append(_Heading(level, match[2], sum(map(float, stated[1].split("+")))))
                reached.append(found[-1])
        for heading in reached:
            heading.held += _points(cell)
    return found


def _prose(cell: NotebookNode) -> str:
    return _FENCED.sub("", cell.source) if cell.cell_type == "markdown" else ""


def _points(cell: NotebookNode) -> float:
    """Points of a cell that is graded, by checks or by hand; 0 of another."""
    about = cell.metadata.get("nbgrader", {})
    return float(about.get("points") or 0) if about.get("grade") or about.get("task") else 0.0
