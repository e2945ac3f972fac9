"""Finds the grader's processes by what they do, and kills one of them in the middle of a run."""

from __future__ import annotations

import threading
import time

import psutil

KINDS = ("bubblewrap", "warm process", "keeper", "kernel", "snapshot", "judge", "judge's child")
STANDING = ("bubblewrap", "warm process", "judge")  # always there: killed while a submission's code runs


def processes(root: int) -> dict[str, list[psutil.Process]]:
    """The processes below ``root`` by kind."""
    found: dict[str, list[psutil.Process]] = {kind: [] for kind in KINDS}
    for process in psutil.Process(root).children(recursive=True):
        try:
            command, parents = process.cmdline(), [parent.cmdline() for parent in process.parents()]
        except psutil.Error:
            continue
        inside = sum(any(part.endswith("zygote.py") for part in parent[:4]) and "bwrap" not in parent[0] for parent in parents if parent)
        if "autograder.judge.session" in command:
            found["judge's child" if any("autograder.judge.session" in parent for parent in parents) else "judge"].append(process)
        elif command and "bwrap" in command[0]:
            found["bubblewrap"].append(process)
        elif any(part.endswith("zygote.py") for part in command[:4]):
            found[("warm process", "keeper", "kernel", "snapshot")[min(inside, 3)]].append(process)
    return found


def kill_one(root: int, kind: str, seconds: float = 60.0, stop: threading.Event | None = None) -> None:
    """Kills the first process of a kind that is found below ``root``, once it has something to do.

    Raises:
        TimeoutError: there is none, or nobody wants it any more.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (stop and stop.is_set()):
        found = processes(root)
        at_work = found["kernel"] if kind in STANDING else found[kind]
        if at_work and found[kind]:
            found[kind][0].kill()
            return
        time.sleep(0.01)
    raise TimeoutError(f"no {kind} to kill")
