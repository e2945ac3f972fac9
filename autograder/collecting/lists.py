"""The instructor's lists beside the archives: ``who.csv``, ``groups.csv``, Moodle's grading worksheet, GitHub Classroom's roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.collecting.people import Roster, letters
from autograder.collecting.tables import BadTable, Worksheet, add_worksheet, pairs, read_table

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


def read_lists(folders: Iterable[Path], archive: Path, roster: Roster) -> Lists:
    """Reads the lists that lie in ``archive`` itself, and ``who.csv`` and ``groups.csv`` in other ``folders`` as well.

    Raises:
        BadTable: one can't be read, or names a student who isn't in the table.
    """
    lists = Lists()
    for folder in (archive, *folders):
        for name, target, left in ((WHO, lists.who, ("file",)), (GROUPS, lists.groups, ("group",))):
            if (folder / name).is_file():
                lists.read.add(folder / name)
                for key, student, line in pairs(folder / name, left, ("student", "id", "student_id")):
                    target.setdefault(key.strip("/"), []).append(_known(student, roster, f"{name}, line {line}"))
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
