"""What the recipes reach of which the assignments' texts speak: `make recipes` trains them and prints it.

    python tests/recipes/table.py [ID[:TASK] ...]

A recipe (`tests/chapters/<id>/recipes.yaml`: by task, and by a name) is the reference solution of a task with some changes. Each is run with several seeds and judged
as its task is: the share of right answers on what the hidden checks ask, or for `race` the last loss of each rule. Lowest,
mean and highest go to `reached.yaml`, from which the tests take what the texts and the full marks are compared with.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # before numpy, torch and matplotlib are loaded; tests that import this keep their environment
    os.environ |= {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}

import matplotlib.pyplot as plt
import numpy as np
import torch
import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from chapter_tables import read_tables  # noqa: E402
from graded_solutions import Solution, grade_id, notebook_with, role, solved  # noqa: E402

from autograder.authoring.course import CHAPTERS, ROOT  # noqa: E402
from autograder.reference import rnn_design_data as language  # noqa: E402

RECIPES, REACHED = "recipes.yaml", "reached.yaml"  # of each chapter, in tests/chapters/<id>
SEEDED = re.compile(r"\b(manual_seed|default_rng)\(0\)")
WORKERS = 2
SENTENCES = 400


@dataclass(frozen=True)
class Recipe:
    """A way to train what a task asks for.

    Attributes:
        assignment, task: whose reference solution it changes.
        name: what the texts call it.
        runs: how many seeds it is tried with, from 0.
        counts: what of it is judged, a key of `SCORES`; the task's name if empty.
        changes: what stands exactly once in the cells of the solution, and what stands there instead.
        says: what the assignment's text says of it, with fields for what it reaches: `{lowest}`, `{mean}`, `{highest}`.
        holds: expressions of the same three that are true.
    """

    assignment: str
    task: str
    name: str
    runs: int
    counts: str = ""
    changes: tuple[tuple[str, str], ...] = ()
    says: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.assignment}/{self.task}/{self.name}"

    def sentences(self) -> list[str]:
        """What the assignment's text has to say of it, word by word."""
        return [words.format(**reached()[self.key]) for words in self.says]


def read_recipes() -> list[Recipe]:
    """All recipes, in the order of the file."""
    return [
        Recipe(
            assignment,
            task,
            name,
            entry["runs"],
            entry.get("counts", ""),
            tuple(entry.get("changes", {}).items()),
            tuple(entry.get("says", [])),
            tuple(entry.get("holds", [])),
        )
        for assignment, of_tasks in read_tables(RECIPES).items()
        for task, recipes in of_tasks.items()
        for name, entry in recipes.items()
    ]


@cache
def reached() -> dict[str, dict[str, float]]:
    """What `make recipes` found: runs, lowest, mean and highest by the recipe's key."""
    return {f"{name}/{key}": found for name, of_recipes in read_tables(REACHED).items() for key, found in of_recipes.items()}


def write_reached(found: Mapping[str, Mapping[str, float]]) -> None:
    """Keeps what recipes reached, by their keys, beside the recipes; what is known of no recipe goes."""
    for name, recipes in groupby(read_recipes(), lambda recipe: recipe.assignment):
        kept = {recipe.key.removeprefix(f"{name}/"): found[recipe.key] for recipe in recipes if recipe.key in found}
        content = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=120)
        (CHAPTERS / name / REACHED).write_text(f"# Written by `make recipes`.\n{content}", "utf-8")


# ---- one run


def cells(recipe: Recipe) -> list[tuple[str, bool]]:
    """What a run executes: the solved notebook up to the task, with the recipe's changes, without what the task doesn't need.

    Returns:
        Source of each cell, and whether it is a solution.

    Raises:
        ValueError: a change doesn't stand exactly once in them.
    """
    own = next(cell.source for cell in solved(recipe.assignment) if role(cell) == "solution" and grade_id(cell) == recipe.task)
    notebook = notebook_with(Solution(recipe.assignment, recipe.task, True, recipe.name, (), own))
    kept = notebook.cells[:-1]
    sources = [cell.source for cell in kept]
    for old, new in recipe.changes:
        if (count := sum(source.count(old) for source in sources)) != 1:
            raise ValueError(f"{recipe.key}: expected {old!r} once in the solution, found it {count} times")
        sources = [source.replace(old, new) for source in sources]
    return [(SEEDED.sub(r"\1(seed)", source), role(cell) == "solution") for cell, source in zip(kept, sources, strict=True)]


def run(recipe: Recipe, seed: int) -> tuple[list[float], float]:
    """Trains a recipe with a seed; returns what it reaches (one number or more), and the seconds that all its cells took."""
    torch.set_num_threads(1)
    namespace: dict[str, Any] = {"seed": seed}
    started = time.monotonic()
    with contextlib.chdir(ROOT / "source" / recipe.assignment), contextlib.redirect_stdout(io.StringIO()):
        for source, is_solution in cells(recipe):
            with contextlib.nullcontext() if is_solution else contextlib.suppress(NameError):  # shows what another task makes
                exec(compile(source, f"<{recipe.key}>", "exec"), namespace)
    seconds = time.monotonic() - started
    plt.close("all")
    return SCORES[recipe.counts or recipe.task](namespace, recipe.assignment), seconds


# ---- what it reaches


@cache
def hidden(assignment: str) -> dict[str, np.ndarray]:
    """The answers that no student has."""
    with np.load(ROOT / "autograder" / "reference" / "labels" / f"{assignment}.npz") as file:
        return dict(file)


def share_right(namespace: dict[str, Any], assignment: str, name: str) -> list[float]:
    return [float(np.mean(np.asarray(namespace[name]) == hidden(assignment)["translations" if name == "translations" else "labels"]))]


def sentences_right(namespace: dict[str, Any], assignment: str) -> list[float]:
    """The share of new long sentences that are judged rightly, with 0 to 9 more zeros as in the hidden checks."""
    texts = language.sentences(random.Random(0), language.TEST, SENTENCES)
    tokens = language.token_ids([text.split() for text in texts], language.VOCABULARY)
    longest = language.TEST.words[1]
    batches = [np.pad(batch, ((0, 0), (0, longest + zeros - tokens.shape[1]))) for zeros, batch in enumerate(np.split(tokens, 10))]
    with torch.no_grad():
        logits = np.concatenate([namespace["sentiment_model"](torch.from_numpy(batch)).numpy() for batch in batches])
    return [float(np.mean(logits.argmax(axis=1) == [language.sentiment(text) for text in texts]))]


def losses(namespace: dict[str, Any], assignment: str, epoch: int) -> list[float]:
    return [losses[epoch] for losses in namespace["race"].values()]


SCORES: dict[str, Callable[[dict[str, Any], str], list[float]]] = {
    **{
        name: partial(share_right, name=name)
        for name in ("digit_predictions", "translations", "frozen_predictions", "finetuned_predictions", "fashion_predictions")
    },
    "sentiment_model": sentences_right,
    "race": partial(losses, epoch=-1),
    "first losses": partial(losses, epoch=0),
}


# ---- all runs


def chosen(arguments: list[str]) -> list[Recipe]:
    """The recipes of the assignments or tasks that the arguments name; all without arguments.

    Raises:
        ValueError: an argument names none.
    """
    recipes = read_recipes()
    for argument in arguments:
        if not any(argument in (recipe.assignment, f"{recipe.assignment}:{recipe.task}") for recipe in recipes):
            raise ValueError(
                f"expected an assignment with recipes ({', '.join(sorted({r.assignment for r in recipes}))}), got {argument!r}"
            )
    return [r for r in recipes if not arguments or {r.assignment, f"{r.assignment}:{r.task}"} & set(arguments)]


def main(arguments: list[str]) -> int:
    """Runs the recipes, prints a line for each and stores what they reach; returns 2 for arguments that don't fit."""
    try:
        recipes = chosen(arguments)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    found = dict(reached())
    with ProcessPoolExecutor(WORKERS) as pool:
        futures = {recipe: [pool.submit(run, recipe, seed) for seed in range(recipe.runs)] for recipe in recipes}
        print("| recipe | runs | lowest | mean | highest | seconds of a run, median |\n|---|---:|---:|---:|---:|---:|")
        for recipe, runs in futures.items():
            scores = [score for future in runs for score in future.result()[0]]
            seconds = statistics.median(future.result()[1] for future in runs)
            numbers = {"lowest": min(scores), "mean": statistics.mean(scores), "highest": max(scores)}
            found[recipe.key] = {"runs": recipe.runs} | {name: round(value, 4) for name, value in numbers.items()}
            columns = " | ".join(f"{value:.3f}" for value in numbers.values())
            print(f"| {recipe.key} | {recipe.runs} | {columns} | {seconds:.1f} |", flush=True)
    write_reached(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
