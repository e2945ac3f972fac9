"""`nbgrader zip_collect` on archives as Canvas and Moodle make them, on messages, and on what goes wrong with either."""

import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from nbgrader.api import Gradebook

from autograder.archives import true_name
from autograder.collect import Roster, letters, recognise
from autograder.course import CommandFailed

CELLS = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


def notebook(mark: str) -> bytes:
    """A notebook that can be told from others."""
    return json.dumps(CELLS | {"metadata": {"mark": mark}}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive; names with umlauts carry the flag for UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def without_flag(data: bytes) -> bytes:
    """The same archive as many programs write it: names in UTF-8 that don't say so."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
    raw = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = raw.find(signature)
        while position >= 0:
            raw[position + offset + 1] &= ~0x08
            position = raw.find(signature, position + 4)
    assert len(infos) > 0
    return bytes(raw)


def message(sender: str, date: str | None, files: dict[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "teacher@uni.example", "homework"
    if date:
        mail["Date"] = date
    mail.set_content("Please find attached.")
    for name, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


class Inbox:
    """A course folder whose archive folder is filled and then collected with the real command."""

    def __init__(self, course) -> None:
        self.course = course

    def put(self, name: str, data: bytes) -> None:
        path = self.course.folder / "downloaded" / "tiny" / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def enroll(self, **students: dict) -> None:
        with Gradebook(f"sqlite:///{self.course.folder / 'gradebook.db'}") as gradebook:
            for name, about in students.items():
                gradebook.add_student(name, **about)

    def due(self, date: str) -> None:
        with Gradebook(f"sqlite:///{self.course.folder / 'gradebook.db'}") as gradebook:
            gradebook.update_or_create_assignment("tiny", duedate=date)

    def collect(self, *options: str) -> str:
        return self.course.nbgrader("zip_collect", "tiny", *options)

    def marks(self) -> dict[str, str]:
        """Which notebook each student is taken to have handed in."""
        paths = (self.course.folder / "submitted").glob("*/tiny/tiny.ipynb")
        return {path.parent.parent.name: json.loads(path.read_text())["metadata"]["mark"] for path in paths}

    def time(self, student: str) -> str | None:
        path = self.course.folder / "submitted" / student / "tiny" / "timestamp.txt"
        return path.read_text() if path.exists() else None


@pytest.fixture
def inbox(tiny_course) -> Inbox:
    return Inbox(tiny_course)


CANVAS = {
    "lovelaceada_101_9001_tiny.ipynb": notebook("ada"),
    "müllerjürgen_LATE_102_9002_tiny-1.ipynb": notebook("ben"),
    "d'arczoë_103_9003_tiny.ipynb".replace("'", ""): notebook("zoe"),
    "hopperzip_104_9004_homework.zip": zipped({"homework/tiny.ipynb": notebook("zip"), "__MACOSX/._tiny.ipynb": b"x", "notes.txt": b"x"}),
    "twiceagain_105_9005_tiny.ipynb": notebook("old"),
    "twiceagain_105_9006_tiny-2.ipynb": notebook("new"),
    "brokenbea_106_9007_tiny.zip": b"PK\x03\x04 cut off",
    "nonotebook_107_9008_report.pdf": b"%PDF",
    "othername_108_9009_final version.ipynb": notebook("other"),
    "kimlee_1_11_tiny.ipynb": notebook("one Kim Lee"),
    "kimlee_2_12_tiny.ipynb": notebook("another"),
}


def test_canvas_archive_is_sorted_by_student_with_names_late_markers_and_versions(inbox):
    inbox.due("2027-01-31 22:59:00")
    inbox.enroll(ada={"lms_user_id": "101"}, ben={"first_name": "Jürgen", "last_name": "Müller"})
    inbox.put("course-tiny submissions.zip", zipped(CANVAS))
    log = inbox.collect()
    assert inbox.marks() == {
        "ada": "ada", "ben": "ben", "darczoë": "zoe", "hopperzip": "zip", "twiceagain": "new", "othername": "other",
        "kimlee-1": "one Kim Lee", "kimlee-2": "another",
    }  # fmt: skip
    assert (inbox.time("ada"), inbox.time("ben")) == (None, "2027-01-31 22:59:01")
    for line in (
        "ben was late: handed in a second after the due date",
        "brokenbea_106_9007_tiny.zip can't be unpacked",
        "twiceagain handed in several versions of tiny: the newest counts",
        "final version.ipynb of othername is taken for tiny",
        "darczoë isn't in the student table: collected as darczoë",
    ):
        assert line in log
    assert "Traceback" not in log


def test_canvas_users_are_kept_with_their_number_so_that_the_export_finds_them(inbox):
    inbox.put("submissions.zip", zipped(CANVAS))
    inbox.collect()
    with Gradebook(f"sqlite:///{inbox.course.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_student("lovelaceada").lms_user_id == "101"
    inbox.collect("--force")
    assert inbox.marks()["lovelaceada"] == "ada", "the second time she is found by her number"
    inbox.course.nbgrader("export", "--exporter", "autograder.exports.CanvasExporter")
    assert "müllerjürgen,102,,müllerjürgen,," in (inbox.course.folder / "canvas.csv").read_text("utf-8")


def test_anonymous_canvas_archive_keeps_its_numbers(inbox):
    inbox.put("submissions.zip", zipped({"anon_Ab3dE_11_tiny.ipynb": notebook("a"), "LATE_anon_Zz9_12_tiny.ipynb": notebook("z")}))
    log = inbox.collect()
    assert inbox.marks() == {"anon_ab3de": "a", "anon_zz9": "z"}
    assert "the gradebook has no due date" in log


MOODLE = {
    "Ada Lovelace_4711_assignsubmission_file_/tiny.ipynb": notebook("ada"),
    "Jürgen Müller_4712_assignsubmission_file/tiny.ipynb": notebook("ben"),
    "Zoë d'Arc_4713_assignsubmission_file_/tiny (1).ipynb": notebook("zoe-1"),
    "Zoë d'Arc_4713_assignsubmission_file_/tiny.ipynb": notebook("zoe-0"),
    "Zoë d'Arc_4713_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello</p>",
    "Kim Lee_4714_assignsubmission_file_tiny.ipynb": notebook("flat"),
}


@pytest.mark.parametrize("pack", [zipped, lambda files: without_flag(zipped(files))], ids=["utf-8", "utf-8 unsaid"])
def test_moodle_archive_is_sorted_by_student_whatever_its_names_are_written_in(inbox, pack):
    inbox.enroll(ada={"first_name": "Ada", "last_name": "Lovelace"}, ben={"first_name": "Jürgen", "last_name": "Müller"})
    inbox.put("Course-Tiny-123.zip", pack(MOODLE))
    log = inbox.collect()
    assert inbox.marks() == {"ada": "ada", "ben": "ben", "zoë-d'arc": "zoe-1", "kim-lee": "flat"}
    assert "Zoë d'Arc isn't in the student table" in log and "Traceback" not in log


def test_messages_count_with_their_time_and_the_newest_wins(inbox):
    inbox.enroll(ada={"email": "Ada@uni.example"})
    inbox.put("1.eml", message("Ada <ada@uni.example>", "Sun, 31 Jan 2027 23:50:00 +0100", {"tiny.ipynb": notebook("late night")}))
    inbox.put("2.eml", message("Ada <ada@uni.example>", "Mon, 01 Feb 2027 00:10:00 +0100", {"tiny_final.ipynb": notebook("final")}))
    inbox.put("3.eml", message("=?utf-8?q?J=C3=BCrgen?= <j@uni.example>", None, {"tiny.ipynb": notebook("ben"), "cat.png": b"x"}))
    inbox.put("4.eml", message("nobody", "Mon, 01 Feb 2027 00:10:00 +0100", {"tiny.ipynb": notebook("none")}))
    inbox.put("5.eml", message("b@uni.example", "Sun, 31 Jan 2027 23:50:00 -0000", {"tiny.zip": zipped({"tiny.ipynb": notebook("zip")})}))
    inbox.put("6.eml", b"From: \x00\xff<@@>\r\nDate: x\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n")
    log = inbox.collect()
    assert inbox.marks() == {"ada": "final", "j@uni.example": "ben", "b@uni.example": "zip"}
    assert (inbox.time("ada"), inbox.time("j@uni.example")) == ("2027-01-31 23:10:00", None)
    assert "4.eml names no sender" in log and "3.eml has no readable date" in log


def test_saved_notebooks_are_told_apart_by_folder_or_name(inbox):
    inbox.enroll(ada={"email": "ada@uni.example"}, grace_h={})
    inbox.put("ada@uni.example/my tiny.ipynb", notebook("ada"))
    inbox.put("grace_h_tiny.ipynb", notebook("grace"))
    inbox.put("Jürgen Müller/tiny.ipynb", notebook("ben"))
    inbox.collect()
    assert inbox.marks() == {"ada": "ada", "grace_h": "grace", "jürgen-müller": "ben"}


def test_nothing_in_an_archive_leads_out_of_its_folder(inbox):
    link = zipfile.ZipInfo("lovelaceada_101_9001_tiny.ipynb")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../../../evil_1_2_tiny.ipynb", notebook("evil"))
        archive.writestr("/evil_1_2_tiny.ipynb", notebook("evil"))
        archive.writestr(link, "../../../../gradebook.db")
    inbox.put("submissions.zip", buffer.getvalue())
    log = inbox.collect()
    assert log.count("is left out (leads elsewhere)") == 3
    assert inbox.marks() == {} and not list(inbox.course.folder.glob("evil*"))


def test_a_download_that_was_cut_off_stops_the_command_with_one_line(inbox):
    inbox.put("submissions.zip", zipped(CANVAS)[:-40])
    with pytest.raises(CommandFailed, match=r"can't be unpacked .*was the download cut off") as caught:
        inbox.collect()
    assert "Traceback" not in str(caught.value)


@pytest.fixture
def base(tmp_path) -> Callable:
    return lambda name, names=(): recognise(tmp_path / name, tmp_path, names)


@pytest.mark.parametrize(
    ("name", "kind", "who", "number", "file"),
    [
        ("zip-1/lovelaceada_101_9001_tiny.ipynb", "canvas", "lovelaceada", "101", "tiny.ipynb"),
        ("zip-1/lovelace_adaLATE_LATE_101_9001_a_b-1.ipynb", "canvas", "lovelace_adaLATE", "101", "a_b-1.ipynb"),
        ("zip-1/x_101_9001_hw/deep/tiny.ipynb", "canvas", "x", "101", "tiny.ipynb"),
        ("Ada_L_4711_assignsubmission_file_/1_2_3.ipynb", "moodle", "Ada_L", "4711", "1_2_3.ipynb"),
        ("ada/tiny.ipynb", "mail", "ada", "", "tiny.ipynb"),
        ("ada_lovelace_tiny-2.ipynb", "mail", "ada_lovelace", "", "tiny-2.ipynb"),
        ("ada_other.ipynb", "mail", "ada", "", "other.ipynb"),
    ],
)
def test_place_and_name_tell_whose_a_file_is(base, name, kind, who, number, file):
    found = base(name, ["tiny"])
    assert (found.kind, found.who, found.number, found.file) == (kind, who, number, file)


def test_a_name_that_tells_nobody_is_left_out(base):
    assert base("tiny.ipynb", ["tiny"]) is None


def test_a_name_that_two_students_have_finds_neither(base):
    class One:
        email, lms_user_id = None, None

        def __init__(self, id: str, first: str, last: str) -> None:
            self.id, self.first_name, self.last_name = id, first, last

    roster = Roster([One("kim1", "Kim", "Lee"), One("kim2", "Kim", "Lee"), One("ada", "Ada", "Lovelace")])
    assert roster.find(base("Kim Lee_1_assignsubmission_file_/tiny.ipynb")) is None
    assert roster.find(base("Lovelace Ada_1_assignsubmission_file_/tiny.ipynb")) == "ada"


def test_letters_compare_names_whatever_their_form():
    assert letters("Mu\u0308ller, Jürgen") == letters("müllerjürgen")


def test_names_are_mended_only_where_they_are_utf_8():
    plain = zipfile.ZipInfo("résumé.ipynb".encode("cp437").decode("cp437"))
    assert true_name(plain) == "résumé.ipynb"
    unsaid = zipfile.ZipInfo("müller.ipynb".encode().decode("cp437"))
    assert true_name(unsaid) == "müller.ipynb"
