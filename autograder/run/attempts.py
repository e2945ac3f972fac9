"""What was handed in before and is replaced: kept in ``attempts/<student>/<assignment>/``, a folder for each attempt."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import rmtree

from autograder.run.fingerprint import fingerprint
from autograder.run.handed_in import time_stamp

FOLDER = "attempts"
TIME = "%Y-%m-%dT%H-%M-%S"


def attempts_of(coursedir: Any, student: str, assignment: str) -> Path:
    """The folder of a student's other attempts; it need not exist."""
    return Path(coursedir.format_path(FOLDER, student, assignment))


def put_aside(submitted: Path, attempts: Path, log: Any, zone: str = "UTC") -> Path:
    """Moves what lies in ``submitted`` to the other attempts, whole and in one step; returns where it lies now."""
    target = attempts / name_of(submitted, log, zone)
    if target.is_dir():  # the same, to the last sign
        rmtree(str(submitted))
        return target
    attempts.mkdir(parents=True, exist_ok=True)
    submitted.rename(target)
    return target


def name_of(submitted: Path, log: Any, zone: str = "UTC") -> str:
    """What the folder of an attempt is called: when it was handed in, else when it came here, in UTC, and a part of its fingerprint."""
    time = time_stamp(str(submitted), log, zone) or datetime.fromtimestamp(os.lstat(submitted).st_mtime, UTC)
    return f"{time.strftime(TIME)}-{fingerprint(submitted)[:12]}"
