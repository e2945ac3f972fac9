"""The judge's loop over jobs: each is run and decided in a child of its own, and what came of it goes back to the engine."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.inside.wire import TRUSTED, Channel, WireError
from autograder.jobs.fate import MachineFailed
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Job
from autograder.judge import self_test
from autograder.judge.attempts import Attempt, Attempts
from autograder.judge.deciding import Deciding, Groups, budget_of
from autograder.judge.execution import StudentProcess
from autograder.judge.verdict import Current
from autograder.sandbox.warm import Sandbox
from autograder.settings import Settings

JOB_GRACE_SECONDS = 120.0  # for starting, freezing and ending, on top of the limits of the notebook and of its checks
COMPARING_MB = 1024  # on top of what a submission may use, for what the checks do with the answers
END_SECONDS = 1.0  # until a warm process that was ended is seen to be gone


class Serving:
    """Takes jobs and hands back results.

    Args:
        channel: connection to the engine.
        settings: limits.
        sandbox: the warm process, ready.
        groups: all collected checks.
        present: is given what the fixtures of the next check look at.
    """

    def __init__(self, channel: Channel, settings: Settings, sandbox: Sandbox, groups: Groups, present: Callable[[Current], None]) -> None:
        self.channel, self.settings, self.sandbox, self.groups, self.present = channel, settings, sandbox, groups, present
        self.children: dict[int, Child] = {}

    def until_the_end(self) -> None:
        """Goes on until the engine hangs up."""
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
