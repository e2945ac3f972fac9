"""What lies beside a notebook, and what of it may be used: the one look that grading and nbgrader's copying both rely on.

A student may hand in anything: terabytes that take no room, half a million empty files, folders without end, names that no
program can write. The look reads a bounded part of a folder, opens nothing but plain files, and says of each thing that
it leaves out why. Files are held by reference: name, size and digest, never the contents.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import os
import stat
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

MAX_FILES, MAX_FILE_BYTES = 2_000, 128 << 20  # beside one notebook, all together
MAX_ENTRIES = 10_000  # files and folders that are looked at, beside one notebook
MAX_PATH_BYTES = 1_000  # of a file's name below the folder; systems allow 4,096 from the root on
MAX_NAMED = 20  # of what is left out; more are counted
MAX_SHOWN = 100  # characters of a name
BLOCK = 1 << 20
STAMPS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's own, written when a submission is collected
MAX_STAMP_BYTES = 1_000
A_LINK = "a link"


class FileChanged(Exception):
    """A file isn't what it was when it was looked at; the message names it."""


@dataclass(frozen=True)
class StoredFile:
    """A file by reference.

    Attributes:
        path: where it lies.
        size: bytes.
        stamp: device, number, size and times of the file when it was looked at.
    """

    path: Path
    size: int
    stamp: tuple[int, ...] = field(repr=False)

    def digest(self) -> str:
        """SHA-256 of the contents, which are read once, piece by piece, as long as the file stays the same."""
        return _digest(self.path, self.stamp)

    def read(self) -> bytes:
        """The contents.

        Raises:
            FileChanged: they aren't those that `digest` names.
        """
        expected = self.digest()
        try:
            with open(_descriptor(self.path), "rb") as file:
                data = file.read(self.size + 1)
        except OSError:
            raise FileChanged(f"{shown(self.path.name)} was taken away while it was graded") from None
        if hashlib.sha256(data).hexdigest() != expected:
            raise FileChanged(f"{shown(self.path.name)} was changed while it was graded")
        return data


def _descriptor(path: Path | str) -> int:
    """The file at ``path``, opened to be read; no link is followed and no pipe waited for."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


@functools.lru_cache(maxsize=100_000)
def _digest(path: Path, stamp: tuple[int, ...]) -> str:
    total = hashlib.sha256()
    try:
        with open(_descriptor(path), "rb") as file:
            while block := file.read(BLOCK):
                total.update(block)
    except OSError as error:
        raise FileChanged(f"{shown(path.name)} can't be read any more: {error.strerror}") from None
    return total.hexdigest()


def stored_file(path: Path, about: os.stat_result) -> StoredFile:
    """A plain file, as it was when it was looked at."""
    return StoredFile(path, about.st_size, _stamp(about))


def _stamp(about: os.stat_result) -> tuple[int, ...]:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


@dataclass
class Look:
    """What a look at a folder found.

    Attributes:
        files: what may be used, by name relative to the folder; nothing that the assignment has itself.
        owned: files that have the name of one of the assignment's.
        left_out: name → why, for the first of those left out.
        more: how many others are left out.
    """

    files: dict[str, StoredFile] = field(default_factory=dict)
    owned: dict[str, StoredFile] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    more: int = 0

    def leave_out(self, name: str, reason: str) -> None:
        if len(self.left_out) < MAX_NAMED:
            self.left_out[name] = reason
        else:
            self.more += 1

    def named(self, name: str) -> StoredFile | None:
        """The file of a name, or the one that differs from it in nothing but the case or the encoding of letters."""
        alike = [there for there in self.files if _folded(there) == _folded(name)] if name not in self.files else [name]
        return self.files[alike[0]] if len(alike) == 1 else None

    def lines(self, most: int = MAX_NAMED) -> list[str]:
        """What is left out, a line each up to ``most`` and one for all others, in printable characters."""
        lines = [f"{shown(name)}: {reason}" for name, reason in list(self.left_out.items())[:most]]
        more = len(self.left_out) - len(lines) + self.more
        return lines + ([f"and {more:,} more"] if more else [])


def shown(name: str) -> str:
    """A name as it can be printed: shortened, control characters and what is no UTF-8 escaped."""
    text = name if len(name) <= MAX_SHOWN else f"{name[: MAX_SHOWN - 40]}…{name[-39:]}"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def size_of(count: int) -> str:
    """A number of bytes for a reader."""
    size, unit = float(count), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.3g} {unit}" if size < 1000 else f"{size:,.0f} {unit}"


def look_at(folder: Path, own: Iterable[str] = (), *, room: int = MAX_FILE_BYTES, ignore: Iterable[str] = ()) -> Look:
    """Which files below ``folder`` may be used.

    Args:
        folder: what a student handed in; it need not exist.
        own: names of the assignment's files, which count nothing and win over what has their place.
        room: bytes of all files together.
        ignore: patterns of names that are passed over without a word, as nbgrader's ``CourseDirectory.ignore``.
    """
    return _Walk(folder, own, room, ignore).look


class _Walk:
    """One look, breadth first, so that what lies deep or in great numbers costs no file that lies above."""

    def __init__(self, folder: Path, own: Iterable[str], room: int, ignore: Iterable[str]) -> None:
        self.look, self.folder = Look(), folder
        self._limit = self._room = room
        self._entries, self._ignore = MAX_ENTRIES, [*ignore, "*.ipynb"]
        self._own = frozenset(own)
        self._own_folders = {parent for name in self._own for parent in _parents(name)}
        self._spelled = {_folded(name): name for name in self._own | self._own_folders}
        self._queue = deque([""])
        if not os.path.lexists(folder):
            return
        if os.path.islink(folder) or os.path.islink(folder.parent):
            self.look.leave_out(folder.name, A_LINK)
            return
        for name in STAMPS:  # whatever else lies there: without them nbgrader doesn't know what it has
            self._stamp_file(name)
        while self._queue:
            self._folder(self._queue.popleft())

    def _stamp_file(self, name: str) -> None:
        try:
            about = os.lstat(self.folder / name)
        except OSError:
            return
        if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_STAMP_BYTES:
            self.look.leave_out(name, "not what nbgrader writes there")
        else:
            self._file(name, about)

    def _folder(self, name: str) -> None:
        try:
            with os.scandir(self.folder / name) as entries:
                found = sorted(islice(entries, self._entries + 1), key=lambda entry: entry.name)
        except OSError as error:
            self.look.leave_out(name or "the whole folder", f"can't be opened: {error.strerror}")
            return
        if len(found) > self._entries:
            self._entries = 0
            self._queue.clear()
            self.look.leave_out(name or "the whole folder", f"too many: {MAX_ENTRIES:,} files and folders are looked at, no more")
            return
        self._entries -= len(found)
        for entry in found:
            if not any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in self._ignore):
                self._entry(f"{name}/{entry.name}" if name else entry.name, entry)

    def _entry(self, name: str, entry: os.DirEntry) -> None:
        if name in STAMPS:
            return
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.look.leave_out(name, f"can't be looked at: {error.strerror}")
            return
        reason = self._unusable(name, about)
        if reason:
            self.look.leave_out(name, reason)
        elif stat.S_ISDIR(about.st_mode):
            self._spelled[_folded(name)] = name
            self._queue.append(name)
        else:
            self._file(name, about)

    def _unusable(self, name: str, about: os.stat_result) -> str:
        """Why a file or folder can't be used whatever it holds; empty if it can."""
        folder = stat.S_ISDIR(about.st_mode)
        try:
            length = len(name.encode("utf-8"))
        except UnicodeEncodeError:
            return "its name isn't UTF-8"
        if length > MAX_PATH_BYTES:
            return f"its name, folders included, is longer than {MAX_PATH_BYTES:,} bytes"
        if not folder and not stat.S_ISREG(about.st_mode):
            return A_LINK if stat.S_ISLNK(about.st_mode) else "neither a file nor a folder"
        if name in self._own and folder:
            return "a folder, where the assignment has a file"
        if name in self._own_folders and not folder:
            return "a file, where the assignment has a folder"
        spelled = self._spelled.get(_folded(name), name)
        return "" if spelled == name else f"differs from {shown(spelled)} in nothing but the case or the encoding of letters"

    def _file(self, name: str, about: os.stat_result) -> None:
        reason = "" if name in self._own else self._too_much(about.st_size)
        path = self.folder / name
        try:
            if not reason and name not in self._own:
                os.close(_descriptor(path))
        except OSError as error:
            reason = f"can't be read: {error.strerror}"
        if reason:
            self.look.leave_out(name, reason)
            return
        kept = self.look.owned if name in self._own else self.look.files
        kept[name] = stored_file(path, about)
        self._spelled[_folded(name)] = name
        self._room -= 0 if name in self._own else about.st_size

    def _too_much(self, size: int) -> str:
        if len(self.look.files) >= MAX_FILES:
            return f"more than the {MAX_FILES:,} files allowed"
        if size > self._limit:
            return f"{size_of(size)}, where {size_of(self._limit)} are allowed"
        if size > self._room:
            return f"{size_of(size)}, which makes all files together more than the {size_of(self._limit)} allowed"
        return ""


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")
    for count in range(1, len(parts)):
        yield "/".join(parts[:count])


def _folded(name: str) -> str:
    """The same for names that some file systems take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
