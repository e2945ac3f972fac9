"""``python -m autograder watch`` in a course folder, with nbgrader's own commands, an exchange and a student in it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from conftest import FAIR, SMALL_CLASS
from processes import heed_signals

from autograder.__main__ import main
from autograder.run.lock import WATCH_LOCK, held

PATIENCE = 240  # seconds for what takes ten on a machine with nothing else to do


@pytest.fixture
def course(tiny_course, tmp_path, level, monkeypatch):
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    with open(tiny_course.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f"\nc.Exchange.root = {str(exchange)!r}\nc.Grade.sandbox = {level!r}\nc.Grade.cell_seconds = 3.0\n")
    monkeypatch.chdir(tiny_course.folder)
    return tiny_course


class Student:
    """A student with nbgrader's own commands, in a home of her own."""

    def __init__(self, course, folder) -> None:
        self.course, self.folder = course, folder
        folder.mkdir()
        shutil.copy(course.folder / "nbgrader_config.py", folder)

    def nbgrader(self, *arguments: str) -> None:
        environment = os.environ | {"HOME": str(self.folder), "JUPYTER_DATA_DIR": str(self.folder / "data")}
        command = [sys.executable, "-m", "nbgrader", *arguments]
        subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True)

    def hand_in(self, answers: dict[str, str]) -> None:
        (self.folder / "tiny").mkdir(exist_ok=True)
        nbformat.write(self.course.answer(answers), self.folder / "tiny" / "tiny.ipynb")
        self.nbgrader("submit", "tiny")


@pytest.mark.timeout(600)
def test_who_hands_in_by_the_exchange_has_her_feedback_before_anybody_does_anything(course, tmp_path, capsys):
    course.nbgrader("release_assignment", "tiny")
    student = Student(course, tmp_path / "student")
    student.hand_in(SMALL_CLASS["ben"])
    course.submit("zed", "{")
    assert main(["watch", "--once"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"tiny: \S+: 3 of 7 points by checks; failed: area \(Pictures of any size; A side of zero", told)
    assert "tiny: zed: 0 of 7 points by checks" in told and "feedback released: " in told
    student.nbgrader("fetch_feedback", "tiny")
    (page,) = (student.folder / "tiny" / "feedback").glob("*/tiny.html")
    assert "Pictures of any size" in page.read_text("utf-8")
    assert main(["watch", "tiny", "--once"]) == 0 and "points by checks" not in capsys.readouterr().out


@pytest.mark.timeout(600)
def test_the_drop_folder_is_sorted_graded_and_what_it_replaces_is_kept(course, capsys):
    drop = course.folder / "downloaded" / "tiny" / "archive"
    drop.mkdir(parents=True)
    for name, answers in (("ada", SMALL_CLASS["cleo"]), ("ben", SMALL_CLASS["ben"])):
        course.nbgrader("db", "student", "add", name)
        (drop / name).mkdir()
        nbformat.write(course.answer(answers), drop / name / "tiny.ipynb")
    first = course.submit("ada", course.answer({"area": FAIR})).read_bytes()
    (drop / "nobody-knows.ipynb").write_text(nbformat.writes(course.answer({"area": "1"})))
    assert main(["watch", "--once"]) == 0
    told = capsys.readouterr().out
    assert "tiny: from the drop folder: ada, ben" in told and "not all could be taken: Left out, 1" in told
    assert "tiny: ada: 0 of 7" in told and "tiny: ben: 3 of 7" in told
    (kept,) = (course.folder / "attempts" / "ada" / "tiny").glob("*/tiny.ipynb")
    assert kept.read_bytes() == first
    assert main(["watch", "--once"]) == 0 and "drop folder" not in capsys.readouterr().out


@pytest.mark.timeout(600)
def test_an_attempt_beyond_the_budget_is_graded_by_the_next_autograde(course, capsys):
    with open("nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write("\nc.Grade.attempts_at_once = 1\n")
    course.submit("ada", course.answer(SMALL_CLASS["ben"]))
    assert main(["watch", "--once"]) == 0 and course.scores("ada")["check_area"] == 0
    course.submit("ada", course.answer(SMALL_CLASS["ada"]))
    assert main(["watch", "--once"]) == 0 and course.scores("ada")["check_area"] == 0
    assert "this is one more: kept, and graded by the next `nbgrader autograde tiny`" in capsys.readouterr().out
    course.nbgrader("autograde", "tiny")
    assert course.scores("ada") == {"check_area": 4, "check_smooth": 3, "why_kernel": None}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_grading_ends_it_and_leaves_nothing_half(course, number):
    course.submit("ada", course.answer({"area": FAIR, "smooth": "import time; time.sleep(100)"}))
    with open("nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write("\nc.Grade.cell_seconds = 100.0\n")
    command = [sys.executable, "-m", "autograder", "watch", "--every", "0.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=heed_signals) as watcher:
        assert watcher.stdout is not None and "watching, every 0.5 s: tiny" in watcher.stdout.readline()
        log, end = course.folder / ".autograder" / "logs" / "watch.log", time.monotonic() + PATIENCE
        while not (log.is_file() and "nbgrader autograde tiny" in log.read_text()) and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(4)
        watcher.send_signal(number)
        rest = watcher.communicate(timeout=60)[0]
    assert watcher.returncode == 0
    assert f"ended by {number.name}; what is graded is kept" in rest and "not graded" not in rest
    assert not any((course.folder / "autograded").glob("ada/*"))
    with held(course.folder, "x", pytest.fail, 0):
        pass


@pytest.mark.timeout(600)
def test_a_machine_that_cant_grade_costs_nobody_anything(course, capsys, monkeypatch):
    course.submit("ada", course.answer(SMALL_CLASS["ada"]))
    checks = course.folder / "autograder" / "checks" / "test_tiny.py"
    text = checks.read_text()
    checks.write_text("import no_such_module\n" + text)
    assert main(["watch", "--once"]) == 1
    told = capsys.readouterr().out
    assert "tiny: not graded: ada: " in told and "no_such_module" in told and "tried again in 30 s" in told
    assert not any((course.folder / "autograded").glob("ada/*"))
    checks.write_text(text)
    assert main(["watch", "--once"]) == 0 and "tiny: ada: 7 of 7" in capsys.readouterr().out


def test_a_course_has_one_watcher_and_what_isnt_there_is_named(course, capsys):
    assert main(["watch", "tinny", "--once"]) == 1 and "no assignment 'tinny' in the gradebook; there: tiny" in capsys.readouterr().err
    assert main(["watch", "--every", "0"]) == 1 and "--every: expected at least 0.1 s, got 0" in capsys.readouterr().err
    with held(course.folder, "`python -m autograder watch`", pytest.fail, 0, WATCH_LOCK):
        assert main(["watch"]) == 1 and "this course is watched already: process " in capsys.readouterr().err
        assert main(["watch", "--once"]) == 0 and "nothing done, this course is watched already" in capsys.readouterr().out
