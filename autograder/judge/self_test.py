"""Tries out grading: whether a sandbox on this machine does what a submission needs, and if not, why and what to do.

`problem` starts a sandbox for it; `problem_of` asks a running one. Either does with a notebook of one cell what grading
does with every submission: start its processes, lay out its files, run the cell, freeze the state after it, copy the frozen
state, ask the copy a value, end all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from autograder.checking.student import Student, StudentFailed
from autograder.inside.wire import WireError
from autograder.jobs.fate import MachineFailed
from autograder.jobs.submission import Cell, Checks, Job
from autograder.judge.execution import NoCopy, Snapshot, StudentProcess
from autograder.sandbox.causes import explain, lift_limits, too_small_limit
from autograder.sandbox.folders import SandboxError
from autograder.sandbox.warm import DidNotStart, Sandbox
from autograder.settings import Settings

FILE, TEXT = "given.txt", "forty-two"
KERNEL_SETTING = "/proc/sys/kernel/core_pattern"  # whoever writes it runs programs as root outside of any sandbox
SOURCE = f"import os\nanswer = [len(open({FILE!r}).read()), {TEXT!r}]\nwrites = os.access({KERNEL_SETTING!r}, os.W_OK)"
ANSWER = [len(TEXT), TEXT]
PATIENCE = {"cell_seconds": 30.0, "notebook_seconds": 60.0}  # a class's own limits may be shorter than a busy machine needs
COPY_SECONDS = 20


def problem(settings: Settings, imports: Sequence[str] = (), hidden: Sequence[Path] = ()) -> str | None:
    """Why grading doesn't work with these settings on this machine, and what to do; None if it does.

    Args:
        settings: level and limits.
        imports: modules to import before the first submission.
        hidden: folders that must not be seen inside.

    Returns:
        The cause in the first line, what mends it in those after.
    """
    lift_limits(settings)
    if found := too_small_limit(settings):
        return found
    try:
        sandbox = Sandbox(settings, imports, hidden)
        try:
            sandbox.wait_until_ready()
            return problem_of(sandbox, settings)
        finally:
            sandbox.close()
    except (DidNotStart, OSError) as error:
        return explain(str(error), settings)
    except SandboxError as error:
        return str(error)  # which says what to do


def sandbox_level_problem(level: str = "bubblewrap") -> str | None:
    """Why a level can't be had here, or None if it can."""
    return problem(Settings(sandbox=level), imports=["json"])


def problem_of(sandbox: Sandbox, settings: Settings) -> str | None:
    """The same of a sandbox that is ready; it stays as it is, for the submissions to come."""
    if found := too_small_limit(settings):
        return found
    patient = dataclasses.replace(settings, **{name: max(getattr(settings, name), least) for name, least in PATIENCE.items()})
    try:
        process = StudentProcess(sandbox, patient)
    except (MachineFailed, OSError) as error:
        return explain(_told("a submission's processes don't start", error, sandbox), settings)
    try:
        failed = _try_submission(process, shut_in=settings.sandbox != "process")
    except MachineFailed as error:
        failed = "a submission's processes don't live", error
    finally:
        process.close()
    return explain(_told(*failed, sandbox), settings) if failed else None


def _try_submission(process: StudentProcess, shut_in: bool) -> tuple[str, object] | None:
    """What of a submission's life doesn't work, and what was said of it."""
    try:
        process.start({FILE: TEXT.encode()})
    except (MachineFailed, OSError) as error:
        return "a submission's processes don't start", error
    cell = Cell(0, "answer", SOURCE, Checks("", "answer"))
    done = process.execute(Job("self-test", "nobody", (cell,)))
    if done.ended or not done.snapshots:
        return "a cell can't be run and its state frozen", done.ended or done.runs[0].note
    return _try_copy(process, done.snapshots[cell.name], shut_in)


def _try_copy(process: StudentProcess, snapshot: Snapshot, shut_in: bool) -> tuple[str, object] | None:
    """The same of a copy of a frozen state, and what code could do there that is ``shut_in``."""
    try:
        channel, _ = process.fresh_copy(snapshot, COPY_SECONDS)
    except NoCopy:
        return "the folders can't be brought back to what they were after a cell", "the keeper says so"
    except (WireError, OSError) as error:
        return "the frozen state after a cell can't be copied", error
    try:
        student = Student(channel, SOURCE)
        answer, writes = student.value("answer"), student.value("writes")
    except StudentFailed as error:
        return "a copy of a frozen state doesn't answer", error
    finally:
        channel.close()
    if answer != ANSWER:
        return "a cell gave a wrong value", f"{answer!r} instead of {ANSWER!r}"
    return ("students' code could write the kernel's settings", f"{KERNEL_SETTING} is open to it") if writes and shut_in else None


def _told(what: str, error: object, sandbox: Sandbox) -> str:
    """A sentence of what failed, with what the sandbox itself complained of last."""
    complaint = sandbox.complaint().splitlines()
    return f"{what}: {error}{f' ({complaint[-1]})' if complaint else ''}"
