"""A class whose notebooks are right, and arrive as editors, platforms and habits leave them: graded once by the real command."""

from __future__ import annotations

import base64
from datetime import datetime

import pytest
from handed_in_forms import AREA, MEANS, RIGHT, WHY, named
from nbconvert.exporters import HTMLExporter
from page_examples import SUBMISSION, settings
from traitlets.config import Config

ANSWERS = {"area": AREA, "smooth": MEANS, "why_kernel": WHY}
FULL = {"check_area": 4.0, "check_smooth": 3.0, "why_kernel": None}
REPAIRED = {
    "metadata-lost", "metadata-and-ids-lost", "answers-alone", "retyped-and-check-deleted", "pair-pasted-as-new", "merged-into-a-check",
    "answer-below-its-question", "answer-in-a-cell-beside", "solutions-in-new-cells",
}  # fmt: skip
PICTURE = b"GIF89a\x02\x00\x02\x00" + bytes(9)
STOPPED = {"area": f"name = input('Your name? ')\n{AREA}", "smooth": 'def smooth(x):\n    print(f"{x["a"]}")', "why_kernel": WHY}


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, level):
    course = generated.copy(tmp_path_factory.mktemp("handed-in") / "course")
    for name, change in RIGHT.items():
        notebook = course.answer(ANSWERS)
        course.submit(name, change(notebook) or notebook)
    course.submit("stopped", course.answer(STOPPED))
    course.submit("nothing-written", course.answer({"area": AREA, "smooth": MEANS}))
    (
        course.submit("picture-beside", course.answer(ANSWERS | {"why_kernel": "![](sketch.png) as drawn"})).parent / "sketch.png"
    ).write_bytes(PICTURE)
    (course.folder / "submitted" / "untouched" / "tiny" / "timestamp.txt").write_text("2027-07-01 23:30:00 +0200")
    course.log = course.nbgrader("autograde", "tiny", f"--Grade.sandbox={level}", "--Grade.workers=2", "--Grade.cell_seconds=30")
    course.nbgrader("generate_feedback", "tiny")
    return course


@pytest.mark.parametrize("name", RIGHT)
def test_right_work_gets_full_marks_however_it_arrives(graded, name):
    assert graded.scores(name) == FULL, "None: the written answer waits for a person"
    assert WHY in graded.feedback(name)
    answer = named(graded.autograded(name), "why_kernel")
    assert WHY in answer.source


def test_feedback_and_log_say_what_was_put_right(graded):
    told = [line for line in graded.log.splitlines() if any(words in line for words in ("put back", "known by", "beside"))]
    for name in RIGHT:
        assert ("put right before this notebook was graded" in graded.feedback(name)) == (name in REPAIRED), name
        assert any(f"{name}: " in line for line in told) == (name in REPAIRED), name
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
    assert REPAIRED <= {name for name in RIGHT if look.get(name)} and not look.get("untouched")


def test_feedback_says_which_cell_stopped_and_what_only_a_newer_python_knows(graded):
    page = graded.feedback("stopped")
    assert "which should define it, stopped in line 1: EOFError: nobody can answer" in page
    assert "valid from Python 3.12 on" in page


def test_a_picture_handed_in_beside_the_notebook_is_shown_to_those_who_read_the_answer(graded):
    config = Config(settings())
    config.HTMLExporter.template_name = "formgrade"
    notebook = graded.folder / "autograded" / "picture-beside" / "tiny" / "tiny.ipynb"
    for page in (
        graded.feedback("picture-beside"),
        HTMLExporter(config=config).from_filename(str(notebook), resources=dict(SUBMISSION))[0],
    ):
        assert f"data:image/gif;base64,{base64.b64encode(PICTURE).decode()}" in page and "as drawn" in page


def test_a_time_with_an_offset_is_kept_in_utc(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("tiny", "untouched").timestamp == datetime(2027, 7, 1, 21, 30)
