"""Recognising mistakes in the assignment `training_pipeline`: pairs of a sentence for the student and the wrong answer.

An answer is compared with the pairs only after it was found wrong; several pairs may share a sentence. `telling`
chooses inputs in which the mistakes show.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

from autograder.checks import judging
from autograder.compare import CheckFailed

Pairs = list[tuple[str, Any]]
RTOL, ATOL = 1e-4, 1e-5  # honest answers in float32 are ten times closer, mistakes a hundred times further off


def alike(received: Any, other: Any) -> bool:
    """Whether two arrays, or two tuples of arrays, have the same shapes and, but for rounding, the same values."""
    if isinstance(other, tuple):
        return len(received) == len(other) and all(map(alike, received, other))
    return judging.alike(received, other, RTOL, ATOL)


def named(received: Any, pairs: Pairs) -> list[str]:
    """The sentences of the mistakes that lead to what was received."""
    return list(dict.fromkeys(text for text, wrong in pairs if alike(received, wrong)))


@contextmanager
def explained(texts: list[str]) -> Iterator[None]:
    """A failure that comes of recognised mistakes is told with them."""
    try:
        yield
    except CheckFailed as failed:
        if failed.diagnosis or not texts:
            raise
        raise CheckFailed(failed.message, failed.expected, failed.received, failed.comparison, texts) from None


@contextmanager
def reading(signs: Mapping[str, str]) -> Iterator[None]:
    """A failure whose words show the mistake, such as those of an exception, is told with it.

    signs: a sentence for the student for each regular expression, which may take up its groups.
    """
    try:
        yield
    except CheckFailed as failed:
        found = [(re.search(sign, failed.message), text) for sign, text in signs.items()]
        with explained([match.expand(text) for match, text in found if match][:1]):
            raise


def quietly(mistakes: Callable[..., Pairs]) -> Callable[..., Pairs]:
    """The same function without numpy's warnings: wrong answers may hold infinite and undefined numbers."""

    @wraps(mistakes)
    def wrapped(*arguments: Any, **options: Any) -> Pairs:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return mistakes(*arguments, **options)

    return wrapped


def far(right: Any, wrong: Any) -> bool:
    """Whether a mistake would be noticed beyond doubt."""
    if isinstance(right, tuple):
        return len(right) != len(wrong) or any(map(far, right, wrong))
    right, wrong = np.asarray(right, dtype=float), np.asarray(wrong, dtype=float)
    if right.shape != wrong.shape:
        return True
    with np.errstate(all="ignore"):
        return not np.allclose(right, wrong, rtol=1e-2, atol=1e-2, equal_nan=True)


def telling(draw: Callable[[], Any], right: Callable[[Any], Any], mistakes: Callable[[Any], Pairs], tries: int = 15) -> Any:
    """Of up to `tries` drawn inputs one in which the most mistakes lead to another answer than the right one."""
    best, most = None, -1
    for _ in range(tries):
        case = draw()
        answer, pairs = right(case), mistakes(case)
        shown = sum(far(answer, wrong) for _, wrong in pairs)
        if shown > most:
            best, most = case, shown
        if shown == len(pairs):
            break
    return best
