"""What turns jobs into results for one command: the store of earlier ones, and the engine, started when it is first needed."""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Any

from autograder.engine.engine import Plan
from autograder.engine.grading import Grading, start
from autograder.engine.store import ResultStore
from autograder.jobs.score import CellResult, JobResult
from autograder.jobs.submission import Job
from autograder.settings import Settings


class Grader:
    """The engine and the store of results behind one command.

    Args:
        settings: validated settings.
        log: where it is told what the engine has to say.
    """

    def __init__(self, settings: Settings, log: Any) -> None:
        self.settings, self.log = settings, log
        self._engine: Grading | None = None
        self._plan: Plan  # these two from `open` on
        self._store: ResultStore

    def open(self, course: Path, plan: Plan) -> None:
        """Opens the store of a course folder, for the checks of a plan."""
        self._plan, self._store = plan, ResultStore(course, self.settings, plan.files)

    def submit(self, job: Job) -> int:
        """Queues a job with the engine; returns the number under which there will be a result.

        Raises:
            EngineError: the checks or the sandbox aren't in order.
        """
        return self._running().submit(job)

    def result(self, number: int) -> JobResult:
        """Waits for the result of a job that was submitted."""
        result = self._running().result(number)
        self._tell_notices()
        return result

    def take(self, job: Job, number: int) -> JobResult:
        """Waits for the result of a job that was submitted as ``number``, and keeps it."""
        result = self.result(number)
        return result if result.problem else self.kept(job, result)

    def stored(self, job: Job) -> JobResult | None:
        """An earlier result of the same job."""
        return self._store.get(job.key()) if self.settings.reuse_results else None

    def kept(self, job: Job, result: JobResult) -> JobResult:
        """A result with all its cells, which is kept if it may be."""
        for cell in job.cells:
            result.cells.setdefault(cell.index, CellResult(note="Not graded."))
        self._store.put(job.key(), result)
        return result

    def self_test(self) -> str | None:
        """Looks whether grading works on this machine; says what doesn't."""
        return self._running().self_test()

    def wait_until_ready(self) -> None:
        """Waits until the engine takes up its work, if it was started."""
        if self._engine is not None:
            self._engine.wait_until_ready()
            self._tell_notices()

    def close(self, at_once: bool = False) -> None:
        """Ends the engine: the process that graded, such as the formgrader's, may live on for long."""
        if self._engine is not None:
            if at_once:
                self._engine.kill()
            self._engine.close()
            atexit.unregister(self._engine.close)
            self._engine = None

    def _running(self) -> Grading:
        """The engine, which is started when it is first needed."""
        if self._engine is None:
            self._engine = start(self.settings, self._plan)
            atexit.register(self._engine.close)
        return self._engine

    def _tell_notices(self) -> None:
        while self._engine is not None and self._engine.notices:
            self.log.warning("%s", self._engine.notices.pop(0))
