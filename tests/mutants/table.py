"""What the hidden checks catch: right solutions, wrong ones, and mutants of the reference answers. `make mutants` prints it.

A mutant is the solution in `source/<id>/<id>.ipynb` with one small mistake (`mutate.py`), graded as a student's. One that
earns full marks has survived: the checks miss a mistake, or it is none. `tests/chapters/<id>/equivalent.yaml` says of which survivors it has
been shown that they are none, and why. Tasks judged by what a trained model reaches are recipes: a mutant that still
reaches it is as good an answer as any, and is counted apart.

    python tests/mutants/table.py [ID[:TASK] ...]
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from chapter_tables import read_tables  # noqa: E402
from graded_solutions import Class, Solution, grade_id, read_solutions, role, solutions_folder, solved, tasks  # noqa: E402
from mutants.mutate import Mutant, mutants  # noqa: E402

from autograder.authoring.course import assignments  # noqa: E402
from autograder.jobs.score import points_of  # noqa: E402
from autograder.judge.self_test import sandbox_level_problem  # noqa: E402
from autograder.settings import Settings  # noqa: E402

ANY = "any"  # in place of a change: whatever survives
RECIPES = {  # judged by what a model reaches that was trained in whatever way, or by what its task asks of any network
    "convnets": {"CNN", "digit_predictions"},
    "deep_networks": {"DeepNet", "fashion_predictions"},
    "optimizers": {"race"},
    "rnn_design": {"sentiment_model", "sentiment_predictions", "translations"},
    "training_pipeline": {"digit_predictions"},
    "transfer_learning": {"frozen_predictions", "finetuned_predictions"},
}
LIMITS = {"cell_seconds": 40, "notebook_seconds": 120}  # some mutants never end
COLUMNS = ("right passed", "wrong caught", "mutants", "caught", "equivalent", "as good", "survivors")


@cache
def reference(assignment: str, task: str) -> str:
    """The source of a task's cell with its reference answer."""
    return next(cell.source for cell in solved(assignment) if role(cell) == "solution" and grade_id(cell) == task)


def mutants_of(assignment: str, task: str) -> list[Mutant]:
    """The mutants of a task's reference answer; what students are given around it stays as it is."""
    source = reference(assignment, task)
    lines = source.splitlines()
    inside = [number for number, line in enumerate(lines, 1) if re.match(r"\s*### (BEGIN|END) SOLUTION", line)]
    spans = list(zip(inside[::2], inside[1::2], strict=True)) or [(1, len(lines))]
    found = {mutant.source: mutant for first, last in spans for mutant in mutants(source, first, last)}
    return list(found.values())


def as_solution(assignment: str, task: str, mutant: Mutant) -> Solution:
    """A mutant as a wrong solution."""
    return Solution(assignment, task, False, f"line {mutant.line}: {mutant}", (), mutant.source)


def reasons() -> dict[tuple[str, str, str], str]:
    """Why a survivor is no mistake, by assignment, task and change; the change `any` stands for all of a task."""
    return {
        (assignment, task, change): " ".join(entry["because"].split())
        for assignment, of_tasks in read_tables("equivalent.yaml").items()
        for task, entries in of_tasks.items()
        for entry in entries
        for change in ([ANY] if entry["changes"] == ANY else entry["changes"])
    }


def chosen(arguments: list[str]) -> dict[str, list[str]]:
    """The tasks that the arguments name, by assignment; all without arguments.

    Raises:
        SystemExit: there is no such assignment or task.
    """
    found: dict[str, list[str]] = {}
    for argument in arguments or assignments():
        assignment, _, task = argument.partition(":")
        if assignment not in assignments() or (task and task not in tasks(assignment)):
            raise SystemExit(f"expected assignments ({', '.join(assignments())}) or assignment:task, not {argument!r}")
        found.setdefault(assignment, []).extend([task] if task else tasks(assignment))
    return found


def main(arguments: list[str]) -> int:
    """Grades, prints the table and the survivors' changes; returns 1 if a survivor is unexplained or a solution misjudged."""
    settings = Settings("bubblewrap" if sandbox_level_problem() is None else "process", **LIMITS)
    explained, total, unexplained = reasons(), Counter[str](), []
    print(f"| task | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}")
    for assignment, names in chosen(arguments).items():
        written = [s for task in names for s in read_solutions(solutions_folder(assignment) / f"{task}.py")]
        changed = {as_solution(assignment, task, m): m for task in names for m in mutants_of(assignment, task)}
        graded = Class(assignment, [*written, *changed], settings)
        try:
            for task in names:
                count = Counter[str]()
                for solution in (s for s in written if s.task == task):
                    kind = "right" if solution.right else "wrong"
                    count[kind] += 1
                    count["right passed" if solution.right else "wrong caught"] += full_marks(graded, solution) == solution.right
                for solution, mutant in changed.items():
                    if solution.task == task:
                        survived = full_marks(graded, solution)
                        known = any((assignment, task, change) in explained for change in (str(mutant), ANY))
                        kind = "caught" if not survived else "equivalent" if known else "survivors"
                        kind = "as good" if kind == "survivors" and task in RECIPES.get(assignment, ()) else kind
                        count["mutants"] += 1
                        count[kind] += 1
                        if kind == "survivors":
                            unexplained.append((assignment, task, mutant))
                total += count
                print(line_of(f"{assignment} {task}", count), flush=True)
        finally:
            graded.close()
    print(line_of("all", total))
    for assignment, task, mutant in unexplained:
        print(f"\n{assignment} {task}, line {mutant.line}:\n- {mutant.before.strip()}\n+ {mutant.after.strip()}")
    meant = total["mutants"] - total["equivalent"] - total["as good"]
    print(
        f"\nMutants caught, of those that change something that counts: {total['caught']} of {meant}, {total['caught'] / max(meant, 1):.1%}"
    )
    misjudged = total["right"] != total["right passed"] or total["wrong"] != total["wrong caught"]
    return 1 if unexplained or misjudged else 0


def line_of(name: str, count: Counter[str]) -> str:
    """A row of the table."""
    shown = {column: str(count[column]) for column in COLUMNS}
    shown["right passed"] = f"{count['right passed']} of {count['right']}"
    shown["wrong caught"] = f"{count['wrong caught']} of {count['wrong']}"
    return f"| {name} | {' | '.join(shown.values())} |"


def full_marks(graded: Class, solution: Solution) -> bool:
    """Whether a solution earned all points of its task."""
    result = graded.result(solution, 0)
    return not result.problem and points_of(result.cells[max(result.cells)], 1.0) == 1.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
