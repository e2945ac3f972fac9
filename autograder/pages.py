"""Makes pages with students' work safe, self-contained and quickly made: the feedback and the formgrader.

What a student wrote must not act in a reader's browser, nor cover or imitate what the page itself says. Every text and
output of hers is rendered by `page_pieces`: cleaned, in a box that nothing leaves, within the room of the page. The checks'
reports are known by metadata that grading alone can write. ``nbgrader_config.py`` names what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from markupsafe import Markup
from nbconvert.exporters.exporter import Exporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool, List, Unicode

from autograder.feedback.calm import calm
from autograder.feedback.harmless import MAX_SHOWN, as_text, clean_html
from autograder.feedback.overview import Marks, read_marks, rows, summary
from autograder.feedback.page_files import FilesBeside
from autograder.feedback.page_pictures import size
from autograder.feedback.page_pieces import Pieces, told
from autograder.feedback.page_room import MAX_CELLS, MAX_OUTPUTS, MAX_PAGE_HTML, Room
from autograder.feedback.page_tasks import parts
from autograder.feedback.page_view import View
from autograder.feedback.templating import NOTHING, PIECES, TEMPLATES, escaped, made_as_html, template
from autograder.jobs.cells import OURS, about, has_points, is_answer, is_checked, is_locked
from autograder.jobs.defined import defined_names
from autograder.jobs.outputs import cut

__all__ = ["MAX_PAGE_HTML", "FeedbackPage", "Neutralise", "clean_html", "safe_code", "safe_markdown"]

BOXES = TEMPLATES / "formgrade" / "pages.css"  # which the formgrader's template includes
PAGE = TEMPLATES / "page"
KEPT = 2_000  # rendered sources of given cells, which are the same for everybody
ROOM, FILES = "room_for_students_work", "files_beside"  # names of a page's room and of its files in the resources of its template
_PICTURED = re.compile(r"!\[|<img\b|attachment:", re.IGNORECASE)
NAMES = ("student", "last_name", "first_name", "notebook_path")  # resources of the formgrader that a student may have chosen


@pass_context
def safe_markdown(context: Any, source: str) -> str:
    """The ``markdown2html`` filter of the formgrader."""
    cell = context.get("cell", {})
    ours = cell.get("metadata", {}).get(OURS, {})
    if ours.get("heading") or source == about(cell).get("comment"):  # a teacher's, however much there is of the student's
        rendered = Pieces().markdown(source)
        return str(PIECES.mark_scheme(ours["heading"], rendered) if ours.get("heading") else rendered)
    return str(_text(cell, source, _of_page(context.get("resources"))))


@pass_context
def safe_code(context: Any, source: str, **_: Any) -> str:
    """The ``highlight_code`` filter of the formgrader."""
    return str(_code(context.get("cell", {}), source, _of_page(context.get("resources"))))


def _text(cell: Any, source: str, pieces: Pieces) -> Markup:
    if cell.get("metadata", {}).get(OURS, {}).get("raw"):
        return pieces.raw(source)
    attachments = cell.get("attachments")
    alike = _is_given(cell) and not attachments and not _PICTURED.search(source)
    return (_kept(_given_text, source, pieces) if alike else NOTHING) or pieces.markdown(source, attachments, has_points(cell))


def _code(cell: Any, source: str, pieces: Pieces) -> Markup:
    return (_kept(_given_code, source, pieces) if _is_given(cell) else NOTHING) or pieces.code(source, has_points(cell) or is_answer(cell))


def _is_given(cell: Any) -> bool:
    return is_locked(cell) and len(cell.get("source", "")) <= MAX_SHOWN


def _kept(render: Callable[[str], Markup], source: str, pieces: Pieces) -> Markup:
    """A given cell's source as it was rendered for the page before; nothing where this page has no room for it."""
    page = render(source)
    return page if pieces.room.take(markup=len(page.encode())) else NOTHING


@lru_cache(KEPT)
def _given_text(source: str) -> Markup:
    return Pieces().markdown(source)


@lru_cache(KEPT)
def _given_code(source: str) -> Markup:
    return Pieces().code(source)


def _source(cell: NotebookNode, pieces: Pieces) -> Markup:
    """A harmless cell's text or code as clean HTML."""
    return (_code if cell.cell_type == "code" else _text)(cell, cell.source, pieces)


def _of_page(resources: Any) -> Pieces:
    """What renders the pieces of the page with these resources."""
    resources = resources or {}
    room, files = resources.get(ROOM), resources.get(FILES)
    return Pieces(room if isinstance(room, Room) else None, files if isinstance(files, FilesBeside) else None)


class Neutralise(Preprocessor):
    """Makes a notebook ready to become a page: what is a student's becomes harmless and is given no more than its room."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        given = (defined_names(cell.source) for cell in nb.cells if cell.cell_type == "code" and is_locked(cell) and not has_points(cell))
        pieces = Pieces(Room(), _files_beside(resources), frozenset[str]().union(*given))
        resources[ROOM], resources[FILES] = pieces.room, pieces.files
        for name in NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = escaped(resources[name])
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
    kept: dict[str, Any] = {"nbgrader": cell.metadata["nbgrader"]} if about(cell) else {}
    made: dict[str, Any] = {"id": f"cell-{index}", "cell_type": "markdown", "metadata": kept, "source": cell.source}
    if cell.cell_type == "code":
        source, outputs = cut(calm(cell.source), MAX_SHOWN), _outputs(cell.outputs, pieces)
        made |= {"cell_type": "code", "source": source, "outputs": outputs, "execution_count": None}
    elif cell.cell_type == "markdown":
        made["attachments"] = cell.get("attachments", {})
    else:
        made["metadata"] = kept | {OURS: {"raw": True}}
    return nbformat.from_dict(made)


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
            heading = PIECES.whose() if graded and not shown else NOTHING
            shown.append(_html(heading + pieces.output(output), output))
        else:
            left.append(output)
    if left:
        said = f"{len(left):,} outputs are left out here ({size(sum(len(str(output)) for output in left))})."
        shown.insert(-2 if graded else len(shown), _html(told(said)))
    return shown


def _is_report(output: NotebookNode) -> bool:
    return "checks" in (output.get("metadata", {}).get(OURS) or {})


def _html(page: Markup, output: NotebookNode | None = None) -> NotebookNode:
    made: dict[str, Any] = {"output_type": "display_data", "data": {"text/html": str(page)}, "metadata": {}}
    if output is not None and output.output_type == "execute_result":
        made |= {"output_type": "execute_result", "execution_count": output.get("execution_count")}
    return nbformat.from_dict(made)


def _report(output: NotebookNode) -> Markup:
    """The checks' report with a heading; only here is the class that gives it its looks."""
    try:
        page = clean_html("".join(output.data["text/html"]))
    except Exception:  # it holds texts of a student's
        page = as_text("".join(output.data.get("text/plain", "")))
    return PIECES.report(page)


class FeedbackPage(Exporter):
    """The page that a student gets: a table of the tasks and their points, then the tasks, with nothing from another host."""

    file_extension = Unicode(".html").tag(config=True)
    default_preprocessors: List = List([]).tag(config=True)
    optimistic_validation = Bool(True).tag(config=True)  # of a notebook that grading wrote, and that becomes no notebook again

    # nbconvert's base class promises a notebook; those that make pages return texts.
    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:  # type: ignore[override]
        for cell in nb.cells:
            if is_checked(cell):
                cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
        nb.cells = first(nb.cells)  # those that a page shows
        of_notebook = (resources or {}).get("nbgrader") or {}
        marks = read_marks(of_notebook, nb.cells)
        neutral, resources = super().from_notebook_node(nb, resources, **kwargs)
        return self._page(str(of_notebook.get("notebook", "")), nb.cells, neutral.cells, marks, resources), resources

    def _page(self, name: str, cells: list[NotebookNode], neutral: list[NotebookNode], marks: Marks, resources: Any) -> str:
        table = rows(cells, marks)
        pieces = _of_page(resources)
        book = str(self.config.get("Grade", {}).get("book") or "")
        view = View(cells, neutral, lambda cell: _source(cell, pieces), Pieces().markdown, marks, book)
        told = len(list(takewhile(lambda cell: cell.cell_type == "markdown" and not about(cell), cells)))  # what grading has to say
        notes = [_source(cell, pieces) for cell in neutral[:told]]
        divided = [replace(part, start=max(part.start, told)) for part in parts(cells) if part.stop > told]
        sections = view.sections(divided, table)
        return template(PAGE / "page.html.j2").render(summary(name, table, marks.penalty), style=_style(), notes=notes, sections=sections)


@cache
def _style() -> Markup:
    return made_as_html("\n".join(path.read_text("utf-8") for path in (BOXES, PAGE / "page.css")))
