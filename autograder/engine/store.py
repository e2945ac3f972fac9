"""Results kept by content: the same notebook, files, checks, engine and limits are graded once.

A result is one JSON file named by the digest of all that decides it, written whole or not at all, in
``.autograder/results`` of the course folder. Deleting the folder costs time, never a grade.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import secrets
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from autograder.engine.imports import deciding_files
from autograder.jobs.digest import digest
from autograder.jobs.score import JobResult
from autograder.jobs.submission import canonical
from autograder.settings import Settings

FOLDER = Path(".autograder") / "results"
SEED = Path(".autograder") / "seed"
SEED_BYTES = 16
_SEED = re.compile(rf"[0-9a-fA-F]{{{SEED_BYTES * 2}}}")
NOT_DECIDING = ("workers", "look_ahead", "reuse_results", "scheduler", "tls", "book", "attempts", "attempts_at_once")
LIBRARIES = ("numpy", "torch", "ipython", "nbgrader")


class BadSeed(ValueError):
    """The file with the course's seed holds none; the message says where it is and what to do."""


def course_seed(course: Path) -> str:
    """The secret that the checks' random inputs are drawn from; made once for a course folder, then kept.

    Raises:
        BadSeed: the file is there and holds something else.
        OSError: it can't be read or made.
    """
    path = course / SEED
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.path.lexists(path):
        _make_seed(path)
    try:
        seed = path.read_text("ascii").strip()
    except (UnicodeDecodeError, IsADirectoryError):
        seed = "no text"
    if not _SEED.fullmatch(seed):
        found = "is empty" if not seed else "holds something else"
        raise BadSeed(
            f"{path} should hold the {SEED_BYTES * 2} hexadecimal digits that this course's random inputs are drawn from, and {found}. "
            "Restore the file from a copy to keep the inputs; delete it to have new ones drawn, with which everybody is graded again"
        )
    return seed


def _make_seed(path: Path) -> None:
    """Writes a new seed, whole or not at all; of several that are made at the same moment the first stays."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SEED_BYTES))
            file.flush()
            os.fsync(file.fileno())  # a machine that goes down now leaves no empty one
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            os.rename(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


class ResultStore:
    """The results of one course folder.

    Args:
        course: the course folder.
        settings: limits; those that can change a result are part of the name.
        checks: the files with the hidden checks; with them counts what they import of this package.
    """

    def __init__(self, course: Path, settings: Settings, checks: Iterable[str]) -> None:
        self.folder = course / FOLDER
        limits = {name: value for name, value in settings.as_dict().items() if name not in NOT_DECIDING}
        versions = {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}
        self._context = canonical([limits, digest(deciding_files(checks)), versions])

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256((self._context + key).encode()).hexdigest()}.json"

    def get(self, key: str) -> JobResult | None:
        """The stored result of a job, None if there is none that can be read."""
        try:
            return JobResult.from_message(json.loads(self._path(key).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, key: str, result: JobResult) -> None:
        """Keeps a result unless time, the machine or a check that broke had a say in it: those are tried again.

        A disk that is full or can't be written costs the time of another run, not this one's grades.
        """
        if result.problem or result.timed_out or result.broken:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(result.to_message(), file)
                os.replace(name, self._path(key))
            except OSError:
                os.unlink(name)
