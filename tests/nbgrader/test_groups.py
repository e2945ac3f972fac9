"""Groups that hand in one notebook: a row for each member, one run, and nothing guessed."""

import csv
import re

import pytest
from conftest import SMALL_CLASS
from nbgrader.api import Gradebook

from autograder.__main__ import main
from autograder.classroom.graded import open_course
from autograder.classroom.hand_in_groups import look_at_groups
from autograder.classroom.report import class_report
from autograder.collecting.lists import read_groups
from autograder.collecting.people import Roster
from autograder.collecting.tables import BadTable
from autograder.errors import CourseError
from autograder.run.attempts import Attempts
from autograder.run.groups import Groups


@pytest.fixture
def course(small_class, tmp_path, monkeypatch):
    copy = small_class.copy(tmp_path / "course")
    monkeypatch.chdir(copy.folder)
    return copy


def write(course, *lines: str) -> None:
    (course.folder / "groups.csv").write_text("\n".join(lines) + "\n")


def groups_of(course) -> Groups:
    coursedir = open_course(course.folder)
    return Groups(coursedir, "tiny", Attempts(coursedir, "tiny", coursedir.parent.log))


def listed(tmp_path, text: str, students: tuple[str, ...] = ("ada", "ben", "cleo", "dan")) -> dict[str, tuple[str, ...]]:
    path = tmp_path / "groups.csv"
    path.write_text(text)
    roster = Roster([type("Row", (), {"id": name, "email": "", "lms_user_id": "", "first_name": "", "last_name": ""}) for name in students])
    return {group.name: group.members for group in read_groups(path, "tiny", roster)}


# ---- the list


def test_a_group_is_for_the_whole_course_or_for_an_assignment(tmp_path):
    everything = "group,student,assignment\nred,ada,\nred,ben,\nblue,cleo,\n"
    assert listed(tmp_path, everything) == {"red": ("ada", "ben"), "blue": ("cleo",)}
    assert listed(tmp_path, everything + "x,ada,other\nx,cleo,other\n") == {"red": ("ada", "ben"), "blue": ("cleo",)}
    assert listed(tmp_path, everything + "x,ada,tiny\nx,cleo,tiny\n") == {"x": ("ada", "cleo")}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("red,ada\nred,ben\nblue,ada\n", "groups.csv, line 4: ada is in the group 'blue', and by line 2 in 'red'"),
        ("red,ada\nred,zed\n", "groups.csv, line 3: "),
        ("red,\n", "groups.csv, line 2: expected a group and a student; headings must be group,student"),
    ],
)
def test_a_list_that_says_two_things_is_refused_with_its_line(tmp_path, lines, message):
    with pytest.raises(BadTable, match=re.escape(message)):
        listed(tmp_path, "group,student\n" + lines)


def test_whose_work_counts_is_said_once(tmp_path):
    with pytest.raises(BadTable, match="line 3: in the group 'red' the work of ada counts already"):
        listed(tmp_path, "group,student,counts\nred,ada,yes\nred,ben,yes\n")


# ---- copies


def test_members_of_whom_nothing_came_get_a_copy_and_a_newer_hand_in_replaces_it(course):
    write(course, "group,student", "red,ada", "red,zoe")
    assert groups_of(course).share() == ["zoe: ada handed in for the group 'red'"]
    path = course.folder / "submitted" / "zoe" / "tiny" / "tiny.ipynb"
    assert path.read_bytes() == (course.folder / "submitted" / "ada" / "tiny" / "tiny.ipynb").read_bytes()
    again = groups_of(course)
    assert again.share() == [] and again.giver == {"zoe": "ada"}
    course.submit("ada", course.answer(SMALL_CLASS["dan"]))
    assert groups_of(course).share() == ["zoe: ada handed in for the group 'red'"]
    assert path.read_bytes() == (course.folder / "submitted" / "ada" / "tiny" / "tiny.ipynb").read_bytes()


def test_who_handed_in_beside_one_another_is_named_and_not_guessed_until_somebody_says_who_counts(course):
    write(course, "group,student", "red,ada", "red,ben", "red,zoe")
    groups = groups_of(course)
    assert groups.share() == [] and set(groups.aside) == {"ada", "ben"}
    assert groups.aside["ada"].startswith("ada and ben, of the group 'red', handed in different work: write `yes` into a column `counts`")
    write(course, "group,student,counts", "red,ada,", "red,ben,yes", "red,zoe,")
    before = (course.folder / "submitted" / "ada" / "tiny" / "tiny.ipynb").read_bytes()
    groups = groups_of(course)
    assert groups.share() == ["ada, zoe: ben handed in for the group 'red'"] and groups.aside == {}
    (kept,) = (course.folder / "attempts" / "ada" / "tiny").glob("*/tiny.ipynb")
    assert kept.read_bytes() == before


def test_who_hands_in_after_her_mate_is_named_too(course):
    write(course, "group,student", "red,ada", "red,zoe")
    groups_of(course).share()
    course.submit("zoe", course.answer(SMALL_CLASS["dan"]))
    groups = groups_of(course)
    assert groups.share() == [] and set(groups.aside) == {"ada", "zoe"}


def test_the_same_work_of_two_members_is_one(course):
    (course.folder / "submitted" / "zoe" / "tiny").mkdir(parents=True)
    text = (course.folder / "submitted" / "ada" / "tiny" / "tiny.ipynb").read_bytes()
    (course.folder / "submitted" / "zoe" / "tiny" / "tiny.ipynb").write_bytes(text)
    write(course, "group,student", "red,ada", "red,zoe")
    groups = groups_of(course)
    assert groups.share() == [] and groups.aside == {}


# ---- with nbgrader's own commands


def standing(course) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        return {one.student_id: one.score for one in gradebook.assignment_submissions("tiny")}


@pytest.mark.timeout(600)
def test_a_row_for_each_member_in_gradebook_tables_and_feedback(course, level, capsys):
    write(course, "group,student", "red,ada", "red,zoe", "blue,dan", "blue,eve", "green,fay-müller@uni.example")
    with pytest.raises(Exception, match="dan and eve, of the group 'blue', handed in different work"):
        course.nbgrader("autograde", "tiny", f"--Grade.sandbox={level}", "--force", "--Grade.cell_seconds=3", "--Grade.check_seconds=2")
    assert standing(course)["zoe"] == standing(course)["ada"] == 7
    assert standing(course)["dan"] > 0
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("why_kernel", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.find_comment("why_kernel", "tiny", "tiny", "ada").manual_comment = "Well put."
        gradebook.db.commit()
    assert main(["groups", "tiny"]) == 1
    told = capsys.readouterr().out
    assert "red: ada, zoe; ada handed in" in told and "zoe: points and comments by hand of the group 'red'" in told
    assert "blue: dan, eve; dan and eve, of the group 'blue', handed in different work" in told
    assert standing(course)["zoe"] == 9
    course.nbgrader("generate_feedback", "tiny", "--force")
    page = course.feedback("zoe")
    assert "Handed in by ada for your group." in page and "Well put." in page
    assert main(["scores", "tiny"]) == 0
    with open(course.folder / "reports" / "tiny-scores.csv", newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert rows["zoe"] == rows["ada"] == "9"
    report = make_report_of(course)
    assert not any({pair.first, pair.second} == {"ada", "zoe"} for pair in report.pairs)


def make_report_of(course):
    coursedir = open_course(course.folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return class_report(coursedir, gradebook, "tiny")


def test_points_by_hand_that_differ_stay_as_they_are(course):
    write(course, "group,student", "red,ada", "red,zoe")
    groups_of(course).share()
    lines, well = look_at_groups(course.folder, "tiny")
    assert well and lines == ["red: ada, zoe; ada handed in"]


def test_a_course_without_groups_says_how_to_have_some(course):
    with pytest.raises(CourseError, match=r"no groups for tiny: .*groups\.csv would hold lines `group,student`"):
        look_at_groups(course.folder, "tiny")
