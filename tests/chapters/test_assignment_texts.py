"""What an assignment's text says of its tasks and points is what the grade cells hold."""

from __future__ import annotations

import re
from functools import cache

import nbformat
import pytest
from prose import POINTS_BY_CHECK

from autograder.authoring.course import ROOT, assignments

HEADING = re.compile(r"^##+ Tasks? (\d+(?:\.\d+)?)(?: and (\d+(?:\.\d+)?))? .*\((?:(\d+) \+ )?(\d+) points\)$", re.MULTILINE)
NUMBERS = ("no", "an", "two", "three", "four", "five", "six")


@cache
def cells(assignment: str) -> list[nbformat.NotebookNode]:
    return nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", 4).cells


def points(cell: nbformat.NotebookNode) -> float | None:
    """Points of a grade cell; None for another."""
    info = cell.metadata.get("nbgrader", {})
    return info["points"] if info.get("grade") else None


def tasks_of(part: str, numbers: list[str]) -> int:
    return sum(number.startswith(f"{part}.") for number in numbers)


def text(assignment: str) -> str:
    return "\n\n".join(cell.source for cell in cells(assignment) if cell.cell_type == "markdown")


@pytest.mark.parametrize("assignment", assignments())
def test_each_heading_names_the_points_of_the_grade_cells_below_it(assignment):
    said: list[list[float]] = []
    held: list[list[float]] = []
    for cell in cells(assignment):
        for found in HEADING.finditer(cell.source) if cell.cell_type == "markdown" else ():
            said.append([float(number) for number in found.groups()[2:] if number])
            held.append([])
        if points(cell) is not None:
            held[-1].append(points(cell))
    assert said and held == said


@pytest.mark.parametrize("assignment", assignments())
def test_tasks_are_numbered_in_order_within_their_parts(assignment):
    numbers = [number for found in HEADING.finditer(text(assignment)) for number in found.groups()[:2] if number]
    parts = re.findall(r"^## (\d+) ", text(assignment), re.MULTILINE) or [str(k) for k in range(1, 1 + len(numbers))]
    expected = [[part] if part in numbers else [f"{part}.{k}" for k in range(1, 1 + tasks_of(part, numbers))] for part in parts]
    assert numbers == [number for of_part in expected for number in of_part]
    assert set(re.findall(r"\btask (\d+(?:\.\d+)?)\b", text(assignment))) <= set(numbers)


@pytest.mark.parametrize("assignment", assignments())
def test_the_sums_at_the_beginning(assignment):
    total, by_hand, answers = re.search(r"(\d+) points in total, (\d+) of them for (\w+) answers? in words", text(assignment)).groups()
    graded = [(points(cell), cell.cell_type) for cell in cells(assignment) if points(cell) is not None]
    written = [number for number, kind in graded if kind == "markdown"]
    assert float(total) == sum(number for number, _ in graded)
    assert (float(by_hand), NUMBERS.index(answers)) == (sum(written), len(written))


@pytest.mark.parametrize("assignment", assignments())
def test_points_of_a_task_by_check_and_of_a_rubric_add_up(assignment):
    due = None
    for cell in cells(assignment):
        if found := HEADING.search(cell.source):
            due = float(found[4])
        if found := re.search(r"^\*Points:\* (\d.*)$", cell.source, re.MULTILINE):
            patterns = 4 * ("1 for each pattern" in found[1])  # there are five
            assert sum(map(int, POINTS_BY_CHECK.findall(found[1]))) + patterns == due, cell.source
        if "**Rubric.**" in cell.source:
            rubric = cell.source.partition("**Rubric.**")[2]
            assert sum(map(int, re.findall(r"\b(\d+) points?(?:, one each for [^:.]*)?:", rubric))) == points(cell), rubric


@pytest.mark.parametrize("assignment", assignments())
def test_nothing_leans_on_what_a_student_does_not_have(assignment):
    released = (ROOT / "release" / assignment / f"{assignment}.ipynb").read_text("utf-8")
    assert re.findall(r".{0,40}\b(?:tutorial|lecture|[Ss]lides (?:that|of|print))\b.{0,40}", released, re.IGNORECASE) == []


@pytest.mark.parametrize("assignment", assignments())
def test_a_letter_is_not_both_a_kernel_and_a_width(assignment):
    if re.search(r"\bkernel `W`", text(assignment)):
        sources = "\n".join(cell.source for cell in cells(assignment))
        assert re.findall(r".*\bH, W\b.*|.*\bH - .*", sources) == []
