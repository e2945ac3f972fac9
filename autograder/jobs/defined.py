"""Which names a cell's code defines and asks for, read from its source without running it."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import lru_cache

MAX_PARSED = 50_000  # characters of a cell
_MAGIC = re.compile(r"^[ \t]*(?:%|!|\?)[^\n]*|^[^\n#'\"]*\?{1,2}[ \t]*$", re.MULTILINE)
_CAPTURED = re.compile(r"^([\w, \t]+=[ \t]*)(?:%|!)[^\n]*", re.MULTILINE)
_BY_FORM = re.compile(
    r"^(?:(?:async[ \t]+)?def|class|type)[ \t]+(?P<made>\w+)|^(?P<set>[A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)*)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


def plain_python(source: str) -> str:
    """``source`` without IPython's magics, shell commands and questions, line by line."""
    return _MAGIC.sub("", _CAPTURED.sub(r"\1None", source))


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a cell, None if it isn't valid for this Python or far longer than anybody writes."""
    if len(source) > MAX_PARSED:
        return None
    try:
        return ast.parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=32_768)
def defined_names(source: str) -> frozenset[str]:
    """Names that a cell sets at its top level: functions, classes, variables, imports (``*`` if it imports all of something).

    Of a cell that isn't valid for this Python they are guessed from its lines' form.
    """
    tree = parsed(source)
    if tree is not None:
        return frozenset(_bound(tree))
    found = [match["made"] or match["set"] for match in _BY_FORM.finditer(source)]
    return frozenset(name.strip() for names in found for name in names.split(","))


def _bound(tree: ast.Module) -> Iterator[str]:
    todo: list[ast.AST] = [tree]
    while todo:  # no recursion: a student's expressions may be nested deeper than Python's stack
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            todo += ast.iter_child_nodes(node)


def asked_names(source: str) -> set[str]:
    """Names that a cell reads and doesn't set itself, Python's own left out."""
    tree = parsed(source)
    if tree is None:
        return set()
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    set_here = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return read - set_here - arguments - defined_names(source) - set(dir(builtins))
