"""Right and wrong solutions of every task, graded by the real engine: right ones earn all, wrong ones are told why.

``tests/solutions/<id>/<task>.py`` holds the solutions of one task in percent format, each under a heading::

    # %% right: with two loops
    # %% wrong: forgets the padding => "words of the message that the student reads"

``SOLUTION_SEEDS=20`` draws the checks' inputs that many times.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from graded_solutions import Class, Solution, read_solutions, role, tasks

from autograder.authoring.course import ROOT, assignments
from autograder.feedback.cell_report import report_text
from autograder.jobs.cells import grade_id
from autograder.jobs.score import points_of
from autograder.settings import Settings

FOLDER = Path(__file__).resolve().parent / "solutions"
SEEDS = int(os.environ.get("SOLUTION_SEEDS", "1"))
RIGHT, WRONG = 4, 8  # at least so many a task

SOLUTIONS = [solution for path in sorted(FOLDER.glob("*/*.py")) for solution in read_solutions(path)]


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
        assert solution.right or solution.words in report, f"seed {seed}: {solution.words!r} is not in\n{report}\n{notes}"


@pytest.mark.parametrize("assignment", assignments())
def test_what_is_still_to_be_written_earns_nothing(level, assignment):
    """Also where functions and methods do nothing instead of saying so: no check passes on the absence of an answer."""
    cells = nbformat.read(ROOT / "release" / assignment / f"{assignment}.ipynb", 4).cells
    sources = {grade_id(cell): cell.source.replace("raise NotImplementedError()", "pass") for cell in cells if role(cell) == "solution"}
    solutions = [Solution(assignment, task, False, "nothing", "", sources[task]) for task in tasks(assignment)]
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
