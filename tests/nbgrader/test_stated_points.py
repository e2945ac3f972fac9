"""Points that a text states are those of the cells, or the author is told."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.authoring.course import ROOT, assignments
from autograder.checking.stated_points import untrue_points


def graded(points, kind="grade"):
    return new_code_cell("assert f", metadata={"nbgrader": {kind: True, "points": points, "grade_id": "a"}})


def notebook(*parts):
    """Strings are texts, numbers are graded cells of so many points."""
    return [new_markdown_cell(part) if isinstance(part, str) else graded(part) for part in parts]


@pytest.mark.parametrize(
    "parts",
    [
        ("# A", "### Task 1: correlate (6 points)", 6),
        ("### Task 1 (6 points)", 4, 2, "### Task 2 (3 pts)", 3),
        ("### Tasks 1 and 2 (8 + 3 points)", 8, 3),
        ("## Part (9 points)", "### One (4 points)", 4, "### Two [5 points]", 5, "## Epilogue", "words"),
        ("### Task (6 points)", "### A hint\nThink.", 6),
        ("### Task (1 point) ###", 1),
        ("### Task (2.5 marks)", 2.5),
        ("The dots (3 points) in the plot. 7 points in total.", 7),
        ("A total of 7 points.", 3, 4),
        ("```\n# a comment (5 points)\n```", 7),
        ("No points for names.", 7),
    ],
)
def test_texts_that_are_right_are_left_in_peace(parts):
    assert untrue_points(notebook(*parts)) == []


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("### Task 1 (6 points)", 5), ['The heading "Task 1 (6 points)" states 6 points, the graded cells below it hold 5']),
        (("### Task 1 (6 points)", "## Part 2", 6), ['The heading "Task 1 (6 points)" states 6 points, the graded cells below it hold 0']),
        (
            ("### Tasks (8 + 3 points)", 8, 2.5),
            ['The heading "Tasks (8 + 3 points)" states 11 points, the graded cells below it hold 10.5'],
        ),
        (
            ("## P (9 points)", "### A (4 points)", 4, "### B (5 points)", 6),
            [
                'The heading "P (9 points)" states 9 points, the graded cells below it hold 10',
                'The heading "B (5 points)" states 5 points, the graded cells below it hold 6',
            ],
        ),
        (("About. 100 points in\ntotal, 10 by hand.", 90, 9), ['"100 points in total" is stated, the graded cells hold 99']),
        (("Total: 20 points", 19), ['"Total: 20 points" is stated, the graded cells hold 19']),
    ],
)
def test_texts_that_are_not_are_named(parts, told):
    assert untrue_points(notebook(*parts)) == told


def test_a_task_cell_counts_like_any_graded_one():
    assert untrue_points([*notebook("## Essay (4 points)"), graded(4, "task")]) == []


@pytest.mark.parametrize("assignment", assignments())
def test_changed_points_of_any_task_are_seen(assignment):
    source = nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", 4)
    assert untrue_points(source.cells) == []
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points += 1
            assert len(untrue_points(source.cells)) >= 2, "of the heading, and of the total"
            cell.metadata.nbgrader.points -= 1
