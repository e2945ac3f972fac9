"""Reads the instructor's class list into nbgrader's student table, as spreadsheets and learning platforms save it."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook

from autograder.classroom.graded import open_course
from autograder.collecting.tables import BadTable, Row, read_table

HEADINGS = {
    "id": ("id", "student_id", "student", "username", "user_name", "login", "login_id", "user", "uid", "benutzername", "kennung"),
    "first_name": ("first_name", "firstname", "first", "given_name", "vorname", "prénom", "prenom", "nombre"),
    "last_name": ("last_name", "lastname", "last", "surname", "family_name", "nachname", "familienname", "nom", "apellidos"),
    "email": ("email", "e_mail", "mail", "email_address", "e_mail_address", "e_mail_adresse", "emailadresse", "correo"),
    "lms_user_id": ("lms_user_id", "lms_id", "id_number", "number", "student_number", "matrikelnummer", "canvas_id", "sis_user_id"),
}  # fmt: skip
CANVAS = {"id": "sis_login_id", "lms_user_id": "id"}  # its gradebook's export calls its own number ID


def read_students(folder: Path, file: Path) -> str:
    """Adds the students of a list to the gradebook of a course folder, or changes what it knows of them.

    Returns:
        What was read, for the instructor.

    Raises:
        BadTable: nothing was changed; the message says what to change in the list.
        NoCourse: there is no gradebook.
    """
    rows = read_table(file)
    columns = named_columns(list(rows[0].cells) if rows else [], file.name)
    people = [(row, {field: row.cells.get(column, "") for field, column in columns.items()}) for row in rows]
    _check(people, file.name)
    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for _, about in people:
            student = about.pop("id")
            gradebook.update_or_create_student(student, **{field: text for field, text in about.items() if text})
    ignored = [name for name in (rows[0].cells if rows else ()) if name and name not in columns.values()]
    more = f"; not used: {', '.join(ignored)}" if ignored else ""
    return f"{len(people)} students read ({', '.join(f'{field} from {column}' for field, column in columns.items())}{more})"


def named_columns(there: list[str], name: str) -> dict[str, str]:
    """Which column is which field of the student table.

    Raises:
        BadTable: there is no column of ids.
    """
    names = HEADINGS | ({field: (column,) for field, column in CANVAS.items()} if CANVAS["id"] in there else {})
    columns = {field: column for field, ones in names.items() if (column := next((one for one in ones if one in there), ""))}
    if "id" not in columns:
        found = ", ".join(filter(None, there)) or "nothing"
        raise BadTable(f"{name}: expected a first line with the headings {','.join(HEADINGS)}, of which id is a must; found {found}")
    return columns


def _check(people: list[tuple[Row, dict[str, str]]], name: str) -> None:
    """Raises `BadTable` where two lines would be one student, or an id can't be the name of a folder."""
    for field in ("id", "email", "lms_user_id"):
        seen: dict[str, int] = {}
        for row, about in people:
            value = about.get(field, "").casefold()
            if value and value in seen:
                raise BadTable(f"{name}, line {row.line}: {field} '{about[field]}' is that of line {seen[value]} too")
            seen[value] = row.line
    for row, about in people:
        student = about["id"]
        if not student:
            raise BadTable(f"{name}, line {row.line}: no id")
        if "/" in student or "\\" in student or student.startswith(".") or not student.isprintable():
            raise BadTable(f"{name}, line {row.line}: the id '{student}' can't be the name of a folder")
