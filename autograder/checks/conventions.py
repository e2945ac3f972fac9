"""Checks that look at one thing and leave the rest to others: the computation apart from a convention, a property apart from values.

Whoever misses one convention loses the checks that ask for it. The checks of what is computed accept each of the known
conventions, the same one throughout; those of a property accept any values, as long as they depend on the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograder.compare import describe, expect_array, fail

Rule = Callable[..., np.ndarray]


class Call(NamedTuple):
    """One call of a student's function: how a message names it, its arguments, what it returned."""

    what: str
    arguments: tuple[Any, ...]
    received: Any


def agrees(received: Any, other: Any, atol: float) -> bool:
    """Whether two answers have one shape and the same numbers, but for rounding."""
    try:
        received, other = np.asarray(received, dtype=float), np.asarray(other, dtype=float)
    except (TypeError, ValueError):
        return False
    return received.shape == other.shape and np.allclose(received, other, rtol=1e-4, atol=atol)


def explains(rule: Rule, calls: Sequence[Call], atol: float) -> bool:
    """Whether a rule gives what every one of the calls returned."""
    try:
        return all(agrees(call.received, rule(*call.arguments), atol) for call in calls)
    except (ValueError, IndexError):  # shapes that don't fit: this mistake can't be made here
        return False


def expect_right(calls: Sequence[Call], right: Rule, mistakes: Mapping[str, Rule], atol: float) -> None:
    """Checks that every call returned what it should; a mistake is named only if it leads to what all of them returned."""
    found = [] if explains(right, calls, atol) else [text for text, rule in mistakes.items() if explains(rule, calls, atol)]
    named = " Or: ".join(found[:2])
    for call in calls:
        told = {named: call.received} if named and _is_array(call.received) else {}
        expect_array(call.received, right(*call.arguments), call.what, atol=atol, mistakes=told)


def expect_one_convention(
    calls: Sequence[Call], right: Rule, conventions: Mapping[str, Rule], mistakes: Mapping[str, Rule], atol: float
) -> None:
    """Checks that all calls returned what is right, or what one and the same of the conventions leads to."""
    if not any(explains(rule, calls, atol) for rule in (right, *conventions.values())):
        expect_right(calls, right, mistakes, atol)


def expect_computed(answers: Sequence[Any], what: str) -> list[np.ndarray]:
    """Checks that answers for different arguments are finite numbers, and not the same: whoever computes nothing has no property.

    Returns:
        The answers as arrays.
    """
    arrays = []
    for answer in answers:
        if not _is_array(answer):
            fail(f"{what} is {describe(answer)}, but an array was expected.", "an array", describe(answer))
        array = np.asarray(answer)
        if not np.isfinite(array.astype(complex)).all():
            fail(f"{what} holds infinite or undefined numbers.")
        arrays.append(array)
    if len(arrays) > 1 and all(array.shape == arrays[0].shape and (array == arrays[0]).all() for array in arrays):
        fail(f"{what} is the same for other numbers, too: nothing is computed from the arguments.", None, arrays[0])
    return arrays


def _is_array(value: Any) -> bool:
    try:
        return value is not None and np.asarray(value).dtype.kind in "biufc"
    except (TypeError, ValueError):
        return False
