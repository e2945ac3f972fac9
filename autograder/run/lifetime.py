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
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.utils import rmtree

from autograder.run.lock import InUse, held
from autograder.run.quiet import progress, quiet

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


def run_command(converter: BaseConverter, command: str, start: Callable[[AtWork], None]) -> None:
    """One command from its start to its end.

    Args:
        converter: nbgrader's converter.
        command: its name.
        start: nbgrader's own start, which tells what it is at.

    Raises:
        NbGraderException: another command has the course folder.
    """
    alone = isinstance(converter.parent, NbGrader)  # not in a server, which lives on
    shown = f"`nbgrader {command} {converter.coursedir.assignment_id}`{'' if alone else ', from the formgrader'}"
    root = Path(converter.coursedir.root).resolve()
    patience = PATIENCE_SECONDS if alone else SERVER_PATIENCE_SECONDS
    with signals_stop(alone) as asked:
        try:
            with held(root, shown, converter.log.warning, patience), _told(converter, root, command):
                _started(converter, root, AtWork(converter, asked), start)
        except InUse as error:
            converter.log.error("%s", error)
            raise NbGraderException(str(error)) from None
        except Stopped as stopped:
            hold_signals()
            converter.log.error("%s: what was finished is kept; give the same command again to go on.", stopped)
            _leave(128 + stopped.number)


def _told(converter: BaseConverter, root: Path, command: str) -> contextlib.AbstractContextManager[None]:
    """What is said of a whole class is kept in a file, and in part said here."""
    return quiet(converter.log, root, command) if isinstance(converter, (Autograde, GenerateFeedback)) else contextlib.nullcontext()


def _started(converter: BaseConverter, root: Path, work: AtWork, start: Callable[[AtWork], None]) -> None:
    """nbgrader's own start; whatever ends it before its time, nothing half done stays."""
    if isinstance(converter, Autograde) and (warning := open_to_others(root, converter.coursedir.groupshared)):
        converter.log.warning("%s", warning)
    try:
        start(work)
    except BaseException as error:
        if isinstance(error, Stopped):
            hold_signals()
        work.take_back()
        raise


def _leave(status: int) -> NoReturn:
    """Ends the process without taking the interpreter apart, which takes longer than all the rest of stopping."""
    atexit._run_exitfuncs()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the terminal may be gone
            stream.flush()
    os._exit(status)


class AtWork:
    """Which submission nbgrader is working on, so that a run that stops takes back that one and no other.

    Args:
        converter: nbgrader's converter.
        asked: signals that ask for the end, as they come.
    """

    def __init__(self, converter: Any, asked: list[int]) -> None:
        self.converter, self.asked = converter, asked
        self.folder: Path | None = None
        self.passed = 0  # submissions that nbgrader was at

    def beginning(self, begins: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
        """nbgrader's ``init_destination``, noted."""

        @functools.wraps(begins)
        def begin(assignment: str, student: str) -> bool:
            self.folder = None
            self.passed += 1
            if self.asked:  # by a signal that came where Python swallows what a handler raises
                raise Stopped(self.asked[0])
            wanted = begins(assignment, student)
            if wanted:
                self.folder = Path(self.converter._format_dest(assignment, student))
            return wanted

        return begin

    def ending(self, ends: Callable[[str, str], None]) -> Callable[[str, str], None]:
        """nbgrader's ``set_permissions``, noted."""

        @functools.wraps(ends)
        def end(assignment: str, student: str) -> None:
            ends(assignment, student)
            self.folder = None
            if isinstance(self.converter, GenerateFeedback):
                total = len(self.converter.assignments)
                self.converter.log.info("[%s/%s] %s: feedback written", self.passed, total, student, extra=progress(self.passed, total))

        return end

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
