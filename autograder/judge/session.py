"""The judge: a pytest session that collects the hidden checks once and decides each submission in a child of its own.

Run as ``python -m autograder.judge.session FD``: reads jobs from the socket ``FD`` and writes results to it. For every job it
has the sandbox fork the student's processes, forks itself, and the child runs the cells, then the checks against the
frozen states. The judge never runs a line of student code.
"""

from __future__ import annotations

import contextlib
import gc
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
from typing import cast

import numpy as np
import pytest

from autograder.checking.student import Student
from autograder.inside.wire import TRUSTED, Channel, WireError
from autograder.jobs.fate import MachineFailed
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Checks, Job
from autograder.judge import self_test
from autograder.judge import verdict as checking
from autograder.judge.attempts import Attempt, Attempts
from autograder.judge.deciding import Deciding, budget_of
from autograder.judge.execution import StudentProcess
from autograder.judge.verdict import Current
from autograder.sandbox.folders import SandboxError
from autograder.sandbox.warm import Sandbox
from autograder.settings import Settings

JOB_GRACE_SECONDS = 120.0  # for starting, freezing and ending, on top of the limits of the notebook and of its checks
COMPARING_MB = 1024  # on top of what a submission may use, for what the checks do with the answers
END_SECONDS = 1.0  # until a warm process that was ended is seen to be gone


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
            problem = self_test.problem_of(self.sandbox, self.settings)
            self.errors += [problem] if problem else []
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
                self.begin(Job.from_message(message, blobs), message["id"], Attempts())
            for fd, child in list(self.children.items()):
                if time.monotonic() > child.deadline:
                    self.give_up(self.children.pop(fd))

    def begin(self, job: Job, number: int, attempts: Attempts) -> None:
        """Forks the child that runs and checks one job."""
        try:
            process = StudentProcess(self.sandbox, self.settings)
            ours, theirs = socket.socketpair()
            pid = os.fork()
        except MachineFailed as error:
            self.channel.send({"id": number, "problem": str(error), "fatal": True})
            return
        except OSError as error:  # too few processes or open files
            self.conclude(Attempt(failed=f"the judge can't begin: {error}", machine=True), job, number, attempts)
            return
        if pid == 0:
            try:
                ours.close()
                self.channel.close()
                limit_memory(self.settings.memory_mb + COMPARING_MB)
                attempt = Deciding(self.settings, self.groups, job, process, self.present).attempt()
                with contextlib.suppress(WireError):  # a judge that is gone has nobody to tell
                    Channel(theirs).send(attempt.to_message())
            except BaseException:
                traceback.print_exc()  # for the instructor; the job is tried once more
            finally:
                os._exit(0)
        theirs.close()
        process.close()
        seconds = self.settings.notebook_seconds + JOB_GRACE_SECONDS + budget_of(self.groups, job, self.settings).total
        self.children[ours.fileno()] = Child(number, pid, Channel(ours, *TRUSTED), seconds, job, attempts)

    def present(self, current: Current) -> None:
        """Sets what the fixtures of the next check look at."""
        self.current = current

    def finish(self, child: Child) -> None:
        """Takes what a child found out, or notes that it ended without a word."""
        try:
            attempt = Attempt.from_message(child.channel.receive(time.monotonic() + 60)[0])
        except WireError:
            attempt = Attempt(failed="the judging process ended without a result")
        child.channel.close()
        os.waitpid(child.pid, 0)
        self.conclude(attempt, child.job, child.number, child.attempts)

    def give_up(self, child: Child) -> None:
        """Ends a child that takes far longer than all its limits together."""
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        child.channel.close()
        self.send(child.number, JobResult(problem=f"judging it took longer than {child.seconds:g} s"))

    def conclude(self, attempt: Attempt, job: Job, number: int, attempts: Attempts) -> None:
        """Passes on what follows from the latest run of a job, or runs it again."""
        if attempt.machine and self.sandbox_ended():
            self.channel.send({"id": number, "problem": attempt.failed, "fatal": True})
            return
        result = attempts.verdict(attempt, lambda: self_test.problem_of(self.sandbox, self.settings))
        if result is None:
            self.begin(job, number, attempts)
        else:
            self.send(number, result)

    def send(self, number: int, result: JobResult) -> None:
        self.channel.send({"id": number, "result": result.to_message()})

    def sandbox_ended(self) -> bool:
        """Whether the warm process is gone; its end may take a moment to be seen."""
        end = time.monotonic() + END_SECONDS
        while self.sandbox.alive and time.monotonic() < end:
            time.sleep(0.02)
        return not self.sandbox.alive


@dataclass
class Child:
    """A forked judge at work on one job."""

    number: int
    pid: int
    channel: Channel
    seconds: float
    job: Job
    attempts: Attempts

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.seconds


def limit_memory(mebibytes: int) -> None:
    """Lets this process use that much more memory than it does; an answer can be made to take far more than it seems to."""
    try:
        data = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (data + (mebibytes << 20), resource.getrlimit(resource.RLIMIT_DATA)[1]))
    except (OSError, ValueError):  # not Linux, or less is allowed already
        return


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
    plugins = [JudgePlugin(channel, settings, sandbox), checking]
    pytest.main([*options, *setup["files"]], plugins=plugins)
    sandbox.close()
    return 0


if __name__ == "__main__":
    from autograder.judge import session  # one module object, not two

    code = session.main(int(sys.argv[1]))
    sys.stderr.flush()
    os._exit(code)  # nobody needs to wait until all that was imported is taken down
