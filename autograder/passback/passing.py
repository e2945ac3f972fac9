"""``python -m autograder pass-back ID``: points, comments and feedback pages into Canvas or Moodle.

Nothing is overwritten silently: what others changed there since is named, and replaced with ``--force`` only. A run that stops
half-way says who got theirs; the next one goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Dict, Unicode
from traitlets.config import LoggingConfigurable

from autograder.classroom.graded import find_assignment, handed_in_by, open_course, read_class
from autograder.classroom.returning import feedback_pages
from autograder.classroom.tables import DIGITS, number
from autograder.errors import CourseError
from autograder.exports import CanvasExporter, MoodleExporter
from autograder.passback import canvas, moodle
from autograder.passback.deciding import CLOSE, Row, Wanted, decide
from autograder.passback.identity import match
from autograder.passback.platform import Item, Platform, PlatformError, Refused, Standing, Unsure
from autograder.passback.sent import Record
from autograder.passback.tokens import find_token
from autograder.passback.web import Web
from autograder.run.lock import InUse, held

PATIENCE_SECONDS = 60.0  # for another command that works on the course folder
MOST_FAILURES = 3  # one after the other: then it isn't the students
FORMS = "https://canvas.example/courses/12/assignments/4711 or https://moodle.example/mod/assign/view.php?id=93"


class PassBack(LoggingConfigurable):
    """Where points go, for ``nbgrader_config.py``."""

    to = Dict(Unicode(), help="The address of an assignment's page on Canvas or Moodle, by nbgrader's name.").tag(config=True)


@dataclass(frozen=True)
class Options:
    """What was asked for.

    Attributes:
        to: the address of the assignment's page; empty for the settings' one.
        dry_run: whether to write nothing.
        force: whether what others changed there is replaced.
        scale: whether points are reckoned into those that the assignment has there.
        pages: whether feedback pages go along.
        unmarked: whether points go before all answers are marked.
    """

    to: str = ""
    dry_run: bool = False
    force: bool = False
    scale: bool = False
    pages: bool = True
    unmarked: bool = False


@dataclass
class Class:
    """What the gradebook has: students by id, what each shall have, and who is left out and why."""

    maximum: float
    students: dict[str, Any] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


@dataclass
class Passed:
    """What became of it: who got theirs, who didn't and why, who wasn't tried and why; why nobody looked again."""

    given: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    untried: list[str] = field(default_factory=list)
    why: str = ""
    unseen: str = ""


def pass_back(folder: Path, assignment: str, options: Options) -> int:
    """Passes the grades of an assignment back, or prints what that would change.

    Returns:
        The exit status: not 0 if anything was left out or failed.

    Raises:
        CourseError: nothing was passed back; the message says why.
    """
    coursedir = open_course(folder)
    root = Path(coursedir.root)
    command = f"`python -m autograder pass-back {assignment}`"
    try:
        with held(root, command, lambda line: print(line, file=sys.stderr), PATIENCE_SECONDS):
            platform = connected(coursedir, options.to or PassBack(parent=coursedir.parent).to.get(assignment, ""), assignment)
            class_ = read(coursedir, assignment, options)
            item = platform.item()
            fit(class_, item, options)
            record = Record.of(root, item.key)
            rows = compare(platform, class_, record)
            print(f"{assignment} → {item.title} ({item.key}), {number(item.maximum or 0)} points")
            return _dry(rows, class_, options) if options.dry_run else _passed(platform, rows, class_, record, options)
    except InUse as error:
        raise CourseError(str(error)) from None


def connected(coursedir: CourseDirectory, address: str, assignment: str) -> Platform:
    """The platform at an address, as whoever the token is.

    Raises:
        PlatformError: it isn't the address of an assignment, or there is no token for it.
    """
    if not address:
        raise PlatformError(f"say where to: --to the address of the assignment's page, such as {FORMS}, or c.PassBack.to['{assignment}']")
    app = coursedir.parent
    if found := canvas.ADDRESS.fullmatch(address):
        web = Web(found["root"], find_token("Canvas", found["root"]), bearer=True)
        return canvas.Canvas(web, found["course"], found["assignment"], CanvasExporter(parent=app).columns)
    if found := moodle.ADDRESS.fullmatch(address):
        web = Web(found["root"], find_token("Moodle", found["root"]), bearer=False)
        return moodle.Moodle(web, found["module"], MoodleExporter(parent=app).id_number)
    raise PlatformError(f"expected the address of an assignment's page, such as {FORMS}, got {address!r}")


# ---- what the gradebook has


def read(coursedir: CourseDirectory, assignment: str, options: Options) -> Class:
    """What each student of the gradebook shall have.

    Raises:
        CourseError: nothing is graded, or no feedback is there though it shall go along.
    """
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        class_ = Class(float(find_assignment(gradebook, assignment).max_score))
        graded = read_class(coursedir, gradebook, assignment)
        if not graded:
            raise CourseError(f"nothing of '{assignment}' is graded yet; run `nbgrader autograde {assignment}` first")
        pages, lost, old = feedback_pages(coursedir, gradebook, assignment) if options.pages else ([], {}, [])
        for row in gradebook.students:
            class_.students[row.id] = _Student(row.id, row.lms_user_id, row.email)
    if options.pages and not pages:
        raise CourseError(f"no feedback on {assignment} yet: run `nbgrader generate_feedback {assignment}` first, or give --no-pages")
    for one in graded:
        if one.waits and not options.unmarked:
            class_.left[one.student] = "answers are still to be marked (--unmarked passes the points on as they are)"
            continue
        theirs = {} if one.student in old else {page.notebook: page.path for page in pages if page.student == one.student}
        class_.wanted.append(Wanted(one.student, round(one.score, DIGITS), one.comment, theirs))
        if one.student in old or one.student in lost:
            why = "the feedback page is older than the last grading" if one.student in old else lost[one.student]
            class_.left[one.student] = f"without a page: {why}"
    known = {one.student for one in graded}
    class_.left |= {student: "handed in, but not graded" for student in handed_in_by(coursedir, assignment) if student not in known}
    return class_


@dataclass(frozen=True)
class _Student:
    """A row of nbgrader's student table that needs no open gradebook."""

    id: str
    lms_user_id: str | None
    email: str | None


def fit(class_: Class, item: Item, options: Options) -> None:
    """Makes what students shall have what the assignment takes there.

    Raises:
        PlatformError: its points are others.
    """
    if item.maximum is None:
        raise PlatformError(f"'{item.title}' takes no points there: set its maximum to {number(class_.maximum)}")
    factor = 1.0
    if abs(item.maximum - class_.maximum) > CLOSE:
        if not options.scale or not class_.maximum:
            here = number(class_.maximum)
            raise PlatformError(f"'{item.title}' has {number(item.maximum)} points there and {here} here: change one, or give --scale")
        factor = item.maximum / class_.maximum
    if item.no_pages and any(one.pages for one in class_.wanted):
        class_.left["everybody"] = f"without a page: {item.no_pages} (--no-pages says that this is meant)"
    for index, one in enumerate(class_.wanted):
        comment, pages = "" if item.no_comments else one.comment, {} if item.no_pages else one.pages
        if one.comment and item.no_comments:
            class_.left.setdefault(one.student, f"without the comment: {item.no_comments}")
        class_.wanted[index] = Wanted(one.student, round(one.score * factor, DIGITS), comment, pages)


def compare(platform: Platform, class_: Class, record: Record) -> list[Row]:
    """What is there beside what comes, by student; whoever isn't there is left out."""
    students = [class_.students[one.student] for one in class_.wanted]
    found, lost = match(students, platform.people())
    class_.left |= lost
    there = platform.standing([person.user for person in found.values()])
    rows = []
    for one in class_.wanted:
        if person := found.get(one.student):
            rows.append(decide(one, person, there.get(person.user, Standing()), record.users.get(person.user)))
    return rows


# ---- saying and doing


def _dry(rows: Sequence[Row], class_: Class, options: Options) -> int:
    table = [["student", "there", "points", "what"], *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(3)]
    for line in table:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3]]).rstrip())
    to_do = [row for row in rows if row.grade and (options.force or not row.by_hand)]
    print(f"would be passed back: {len(to_do)} of {len(rows)}; nothing was written")
    return _left(rows, class_, options)


def _left(rows: Sequence[Row], class_: Class, options: Options) -> int:
    """Names who is left out, and what Canvas takes off; returns whether anybody is."""
    said = {row.wanted.student: "; ".join(row.by_hand) for row in rows if row.by_hand and not options.force}
    lines = [f"held, {len(said)} (--force replaces what is there):"] if said else []
    lines += [f"  {student}: {why}" for student, why in said.items()]
    lines += [f"left out, {len(class_.left)}:"] if class_.left else []
    lines += [f"  {student}: {why}" for student, why in sorted(class_.left.items())]
    taken = [f"{row.wanted.student} ({number(row.old.deducted)})" for row in rows if row.old.deducted]
    lines += [f"the platform takes off points itself, beside the penalty of this course: {', '.join(taken)}"] if taken else []
    print("".join(f"{line}\n" for line in lines), end="", file=sys.stderr)
    return 1 if said or class_.left else 0


def _passed(platform: Platform, rows: Sequence[Row], class_: Class, record: Record, options: Options) -> int:
    passed = give_all(platform, [row for row in rows if row.grade and (options.force or not row.by_hand)], record)
    for row in rows:
        if row.grade is None:
            record.keep(row.person.user, row.after)
    same = sum(row.grade is None for row in rows)
    print(f"passed back: {len(passed.given)}; there already: {same}")
    lines = [f"got theirs: {', '.join(passed.given) or 'nobody'}"] if passed.failed or passed.untried else []
    lines += [f"failed, {len(passed.failed)}:"] if passed.failed else []
    lines += [f"  {student}: {why}" for student, why in passed.failed.items()]
    lines += [f"not tried, {len(passed.untried)}: {', '.join(passed.untried)}; {passed.why}"] if passed.untried else []
    lines += ["the same command goes on with those who are missing"] if passed.failed or passed.untried else []
    lines += [passed.unseen] if passed.unseen else []
    print("".join(f"{line}\n" for line in lines), end="", file=sys.stderr)
    return 1 if _left(rows, class_, options) or lines else 0


def give_all(platform: Platform, rows: Sequence[Row], record: Record) -> Passed:
    """Gives one after the other what is theirs, notes it, and looks in the end whether it is there."""
    passed, in_a_row = Passed(), 0
    for index, row in enumerate(rows):
        student, user = row.wanted.student, row.person.user
        try:
            assert row.grade is not None
            platform.give(user, row.grade)
        except (Refused, Unsure) as error:
            passed.failed[student], in_a_row = str(error), in_a_row + 1
            if in_a_row < MOST_FAILURES:
                continue
            passed.why = f"{MOST_FAILURES} failed one after the other"
        except PlatformError as error:
            passed.failed[student], passed.why = str(error), "the platform can't be used any more"
        else:
            record.keep(user, row.after)
            passed.given.append(student)
            in_a_row = 0
            continue
        passed.untried = [later.wanted.student for later in rows[index + 1 :]]
        return passed
    _look_again(platform, rows, passed)
    return passed


def _look_again(platform: Platform, rows: Sequence[Row], passed: Passed) -> None:
    """Asks for all points once more: what a platform took isn't always what it was given."""
    if not passed.given:
        return
    try:
        there = platform.scores()
    except PlatformError as error:
        passed.unseen = f"whether all points are there could not be looked at: {error}"
        return
    for row in rows:
        student, score = row.wanted.student, there.get(row.person.user)
        if student in passed.given and (score is None or abs(score - row.wanted.score) > CLOSE):
            found = "no grade" if score is None else number(score)
            passed.failed[student] = f"the platform has {found} after taking {number(row.wanted.score)}"
            passed.given.remove(student)
