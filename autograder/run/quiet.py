"""What a command says on the terminal, or in the mail that cron makes of it: what matters, and one line about how far it is.

nbgrader writes four to eleven lines for each student, most of which say that a file was copied. All of them are kept in a
file of the course folder; the terminal gets warnings, errors and progress. ``--debug`` shows everything, as ever.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

FOLDER = Path(".autograder") / "logs"
FORMAT = "%(asctime)s %(levelname)s %(message)s"
MAX_BYTES = 4 << 20
KEPT_LINES = 20  # of progress, where the lines before can't be written over
HABITS = (  # warnings that come with every student and ask nobody for anything
    "Removing existing assignment: ",
    "Directory not found. Creating: ",
    "Alternative text is missing on ",
)


def progress(count: int, total: int) -> dict[str, tuple[int, int]]:
    """What makes a line of the log one of progress: ``log.warning(text, extra=progress(3, 300))``."""
    return {"progress": (count, total)}


@contextlib.contextmanager
def quiet(log: logging.Logger, course: Path, command: str) -> Iterator[None]:
    """While active, a command's terminal has what matters, and a file in the course folder has all.

    Where that file can't be written, or everything was asked for, nothing is held back.

    Args:
        log: the command's own.
        course: the course folder.
        command: what the file is called after.
    """
    terminals = list(_terminals(log))
    everything = not terminals or 0 < terminals[0].level <= logging.DEBUG
    file = None if everything else _opened(course / FOLDER / f"{command}.log")
    if file is None:
        yield
        return
    console = Console(terminals[0].stream)
    log.addHandler(file)
    for handler in terminals:
        handler.addFilter(console)
    try:
        yield
    finally:
        console.end()
        for handler in terminals:
            handler.removeFilter(console)
        log.removeHandler(file)
        file.close()
        if console.held_back:
            log.info("%s more lines are in %s", f"{console.held_back:,}", os.path.relpath(file.baseFilename, course))


class Console(logging.Filter):
    """Lets warnings and errors through, and progress: over the line before on a terminal, else now and then.

    Args:
        stream: where the lines go.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream, self.held_back = stream, 0
        self._open = False  # whether the cursor stands behind a line of progress
        self._step = -1

    def filter(self, record: logging.LogRecord) -> bool:
        count, total = getattr(record, "progress", (0, 0))
        if total:
            shown = self._told(record.getMessage(), count, total)
        else:
            shown = record.levelno >= logging.WARNING and not record.getMessage().startswith(HABITS)
            if shown:
                self.clear()
        self.held_back += not shown
        return shown

    def _told(self, text: str, count: int, total: int) -> bool:
        if self.stream.isatty():
            self.stream.write(f"\r{text[: shutil.get_terminal_size().columns - 1]}\x1b[K")
            self.stream.flush()
            self._open = True
            return False
        before, self._step = self._step, count * KEPT_LINES // total
        return self._step > before

    def clear(self) -> None:
        """Takes a line of progress away, so that another can stand there."""
        if self._open:
            self.stream.write("\r\x1b[K")
            self._open = False

    def end(self) -> None:
        """Leaves the last line of progress where it is."""
        if self._open:
            self.stream.write("\n")
            self._open = False


class AllLines(RotatingFileHandler):
    """The file of all lines; those of the runs before stay, up to some megabytes."""

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told by what fails for it, not by a trace for every line."""


def _terminals(log: logging.Logger) -> Iterator[logging.StreamHandler[TextIO]]:
    """Handlers that write to the process's own output, not to a file or to the page of a server."""
    at: logging.Logger | None = log
    while at is not None:
        streams = (handler for handler in at.handlers if isinstance(handler, logging.StreamHandler))
        yield from (handler for handler in streams if handler.stream in (sys.stderr, sys.stdout))
        at = at.parent if at.propagate else None


def _opened(path: Path) -> AllLines | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = AllLines(path, maxBytes=MAX_BYTES, backupCount=2, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter(FORMAT))
    return handler
