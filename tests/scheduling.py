"""Which tests belong to which part of the whole, which stay together, which begin, and on which processors they run.

Nothing of this stands anywhere else: conftest.py gives every test the marker of its part, and the Makefile selects by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from autograder.authoring.course import assignments

TESTS = Path(__file__).resolve().parent
EVERYDAY = "everyday"
PARTS = {  # by file or folder, wherever below tests/; what isn't named is for every day
    "reading": ("visualisers/*", "test_pyrun_browser.py", "test_book_*.py", "test_chapters.py"),
    "grading": (
        "test_solutions.py", "test_sample_class.py", "test_docs.py", "test_postgresql.py", "test_exports.py", "test_report.py",
        "test_collect.py", "test_elsewhere.py", "test_jupyterlab.py", "test_new_chapter.py", "test_broken_check.py",
        "test_trial.py", "test_marking.py", "test_marking_browser.py", "test_watch.py", "test_attempts.py", "test_groups.py",
        "test_regrade.py", "test_new_course.py", "test_course_look.py", "test_handed_in.py", "test_handed_in_notebooks.py", "test_decisions.py",
    ),
    "slow": (
        "test_nbval.py", "test_attacks.py", "test_class.py", "test_cluster.py", "test_infrastructure.py", "test_interruptions.py",
        "test_machines.py", "test_ordinary_user.py", "test_doctor.py", "test_jupyterhub.py",
    ),
}  # fmt: skip
EVERYDAY_TOO = ("test_solutions.py",)  # of what is proven, `make test` runs a part
READING_IN_PART = ("test_book.py", "test_self_checks.py")  # tests of theirs that need the built book are read with it
# Run with another Python too, by `make test-python`: they need neither the book nor its packages.
ENGINE = (
    "test_bootstrap.py", "test_compare.py", "test_engine.py", "test_imports.py", "test_notebook.py", "test_outputs.py", "test_redaction.py",
    "test_repair.py", "test_sandbox.py", "test_score.py", "test_settings.py", "test_shown.py", "test_source_rule.py", "test_store.py",
    "test_student.py", "test_submission.py", "test_versions.py", "test_wire.py",
)  # fmt: skip
MARKERS = {
    EVERYDAY: "what `make test` runs",
    "reading": "needs the built book, which most read in a browser: what `make test-book` runs",
    "grading": "grades solutions and sample classes, tries the guide, a new chapter and other programs: what `make test-grading` runs",
    "slow": "attacks, kills, clusters, other machines: what `make test-slow` runs",
    "engine": "what decides on marks: what `make test-python` runs",
    "built_book": "needs the built book, whose building takes minutes where nothing is there yet",
}

# What `make check` runs of one chapter: what its author is told was proven → where that is tested. A test is of a chapter if its
# file lies in the chapter's folder, or if the id stands between its parameters.
OF_A_CHAPTER = {
    "reference answers": ("test_reference.py",),
    "worked numbers": ("test_worked_numbers.py",),
    "numbers and points in the texts": ("test_prose_numbers.py", "test_assignment_texts.py"),
    "what recipes reach": ("test_recipes.py",),
    "notebooks in normal form": ("test_project.py",),
    "what students get": ("test_release.py",),
    "sections that checks name": ("test_sections.py",),
    "keys of the self-checks": ("test_self_checks.py",),
    "programs in the pages": ("test_pyrun.py",),
    "mutants of the answers": ("test_mutants.py",),
    "the chapter's own run": ("test_nbval.py",),
    "solutions": ("test_solutions.py",),
    "sample submissions": ("test_sample_class.py",),
}
BUILD_SECONDS = 1800  # a test may wait for the book to be built

BY_ASSIGNMENT = ("test_solutions.py", "test_sample_class.py")  # one engine or one graded class for each assignment
NOT_AT_ONCE = {  # attacks are asked what they left in the machine's shared memory, of which a PostgreSQL server takes some
    "nbgrader/test_postgresql.py": "attacks/test_attacks.py",
}
LONGEST_FIRST = (
    "test_chapters.py",  # builds the book, so that nobody waits for it in the end
    *BY_ASSIGNMENT,
    "test_attacks.py",
    "test_class.py",
    "test_ordinary_user.py",
    "test_interruptions.py",
    "test_infrastructure.py",
    "test_nbval.py",
    "test_docs.py",
    "test_jupyterhub.py",
    "test_jupyterlab.py",
    "test_cluster.py",
    "test_machines.py",
    "test_new_chapter.py",
    "test_book.py",
    "test_grading.py",
    "test_engine.py",
    "test_handed_in.py",
    "test_release.py",
    "test_fuzz_notebooks.py",
    "test_lifetime.py",
)


def _is_named(path: Path, patterns: Iterable[str]) -> bool:
    name = path.relative_to(TESTS).as_posix() if path.is_relative_to(TESTS) else path.name
    return any(fnmatch(f"/{name}", f"*/{pattern}") for pattern in patterns)


def parts_of(path: Path) -> set[str]:
    """The parts that the tests of a file belong to."""
    found = {part for part, patterns in PARTS.items() if _is_named(path, patterns)}
    return found | ({EVERYDAY} if not found or path.name in EVERYDAY_TOO else set())


def is_engines(path: Path) -> bool:
    """Whether a file's tests are those of the engine, whichever part they belong to."""
    return path.is_relative_to(TESTS) and _is_named(path, ENGINE)


def in_another_part(path: Path, wanted: str) -> bool:
    """Whether a file needn't be read, because ``-m`` names one part and nothing else, and the file's tests are of others."""
    if path.suffix != ".py":
        return False
    if wanted == "engine":
        return not is_engines(path)
    if wanted not in (EVERYDAY, *PARTS):
        return False
    return wanted not in parts_of(path) and not (wanted == "reading" and path.name in READING_IN_PART)


def mark(item: pytest.Item) -> None:
    """Gives a test the markers that it is selected by, and time to wait for the book if it needs that.

    Raises:
        pytest.UsageError: a test needs the built book, and its file isn't read by who runs those.
    """
    parts = parts_of(item.path)
    if parts == {EVERYDAY} and needs_book(item):
        if item.path.name not in READING_IN_PART:
            raise pytest.UsageError(f"{item.nodeid} needs the built book: name its file in scheduling.py, PARTS or READING_IN_PART")
        parts = {"reading"}
    for part in parts:
        item.add_marker(part)
    if is_engines(item.path):
        item.add_marker("engine")
    if needs_book(item):
        item.add_marker("built_book")
        own = item.get_closest_marker("timeout")
        item.add_marker(pytest.mark.timeout(max(BUILD_SECONDS, own.args[0] if own else 0)), append=False)


def kind_of(path: Path) -> str | None:
    """What a file proves of a chapter; None if nothing."""
    return next((kind for kind, patterns in OF_A_CHAPTER.items() if any(fnmatch(path.name, pattern) for pattern in patterns)), None)


def is_of_chapter(nodeid: str, chapter: str) -> bool:
    """Whether a test is of one chapter: by where its file lies, or by its parameters."""
    file, _, test = nodeid.partition("::")
    name = re.escape(chapter)
    return bool(re.search(rf"(^|/)chapters/{name}/", file) or re.search(rf"[\[/-]{name}(?=[]/:.-])", test))


def needs_book(item: pytest.Item) -> bool:
    return not {"book", "books_runs"}.isdisjoint(getattr(item, "fixturenames", ()))


def kept_together(nodeid: str) -> str:
    """The name that tests share which are run one after the other by one worker.

    It is that of their file, of its part on one assignment, or of another file with which it mustn't meet.
    """
    file, _, test = nodeid.partition("::")
    below = file.removeprefix("tests/")
    file = file.removesuffix(below) + NOT_AT_ONCE.get(below, below)
    assignment = re.search(rf"\[({'|'.join(assignments())})\b", test)
    return f"{file}::{assignment[1]}" if assignment and file.endswith(BY_ASSIGNMENT) else file


def arrange(items: list[pytest.Item]) -> None:
    """Sorts tests: what belongs together stays together, in a random order too.

    What takes longest begins, so that nobody waits at the end; then what needs no built book, which one worker builds meanwhile.
    """
    places = {name: index for index, name in enumerate(LONGEST_FIRST)}
    groups: dict[str, int] = {}
    for item in items:
        groups.setdefault(kept_together(item.nodeid), len(groups))
    reading = {kept_together(item.nodeid) for item in items if needs_book(item)}

    def turn(item: pytest.Item) -> tuple[int, bool, int]:
        group = kept_together(item.nodeid)
        file = group.partition("::")[0].rpartition("/")[2]
        return places.get(file, len(places)), group in reading, groups[group]

    items.sort(key=turn)


def share(processors: Collection[int], worker: str, workers: int) -> set[int]:
    """The processors of one of several pytest workers.

    An engine grades as many submissions at once as it has processors. Limits of time decide on points, so the engines of all
    workers together mustn't grade more.

    Args:
        processors: those of the machine.
        worker: pytest-xdist's name of the worker, such as ``gw1``; one that replaces another has a number of its own.
        workers: how many there are at a time.
    """
    mine: Sequence[int] = sorted(processors)[int(worker.removeprefix("gw")) % workers :: workers]
    return set(mine or processors)
