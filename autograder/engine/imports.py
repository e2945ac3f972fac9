"""What has to be done again when what changed: the files that decide on a grade, and a digest of files.

Which files of this package stand behind another, that is what it imports and what that imports, is read from the sources,
so that a module counts wherever in the package it lies.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.places import PACKAGE

GRADING = ("plugin.py", "judge/session.py")  # with what they import, all that grading runs; reports and exports change no grade
GIVEN = ("inside", "reference/labels")  # folders of which no import tells: the sandbox gets the first as it is


def deciding_files(also: Iterable[str | Path] = ()) -> list[Path]:
    """All files and folders that decide on a grade, sorted.

    Args:
        also: files that do so too, such as hidden checks; with them counts what they import of this package.
    """
    return sorted([*files_behind([*(PACKAGE / name for name in GRADING), *map(Path, also)]), *(PACKAGE / name for name in GIVEN)])


def files_behind(starts: Iterable[Path], within: Sequence[Path] = ()) -> list[Path]:
    """The given files and all files of this package that they import, directly or not, sorted.

    Imports inside functions count, and so does what stands in the packages that a module lies in. A file that can't be read
    as Python stands for itself alone.

    Args:
        starts: where to begin.
        within: folders, if only files in these count; what files elsewhere import isn't followed.

    Raises:
        FileNotFoundError: one of ``starts`` isn't there.
    """
    found: set[Path] = set()
    waiting = [Path(path).resolve() for path in starts]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [file for file in _imported(path) if not within or any(file.is_relative_to(folder) for folder in within)]
    return sorted(found)


def _imported(path: Path) -> Iterator[Path]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield from _files(name)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    """The module that ``from … import`` names, relative ones resolved if the file is of this package."""
    if not node.level or not path.is_relative_to(PACKAGE):
        return node.module or ""
    package = path.parent.relative_to(PACKAGE.parent).parts
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def _files(module: str) -> Iterator[Path]:
    parts = module.split(".")
    if parts[0] != PACKAGE.name:
        return
    places = [PACKAGE.parent.joinpath(*parts[: depth + 1]) for depth in range(len(parts))]
    wanted = [places[-1].with_suffix(".py"), *(place / "__init__.py" for place in places)]
    yield from (file for file in wanted if file.is_file())
