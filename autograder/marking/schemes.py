"""Mark schemes as they stand in an assignment's source: their text, and the items in it that a click can give.

An item is an entry of a list that begins with points in square brackets: ``- [1] both axes named`` or ``- [-0.5] no reason``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearMarkScheme

from autograder.jobs.cells import grade_id

ITEM = re.compile(r"^\s*[-*+]\s+\[\s*([-+\u2212]?)\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*\]\s+(\S.*?)\s*$", re.MULTILINE)


class SchemeItem(NamedTuple):
    """What an answer can have, with what it counts."""

    text: str
    points: float


def read_schemes(coursedir: CourseDirectory, assignment: str, notebook: str, log: Any) -> dict[str | None, str]:
    """Mark schemes of a source notebook by grade_id; none where it can't be read."""
    path = Path(coursedir.format_path(coursedir.source_directory, ".", assignment)) / f"{notebook}.ipynb"
    try:
        source = nbformat.read(path, 4)
    except Exception as error:  # nbformat raises almost anything at a broken file; the answers can be graded without
        log.warning("No mark schemes are shown: %s can't be read: %s", path, error)
        return {}
    marks = ClearMarkScheme(parent=coursedir)
    begin, end = marks.begin_mark_scheme_delimeter, marks.end_mark_scheme_delimeter
    found = {grade_id(cell): region(cell.source, begin, end) for cell in source.cells}
    return {name: scheme for name, scheme in found.items() if name and scheme}


def region(source: str, begin: str, end: str) -> str:
    """The lines of ``source`` between those that hold ``begin`` and ``end``; empty if there are none."""
    parts = re.findall(rf"^.*{re.escape(begin)}.*\n((?:.*\n)*?).*{re.escape(end)}", source, re.MULTILINE)
    return "\n".join(part.strip() for part in parts)


def items_in(scheme: str) -> list[SchemeItem]:
    """The items of a mark scheme, in order; of two with one text the first."""
    found: dict[str, float] = {}
    for sign, number, text in ITEM.findall(scheme):
        points = float(number.replace(",", "."))
        found.setdefault(" ".join(text.split()), -points if sign in ("-", "\u2212") and points else points)
    return [SchemeItem(*entry) for entry in found.items()]
