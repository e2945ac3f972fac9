"""Visible checks meet typical first attempts: what a student is told is the notebook's own sentence, in few lines, and never stops a run.

The cells are run as the notebook has them, in one process for an assignment, with the course's functions where a check needs
those of other tasks; what is trained for seconds is left out.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from autograder.authoring.course import ROOT, assignments
from autograder.jobs.cells import grade_id, is_answer, is_checked
from autograder.jobs.submission import visible_source

pytestmark = pytest.mark.filterwarnings("ignore")
HELPERS = ("checking", "received-values", "visible-checks", "visible-checks-of-tasks")
LABEL = re.compile(r'^with checking\("(\d+(?:\.\d+)?) (\w+)"\):', re.MULTILINE)
FROM_INSIDE = re.compile(
    r"(ValueError|AttributeError|RuntimeError|IndexError|KeyError|TypeError|UnboundLocalError|ZeroDivisionError|StopIteration)\b"
)
LINES = 30  # most of a message, two arrays of ten rows among them
SLOW = ("_predictions", "race", "sentiment_model", "translations")  # values that are trained


def cells(assignment: str) -> list[nbformat.NotebookNode]:
    return nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", 4).cells


def checks(assignment: str) -> list[str]:
    return [visible_source(cell.source) for cell in cells(assignment) if is_checked(cell)]


def task_of(check: str) -> str:
    return LABEL.search(check)[2]


ALL = [(assignment, task_of(check)) for assignment in assignments() for check in checks(assignment)]


@cache
def solved(assignment: str) -> dict[str, Any]:
    """The notebook's names after all cells but the checks, those that draw or print, and those that train."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(ROOT / "source" / assignment):
        for cell in cells(assignment):
            trains = (grade_id(cell) or "").endswith(SLOW)
            if cell.cell_type == "code" and not is_checked(cell) and not cell.id.startswith(("look-", "summary")) and not trains:
                exec(compile(cell.source, f"<cell {cell.id}>", "exec"), names)
    return names


def first_attempts(names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a first version of a function returns, or stands in a value that is asked for."""
    np, torch = names["np"], names.get("torch")
    yield "None", None
    yield "a text", "abc"
    yield "a ragged list", [[1], [2, 3]]
    yield "a pair where a number is expected", [((5, 5), 1, 2, 1)]
    yield "a number", 3
    yield "an empty list", []
    yield "of another shape", np.zeros((7, 1, 2))
    yield "too many values", (1, 2, 3, 4, 5)
    yield "a dictionary of other names", {"a": None}
    yield "a function", print
    if torch is not None:
        yield "a tensor that requires gradients", torch.ones(3, requires_grad=True)
        yield "a list of such tensors", [torch.ones(2, requires_grad=True)] * 3


def stand_in(right: Any, returned: Any, names: dict[str, Any]) -> Any:
    """A function, or a class of models, in the place of ``right`` whose result is ``returned``; else that itself."""
    if isinstance(right, type):

        class FirstAttempt(names["nn"].Module):
            def __init__(self, *arguments: Any, **options: Any) -> None:
                super().__init__()
                self.layer = names["nn"].Linear(1, 1)

            def forward(self, *arguments: Any) -> Any:
                return returned

        return FirstAttempt
    return (lambda *arguments, **options: returned) if callable(right) else returned


def failure(assignment: str, task: str, **changed: Any) -> tuple[Any, dict[str, Any]]:
    """What a task's visible check raises where these names are changed, and the names then; None if it is content."""
    check = next(check for check in checks(assignment) if task_of(check) == task)
    names = dict(solved(assignment)) | changed
    for name in [name for name, value in changed.items() if value is MISSING]:
        del names[name]
    names["task_outcomes"].clear()
    with contextlib.chdir(ROOT / "source" / assignment):
        try:
            exec(compile(check, f"<cell check-{task}>", "exec"), names)
        except BaseException as error:
            return error, names
    return None, names


MISSING = SimpleNamespace()


@pytest.mark.parametrize(("assignment", "task"), ALL, ids=[f"{assignment}-{task}" for assignment, task in ALL])
def test_a_first_attempt_is_told_what_came(assignment, task):
    names = solved(assignment)
    told = {}
    for kind, value in first_attempts(names):
        error, after = failure(assignment, task, **{task: stand_in(names.get(task), value, names)})
        if error is None:  # such as a function that may return whatever it likes
            continue
        assert type(error).__name__ == "CheckFailed", f"{kind}: {error!r}"
        said = str(error).partition(": ")[2]
        told[kind] = said
        if FROM_INSIDE.match(said):
            told[kind] = f"from inside: {said}"
        assert 10 < len(str(error)) < 3000 and len(error._render_traceback_()[0].splitlines()) <= LINES, f"{kind}: {error}"
        assert after["task_outcomes"] == {str(error).partition(": ")[0].removeprefix("Task "): said}
    assert [f"{kind}: {said}" for kind, said in told.items() if said.startswith("from inside")] == []
    assert told, "nothing is wrong for this check"


@pytest.mark.parametrize(("assignment", "task"), ALL, ids=[f"{assignment}-{task}" for assignment, task in ALL])
def test_a_task_that_is_not_written_or_not_there_is_said_to_be(assignment, task):
    def unwritten(*arguments: Any, **options: Any) -> None:
        raise NotImplementedError

    right = solved(assignment).get(task)
    value = unwritten if callable(right) else type(right)() if isinstance(right, (set, dict)) else None
    error, names = failure(assignment, task, **{task: value})
    assert type(error).__name__ == "CheckFailed" and re.match(r"Task [\d.]+ \w+: not written yet", str(error)), repr(error)
    assert len(str(error).splitlines()) == 1 and next(iter(names["task_outcomes"].values())).startswith("not written yet")
    error, _ = failure(assignment, task, **{task: MISSING})
    assert type(error).__name__ == "CheckFailed" and f"name '{task}' is not defined. Was the cell above run" in str(error)


@pytest.mark.parametrize(("assignment", "task"), ALL, ids=[f"{assignment}-{task}" for assignment, task in ALL])
def test_an_exception_of_the_students_is_shown_with_its_place(assignment, task):
    right = solved(assignment).get(task)
    if not callable(right):
        pytest.skip("a value raises nothing")
    names = dict(solved(assignment))
    exec(compile(f"def {task}(*arguments, **options):\n    return [].shape\n", "<cell mine>", "exec"), names)
    error, _ = failure(assignment, task, **{task: names[task]})
    assert str(error).partition(": ")[2].startswith("AttributeError: 'list' object has no attribute 'shape'"), str(error)
    assert f"in `{task}`, line 2 of its cell" in str(error)


@pytest.mark.parametrize("assignment", assignments())
def test_helper_cells_of_the_same_name_are_the_same(assignment):
    first = {cell.id: cell.source for cell in cells(assignments()[0])}
    own = {cell.id: cell.source for cell in cells(assignment)}
    for name in HELPERS[:2]:
        assert own[name] == first[name]


@pytest.mark.parametrize("assignment", assignments())
def test_checks_are_called_as_the_headings_call_their_tasks_and_the_last_cell_names_them_all(assignment):
    source = cells(assignment)
    numbers: list[str] = []
    for cell in source:
        if cell.cell_type == "markdown" and (
            found := re.search(r"^##+ Tasks? ([\d.]+)(?: and ([\d.]+))? `(\w+)", cell.source, re.MULTILINE)
        ):
            numbers += [number for number in found.groups()[:2] if number]
    labels = [LABEL.match(check).groups() for check in checks(assignment)]
    assert [number for number, _ in labels] == numbers
    names = [(grade_id(cell) or "").removeprefix("check_") for cell in source if is_checked(cell)]
    assert [name for _, name in labels] == names
    assert source[-1].id == "summary"
    assert re.findall(r'^    "([\d.]+) (\w+)",$', source[-1].source, re.MULTILINE) == labels


@pytest.mark.parametrize("assignment", assignments())
def test_only_the_first_cell_of_code_stops_a_run(assignment):
    stopping = [cell.id for cell in cells(assignment) if cell.cell_type == "code" and cell.metadata.get("tags") != ["raises-exception"]]
    assert stopping == ["environment"]
    assert all(grade_id(cell) for cell in cells(assignment)), "nbgrader knows each cell"
    assert not any(is_answer(cell) for cell in cells(assignment)[-2:])


@pytest.mark.parametrize("assignment", assignments())
def test_the_last_cell_sums_up(assignment, capsys):
    names = dict(solved(assignment))
    last = cells(assignment)[-1].source
    labels = [" ".join(LABEL.match(check).groups()) for check in checks(assignment)]
    said = ("passes its visible checks", "not written yet")
    names["task_outcomes"] = dict(zip(labels, said, strict=False)) | {"9.9 another": "gone"}
    capsys.readouterr()  # what the other cells printed
    exec(last, names)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(labels) + 1
    assert all(line.endswith(text) for line, text in zip(lines[: len(labels)], said, strict=False))
    assert all("not checked" in line for line in lines[2:-1])
    assert lines[-1].startswith(f"1 of {len(labels)} tasks pass their visible checks.")
