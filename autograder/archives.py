"""Unpacks what was downloaded from a learning platform or saved from a mailbox, for ``nbgrader zip_collect``.

Students wrote what is inside. Names that are no UTF-8 as the archive says are mended, links and paths that lead out are
left out, sizes are limited, and an archive of one student that can't be read doesn't stop the others.
"""

from __future__ import annotations

import contextlib
import email.policy
import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin

MAX_FILE = 64 << 20  # bytes of one file in an archive
MAX_NESTED = 512 << 20  # bytes of what one student packed
MAX_ENTRIES = 1_000  # files in what one student packed
LEFT_OUT = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", ".DS_Store")
UNREADABLE = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error)  # the second: packed in a way zipfile doesn't know
STAMP = "%Y%m%dT%H%M%SZ"  # a message's time, as the name of a folder


class ArchiveExtractor(ExtractorPlugin):
    """Unpacks ``.zip`` archives (and those packed into them), takes attachments out of ``.eml`` messages, copies the rest."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpacks everything in the archive folder into the folder that is then collected from."""
        base, target = Path(archive_path), Path(extracted_path)
        files = sorted(path for path in base.rglob("*") if path.is_file() and not path.is_symlink() and path.name not in LEFT_OUT)
        if not files:
            self.log.warning("No files found in directory: %s", archive_path)
        for number, path in enumerate(files, 1):
            self.log.info("Unpacking %s", path)
            if path.suffix.lower() == ".zip":
                self._archive(path, target / f"zip-{number}")
            elif path.suffix.lower() == ".eml":
                self._message(path, target)
            else:
                self._write(target / path.relative_to(base), path.read_bytes())

    def _archive(self, path: Path, target: Path) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                for name, data in self._members(archive, str(path)):
                    self._file(target, name, data)
        except UNREADABLE as error:
            self.log.error("%s can't be unpacked (%s): was the download cut off?", path, error)
            raise SystemExit(1) from None

    def _file(self, target: Path, name: PurePosixPath, data: bytes) -> None:
        """Writes one file of an archive; one that is an archive itself becomes a folder."""
        if name.suffix.lower() != ".zip":
            return self._write(target / name, data)
        left, entries = MAX_NESTED, MAX_ENTRIES
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for inner, content in self._members(archive, str(name)):
                    left, entries = left - len(content), entries - 1
                    if left < 0 or entries < 0:
                        self.log.error("%s holds too much, the rest is left out", name)
                        break
                    self._write(target / name.with_suffix("") / inner, content)
        except (*UNREADABLE, OSError) as error:
            self.log.error("%s can't be unpacked (%s): left out", name, error)
        return None

    def _members(self, archive: zipfile.ZipFile, where: str) -> Iterator[tuple[PurePosixPath, bytes]]:
        if min((info.header_offset for info in archive.infolist()), default=0) > 0:
            raise zipfile.BadZipFile("its end is missing")  # what was read is an archive inside it
        for info in archive.infolist():
            name = PurePosixPath(true_name(info).replace("\\", "/"))
            odd = name.is_absolute() or ".." in name.parts or stat.S_ISLNK(info.external_attr >> 16)
            if info.is_dir() or any(part in LEFT_OUT for part in name.parts):
                continue
            if odd or info.flag_bits & 1 or info.file_size > MAX_FILE:
                self.log.error("%s: %s is left out (%s)", where, name, "leads elsewhere" if odd else "encrypted or too large")
                continue
            with archive.open(info) as file:
                yield name, file.read(MAX_FILE)

    def _message(self, path: Path, target: Path) -> None:
        """Puts a message's attachments into ``<address>/<time>``."""
        try:
            message = BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(path.read_bytes())
            address = parseaddr(str(message["From"] or ""))[1].lower()
            parts = [(part.get_filename() or "", part.get_payload(decode=True) or b"") for part in message.iter_attachments()]
        except Exception as error:  # Python's parser trips over many a malformed header
            self.log.error("%s can't be read as a message (%s): left out", path, type(error).__name__)
            return
        if "@" not in address or "/" in address:
            self.log.error("%s names no sender: left out", path)
            return
        sent = time_sent(message)
        if sent is None:
            self.log.warning("%s has no readable date: taken as sent without one", path)
        for title, content in parts:
            name = PurePosixPath(unicodedata.normalize("NFC", PurePosixPath(title).name))
            if name.suffix.lower() in (".ipynb", ".zip") and isinstance(content, bytes):
                self._file(target / address / (sent or "no-time"), name, content)

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            while path.exists():
                path = path.with_name(f"{path.stem}-1{path.suffix}")
            path.write_bytes(data)
        except (OSError, ValueError) as error:
            self.log.error("%s can't be written (%s): left out", path.name, error)


def time_sent(message: EmailMessage) -> str | None:
    """When a message says that it was sent, in UTC, as the name of a folder."""
    try:
        return parsedate_to_datetime(str(message["Date"])).astimezone(UTC).strftime(STAMP)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def true_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; many programs write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)
