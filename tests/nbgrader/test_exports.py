"""Exports through the real command, compared with the published formats cell by cell."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from autograder.authoring.course import CommandFailed
from autograder.classroom.tables import number, plain

EXPORT = ("export", "--exporter")


@pytest.fixture(scope="module")
def course(small_class, tmp_path_factory):
    return small_class.copy(tmp_path_factory.mktemp("exports") / "course")


def rows(path: Path) -> list[list[str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def configured(course, tmp_path, text: str):
    copy = course.copy(tmp_path / "course")
    with open(copy.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(text)
    return copy


def test_canvas_file_has_canvas_own_header_points_and_students(course):
    log = course.nbgrader(*EXPORT, "autograder.exports.CanvasExporter", "--to", "out/canvas.csv")
    header, points, *students = rows(course.folder / "out" / "canvas.csv")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "tiny"]
    assert points == ["    Points Possible", "", "", "", "", "9"]
    assert ["Lovelace, Ada", "101", "", "ada", "", "7"] in students
    assert ["Müller, Jürgen", "102", "", "ben", "", "0"] in students, "3 points, but late: the penalty took them"
    assert ["dan", "", "", "dan", "", "4"] in students, "no name, no number: Canvas finds him by his login"
    assert ["d'Arc, Zoë", "126", "", "zoe", "", ""] in students, "nothing handed in: no grade"
    assert ["'=1+1", "", "", "cleo", "", "0"] in students, "no formula"
    assert len(students) == 7 and "need grading by hand" in log


def test_canvas_columns_sections_and_titles_are_settings(course, tmp_path):
    text = "c.CanvasExporter.columns = {'SIS User ID': 'email'}\nc.CanvasExporter.sections = {'ada': 'Monday'}\n"
    text += "c.CanvasExporter.section = 'Friday'\nc.CanvasExporter.titles = {'tiny': 'Pixels (4711)'}\nc.CanvasExporter.missing = '0'\n"
    copy = configured(course, tmp_path, text)
    copy.nbgrader(*EXPORT, "autograder.exports.CanvasExporter", "--student", "ada", "--student", "zoe")
    assert rows(copy.folder / "canvas.csv")[0][-1] == "Pixels (4711)"
    assert rows(copy.folder / "canvas.csv")[2:] == [
        ["Lovelace, Ada", "", "ada@uni.example", "", "Monday", "7"],
        ["d'Arc, Zoë", "", "zoe@uni.example", "", "Friday", "0"],
    ]


def test_moodle_file_has_the_columns_of_moodles_own_export(course):
    course.nbgrader(*EXPORT, "autograder.exports.MoodleExporter", "--to", "moodle.csv")
    header, *students = rows(course.folder / "moodle.csv")
    assert header == ["First name", "Last name", "ID number", "Email address", "Assignment: tiny (Real)"]
    assert ["Ada", "Lovelace", "101", "ada@uni.example", "7"] in students
    assert ["Zoë", "d'Arc", "126", "zoe@uni.example", ""] in students
    assert ["", "", "", "", "0"] in students, "fay, of whom nothing is known but her broken file"


def test_moodle_takes_per_cent_and_titles(course, tmp_path):
    text = "c.MoodleExporter.percent = True\nc.MoodleExporter.id_number = 'id'\nc.MoodleExporter.titles = {'tiny': 'Pixels'}\n"
    copy = configured(course, tmp_path, text)
    copy.nbgrader(*EXPORT, "autograder.exports.MoodleExporter", "--student", "ada")
    assert rows(copy.folder / "moodle.csv") == [
        ["First name", "Last name", "ID number", "Email address", "Assignment: Pixels (Percentage)"],
        ["Ada", "Lovelace", "ada", "ada@uni.example", "77.78"],
    ]


@pytest.fixture(scope="module")
def gradescope(course) -> dict[str, dict]:
    course.nbgrader(*EXPORT, "autograder.exports.GradescopeExporter", "--to", "gs")
    found = {path.parent.name: json.loads(path.read_text("utf-8")) for path in (course.folder / "gs" / "tiny").glob("*/results.json")}
    return found


TOP = {"score": (int, float), "execution_time": (int, float), "output": str, "output_format": str, "test_output_format": str, "test_name_format": str,
       "visibility": str, "stdout_visibility": str, "extra_data": dict, "tests": list}  # fmt: skip
TEST = {"score": (int, float), "max_score": (int, float), "status": str, "name": str, "number": str, "output": str}
VISIBLE = ("visible", "hidden", "after_due_date", "after_published")


def test_gradescope_results_hold_only_published_fields_of_the_right_type(gradescope):
    assert set(gradescope) == {"ada", "ben", "cleo", "dan", "eve", "fay-müller@uni.example"}
    for result in gradescope.values():
        assert {name: type(value) for name, value in result.items() if not isinstance(value, TOP[name])} == {}
        assert result["visibility"] in VISIBLE and result["stdout_visibility"] in VISIBLE
        for test in result["tests"]:
            assert {name: type(value) for name, value in test.items() if not isinstance(value, TEST[name])} == {}
            assert test.get("status") in (None, "passed", "failed")


def test_gradescope_tests_are_the_checks_and_add_up_to_the_points(gradescope):
    tests = {test["name"]: test for test in gradescope["cleo"]["tests"]}
    assert list(tests) == [
        "area: Pictures of any size", "area: A side of zero", "area: ValueError for a negative side",
        "smooth: Means of neighbours", "smooth: The argument stays as it is", "smooth: Long arrays", "why_kernel",
    ]  # fmt: skip
    first = tests["area: Pictures of any size"]
    assert first | {"output": ""} == {
        "name": first["name"],
        "number": "1.1",
        "score": 0.0,
        "max_score": 2.0,
        "status": "failed",
        "output": "",
    }
    assert "This is the sum of the sides." in first["output"]
    assert "ended the whole process" in tests["smooth: Long arrays"]["output"]
    assert sum(test["score"] for test in gradescope["ada"]["tests"] if "score" in test) == gradescope["ada"]["score"] == 7.0


def test_gradescope_total_counts_the_late_penalty_and_says_what_is_open(gradescope):
    assert gradescope["ben"]["score"] == 0.0 and "late penalty: 3 points" in gradescope["ben"]["output"]
    written = gradescope["ada"]["tests"][-1]
    assert written == {"name": "why_kernel", "number": "3", "max_score": 2.0, "output": "to be graded by hand"}
    assert "still to be graded by hand" in gradescope["ada"]["output"]


def test_points_given_by_hand_are_exported(course, tmp_path):
    from nbgrader.api import Gradebook

    copy = course.copy(tmp_path / "course")
    with Gradebook(f"sqlite:///{copy.folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("why_kernel", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    copy.nbgrader(*EXPORT, "autograder.exports.GradescopeExporter", "--student", "ada")
    result = json.loads((copy.folder / "gradescope" / "tiny" / "ada" / "results.json").read_text("utf-8"))
    assert result["score"] == 8.5 and result["tests"][-1]["score"] == 1.5 and "by hand" not in result["output"]


COMMENTS = {("ada", "why_kernel"): "Well seen.\nOnly the edge?", ("ada", "area"): "=1+1 is no unit", ("cleo", "area"): "A sum, no product"}


@pytest.fixture(scope="module")
def commented(course, tmp_path_factory):
    """A course in which somebody wrote to answers, as the formgrader stores it: with the cell of the answer."""
    from nbgrader.api import Gradebook

    copy = course.copy(tmp_path_factory.mktemp("commented") / "course")
    with Gradebook(f"sqlite:///{copy.folder / 'gradebook.db'}") as gradebook:
        for (student, cell), text in COMMENTS.items():
            gradebook.find_comment(cell, "tiny", "tiny", student).manual_comment = text
        gradebook.db.commit()
    return copy


def test_comments_go_into_moodles_feedback_column(commented):
    commented.nbgrader(*EXPORT, "autograder.exports.MoodleExporter")
    header, *students = rows(commented.folder / "moodle.csv")
    assert header[4:] == ["Assignment: tiny (Real)", "Assignment: tiny (Feedback)"]
    told = {row[2] or row[3] or row[1]: row[4:] for row in students}
    assert told["101"] == ["7", "area: =1+1 is no unit\nwhy_kernel: Well seen.\nOnly the edge?"]
    assert told["cleo@uni.example"] == ["0", "area: A sum, no product"] and told["126"] == ["", ""] and told["102"] == ["0", ""]


def test_canvas_is_given_comments_in_a_column_that_it_has_or_none(commented, tmp_path):
    log = commented.nbgrader(*EXPORT, "autograder.exports.CanvasExporter")
    assert "Canvas takes no comments with grades" in log and rows(commented.folder / "canvas.csv")[0][4:] == ["Section", "tiny"]
    copy = configured(commented, tmp_path, "c.CanvasExporter.comments_column = 'Notes'\n")
    assert "takes no comments" not in copy.nbgrader(*EXPORT, "autograder.exports.CanvasExporter")
    header, points, *students = rows(copy.folder / "canvas.csv")
    assert header[4:] == ["Section", "Notes", "tiny"] and points[4:] == ["", "", "9"]
    told = {row[3]: row[5:] for row in students}
    assert told["cleo"] == ["tiny: area: A sum, no product", "0"] and told["zoe"] == ["", ""]


def test_comments_stand_with_their_task_in_gradescopes_results(commented):
    commented.nbgrader(*EXPORT, "autograder.exports.GradescopeExporter")
    ada = json.loads((commented.folder / "gradescope" / "tiny" / "ada" / "results.json").read_text("utf-8"))
    assert ada["tests"][-1]["output"] == "to be graded by hand\nWell seen.\nOnly the edge?"
    assert "area: =1+1 is no unit" in ada["output"].splitlines() and "why_kernel" not in ada["output"]
    ben = json.loads((commented.folder / "gradescope" / "tiny" / "ben" / "results.json").read_text("utf-8"))
    assert ben["tests"][-1] == {"name": "why_kernel", "number": "3", "max_score": 2.0, "score": 0.0}, (
        "nbgrader's own 'No response.' is none"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["CanvasExporter", "--assignment", "nosuch"], "no assignment 'nosuch'"),
        (["MoodleExporter", "--student", "nobody"], "no student 'nobody'"),
        (["MoodleExporter", "--MoodleExporter.id_number=shoe_size"], "id_number"),
    ],
    ids=["assignment", "student", "field"],
)
def test_what_does_not_exist_is_named(course, arguments, message):
    with pytest.raises(CommandFailed, match=re.escape(message)):
        course.nbgrader(*EXPORT, f"autograder.exports.{arguments[0]}", *arguments[1:])


def test_a_submission_whose_autograded_notebook_is_gone_is_told(course, tmp_path):
    copy = course.copy(tmp_path / "course")
    shutil.rmtree(copy.folder / "autograded" / "ada")
    log = copy.nbgrader(*EXPORT, "autograder.exports.GradescopeExporter", "--student", "ada")
    assert "ada: no autograded notebook of tiny" in log


@pytest.mark.parametrize(
    ("value", "text"), [(7.0, "7"), (7.5, "7.5"), (2 / 3, "0.67"), (0.0, "0"), (12345.678, "12345.68"), (100.0, "100")]
)
def test_numbers_have_two_digits_at_most(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1+1", "\u200b=1", "\ufeff+1", "＝1+1", "\xa0@x"]
)
def test_no_text_is_a_formula(text):
    assert plain(text) == "'" + text


@pytest.mark.parametrize("text", ["Zoë", "", "d'Arc", "a=b", "1-2", "müller, j", 'say "x"', "a\nb", "007"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert plain(text) == text


# ---- nbgrader's own table

NASTY = {
    "a,b": {"first_name": "=1+1", "last_name": 'O"Brien, Ann', "email": "+49@x", "lms_user_id": "-7"},
    "=2+3": {"first_name": "@SUM(A1)", "last_name": "\tx", "email": "a;b\n=1", "lms_user_id": "\rx"},
    "-5": {"first_name": " =1", "last_name": "{x}", "email": "%s", "lms_user_id": "8"},
}


@pytest.fixture
def nasty(course, tmp_path):
    """A course that knows students whose ids and names break tables."""
    from nbgrader.api import Gradebook

    copy = course.copy(tmp_path / "course")
    with Gradebook(f"sqlite:///{copy.folder / 'gradebook.db'}") as gradebook:
        for name, about in NASTY.items():
            gradebook.add_student(name, **about)
    return copy


def test_the_plain_command_writes_the_columns_and_numbers_of_nbgrader_itself(course):
    log = course.nbgrader("export", "--to", "own.csv", "--assignment", "tiny")
    course.nbgrader("export", "--to", "stock.csv", "--exporter", "nbgrader.plugins.CsvExportPlugin")
    own, stock = rows(course.folder / "own.csv"), rows(course.folder / "stock.csv")
    assert own[0] == stock[0] and "Grades written to own.csv" in log
    assert [[cell.removeprefix("'") for cell in row] for row in own] == stock
    assert [row[4:7] for row in own if row[3] == "cleo"] == [["'=1+1", "", "cleo@uni.example"]]


def test_no_name_breaks_the_table_or_is_a_formula(nasty):
    nasty.nbgrader("export")
    header, *table = rows(nasty.folder / "grades.csv")
    assert {len(row) for row in table} == {len(header)} and len(table) == 10
    written = {row[3].removeprefix("'"): row for row in table}
    for name, about in NASTY.items():
        texts = (name, about["last_name"], about["first_name"], about["email"])
        assert written[name][3:7] == [plain(text) for text in texts] and [float(cell) for cell in written[name][7:]] == [0, 0, 0, 9]
    assert [cell for row in table for cell in row if re.match(r"\s*[=+@-]", cell)] == []


@pytest.mark.parametrize(("exporter", "file"), [("CanvasExporter", "canvas.csv"), ("MoodleExporter", "moodle.csv")])
def test_no_name_breaks_a_platforms_table(nasty, exporter, file):
    nasty.nbgrader(*EXPORT, f"autograder.exports.{exporter}")
    header, *table = rows(nasty.folder / file)
    assert {len(row) for row in table} == {len(header)}
    assert [cell for row in table for cell in row if re.match(r"\s*[=+@-]", cell)] == []
    assert any('O"Brien, Ann' in cell for row in table for cell in row)
