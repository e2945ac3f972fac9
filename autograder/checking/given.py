"""Helpers that a notebook is given, for checks that call them: made from the given cells, whatever a student's names stand for.

A student may call a function of her own `small_net`, as the cell does that was given to her: the text forbids no names. So a
check that asks for a function or class which a given cell defines gets it in a namespace of its own, with what it needs of
the given cells' imports, functions and classes. Their variables are the notebook's, unless a cell of hers sets the name.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.jobs.defined import defined_names, parsed
from autograder.jobs.submission import Cell

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
MOST_STATEMENTS = 200  # that one helper needs
ALL = "*"  # in place of a name: all of something is imported


@dataclass(frozen=True)
class Helper:
    """What makes a given function or class.

    Attributes:
        statements: of the given cells, in their order, the last of which defines it.
        needs: names that are the notebook's own.
    """

    statements: tuple[str, ...]
    needs: tuple[str, ...] = ()


def helper(cells: Sequence[Cell], at: int, name: str) -> Helper | None:
    """What makes ``name`` where it is a function or class of the given cells up to index ``at``, else None."""
    above = [cell for cell in cells if cell.index <= at]
    given = tuple(cell.source for cell in above if cell.given)
    if not any(name in defined_names(source) for source in given):
        return None
    own = {made for cell in above if not cell.given for made in defined_names(cell.source)}
    return _helper(given, name, frozenset(own & _bound(given)))


@lru_cache(maxsize=256)
def _helper(given: tuple[str, ...], name: str, taken: frozenset[str]) -> Helper | None:
    """The same from the given cells' sources; of what they bind, ``taken`` are the names that are the student's now."""
    statements = list(_statements(given))
    makers = {bound: number for number, statement in enumerate(statements) for bound in _names(statement)}
    if name not in makers or not isinstance(statements[makers[name]], DEFINITIONS):
        return None
    wanted, needs, todo = {number for bound, number in makers.items() if bound == ALL}, set(), [name]
    while todo:
        asked = todo.pop()
        number = makers.get(asked)
        if number is None or (isinstance(statements[number], ast.Assign) and asked not in taken):
            needs |= {asked}
        elif number not in wanted:
            wanted.add(number)
            todo += _globals(statements[number])
    if len(wanted) > MOST_STATEMENTS:
        return None
    return Helper(tuple(ast.unparse(statements[number]) for number in sorted(wanted)), tuple(sorted(needs - set(dir(builtins)))))


@lru_cache(maxsize=64)
def _bound(given: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for statement in _statements(given) for name in _names(statement))


def _statements(sources: Iterable[str]) -> Iterator[ast.stmt]:
    """Imports, definitions and assignments of some cells; imports also of the branches in which they may stand."""
    for source in sources:
        for statement in getattr(parsed(source), "body", []):
            if isinstance(statement, (*DEFINITIONS, *IMPORTS, ast.Assign)):
                yield statement
            else:
                yield from (inner for inner in ast.walk(statement) if isinstance(inner, IMPORTS))


def _names(statement: ast.stmt) -> frozenset[str]:
    return defined_names(ast.unparse(statement))


def _globals(statement: ast.stmt) -> set[str]:
    """Names that a statement, or a function in it, looks up among the globals."""
    found, tables = set(), [symtable.symtable(ast.unparse(statement), "<given>", "exec")]
    while tables:
        table = tables.pop()
        outermost = table.get_type() == "module"
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and (outermost or symbol.is_global())}
        tables += table.get_children()
    return found
