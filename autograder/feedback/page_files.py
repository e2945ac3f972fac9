"""Pictures that a student handed in beside a notebook and that its texts show, for a page that carries them itself."""

from __future__ import annotations

import base64
import html
import re
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from autograder.feedback.page_pictures import MAX_PICTURE, BadPicture, kind_of, size
from autograder.jobs.beside import FileChanged, Look, StoredFile, look_at, shown

MAX_ADDRESS = 2_000  # characters
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):|//", re.IGNORECASE)  # one letter alone is a drive of Windows


class FilesBeside:
    """The files beside one notebook; none if it isn't known where it lies."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    @cached_property
    def _look(self) -> Look:
        return look_at(self.folder) if self.folder is not None else Look()

    def find(self, address: str) -> tuple[str, StoredFile]:
        """The file that a picture's address means, and its name.

        Args:
            address: as it stands in HTML or Markdown: with ``%20`` or ``&amp;``, with ``/`` or ``\\`` between folders.

        Raises:
            BadPicture: there is no such file, or it is too large; the message says which.
        """
        address = unquote(html.unescape(address[:MAX_ADDRESS])).strip()
        scheme = _SCHEME.match(address)
        if scheme:
            raise BadPicture(_elsewhere((scheme[1] or "").lower(), address))
        name = "/".join(PurePosixPath(re.split(r"[?#]", address)[0].replace("\\", "/")).parts)
        file = self._look.named(name)
        if file is None:
            raise BadPicture(f"isn't among the files beside the notebook ({shown(address)})")
        if file.size * 4 // 3 > MAX_PICTURE:
            raise BadPicture(f"is larger than {size(MAX_PICTURE * 3 // 4)} ({shown(name)}, {size(file.size)})")
        return name, file


def _elsewhere(scheme: str, address: str) -> str:
    if scheme == "attachment":
        return f"isn't attached to the cell ({shown(address)})"
    if scheme == "data":
        return f"is of a kind that isn't shown ({shown(address[:40])})"
    return f"lies neither in the notebook nor beside it ({shown(address)})"


def content_of(name: str, file: StoredFile) -> tuple[str, str]:
    """The kind and the content in base64 of a file that `FilesBeside.find` gave; raises `BadPicture` if it is no picture."""
    try:
        data = file.read()
    except FileChanged as error:
        raise BadPicture(f"can't be read: {error}") from None
    kind = kind_of(data)
    if kind is None:
        raise BadPicture(f"is no PNG, JPEG, GIF or SVG file ({shown(name)})")
    return kind, base64.b64encode(data).decode()
