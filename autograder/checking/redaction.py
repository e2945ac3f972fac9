"""Which of a student's exception messages may be shown.

An exception raised while a hidden check runs can carry the hidden input in its message. So a message is shown if it has a
known form (`forms`), or is a text that stands in the student's code, with names that her code contains. Whole numbers and
shapes are shown where the check's inputs are ``drawn``, so that they are nobody else's; where they are the same for
everybody, an ellipsis stands for each, but for counts of one digit. Fractions and texts from elsewhere are never shown. Of
any other exception the student learns the type and the line.

What remains: code written to tell a fixed input can choose among the names, texts and lines that it holds itself and among
the forms, with a few single digits, a matter of some fifty bits for each check that it gives up. Arrays made as large as a
hidden value, `np.zeros(secret).reshape(4, 4)`, tell nothing, nor do names, keys and texts that are put together while it runs.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from autograder.checking.forms import EXCEPTIONS, FORMS, TYPES
from autograder.jobs.defined import parsed

HIDDEN = "…"  # in place of what isn't shown
LONGEST = 300  # characters of a message that is shown
LEAST = 3  # letters of a text that is shown, without what is filled into it
MOST_WORDS = 5  # of names in a message, where the inputs are the same for everybody

_NUMBER = r"-?\d{1,7}"
_NAME = r"[A-Za-z_<](?:[A-Za-z_0-9.<>]{0,99}[A-Za-z_0-9>])?"
_DTYPE = r"(?:dtype\('[<>=|]?[A-Za-z_]{1,12}\d{0,7}'\)|<class 'numpy\.dtypes\.[A-Za-z]{1,20}\d{0,3}DType'>)"
_PLACES = {
    "n": _NUMBER,
    "c": _NUMBER,
    "size": rf"{_NUMBER}(?: ?x ?{_NUMBER}){{1,4}}",
    "shape": rf"(?:torch\.Size\()?[(\[](?:{_NUMBER}(?:, ?|(?=[)\]])))*[)\]]\)?",
    "name": _NAME,
    "names": rf"'{_NAME}'(?:(?:,? and |, )'{_NAME}'){{0,7}}",
    "kinds": r"(?:[A-Za-z_][\w.]{0,40}(?:=[A-Za-z_][\w.]{0,40})?(?:, ?|$|(?=\))))*",
    "type": r"(?:(?:un)?signed char|(?:short|long) int|int|short|long|bool|float|double|(?:struct )?c10::(?:Half|BFloat16))",
    "dtypes": rf"\(?(?:{_DTYPE}(?:, (?!->))?){{1,6}}\)?",
    "text": r"'[^'\n]{0,100}'|\"[^\"\n]{0,100}\"",
    "op": r"\*\* or pow\(\)|[-+*/@%&|^=<>~!]{1,3}",
    "axes": r"[(),?>nkmp|-]{1,40}",
    "value": r".{1,100}?",
    "rest": r"(?:[ ,.;:(].*)?",
}
_PLACE = re.compile("{(" + "|".join(_PLACES) + ")}")
_FORMATS = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[sdrifeg]|\{[^{}]*\}")
_KNOWN_TYPES = re.compile(r"(?:float|int|uint|complex|bool|object|str|bytes)_?\d{0,3}")
_KNOWN = frozenset(dir(builtins)) | TYPES


def shown_message(message: str, source: str, drawn: bool = False, kind: str = "", cells: Sequence[str] = ()) -> str:
    """The part of an exception's message that feedback may show, empty if none of it may be.

    Args:
        message: what the student's process reported, at most 500 characters.
        source: all code of the student's notebook; names in the message must occur in it.
        drawn: whether the check's inputs are this submission's own.
        kind: the exception's type.
        cells: the notebook's code cells, whose texts she wrote; without them ``source`` is all.
    """
    line = message.strip().split("\n")[0].strip()
    if not line or len(line) > 500:
        return ""
    own = Own(source, tuple(cells) or (source,), drawn)
    said = _key(line, own) if kind == "KeyError" else _known(line, own) or own.text(line)
    return said if len(said) <= LONGEST else ""


def shown_kind(kind: str, source: str) -> str:
    """An exception's type where its name can't have been made up while the code ran: a known one, or one that she wrote."""
    known = isinstance(getattr(builtins, kind, None), type) or kind in EXCEPTIONS or kind in _words(source)
    return kind if known else "an exception"


def _known(line: str, own: Own) -> str:
    """The line as it may be shown, if it has a known form."""
    for pattern, places in _patterns():
        found = pattern.fullmatch(line)
        if found and own.may_hold([text for place, text in zip(places, found.groups(), strict=True) if place in ("name", "names")]):
            shown = [own.place(place, text) for place, text in zip(places, found.groups(), strict=True)]
            if None not in shown:
                return _filled(line, [found.span(number + 1) for number in range(len(places))], [text or "" for text in shown])
    return ""


def _filled(line: str, spans: Sequence[tuple[int, int]], texts: Sequence[str]) -> str:
    parts, at = [], 0
    for (start, end), text in zip(spans, texts, strict=True):
        parts += [line[at:start], text]
        at = end
    return "".join([*parts, line[at:]])


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Each form as a pattern with a group for each place, and the kinds of these places."""
    made = []
    for form in FORMS:
        literal, *others = _PLACE.split(form)  # text, place, text, place, …
        ends = zip(others[::2], others[1::2], strict=True)
        pattern = re.escape(literal) + "".join(f"({_PLACES[place]}){re.escape(text)}" for place, text in ends)
        made.append((re.compile(pattern), tuple(others[::2])))
    return tuple(made)


class Own:
    """What is a student's own in a message: names and texts of her code, and numbers where the inputs are hers alone."""

    def __init__(self, source: str, cells: tuple[str, ...], drawn: bool) -> None:
        self.source, self.cells, self.drawn = source, cells, drawn

    def may_hold(self, names: Sequence[str]) -> bool:
        """Whether a message may hold so many names: where the inputs are everybody's, a row of them could tell much."""
        return self.drawn or sum(len(re.findall(r"[A-Za-z_]\w*", text.replace(" and ", ""))) for text in names) <= MOST_WORDS

    def place(self, place: str, text: str) -> str | None:
        """What is shown for the ``text`` at a place of a form; None if it forbids the message."""
        if place in ("n", "c", "size", "shape"):
            return self.numbers(place, text)
        if place == "name":
            return text if self.is_name(text) else None
        if place in ("names", "kinds"):
            known = all(map(self.is_name, re.findall(_NAME, text.replace(" and ", ", "))))
            return None if not known else text if self.drawn or place == "names" else HIDDEN
        if place == "dtypes":
            return re.sub(r"(?<=[USMmV])\d+(?=')", lambda match: match[0] if self.drawn else HIDDEN, text) if _are_types(text) else None
        if place == "text":
            return text if self.wrote(text) else None
        return text if place in ("type", "op", "axes") else "" if place == "rest" else HIDDEN

    def numbers(self, place: str, text: str) -> str:
        """Whole numbers, hidden unless the inputs are hers alone or it is a count of one digit."""
        if self.drawn or (place == "c" and len(text.lstrip("-")) == 1):
            return text
        return re.sub(r"(?<=[(\[])[^()\[\]]*(?=[)\]])", HIDDEN, text) if place == "shape" else re.sub(_NUMBER, HIDDEN, text)

    def is_name(self, name: str) -> bool:
        """Whether all parts of a dotted name occur in the code, or are names that messages hold anyway, or it is one letter."""
        parts = name.split(".")
        return len(name) == 1 or all(part in _KNOWN or part in _words(self.source) for part in parts)

    def wrote(self, quoted: str) -> bool:
        """Whether a text in quotes is one of the texts that stand in the code."""
        try:
            return ast.literal_eval(quoted) in _texts(self.cells)[0]
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return False

    def text(self, line: str) -> str:
        """A text of her code, such as that of ``raise ValueError("…")``, without what is filled into it, as it may be shown."""
        whole, templates = _texts(self.cells)
        if line in whole:
            return line
        for parts in templates:
            spans = _gaps(line, parts)
            if spans:
                return _filled(line, spans, [self._filled_in(line[start:end]) for start, end in spans])
        return ""

    def _filled_in(self, text: str) -> str:
        return text if self.drawn and re.fullmatch(f"{_PLACES['n']}|{_PLACES['shape']}", text) else HIDDEN


def _key(line: str, own: Own) -> str:
    """The key that a dictionary doesn't have."""
    for place in ("c", "shape"):
        if re.fullmatch(_PLACES[place], line):
            return own.numbers(place, line)
    named = re.fullmatch(r"'([A-Za-z_]\w{0,60})'", line)
    return line if own.wrote(line) or (named and own.is_name(named[1]) and "." not in named[1]) else ""


def _are_types(text: str) -> bool:
    names = re.findall(r"dtype\('[<>=|]?([A-Za-z_]+)(\d*)'\)", text)
    return all(name in ("U", "S", "O", "M", "m", "V") or _KNOWN_TYPES.fullmatch(name + digits) for name, digits in names)


@lru_cache(maxsize=8)
def _words(source: str) -> frozenset[str]:
    return frozenset(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", source))


@lru_cache(maxsize=8)
def _texts(cells: tuple[str, ...]) -> tuple[frozenset[str], tuple[tuple[str, ...], ...]]:
    """The texts in some cells' code: whole ones, and those into which something is filled, as the parts around the gaps."""
    whole, templates = set(), []
    for tree in filter(None, map(parsed, cells)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            parts = tuple(_joined(_pieces(node)))
            if len(parts) > 1 and sum(map(str.isalpha, "".join(parts))) >= LEAST:
                templates.append(parts)
    return frozenset(text for text in whole if len(text) <= LONGEST), tuple(templates)


def _pieces(node: ast.AST) -> Iterator[str | None]:
    """A text that is put together, as its literal pieces and None for each gap; nothing for anything else."""
    if isinstance(node, ast.JoinedStr):
        yield from (str(value.value) if isinstance(value, ast.Constant) else None for value in node.values)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        yield from _split(node.left)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _split(node.func.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        pieces = [piece for side in (node.left, node.right) for piece in _side(side)]
        if any(piece is not None for piece in pieces):
            yield from pieces


def _side(node: ast.AST) -> list[str | None]:
    """One side of a sum of texts: its pieces, or a gap."""
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else list(_pieces(node)) or [None]


def _split(node: ast.AST) -> Iterator[str | None]:
    """The pieces of a text with places such as ``%d`` or ``{}``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        first, *others = _FORMATS.split(node.value)
        yield first
        for piece in others:
            yield from (None, piece)


def _joined(pieces: Iterator[str | None]) -> list[str]:
    """The literal parts around the gaps: one more than there are gaps."""
    parts = [""]
    for piece in pieces:
        if piece is None:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _gaps(line: str, parts: Sequence[str]) -> list[tuple[int, int]]:
    """Where the gaps between ``parts`` lie in a line that is made of them, none if it isn't; in one pass."""
    first, *middle, last = parts
    if not (line.startswith(first) and line.endswith(last) and len(line) >= len(first) + len(last)):
        return []
    spans, at, end = [], len(first), len(line) - len(last)
    for part in middle:
        found = line.find(part, at, end) if part else at
        if found < 0:
            return []
        spans.append((at, found))
        at = found + len(part)
    return [*spans, (at, end)]
