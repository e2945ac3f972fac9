"""Feedback finds its way back: names are read as Moodle and Canvas read them, and whoever can't be reached is named."""

import re
import shutil
import zipfile
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash
from platforms import ARCHIVES, CLASS, notebook, planned, zipped

from autograder.__main__ import main
from autograder.collecting.back import NAMES, Collected, canvas_name, moodle_name
from autograder.collecting.lists import read_lists
from autograder.collecting.people import Roster


def collected(folder: Path, files: dict[str, bytes], students=CLASS) -> Collected:
    plan, roster = planned(folder, files, students), Roster(students)
    return Collected(plan, read_lists((), folder / "archive", roster), roster)


def names(way: str, found: Collected) -> dict[str, str]:
    return {one.id: NAMES[way](found, one.id, "tiny").name for one in CLASS}


def as_moodle_reads(path: str) -> tuple[str, str]:
    """Participant and file, by the rules of ``is_valid_filename_for_import``."""
    parts = path.split("/")
    while parts:
        about = parts.pop(0).split("_", 4)
        if len(about) >= 4 and about[1].isdigit() and about[2:4] == ["assignsubmission", "file"]:
            return about[1], "/".join([*about[4:], *parts]).lstrip("/")
    raise ValueError(path)


def as_canvas_reads(name: str) -> tuple[str, str]:
    """User (or anonymous id) and file, by the rules of ``infer_comment_context_from_filename``."""
    parts = [part for part in name.split("_") if part != "LATE"]
    user, file = parts[1:3] if parts[0] == "anon" else [part for part in parts if re.fullmatch(r"\d+", part)][:2]
    assert not parts[-1].startswith("link") and not name.startswith("._")
    return user, file


# ---- names


@pytest.mark.parametrize("platform", ["Moodle", "Moodle, flat", "Moodle, groups", "Moodle, worksheet", "Moodle, anonymous"])
def test_moodle_finds_each_participant_in_the_names_that_it_gets_back(tmp_path, platform):
    make, named = ARCHIVES[platform]
    found = names("moodle", collected(tmp_path, make()))
    assert {student for student, name in found.items() if not name} == set(named)
    numbers = {one.id: str(4700 + place) for place, one in enumerate(CLASS)}
    assert {student: as_moodle_reads(name) for student, name in found.items() if name} == {
        student: (number, "tiny.html") for student, number in numbers.items() if student not in named
    }


def test_canvas_finds_each_user_and_file_in_the_names_that_it_gets_back(tmp_path):
    found = names("canvas", collected(tmp_path, ARCHIVES["Canvas"][0]()))
    assert {student: as_canvas_reads(name) for student, name in found.items()} == {
        one.id: (one.lms_user_id, str(9000 + place)) for place, one in enumerate(CLASS)
    }


def test_canvas_anonymous_late_packed_and_with_versions(tmp_path):
    (tmp_path / "a").mkdir()
    found = names("canvas", collected(tmp_path / "a", ARCHIVES["Canvas, anonymous"][0]()))
    assert as_canvas_reads(found["ben"]) == ("01Ab3", "9001")
    files = {
        "lovelaceada_LATE_1101_77_tiny-3.ipynb": notebook("ada"),
        "mllerjrgen_1102_78_work 2_5.zip": zipped({"work/tiny.ipynb": notebook("ben")}),
    }
    (tmp_path / "b").mkdir()
    odd = collected(tmp_path / "b", {"submissions.zip": zipped(files)})
    assert canvas_name(odd, "ada", "tiny").name == "lovelaceada_LATE_1101_77_tiny.html"
    assert as_canvas_reads(canvas_name(odd, "ben", "tiny").name) == ("1102", "78")


def test_a_notebook_called_like_a_link_is_not_passed_over_by_canvas(tmp_path):
    found = collected(tmp_path, {"s.zip": zipped({"lovelaceada_1101_77_tiny.ipynb": notebook("ada")})})
    found.plan.entries["ada"].chosen.notebooks["links"] = found.plan.entries["ada"].chosen.notebooks["tiny"]
    assert as_canvas_reads(canvas_name(found, "ada", "links").name) == ("1101", "77")


@pytest.mark.parametrize("platform", ["e-mail", "Blackboard", "Google Classroom"])
@pytest.mark.parametrize("way", ["canvas", "moodle"])
def test_who_came_another_way_has_no_number_and_is_told_why(tmp_path, platform, way):
    found = collected(tmp_path, ARCHIVES[platform][0]())
    back = NAMES[way](found, "ada", "tiny")
    assert back.name == "" and f"no number of {way.capitalize()}'s is known: collected from" in back.why


def test_moodles_worksheet_names_those_who_came_another_way(tmp_path):
    files = {"ada/tiny.ipynb": notebook("ada"), "Grades-course-tiny.csv": ARCHIVES["Moodle, anonymous"][0]()["Grades-course-tiny.csv"]}
    found = collected(tmp_path, files)
    assert as_moodle_reads(moodle_name(found, "ada", "tiny").name) == ("4700", "tiny.html")
    assert as_moodle_reads(moodle_name(found, "kim2", "tiny").name)[0] == "4704", "of whom nothing was collected there"


def test_a_name_with_signs_of_its_own_parts_neither_path_nor_fields(tmp_path):
    students = [CLASS[0]._replace(first_name="A/da_1_x", last_name="Love\nlace:")]
    found = collected(
        tmp_path, {"ada/tiny.ipynb": notebook("ada"), "w.csv": ARCHIVES["Moodle, anonymous"][0]()["Grades-course-tiny.csv"]}, students
    )
    assert moodle_name(found, "ada", "tiny").name == "A da 1 x Love lace_4700_assignsubmission_file_/tiny.html"


def test_the_file_of_a_team_is_given_back_to_nobody_alone(tmp_path):
    found = collected(
        tmp_path,
        ARCHIVES["Canvas"][0]() | {"groups.csv": b"group,student\nred,ada\nred,new\n"},
        [*CLASS, CLASS[0]._replace(id="new", email=None, lms_user_id=None, first_name="New", last_name="One")],
    )
    assert canvas_name(found, "ada", "tiny").name
    assert "handed in as ada: Canvas takes one feedback" in canvas_name(found, "new", "tiny").why


# ---- the command


@pytest.fixture(scope="module")
def with_feedback(small_class, tmp_path_factory):
    """A graded course with a page for all but dan; ada's came from Canvas, the others' from elsewhere."""
    copy = small_class.copy(tmp_path_factory.mktemp("feedback") / "course")
    for student in ("ada", "ben", "cleo", "eve", "fay-müller@uni.example"):
        path = copy.folder / "feedback" / student / "tiny" / "tiny.html"
        path.parent.mkdir(parents=True)
        path.write_text(f"<p>page of {student}</p>", "utf-8")
    archive = copy.folder / "downloaded" / "tiny" / "archive"
    archive.mkdir(parents=True)
    for student, name in (
        ("ada", "lovelaceada_101_5001_tiny-1.ipynb"),
        ("ben", "mllerjrgen_LATE_102_5002_tiny.ipynb"),
        ("eve", "eve.ipynb"),
    ):
        shutil.copy(copy.folder / "submitted" / student / "tiny" / "tiny.ipynb", archive / name)
    return copy


@pytest.fixture
def course(with_feedback, monkeypatch):
    monkeypatch.chdir(with_feedback.folder)
    return with_feedback


def test_a_zip_holds_who_can_be_named_and_the_others_are_listed(course, capsys):
    assert main(["return", "tiny", "--for", "canvas"]) == 1
    told = capsys.readouterr()
    assert told.out == f"{course.folder}/returned/tiny-canvas.zip: feedback of 2 students\n"
    assert "left out, 4:" in told.err and "  dan: no feedback page tiny.html: run `nbgrader generate_feedback tiny`" in told.err
    assert "  eve: no number of Canvas's is known: collected from a file or folder named by hand ('eve.ipynb')" in told.err
    with zipfile.ZipFile(course.folder / "returned" / "tiny-canvas.zip") as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            "lovelaceada_101_5001_tiny.html": "<p>page of ada</p>", "mllerjrgen_LATE_102_5002_tiny.html": "<p>page of ben</p>",
        }  # fmt: skip


def test_drafts_are_messages_to_be_sent_with_the_page_attached(course, tmp_path, capsys):
    assert main(["return", "tiny", "--for", "mail", "--to", str(tmp_path / "drafts")]) == 1
    told = capsys.readouterr().err
    assert "left out, 2:" in told and "  eve: no e-mail address in the gradebook" in told and "  dan: no feedback page" in told
    drafts = {path.stem: message_from_bytes(path.read_bytes(), policy=policy.default) for path in (tmp_path / "drafts").iterdir()}
    assert set(drafts) == {"ada", "ben", "cleo", "fay-müller@uni.example"}
    ben = drafts["ben"]
    assert ben["To"] == "Jürgen Müller <ben@uni.example>" and ben["X-Unsent"] == "1" and ben["Subject"] == "Feedback: tiny"
    assert ben["From"] is None and "Hello Jürgen,\n\nattached is" in ben.get_body().get_content().replace("\r\n", "\n")
    (page,) = ben.iter_attachments()
    assert (
        page.get_filename() == "tiny.html" and page.get_content_type() == "text/html" and page.get_content().strip() == "<p>page of ben</p>"
    )
    assert "fay-müller@uni.example" in str(drafts["fay-müller@uni.example"]["To"]) and drafts["cleo"]["To"] == "=1+1 <cleo@uni.example>"
    assert main(["return", "tiny", "--for", "mail", "--to", str(tmp_path / "drafts")]) == 1
    assert "holds drafts already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("email", "draft"),
    [
        ("a@b.example\nBcc: all@uni.example", False),
        ("a@b.example, c@d.example", False),
        ("nobody", False),
        ("a@@b.example", False),
        ("x.y+z@b.example", True),
    ],
)
def test_no_address_brings_another_header_or_receiver(course, tmp_path, email, draft):
    copy = course.copy(tmp_path / "course")
    with Gradebook(f"sqlite:///{copy.folder / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_student("ada", email=email, first_name="Ada\nBcc: x@y.example", last_name='"L" <z@y.example>,')
    from autograder.classroom.returning import give_back

    made = give_back(copy.folder, "tiny", "mail", Collected(), tmp_path / "drafts")
    assert ("ada" in made.students) == draft and ("ada" in made.lost) != draft
    if draft:
        read = message_from_bytes((tmp_path / "drafts" / "ada.eml").read_bytes(), policy=policy.default)
        assert [address.addr_spec for address in read["To"].addresses] == [email] and read["Bcc"] is None


def test_pages_older_than_the_last_grading_are_told(course, tmp_path, capsys, monkeypatch):
    copy = course.copy(tmp_path / "course")
    monkeypatch.chdir(copy.folder)
    (copy.folder / "autograded" / "ada" / "tiny" / "tiny.ipynb").touch()
    main(["return", "tiny", "--for", "canvas"])
    assert "older than the last grading: ada; `nbgrader generate_feedback` with --force" in capsys.readouterr().err


def test_there_is_a_clear_line_where_there_is_nothing_to_return(small_class, generated, monkeypatch, capsys):
    monkeypatch.chdir(small_class.folder)
    assert main(["return", "tiny", "--for", "mail"]) == 1
    assert "error: no feedback on tiny yet: run `nbgrader generate_feedback tiny` first" in capsys.readouterr().err
    assert main(["return", "nosuch", "--for", "mail"]) == 1 and "no assignment 'nosuch'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["return", "tiny", "--for", "pigeon"])


# ---- nbgrader's exchange


@pytest.mark.parametrize(
    "without", [["submission_secret.txt"], ["timestamp.txt"], ["submission_secret.txt", "timestamp.txt"]], ids="+".join
)
def test_feedback_is_released_to_all_who_handed_in_by_the_exchange_whoever_did_not(course, tmp_path, without):
    copy, exchange = course.copy(tmp_path / "course"), tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    for student in ("ada", "ben", "cleo", "eve", "fay-müller@uni.example"):
        for name in ("submission_secret.txt", "timestamp.txt"):
            if student in ("ada", "eve") or name not in without:
                (copy.folder / "feedback" / student / "tiny" / name).write_text(f"secret of {student}")
    log = copy.nbgrader("release_feedback", "tiny", f"--Exchange.root={exchange}")
    released = {path.name for path in exchange.glob("*/feedback/*.html")}
    assert released == {f"{notebook_hash(secret=f'secret of {student}', notebook_id='tiny')}.html" for student in ("ada", "eve")}
    assert log.count("Not handed in by the exchange") == 1 and "there: ben, cleo, fay-müller@uni.example." in log
