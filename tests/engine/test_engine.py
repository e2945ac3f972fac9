"""From a job to its reports through the real judge and the real sandbox."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring import course
from autograder.engine.engine import Engine, EngineError, Plan, resolve_checks
from autograder.jobs.score import CheckReport, JobResult, points_of
from autograder.jobs.submission import Cell, Checks, Job, make_job
from autograder.settings import Settings

DOUBLE = "def double(n): return 2 * n"
NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)
    def forward(self, x): return self.layer(x)
def apply(f, x): return f(x)
"""


@pytest.fixture(params=["bubblewrap", "process"])
def any_grader(request):
    """The engine at either level."""
    if request.param == "process":
        return request.getfixturevalue("plain_grader")
    request.getfixturevalue("sealed")
    return request.getfixturevalue("grader")


def passed(reports: list[CheckReport]) -> list[bool]:
    return [report.passed for report in reports]


def messages(reports: list[CheckReport]) -> str:
    return " ".join(report.message for report in reports)


def printed(result: JobResult, index: int = 0) -> str:
    return "".join(output.get("text", "") for output in result.cells[index].outputs)


# ---- verdicts


def test_an_honest_answer_passes_at_either_level(any_grader):
    result = any_grader.grade("import numpy as np", (DOUBLE, "TestDouble"), ("answer = 42", "TestAnswer"))
    assert passed(result.cells[1].reports) == [True, True] and passed(result.cells[2].reports) == [True]
    assert result.level == any_grader.settings.sandbox and not result.problem and not result.timed_out


def test_a_wrong_answer_fails_with_expected_received_mistake_and_hint(grader):
    first, second = grader.reports("def double(n): return n * n", "TestDouble")
    assert (first.name, first.points, first.hint) == ("Any number", 3.0, "Multiply by two.")
    assert first.message.endswith("was expected. That is the square.") and first.diagnosis == "That is the square."
    assert int(first.received) == (int(first.expected) // 2) ** 2
    assert second.message.startswith("double(x) has wrong values: 6 of 6 differ")
    assert "test_" not in repr(first)


def test_an_exceptions_numbers_are_told_where_inputs_are_drawn(plain_grader):
    told = [report.message for report in plain_grader.reports("def double(x): return x.reshape(7)", "TestLarge")]
    assert told[0] == "`double` raised ValueError: cannot reshape array of size 400 into shape (7,) (line 1 of its cell)."
    assert told[1] == told[2] == "`double` raised ValueError: cannot reshape array of size … into shape (…) (line 1 of its cell)."


def test_what_is_not_written_yet_is_told_in_place_of_the_hint(plain_grader):
    reports = plain_grader.reports("def double(n): raise NotImplementedError", "TestDouble")
    assert (
        {report.diagnosis for report in reports} == {"`double` is not written yet (NotImplementedError)."} == {r.message for r in reports}
    )
    assert not any(report.advice for report in reports)


def test_large_arrays_are_shown_where_inputs_are_drawn_and_otherwise_as_far_as_in_words(grader):
    """What is expected of everybody alike could be put together from a few submissions."""
    drawn, fixed, few = grader.reports("def double(n): return n + 3", "TestLarge")
    assert [picture["name"] for picture in drawn.comparison["pictures"]] == ["expected", "received", "difference"]
    assert fixed.comparison is None and fixed.expected.startswith("[[2., 2., ..., 2., 2.],")
    assert few.comparison["tables"][0]["received"] == [["4"]] * 3


def test_an_answer_that_would_take_the_machines_memory_to_compare_is_told(grader):
    """A list of one long text and many numbers, made an array, holds room for the text with each number."""
    first, second = grader.reports("answer, number = ['x' * 2_000_000] + [1] * 4_000, 42", "TestOwnWay")
    assert first.message == "Comparing this answer took too much memory; is it far larger than what was asked for?"
    assert not first.broken and second.passed


def test_the_section_that_a_class_of_checks_names_comes_with_the_result(grader):
    first, second = grader.grade((DOUBLE, "TestLarge"), (DOUBLE, "TestDouble")).cells.values()
    assert (first.chapter, first.section) == ("convnets", "Stride")
    assert (second.chapter, second.section) == ("", "")


def test_passed_checks_count_by_their_points(grader):
    result = grader.grade(("def double(n): return n + n if type(n) is int else n", "TestDouble"))
    assert passed(result.cells[0].reports) == [True, False]
    assert points_of(result.cells[0], 4) == 3


def test_arguments_changed_or_shared_fail_where_they_must_stay(grader):
    changed = grader.reports("def double(x):\n    x *= 2\n    return x", "TestDouble")
    assert "changes its argument number 1 in place" in changed[1].message
    shared = grader.reports("def double(x): return x if hasattr(x, 'shape') else 2 * x", "TestDouble")
    assert "shares memory" in shared[1].message


def test_withheld_modules_are_named(grader):
    lazy = "from scipy.ndimage import uniform_filter1d as u\ndef smooth(x): return u(x, 2)[1:]"
    assert messages(grader.reports(lazy, "TestNumpyOnly")) == "`smooth` uses scipy, but this task asks for numpy only."
    assert passed(grader.reports("def smooth(x): return (x[1:] + x[:-1]) / 2", "TestNumpyOnly")) == [True]


def test_models_and_callbacks_work_through_the_sandbox(grader):
    assert passed(grader.reports(NET, "TestNet")) == [True, True]
    assert passed(grader.reports(NET.replace("self.layer(x)", "self.layer(x) * 0"), "TestNet")) == [False, True]


def test_a_notebook_that_asks_for_more_threads_is_graded_as_any_other(grader):
    work = "torch.nn.Conv2d(4, 32, 3)(torch.randn(8, 4, 24, 24))"
    asking = f"import torch\ntorch.set_num_threads(4)\n{work}\n" + NET.replace(
        "return self.layer", f"torch.set_num_threads(2); {work}; return self.layer"
    )
    assert "set_num_threads(2)" in asking and passed(grader.reports(asking, "TestNet")) == [True, True]


def test_a_check_without_weight_gives_no_points(grader):
    result = grader.grade(("answer = 1", "TestWorthless"))
    assert points_of(result.cells[0], 5) == 0


# ---- states


def test_each_grade_cell_is_judged_by_the_state_right_after_it(grader):
    cells = [("answer = 42", "TestAnswer"), ("answer = 41", "TestAnswer"), "answer = 42"]
    result = grader.grade(*cells)
    assert passed(result.cells[0].reports) == [True] and passed(result.cells[1].reports) == [False]


def test_checks_share_a_copy_unless_they_ask_for_a_fresh_one(grader):
    source = "counted = 0\ndef count():\n    global counted\n    counted += 1\n    return counted"
    assert passed(grader.reports(source, "TestState")) == [True, True, True]


def test_what_a_check_calls_cant_reach_a_later_group_or_the_outputs(grader):
    source = "counted = 0\ndef count():\n    global counted\n    counted += 1\n    print('seen')\n    open('mark', 'w').close()\n    return counted"
    result = grader.grade((source, "TestState"), ("import os; print(counted, os.path.exists('mark'))", "TestState"))
    assert passed(result.cells[1].reports) == [True, True, True]
    assert printed(result, 1) == "0 False\n" and printed(result, 0) == ""


# ---- random inputs


def test_inputs_differ_between_students_and_checks_and_repeat_on_regrading(grader):
    def drawn(student: str) -> list[str]:
        return [report.received for report in grader.reports("", "TestRandom", student=student)]

    ada, again, bob = drawn("ada"), drawn("ada"), drawn("bob")
    assert ada == again
    assert len({*ada, *bob}) == 4


def test_inputs_stay_the_same_when_points_change_or_an_empty_cell_comes_in(grader):
    def drawn(*own: str, points: float = 4) -> list[str]:
        mark = {"grade_id": "check_it", "grade": True, "solution": False, "locked": True, "points": points}
        hidden = f"### BEGIN HIDDEN TESTS\n# hidden: {grader.groups['TestRandom'].file}::TestRandom\n### END HIDDEN TESTS"
        cells = [*map(new_code_cell, own), new_code_cell(hidden, metadata={"nbgrader": mark})]
        result = grader.engine.result(grader.engine.submit(make_job(new_notebook(cells=cells), "tiny", "ada", {})))
        return [report.received for report in result.cells[len(own)].reports]

    assert drawn("x = 1") == drawn("x = 1", points=5) == drawn("", "x = 1", "\n")
    assert not set(drawn("x = 1")) & set(drawn("x = 2"))


def test_code_isnt_told_of_anything_that_its_inputs_dont_hang_on(grader):
    """What comes in by the names of cells or by blank ones could be answers, learned from the feedback on the same inputs."""
    look = """
import sys
frame, seen = sys._getframe(), []
while frame:
    seen.append(repr(frame.f_locals))
    frame = frame.f_back
print("learned" + "-42" in "".join(seen), len(In), get_ipython().execution_count)"""
    count = "runs = []\nget_ipython().events.register('pre_run_cell', lambda *_: runs.append(1))\nold = get_ipython().run_cell"
    count += "\ndef run_cell(*a, **k):\n    runs.append(1)\n    return old(*a, **k)\nget_ipython().run_cell = run_cell"

    def printed_by(*cells: tuple[str, str]) -> str:
        job = Job("tiny", "ada", tuple(Cell(index, *cell) for index, cell in enumerate(cells)))
        return printed(grader.engine.result(grader.engine.submit(job)), len(cells) - 1)

    first, second, last = ("a", count), ("b", look), ("c", "print(len(runs))")
    plain = printed_by(first, second)
    assert plain.startswith("False ") and printed_by(first, ("d", ""), ("e", " \n"), ("learned-42", look)) == plain
    assert printed_by(first, last) == printed_by(first, ("d", ""), ("e", "\n\n"), last)


# ---- functions that end badly


@pytest.mark.parametrize(
    ("body", "words", "cause"),
    [
        ("raise SystemExit", "`slow` raised SystemExit", ""),
        ("raise KeyboardInterrupt", "`slow` raised KeyboardInterrupt", ""),
        ("return slow()", "`slow` raised RecursionError", ""),
        ("raise ValueError('it ran longer than the 2 s allowed')", "`slow` raised ValueError", ""),
        ("import os; os._exit(0)", "ended the whole process", "ended"),
        ("import os; os.kill(os.getpid(), 9)", "ended the whole process", "ended"),
        ("import ctypes; ctypes.string_at(0)", "ended the whole process", "ended"),
    ],
)
def test_a_function_that_ends_badly_costs_its_own_check(any_grader, body, words, cause):
    reports = any_grader.reports(f"def slow():\n    {body}\ndef quick(): return 1", "TestTime")
    assert passed(reports) == [False, True, False]
    assert words in reports[0].message
    assert [report.cause for report in reports] == [cause, "", cause]


@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(1000)"])
def test_an_endless_function_costs_its_own_check_and_nobody_else(any_grader, body):
    slow = any_grader.job((f"def slow():\n    {body}\ndef quick(): return 1", "TestTime"), student="eve")
    quick = any_grader.job(("def slow(): return 1\ndef quick(): return 1", "TestTime"), student="ada")
    numbers = [any_grader.engine.submit(job) for job in (slow, quick, quick)]
    results = [any_grader.engine.result(number) for number in numbers]
    assert passed(results[0].cells[0].reports) == [False, True, False] and results[0].timed_out
    assert "longer than the time allowed" in results[0].cells[0].reports[0].message
    assert [report.cause for report in results[0].cells[0].reports] == ["time", "", "time"] and results[0].causes == {"time"}
    for result in results[1:]:
        assert passed(result.cells[0].reports) == [True, True, True] and not result.timed_out and not result.causes


def test_a_time_limit_of_a_check_counts(grader):
    reports = grader.reports("import time\ndef slow():\n    time.sleep(0.6)\n    return 1\ndef quick(): return 1", "TestTime")
    assert passed(reports) == [True, True, False]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def give(): return np.zeros(2_000_000)", "message too large: 16,000,000 bytes"),
        ("def give(): return 'x' * 10_000_000", "message too large"),
        ("def give(): return np.zeros((4,) * 11, np.int8)", "has shape (4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)"),
        ("def give(): return (n for n in iter(int, 1))", "is a generator"),
        ("def give():\n    while True: yield 1", "is a generator"),
        ("def give(): return 10**5000", "no plain data"),
        ("def give():\n    x = []\n    x.append(x)\n    return x", "no plain data"),
        ("class Yes:\n    def __eq__(self, other): return True\ndef give(): return Yes()", "is a Yes"),
        ("def give():\n    for _ in range(10**5): print('x' * 99)\n    return 1.0", "has shape ()"),
        ("def give():\n    return None", "is a `return` missing?"),
    ],
)
def test_monstrous_results_fail_with_a_sentence(grader, source, words):
    reports = grader.reports("import numpy as np\n" + source, "TestReturned")
    assert passed(reports) == [False, False]
    assert words in reports[0].message
    assert all(len(str(report)) < 20_000 for report in reports)


def test_a_check_that_breaks_is_the_instructors_problem_and_ends_nothing(grader):
    divides, exits, skips, fine = grader.reports("answer = 42", "TestBroken")
    assert "ZeroDivisionError" in divides.broken and "TestBroken::test_divides" in divides.broken
    assert "SystemExit" in exits.broken and "Skipped" in skips.broken
    for report in (divides, exits, skips):
        assert not report.passed and report.message == "This check itself broke; your instructor sees why."
        assert report.cause == "check"
    assert fine.passed and not fine.broken and not fine.cause


# ---- cells that end badly


@pytest.mark.parametrize(
    ("source", "words", "causes"),
    [
        ("import os; os._exit(0)", "ended the whole process (os._exit, a crash or a kill)", {"ended"}),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended the whole process", {"ended"}),
        ("import ctypes; ctypes.string_at(0)", "ended the whole process", {"ended"}),
        (
            "while True:\n    try:\n        x = 0\n        while True: x += 1\n    except BaseException: x = 2",
            "couldn't be interrupted",
            {"time"},
        ),
        ("import os\nfor fd in range(3, 40):\n    try: os.close(fd)\n    except OSError: pass", "process", {"ended", "broke"}),
    ],
)
def test_a_cell_that_ends_the_notebook_keeps_what_was_earned(grader, source, words, causes):
    result = grader.grade(("answer = 42", "TestAnswer"), source, ("answer = 42", "TestAnswer"), ("answer = 42", "TestAnswer"))
    assert passed(result.cells[0].reports) == [True]
    assert passed(result.cells[2].reports) == [False] and passed(result.cells[3].reports) == [False]
    assert words in result.cells[1].note and words in result.cells[3].note and words in messages(result.cells[3].reports)
    assert result.causes and result.causes <= causes and result.cells[0].cause == ""
    assert {result.cells[n].cause for n in (1, 2, 3)} == {report.cause for report in result.cells[3].reports} == result.causes


def test_an_endless_loop_is_interrupted_and_the_rest_runs(any_grader):
    result = any_grader.grade("while True: pass", ("answer = 42", "TestAnswer"))
    assert "longer than the 2 s allowed and was interrupted" in result.cells[0].note
    assert passed(result.cells[1].reports) == [True] and result.timed_out
    assert (result.cells[0].cause, result.cells[1].cause, result.cells[1].reports[0].cause) == ("time", "", "")


def test_a_notebook_has_an_end(grader):
    result = grader.grade(*["import time; time.sleep(1.9)"] * 5, ("answer = 42", "TestAnswer"))
    assert "The notebook ran longer than the 9 s allowed" in result.cells[5].note
    assert passed(result.cells[5].reports) == [False]
    assert result.cells[5].cause == result.cells[5].reports[0].cause == "time"


@pytest.mark.parametrize(
    "source",
    ["1 / 0", "raise SystemExit", "raise KeyboardInterrupt", "exit()", "this is no Python", "raise type('E', (BaseException,), {})"],
)
def test_an_exception_ends_only_its_cell(grader, source):
    result = grader.grade(source, ("answer = 42", "TestAnswer"))
    assert passed(result.cells[1].reports) == [True] and not result.cells[0].note and not result.causes


def test_a_memory_hog_costs_its_own_cell_and_what_follows(grader):
    """What was frozen before stays: only the greedy process is ended."""
    hog = "import numpy as np\nhoard = []\nwhile True: hoard.append(np.ones(10**7))"
    result = grader.grade(("answer = 42", "TestAnswer"), hog, ("answer = 42", "TestAnswer"))
    assert passed(result.cells[0].reports) == [True]
    told = result.cells[1].note + printed(result, 1) + str(result.cells[1].outputs)
    assert any(words in told for words in ("over the memory limit of 900 MiB", "MemoryError", "ran longer"))  # a slow machine
    assert ("over the memory limit" in told) == (result.cells[1].cause == "memory")


def test_a_memory_hog_in_a_check_costs_its_own_check(grader):
    source = "def slow():\n    hoard = []\n    while True: hoard.append(bytearray(b'x' * (50 << 20)))\ndef quick(): return 1"
    assert passed(grader.reports(source, "TestTime")) == [False, True, False]


def test_a_flood_of_output_is_cut(grader):
    result = grader.grade("for _ in range(10**4): print('x' * 999)", ("answer = 42", "TestAnswer"))
    assert printed(result).endswith("output cut here …\n") and len(printed(result)) < 300_000
    assert passed(result.cells[1].reports) == [True]


def test_many_pictures_of_an_honest_notebook_cost_nothing(grader):
    cell = "from IPython.display import HTML, display\nfor _ in range(9): display(HTML('é' * 700_000))"
    result = grader.grade(cell, cell, cell, ("answer = 42", "TestAnswer"))
    assert passed(result.cells[3].reports) == [True]
    assert result.cells[0].outputs and not any(cell.note for cell in result.cells.values())


# ---- cells as in Jupyter


def test_cells_behave_as_in_a_notebook(grader):
    source = """
%matplotlib inline
import matplotlib.pyplot as plt, sys, warnings
import asyncio
warnings.warn("careful")
print("out"); print("err", file=sys.stderr)
await asyncio.sleep(0)
plt.plot([1, 2]); plt.show()
!echo shell
_ = 3
answer = 42
answer
"""
    result = grader.grade((source, "TestAnswer"))
    kinds = [output["output_type"] for output in result.cells[0].outputs]
    assert "execute_result" in kinds and "display_data" in kinds and "error" not in kinds
    assert "out\n" in printed(result) and "err\n" in printed(result) and "shell" in printed(result)
    assert passed(result.cells[0].reports) == [True]


def test_files_beside_the_notebook_can_be_read_and_written(any_grader):
    source = "answer = int(open('data/answer.txt').read()); open('out.txt', 'w').write('x'); import helper; answer += helper.one"
    files = {"data/answer.txt": b"41", "helper.py": b"one = 1"}
    result = any_grader.grade((source, "TestAnswer"), files=files)
    assert passed(result.cells[0].reports) == [True], result


# ---- many at once


def test_results_come_to_whom_they_belong(grader):
    jobs = [grader.job(f"answer = {n}", (f"print(answer); answer = {42 if n % 2 else 0}", "TestAnswer"), student=f"s{n}") for n in range(8)]
    numbers = [grader.engine.submit(job) for job in jobs]
    for n in (3, 0, 7, 1, 2, 6, 5, 4):
        result = grader.engine.result(numbers[n])
        assert printed(result, 1) == f"{n}\n" and passed(result.cells[1].reports) == [bool(n % 2)]


@pytest.mark.timeout(120)
def test_large_jobs_and_large_results_dont_wait_for_each_other(grader):
    """Neither side may send without the other reading."""
    cell = "from IPython.display import HTML, display\nfor _ in range(3): display(HTML('x' * 1_500_000))"
    jobs = [grader.job(cell, student=f"s{n}", files={"digits.npz": bytes(6 << 20)}) for n in range(6)]
    numbers = [grader.engine.submit(job) for job in jobs]
    assert all(len(grader.engine.result(number).cells[0].outputs) == 3 for number in numbers)


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("quick_restart")
def test_a_judge_that_dies_is_replaced_and_its_jobs_repeated(plain_grader):
    engine = plain_grader.engine
    slow = plain_grader.job("import time; time.sleep(1)", ("answer = 42", "TestAnswer"))
    number = engine.submit(slow)
    time.sleep(0.3)
    os.kill(engine._process.pid, signal.SIGKILL)
    assert passed(engine.result(number).cells[1].reports) == [True]


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("quick_restart")
def test_a_job_over_which_the_judge_dies_again_is_given_up_alone(plain_grader, monkeypatch):
    engine = plain_grader.engine
    ordinary = Engine._take

    def take(self: Engine, message: dict) -> None:
        """Stands for a submission that brings the judge down: its result never comes."""
        if message["id"] == deadly:
            self._process.kill()
            self._process.wait()
            ordinary(self, {"fatal": True, "problem": "died"})
        ordinary(self, message)

    deadly = engine.submit(plain_grader.job("1"))
    monkeypatch.setattr(Engine, "_take", take)
    others = [engine.submit(plain_grader.job(("answer = 42", "TestAnswer"))) for _ in range(3)]
    assert engine.result(deadly).problem == "died, 2 times with this submission at work"
    assert all(passed(engine.result(number).cells[0].reports) == [True] for number in others)


# ---- plans that can't work


def start(file: Path, *groups: str, **settings: object) -> Engine:
    return Engine(Settings(sandbox="process", **settings), Plan(tuple(Checks(str(file), group) for group in groups)))


@pytest.mark.parametrize(
    ("text", "groups", "message"),
    [
        ("class TestOne:\n    def test_a(self): ...\n", ("TestTwo",), r"no hidden checks found for .*test_broken\.py::TestTwo"),
        ("class TestOne:\n    def helper(self): ...\n", ("TestOne",), r"no hidden checks found for .*::TestOne"),
        ("import nothing_of_this_name\n", ("TestOne",), "No module named 'nothing_of_this_name'"),
        ("class TestOne(:\n", ("TestOne",), "SyntaxError"),
    ],
)
@pytest.mark.usefixtures("quick_restart")
def test_checks_that_cant_be_collected_are_told_before_the_first_student(tmp_path, text, groups, message):
    (tmp_path / "test_broken.py").write_text(text)
    engine = start(tmp_path / "test_broken.py", *groups)
    with pytest.raises(EngineError, match=message):
        engine.wait_until_ready()
    assert engine._process.poll() is not None


def test_checks_are_looked_for_in_the_course_first(tmp_path):
    for folder in ("course", "package"):
        (tmp_path / folder / "checks").mkdir(parents=True)
        (tmp_path / folder / "checks" / "test_tiny.py").write_text("")
    roots = [tmp_path / "course", tmp_path / "package"]
    found = resolve_checks(Checks("checks/test_tiny.py", "TestArea"), roots)
    assert found == Checks(str(tmp_path / "course" / "checks" / "test_tiny.py"), "TestArea")
    (tmp_path / "course" / "checks" / "test_tiny.py").unlink()
    assert str(tmp_path / "package") in resolve_checks(Checks("checks/test_tiny.py", "TestArea"), roots).file
    with pytest.raises(EngineError, match=r"no file checks/test_other\.py below .*course, .*package"):
        resolve_checks(Checks("checks/test_other.py", "TestArea"), roots)


def test_a_check_files_own_place_doesnt_matter(grader):
    assert course.ROOT in Path(next(iter(grader.groups.values())).file).parents


@pytest.mark.parametrize(("deaths", "problem"), [(1, ""), (2, "the judging process ended without a result")])
def test_a_judging_process_that_ends_is_tried_once_more(tmp_path, deaths, problem):
    died = tmp_path / "died"
    check = f"import os\nclass TestOne:\n    def test_a(self):\n        with open({str(died)!r}, 'a') as file: file.write('x')\n"
    check += f"        if os.path.getsize({str(died)!r}) <= {deaths}: os._exit(3)\n"
    (tmp_path / "test_dying.py").write_text(check)
    engine = start(tmp_path / "test_dying.py", "TestOne")
    engine.wait_until_ready()
    cell = Cell(0, "one", "x = 1", Checks(str(tmp_path / "test_dying.py"), "TestOne"))
    result = engine.result(engine.submit(Job("tiny", "ada", (cell,), {})))
    engine.close()
    assert result.problem == problem
    assert died.read_text() == "xx"
    assert [report.passed for each in result.cells.values() for report in each.reports] == ([] if problem else [True])
