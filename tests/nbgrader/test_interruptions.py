"""A run that is killed, or that the machine fails: nothing half-written, a clear line, and the same command goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from processes import graders, heed_signals
from sqlalchemy.exc import OperationalError

from autograder.run.trouble import describe

GOOD = "def area(width, height):\n    return width * height"
ANSWERS = [
    GOOD,
    GOOD + " + 1",
    "1 / 0",
    GOOD + "  # another",
    "def area(width, height):\n    import time\n    time.sleep(0.2)\n    return 7",
]
STUDENTS = [f"student{number}" for number in range(8)]
KILLS = int(os.environ.get("KILLS", "6"))
COMMAND = [sys.executable, "-m", "nbgrader", "autograde", "tiny", "--Grade.reuse_results=False"]


@pytest.fixture
def handed_in(tiny_course):
    """A course in which eight students have handed in, some of them wrong answers."""
    for number, student in enumerate(STUDENTS):
        tiny_course.submit(student, tiny_course.answer({"area": ANSWERS[number % len(ANSWERS)]}))
    return tiny_course


@pytest.fixture
def options(level: str) -> list[str]:
    return ["--Grade.workers=2", f"--Grade.sandbox={level}"]  # two are at work when it is killed; no limit of time is near


def grades(course) -> dict[str, dict[str, float | None]]:
    return {student: course.scores(student) for student in STUDENTS}


def results(course) -> dict[str, list]:
    """All that the autograded notebooks show."""
    return {student: [(cell.source, cell.get("outputs")) for cell in course.autograded(student).cells] for student in STUDENTS}


def run(course, options: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run([*COMMAND, *options], cwd=course.folder, capture_output=True, text=True)


def test_a_run_killed_at_any_moment_goes_on_to_the_same_grades(handed_in, options, tmp_path):
    """``kill -9`` of the command at moments from its first import to its last file, then the command again."""
    undisturbed = handed_in.copy(tmp_path / "undisturbed")
    started = time.monotonic()
    assert run(undisturbed, options).returncode == 0
    whole = time.monotonic() - started
    moments, mark = random.Random(0), str(tmp_path)
    for number in range(KILLS):
        environment = os.environ | {"GRADED_HERE": mark}
        process = subprocess.Popen(
            [*COMMAND, *options], cwd=handed_in.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (number + moments.random()) / KILLS)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = run(handed_in, options)
    assert last.returncode == 0, last.stdout + last.stderr
    assert grades(handed_in) == grades(undisturbed)
    assert results(handed_in) == results(undisturbed)
    deadline = time.monotonic() + 30
    while graders(mark) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert graders(mark) == []


def test_a_run_killed_while_it_writes_is_finished_by_the_next(handed_in, options):
    """Killed right after the third student's line, that is while results are being written."""
    process = subprocess.Popen([*COMMAND, *options], cwd=handed_in.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        if "[3/8]" in line:
            process.send_signal(signal.SIGKILL)
            break
    process.wait()
    process.stderr.close()
    done = run(handed_in, options)
    assert done.returncode == 0
    assert "/6]" in done.stderr or "/5]" in done.stderr, "who was finished isn't graded again"
    assert all(scores["check_area"] is not None for scores in grades(handed_in).values())


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_run_at_once_with_one_line_and_the_next_goes_on(handed_in, options, tmp_path, number, status):
    """In the middle of a notebook that takes long; who was finished stays finished."""
    slow = "import time\ntime.sleep(60)\n" + GOOD
    handed_in.submit(STUDENTS[-1], handed_in.answer({"area": slow}))
    mark = str(tmp_path)
    environment = os.environ | {"GRADED_HERE": mark}
    process = subprocess.Popen(
        [*COMMAND, *options], cwd=handed_in.folder, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=heed_signals
    )
    printed = []
    for line in process.stderr:
        printed.append(line)
        if "[7/8]" in line:
            break
    time.sleep(1)
    process.send_signal(number)
    sent = time.monotonic()
    printed += process.communicate(timeout=30)[1].splitlines(keepends=True)
    assert time.monotonic() - sent < 2
    assert process.returncode == status
    assert "Traceback" not in "".join(printed)
    stopped = [line for line in printed if "Stopped by" in line]
    assert len(stopped) == 1 and "what was finished is kept; give the same command again to go on" in stopped[0]
    deadline = time.monotonic() + 2
    while graders(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert graders(mark) == []
    assert {path.name for path in (handed_in.folder / "autograded").iterdir() if (path / "tiny").exists()} == set(STUDENTS[:-1])
    handed_in.submit(STUDENTS[-1], handed_in.answer({"area": GOOD}))
    again = run(handed_in, options)
    assert again.returncode == 0 and "[1/1]" in again.stderr


@pytest.mark.parametrize("offender", [0, 3, 7])
def test_a_run_that_stops_keeps_who_was_finished_and_nothing_of_who_was_at_work(handed_in, options, offender):
    blocked = handed_in.folder / "autograded" / STUDENTS[offender]
    blocked.parent.mkdir()
    blocked.symlink_to("/proc")
    stopped = run(handed_in, options)
    assert stopped.returncode == 1 and "Traceback" not in stopped.stderr
    assert "Grading stopped: a file can't be written or read" in stopped.stderr
    blocked.unlink()
    assert {path.name for path in blocked.parent.iterdir()} == set(STUDENTS[:offender])
    again = run(handed_in, options)
    assert again.returncode == 0 and f"[1/{8 - offender}]" in again.stderr


def test_of_two_gradings_at_once_one_waits_and_says_so(handed_in, options):
    processes = [subprocess.Popen([*COMMAND, *options], cwd=handed_in.folder, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert "Traceback" not in "".join(said)
    first, second = (0, 1) if "Waiting until" in said[1] else (1, 0)
    waiting = [line for line in said[second].splitlines() if "Waiting until" in line]
    assert len(waiting) == 1 and f"process {processes[first].pid} (since " in waiting[0] and "`nbgrader autograde tiny`" in waiting[0]
    assert [text.count("/8] ") for text in (said[first], said[second])] == [8, 0], "nobody is graded twice"
    assert all(scores["check_area"] is not None for scores in grades(handed_in).values())


def test_a_locked_gradebook_is_named_before_the_first_student(handed_in, options):
    database = sqlite3.connect(handed_in.folder / "gradebook.db", isolation_level=None)
    database.execute("begin exclusive")
    result = run(handed_in, options)
    database.close()
    assert result.returncode == 1
    assert "Grading can't start: the gradebook" in result.stderr and "database is locked (another program" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (handed_in.folder / "autograded").exists()
    assert run(handed_in, options).returncode == 0


def test_a_folder_that_cant_be_written_stops_the_run_with_one_line(handed_in, options):
    (handed_in.folder / "autograded").symlink_to("/proc")
    result = run(handed_in, options)
    assert result.returncode == 1
    stopped = [line for line in result.stderr.splitlines() if "Grading stopped: a file can't be written or read" in line]
    assert len(stopped) == 1 and "give the same command again" in stopped[0]
    assert "Traceback" not in result.stderr
    (handed_in.folder / "autograded").unlink()
    assert run(handed_in, options).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 900 KiB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a file system of its own needs root: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_stops_the_run_with_one_line(handed_in, options, small_disk):
    course = handed_in.copy(small_disk / "course")
    space = os.statvfs(course.folder)
    filler = course.folder / "filler"
    filler.write_bytes(b"0" * (space.f_bavail * space.f_frsize - 90_000))
    result = run(course, options)
    assert result.returncode == 1
    stopped = [line for line in result.stderr.splitlines() if "Grading stopped:" in line]
    assert len(stopped) == 1 and "disk is full" in stopped[0]
    assert "Traceback" not in result.stderr
    filler.unlink()
    assert run(course, options).returncode == 0
    assert run(handed_in, options).returncode == 0
    assert grades(course) == grades(handed_in)


def test_what_a_student_cant_hand_in_is_no_trouble_of_the_machine(tmp_path):
    theirs = PermissionError(13, "Permission denied", str(tmp_path / "submitted" / "ada" / "data.csv"))
    assert describe(theirs, "sqlite:///a.db", tmp_path / "submitted") is None
    assert "can't be written or read" in describe(theirs, "sqlite:///a.db", tmp_path / "other")
    assert describe(ValueError("no"), "sqlite:///a.db") is None


def test_a_full_disk_is_recognised_in_what_copying_reports():
    assert describe(shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")]), "sqlite:///a.db").startswith("the disk is full")


def test_the_gradebooks_password_stays_out_of_the_message():
    lost = OperationalError("select", {}, SimpleNamespace(__str__=lambda self: "gone"))
    message = describe(lost, "postgresql+psycopg2://teacher:sesame@host/grades")
    assert "teacher:***@host/grades" in message and "sesame" not in message
