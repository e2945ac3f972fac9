"""One normal form for the notebooks an author edits, so that a change of one cell is one cell in the diff.

``python -m autograder normalise [FILE …]`` brings them into it (pre-commit calls that); a test holds them there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.course import ROOT
from autograder.chapters import chapters
from autograder.errors import CourseError

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LONGEST_ID = 64


class NoNotebook(CourseError):
    """A file that is no notebook of format 4."""


def notebooks() -> list[Path]:
    """The notebooks that are edited by hand: chapters and assignments."""
    return sorted([*(file for chapter in chapters().values() for file in chapter.notebooks()), *(ROOT / "source").glob("*/*.ipynb")])


def normalise(paths: Sequence[Path] = ()) -> list[Path]:
    """Brings notebooks into normal form; returns those that were changed.

    Args:
        paths: notebooks; all that are edited by hand if none is named.

    Raises:
        NoNotebook: a file is no notebook of format 4; the message names it.
    """
    changed = []
    for path in paths or notebooks():
        before = path.read_text("utf-8")
        after = normal_form(before, keep_outputs=path.resolve().is_relative_to(ROOT / "book"), name=str(path))
        if after != before:
            path.write_text(after, "utf-8")
            changed.append(path)
    return changed


def normal_form(text: str, keep_outputs: bool, name: str = "the notebook") -> str:
    """A notebook's JSON in normal form: nbformat 4.5, one kernel, readable cell ids, no pictures, one execution count.

    Args:
        text: the notebook's JSON.
        keep_outputs: chapters keep printed outputs (they are compared with what the cells compute); assignments none.
        name: how an error names it.

    Raises:
        NoNotebook: ``text`` is no notebook of format 4.
    """
    try:
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    except Exception as error:
        raise NoNotebook(f"{name}: expected a notebook, got something that can't be read: {error}") from None
    if notebook.nbformat != 4:
        raise NoNotebook(f"{name}: expected notebook format 4, got {notebook.nbformat}")
    notebook.nbformat_minor = 5
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        _normal_cell(cell, keep_outputs)
    _readable_ids(notebook.cells)
    return nbformat.writes(notebook) + "\n"


def _normal_cell(cell: NotebookNode, keep_outputs: bool) -> None:
    for key in ("execution", "collapsed", "scrolled", "editable", "trusted", "jupyter", "slideshow"):
        cell.metadata.pop(key, None)
    if cell.get("attachments") == {}:
        del cell["attachments"]
    if cell.cell_type != "code":
        return
    cell.execution_count = 1 if keep_outputs else None  # nbval compares outputs only of cells that have been run
    cell.outputs = [output for output in cell.outputs if keep_outputs and _is_text(output)]
    for output in cell.outputs:
        if "execution_count" in output:
            output.execution_count = cell.execution_count


def _is_text(output: NotebookNode) -> bool:
    return not any(mime.startswith("image/") for mime in output.get("data", {}))


def _readable_ids(cells: list[NotebookNode]) -> None:
    """Cells that an editor gave a random id get one from their first words; others keep theirs."""
    taken = {cell.id for cell in cells if "id" in cell}
    for cell in cells:
        if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", cell.get("id", "00000000")):
            words = re.findall(r"[a-z0-9]+", cell.metadata.get("nbgrader", {}).get("grade_id", cell.source).lower())[:5]
            name = "-".join(["cell", *words])[: LONGEST_ID - 4]
            number, unique = 2, name
            while unique in taken:
                number, unique = number + 1, f"{name}-{number}"
            taken.add(unique)
            cell["id"] = unique
