"""Tells whose submission a downloaded file is, for ``nbgrader zip_collect``: Canvas, Moodle, e-mail.

| from | a file looks like |
|---|---|
| Canvas, *Download Submissions* | ``lovelaceada_LATE_1234_56789_convnets-1.ipynb``: sortable name, whether late, user, file, name |
| Canvas, anonymous | ``anon_Ab3dE_56789_convnets.ipynb`` |
| Moodle, *Download all submissions* | ``Ada Lovelace_4711_assignsubmission_file_/convnets.ipynb``, or the same without a folder |
| messages (``.eml``) | unpacked by `autograder.archives` as ``ada@uni.example/20270131T225900Z/convnets.ipynb`` |
| saved by hand | ``ada/convnets.ipynb``, ``ada@uni.example/convnets.ipynb`` or ``ada_convnets.ipynb`` |

Sources: ``lib/content_zipper.rb`` of instructure/canvas-lms; ``mod/assign/classes/downloader.php`` of moodle/moodle.
Students are looked up in nbgrader's student table by Canvas's user number, e-mail address, id or name. Of several versions
the newest counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks

from autograder.archives import STAMP

MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>.+?)_(?:(?P<late>late)_)?(?P<user>\d+)_(?P<file_id>\d+)_(?P<file>.+)", re.IGNORECASE)
ANONYMOUS = re.compile(r"(?:(?P<late>late)_)?(?P<user>anon_[a-z0-9]+)_(?P<file_id>\d+)_(?P<file>.+)", re.IGNORECASE)
COPY = re.compile(r"(?P<stem>.+?)(?:[-_ ]?\(?(?P<number>\d{1,3})\)?|[-_ ]copy\d*)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What a file's place and name tell.

    Attributes:
        path: the file.
        kind: ``canvas``, ``moodle`` or ``mail``.
        who: the student as this source calls them: name, address or id.
        number: the source's number of the student, empty if it gives none.
        file: the name the student gave the file.
        version: the source's own count of uploads.
        late: whether the source says so.
        sent: when it was sent, in UTC.
    """

    path: Path
    kind: str
    who: str
    number: str = ""
    file: str = ""
    version: int = 0
    late: bool = False
    sent: datetime | None = None


def recognise(path: Path, base: Path, names: Iterable[str] = ()) -> Found | None:
    """What is known of a file below ``base``; None if nothing tells whose it is. ``names`` are the assignment's notebooks."""
    parts = [unicodedata.normalize("NFC", part) for part in path.relative_to(base).parts]
    for part in parts:
        if match := MOODLE.fullmatch(part):
            return Found(path, "moodle", match["name"], match["number"], match["file"] or parts[-1])
        if match := ANONYMOUS.fullmatch(part):
            return Found(path, "anonymous", match["user"], "", _file(match, parts), int(match["file_id"]), bool(match["late"]))
        if match := CANVAS.fullmatch(part):
            file = _file(match, parts)
            return Found(path, "canvas", match["name"], match["user"], file, int(match["file_id"]), bool(match["late"]))
    if len(parts) > 1 and not parts[0].startswith("zip-"):
        return Found(path, "mail", parts[0], file=parts[-1], sent=_time(parts[1]))
    own = "|".join(map(re.escape, names)) or "(?!)"
    match = re.fullmatch(rf"(?P<who>.+)[_-](?P<file>(?:{own}).*)|(?P<first>[^_]+)_(?P<rest>.+)", parts[-1], re.IGNORECASE)
    return Found(path, "mail", match["who"] or match["first"], file=match["file"] or match["rest"]) if match else None


def _file(match: re.Match, parts: list[str]) -> str:
    return match["file"] if match["file"].endswith(".ipynb") else parts[-1]


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP)
    except ValueError:
        return None


class Roster:
    """The students that the gradebook knows, by everything a file may call them."""

    def __init__(self, students: list[Any]) -> None:
        self.ids = {student.id for student in students}
        self.numbers = {student.lms_user_id: student.id for student in students if student.lms_user_id}
        self._words = {student.id.lower(): student.id for student in students}
        self._words |= {student.email.lower(): student.id for student in students if student.email}
        full = [(letters(f"{one}{other}"), student.id) for student in students for one, other in _orders(student)]
        twice = Counter(name for name, _ in set(full))
        self._names = {name: student for name, student in full if twice[name] == 1}

    def find(self, found: Found) -> str | None:
        """nbgrader's id of whoever handed this in, None if the gradebook doesn't tell."""
        if found.kind == "canvas" and found.number in self.numbers:
            return self.numbers[found.number]
        if found.kind == "mail" and found.who.lower() in self._words:
            return self._words[found.who.lower()]
        student = self._names.get(letters(found.who))
        other = student is not None and found.kind == "canvas" and student in self.numbers.values()
        return None if other else student  # of that name, but with another number


def _orders(student: Any) -> list[tuple[str, str]]:
    first, last = student.first_name or "", student.last_name or ""
    return [(first, last), (last, first)] if first and last else []


def letters(name: str) -> str:
    """A name without blanks, signs and case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name)).casefold()


class Collector(FileNameCollectorPlugin):
    """The collector of this course: recognises the source of each file by itself."""

    _plan: dict[str, dict[str, Any]] | None = None

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """nbgrader's question: whose file, which notebook, handed in when; None for files that don't count."""
        if self._plan is None:
            self._plan = self._made_plan()
        return self._plan.get(str(Path(submitted_file)))

    def _made_plan(self) -> dict[str, dict[str, Any]]:
        coursedir = self.parent.coursedir
        base = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        release = coursedir.format_path(coursedir.release_directory, ".", coursedir.assignment_id)
        names = [Path(name).stem for name in find_all_notebooks(release)]
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            roster, due = Roster(gradebook.students), due_date(gradebook, coursedir.assignment_id)
            found = [recognise(path, base, names) for path in sorted(base.rglob("*.ipynb")) if path.is_file()]
            students = self._students([one for one in found if one], roster, gradebook)
        best: dict[tuple[str, str], tuple[tuple, Found]] = {}
        for one, student in students:
            notebook, rank = self._notebook(one, names)
            if notebook is None:
                continue
            if (student, notebook) in best:
                self.log.warning("%s handed in several versions of %s: the newest counts", student, notebook)
            best[student, notebook] = max(best.get((student, notebook), ((), one)), (rank, one), key=lambda entry: entry[0])
        return {
            str(one.path): {"student_id": student, "file_id": notebook, "timestamp": self._time(one, student, due)}
            for (student, notebook), (_, one) in best.items()
        }

    def _students(self, found: list[Found], roster: Roster, gradebook: Gradebook) -> list[tuple[Found, str]]:
        """nbgrader's id for every file; Canvas's users that the gradebook doesn't know are added with their number."""
        alike = Counter((one.kind, letters(one.who)) for one in {(f.kind, f.who, f.number): f for f in found}.values())
        named = []
        for one in found:
            student = roster.find(one)
            if student is None:
                student = new_id(one, alone=alike[one.kind, letters(one.who)] == 1 and new_id(one, True) not in roster.ids)
                self.log.warning("%s isn't in the student table: collected as %s", one.who, student)
                if one.kind == "canvas":
                    gradebook.update_or_create_student(student, lms_user_id=one.number)
                    roster.numbers[one.number] = student
            named.append((one, student))
        return named

    def _notebook(self, found: Found, names: list[str]) -> tuple[str | None, tuple]:
        """Which of the assignment's notebooks a file is, and how it ranks among several."""
        stem, copy = Path(found.file).stem, 0
        known = {name.casefold(): name for name in names}
        name = known.get(stem.casefold())
        if name is None and (match := COPY.fullmatch(stem)):
            name, copy = known.get(match["stem"].casefold()), int(match["number"] or 1)
        rank = (found.sent or datetime.min, name is not None, found.version, copy, str(found.path))
        if name is None and len(names) == 1:
            self.log.warning("%s of %s is taken for %s", found.file, found.who, names[0])
            return names[0], rank
        if name is None:
            self.log.warning("%s of %s is none of %s: left out", found.file, found.who, ", ".join(names))
        return name, rank

    def _time(self, found: Found, student: str, due: datetime | None) -> datetime | None:
        """When it was handed in; Canvas says of late files only that they are late: a second past the due date then."""
        if not found.late or found.sent:
            return found.sent
        if due is None:
            self.log.warning("%s was late, but the gradebook has no due date: taken as handed in on time", student)
            return None
        self.log.warning("%s was late: handed in a second after the due date, as far as is known", student)
        return due + timedelta(seconds=1)


def new_id(found: Found, alone: bool) -> str:
    """An id for a student whom the gradebook doesn't know; with the source's number if the name isn't unique."""
    name = re.sub(r"\s+", "-", found.who.strip()).lower().replace("/", "-").lstrip(".")
    return name if alone or not found.number else f"{name}-{found.number}"


def due_date(gradebook: Gradebook, assignment: str) -> datetime | None:
    try:
        return gradebook.find_assignment(assignment).duedate
    except MissingEntry:
        return None
