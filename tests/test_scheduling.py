"""Parts, groups, turns and processors: every test belongs to one part that a command runs, and engines don't slow each other."""

from __future__ import annotations

import os
import re
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


@pytest.mark.parametrize("part", [scheduling.EVERYDAY, *scheduling.PARTS])
def test_a_command_runs_each_part(part):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    command = re.search(r"`make ([\w-]+)`", scheduling.MARKERS[part])[1]
    recipe = re.search(rf"^{command}: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    assert f"-m {part} " in recipe


def test_files_that_parts_and_turns_name_are_there():
    patterns = [pattern for named in scheduling.PARTS.values() for pattern in named]
    assert [
        pattern
        for pattern in [*patterns, *scheduling.LONGEST_FIRST, *scheduling.NOT_AT_ONCE, *scheduling.NOT_AT_ONCE.values()]
        if not list(TESTS.glob(pattern))
    ] == []


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (TESTS / "test_compare.py", "everyday"),
        (TESTS / "test_book.py", "everyday"),
        (TESTS / "test_book_weight.py", "reading"),
        (TESTS / "visualisers" / "test_pooling_demo.py", "reading"),
        (TESTS / "test_solutions.py", "grading"),
        (TESTS / "test_attacks.py", "slow"),
        (TESTS / "test_of_a_new_chapter.py", "everyday"),
        (Path("/elsewhere/test_solutions.py"), "grading"),
    ],
)
def test_files_are_in_their_part(path, part):
    assert scheduling.part_of(path) == part
    others = {wanted for wanted in (scheduling.EVERYDAY, *scheduling.PARTS) if scheduling.in_another_part(path, wanted)}
    assert others == {scheduling.EVERYDAY, *scheduling.PARTS} - {part}


@pytest.mark.parametrize("wanted", ["", "slow or grading", "not slow", "built_book"])
def test_no_file_is_left_unread_for_other_selections(wanted):
    assert not scheduling.in_another_part(TESTS / "test_compare.py", wanted)


def test_this_test_carries_the_marker_of_its_part(request):
    assert request.node.get_closest_marker(scheduling.EVERYDAY)
    assert not request.node.get_closest_marker("built_book")


def test_an_assignments_solutions_stay_together_and_other_files_as_a_whole():
    solutions = [scheduling.kept_together(f"tests/test_solutions.py::test_it[{name}-x: y]") for name in assignments()]
    assert len(set(solutions)) == len(assignments())
    assert scheduling.kept_together(f"tests/test_project.py::test_it[{ONE}]") == "tests/test_project.py"


def test_files_that_mustnt_meet_stay_together():
    mixed = [item("test_postgresql.py"), item("test_wire.py"), item("test_attacks.py", "one"), item("test_attacks.py", "two")]
    assert len({scheduling.kept_together(one.nodeid) for one in mixed}) == 2
    assert [name.partition("::")[0] for name in arranged(*mixed)] == ["test_postgresql.py", *["test_attacks.py"] * 2, "test_wire.py"]


def test_the_longest_begin_and_what_needs_the_book_waits_behind_what_doesnt():
    mixed = [
        item("test_wire.py", "one"), item("test_web.py", "one", "book"), item("test_wire.py", "two"), item("test_cluster.py"),
        item("test_web.py", "two"), item("test_store.py"), item("test_chapters.py", "test_it", "book"), item("test_solutions.py", f"t[{ONE}]"),
    ]  # fmt: skip
    assert [name.partition("::")[0] for name in arranged(*mixed)] == [
        "test_chapters.py", "test_solutions.py", "test_cluster.py", "test_wire.py", "test_wire.py", "test_store.py", "test_web.py", "test_web.py",
    ]  # fmt: skip


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
