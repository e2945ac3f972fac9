"""What a student sees of two arrays that differ: a window of their entries, and small pictures of pictures.

A `Comparison` is plain data (texts, numbers, truth values), so it travels and is kept as JSON with the check's report;
`autograder.feedback.shown_page` makes HTML of it. The judge makes it, so it is small and quick whatever the student's array holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from autograder.checking.pictures import SMALLEST, STRETCHED, pictures_of
from autograder.jobs.comparison import Comparison, Picture, Table

ROWS, COLUMNS, LONGEST = 10, 8, 10  # most entries of a window: of a 2-D array, and of a 1-D one
WIDEST = 56  # characters of a window's row
SLICES = 2  # most 2-D slices shown of an array with more axes
IN_FULL = 64  # entries of an array that a report shows in full
DIGITS = (4, 6, 9, 17)  # significant ones: as few as tell what differs


def differences(received: np.ndarray, expected: np.ndarray, close: np.ndarray) -> np.ndarray:
    """How far the entries lie apart: 0 where ``close``, infinite where one of them is undefined."""
    with np.errstate(all="ignore"):
        return np.where(close, 0.0, np.nan_to_num(np.abs(received.astype(complex) - expected), nan=np.inf, posinf=np.inf))


def largest(difference: np.ndarray) -> tuple[int, ...]:
    """The index of the largest entry, the first of several."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(difference)), difference.shape))


def compare(expected: np.ndarray, received: np.ndarray, close: np.ndarray) -> Comparison | None:
    """What to show of two numeric arrays of the same shape; None for single numbers.

    Args:
        expected, received: any numbers, NaN and infinities included.
        close: where they agree; somewhere they don't.
    """
    if expected.ndim == 0 or expected.size < 2:
        return None
    pictures: list[Picture] = []
    if expected.ndim == 1:
        tables, more = [_column(expected, received, close)], 0
    else:
        tables, pictures, more = _slices(expected, received, close)
    return {"tables": tables, "pictures": pictures, "more": more, "extract": expected.size > IN_FULL}


def compare_items(expected: Sequence[str], received: Sequence[str]) -> Comparison:
    """The same for short sequences whose items are texts already."""
    wrong = [[e != r] for e, r in zip(expected, received, strict=True)]
    wanted, came = ([[text] for text in side] for side in (expected, received))
    table = Table(title="", part="", rows=list(range(len(wrong))), columns=[], expected=wanted, received=came, wrong=wrong)
    return {"tables": [table], "pictures": [], "more": 0, "extract": False}


def _column(expected: np.ndarray, received: np.ndarray, close: np.ndarray) -> Table:
    at = largest(differences(received, expected, close))[0]
    rows = _window(len(expected), at, LONGEST)
    part = f"entries {_of(rows, len(expected))}" if len(rows) < len(expected) else ""
    cut = [array[rows.start : rows.stop, None] for array in (expected, received, close)]
    return _table("", part, rows, range(0), *cut)


def _slices(expected: np.ndarray, received: np.ndarray, close: np.ndarray) -> tuple[list[Table], list[Picture], int]:
    """Windows of the slices along the last two axes that differ most, and pictures of the first of them."""
    ahead, shape = expected.shape[:-2], expected.shape[-2:]
    stacks = [array.reshape(-1, *shape) for array in (expected, received, close, differences(received, expected, close))]
    most = stacks[3].max(axis=(1, 2))
    order = [int(i) for i in np.argsort(-most, kind="stable")[:SLICES] if most[i] > 0]
    tables = [_grid(_title(ahead, number), *(stack[number] for stack in stacks)) for number in sorted(order)]
    worth = min(shape) >= SMALLEST and max(shape) <= STRETCHED * min(shape)
    kinds = "" if not worth else expected.dtype.kind + received.dtype.kind
    pictures = []
    if kinds and "c" not in kinds:
        here = order[0]
        pictures = pictures_of(stacks[0][here], stacks[1][here], stacks[3][here], title=_title(ahead, here))
    return tables, pictures, int((most > 0).sum()) - len(order)


def _title(ahead: tuple[int, ...], number: int) -> str:
    if not ahead:
        return ""
    return f"[{', '.join(str(int(i)) for i in np.unravel_index(number, ahead))}, :, :]"


def _grid(title: str, expected: np.ndarray, received: np.ndarray, close: np.ndarray, difference: np.ndarray) -> Table:
    """The window of a 2-D slice around its largest difference, narrower where the entries are long."""
    (height, width), (row, column) = expected.shape, largest(difference)
    rows = _window(height, row, ROWS)
    for most in (COLUMNS, 6, 4, 3):
        columns = _window(width, column, most)
        cut = [array[rows.start : rows.stop, columns.start : columns.stop] for array in (expected, received, close)]
        axes = (("rows", rows, height), ("columns", columns, width))
        part = ", ".join(f"{name} {_of(some, length)}" for name, some, length in axes if len(some) < length)
        table = _table(title, part, rows, columns, *cut)
        if max(map(len, chain(*table["expected"], *table["received"]))) * len(columns) <= WIDEST:
            break
    return table


def _window(length: int, at: int, most: int) -> range:
    """At most ``most`` of ``length`` indices with ``at`` in their middle."""
    start = max(0, min(at - most // 2, length - most))
    return range(start, min(length, start + most))


def _of(some: range, length: int) -> str:
    return f"{some.start} to {some.stop - 1} of {length}"


def _table(title: str, part: str, rows: range, columns: range, expected: np.ndarray, received: np.ndarray, close: np.ndarray) -> Table:
    wrong = ~close
    for digits in DIGITS:
        texts = [[[entry(value, digits) for value in row] for row in array] for array in (expected, received)]
        if all(e != r for e, r, w in zip(chain(*texts[0]), chain(*texts[1]), wrong.flat, strict=True) if w):
            break
    return Table(title=title, part=part, rows=list(rows), columns=list(columns), expected=texts[0], received=texts[1], wrong=wrong.tolist())


def entry(value: np.bool_ | np.number, digits: int) -> str:
    """One entry in a few characters."""
    if value.dtype.kind == "b":
        return str(bool(value))
    if value.dtype.kind in "iu" and len(str(value)) <= 9:
        return str(value)
    return f"{value + 0 if value.dtype.kind in 'fc' else int(value):.{digits}g}"
