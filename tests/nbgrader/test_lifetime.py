"""From the start of a command to its end: one at a time, and whatever ends it, only what was half done is taken back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.run.adapter import watched
from autograder.run.lifetime import AtWork, Stopped, open_to_others, signals_stop
from autograder.run.lock import LOCK, InUse, held

# ---- the lock


def silent(line: str) -> None:
    pytest.fail(f"nobody had to wait, but it was said: {line}")


def test_a_course_folder_is_held_by_one_command_at_a_time(tmp_path):
    told: list[str] = []
    with held(tmp_path, "`nbgrader autograde tiny`", silent, 0):
        who = rf"^process {os.getpid()} \(since 2.*: `nbgrader autograde tiny`\) has had .* for 0\.3 s"
        with pytest.raises(InUse, match=who), held(tmp_path, "another", told.append, 0.3):
            pytest.fail("two hold it")
    assert len(told) == 1 and told[0].startswith(f"Waiting until process {os.getpid()} (since ")
    with held(tmp_path, "another", silent, 0):
        pass


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_lock_is_free_after_whatever_ended_its_holder(tmp_path, error):
    with pytest.raises(error), held(tmp_path, "x", silent, 0):
        raise error
    with held(tmp_path, "x", silent, 0):
        pass


def test_who_waits_goes_on_when_the_holder_has_ended(tmp_path):
    order: list[str] = []

    def second() -> None:
        with held(tmp_path, "second", lambda line: order.append("waits"), 30):
            order.append("second")

    with held(tmp_path, "first", silent, 0):
        other = threading.Thread(target=second)
        other.start()
        while not order:
            time.sleep(0.01)
        order.append("first ends")
    other.join()
    assert order == ["waits", "first ends", "second"]


def test_the_lock_of_a_killed_holder_is_free_at_once(tmp_path):
    program = (
        f"import time\nfrom pathlib import Path\nfrom autograder.run.lock import held\nwith held(Path({str(tmp_path)!r}), 'x', print, 0):\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program + "    print('held', flush=True)\n    time.sleep(60)"], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(InUse, match=f"process {other.pid} "), held(tmp_path, "y", lambda line: None, 0):
            pytest.fail("two hold it")
        other.kill()
    with held(tmp_path, "y", silent, 0):
        pass


@pytest.mark.parametrize("content", ["", "{", "[]", '{"process": 1}', "\0\xff", '{"process": 1, "host": 2, "since": 1e400, "command": ""}'])
def test_what_the_file_says_need_not_be_true(tmp_path, content):
    with held(tmp_path, "x", silent, 0):
        (tmp_path / LOCK).write_text(content)
        with pytest.raises(InUse, match="^another command has had this course folder"), held(tmp_path, "y", lambda line: None, 0):
            pytest.fail("two hold it")


def test_a_lock_that_cant_be_made_is_named(tmp_path):
    (tmp_path / ".autograder").write_text("no folder")
    with pytest.raises(InUse, match=r"can't be used: .*\.autograder"), held(tmp_path, "x", silent, 0):
        pytest.fail("held without a lock")


# ---- the submission at work


class Converter:
    """As much of nbgrader's converter as is watched."""

    def __init__(self, folder: Path, notebook_id: str = "*") -> None:
        self.root, self.coursedir = folder, SimpleNamespace(notebook_id=notebook_id)
        self.exporter, self.notebooks = SimpleNamespace(file_extension=".ipynb"), [f"submitted/x/tiny/{notebook_id}.ipynb"]

    def _format_dest(self, assignment: str, student: str) -> str:
        return str(self.root / student / assignment)

    def init_destination(self, assignment: str, student: str) -> bool:
        return not student.startswith("done")

    def set_permissions(self, assignment: str, student: str) -> None:
        if student == "unwritable":
            raise OSError

    def fill(self, student: str) -> None:
        folder = Path(self._format_dest("tiny", student))
        folder.mkdir(parents=True)
        for name in ("one.ipynb", "two.ipynb", "data.csv"):
            (folder / name).touch()


def folders(converter: Converter) -> set[str]:
    return {path.parent.name for path in converter.root.glob("*/tiny")}


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        (["+ada", "-ada", "+bob"], {"ada"}),
        (["+ada", "-ada"], {"ada"}),
        (["+ada"], set()),
        (["+ada", "-ada", "+done-bob"], {"ada", "done-bob"}),
        (["+ada", "+bob", "-bob"], {"ada", "bob"}),
        (["+ada", "-ada", "+unwritable", "-unwritable"], {"ada"}),
        ([], set()),
    ],
)
def test_who_was_at_work_is_taken_back_and_nobody_else(tmp_path, steps, left):
    """``+ada``: nbgrader begins with her; ``-ada``: her files are as they stay."""
    converter = Converter(tmp_path)
    work = AtWork(converter, [])
    with watched(converter, work):
        for sign, student in ((step[0], step[1:]) for step in steps):
            if sign == "+":
                converter.init_destination("tiny", student)
                converter.fill(student)
                continue
            try:
                converter.set_permissions("tiny", student)
            except OSError:
                break
    work.take_back()
    assert folders(converter) == left


def test_of_a_command_for_one_notebook_the_others_stay(tmp_path):
    converter = Converter(tmp_path, "one")
    work = AtWork(converter, [])
    with watched(converter, work):
        converter.init_destination("tiny", "ada")
    converter.fill("ada")
    work.take_back()
    assert {path.name for path in (tmp_path / "ada" / "tiny").iterdir()} == {"two.ipynb", "data.csv"}


# ---- signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_asks_for_the_end_is_no_ordinary_error(number):
    outside = signal.signal(number, signal.SIG_DFL)  # who runs the tests may have had it ignored
    before = signal.getsignal(number)
    with pytest.raises(Stopped, match="^Stopped by "), signals_stop(alone=True):
        try:
            signal.raise_signal(number)
        except Exception:
            pytest.fail("a handler of errors caught it")
    assert signal.getsignal(number) is before
    signal.signal(number, outside)


def test_a_signal_that_python_swallowed_ends_the_run_before_the_next_student(tmp_path):
    converter = Converter(tmp_path)
    with signals_stop(alone=True) as asked, watched(converter, AtWork(converter, asked)):
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Stopped):
            converter.init_destination("tiny", "ada")


def test_a_signal_that_whoever_started_the_command_ignores_is_ignored():
    """As ``nohup`` does."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_stop(alone=True):
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_servers_signals_are_its_own():
    before = signal.getsignal(signal.SIGTERM)
    with signals_stop(alone=False):
        assert signal.getsignal(signal.SIGTERM) is before


# ---- who can look in


@pytest.mark.parametrize(
    ("mode", "shared", "warned"),
    [(0o700, False, False), (0o755, False, True), (0o701, False, True), (0o704, False, True), (0o2770, True, False), (0o2775, True, True)],
)
def test_a_course_folder_that_others_can_look_into_is_named_with_the_mend(tmp_path, mode, shared, warned):
    tmp_path.chmod(mode)
    warning = open_to_others(tmp_path, shared)
    assert (f"(mode {mode:o})" in warning and f"`chmod {'2770' if shared else '700'} {tmp_path}`" in warning) is warned
    if not warned:
        assert warning == ""


# ---- in the formgrader, which lives on

SERVER = """
import json, sys, time
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

app = NbGrader()
app.initialize([])
results = []
for change in json.loads(sys.argv[1]):
    for name, value in change.items():
        app.config.Grade[name] = value
    api = NbGraderAPI(CourseDirectory(config=app.config), config=app.config)
    results.append(api.autograde("tiny", "ada"))
print(json.dumps(results))
"""


def test_a_button_that_failed_holds_up_neither_the_next_nor_a_command(tiny_course, level):
    tiny_course.submit("ada", tiny_course.released())
    changes = [{"sandbox": "nosuch"}, {"sandbox": level, "workers": 1}, {}]
    command = [sys.executable, "-c", SERVER, json.dumps(changes)]
    run = subprocess.run(command, cwd=tiny_course.folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    first, *others = json.loads(run.stdout.splitlines()[-1])
    assert not first["success"] and "Grading can't start" in first["log"]
    assert [result["success"] for result in others] == [True, True], others
    assert tiny_course.scores("ada")["check_area"] == 0
    tiny_course.nbgrader("generate_feedback", "tiny")


def test_a_button_says_who_has_the_course_folder(tiny_course, level, tmp_path):
    tiny_course.submit("ada", tiny_course.released())
    program = SERVER.replace(
        "results = []", "import autograder.run.lifetime\nautograder.run.lifetime.SERVER_PATIENCE_SECONDS = 0.1\nresults = []"
    )
    with held(tiny_course.folder, "`nbgrader autograde other`", silent, 0):
        run = subprocess.run([sys.executable, "-c", program, "[{}]"], cwd=tiny_course.folder, capture_output=True, text=True)
    assert f"process {os.getpid()} (since" in run.stdout and "`nbgrader autograde other`" in run.stdout


def test_open_to_others_without_an_entry_for_the_owner(monkeypatch: Any, tmp_path: Path) -> None:
    def unknown(number: int) -> Any:
        raise KeyError(number)

    monkeypatch.setattr("autograder.run.lifetime.grp.getgrgid", unknown)
    tmp_path.chmod(0o750)
    assert "(mode 750)" in open_to_others(tmp_path)
