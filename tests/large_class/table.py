"""A made-up class graded by the real command, and what that took: `make class` prints it.

    STUDENTS=300 ASSIGNMENTS="optimizers receptive_fields" STEPS="plain interrupted cluster postgresql" KILLS=10 make class

are the environment variables with what they may hold. The step `plain` is always done; the others grade the same class
once more and must come to the same scores: `interrupted` kills the command at random moments and gives it again,
`cluster` has two dask workers of which one is killed, `postgresql` has a PostgreSQL server for a gradebook. `SEED` makes
another class. Ends with 1 if a score isn't what it should be.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import postgresql_server  # noqa: E402
from large_class.steps import AT_ONCE, LIMITS, Class, Plain, Scores, in_postgresql, interrupted, make_class, on_cluster, plain  # noqa: E402
from large_class.students import Work, shares  # noqa: E402

from autograder.authoring.course import CommandFailed, assignments  # noqa: E402

STEPS = ("plain", "interrupted", "cluster", "postgresql")
LEAST = 6  # students, so that there are some of each kind


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Raises:
        ValueError: an unknown assignment or step, or too few students.
    """

    students: int = 300
    assignments: tuple[str, ...] = ("optimizers", "receptive_fields")
    steps: tuple[str, ...] = ("plain",)
    kills: int = 10
    seed: int = 0
    limits: tuple[str, ...] = LIMITS

    def __post_init__(self) -> None:
        for what, given, known in (("ASSIGNMENTS", self.assignments, assignments()), ("STEPS", self.steps, STEPS)):
            if not given or set(given) - set(known):
                raise ValueError(f"{what}: expected some of {', '.join(known)}, got {' '.join(given)!r}")
        if self.students < LEAST:
            raise ValueError(f"STUDENTS: expected at least {LEAST}, got {self.students}")

    @classmethod
    def from_environment(cls, names: dict[str, str]) -> Plan:
        """The plan that environment variables describe; raises `ValueError` for one that doesn't fit."""
        numbers = {name.lower(): int(names[name]) for name in ("STUDENTS", "KILLS", "SEED") if names.get(name)}
        lists = {name.lower(): tuple(names[name].split()) for name in ("ASSIGNMENTS", "STEPS") if names.get(name)}
        return cls(**numbers, **lists)


def grade_class(plan: Plan, folder: Path) -> list[str]:
    """Does all steps in ``folder`` and prints the figures; returns a line for all that isn't as it should be."""
    class_ = make_class(folder / "handed-in", list(plan.assignments), plan.students, plan.seed, plan.limits)
    kinds = ", ".join(f"{number} {kind}" for kind, number in shares(plan.students).items())
    print(f"{plan.students} students ({kinds}), {AT_ONCE} workers, {os.cpu_count()} processors, {' '.join(plan.limits)}", flush=True)
    known = plain(class_.copy(folder / "plain"))
    wrong = known.wrong_scores(class_.work)
    print(table(known, class_.work))
    for step, (words, grade) in other_steps(plan, known).items():
        if step in plan.steps:
            wrong += again(step, words, grade, class_.copy(folder / step), known)
    return wrong


def other_steps(plan: Plan, known: Plain) -> dict[str, tuple[str, Callable[[Class], tuple[Scores, str]]]]:
    """The steps after the plain one: why one is left out here, and what does it."""
    return {
        "interrupted": ("", lambda class_: interrupted(class_, known, plan.kills, plan.seed)),
        "cluster": ("", on_cluster),
        "postgresql": (postgresql_server.MISSING, in_postgresql),
    }


def again(step: str, left_out: str, grade: Callable[[Class], tuple[Scores, str]], class_: Class, known: Plain) -> list[str]:
    """Grades the class in another way, prints what came of it, and returns a line for each score that differs."""
    if left_out:
        print(f"{step}: left out, {left_out}")
        return []
    started = time.monotonic()
    scores, words = grade(class_)
    different = differences(step, scores, known.scores)
    number = sum(len(some) for some in scores.values())
    verdict = "all scores equal the plain run's" if not different else f"{len(different)} with other scores"
    print(f"{step}: {number} submissions, {(time.monotonic() - started) / 60:.1f} min, {words}; {verdict}", flush=True)
    return different


def differences(step: str, scores: Scores, known: Scores) -> list[str]:
    """A line for each submission whose scores aren't the plain run's."""
    return [
        f"{step}: {assignment}: {student} has {scores[assignment].get(student)}, not {cells}"
        for assignment, students in known.items()
        for student, cells in students.items()
        if scores[assignment].get(student) != cells
    ]


def table(known: Plain, work: dict[str, list[Work]]) -> str:
    """The plain run's figures, a column for each assignment, and one line for the whole."""
    columns = [column(known, assignment, class_) for assignment, class_ in work.items()]
    rows = [f"| | {' | '.join(work)} |", f"|---|{'---:|' * len(work)}"]
    rows += [f"| {name} | {' | '.join(values[name] for values in columns)} |" for name in columns[0]]
    return "\n".join([*rows, f"gradebook of all: {known.gradebook_kb / 1024:.1f} MiB"])


def column(known: Plain, assignment: str, work: list[Work]) -> dict[str, str]:
    """One assignment's figures by name."""
    figures, kinds = known.figures[assignment], Counter(one.kind for one in work)
    fair = sum(not one.wrong_scores(known.scores[assignment].get(one.student, {})) for one in work)
    return {
        "submissions": str(len(work)),
        "of them right, wrong, harmful": ", ".join(str(kinds[kind]) for kind in ("right", "wrong", "harmful")),
        "autograde, minutes": f"{figures.seconds / 60:.1f}",
        "seconds a notebook": f"{figures.seconds / len(work):.2f}",
        "memory of all processes, most, MiB": f"{figures.memory_mb:,}",
        "memory of one notebook, median, MiB": f"{statistics.median(figures.notebook_mb):,.0f}",
        "memory of one notebook, most, MiB": f"{max(figures.notebook_mb):,}",
        "notebooks with a line on a problem": str(len(figures.problems)),
        "class report, seconds": f"{figures.report_seconds:.1f}",
        "class report, KiB": f"{figures.report_kb:,.0f}",
        "scores as they should be": f"{fair} of {len(work)}",
    }


def main() -> int:
    """Does what the environment variables say; returns 1 if something isn't as it should be."""
    try:
        plan = Plan.from_environment(dict(os.environ))
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        try:
            wrong = grade_class(plan, Path(folder))
        except CommandFailed as error:
            wrong = [str(error)]
    print("\n".join(["", *wrong]) if wrong else "every score is what it should be", file=sys.stderr if wrong else sys.stdout)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
