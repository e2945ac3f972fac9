"""Putting right what a student, or an editor, changed, renamed, moved, unmarked or deleted of the released notebook."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.authoring.course import ROOT
from autograder.jobs.cells import grade_id
from autograder.jobs.notebook import unreadable_notebook
from autograder.run.released import Release, ReleasedCell, released_cells
from autograder.run.repair import put_right

ROLES = {"grade": False, "solution": False, "locked": False, "task": False}


def released(name: str, source: str, kind: str = "code", **roles: object) -> ReleasedCell:
    about = {"schema_version": 3, "grade_id": name, "checksum": "abc", "cell_type": kind}
    return ReleasedCell(about | ROLES | roles, source, name.replace("_", "-"))


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


def restore(notebook: NotebookNode, cells: list[ReleasedCell], plain: tuple[str, ...] = ()) -> list[str]:
    """What was put right in ``notebook``, which is left without the cell that tells it."""
    lines = put_right(notebook, Release(tuple(cells), frozenset(plain)))
    nbformat.validate(notebook)
    if lines:
        assert all(line in notebook.cells[0].source for line in lines)
        del notebook.cells[0]
    return lines


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
    assert restore(notebook, [SETUP, CHECK]) == [
        "locked cells were edited and are put back: setup, check_area",
        "what was typed into locked cells has cells of its own now: setup, check_area",
    ]
    assert [cell.source for cell in notebook.cells] == ["import sys", SETUP.source, "10.0", CHECK.source]


def of_earlier_release(cell: ReleasedCell, source: str) -> NotebookNode:
    """A cell as an earlier release had it, with nbgrader's checksum of it."""
    made = as_submitted(cell, source)
    made.metadata["nbgrader"] = nbformat.from_dict(dict(made.metadata.nbgrader))
    made.metadata.nbgrader["checksum"] = compute_checksum(made)
    return made


def test_what_only_the_release_changed_is_nobodys_edit():
    given = released("given", "LIMIT = 3\ndef below(x): return x < LIMIT", locked=True)
    check = released(
        "check_area", "assert below(area())\n### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS", grade=True, locked=True, points=3.0
    )
    old = [
        of_earlier_release(SETUP, "import numpy"),
        as_submitted(AREA, "def area(): return 6"),
        of_earlier_release(check, "assert area() == 6"),
    ]
    notebook = handed_in(*old)
    lines = restore(notebook, [SETUP, given, AREA, check])
    assert lines == ["cells of an earlier release are as they are in the current one: setup, check_area, given"]
    assert [cell.source for cell in notebook.cells] == [SETUP.source, given.source, "def area(): return 6", check.source]


def test_what_was_edited_in_an_earlier_release_is_told_as_an_edit():
    edited = of_earlier_release(CHECK, "area()  # old")
    edited.source += "\nmine = 1"
    notebook = handed_in(of_earlier_release(SETUP, "import numpy"), as_submitted(AREA, "def area(): return 6"), edited)
    lines = restore(notebook, [SETUP, AREA, CHECK])
    assert "locked cells were edited and are put back: check_area" in lines and "mine = 1" in notebook.cells[2].source


@pytest.mark.parametrize("checksum", ["abc", None, 3, ["abc"]])
def test_a_checksum_of_any_form_is_only_compared(checksum):
    notebook = handed_in(as_submitted(CHECK, "area(1)", checksum=checksum, points="many"))
    assert "locked cells were edited and are put back: check_area" in restore(notebook, [CHECK])


def test_blanks_at_the_edges_are_no_edit():
    assert restore(handed_in(as_submitted(SETUP, "\nimport numpy as np \n")), [SETUP]) == []


def test_a_deleted_check_cell_comes_back_after_the_cell_before_it():
    mine = nbformat.v4.new_code_cell("print('mine')")
    notebook = handed_in(as_submitted(SETUP), as_submitted(AREA, "def area(): return 6"), mine, as_submitted(WHY, "Because."))
    assert restore(notebook, ALL) == ["cells were missing and are put back: check_area"]
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
    assert names(notebook) == ["setup", None, "check_a", "check_b", "check_c"]


def test_a_renamed_check_cell_with_another_text_earns_nothing_and_the_real_one_comes_back():
    notebook = handed_in(as_submitted(AREA, "def area(): return 6"), as_submitted(CHECK, "10.0", grade_id="check_easy", points=50.0))
    notes = restore(notebook, [AREA, CHECK])
    assert notes == [
        "cells were missing and are put back: check_area",
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
    (check,) = (cell for cell in notebook.cells if grade_id(cell) == "check_area")
    assert dict(check.metadata.nbgrader) == CHECK.metadata and (check.cell_type, check.source) == ("code", CHECK.source)


def test_a_text_with_pictures_in_the_place_of_code_loses_them():
    """nbgrader makes it code again, and code with pictures is no valid cell."""
    text = nbformat.v4.new_markdown_cell("text", attachments={"plot.png": {"image/png": "iVBO"}}, metadata={"nbgrader": CHECK.metadata})
    why = nbformat.v4.new_markdown_cell("text", attachments={"plot.png": {"image/png": "iVBO"}}, metadata={"nbgrader": WHY.metadata})
    notebook = handed_in(text, why)
    restore(notebook, ALL)
    assert [grade_id(cell) for cell in notebook.cells if "attachments" in cell] == ["why"]


def test_long_lists_of_strange_cells_are_told_shortly():
    notebook = handed_in(*(as_submitted(CHECK, grade_id=f"mine{number}") for number in range(1000)))
    assert all(len(note) < 400 for note in restore(notebook, [CHECK]))


def test_a_name_that_would_break_the_line_is_quoted():
    odd = ("mine\n[WARNING] ada: 9 of 9", "\x1b[2K", "\ud800")
    lines = put_right(handed_in(*(as_submitted(CHECK, grade_id=name) for name in odd)), Release(()))
    assert lines[-1].endswith(r": 'mine\n[WARNING] ada: 9 of 9', '\x1b[2K', '\ud800'")


@given(st.lists(st.sampled_from(["setup", "area", "check_area", "why", "mine", None]), max_size=10))
def test_whatever_is_left_every_scored_cell_is_there_as_released(left):
    sources = {cell.name: cell for cell in ALL}
    cells = [as_submitted(sources.get(name, AREA), grade_id=name) if name else nbformat.v4.new_code_cell("x") for name in left]
    notebook = handed_in(*cells)
    restore(notebook, ALL)
    for cell in (CHECK, WHY):
        found = [other for other in notebook.cells if grade_id(other) == cell.name]
        assert [dict(other.metadata.nbgrader) for other in found] == [cell.metadata]
    assert {name for name in names(notebook) if name} <= set(sources)


def test_released_cells_are_read_from_the_gradebook_in_the_order_of_the_source(generated):
    source = generated.folder / "source" / "tiny" / "tiny.ipynb"
    cells = released_cells(f"sqlite:///{generated.folder / 'gradebook.db'}", "tiny", "tiny", source)
    order = [cell.metadata.nbgrader.grade_id for cell in nbformat.read(source, 4).cells if "nbgrader" in cell.metadata]
    assert [cell.name for cell in cells.cells] == order
    assert [text.splitlines()[0] for text in cells.plain] == ["# A tiny assignment"]
    by_name = {cell.name: cell for cell in cells.cells}
    assert by_name["check_area"].id == "check-area"
    assert by_name["check_area"].metadata["points"] == 4 and by_name["check_area"].locked and by_name["check_area"].scored
    assert "# hidden: " in by_name["check_area"].source
    assert not by_name["area"].locked and not by_name["area"].scored
    assert by_name["why_kernel"].scored and not by_name["why_kernel"].locked


# ---- what editors, platforms and students do to cells that are right


SOLVED = "def area(): return 6"
QUESTION = released("question", "**Why?** Say it in one sentence.", "markdown", locked=True)
TASK = [SETUP, AREA, CHECK, QUESTION, WHY]
CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell


def solved() -> NotebookNode:
    answers = {"area": SOLVED, "why": "Because."}
    notebook = handed_in(*(as_submitted(cell, answers.get(cell.name)) for cell in TASK))
    for cell, known in zip(notebook.cells, TASK, strict=True):
        cell["id"] = known.id
    return notebook


def in_order(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Name (or ``-``) and text of each cell."""
    return [(grade_id(cell) or "-", cell.source) for cell in notebook.cells]


RIGHT = [("setup", SETUP.source), ("area", SOLVED), ("check_area", CHECK.source), ("question", QUESTION.source), ("why", "Because.")]


@pytest.mark.parametrize("lost", [("metadata",), ("id",), ("metadata", "id")])
def test_cells_without_metadata_or_ids_are_recognised(lost):
    notebook = solved()
    for number, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.from_dict({}) if "metadata" in lost else cell.metadata
        cell["id"] = f"new-{number}" if "id" in lost else cell["id"]
    restore(notebook, TASK)
    assert in_order(notebook) == RIGHT


@pytest.mark.parametrize("pair", [(1, 2), (0, 2), (3, 4), (2, 4)])
def test_a_pair_of_cells_pasted_as_new_is_recognised(pair):
    notebook = solved()
    for index in pair:
        make = CODE if notebook.cells[index].cell_type == "code" else TEXT
        notebook.cells[index] = make(notebook.cells[index].source)
    restore(notebook, TASK)
    assert in_order(notebook) == RIGHT


def test_swapped_names_dont_outweigh_ids_and_texts():
    notebook = solved()
    one, other = notebook.cells[1].metadata, notebook.cells[2].metadata
    one["nbgrader"], other["nbgrader"] = other["nbgrader"], one["nbgrader"]
    restore(notebook, TASK)
    assert in_order(notebook) == RIGHT


def test_task_and_check_copied_below_the_empty_ones_count_as_copied():
    notebook = handed_in(as_submitted(SETUP), as_submitted(AREA), as_submitted(CHECK), CODE(SOLVED), CODE("area()"))
    restore(notebook, TASK[:3])
    assert in_order(notebook)[2:] == [("-", "area()"), ("area", SOLVED), ("check_area", CHECK.source)]


def test_a_check_before_a_retyped_answer_moves_behind_it():
    notebook = handed_in(as_submitted(AREA), as_submitted(CHECK), CODE("x = 1"), CODE(SOLVED), CODE("y = 1"))
    notes = restore(notebook, TASK[1:3])
    assert [name for name, _ in in_order(notebook)] == ["-", "-", "area", "check_area", "-"]
    assert notes[-1] == "checks stood before what they check and are behind it now: check_area"


def test_a_check_stays_where_an_answer_stands_before_it_whatever_comes_later():
    notebook = handed_in(as_submitted(AREA, SOLVED), as_submitted(CHECK), CODE("area = None"))
    assert restore(notebook, TASK[1:3]) == []
    assert [name for name, _ in in_order(notebook)] == ["area", "check_area", "-"]


@pytest.mark.parametrize(
    "own",
    ["from mine import area", "if True:\n    area = lambda: 6", "def area[T](): return 6", "area: int = 6", "%%time\ndef area(): return 6"],
)
def test_a_deleted_check_goes_behind_what_it_asks_for_however_that_is_defined(own):
    notebook = handed_in(as_submitted(SETUP), CODE("a = 1"), CODE(own), CODE("b = 1"))
    restore(notebook, TASK[:3])
    assert [grade_id(cell) for cell in notebook.cells].index("check_area") == [cell.source for cell in notebook.cells].index(own) + 1


def test_a_deleted_check_that_nothing_answers_goes_to_the_end():
    notebook = handed_in(as_submitted(SETUP), CODE("exec('def area(): return 6')"), CODE("b = 1"))
    restore(notebook, TASK[:3])
    assert names(notebook) == ["setup", None, None, "check_area"]


def test_an_answer_merged_into_a_locked_cell_runs_before_it():
    notebook = handed_in(as_submitted(SETUP, f"{SETUP.source}\n\n{SOLVED}"), as_submitted(CHECK))
    notes = restore(notebook, TASK[:3])
    assert in_order(notebook) == [("-", SOLVED), ("setup", SETUP.source), ("check_area", CHECK.source)]
    assert notes == [
        "locked cells were edited and are put back: setup",
        "what was typed into locked cells has cells of its own now: setup",
    ]


def test_what_makes_no_sense_without_the_locked_lines_around_it_is_kept_with_them():
    helper = released("helper", "def same(a, b):\n    assert a == b", locked=True)
    mine = "def same(a, b):\n    if a is None:\n        return\n    assert a == b"
    notebook = handed_in(as_submitted(helper, mine))
    restore(notebook, [helper])
    assert in_order(notebook)[0][0] == "-" and "if a is None" in in_order(notebook)[0][1]
    assert in_order(notebook)[1] == ("helper", helper.source)


@pytest.mark.parametrize(
    "text", ["\r\nimport numpy as np\r\n", "import numpy as np   ", "\n\n import numpy as np", "import numpy as np\u2028"]
)
def test_line_ends_and_blanks_at_edges_are_no_edit(text):
    assert restore(handed_in(as_submitted(SETUP, text)), [SETUP]) == []


def test_a_deleted_helper_that_checks_need_comes_back_and_a_picture_does_not():
    helper = released("helper", "def same(a, b):\n    assert a == b", locked=True)
    look = released("look", "shown = 7\nprint(shown)", locked=True)
    check = released("check", "same(area(), 6)", grade=True, locked=True, points=1.0)
    notebook = handed_in(as_submitted(AREA, SOLVED), as_submitted(check))
    restore(notebook, [helper, AREA, check, look])
    assert names(notebook) == ["helper", "area", "check"]


def test_an_answer_typed_below_its_question_is_moved_into_its_cell():
    notebook = handed_in(as_submitted(QUESTION, f"{QUESTION.source}\n\nBecause of the border.\nAnd so on."), as_submitted(WHY))
    notes = restore(notebook, [QUESTION, WHY])
    assert in_order(notebook) == [("question", QUESTION.source), ("why", "Because of the border.\nAnd so on.")]
    assert notes[-1] == "answers stood beside their cells and are moved there: why"


@pytest.mark.parametrize(
    "mine", [TEXT("Because."), nbformat.v4.new_raw_cell("Because."), CODE("Because of the border, I think."), CODE("# Because.\n# Really.")]
)
@pytest.mark.parametrize("before", [True, False])
def test_an_answer_in_a_cell_beside_its_own_is_moved_there(mine, before):
    asked, answer = as_submitted(QUESTION), as_submitted(WHY)
    notebook = handed_in(asked, *([mine, answer] if before else [answer, mine]), as_submitted(SETUP))
    restore(notebook, [QUESTION, WHY, SETUP])
    assert in_order(notebook)[:2] == [("question", QUESTION.source), ("why", mine.source)] and len(notebook.cells) == 3


def test_an_answer_whose_cell_is_lost_is_found_between_its_neighbours():
    notebook = handed_in(TEXT(QUESTION.source), TEXT("Because."), CODE(SETUP.source))
    restore(notebook, [QUESTION, WHY, SETUP])
    assert in_order(notebook) == [("question", QUESTION.source), ("why", "Because."), ("setup", SETUP.source)]


def test_pictures_come_along_with_an_answer_and_keep_apart():
    first = TEXT("![a](attachment:a.png)", attachments={"a.png": {"image/png": "Zmlyc3Q="}})
    second = TEXT("![a](attachment:a.png)", attachments={"a.png": {"image/png": "c2Vjb25k"}})
    notebook = handed_in(as_submitted(WHY), first, second)
    restore(notebook, [WHY])
    (answer,) = notebook.cells
    assert answer.source == "![a](attachment:a.png)\n\n![a](attachment:2-a.png)"
    assert answer.attachments == {"a.png": {"image/png": "Zmlyc3Q="}, "2-a.png": {"image/png": "c2Vjb25k"}}


def test_nothing_is_taken_for_an_answer_that_is_none():
    """A heading of the release, the student's code, notes behind the next released cell, and notes beside a given answer."""
    heading, code, notes = TEXT("## Next part"), CODE("x = 1"), TEXT("My notes.")
    notebook = handed_in(as_submitted(QUESTION), as_submitted(WHY, " Your answer.\n"), code, heading, as_submitted(SETUP), notes)
    assert restore(notebook, [QUESTION, WHY, SETUP], plain=("## Next part",)) == []
    assert notebook.cells[1].source == WHY.source, "as released, so that nbgrader sees that there is no answer"
    answered = handed_in(as_submitted(WHY, "Because."), notes)
    assert restore(answered, [WHY]) == [] and len(answered.cells) == 2


def test_what_the_grader_says_of_an_unreadable_file_is_no_answer():
    notebook = unreadable_notebook("empty")
    restore(notebook, [QUESTION, WHY])
    assert [cell.source for cell in notebook.cells if grade_id(cell) == "why"] == [WHY.source] and len(notebook.cells) == 2


def test_a_note_typed_into_a_locked_text_stands_behind_it():
    notebook = handed_in(as_submitted(QUESTION, f"My note.\n\n{QUESTION.source}"), as_submitted(WHY, "Because."))
    restore(notebook, [QUESTION, WHY])
    assert in_order(notebook) == [("question", QUESTION.source), ("-", "My note."), ("why", "Because.")]


def test_putting_right_twice_gives_the_same_cells():
    """Results are kept by a notebook's cells, their ids among them."""
    made = [handed_in(CODE("x", id="typed-into-setup"), solved().cells[3], CODE("import sys", id="setup")) for _ in range(2)]
    assert all(put_right(notebook, Release((SETUP, CHECK))) for notebook in made)
    assert [cell.id for cell in made[0].cells] == [cell.id for cell in made[1].cells]
    assert len({cell.id for cell in made[0].cells}) == len(made[0].cells)


def test_long_hostile_cells_are_put_right_in_no_time():
    long = [
        " " * 200_000,
        "x" * 500_000,
        "a, " * 100_000,
        "? " * 100_000,
        "-" * 50_000 + "1",
        "(" * 5_000,
        "1 + " * 20_000 + "1",
        "\n" * 300_000,
    ]
    notebook = handed_in(*(CODE(text) for text in long), *(as_submitted(SETUP, text) for text in long), as_submitted(QUESTION, long[1]))
    started = time.process_time()
    restore(notebook, TASK)
    assert time.process_time() - started < 5


SEVERAL = """
import nbformat
from autograder.run.recognise import recognise
from autograder.run.released import Release, ReleasedCell
from autograder.checking.source_rule import Notebook

roles = {"cell_type": "code", "grade": False, "solution": True, "task": False, "locked": False}
cells = tuple(ReleasedCell({"grade_id": f"f{n}", **roles}, f"def f{n}(): raise NotImplementedError") for n in range(8))
all_in_one = nbformat.v4.new_code_cell("".join(f"def f{n}(): return {n}\\n" for n in range(8)))
print([cell.name for cell in recognise([all_in_one], Release(cells)).values()])
either = "if x:\\n    import scipy as m\\nelse:\\n    import torch as m\\ndef f():\\n    return m.sqrt(2)\\n"
inside = "def g():\\n    if x:\\n        import scipy as m\\n    else:\\n        import torch as m\\n    return m.sqrt(2)"
print([Notebook([either + inside]).reached(name, ["torch", "scipy"]) for name in "fg"])
"""


def test_what_fits_several_is_the_same_in_every_run():
    """Python gives sets of texts another order in each process, unless told by this variable."""
    said = {
        subprocess.run(
            [sys.executable, "-c", SEVERAL], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
        for seed in "0123"
    }
    assert said == {"['f0']\n['scipy', 'scipy']\n"}
