"""What the machine does is no mark: a submission is tried again, then left ungraded; what a student's code does costs points as ever."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from killing import kill_one
from nbgrader.api import MissingEntry

from autograder.engine.engine import EngineError
from autograder.jobs.fate import Doubt, Fate
from autograder.jobs.score import JobResult
from autograder.judge.attempts import Attempt, Attempts
from autograder.run.ungraded import MOST_IN_A_ROW, ROW, NotGraded, Ungraded
from autograder.settings import Settings

RESULT, DOUBT = JobResult(level="bubblewrap"), Doubt("cell `a`", "its process was ended by signal 9")
SLOW = "import time; time.sleep(0.7)"


# ---- who ended a process


@pytest.mark.parametrize(
    ("fate", "known"),
    [
        (Fate(status=0), True),  # os._exit(0)
        (Fate(status=3 << 8), True),  # os._exit(3)
        (Fate(status=11), True),  # a segmentation fault
        (Fate(status=6 | 128), True),  # abort, with a core
        (Fate(status=9), False),  # its own os.kill, somebody's kill -9, or the system's lack of memory
        (Fate(status=15), False),
        (Fate(status=9, ordered=True), True),  # by the keeper, for time or memory
        (Fate(lives=True), True),  # it closed its connection
        (Fate(), False),
    ],
)
def test_only_a_signal_that_nobody_ordered_leaves_a_doubt(fate, known):
    assert fate.known == known


# ---- what follows from the runs


def attempts(*runs: Attempt, problem: str | None = None) -> tuple[JobResult | None, int]:
    """The verdict after some runs, and how many of them it took."""
    so_far = Attempts()
    for count, run in enumerate(runs, 1):
        verdict = so_far.verdict(run, lambda: problem)
        if verdict is not None:
            return verdict, count
    return None, len(runs)


def doubtful(doubt: Doubt = DOUBT, **about: Any) -> Attempt:
    return Attempt(RESULT, (doubt,), **about)


FAILED = Attempt(failed="the keeper ended", machine=True)
FINE = Attempt(RESULT)
ELSEWHERE = doubtful(Doubt("cell `b`", "its process was ended by signal 9"))
OTHERWISE = doubtful(Doubt("cell `a`", "its process was ended by signal 15"))
SHORT = doubtful(memory_short=True)


@pytest.mark.parametrize(
    ("runs", "count"),
    [
        ([FINE], 1),
        ([FAILED, FINE], 2),
        ([doubtful(), FINE], 2),
        ([doubtful(), doubtful()], 2),  # it comes again: the student's code does it
        ([doubtful(), ELSEWHERE, doubtful()], 3),
        ([doubtful(), ELSEWHERE, ELSEWHERE], 3),
        ([FAILED, doubtful(), doubtful()], 3),
        ([SHORT, doubtful(), doubtful()], 3),
        ([SHORT, FINE], 2),
    ],
)
def test_a_result_counts_without_doubt_or_when_the_same_happens_again(runs, count):
    assert attempts(*runs) == (RESULT, count)


@pytest.mark.parametrize(
    ("runs", "machine"),
    [
        ([FAILED, FAILED], True),
        ([Attempt(failed="the judging process ended"), Attempt(failed="the judging process ended")], False),
        ([doubtful(), ELSEWHERE, OTHERWISE], False),
        ([SHORT, SHORT, SHORT], False),
        ([doubtful(), SHORT, ELSEWHERE], False),
    ],
)
def test_what_stays_in_doubt_is_left_ungraded(runs, machine):
    verdict, count = attempts(*runs)
    assert count == len(runs)
    assert verdict.problem and verdict.cells == {} and verdict.machine == machine


def test_lack_of_memory_is_named():
    assert "the system's memory ran out meanwhile" in attempts(SHORT, SHORT, SHORT)[0].problem


def test_what_comes_again_is_the_machines_where_the_sandbox_works_for_nobody():
    verdict, _ = attempts(doubtful(), doubtful(), problem="a frozen state of the grader's own can't be copied")
    assert verdict.machine and "can't be copied" in verdict.problem


@pytest.mark.parametrize("attempt", [FINE, FAILED, doubtful(), SHORT])
def test_an_attempt_travels(attempt):
    assert Attempt.from_message(attempt.to_message()) == attempt


# ---- real kills


@pytest.fixture(scope="module")
def shut_in(level, grader_class) -> Iterator[Any]:
    """An engine of its own at the best level, whose processes may be killed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.engine.engine.PRELOADED", ("numpy",))
        grader = grader_class(Settings(level, workers=2, cell_seconds=5, notebook_seconds=20, check_seconds=3))
        yield grader
        grader.engine.close()


def graded_while(grader: Any, kind: str, *cells: Any, times: int = 1) -> JobResult:
    """The result of a job during which a process of a kind is killed so many times."""
    number = grader.engine.submit(grader.job(*cells))
    done = threading.Event()

    def kill() -> None:
        for _ in range(times):
            with contextlib.suppress(TimeoutError):
                kill_one(grader.engine._process.pid, kind, stop=done)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return grader.engine.result(number)
    finally:
        done.set()
        killer.join()


HONEST = ((f"{SLOW}\nanswer = 42", "TestAnswer"), SLOW, ("def double(n): return 2 * n", "TestDouble"))
KINDS = ("bubblewrap", "warm process", "keeper", "kernel", "snapshot", "judge", "judge's child")


def outcome(result: JobResult) -> list:
    cells = result.cells.items()
    return [(index, cell.outputs, cell.note, [(r.name, r.passed, r.message) for r in cell.reports or []]) for index, cell in cells]


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_process_of_ours_changes_nothing(shut_in, kind):
    undisturbed = shut_in.grade(*HONEST)
    disturbed = graded_while(shut_in, kind, *HONEST)
    assert not disturbed.problem and outcome(disturbed) == outcome(undisturbed)
    assert all(report.passed for cell in disturbed.cells.values() for report in cell.reports or [])


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(("kind", "words"), [("keeper", "the keeper of|didn't start"), ("judge's child", "ended without a result")])
def test_what_is_killed_again_and_again_is_left_ungraded(shut_in, kind, words):
    result = graded_while(shut_in, kind, *HONEST, times=20)
    assert re.search(words, result.problem) and result.cells == {}
    assert not shut_in.grade(*HONEST).problem


ENDINGS = {
    "itself": "import os; os.kill(os.getpid(), 9)",
    "terminated": "import os; os.kill(os.getpid(), 15)",
    "exits": "import os; os._exit(0)",
    "aborts": "import os; os.abort()",
    "crashes": "import ctypes; ctypes.string_at(0)",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_cell_does_to_its_own_process_costs_what_follows(shut_in, ending):
    result = shut_in.grade(("answer = 42", "TestAnswer"), ENDINGS[ending], ("answer = 42", "TestAnswer"))
    assert not result.problem and "ended the whole process" in result.cells[1].note
    assert [[report.passed for report in result.cells[index].reports] for index in (0, 2)] == [[True], [False]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_function_does_to_its_own_process_costs_its_check(shut_in, ending):
    result = shut_in.grade((f"def slow():\n    {ENDINGS[ending]}\ndef quick(): return 1", "TestTime"))
    assert not result.problem
    assert [report.passed for report in result.cells[0].reports] == [False, True, False]


@pytest.mark.usefixtures("sealed")
def test_a_state_that_a_later_cell_kills_is_that_cells_doing(shut_in):
    kill_all = "import os, signal\nfor pid in map(int, filter(str.isdigit, os.listdir('/proc'))):\n    if pid not in (1, os.getpid()): os.kill(pid, 9)"
    result = shut_in.grade(("answer = 42", "TestAnswer"), kill_all, ("answer = 42", "TestAnswer"))
    assert not result.problem
    assert [[report.passed for report in result.cells[index].reports] for index in (0, 2)] == [[False], [True]]
    assert "The state after this cell was lost" in result.cells[0].reports[0].message


# ---- limits of the shell


def limited(folder: Any, level: str, limit: str) -> tuple[int, str]:
    """An ``nbgrader autograde`` from a shell with that limit: its exit status and output."""
    command = [sys.executable, "-m", "nbgrader", "autograde", "tiny", f"--Grade.sandbox={level}", "--Grade.workers=2"]
    shell = ["bash", "-c", f'{limit}; exec "$@"', "bash", *command]
    done = subprocess.run(shell, cwd=folder, capture_output=True, text=True, timeout=200, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("ulimit -n 40", "the limit on open files (`ulimit -n`) is 40, grading needs at least 512"),
        ("ulimit -u 200", "the limit on processes (`ulimit -u`) is 200, grading needs at least"),
        ("ulimit -v 4000000", "the limit on memory (`ulimit -v`) is 4,000,000 KiB, grading needs at least"),
        ("ulimit -t 300", "the limit on processor time (`ulimit -t`) is 300 s, grading needs at least 600 s"),
    ],
)
def test_a_limit_that_is_too_low_is_named_before_the_first_student(marked_course, level, limit, told):
    status, output = limited(marked_course.folder, level, limit)
    assert status == 1 and "Grading can't start: " in output and told in output, output
    assert "Traceback" not in output
    assert not list((marked_course.folder / "autograded").rglob("*.ipynb"))


@pytest.mark.timeout(240)
def test_a_limit_that_can_be_raised_is_raised(marked_course, level):
    status, output = limited(marked_course.folder, level, "ulimit -Sn 40; ulimit -Sv 4000000; ulimit -St 300")
    assert status == 0, output
    assert points(marked_course, "ada") == FULL


# ---- the whole command


class Killer(threading.Thread):
    """Kills the keeper of every submission that starts the program ``sleep 4242``, as long as a command runs."""

    def __init__(self, command: subprocess.Popen) -> None:
        super().__init__()
        self.command, self.killed = command, 0
        self.start()

    def run(self) -> None:
        while self.command.poll() is None:
            with contextlib.suppress(psutil.Error):
                for process in psutil.Process(self.command.pid).children(recursive=True):
                    with contextlib.suppress(psutil.Error, AttributeError):
                        if process.cmdline() == ["sleep", "4242"]:
                            process.parent().parent().kill()
                            self.killed += 1
            time.sleep(0.02)


AREA = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
SMOOTH = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"
MARKED = f"import subprocess, time\nprocess = subprocess.Popen(['sleep', '4242'])\ntime.sleep(1)\nprocess.kill()\n{SMOOTH}"
FULL = {"check_area": 4.0, "check_smooth": 3.0}


def autograde(course: Any, level: str, *options: str, killing: bool = False) -> tuple[int, str]:
    """The exit status and the output of one ``nbgrader autograde``."""
    command = [sys.executable, "-m", "nbgrader", "autograde", "tiny", f"--Grade.sandbox={level}", "--Grade.workers=2", *options]
    with subprocess.Popen(command, cwd=course.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        killer = Killer(process) if killing else None
        output = process.stdout.read()
    if killer:
        killer.join()
        assert killer.killed, output
    return process.returncode, output


@pytest.fixture
def marked_course(tiny_course) -> Any:
    """Three have handed in right answers; bob's submission is the one that a `Killer` is after."""
    for student, smooth in (("ada", SMOOTH), ("bob", MARKED), ("cleo", SMOOTH)):
        tiny_course.submit(student, tiny_course.answer({"area": AREA, "smooth": smooth, "why_kernel": "Because."}))
    return tiny_course


def points(course: Any, student: str) -> dict[str, float | None]:
    return {name: score for name, score in course.scores(student).items() if name in FULL}


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("sealed")
def test_who_cant_be_graded_has_no_grade_and_the_class_goes_on(marked_course, level):
    status, output = autograde(marked_course, level, killing=True)
    assert status == 1 and "Traceback" not in output, output
    assert "1 of 3 submissions are left ungraded and need a look" in output
    assert re.search(r"ERROR\]     bob: .*(keeper|didn't start)", output)
    assert [points(marked_course, student) for student in ("ada", "cleo")] == [FULL, FULL]
    assert not (marked_course.folder / "autograded" / "bob").exists()
    with pytest.raises(MissingEntry, match="bob"):
        marked_course.scores("bob")
    again, output = autograde(marked_course, level)
    assert again == 0, output
    assert points(marked_course, "bob") == FULL


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("sealed")
def test_who_cant_be_graded_again_keeps_the_earlier_grade(marked_course, level):
    assert autograde(marked_course, level)[0] == 0
    marked_course.submit("bob", marked_course.answer({"area": AREA, "smooth": MARKED.replace("/ 2", "/ 3")}))
    before = marked_course.autograded("bob")
    status, output = autograde(marked_course, level, "--force", killing=True)
    assert status == 1 and "Traceback" not in output, output
    assert marked_course.autograded("bob") == before
    assert [points(marked_course, student) for student in ("ada", "bob", "cleo")] == [FULL, FULL, FULL]


def test_who_turns_out_to_be_ungraded_late_leaves_nothing_either(marked_course, level, monkeypatch):
    """Where the notebook that nbgrader made is another than the one that was graded ahead."""
    from autograder.authoring import course

    folder = marked_course.folder / "with"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(LATE)
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{course.ROOT}")
    status, output = autograde(marked_course, level)
    assert status == 1 and "Traceback" not in output, output
    assert "    bob: late trouble" in output and "1 of 3 submissions" in output
    assert not (marked_course.folder / "autograded" / "bob" / "tiny").exists()
    with pytest.raises(MissingEntry, match="bob"):
        marked_course.scores("bob")
    assert points(marked_course, "cleo") == FULL


LATE = """
import sys
if "autograde" in sys.argv:
    from autograder.run.run import Run
    from autograder.jobs.score import JobResult
    result = Run.result
    def late(self, notebook, student, name):
        if student == "bob":
            self.ungraded.take(student, JobResult(problem="late trouble"))
        return result(self, notebook, student, name)
    Run.result = late
"""
NO_COPIES = """
import sys
if sys.argv[0] == "-m" and "autograder.judge.session" in sys.orig_argv:
    from autograder.judge import execution
    from autograder.inside.wire import WireClosed
    def none(snapshot, deadline):
        raise WireClosed("no copy")
    execution.copy_of = none
"""


def test_a_machine_that_cant_grade_stops_before_the_first_student(marked_course, level, monkeypatch):
    from autograder.authoring import course

    folder = marked_course.folder / "with"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NO_COPIES)
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{course.ROOT}")
    status, output = autograde(marked_course, level)
    assert status == 1 and "Grading can't start" in output and "can't be copied" in output
    assert "Traceback" not in output
    assert not list((marked_course.folder / "autograded").rglob("*.ipynb"))


# ---- a machine that fails one after the other


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def error(self, message: str, *arguments: object) -> None:
        self.lines.append(message % arguments)


def take(ungraded: Ungraded, *results: JobResult) -> None:
    for number, result in enumerate(results):
        with contextlib.suppress(NotGraded):
            ungraded.take(f"s{number}", result)


OURS, THEIRS, GRADED = JobResult(problem="the keeper ended", machine=True), JobResult(problem="each ended otherwise"), JobResult()


def test_a_machine_that_works_for_nobody_stops_the_run():
    with pytest.raises(EngineError, match=rf"failed {ROW} submissions one after the other: no memory\n.*give the same command again"):
        take(Ungraded(Log(), lambda: "no memory"), *[OURS] * ROW)


def test_a_machine_that_seems_to_work_is_given_more_tries():
    ungraded = Ungraded(Log(), lambda: None)
    take(ungraded, *[OURS] * (MOST_IN_A_ROW - 1))
    with pytest.raises(EngineError, match=f"failed {MOST_IN_A_ROW} submissions one after the other: the keeper ended"):
        ungraded.take("last", OURS)


@pytest.mark.parametrize("other", [THEIRS, GRADED], ids=["in doubt", "graded"])
def test_what_students_may_have_brought_about_stops_no_run(other):
    ungraded = Ungraded(Log(), lambda: "no memory")
    take(ungraded, *[OURS, OURS, other] * 5, *[THEIRS] * 20)


def test_the_list_names_everybody_once_with_the_reason():
    ungraded = Ungraded(log := Log(), lambda: None)
    take(ungraded, OURS, GRADED, THEIRS)
    log.lines.clear()
    assert ungraded.tell("tiny", 3) == "2 of 3 submissions are left ungraded and need a look"
    assert [line.strip() for line in log.lines[1:3]] == ["s0: the keeper ended", "s2: each ended otherwise"]
    assert "Give the same command again" in log.lines[3]
