"""Grades in the formats of learning platforms, through nbgrader's own plug-in point.

``nbgrader export --exporter=autograder.exports.CanvasExporter --to canvas.csv`` and the like; ``nbgrader export`` alone
writes nbgrader's own table through `CsvExporter`, which ``nbgrader_config.py`` names. What a course must map is set there as
``c.CanvasExporter.<name> = value``. Points are those of the gradebook, late penalties taken off.

Formats:

- Canvas: "How do I import grades in the Gradebook?" of the Canvas guides, and what Canvas itself reads and writes
  (``lib/gradebook_importer.rb``, ``lib/gradebook_exporter.rb`` of instructure/canvas-lms).
- Moodle: https://docs.moodle.org/en/Grade_import ("CSV import": the format of the export, columns mapped when imported).
- Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/ ("Output format").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Enum, Unicode

from autograder.classroom.graded import Graded, Task, read_graded
from autograder.classroom.tables import DIGITS, number, plain, write_table

STUDENT_FIELDS = ("", "id", "lms_user_id", "email", "first_name", "last_name")


class GradesExporter(ExportPlugin):
    """What the exporters share: which assignments and students are meant, and their points."""

    def assignments(self, gradebook: Gradebook) -> list[Assignment]:
        """The assignments asked for with ``--assignment``, or all; ends the command at one that doesn't exist."""
        return self._named(gradebook.assignments, "name", self.assignment, "assignment")

    def students(self, gradebook: Gradebook) -> list[Student]:
        """The students asked for with ``--student``, or all; ends the command at one that doesn't exist."""
        return self._named(gradebook.students, "id", self.student, "student")

    def _named(self, entries: Iterable[Any], attribute: str, wanted: Iterable[Any], kind: str) -> list[Any]:
        there = {getattr(entry, attribute): entry for entry in entries}
        names = [str(name) for name in wanted] or list(there)
        for name in names:
            if name not in there:
                self.log.error("There is no %s '%s' in the gradebook.", kind, name)
                raise SystemExit(1)
        return [there[name] for name in names]

    def points(self, gradebook: Gradebook, assignment: Assignment, student: Student) -> float | None:
        """Points of a student after the late penalty, None where nothing was handed in."""
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return None
        return max(0.0, submission.score - (submission.late_submission_penalty or 0.0))

    def comment(self, gradebook: Gradebook, assignment: Assignment, student: Student) -> str:
        """What a person wrote to a student's answers, each with the name of its task; empty if nobody wrote anything."""
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return ""
        if not any(comment.manual_comment for notebook in submission.notebooks for comment in notebook.comments):
            return ""
        graded = read_graded(self.parent.coursedir, assignment, submission)
        return graded.comment if graded else ""

    def comments(self, gradebook: Gradebook, assignments: Iterable[Assignment]) -> dict[str, dict[str, str]]:
        """Comments by assignment and student; an assignment without any is missing."""
        students = self.students(gradebook)
        found = {
            entry.name: {student.id: text for student in students if (text := self.comment(gradebook, entry, student))}
            for entry in assignments
        }
        return {name: texts for name, texts in found.items() if texts}

    def warn_of_open_grading(self, gradebook: Gradebook, assignments: Iterable[Assignment]) -> None:
        """Says of which assignments some points are still to be given by hand."""
        for assignment in assignments:
            waiting = [entry.student_id for entry in gradebook.assignment_submissions(assignment.name) if entry.needs_manual_grade]
            if waiting:
                self.log.warning("%s: %d submissions still need grading by hand: %s", assignment.name, len(waiting), ", ".join(waiting))

    def write_rows(self, default: str, rows: Iterable[list[str]]) -> None:
        """Writes a CSV file to ``--to`` or ``default``."""
        target = Path(self.to or default)
        write_table(target, rows)
        self.log.info("Grades written to %s", target)


class CsvExporter(GradesExporter):
    """nbgrader's own table, a row for each student and assignment, whose names can't break it nor become formulas.

    The columns are those of ``nbgrader.plugins.CsvExportPlugin``, which joins texts with commas as they are.
    """

    columns = (
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score",
    )  # fmt: skip

    def export(self, gradebook: Gradebook) -> None:
        self.write_rows("grades.csv", self.rows(gradebook, self.assignments(gradebook)))

    def rows(self, gradebook: Gradebook, assignments: list[Assignment]) -> Iterator[list[str]]:
        """The header and the rows; of what wasn't handed in with zeros and no time, as nbgrader has them."""
        yield list(self.columns)
        for assignment in assignments:
            for student in self.students(gradebook):
                about = [field_of(student, field) for field in ("id", "last_name", "first_name", "email")]
                yield [plain(assignment.name), _time(assignment.duedate), *self._graded(gradebook, assignment, student, about)]

    def _graded(self, gradebook: Gradebook, assignment: Assignment, student: Student, about: list[str]) -> list[str]:
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return ["", *about, "0.0", "0.0", "0.0", str(assignment.max_score)]
        penalty = submission.late_submission_penalty or 0.0
        points = (submission.score, penalty, max(0.0, submission.score - penalty), assignment.max_score)
        return [_time(submission.timestamp), *about, *map(str, points)]


class CanvasExporter(GradesExporter):
    """A file for Canvas: *Gradebook* → *Import*.

    Canvas finds a student by ID, else by SIS user ID, SIS login ID or name, and an assignment by the number in brackets,
    else by its title; it shows all changes before it makes them. It takes no comments to an assignment, only texts for columns
    that the gradebook has beside the grades, which teachers alone see; any other heading becomes a new assignment.
    """

    columns = Dict(
        {"ID": "lms_user_id", "SIS User ID": "", "SIS Login ID": "id"},
        help="What stands in Canvas's columns for a student: a field of nbgrader's student table, or '' for nothing.",
    ).tag(config=True)
    sections = Dict(help="Canvas section by student id; `section` for those not named.").tag(config=True)
    section = Unicode("", help="Canvas section of all students that `sections` doesn't name.").tag(config=True)
    titles = Dict(help="Canvas column by assignment, such as 'Convolution (4711)'; by default nbgrader's name.").tag(config=True)
    missing = Enum(("", "0", "EX"), "", help="Where nothing was handed in: '' no grade, '0', or 'EX' excused.").tag(config=True)
    comments_column = Unicode(
        "", help="Title of a column of Canvas's gradebook beside the grades, such as 'Notes', that takes comments; it must be there."
    ).tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        assignments = self.assignments(gradebook)
        self.warn_of_open_grading(gradebook, assignments)
        self.write_rows("canvas.csv", self.rows(gradebook, assignments))

    def rows(self, gradebook: Gradebook, assignments: list[Assignment]) -> Iterator[list[str]]:
        """The header, the points possible, and a row for each student."""
        names = ("ID", "SIS User ID", "SIS Login ID")
        fields = [known_field(self.columns.get(name, "")) for name in names]
        comments, beside = self.comments(gradebook, assignments), [self.comments_column] if self.comments_column else []
        if comments and not beside:
            self.log.warning("Canvas takes no comments with grades: `python -m autograder return ID --for canvas` brings them to students")
        yield ["Student", *names, "Section", *beside, *(self.titles.get(entry.name, entry.name) for entry in assignments)]
        yield ["    Points Possible", "", "", "", "", *("" for _ in beside), *(number(entry.max_score) for entry in assignments)]
        for student in self.students(gradebook):
            about = [field_of(student, field) for field in fields]
            points = [self.points(gradebook, entry, student) for entry in assignments]
            grades = [self.missing if value is None else number(value) for value in points]
            texts = [f"{name}: {found[student.id]}" for name, found in comments.items() if student.id in found]
            told = [plain("\n".join(texts)) for _ in beside]
            yield [sortable_name(student), *about, plain(self.sections.get(student.id, self.section)), *told, *grades]


class MoodleExporter(GradesExporter):
    """A file for Moodle: *Grades* → *Import* → *CSV file*, then mapping *Email address* or *ID number* to the user.

    Moodle must know the students' e-mail addresses or ID numbers as the gradebook has them. A grade item takes no more
    points than its maximum: set that to the assignment's, or export per cent for items out of 100. Where somebody was written
    a comment, the assignment has a second column, to be mapped to *Feedback for …*.
    """

    id_number = Enum(STUDENT_FIELDS, "lms_user_id", help="Field of nbgrader's student table that Moodle calls ID number.").tag(config=True)
    titles = Dict(help="Moodle grade item by assignment; by default nbgrader's name.").tag(config=True)
    percent = Bool(False, help="Per cent of the assignment's points instead of points.").tag(config=True)
    missing = Enum(("", "-", "0"), "", help="Where nothing was handed in: '' or '-' for no grade, or '0'.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        assignments = self.assignments(gradebook)
        self.warn_of_open_grading(gradebook, assignments)
        self.write_rows("moodle.csv", self.rows(gradebook, assignments))

    def rows(self, gradebook: Gradebook, assignments: list[Assignment]) -> Iterator[list[str]]:
        """The header and a row for each student, as Moodle's own export has them."""
        comments, kind = self.comments(gradebook, assignments), "Percentage" if self.percent else "Real"
        titles = []
        for entry in assignments:
            title = f"Assignment: {self.titles.get(entry.name, entry.name)}"
            titles += [f"{title} ({kind})", *([f"{title} (Feedback)"] if entry.name in comments else [])]
        yield ["First name", "Last name", "ID number", "Email address", *titles]
        for student in self.students(gradebook):
            row = [field_of(student, field) for field in ("first_name", "last_name", self.id_number, "email")]
            for entry in assignments:
                row.append(self._grade(self.points(gradebook, entry, student), entry))
                row += [plain(comments[entry.name].get(student.id, ""))] if entry.name in comments else []
            yield row

    def _grade(self, points: float | None, assignment: Assignment) -> str:
        if points is None:
            return self.missing
        if self.percent:
            return number(100 * points / assignment.max_score) if assignment.max_score else "0"
        return number(points)


class GradescopeExporter(GradesExporter):
    """A ``results.json`` for each submission, ``<to>/<assignment>/<student>/results.json``, with every check.

    The total is the gradebook's: it counts points given by hand and late penalties, and stands above the sum of the tests.
    """

    visibility = Enum(
        ("visible", "hidden", "after_due_date", "after_published"), "visible", help="When students see the results on Gradescope."
    ).tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        assignments, target = self.assignments(gradebook), Path(self.to or "gradescope")
        self.warn_of_open_grading(gradebook, assignments)
        for assignment in assignments:
            for student in self.students(gradebook):
                try:
                    submission = gradebook.find_submission(assignment.name, student.id)
                except MissingEntry:
                    continue
                graded = read_graded(self.parent.coursedir, assignment, submission)
                if graded is None:
                    self.log.warning("%s: no autograded notebook of %s, no results written", student.id, assignment.name)
                    continue
                path = target / assignment.name / student.id / "results.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(self.results(graded), indent=1, ensure_ascii=False) + "\n", "utf-8")
        self.log.info("Results written to %s", target)

    def results(self, graded: Graded) -> dict[str, Any]:
        """One submission in Gradescope's format."""
        lines = [f"{graded.score:g} of {graded.maximum:g} points"]
        lines += [f"late penalty: {graded.penalty:g} points"] if graded.penalty else []
        lines += ["some answers are still to be graded by hand"] if graded.waits else []
        lines += [f"{task.title}: {task.comment}" for task in graded.tasks if task.comment and task.checks]
        return {
            "score": round(graded.score, DIGITS),
            "execution_time": round(graded.seconds, DIGITS),
            "output": "\n".join(lines),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "visibility": self.visibility,
            "stdout_visibility": "hidden",
            "tests": [test for index, task in enumerate(graded.tasks, 1) for test in tests_of(task, index)],
            "extra_data": {"sandbox": sorted(graded.levels), "memory_mb": graded.memory_mb},
        }


def tests_of(task: Task, index: int) -> Iterator[dict[str, Any]]:
    """A task's tests in Gradescope's format: one a check, or one for a cell without checks."""
    if not any(check.points for check in task.checks):
        test = {"name": task.title, "number": str(index), "max_score": task.maximum}
        told = "\n".join(filter(None, ["to be graded by hand" if task.score is None else "", task.comment]))
        yield test | ({} if task.score is None else {"score": round(task.score, DIGITS)}) | ({"output": told} if told else {})
        return
    for position, check in enumerate(task.checks, 1):
        worth = task.worth(check)
        yield {
            "name": f"{task.title}: {check.name}",
            "number": f"{index}.{position}",
            "score": round(worth, DIGITS) if check.passed else 0.0,
            "max_score": round(worth, DIGITS),
            "status": "passed" if check.passed else "failed",
            "output": check.message,
        }


def known_field(name: str) -> str:
    """``name`` if it is a field of nbgrader's student table; raises ``ValueError`` naming those there are."""
    if name not in STUDENT_FIELDS:
        raise ValueError(f"columns: expected one of {', '.join(STUDENT_FIELDS[1:])} or '', got {name!r}")
    return name


def field_of(student: Student, field: str) -> str:
    return plain(getattr(student, field) or "") if field else ""


def sortable_name(student: Student) -> str:
    """The name as Canvas sorts it, "Lovelace, Ada"; the id of a student whose name is unknown."""
    return plain(", ".join(part for part in (student.last_name, student.first_name) if part) or student.id)


def _time(moment: object) -> str:
    """A point of time as nbgrader writes it, nothing where there is none."""
    return "" if moment is None else str(moment)
