"""What lies in a submission's private folders, remembered when a state is frozen and put back before each copy of it.

All processes of a submission share these folders: without this, what one check's copy writes would reach the next check.
The folders hold whatever a student's code put there, so nothing here follows a link, waits for a pipe or goes down without
end. What a copy of a state does through a descriptor that was open when it was frozen stays out of sight.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass

MAX_DEPTH = 64  # of folders in folders
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = READ | os.O_DIRECTORY
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class CantRestore(Exception):
    """A folder can't be brought back to what it was."""


@dataclass
class Entry:
    """One file, folder or link as it was.

    Attributes:
        found: what `os.lstat` said.
        content: a file's bytes or a link's target; None where there was no room for them, and for other kinds.
        children: of a folder, by name.
    """

    found: os.stat_result
    content: bytes | None = None
    children: dict[str, Entry] | None = None

    def unchanged(self, now: os.stat_result) -> bool:
        """Whether it is still the same file: any change sets its change time, which nobody can set."""
        return all(getattr(now, name) == getattr(self.found, name) for name in ("st_ino", "st_mode", "st_size", "st_ctime_ns"))


class Folders:
    """Private folders of one submission.

    Args:
        paths: where they are.
        room: bytes of contents to remember in all; a change of more than that can't be undone.
    """

    def __init__(self, paths: list[str], room: int) -> None:
        self.paths, self.room = paths, room
        self._last: dict[str, Entry] = {}

    def remember(self) -> dict[str, Entry]:
        """The present state; what hasn't changed since the last one is not read again."""
        state = {}
        for path in self.paths:
            opened = os.open(path, FOLDER)
            try:
                state[path] = self._folder(opened, self._last.get(path), 0)
            finally:
                os.close(opened)
        self._last = state
        return state

    def _folder(self, opened: int, before: Entry | None, depth: int) -> Entry:
        entry, known = Entry(os.fstat(opened), children={}), (before and before.children) or {}
        for name in os.listdir(opened):
            try:
                entry.children[name] = self._entry(opened, name, known.get(name), depth)  # type: ignore[index]
            except OSError:  # gone meanwhile, or hidden on purpose: whatever stands there later is taken for new
                continue
        return entry

    def _entry(self, parent: int, name: str, before: Entry | None, depth: int) -> Entry:
        found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode):
            if depth >= MAX_DEPTH:
                return Entry(found)
            opened = os.open(name, FOLDER, dir_fd=parent)
            try:
                return self._folder(opened, before, depth + 1)
            finally:
                os.close(opened)
        if before is not None and before.unchanged(found):
            return before
        if stat.S_ISLNK(found.st_mode):
            return Entry(found, os.fsencode(os.readlink(name, dir_fd=parent)))
        return Entry(found, self._content(parent, name, found) if stat.S_ISREG(found.st_mode) else None)

    def _content(self, parent: int, name: str, found: os.stat_result) -> bytes | None:
        if found.st_size > self.room:
            return None
        try:
            opened = os.open(name, READ, dir_fd=parent)
        except OSError:  # not to be read at all
            return None
        with open(opened, "rb") as file:
            content = file.read(found.st_size) if os.fstat(opened).st_ino == found.st_ino else b""
        self.room -= len(content)
        return content

    def restore(self, state: dict[str, Entry]) -> None:
        """Brings the folders back to a remembered state.

        Raises:
            CantRestore: something can't be removed or put back.
        """
        try:
            for path, entry in state.items():
                opened = os.open(path, FOLDER)
                try:
                    _restore_folder(opened, entry)
                finally:
                    os.close(opened)
        except (OSError, RecursionError) as error:
            raise CantRestore(str(error)) from None
        self._last = state


def _restore_folder(opened: int, entry: Entry) -> None:
    children = entry.children or {}
    for name in os.listdir(opened):
        if name not in children:
            _remove(opened, name)
    for name, child in children.items():
        if child.children is None and not stat.S_ISDIR(child.found.st_mode):
            _restore_file(opened, name, child)
        else:
            _restore_child(opened, name, child)
    if stat.S_IMODE(os.fstat(opened).st_mode) != stat.S_IMODE(entry.found.st_mode):
        os.fchmod(opened, stat.S_IMODE(entry.found.st_mode))


def _restore_child(parent: int, name: str, child: Entry) -> None:
    """A folder within a folder; one that was too deep to be remembered goes."""
    now = _now(parent, name)
    same = now is not None and stat.S_ISDIR(now.st_mode) and now.st_ino == child.found.st_ino
    if now is not None and (not same or child.children is None):
        _remove(parent, name)
        now = None
    if child.children is None:
        return
    if now is None:
        os.mkdir(name, dir_fd=parent)
    opened = os.open(name, FOLDER, dir_fd=parent)
    try:
        if now is None:
            os.fchown(opened, child.found.st_uid, child.found.st_gid)
        _restore_folder(opened, child)
        child.found = os.fstat(opened)
    finally:
        os.close(opened)


def _restore_file(parent: int, name: str, child: Entry) -> None:
    now = _now(parent, name)
    if now is not None and child.unchanged(now):
        return
    if now is not None:
        _remove(parent, name)
    if stat.S_ISREG(child.found.st_mode):
        _write(parent, name, child)
    elif stat.S_ISLNK(child.found.st_mode):
        os.symlink(child.content or b"", name, dir_fd=parent)
    elif stat.S_ISFIFO(child.found.st_mode):
        os.mkfifo(name, stat.S_IMODE(child.found.st_mode), dir_fd=parent)
    else:
        return  # a socket is worth nothing without the process that had it open
    child.found = os.stat(name, dir_fd=parent, follow_symlinks=False)


def _write(parent: int, name: str, child: Entry) -> None:
    if child.content is None:
        raise CantRestore(f"{name} was changed, and there was no room to remember it")
    opened = os.open(name, CREATE, 0o600, dir_fd=parent)
    with open(opened, "wb") as file:
        file.write(child.content)
        file.flush()
        os.fchown(opened, child.found.st_uid, child.found.st_gid)
        os.fchmod(opened, stat.S_IMODE(child.found.st_mode))
        os.utime(opened, ns=(child.found.st_atime_ns, child.found.st_mtime_ns))


def _now(parent: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _remove(parent: int, name: str) -> None:
    found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode):
        shutil.rmtree(name, dir_fd=parent)
    else:
        os.unlink(name, dir_fd=parent)
