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

from graded_solutions import Class, Solution, read_solutions  # noqa: E402
from mutants.table import chosen  # noqa: E402

from autograder.jobs.score import CheckReport, points_of  # noqa: E402
from autograder.judge.self_test import sandbox_level_problem  # noqa: E402
from autograder.settings import Settings  # noqa: E402

LIMITS = {"cell_seconds": 40, "notebook_seconds": 120}  # some wrong solutions never end


def said(report: CheckReport) -> str:
    """A failed check's sentences in one line."""
    hint = f" HINT: {report.hint}" if report.hint else ""
    pair = f" [expected {report.expected}, received {report.received}]" if report.expected else ""
    return " ".join(f"{report.message}{pair}{hint}".split())


def main(arguments: list[str]) -> int:
    """Grades the wrong solutions and prints what they are told."""
    settings = Settings("bubblewrap" if sandbox_level_problem() is None else "process", **LIMITS)
    by_sentence = os.environ.get("SIDE") == "table"
    for assignment, names in chosen(arguments).items():
        wrong = [s for task in names for s in read_solutions(HERE / "solutions" / assignment / f"{task}.py") if not s.right]
        graded = Class(assignment, wrong, settings)
        try:
            show = print_by_sentence if by_sentence else print_by_solution
            show(graded, wrong)
        finally:
            graded.close()
    return 0


def failed(graded: Class, solution: Solution) -> tuple[float, list[CheckReport], int]:
    """The share of the points earned, the failed checks, and how many there are."""
    cells = graded.result(solution, 0).cells
    cell = cells[max(cells)]
    reports = cell.reports or []
    return points_of(cell, 1.0), [report for report in reports if not report.passed], len(reports)


def print_by_solution(graded: Class, solutions: list[Solution]) -> None:
    for solution in solutions:
        earned, reports, count = failed(graded, solution)
        print(f"\n## {solution.assignment}:{solution.task}: {solution.name}: {earned:.0%}, {count - len(reports)} of {count} checks")
        for text, names in grouped((said(report), report.name) for report in reports).items():
            print(f"  - {'; '.join(names)}: {text}")


def print_by_sentence(graded: Class, solutions: list[Solution]) -> None:
    for task in dict.fromkeys(solution.task for solution in solutions):
        pairs = [
            (sentence, solution.name)
            for solution in solutions
            if solution.task == task
            for report in failed(graded, solution)[1]
            for sentence in re.split(r"(?<=[.;]) ", report.message)
            if "expected" not in sentence and "largest difference" not in sentence
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
