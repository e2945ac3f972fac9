"""Shows the mark scheme of each written question beside the student's answer: in the formgrader, and nowhere else.

Releasing takes the mark schemes out, so no submission holds one. `MarkSchemes` reads them from the source notebook when
the formgrader shows a submission. ``nbgrader_config.py`` names it, and `templates` for what else the page needs.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import nbgrader
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from autograder.jobs.cells import OURS, grade_id
from autograder.marking.schemes import read_schemes
from autograder.places import PACKAGE

HEADING = "Mark scheme (only you see it)"


class MarkSchemes(Preprocessor):
    """Puts a cell with the mark scheme before each answer that has one."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        if "submission_id" not in resources:  # only the formgrader asks for a submission: this is a feedback page
            return nb, resources
        schemes = self.schemes(resources["assignment_id"], resources["notebook_id"])
        cells = []
        for cell in nb.cells:
            scheme = schemes.get(grade_id(cell))
            cells += [cell] if scheme is None else [scheme_cell(scheme), cell]
        nb.cells = cells
        return nb, resources

    def schemes(self, assignment: str, notebook: str) -> dict[str | None, str]:
        """Mark schemes of a source notebook by grade_id; none where it can't be read."""
        return read_schemes(CourseDirectory(parent=self), assignment, notebook, self.log)


def scheme_cell(scheme: str) -> NotebookNode:
    """A markdown cell with a mark scheme, marked as the grader's own so that it can be folded and takes no room from the answer."""
    return nbformat.v4.new_markdown_cell(scheme, metadata={OURS: {"heading": HEADING}})


def templates() -> list[str]:
    """Folders of page templates: this project's, which go before nbgrader's, and nbgrader's."""
    own = PACKAGE / "feedback" / "templates"
    return [str(own), str(Path(nbgrader.__file__).resolve().parent / "server_extensions" / "formgrader" / "templates")]
