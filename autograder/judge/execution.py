"""Runs a job's cells in the student's process and keeps a frozen state after each grade cell."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from dataclasses import dataclass, field

from autograder.checking.stopped import Stop, stop_of
from autograder.inside.wire import Channel, WireClosed, WireError, WireTimeout
from autograder.jobs.fate import Cause, Doubt, Fate, MachineFailed
from autograder.jobs.outputs import OutputCleaner
from autograder.jobs.submission import Cell, Job
from autograder.judge.keeper import CONTROL_SECONDS, FATE_SECONDS, Keeper
from autograder.sandbox.warm import Sandbox
from autograder.settings import Settings

GRACE_SECONDS = 10.0  # between the interrupt and the kill
MAX_SOURCE = 1_000_000  # characters of one cell


@dataclass
class CellRun:
    """What running one cell gave.

    Attributes:
        outputs: nbformat outputs as the student's process claims them, already checked for form.
        note: one sentence if the cell was stopped or never ran.
        stop: how it ended, if not at its end.
        cause: the same as a value, if it was no exception.
    """

    outputs: list[dict] = field(default_factory=list)
    note: str = ""
    stop: Stop | None = None
    cause: Cause = ""


class NoCopy(Exception):
    """A frozen state can't be copied; the message is for the student."""

    def __init__(self, message: str, cause: Cause = "") -> None:
        super().__init__(message)
        self.cause = cause


@dataclass(frozen=True)
class Snapshot:
    """A frozen state: the connection to it, and its process as it claims it."""

    channel: Channel
    pid: int


@dataclass
class Execution:
    """A submission's run: outputs by cell index, and the frozen state by grade cell name.

    ``ended`` says why the notebook ended before its last cell, ``cause`` the same as a value.
    """

    runs: dict[int, CellRun] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    ended: str = ""
    cause: Cause = ""
    timed_out: bool = False
    memory_mb: int = 0


class StudentProcess:
    """The host's side of one submission's processes.

    Args:
        sandbox: the warm process to fork from.
        settings: limits.

    Raises:
        MachineFailed: the warm process is gone.
    """

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self.settings = settings
        self.outputs = OutputCleaner()
        self.doubts: list[Doubt] = []
        self._frozen: list[Channel] = []
        self._pid = 0
        try:
            control, self.kernel = sandbox.spawn()
        except WireError:
            raise MachineFailed("the sandbox's warm process is gone") from None
        for channel in (control, self.kernel):
            channel.max_bytes = settings.value_mb << 20
        self.keeper = Keeper(control, settings, self.doubts)

    def start(self, files: dict[str, bytes]) -> None:
        """Lays out the files and waits for the kernel.

        Raises:
            MachineFailed: the processes didn't come up; no student's code has run yet.
        """
        deadline = time.monotonic() + CONTROL_SECONDS
        try:
            self._pid = self.keeper.start(files)
            self.kernel.receive(deadline)
        except WireError as error:
            raise MachineFailed(f"the submission's processes didn't start: {error}") from None

    def execute(self, job: Job) -> Execution:
        """Runs all cells in order; a cell that can't be interrupted ends the notebook."""
        result, started = Execution(), time.monotonic()
        for cell in job.cells:
            left = self.settings.notebook_seconds - (time.monotonic() - started)
            if not result.ended and left <= 0:
                result.ended = f"The notebook ran longer than the {self.settings.notebook_seconds:g} s allowed and was stopped here."
                result.cause = "time"
            if result.ended:
                result.runs[cell.index] = CellRun(note=f"Not run. {result.ended}", cause=result.cause)
                continue
            run, result.ended = (CellRun(), "") if cell.blank else self._run(cell, min(left, self.settings.cell_seconds), result)
            result.runs[cell.index], result.cause = run, run.cause if result.ended else ""
            if cell.checks and not result.ended:
                result.ended = self._freeze(cell, result)
                result.cause = "broke" if result.ended else ""
        result.memory_mb = self.keeper.sweep("all") >> 20  # what still runs has nothing to say any more, and mustn't get in the checks' way
        return result

    def _run(self, cell: Cell, seconds: float, result: Execution) -> tuple[CellRun, str]:
        """Runs one cell; returns its outputs and, if the kernel is gone, why."""
        cause: Cause = ""
        if len(cell.source) > MAX_SOURCE:
            return CellRun(note=f"This cell is longer than {MAX_SOURCE:,} characters and wasn't run."), ""
        try:
            self.kernel.send({"op": "run", "source": cell.source}, deadline=time.monotonic() + CONTROL_SECONDS)
            note = ""
            try:
                message = self.kernel.receive(time.monotonic() + seconds)[0]
            except WireTimeout:
                result.timed_out, cause = True, "time"
                note = f"This cell ran longer than the {seconds:.3g} s allowed and was interrupted."
                self.keeper.signal(signal.SIGINT)
                message = self.kernel.receive(time.monotonic() + GRACE_SECONDS)[0]
                self.keeper.sweep("leftovers")
            outputs = self.outputs.clean(message.get("outputs"))
            stop = stop_of(cell.source, outputs, message.get("line"), note)
            return CellRun(outputs, note or (stop.hint if stop else ""), stop, cause), ""
        except WireTimeout:
            self.keeper.signal(signal.SIGKILL)
            cause = "time"
            why = f"Cell `{cell.name}` ran longer than the {seconds:.3g} s allowed and couldn't be interrupted; the notebook ends there."
        except WireClosed:
            how, cause = self._end(f"cell `{cell.name}`")
            why = f"Cell `{cell.name}` ended the whole process ({how})."
        except WireError as error:
            self.keeper.signal(signal.SIGKILL)
            cause = "broke"
            why = f"Cell `{cell.name}` broke the connection to the grader ({error})."
        return CellRun(note=why, cause=cause), why

    def _end(self, place: str) -> tuple[str, Cause]:
        """How the kernel ended, in words and as a value; what may not have been the student's code is noted."""
        fate = self.keeper.fate(self._pid)
        if self.keeper.over_limit(fate):
            return f"over the memory limit of {self.settings.memory_mb} MiB", "memory"
        if not fate.known:
            self.doubts.append(Doubt(place, fate.how))
        return "os._exit, a crash or a kill", "ended"

    def _freeze(self, cell: Cell, result: Execution) -> str:
        """Asks the kernel for a snapshot; returns why the notebook ended, if it did."""
        ours, theirs = socket.socketpair()
        deadline = time.monotonic() + CONTROL_SECONDS
        channel = Channel(ours, self.settings.value_mb << 20)
        self._frozen.append(channel)
        try:
            with theirs:
                self.kernel.send({"op": "snapshot"}, fds=[theirs.fileno()], deadline=deadline)
            pid = channel.receive(deadline)[0].get("ready")
            self.kernel.receive(deadline)
            if type(pid) is int:  # a claim: at worst a wrong process is kept until the submission ends
                self.keeper.ask({"keep": pid}, "kept")
        except WireError as error:
            result.timed_out |= isinstance(error, WireTimeout)
            if not self.keeper.over_limit(self.keeper.fate(self._pid)):  # a fork may fail for the submission's limits and for the machine's
                self.doubts.append(Doubt(f"freezing the state after cell `{cell.name}`", "no frozen state"))
            self.keeper.signal(signal.SIGKILL)
            return f"The state after cell `{cell.name}` couldn't be kept (the process is broken or out of memory)."
        result.snapshots[cell.name] = Snapshot(channel, pid if type(pid) is int else 0)
        return ""

    def fresh_copy(self, snapshot: Snapshot, seconds: float) -> tuple[Channel, int | None]:
        """A copy of a frozen state, as `copy_of` makes it, in folders as they were when the state was frozen.

        Raises:
            NoCopy: the folders can't be brought back.
            WireError: the state can't be copied.
            MachineFailed: the keeper is gone, and student code can't have ended it.
        """
        if self.keeper.ask({"restore": snapshot.pid}, "restored")["restored"] is not True:
            raise NoCopy("What earlier checks left in the notebook's folders can't be taken away.")
        return copy_of(snapshot.channel, time.monotonic() + seconds)

    def copy(self, snapshot: Snapshot, place: str, seconds: float) -> tuple[Channel, int | None]:
        """The same; where there is no copy, what may not have been the student's code is noted.

        Raises:
            NoCopy: there is none, and why, for the student.
            MachineFailed: as `fresh_copy`.
        """
        with contextlib.suppress(WireError):
            return self.fresh_copy(snapshot, seconds)
        fate = self.keeper.fate(snapshot.pid)
        if not self.keeper.over_limit(fate) and (fate.lives or not fate.known):
            self.doubts.append(Doubt(place, "it can't be copied" if fate.lives else fate.how))
        raise NoCopy("The state after this cell was lost: the notebook's processes were killed.", "broke")

    def note_end(self, snapshot: Snapshot, pid: int | None, place: str) -> None:
        """Finds out how a copy of a frozen state ended; what may not have been the student's code is noted."""
        fate = self.keeper.fate(pid or 0, seconds=0)
        if self.keeper.over_limit(fate) or fate.ordered:
            return
        told, end = None, time.monotonic() + FATE_SECONDS
        with contextlib.suppress(WireError):
            while told is None:
                message = snapshot.channel.receive(end)[0]
                if message.get("ended") == pid and type(message.get("status")) is int:
                    told = message["status"]
        fate = Fate(status=told)
        if not fate.known:
            self.doubts.append(Doubt(place, fate.how))

    def close(self) -> None:
        """Ends all processes of the submission."""
        for channel in (self.kernel, self.keeper.channel, *self._frozen):
            channel.close()


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
