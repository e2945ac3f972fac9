"""Mutants of a piece of Python: the same text with one small mistake in it, of the kinds that people make.

Each operator, comparison, constant, bound, axis, flag and name of a well-known function is changed alone, each guard, each
assignment, each call made for its effect and each element of a list is left out alone, neighbours are exchanged. Only the text that changes is touched, so that a mutant is shown as one line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">=")),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<=")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
NAMES = (  # each stands for the other
    ("max", "min"), ("amax", "amin"), ("argmax", "argmin"), ("maximum", "minimum"), ("sum", "mean"), ("nansum", "nanmean"),
    ("zeros", "ones"), ("zeros_like", "ones_like"), ("floor", "ceil"), ("sin", "cos"), ("exp", "expm1"), ("log", "log1p"),
    ("train", "eval"), ("tanh", "sigmoid"), ("median", "mean"), ("std", "var"), ("flip", "roll"), ("any", "all"),
    ("append", "extend"), ("rows", "columns"), ("height", "width"), ("fliplr", "flipud"), ("softmax", "log_softmax"),
    ("MaxPool2d", "AvgPool2d"), ("max_pool2d", "avg_pool2d"), ("relu", "tanh"), ("ReLU", "Tanh"), ("nanmedian", "nanmean"),
)  # fmt: skip
OTHER = dict(NAMES) | {b: a for a, b in reversed(NAMES)}


@dataclass(frozen=True)
class Mutant:
    """One mutant: ``line`` (from 1) read ``before`` and reads ``after``; ``source`` is the whole text."""

    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.before.strip()}  →  {self.after.strip()}"


class Finder(ast.NodeVisitor):
    """Collects the changes of a text: ``(start, end, new text)`` in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.lines = text.splitlines(keepends=True)
        self.changes: list[tuple[int, int, str]] = []

    def offset(self, line: int, column: int) -> int:
        """The place of a line and a column, which ``ast`` counts in bytes."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno or 0, node.end_col_offset or 0)

    def replace(self, node: ast.expr | ast.stmt, *others: str) -> None:
        self.changes += [(*self.span(node), other) for other in others]

    def between(self, left: ast.expr, right: ast.expr, symbol: str, *others: str) -> None:
        """Replaces the symbol that stands between two expressions."""
        start, end = self.span(left)[1], self.span(right)[0]
        place = self.text.find(symbol, start, end)
        if place >= 0:
            self.changes += [(place, place + len(symbol), other) for other in others]

    def exchange(self, first: ast.expr, second: ast.expr) -> None:
        """Writes the second expression in the place of the first, and the first in that of the second."""
        (start, middle), (then, end) = self.span(first), self.span(second)
        self.changes.append((start, end, self.text[then:end] + self.text[middle:then] + self.text[start:middle]))

    def leave_out(self, elements: list[ast.expr]) -> None:
        """Leaves out each element of a display of several."""
        for element, following in zip(elements, [*elements[1:], None], strict=True):
            start, end = self.span(element)
            self.changes.append((start, self.span(following)[0] if following is not None else end, ""))

    def visit_Set(self, node: ast.Set) -> None:
        self.leave_out(node.elts)
        self.generic_visit(node)

    def visit_List(self, node: ast.List) -> None:
        if len(node.elts) > 1:
            self.leave_out(node.elts)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for first, second in zip(node.values, node.values[1:], strict=False):
            if ast.dump(first) != ast.dump(second):
                self.exchange(first, second)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.replace(node, "pass")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        words = isinstance(node.left, ast.JoinedStr | ast.List) or (
            isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        )
        if type(node.op) in OPERATORS and not words:
            self.between(node.left, node.right, *OPERATORS[type(node.op)])
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if type(node.op) in OPERATORS:
            symbol, other = OPERATORS[type(node.op)]
            self.between(node.target, node.value, f"{symbol}=", f"{other}=", "=")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub | ast.Not):
            self.replace(node, self.text[slice(*self.span(node.operand))])
        if not isinstance(node.operand, ast.Constant) or isinstance(node.op, ast.Not):
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            symbol, others = COMPARISONS[type(operator)]
            self.between(left, right, symbol, *others)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        symbol, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between(left, right, symbol, other)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self.replace(node, str(not value))
        elif isinstance(value, int):
            self.replace(node, *map(str, dict.fromkeys([value + 1, max(value - 1, 0)])) if value else "1")
        elif isinstance(value, float):
            self.replace(node, repr(value * 2), repr(value / 10))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Words for people stay as they are."""

    def visit_Raise(self, node: ast.Raise) -> None:
        """Nor does it matter what an error says."""

    def visit_If(self, node: ast.If) -> None:
        self.replace(node.test, "False", "True")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.replace(node.test, "False", "True")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.replace(node, "pass")
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and node.id in OTHER and OTHER[node.id] in {"max", "min", "any", "all", "sum"}:
            self.replace(node, OTHER[node.id])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load) and node.attr in OTHER:
            end = self.span(node)[1]
            self.changes.append((end - len(node.attr), end, OTHER[node.attr]))
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for bound in (node.lower, node.upper):
            if bound is not None and not isinstance(bound, ast.Constant):
                self.replace(bound, f"{self.text[slice(*self.span(bound))]} + 1")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        for index in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
            if isinstance(node.ctx, ast.Load) and isinstance(index, ast.Name | ast.Call | ast.BinOp):
                self.replace(index, f"{self.text[slice(*self.span(index))]} + 1")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
        for first, second in zip(node.args, node.args[1:], strict=False) if plain else ():
            if not isinstance(first, ast.Constant) and not isinstance(second, ast.Constant):
                self.exchange(first, second)
        for keyword in node.keywords:
            if keyword.arg in {"axis", "dim", "keepdims", "keepdim", "padding", "stride", "dilation", "groups", "bias", "replace"}:
                start = self.offset(keyword.lineno, keyword.col_offset)
                before = self.text.rfind(",", 0, start)
                if before > self.span(node.func)[1]:
                    self.changes.append((before, self.span(keyword.value)[1], ""))
        self.generic_visit(node)


def mutants(text: str, first: int = 1, last: int | None = None) -> Iterator[Mutant]:
    """The mutants of a text, each once and none that isn't Python or is the text itself.

    Args:
        text: a module's source.
        first, last: the lines, counted from 1, in which to change something; all if not given.

    Raises:
        SyntaxError: the text isn't Python.
    """
    tree = ast.parse(text)
    finder = Finder(text)
    finder.visit(tree)
    seen = {ast.dump(tree)}
    for start, end, new in sorted(set(finder.changes)):
        line = text.count("\n", 0, start) + 1
        if line < first or (last is not None and line > last):
            continue
        source = text[:start] + new + text[end:]
        try:
            meaning = ast.dump(ast.parse(source))
        except SyntaxError:
            continue
        if meaning not in seen:
            seen.add(meaning)
            yield Mutant(line, text.splitlines()[line - 1], source.splitlines()[line - 1], source)
