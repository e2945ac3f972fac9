"""What kind of archive or message a file is, and what an archive holds, file by file."""

from __future__ import annotations

import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

# NotImplementedError: packed in a way that zipfile doesn't know.
UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, NotImplementedError, EOFError, zlib.error, OSError, RuntimeError, ValueError)
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
OTHERS = {".7z": "7-Zip", ".rar": "RAR", ".gz": "gzip", ".msg": "Outlook", ".pst": "Outlook", ".dat": "winmail.dat"}
MAGIC = {b"7z\xbc\xaf'\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"\x78\x9f\x3e\x22": "winmail.dat"}
NO_TIME = 1980  # a zip archive whose program knew no time says so with this year


def zip_members(path: Path) -> Iterator[tuple[str, datetime | None, int, IO[bytes] | str]]:
    """Name, time, size and content of the files in a zip archive; a text that says why instead of content that can't be had."""
    with zipfile.ZipFile(path) as archive:
        if min((info.header_offset for info in archive.infolist()), default=0) > 0:
            raise zipfile.BadZipFile("its end is missing")  # what was read is an archive inside it
        for info in archive.infolist():
            if info.is_dir():
                continue
            name, time = true_name(info), _zip_time(info)
            if stat.S_ISLNK(info.external_attr >> 16):
                yield name, time, 0, "it is a link"
            elif info.flag_bits & 1:
                yield name, time, 0, "it is encrypted: ask for it without a password"
            else:
                try:
                    source = archive.open(info)
                except UNREADABLE as error:
                    yield name, time, 0, f"it can't be unpacked ({first_line(error)})"
                    continue
                with source:
                    yield name, time, info.file_size, source


def tar_members(path: Path) -> Iterator[tuple[str, datetime | None, int, IO[bytes] | str]]:
    """The same of a tar archive, compressed or not."""
    with tarfile.open(path) as archive:
        for info in archive:
            time = datetime.fromtimestamp(info.mtime, UTC).replace(tzinfo=None) if 0 < info.mtime < 1 << 33 else None
            source = archive.extractfile(info) if info.isreg() else None
            if source is not None:
                with source:
                    yield info.name, time, info.size, source
            elif not info.isdir():
                yield info.name, time, 0, "it is a link or no file"


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    with suppress(ValueError):
        return datetime(*info.date_time) if info.date_time[0] > NO_TIME else None
    return None


def true_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; many programs write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return composed(name)


def kind_of(path: Path, name: str) -> str:
    """``zip``, ``tar``, ``eml`` or ``mbox``, the name of a program whose files aren't read here, or '' for any other file."""
    with path.open("rb") as file:
        start = file.read(8)
    lower = name.lower()
    for magic, program in MAGIC.items():
        if start.startswith(magic):
            return program
    if lower.endswith(".zip") or (start.startswith(b"PK\x03\x04") and PurePosixPath(lower).suffix in ("", ".txt", ".ipynb", ".bin")):
        return "zip"
    if lower.endswith(TARS):
        return "tar"
    if lower.endswith((".eml", ".mbox")):
        return "mbox" if lower.endswith(".mbox") else "eml"
    known = lower == "winmail.dat" or not lower.endswith(".dat")
    return OTHERS.get(PurePosixPath(lower).suffix, "") if known else ""


def why_not_read(kind: str) -> str:
    if kind == "winmail.dat":
        return "it is in Outlook's own form (winmail.dat): ask for the notebook as a plain attachment"
    if kind == "Outlook":
        return "it is in Outlook's own form: save the message as .eml"
    return f"it is packed with {kind}, which isn't read here: unpack it and put a folder of the same name in its place"


def first_line(error: BaseException) -> str:
    """The first line of an error: those of tarfile name every way that was tried."""
    return str(error).splitlines()[0].rstrip(":") if str(error) else type(error).__name__


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
