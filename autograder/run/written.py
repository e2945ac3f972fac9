"""What a graded notebook holds of its result: outputs, reports and points, and nothing of this machine's paths."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.feedback.cell_report import graded_outputs
from autograder.jobs.cells import OURS, cause, is_checked, points
from autograder.jobs.score import CellResult, JobResult
from autograder.jobs.submission import visible_source
from autograder.places import PACKAGE
from autograder.run.fingerprint import KEY

PICTURES = ("image/png", "image/jpeg")


class Writer:
    """Writes results into notebooks.

    Args:
        course: the course folder.
        book: the address of the book, if it has one.
    """

    def __init__(self, course: Path, book: str) -> None:
        self.book = book
        shown = {sys.prefix: "<python>", sys.base_prefix: "<python>", str(course): "<course>", str(PACKAGE): "<grader>", "/submission": "."}
        self._paths = sorted(shown.items(), key=lambda pair: -len(pair[0]))

    def write(self, notebook: NotebookNode, result: JobResult, handed_in: str) -> None:
        """Writes a result into the sanitized notebook that it is of.

        Args:
            notebook: changed in place.
            result: with all its cells.
            handed_in: fingerprint of what was handed in.
        """
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                cell.outputs = self.outputs(cell, result.cells[index], result.level)
                cell.execution_count = None
                cell.source = visible_source(cell.source)
        causes = result.causes | set(filter(None, map(cause, notebook.cells)))
        about = {"sandbox": result.level, "seconds": round(result.seconds, 2), "memory_mb": result.memory_mb}
        notebook.metadata[OURS] = about | {KEY: handed_in, "causes": sorted(causes)}

    def outputs(self, cell: NotebookNode, outcome: CellResult, level: str) -> list[NotebookNode]:
        """What came of a code cell as its outputs; where checks decide, with their report and the points."""
        if is_checked(cell):
            outputs = graded_outputs(outcome, points(cell), level, self.book)
        else:
            note = [] if not outcome.note else [nbformat.v4.new_output("stream", name="stdout", text=outcome.note + "\n")]
            outputs = note + outcome.outputs
        return [nbformat.from_dict(self._scrubbed(output)) for output in outputs]

    def _scrubbed(self, value: Any) -> Any:
        """A part of an output without paths of this machine."""
        if isinstance(value, str):
            for path, shown in self._paths:
                value = value.replace(path, shown)
            return value
        if isinstance(value, dict):
            return {key: item if key in PICTURES else self._scrubbed(item) for key, item in value.items()}
        return [self._scrubbed(item) for item in value] if isinstance(value, list) else value
