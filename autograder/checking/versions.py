"""What a notebook needs of a newer Python, or of an older NumPy, than it is graded with: told as that.

A newer syntax is recognised by writing it in the older way: if the cell is valid then, nothing else was wrong with it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from autograder.jobs.defined import MAX_PARSED, plain_python

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
NEWER_NAMES = {  # module → names by the Python that brought them
    "itertools": {"batched": "3.12"},
    "typing": {"override": "3.12", "TypeAliasType": "3.12", "TypeIs": "3.13", "NoDefault": "3.13",
               "ReadOnly": "3.13", "evaluate_forward_ref": "3.14"},
    "math": {"sumprod": "3.12", "fma": "3.13"},
    "calendar": {"Month": "3.12", "Day": "3.12"},
    "collections.abc": {"Buffer": "3.12"},
    "warnings": {"deprecated": "3.13"},
    "copy": {"replace": "3.13"},
    "random": {"binomialvariate": "3.12"},
    "statistics": {"kde": "3.13", "kde_random": "3.13"},
    "queue": {"ShutDown": "3.13"},
    "functools": {"Placeholder": "3.14"},
    "concurrent.futures": {"InterpreterPoolExecutor": "3.14"},
    "uuid": {"uuid6": "3.14", "uuid7": "3.14", "uuid8": "3.14"},
    "inspect": {"markcoroutinefunction": "3.12", "BufferFlags": "3.12"},
}  # fmt: skip
NEWER_MODULES = {"annotationlib": "3.14", "compression": "3.14", "string.templatelib": "3.14", "concurrent.interpreters": "3.14"}
REMOVED_FROM_NUMPY = {  # name → (the version that lacks it, what to write)
    **{name: ("1.24", f"`{name}`") for name in ("bool", "int", "float", "complex", "object", "str")},
    "long": ("1.24", "`int`"),
    "product": ("2.0", "`np.prod`"), "cumproduct": ("2.0", "`np.cumprod`"), "alltrue": ("2.0", "`np.all`"), "sometrue": ("2.0", "`np.any`"),
    "round_": ("2.0", "`np.round`"), "float_": ("2.0", "`np.float64`"), "complex_": ("2.0", "`np.complex128`"), "Inf": ("2.0", "`np.inf`"),
    "Infinity": ("2.0", "`np.inf`"), "infty": ("2.0", "`np.inf`"), "PINF": ("2.0", "`np.inf`"), "NINF": ("2.0", "`-np.inf`"),
    "NaN": ("2.0", "`np.nan`"), "mat": ("2.0", "`np.asmatrix`"), "asfarray": ("2.0", "`np.asarray` with a dtype"),
    "cast": ("2.0", "`np.asarray`"),
    "msort": ("2.0", "`np.sort(a, axis=0)`"), "in1d": ("2.4", "`np.isin`"), "trapz": ("2.4", "`np.trapezoid`"),
    "row_stack": ("2.4", "`np.vstack`"),
    "unicode_": ("2.0", "`np.str_`"), "string_": ("2.0", "`np.bytes_`"), "find_common_type": ("2.0", "`np.result_type`"),
    "safe_eval": ("2.0", "`ast.literal_eval`"), "bool8": ("2.0", "`np.bool_`"), "object0": ("2.0", "`np.object_`"),
    "longfloat": ("2.0", "`np.longdouble`"),
}  # fmt: skip
_NO_NAME = re.compile(
    r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'|module '(?P<owner>[\w.]+)' has no attribute '(?P<attribute>\w+)'"
)
_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_EXPIRED = re.compile(r"`np\.(\w+)` was removed in the NumPy ([\d.]+\d) release")
_STYLE = re.compile(r"'seaborn(-[\w-]+)?' is not a valid package style")
_TYPE = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?=[\[=])", re.MULTILINE)
_GENERIC = re.compile(r"^([ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+|[ \t]*TYPE_\w+)[ \t]*\[", re.MULTILINE)
_EXCEPT = re.compile(r"^([ \t]*except\*?[ \t]+)((?:[\w.]+[ \t]*,[ \t]*)+[\w.]+)[ \t]*:", re.MULTILINE)
_STRING = re.compile(r"\b(?P<prefix>[rRbBuUfFtT]{0,2})(?P<quote>'''|\"\"\"|'|\")|(?P<bare>'''|\"\"\"|'|\")|(?P<comment>#[^\n]*)")
_END = re.compile(r"\\.|(?P<open>\{\{?)|(?P<quote>'''|\"\"\"|'|\")|(?P<line>\n)", re.DOTALL)
_INSIDE = re.compile(r"[({\[]|[)}\]]|" + _STRING.pattern)
VERSIONS = "### VERSIONS OF THE GRADER"  # a line of a source notebook, in place of which the release says `grader_note`
MOST_NESTED = 4  # f-strings within each other that are looked into


def hint(kind: str, message: str, source: str = "") -> str:
    """A sentence on an exception that comes of versions, empty if it doesn't.

    Args:
        kind: the exception's type.
        message: what it says.
        source: of the cell, for an error of syntax.
    """
    if kind in ("SyntaxError", "IndentationError"):
        needed = newer_syntax(source)
        return f"This is valid from Python {needed} on; it was graded with Python {HERE}." if needed else ""
    return _name_hint(message) if kind in ("ImportError", "AttributeError", "ModuleNotFoundError", "OSError") else ""


def _name_hint(message: str) -> str:
    if match := _NO_NAME.search(message):
        module, name = match["module"] or match["owner"], match["name"] or match["attribute"]
        if needed := NEWER_NAMES.get(module, {}).get(name):
            return f"`{module}.{name}` exists from Python {needed} on; it was graded with Python {HERE}."
        if module == "numpy" and name in REMOVED_FROM_NUMPY:
            return _removed(name, *REMOVED_FROM_NUMPY[name])
    elif (match := _EXPIRED.search(message)) and match[1] in REMOVED_FROM_NUMPY:
        return _removed(match[1], *REMOVED_FROM_NUMPY[match[1]])
    elif (match := _NO_MODULE.search(message)) and match[1] in NEWER_MODULES:
        needed = NEWER_MODULES[match[1]]
        return f"The module `{match[1]}` exists from Python {needed} on; it was graded with Python {HERE}."
    elif match := _STYLE.search(message):
        name, here = f"seaborn-v0_8{match[1] or ''}", _version("matplotlib")
        return f"Since Matplotlib 3.6 this style is called `{name}`; it was graded with Matplotlib {here}."
    return ""


def _removed(name: str, gone: str, instead: str) -> str:
    return f"`np.{name}` exists before NumPy {gone} only; it was graded with NumPy {_version('numpy')}, where {instead} does the same."


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "another version"


def note_versions(cells: Iterable[Any]) -> None:
    """Puts `grader_note` in place of the line `VERSIONS` in a notebook's cells."""
    for cell in cells:
        lines = cell.source.split("\n")
        if cell.cell_type == "code" and VERSIONS in lines:
            cell.source = "\n".join(grader_note() if line == VERSIONS else line for line in lines)


def grader_note() -> str:
    """Code for a released notebook's first cell: tells before handing in what the student's own versions let pass.

    It needs ``sys`` and ``np``, leaves no name behind, and prints nothing where it is graded.
    """
    python, (major, minor) = (sys.version_info[0], sys.version_info[1] + 1), map(int, _version("numpy").split(".")[:2])
    mine, begins = "np.lib.NumpyVersion(np.__version__)", "Note: this is graded with"
    return f"""\
if sys.version_info >= {python}:
    print("{begins} Python {HERE}. What is valid from Python {python[0]}.{python[1]} on stops its cell there.")
if {mine} >= "{major}.{minor + 1}.0":
    print("{begins} numpy {major}.{minor}. Names that came with a later numpy stop their cell there.")
if {mine} < "{major}.0.0":
    print("{begins} numpy {major}.{minor}. Names that numpy {major}.0 removed, such as np.product, stop their cell there.")"""


def newer_syntax(source: str) -> str | None:
    """The Python from which on ``source`` is valid, None if it is valid here or in none."""
    text = plain_python(source)
    if len(text) > MAX_PARSED or _is_valid(text):
        return None
    rewritten, needed = _older(text, MOST_NESTED)
    return needed if needed and _newer(needed) and _is_valid(rewritten) else None


def _newer(needed: str) -> bool:
    return tuple(map(int, needed.split("."))) > sys.version_info[:2]


def _is_valid(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _older(text: str, depth: int) -> tuple[str, str]:
    """``text`` with the newer syntax written in the older way, and the Python that brought the newest of it (or nothing)."""
    found = [""]
    text = _strings(text, found, depth)
    text, types = _TYPE.subn(r"\1TYPE_\2", text)
    found += ["3.12"] if types else []
    text = _parameters(text, found)
    text, groups = _EXCEPT.subn(r"\1(\2):", text)
    found += ["3.14"] if groups else []
    return text, max(found, key=lambda name: tuple(map(int, name.split("."))) if name else (0,))


def _parameters(text: str, found: list[str]) -> str:
    """``text`` without the lists of type parameters of functions, classes and types."""
    parts, start = [], 0
    for match in _GENERIC.finditer(text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"[": 1, "]": -1}.get(text[end], 0)
            end += 1
        if depth:
            break
        if match.start() >= start:
            parts += [text[start : match.end() - 1]]
            found += ["3.13" if "=" in text[match.end() : end] else "3.12"]
            start = end
    return "".join([*parts, text[start:]])


def _strings(text: str, found: list[str], depth: int) -> str:
    """``text`` with each string of the new kind replaced: quotes within quotes, and those with ``t`` before them."""
    parts, at = [], 0
    while match := _STRING.search(text, at):
        end = match.end()
        if match["comment"] is None:
            prefix, quote = (match["prefix"] or "").lower(), match["quote"] or match["bare"]
            end, expressions = _end_of(text, end, quote, "f" in prefix or "t" in prefix, depth)
            old = text[match.start() : end]
            if expressions is not None and not _is_valid(old):
                found += ["3.14" if "t" in prefix else "3.12"]
                old = "(" + ",".join(_older(f"({one})", depth - 1)[0] for one in expressions) + ")"
            parts += [text[at : match.start()], old]
        else:
            parts.append(text[at:end])
        at = end
    return "".join([*parts, text[at:]])


def _end_of(text: str, at: int, quote: str, formatted: bool, depth: int) -> tuple[int, list[str] | None]:
    """Where a string ends whose content begins ``at``, and the expressions in it if it is one with expressions."""
    expressions: list[str] = []
    while match := _END.search(text, at):
        at = match.end()
        if match["quote"] and match["quote"].startswith(quote):
            return match.start() + len(quote), expressions if formatted else None
        if match["quote"]:
            at = match.start() + 1
        if match["line"] and len(quote) == 1:
            return at, None
        if match["open"] == "{" and formatted and depth:
            at, expression = _expression(text, at, depth)
            expressions.append(expression)
    return len(text), None


def _expression(text: str, at: int, depth: int) -> tuple[int, str]:
    """Where an expression in braces ends, and what it is without conversion and format."""
    start, opened = at, 1
    while match := _INSIDE.search(text, at):
        at = match.end()
        if match["quote"] or match["bare"]:
            prefix = (match["prefix"] or "").lower()
            at, _ = _end_of(text, at, match["quote"] or match["bare"], "f" in prefix or "t" in prefix, depth - 1)
        elif match[0] in "({[":
            opened += 1
        elif match[0] in ")}]":
            opened -= 1
            if not opened:
                return at, _bare(text[start : at - 1])
    return len(text), ""


def _bare(expression: str) -> str:
    """An expression without ``!r``, format and ``=``: what of it is valid by itself from its beginning on."""
    ends = [match.start() for match in re.finditer(r"!(?=[rsa](?:[:]|\s*$))|:|=\s*$", expression)]
    return next((expression[:end] for end in ends if _is_valid(f"({expression[:end]})")), expression)
