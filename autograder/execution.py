"""Runs a job's cells in the student's process and keeps a frozen state after each grade cell."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from dataclasses import dataclass, field

from autograder.inside.wire import Channel, WireClosed, WireError, WireTimeout
from autograder.outputs import OutputCleaner
from autograder.sandbox import Sandbox
from autograder.settings import Settings
from autograder.submission import Cell, Job

GRACE_SECONDS = 10.0  # between the interrupt and the kill
CONTROL_SECONDS = 20.0
MAX_SOURCE = 1_000_000  # characters of one cell


@dataclass
class CellRun:
    """What running one cell gave.

    Attributes:
        outputs: nbformat outputs as the student's process claims them, already checked for form.
        note: one sentence if the cell was stopped or never ran.
    """

    outputs: list[dict] = field(default_factory=list)
    note: str = ""


@dataclass
class Execution:
    """A submission's run: outputs by cell index, and a connection to the frozen state by grade cell name."""

    runs: dict[int, CellRun] = field(default_factory=dict)
    snapshots: dict[str, Channel] = field(default_factory=dict)
    ended: str = ""
    timed_out: bool = False
    seconds: float = 0.0
    memory_mb: int = 0


class StudentProcess:
    """The host's side of one submission's processes.

    Args:
        sandbox: the warm process to fork from.
        settings: limits.
    """

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self.settings = settings
        self.outputs = OutputCleaner()
        self.control, self.kernel = sandbox.spawn()
        self.frozen: dict[str, int] = {}
        for channel in (self.control, self.kernel):
            channel.max_bytes = settings.value_mb << 20

    def start(self, files: dict[str, bytes]) -> None:
        """Lays out the files and waits for the kernel.

        Raises:
            WireError: the processes didn't come up.
        """
        deadline = time.monotonic() + CONTROL_SECONDS
        self.control.send({"files": list(files)}, list(files.values()), deadline=deadline)
        answer = self.control.receive(deadline)[0]
        if "failed" in answer:
            raise WireError(str(answer["failed"]))
        self.kernel.receive(deadline)

    def execute(self, job: Job) -> Execution:
        """Runs all cells in order; a cell that can't be interrupted ends the notebook."""
        result, started = Execution(), time.monotonic()
        for cell in job.cells:
            left = self.settings.notebook_seconds - (time.monotonic() - started)
            if not result.ended and left <= 0:
                result.ended = f"The notebook ran longer than the {self.settings.notebook_seconds:g} s allowed and was stopped here."
            if result.ended:
                result.runs[cell.index] = CellRun(note=f"Not run. {result.ended}")
                continue
            result.runs[cell.index], result.ended = self._run(cell, min(left, self.settings.cell_seconds), result)
            if cell.checks and not result.ended:
                result.ended = self._freeze(cell, result)
        result.seconds = time.monotonic() - started
        result.memory_mb = self.sweep("all") >> 20  # what still runs has nothing to say any more, and mustn't get in the checks' way
        return result

    def _run(self, cell: Cell, seconds: float, result: Execution) -> tuple[CellRun, str]:
        """Runs one cell; returns its outputs and, if the kernel is gone, why."""
        if len(cell.source) > MAX_SOURCE:
            return CellRun(note=f"This cell is longer than {MAX_SOURCE:,} characters and wasn't run."), ""
        try:
            self.kernel.send({"op": "run", "source": cell.source, "name": cell.name}, deadline=time.monotonic() + CONTROL_SECONDS)
            note = ""
            try:
                message = self.kernel.receive(time.monotonic() + seconds)[0]
            except WireTimeout:
                result.timed_out = True
                note = f"This cell ran longer than the {seconds:.3g} s allowed and was interrupted."
                self.signal(signal.SIGINT)
                message = self.kernel.receive(time.monotonic() + GRACE_SECONDS)[0]
                self.sweep("leftovers")
            return CellRun(self.outputs.clean(message.get("outputs")), note), ""
        except WireTimeout:
            self.signal(signal.SIGKILL)
            why = f"Cell `{cell.name}` ran longer than the {seconds:.3g} s allowed and couldn't be interrupted; the notebook ends there."
        except WireClosed:
            why = f"Cell `{cell.name}` ended the whole process ({self._cause()})."
        except WireError as error:
            self.signal(signal.SIGKILL)
            why = f"Cell `{cell.name}` broke the connection to the grader ({error})."
        return CellRun(note=why), why

    def _cause(self) -> str:
        try:
            if self.control.receive(time.monotonic() + 1.0)[0].get("event") == "memory":
                return f"over the memory limit of {self.settings.memory_mb} MiB"
        except WireError:
            pass
        return "os._exit, a crash or a kill"

    def _freeze(self, cell: Cell, result: Execution) -> str:
        """Asks the kernel for a snapshot; returns why the notebook ended, if it did."""
        ours, theirs = socket.socketpair()
        deadline = time.monotonic() + CONTROL_SECONDS
        channel = Channel(ours, self.settings.value_mb << 20)
        try:
            self.kernel.send({"op": "snapshot"}, fds=[theirs.fileno()], deadline=deadline)
            theirs.close()
            pid = channel.receive(deadline)[0].get("ready")
            self.kernel.receive(deadline)
            if type(pid) is int:  # a claim: at worst a wrong process is kept until the submission ends
                self.frozen[cell.name] = pid
                self._ask_keeper({"keep": pid}, "kept", deadline)
        except WireError:
            channel.close()
            self.signal(signal.SIGKILL)
            return f"The state after cell `{cell.name}` couldn't be kept (the process is broken or out of memory)."
        result.snapshots[cell.name] = channel
        return ""

    def signal(self, number: int, pid: int | None = None) -> None:
        """Sends a signal to the kernel, or to another process of this submission."""
        message = {"signal": int(number)} | ({"pid": pid} if pid is not None else {})
        with contextlib.suppress(WireError):
            self.control.send(message, deadline=time.monotonic() + CONTROL_SECONDS)

    def sweep(self, which: str) -> int:
        """Ends what the submission left running: ``leftovers`` of a cell, or ``all`` but the frozen states.

        Returns:
            The most bytes of memory it used so far, 0 where nobody knows.
        """
        with contextlib.suppress(WireError):
            return int(self._ask_keeper({"sweep": which}, "swept", time.monotonic() + CONTROL_SECONDS)["memory_bytes"])
        return 0

    def restore(self, name: str) -> bool:
        """Brings the folders back to what they were after the cell ``name``, and ends what earlier copies of states left.

        Returns:
            Whether that could be done; else an earlier copy may have left something for the next.

        Raises:
            WireError: the keeper is gone.
        """
        answer = self._ask_keeper({"restore": self.frozen.get(name)}, "restored", time.monotonic() + CONTROL_SECONDS)
        return answer["restored"] is True

    def _ask_keeper(self, message: dict, expected: str, deadline: float) -> dict:
        """The keeper's answer; what it told meanwhile of its own accord is too late to matter."""
        self.control.send(message, deadline=deadline)
        while True:
            answer = self.control.receive(deadline)[0]
            if expected in answer:
                return answer

    def close(self) -> None:
        """Ends all processes of the submission."""
        self.kernel.close()
        self.control.close()


def copy_of(snapshot: Channel, deadline: float) -> tuple[Channel, int | None]:
    """A fresh copy of a frozen state: its connection and its process id as it claims it.

    Raises:
        WireError: the frozen state is gone.
    """
    ours, theirs = socket.socketpair()
    channel = Channel(ours, snapshot.max_bytes)
    try:
        with theirs:
            snapshot.send({"op": "copy"}, fds=[theirs.fileno()], deadline=deadline)
        pid = channel.receive(deadline)[0].get("ready")
    except WireError:
        channel.close()
        raise
    return channel, pid if type(pid) is int else None
