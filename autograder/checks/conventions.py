"""Checks of what is computed apart from a convention: whoever misses one convention loses the checks that ask for it.

The checks of what is computed accept each of the known conventions, the same one throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograder.checks.judging import ANOTHER, alike, expect_computed
from autograder.compare import CheckFailed, expect_array, fail

Rule = Callable[..., np.ndarray]
RTOL = 1e-4
TOO_MANY_AXES = "The result has more axes than it should have."
OTHER_LENGTHS = "The result has as many axes as it should have, but of other lengths."


class Call(NamedTuple):
    """One call of a student's function: how a message names it, its arguments, what it returned."""

    what: str
    arguments: tuple[Any, ...]
    received: Any


Again = Callable[[Call], Any]


def explains(rule: Rule, calls: Sequence[Call], atol: float) -> bool:
    """Whether a rule gives what every one of the calls returned."""
    try:
        return all(alike(call.received, rule(*call.arguments), RTOL, atol) for call in calls)
    except (ValueError, IndexError):  # shapes that don't fit: this mistake can't be made here
        return False


def explaining(calls: Sequence[Call], mistakes: Mapping[str, Rule], atol: float) -> list[str]:
    """The sentences whose mistake leads to what every one of the calls returned; none where something else than numbers came."""
    return [text for text, rule in mistakes.items() if all(_is_array(call.received) for call in calls) and explains(rule, calls, atol)]


def expect_right(calls: Sequence[Call], right: Rule, mistakes: Mapping[str, Rule], atol: float, again: Again | None = None) -> None:
    """Checks that every call returned what it should; a mistake is named only if it leads to what all of them returned.

    Args:
        again: makes a call once more, asked for the first wrong one where no mistake explains them.
    """
    wrong = next((call for call in calls if not explains(right, [call], atol)), None)
    found = explaining(calls, mistakes, atol) if wrong else []
    if again is not None and wrong and not found and not alike(again(wrong), wrong.received):
        found = [ANOTHER]
    for call in calls:
        expect_array(call.received, right(*call.arguments), call.what, atol=atol, mistakes=dict.fromkeys(found, call.received))


def expect_one_convention(
    calls: Sequence[Call],
    right: Rule,
    conventions: Mapping[str, Rule],
    mistakes: Mapping[str, Rule],
    atol: float,
    again: Again | None = None,
) -> None:
    """Checks that all calls returned what is right, or what one and the same of the conventions leads to."""
    if not any(explains(rule, calls, atol) for rule in (right, *conventions.values())):
        expect_right(calls, right, mistakes, atol, again)


def expect_told_apart(calls: Sequence[Call], mistakes: Mapping[str, Rule], atol: float) -> list[np.ndarray]:
    """`expect_computed` for calls of one function that differ in their arguments; what fails is told with the mistake that explains it."""
    try:
        return expect_computed([call.received for call in calls], calls[0].what)
    except CheckFailed as failure:
        texts = explaining(calls, mistakes, atol)
        raise CheckFailed(failure.message, failure.expected, failure.received, diagnosis=texts, kin=failure.kin) from None


def expect_shapes(calls: Sequence[Call], right: Rule, mistakes: Mapping[str, Rule], atol: float) -> None:
    """Checks the shapes of what calls returned, whatever the values; in each pair of calls these depend on the arguments.

    A mistake is named if it leads to what all of them returned; where axes are missing, the check's hint says more.
    """
    found = explaining(calls, mistakes, atol)
    for pair in zip(calls[::2], calls[1::2], strict=True):
        for call, array in zip(pair, expect_told_apart(pair, mistakes, atol), strict=True):
            shape = np.shape(right(*call.arguments))
            if array.shape != shape:
                missing = array.ndim < len(shape)
                texts = [] if missing else found or [TOO_MANY_AXES if array.ndim > len(shape) else OTHER_LENGTHS]
                fail(f"{call.what} has shape {array.shape}.", f"shape {shape}", f"shape {array.shape}", texts)


def _is_array(value: Any) -> bool:
    try:
        return value is not None and np.asarray(value).dtype.kind in "biufc"
    except (TypeError, ValueError):
        return False
