"""Notebooks as grading leaves them, and the pages that nbgrader makes of them, for tests."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config, PyFileConfigLoader

from autograder.authoring.course import ROOT
from autograder.feedback.cell_report import graded_outputs
from autograder.jobs.outputs import OutputCleaner
from autograder.jobs.score import CellResult, CheckReport
from autograder.pages import FeedbackPage

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
SUBMISSION = {"submission_id": "1", "assignment_id": "words", "notebook_id": "words", "base_url": "", "index": 0, "total": 1}
SUBMISSION |= {"student": "ada", "last_name": None, "first_name": None, "notebook_path": "notebooks/ada.ipynb"}
REPORTS = [CheckReport("Size", True), CheckReport("Values", False, message="Wrong sum.")]


@functools.cache
def settings() -> Config:
    """What ``nbgrader_config.py`` sets."""
    made = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    made.HTMLExporter.extra_template_paths = [str(FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css")]
    return made


def feedback(notebook: NotebookNode) -> str:
    """The page that a student gets."""
    return FeedbackPage(config=settings()).from_notebook_node(notebook, resources={"nbgrader": {"notebook": "words"}})[0]


def formgrader(notebook: NotebookNode, **about: Any) -> str:
    """The page on which a teacher grades."""
    config = Config(settings())
    config.HTMLExporter.template_name = "formgrade"
    return HTMLExporter(config=config).from_notebook_node(notebook, resources=SUBMISSION | about)[0]


def code(*claims: dict, source: str = "x = 1") -> NotebookNode:
    """A student's cell that displayed ``claims``."""
    return nbformat.v4.new_code_cell(source, outputs=outputs(*claims))


def checked(*claims: dict, name: str = "check_sum", reports: Sequence[CheckReport] = REPORTS) -> NotebookNode:
    """A grade cell in which the student displayed ``claims``, with the checks' report."""
    result = CellResult(outputs=OutputCleaner().clean(list(claims)), reports=list(reports))
    made = [nbformat.from_dict(output) for output in graded_outputs(result, 2.0, "process")]
    return nbformat.v4.new_code_cell("# checks", metadata={"nbgrader": role(name)}, outputs=made)


def answer(source: str, name: str = "why", **about: Any) -> NotebookNode:
    """A written answer to be graded by hand."""
    return nbformat.v4.new_markdown_cell(source, metadata={"nbgrader": role(name, solution=True, locked=False, **about)})


def role(name: str, **about: Any) -> dict[str, Any]:
    graded = {"schema_version": 3, "grade_id": name, "grade": True, "solution": False, "locked": True, "task": False, "points": 2}
    return graded | {"score": 1.0} | about


def outputs(*claims: dict) -> list[NotebookNode]:
    return [nbformat.from_dict(output) for output in OutputCleaner().clean(list(claims))]


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook of cells, the same of which may stand there several times."""
    return nbformat.v4.new_notebook(cells=[nbformat.from_dict({**cell, "id": f"id-{number}"}) for number, cell in enumerate(cells)])


def markdown(source: str, **fields: Any) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source, **fields)


def stream(text: str) -> dict:
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(**forms: str) -> dict:
    """A display: ``html``, ``plain``, ``latex`` and ``markdown`` are texts, ``png``, ``jpeg`` and ``svg`` pictures."""
    names = {"svg": "image/svg+xml", "png": "image/png", "jpeg": "image/jpeg"}
    return {"output_type": "display_data", "metadata": {}, "data": {names.get(form, f"text/{form}"): text for form, text in forms.items()}}
