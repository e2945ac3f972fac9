"""Groups that hand in one notebook: each member has what one of them handed in, and is graded like anybody.

Who is in which group stands in ``groups.csv`` of the course folder. Before each grading the members of whom nothing else came get
a copy in ``submitted/``. What they handed in beside one another is never guessed: such a group is named and left ungraded.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.collecting.lists import GROUPS, Group, read_groups
from autograder.collecting.people import Roster
from autograder.errors import CourseError
from autograder.jobs.beside import STAMPS
from autograder.run.attempts import Attempts, copied
from autograder.run.fingerprint import fingerprint

COPIES = Path(".autograder") / "copies.json"
SECRET = STAMPS[1]  # of who handed in, for her own feedback in the exchange


@dataclass
class Copies:
    """Which submissions are copies of a mate's: student → fingerprints of all that was ever copied to her."""

    path: Path
    assignment: str
    every: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, course: Path, assignment: str) -> Copies:
        """The copies of an assignment; raises `CourseError` if the file can't be read."""
        path = course / COPIES
        try:
            return cls(path, assignment, dict(json.loads(path.read_text("utf-8"))))
        except FileNotFoundError:
            return cls(path, assignment)
        except (OSError, ValueError, TypeError) as error:
            raise CourseError(f"{path} can't be read ({type(error).__name__}: {error}): restore it from a copy") from None

    def has(self, student: str, mark: str) -> bool:
        return mark in self.every.get(self.assignment, {}).get(student, [])

    def add(self, student: str, mark: str) -> None:
        """Takes note of a copy, before it is made: one that is made and not known would be taken for her own work."""
        if self.has(student, mark):
            return
        self.every.setdefault(self.assignment, {}).setdefault(student, []).append(mark)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}-{os.getpid()}")
        beside.write_text(json.dumps(self.every, indent=1, ensure_ascii=False) + "\n", "utf-8")
        beside.replace(self.path)


@dataclass(frozen=True)
class Came:
    """What came of a group.

    Attributes:
        group: the group.
        marks: student → fingerprint of what lies in ``submitted/`` of hers.
        own: those of them that are no copies.
        differ: whether several members handed in different work.
    """

    group: Group
    marks: dict[str, str]
    own: dict[str, str]
    differ: bool

    @property
    def problem(self) -> str:
        """Why the group can't be graded; empty if it can."""
        if not self.differ:
            return ""
        return (
            f"{' and '.join(self.own)}, of the group '{self.group.name}', handed in different work: write `yes` into a column `counts` of "
            f"{GROUPS} in the line of whose counts, or take the others' away from submitted/"
        )

    @property
    def told(self) -> str:
        return f"{' and '.join(self.own)} handed in" if self.own else "nothing was handed in"


class Groups:
    """The groups of one assignment.

    Args:
        coursedir: nbgrader's course directory.
        assignment: its id.
        attempts: the students' attempts.

    Raises:
        CourseError: ``groups.csv`` can't be read, or somebody is in two groups.
    """

    def __init__(self, coursedir: Any, assignment: str, attempts: Attempts) -> None:
        self.attempts, self.assignment = attempts, assignment
        root = Path(coursedir.root).resolve()
        self.groups: list[Group] = []
        if (root / GROUPS).is_file():
            with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
                self.groups = read_groups(root / GROUPS, assignment, Roster(gradebook.students))
        self.copies = Copies.read(root, assignment) if self.groups else Copies(root / COPIES, assignment)
        self.giver: dict[str, str] = {}  # student → who handed in for her
        self.aside: dict[str, str] = {}  # student → why her group can't be graded

    def share(self, copy: bool = True) -> list[str]:
        """Gives each member what the group handed in; returns what the instructor should know, a line each.

        Args:
            copy: whether to; else it is only looked who has whose work.
        """
        return [line for group in self.groups for line in self._share(group, copy)]

    def mark(self, student: str) -> str:
        """A fingerprint of what a student handed in, without what is hers alone."""
        return fingerprint(self.attempts.submitted(student), without=(SECRET,))

    def came(self, group: Group) -> Came:
        """What members of a group handed in themselves."""
        marks = {student: mark for student in group.members if (mark := self.mark(student))}
        own = {student: mark for student, mark in marks.items() if not self.copies.has(student, mark)}
        if group.counts:
            own = {student: mark for student, mark in own.items() if student == group.counts}
        return Came(group, marks, own, len({fingerprint(self.attempts.submitted(student), without=STAMPS) for student in own}) > 1)

    def _share(self, group: Group, copy: bool) -> list[str]:
        came = self.came(group)
        if came.problem:
            self.aside |= dict.fromkeys(came.marks, came.problem)
            return []
        if not came.own:
            return []
        giver = min(came.own, key=lambda student: (str(self.attempts.time(self.attempts.submitted(student)) or "9999"), student))
        mates = [student for student in group.members if student not in came.own]
        changed = [student for student in mates if came.marks.get(student) != came.own[giver]]
        if not copy:
            self.giver |= {student: giver for student in mates if student not in changed}
            return []
        for student in changed:
            self._copy(giver, student, came.own[giver])
        self.giver |= dict.fromkeys(mates, giver)
        return [f"{', '.join(changed)}: {giver} handed in for the group '{group.name}'"] if changed else []

    def _copy(self, giver: str, student: str, mark: str) -> None:
        target = self.attempts.submitted(student)
        self.copies.add(student, mark)
        new = copied(self.attempts.submitted(giver), target.with_name(f".{self.assignment}.of-{giver}"), (SECRET,))
        if target.exists():
            self.attempts.put_aside(student)
        new.rename(target)

    def note(self, student: str) -> str:
        """Markdown that tells a member who handed in for her."""
        return f"**Handed in by {self.giver[student]} for your group.**" if student in self.giver else ""


# ---- points by hand


def share_marks(coursedir: Any, groups: Groups) -> list[str]:
    """Gives points and comments that a person gave one member of a group to the others; returns a line for each who got some.

    It is for those alone who have the same work. Where two members were given something else, that stays as it is.
    """
    lines = []
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for group in groups.groups:
            works = [groups.mark(student) for student in group.members]
            same = [student for student, mark in zip(group.members, works, strict=True) if mark and works.count(mark) > 1]
            submissions = list(filter(None, (_submission(gradebook, groups.assignment, student) for student in same)))
            got = {name for grades in _alike(submissions, "grades") for name in _give(grades, ("manual_score", "extra_credit"))}
            got |= {name for comments in _alike(submissions, "comments") for name in _give(comments, ("manual_comment",))}
            lines += [f"{student}: points and comments by hand of the group '{group.name}'" for student in sorted(got)]
        gradebook.db.commit()
    return lines


def shared_marks(coursedir: Any, log: Any, zone: str) -> list[str]:
    """The same for the assignment that an nbgrader command is about, if there is a gradebook and groups.

    Raises:
        CourseError: as `Groups`.
    """
    if not (Path(coursedir.root) / GROUPS).is_file():
        return []
    return share_marks(coursedir, Groups(coursedir, coursedir.assignment_id, Attempts(coursedir, coursedir.assignment_id, log, zone)))


def _submission(gradebook: Gradebook, assignment: str, student: str) -> Any:
    try:
        return gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None


def _alike(submissions: list[Any], kind: str) -> list[list[Any]]:
    """What the members have of the same cell, for each cell."""
    found: dict[tuple[str, str], list[Any]] = {}
    for submission in submissions:
        for notebook in submission.notebooks:
            for one in getattr(notebook, kind):
                found.setdefault((notebook.name, one.name), []).append(one)
    return list(found.values())


def _give(ones: list[Any], fields: tuple[str, ...]) -> list[str]:
    """Fills what is empty with what the others have, if they have one thing; returns the students who got something."""
    got = []
    for name in fields:
        given = {getattr(one, name) for one in ones} - {None, ""}
        for one in ones if len(given) == 1 else ():
            if getattr(one, name) in (None, ""):
                setattr(one, name, next(iter(given)))
                got.append(one.notebook.assignment.student_id)
                if name == "manual_score":
                    one.needs_manual_grade = False
    return got
