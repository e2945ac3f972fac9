"""Mark schemes: found in the source, shown in the formgrader, never in a feedback page."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config, PyFileConfigLoader

from autograder.authoring.course import ROOT
from autograder.mark_scheme import HEADING, MarkSchemes, templates
from autograder.marking.schemes import items_in, region
from autograder.pages import FeedbackPage, Neutralise, safe_markdown

ANSWER = "Because of $x_1$."
SUBMISSION = {"submission_id": "1", "assignment_id": "words", "notebook_id": "words", "base_url": "", "index": 0, "total": 1}


def answer(name: str, source: str) -> NotebookNode:
    about = {"schema_version": 3, "grade_id": name, "grade": True, "solution": True, "locked": False, "task": False, "points": 2}
    return nbformat.v4.new_markdown_cell(source, metadata={"nbgrader": about})


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder with an assignment of two questions, one with a mark scheme."""
    scheme = "=== BEGIN MARK SCHEME ===\n**Rubric.** 1 point for $x_1$, 1 for *why*.\n\nSecond paragraph.\n=== END MARK SCHEME ==="
    folder = tmp_path / "source" / "words"
    folder.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[answer("why", scheme), answer("how", "Write here.")]), folder / "words.ipynb")
    return tmp_path


@pytest.fixture
def config(course: Path) -> Config:
    """What `nbgrader_config.py` sets of these pages."""
    made = Config()
    made.CourseDirectory.root = str(course)
    made.HTMLExporter.preprocessors = [Neutralise, MarkSchemes]
    made.HTMLExporter.filters = {"markdown2html": safe_markdown}
    made.HTMLExporter.extra_template_basedirs = templates()
    made.HTMLExporter.template_name = "formgrade"
    return made


def submitted() -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[answer("why", ANSWER), answer("how", ANSWER), nbformat.v4.new_markdown_cell("mine")])


def formgrader(config: Config) -> str:
    return HTMLExporter(config=config).from_notebook_node(submitted(), resources=dict(SUBMISSION))[0]


def test_formgrader_shows_the_mark_scheme_before_its_answer_and_formulas_without_script(config):
    page = formgrader(config)
    assert page.count(HEADING) == 1
    assert page.index(HEADING) < page.index("Second paragraph.") < page.index("Because of")
    assert "<strong>Rubric.</strong>" in page and "<math" in page


def test_formgrader_page_names_no_other_host(config):
    page = formgrader(config)
    assert "mathjax/" not in page and 'src="http' not in page and 'href="http' not in page


def test_a_page_that_is_not_the_formgraders_gets_no_mark_scheme_even_with_the_preprocessor(config):
    about = {name: value for name, value in SUBMISSION.items() if name != "submission_id"}
    page, _ = HTMLExporter(config=config).from_notebook_node(submitted(), resources=about)
    assert "Because of" in page and HEADING not in page and "Rubric" not in page


def test_course_settings_keep_mark_schemes_out_of_feedback():
    made = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    assert MarkSchemes in made.HTMLExporter.preprocessors and MarkSchemes not in made.FeedbackPage.preprocessors
    assert MarkSchemes not in FeedbackPage(config=made).preprocessors


@pytest.mark.parametrize("text", [None, "", "no notebook", '{"cells": 7}'], ids=["gone", "empty", "text", "odd"])
def test_answers_are_shown_when_the_source_cannot_be_read(config, course, text):
    path = course / "source" / "words" / "words.ipynb"
    shutil.rmtree(path.parent) if text is None else path.write_text(text)
    page = formgrader(config)
    assert "Because of" in page and HEADING not in page


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("text", ""),
        ("=== BEGIN MARK SCHEME ===\na\n\nb\n=== END MARK SCHEME ===", "a\n\nb"),
        ("Task.\n### BEGIN MARK SCHEME\na\n### END MARK SCHEME\nMore.", "a"),
        ("BEGIN MARK SCHEME\na\nEND MARK SCHEME\nx\nBEGIN MARK SCHEME\nb\nEND MARK SCHEME", "a\nb"),
        ("BEGIN MARK SCHEME\nEND MARK SCHEME", ""),
        ("BEGIN MARK SCHEME\nwithout an end", ""),
    ],
)
def test_region_is_what_stands_between_the_marks(source, found):
    assert region(source, "BEGIN MARK SCHEME", "END MARK SCHEME") == found


@pytest.mark.parametrize(
    ("scheme", "items"),
    [
        ("**Rubric.** 1 point for this, 2 for that.", []),
        ("- [1] both axes\n- [+0.5]  one   axis\n* [-1] no reason", [("both axes", 1.0), ("one axis", 0.5), ("no reason", -1.0)]),
        ("Text.\n\n  + [\u22120,5] $x_1$ is wrong", [("$x_1$ is wrong", -0.5)]),
        ("- [0] a remark\n- [2] a remark", [("a remark", 0.0)]),
        ("- [ ] to do\n- [x] done\n- [a link](there)\n[1] a note", []),
    ],
)
def test_items_are_entries_of_a_list_that_begin_with_points(scheme, items):
    assert items_in(scheme) == items
