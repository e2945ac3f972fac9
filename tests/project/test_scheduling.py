"""Parts, groups, turns and processors: every test belongs to one part that a command runs, and engines don't slow each other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import scheduling

from autograder.authoring.course import ROOT, assignments
from autograder.settings import Settings

TESTS = ROOT / "tests"
ONE = assignments()[0]


def item(name: str, test: str = "test_it", *fixtures: str) -> SimpleNamespace:
    return SimpleNamespace(path=TESTS / name, nodeid=f"tests/{name}::{test}", fixturenames=fixtures)


def arranged(*items: SimpleNamespace) -> list[str]:
    listed = list(items)
    scheduling.arrange(listed)
    return [one.nodeid.removeprefix("tests/") for one in listed]


def recipe(command: str) -> str:
    return re.search(rf"^{command}: .*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1]


@pytest.mark.parametrize("part", [scheduling.EVERYDAY, *scheduling.PARTS])
def test_a_command_runs_each_part(part):
    command = re.search(r"`make ([\w-]+)`", scheduling.MARKERS[part])[1]
    assert f"-m {part} " in recipe(command)


def test_ci_leaves_no_part_out_and_one_command_leaves_nothing_out():
    commands = re.findall(r"^make ([\w-]+)$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert "--proven-in-part" in recipe(commands[-1]) and " -m " not in recipe(commands[-1]).replace("python -m", "")
    assert recipe("test-all").split() == ["@$(PYTEST)", "$(PYTEST_OPTIONS)"]


def test_files_that_parts_and_turns_name_are_there():
    of_parts = [pattern for named in (*scheduling.PARTS.values(), *scheduling.OF_A_CHAPTER.values()) for pattern in named]
    turns = [*scheduling.LONGEST_FIRST, *scheduling.NOT_AT_ONCE, *scheduling.NOT_AT_ONCE.values()]
    patterns = [*of_parts, *turns, *scheduling.EVERYDAY_TOO, *scheduling.ENGINE, *scheduling.READING_IN_PART]
    assert [pattern for pattern in patterns if not list(TESTS.rglob(pattern))] == []


@pytest.mark.parametrize(
    ("path", "parts", "read_for"),
    [
        (TESTS / "test_compare.py", {"everyday"}, {"everyday"}),
        (TESTS / "test_book.py", {"everyday"}, {"everyday", "reading"}),
        (TESTS / "test_book_weight.py", {"reading"}, {"reading"}),
        (TESTS / "visualisers" / "test_pooling_demo.py", {"reading"}, {"reading"}),
        (TESTS / "test_solutions.py", {"grading", "everyday"}, {"grading", "everyday"}),
        (TESTS / "test_sample_class.py", {"grading"}, {"grading"}),
        (TESTS / "test_attacks.py", {"slow"}, {"slow"}),
        (TESTS / "test_of_a_new_chapter.py", {"everyday"}, {"everyday"}),
        (Path("/elsewhere/test_sample_class.py"), {"grading"}, {"grading"}),
    ],
)
def test_files_are_in_their_parts_and_read_where_one_of_them_runs(path, parts, read_for):
    assert scheduling.parts_of(path) == parts
    assert {wanted for wanted in (scheduling.EVERYDAY, *scheduling.PARTS) if not scheduling.in_another_part(path, wanted)} == read_for


class Marked(SimpleNamespace):
    """A test that keeps what markers it was given."""

    def add_marker(self, marker, append: bool = True) -> None:
        self.markers.append(getattr(marker, "name", marker))

    def get_closest_marker(self, name: str):
        return None


def marked(name: str, *fixtures: str) -> list[str]:
    one = Marked(**vars(item(name, "test_it", *fixtures)), markers=[])
    scheduling.mark(one)
    return sorted(one.markers)


def test_what_needs_the_built_book_is_not_for_every_day():
    assert marked("test_book.py") == ["everyday"]
    assert marked("test_book.py", "book") == ["built_book", "reading", "timeout"]
    assert marked("test_nbval.py", "books_runs") == ["built_book", "slow", "timeout"]
    assert marked("test_solutions.py") == ["everyday", "grading"]


def test_a_file_that_needs_the_built_book_and_is_not_named_is_told():
    with pytest.raises(pytest.UsageError, match=r"test_compare.py::test_it needs the built book: name its file"):
        marked("test_compare.py", "book")


@pytest.mark.parametrize(
    ("name", "of_engine"), [("test_wire.py", True), ("test_engine.py", True), ("test_book.py", False), ("elsewhere.py", False)]
)
def test_with_another_python_no_file_is_read_but_the_engines(name, of_engine):
    assert scheduling.in_another_part(TESTS / name, "engine") != of_engine
    assert not scheduling.in_another_part(TESTS / "folder", "engine")


@pytest.mark.parametrize("wanted", ["", "slow or grading", "not slow", "built_book"])
def test_no_file_is_left_unread_for_other_selections(wanted):
    assert not scheduling.in_another_part(TESTS / "test_compare.py", wanted)


def test_this_test_carries_the_marker_of_its_part(request):
    assert request.node.get_closest_marker(scheduling.EVERYDAY)
    assert not request.node.get_closest_marker("built_book")


def test_an_assignments_solutions_stay_together_and_other_files_as_a_whole():
    solutions = [scheduling.kept_together(f"tests/chapters/test_solutions.py::test_it[{name}-x: y]") for name in assignments()]
    assert len(set(solutions)) == len(assignments())
    assert scheduling.kept_together(f"tests/project/test_project.py::test_it[{ONE}]") == "tests/project/test_project.py"


def test_files_that_mustnt_meet_stay_together():
    mixed = [
        item("nbgrader/test_postgresql.py"),
        item("test_wire.py"),
        item("attacks/test_attacks.py", "1"),
        item("attacks/test_attacks.py", "2"),
    ]
    assert len({scheduling.kept_together(one.nodeid) for one in mixed}) == 2
    assert [name.partition("::")[0] for name in arranged(*mixed)] == [
        "nbgrader/test_postgresql.py", *["attacks/test_attacks.py"] * 2, "test_wire.py",
    ]  # fmt: skip


def test_the_longest_begin_and_what_needs_the_book_waits_behind_what_doesnt():
    mixed = [
        item("test_wire.py", "one"), item("test_web.py", "one", "book"), item("test_wire.py", "two"), item("test_cluster.py"),
        item("test_web.py", "two"), item("test_store.py"), item("test_chapters.py", "test_it", "book"), item("test_solutions.py", f"t[{ONE}]"),
    ]  # fmt: skip
    assert [name.partition("::")[0] for name in arranged(*mixed)] == [
        "test_chapters.py", "test_solutions.py", "test_cluster.py", "test_wire.py", "test_wire.py", "test_store.py", "test_web.py", "test_web.py",
    ]  # fmt: skip


def test_every_process_finds_the_same_tests():
    """Sets and hashes have another order in each process: where parameters follow it, workers don't agree about what there is."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", str(TESTS)]
    runs = [
        subprocess.Popen(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for seed in "12"
    ]
    printed = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], printed
    found = [[line for line in text.splitlines() if "::" in line] for text in printed]
    assert found[0] and found[0] == found[1]


@pytest.mark.parametrize(
    ("processors", "workers", "shares"),
    [
        ({0, 1}, 2, [{0}, {1}, {0}]),
        ({2, 5, 7, 9}, 2, [{2, 7}, {5, 9}, {2, 7}]),
        ({0, 1, 2}, 2, [{0, 2}, {1}]),
        ({3}, 2, [{3}, {3}]),
        ({0, 1}, 1, [{0, 1}, {0, 1}]),
    ],
)
def test_pytest_workers_share_the_processors(processors, workers, shares):
    assert [scheduling.share(processors, f"gw{number}", workers) for number in range(len(shares))] == shares


def test_engines_of_all_pytest_workers_together_grade_no_more_than_there_are_processors():
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("processes can't be given processors here")
    together = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    available = len(os.sched_getaffinity(os.getppid()))
    assert Settings().worker_count * together <= max(available, together)
