"""Who ended a student's process: its own code, the grader, or something on the machine.

What the student's code does to itself costs points; what the machine does never. A process that exits or crashes did it
itself, one that the keeper ended was told to. One that died by a signal nobody ordered may have been ended by its own
``os.kill``, by somebody's ``kill -9``, or by a system that ran out of memory: that is a `Doubt`, and the submission is run
once more to see whether it comes again.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CRASHES = frozenset(
    (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGSYS, signal.SIGTRAP)
)  # a process gets these for what it does itself


Cause = Literal[  # what kept a student's code from being judged as usual; none if nothing did
    "",
    "unreadable",  # there is no notebook in the file
    "time",  # a limit of time
    "memory",  # the limit of memory
    "comparing",  # comparing an answer took too long, or too much memory
    "ended",  # its process ended itself or crashed
    "broke",  # its process can't be talked to any more
    "check",  # the check itself failed
    "missing",  # no cell defines what a check asks for
]


class MachineFailed(Exception):
    """A process of the grader's own is gone or never came, which no student's code can bring about."""


@dataclass(frozen=True)
class Doubt:
    """Something that may have been the student's code, and may have been the machine.

    Attributes:
        place: what was being done.
        how: what happened.
    """

    place: str
    how: str

    def __str__(self) -> str:
        return f"{self.place}: {self.how}"


@dataclass(frozen=True)
class Fate:
    """What became of a process.

    Attributes:
        lives: whether it is still there.
        status: how it ended, as `os.waitpid` tells it; None where nobody saw it.
        ordered: whether the keeper ended it.
        over_limit: how often the keeper has ended processes of this submission for their memory.
    """

    lives: bool = False
    status: int | None = None
    ordered: bool = False
    over_limit: int = 0

    @property
    def known(self) -> bool:
        """Whether it is clear that it was the submission's own doing, or the grader's order."""
        if self.lives or self.ordered:
            return True
        return self.status is not None and (not os.WIFSIGNALED(self.status) or os.WTERMSIG(self.status) in CRASHES)

    @property
    def how(self) -> str:
        """How it ended, in words."""
        if self.status is None:
            return "its process ended, nobody saw how"
        if not os.WIFSIGNALED(self.status):
            return f"its process exited with status {os.waitstatus_to_exitcode(self.status)}"
        return f"its process was ended by signal {os.WTERMSIG(self.status)}"


def kills_for_memory() -> int:
    """How many processes the system has ended because its memory ran out."""
    try:
        lines = Path("/proc/vmstat").read_text("ascii").splitlines()
    except OSError:  # no Linux
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
