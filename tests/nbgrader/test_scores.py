"""The points of a class as a table: nothing is a 0 that nobody gave."""

import csv
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.classroom.graded import Check, Graded, Task
from autograder.classroom.scores import score_rows


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "autograder", "scores", *arguments], cwd=folder, capture_output=True, text=True)


def table(path: Path) -> dict[str, dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def course(small_class, tmp_path_factory):
    return small_class.copy(tmp_path_factory.mktemp("scores") / "course")


def test_each_student_has_a_row_and_what_nobody_marked_is_empty(course):
    result = run(course.folder, "tiny")
    assert result.returncode == 0, result.stderr
    assert "7 students, 6 graded; answers of 1 are still to be marked" in result.stdout
    rows = table(course.folder / "reports" / "tiny-scores.csv")
    assert list(rows) == ["ada", "ben", "cleo", "dan", "eve", "fay-müller@uni.example", "zoe"]
    assert list(rows["ada"])[9:] == ["area (4)", "smooth (3)", "why_kernel (2)"]
    assert list(rows["ada"].values()) == ["ada", "Lovelace", "Ada", "ada@uni.example", "1 to be marked", "7", "7", "0", "7", "4", "3", ""]
    assert list(rows["zoe"].values()) == ["zoe", "d'Arc", "Zoë", "zoe@uni.example", "nothing handed in", "", "", "", "", "", "", ""]
    assert [rows["ben"][name] for name in ("points_marked", "of_marked", "late_penalty", "score")] == ["3", "9", "3", "0"]
    assert rows["cleo"]["last_name"] == "'=1+1"


def test_checks_have_columns_that_add_up_to_their_task(course, tmp_path):
    assert run(course.folder, "tiny", "--checks", "--to", str(tmp_path / "out" / "all.csv")).returncode == 0
    rows = table(tmp_path / "out" / "all.csv")
    names = [name for name in rows["ada"] if name.startswith("area: ")]
    assert names == ["area: Pictures of any size (2)", "area: A side of zero (1)", "area: ValueError for a negative side (1)"]
    for student in set(rows) - {"zoe"}:
        assert sum(float(rows[student][name]) for name in names) == float(rows[student]["area (4)"])
    assert {rows["zoe"][name] for name in names} == {""}


def test_who_handed_in_and_is_not_graded_is_told_apart(course, tmp_path):
    copy = course.copy(tmp_path / "course")
    copy.submit("gil", copy.released())
    assert run(copy.folder, "tiny", "--to", "s.csv").returncode == 0
    rows = table(copy.folder / "s.csv")
    assert rows["gil"]["state"] == "handed in, not graded" and rows["gil"]["area (4)"] == rows["gil"]["score"] == ""


@pytest.mark.parametrize(
    ("scores", "totals"),
    [((4.0, 2.0), ["graded", "6", "6", "1.5", "4.5"]), ((4.0, None), ["1 to be marked", "4", "4", "1.5", "2.5"]),
     ((None, None), ["2 to be marked", "0", "0", "1.5", "0"]), ((0.0, 0.0), ["graded", "0", "6", "1.5", "0"])],
)  # fmt: skip
def test_totals_are_of_what_is_marked(scores, totals):
    tasks = [Task("check_a", 4.0, scores[0], False), Task("b", 2.0, scores[1], True)]
    _, row = score_rows([], [Graded("ada", 0.0, 6.0, penalty=1.5, tasks=tasks)], [])
    assert row[4:9] == totals and row[9:] == ["" if score is None else f"{score:g}" for score in scores]


def test_no_name_of_a_student_a_task_or_a_check_is_a_formula():
    tasks = [Task("=a", 2.0, 1.0, False, (Check("@b", True, 1.0, ""), Check("c", False, 1.0, "no")))]
    students = [SimpleNamespace(id="-1", last_name="+x", first_name=None, email="=y")]
    heading, row = score_rows(students, [Graded("-1", 1.0, 2.0, tasks=tasks)], [], checks=True)
    assert heading[9:] == ["'=a (2)", "'=a: @b (1)", "'=a: c (1)"]
    assert row[:4] == ["'-1", "'+x", "", "'=y"] and row[9:] == ["1", "1", "0"]


def test_a_check_that_was_not_asked_is_empty_and_one_that_only_others_have_has_a_column():
    one = Graded("a", 1.0, 1.0, tasks=[Task("t", 1.0, 0.0, False, (Check("x", False, 1.0, ""),))])
    two = Graded("b", 1.0, 1.0, tasks=[Task("t", 1.0, 1.0, False, (Check("x", True, 1.0, ""), Check("y", True, 1.0, "")))])
    heading, *rows = score_rows([], [one, two], [], checks=True)
    assert heading[9:] == ["t (1)", "t: x (1)", "t: y (0.5)"]
    assert [row[9:] for row in rows] == [["0", "0", ""], ["1", "0.5", "0.5"]]


def test_there_is_a_clear_line_where_there_is_nothing(course, generated, tmp_path):
    for folder, name, message in (
        (tmp_path, "tiny", "error: no gradebook in"),
        (course.folder, "nosuch", "error: no assignment 'nosuch' in the gradebook; there: tiny"),
        (generated.folder, "tiny", "error: nothing of 'tiny' is graded yet"),
    ):
        result = run(folder, name)
        assert result.returncode == 1 and message in result.stderr and "Traceback" not in result.stderr
