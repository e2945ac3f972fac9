"""Files of tests that take minutes: what each is a proof of, which are proven as everything is, and which of those run all the same.

``long.lock`` holds a digest for each: of the file and all that it imports of tests/, of what it tries, and of the packages in
``requirements.lock``. `make prove` runs those that changed, and notes the digest where nothing failed. The contents of assignments are
no part of it where a file tries what grades them: `graded.lock` speaks of those. A part runs with every push, drawn anew for each
commit; `make test-all` runs all.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import proofs
import pytest

from autograder.authoring.course import ROOT

TESTS = ROOT / "tests"
LOCK = TESTS / "long.lock"
PART = 4  # one of so many proven files runs with a push
GRADING = ("autograder", "pyproject.toml")  # what grades, collects, reports
NOT_GRADING = ("autograder/checks", "autograder/reference", "autograder/authoring/skeleton")
BOOK = (
    "book", "_config.yml", "_toc.yml", "data", "release", "autograder/reference", "autograder/settings.py", "autograder/chapters.py",
    "autograder/jobs/cells.py",
)  # fmt: skip
PACKAGES = "requirements.lock"

# By file or folder below tests/: what it tries, besides what it imports.
LONG: dict[str, tuple[str, ...]] = {
    "attacks/test_attacks.py": (*GRADING, "tests/attacks/sources"),
    "engine/test_broken_check.py": GRADING,
    "engine/test_infrastructure.py": GRADING,
    "nbgrader/test_class.py": (*GRADING, "tests/attacks/sources"),
    "nbgrader/test_cluster.py": GRADING,
    "nbgrader/test_elsewhere.py": GRADING,
    "nbgrader/test_interruptions.py": GRADING,
    "nbgrader/test_jupyterhub.py": GRADING,
    "nbgrader/test_jupyterlab.py": GRADING,
    "nbgrader/test_machines.py": GRADING,
    "nbgrader/test_new_course.py": GRADING,
    "nbgrader/test_ordinary_user.py": (*GRADING, "tests/nbgrader", "tests/engine"),  # it runs files of theirs
    "nbgrader/test_postgresql.py": GRADING,
    "nbgrader/test_watch.py": GRADING,
    "book/test_book_accessible.py": BOOK,
    "book/test_book_chapters.py": BOOK,
    "book/test_book_downloads.py": BOOK,
    "book/test_book_editions.py": BOOK,
    "book/test_book_figures.py": BOOK,
    "book/test_book_opened_as_file.py": BOOK,
    "book/test_book_reading.py": BOOK,
    "book/test_book_rebuild.py": BOOK,
    "book/test_book_weight.py": BOOK,
    "book/test_pyrun_browser.py": BOOK,
    "book/visualisers": BOOK,
    "project/test_docs.py": (*GRADING, *BOOK, "README.md", "CONTRIBUTING.md", "Makefile"),
}


def long_file(path: Path) -> str | None:
    """The entry of `LONG` that a file of tests belongs to; None if it is short."""
    if not path.is_relative_to(TESTS):
        return None
    name = path.relative_to(TESTS).as_posix()
    return next((long for long in LONG if name == long or name.startswith(f"{long}/")), None)


def deciding(long: str) -> list[Path]:
    """The files that decide whether the tests of an entry of `LONG` pass, sorted."""
    own = TESTS / long
    started = [path for path in proofs.files_of(own) if path.suffix == ".py"] if own.is_dir() else [own]
    tried = [path for name in LONG[long] for path in _files(ROOT / name)]
    return sorted({*_behind([*started, TESTS / "conftest.py"]), *_files(own), *tried, ROOT / PACKAGES})


def _behind(starts: Iterable[Path]) -> set[Path]:
    """The given files and all that they import of tests/, directly or not."""
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting += _imported(path, path.stat().st_mtime_ns)
    return found


@cache
def _imported(path: Path, changed: int) -> list[Path]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    files = [TESTS.joinpath(*name.split(".")).with_suffix(".py") for name in names]
    return [file for file in files if file.is_file()]


def digest(long: str) -> str:
    return proofs.text_digest(*(_named(path, path.stat().st_mtime_ns) for path in deciding(long)))


@cache
def _named(path: Path, changed: int) -> str:
    return proofs.named(path)


def _files(path: Path) -> Iterator[Path]:
    """A file, or those below a folder, but assignments' own where the folder holds what grades them too."""
    left_out = [folder for name in NOT_GRADING if not path.is_relative_to(folder := ROOT / name)]
    for file in proofs.files_of(path) if path.is_dir() else [path]:
        if not any(file.is_relative_to(folder) for folder in left_out):
            yield file


def digests() -> dict[str, str]:
    return {long: digest(long) for long in LONG}


def read_lock() -> dict[str, str]:
    """The digests that were noted."""
    return json.loads(LOCK.read_text("utf-8")) if LOCK.exists() else {}


def proven() -> set[str]:
    """The entries of `LONG` that passed as everything is now."""
    known = read_lock()
    return {long for long, now in digests().items() if known.get(long) == now}


def spared(seed: str) -> set[str]:
    """Of what is proven all but a part, which is drawn by the seed."""
    those = proven()
    return those - set(proofs.drawn(those, -(-len(those) // PART), seed))


def left_out(items: Iterable[pytest.Item], seed: str) -> Iterator[pytest.Item]:
    """Of the collected tests, those of proven files that needn't run."""
    without = spared(seed)
    return (item for item in items if long_file(item.path) in without)


def told(seed: str) -> list[str]:
    """What runs whole and what is left out, for the head of a run."""
    those, without = proven(), spared(seed)
    changed = sorted(set(LONG) - those)
    lines = [f"long files: all of {', '.join(changed)}"] if changed else []
    return lines + ([f"long files that are proven: {', '.join(sorted(those - without))}; not the other {len(without)}"] if those else [])


class Noted:
    """A plug-in that notes in `LOCK` which long files passed whole."""

    def __init__(self) -> None:
        self.before = digests()
        self.outcomes: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if long := long_file(ROOT / report.nodeid.partition("::")[0]):
            self.outcomes[long].add(report.outcome if report.when == "call" or report.outcome != "passed" else "")

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return  # stopped in the middle
        after = digests()
        right = {
            long: after[long]
            for long, seen in self.outcomes.items()
            if "passed" in seen and "failed" not in seen and self.before[long] == after[long]
        }
        part = LOCK.with_suffix(".part")
        part.write_text(json.dumps(read_lock() | right, indent=1, sort_keys=True) + "\n", "utf-8")
        part.replace(LOCK)


def demand_whole(options: Any, arguments: Collection[str]) -> None:
    """
    Raises:
        pytest.UsageError: the run's options leave out tests of files, whose rest proves nothing. (``--proven-in-part`` leaves out whole ones.)
    """
    said = [name for name in ("keyword", "markexpr", "deselect", "chapter", "maxfail", "lf", "stepwise") if getattr(options, name, None)]
    if said or any("::" in argument for argument in arguments):
        raise pytest.UsageError(f"--note-proven: expected whole files, but what runs is chosen by {', '.join(said) or 'names of tests'}")
