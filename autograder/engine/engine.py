"""The nbgrader process's side of grading: starts the judge, hands it jobs, and waits for results."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.inside.wire import TRUSTED, Channel, WireError
from autograder.jobs.beside import FileChanged
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Checks, Job
from autograder.judge import self_test
from autograder.places import ROOT
from autograder.sandbox.causes import lift_limits, too_small_limit
from autograder.settings import Settings

PRELOADED = ("numpy", "IPython.display")  # by every warm process
MAX_RESTARTS = 3  # of the judge without a result between them
JUDGE_ENDED = "the judge's process ended"
MAX_DEATHS = 2  # of the judge with the same job at work, before that job is given up


class EngineError(Exception):
    """Grading can't start or go on; the message is for the instructor."""


@dataclass(frozen=True)
class Plan:
    """What the judge of one assignment is started with.

    Attributes:
        checks: every group of hidden checks that the assignment names, with their files as absolute paths.
        imports: modules to import before the first submission.
        hidden: folders that no student's process may see.
    """

    checks: tuple[Checks, ...]
    imports: tuple[str, ...] = ()
    hidden: tuple[Path, ...] = ()

    @property
    def files(self) -> list[str]:
        return sorted({checks.file for checks in self.checks})


class Sender:
    """Sends from a thread of its own: the judge may be sending a result at the same moment, and both would wait for ever."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._queue: queue.SimpleQueue = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, message: dict, blobs: Sequence[bytes] = ()) -> None:
        self._queue.put((message, blobs))

    def _run(self) -> None:
        with contextlib.suppress(WireError):  # a judge that is gone shows when its answer is awaited
            while (item := self._queue.get()) is not None:
                self.channel.send(*item)

    def close(self) -> None:
        """Hangs up, whatever is still unsent."""
        self._queue.put(None)
        with contextlib.suppress(OSError):
            self.channel.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=10)
        self.channel.close()


@dataclass
class Engine:
    """Grades on this machine (`autograder.engine.grading.Grading`): a running judge with its queue of jobs.

    Args:
        settings: limits, sandbox level and number of workers.
        plan: what to collect and to import.

    Raises:
        EngineError: the checks can't be collected, a named group doesn't exist, or the sandbox doesn't start.
    """

    settings: Settings
    plan: Plan
    notices: list[str] = field(default_factory=list)  # what the instructor should know once the engine is ready
    _results: dict[int, JobResult] = field(default_factory=dict)
    _waiting: dict[int, Job] = field(default_factory=dict)
    _running: dict[int, Job] = field(default_factory=dict)
    _deaths: dict[int, int] = field(default_factory=dict)
    _next: int = 0
    _restarts: int = 0
    _died: str = JUDGE_ENDED

    def __post_init__(self) -> None:
        lift_limits(self.settings)
        if problem := too_small_limit(self.settings):
            raise EngineError(problem)
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg", "PYTHONDONTWRITEBYTECODE": "1"}
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        command = [sys.executable, "-m", "autograder.judge.session", str(theirs.fileno())]
        self._process = subprocess.Popen(  # in a session of its own: Ctrl-C in the terminal is for us to deal with
            command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self._channel = Channel(ours, *TRUSTED)
        self._sender = Sender(self._channel)
        self._ready = False
        self._sender.send(
            {
                "settings": self.settings.as_dict(),
                "imports": [*PRELOADED, *self.plan.imports],
                "hidden": [str(folder) for folder in self.plan.hidden],
                "files": self.plan.files,
                "rootdir": str(ROOT),
            }
        )

    def wait_until_ready(self) -> None:
        """Waits for the collected checks and the warm process; raises `EngineError` with all that is wrong."""
        if self._ready:
            return
        try:
            message = self._channel.receive()[0]
        except WireError:
            self.close()
            raise EngineError("the judge ended before it was ready; its message stands above") from None
        found = {Checks(*group) for group in message["groups"]}
        problems = [str(error) for error in message["errors"]]
        if not problems:
            problems = [f"no hidden checks found for {c.file}::{c.group}" for c in self.plan.checks if c not in found]
        if problems:
            self.close()
            raise EngineError("\n".join(problems))
        self._ready = True

    def submit(self, job: Job) -> int:
        """Queues a job; returns its number."""
        number, self._next = self._next, self._next + 1
        self._waiting[number] = job
        self._dispatch()
        return number

    def _dispatch(self) -> None:
        while self._ready and self._waiting and len(self._running) < self.settings.worker_count:
            number = next(iter(self._waiting))
            if self._running and self._deaths.keys() & {number, *self._running}:
                return  # a job that was there when the judge died goes alone: its death is then its own
            job = self._waiting.pop(number)
            try:
                message, blobs = job.to_message()
            except FileChanged as error:
                self._results[number] = JobResult(problem=f"not graded: {error}")
                continue
            self._running[number] = job
            self._sender.send(message | {"id": number}, blobs)

    def result(self, number: int) -> JobResult:
        """Waits for a job's result; a judge that dies is started again and its jobs are repeated.

        Raises:
            EngineError: the judge died several times.
        """
        self.wait_until_ready()
        self._dispatch()
        while number not in self._results:
            try:
                self._take(self._channel.receive()[0])
            except WireError:
                self._restart()
            self._dispatch()
        return self._results.pop(number)

    def _take(self, message: dict) -> None:
        if message.get("fatal"):
            self._died = message["problem"]
            raise WireError(self._died)
        self._died = JUDGE_ENDED
        number = message["id"]
        self._restarts = 0
        self._deaths.pop(number, None)
        self._running.pop(number, None)
        self._results[number] = JobResult.from_message(message["result"])

    def _restart(self) -> None:
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            raise EngineError(f"{self._died}, and {self._restarts} times no new one could grade anything")
        self.close()
        for number in list(self._running):
            self._deaths[number] = self._deaths.get(number, 0) + 1
            if self._deaths[number] >= MAX_DEATHS:
                del self._running[number], self._deaths[number]
                why = f"{self._died}, {MAX_DEATHS} times with this submission at work"
                self._results[number] = JobResult(problem=why, machine=self.settings.sandbox != "process")
        self._waiting = {**self._running, **self._waiting}
        self._running, self._died = {}, JUDGE_ENDED
        self._start()
        self.wait_until_ready()

    def self_test(self) -> str | None:
        """Tries out grading with a sandbox of its own; says what doesn't work."""
        return self_test.problem(self.settings, [*PRELOADED, *self.plan.imports], self.plan.hidden)

    def kill(self) -> None:
        """Ends the judge at once, whatever it is at; the sandbox with all student processes dies with it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Ends the judge and with it all student processes."""
        self._sender.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def resolved(job: Job, roots: Sequence[Path]) -> Job:
    """The job with the paths of its checks as the engine wants them (see `resolve_checks`)."""
    return replace(job, cells=tuple(replace(c, checks=resolve_checks(c.checks, roots)) if c.checks else c for c in job.cells))


def resolve_checks(checks: Checks, roots: Sequence[Path]) -> Checks:
    """The same checks with the file as an absolute path, looked for below each of ``roots`` in turn.

    Raises:
        EngineError: no root holds the file.
    """
    for root in roots:
        path = (root / checks.file).resolve()
        if path.is_file():
            return Checks(str(path), checks.group)
    places = ", ".join(str(root) for root in roots)
    raise EngineError(f"no file {checks.file} below {places}")
