"""A student's attempts at an assignment, each a folder in ``attempts/<student>/<assignment>/``, and the one in ``submitted/``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import rmtree

from autograder.any_folder import KnownFolders
from autograder.run.fingerprint import fingerprint, plain_files
from autograder.run.handed_in import time_stamp

FOLDER = "attempts"
TIME = "%Y-%m-%dT%H-%M-%S"
MARK = 12  # signs of the fingerprint in a folder's name
UNFINISHED = ".being-copied"


class Attempts:
    """The attempts of a course.

    Args:
        coursedir: nbgrader's course directory.
        assignment: its id.
        log: where it is said that a time can't be read.
        zone: of times without one.
    """

    def __init__(self, coursedir: Any, assignment: str, log: Any, zone: str = "UTC") -> None:
        self.coursedir, self.assignment, self.log, self.zone = coursedir, assignment, log, zone

    def folder(self, student: str) -> Path:
        return Path(self.coursedir.format_path(FOLDER, student, self.assignment))

    def submitted(self, student: str) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, self.assignment))

    def of(self, student: str) -> list[Path]:
        """The folders of a student's attempts, oldest first."""
        if not self.folder(student).is_dir():
            return []
        return sorted(path for path in self.folder(student).iterdir() if path.is_dir() and not path.name.startswith("."))

    def students(self) -> Iterator[str]:
        """All of whom attempts are kept."""
        for folder in sorted(KnownFolders.glob(self.coursedir.format_path(FOLDER, "*", self.assignment))):
            yield Path(folder).parent.name

    def time(self, attempt: Path) -> datetime | None:
        """When an attempt was handed in, None if nobody knows."""
        return time_stamp(str(attempt), self.log, self.zone)

    def keep(self, student: str) -> Path | None:
        """Sees that a copy of what lies in ``submitted/`` is among the attempts; returns where, None if there is nothing."""
        return self.add(student, self.submitted(student))

    def add(self, student: str, folder: Path) -> Path | None:
        """The same for any folder that holds an attempt."""
        if not fingerprint(folder):
            return None
        target = self._place(student, folder)
        return target if target.is_dir() else copied(folder, target)

    def put_aside(self, student: str) -> Path:
        """Moves what lies in ``submitted/`` to the attempts, whole; returns where it lies now."""
        submitted = self.submitted(student)
        target = self._place(student, submitted)
        if target.is_dir():
            rmtree(str(target))  # a copy of it
        target.parent.mkdir(parents=True, exist_ok=True)
        submitted.rename(target)
        return target

    def put_in_place(self, student: str, attempt: Path) -> None:
        """Makes an attempt the one in ``submitted/``; what lay there is kept."""
        submitted = self.submitted(student)
        new = copied(attempt, submitted.with_name(f".{self.assignment}{UNFINISHED}"))
        if submitted.exists():
            self.put_aside(student)
        new.rename(submitted)

    def recover(self) -> None:
        """Whoever has attempts and nothing in ``submitted/``, because a command was killed between the two, has her newest there."""
        for student in list(self.students()):
            if (attempts := self.of(student)) and not self.submitted(student).exists():
                self.put_in_place(student, attempts[-1])

    def _place(self, student: str, folder: Path) -> Path:
        """The folder of an attempt: named by when it was handed in, else when it came here, in UTC, and by its fingerprint."""
        mark = fingerprint(folder)[:MARK]
        there = next((path for path in self.of(student) if path.name.endswith(f"-{mark}")), None)
        time = self.time(folder) or datetime.fromtimestamp(os.lstat(folder).st_mtime, UTC)
        return there or self.folder(student) / f"{time.strftime(TIME)}-{mark}"


def copied(folder: Path, target: Path, without: Collection[str] = ()) -> Path:
    """Copies the plain files of a submission, but those named so, in one step; returns ``target``."""
    beside = target.with_name(f".{target.name.lstrip('.').removesuffix(UNFINISHED)}{UNFINISHED}-{os.getpid()}")
    if beside.exists():
        rmtree(str(beside))
    beside.mkdir(parents=True)
    for name, path in [(name, path) for name, path, _ in plain_files(folder) if name not in without]:
        (beside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, beside / name, follow_symlinks=False)
    if target.exists():
        rmtree(str(target))
    beside.rename(target)
    return target
