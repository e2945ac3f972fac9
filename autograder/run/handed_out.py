"""An assignment as it was handed out: its notebooks, the checks that decide on them, and what their code imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from autograder.engine.engine import EngineError, Plan, resolve_checks
from autograder.jobs.submission import Checks, DirectiveError, find_checks, warm_imports
from autograder.places import ROOT
from autograder.run.released import Release, released_cells


class HandedOut:
    """The assignment that a run is about.

    Args:
        coursedir: nbgrader's course directory.
    """

    def __init__(self, coursedir: Any) -> None:
        self.coursedir, self.assignment = coursedir, coursedir.assignment_id
        self.root = Path(coursedir.root).resolve()
        self.folder = Path(coursedir.format_path(coursedir.source_directory, ".", self.assignment))
        self.notebooks: list[str] = []  # their names, and what decides on the cells, from `read` on
        self.checks: dict[str, Checks] = {}
        self._cells: dict[str, Release] = {}

    def read(self) -> Plan:
        """Looks the assignment up; returns what an engine needs to know of it.

        Raises:
            EngineError: it isn't in the gradebook, or a directive names no check.
        """
        sources = self._sources()
        for name, source in sources.items():
            try:
                checks = find_checks(source, name)
            except DirectiveError as error:
                raise EngineError(str(error)) from None
            if checks is not None:
                try:
                    self.checks[name] = resolve_checks(checks, [self.root, ROOT])
                except EngineError as error:
                    raise EngineError(f"cell '{name}': {error}") from None
        return Plan(tuple(self.checks.values()), tuple(warm_imports(sources.values())), (self.root,))

    def _sources(self) -> dict[str, str]:
        """Source of every code cell of the assignment's notebooks as the gradebook and the source folder know them."""
        sources: dict[str, str] = {}
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                for notebook in gradebook.find_assignment(self.assignment).notebooks:
                    self.notebooks.append(notebook.name)
                    sources |= {cell.name: cell.source for cell in notebook.source_cells if cell.cell_type == "code"}
        except MissingEntry:
            raise EngineError(
                f"no assignment '{self.assignment}' in the gradebook; run `nbgrader generate_assignment {self.assignment}` first"
            ) from None
        for path in sorted(self.folder.glob("*.ipynb")):
            cells = read_cells(path)
            sources |= {f"{path.stem}-{number}": cell for number, cell in enumerate(cells) if "### BEGIN HIDDEN" not in cell}
        return sources

    def cells(self, notebook: str) -> Release:
        """The cells of one notebook as released; read once."""
        if notebook not in self._cells:
            self._cells[notebook] = released_cells(self.coursedir.db_url, self.assignment, notebook, self.folder / f"{notebook}.ipynb")
        return self._cells[notebook]


def read_cells(path: Path) -> list[str]:
    """Sources of the code cells of a notebook file; none if it can't be read."""
    try:
        return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    except Exception:
        return []
