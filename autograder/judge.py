"""The judge: a pytest session that collects the hidden checks once and decides each submission in a child of its own.

Run as ``python -m autograder.judge FD``: reads jobs from the socket ``FD`` and writes results to it. For every job it
has the sandbox fork the student's processes, forks itself, and the child runs the cells, then the checks against the
frozen states. The judge never runs a line of student code.
"""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from autograder.compare import CheckFailed
from autograder.execution import Execution, StudentProcess, copy_of
from autograder.inside.wire import TRUSTED, Channel, WireError
from autograder.sandbox import Sandbox, SandboxError
from autograder.score import CellResult, CheckReport, JobResult
from autograder.sections import section_of
from autograder.settings import Settings
from autograder.student import Student
from autograder.submission import Cell, Checks, Job

JOB_GRACE_SECONDS = 120.0  # for starting, freezing and the checks, on top of the notebook's own limit
COMPARING_MB = 1024  # on top of what a submission may use, for the same
COMPARING_SECONDS = 5.0  # on top of a check's own limit, for what the check does with the answers
UNFINISHED = "This check did not finish."


@dataclass
class Current:
    """What the fixtures of the running check look at."""

    student: Student
    rng: np.random.Generator


class JudgePlugin:
    """The pytest plugin: fixtures for the checks, and a loop over jobs in place of pytest's own.

    Args:
        channel: connection to the engine.
        settings: limits.
        sandbox: the warm process, already starting.
    """

    current: Current  # there is one only while a check runs

    def __init__(self, channel: Channel, settings: Settings, sandbox: Sandbox) -> None:
        self.channel, self.settings, self.sandbox = channel, settings, sandbox
        self.groups: dict[Checks, list[pytest.Function]] = {}
        self.errors: list[str] = []
        self.children: dict[int, Child] = {}

    @pytest.fixture
    def student(self) -> Student:
        """The submission under test, in the state right after its grade cell."""
        return self.current.student

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """Random numbers fixed by submission and check: fresh for each, equal on regrading."""
        return self.current.rng

    def pytest_configure(self, config: pytest.Config) -> None:
        register_markers(config)
        config.option.tbstyle = "native"  # the other styles write out every argument, and an answer may be of any size

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(str(report.longrepr))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in cast(list[pytest.Function], session.items):
            group = getattr(item.cls, "__name__", "")
            self.groups.setdefault(Checks(str(item.path), group), []).append(item)
        try:
            self.sandbox.wait_until_ready()
        except SandboxError as error:
            self.errors.append(str(error))
        found = [[checks.file, checks.group] for checks in self.groups]
        self.channel.send({"ready": True, "groups": found, "errors": self.errors})
        gc.collect()
        gc.freeze()  # what is there now is left alone by collections in the children, and stays shared with them
        if not self.errors:
            self.serve()
        return True

    def serve(self) -> None:
        """Takes jobs and hands back results until the engine hangs up."""
        while True:
            poller = select.poll()
            for fd in (self.channel.fileno(), *self.children):
                poller.register(fd, select.POLLIN)
            for fd, _ in poller.poll(1000):
                if fd in self.children:
                    self.finish(self.children.pop(fd))
                    continue
                try:
                    message, blobs, _ = self.channel.receive()
                except WireError:
                    return
                self.begin(Job.from_message(message, blobs), message["id"])
            for fd, child in list(self.children.items()):
                if time.monotonic() > child.deadline:
                    os.kill(child.pid, signal.SIGKILL)
                    child.last = True
                    self.finish(self.children.pop(fd))

    def begin(self, job: Job, number: int, last: bool = False) -> None:
        """Forks the child that runs and checks one job; if it fails, and this isn't the ``last`` time, it is tried again."""
        try:
            process = StudentProcess(self.sandbox, self.settings)
        except WireError:
            self.channel.send({"id": number, "problem": "the sandbox's warm process is gone", "fatal": True})
            return
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            try:
                ours.close()
                self.channel.close()
                limit_memory(self.settings.memory_mb + COMPARING_MB)
                Channel(theirs).send(self.decide(job, process).to_message())
            except BaseException:
                traceback.print_exc()  # for the instructor; the job is tried once more
            finally:
                os._exit(0)
        theirs.close()
        process.close()
        seconds = self.settings.notebook_seconds + JOB_GRACE_SECONDS + sum(self._limit(i) for c in job.cells for i in self._items(c.checks))
        self.children[ours.fileno()] = Child(number, pid, Channel(ours, *TRUSTED), time.monotonic() + seconds, job, last)

    def finish(self, child: Child) -> None:
        """Passes a child's result on; where there is none, the job is tried once more."""
        lost = False
        try:
            message = child.channel.receive(time.monotonic() + 60)[0]
        except WireError:
            lost, message = True, JobResult(problem="the judging process ended without a result").to_message()
        child.channel.close()
        os.waitpid(child.pid, 0)
        if lost and not child.last and self.sandbox.alive:
            self.begin(child.job, child.number, last=True)
            return
        if message["problem"] and not self.sandbox.alive:
            self.channel.send({"id": child.number, "problem": "the sandbox's warm process is gone", "fatal": True})
        else:
            self.channel.send({"id": child.number, "result": message})

    def decide(self, job: Job, process: StudentProcess) -> JobResult:
        """Runs the cells, then the checks against the frozen states."""
        started = time.monotonic()
        result = JobResult(level=self.settings.sandbox)
        try:
            process.start(job.files)
            execution = process.execute(job)
        except WireError as error:
            execution = Execution(ended=f"The student's process didn't start ({error}).")
            result.problem = execution.ended
        for cell in job.cells:
            run = execution.runs.get(cell.index)
            outcome = CellResult(run.outputs if run else [], run.note if run else execution.ended)
            if cell.checks:
                outcome.reports = self.check(cell, job, execution, process)
                outcome.chapter, outcome.section = next(map(section_of, self._items(cell.checks)), ("", ""))
            result.cells[cell.index] = outcome
        process.close()
        result.timed_out, result.memory_mb = execution.timed_out, execution.memory_mb
        result.seconds = time.monotonic() - started
        return result

    def _items(self, checks: Checks | None) -> list[pytest.Function]:
        return self.groups.get(checks, []) if checks else []

    def _limit(self, item: pytest.Item) -> float:
        marker = item.get_closest_marker("time_limit")
        return float(marker.args[0]) if marker else self.settings.check_seconds

    def check(self, cell: Cell, job: Job, execution: Execution, process: StudentProcess) -> list[CheckReport]:
        """The reports of one grade cell's checks, all against copies of the same frozen state."""
        snapshot, reports, student = execution.snapshots.get(cell.name), [], None
        absent = execution.ended or "The notebook didn't get as far as this cell."
        for item in self._items(cell.checks):
            fresh = item.get_closest_marker("fresh") is not None
            if student is None or not student.alive or fresh:
                student = self._copy(cell.name, snapshot, job, absent, student, process)
                if student.channel is None:
                    snapshot, absent = None, student.why_absent
            student.deadline = time.monotonic() + self._limit(item)
            self.current = Current(student, generator(job, item))
            reports.append(run_check(item, self._limit(item) + COMPARING_SECONDS))
            execution.timed_out |= student.timed_out
            if not student.alive and student.pid is not None:
                process.signal(signal.SIGKILL, student.pid)
        return reports

    def _copy(self, cell: str, snapshot: Channel | None, job: Job, absent: str, old: Student | None, process: StudentProcess) -> Student:
        if old is not None and old.channel is not None:
            old.channel.close()
        if snapshot is None:
            return Student(None, job.source, absent)
        try:
            if not process.restore(cell):
                return Student(None, job.source, "What earlier checks left in the notebook's folders can't be taken away.")
            channel, pid = copy_of(snapshot, time.monotonic() + 20)
        except WireError:
            return Student(None, job.source, "The state after this cell was lost: the notebook's processes were killed.")
        student = Student(channel, job.source)
        student.pid = pid
        return student


@dataclass
class Child:
    """A forked judge at work on one job."""

    number: int
    pid: int
    channel: Channel
    deadline: float
    job: Job
    last: bool


def generator(job: Job, item: pytest.Item) -> np.random.Generator:
    """The random numbers of one check: others for every submission, the same whenever it is graded again.

    Nobody can foresee them without the course's secret, and what a student learns of them from feedback is of no use
    for the next submission.
    """
    return np.random.default_rng(seed_of(job.key(), item.nodeid.split("::", 1)[-1]))


def seed_of(*parts: str) -> int:
    """A seed from texts, the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:8], "big")


def limit_memory(mebibytes: int) -> None:
    """Lets this process use that much more memory than it does; an answer can be made to take far more than it seems to."""
    try:
        data = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (data + (mebibytes << 20), resource.getrlimit(resource.RLIMIT_DATA)[1]))
    except (OSError, ValueError):  # not Linux, or less is allowed already
        return


class TooLong(CheckFailed):
    """Comparing a student's answers took too long: they were made to be hard to compare."""


def _too_long(*_: object) -> None:
    raise TooLong("Comparing this answer took too long; is it far larger than what was asked for?")


def run_check(item: pytest.Function, seconds: float) -> CheckReport:
    """Runs one pytest item (set-up, call, tear-down) and says in a student's words what came of it."""
    from _pytest.runner import runtestprotocol

    item.stash[_EXCEPTION] = None
    started = time.monotonic()
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        phases = runtestprotocol(item, log=False, nextitem=None)
    except TooLong as error:
        phases, item.stash[_EXCEPTION] = [], error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    passed = all(phase.passed for phase in phases) and any(phase.when == "call" for phase in phases)
    name, _, hint = (item.function.__doc__ or item.name).strip().partition("\n")
    marker = item.get_closest_marker("points")
    details = {} if passed else failure(item.stash[_EXCEPTION], item.nodeid, "rng" in item.fixturenames)
    hint = " ".join(hint.split()) if not passed else ""
    return CheckReport(
        name.strip(), passed, float(marker.args[0]) if marker else 1.0, hint=hint, seconds=time.monotonic() - started, **details
    )


_EXCEPTION = pytest.StashKey[BaseException | None]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Keeps a failed check's exception (registered with the judge's session only)."""
    if call.excinfo is not None and item.stash.get(_EXCEPTION, None) is None:
        item.stash[_EXCEPTION] = call.excinfo.value
    return (yield)


def failure(error: BaseException | None, name: str, drawn: bool) -> dict[str, Any]:
    """The parts of a failed check's report that come from its exception.

    Entries of large arrays are shown where the check's inputs are ``drawn``: what is expected of everybody alike could be
    put together from a few submissions.
    """
    if isinstance(error, CheckFailed):
        comparison = error.comparison if drawn or not (error.comparison and error.comparison["extract"]) else None
        return {"message": error.message, "expected": error.expected, "received": error.received, "comparison": comparison}
    if isinstance(error, MemoryError):
        return {"message": "Comparing this answer took too much memory; is it far larger than what was asked for?"}
    if isinstance(error, AssertionError):
        return {"message": str(error) or "The answer isn't what was expected."}
    broken = f"{name}: {type(error).__name__}: {error}" if error else f"{name}: no outcome"
    return {"message": "This check itself broke; your instructor sees why.", "broken": broken[:2000]}


def register_markers(config: pytest.Config) -> None:
    """The markers a check may carry."""
    config.addinivalue_line("markers", "points(n): weight of the check within its grade cell")
    config.addinivalue_line("markers", "time_limit(seconds): longest run of the check")
    config.addinivalue_line("markers", "section(heading, chapter=…): where the book tells of it, by default in the checks' own chapter")
    config.addinivalue_line("markers", "fresh: gets a copy of the state of its own")


def main(descriptor: int) -> int:
    """Reads the settings and the check files, starts the sandbox, collects, and serves jobs."""
    channel = Channel(socket.socket(fileno=descriptor), *TRUSTED)
    setup = channel.receive()[0]
    settings = Settings(**setup["settings"])
    try:
        sandbox = Sandbox(settings, setup["imports"], [Path(folder) for folder in setup["hidden"]])
    except SandboxError as error:
        channel.send({"ready": True, "groups": [], "errors": [str(error)]})
        return 1
    options = ["-p", "no:cacheprovider", "--assert=plain", "-c", os.devnull, "--rootdir", setup["rootdir"]]
    options += ["--capture=no", "-p", "no:terminal", "-p", "no:randomly", "-p", "no:timeout", "-p", "no:nbval"]
    plugins = [JudgePlugin(channel, settings, sandbox), sys.modules[__name__]]
    pytest.main([*options, *setup["files"]], plugins=plugins)
    sandbox.close()
    return 0


if __name__ == "__main__":
    import autograder.judge  # one module object, not two

    code = autograder.judge.main(int(sys.argv[1]))
    sys.stderr.flush()
    os._exit(code)  # nobody needs to wait until all that was imported is taken down
