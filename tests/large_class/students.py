"""A made-up class: who hands in what, and what it deserves. The same seed makes the same class.

Most students are right, a third is wrong or incomplete, a few are hostile or hand in what is hardly a notebook. Right and
wrong work comes from the sample submissions, each in its student's own hand; hostile and broken work also from the
attacks, put into the assignment at hand.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import yaml
from attack_sources import SOURCES, TRICKS, fill, notebooks

from autograder.authoring.course import ROOT
from autograder.authoring.sample import students, submissions

HONEST = ("perfect", "honest_")
HARMFUL = ("always_equal", "patched_numpy", "os_exit", "sys_exit", "endless_cell", "endless_function")  # samples
ATTACKS = (
    "ast_transformer", "daemons", "ends_process", "endless_output", "events", "file_search", "fork_bomb", "forged_outputs",
    "kills_everyone", "lying_array", "memory_at_once", "network_out", "patched_torch", "printed_scores", "scripts_in_outputs",
    "writes_everywhere",
)  # fmt: skip
BROKEN = (
    "bad_time_stamp", "cells_deleted", "cells_duplicated", "cells_retyped", "checksum_forged", "empty_file", "foreign_kernel",
    "invalid_utf8", "metadata_missing", "old_format", "points_changed", "stored_outputs", "truncated", "wrong_name",
)  # fmt: skip
ATTACKED = ("moving_sum", "total", "net", "predictions")  # the tasks that the attacks were written for
IMPORTS = "import numpy as np\nimport torch\nimport torch.nn as nn\n\n"  # as in the notebook that they were written for
REMARKS = ("tried with the example", "second version", "as on the slide", "could be shorter", "checked on paper", "ask about this")


@dataclass(frozen=True)
class Work:
    """What one student hands in for one assignment.

    Attributes:
        student: nbgrader's id.
        kind: ``right``, ``wrong`` or ``harmful``.
        name: the sample or the attack.
        scores: by grade cell what it earns, or of an attack the most that it deserves.
        exact: whether it earns exactly that.
    """

    student: str
    kind: str
    name: str
    scores: dict[str, float]
    exact: bool = True

    def wrong_scores(self, scores: dict[str, float | None]) -> list[str]:
        """The grade cells whose points in the gradebook aren't those, in a line each."""
        found = []
        for cell, expected in self.scores.items():
            score = scores.get(cell)
            if score is None or score < 0 or score > expected + 1e-6 or (self.exact and score < expected - 1e-6):
                found.append(f"{self.student} ({self.name}): {cell} has {score}, not {'' if self.exact else 'at most '}{expected:g}")
        return found


def hand_in(course: Path, assignment: str, count: int, seed: int, attacks: bool = True) -> list[Work]:
    """Has a class hand in an assignment that is released in the folder ``course``.

    Args:
        count: number of students.
        attacks: whether there is code among it that may be run in a sandbox only.
    """
    rng = random.Random(f"{assignment} {count} {seed}")
    class_ = []
    for number, (kind, origin, name) in enumerate(draw(assignment, count, rng, attacks), 1):
        student = f"student-{number:03d}"
        folder = course / "submitted" / student / assignment
        folder.mkdir(parents=True)
        if origin == "sample":
            scores = from_sample(folder, assignment, name, student, rng)
        else:
            scores = from_attack(folder, assignment, name, student, course)
        class_.append(Work(student, kind, name, scores, exact=origin == "sample"))
    return class_


def draw(assignment: str, count: int, rng: random.Random, attacks: bool = True) -> list[tuple[str, str, str]]:
    """(kind, origin, name) of each student's work, in the order of the class; ``origin`` is ``sample`` or ``attack``."""
    samples = students(assignment)
    right = [name for name in samples if name.startswith(HONEST)]
    harmful = [("sample", name) for name in samples if name in HARMFUL]
    others = [("attack", name) for name in ATTACKS if attacks], [("attack", name) for name in BROKEN]
    every = {
        "right": cycle([("sample", name) for name in right], rng),
        "wrong": cycle([("sample", name) for name in samples if name not in (*right, *HARMFUL)], rng),
        "harmful": taking_turns(*(cycle(some, rng) for some in (harmful, *others) if some)),
    }
    drawn = [(kind, *work) for kind, number in shares(count).items() for work in itertools.islice(every[kind], number)]
    rng.shuffle(drawn)
    return drawn


def shares(count: int) -> dict[str, int]:
    """How many students of each kind there are in a class of ``count``, which is at least 6."""
    wrong, harmful = round(count / 3), max(3, round(count / 15))
    return {"right": count - wrong - harmful, "wrong": wrong, "harmful": harmful}


def cycle(items: Sequence[tuple[str, str]], rng: random.Random) -> Iterator[tuple[str, str]]:
    """All items in a random order, then all in another, without end."""
    while True:
        yield from rng.sample(items, len(items))


def taking_turns(*iterators: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """One item of each iterator in turn."""
    return itertools.chain.from_iterable(zip(*iterators, strict=True))


def from_sample(folder: Path, assignment: str, name: str, student: str, rng: random.Random) -> dict[str, float]:
    """Hands in a sample submission in the student's own hand; returns what it earns by grade cell."""
    sample = submissions(assignment) / name
    notebook = nbformat.read(sample / f"{assignment}.ipynb", 4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source += f"\n# {rng.choice(REMARKS)} ({student})"
    own = nbformat.v4.new_code_cell(f"tries = {rng.randrange(1, 10_000)}\nprint(tries)", id="own-cell")
    notebook.cells.insert(rng.randrange(1, len(notebook.cells) + 1), own)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")
    expected = yaml.safe_load((sample / "expected.yaml").read_text("utf-8"))["scores"]
    return {f"check_{task}": float(points) for task, points in expected.items()}


def from_attack(folder: Path, assignment: str, name: str, student: str, course: Path) -> dict[str, float]:
    """Hands in an attack; returns the most that its honest parts deserve by grade cell."""
    target = Target(assignment, folder, course)
    if name in TRICKS:
        notebooks.TRICKS[name](target)
        solved = set(TRICKS[name].earns)
    else:
        attack = SOURCES[name]
        cells = [(place, IMPORTS + target.translated(source)) for place, source in attack.cells]
        fill(target, replace(attack, cells=cells), {"@COURSE@": str(course), "@PROJECT@": str(ROOT), "@STUDENT@": student})
        solved = {f"check_{task}" for task in attack.solves}
    due = {target.names[check] for check in solved}
    return {check: points if check in due else 0.0 for check, points in target.points.items()}


class Target(notebooks.Submission):
    """A submission of an assignment that attacks were not written for: its first tasks stand for theirs.

    Args:
        assignment: its id.
        folder: where the files go.
        course: the course folder, with the assignment released.
    """

    def __init__(self, assignment: str, folder: Path, course: Path) -> None:
        text = (course / "release" / assignment / f"{assignment}.ipynb").read_text("utf-8")
        super().__init__(json.loads(text), {}, folder, course)
        self.assignment = assignment
        infos = [(cell["cell_type"], cell["metadata"].get("nbgrader", {})) for cell in self.notebook["cells"]]
        self.points = {i["grade_id"]: float(i["points"]) for kind, i in infos if i.get("grade") and kind == "code"}
        tasks = [check.removeprefix("check_") for check in self.points]
        self.names = dict(zip(ATTACKED, tasks, strict=False))
        self.names |= {f"check_{task}": f"check_{own}" for task, own in self.names.items()}
        self.names["answer"] = next(i["grade_id"] for kind, i in infos if i.get("grade") and kind == "markdown")
        cells = nbformat.read(submissions(assignment) / "perfect" / f"{assignment}.ipynb", 4).cells
        answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
        self.solved = {task: answers[self.names[task]] for task in ATTACKED}

    @property
    def path(self) -> Path:
        return self.folder / f"{self.assignment}.ipynb"

    def cell(self, name: str) -> dict:
        return super().cell(self.names.get(name, name))

    def translated(self, source: str) -> str:
        """Code that names the tasks of this assignment instead of those that it was written for."""
        return re.sub(rf"\b(?:check_)?(?:{'|'.join(ATTACKED)})\b", lambda found: self.names[found[0]], source)
