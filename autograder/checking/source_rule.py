"""The rule "numpy only", read from a notebook's source by the grader itself.

`inside.answers.withholding` watches a function while it runs, but does so in the student's process, which could blind it.
Here the same is read from the cells' syntax trees: what a function, and each helper that it uses, does with names that
were imported from a withheld module. Reading can't follow names that are put together while the code runs; the means for
that are named, for a person to look at (`evasive`).

What costs nobody anything: imports for other tasks, type hints, type checks such as ``isinstance(x, torch.Tensor)`` and
what only runs behind one, ``torch.no_grad``, helpers of other tasks, names that mean something else in a function, comments
and texts.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

MAX_REPAIRS = 20  # lines of one cell that may be no Python: magics, shell commands
GRADIENT_MODES = ("no_grad", "inference_mode", "enable_grad", "set_grad_enabled")  # they compute nothing
TYPE_CHECKS = ("isinstance", "issubclass")
UNUSUAL = frozenset(  # what no task asks for: means to hide what code uses, and to reach into what watches it
    "_current_frames _exit _getframe __builtins__ __globals__ __import__ __subclasses__ _thread ctypes f_back f_builtins f_globals f_locals"
    " fork gc get_ipython get_objects get_referents get_referrers gi_frame import_module inspect kill meta_path mprotect ptrace psutil"
    " requests setprofile setprofile_all_threads settrace settrace_all_threads socket subprocess tb_frame urllib".split()
)
FROM_TEXT = ("exec", "eval")  # as functions of Python: `model.eval()` is another thing
SYSTEM = ("sys", "builtins", "os", "threading", "importlib")  # whose attributes nobody has to look up by a computed name
GUARD = ""  # a local name that is true only for objects of withheld modules

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def parsed(cell: str) -> ast.Module | None:
    """A cell's syntax tree without its magics and shell commands; None if it isn't Python even so."""
    lines = cell.splitlines()
    lines = ["pass" if line.startswith("%%") else line for line in lines]
    for _ in range(MAX_REPAIRS):
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            if not 0 <= number < len(lines) or not lines[number].strip() or lines[number].strip() == "pass":
                return None
            if not any(sign in lines[number] for sign in "%!?"):
                return None  # no magic: the cell didn't run at all
            lines[number] = lines[number][: len(lines[number]) - len(lines[number].lstrip())] + "pass"
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


@dataclass
class Bindings:
    """What names stand for: the module that each was imported from, or the expressions and definitions assigned to it."""

    modules: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, list[ast.AST]] = field(default_factory=dict)
    starred: set[str] = field(default_factory=set)

    def forget(self, name: str) -> None:
        self.modules.pop(name, None)
        self.values.pop(name, None)

    def add(self, statement: ast.AST) -> None:
        """Notes the names that one statement binds, not those of the statements in it."""
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                self.modules.setdefault(alias.asname or _root(alias.name), set()).add(_root(alias.name))
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            for alias in statement.names:
                if alias.name == "*":
                    self.starred.add(_root(statement.module))
                else:
                    self.modules.setdefault(alias.asname or alias.name, set()).add(_root(statement.module))
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.values.setdefault(statement.name, []).append(statement)
        else:
            value = getattr(statement, "value", None) or statement
            for name in _stored(statement):
                self.values.setdefault(name, []).append(value)


def _root(module: str) -> str:
    return module.partition(".")[0]


def _stored(node: ast.AST) -> set[str]:
    """Names that a statement itself assigns to; what stands in functions, classes and nested statements isn't looked at."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.Name) and isinstance(item.ctx, (ast.Store, ast.Del)):
            found.add(item.id)
        elif isinstance(item, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and item.name:
            found.add(item.name)
        waiting += [child for child in ast.iter_child_nodes(item) if not isinstance(child, (ast.stmt, ast.Lambda, ast.comprehension))]
    return found


def statements(body: Iterable[ast.AST], own: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """All statements of one scope, with whether each runs for certain: not those of functions and classes in it."""
    for node in body:
        yield node, own
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case))]
            yield from statements(inner, own and isinstance(node, ast.With))


class Notebook:
    """The global names of a notebook's cells, up to where its state was frozen.

    Args:
        cells: sources in order; one that is no Python is left out, it didn't run.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.names = Bindings()
        trees = [tree for tree in map(parsed, cells) if tree is not None]
        for tree in trees:
            for statement, certain in statements(tree.body):
                if certain:
                    for name in _bound(statement):
                        self.names.forget(name)
                self.names.add(statement)
        for tree in trees:
            self._add_globals(tree)

    def _add_globals(self, tree: ast.AST) -> None:
        """Names that functions bind outside of themselves by ``global``."""
        for function in ast.walk(tree):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = [node for node, _ in statements(function.body)]
                declared = {name for node in inner if isinstance(node, ast.Global) for name in node.names}
                for node in inner:
                    if _bound(node) & declared:
                        self.names.add(node)

    def reached(self, function: str, withheld: Iterable[str]) -> str | None:
        """The withheld module that the global ``function``, or a helper it uses, works with; None if there is none."""
        return Reading(self.names, frozenset(withheld)).of_name(function)


def _bound(statement: ast.AST) -> set[str]:
    names = Bindings()
    names.add(statement)
    return set(names.modules) | set(names.values)


class Reading:
    """One walk through a function and its helpers, in search of a withheld module.

    ``local`` is everywhere what a function's own names stand for: a withheld module, None, or `GUARD`.
    """

    def __init__(self, names: Bindings, withheld: frozenset[str]) -> None:
        self.names, self.withheld = names, withheld
        self.seen: set[int] = set()

    def of_name(self, name: str, called: bool = True) -> str | None:
        """The withheld module behind a global name; of one that isn't called, what it holds was worked out before."""
        for module in sorted(self.names.modules.get(name, ())):
            if module in self.withheld:
                return module
        if name not in self.names.modules and name not in self.names.values and not hasattr(builtins, name):
            return self._starred() if called else None
        for value in self.names.values.get(name, ()):
            if id(value) not in self.seen and (called or self._works(value)):
                self.seen.add(id(value))
                if found := self.of_value(value):
                    return found
        return None

    def _works(self, value: ast.AST) -> bool:
        """Whether a value is something that can be called, or an object of one of the notebook's classes."""
        if isinstance(value, ast.Call) and (name := _called(value.func)):
            return any(isinstance(made, ast.ClassDef) for made in self.names.values.get(name.id, ()))
        return isinstance(value, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Name, ast.Attribute))

    def _starred(self) -> str | None:
        """The module of ``from module import *``, where it alone can have given a name."""
        return next(iter(self.names.starred)) if len(self.names.starred) == 1 and self.names.starred <= self.withheld else None

    def of_value(self, value: ast.AST) -> str | None:
        """The withheld module that a definition or an expression works with."""
        if isinstance(value, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return self.of_function(value, {})
        if isinstance(value, ast.ClassDef):
            return _first(self.of_code(part, {}) for part in [*value.bases, *(node for node, _ in statements(value.body))])
        return self.of_code(value, {})

    def of_function(self, function: Function, outer: dict[str, str | None]) -> str | None:
        """As `of_value`, for a function that is defined among the names ``outer``."""
        body = function.body if isinstance(function.body, list) else [function.body]
        local = {**outer, **self._local(function, body, outer)}
        early = [*self._called_defaults(function, body), *getattr(function, "decorator_list", [])]
        return _first(self.of_code(node, outer) for node in early) or _first(
            self.of_code(node, local) for node in self._for_arrays(body, local)
        )

    def _for_arrays(self, body: list, local: dict[str, str | None]) -> list[ast.AST]:
        """A function's statements up to one after which only objects of withheld modules are left."""
        for number, node in enumerate(body):
            turned = isinstance(node, ast.If) and isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
            if turned and isinstance(node.body[-1], (ast.Return, ast.Raise)) and self._rest(node, local) is not None:
                return body[: number + 1]
        return body

    def _called_defaults(self, function: Function, body: list) -> list[ast.AST]:
        """Defaults of parameters that the function calls."""
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        named = [*positional[len(positional) - len(arguments.defaults) :], *arguments.kwonlyargs]
        pairs = zip(named, [*arguments.defaults, *arguments.kw_defaults], strict=True)
        calls = [node.func for part in body for node in ast.walk(part) if isinstance(node, ast.Call)]
        called = {node.id for call in calls for node in ast.walk(call) if isinstance(node, ast.Name)}
        return [value for argument, value in pairs if value is not None and argument.arg in called]

    def _local(self, function: Function, body: list, outer: dict[str, str | None]) -> dict[str, str | None]:
        arguments = function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        declared: set[str] = set()
        names = Bindings()
        for node, _ in statements(body):
            names.add(node)
            declared |= set(node.names) if isinstance(node, (ast.Global, ast.Nonlocal)) else set()
        own = [*(argument.arg for argument in every if argument), *names.values]
        local: dict[str, str | None] = dict.fromkeys(own)
        local |= {name: min(modules & self.withheld, default=None) for name, modules in names.modules.items()}
        for name, values in names.values.items():
            if all(self._only_for_theirs(value, {**outer, **local}) for value in values):
                local[name] = GUARD
        return {name: module for name, module in local.items() if name not in declared}

    def of_code(self, node: ast.AST, local: dict[str, str | None]) -> str | None:
        """As `of_value`, for a statement or expression among ``local`` names."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return self.of_function(node, local)
        if isinstance(node, ast.Name):
            return self._of_use(node, local, called=False)
        if isinstance(node, (ast.Attribute, ast.Call)) and self._computes_nothing(node, local):
            return None
        if isinstance(node, ast.Call):
            return self._of_call(node, local)
        if isinstance(node, (ast.If, ast.IfExp)) and (rest := self._rest(node, local)) is not None:
            return _first(self.of_code(part, local) for part in rest)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            local = local | dict.fromkeys(name for part in node.generators for name in _stored(part.target))
        return _first(self.of_code(part, local) for part in _parts(node))

    def _of_call(self, node: ast.Call, local: dict[str, str | None]) -> str | None:
        parts: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Name) and self._is_builtin(node.func, local) and node.func.id in TYPE_CHECKS:
            return _first(self.of_code(part, local) for part in parts[:1])
        name = _called(node.func)
        own = self._of_use(name, local, called=True) if name else None
        return own or self.of_code(node.func, local) or _first(self.of_code(part, local) for part in parts)

    def _of_use(self, name: ast.Name, local: dict[str, str | None], called: bool) -> str | None:
        if not isinstance(name.ctx, ast.Load):
            return None
        return local[name.id] if name.id in local else self.of_name(name.id, called)

    def _is_builtin(self, name: ast.Name, local: dict[str, str | None]) -> bool:
        return name.id not in local and name.id not in self.names.values and name.id not in self.names.modules

    def _computes_nothing(self, node: ast.Attribute | ast.Call, local: dict[str, str | None]) -> bool:
        """Whether this is ``torch.no_grad()``, ``torch.is_tensor(x)`` or the like, as an attribute of a module."""
        function = node.func if isinstance(node, ast.Call) else node
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return False
        names = GRADIENT_MODES if not isinstance(node, ast.Call) else (*GRADIENT_MODES, "is_tensor")
        return function.attr in names and self._of_use(function.value, local, called=False) in self.withheld

    def _rest(self, node: ast.If | ast.IfExp, local: dict[str, str | None]) -> list[ast.AST] | None:
        """What of a condition's branches runs for arrays, where the condition asks for a withheld module's objects."""
        test, kept = node.test, node.orelse
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, kept = test.operand, node.body
        if not self._only_for_theirs(test, local):
            return None
        return list(kept) if isinstance(kept, list) else [kept]

    def _only_for_theirs(self, test: ast.AST, local: dict[str, str | None]) -> bool:
        """Whether a condition holds for objects of withheld modules only: nobody gives them to a function that mustn't use them."""
        if isinstance(test, ast.BoolOp):
            decide = any if isinstance(test.op, ast.And) else all
            return decide(self._only_for_theirs(part, local) for part in test.values)
        if isinstance(test, ast.Name):
            return local.get(test.id) == GUARD
        if not isinstance(test, ast.Call):
            return False
        if isinstance(test.func, ast.Attribute):
            return test.func.attr == "is_tensor" and self._computes_nothing(test, local)
        if not (isinstance(test.func, ast.Name) and test.func.id == "isinstance" and self._is_builtin(test.func, local)):
            return False
        kinds = [kind for given in test.args[1:2] for kind in (given.elts if isinstance(given, ast.Tuple) else [given])]
        return bool(kinds) and all(isinstance(kind, (ast.Name, ast.Attribute)) and self.of_code(kind, local) for kind in kinds)


def _first(found: Iterable[str | None]) -> str | None:
    return next((module for module in found if module), None)


def _parts(node: ast.AST) -> list[ast.AST]:
    """What of a statement or expression works: no type hints, and no types that something is compared with."""
    if isinstance(node, ast.AnnAssign):
        return [node.value] if node.value else []
    if isinstance(node, ast.Compare):  # `type(x) is torch.Tensor`, `x.dtype == torch.float32`
        return [part for part in (node.left, *node.comparators) if not isinstance(part, (ast.Attribute, ast.Tuple))]
    if isinstance(node, ast.ExceptHandler):
        return list(node.body)
    return [] if isinstance(node, (ast.Import, ast.ImportFrom)) else list(ast.iter_child_nodes(node))


def _called(node: ast.AST) -> ast.Name | None:
    """The name that a call such as ``f(x)`` or ``box["f"](x)`` begins with."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def evasive(cell: str) -> set[str]:
    """Names in a cell's code with which it could hide what it uses, or reach into what watches it; often harmless.

    Comments and texts don't count, unless the cell is no Python.
    """
    tree = parsed(cell)
    if tree is None:
        return set(re.findall(r"\w+", "\n".join(line for line in cell.splitlines() if not line.lstrip().startswith("#")))) & UNUSUAL
    return {name for node in ast.walk(tree) for name in _evasive_in(node)}


def _evasive_in(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    if isinstance(node, ast.Name):
        names = [node.id]
        yield from (node.id for _ in range(node.id in FROM_TEXT))
    elif isinstance(node, ast.Attribute):
        names = [node.attr]
        if node.attr == "modules" and isinstance(node.value, ast.Name) and node.value.id == "sys":
            yield "sys.modules"
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        module = (getattr(node, "module", None) or "").split(".")
        names = [*module, *(part for alias in node.names for part in alias.name.split("."))]
        if module == ["sys"] and "modules" in names:
            yield "sys.modules"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "vars") and node.args:
        of, computed = node.args[0], len(node.args) == 1 or not isinstance(node.args[1], ast.Constant)
        if computed and isinstance(of, ast.Name) and of.id in SYSTEM:
            yield f"{node.func.id}({of.id}, …)"
    yield from (name for name in names if name in UNUSUAL)
