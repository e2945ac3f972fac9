"""PostgreSQL as gradebook: nbgrader's own ``db_url``, the real commands, and a real server started for the test."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import postgresql_server
import pytest
from nbgrader.api import Gradebook

from autograder.authoring.course import CommandFailed

if postgresql_server.MISSING:
    pytest.skip(postgresql_server.MISSING, allow_module_level=True)

GOOD = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
SMOOTH = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of an empty database."""
    with postgresql_server.database() as address:
        yield address


def scores(database: str) -> dict[str, dict[str, float | None]]:
    """The automatic scores in the database, by student and grade cell."""
    with Gradebook(database, "convnets-course") as gradebook:
        found = gradebook.assignment_submissions("tiny")
        return {one.student_id: {grade.name: grade.auto_score for grade in one.notebooks[0].grades} for one in found}


def test_a_class_graded_into_postgresql(generated, tmp_path, database):
    course = generated.copy(tmp_path / "course")
    (course.folder / "gradebook.db").unlink()
    with open(course.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f'\nc.CourseDirectory.db_url = "{database}"\n')
    course.nbgrader("generate_assignment", "tiny", "--force")
    course.submit("ada", course.answer({"area": GOOD, "smooth": SMOOTH, "why_kernel": "n entries, n - 1 pairs"}))
    course.submit("bob", course.answer({"area": GOOD.replace("*", "+"), "smooth": SMOOTH}))
    course.submit("cleo", "no notebook")
    course.nbgrader("autograde", "tiny")
    assert scores(database) == {
        "ada": {"check_area": 4, "check_smooth": 3, "why_kernel": None},
        "bob": {"check_area": 1, "check_smooth": 3, "why_kernel": 0},
        "cleo": {"check_area": 0, "check_smooth": 0, "why_kernel": 0},
    }

    with Gradebook(database, "convnets-course") as gradebook:
        grade = gradebook.find_grade("why_kernel", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    course.submit("bob", course.answer({"area": GOOD, "smooth": SMOOTH}))
    course.nbgrader("autograde", "tiny", "--force")
    assert scores(database)["bob"] == {"check_area": 4, "check_smooth": 3, "why_kernel": 0}

    course.nbgrader("export", "--to", "grades.csv")
    with open(course.folder / "grades.csv", newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == {"ada": 9, "bob": 7, "cleo": 0}
    assert not (course.folder / "gradebook.db").exists()


def test_a_server_that_is_gone_stops_the_run_before_the_first_student(generated, tmp_path):
    course = generated.copy(tmp_path / "course")
    course.submit("ada", course.answer({"area": GOOD}))
    address = f"postgresql+psycopg2://teacher@/gradebook?host={tmp_path}"
    with pytest.raises(CommandFailed, match=r"connection to server on socket \S+ failed"):
        course.nbgrader("autograde", "tiny", f"--CourseDirectory.db_url={address}")
    assert not list((course.folder / "autograded").rglob("*.ipynb"))
