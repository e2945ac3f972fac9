"""The mutants of `make mutants`: what is changed, and that the list of the harmless ones is about mutants there are."""

from __future__ import annotations

import ast

import pytest
from graded_solutions import tasks
from mutants.mutate import mutants
from mutants.table import ANY, RECIPES, as_solution, chosen, line_of, mutants_of, reasons, reference

from autograder.authoring.course import assignments

ALL_TASKS = [(assignment, task) for assignment in assignments() for task in tasks(assignment)]

EXAMPLES = {
    "operator": ("a + b", {"a - b"}),
    "operator of words": ('"a" + b', set()),
    "in brackets": ("(a + b) / (c)", {"(a - b) / (c)", "(a + b) * (c)"}),
    "added up": ("a += b", {"a -= b", "a = b"}),
    "comparison": ("a < b", {"a <= b", "a > b"}),
    "chain": ("a < b == c", {"a <= b == c", "a > b == c", "a < b != c"}),
    "and": ("a and b", {"a or b"}),
    "not": ("not a", {"a"}),
    "sign": ("-a", {"a"}),
    "whole number": ("[7]", {"[8]", "[6]"}),
    "zero": ("[0]", {"[1]"}),
    "decimal": ("[0.5]", {"[1.0]", "[0.05]"}),
    "flag": ("[True]", {"[False]"}),
    "condition": ("a if b else c", {"a if True else c", "a if False else c"}),
    "guard": ("if a:\n    b", {"if True:\n    b", "if False:\n    b"}),
    "words of an error": ('raise ValueError(f"{a + b}")', set()),
    "call for its effect": ("a.zero_grad()", {"pass"}),
    "assignment": ("a = b", {"pass"}),
    "name of a function": ("np.max(a)", {"np.min(a)", "pass"}),
    "two arguments": ("f(a, b)", {"f(b, a)", "pass"}),
    "axis": ("f(a, axis=0)", {"f(a)", "f(a, axis=1)", "pass"}),
    "bound": ("a[b:]", {"a[b + 1:]"}),
    "index": ("a[b]", {"a[b + 1]"}),
    "set": ("{a, b}", {"{b}", "{a, }"}),
    "table": ("{1.5: a, b: c}", {"{3.0: a, b: c}", "{0.15: a, b: c}", "{1.5: c, b: a}"}),
    "other letters": ('f("ä", a + b)', {'f("ä", a - b)', "pass"}),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_changes(text, expected):
    assert {mutant.source for mutant in mutants(text)} == expected


def test_a_mutant_shows_its_line():
    mutant = next(iter(mutants("a = 1\nb = a + 1\n", first=2)))
    assert mutant.line == 2
    assert str(mutant) == "b = a + 1  →  pass"


@pytest.mark.parametrize(("assignment", "task"), ALL_TASKS)
def test_every_task_has_mutants_that_differ_from_its_reference_answer(assignment, task):
    found = mutants_of(assignment, task)
    assert found
    assert len({mutant.source for mutant in found}) == len(found)
    assert all(mutant.source != reference(assignment, task) for mutant in found)
    assert len({str(as_solution(assignment, task, mutant)) for mutant in found}) == len(found)


def test_harmless_mutants_exist_and_have_a_reason():
    for (assignment, task, change), reason in reasons().items():
        known = {ANY} if stored(assignment, task) else {str(mutant) for mutant in mutants_of(assignment, task)}
        assert change in known, f"{assignment} {task}: there is no mutant {change}"
        assert len(reason.split()) >= 4


def stored(assignment: str, task: str) -> bool:
    """Whether the answer of a task is a value rather than a function or a class."""
    return not any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in ast.parse(reference(assignment, task)).body)


def test_recipes_are_tasks():
    assert {(assignment, task) for assignment, names in RECIPES.items() for task in names} <= set(ALL_TASKS)


def test_choice_of_tasks():
    assert chosen(["convnets:fit", "convnets:CNN"]) == {"convnets": ["fit", "CNN"]}
    assert list(chosen([])) == assignments()
    with pytest.raises(SystemExit, match="not 'convnets:nothing'"):
        chosen(["convnets:nothing"])


def test_row():
    row = line_of(
        "a b",
        {"right": 4, "right passed": 4, "wrong": 8, "wrong caught": 7, "mutants": 5, "caught": 3, "equivalent": 1}
        | dict.fromkeys(("as good", "survivors"), 0),
    )
    assert row == "| a b | 4 of 4 | 7 of 8 | 5 | 3 | 1 | 0 | 0 |"
