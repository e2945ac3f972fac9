"""Results kept by content: found again for the same work, never for other work, never harmful when damaged."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest

from autograder.engine import imports
from autograder.engine.store import SEED, BadSeed, ResultStore, course_seed
from autograder.jobs.score import CellResult, CheckReport, JobResult
from autograder.places import PACKAGE
from autograder.settings import Settings

RESULT = JobResult({0: CellResult([], "", [CheckReport("Size", True)])}, "process", 1.0)


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    file = tmp_path / "test_tiny.py"
    file.write_text("class TestSize: ...")
    return file


def store(folder: Path, checks: Path, **settings: object) -> ResultStore:
    return ResultStore(folder, Settings(**settings), [str(checks)])


def test_a_result_is_found_again(tmp_path, checks):
    store(tmp_path, checks).put("job", RESULT)
    assert store(tmp_path, checks).get("job") == RESULT


def test_another_job_has_no_result(tmp_path, checks):
    store(tmp_path, checks).put("job", RESULT)
    assert store(tmp_path, checks).get("other") is None


@pytest.mark.parametrize("setting", [{"sandbox": "process"}, {"check_seconds": 3.0}, {"memory_mb": 1000}])
def test_other_limits_ask_for_a_new_result(tmp_path, checks, setting):
    store(tmp_path, checks).put("job", RESULT)
    assert store(tmp_path, checks, **setting).get("job") is None


@pytest.mark.parametrize("setting", [{"workers": 3}, {"look_ahead": False}, {"reuse_results": False}, {"book": "https://uni.example"}])
def test_settings_that_cant_change_a_result_dont_matter(tmp_path, checks, setting):
    store(tmp_path, checks).put("job", RESULT)
    assert store(tmp_path, checks, **setting).get("job") == RESULT


def test_a_changed_check_asks_for_a_new_result(tmp_path, checks):
    store(tmp_path, checks).put("job", RESULT)
    checks.write_text("class TestSize: 'stricter'")
    assert store(tmp_path, checks).get("job") is None


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("jobs/score.py", True),
        ("inside/kernel.py", True),
        ("reference/one.py", True),
        ("reference/two.py", False),
        ("classroom/report.py", False),
    ],
)
def test_what_stands_behind_a_grade_asks_for_a_new_result_and_nothing_else(tmp_path, monkeypatch, file, matters):
    package = tmp_path / "autograder"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    monkeypatch.setattr(imports, "PACKAGE", package)
    check = package / "checks" / "test_one.py"
    check.write_text("from autograder.reference import one")
    (package / "reference" / "one.py").touch()
    store(tmp_path, check).put("job", RESULT)
    with (package / file).open("a") as changed:
        changed.write("\n# changed\n")
    assert (store(tmp_path, check).get("job") is None) == matters


@pytest.mark.parametrize("result", [JobResult(problem="the sandbox broke"), JobResult(timed_out=True)])
def test_results_that_time_or_the_machine_spoiled_arent_kept(tmp_path, checks, result):
    store(tmp_path, checks).put("job", result)
    assert store(tmp_path, checks).get("job") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"{}", b'{"cells": {"x": {}}}', b"\xff\xfe", b'{"cells": 3}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path, checks, damage):
    kept = store(tmp_path, checks)
    kept.put("job", RESULT)
    (path,) = kept.folder.glob("*.json")
    path.write_bytes(damage)
    assert kept.get("job") is None
    kept.put("job", RESULT)
    assert kept.get("job") == RESULT


def test_texts_that_are_no_unicode_are_kept(tmp_path, checks):
    odd = JobResult({0: CellResult([{"output_type": "stream", "name": "stdout", "text": "\ud800 é"}])}, "process")
    store(tmp_path, checks).put("job", odd)
    assert store(tmp_path, checks).get("job") == odd


def test_a_result_that_cant_be_written_leaves_nothing_and_stops_nothing(tmp_path, checks, monkeypatch):
    """As on a full disk: the grade itself doesn't depend on the store."""

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    kept = store(tmp_path, checks)
    kept.put("job", RESULT)
    assert kept.get("job") is None
    assert list(kept.folder.iterdir()) == []


# ---- the seed


def test_a_seed_is_made_once_and_kept(tmp_path):
    seed = course_seed(tmp_path)
    assert len(seed) == 32 and course_seed(tmp_path) == seed
    assert (tmp_path / SEED).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / SEED).parent.iterdir()] == ["seed"]


@pytest.mark.parametrize("content", [b"0123456789abcdef" * 2, b"0123456789ABCDEF" * 2 + b"\n"])
def test_a_seed_that_was_restored_is_used(tmp_path, content):
    (tmp_path / SEED).parent.mkdir()
    (tmp_path / SEED).write_bytes(content)
    assert course_seed(tmp_path) == content.decode().strip()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"0" * 31, "holds something else"),
        (b"0" * 33, "holds something else"),
        (b"0" * 16 + b"\n" + b"0" * 16, "holds something else"),
        (b"g" * 32, "holds something else"),
        (b"\0" * 32, "holds something else"),
        (b"\xff" * 32, "holds something else"),
    ],
)
def test_a_damaged_seed_is_refused_with_what_to_do(tmp_path, content, found):
    path = tmp_path / SEED
    path.parent.mkdir()
    path.write_bytes(content)
    message = (
        f"{path} should hold the 32 hexadecimal digits .*, and {found}. Restore the file .* to keep the inputs; delete it to have new ones"
    )
    with pytest.raises(BadSeed, match=message):
        course_seed(tmp_path)
    assert path.read_bytes() == content, "nothing was changed"
    path.unlink()
    assert len(course_seed(tmp_path)) == 32


def test_runs_that_start_at_the_same_moment_end_with_one_seed(tmp_path):
    """Each finds no seed and makes one; all use the one that stays."""
    together, seeds = threading.Barrier(8), []

    def start(course: Path) -> None:
        together.wait()
        seeds.append(course_seed(course))

    for number in range(10):
        course, seeds = tmp_path / str(number), []
        threads = [threading.Thread(target=start, args=[course]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seeds) == 8 and set(seeds) == {(course / SEED).read_text()}
