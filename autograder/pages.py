"""Makes pages with students' work safe, self-contained and quickly made: the feedback and the formgrader.

What a student wrote must not act in a reader's browser, nor cover or imitate what the page itself says. Every text and
output of hers is rendered by `page_pieces`: cleaned, in a box that nothing leaves, within the room of the page. The checks'
reports are known by metadata that grading alone can write. ``nbgrader_config.py`` names what stands here.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograder.feedback.harmless import MAX_SHOWN, as_text, calm, clean_html
from autograder.feedback.overview import opened_with, overview, read_marks, rows
from autograder.feedback.page_files import FilesBeside
from autograder.feedback.page_pictures import size
from autograder.feedback.page_pieces import Pieces, told
from autograder.feedback.page_room import MAX_CELLS, MAX_OUTPUTS, MAX_PAGE_HTML, Room
from autograder.jobs.cells import OURS, about, has_points, is_answer, is_checked
from autograder.jobs.outputs import cut
from autograder.places import PACKAGE

__all__ = ["MAX_PAGE_HTML", "FeedbackPage", "Neutralise", "clean_html", "safe_code", "safe_markdown"]

STYLE = PACKAGE / "feedback" / "templates" / "formgrade" / "pages.css"  # which the formgrader's template includes
ROOM, FILES = "room_for_students_work", "files_beside"  # names of a page's room and of its files in the resources of its template
WHOSE = '<p class="whose">Displayed by the student\'s code:</p>'
NAMES = ("student", "last_name", "first_name", "notebook_path")  # resources of the formgrader that a student may have chosen


@pass_context
def safe_markdown(context: Any, source: str) -> str:
    """The ``markdown2html`` filter of pages with students' work."""
    cell = context.get("cell", {})
    ours = cell.get("metadata", {}).get(OURS, {})
    if ours.get("raw"):
        return _pieces(context).raw(source)
    if ours.get("heading") or source == about(cell).get("comment"):  # a teacher's, however much there is of the student's
        rendered = Pieces().markdown(source)
        return _folded(ours["heading"], rendered) if ours.get("heading") else rendered
    return _pieces(context).markdown(source, cell.get("attachments"), has_points(cell))


@pass_context
def safe_code(context: Any, source: str, **_: Any) -> str:
    """The ``highlight_code`` filter of pages with students' work."""
    cell = context.get("cell", {})
    return _pieces(context).code(source, has_points(cell) or is_answer(cell))


def _pieces(context: Any) -> Pieces:
    resources = context.get("resources") or {}
    room, files = resources.get(ROOM), resources.get(FILES)
    return Pieces(room if isinstance(room, Room) else None, files if isinstance(files, FilesBeside) else None)


def _folded(heading: str, content: str) -> str:
    """Something of the teacher's that can be folded."""
    summary = f'<summary class="panel-heading">{html.escape(heading)}</summary>'
    return f'<details open class="mark-scheme panel panel-info">{summary}<div class="panel-body">{content}</div></details>'


class Neutralise(Preprocessor):
    """Makes a notebook ready to become a page: what is a student's becomes harmless and is given no more than its room."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        pieces = Pieces(Room(), _files_beside(resources))
        resources[ROOM], resources[FILES] = pieces.room, pieces.files
        for name in NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = html.escape(calm(resources[name]))
        nb.metadata = nbformat.from_dict({"language_info": {"name": "python"}})
        nb.cells = [_neutral(cell, index, pieces) for index, cell in enumerate(first(nb.cells))]
        return nb, resources


def _files_beside(resources: dict) -> FilesBeside:
    """What lies in the folder of the notebook that the page is made of."""
    folder = (resources.get("metadata") or {}).get("path")
    return FilesBeside(Path(folder) if isinstance(folder, str) and folder else None)


def first(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells that a page shows: all that belong to the assignment's grading, and the first of the others with a note."""
    others = [cell for cell in cells if not about(cell)]
    if len(others) <= MAX_CELLS + 1:
        return cells
    said = f"{len(others) - MAX_CELLS:,} cells are left out from here on: a page shows {MAX_CELLS}, and those for grading."
    place, left = others[MAX_CELLS], {id(cell) for cell in others[MAX_CELLS + 1 :]}
    note = nbformat.v4.new_raw_cell(said)
    return [note if cell is place else cell for cell in cells if id(cell) not in left]


def _neutral(cell: NotebookNode, index: int, pieces: Pieces) -> NotebookNode:
    """A cell with nothing of a student's but its source and its rendered outputs."""
    kept = {"nbgrader": cell.metadata["nbgrader"]} if about(cell) else {}
    if cell.cell_type == "code":
        shown = nbformat.v4.new_code_cell(cut(calm(cell.source), MAX_SHOWN), metadata=kept, outputs=_outputs(cell.outputs, pieces))
    else:
        shown = nbformat.v4.new_markdown_cell(cell.source, metadata=kept)
        if cell.cell_type == "markdown":
            shown.attachments = cell.get("attachments", {})
        else:
            shown.metadata[OURS] = {"raw": True}
    shown.id = f"cell-{index}"
    return shown


def _outputs(outputs: list[NotebookNode], pieces: Pieces) -> list[NotebookNode]:
    """The outputs as a page shows them, the checks' report whatever the student displayed beside it."""
    graded = any(_is_report(output) for output in outputs)
    shown, left = [], []
    for output in outputs:
        if _is_report(output):
            shown.append(_html(_report(output)))
        elif graded and output.output_type == "execute_result":
            shown.append(output)  # the points, for nbgrader
        elif not shown or (len(shown) < MAX_OUTPUTS and pieces.room.take(outputs=1)):  # the first may be the grader's own line
            heading = WHOSE if graded and not shown else ""
            shown.append(_html(heading + pieces.output(output), output))
        else:
            left.append(output)
    if left:
        said = f"{len(left):,} outputs are left out here ({size(sum(len(str(output)) for output in left))})."
        shown.insert(-2 if graded else len(shown), _html(told(said)))
    return shown


def _is_report(output: NotebookNode) -> bool:
    return "checks" in (output.get("metadata", {}).get(OURS) or {})


def _html(page: str, output: NotebookNode | None = None) -> NotebookNode:
    if output is not None and output.output_type == "execute_result":
        return nbformat.v4.new_output("execute_result", data={"text/html": page}, execution_count=output.get("execution_count"))
    return nbformat.v4.new_output("display_data", data={"text/html": page})


def _report(output: NotebookNode) -> str:
    """The checks' report with a heading; only here is the class that gives it its looks."""
    try:
        page = clean_html("".join(output.data["text/html"]))
    except Exception:  # it holds texts of a student's
        page = as_text("".join(output.data.get("text/plain", "")))
    return f'<section class="grader-report"><h4>Report of the checks</h4>{page}</section>'


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback page without anything from another host; it opens with a table of the tasks and their points."""

    # nbconvert's base class promises a notebook; those that make pages return texts, and ignore it in the same way.
    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:  # type: ignore[override]
        for cell in nb.cells:
            if is_checked(cell):
                cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
        of_notebook = (resources or {}).get("nbgrader") or {}
        marks = read_marks(of_notebook)
        table = overview(str(of_notebook.get("notebook", "")), rows(nb.cells, marks), marks.penalty)
        nb.cells = first(nb.cells)  # before nbconvert looks at each cell a dozen times
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        page = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
        page = opened_with(page, table)
        style = f"<style>\n{STYLE.read_text('utf-8')}</style>"
        return page.replace("<html>", '<html lang="en">', 1).replace("</head>", f"{style}</head>", 1), resources
