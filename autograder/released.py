"""What an assignment looked like when it was released, to put back what a student changed, moved out or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.submission import visible_source


@dataclass(frozen=True)
class ReleasedCell:
    """One cell that nbgrader knows: its metadata as released and its source with the hidden region."""

    metadata: dict[str, Any]
    source: str

    @property
    def name(self) -> str:
        return self.metadata["grade_id"]

    @property
    def scored(self) -> bool:
        return self.metadata["grade"] or self.metadata["task"]

    @property
    def locked(self) -> bool:
        return self.metadata["locked"] and not self.metadata["solution"]


def released_cells(db_url: str, assignment: str, notebook: str, source_path: Path) -> list[ReleasedCell]:
    """The released cells in the order of the source notebook (of the gradebook where there is no such file)."""
    with Gradebook(db_url) as gradebook:
        entry = gradebook.find_notebook(notebook, assignment)
        cells = [ReleasedCell(_metadata(entry, cell), cell.source) for cell in entry.source_cells]
    order = {name: number for number, name in enumerate(_source_order(source_path))}
    return sorted(cells, key=lambda cell: order.get(cell.name, len(order)))


def _metadata(notebook: Any, cell: Any) -> dict[str, Any]:
    kinds = {"grade": notebook.grade_cells, "solution": notebook.solution_cells, "task": notebook.task_cells}
    roles = {kind: any(member.name == cell.name for member in members) for kind, members in kinds.items()}
    scored = [member for kind in ("grade", "task") for member in kinds[kind] if member.name == cell.name]
    points = {"points": float(scored[0].max_score)} if scored else {}
    about = {"schema_version": 3, "grade_id": cell.name, "checksum": cell.checksum, "cell_type": cell.cell_type}
    return about | {"locked": bool(cell.locked)} | roles | points


def _source_order(path: Path) -> list[str]:
    if not path.is_file():
        return []
    cells = nbformat.read(path, 4).cells
    return [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]


def restore(nb: NotebookNode, released: list[ReleasedCell]) -> list[str]:
    """Puts the released cells of ``nb`` back as they were, except for what a student is meant to write, in place.

    Released cells get their metadata back, locked ones their source too. A cell that was never released loses its
    nbgrader metadata. A missing scored cell goes after the nearest released cell before it that is there. Returns a
    line for each kind of thing that was put right.
    """
    known = {cell.name: cell for cell in released}
    strange, changed, missing, place = [], [], [], 0
    for cell in nb.cells:
        name = grade_id(cell)
        if name in known:
            cell.metadata["nbgrader"] = nbformat.from_dict(known[name].metadata)
            if known[name].metadata["cell_type"] == "code":
                cell.pop("attachments", None)  # of a text cell that nbgrader is about to make code, which can't have any
            if known[name].locked and cell.cell_type == known[name].metadata["cell_type"]:
                if visible_source(known[name].source).strip() != cell.source.strip():
                    changed.append(name)
                cell.source = known[name].source
        elif "nbgrader" in cell.metadata:
            strange.append(_shown(name))
            del cell.metadata["nbgrader"]
    for cell in released:
        found = [index for index, other in enumerate(nb.cells) if grade_id(other) == cell.name]
        if found:
            place = found[-1] + 1
        elif cell.scored:
            missing.append(cell.name)
            nb.cells.insert(place, _new_cell(cell))
            place += 1
    notes = (
        ("locked cells were edited and are put back", changed),
        ("graded cells were missing and are put back", missing),
        ("cells are not part of the assignment and earn nothing", strange),
    )
    return [f"{what}: {', '.join(names)[:300]}" for what, names in notes if names]


def forget_repeated(nb: NotebookNode) -> list[str]:
    """Takes nbgrader's metadata from all but the last cell of a name: nbgrader would end its run at such cells.

    Returns a line that names them, if there are any.
    """
    seen: set[str] = set()
    repeated: set[str] = set()
    for cell in reversed(nb.cells):
        name = grade_id(cell)
        if name in seen:
            repeated.add(name)
            del cell.metadata["nbgrader"]
        elif name is not None:
            seen.add(name)
    return [f"cells are there several times, the last counts: {', '.join(map(_shown, sorted(repeated)))[:300]}"] if repeated else []


def _new_cell(cell: ReleasedCell) -> NotebookNode:
    make = nbformat.v4.new_code_cell if cell.metadata["cell_type"] == "code" else nbformat.v4.new_markdown_cell
    return make(cell.source, metadata={"nbgrader": cell.metadata})


def grade_id(cell: NotebookNode) -> str | None:
    """nbgrader's id of a cell, None if it has none or its metadata is broken."""
    info = cell.metadata.get("nbgrader")
    name = info.get("grade_id") if isinstance(info, dict) else None
    return name if isinstance(name, str) else None


def _shown(name: str | None) -> str:
    """A student's name for a cell within a line of text: one that would break or hide the line is quoted."""
    return name if name and name.isprintable() else repr(name)
