"""Decides on one submission: runs its cells, then the checks against the frozen states, within the time they have."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from autograder.checking.sections import section_of
from autograder.checking.stopped import Course
from autograder.checking.student import Student
from autograder.jobs.fate import MachineFailed, kills_for_memory
from autograder.jobs.score import CellResult, CheckReport, JobResult
from autograder.jobs.submission import Cell, Checks, Job
from autograder.judge.attempts import Attempt
from autograder.judge.budget import Budget
from autograder.judge.causes import told_by_cause
from autograder.judge.execution import Execution, NoCopy, Snapshot, StudentProcess
from autograder.judge.verdict import Current, generator, is_drawn, run_check, unasked
from autograder.settings import Settings

COPY_SECONDS = 20.0  # for a copy of a frozen state
Groups = Mapping[Checks, list[pytest.Function]]


def items_of(groups: Groups, cell: Cell) -> list[pytest.Function]:
    """The checks that decide on a cell."""
    return groups.get(cell.checks, []) if cell.checks else []


def limit_of(item: pytest.Item, settings: Settings) -> float:
    """A check's own limit, in seconds."""
    marker = item.get_closest_marker("time_limit")
    return float(marker.args[0]) if marker else settings.check_seconds


def budget_of(groups: Groups, job: Job, settings: Settings) -> Budget:
    """The time that all checks of a submission have together."""
    limits = [limit_of(item, settings) for cell in job.cells for item in items_of(groups, cell)]
    return Budget(settings.checks_seconds, max(limits, default=0.0))


@dataclass
class Deciding:
    """One run of one submission.

    Args:
        settings: limits.
        groups: all collected checks.
        job: the submission.
        process: its processes, not started yet.
        present: is given what the fixtures of the next check look at.
    """

    settings: Settings
    groups: Groups
    job: Job
    process: StudentProcess
    present: Callable[[Current], None]

    def __post_init__(self) -> None:
        self.budget = budget_of(self.groups, self.job, self.settings)

    def attempt(self) -> Attempt:
        """What came of the run, and whether the machine had a say in it."""
        started, kills = time.monotonic(), kills_for_memory()
        try:
            self.process.start(self.job.read_files())
            result = self._decide()
        except MachineFailed as error:
            return Attempt(failed=str(error), machine=True)
        finally:
            self.process.close()
        result.seconds = time.monotonic() - started
        return Attempt(result, tuple(self.process.doubts), memory_short=kills_for_memory() > kills)

    def _decide(self) -> JobResult:
        result, execution = JobResult(level=self.settings.sandbox), self.process.execute(self.job)
        for cell in self.job.cells:
            run = execution.runs.get(cell.index)
            outcome = CellResult(run.outputs, run.note, cause=run.cause) if run else CellResult(note=execution.ended)
            if cell.checks:
                outcome.reports = told_by_cause(list(self._reports(cell, execution)))
                outcome.chapter, outcome.section = next(map(section_of, items_of(self.groups, cell)), ("", ""))
            result.cells[cell.index] = outcome
        result.timed_out, result.memory_mb = execution.timed_out, execution.memory_mb
        return result

    def _reports(self, cell: Cell, execution: Execution) -> Iterator[CheckReport]:
        """The reports of one grade cell's checks, all against copies of the same frozen state."""
        snapshot, student = execution.snapshots.get(cell.name), None
        absent = NoCopy(execution.ended or "The notebook didn't get as far as this cell.", execution.cause)
        self.budget.next_cell()
        for item in items_of(self.groups, cell):
            if self.budget.used_up:
                execution.timed_out = True
                yield unasked(item, self.budget.why)
                continue
            started = time.monotonic()
            if student is None or not student.alive or item.get_closest_marker("fresh") is not None:
                if student is not None and student.channel is not None:
                    student.channel.close()
                student = self._copy(cell, snapshot, absent)
                execution.timed_out |= time.monotonic() - started > COPY_SECONDS
                if student.channel is None:
                    snapshot, absent = None, NoCopy(student.why_absent, student.cause)
            student.course = Course(self.job.cells, {index: run.stop for index, run in execution.runs.items() if run.stop}, cell.index)
            student.cells = [other.source for other in self.job.cells if other.index <= cell.index]
            yield self._report(item, student, execution)
            if student.hung_up and snapshot is not None:
                self.process.note_end(snapshot, student.pid, f"check `{item.name}` of cell `{cell.name}`")
            self.budget.spend(time.monotonic() - started)

    def _report(self, item: pytest.Function, student: Student, execution: Execution) -> CheckReport:
        own = limit_of(item, self.settings)
        limit, started = self.budget.limit(own), time.monotonic()
        student.deadline, student.drawn = started + limit, is_drawn(item)
        self.present(Current(student, generator(self.job, item)))
        report = run_check(item, limit + self.budget.comparing)
        if time.monotonic() >= student.deadline:
            execution.timed_out = True
            self.budget.ran_out(own)
        if not student.alive and student.pid is not None:
            self.process.keeper.signal(signal.SIGKILL, student.pid)
        return report

    def _copy(self, cell: Cell, snapshot: Snapshot | None, absent: NoCopy) -> Student:
        if snapshot is None:
            return Student(None, self.job.source, str(absent), cause=absent.cause)
        seconds = min(COPY_SECONDS, self.budget.left)
        try:
            channel, pid = self.process.copy(snapshot, f"copying the state after cell `{cell.name}`", seconds)
        except NoCopy as error:
            return Student(None, self.job.source, str(error), cause=error.cause)
        return Student(channel, self.job.source, pid=pid)
