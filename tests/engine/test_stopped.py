"""What is told of cells that stopped, and habits that don't stop one, with the real engine."""

from __future__ import annotations

import pytest

from autograder.checking.stopped import Course, Stop, stop_of
from autograder.jobs.submission import Cell


def course(*sources: str, at: int | None = None, **stops: Stop) -> Course:
    cells = [Cell(index, f"cell{index}", source) for index, source in enumerate(sources)]
    return Course(cells, {int(name[4:]): stop for name, stop in stops.items()}, len(cells) - 1 if at is None else at)


@pytest.mark.parametrize(
    ("made", "said"),
    [(course("x = 1"), "no cell above defines it. Was its cell deleted, or is the name spelled otherwise?"), (course("def aera(): pass"), "no cell above defines it, but there is a `aera`. Is the name"),
     (course("x = 1", "area = 2", at=0), "it is defined further down only, in cell `cell1`."), (course("if 0:\n    area = 1"), "cell `cell0` names it, but left it undefined."),
     (course("area = input()", cell0=Stop("EOFError: nobody", 1)), "Cell `cell0`, which should define it, stopped in line 1: EOFError: nobody."),
     (course("area = 1", "area = 2", cell0=Stop("ValueError")), "cell `cell1` names it, but left it undefined."),
     (course("def outer():\n    def area(): pass"), "cell `cell0` defines it within another function or class only. Is it indented too far?"),
     (course("side = oops", "area = side", cell0=Stop("ImportError: no", 2), cell1=Stop("NameError: name 'side' is not defined", 1)),
      "stopped in line 1: NameError: name 'side' is not defined. Cell `cell0`, which should define `side`, stopped in line 2: ImportError: no."),
     (course("area = area", cell0=Stop("NameError: name 'area' is not defined", 1)), "Cell `cell0`, which should define it, stopped in line 1: NameError: name 'area' is not"),
     (course("def area[T](): pass", cell0=Stop("SyntaxError", 1, "Hint.")), "Cell `cell0`, which should define it, stopped in line 1: SyntaxError. Hint.")],
)  # fmt: skip
def test_a_missing_name_is_explained(made, said):
    text = made.missing("area")
    assert text.startswith("`area` is not defined after this cell") and said in text


def test_cells_that_lack_each_others_names_are_told_of_up_to_the_third():
    missing = [Stop(f"NameError: name 'x{number + 1}' is not defined", 1) for number in range(5)]
    made = course(*(f"x{number} = x{number + 1}" for number in range(5)), **{f"cell{number}": stop for number, stop in enumerate(missing)})
    assert made.missing("x0").count("which should define") == 3


@pytest.mark.parametrize(
    ("made", "said"),
    [(course("x = 1"), "No cell above defines `area`."), (course("aera = 1"), "No cell above defines `area`, but there is a `aera`."),
     (course("area = 1"), ""), (course("from math import *"), ""), (course(), ""),
     (course("area = 1", cell0=Stop("ValueError", 1)), "Cell `cell0`, which should define it, stopped in line 1: ValueError.")],
)  # fmt: skip
def test_a_name_that_code_asks_for_in_vain_is_explained(made, said):
    assert made.undefined("area") == said and made.undefined("") == ""


@pytest.mark.parametrize("claimed", [0, -1, 3, True, "1", None, [1], 10**30])
def test_a_line_that_a_cell_doesnt_have_is_not_told(claimed):
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no\nsecond line", "traceback": []}
    assert str(stop_of("x\ny", [error], claimed)) == "stopped: ValueError: no."
    assert str(stop_of("x\ny", [error], 2)) == "stopped in line 2: ValueError: no."
    assert stop_of("x\ny", [], claimed) is None


def outputs(grader, *cells: str) -> list[str]:
    """What cells displayed, in short."""
    result = grader.grade(*cells)
    shown = [[output.get("text") or output.get("ename") or "" for output in result.cells[index].outputs] for index in range(len(cells))]
    return ["|".join(texts).strip() for texts in shown]


def test_questions_end_their_cell_at_once_and_in_words(plain_grader):
    asked = (
        "x = input('Name? ')",
        "import getpass\ngetpass.getpass()",
        "while True:\n    if input() == 'y':\n        break",
        "print('on')",
    )
    assert outputs(plain_grader, *asked) == ["EOFError", "EOFError", "EOFError", "on"]


@pytest.mark.parametrize(
    ("habit", "note"),
    [("%load_ext nowhere_to_be_found", "`%load_ext nowhere_to_be_found` isn't there while grading"), ("%nowhere_magic 1", "`%nowhere_magic` isn't known while grading"),
     ("%%nowhere_cell\n", "`%%nowhere_cell` isn't known while grading"), ("import matplotlib\nmatplotlib.use('TkAgg')", "the display 'TkAgg' isn't there")],
)  # fmt: skip
def test_habits_that_need_what_isnt_there_leave_the_rest_of_the_cell(plain_grader, habit, note):
    (shown,) = outputs(plain_grader, f"{habit}\nprint('reached')")
    assert "reached" in shown and note in shown


def test_the_notebooks_folder_is_found_in_the_known_ways(plain_grader):
    ways = "import os\nhere = os.getcwd()\nassert _dh[0] == get_ipython().starting_dir == here\n%cd -q ..\n%cd -q -\nprint(os.getcwd() == here)"
    assert outputs(plain_grader, ways) == ["True"]


POOLS = {
    "threads": "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)",
    "thread pool": "from multiprocessing.pool import ThreadPool\npool = ThreadPool(2)",
    "processes": "from multiprocessing import Pool\npool = Pool(2)",
}


@pytest.mark.parametrize("kind", POOLS)
def test_a_pool_of_an_earlier_cell_works_while_checks_run(plain_grader, kind):
    source = f"{POOLS[kind]}\nlist(pool.map(abs, [1, 2]))\ndef slow(): return sum(pool.map(abs, [0, -1]))\nquick = slow"
    assert [report.message for report in plain_grader.reports(source, "TestTime") if not report.passed] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [("x = 1\nanswer = int(input())", "stopped in line 2: EOFError: nobody can answer `input()` while grading."), ("answer = )", "stopped in line 1: SyntaxError: unmatched ')'."),
     ("def f():\n    return 1 / 0\n\nanswer = f()", "stopped in line 4: ZeroDivisionError: division by zero."), ("%%time\nanswer = 1 / 0", "ZeroDivisionError: division by zero."),
     ("import numpy as np\nanswer = np.product([6, 7])", "where `np.prod` does the same."), ("while True: pass\nanswer = 42", "ran longer than the 2 s allowed and was interrupted.")],
)  # fmt: skip
def test_a_check_says_how_the_cell_stopped_that_should_define_a_name(plain_grader, source, said):
    (report,) = plain_grader.grade(source, ("print('checked')", "TestAnswer")).cells[1].reports
    assert report.message.startswith(
        "`answer` is not defined after this cell. Cell `cell0`, which should define it, "
    ) and report.message.endswith(said)


@pytest.mark.parametrize("raised", ["exec('secret4' + '2')", "raise NameError(\"name '%s' is not defined\" % ('secret4' + '2'))"])
def test_a_name_that_was_made_up_while_code_ran_is_not_told(plain_grader, raised):
    (report, _) = plain_grader.reports(f"def double(x): {raised}", "TestDouble")
    assert "secret42" not in repr(report) and "`double` raised NameError" in report.message


def test_a_name_that_a_function_misses_is_explained_too(plain_grader):
    (report, _) = (
        plain_grader.grade("raise ValueError('x')\nhelp_me = 1", ("def double(x): return help_me * x", "TestDouble")).cells[1].reports
    )
    assert "`double` raised NameError" in report.message
    assert report.message.endswith("Cell `cell0`, which should define it, stopped in line 1: ValueError: x.")
