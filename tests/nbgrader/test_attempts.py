"""Several attempts of a student: all are kept, and where the best counts, it is what is graded, told and returned."""

import logging
import os
import re
from types import SimpleNamespace

import pytest
from conftest import SMALL_CLASS
from nbgrader.api import Gradebook

from autograder.run.attempts import Attempts
from autograder.run.collected import CollectAttempts
from autograder.run.fingerprint import fingerprint


@pytest.fixture
def attempts(tmp_path):
    places = f"{tmp_path}/{{nbgrader_step}}/{{student_id}}/{{assignment_id}}"
    coursedir = SimpleNamespace(
        submitted_directory="submitted", assignment_id="tiny",
        format_path=lambda step, student, name: places.format(nbgrader_step=step, student_id=student, assignment_id=name),
    )  # fmt: skip
    return Attempts(coursedir, "tiny", logging.getLogger())


def hand_in(attempts: Attempts, text: str, time: str = "", student: str = "ada") -> None:
    folder = attempts.submitted(student)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "tiny.ipynb").write_text(text)
    (folder / "data" / "x.csv").write_text(text)
    if time:
        (folder / "timestamp.txt").write_text(time)


def texts(attempts: Attempts) -> list[str]:
    return [(folder / "tiny.ipynb").read_text() for folder in attempts.of("ada")]


def test_an_attempt_is_kept_once_under_the_time_it_was_handed_in(attempts):
    assert attempts.keep("ada") is None and attempts.of("ada") == []
    hand_in(attempts, "second", "2027-01-02 10:00:00 UTC")
    kept = attempts.keep("ada")
    assert attempts.keep("ada") == kept and kept.name.startswith("2027-01-02T10-00-00-")
    assert fingerprint(kept) == fingerprint(attempts.submitted("ada"))
    hand_in(attempts, "first", "2027-01-01 12:00:00 +0100")
    attempts.keep("ada")
    assert texts(attempts) == ["first", "second"] and list(attempts.students()) == ["ada"]


def test_what_is_put_aside_is_whole_and_what_is_put_in_place_stays_kept(attempts):
    hand_in(attempts, "first", "2027-01-01 10:00:00 UTC")
    first = attempts.keep("ada")
    hand_in(attempts, "second", "2027-01-02 10:00:00 UTC")
    os.symlink("/etc/passwd", attempts.submitted("ada") / "link")
    attempts.put_in_place("ada", first)
    assert (attempts.submitted("ada") / "data" / "x.csv").read_text() == "first" and texts(attempts) == ["first", "second"]
    assert (attempts.of("ada")[1] / "link").is_symlink()
    assert [path.name for path in attempts.submitted("ada").parent.iterdir()] == ["tiny"]


def test_who_was_killed_between_the_two_steps_has_the_newest_back(attempts):
    hand_in(attempts, "first", "2027-01-01 10:00:00 UTC")
    attempts.keep("ada")
    hand_in(attempts, "second", "2027-01-02 10:00:00 UTC")
    attempts.put_aside("ada")
    assert not attempts.submitted("ada").exists()
    attempts.recover()
    assert (attempts.submitted("ada") / "tiny.ipynb").read_text() == "second" and texts(attempts) == ["first", "second"]
    attempts.recover()
    assert texts(attempts) == ["first", "second"]


def test_no_link_of_a_students_is_followed(attempts, tmp_path):
    (tmp_path / "secret").write_text("the answers")
    hand_in(attempts, "first")
    os.symlink(tmp_path / "secret", attempts.submitted("ada") / "mine.txt")
    kept = attempts.keep("ada")
    assert sorted(path.name for path in kept.iterdir()) == ["data", "tiny.ipynb"]


@pytest.mark.parametrize(("known", "taken"), [([], ["a", "b"]), (["a"], ["b"]), (["a", "b"], [])])
def test_all_that_came_to_the_exchange_is_kept_and_nothing_comes_twice(attempts, tmp_path, known, taken):
    inbound = tmp_path / "inbound"
    for day, secret in enumerate(("a", "b"), 1):
        folder = inbound / f"ada+tiny+2027-01-0{day} 10:00:00 UTC"
        folder.mkdir(parents=True)
        (folder / "submission_secret.txt").write_text(secret)
    for secret in known:
        hand_in(attempts, secret)
        (attempts.submitted("ada") / "submission_secret.txt").write_text(secret)
        attempts.keep("ada")
    collect = SimpleNamespace(inbound_path=str(inbound), coursedir=SimpleNamespace(student_id="*", assignment_id="tiny"), config={})
    collect._path_to_record = lambda path: CollectAttempts._path_to_record(collect, path)
    records = CollectAttempts._all_records(collect)
    new = [record for record in records if not CollectAttempts._is_kept(collect, attempts, record)]
    assert [(inbound / record["filename"] / "submission_secret.txt").read_text() for record in new] == taken


# ---- with nbgrader's own commands


@pytest.fixture
def course(tiny_course, level):
    with open(tiny_course.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f'\nc.Grade.attempts = "best"\nc.Grade.sandbox = {level!r}\nc.PercentPerDay.percent = 10\n')
    tiny_course.nbgrader("db", "assignment", "add", "tiny", "--duedate=2027-01-31 22:59:00 UTC")
    return tiny_course


def handed_in(course, answers: dict[str, str], time: str) -> str:
    path = course.submit("ada", course.answer(answers))
    (path.parent / "timestamp.txt").write_text(time)
    return course.nbgrader("autograde", "tiny")


def standing(course) -> tuple[float, float, str]:
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission("tiny", "ada")
        return found.score, found.late_submission_penalty, str(found.timestamp)


@pytest.mark.timeout(600)
def test_the_best_attempt_counts_with_its_own_time_penalty_and_feedback(course):
    handed_in(course, SMALL_CLASS["ben"], "2027-01-30 10:00:00 UTC")
    assert standing(course) == (3.0, 0.0, "2027-01-30 10:00:00")
    told = handed_in(course, SMALL_CLASS["ada"], "2027-02-01 10:00:00 UTC")
    assert "ada: of 2 attempts the best counts, oldest first: 3, 6.3* points by checks" in told
    assert standing(course) == (7.0, 0.7, "2027-02-01 10:00:00")
    told = handed_in(course, {}, "2027-02-02 10:00:00 UTC")
    assert "oldest first: 3, 6.3*, 0 points" in told and "[1/1]" not in told
    assert standing(course) == (7.0, 0.7, "2027-02-01 10:00:00")
    course.nbgrader("generate_feedback", "tiny", "--force")
    page = re.sub(r"<[^>]*>", "", course.feedback("ada"))
    assert "Of several attempts the best counts. This page is of the one handed in 2027-02-01 10:00 UTC." in page
    kept = sorted(path.name[:10] for path in (course.folder / "attempts" / "ada" / "tiny").iterdir())
    assert kept == ["2027-01-30", "2027-02-01", "2027-02-02"]


@pytest.mark.timeout(600)
def test_a_late_attempt_with_more_points_can_be_worth_less(course):
    handed_in(course, {"area": SMALL_CLASS["ada"]["area"]}, "2027-01-30 10:00:00 UTC")
    told = handed_in(course, SMALL_CLASS["ada"], "2027-02-05 10:00:00 UTC")
    assert "oldest first: 4*, 3.5 points by checks" in told
    assert standing(course) == (4.0, 0.0, "2027-01-30 10:00:00")
    with open(course.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write('\nc.PercentPerDay.percent = 0\nc.Grade.attempts = "newest"\n')
    course.nbgrader("autograde", "tiny", "--force")
    assert standing(course)[0] == 4.0  # what lies in submitted/ is the one that counted, until a newer one comes
