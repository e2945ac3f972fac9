"""Opens what was downloaded or saved from a mailbox: archives, archives within them, messages.

Students wrote what is inside. Nothing is written under a name from an archive: each file becomes a numbered one in a
scratch folder, and `Item.place` tells where it lay. Sizes are limited, and an archive that can't be read stops nobody else.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.collecting.formats import OTHERS, UNREADABLE, composed, first_line, kind_of, tar_members, why_not_read, zip_members
from autograder.collecting.mail import Letter, NoMessage, mbox_messages, read_message
from autograder.jobs.notebook import MAX_NOTEBOOK_BYTES, decoded, json_of

MAX_FILE = 64 << 20  # bytes of one file, saved outputs of a notebook apart
MAX_NOTEBOOK = MAX_NOTEBOOK_BYTES  # of one notebook with its saved outputs
MAX_NESTED = 512 << 20  # bytes of what one student packed
MAX_ENTRIES = 1_000  # files in what one student packed
MAX_ALL, MAX_ALL_ENTRIES = 32 << 30, 200_000  # of what lies in the archive folder
FREE = 200 << 20  # bytes that stay free on the disk
LARGE = 1 << 20  # bytes of a file for which the disk is looked at
MAX_DEPTH = 4  # archives within archives
LEFT_OUT = ("__MACOSX", "__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini", ".git")

Place = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One file that somebody handed in.

    Attributes:
        place: the names on the way to it, from the archive folder down; archives and messages count as folders.
        path: where its bytes are.
        time: what the archive says of when it was last changed; by the clock of whoever packed it.
    """

    place: Place
    path: Path
    time: datetime | None = None

    @property
    def name(self) -> str:
        return self.place[-1]

    def __str__(self) -> str:
        return "/".join(self.place)


@dataclass
class Unpacked:
    """Everything in the archive folder.

    Attributes:
        items: the files.
        letters: what each message says of itself, by its place.
        archives: places of archives.
        troubles: what couldn't be opened: place → why.
        notes: what was changed on the way, a line each.
    """

    items: list[Item] = field(default_factory=list)
    letters: dict[Place, Letter] = field(default_factory=dict)
    archives: set[Place] = field(default_factory=set)
    troubles: dict[Place, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Room:
    """How much may still be unpacked: in all, or of one archive within others, which counts in all as well.

    Args:
        bytes, entries: the most.
        within: the room that this one is a part of.
        disk: a folder on the disk that it is unpacked to, some of which stays free.
    """

    def __init__(self, bytes: int, entries: int, within: Room | None = None, disk: Path | None = None) -> None:
        self.bytes, self.entries, self.within, self.disk = bytes, entries, within, disk

    def take(self, bytes: int) -> bool:
        """Whether a file of this size still fits; counts it."""
        self.bytes, self.entries = self.bytes - bytes, self.entries - 1
        if self.disk is not None and bytes > LARGE and shutil.disk_usage(self.disk).free - bytes < FREE:
            self.bytes = -1
        fits = self.bytes >= 0 and self.entries >= 0
        return (self.within is None or self.within.take(bytes)) and fits


def unpack(base: Path, scratch: Path) -> Unpacked:
    """Opens everything below ``base``; files are put into ``scratch``."""
    return _Unpacker(scratch).folder(base)


class _Unpacker:
    def __init__(self, scratch: Path) -> None:
        self.scratch, self.number, self.found = scratch, 0, Unpacked()

    def folder(self, base: Path) -> Unpacked:
        room = Room(MAX_ALL, MAX_ALL_ENTRIES, disk=self.scratch)
        for path in sorted(base.rglob("*")):
            place = tuple(map(composed, path.relative_to(base).parts))
            if path.is_symlink():
                self.found.troubles[place] = "it is a link"
            elif path.is_file() and not unwanted(place):
                self._file(place, path, None, room, 0)
        return self.found

    def _file(self, place: Place, path: Path, time: datetime | None, room: Room, depth: int) -> None:
        """Takes one file as what its content, else its name, says that it is."""
        kind = kind_of(path, place[-1])
        if kind in OTHERS.values():
            self.found.troubles[place] = why_not_read(kind)
        elif kind and depth >= MAX_DEPTH:
            self.found.troubles[place] = f"it lies in {depth} archives, one within the other"
        elif kind in ("zip", "tar"):
            inside = room if depth == 0 and len(place) == 1 else Room(MAX_NESTED, MAX_ENTRIES, room)
            self._archive(kind, place, path, inside, depth)
        elif kind in ("eml", "mbox"):
            self._mail(kind, place, path, time, room, depth)
        else:
            self._item(place, path, time)

    def _item(self, place: Place, path: Path, time: datetime | None) -> None:
        if path.stat().st_size > MAX_FILE:
            smaller = without_outputs(path) if path.stat().st_size <= MAX_NOTEBOOK else None
            if smaller is None or len(smaller) > MAX_FILE:
                self.found.troubles[place] = f"it is larger than {MAX_FILE >> 20} MiB (saved outputs of a notebook don't count)"
                return
            path = self._new_path()
            path.write_bytes(smaller)
            self.found.notes.append(f"{'/'.join(place)}: its saved outputs are left out, because it is larger than {MAX_FILE >> 20} MiB")
        self.found.items.append(Item(place, path, time))

    def _archive(self, kind: str, place: Place, path: Path, room: Room, depth: int) -> None:
        self.found.archives.add(place)
        members = zip_members if kind == "zip" else tar_members
        before = len(self.found.items) + len(self.found.troubles)
        try:
            for name, time, size, source in members(path):
                if not self._member(place, name, time, size, source, room, depth):
                    break
        except UNREADABLE as error:
            self.found.troubles[place] = f"it can't be unpacked ({first_line(error)}): was the download cut off?"
        if len(self.found.items) + len(self.found.troubles) == before:
            self.found.troubles[place] = "the archive is empty"

    def _member(self, place: Place, name: str, time: datetime | None, size: int, source: IO[bytes] | str, room: Room, depth: int) -> bool:
        """Takes one file out of an archive; False if no more will fit."""
        path = PurePosixPath(composed(name.replace("\\", "/")))
        inner = (*place, *(part for part in path.parts if part not in ("/", ".")))
        if unwanted(inner):
            return True
        if isinstance(source, str):
            self.found.troubles[inner] = source
        elif path.is_absolute() or ".." in path.parts or "\0" in name:
            self.found.troubles[inner] = "its name leads elsewhere"
        elif size > MAX_NOTEBOOK or (size > MAX_FILE and ".ipynb" not in inner[-1].lower()):
            self.found.troubles[inner] = f"it is larger than {(MAX_NOTEBOOK if '.ipynb' in inner[-1].lower() else MAX_FILE) >> 20} MiB"
        elif not room.take(size):
            self.found.troubles[place] = f"{_too_much(room)}: the rest is left out"
            return False
        else:
            target = self._new_path()
            try:
                target.write_bytes(source.read(size + 1)[:size])
            except UNREADABLE as error:
                self.found.troubles[inner] = f"it can't be unpacked ({first_line(error)})"
                return True
            self._file(inner, target, time, room, depth + 1)
        return True

    def _mail(self, kind: str, place: Place, path: Path, time: datetime | None, room: Room, depth: int) -> None:
        messages = mbox_messages(path) if kind == "mbox" else [(place[-1], path.read_bytes())]
        for title, data in messages:
            where = (*place, title) if kind == "mbox" else place
            try:
                letters = read_message(data)
            except NoMessage as error:
                self.found.troubles[where] = str(error)
                continue
            for number, letter in enumerate(letters):
                self._letter(where if number == 0 else (*where, f"forwarded message {number}"), letter, room, depth)
            if not any(letter.files for letter in letters):
                self.found.troubles[where] = f"the message from {letters[0].sender or 'nobody'} has no attachment"

    def _letter(self, place: Place, letter: Letter, room: Room, depth: int) -> None:
        self.found.letters[place] = letter
        taken: set[str] = set()
        for title, data in letter.files:
            name = composed(PurePosixPath(title.replace("\\", "/")).name) or "attachment"
            inner = (*place, name) if name not in taken else (*place, f"part {len(taken) + 1}", name)
            taken.add(name)
            if not room.take(len(data)):
                self.found.troubles[inner] = _too_much(room)
            elif not unwanted(inner):
                target = self._new_path()
                target.write_bytes(data)
                self._file(inner, target, None, room, depth + 1)

    def _new_path(self) -> Path:
        self.number += 1
        return self.scratch / f"{self.number:06}"


def _too_much(room: Room) -> str:
    """Which room there wasn't."""
    whole = room.within or room
    while whole.within is not None:
        whole = whole.within
    if whole.bytes < 0 or whole.entries < 0:
        most = f"{MAX_ALL >> 30} GiB, {MAX_ALL_ENTRIES:,} files, or the disk is full"
        return f"there is more in the archive folder than can be unpacked ({most})"
    return f"it holds more than {MAX_NESTED >> 20} MiB or {MAX_ENTRIES:,} files"


def unwanted(place: Place) -> bool:
    """What systems and editors leave behind; checkpoints of notebooks are kept, they may be all that there is."""
    return any(part in LEFT_OUT for part in place) or place[-1].startswith("._")


def without_outputs(path: Path) -> bytes | None:
    """A notebook's bytes without its saved outputs, None if it isn't one."""
    try:
        notebook = json_of(decoded(path.read_bytes()))
        for cell in notebook["cells"]:
            if "outputs" in cell:
                cell["outputs"] = []
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8", "surrogatepass")
