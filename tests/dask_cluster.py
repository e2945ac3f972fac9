"""A dask cluster on this machine, for tests: a scheduler and workers as separate processes that hear only 127.0.0.1."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

RIGHT = {
    "area": "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width",
    "smooth": "import time\ntime.sleep(1)\ndef smooth(x):\n    return (x[1:] + x[:-1]) / 2",
}
CLASS = {
    "ada": RIGHT,
    "bob": RIGHT | {"area": "def area(height, width):\n    return height + width"},
    "cleo": RIGHT | {"smooth": RIGHT["smooth"].replace("/ 2", "")},
    "dan": RIGHT | {"smooth": "import os\nos._exit(1)"},
    "eve": RIGHT,
    "fay": {},
}
SCORES = {  # of 4 and 3 points; bob's three checks weigh 2 + 1 + 1, cleo passes one of three
    "ada": {"check_area": 4, "check_smooth": 3},
    "bob": {"check_area": 0, "check_smooth": 3},
    "cleo": {"check_area": 4, "check_smooth": 1},
    "dan": {"check_area": 4, "check_smooth": 0},
    "eve": {"check_area": 4, "check_smooth": 3},
    "fay": {"check_area": 0, "check_smooth": 0},
}


def wait_until(true: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Looks until ``true()`` is; returns what it gave."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
    return found


class Cluster:
    """A scheduler with the workers that join it, as separate processes; they hear only this machine."""

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", before: Sequence[str] = (), options: Sequence[str] = (), **variables: str
    ) -> None:
        """Starts the scheduler.

        Args:
            folder: for its files.
            host: the address that it hears.
            before: what the command begins with, such as one that enters another host.
            options: of the scheduler and of all workers.
            variables: of the environment of all.
        """
        self.folder, self.options, self.variables = folder, options, variables
        self.processes: list[subprocess.Popen] = []
        file = folder / "scheduler.json"
        self._dask("scheduler", "--port", "0", "--scheduler-file", str(file), host=host, before=before)
        self.address = wait_until(lambda: file.exists() and file.read_text() and json.loads(file.read_text())["address"])

    def _dask(self, *arguments: str, host: str = "127.0.0.1", before: Sequence[str] = (), **variables: str) -> subprocess.Popen:
        local = ["--host", host, "--dashboard-address", "127.0.0.1:0", *self.options]
        environment = os.environ | {"PYTHONWARNINGS": "", "DASK_TEMPORARY_DIRECTORY": str(self.folder)} | self.variables | variables
        command = [*before, sys.executable, "-m", "dask", *arguments, *local]
        with open(self.folder / "processes.log", "ab") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def join(self, *options: str, host: str = "127.0.0.1", before: Sequence[str] = (), **variables: str) -> subprocess.Popen:
        """A new worker, with environment variables of its own."""
        return self._dask("worker", self.address, *options, host=host, before=before, **variables)

    def judges(self, process: subprocess.Popen) -> list[psutil.Process]:
        """The judges of one worker that don't grade at the moment."""
        found = self._sessions(process)
        return [judge for judge in found if judge.parent() not in found]

    def grades(self, process: subprocess.Popen) -> bool:
        """Whether a worker has a submission at work: its judge has forked another for it."""
        found = self._sessions(process)
        return any(judge.is_running() and judge.parent() in found for judge in found)

    def _sessions(self, process: subprocess.Popen) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # gone meanwhile
                found += [child] if "autograder.judge.session" in child.cmdline() else []
        return found

    def kill(self, process: subprocess.Popen) -> None:
        """Ends a worker as a power cut does."""
        self.processes.remove(process)
        process.kill()
        process.wait()

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
