"""Which of the collected tests run: those of one chapter (``--chapter``), and of what is proven a part (``--proven-in-part``)."""

from __future__ import annotations

import contextlib
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import long_files
import proofs
import pytest
import scheduling
from graded_solutions import Solution

from autograder.authoring.course import ROOT, assignments
from autograder.chapters import chapters as of_the_book

FILES = {"classes": "test_solutions.py", "graded": "test_sample_class.py"}  # by the fixture that grades what a test looks at


def chapters() -> list[str]:
    """The ids of the chapters, those without an assignment too."""
    return sorted({*assignments(), *of_the_book()})


def demand_chapter(name: str) -> None:
    """
    Raises:
        pytest.UsageError: there is no such chapter; the message names those there are.
    """
    if name not in chapters():
        raise pytest.UsageError(f"no chapter is called {name!r}: expected one of {', '.join(chapters())}")


def needs_no_reading(path: Path) -> bool:
    """Whether a file has nothing to say of any one chapter."""
    return path.suffix == ".py" and path.name.startswith("test_") and scheduling.kind_of(path) is None


def of_chapter(item: pytest.Item, chapter: str) -> bool:
    """Whether ``make check`` runs a test of this chapter: whatever needs no built book."""
    return "book" not in getattr(item, "fixturenames", ()) and scheduling.is_of_chapter(item.nodeid, chapter)


def left_out(items: Sequence[pytest.Item], seed: str, chapter: str = "") -> Iterator[pytest.Item]:
    """Of the solutions and samples that are graded, those that needn't be.

    Without a chapter, where all of an assignment are proven, all but a random part. With one: solutions of tasks that are proven as
    they are by themselves, but a part, and all but three samples.

    Args:
        items: the collected tests.
        seed: what the part is drawn by.
        chapter: of this one alone.
    """
    for assignment, those in _by_assignment(items, "classes", "solution").items():
        solutions = [_parameter(item, "solution") for item in those]
        spared = _spared(assignment, solutions, chapter)
        kept = proofs.some_solutions(spared, seed)
        yield from (item for item, one in zip(those, solutions, strict=True) if one in spared and one not in kept)
    for assignment, those in _by_assignment(items, "graded", "student").items():
        if chapter or proofs.is_proven(assignment, "samples"):
            kept_students = proofs.some_samples(sorted({_parameter(item, "student") for item in those}), seed)
            yield from (item for item in those if _parameter(item, "student") not in kept_students)


def _spared(assignment: str, solutions: list[Solution], chapter: str) -> list[Solution]:
    """The solutions of which a part is enough."""
    if not chapter:
        return solutions if proofs.is_proven(assignment, "solutions") else []
    proven = proofs.proven_tasks(assignment)
    return [solution for solution in solutions if solution.task in proven]


def _by_assignment(items: Sequence[pytest.Item], fixture: str, parameter: str) -> dict[str, list[pytest.Item]]:
    """Tests that have something graded, by assignment."""
    found = defaultdict(list)
    for item in items:
        of_these = Path(item.nodeid.partition("::")[0]).name == FILES[fixture] and fixture in getattr(item, "fixturenames", ())
        if of_these and _parameter(item, parameter) is not None:
            found[assignment_of(item)].append(item)
    return dict(found)


def assignment_of(item: pytest.Item) -> str:
    """The assignment of which a test has a solution or sample graded."""
    return _parameter(item, "name") or _parameter(item, "solution").assignment


def _parameter(item: pytest.Item, name: str) -> Any:
    return getattr(item, "callspec", None) and item.callspec.params.get(name)


def choose(config: pytest.Config, items: list[pytest.Item], seed: str) -> None:
    """Takes out of the collected tests what the run's options leave out."""
    chapter = config.option.chapter
    unwanted = {item for item in items if chapter and not of_chapter(item, chapter)}
    if config.option.proven_in_part:
        unwanted |= set(left_out([item for item in items if item not in unwanted], seed, chapter))
        unwanted |= set(long_files.left_out(items, seed))
    if unwanted:
        config.hook.pytest_deselected(items=[item for item in items if item in unwanted])
        items[:] = [item for item in items if item not in unwanted]


def seed() -> str:
    """What a random part is drawn by: the commit, so that each shows another one; where nothing is committed, always the same."""
    with contextlib.suppress(OSError):
        return subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return ""


def told(chapter: str, kinds: Sequence[str] = ("solutions", "samples")) -> list[str]:
    """What runs whole and what in part, for the head of a run."""
    lines = []
    for kind in kinds:
        proven = [name for name in assignments() if (not chapter or name == chapter) and proofs.is_proven(name, kind)]
        changed = [name for name in assignments() if (not chapter or name == chapter) and name not in proven]
        whole = f"all of {', '.join(changed)}" if changed else ""
        part = f"a part, drawn anew for each commit, of {', '.join(proven)}" if proven else ""
        lines.append(f"{kind}: {'; '.join(filter(None, (whole, part)))}")
    return lines
