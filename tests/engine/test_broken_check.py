"""A hidden check that breaks itself costs nobody points: its task stays open, the run says so, and goes on."""

from __future__ import annotations

import pytest

from autograder.authoring.course import CommandFailed

HONEST = {"area": "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"}
MEANS = {"smooth": "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"}
WRONG = {"area": "def area(height, width):\n    return height + width"}
WORKS = '        got = student.function("smooth")(x)\n'
BREAKS = {
    "for everybody": ("        got = [][0]\n", {"ada", "ben", "cleo"}, "IndexError"),
    "a name misspelt": ("        got = student.func(\"smooth\")(x)\n", {"ada", "ben", "cleo"}, "AttributeError"),
    "on one answer": (WORKS + "        assert got.shape == (3,) or got.lacks\n", {"ben"}, "AttributeError"),
}  # fmt: skip
CHECK = '''

class TestFigures:
    def test_own(self, student):
        """A check of the instructor's"""
        x = np.arange(4.0)
{body}
        expect_array(got, (x[1:] + x[:-1]) / 2)
'''


@pytest.fixture
def class_of(tiny_course, level):
    """Grades three students, of whom `smooth` is checked by a body of code; returns what the command printed and whether it failed."""

    def grade(body: str, *options: str) -> tuple[str, bool]:
        checks = tiny_course.folder / "autograder" / "checks" / "test_tiny.py"
        checks.write_text(
            original.replace("class TestSmooth:", CHECK.format(body=body).replace("TestFigures", "TestSmooth") + "\n\nclass TestOld:")
        )
        try:
            return tiny_course.nbgrader("autograde", "tiny", f"--Grade.sandbox={level}", *options), False
        except CommandFailed as error:
            return str(error), True

    original = (tiny_course.folder / "autograder" / "checks" / "test_tiny.py").read_text()
    tiny_course.submit("ada", tiny_course.answer(HONEST | MEANS))
    tiny_course.submit("ben", tiny_course.answer(HONEST | {"smooth": "def smooth(x):\n    return x[:2]"}))
    tiny_course.submit("cleo", tiny_course.answer(WRONG | MEANS))
    return grade


@pytest.mark.parametrize(("body", "hit", "error"), BREAKS.values(), ids=BREAKS)
def test_its_task_stays_open_until_it_is_mended(class_of, tiny_course, body, hit, error):
    said, failed = class_of(body)
    assert failed, "a run that left points open is no success"
    assert f"checks broke on {len(hit)} of 3 submissions; the points of their tasks are left open there" in said
    assert error in said and ", ".join(sorted(hit)) in said
    scores = {student: tiny_course.scores(student) for student in ("ada", "ben", "cleo")}
    assert {student for student in scores if scores[student]["check_smooth"] is None} == hit
    assert scores["ada"]["check_area"] == 4.0 and scores["cleo"]["check_area"] < 4.0, "other tasks are graded"
    said, failed = class_of(WORKS, "--force")
    scores = {student: tiny_course.scores(student) for student in ("ada", "ben", "cleo")}
    assert not failed and {student: scores[student]["check_smooth"] for student in scores} == {"ada": 3.0, "ben": 0.0, "cleo": 3.0}


def test_points_by_hand_stand_for_it(class_of, tiny_course):
    from nbgrader.api import Gradebook

    class_of(BREAKS["for everybody"][0])
    with Gradebook(f"sqlite:///{tiny_course.folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("check_smooth", "tiny", "tiny", "ada")
        assert grade.needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    class_of(BREAKS["for everybody"][0], "--force")
    with Gradebook(f"sqlite:///{tiny_course.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("check_smooth", "tiny", "tiny", "ada").score == 2.0
