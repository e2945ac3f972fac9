"""A class whose notebooks are right, and arrive as editors, platforms and habits leave them: graded once by the real command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import nbformat
import pytest
from nbformat import NotebookNode

AREA = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
MEANS = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"
WHY = "The last entry has no right neighbour."
ANSWERS = {"area": AREA, "smooth": MEANS, "why_kernel": WHY}
FULL = {"check_area": 4.0, "check_smooth": 3.0, "why_kernel": None}
CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
Change = Callable[[NotebookNode], "bytes | None"]
RIGHT: dict[str, Change] = {}


def right(change: Change) -> Change:
    """Registers a way in which a right notebook arrives; it gives the file's bytes where they are no plain UTF-8."""
    RIGHT[change.__name__.replace("_", "-")] = change
    return change


def named(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def without(notebook: NotebookNode, *names: str) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in names]


@right
def untouched(notebook: NotebookNode) -> None:
    """Nothing odd."""


@right
def metadata_lost(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})


@right
def metadata_and_ids_lost(notebook: NotebookNode) -> None:
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell["id"] = nbformat.from_dict({}), f"new-{number}"


@right
def answers_alone(notebook: NotebookNode) -> None:
    notebook.cells = [CODE("import numpy as np"), CODE(f"{AREA}\n\n{MEANS}"), TEXT(WHY)]


@right
def retyped_and_check_deleted(notebook: NotebookNode) -> None:
    notebook.cells.insert(notebook.cells.index(named(notebook, "area")), CODE(AREA))
    without(notebook, "area", "check_area")


@right
def pair_pasted_as_new(notebook: NotebookNode) -> None:
    for name in ("smooth", "check_smooth"):
        place = notebook.cells.index(named(notebook, name))
        notebook.cells[place] = CODE(notebook.cells[place].source)


@right
def merged_into_a_check(notebook: NotebookNode) -> None:
    named(notebook, "check_area").source += f"\n\n{MEANS}"
    without(notebook, "smooth")


@right
def answer_below_its_question(notebook: NotebookNode) -> None:
    named(notebook, "why_text").source += f"\n\n{WHY}"
    named(notebook, "why_kernel").source = "YOUR ANSWER HERE"


@right
def answer_in_a_cell_beside(notebook: NotebookNode) -> None:
    named(notebook, "why_kernel").source = "YOUR ANSWER HERE "
    notebook.cells.append(TEXT(WHY))


@right
def windows_line_ends(notebook: NotebookNode) -> None:
    notebook.cells.insert(1, CODE("%%time\nx = \\\n    1"))
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


@right
def utf_16(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode("utf-16")


@right
def windows_1252(notebook: NotebookNode) -> bytes:
    notebook.cells.append(CODE("name = 'Zoë Müller – 5 €'"))
    return nbformat.writes(notebook).encode("cp1252")


@right
def habits(notebook: NotebookNode) -> None:
    named(notebook, "area").source = f"%load_ext tensorboard\n{AREA}"
    named(notebook, "smooth").source = f"%nowhere_magic x\n{MEANS}"
    notebook.cells.insert(1, CODE("input('Ready? ')"))


STOPPED = {"area": f"name = input('Your name? ')\n{AREA}", "smooth": 'def smooth(x):\n    print(f"{x["a"]}")', "why_kernel": WHY}


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, level):
    course = generated.copy(tmp_path_factory.mktemp("handed-in") / "course")
    for name, change in RIGHT.items():
        notebook = course.answer(ANSWERS)
        course.submit(name, change(notebook) or notebook)
    course.submit("stopped", course.answer(STOPPED))
    course.submit("nothing-written", course.answer({"area": AREA, "smooth": MEANS}))
    (course.folder / "submitted" / "untouched" / "tiny" / "timestamp.txt").write_text("2027-07-01 23:30:00 +0200")
    course.log = course.nbgrader("autograde", "tiny", f"--Grade.sandbox={level}", "--Grade.workers=2", "--Grade.cell_seconds=5")
    course.nbgrader("generate_feedback", "tiny")
    return course


@pytest.mark.parametrize("name", RIGHT)
def test_right_work_gets_full_marks_however_it_arrives(graded, name):
    assert graded.scores(name) == FULL, "None: the written answer waits for a person"
    assert WHY in graded.feedback(name)
    answer = named(graded.autograded(name), "why_kernel")
    assert WHY in answer.source


def test_feedback_and_log_say_what_was_put_right(graded):
    for name in RIGHT:
        repaired = name not in ("untouched", "windows-line-ends", "utf-16", "windows-1252", "habits")
        assert ("put right before this notebook was graded" in graded.feedback(name)) == repaired, name
        assert (
            f"{name}: " in "".join(line for line in graded.log.splitlines() if "put back" in line or "known by" in line or "beside" in line)
        ) == repaired
    assert "typed into locked cells" in graded.feedback("merged-into-a-check")


def test_a_notebook_without_a_written_answer_still_has_none(graded):
    assert graded.scores("nothing-written") == FULL | {"why_kernel": 0.0}


def test_the_class_report_names_every_notebook_that_was_repaired(graded):
    from nbgrader.api import Gradebook

    from autograder.classroom.graded import open_course
    from autograder.classroom.report import class_report

    coursedir = open_course(graded.folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        look = class_report(coursedir, gradebook, "tiny").look
    assert {name for name in RIGHT if look.get(name)} == set(RIGHT) - {"untouched", "windows-line-ends", "utf-16", "windows-1252", "habits"}


def test_feedback_says_which_cell_stopped_and_what_only_a_newer_python_knows(graded):
    page = graded.feedback("stopped")
    assert "which should define it, stopped in line 1: EOFError: nobody can answer" in page
    assert "valid from Python 3.12 on" in page


def test_a_time_with_an_offset_is_kept_in_utc(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("tiny", "untouched").timestamp == datetime(2027, 7, 1, 21, 30)
