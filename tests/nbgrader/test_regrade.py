"""One task of all again: what else was earned stays exactly as it was, and who gains or loses is said before and after."""

import csv
import hashlib
import shutil

import pytest
from nbgrader.api import Gradebook

from autograder.__main__ import main
from autograder.classroom.graded import open_course
from autograder.daily.regrade import Change, Regraded, _run, regrade
from autograder.errors import CourseError

LENIENT = '''
class TestArea:
    @pytest.mark.points(3)
    def test_any_size(self, student, rng):
        """Pictures of any size"""
        height, width = (int(n) for n in rng.integers(2, 50, 2))
        expect_number(student.function("area")(height, width), height * width, f"area({height}, {width})")

    def test_given(self, student):
        """Whatever it does"""
        student.function("area")

'''


@pytest.fixture
def course(small_class, tmp_path, monkeypatch, level):
    copy = small_class.copy(tmp_path / "course")
    monkeypatch.chdir(copy.folder)
    with open("nbgrader_config.py", "a", encoding="utf-8") as file:
        limits = f"c.Grade.sandbox = {level!r}\nc.Grade.cell_seconds = 3.0\nc.Grade.check_seconds = 2.0\n"
        file.write(f'\nc.LateSubmissionPlugin.penalty_method = "zero"\n{limits}')
    return copy


def mended(course) -> None:
    """The checks of one task as they should have been."""
    path = course.folder / "autograder" / "checks" / "test_tiny.py"
    text = path.read_text()
    before, _, rest = text.partition("class TestArea:")
    path.write_text(before + LENIENT.lstrip() + "\n" + rest[rest.index("@pytest.mark.section") :])


def grades(course) -> dict[tuple[str, str], tuple]:
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        return {
            (one.student_id, grade.name): (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for one in gradebook.assignment_submissions("tiny")
            for grade in one.notebooks[0].grades
        }


def files(course) -> dict[str, str]:
    paths = [path for folder in ("autograded", "submitted") for path in sorted((course.folder / folder).rglob("*")) if path.is_file()]
    paths += [course.folder / "gradebook.db"]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.mark.timeout(900)
def test_a_mended_check_changes_the_points_of_its_task_alone_and_a_dry_run_says_so_first(course, capsys):
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("check_area", "tiny", "tiny", "cleo")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    assert main(["regrade", "tiny", "--task", "area", "--dry-run"]) == 0
    assert "area: points changed for 0 of 6 students" in capsys.readouterr().out.replace("would change", "changed")
    mended(course)
    before, untouched = grades(course), files(course)
    assert main(["regrade", "tiny", "--task", "area", "--dry-run"]) == 0
    foretold = capsys.readouterr().out
    assert files(course) == untouched
    assert main(["regrade", "tiny", "--task", "area"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[:-2] == foretold.splitlines()[:-2] and "area: points changed for 2 of 6 students" in told
    assert [line.split() for line in told.splitlines()[:3]] == [
        ["student", "area", "total"],
        ["ben", "0", "→", "1", "0", "→", "0"],  # a day late, which here costs all
        ["cleo", "0", "→", "1", "(2.5", "by", "hand", "stay)", "2.5", "→", "2.5"],
    ]
    after = grades(course)
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {("ben", "check_area"), ("cleo", "check_area")}
    assert after["ben", "check_area"] == (1.0, None, False) and after["cleo", "check_area"] == (1.0, 2.5, False)
    page = next(cell for cell in course.autograded("ben").cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_area")
    assert "Whatever it does" in str(page.outputs) and page.outputs[-1]["data"]["text/plain"] == "1.0"
    assert main(["regrade", "tiny", "--task", "check_area"]) == 0 and "area: points changed for 0 of 6" in capsys.readouterr().out
    course.nbgrader("generate_feedback", "tiny", "--force")
    assert "Whatever it does" in course.feedback("ben")
    assert main(["scores", "tiny"]) == 0
    with open("reports/tiny-scores.csv", newline="", encoding="utf-8") as file:
        assert {row["student_id"]: row["area (4)"] for row in csv.DictReader(file)}["ben"] == "1"


@pytest.mark.timeout(600)
def test_who_isnt_graded_or_handed_in_again_or_whose_check_breaks_keeps_what_was(course, capsys):
    shutil.rmtree(course.folder / "submitted" / "dan")
    course.submit("zoe", course.released())
    course.submit("eve", course.released())
    path = course.folder / "autograder" / "checks" / "test_tiny.py"
    path.write_text(path.read_text().replace("        height, width =", "        1 / 0\n        height, width ="))
    before = grades(course)
    assert main(["regrade", "tiny", "--task", "area"]) == 1
    told = capsys.readouterr().out
    assert "left as it was: zoe: not graded yet" in told and "left as it was: eve: handed in again since it was graded" in told
    assert "left as it was: ada: a check broke: " in told and "area: points changed for 0 of 0 students" in told
    assert grades(course) == before


def test_the_courses_limits_hold_when_a_task_is_decided_on_again(course, level):
    coursedir = open_course(course.folder)
    with _run(coursedir, "tiny", "tiny", "check_area") as run:
        assert (run.settings.sandbox, run.settings.cell_seconds, run.settings.check_seconds) == (level, 3.0, 2.0)


@pytest.mark.parametrize(
    ("assignment", "task", "message"),
    [
        ("tiny", "arae", "no task 'arae' in tiny; there: area, smooth, why_kernel; did you mean area?"),
        ("tinny", "area", "no assignment 'tinny' in the gradebook; there: tiny"),
        ("tiny", "why_kernel", "why_kernel has no hidden checks: its points are a person's to give"),
    ],
)
def test_a_task_that_cant_be_decided_on_is_named(course, assignment, task, message):
    with pytest.raises(CourseError, match=message.replace("?", r"\?")):
        regrade(course.folder, assignment, task)


def test_a_task_with_a_rule_in_place_of_its_points_is_refused(course, capsys):
    assert main(["full-marks", "tiny", "area"]) == 0
    assert main(["regrade", "tiny", "--task", "area"]) == 1
    assert "full marks, 4 points, for everybody who handed in: take that back first, with --undo" in capsys.readouterr().err


def test_points_that_were_open_are_told_as_such():
    done = Regraded("area", 2, [Change("ada", None, 4.0, 3.0, 7.0)], {"zoe": "not graded yet"})
    assert done.lines(dry_run=True) == [
        "student  area           total",
        "ada      undecided → 4  3 → 7",
        "area: points would change for 1 of 2 students",
        "nothing is changed: leave out --dry-run to have it so",
        "left as it was: zoe: not graded yet",
    ]
