"""Notebooks that are graded before nbgrader's loop gets to them, so that it finds their results done."""

from __future__ import annotations

from autograder.jobs.score import JobResult
from autograder.jobs.submission import Job
from autograder.run.grader import Grader

Name = tuple[str, str]  # student and notebook


class Ahead:
    """The queue of a run: which notebook's job was submitted under which number, and what came of it.

    Args:
        grader: gets the jobs.
    """

    def __init__(self, grader: Grader) -> None:
        self.grader = grader
        self.known: set[Name] = set()  # looked at: queued, stored already, or none that can be queued
        self._numbers: dict[Name, tuple[str, int]] = {}
        self._done: dict[Name, tuple[str, JobResult]] = {}
        self._shared: dict[int, JobResult] = {}  # number → result that another member of the group is waiting for

    @property
    def waiting(self) -> bool:
        """Whether there are results that nobody asked for yet."""
        return bool(self._numbers)

    def submit(self, name: Name, job: Job) -> None:
        """Queues a notebook's job, unless its result is stored; the same job isn't run twice."""
        if not self.grader.stored(job):
            key = job.key()
            flying = next((number for other, number in self._numbers.values() if other == key), None)
            self._numbers[name] = (key, self.grader.submit(job) if flying is None else flying)

    def wait(self, name: Name) -> JobResult | None:
        """Waits for the result of a notebook, None if none is to come.

        Raises:
            EngineError: there can be none.
        """
        if name not in self._numbers:
            return None
        key, number = self._numbers.pop(name)
        result = self._shared.pop(number, None) or self.grader.result(number)
        if any(number == other for _, other in self._numbers.values()):
            self._shared[number] = result
        self._done[name] = key, result
        return result

    def take(self, name: Name, job: Job) -> JobResult | None:
        """The result of a notebook that was waited for, None if it was another job's."""
        key, result = self._done.pop(name, ("", None))
        return result if key == job.key() else None
