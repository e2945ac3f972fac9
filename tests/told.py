"""What wrong solutions are told: `make told` prints, for each wrong solution of a task, what it earns and what its feedback says.

To be read by a person: a sentence that names a mistake may appear only where that mistake was made. With SIDE=table the
sentences stand first, each with the solutions it was said to.

    python tests/told.py [ID[:TASK] ...]
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from graded_solutions import Class, Solution, read_solutions, solutions_folder  # noqa: E402
from mutants.table import chosen  # noqa: E402

from autograder.feedback.cell_report import advice, told_together  # noqa: E402
from autograder.jobs.score import CheckReport, points_of  # noqa: E402
from autograder.judge.self_test import sandbox_level_problem  # noqa: E402
from autograder.settings import Settings  # noqa: E402


def said(same: list[CheckReport], reports: list[CheckReport]) -> str:
    """What reports that are told together say, in one line: what was seen, «the mistake», the hint where no mistake is named."""
    first, hint = same[0], advice(same, reports)
    values = [f"{name} {value}" for name, value in (("expected", first.expected), ("received", first.received)) if value is not None]
    pair = f"[{', '.join(values)}]" if first.expected is not None else ""
    parts = (first.facts, pair, f"«{first.diagnosis}»" if first.diagnosis else "", f"HINT: {hint}" if hint else "")
    return " ".join(" ".join(parts).split())


def main(arguments: list[str]) -> int:
    """Grades the wrong solutions and prints what they are told."""
    settings = Settings("bubblewrap" if sandbox_level_problem() is None else "process")  # as the tests: what they graded isn't done again
    by_sentence = os.environ.get("SIDE") == "table"
    for assignment, names in chosen(arguments).items():
        wrong = [s for task in names for s in read_solutions(solutions_folder(assignment) / f"{task}.py") if not s.right]
        graded = Class(assignment, wrong, settings)
        try:
            show = print_by_sentence if by_sentence else print_by_solution
            show(graded, wrong)
        finally:
            graded.close()
    return 0


def judged(graded: Class, solution: Solution) -> tuple[float, list[CheckReport]]:
    """The share of the points earned, and the checks' reports."""
    cells = graded.result(solution, 0).cells
    cell = cells[max(cells)]
    return points_of(cell, 1.0), cell.reports or []


def print_by_solution(graded: Class, solutions: list[Solution]) -> None:
    for solution in solutions:
        earned, reports = judged(graded, solution)
        passed = sum(report.passed for report in reports)
        print(f"\n## {solution.assignment}:{solution.task}: {solution.name}: {earned:.0%}, {passed} of {len(reports)} checks")
        for same in told_together(reports):
            if not same[0].passed:
                print(f"  - {'; '.join(report.name for report in same)}: {said(same, reports)}")


def print_by_sentence(graded: Class, solutions: list[Solution]) -> None:
    for task in dict.fromkeys(solution.task for solution in solutions):
        pairs = [
            (sentence, solution.name)
            for solution in solutions
            if solution.task == task
            for report in judged(graded, solution)[1]
            for sentence in re.split(r"(?<=[.;]) ", report.message)
            if sentence and "expected" not in sentence and "largest difference" not in sentence
        ]
        print(f"\n## {task}")
        for sentence, names in grouped(pairs).items():
            print(f"  - {sentence}\n      {'; '.join(names)}")


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The second items by the first, each once, in their order."""
    found = defaultdict(dict)
    for key, item in pairs:
        found[key][item] = None
    return {key: list(items) for key, items in found.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
