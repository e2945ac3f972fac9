"""The runs of one submission, and what follows from them: its result, another run, or that it is left ungraded.

A run in which something of the grader's failed is no result. One with a `Doubt` counts only if the next run goes without
one, or if the same happens again at the same place while the machine's memory didn't run out and the sandbox still works:
then it is the student's code that does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.jobs.fate import Doubt
from autograder.jobs.score import JobResult

MOST_RUNS = 3  # of one submission
MOST_FAILURES = 2  # of the machine with one submission


@dataclass(frozen=True)
class Attempt:
    """One run of a submission.

    Attributes:
        result: what came of it, None if the grader failed.
        doubts: what may have been the student's code or the machine, in order of time.
        failed: what of the grader's failed.
        machine: whether no student's code can have brought that about.
        memory_short: whether the system ended processes meanwhile because its memory ran out.
    """

    result: JobResult | None = None
    doubts: tuple[Doubt, ...] = ()
    failed: str = ""
    machine: bool = False
    memory_short: bool = False

    def to_message(self) -> dict:
        about = {"failed": self.failed, "machine": self.machine, "memory_short": self.memory_short}
        doubts = [[doubt.place, doubt.how] for doubt in self.doubts]
        return about | {"doubts": doubts, "result": self.result.to_message() if self.result else None}

    @classmethod
    def from_message(cls, message: dict) -> Attempt:
        result = JobResult.from_message(message["result"]) if message["result"] else None
        doubts = tuple(Doubt(*doubt) for doubt in message["doubts"])
        return cls(result, doubts, message["failed"], message["machine"], message["memory_short"])


@dataclass
class Attempts:
    """All runs of one submission so far."""

    runs: list[Attempt] = field(default_factory=list)

    def verdict(self, run: Attempt, trial: Callable[[], str | None]) -> JobResult | None:
        """The submission's result after one more run, None if it has to be run again.

        Args:
            run: the latest run.
            trial: tries the sandbox with a notebook of the grader's own; says what doesn't work.
        """
        earlier, self.runs = self.runs, [*self.runs, run]
        if run.failed:
            failures = sum(bool(one.failed) for one in self.runs)
            return JobResult(problem=run.failed, machine=run.machine) if failures >= MOST_FAILURES else None
        if not run.doubts:
            return run.result
        if not run.memory_short and any(one.doubts[:1] == run.doubts[:1] and not one.memory_short for one in earlier):
            problem = trial()
            return JobResult(problem=f"{run.doubts[0]}; {problem}", machine=True) if problem else run.result
        return None if len(self.runs) < MOST_RUNS else JobResult(problem=self._undecided())

    def _undecided(self) -> str:
        short = "; the system's memory ran out meanwhile" if any(run.memory_short for run in self.runs) else ""
        seen = ", then ".join(run.failed or str(run.doubts[0]) for run in self.runs)
        return f"run {len(self.runs)} times, each ended otherwise: {seen}{short}"
