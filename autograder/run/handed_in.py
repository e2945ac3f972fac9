"""Submission folders as students left them, made harmless for nbgrader's own code.

nbgrader copies whatever lies beside a notebook, following links, into ``autograded/`` and from there into ``feedback/``,
and ends the whole run at a time stamp it can't read. Here it copies what `autograder.jobs.beside` lets pass, which is also what
the student's code finds; time stamps are read with care, and a folder without a notebook of the right name gets graded
like one whose notebook can't be read.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter

from autograder.jobs.beside import A_LINK, MAX_FILE_BYTES, MAX_FILES, MAX_STAMP_BYTES, Look, StoredFile, look_at, shown, size_of
from autograder.times import home_zone, parse_time

LOGGED = 5  # lines on one folder


class Folders:
    """Looks at the submissions of one assignment, and at what the assignment itself puts beside the notebooks.

    Args:
        coursedir: nbgrader's course directory.
        room: bytes beside a notebook, all files together.
        theirs: names of the assignment's files that a student's version replaces, nbgrader's ``exclude_overwriting``.
    """

    def __init__(self, coursedir: Any, room: int = MAX_FILE_BYTES, theirs: Iterable[str] = ()) -> None:
        self.room, self._theirs, self._ignore = room, frozenset(theirs), coursedir.ignore
        self.within: dict[Path, str] = {}  # folders whose notebook lies deeper, and the way down to it
        source = Path(coursedir.format_path(coursedir.source_directory, ".", coursedir.assignment_id))
        self.source = look_at(source.resolve(), room=room, ignore=self._ignore)

    @property
    def problem(self) -> str:
        """Which of the assignment's own files no student's code would find, and why; links are never copied."""
        return "; ".join(f"{shown(name)}: {reason}" for name, reason in self.source.left_out.items() if reason != A_LINK)

    def look(self, folder: str | Path) -> Look:
        """What may be used of a submission, or of its graded copy."""
        own = self.source.files.keys() - self._theirs
        look = look_at(Path(folder), own, room=self.room, ignore=self._ignore)
        way = self.within.get(Path(folder), "") + "/"
        inner = {name.removeprefix(way): file for name, file in look.files.items() if name.startswith(way)}
        look.files |= {name: file for name, file in inner.items() if name not in own}
        return look

    def files(self, folder: str | Path) -> dict[str, StoredFile]:
        """All that a notebook finds beside itself: the assignment's files and what may be used of the student's."""
        return dict(sorted((self.source.files | self.look(folder).files).items()))

    def note(self, folder: str | Path) -> str:
        """Markdown that tells a student what was left out, empty if it was nothing."""
        lines = self.look(folder).lines()
        if not lines:
            return ""
        allowed = f"at most {MAX_FILES:,}, together {size_of(self.room)} at most"
        told = (
            "**Not everything that you handed in could be used.** The notebook was graded without what is named here. "
            f"Beside a notebook there may be plain files ({allowed}) in plain folders."
        )
        return "\n".join([told, "", *(f"    {line}" for line in lines)])  # shown as it is written, whatever a name holds


def copy_what_passed(converter: BaseConverter, assignment_id: str, student_id: str) -> None:
    """Copies what may be used of what lies beside the notebooks of one submission, for ``Autograde`` and ``GenerateFeedback``."""
    source, target = (Path(place(assignment_id, student_id)) for place in (converter._format_source, converter._format_dest))
    look = folders_of(converter).look(source)
    for line in look.lines(LOGGED):
        converter.log.warning("%s: left out: %s", source, line)
    files = look.files if isinstance(converter, Autograde) else look.files | look.owned  # it brings the assignment's itconverter
    for name, file in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        converter.log.info("Copying %s -> %s", file.path, path)
        shutil.copy(file.path, path, follow_symlinks=False)


def folders_of(converter: Any) -> Folders:
    """The looks of a converter's run; those of its grading run, if it has one, whose limits are the settings'."""
    run = getattr(converter.exporter, "run", None)
    if run is not None:
        return run.folders
    if getattr(converter, "_folders", None) is None:
        converter._folders = Folders(converter.coursedir)
    return converter._folders


def make_safe(converter: Any, notebooks: Iterable[str]) -> list[str]:
    """Prepares nbgrader's ``Autograde`` for the notebooks in the folders it is about to read.

    Args:
        converter: nbgrader's converter with its list of submissions.
        notebooks: names of the assignment's notebooks.

    Returns:
        What the instructor should know, a line for each folder concerned.
    """
    notes, names = [], list(notebooks)
    for folder, paths in converter.assignments.items():
        known = [path for path in paths if Path(path).stem in names]
        if len(known) < len(paths):
            notes.append(f"{folder}: {len(paths) - len(known)} notebooks are no part of the assignment and left out")
        if not known:
            known = [os.path.join(folder, f"{name}.ipynb") for name in names]
            notes.append(f"{folder}: holds no notebook named {' or '.join(names)}")
        paths[:] = known
    return notes


def times_at_home(converter: Any) -> Callable[[str], datetime | None]:
    """How a converter reads time stamps: those without a zone are of the exchange's; raises ``ValueError`` if that is none."""
    zone = home_zone(converter)
    return lambda folder: time_stamp(folder, converter.log, zone)


def ungradable(student: str, paths: Iterable[str]) -> str:
    """Why a submission can't be graded, which is nothing that its student wrote in the notebooks at ``paths``; empty if it can."""
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return "the folder's name isn't UTF-8, so that no gradebook can hold it"
    for path in paths:
        if not os.path.islink(path) and os.path.isfile(path):
            try:
                with open(path, "rb") as file:
                    file.read(1)
            except OSError as error:
                return f"{shown(os.path.basename(path))} can't be read: {error.strerror}"
    return ""


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
