"""The instructor's lists beside the archives: ``who.csv``, ``groups.csv``, Moodle's grading worksheet, GitHub Classroom's roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.collecting.people import Roster, letters
from autograder.collecting.tables import BadTable, Row, Worksheet, add_worksheet, pairs, read_table

WHO, GROUPS = "who.csv", "groups.csv"


@dataclass
class Lists:
    """What the instructor's lists say.

    Attributes:
        who: file, folder or address → ids, from ``who.csv``.
        groups: a group's name → ids of its members.
        worksheet: what Moodle's participants' numbers mean.
        read: the files that were read as lists.
    """

    who: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    worksheet: Worksheet = field(default_factory=Worksheet)
    read: set[Path] = field(default_factory=set)

    def group(self, name: str) -> list[str]:
        """The members of a group, whatever the case and signs of its name."""
        return next((members for group, members in self.groups.items() if letters(group) == letters(name)), [])


@dataclass(frozen=True)
class Group:
    """Who hands in together, and whose work counts if several handed in; that is empty if nobody said so."""

    name: str
    members: tuple[str, ...]
    counts: str = ""


def read_groups(path: Path, assignment: str, roster: Roster) -> list[Group]:
    """The groups of an assignment, by a list with the columns ``group,student`` and, if need be, ``assignment`` and ``counts``.

    Lines that name the assignment stand in place of all lines that name none.

    Raises:
        BadTable: it can't be read, names a student who isn't in the table, or has somebody in two groups.
    """
    rows = read_table(path)
    _look_at_rows(path, rows)
    own = [row for row in rows if row.get("assignment") == assignment]
    members: dict[str, dict[str, int]] = {}
    counts: dict[str, str] = {}
    for row in own or [row for row in rows if not row.get("assignment")]:
        name, where = row.get("group"), f"{path.name}, line {row.line}"
        student = _known(row.get("student", "id", "student_id"), roster, where)
        for other, theirs in members.items():
            if student in theirs and other != name:
                raise BadTable(f"{where}: {student} is in the group '{name}', and by line {theirs[student]} in '{other}'")
        members.setdefault(name, {}).setdefault(student, row.line)
        if row.get("counts") and counts.setdefault(name, student) != student:
            raise BadTable(f"{where}: in the group '{name}' the work of {counts[name]} counts already")
    return [Group(name, tuple(theirs), counts.get(name, "")) for name, theirs in members.items()]


def _look_at_rows(path: Path, rows: list[Row]) -> None:
    for row in rows:
        if not row.get("group") or not row.get("student", "id", "student_id"):
            raise BadTable(
                f"{path.name}, line {row.line}: expected a group and a student; headings must be group,student, "
                "and may be assignment and counts"
            )


def read_lists(folders: Iterable[Path], archive: Path, roster: Roster, assignment: str = "") -> Lists:
    """Reads the lists that lie in ``archive`` itself, and ``who.csv`` and ``groups.csv`` in other ``folders`` as well.

    Raises:
        BadTable: one can't be read, or names a student who isn't in the table.
    """
    lists = Lists()
    for folder in (archive, *folders):
        if (folder / WHO).is_file():
            lists.read.add(folder / WHO)
            for key, student, line in pairs(folder / WHO, ("file",), ("student", "id", "student_id")):
                lists.who.setdefault(key.strip("/"), []).append(_known(student, roster, f"{WHO}, line {line}"))
        if (folder / GROUPS).is_file():
            lists.read.add(folder / GROUPS)
            for group in read_groups(folder / GROUPS, assignment, roster):
                lists.groups.setdefault(group.name.strip("/"), []).extend(group.members)
    for path in sorted(archive.glob("*")):
        if path.suffix.lower() == ".csv" and path not in lists.read and path.is_file() and not path.is_symlink():
            _platforms_list(path, lists, roster)
    return lists


def _platforms_list(path: Path, lists: Lists, roster: Roster) -> None:
    try:
        rows = read_table(path)
    except BadTable:
        return  # not every file that a platform adds is a list
    if rows and {"identifier", "github_username"} <= rows[0].cells.keys():
        lists.read.add(path)
        for row in rows:
            told = roster.told(row.get("identifier"))
            if told and told.ids and row.get("github_username"):
                roster.add_alias(row.get("github_username"), told.ids[0])
    elif add_worksheet(lists.worksheet, rows):
        lists.read.add(path)


def _known(student: str, roster: Roster, where: str) -> str:
    if not len(roster):
        return student
    told = roster.by_key(student)
    if not told.ids:
        raise BadTable(f"{where}: {told.why}")
    return told.ids[0]
