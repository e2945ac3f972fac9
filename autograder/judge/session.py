"""The judge: a pytest session that collects the hidden checks once and decides each submission in a child of its own.

Run as ``python -m autograder.judge.session FD``: reads jobs from the socket ``FD`` and writes results to it. For every job it
has the sandbox fork the student's processes, forks itself, and the child runs the cells, then the checks against the
frozen states. The judge never runs a line of student code.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from autograder.checking.student import Student
from autograder.inside.wire import TRUSTED, Channel
from autograder.jobs.submission import Checks
from autograder.judge import self_test
from autograder.judge.serving import Serving
from autograder.judge.verdict import Current, keep_exception
from autograder.sandbox.folders import SandboxError
from autograder.sandbox.warm import Sandbox
from autograder.settings import Settings


class JudgePlugin:
    """The pytest plugin: fixtures for the checks, and jobs in place of pytest's own loop.

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

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        keep_exception(item, call)
        return (yield)

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
            Serving(self.channel, self.settings, self.sandbox, self.groups, self.present).until_the_end()
        return True

    def present(self, current: Current) -> None:
        """Sets what the fixtures of the next check look at."""
        self.current = current


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
    pytest.main([*options, *setup["files"]], plugins=[JudgePlugin(channel, settings, sandbox)])
    sandbox.close()
    return 0


if __name__ == "__main__":
    from autograder.judge import session  # one module object, not two

    code = session.main(int(sys.argv[1]))
    sys.stderr.flush()
    os._exit(code)  # nobody needs to wait until all that was imported is taken down
