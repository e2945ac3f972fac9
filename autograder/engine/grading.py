"""What a run asks of whatever grades for it, on this machine or elsewhere; and which one a course's settings choose."""

from __future__ import annotations

from typing import Protocol

from autograder.engine.cluster import ClusterEngine
from autograder.engine.engine import Engine, Plan
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Job
from autograder.settings import Settings


class Grading(Protocol):
    """Grades submissions, several at a time. Its methods are called from one thread, `kill` from any.

    Attributes:
        notices: what the instructor should know, taken from the list when it is told.
    """

    notices: list[str]

    def wait_until_ready(self) -> None:
        """Called once, before the first result is asked for.

        Raises:
            EngineError: it can't grade, and why.
        """

    def submit(self, job: Job) -> int:
        """Takes a job into its queue; returns the number that its result is asked for by."""

    def result(self, number: int) -> JobResult:
        """Waits for a result; each is given once.

        Raises:
            EngineError: nothing is graded any more.
        """

    def self_test(self) -> str | None:
        """Why grading doesn't work at present, None if it does."""

    def kill(self) -> None:
        """Ends what is at work at once; nothing but `close` is called then."""

    def close(self) -> None:
        """Ends it, and everything that it started; may be called again."""


def start(settings: Settings, plan: Plan) -> Grading:
    """The engine that the settings ask for.

    Raises:
        EngineError: it can't be started, and why.
    """
    return ClusterEngine(settings, plan) if settings.scheduler else Engine(settings, plan)
