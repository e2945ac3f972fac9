"""``python -m autograder extend STUDENT ID``: more time for one student.

nbgrader's gradebook keeps an extension with a submission; before there is one, and for every later grading, it stands in
the course's decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.classroom.decided import Desk, deciding, reckon_penalty, told
from autograder.classroom.graded import find_assignment, open_course
from autograder.collecting.people import Roster
from autograder.errors import CourseError
from autograder.run.decisions import read_decisions, settle_extension
from autograder.times import parse_time


def extend(folder: Path, student: str, assignment: str, until: str = "", days: float = 0.0) -> str:
    """Gives a student more time for an assignment.

    Args:
        folder: the course folder.
        student: nbgrader's id.
        assignment: its id.
        until: the new end, with a zone or in UTC.
        days: the new end, counted from the due date; one of the two.

    Returns:
        What holds now, for the instructor.

    Raises:
        CourseError: there is no such student or assignment, no due date, or the new end isn't after it.
    """
    with deciding(folder, f"extend {student} {assignment}") as desk:
        due = _due(desk, student, assignment)
        end = _end(due, until, days)
        if end <= due:
            raise CourseError(f"{told(end)} isn't after the due date of {assignment}, {told(due)}")
        desk.decisions.extensions.setdefault(assignment, {})[student] = end
        desk.keep()
        return f"{student} may hand in {assignment} until {told(end)} (due {told(due)}); {_settled(desk, student, assignment, end)}"


def remove_extension(folder: Path, student: str, assignment: str) -> str:
    """Takes an extension back; returns what holds now.

    Raises:
        CourseError: there is none.
    """
    with deciding(folder, f"extend {student} {assignment} --remove") as desk:
        find_assignment(desk.gradebook, assignment)
        given = desk.decisions.extensions.get(assignment, {})
        submission = _submission(desk.gradebook, assignment, student)
        if student not in given and (submission is None or submission.extension is None):
            names = ", ".join(sorted(given)) or "nobody"
            raise CourseError(f"'{student}' has no extension for {assignment}; there are those of: {names}")
        given.pop(student, None)
        return f"{student} has no extension for {assignment} any more; {_settled(desk, student, assignment, None)}"


def extensions(folder: Path) -> list[str]:
    """All extensions of a course, a line each."""
    coursedir = open_course(folder)
    decisions = read_decisions(Path(coursedir.root))
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return [
            f"{assignment}: {student} until {told(end)}; {_state(_submission(gradebook, assignment, student))}"
            for assignment, given in sorted(decisions.extensions.items())
            for student, end in sorted(given.items())
        ]


def _due(desk: Desk, student: str, assignment: str) -> datetime:
    due = find_assignment(desk.gradebook, assignment).duedate
    if due is None:
        raise CourseError(f'{assignment} has no due date: `nbgrader db assignment add {assignment} --duedate="…"` sets one')
    _must_be_known(student, desk.gradebook.students)
    return due


def _must_be_known(student: str, students: Iterable[Any]) -> None:
    roster = Roster(students)
    if student not in roster.students:
        near = roster.nearly(student)
        hint = f"; nearly: {', '.join(near)}" if near else ""
        raise CourseError(f"no student '{student}' in the gradebook{hint}")


def _end(due: datetime, until: str, days: float) -> datetime:
    try:
        return parse_time(until) if until else due + timedelta(days=days)
    except ValueError as error:
        raise CourseError(f"--until: {error}") from None
    except OverflowError:
        raise CourseError(f"--days: {days:g} days from {told(due)} is no date") from None


def _submission(gradebook: Gradebook, assignment: str, student: str) -> Any:
    try:
        return gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None


def _settled(desk: Desk, student: str, assignment: str, end: datetime | None) -> str:
    """Has the gradebook reckon with an end, if it knows a submission; says what that made of it."""
    submission = _submission(desk.gradebook, assignment, student)
    if submission is None:
        return _state(None)
    settle_extension(desk.gradebook, submission, end)
    before, now = reckon_penalty(desk, submission)
    costs = f", late penalty {now:g} points" + (f" instead of {before:g}" if before != now else "")
    return _state(submission) + (costs if before or now else "")


def _state(submission: Any) -> str:
    if submission is None or not submission.notebooks:
        return "nothing of it is graded yet"
    if submission.timestamp is None:
        return "handed in without a time that is known"
    late = submission.total_seconds_late
    return f"handed in {told(submission.timestamp)}, {'in time' if not late else f'{timedelta(seconds=round(late))} late'}"
