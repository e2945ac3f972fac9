"""Which tests of one chapter `make check` runs, which part of what is proven, and what its last screen says."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from types import SimpleNamespace

import chapter_screen
import choosing
import proofs
import pytest
import scheduling
from recipes.table import read_recipes

from autograder.authoring.course import CHAPTERS, ROOT, assignments

ONE, OTHER = assignments()[:2]
RECIPES = "what recipes reach"


def collected(*options: str) -> list[str]:
    """The tests that pytest would run with these options, or what it says instead."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *options]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [line for line in (result.stdout + result.stderr).splitlines() if "::" in line or "ERROR" in line]


@pytest.fixture(scope="module")
def of_all_chapters() -> list[str]:
    files = [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if scheduling.kind_of(path)]
    return collected(*files)


def by_need(name: str) -> dict[str, bool]:
    """Of what not every chapter needs, whether this one has it."""
    has_recipe = any(recipe.assignment == name for recipe in read_recipes())
    return {RECIPES: has_recipe, "worked numbers": (CHAPTERS / name / "test_worked_numbers.py").exists()}


@pytest.mark.parametrize("name", assignments())
def test_a_chapters_id_selects_tests_of_every_kind(of_all_chapters, name):
    mine = [test for test in of_all_chapters if scheduling.is_of_chapter(test, name)]
    kinds = Counter(scheduling.kind_of(ROOT / test.partition("::")[0]) for test in mine)
    missing = set(scheduling.OF_A_CHAPTER) - set(kinds)
    assert missing == {kind for kind, is_there in by_need(name).items() if not is_there}
    others = [other for other in assignments() if other != name]
    assert not [test for test in mine if any(f"{other}" in test.partition("[")[2].partition(" ")[0] for other in others)]


def test_the_option_selects_them_and_nothing_that_needs_the_built_book():
    found = collected(
        f"--chapter={ONE}", "tests/chapters/test_self_checks.py", "tests/chapters/test_sections.py", "tests/engine/test_compare.py"
    )
    assert {test.partition("::")[0] for test in found} == {"tests/chapters/test_self_checks.py", "tests/chapters/test_sections.py"}
    assert all(scheduling.is_of_chapter(test, ONE) and "browser" not in test for test in found)


def test_an_unknown_chapter_is_told_with_those_there_are():
    with pytest.raises(pytest.UsageError, match=f"no chapter is called 'convents': expected one of .*{ONE}.*{OTHER}"):
        choosing.demand_chapter("convents")
    choosing.demand_chapter(ONE)


@pytest.mark.parametrize(
    ("nodeid", "is_of_it"),
    [
        ("tests/chapters/test_release.py::test_it[convnets]", True),
        ("tests/chapters/test_release.py::test_it[BEGIN HIDDEN-convnets]", True),
        ("tests/project/test_project.py::test_it[book/convnets.ipynb]", True),
        ("tests/book/test_pyrun.py::test_it[convnets:run-kernel]", True),
        ("tests/chapters/test_solutions.py::test_it[convnets-conv2d-right: plain]", True),
        ("tests/chapters/convnets/test_reference.py::test_it[optimizers]", True),
        ("tests/chapters/test_release.py::test_it[convnets_3d]", False),
        ("tests/chapters/test_release.py::test_it[old_convnets]", False),
        ("tests/chapters/old_convnets/test_reference.py::test_it", False),
        ("tests/chapters/convnets_3d/test_worked_numbers.py::test_it", False),
        ("tests/chapters/test_solutions.py::test_it[optimizers-step-wrong: as in convnets - it]", False),
    ],
)
def test_a_test_is_of_a_chapter_by_its_file_or_its_parameters(nodeid, is_of_it):
    assert scheduling.is_of_chapter(nodeid, "convnets") == is_of_it


# ---- of what is proven, a part


def solution_item(solution: proofs.Solution) -> SimpleNamespace:
    return SimpleNamespace(
        nodeid=f"tests/chapters/test_solutions.py::{solution}",
        fixturenames=("classes", "solution"),
        callspec=SimpleNamespace(params={"solution": solution}),
    )


def sample_item(name: str, student: str, *fixtures: str) -> SimpleNamespace:
    return SimpleNamespace(
        nodeid=f"tests/chapters/test_sample_class.py::{student}",
        fixturenames=fixtures,
        callspec=SimpleNamespace(params={"name": name, "student": student}),
    )


SOLUTION_ITEMS = [solution_item(solution) for name in (ONE, OTHER) for solution in proofs.solutions_of(name)]
SAMPLE_ITEMS = [sample_item(name, student, "graded") for name in (ONE, OTHER) for student in proofs.samples_of(name)]
REST = [
    SimpleNamespace(nodeid="tests/chapters/test_sample_class.py::test_it", fixturenames=("graded",)),
    sample_item(ONE, "empty"),
    SimpleNamespace(
        nodeid="tests/project/test_first_look.py::test_it", fixturenames=("graded",), callspec=SimpleNamespace(params={"student": "ada"})
    ),
    SimpleNamespace(nodeid="tests/engine/test_wire.py::test_it", fixturenames=()),
]


def of(items, name: str) -> int:
    return sum(choosing.assignment_of(item) == name for item in items)


@pytest.mark.parametrize("proven", [(), (ONE,), (ONE, OTHER)])
def test_all_runs_of_what_changed_and_a_part_of_what_is_proven(monkeypatch, proven):
    monkeypatch.setattr(proofs, "is_proven", lambda name, kind: name in proven)
    left = list(choosing.left_out([*SOLUTION_ITEMS, *SAMPLE_ITEMS, *REST], "commit"))
    assert not [item for item in left if item in REST]
    for name in (ONE, OTHER):
        run = [item for item in SOLUTION_ITEMS if item not in left]
        assert of(run, name) == (5 * len(proofs.task_digests(name)) if name in proven else len(proofs.solutions_of(name)))
        students = {item.callspec.params["student"] for item in SAMPLE_ITEMS if item not in left and choosing.assignment_of(item) == name}
        assert students == (proofs.some_samples(proofs.samples_of(name), "commit") if name in proven else set(proofs.samples_of(name)))


def test_of_one_chapter_solutions_of_changed_tasks_run_and_three_samples(monkeypatch):
    first, *others = proofs.task_digests(ONE)
    monkeypatch.setattr(proofs, "is_proven", lambda name, kind: False)
    monkeypatch.setattr(proofs, "proven_tasks", lambda name: set(others))
    mine = [item for item in [*SOLUTION_ITEMS, *SAMPLE_ITEMS] if choosing.assignment_of(item) == ONE]
    left = list(choosing.left_out(mine, "commit", ONE))
    counted = Counter(item.callspec.params["solution"].task for item in mine if item not in left and "classes" in item.fixturenames)
    assert counted == {**dict.fromkeys(others, 5), first: sum(one.task == first for one in proofs.solutions_of(ONE))}
    assert sum(item not in left and "graded" in item.fixturenames for item in mine) == 3


def test_the_head_of_a_run_says_what_runs_whole(monkeypatch):
    monkeypatch.setattr(proofs, "is_proven", lambda name, kind: name == ONE and kind == "samples")
    solutions, samples = choosing.told("")
    assert solutions == f"solutions: all of {', '.join(assignments())}"
    assert samples.endswith(f"; a part, drawn anew for each commit, of {ONE}") and ONE not in samples.partition(";")[0]
    assert choosing.told(OTHER) == [f"solutions: all of {OTHER}", f"samples: all of {OTHER}"]


# ---- the last screen


def screen(*reports: tuple[str, str, str]) -> list[str]:
    made = chapter_screen.Screen(SimpleNamespace(option=SimpleNamespace(chapter=ONE)))
    for nodeid, when, outcome in reports:
        made.pytest_runtest_logreport(SimpleNamespace(nodeid=nodeid, when=when, outcome=outcome, duration=1.5))
    return made.lines()


def test_the_screen_says_what_is_right_what_is_wrong_and_what_was_not_tested():
    lines = screen(
        ("tests/chapters/test_solutions.py::test_right_solutions_earn_all_and_wrong_ones_are_told_why[a]", "call", "passed"),
        ("tests/chapters/test_release.py::test_it[a]", "setup", "passed"),
        ("tests/chapters/test_release.py::test_it[a]", "call", "passed"),
        ("tests/chapters/test_recipes.py::test_it[a]", "call", "failed"),
        ("tests/chapters/test_sample_class.py::test_it[a]", "setup", "failed"),
    )
    marks = {kind: line.split()[0] for line in lines for kind in scheduling.OF_A_CHAPTER if f"  {kind} " in line}
    assert marks == {
        **dict.fromkeys(scheduling.OF_A_CHAPTER, "--"), "solutions": "ok", "what students get": "ok", RECIPES: "WRONG",
        "sample submissions": "WRONG",
    }  # fmt: skip
    assert any("what students get" in line and line.endswith("1 passed, 3 s") for line in lines)
    assert any(line.startswith("NOT right: what recipes reach, sample submissions.") for line in lines)


def test_the_screen_says_what_is_left_and_what_proves_it():
    number = len(proofs.solutions_of(ONE))
    lines = screen(("tests/chapters/test_solutions.py::test_right_solutions_earn_all_and_wrong_ones_are_told_why[a]", "call", "passed"))
    left = next(line for line in lines if "make prove" in line)
    assert f"{number - 1} of {number} solutions and " in left and left.endswith(f"make prove ID={ONE}")
    assert any("Nothing wrong was found." in line for line in lines)
    assert not any("Nothing wrong" in line for line in screen())
