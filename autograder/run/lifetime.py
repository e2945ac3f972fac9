"""An nbgrader command that converts notebooks, from its start to its end, however it ends.

nbgrader takes for done whatever lies in its output folder, and ends with a traceback when it is interrupted. Here one
command at a time works on a course folder; a signal, like trouble with the machine, ends it with one line; the student
who was at work is taken back, nobody else; and nothing that was started runs on.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import grp
import logging
import os
import pwd
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.utils import rmtree

from autograder.run.lock import InUse, held

COMMANDS = {Autograde: "autograde", GenerateAssignment: "generate_assignment", GenerateFeedback: "generate_feedback"}
PATIENCE_SECONDS = 600.0  # of a command for another one
SERVER_PATIENCE_SECONDS = 10.0  # of a button in the formgrader, whose page hangs meanwhile
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asked for the end; no handler of ordinary errors catches it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        name = signal.Signals(self.number).name
        return f"Stopped by {'Ctrl-C' if name == 'SIGINT' else name}"


def watch_over_commands() -> None:
    """Puts `_start` in the place of the method with which nbgrader's converters start, from now on in this process."""
    BaseConverter.start = _start  # nbgrader has no plug-in point around a whole command


_nbgrader_start = BaseConverter.start


def _start(self: BaseConverter) -> None:
    """In place of ``BaseConverter.start``."""
    command = next((name for kind, name in COMMANDS.items() if isinstance(self, kind)), None)
    if command is None:
        return _nbgrader_start(self)
    alone = isinstance(self.parent, NbGrader)  # not in a server, which lives on
    shown = f"`nbgrader {command} {self.coursedir.assignment_id}`{'' if alone else ', from the formgrader'}"
    root = Path(self.coursedir.root).resolve()
    patience = PATIENCE_SECONDS if alone else SERVER_PATIENCE_SECONDS
    with signals_stop(alone) as asked:
        try:
            with held(root, shown, self.log.warning, patience):
                _watched(self, root, asked)
        except InUse as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from None
        except Stopped as stopped:
            hold_signals()
            self.log.error("%s: what was finished is kept; give the same command again to go on.", stopped)
            _leave(128 + stopped.number)
    return None


def _watched(converter: BaseConverter, root: Path, asked: list[int]) -> None:
    """nbgrader's own start; whatever ends it before its time, nothing half done stays and nothing runs on."""
    work = AtWork(converter, asked)
    if isinstance(converter, Autograde) and (warning := open_to_others(root, converter.coursedir.groupshared)):
        converter.log.warning("%s", warning)
    try:
        _nbgrader_start(converter)
    except BaseException as error:
        if isinstance(error, Stopped):
            hold_signals()
        _close(converter, at_once=True)
        work.take_back()
        raise
    _close(converter, at_once=False)


def _leave(status: int) -> NoReturn:
    """Ends the process without taking the interpreter apart, which takes longer than all the rest of stopping."""
    atexit._run_exitfuncs()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the terminal may be gone
            stream.flush()
    os._exit(status)


def _close(converter: Any, at_once: bool) -> None:
    """Ends what grades, if this is a run that grades."""
    run = getattr(converter, "run", None)
    if run is not None:
        run.close(at_once)


class AtWork:
    """Which submission nbgrader is working on, so that a run that stops takes back that one and no other."""

    def __init__(self, converter: Any, asked: list[int]) -> None:
        self.converter = converter
        self.folder: Path | None = None
        begins, ends = converter.init_destination, converter.set_permissions

        @functools.wraps(begins)
        def begin(assignment: str, student: str) -> bool:
            self.folder = None
            if asked:  # by a signal that came where Python swallows what a handler raises
                raise Stopped(asked[0])
            wanted = begins(assignment, student)
            if wanted:
                self.folder = Path(converter._format_dest(assignment, student))
            return wanted

        @functools.wraps(ends)
        def end(assignment: str, student: str) -> None:
            ends(assignment, student)
            self.folder = None

        converter.init_destination, converter.set_permissions = begin, end

    def take_back(self) -> None:
        """Removes what was made for the submission at work: its folder, or only the notebooks the command named."""
        if self.folder is None or not self.folder.is_dir():
            return
        with contextlib.suppress(OSError):
            if self.converter.coursedir.notebook_id == "*":
                rmtree(str(self.folder))
                return
            for path in self.converter.notebooks:
                (self.folder / Path(path).stem).with_suffix(self.converter.exporter.file_extension).unlink(missing_ok=True)


@contextlib.contextmanager
def signals_stop(alone: bool) -> Iterator[list[int]]:
    """While active, a signal that asks for the end raises `Stopped`, unless whoever started the command has it ignored.

    Args:
        alone: whether the process does nothing else; a server's signals are its own.

    Yields:
        The signals that came.
    """
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        raise Stopped(number)

    ours = alone and threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in SIGNALS if ours}
    before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, stop)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def hold_signals() -> None:
    """No further signal gets in the way of ending, which is all that this process has left to do."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def open_to_others(folder: Path, shared: bool = False) -> str:
    """A warning if users other than the owner can look into a course folder; empty if not.

    Args:
        folder: the course folder.
        shared: whether the owner's group is meant to, nbgrader's ``groupshared``.
    """
    about = folder.stat()
    mode = stat.S_IMODE(about.st_mode)
    open_bits = mode & (0o005 if shared or _own_group(about) else 0o055)
    if not open_bits:
        return ""
    to = "2770" if shared else "700"
    return f"Other users of this machine can look into {folder} (mode {mode:o}), solutions and submissions included: `chmod {to} {folder}`"


def _own_group(about: os.stat_result) -> bool:
    """Whether the folder's group is the owner's alone, as many systems make one for each user."""
    try:
        return grp.getgrgid(about.st_gid).gr_name == pwd.getpwuid(about.st_uid).pw_name
    except KeyError:
        return False
