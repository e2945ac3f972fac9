"""More time for a student, tasks that are dropped or give full marks: at once, after every later grading, and back."""

import json
import re
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from autograder.__main__ import main
from autograder.classroom.exceptions import decide_task, task_decisions, undo_task
from autograder.classroom.extensions import extend, extensions, remove_extension
from autograder.errors import CourseError
from autograder.run.decisions import FILE, Decisions, Kept, TaskDecision, read_decisions, settle_grades, take_back

PENALTY = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'


@pytest.fixture
def course(small_class, tmp_path, monkeypatch):
    copy = small_class.copy(tmp_path / "course")
    monkeypatch.chdir(copy.folder)
    with open(copy.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(PENALTY)
    return copy


def standing(course) -> dict[str, tuple[float, float]]:
    """Points and late penalty by student."""
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        return {one.student_id: (one.score, one.late_submission_penalty) for one in gradebook.assignment_submissions("tiny")}


def grades(course, student: str) -> dict[str, tuple]:
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook("tiny", "tiny", student).grades
        return {one.name: (one.auto_score, one.manual_score, one.extra_credit, one.needs_manual_grade, one.max_score) for one in found}


def give(course, student: str, cell: str, **values: object) -> None:
    """What a person does in the formgrader."""
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade(cell, "tiny", "tiny", student)
        for name, value in values.items():
            setattr(grade, name, value)
        gradebook.db.commit()


def grade_again(course, level: str) -> str:
    limits = [f"--Grade.sandbox={level}", "--Grade.cell_seconds=3", "--Grade.check_seconds=2"]
    return course.nbgrader("autograde", "tiny", "--force", *limits)


# ---- more time


def test_more_time_takes_the_penalty_off_at_once_and_without_it_the_penalty_is_back(course):
    assert standing(course)["ben"] == (3.0, 3.0)
    told = extend(course.folder, "ben", "tiny", until="2027-02-02 00:59 +0100")
    assert told == (
        "ben may hand in tiny until 2027-02-01 23:59 UTC (due 2027-01-31 22:59 UTC);"
        " handed in 2027-02-01 22:59 UTC, in time, late penalty 0 points instead of 3"
    )
    assert standing(course)["ben"] == (3.0, 0.0)
    assert extensions(course.folder) == ["tiny: ben until 2027-02-01 23:59 UTC; handed in 2027-02-01 22:59 UTC, in time"]
    assert "late penalty 3 points instead of 0" in remove_extension(course.folder, "ben", "tiny")
    assert standing(course)["ben"] == (3.0, 3.0) and extensions(course.folder) == []


@pytest.mark.parametrize(("days", "late"), [(0.5, "12:00:00 late, late penalty 3"), (1, "in time, late penalty 0"), (30, "in time")])
def test_days_count_from_the_due_date(course, days, late):
    assert late in extend(course.folder, "ben", "tiny", days=days)


@pytest.mark.parametrize(
    ("student", "assignment", "how", "message"),
    [
        ("cleos", "tiny", {"days": 1}, "no student 'cleos' in the gradebook; nearly: cleo"),
        ("ben", "tinny", {"days": 1}, "no assignment 'tinny' in the gradebook; there: tiny"),
        ("ben", "tiny", {"until": "2027-01-31 22:59"}, "2027-01-31 22:59 UTC isn't after the due date of tiny, 2027-01-31 22:59 UTC"),
        ("ben", "tiny", {"days": -1}, "2027-01-30 22:59 UTC isn't after the due date"),
        ("ben", "tiny", {"until": "01/02/2027"}, "--until: '01/02/2027' is no time"),
        ("ben", "tiny", {"days": 1e12}, "is no date"),
    ],
)
def test_an_extension_that_can_not_be_is_refused_and_changes_nothing(small_class, student, assignment, how, message):
    with pytest.raises(CourseError, match=re.escape(message)):
        extend(small_class.folder, student, assignment, **how)
    assert not (small_class.folder / FILE).exists()


def test_an_assignment_without_a_due_date_and_an_extension_that_nobody_has_are_told(course):
    with pytest.raises(CourseError, match="'ben' has no extension for tiny; there are those of: nobody"):
        remove_extension(course.folder, "ben", "tiny")
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        gradebook.find_assignment("tiny").duedate = None
        gradebook.db.commit()
    with pytest.raises(CourseError, match=r"tiny has no due date: `nbgrader db assignment add tiny --duedate"):
        extend(course.folder, "ben", "tiny", days=2)


def test_commands_take_their_arguments_and_say_what_is_missing(course, capsys):
    assert main(["extend", "--list"]) == 0 and "nobody has an extension" in capsys.readouterr().out
    assert main(["extend", "ben", "tiny", "--days", "2"]) == 0 and "until 2027-02-02 22:59 UTC" in capsys.readouterr().out
    assert main(["extend", "ben", "--days", "2"]) == 1 and "expected a student and an assignment" in capsys.readouterr().err
    assert main(["drop", "tiny", "smooth"]) == 0 and "smooth is dropped" in capsys.readouterr().out
    assert main(["full-marks", "--list"]) == 0 and "tiny: smooth is dropped: its 3 points count for nobody" in capsys.readouterr().out
    assert main(["drop", "tiny", "smooth", "--undo"]) == 0 and main(["drop", "tiny"]) == 1


# ---- tasks


def test_full_marks_and_dropping_hold_at_once_and_are_taken_back_exactly(course):
    give(course, "ada", "why_kernel", manual_score=1.5, extra_credit=0.25, needs_manual_grade=False)
    give(course, "cleo", "check_area", extra_credit=0.5)
    before = {student: grades(course, student) for student in standing(course)}
    assert decide_task(course.folder, "tiny", "area", "full-marks") == (
        "area: full marks, 4 points, for everybody who handed in; changed in 6 graded submissions; write feedback and export again"
    )
    assert "why_kernel is dropped: its 2 points count for nobody" in decide_task(course.folder, "tiny", "why_kernel", "drop")
    assert standing(course) == {
        "ada": (7.0, 0.0), "ben": (7.0, 7.0), "cleo": (4.5, 0.0), "dan": (4.0, 0.0), "eve": (7.0, 0.0), "fay-müller@uni.example": (4.0, 0.0),
    }  # fmt: skip
    assert grades(course, "ada")["why_kernel"] == (0.0, None, None, False, 0.0)
    assert len(task_decisions(course.folder)) == 2
    undo_task(course.folder, "tiny", "check_area", "full-marks")
    undo_task(course.folder, "tiny", "tiny/why_kernel", "drop")
    assert {student: grades(course, student) for student in standing(course)} == before
    assert standing(course)["ben"] == (3.0, 3.0) and task_decisions(course.folder) == []


def test_all_of_it_survives_grading_again_and_what_is_handed_in_later_is_graded_by_it(course, level):
    extend(course.folder, "ben", "tiny", days=2)
    extend(course.folder, "zoe", "tiny", days=2)
    decide_task(course.folder, "tiny", "area", "full-marks")
    decide_task(course.folder, "tiny", "smooth", "drop")
    give(course, "eve", "check_area", manual_score=1.0)  # by somebody who doesn't know of it
    course.submit("zoe", course.answer({"area": "def area(height, width): return 0"}))
    (course.folder / "submitted" / "zoe" / "tiny" / "timestamp.txt").write_text("2027-02-02 20:00:00")
    log = grade_again(course, level)
    assert "late" not in log.replace("LateSubmission", "")
    assert {points for points, _ in standing(course).values()} == {4.0}
    assert standing(course)["ben"] == standing(course)["zoe"] == (4.0, 0.0)
    undo_task(course.folder, "tiny", "smooth", "drop")
    undo_task(course.folder, "tiny", "area", "full-marks")
    smooth = {student: grades(course, student)["check_smooth"][0] for student in standing(course)}
    assert smooth == {"ada": 3.0, "ben": 3.0, "cleo": 0.0, "dan": 0.0, "eve": 3.0, "fay-müller@uni.example": 0.0, "zoe": 0.0}
    assert standing(course)["zoe"] == (1.0, 0.0) and grades(course, "eve")["check_area"][:2] == (4.0, 1.0)
    assert "late penalty 0" not in remove_extension(course.folder, "zoe", "tiny")


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("smooht", "no task 'smooht' in tiny; there: area, smooth, why_kernel; did you mean smooth?"),
        ("", "no task '' in tiny"),
        ("other/area", "no task 'other/area' in tiny"),
    ],
)
def test_a_task_that_is_not_there_is_told(small_class, task, message):
    with pytest.raises(CourseError, match=re.escape(message)):
        decide_task(small_class.folder, "tiny", task, "drop")


def test_two_rules_for_a_task_and_taking_back_what_is_not_decided_are_refused(course):
    decide_task(course.folder, "tiny", "area", "drop")
    with pytest.raises(CourseError, match="something is decided of area already: take that back first, with --undo"):
        decide_task(course.folder, "tiny", "check_area", "full-marks")
    with pytest.raises(CourseError, match="`full-marks` isn't decided of area; decided: area is dropped"):
        undo_task(course.folder, "tiny", "area", "full-marks")


def test_settings_that_would_forget_a_rule_are_named(course):
    path = course.folder / "nbgrader_config.py"
    path.write_text(path.read_text("utf-8").replace("    Decided,\n", ""), "utf-8")
    with pytest.raises(CourseError, match=r"lacks Decided.*copy nbgrader_config\.py anew"):
        decide_task(course.folder, "tiny", "area", "drop")
    assert not (course.folder / FILE).exists()


def test_the_report_lists_what_was_decided(course):
    extend(course.folder, "zoe", "tiny", days=2)
    extend(course.folder, "ben", "tiny", days=2)
    decide_task(course.folder, "tiny", "area", "full-marks")
    decide_task(course.folder, "tiny", "smooth", "drop")
    assert main(["report", "tiny"]) == 0
    page = (course.folder / "reports" / "tiny.html").read_text("utf-8")
    assert "<li>ben may hand in until 2027-02-02 22:59 UTC</li><li>zoe may hand in until" in page
    assert "<li>area: full marks, 4 points, for everybody who handed in</li><li>smooth is dropped" in page
    assert "came late" not in page and '<th scope="row">smooth</th><td>0</td><td colspan="4">counts for nobody</td>' in page


@pytest.mark.parametrize("text", ["{", "[]", '{"extensions": {}}', '{"extensions": {"a": {"b": "soon"}}, "tasks": {}, "kept": {}}'])
def test_decisions_that_can_not_be_read_are_no_decisions(tmp_path, text):
    assert read_decisions(tmp_path) == Decisions()
    (tmp_path / FILE).write_text(text)
    with pytest.raises(CourseError, match="can't be read .*restore it from a copy"):
        read_decisions(tmp_path)


def test_grading_does_not_start_with_decisions_that_can_not_be_read(course, level):
    (course.folder / FILE).write_text("{")
    with pytest.raises(CourseError, match="Grading can't start: .*decisions.json can't be read"):
        grade_again(course, level)
    assert standing(course)["ada"] == (7.0, 0.0)


# ---- one grade


def one_grade(**values: object) -> SimpleNamespace:
    return SimpleNamespace(
        id="g", name="c", **{"auto_score": 1.0, "manual_score": None, "extra_credit": None, "needs_manual_grade": False} | values
    )


def settle(grade: SimpleNamespace, decisions: Decisions, fresh: bool) -> None:
    assert settle_grades(decisions, "a", SimpleNamespace(name="n", grades=[grade]), fresh)


@pytest.mark.parametrize("rule", ["drop", "full-marks"])
@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize(
    "values",
    [{}, {"auto_score": None, "needs_manual_grade": True}, {"manual_score": 0.5}, {"extra_credit": 2.0}, {"auto_score": 3.0}],
    ids=str,
)
def test_a_grade_comes_back_however_often_a_rule_was_put_in(rule, fresh, values):
    decisions, grade = Decisions(tasks={"a": [TaskDecision("n", "c", rule, 3.0)]}), one_grade(**values)
    for _ in range(3):
        settle(grade, decisions, fresh=False)
        assert (grade.auto_score, grade.manual_score) == (3.0 if rule == "full-marks" else 0.0, None) and not grade.needs_manual_grade
    if fresh:
        grade.auto_score = values.get("auto_score", 1.0)  # as nbgrader's SaveAutoGrades
        grade.needs_manual_grade = grade.auto_score is None
        settle(grade, decisions, fresh=True)
    take_back(grade, decisions.kept)
    expected = one_grade(**values)
    expected.needs_manual_grade |= fresh and expected.manual_score is not None
    assert vars(grade) == vars(expected) and decisions.kept == {}


def test_what_a_person_gave_meanwhile_stays():
    decisions, grade = Decisions(tasks={"a": [TaskDecision("n", "c", "full-marks", 3.0)]}), one_grade(manual_score=0.5)
    settle(grade, decisions, fresh=False)
    grade.manual_score = 2.0
    settle(grade, decisions, fresh=False)
    assert grade.manual_score is None and decisions.kept["g"] == Kept(1.0, 2.0, None, False)
    grade.manual_score = 2.5
    take_back(grade, decisions.kept)
    assert grade.manual_score == 2.5
    assert json.loads(json.dumps(vars(grade)))["auto_score"] == 1.0
