"""Twelve students, and what they handed in as each learning platform or mailbox hands it out."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import unicodedata
import zipfile
from email.message import EmailMessage
from typing import NamedTuple

from dateutil.tz import UTC

from autograder.collecting.people import Roster
from autograder.collecting.plan import Course, make_plan
from autograder.collecting.versions import Reference

CELLS = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


class One(NamedTuple):
    """A row of nbgrader's student table."""

    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    lms_user_id: str | None


def one(id: str, first: str, last: str, number: str) -> One:
    return One(id, first, last, f"{id}@uni.example", number)


CLASS = [
    one("ada", "Ada", "Lovelace", "1101"),
    one("ben", "Jürgen", "Müller", "1102"),
    one("zoe", "Zoë", "d'Arc", "1103"),
    one("kim1", "Kim", "Lee", "1104"),
    one("kim2", "Kim", "Lee", "1105"),
    one("maria", "Maria", "Schmidt", "1106"),
    one("anna", "Anna-Maria", "Schmidt", "1107"),
    one("lee", "Kim", "Lin", "1108"),
    one("grace_h", "Grace", "Hopper", "1109"),
    one("sinead", "Sinéad", "O'Brien", "1110"),
    one("li", "Li", "Wang Xiu", "1111"),
    one("tove", "Tove", "Ångström", "1112"),
]
NAMESAKES = {"kim1", "kim2"}


def notebook(mark: str) -> bytes:
    """A notebook that can be told from others."""
    return json.dumps(CELLS | {"metadata": {"mark": mark}}).encode()


def zipped(
    files: dict[str, bytes], time: tuple[int, ...] = (2027, 1, 20, 12, 0, 0), times: dict[str, tuple[int, ...]] | None = None
) -> bytes:
    """A zip archive; names with umlauts carry the flag for UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (times or {}).get(name, time)), data)
    return buffer.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """A tar archive, compressed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def message(
    sender: str, date: str | None, files: dict[str, bytes], received: str | None = None, inner: EmailMessage | None = None
) -> bytes:
    return mail(sender, date, files, received, inner).as_bytes()


def mail(
    sender: str, date: str | None, files: dict[str, bytes], received: str | None = None, inner: EmailMessage | None = None
) -> EmailMessage:
    """A message with attachments, as the receiving server left it, and another message forwarded in it."""
    made = EmailMessage()
    if received:
        made["Received"] = f"from mail.example by mx.uni.example with ESMTP id 1; {received}"
    made["From"], made["To"], made["Subject"] = sender, "teacher@uni.example", "homework"
    if date:
        made["Date"] = date
    made.set_content("Please find attached.")
    for name, data in files.items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if inner is not None:
        made.add_attachment(inner)
    return made


def table(head: str, *rows: list[str]) -> bytes:
    """A CSV file with a byte order mark, as platforms write it."""
    text = io.StringIO()
    csv.writer(text).writerows([head.split(","), *rows])
    return text.getvalue().encode("utf-8-sig")


def name(student: One) -> str:
    return f"{student.first_name} {student.last_name}"


def bare(text: str) -> str:
    """A name as Canvas sorts it: no accents, no signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if sign.isalnum() and sign.isascii()).lower()


def canvas() -> dict[str, bytes]:
    names = {one: f"{bare(one.last_name + one.first_name)}_{one.lms_user_id}_{9000 + i}_tiny.ipynb" for i, one in enumerate(CLASS)}
    return {"submissions.zip": zipped({path: notebook(one.id) for one, path in names.items()})}


def canvas_anonymous() -> dict[str, bytes]:
    """Names say nothing; the instructor's list says who is who."""
    names = {one.id: f"anon_{i:02}Ab3_{9000 + i}_tiny.ipynb" for i, one in enumerate(CLASS)}
    who = table("file,student", *([name, student] for student, name in names.items()))
    return {"submissions.zip": zipped({name: notebook(student) for student, name in names.items()}), "who.csv": who}


def moodle(folders: bool = True, prefix: str = "") -> dict[str, bytes]:
    end = "_assignsubmission_file_/tiny.ipynb" if folders else "_assignsubmission_file_tiny.ipynb"
    groups = [prefix.format(i % 2) for i in range(len(CLASS))]
    return {"m.zip": zipped({f"{groups[i]}{name(one)}_{4700 + i}{end}": notebook(one.id) for i, one in enumerate(CLASS)})}


def worksheet(names: bool = True) -> bytes:
    head = "Identifier,Full name,Email address,Status,Grade,Last modified (submission)"
    rows = [
        [f"Participant {4700 + i}", name(one) if names else "", one.email or "", "Submitted", "", f"Friday, 29 January 2027, {i + 1}:15 PM"]
        for i, one in enumerate(CLASS[:11])
    ]
    return table(head, *rows, ["Participant 4711", "Tove Ångström", "tove@uni.example", "Submitted", "", "Samstag, 30. Januar 2027, 09:15"])


def moodle_anonymous() -> dict[str, bytes]:
    files = {f"Participant_{4700 + i}_assignsubmission_file_/tiny.ipynb": notebook(one.id) for i, one in enumerate(CLASS)}
    return {"m.zip": zipped(files), "Grades-course-tiny.csv": worksheet()}


def moodle_teams() -> dict[str, bytes]:
    """A file for each team of three; marked with its first member."""
    teams = {f"Team {colour}": CLASS[3 * i : 3 * i + 3] for i, colour in enumerate(("Red", "Green", "Blue", "Grey"))}
    files = {f"{team}_{i}_assignsubmission_file_/tiny.ipynb": notebook(of[0].id) for i, (team, of) in enumerate(teams.items())}
    groups = table("group,student", *([team, one.id] for team, of in teams.items() for one in of))
    return {"m.zip": zipped(files), "groups.csv": groups}


def blackboard() -> dict[str, bytes]:
    files = {}
    for one in CLASS:
        head = f"Home_work 2_{one.id}_attempt_2027-01-31-22-59-00"
        files |= {f"{head}_tiny.ipynb": notebook(one.id), f"{head}.txt": b"Name: somebody"}
    return {"gradebook_CNN-101_Home_work 2_2027-02-01-09-00-00.zip": zipped(files)}


def brightspace() -> dict[str, bytes]:
    files = {f"{3970 + i}-255730 - {name(one)} - Jan 30, 2027 830 PM/tiny.ipynb": notebook(one.id) for i, one in enumerate(CLASS)}
    return {"tiny Download Jan 31, 2027 902 AM.zip": zipped(files | {"index.html": b"<html>"})}


def ilias() -> dict[str, bytes]:
    folder = "exc_tiny/Submissions"
    return {
        "ilias.zip": zipped(
            {f"{folder}/{one.last_name}_{one.first_name}_{one.id}_{70 + i}/tiny.ipynb": notebook(one.id) for i, one in enumerate(CLASS)}
        )
    }


def gradescope() -> dict[str, bytes]:
    lines, files = ["---"], {}
    for i, one in enumerate(CLASS):
        lines += [
            f"submission_{i}:",
            "  :submitters:",
            f'  - :name: "{name(one)}"',
            f"    :sid: '{one.lms_user_id}'",
            f"    :email: {one.email}",
        ]
        lines += ["  :created_at: 2027-01-30 20:30:00.000000000 Z", "  :score: 0.0"]
        files[f"assignment_77_export/submission_{i}/tiny.ipynb"] = notebook(one.id)
    return {"export.zip": zipped(files | {"assignment_77_export/submission_metadata.yml": "\n".join(lines).encode()})}


def google() -> dict[str, bytes]:
    return {"drive-20270131T225900Z-001.zip": zipped({f"tiny/{name(one)} - tiny.ipynb": notebook(one.id) for one in CLASS})}


def teams() -> dict[str, bytes]:
    base = "Student Work/Submitted files"
    files = {f"{base}/{name(one)}/tiny/Version {v}/tiny.ipynb": notebook(one.id if v == 2 else "old") for one in CLASS for v in (1, 2)}
    drafts = {f"Student Work/Working files/{name(one)}/tiny/tiny.ipynb": notebook("draft") for one in CLASS}
    return {"OneDrive.zip": zipped(files | drafts)}


def github() -> dict[str, bytes]:
    logins = {one.id: f"{one.id.replace('_', '-')}-git" for one in CLASS}
    roster = table("identifier,github_username,github_id,name", *([one.id, logins[one.id], "", ""] for one in CLASS))
    files = {f"tiny-submissions/tiny-{logins[one.id]}/tiny.ipynb": notebook(one.id) for one in CLASS}
    return files | {"classroom_roster.csv": roster}


def by_hand() -> dict[str, bytes]:
    """Folders, files and archives, by id, address, number and name, in both orders."""
    forms = [
        "{id}/tiny.ipynb",
        "{email}/tiny.ipynb",
        "{lms_user_id}/my work.ipynb",
        "tiny_{id}.ipynb",
        "{id}_tiny.ipynb",
        "{id}-tiny-2.ipynb",
    ]
    forms += [
        "{first_name} {last_name}/hw/tiny.ipynb",
        "tiny {last_name}, {first_name}.ipynb",
        "{id}/x.ipynb",
        "tiny_{first_name}_{last_name}.ipynb",
    ]
    forms += ["{email}_tiny.ipynb", "hw2 {first_name} {last_name} final.ipynb"]
    return {form.format(**one._asdict()): notebook(one.id) for form, one in zip(forms, CLASS, strict=True)}


def letters() -> dict[str, bytes]:
    made = [
        message(f"{name(one)} <{one.email}>", None, {"tiny.ipynb": notebook(one.id)}, "Sun, 31 Jan 2027 20:00:00 +0100") for one in CLASS
    ]
    box = b"".join(b"From x@y Sun Jan 31 20:00:00 2027\n" + data.replace(b"\r\n", b"\n") + b"\n" for data in made[6:])
    return {f"{i}.eml": data for i, data in enumerate(made[:6])} | {"inbox.mbox": box}


def nested() -> dict[str, bytes]:
    """An archive of the students' own archives, in an archive."""
    inner = {f"{one.id}.zip": zipped({"deep/er/tiny.ipynb": notebook(one.id)}) for one in CLASS}
    return {"all.tar.gz": tarred({"week 3/students.zip": zipped(inner)})}


ARCHIVES = {
    "Canvas": (canvas, set()),
    "Canvas, anonymous": (canvas_anonymous, set()),
    "Moodle": (moodle, NAMESAKES),
    "Moodle, flat": (lambda: moodle(folders=False), NAMESAKES),
    "Moodle, groups": (lambda: moodle(prefix="Lab {0}-"), NAMESAKES),
    "Moodle, worksheet": (lambda: moodle() | {"Grades.csv": worksheet()}, set()),
    "Moodle, anonymous": (moodle_anonymous, set()),
    "Blackboard": (blackboard, set()),
    "Brightspace": (brightspace, NAMESAKES),
    "ILIAS": (ilias, set()),
    "Gradescope": (gradescope, set()),
    "Google Classroom": (google, NAMESAKES),
    "Microsoft Teams": (teams, NAMESAKES),
    "GitHub Classroom": (github, set()),
    "by hand": (by_hand, set()),
    "e-mail": (letters, set()),
    "nested": (nested, set()),
}


def planned(folder, files, students=CLASS, due=None):
    """The plan for files in the archive folder of an assignment with one notebook."""
    archive, scratch = folder / "archive", folder / "scratch"
    scratch.mkdir()
    for name, data in files.items():
        path = archive / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return make_plan(Course("tiny", archive, (), [Reference("tiny", frozenset(), ())], UTC, due), Roster(students), scratch)
