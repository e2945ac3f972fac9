"""``python -m autograder return ID --for …``: feedback pages in the form that brings each to its student.

For Moodle and Canvas a zip whose names `autograder.collecting.back` makes, by mail a folder of drafts. Nothing is sent. Whoever
can't be reached so is named.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.graded import find_assignment, open_course
from autograder.collecting.back import NAMES, Collected
from autograder.errors import CourseError

ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


@dataclass(frozen=True)
class Page:
    """One feedback page."""

    student: str
    notebook: str
    path: Path


@dataclass
class Returned:
    """What was made.

    Attributes:
        target: the zip or the folder.
        students: who gets something.
        lost: who doesn't, and why.
        old: whose page is older than the last grading.
    """

    target: Path
    students: set[str] = field(default_factory=set)
    lost: dict[str, str] = field(default_factory=dict)
    old: list[str] = field(default_factory=list)

    def lines(self) -> tuple[str, list[str]]:
        """What to say: that it is made, and what is to be known of it."""
        made = f"{self.target}: feedback of {len(self.students)} student{'' if len(self.students) == 1 else 's'}"
        notes = [f"older than the last grading: {', '.join(self.old)}; `nbgrader generate_feedback` with --force"] if self.old else []
        notes += [f"left out, {len(self.lost)}:"] if self.lost else []
        return made, notes + [f"  {student}: {why}" for student, why in sorted(self.lost.items())]


def give_back(folder: Path, assignment: str, way: str, collected: Collected, target: Path | None = None) -> Returned:
    """Makes what brings the feedback of an assignment back.

    Args:
        folder: the course folder.
        assignment: its id.
        way: ``moodle``, ``canvas`` or ``mail``.
        collected: how it was collected.
        target: the zip, or the folder for drafts.

    Raises:
        CourseError: the assignment is unknown, there is no feedback yet, or the folder for drafts holds some already.
    """
    coursedir = open_course(folder)
    target = target or folder / "returned" / (f"{assignment}-mail" if way == "mail" else f"{assignment}-{way}.zip")
    made = Returned(target)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        find_assignment(gradebook, assignment)
        pages, made.lost, made.old = feedback_pages(coursedir, gradebook, assignment)
        if not pages:
            raise CourseError(f"no feedback on {assignment} yet: run `nbgrader generate_feedback {assignment}` first")
        if way == "mail":
            _write_drafts(pages, {student.id: student for student in gradebook.students}, assignment, made)
        else:
            _write_zip(pages, way, collected, made)
    return made


def feedback_pages(coursedir: CourseDirectory, gradebook: Gradebook, assignment: str) -> tuple[list[Page], dict[str, str], list[str]]:
    """The pages of all who handed in, who lacks one and why, and whose are older than the last grading."""
    pages, lost, old = [], {}, set()
    for submission in gradebook.assignment_submissions(assignment):
        student = submission.student_id
        folders = (coursedir.feedback_directory, coursedir.autograded_directory)
        feedback, autograded = (Path(coursedir.format_path(step, student, assignment)) for step in folders)
        for name in [notebook.name for notebook in submission.notebooks]:
            path, graded = feedback / f"{name}.html", autograded / f"{name}.ipynb"
            if path.is_file():
                pages.append(Page(student, name, path))
                old |= {student} if graded.is_file() and graded.stat().st_mtime > path.stat().st_mtime else set()
            elif graded.is_file():
                lost[student] = f"no feedback page {name}.html: run `nbgrader generate_feedback {assignment}`"
    return sorted(pages, key=lambda page: (page.student, page.notebook)), lost, sorted(old)


# ---- a zip for a platform


def _write_zip(pages: Sequence[Page], way: str, collected: Collected, made: Returned) -> None:
    names: dict[str, Page] = {}
    for page in pages:
        back = NAMES[way](collected, page.student, page.notebook)
        if not back.name:
            made.lost[page.student] = back.why
        elif back.name in names:
            made.lost[page.student] = f"{names[back.name].student} would get it: both are called '{back.name}'"
        else:
            names[back.name] = page
    made.target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(made.target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in names.items():
            archive.write(page.path, name)
            made.students.add(page.student)


# ---- drafts of messages


def _write_drafts(pages: Sequence[Page], students: dict[str, Any], assignment: str, made: Returned) -> None:
    if made.target.is_dir() and any(made.target.glob("*.eml")):
        raise CourseError(f"{made.target} holds drafts already: remove them, or name another folder with --to")
    made.target.mkdir(parents=True, exist_ok=True)
    for student in sorted({page.student for page in pages}):
        row = students.get(student)
        address = next((text for text in (getattr(row, "email", ""), student) if text and ADDRESS.fullmatch(text)), "")
        if not address:
            made.lost[student] = f"no e-mail address in the gradebook (its field holds '{getattr(row, 'email', '') or ''}')"
            continue
        try:
            draft = _draft(row, address, assignment, [page for page in pages if page.student == student])
        except (ValueError, HeaderParseError) as error:
            made.lost[student] = f"'{address}' is no e-mail address ({error})"
            continue
        (made.target / f"{student.replace('/', '-')}.eml").write_bytes(draft)
        made.students.add(student)


def _draft(row: Any, address: str, assignment: str, pages: Iterable[Page]) -> bytes:
    """A message that mail programs open as one to be sent: ``X-Unsent`` says so to Outlook and others."""
    name = " ".join(f"{getattr(row, 'first_name', '') or ''} {getattr(row, 'last_name', '') or ''}".split())
    message = EmailMessage(policy=SMTP if address.isascii() else SMTPUTF8)
    message["X-Unsent"] = "1"
    message["To"] = str(Address(display_name=name, addr_spec=address)) if address.isascii() else f"<{address}>"
    message["Subject"] = f"Feedback: {assignment}"
    greeting = " ".join((getattr(row, "first_name", "") or "").split())
    message.set_content(f"Hello{' ' if greeting else ''}{greeting},\n\nattached is the feedback on your work in {assignment}.\n")
    for page in pages:
        message.add_attachment(page.path.read_bytes(), maintype="text", subtype="html", filename=f"{page.notebook}.html")
    return message.as_bytes()
