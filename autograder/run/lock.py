"""One command at a time works on a course folder: its gradebook, ``autograded/``, ``feedback/`` and ``release/``.

The lock is held on a file by the operating system, so that it is free at once when its holder ends, however it ends. What
the file says is only for people. It covers one course folder, whatever database its gradebook lies in; two course
folders that share a database aren't kept apart.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

LOCK = Path(".autograder") / "lock"
WATCH_LOCK = Path(".autograder") / "watch-lock"  # of the one watcher, which gives the commands that take the other
LOOK_SECONDS = 0.2


class InUse(Exception):
    """The course folder can't be had; the message says why."""


@contextlib.contextmanager
def held(course: Path, command: str, tell: Callable[[str], None], patience: float, file: Path = LOCK) -> Iterator[None]:
    """Holds the lock of a course folder; waits for whoever has it.

    Args:
        course: the course folder.
        command: what is going to be done, for those who have to wait.
        tell: gets a line if there is somebody to wait for.
        patience: seconds to wait.
        file: the lock, below the course folder.

    Raises:
        InUse: it was held all that time, or the file can't be made.
    """
    descriptor = _opened(course / file)
    try:
        _wait(descriptor, tell, patience)
        _say(descriptor, {"process": os.getpid(), "host": socket.gethostname(), "since": time.time(), "command": command})
        try:
            yield
        finally:
            _say(descriptor, {})
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    with contextlib.suppress(PermissionError):
        return _opened_to(path, os.O_RDWR | os.O_CREAT)
    return _opened_to(path, os.O_RDONLY)  # another grader of a shared folder made it: it can be locked, but not written


def _opened_to(path: Path, how: int) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, how | os.O_CLOEXEC, 0o660)
    except OSError as error:
        if isinstance(error, PermissionError) and how & os.O_CREAT:
            raise
        raise InUse(f"The course folder can't be used: {error.strerror}: {error.filename}") from None


def _wait(descriptor: int, tell: Callable[[str], None], patience: float) -> None:
    started = told = time.monotonic()
    waiting = False
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        except OSError as error:
            return tell(f"This file system knows no locks ({error.strerror}): start one command at a time on this course folder")
        if time.monotonic() - started > patience:
            raise InUse(f"{_holder(descriptor)} has had this course folder for {patience:g} s; give the command again when it has ended")
        if not waiting or time.monotonic() - told > 60:
            waiting, told = True, time.monotonic()
            tell(f"Waiting until {_holder(descriptor)} has ended, which works on this course folder …")
        time.sleep(LOOK_SECONDS)


def _say(descriptor: int, about: dict) -> None:
    with contextlib.suppress(OSError):  # a full disk, or a file that is another grader's: nobody is told, no more
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(about).encode(), 0)


def _holder(descriptor: int) -> str:
    """Who holds the lock, as far as the file says it."""
    try:
        about = json.loads(os.pread(descriptor, 4096, 0))
        since = datetime.fromtimestamp(about["since"]).strftime("%Y-%m-%d %H:%M:%S")
        where = "" if about["host"] == socket.gethostname() else f" on {about['host']}"
        return f"process {about['process']}{where} (since {since}: {about['command']})"
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return "another command"
