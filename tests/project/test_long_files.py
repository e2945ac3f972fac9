"""Files of tests that take minutes: what decides on each, what is noted as proven, and what runs all the same."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import long_files
import pytest

from autograder.authoring.course import ROOT

ONE, OTHER = "nbgrader/test_class.py", "book/visualisers"


@pytest.fixture
def lock(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(long_files, "LOCK", tmp_path / "long.lock")
    return tmp_path / "long.lock"


def named(long: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in long_files.deciding(long)}


def test_what_is_named_is_there():
    for long, tried in long_files.LONG.items():
        assert not [name for name in (f"tests/{long}", *tried) if not (ROOT / name).exists()]
    assert all((ROOT / name).is_dir() for name in long_files.NOT_GRADING)


@pytest.mark.parametrize(
    ("file", "long"),
    [
        ("tests/nbgrader/test_class.py", "nbgrader/test_class.py"),
        ("tests/book/visualisers/test_pooling_demo.py", "book/visualisers"),
        ("tests/nbgrader/test_classes.py", None),
        ("tests/book/test_book.py", None),
        ("autograder/settings.py", None),
    ],
)
def test_a_file_belongs_to_its_entry(file, long):
    assert long_files.long_file(ROOT / file) == long


def test_what_decides_is_what_is_imported_and_what_is_tried():
    of_class, of_book = named(ONE), named(OTHER)
    assert {"tests/nbgrader/test_class.py", "tests/large_class/steps.py", "tests/conftest.py", "tests/processes.py"} <= of_class
    assert {"autograder/run/run.py", "requirements.lock"} <= of_class
    assert not [name for name in of_class if name.startswith(("autograder/checks/", "book/", "tests/engine/"))]
    assert "tests/book/visualisers/test_pooling_demo.py" in of_book and not of_class & {"_toc.yml", "book/intro.md"}
    assert {"_toc.yml", "book/intro.md", "book/_static/course.css", "autograder/reference/convnets.py"} <= of_book
    assert not [name for name in of_class | of_book if "__pycache__" in name]


def test_a_digest_is_another_one_when_a_file_is(monkeypatch, lock):
    before = long_files.digests()
    lock.write_text(json.dumps(before))
    assert long_files.proven() == set(long_files.LONG)
    known, changed = long_files._named, ROOT / "tests" / "large_class" / "steps.py"
    monkeypatch.setattr(long_files, "_named", lambda path, when: known(path, when) + ("changed" if path == changed else ""))
    still = {long for long in long_files.LONG if changed not in long_files.deciding(long)}
    assert long_files.proven() == still != set(long_files.LONG)


def test_of_what_is_proven_a_part_runs_and_all_that_changed(monkeypatch):
    those = sorted(long_files.LONG)[1:]
    monkeypatch.setattr(long_files, "proven", lambda: set(those))
    items = [SimpleNamespace(path=ROOT / "tests" / name) for name in (*long_files.LONG, "engine/test_wire.py")]
    parts = []
    for seed in ("one", "two", "three"):
        left = [long_files.long_file(item.path) for item in long_files.left_out(items, seed)]
        assert len(left) == len(those) - -(-len(those) // long_files.PART) and set(left) < set(those)
        parts.append(left)
    assert parts[0] != parts[1] or parts[1] != parts[2]


def test_the_head_of_a_run_says_what_is_left_out(monkeypatch):
    monkeypatch.setattr(long_files, "proven", lambda: {ONE, OTHER})
    changed, proven = long_files.told("seed")
    assert changed.startswith("long files: all of attacks/test_attacks.py, ") and ONE not in changed
    assert proven.endswith("; not the other 1") and (ONE in proven) != (OTHER in proven)


def report(long: str, outcome: str = "passed", when: str = "call") -> SimpleNamespace:
    return SimpleNamespace(nodeid=f"tests/{long}::test_it", when=when, outcome=outcome)


@pytest.mark.parametrize(
    ("reports", "noted"),
    [
        ([report(ONE), report(OTHER)], {ONE, OTHER}),
        ([report(ONE), report(OTHER), report(ONE, "failed")], {OTHER}),
        ([report(ONE), report(ONE, "failed", "setup")], set()),
        ([report(ONE), report(ONE, "failed", "teardown")], set()),
        ([report(ONE, when="setup"), report(ONE, "skipped")], set()),
        ([report(ONE), report(ONE, "skipped", "setup")], {ONE}),
        ([report("engine/test_wire.py")], set()),
    ],
)
def test_what_passed_whole_is_noted_and_what_was_known_stays(lock, reports, noted):
    lock.write_text('{"known": "digest"}')
    plugin = long_files.Noted()
    for one in reports:
        plugin.pytest_runtest_logreport(one)
    plugin.pytest_sessionfinish(None, pytest.ExitCode.TESTS_FAILED)
    assert long_files.read_lock() == {"known": "digest"} | {long: long_files.digest(long) for long in noted}


@pytest.mark.parametrize("exitstatus", [pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR])
def test_a_run_that_was_stopped_notes_nothing(lock, exitstatus):
    plugin = long_files.Noted()
    plugin.pytest_runtest_logreport(report(ONE))
    plugin.pytest_sessionfinish(None, exitstatus)
    assert long_files.read_lock() == {}


def test_what_changed_meanwhile_is_not_noted(lock, monkeypatch):
    plugin = long_files.Noted()
    plugin.pytest_runtest_logreport(report(ONE))
    monkeypatch.setattr(long_files, "digest", lambda long: "another")
    plugin.pytest_sessionfinish(None, pytest.ExitCode.OK)
    assert long_files.read_lock() == {}


@pytest.mark.parametrize(
    ("chosen", "arguments", "said"),
    [({"keyword": "it"}, [], "keyword"), ({"maxfail": 1}, [], "maxfail"), ({}, ["tests/a.py::test_it"], "names of tests")],
)
def test_a_part_of_a_file_proves_nothing(chosen, arguments, said):
    with pytest.raises(pytest.UsageError, match=f"expected whole files, but what runs is chosen by {said}"):
        long_files.demand_whole(SimpleNamespace(**chosen), arguments)
    long_files.demand_whole(SimpleNamespace(keyword="", maxfail=0, proven_in_part=True), ["tests/a.py"])
