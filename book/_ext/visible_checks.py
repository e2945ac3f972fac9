"""The visible checks of an assignment's tasks, as a page can run them: with numpy alone.

Everything is read from the notebook that students get (`release/<id>/<id>.ipynb`): no solution and no hidden check
is in it. A check that needs a library a browser doesn't have ends before the first statement that needs it.
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.jobs.cells import grade_id, has_points, is_answer

RELEASE = Path(__file__).resolve().parents[2] / "release"
AVAILABLE = {"numpy", "matplotlib", "math", "random", "json", "time", "pathlib", "sys", "importlib"}
# A helper may ask whether it was given a tensor; in a page nothing is one.
HARMLESS = "torch.Tensor"
FRAME = "checking("  # how a notebook's checks begin
SILENT = ("print", "filled_in")  # calls that ask nothing of a value
STAND_IN = "class torch:  # not to be had in a browser: nothing is a tensor\n    class Tensor: ..."


class NoCheck(ValueError):
    """A task has no visible check that numpy alone can run."""


@dataclass(frozen=True)
class Task:
    """A task: its name, what students start from, its text, its check, and whether that is the notebook's whole check."""

    name: str
    starter: str
    text: str
    check: str
    complete: bool


def notebook_of(assignment: str, release: Path = RELEASE) -> Path:
    """Return the notebook that students get of an assignment."""
    return release / assignment / f"{assignment}.ipynb"


def task(assignment: str, name: str, release: Path = RELEASE) -> Task:
    """Return a task of an assignment.

    Raises:
        NoCheck: there is no such task, or nothing of its check runs with numpy alone.
    """
    cells = json.loads(notebook_of(assignment, release).read_text(encoding="utf-8"))["cells"]
    index = {grade_id(cell): number for number, cell in enumerate(cells)}
    if name not in index or f"check_{name}" not in index:
        raise NoCheck(f"{assignment} has no task {name} with a check")
    code = [source(cell) for cell in cells[: index[name]] if cell["cell_type"] == "code" and is_given(cell)]
    between = [source(cell) for cell in cells[index[name] + 1 : index[f"check_{name}"]] if cell["cell_type"] == "code"]
    check, complete = runnable(unframed(source(cells[index[f"check_{name}"]])), "\n\n\n".join([*code, *between]))
    texts = [source(cell) for cell in cells[: index[name]] if cell["cell_type"] == "markdown"]
    return Task(name, source(cells[index[name]]), texts[-1], check, complete)


def is_given(cell: dict) -> bool:
    """Tell whether a cell is neither the student's nor a check."""
    return not is_answer(cell) and not has_points(cell)


def source(cell: dict) -> str:
    """Return the text of a cell."""
    return "".join(cell["source"])


def unframed(check: str) -> str:
    """Return a check's own lines: what stands below `with checking(…):`, which notes for a notebook's last cell how they end."""
    lines = check.splitlines()
    for frame in ast.parse(check).body:
        if isinstance(frame, ast.With) and ast.unparse(frame.items[0].context_expr).startswith(FRAME):
            return textwrap.dedent("\n".join(lines[frame.lineno : frame.end_lineno])) + "\n"
    return check


def runnable(check: str, given: str) -> tuple[str, bool]:
    """Return a check as a program of its own, and whether that is all of it.

    Args:
        check: the cell with the visible check.
        given: the code of the cells before it that students don't change.

    Raises:
        NoCheck: nothing is left that asks for anything.
    """
    definitions = bindings(ast.parse(given))
    kept = []
    statements = ast.parse(check).body
    for statement in statements:
        if not available(statement, definitions):
            break
        kept.append(statement)
    if not any(asks(statement) for statement in kept):
        raise NoCheck("its visible check needs more than numpy")
    setup = needed(kept, definitions)
    whole = len(kept) == len(statements)
    lines = check.splitlines()
    body = lines if whole else lines[: statements[len(kept)].lineno - 1]
    stand_in = [STAND_IN] if any("torch" in names_used(statement) for statement in setup) else []
    parts = [*stand_in, *(segment(given, statement) for statement in setup), "\n".join(body).rstrip()]
    return "\n\n".join(parts) + "\n", whole


def bindings(module: ast.Module) -> dict[str, ast.stmt]:
    """Return which statement of a module binds each name; the last one, where several do."""
    return {name: statement for statement in module.body for name in names_bound(statement)}


def names_bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds in its module."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
    else:
        yield from (node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def names_used(statement: ast.stmt) -> set[str]:
    """Return the names that a statement reads, inside its functions too, but for the functions' own and those of its comprehensions."""
    if isinstance(statement, ast.FunctionDef):
        parts = [*statement.decorator_list, *statement.args.defaults, *statement.body]
        own = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    else:
        parts, own = [statement], set()
    names = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)]
    if isinstance(statement, (ast.Expr, ast.Assert, ast.FunctionDef)):
        own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - own


def modules_imported(statement: ast.AST) -> set[str]:
    """Return the packages that a statement imports."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def available(statement: ast.stmt, definitions: dict[str, ast.stmt], above: frozenset[str] = frozenset()) -> bool:
    """Tell whether a statement, and all that it uses of what is given, runs with numpy alone."""
    if modules_imported(statement) - AVAILABLE:
        return False
    for name in names_used(statement) - above:
        if name == "torch" and only_harmless(statement):
            continue
        if name in definitions and not available(definitions[name], definitions, above | {name}):
            return False
    return True


def only_harmless(statement: ast.stmt) -> bool:
    """Tell whether a statement uses torch only to ask for tensors."""
    uses = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == "torch"]
    asked = [node for node in ast.walk(statement) if isinstance(node, ast.Attribute) and ast.unparse(node) == HARMLESS]
    return len(uses) == len(asked)


def asks(statement: ast.stmt) -> bool:
    """Tell whether a statement can fail by what a student wrote: an assertion, or a call of a helper."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return False
    calls = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and ast.unparse(statement.value.func) not in SILENT
    return calls or any(isinstance(node, ast.Assert) for node in ast.walk(statement))


def needed(statements: Iterable[ast.stmt], definitions: dict[str, ast.stmt]) -> list[ast.stmt]:
    """Return the given statements that others use, directly or through one another, in their order."""
    found: dict[int, ast.stmt] = {}
    waiting = list(statements)
    while waiting:
        for name in names_used(waiting.pop()) - {"torch"}:
            definition = definitions.get(name)
            if definition is not None and definition.lineno not in found:
                found[definition.lineno] = definition
                waiting.append(definition)
    return [found[line] for line in sorted(found)]


def segment(text: str, statement: ast.stmt) -> str:
    """Return the lines of a statement."""
    return "\n".join(text.splitlines()[statement.lineno - 1 : statement.end_lineno])
