"""The plan of a collection: who → which files, what is left out and why. Made before anything is written."""

from __future__ import annotations

import logging
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from autograder.collecting.lists import GROUPS, WHO, Lists, read_lists
from autograder.collecting.people import Roster
from autograder.collecting.sorting import BY_LIST, SENDERS, Claim, Sorter
from autograder.collecting.unpack import unpack
from autograder.collecting.versions import Chosen, Reference, Version, choose, is_notebook, read_notebook, texts
from autograder.errors import CourseError

MANY = 3  # versions of one student alone that may be a class
HINT = (
    f"Whoever isn't recognised goes into the student table (`python -m autograder students FILE`), or what is theirs into lines"
    f" `file,student` of {WHO} in the archive folder; then collect again with --force."
)


class NothingCollected(CourseError):
    """Nothing may be written; the message says why."""


@dataclass
class Entry:
    """What is collected of one student, and when it was handed in, in UTC."""

    chosen: Chosen
    time: datetime | None = None


@dataclass
class Plan:
    """A whole collection.

    Attributes:
        entries: by student.
        lost: what is left out: place → why.
        unknown: whether some of that is left out because nobody knows whose it is.
        notes: what the instructor should know of what is collected, a line each.
        missing: students of the table of whom nothing came.
        numbers: Canvas's numbers of students whom a table doesn't know yet.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    unknown: bool = False
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Who → which file, a line for each notebook."""
        lines = []
        for student, entry in sorted(self.entries.items()):
            for version in entry.chosen.notebooks.values():
                time = f", handed in {entry.time} UTC ({version.claim.time_from or 'as far as is known'})" if entry.time else ""
                beside = f", and {len(entry.chosen.beside)} files beside it" if entry.chosen.beside else ""
                lines.append(f"{student} ← {version.item}{beside}{time}")
        return lines

    def write(self, target: Path) -> None:
        """Puts the files into ``target/<student>/``, each under the name that it is graded by."""
        for student, entry in self.entries.items():
            files = {f"{name}.ipynb": version.item for name, version in entry.chosen.notebooks.items()}
            for name, item in {**entry.chosen.beside, **files}.items():
                path = target / student / name
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(item.path, path)
                except (OSError, ValueError) as error:
                    self.lost[str(item)] = f"it can't be written as {name} ({type(error).__name__})"


@dataclass(frozen=True)
class Course:
    """What a plan needs to know of a course and an assignment.

    Attributes:
        assignment: its id.
        archive: the folder with what was downloaded.
        lists: other folders in which ``who.csv`` and ``groups.csv`` may lie.
        known: the assignment's notebooks.
        zone: of times that platforms write without one.
        due: in UTC.
    """

    assignment: str
    archive: Path
    lists: tuple[Path, ...]
    known: list[Reference]
    zone: tzinfo
    due: datetime | None = None


def make_plan(course: Course, roster: Roster, scratch: Path) -> Plan:
    """Reads the archive folder and says what is to be collected.

    Raises:
        NothingCollected: nobody is recognised, or everything would be one student's.
        BadTable: one of the instructor's lists can't be read.
    """
    lists = read_lists(course.lists, course.archive, roster, course.assignment)
    found = unpack(course.archive, scratch)
    neutral = [course.assignment, *(one.name for one in course.known)]
    sorter = Sorter(found, roster, lists, neutral, course.zone)
    claims, plan = sorter.claims(), Plan(notes=list(found.notes))
    plan.lost = {"/".join(place): why for place, why in found.troubles.items()}
    for item in sorter.nobodys:
        if is_notebook(item) and not _handed_out(item.path, course.known):
            plan.lost[str(item)], plan.unknown = "its place and its name tell nobody", True
        else:
            plan.notes.append(f"{item} is nobody's and no notebook that somebody worked on")
    _refused(claims, plan)
    by_student: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for student in claim.told.ids:
            by_student[student].append(claim)
    _refuse_all(by_student, roster, plan)
    for student, theirs in by_student.items():
        _collect(student, theirs, course, plan)
    _share(by_student, lists, plan)
    if not len(roster):
        canvas = [(student, claim) for student, theirs in by_student.items() for claim in theirs if claim.form.source == "canvas"]
        plan.numbers = {student: claim.form.number for student, claim in canvas}
    plan.missing = sorted(set(roster.students) - set(plan.entries))
    return plan


def _handed_out(path: Path, known: list[Reference]) -> bool:
    read = read_notebook(path)
    return read is not None and any(one.texts and texts(read) == one.texts for one in known)


def _refused(claims: list[Claim], plan: Plan) -> None:
    """Names what belongs to nobody for sure: a line for each place with something in it."""
    for claim in claims:
        if not claim.told.ids:
            plan.lost["/".join(claim.place)], plan.unknown = claim.told.why, True


def _refuse_all(by_student: dict[str, list[Claim]], roster: Roster, plan: Plan) -> None:
    if not by_student and len(roster):
        unread = plan.lost and not plan.unknown
        why = "nothing in the archive folder can be read" if unread else "nobody in the archive folder is found in the student table"
        told = summary(plan) or "\n".join([*plan.notes, HINT])
        raise NothingCollected(f"{why}: nothing is collected.\n{told}")
    if len(by_student) != 1 or len(roster) == 1:
        return
    (student, claims), *_ = by_student.items()
    files = {item.place for claim in claims for item in claim.items if is_notebook(item) and claim.told.sure != BY_LIST}
    if len({place[:-1] for place in files}) >= max(MANY, len(roster)):
        raise NothingCollected(f"all {len(files)} notebooks would be {student}'s, as many as a class has: nothing is collected. {HINT}")


def _collect(student: str, claims: list[Claim], course: Course, plan: Plan) -> None:
    chosen = choose(claims, course.known)
    plan.lost |= {str(item): why for item, why in chosen.lost}
    if not chosen.notebooks:
        for claim in claims:
            if not _about_only(claim) and str(claim.place) not in plan.lost:
                plan.lost["/".join(claim.place)] = f"no notebook of {student} is in it"
        return
    plan.entries[student] = Entry(chosen, _handed_in(student, chosen, course, plan))
    for name, version in chosen.notebooks.items():
        others = [other for other in chosen.others if other.notebook == name]
        if others:
            plan.notes.append(
                f"{student} handed in several versions of {name}: taken is {version.item}, not {', '.join(str(one.item) for one in others)}"
            )
        elif name.casefold() not in version.item.name.casefold():
            plan.notes.append(f"{version.item.name} of {student} is taken for {name}")
        if not version.rank[0]:
            plan.notes.append(f"{version.item} of {student} is as it was handed out, or can't be read as a notebook")
        if not version.claim.trust:
            plan.notes.append(f"{version.item} is taken for {student}'s because a message says so that somebody else forwarded")


def _about_only(claim: Claim) -> bool:
    return claim.form.source == "blackboard" and not claim.form.file


def _handed_in(student: str, chosen: Chosen, course: Course, plan: Plan) -> datetime | None:
    """When the newest notebook was handed in; Canvas says of late files only that they are late: a second past the due date."""
    times = [version.claim.time for version in chosen.notebooks.values() if version.claim.time]
    newest: Version = max(chosen.notebooks.values(), key=lambda version: version.claim.time or datetime.min)
    if times:
        return newest.claim.time
    if newest.claim.form.source == "mail":
        plan.notes.append(f"{newest.item} has no readable date: taken as handed in without one")
    if not any(version.claim.form.late for version in chosen.notebooks.values()):
        return None
    if course.due is None:
        plan.notes.append(f"{student} was late, but the gradebook has no due date: taken as handed in on time")
        return None
    plan.notes.append(f"{student} was late: handed in a second after the due date, as far as is known")
    return course.due + timedelta(seconds=1)


def _share(by_student: dict[str, list[Claim]], lists: Lists, plan: Plan) -> None:
    """A group's file, handed in by one of its members, goes to those of whom nothing else came."""
    for group, members in lists.groups.items():
        giving = [student for student in members if student in by_student and student in plan.entries]
        best = max(giving, key=lambda student: max(one.rank for one in plan.entries[student].chosen.notebooks.values()), default="")
        for mate in members if best else ():
            if mate not in by_student and mate not in plan.entries:
                plan.entries[mate] = plan.entries[best]
                plan.notes.append(f"{mate} gets what {best} handed in: both are in the group '{group}' of {GROUPS}")


def _listed(lost: dict[str, str], most: int = 40) -> str:
    lines = [f"  {place}: {why}" for place, why in sorted(lost.items())]
    return "\n".join(lines[:most] + ([f"  … and {len(lines) - most} more"] if len(lines) > most else []))


def summary(plan: Plan) -> str:
    """What was left out and why, for the end of a command; empty if nothing was."""
    if not plan.lost:
        return ""
    return f"Left out, {len(plan.lost)}:\n{_listed(plan.lost)}" + (f"\n{HINT}" if plan.unknown else "")


def log_plan(plan: Plan, log: logging.Logger) -> None:
    """Tells the plan: a line for each notebook, then what is to be known."""
    for line in plan.lines():
        log.info(line)
    versions = [(student, version) for student, entry in sorted(plan.entries.items()) for version in entry.chosen.notebooks.values()]
    own = [student for student, version in versions if version.claim.time_from == SENDERS]
    if own:
        log.warning("Only the senders' own clocks say when these handed in, no mail server: %s", ", ".join(own))
    for line in plan.notes:
        log.warning(line)
    if plan.missing:
        log.info("In the student table, but nothing is collected of: %s", ", ".join(plan.missing))
