"""How the package `autograder` is laid out: its rooms, the floors they lie on, and what imports what. `make layout` prints it.

A room is a folder or a module at the top of the package. Functions are measured from ``def`` to their last line.
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from autograder.places import PACKAGE

FLOORS = (  # from the ground up
    {"inside", "places", "settings", "any_folder", "errors", "times", "late", "reference"},
    {"chapters", "jobs"},
    {"checking", "sandbox", "collecting"},
    {"marking"},
    {"compare", "feedback", "judge"},
    {"checks", "engine", "pages"},
    {"run"},
    {"classroom"},
    {"authoring", "hub", "plugin", "archives", "exports", "mark_scheme"},
    {"collect", "daily", "elsewhere", "passback"},
    {"__main__"},
)
LEVELS = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
ROOMS = {path.stem: path for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
ROOMS.pop("__init__")


def main() -> None:
    arrows = {(room, other) for room in ROOMS for _, other in used_by(room)}
    lengths = sorted(length for room in ROOMS if room != "checks" for file in files(room) for length in functions(file))
    sizes = {room: len(files(room)) for room in ROOMS if ROOMS[room].is_dir()}
    largest = max((len(file.read_text("utf-8").splitlines()), file) for room in ROOMS if room != "checks" for file in files(room))
    crowded = max(sizes, key=lambda room: sizes[room])
    print(f"rooms {len(ROOMS)}: {len(sizes)} folders, {len(ROOMS) - len(sizes)} modules at the top")
    print(f"floors {len(FLOORS)}, arrows between rooms {len(arrows)}")
    print(f"arrows that run up or sideways {sum(LEVELS[other] >= LEVELS[room] for room, other in arrows)}")
    print(f"modules in circles {len(in_circles())}")
    print(f"functions without checks {len(lengths)}: median {statistics.median(lengths):g}, p90 {lengths[len(lengths) * 9 // 10]}", end="")
    print(f", longest {lengths[-1]}, above 50 lines {sum(length > 50 for length in lengths)}")
    print(f"largest file without checks {largest[0]} lines ({largest[1].relative_to(PACKAGE)})")
    print(f"most modules in one folder {sizes[crowded]} ({crowded})")


@cache
def files(room: str) -> tuple[Path, ...]:
    path = ROOMS[room]
    return tuple(sorted(file for file in path.rglob("*.py") if "skeleton" not in file.parts)) if path.is_dir() else (path,)


def used_by(room: str) -> Iterator[tuple[str, str]]:
    """What a room imports of this package, anywhere in its files: the file's name, and the other room."""
    for file in files(room):
        for node in ast.walk(ast.parse(file.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for parts in (name.split(".") for name in names):
                if parts[0] == PACKAGE.name and parts[1] != room:
                    yield file.name, parts[1]


def in_circles() -> list[str]:
    """Modules that import each other in a circle, and those that import them."""
    names = {".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts): file for room in ROOMS for file in files(room)}
    arrows: dict[str, set[str]] = {}
    for name, file in names.items():
        nodes = [node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.ImportFrom) and node.module]
        wanted = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names} | {str(node.module) for node in nodes}
        arrows[name] = wanted & set(names) - {name}
    while free := [name for name, wanted in arrows.items() if not wanted & set(arrows)]:
        for name in free:
            del arrows[name]
    return sorted(arrows)


def functions(file: Path) -> Iterator[int]:
    """The length of each function in a file, in lines."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield node.end_lineno - node.lineno + 1


if __name__ == "__main__":
    main()
