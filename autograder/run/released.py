"""What an assignment looked like when it was released: its cells as the gradebook and the source notebook know them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from autograder.jobs.cells import has_points, is_checked, is_locked, is_written
from autograder.jobs.defined import asked_names, defined_names
from autograder.jobs.submission import visible_source


@dataclass(frozen=True)
class ReleasedCell:
    """One cell that nbgrader knows: its metadata as released, its source with the hidden region, its id in the notebook."""

    metadata: dict[str, Any]
    source: str
    id: str = ""

    @property
    def name(self) -> str:
        return self.metadata["grade_id"]

    @property
    def kind(self) -> str:
        return self.metadata["cell_type"]

    @property
    def _as_cell(self) -> dict[str, Any]:
        return {"cell_type": self.kind, "metadata": {"nbgrader": self.metadata}}

    @property
    def scored(self) -> bool:
        return has_points(self._as_cell) or self.metadata["task"]

    @property
    def locked(self) -> bool:
        return is_locked(self._as_cell)

    @property
    def check(self) -> bool:
        """Whether its points come from checks."""
        return is_checked(self._as_cell)

    @property
    def written(self) -> bool:
        """Whether it is an answer that a person reads."""
        return is_written(self._as_cell)

    @cached_property
    def text(self) -> str:
        """What a student saw of it, as `same_text` compares it."""
        return same_text(visible_source(self.source))

    @cached_property
    def defines(self) -> frozenset[str]:
        return defined_names(self.text) if self.kind == "code" else frozenset()

    @cached_property
    def asks(self) -> set[str]:
        return asked_names(self.text) if self.kind == "code" else set()


@dataclass(frozen=True)
class Release:
    """A released notebook.

    Attributes:
        cells: those that nbgrader knows, in order.
        plain: texts of the others.
    """

    cells: tuple[ReleasedCell, ...]
    plain: frozenset[str] = frozenset()

    @cached_property
    def given(self) -> set[str]:
        """Names that cells define which a student leaves as they are."""
        return {name for cell in self.cells if cell.locked and not cell.check for name in cell.defines}

    @cached_property
    def needed(self) -> set[str]:
        """Names of locked cells that checks or the students' own cells need."""
        asked = set().union(*(cell.asks for cell in self.cells if cell.scored or not cell.locked))
        return asked & self.given

    def asked(self, check: ReleasedCell) -> set[str]:
        """Names that a check needs from the student."""
        return check.asks - self.given


def same_text(text: str) -> str:
    """``text`` as it is compared: kinds of line ends and what is blank at its edges and at the ends of lines make no difference."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def released_cells(db_url: str, assignment: str, notebook: str, source_path: Path) -> Release:
    """The released notebook, in the order of the source notebook (of the gradebook where there is no such file)."""
    known: list[tuple[str, str]] = []
    plain = []
    for cell in nbformat.read(source_path, 4).cells if source_path.is_file() else []:
        if "nbgrader" in cell.metadata:
            known.append((cell.metadata.nbgrader.grade_id, cell.get("id", "")))
        else:
            plain.append(same_text(cell.source))
    ids = dict(known)
    with Gradebook(db_url) as gradebook:
        entry = gradebook.find_notebook(notebook, assignment)
        cells = [ReleasedCell(_metadata(entry, cell), cell.source, ids.get(cell.name, "")) for cell in entry.source_cells]
    order = {name: number for number, name in enumerate(ids)}
    return Release(tuple(sorted(cells, key=lambda cell: order.get(cell.name, len(order)))), frozenset(plain))


def _metadata(notebook: Any, cell: Any) -> dict[str, Any]:
    kinds = {"grade": notebook.grade_cells, "solution": notebook.solution_cells, "task": notebook.task_cells}
    roles = {kind: any(member.name == cell.name for member in members) for kind, members in kinds.items()}
    scored = [member for kind in ("grade", "task") for member in kinds[kind] if member.name == cell.name]
    points = {"points": float(scored[0].max_score)} if scored else {}
    about = {"schema_version": 3, "grade_id": cell.name, "checksum": cell.checksum, "cell_type": cell.cell_type}
    return about | {"locked": bool(cell.locked)} | roles | points
