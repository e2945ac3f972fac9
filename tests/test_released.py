"""Putting back what a student changed, renamed, moved out or deleted of the released notebook."""

from __future__ import annotations

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.released import ReleasedCell, forget_repeated, grade_id, released_cells, restore

ROLES = {"grade": False, "solution": False, "locked": False, "task": False}


def released(name: str, source: str, kind: str = "code", **roles: object) -> ReleasedCell:
    about = {"schema_version": 3, "grade_id": name, "checksum": "abc", "cell_type": kind}
    return ReleasedCell(about | ROLES | roles, source)


SETUP = released("setup", "import numpy as np", locked=True)
AREA = released("area", "def area(): raise NotImplementedError", solution=True)
CHECK = released("check_area", "area()\n### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS", grade=True, locked=True, points=3.0)
WHY = released("why", "Your answer.", "markdown", grade=True, solution=True, points=2.0)
ALL = [SETUP, AREA, CHECK, WHY]


def as_submitted(cell: ReleasedCell, source: str | None = None, **changes: object) -> NotebookNode:
    """A cell as it comes back from an honest student: no hidden region, own answer."""
    make = nbformat.v4.new_code_cell if cell.metadata["cell_type"] == "code" else nbformat.v4.new_markdown_cell
    visible = cell.source.partition("\n###")[0]
    return make(visible if source is None else source, metadata={"nbgrader": cell.metadata | changes})


def handed_in(*cells: NotebookNode) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=list(cells))


def names(notebook: NotebookNode) -> list[str | None]:
    return [grade_id(cell) for cell in notebook.cells]


def test_an_honest_notebook_only_gets_its_hidden_regions_back():
    notebook = handed_in(
        as_submitted(SETUP), as_submitted(AREA, "def area(): return 6"), as_submitted(CHECK), as_submitted(WHY, "Because.")
    )
    assert restore(notebook, ALL) == []
    assert [cell.source for cell in notebook.cells] == [SETUP.source, "def area(): return 6", CHECK.source, "Because."]
    assert [dict(cell.metadata.nbgrader) for cell in notebook.cells] == [cell.metadata for cell in ALL]


@pytest.mark.parametrize(
    "changes", [{"points": 100.0}, {"grade": False}, {"solution": True}, {"locked": False}, {"schema_version": 99}, {"cell_type": "raw"}]
)
def test_changed_roles_and_points_are_put_back(changes):
    notebook = handed_in(as_submitted(CHECK, **changes))
    restore(notebook, [CHECK])
    assert dict(notebook.cells[0].metadata.nbgrader) == CHECK.metadata


def test_an_edited_check_cell_is_put_back_and_told():
    notebook = handed_in(as_submitted(SETUP, "import sys"), as_submitted(CHECK, "10.0"))
    assert restore(notebook, [SETUP, CHECK]) == ["locked cells were edited and are put back: setup, check_area"]
    assert [cell.source for cell in notebook.cells] == [SETUP.source, CHECK.source]


def test_blanks_at_the_edges_are_no_edit():
    assert restore(handed_in(as_submitted(SETUP, "\nimport numpy as np \n")), [SETUP]) == []


def test_a_deleted_check_cell_comes_back_after_the_cell_before_it():
    mine = nbformat.v4.new_code_cell("print('mine')")
    notebook = handed_in(as_submitted(SETUP), as_submitted(AREA, "def area(): return 6"), mine, as_submitted(WHY, "Because."))
    assert restore(notebook, ALL) == ["graded cells were missing and are put back: check_area"]
    assert names(notebook) == ["setup", "area", "check_area", None, "why"]


def test_all_scored_cells_come_back_to_an_empty_notebook_in_order():
    notebook = handed_in()
    restore(notebook, ALL)
    assert names(notebook) == ["check_area", "why"]
    nbformat.validate(notebook)


def test_several_deleted_cells_in_a_row_keep_their_order():
    checks = [released(f"check_{letter}", letter, grade=True, locked=True, points=1.0) for letter in "abc"]
    notebook = handed_in(as_submitted(SETUP), nbformat.v4.new_code_cell("end"))
    restore(notebook, [SETUP, *checks])
    assert names(notebook) == ["setup", "check_a", "check_b", "check_c", None]


def test_a_renamed_check_cell_earns_nothing_and_the_real_one_comes_back():
    notebook = handed_in(as_submitted(AREA, "def area(): return 6"), as_submitted(CHECK, grade_id="check_easy", points=50.0))
    notes = restore(notebook, [AREA, CHECK])
    assert notes == [
        "graded cells were missing and are put back: check_area",
        "cells are not part of the assignment and earn nothing: check_easy",
    ]
    assert names(notebook) == ["area", "check_area", None]
    assert "nbgrader" not in notebook.cells[2].metadata


@pytest.mark.parametrize("broken", [{}, {"grade_id": 7, "grade": True}, {"grade_id": None, "points": 5}, {"grade_id": ["check_area"]}])
def test_broken_metadata_is_dropped(broken):
    cell = nbformat.v4.new_code_cell("x", metadata={"nbgrader": broken})
    notebook = handed_in(cell)
    restore(notebook, [])
    assert "nbgrader" not in cell.metadata


def test_a_retyped_cell_keeps_its_role_for_nbgrader_to_retype():
    notebook = handed_in(nbformat.v4.new_markdown_cell("text", metadata={"nbgrader": CHECK.metadata}))
    restore(notebook, [CHECK])
    assert dict(notebook.cells[0].metadata.nbgrader) == CHECK.metadata


def test_a_text_with_pictures_in_the_place_of_code_loses_them():
    """nbgrader makes it code again, and code with pictures is no valid cell."""
    text = nbformat.v4.new_markdown_cell("text", attachments={"plot.png": {"image/png": "iVBO"}}, metadata={"nbgrader": CHECK.metadata})
    why = nbformat.v4.new_markdown_cell("text", attachments={"plot.png": {"image/png": "iVBO"}}, metadata={"nbgrader": WHY.metadata})
    restore(handed_in(text, why), ALL)
    assert "attachments" not in text and "attachments" in why


def test_long_lists_of_strange_cells_are_told_shortly():
    notebook = handed_in(*(as_submitted(CHECK, grade_id=f"mine{number}") for number in range(1000)))
    assert all(len(note) < 400 for note in restore(notebook, [CHECK]))


def test_a_name_that_would_break_the_line_is_quoted():
    notebook = handed_in(as_submitted(CHECK, grade_id="mine\n[WARNING] ada: 9 of 9"), as_submitted(CHECK, grade_id="\x1b[2K"))
    assert restore(notebook, [])[-1].endswith(r": 'mine\n[WARNING] ada: 9 of 9', '\x1b[2K'")
    twice = handed_in(*(as_submitted(CHECK, grade_id="\ud800") for _ in range(2)))
    assert forget_repeated(twice) == [r"cells are there several times, the last counts: '\ud800'"]


@given(st.lists(st.sampled_from(["setup", "area", "check_area", "why", "mine", None]), max_size=10))
def test_whatever_is_left_every_scored_cell_is_there_as_released(left):
    sources = {cell.name: cell for cell in ALL}
    cells = [as_submitted(sources.get(name, AREA), grade_id=name) if name else nbformat.v4.new_code_cell("x") for name in left]
    notebook = handed_in(*cells)
    restore(notebook, ALL)
    for cell in (CHECK, WHY):
        found = [other for other in notebook.cells if grade_id(other) == cell.name]
        assert len(found) == max(1, left.count(cell.name))
        assert all(dict(other.metadata.nbgrader) == cell.metadata for other in found)
    assert {name for name in names(notebook) if name} <= set(sources)


def test_released_cells_are_read_from_the_gradebook_in_the_order_of_the_source(generated):
    source = generated.folder / "source" / "tiny" / "tiny.ipynb"
    cells = released_cells(f"sqlite:///{generated.folder / 'gradebook.db'}", "tiny", "tiny", source)
    order = [cell.metadata.nbgrader.grade_id for cell in nbformat.read(source, 4).cells if "nbgrader" in cell.metadata]
    assert [cell.name for cell in cells] == order
    by_name = {cell.name: cell for cell in cells}
    assert by_name["check_area"].metadata["points"] == 4 and by_name["check_area"].locked and by_name["check_area"].scored
    assert "# hidden: " in by_name["check_area"].source
    assert not by_name["area"].locked and not by_name["area"].scored
    assert by_name["why_kernel"].scored and not by_name["why_kernel"].locked
