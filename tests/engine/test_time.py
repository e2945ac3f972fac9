"""The time that hidden checks may take: one slow answer costs little, many cost no more than the budget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.checking.student import StudentFailed
from autograder.judge.budget import COMPARING_QUICKLY, COMPARING_SECONDS, QUICK_SECONDS, Budget
from autograder.settings import Settings

CHECK_SECONDS, CHECKS_SECONDS = 1.0, 6.0
SPARE_SECONDS = 6.0  # for all that isn't a check, on a busy machine

DRIPS = """
import sys, time
Channel = sys.modules["inside.wire"].Channel
def drip(self, message, blobs=(), fds=(), deadline=None):
    if "ready" in message or "ended" in message or "frozen" in message or "outputs" in message:
        return send(self, message, blobs, fds, deadline)
    self.sock.sendall(bytes([0, 0, 4, 0, 0, 0, 0, 0]))
    while True:
        self.sock.sendall(b" ")
        time.sleep(0.05)
send, Channel.send = Channel.send, drip
def slow(): return 1
def quick(): return 1
def trains(): return 1
"""
SILENT = """
import time
def slow(): time.sleep(1000)
quick = trains = slow
"""
COLLIDES = """
import sys
Packer = sys.modules["inside.wire"].Packer
pack = Packer.pack
keys = ["set", [["int", (2**61 - 1) * n] for n in range(1, 9_000)]]
Packer.pack = lambda self, value, depth=0: ["list", [keys] * 20] if value == 1 else pack(self, value, depth)
def slow(): return 1
quick = trains = slow
"""
NO_COPIES = """
import sys, time
Answerer = sys.modules["inside.answers"].Answerer
Answerer._copy = lambda self, fds: time.sleep(1000)
def slow(): return 1
quick = trains = slow
"""
SOURCES = {"drips": DRIPS, "silent": SILENT, "collides": COLLIDES, "no copies": NO_COPIES}
HONEST = "def slow(): return 1\ndef quick(): return 1\ndef trains(): return 1"


@pytest.fixture(scope="module")
def hurried(level, grader_class) -> Iterator[Any]:
    """An engine whose checks have little time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.engine.engine.PRELOADED", ("numpy",))
        grader = grader_class(Settings(level, workers=2, check_seconds=CHECK_SECONDS, checks_seconds=CHECKS_SECONDS))
        yield grader
        grader.engine.close()


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("source", SOURCES)
def test_answers_that_cost_time_cost_no_more_than_all_checks_have(hurried, source):
    result = hurried.grade((SOURCES[source], "TestMany"), (HONEST, "TestWorthless"))
    reports = result.cells[0].reports
    assert not result.problem and not any(report.passed for report in reports)
    assert sum(report.seconds for report in reports) < CHECKS_SECONDS + COMPARING_SECONDS
    assert result.seconds < CHECKS_SECONDS + COMPARING_SECONDS + SPARE_SECONDS + (20 if source == "no copies" else 0)
    assert result.timed_out or source == "no copies"


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("sealed")
def test_what_is_not_asked_any_more_says_so(hurried):
    reports = hurried.reports(SILENT, "TestMany")
    assert "longer than the time allowed" in reports[0].message
    assert reports[-1].message.startswith("Not asked any more: ") and not reports[-1].passed
    assert (reports[-1].name, reports[-1].points) == ("Asks another function", 1.0)


@pytest.mark.timeout(120)
def test_one_endless_function_leaves_time_for_those_that_train_and_those_that_are_quick(hurried):
    source = "import time\ndef slow():\n    while True: pass\ndef quick(): return 1\ndef trains():\n    time.sleep(0.7)\n    return 1"
    first = hurried.grade((source, "TestTime"), (HONEST, "TestMany"))
    assert [report.passed for report in first.cells[0].reports] == [False, True, False]
    assert all(report.passed for report in first.cells[1].reports)


@pytest.mark.timeout(120)
def test_a_slow_function_that_keeps_its_limit_earns_everything(hurried):
    source = "import time\ndef slow():\n    time.sleep(0.2)\n    return 1\ndef quick(): return 1\ndef trains(): return 1"
    assert all(report.passed for report in hurried.reports(source, "TestMany"))


def test_a_function_that_calls_back_without_end_keeps_to_its_checks_limit(student_of):
    student = student_of("def apply(f):\n    while True: f(1)")
    student.deadline = time.monotonic() + 0.5
    with pytest.raises(StudentFailed, match="ran longer than the time allowed"):
        student.function("apply")(lambda x: x)
    assert time.monotonic() - student.deadline < 2


# ---- the budget


def test_nothing_is_shortened_as_long_as_checks_keep_their_limits():
    budget = Budget(240, 60)
    for _ in range(30):
        assert budget.limit(5) == 5 and budget.comparing == COMPARING_SECONDS
        budget.spend(4.9)
    assert budget.left == pytest.approx(240 - 30 * 4.9)


def test_after_one_ran_out_the_others_of_its_cell_get_a_quarter_and_those_of_the_next_all():
    budget = Budget(240, 60)
    budget.ran_out(8)
    assert (budget.limit(8), budget.limit(5), budget.comparing) == (2, 1.25, COMPARING_QUICKLY)
    assert budget.limit(1.5) == QUICK_SECONDS and budget.limit(0.5) == 0.5
    assert budget.limit(60) == 60, "one that may take longer, such as one that trains, isn't meant"
    budget.next_cell()
    assert budget.limit(8) == 8


def test_after_one_ran_out_a_quarter_of_the_budget_is_left():
    budget = Budget(240, 10)
    budget.spend(5)
    budget.ran_out(5)
    assert budget.left == 60
    budget.spend(5)
    budget.ran_out(5)
    assert budget.left == 55


def test_the_longest_check_may_take_its_time():
    assert Budget(240, 600).limit(600) == 600
    budget = Budget(240, 100)
    budget.ran_out(5)
    assert budget.limit(100) == 100


def test_a_budget_is_used_up():
    budget = Budget(10, 5)
    budget.spend(8)
    assert budget.limit(5) == 2 and not budget.used_up
    budget.spend(2)
    assert budget.used_up and "took the 10 s that all checks of a notebook have together" in budget.why
    budget.ran_out(5)
    assert "a check of this notebook ran out of time" in budget.why
