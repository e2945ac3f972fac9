"""``python -m autograder request``: what students ask to be looked at again, from a mail, a form's table or a conversation."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.classroom.exceptions import find_task
from autograder.classroom.graded import find_assignment, open_course
from autograder.collecting.tables import BadTable, Row, read_table
from autograder.errors import CourseError
from autograder.marking.answers import Place
from autograder.marking.requests import ask, points_in_words, requests_of
from autograder.marking.tables import Request

HEADINGS = {  # what a form may call its questions
    "student": (
        "student",
        "student_id",
        "id",
        "username",
        "user_name",
        "login",
        "email",
        "e_mail",
        "email_address",
        "e_mail_address",
        "mail",
    ),
    "assignment": ("assignment", "id_of_assignment", "exercise", "sheet"),
    "task": ("task", "question", "problem"),
    "sentence": ("sentence", "request", "reason", "why", "message", "text", "comment"),
}


def request(folder: Path, student: str, assignment: str, task: str, sentence: str) -> str:
    """Notes one request; returns what to say of it.

    Raises:
        CourseError: there is no such student, assignment or task, nothing of hers is graded, or nothing is said.
    """
    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        place = _place(gradebook, student, assignment, task)
        new = ask(gradebook, place, sentence)
        gradebook.db.commit()
    title = place.cell.removeprefix("check_")
    known = f"{place.student} asked that of {title} already: nothing is changed"
    return f"{place.student} asks to look at {title} again: it stands beside her answer in the formgrader" if new else known


def read_requests(folder: Path, file: Path) -> tuple[str, bool]:
    """Notes the requests of a form's table; returns what to say of it, and whether each line could be taken.

    Raises:
        BadTable: it is no such table; nothing was changed.
    """
    rows = read_table(file)
    columns = _columns(list(rows[0].cells) if rows else [], file.name)
    coursedir, lines, new = open_course(folder), [], 0
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for row in rows:
            try:
                new += _take(gradebook, row, columns)
            except CourseError as error:
                lines.append(f"{file.name}, line {row.line} left out: {error}")
        gradebook.db.commit()
    known = len(rows) - new - len(lines)
    return "\n".join([*lines, f"{new} new, {known} known already, {len(lines)} left out"]), not lines


def _take(gradebook: Gradebook, row: Row, columns: dict[str, str]) -> bool:
    student, assignment, task, sentence = (row.cells.get(columns[name], "") for name in HEADINGS)
    return ask(gradebook, _place(gradebook, student, assignment, task), sentence)


def _columns(there: list[str], name: str) -> dict[str, str]:
    columns = {field: column for field, names in HEADINGS.items() if (column := next((one for one in names if one in there), ""))}
    if set(columns) != set(HEADINGS):
        found = ", ".join(filter(None, there)) or "nothing"
        raise BadTable(f"{name}: expected a first line with the headings {','.join(HEADINGS)}; found {found}")
    return columns


def _place(gradebook: Gradebook, student: str, assignment: str, task: str) -> Place:
    """Which answer is meant."""
    found = find_assignment(gradebook, assignment.strip())
    notebook, cell = find_task(found, task.strip())
    wanted = student.strip().casefold()
    ids = [one.id for one in gradebook.students if wanted and wanted in (one.id.casefold(), (one.email or "").casefold())]
    if len(ids) != 1:
        raise CourseError(
            f"'{student}' is {'nobody' if not ids else ' and '.join(ids)} in the student table: expected an id or an e-mail address"
        )
    try:
        gradebook.find_grade(cell.name, notebook, found.name, ids[0])
    except MissingEntry:
        raise CourseError(f"nothing of {ids[0]} is graded in {found.name}") from None
    return Place(found.name, notebook, cell.name, ids[0])


def listed(folder: Path) -> list[str]:
    """All requests of a course, a line each, those that wait first."""
    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        every = [one for assignment in gradebook.assignments for one in requests_of(gradebook, assignment.name)]
        return [f"{one.assignment}: {in_words(one)}" for one in sorted(every, key=lambda one: (one.answer is not None, one.id))]


def in_words(one: Request) -> str:
    """A request on a line."""
    asked = f"{one.student}, {one.cell.removeprefix('check_')} ({one.at:%Y-%m-%d}): {' '.join(one.sentence.split())}"
    if one.answer is None:
        return f"{asked} \u2013 waits"
    return f"{asked} \u2013 {one.answered_by}: {' '.join(one.answer.split())} ({points_in_words(one)})"
