"""Which submission a graded notebook was made from: a fingerprint of all that was handed in, kept in the notebook.

nbgrader grades a submission again if its time is newer. What was put in place of another by hand, or came without a time, has
none; the fingerprint tells that it is another one.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.jobs.beside import MAX_ENTRIES, FileChanged, stored_file
from autograder.jobs.cells import OURS

MAX_BYTES = 512 << 20  # of one submission; of what is beyond, size and time count in place of the contents
PASSED_OVER = (".ipynb_checkpoints", "__pycache__")
KEY = "handed_in"  # under which a graded notebook has it


def fingerprint(folder: Path, without: Collection[str] = ()) -> str:
    """A digest of the names and contents of all plain files of a submission; empty if there are none.

    Args:
        folder: what was handed in; it need not exist.
        without: names of files that don't count. With nbgrader's own, the same work handed in again is another submission.
    """
    total, room, found = hashlib.sha256(), MAX_BYTES, False
    for name, path, about in plain_files(folder):
        if name in without:
            continue
        room -= about.st_size
        total.update(f"{name}\0{_contents(path, about, room)}\0".encode("utf-8", "surrogatepass"))
        found = True
    return total.hexdigest() if found else ""


def _contents(path: Path, about: os.stat_result, room: int) -> str:
    try:
        return stored_file(path, about).digest() if room >= 0 else f"{about.st_size} {about.st_mtime_ns}"
    except FileChanged as error:
        return str(error)


def plain_files(folder: Path) -> Iterator[tuple[str, Path, os.stat_result]]:
    """Names below the folder, sorted within each; no link is followed, and no more are looked at than grading looks at."""
    if os.path.islink(folder) or os.path.islink(folder.parent):
        return
    entries = 0
    for here, folders, files in os.walk(folder):
        entries += len(folders) + len(files)
        if entries > MAX_ENTRIES:
            return
        folders[:] = sorted(name for name in folders if name not in PASSED_OVER)
        for name in sorted(files):
            path = Path(here, name)
            try:
                about = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(about.st_mode):
                yield path.relative_to(folder).as_posix(), path, about


def graded_from(folder: Path) -> str:
    """The fingerprint that the graded notebooks in a folder were made from; empty if none is there or none says it."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            about = path.stat()
        except OSError:
            continue
        return _told(path, (about.st_ino, about.st_size, about.st_mtime_ns))
    return ""


@functools.lru_cache(maxsize=20_000)
def _told(path: Path, stamp: tuple[int, ...]) -> str:
    try:
        return str(json.loads(path.read_text("utf-8"))["metadata"][OURS].get(KEY, ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
