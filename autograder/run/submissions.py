"""The submissions that one ``nbgrader autograde`` is about: where they lie, and which of them are to be graded."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from nbgrader.utils import rmtree

from autograder.run.fingerprint import fingerprint, graded_from


class Submissions:
    """What was handed in of one assignment, as nbgrader's converter lists it.

    Args:
        converter: nbgrader's ``Autograde`` with its list of submissions; the list may still grow.
        notebooks: names of the assignment's notebooks; the list may still grow.
    """

    def __init__(self, converter: Any, notebooks: list[str]) -> None:
        self.converter, self.coursedir, self.notebooks = converter, converter.coursedir, notebooks
        self.fingerprints: dict[str, str] = {}  # of what each student handed in

    def every(self) -> list[tuple[str, list[str]]]:
        """(student, notebook paths) of this command, in nbgrader's order."""
        pattern = re.compile(self.converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True))
        found = []
        for folder in sorted(self.converter.assignments):
            match = pattern.match(folder)
            if match:
                found.append((match.group("student_id"), sorted(self.converter.assignments[folder])))
        return found

    def asked(self) -> list[tuple[str, list[str]]]:
        """Those whom this command may grade, before anything is looked at."""
        excluded = self.excluded()
        return [(student, paths) for student, paths in self.every() if student not in excluded]

    def open(self) -> list[tuple[str, list[str]]]:
        """Those that nbgrader isn't going to skip (a superset is harmless)."""
        return [(student, paths) for student, paths in self.asked() if self.converter.force or self.is_stale(student)]

    def excluded(self) -> set[str]:
        return set(filter(None, self.coursedir.student_id_exclude.split(",")))

    def includes(self, filename: str) -> bool:
        """Whether ``filename`` is one of the submitted notebooks."""
        return any(filename in paths for _, paths in self.every())

    def is_known(self, path: str) -> bool:
        """Whether a path is of one of the assignment's notebooks."""
        return Path(path).stem in self.notebooks

    def destination(self, student: str) -> Path:
        return self._folder(self.coursedir.autograded_directory, student)

    def submitted(self, student: str) -> Path:
        return self._folder(self.coursedir.submitted_directory, student)

    def _folder(self, step: str, student: str) -> Path:
        return Path(self.coursedir.format_path(step, student, self.coursedir.assignment_id))

    def take_fingerprints(self) -> None:
        """Takes note of what is handed in now."""
        self.fingerprints = {student: fingerprint(self.submitted(student)) for student, _ in self.every()}

    def is_stale(self, student: str) -> bool:
        """Whether something was handed in since a student was graded, if she was."""
        folder = self.destination(student)
        if not folder.is_dir():
            return True
        new, old = (self.coursedir.get_existing_timestamp(str(path)) for path in (self.submitted(student), folder))
        return (new is not None and old is not None and new > old) or self.replaced(student)

    def replaced(self, student: str) -> bool:
        """Whether something else lies in place of what was graded, whatever its time says."""
        graded = graded_from(self.destination(student))
        return bool(graded) and graded != self.fingerprints.get(student, graded)

    def is_graded(self, student: str, paths: list[str]) -> bool:
        """Whether all notebooks of a submission were graded to the end."""
        folder = self.destination(student)
        return all(is_done(folder / Path(path).name) for path in paths if self.is_known(path))

    def clear_unfinished(self) -> None:
        """Removes what an interrupted run left in ``autograded/``, which nbgrader would otherwise take for done."""
        for student, paths in self.every():
            if self.destination(student).is_dir() and not self.is_graded(student, paths):
                self.converter.log.warning("%s: removing the unfinished result of an interrupted run", student)
                rmtree(str(self.destination(student)))


def is_done(path: Path) -> bool:
    """Whether ``path`` is a notebook that grading finished: whole, and with the mark that is written last."""
    try:
        return "autograder" in json.loads(path.read_text("utf-8"))["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
