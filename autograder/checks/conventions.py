"""Checks of what is computed apart from a convention: whoever misses one convention loses the checks that ask for it.

The checks of what is computed accept each of the known conventions, the same one throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograder.checks.judging import alike
from autograder.compare import expect_array

Rule = Callable[..., np.ndarray]
RTOL = 1e-4


class Call(NamedTuple):
    """One call of a student's function: how a message names it, its arguments, what it returned."""

    what: str
    arguments: tuple[Any, ...]
    received: Any


def explains(rule: Rule, calls: Sequence[Call], atol: float) -> bool:
    """Whether a rule gives what every one of the calls returned."""
    try:
        return all(alike(call.received, rule(*call.arguments), RTOL, atol) for call in calls)
    except (ValueError, IndexError):  # shapes that don't fit: this mistake can't be made here
        return False


def expect_right(calls: Sequence[Call], right: Rule, mistakes: Mapping[str, Rule], atol: float) -> None:
    """Checks that every call returned what it should; a mistake is named only if it leads to what all of them returned."""
    found = [] if explains(right, calls, atol) else [text for text, rule in mistakes.items() if explains(rule, calls, atol)]
    for call in calls:
        told = dict.fromkeys(found, call.received) if _is_array(call.received) else {}
        expect_array(call.received, right(*call.arguments), call.what, atol=atol, mistakes=told)


def expect_one_convention(
    calls: Sequence[Call], right: Rule, conventions: Mapping[str, Rule], mistakes: Mapping[str, Rule], atol: float
) -> None:
    """Checks that all calls returned what is right, or what one and the same of the conventions leads to."""
    if not any(explains(rule, calls, atol) for rule in (right, *conventions.values())):
        expect_right(calls, right, mistakes, atol)


def _is_array(value: Any) -> bool:
    try:
        return value is not None and np.asarray(value).dtype.kind in "biufc"
    except (TypeError, ValueError):
        return False
