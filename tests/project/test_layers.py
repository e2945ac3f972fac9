"""Rooms of the engine lie on floors: what is imported, anywhere in a file, lies below or in the same room."""

from __future__ import annotations

import layout
import pytest
from layout import LEVELS, ROOMS, in_circles, used_by


def test_every_room_has_a_floor():
    assert set(ROOMS) == set(LEVELS)


@pytest.mark.parametrize("room", sorted(LEVELS))
def test_what_a_room_imports_lies_below_it(room):
    assert [(file, other) for file, other in used_by(room) if LEVELS[other] >= LEVELS[room]] == []


def test_what_lies_beside_student_code_imports_nothing_of_the_rest():
    assert list(used_by("inside")) == []


def test_no_modules_import_each_other_in_a_circle():
    assert in_circles() == []


def test_circles_and_arrows_would_be_found(tmp_path, monkeypatch):
    package = tmp_path / "autograder"
    for name, text in {
        "jobs/__init__": "",
        "jobs/a": "from autograder.run import b",
        "run/__init__": "",
        "run/b": "from autograder.jobs import a",
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text(text)
    monkeypatch.setattr(layout, "PACKAGE", package)
    monkeypatch.setattr(layout, "ROOMS", {"jobs": package / "jobs", "run": package / "run"})
    layout.files.cache_clear()
    try:
        assert list(used_by("jobs")) == [("a.py", "run")]
        assert in_circles() == ["autograder.jobs.a", "autograder.run.b"]
    finally:
        layout.files.cache_clear()
