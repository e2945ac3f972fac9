"""Near-identical code: which notebooks share more than two people who worked alone would.

The measure is that of MOSS without its thinning: code becomes a sequence of tokens in which names of the author's own
choice, numbers, texts, comments and layout no longer differ; every run of `GRAM` tokens is a *gram*; two notebooks are
as similar as the share of the shorter one's grams that the other one has too. Grams of code that was given to everybody
count for nothing. Renaming, reformatting and reordering functions or cells change little. MOSS keeps only a few grams
of each document (winnowing), which pays for millions of documents; for a class all of them can be compared.

Source: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
"""

from __future__ import annotations

import builtins
import functools
import io
import itertools
import keyword
import re
import token
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GRAM = 12  # tokens in a row that must agree to count: about a line and a half
LEAST = 80  # grams a notebook must have of its own to be compared: less is what everybody would write
SIMILAR = 0.75
_KEPT = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)}
_LAYOUT = {token.NEWLINE, token.INDENT, token.DEDENT, token.ENDMARKER, tokenize.NL, tokenize.COMMENT, token.ENCODING}
_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """A token without what an author is free to choose, and the lines it stands on (from 0)."""

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Pair:
    """Two notebooks and how similar they are, from 0 to 1."""

    first: str
    second: str
    similarity: float


def tokens(source: str) -> list[Token]:
    """The normalised tokens of Python code; of broken code those before the place where it breaks."""
    found: list[Token] = []
    before = None
    for item in _raw_tokens(_MAGIC.sub("", source)):
        statement = before is None or before.type in _LAYOUT
        if item.type not in _LAYOUT and not (item.type == token.STRING and statement):
            found.append(Token(_normal(item, before), item.start[0] - 1, item.end[0] - 1))
        before = item
    return found


def _raw_tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _normal(item: tokenize.TokenInfo, before: tokenize.TokenInfo | None) -> str:
    if item.type == token.NAME:
        attribute = before is not None and before.string == "."
        return item.string if attribute or item.string in _KEPT else "name"
    return {token.NUMBER: "0", token.STRING: "''"}.get(item.type, item.string)


@functools.lru_cache(20_000)  # many cells are the same in many notebooks
def grams(source: str) -> list[tuple[Gram, int, int]]:
    """Every run of `GRAM` tokens of one cell, with its first and last line."""
    items = tokens(source)
    return [
        (tuple(item.text for item in items[i : i + GRAM]), items[i].first, items[i + GRAM - 1].last) for i in range(len(items) - GRAM + 1)
    ]


def gram_set(cells: Iterable[str]) -> set[Gram]:
    """The grams of several cells; none reaches from one cell into the next."""
    return {gram for source in cells for gram, _, _ in grams(source)}


def similar_pairs(notebooks: dict[str, list[str]], given: Iterable[str] = (), least: int = LEAST, similar: float = SIMILAR) -> list[Pair]:
    """Pairs of notebooks that are near-identical, the most similar first.

    Args:
        notebooks: the code cells of each notebook, by student.
        given: code that was given to everybody.
        least: grams a notebook needs of its own to be compared.
        similar: similarity from which a pair is named.
    """
    released = gram_set(given)
    own = {name: gram_set(cells) - released for name, cells in sorted(notebooks.items())}
    large = {name: found for name, found in own.items() if len(found) >= least}
    pairs = []
    for (first, a), (second, b) in itertools.combinations(large.items(), 2):
        if (share := len(a & b) / min(len(a), len(b))) >= similar:
            pairs.append(Pair(first, second, share))
    return sorted(pairs, key=lambda pair: (-pair.similarity, pair.first, pair.second))


def groups(pairs: Iterable[Pair]) -> list[list[str]]:
    """Students connected by pairs, the largest group first."""
    group_of: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group_of.get(pair.first, {pair.first}) | group_of.get(pair.second, {pair.second})
        group_of |= dict.fromkeys(joined, joined)
    distinct = {id(group): sorted(group) for group in group_of.values()}
    return sorted(distinct.values(), key=lambda group: (-len(group), group))


def shared_lines(source: str, common: set[Gram]) -> set[int]:
    """Lines of ``source`` (from 0) that lie in one of the grams ``common``."""
    return {line for gram, first, last in grams(source) if gram in common for line in range(first, last + 1)}
