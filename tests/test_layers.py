"""Rooms of the engine lie on floors: what is imported, anywhere in a file, lies below or in the same room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.places import PACKAGE

FLOORS = (  # from the ground up
    {"inside", "places", "settings", "any_folder", "errors", "times", "late", "reference"},
    {"jobs"},
    {"checking", "sandbox", "collecting"},
    {"compare", "feedback", "judge"},
    {"checks", "engine", "pages"},
    {"run"},
    {"classroom"},
    {"authoring", "plugin", "archives", "exports", "mark_scheme"},
    {"collect"},
    {"__main__"},
)
LEVELS = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
ROOMS = {path.stem: path for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
ROOMS.pop("__init__")


def files(room: str) -> list[Path]:
    path = ROOMS[room]
    return [file for file in path.rglob("*.py") if "skeleton" not in file.parts] if path.is_dir() else [path]


def used_by(room: str) -> Iterator[tuple[str, str]]:
    """What a room imports of this package: the file's name, and the other room."""
    for file in files(room):
        for node in ast.walk(ast.parse(file.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for parts in (name.split(".") for name in names):
                if parts[0] == PACKAGE.name and parts[1] != room:
                    yield file.name, parts[1]


def test_every_room_has_a_floor():
    assert set(ROOMS) == set(LEVELS)


@pytest.mark.parametrize("room", sorted(LEVELS))
def test_what_a_room_imports_lies_below_it(room):
    assert [(file, other) for file, other in used_by(room) if LEVELS[other] >= LEVELS[room]] == []


def test_what_lies_beside_student_code_imports_nothing_of_the_rest():
    assert list(used_by("inside")) == []


def modules() -> dict[str, set[str]]:
    """Each module of this package, with those that it imports."""
    names = {".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts): file for room in ROOMS for file in files(room)}
    arrows: dict[str, set[str]] = {}
    for name, file in names.items():
        nodes = [node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.ImportFrom) and node.module]
        wanted = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names} | {node.module for node in nodes}
        arrows[name] = wanted & set(names) - {name}
    return arrows


def test_no_modules_import_each_other_in_a_circle():
    arrows = modules()
    while free := [name for name, wanted in arrows.items() if not wanted & set(arrows)]:
        for name in free:
            del arrows[name]
    assert sorted(arrows) == []
