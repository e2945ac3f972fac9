"""Right and wrong solutions of every task, graded by the real engine: right ones earn all, wrong ones are told why.

``tests/chapters/<id>/solutions/<task>.py`` holds the solutions of one task in percent format, each under a heading::

    # %% right: with two loops
    # %% wrong: forgets the padding => "words of the message that the student reads"
    # %% wrong: forgets padding and stride => "words on the padding" and "words on the stride"

Each of these words stands in the report, and the report names no mistake but with some of them: a sentence that names another
mistake than the one that was made fails here, whichever solution of the task it is said to. Where it is true, it is added to
the heading; `make told` prints what all of them are told.

``SOLUTION_SEEDS=20`` draws the checks' inputs that many times.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence

import nbformat
import pytest
from graded_solutions import Class, Solution, all_solutions, role, tasks

from autograder.authoring.course import ROOT, assignments
from autograder.feedback.cell_report import report_text
from autograder.jobs.cells import grade_id
from autograder.jobs.score import CheckReport, points_of
from autograder.settings import Settings

SEEDS = int(os.environ.get("SOLUTION_SEEDS", "1"))
RIGHT, WRONG = 4, 8  # at least so many a task

SOLUTIONS = all_solutions()


@pytest.fixture(scope="module")
def classes(request: pytest.FixtureRequest, level: str) -> Iterator[dict[str, Class]]:
    """A class of the chosen solutions for each assignment, made when its first result is asked for."""
    chosen = [item.callspec.params["solution"] for item in request.session.items if "solution" in getattr(item, "fixturenames", ())]
    made: dict[str, Class] = {}

    class Lazy(dict):
        def __missing__(self, assignment: str) -> Class:
            for other in made.values():
                other.close()  # conftest.py keeps an assignment's solutions together: those of the others are done
            mine = [solution for solution in chosen if solution.assignment == assignment]
            made[assignment] = self[assignment] = Class(assignment, mine, Settings(level), SEEDS)
            return made[assignment]

    yield Lazy()
    for each in made.values():
        each.close()


@pytest.mark.parametrize("solution", SOLUTIONS, ids=str)
def test_right_solutions_earn_all_and_wrong_ones_are_told_why(classes, solution):
    for seed in range(SEEDS):
        result = classes[solution.assignment].result(solution, seed)
        index = max(result.cells)
        earned, report = points_of(result.cells[index], 1.0), report_text(result.cells[index], 0, 1)
        notes = "\n".join(cell.note for cell in result.cells.values() if cell.note)
        assert not result.problem
        assert (earned == 1.0) == solution.right, f"seed {seed}, earned {earned:.0%}\n{report}\n{notes}"
        for words in solution.words[: None if seed == 0 else 1]:
            assert words in report, f"seed {seed}: {words!r} is not in\n{report}\n{notes}"
        untrue = undeclared(solution, result.cells[index].reports or [])
        assert not untrue, f"seed {seed}: is it true that\n  {untrue}? Then declare it, else mend the check.\n{report}"


def undeclared(solution: Solution, reports: Sequence[CheckReport]) -> str:
    """The first sentence of the reports that names a mistake, but none that the solution declares; empty if there is none."""
    return next((r.diagnosis for r in reports if r.diagnosis and not any(words in r.diagnosis for words in solution.words)), "")


def test_a_mistake_that_a_solution_does_not_declare_is_found():
    solution = Solution("a", "f", False, "flips", ("flipped", "the sign"), "")
    told = [
        CheckReport("Values", False, message=text, diagnosis=text) for text in ("It is flipped.", "", "Mind the sign.", "It is turned.")
    ]
    assert undeclared(solution, told[:3]) == ""
    assert undeclared(solution, told) == "It is turned."


@pytest.mark.parametrize("assignment", assignments())
def test_what_is_still_to_be_written_earns_nothing(level, assignment):
    """Also where functions and methods do nothing instead of saying so: no check passes on the absence of an answer."""
    cells = nbformat.read(ROOT / "release" / assignment / f"{assignment}.ipynb", 4).cells
    sources = {grade_id(cell): cell.source.replace("raise NotImplementedError()", "pass") for cell in cells if role(cell) == "solution"}
    solutions = [Solution(assignment, task, False, "nothing", (), sources[task]) for task in tasks(assignment)]
    graded = Class(assignment, solutions, Settings(level))
    try:
        results = [graded.result(solution, 0) for solution in solutions]
    finally:
        graded.close()
    earned = [points_of(result.cells[max(result.cells)], 1.0) for result in results]
    assert dict(zip(tasks(assignment), earned, strict=True)) == dict.fromkeys(tasks(assignment), 0.0)


@pytest.mark.parametrize("assignment", assignments())
def test_every_task_has_enough_solutions(assignment):
    mine = [solution for solution in SOLUTIONS if solution.assignment == assignment]
    for right, least in ((True, RIGHT), (False, WRONG)):
        short = [t for t in tasks(assignment) if sum(s.task == t and s.right == right for s in mine) < least]
        assert not short, f"{assignment}: fewer than {least} {'right' if right else 'wrong'} solutions of {', '.join(short)}"


def test_solutions_are_of_tasks_that_exist():
    assert {(s.assignment, s.task) for s in SOLUTIONS} <= {(a, t) for a in assignments() for t in tasks(a)}


def test_no_solution_stands_twice():
    sources = [(s.assignment, s.task, ast.dump(ast.parse(s.source))) for s in SOLUTIONS]
    assert len(set(sources)) == len(sources)
