"""Submission folders as students left them, made harmless for nbgrader's own code.

nbgrader copies what lies beside a notebook, following links, and ends the whole run at a time stamp it can't read. Here
links, pipes and devices are put on its list of files to leave alone, time stamps are read with care, and a folder
without a notebook of the right name gets graded like one whose notebook can't be read.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.times import home_zone, parse_time

MAX_STAMP_BYTES = 1000


def make_safe(converter: Any, notebooks: Iterable[str]) -> list[str]:
    """Prepares nbgrader's ``Autograde`` for what may lie in the folders it is about to read.

    Args:
        converter: nbgrader's converter with its list of submissions.
        notebooks: names of the assignment's notebooks.

    Returns:
        What the instructor should know, a line for each folder concerned.
    """
    notes, names = [], list(notebooks)
    for folder, paths in converter.assignments.items():
        strange = strange_files(folder)
        if strange:
            converter.coursedir.ignore = [*converter.coursedir.ignore, *map(glob.escape, strange)]
            notes.append(f"{folder}: {len(strange)} links or special files are left out")
        unknown = [path for path in paths if Path(path).stem not in names]
        if unknown:
            paths[:] = [path for path in paths if path not in unknown]
            notes.append(f"{folder}: {len(unknown)} notebooks are no part of the assignment and left out")
        if not paths:
            paths += [os.path.join(folder, f"{name}.ipynb") for name in names]
            notes.append(f"{folder}: holds no notebook named {' or '.join(names)}")
    zone = home_zone(converter)
    converter.coursedir.get_existing_timestamp = lambda folder: time_stamp(folder, converter.log, zone)
    return notes


def strange_files(folder: str) -> list[str]:
    """Paths below ``folder`` that are neither plain files nor folders; all of them if it is a link itself."""
    found, linked = [], os.path.islink(folder) or os.path.islink(os.path.dirname(folder))
    for base, folders, files in os.walk(folder):
        paths = [os.path.join(base, name) for name in (*folders, *files)]
        found += [path for path in paths if linked or os.path.islink(path) or not (os.path.isfile(path) or os.path.isdir(path))]
    return found


def time_stamp(folder: str, log: Any, zone: str = "UTC") -> datetime | None:
    """When a submission was handed in, None if its ``timestamp.txt`` is missing or can't be read as a time."""
    path = os.path.join(folder, "timestamp.txt")
    if not os.path.lexists(path):
        return None
    try:
        if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > MAX_STAMP_BYTES:
            raise ValueError
        return parse_time(Path(path).read_text("utf-8-sig"), zone)
    except UnicodeDecodeError:
        log.warning("%s: no readable time, taken as handed in without one", path)
        return None
    except (OSError, ValueError) as error:
        log.warning("%s: no readable time, taken as handed in without one%s", path, f" ({error})" if str(error) else "")
        return None
