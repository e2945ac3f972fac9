"""How far a run is: a line for each notebook that is done, with its points and the time that is left."""

from __future__ import annotations

import time
from typing import Any

from nbformat import NotebookNode

from autograder.jobs.cells import is_checked, points
from autograder.jobs.score import BY_CHECKS, JobResult, points_of
from autograder.run.quiet import progress


class Progress:
    """Counts what is done.

    Args:
        log: where the lines go.
    """

    def __init__(self, log: Any) -> None:
        self.log, self.expected, self.done = log, 0, 0
        self._started = time.monotonic()

    def passed_over(self) -> None:
        """One more is done with that has no result."""
        self.done += 1

    def tell(self, student: str, result: JobResult, notebook: NotebookNode) -> None:
        """One more has a result: tells count, name, score, and the time left at the pace so far."""
        self.done += 1
        total, spent = max(self.expected, self.done), time.monotonic() - self._started
        graded = [(points(cell), result.cells[index]) for index, cell in enumerate(notebook.cells) if is_checked(cell)]
        score, most = sum(points_of(outcome, maximum) for maximum, outcome in graded), sum(maximum for maximum, _ in graded)
        left = spent / self.done * (total - self.done)
        about = f"[{self.done}/{total}] {student}: {score:g} of {most:g} {BY_CHECKS}, about {round(left)} s left"
        self.log.warning("%s", about, extra=progress(self.done, total))
