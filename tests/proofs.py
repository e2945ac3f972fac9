"""What is proven of an assignment's hidden checks, and which part of its solutions and samples runs where it is proven.

``graded.lock`` holds a digest for each assignment: of its code and data, its checks and reference answers, and of its solutions
or of its sample submissions. `make prove` runs all of them and writes what was so when all came out as expected. The engine is no
part of a digest: where nothing else changed, a random part shows that it still gives these verdicts, and `make test-all` shows it
of all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from graded_solutions import Solution, check_source, grade_id, read_solutions, solutions_folder, solved, tasks

from autograder.authoring.course import ROOT
from autograder.authoring.sample import submissions
from autograder.engine.imports import files_behind
from autograder.jobs.submission import find_checks

LOCK = ROOT / "tests" / "graded.lock"
OF_ASSIGNMENTS = (ROOT / "autograder" / "checks", ROOT / "autograder" / "reference")  # all else that checks import is the engine
LIBRARIES = ("numpy", "scipy", "torch", "torchvision")  # what students, checks and reference answers compute with
RIGHT, WRONG = 2, 3  # solutions of each task that run where all are proven


def text_digest(*texts: str) -> str:
    """A digest of texts in their order."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


@cache
def content(assignment: str) -> str:
    """A digest of what decides on every solution and sample of an assignment, and is not the engine."""
    notebook = [(grade_id(cell), cell.source, cell.metadata.get("nbgrader", {})) for cell in solved(assignment) if cell.cell_type == "code"]
    beside = [path for path in files_of(ROOT / "source" / assignment) if path.suffix != ".ipynb"]
    checks = {ROOT / find_checks(source, name).file for name, source, about in notebook if about.get("grade") and not about.get("solution")}
    behind = files_behind(checks, OF_ASSIGNMENTS)
    labels = ROOT / "autograder" / "reference" / "labels" / f"{assignment}.npz"
    files = [*beside, *behind, *([labels] if labels.exists() else [])]
    pinned = re.findall(rf"^(?:{'|'.join(LIBRARIES)})==\S+", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    return text_digest(json.dumps(notebook, sort_keys=True), *map(named, sorted(files)), *sorted(set(pinned)))


def forget() -> None:
    """Has the next digest read all files again."""
    content.cache_clear()
    solved.cache_clear()


def files_of(folder: Path) -> list[Path]:
    """The files below a folder, but what was made by running, opening or linting them."""
    made = {"__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not made & set(path.parts)]


def named(path: Path) -> str:
    """A file's place and a digest of what it holds."""
    return f"{path.relative_to(ROOT).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def digests(assignment: str) -> dict[str, str]:
    """What a proof is known by: one digest for the solutions of an assignment, one for its samples."""
    samples = [
        path for path in files_of(submissions(assignment)) if path.name != f"{assignment}.ipynb"
    ]  # made of the rest, by build_samples.py
    of_kind = {"solutions": files_of(solutions_folder(assignment)), "samples": [*samples, ROOT / "tests" / "build_samples.py"]}
    return {kind: text_digest(content(assignment), *map(named, files)) for kind, files in of_kind.items()}


def task_digests(assignment: str) -> dict[str, str]:
    """For each task, a digest of its solutions, its own cells and its own checks, without what tasks share."""
    found = {}
    for task in tasks(assignment):
        cells = [cell for cell in solved(assignment) if grade_id(cell) in (task, f"check_{task}")]
        file = solutions_folder(assignment) / f"{task}.py"
        solutions = file.read_text("utf-8") if file.exists() else ""
        found[task] = text_digest(solutions, *(cell.source for cell in cells), check_source(cells[-1]))[:16]
    return found


def read_lock() -> dict[str, Any]:
    """What was proven, by assignment."""
    return json.loads(LOCK.read_text("utf-8")) if LOCK.exists() else {}


def write_proof(assignment: str, proof: dict[str, Any]) -> None:
    """Notes what was proven of an assignment, whole or not at all; what is known of the others stays."""
    known = read_lock() | {assignment: proof}
    part = LOCK.with_suffix(".part")
    part.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")
    part.replace(LOCK)


def is_proven(assignment: str, kind: str) -> bool:
    """Whether all ``solutions`` or ``samples`` of an assignment came out as expected, as they and the assignment are now."""
    return read_lock().get(assignment, {}).get(kind) == digests(assignment)[kind]


def proven_tasks(assignment: str) -> set[str]:
    """The tasks of which nothing of their own changed since all their solutions came out as expected."""
    known = read_lock().get(assignment, {}).get("tasks", {})
    return {task for task, now in task_digests(assignment).items() if known.get(task) == now}


# ---- the part of what is proven that runs all the same


def drawn(names: Iterable[str], number: int, seed: str) -> list[str]:
    """So many of the names, drawn by the seed; all if there are no more."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())[:number]


def some_solutions(solutions: Sequence[Solution], seed: str) -> set[Solution]:
    """A few right and wrong ones of each task."""
    strata: dict[tuple, dict[str, Solution]] = defaultdict(dict)
    for solution in solutions:
        strata[solution.assignment, solution.task, solution.right][str(solution)] = solution
    return {named[name] for (_, _, right), named in strata.items() for name in drawn(named, RIGHT if right else WRONG, seed)}


def some_samples(students: Sequence[str], seed: str) -> set[str]:
    """Of an assignment's sample submissions the perfect one, an honest one and a wrong one."""
    return {name for kind in ("perfect", "honest_", "wrong_") for name in drawn((s for s in students if s.startswith(kind)), 1, seed)}


def solutions_of(assignment: str) -> list[Solution]:
    """All solutions of an assignment."""
    return [solution for path in sorted(solutions_folder(assignment).glob("*.py")) for solution in read_solutions(path)]


def samples_of(assignment: str) -> list[str]:
    """The names of an assignment's sample submissions."""
    folder = submissions(assignment)
    return sorted(path.name for path in folder.iterdir() if (path / "expected.yaml").is_file()) if folder.is_dir() else []
