"""Given helpers that checks call: a student's names, whatever they stand for, don't get in their way."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest
from graded_solutions import Class, Solution, read_solutions, solutions_folder, solved

from autograder.authoring.course import ROOT
from autograder.checking.given import helper
from autograder.feedback.cell_report import report_text
from autograder.jobs.cells import is_locked
from autograder.jobs.defined import parsed
from autograder.jobs.score import points_of
from autograder.jobs.submission import Cell
from autograder.settings import Settings

TASKS = [("convnets", "fit"), ("parameter_efficiency", "equivariance_error"), ("receptive_fields", "layers_of"), ("rnn_design", "Translator"),
         ("training_pipeline", "random_search"), ("training_pipeline", "train_one_epoch"), ("transfer_learning", "freeze")]  # fmt: skip


def cells(*sources: str, own: tuple[int, ...] = ()) -> list[Cell]:
    return [Cell(number, f"cell{number}", source, None, number not in own) for number, source in enumerate(sources)]


def made(name: str, *sources: str, own: tuple[int, ...] = (), notebook: dict | None = None):
    """The helper ``name`` as the student's process makes it."""
    found = helper(cells(*sources, own=own), len(sources), name)
    space = {need: (notebook or {})[need] for need in found.needs}
    for statement in found.statements:
        exec(statement, space)
    return space[name]


def test_a_helper_comes_with_what_it_needs_of_the_given_cells():
    given = (
        "import math\nfrom os import path as way, sep",
        "def half(n): return n // 2",
        "def area(r): return half(r) * math.pi, way, sep",
    )
    assert made("area", *given)(4)[0] == pytest.approx(2 * 3.14159, rel=1e-4)
    assert made("area", *given, "def half(n): raise ValueError\nmath = way = 1", own=(3,))(4)[0] > 6
    assert helper(cells(*given), 3, "area").needs == ()


def test_a_class_keeps_its_base_and_a_function_may_call_itself():
    given = (
        "class Base: size = 3",
        "class Net(Base):\n    def twice(self): return [count(self.size), Net]",
        "def count(n): return n and 1 + count(n - 1)",
    )
    assert made("Net", *given)().twice()[0] == 3


def test_imports_in_branches_are_found_and_magics_left_out():
    given = ("%matplotlib inline\ntry:\n    import math\nexcept ImportError:\n    raise", "def root(x): return math.sqrt(x)")
    assert made("root", *given)(9) == 3


def test_variables_are_the_notebooks_unless_a_students_cell_sets_the_name():
    given = ("limit = 3\nbig = list(range(limit))", "def below(n): return n < limit, big")
    assert helper(cells(*given), 2, "below").needs == ("big", "limit")
    assert made("below", *given, notebook={"limit": 5, "big": []})(4) == (True, [])
    assert made("below", *given, "limit = 'mine'", own=(2,), notebook={"big": []})(4) == (False, [])


@pytest.mark.parametrize(
    ("sources", "own"),
    [(("def f(): pass",), (0,)), (("f = 1",), ()), (("x = 1",), ()), (("def f(): pass\nf = 1",), ()), ((), ()), (("def f(: pass",), ())],
)  # fmt: skip
def test_what_no_given_cell_defines_is_the_students(sources, own):
    assert helper(cells(*sources, own=own), 9, "f") is None


def test_only_cells_above_the_check_count():
    assert helper(cells("x = 1", "def f(): pass"), 0, "f") is None


def test_names_local_to_a_function_pull_nothing_in():
    given = ("def layers(): raise ValueError\nsize = 1 / 0", "def f(size):\n    layers = [size]\n    return [size for layers in layers]")
    assert helper(cells(*given), 2, "f").statements == (ast.unparse(ast.parse(given[1])),)


def asked(assignment: str) -> list[str]:
    """Names of functions and classes of the given cells that the assignment's checks ask for."""
    checks = (ROOT / "autograder" / "checks" / f"test_{assignment}.py").read_text("utf-8")
    given = [cell for cell in solved(assignment) if cell.cell_type == "code" and is_locked(cell)]
    definitions = [node for cell in given for node in getattr(parsed(cell.source), "body", [])]
    names = {node.name for node in definitions if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return sorted(name for name in names if re.search(rf'["\']{name}["\']', checks))


def test_the_checks_ask_for_given_helpers():
    known = {
        "LinearNet",
        "make_layer",
        "build_features",
        "copy_of",
        "translator_scores",
        "small_net",
        "gradient_descent",
        "one_pass",
        "reseeding",
    }
    assert known <= {name for assignment, _ in TASKS for name in asked(assignment)}


@pytest.mark.parametrize("own", ["def {}(*_, **__): raise KeyError('her own')", "{} = None", "class {}:\n    pass"])
def test_a_students_own_helpers_may_bear_the_names_of_given_ones(level, own):
    """Of each task that a check with given helpers decides on, one right solution with all their names used otherwise."""
    replaced = []
    for assignment, task in TASKS if own.startswith("def") else TASKS[:1]:
        right = next(one for one in read_solutions(solutions_folder(assignment) / f"{task}.py") if one.right)
        source = "\n".join([right.source, *(own.format(name) for name in asked(assignment))])
        replaced.append(replace(right, name=f"names of given helpers: {own}", source=source))
    for assignment in dict.fromkeys(one.assignment for one in replaced):
        _expect_full([one for one in replaced if one.assignment == assignment], level)


def _expect_full(solutions: list[Solution], level: str) -> None:
    graded = Class(solutions[0].assignment, solutions, Settings(level))
    try:
        results = [graded.result(solution, 0) for solution in solutions]
    finally:
        graded.close()
    for solution, result in zip(solutions, results, strict=True):
        last = result.cells[max(result.cells)]
        assert points_of(last, 1.0) == 1.0, f"{solution}\n{report_text(last, 0, 1)}"
