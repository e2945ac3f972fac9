"""Who marks whose answers by hand: a class split among several graders, in ``graders.csv`` of the course folder.

The file is a table with the headings assignment, student and grader, so that it can be read, and changed by hand, too.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograder.collecting.tables import BadTable, read_table

FILE = "graders.csv"
HEADINGS = ("assignment", "student", "grader")


def read_graders(course: Path) -> dict[str, dict[str, str]]:
    """Assignment → student → grader; nothing where no class was split.

    Raises:
        BadTable: the file can't be read, or is another table; the message says what to change.
    """
    path = course / FILE
    if not path.exists():
        return {}
    found: dict[str, dict[str, str]] = {}
    for row in read_table(path):
        assignment, student, grader = (row.cells.get(name, "").strip() for name in HEADINGS)
        if not (assignment and student and grader):
            raise BadTable(f"{FILE}, line {row.line}: expected a value under each of {', '.join(HEADINGS)}")
        if found.setdefault(assignment, {}).setdefault(student, grader) != grader:
            raise BadTable(f"{FILE}, line {row.line}: {student} in {assignment} is {found[assignment][student]}'s already")
    return found


def write_graders(course: Path, graders: Mapping[str, Mapping[str, str]]) -> None:
    """Writes the file in one step."""
    path = course / FILE
    beside = path.with_name(f".{FILE}-{os.getpid()}")
    with open(beside, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows((one, student, grader) for one in sorted(graders) for student, grader in sorted(graders[one].items()))
    beside.replace(path)


def split(
    assignment: str,
    students: Collection[str],
    among: Sequence[str],
    before: Mapping[str, str],
    done: Collection[str],
    begun: Collection[str],
) -> dict[str, str]:
    """Deals the students of an assignment out: the same each time, as evenly as can be, and moving as few as can be.

    Args:
        assignment: its id, so that nobody has the same grader all term long.
        students: who handed in.
        among: the graders; of equal ones the earlier gets the odd student.
        before: student → grader as they were.
        done: those of whom nothing is left to be marked.
        begun: those of whom somebody marked something; they stay while their grader is there, and if they are done for good.

    Returns:
        student → grader.
    """
    order = sorted(students, key=lambda student: hashlib.sha256(f"{assignment}\0{student}".encode()).digest())
    finished = set(done) & set(begun)  # who answered nothing is done, too, though nobody marked anything
    dealt = {student: before[student] for student in order if student in before and (student in finished or before[student] in among)}
    left = {grader: [student for student in order if dealt.get(student) == grader and student not in done] for grader in among}
    all_of = {grader: sum(one == grader for one in dealt.values()) for grader in among}

    def load(grader: str) -> tuple[int, int, int]:
        return len(left[grader]), all_of[grader], among.index(grader)

    for student in order:
        if student not in dealt:
            least = min(among, key=load)
            dealt[student] = least
            all_of[least] += 1
            if student not in done:
                left[least].append(student)
    while True:
        least, most = min(among, key=load), max(among, key=lambda grader: (len(left[grader]), -among.index(grader)))
        free = [student for student in left[most] if student not in begun]
        if not free or len(left[most]) - len(left[least]) < 2:
            return dealt
        student = free[-1]
        left[most].remove(student)
        left[least].append(student)
        dealt[student] = least
