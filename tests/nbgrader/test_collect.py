"""`nbgrader zip_collect` with the real command: archives of platforms, messages, folders, and what goes wrong with each.

Who is found on which platform is tested in `test_platforms`, without the command.
"""

import io
import json
import shutil
import sys
import zipfile
from subprocess import run

import pytest
from nbgrader.api import Gradebook
from platforms import mail, message, notebook, table, tarred, zipped

from autograder.authoring.course import CommandFailed
from autograder.collecting.formats import true_name
from autograder.collecting.people import Roster, letters


def without_flag(data: bytes) -> bytes:
    """The same archive as many programs write it: names in UTF-8 that don't say so."""
    raw = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = raw.find(signature)
        while position >= 0:
            raw[position + offset + 1] &= ~0x08
            position = raw.find(signature, position + 4)
    return bytes(raw)


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

    def refused(self, *options: str) -> str:
        """What a collection says that ends with an error."""
        with pytest.raises(CommandFailed, match="zip_collect") as caught:
            self.collect(*options)
        assert "Traceback" not in str(caught.value)
        return str(caught.value)

    def marks(self) -> dict[str, str]:
        """Which notebook each student is taken to have handed in."""
        paths = (self.course.folder / "submitted").glob("*/tiny/tiny.ipynb")
        return {path.parent.parent.name: json.loads(path.read_text())["metadata"]["mark"] for path in paths}

    def files(self, student: str) -> set[str]:
        folder = self.course.folder / "submitted" / student / "tiny"
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    def time(self, student: str) -> str | None:
        path = self.course.folder / "submitted" / student / "tiny" / "timestamp.txt"
        return path.read_text() if path.exists() else None


@pytest.fixture
def inbox(tiny_course) -> Inbox:
    return Inbox(tiny_course)


PEOPLE = {
    "ada": {"first_name": "Ada", "last_name": "Lovelace", "email": "Ada@uni.example", "lms_user_id": "101"},
    "ben": {"first_name": "Jürgen", "last_name": "Müller", "email": "ben@uni.example"},
    "zoe": {"first_name": "Zoë", "last_name": "d'Arc", "email": "zoe@uni.example", "lms_user_id": "103"},
    "kim": {"first_name": "Kim", "last_name": "Lee", "email": "kim@uni.example", "lms_user_id": "104"},
}
CANVAS = {
    "lovelaceada_101_9001_tiny.ipynb": notebook("ada"),
    "müllerjürgen_LATE_102_9002_tiny-1.ipynb": notebook("ben"),
    "darczoë_103_9003_tiny.ipynb": notebook("old"),
    "darczoë_103_9006_tiny-2.ipynb": notebook("zoe"),
    "darczoë_103_9010_helper.py": b"x = 1",
    "leekim_104_9004_homework.zip": zipped(
        {"homework/tiny.ipynb": notebook("kim"), "__MACOSX/._tiny.ipynb": b"x", "homework/a/b.txt": b"x"}
    ),
    "leekim_105_9005_tiny.ipynb": notebook("another Kim Lee"),
    "brokenbea_106_9007_tiny.zip": b"PK\x03\x04 cut off",
    "othername_108_9009_final version.ipynb": notebook("other"),
}


def test_canvas_archive_is_sorted_with_late_markers_versions_and_what_lies_beside_and_the_rest_is_named(inbox):
    inbox.due("2027-01-31 22:59:00")
    inbox.enroll(**PEOPLE)
    inbox.put("course-tiny submissions.zip", zipped(CANVAS))
    log = inbox.refused()
    assert inbox.marks() == {"ada": "ada", "ben": "ben", "zoe": "zoe", "kim": "kim"}
    assert (inbox.time("ada"), inbox.time("ben")) == (None, "2027-01-31 22:59:01")
    assert (inbox.files("zoe"), inbox.files("kim")) == ({"tiny.ipynb", "helper.py"}, {"tiny.ipynb", "a/b.txt"})
    for line in (
        "ben was late: handed in a second after the due date",
        "brokenbea_106_9007_tiny.zip: it can't be unpacked",
        "zoe handed in several versions of tiny: taken is course-tiny submissions.zip/darczoë_103_9006_tiny-2.ipynb, not",
        "othername_108_9009_final version.ipynb: 'othername' isn't in the student table",
        "'leekim' has the number 105, but kim of that name has 104",
        "Left out, 3:",
    ):
        assert line in log
    shutil.rmtree(inbox.course.folder / "downloaded" / "tiny" / "extracted")
    assert "Collected before: ada, ben, kim, zoe. Nothing is written" in inbox.refused()


def test_a_class_without_a_table_is_collected_as_canvas_calls_it_and_kept_with_its_numbers(inbox):
    two = {"kimlee_1_11_tiny.ipynb": notebook("one Kim Lee"), "kimlee_2_12_tiny.ipynb": notebook("another")}
    inbox.put(
        "submissions.zip", zipped({"lovelaceada_101_9001_tiny.ipynb": notebook("ada"), "anon_Ab3dE_11_tiny.ipynb": notebook("a")} | two)
    )
    inbox.collect()
    assert inbox.marks() == {"lovelaceada": "ada", "kimlee-1": "one Kim Lee", "kimlee-2": "another", "anon_ab3de": "a"}
    with Gradebook(f"sqlite:///{inbox.course.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_student("lovelaceada").lms_user_id == "101"


def test_moodles_archive_whose_names_dont_say_that_they_are_utf_8_backups_and_what_was_handed_out(inbox):
    inbox.enroll(**PEOPLE)
    place = "_assignsubmission_file_"
    untouched = (inbox.course.folder / "release" / "tiny" / "tiny.ipynb").read_bytes()
    new, old = (2027, 1, 30, 21, 0, 0), (2027, 1, 10, 9, 0, 0)
    files = {
        f"Ada Lovelace_1{place}/tiny.ipynb": (untouched, new), f"Ada Lovelace_1{place}/my tiny work.ipynb": (notebook("ada"), old),
        f"Jürgen Müller_2{place}/hand in/tiny.ipynb": (notebook("ben"), new), f"Jürgen Müller_2{place}/old/tiny.ipynb": (notebook("old"), old),
        f"Jürgen Müller_2{place}/timestamp.txt": (b"1999-01-01", new),
        f"Zoë d'Arc_3{place}/Copy of tiny.ipynb": (notebook("zoe"), new), f"Zoë d'Arc_3{place}/tiny.ipynb": (notebook("first"), old),
        f"Kim Lee_4{place}/tiny-Copy1.ipynb": (notebook("copy"), old), f"Kim Lee_4{place}/tiny.ipynb.txt": (notebook("kim"), old),
    }  # fmt: skip
    packed = zipped({name: data for name, (data, _) in files.items()}, times={name: time for name, (_, time) in files.items()})
    inbox.put("Course-Tiny-123.zip", without_flag(packed))
    log = inbox.refused()
    assert inbox.marks() == {"ada": "ada", "ben": "ben", "zoe": "zoe", "kim": "kim"}
    assert "a file of this name would change the time of handing in" in log and inbox.time("ben") is None


def test_messages_of_all_kinds_count_with_the_time_of_the_server_that_received_them(inbox):
    inbox.enroll(**PEOPLE)
    early, late = "Sun, 31 Jan 2027 23:50:00 +0100", "Mon, 01 Feb 2027 00:10:00 +0100"
    inbox.put("1.eml", message("Ada <ada@uni.example>", late, {"tiny.ipynb": notebook("first")}, early))
    inbox.put("2.eml", message("Ada <ada@uni.example>", "Fri, 01 Jan 2027 10:00:00 +0100", {"tiny_final.ipynb": notebook("final")}, late))
    inner = mail("ben@uni.example", early, {"tiny.ipynb": notebook("ben"), "helper.py": b"x"})
    inbox.put("3.eml", message("tutor@uni.example", late, {}, inner=inner))
    inbox.put("4.eml", message("zoe@uni.example", early, {"hw.tar.gz": tarred({"hw/tiny.ipynb": notebook("zoe")})}))
    forged = mail("kim@uni.example", early, {"tiny.ipynb": notebook("not Kim's")})
    inbox.put("5.eml", message("zoe@uni.example", "Sat, 30 Jan 2027 23:50:00 +0100", {}, inner=forged))
    inbox.put("6.eml", message("nobody", late, {"tiny.ipynb": notebook("none")}))
    inbox.put("7.eml", b"From: \x00\xff<@@>\r\nDate: x\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n")
    log = inbox.refused()
    assert inbox.marks() == {"ada": "final", "ben": "ben", "zoe": "zoe"}
    assert (inbox.time("ada"), inbox.time("ben")) == ("2027-01-31 23:10:00", "2027-01-31 22:50:00")
    assert inbox.files("ben") == {"tiny.ipynb", "timestamp.txt", "helper.py"}
    assert "Only the senders' own clocks say when these handed in, no mail server: ben, zoe" in log
    assert "6.eml: the sender 'nobody' isn't in the student table" in log and "7.eml" in log


def test_lists_of_the_instructor_say_who_is_who_and_who_belongs_together(inbox):
    inbox.enroll(**PEOPLE)
    inbox.put("who.csv", table("file,student", ["weird name.ipynb", "ada"]))
    inbox.put("groups.csv", table("group,student", ["Team Red", "ben"], ["Team Red", "zoe"]))
    inbox.put("weird name.ipynb", notebook("ada"))
    inbox.put("m.zip", zipped({"Team Red_12_assignsubmission_file_/tiny.ipynb": notebook("red")}))
    inbox.put("kim@uni.example/RECEPTIVE.IPYNB", notebook("kim"))
    inbox.collect()
    assert inbox.marks() == {"ada": "ada", "ben": "red", "zoe": "red", "kim": "kim"}


def test_a_plan_can_be_seen_before_anything_is_written_and_before_the_release_is_made(inbox):
    inbox.enroll(**PEOPLE)
    for path in (inbox.course.folder / "release").rglob("*.ipynb"):
        path.unlink()
    inbox.put("ada/tiny.ipynb", notebook("ada"))
    inbox.put("bob/tiny.ipynb", notebook("bob"))
    command = [sys.executable, "-m", "autograder", "collect", "tiny", "--dry-run"]
    done = run(command, cwd=inbox.course.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "ada ← ada/tiny.ipynb" in done.stderr and "bob: 'bob' is nobody in the student table" in done.stderr
    assert not (inbox.course.folder / "submitted").exists() and not (inbox.course.folder / "downloaded" / "tiny" / "extracted").exists()
    shutil.rmtree(inbox.course.folder / "downloaded" / "tiny" / "archive" / "bob")
    log = inbox.collect("--strict")
    assert inbox.marks() == {"ada": "ada"} and "nvalid" not in log and "No release" not in log


def test_nothing_is_written_where_nobody_is_found_or_one_would_have_the_whole_class(inbox):
    inbox.enroll(**PEOPLE)
    inbox.put("x.7z", b"7z\xbc\xaf'\x1c")
    inbox.put("hw.zip", zipped({"ada.rar": b"Rar!\x1a\x07\x01\x00", "ada.tar.gz": b"\x1f\x8bxxxx"}))
    said = inbox.refused()
    assert "it is packed with 7-Zip" in said and "ada.rar: it is packed with RAR" in said and "ada.tar.gz: it can't be unpacked" in said
    inbox.put("eve/tiny.ipynb", notebook("eve"))
    assert "nobody in the archive folder is found in the student table: nothing is collected" in inbox.refused()
    for one in "abcd":
        inbox.put(f"ada/{one}/tiny.ipynb", notebook(one))
    assert "all 4 notebooks would be ada's, as many as a class has" in inbox.refused()
    assert inbox.marks() == {}


def test_nothing_in_an_archive_leads_out_of_its_folder(inbox):
    inbox.enroll(**PEOPLE)
    link = zipfile.ZipInfo("lovelaceada_101_9001_tiny.ipynb")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../../../evil_1_2_tiny.ipynb", notebook("evil"))
        archive.writestr("/evil_1_2_tiny.ipynb", notebook("evil"))
        archive.writestr(link, "../../../../gradebook.db")
    inbox.put("submissions.zip", buffer.getvalue())
    log = inbox.refused()
    assert log.count("its name leads elsewhere") == 2 and "it is a link" in log
    assert inbox.marks() == {} and not list(inbox.course.folder.glob("evil*"))


def test_letters_compare_names_whatever_their_form():
    assert letters("Mu\u0308ller, Jürgen") == letters("müllerjürgen")


def test_names_are_mended_only_where_they_are_utf_8():
    plain = zipfile.ZipInfo("résumé.ipynb".encode("cp437").decode("cp437"))
    assert true_name(plain) == "résumé.ipynb"
    unsaid = zipfile.ZipInfo("müller.ipynb".encode().decode("cp437"))
    assert true_name(unsaid) == "müller.ipynb"


def test_names_without_accents_find_nobody_where_two_are_alike_without_them():
    class One:
        email, lms_user_id = None, None

        def __init__(self, id: str, first: str, last: str) -> None:
            self.id, self.first_name, self.last_name = id, first, last

    roster = Roster([One("ben", "Jürgen", "Müller"), One("muller", "Jurgen", "Muller"), One("ada", "Ada", "Lovelace")])
    assert roster.by_name("Jürgen Müller").ids == ("ben",)
    assert roster.by_name("Jurgen Muller").why == "'Jurgen Muller' may be ben or muller"
    assert roster.by_name("lovelaceada").ids == ("ada",)
