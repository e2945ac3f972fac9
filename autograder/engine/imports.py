"""Which files of this package stand behind a file: what it imports, and what that imports, read from the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.places import PACKAGE


def files_behind(starts: Iterable[Path], within: Sequence[Path] = ()) -> list[Path]:
    """The given files and all files of this package that they import, directly or not, sorted.

    Imports inside functions count. A file that can't be read as Python stands for itself alone.

    Args:
        starts: where to begin.
        within: folders, if only files in these count; what files elsewhere import isn't followed.
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
    base = PACKAGE.parent.joinpath(*parts)
    above = (PACKAGE.parent.joinpath(*parts[:count]) for count in range(1, len(parts)))  # whose code an import runs first
    yield from (file for file in (base.with_suffix(".py"), *(folder / "__init__.py" for folder in (base, *above))) if file.is_file())
