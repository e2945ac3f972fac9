"""Lets nbgrader work in a course folder of any name: with ``[``, ``]``, ``*``, ``?``, ``#`` or ``%`` in it.

nbgrader takes the folder's own name for a pattern, and puts it as it is into the address of the gradebook, where ``?`` begins
the parameters. `autograder.run.adapter` gives nbgrader `KnownFolders`, and `nbgrader_config.py` calls `work_in` for the folder that
it lies in.
"""

from __future__ import annotations

import glob as patterns
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy.engine import make_url

ODD_IN_ADDRESSES = frozenset("?#%")


class KnownFolders:
    """Stands for the module `glob` where nbgrader uses it: folders that are there are no patterns."""

    @staticmethod
    def glob(pattern: str) -> list[str]:
        """The paths that match; the part of the pattern that names an existing folder stands for that folder alone."""
        head, parts = "", pattern.split(os.sep)
        while parts and os.path.isdir(os.path.join(head, parts[0]) if head or parts[0] else os.sep):
            head = os.path.join(head, parts.pop(0)) if head or parts[0] else (parts.pop(0) or os.sep)
        return patterns.glob(os.path.join(patterns.escape(head), *parts) if parts else patterns.escape(head))


def work_in(folder: Path, config: Any) -> None:
    """Names the gradebook of a course folder where nbgrader would get it wrong; ``config`` is what configuration files fill."""
    if ODD_IN_ADDRESSES & set(str(folder)):
        config.CourseDirectory.db_url = gradebook_address(folder)


def gradebook_address(folder: Path) -> str:
    """The address of the gradebook in SQLite that lies in a course folder, for SQLAlchemy."""
    file = str(folder.resolve() / "gradebook.db")
    for address in (f"sqlite:///{file}", f"sqlite:///{quote(file)}"):  # newer SQLAlchemy reads the second, and "%" in the first
        if make_url(address).database == file:
            return address
    return f"sqlite:///file:{quote(file)}?uri=true"


def database_file(address: str) -> Path | None:
    """The file of a gradebook in SQLite, None for any other database."""
    url = make_url(address)
    if not url.drivername.startswith("sqlite"):
        return None
    name = url.database or ""
    return Path(unquote(name.removeprefix("file:")) if name.startswith("file:") else name)
