"""What the checks of several assignments share: which mistake explains all that was received, and properties apart from values.

A sentence that names a mistake is said only if the mistake explains every answer of a check, the right ones too: an answer
in which the mistake would show, and doesn't, contradicts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograder.compare import SAME, CheckFailed, expect_array, expect_number, fail, of_another_type

KEPT = "This is the answer to an earlier call: nothing may be kept from call to call."
ANOTHER = "The same call gives another result the second time: nothing may be kept from call to call."


class Answer(NamedTuple):
    """What one call returned, and what it should have.

    Attributes:
        what: how a message names the call, such as ``correlate2d(x, W)``.
        mistakes: gives a sentence for each typical mistake, with the answer it leads to; asked only if an answer is wrong.
    """

    received: Any
    expected: Any
    what: str
    mistakes: Callable[[], Mapping[str, Any]] = dict


def alike(received: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Whether both have the same shape and, but for rounding, the same values."""
    try:
        received, other = np.asarray(received), np.asarray(other)
        if received.shape != other.shape:
            return False
        with np.errstate(all="ignore"):
            return bool(np.allclose(received, other, rtol=rtol, atol=atol, equal_nan=True))
    except (TypeError, ValueError, OverflowError):
        return False


def explaining(answers: Sequence[Answer], rtol: float = 1e-5, atol: float = 1e-8, again: Callable[[], Any] | None = None) -> list[str]:
    """The sentences whose mistake leads to every one of the answers, in their order.

    Args:
        again: makes the first call once more, asked where an answer is wrong and no mistake explains it.
    """
    wrong = [not alike(answer.received, answer.expected, rtol, atol) for answer in answers]
    tables = [answer.mistakes() for answer in answers] if any(wrong) else []

    def explains(text: str, answer: Answer, table: Mapping[str, Any], is_wrong: bool) -> bool:
        return alike(answer.received, table[text], rtol, atol) if text in table else not is_wrong

    every = dict.fromkeys(text for table in tables for text in table)
    texts = [text for text in every if all(explains(text, *rest) for rest in zip(answers, tables, wrong, strict=True))]
    if again is not None and any(wrong) and not texts and not alike(again(), answers[0].received, rtol, atol):
        return [ANOTHER]
    return texts


def collected(answers: Iterable[Answer]) -> tuple[list[Answer], CheckFailed | None]:
    """The answers up to the first call that failed by itself, and that failure."""
    made: list[Answer] = []
    try:
        for answer in answers:
            made.append(answer)
    except CheckFailed as failure:
        return made, failure
    return made, None


def expect_all(
    answers: Iterable[Answer], rtol: float = 1e-5, atol: float = 1e-8, again: Callable[[], Any] | None = None
) -> list[np.ndarray]:
    """Checks that all answers are the arrays that were expected; the message names mistakes only if they explain all of them.

    Args:
        again: as in `explaining`.

    Raises:
        CheckFailed: for the first wrong answer, or for the first call that failed.
    """
    made, failure = collected(answers)
    texts = explaining(made, rtol, atol, again)
    arrays = []
    for number, answer in enumerate(made):
        earlier = any(alike(answer.received, other.expected, rtol, atol) for other in made[:number])
        named = texts or ([KEPT] if earlier else [])
        arrays.append(expect_array(answer.received, answer.expected, answer.what, rtol, atol, dict.fromkeys(named, answer.received)))
    if failure is not None:
        raise failure
    return arrays


def expect_numbers(answers: Iterable[Answer]) -> None:
    """The same for numbers."""
    made, failure = collected(answers)
    texts = explaining(made)
    for answer in made:
        expect_number(answer.received, answer.expected, answer.what, mistakes=dict.fromkeys(texts, answer.received))
    if failure is not None:
        raise failure


def expect_computed(answers: Sequence[Any], what: str) -> list[np.ndarray]:
    """For checks of a property, such as "arguments unchanged": answers are finite numbers that depend on the arguments, right or wrong.

    Whoever computes nothing changes nothing either, and hasn't earned the property's points.

    Args:
        answers: of calls with different arguments.

    Returns:
        The answers as arrays.
    """
    arrays = []
    for answer in answers:
        try:
            array = None if answer is None else np.asarray(answer)
        except (TypeError, ValueError):
            array = None
        if array is None or array.dtype.kind not in "biufc":
            raise of_another_type(what, answer, "a number or an array of numbers")
        if not np.isfinite(array.astype(complex)).all():
            fail(f"{what} holds infinite or undefined numbers.")
        arrays.append(array)
    if len(arrays) > 1 and all(array.shape == arrays[0].shape and (array == arrays[0]).all() for array in arrays):
        fail(f"{what} {SAME}" if arrays[0].size else f"{what} is empty: it has shape {arrays[0].shape}.", None, arrays[0])
    return arrays
