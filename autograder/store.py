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
import secrets
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from autograder.course import digest
from autograder.imports import PACKAGE, files_behind
from autograder.score import JobResult
from autograder.settings import Settings
from autograder.submission import canonical

FOLDER = Path(".autograder") / "results"
SEED = Path(".autograder") / "seed"
GRADING = ("plugin.py", "judge.py")  # with what they import, all that grading runs; reports and exports change no grade
NOT_DECIDING = ("workers", "look_ahead", "reuse_results", "scheduler", "book")
LIBRARIES = ("numpy", "torch", "ipython", "nbgrader")


def course_seed(course: Path) -> str:
    """The secret that the checks' random inputs are drawn from; made once for a course folder, then kept."""
    path = course / SEED
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(16))
        os.replace(name, path)
    return path.read_text("ascii").strip()


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
        deciding = files_behind([*(PACKAGE / name for name in GRADING), *(Path(file) for file in checks)])
        parts = [*deciding, *(PACKAGE / name for name in ("inside", "reference/labels"))]
        versions = {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}
        self._context = canonical([limits, digest(parts), versions])

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256((self._context + key).encode()).hexdigest()}.json"

    def get(self, key: str) -> JobResult | None:
        """The stored result of a job, None if there is none that can be read."""
        try:
            return JobResult.from_message(json.loads(self._path(key).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, key: str, result: JobResult) -> None:
        """Keeps a result unless time or the machine had a say in it: those are tried again.

        A disk that is full or can't be written costs the time of another run, not this one's grades.
        """
        if result.problem or result.timed_out:
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
