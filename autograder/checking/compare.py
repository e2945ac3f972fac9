"""Comparing a student's answer with the expected one, in stages: type → shape → dtype → value.

Each ``expect_…`` function returns the received value in comparable form, or raises `CheckFailed` with what was
expected, what was received, where they differ most and, where it can be recognised, which typical mistake it is.
What is shown of the expected value is all a student ever learns of the reference answer.
"""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from autograder.checking.shown import IN_FULL, Comparison, compare, compare_items, differences, largest
from autograder.inside.wire import MAX_DEPTH
from autograder.jobs.fate import Cause
from autograder.jobs.outputs import readable

ANYTHING = 1e300  # a tolerance from which on only numbers are asked for, whichever
SAME = "is the same for other numbers, too: it doesn't depend on the numbers of this call."
MAX_SHOWN = 300  # characters of a value that is no array
MAX_MESSAGE, MAX_TEXT = 2_000, 6_000  # characters of a failure's sentence, and of what it shows


class CheckFailed(AssertionError):
    """A check that a student's answer didn't pass.

    Args:
        message: one or two sentences for the student.
        expected: what the check chooses to show of the expected value.
        received: what came instead.
        comparison: both entry by entry, where that says more.
        diagnosis: the mistake that it comes of, in words that don't hang on the check's inputs; several if it may be any of
            them, the likeliest first. It ends the message.
        kin: what failures of one cause have in common where no mistake is recognised, such as a list in place of a number.
    """

    cause: Cause = ""

    def __init__(
        self,
        message: str,
        expected: str | None = None,
        received: str | None = None,
        comparison: Comparison | None = None,
        diagnosis: str | Sequence[str] = "",
        kin: str = "",
    ) -> None:
        self.possible = [readable(_cut(one, MAX_MESSAGE // 4)) for one in _mistakes(diagnosis)]
        self.diagnosis = possibly(self.possible)
        facts = readable(_cut(message, MAX_MESSAGE - len(self.diagnosis)))
        self.message = " ".join(filter(None, [facts, self.diagnosis]))
        super().__init__(self.message)
        self.comparison, self.kin = comparison, kin
        self.expected, self.received = (text if text is None else readable(_cut(text, MAX_TEXT)) for text in (expected, received))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def fail(message: str, expected: Any = None, received: Any = None, diagnosis: str | Sequence[str] = "", kin: str = "") -> NoReturn:
    """Fails the check with ``message`` and, if given, expected against received, and the mistake that it comes of.

    With a ``diagnosis`` the check's hint isn't shown, and checks of a task that fail with the same one are told together.
    """
    wanted, came = (value if isinstance(value, str) or value is None else show(value) for value in (expected, received))
    raise CheckFailed(message, wanted, came, diagnosis=diagnosis, kin=kin)


def filled(value: Any, name: str) -> Any:
    """``value``, the student's variable ``name``, unless it was left empty.

    Raises:
        CheckFailed: it is None.
    """
    if value is None:
        fail(f"`{name}` is still None: its cell was not filled in, or stopped before the last line.")
    return value


def show(value: Any) -> str:
    """A short, readable form of a plain value."""
    if isinstance(value, np.ndarray):
        if value.size > IN_FULL and value.ndim > 3:  # numpy never leaves out entries of an axis of four or less
            return f"shape {value.shape}, beginning with {', '.join(map(str, value.flat[:6]))}, ..."
        with np.printoptions(precision=4, suppress=True, threshold=IN_FULL, edgeitems=2, linewidth=90):
            return np.array2string(value, separator=", ")
    text = _SHORT.repr(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


class _Short(reprlib.Repr):
    """`repr` that looks only at as much of a value as is shown of it."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = MAX_DEPTH
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = MAX_SHOWN // 3  # an entry takes three characters at least
        self.maxlong = self.maxother = 2 * MAX_SHOWN

    def repr_str(self, text: str, level: int) -> str:
        return repr(text[:MAX_SHOWN])

    def repr_bytes(self, data: bytes, level: int) -> str:
        return repr(data[:MAX_SHOWN])

    def repr_ndarray(self, array: np.ndarray, level: int) -> str:
        return show(array)


_SHORT = _Short()


def describe(value: Any) -> str:
    """What kind of thing ``value`` is, in words: ``an array of shape (2, 3)``, ``a str``, ``None``."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    name = getattr(value, "type_name", type(value).__name__)
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def of_another_type(what: str, received: Any, wanted: str) -> CheckFailed:
    """The failure of an answer of which no value can be compared; all such failures of a task are of one cause."""
    kind = "array" if isinstance(received, np.ndarray) else getattr(received, "type_name", type(received).__name__)
    ragged = isinstance(received, list) and wanted.startswith("an array") and _numbers_only(received)
    more = " of rows that differ in length" if ragged else " that holds texts" if holds_texts(received) else ""
    return CheckFailed(f"{what} is {describe(received)}{more}, but {wanted} was expected.", wanted, show(received), kin=f"type {kind}")


def holds_texts(value: Any) -> bool:
    """Whether a list or tuple, or one in it, holds a text, such as the digits of a number."""
    return isinstance(value, (list, tuple)) and any(isinstance(item, str) or holds_texts(item) for item in value)


def expect_array(
    received: Any,
    expected: Any,
    what: str = "the answer",
    rtol: float = 1e-5,
    atol: float = 1e-8,
    mistakes: Mapping[str, Any] | None = None,
    integer: bool = False,
) -> np.ndarray:
    """Checks that ``received`` is an array with the shape and the values of ``expected``.

    Lists and tuples of numbers pass as arrays; shapes must agree exactly.

    Args:
        received: the student's value, already plain data.
        expected: the reference answer.
        what: how the message names the value, such as ``correlate2d(x, W)``.
        rtol, atol: as in `numpy.isclose`.
        mistakes: a sentence for each typical mistake, with the value it leads to.
        integer: whether only integer values pass.

    Raises:
        CheckFailed: at the first stage that disagrees.
    """
    expected = np.asarray(expected)
    array = _as_array(received, what, expected)
    if array.shape != expected.shape:
        _fail_with_mistake(
            f"{what} has shape {array.shape}, but shape {expected.shape} was expected.",
            array,
            mistakes,
            rtol,
            atol,
            f"shape {expected.shape}",
            f"shape {array.shape}",
            kin=f"{array.ndim} for {expected.ndim} axes" if array.ndim != expected.ndim else "",
        )
    if integer and array.dtype.kind not in "iu":
        raise CheckFailed(f"{what} has dtype {array.dtype}, but integers were expected.", "integers", str(array.dtype))
    if array.dtype.kind == "c" and expected.dtype.kind != "c":
        raise CheckFailed(f"{what} is complex, but real numbers were expected.", None, str(array.dtype))
    with np.errstate(all="ignore"):
        close = np.isclose(array, expected, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return array
    message = f"{what} has wrong values: {_where_different(array, expected, close)}."
    if atol >= ANYTHING:  # what is compared with is of no meaning then
        _fail_with_mistake(message, array, mistakes, rtol, atol, "finite numbers", show(array))
    _fail_with_mistake(message, array, mistakes, rtol, atol, show(expected), show(array), compare(expected, array, close))


def expect_answers(pairs: Sequence[tuple[Any, Any]], what: str = "the answer", finite: bool = True) -> list[np.ndarray]:
    """For checks of a property, such as "arguments unchanged": whether the answers could be right, not whether they are.

    Each is an array of finite numbers, of the expected shape; and where the right answers differ, so do these. Whoever
    computes nothing changes nothing either, and hasn't earned the property's points.

    Args:
        pairs: (received, expected) of calls with different arguments.
        what: how the message names the value.
        finite: whether only finite numbers pass; else each received value is an array of floats, NaN in it counts as 0.

    Raises:
        CheckFailed: at the first stage that disagrees.
    """
    undefined = not finite and all(np.isnan(received).all() for received, _ in pairs)
    if not finite:
        pairs = [(np.nan_to_num(received, posinf=1e9, neginf=-1e9), expected) for received, expected in pairs]
    arrays = []
    for received, expected in pairs:
        array = expect_array(received, np.zeros(np.shape(expected)), what, rtol=0, atol=ANYTHING)
        if not np.isfinite(array).all():
            fail(f"{what} holds infinite or undefined numbers.")
        arrays.append(array)
    right, given = ({np.asarray(array, dtype=complex).tobytes() for array in some} for some in ([e for _, e in pairs], arrays))
    if len(right) > 1 and len(given) == 1:
        if undefined:
            fail(f"{what} holds nothing but NaN, for other numbers, too.")
        fail(f"{what} {SAME}", None, arrays[0])
    return arrays


def _as_array(received: Any, what: str, expected: np.ndarray) -> np.ndarray:
    wanted = f"an array of shape {expected.shape}" if expected.ndim else "a number"
    try:
        if not _numbers_only(received):
            raise ValueError
        array = np.asarray(received)
        if array.dtype.kind not in "biufc":
            raise ValueError
    except ValueError:
        raise of_another_type(what, received, wanted) from None
    return array


def _numbers_only(value: Any) -> bool:
    """Whether ``value`` is made of numbers; of one long text among many, numpy would keep room for the text with each number."""
    if isinstance(value, (list, tuple)):
        return all(map(_numbers_only, value))
    return isinstance(value, (int, float, complex, np.ndarray, np.generic))


def _where_different(array: np.ndarray, expected: np.ndarray, close: np.ndarray) -> str:
    wrong = int(close.size - close.sum())
    if np.isnan(array).any() and not np.isnan(expected).any():
        return f"{int(np.isnan(array).sum())} of {array.size} entries are NaN"
    at = largest(differences(array, expected, close))
    place = f"at index {at}: " if at else ""
    count = f"{wrong} of {close.size} differ; the largest difference is " if close.size > 1 else ""
    return f"{count}{place}expected {_entry(expected[at])}, received {_entry(array[at])}"


def _entry(value: np.generic) -> str:
    return str(value) if value.dtype.kind == "b" else f"{value:.6g}"


def _fail_with_mistake(
    message: str,
    value: Any,
    mistakes: Mapping[str, Any] | None,
    rtol: float,
    atol: float,
    expected: str,
    received: str,
    comparison: Comparison | None = None,
    kin: str = "",
) -> NoReturn:
    found = [text for text, wrong in (mistakes or {}).items() if _same(value, wrong, rtol, atol)]
    raise CheckFailed(message, expected, received, comparison, found, kin)


def possibly(mistakes: Sequence[str]) -> str:
    """A sentence on the mistakes that lead to what was received: of several, the first two as possibilities; empty for none."""
    return f"It may be: {mistakes[0]} Or: {mistakes[1]}" if len(mistakes) > 1 else "".join(mistakes)


def _mistakes(told: str | Sequence[str]) -> list[str]:
    """Sentences on mistakes, each once; those that come as one have " Or: " between them."""
    texts = [told] if isinstance(told, str) else told
    return list(dict.fromkeys(part.strip() for text in texts for part in text.split(" Or: ") if part.strip()))


def _same(value: Any, other: Any, rtol: float, atol: float) -> bool:
    try:
        value, other = np.asarray(value), np.asarray(other)
        if value.shape != other.shape:
            return False
        with np.errstate(all="ignore"):
            return bool(np.allclose(value, other, rtol=max(rtol, 1e-4), atol=max(atol, 1e-6), equal_nan=True))
    except (TypeError, ValueError, OverflowError):
        return False


def expect_number(
    received: Any,
    expected: float,
    what: str = "the answer",
    rtol: float = 1e-5,
    atol: float = 1e-8,
    mistakes: Mapping[str, float] | None = None,
    integer: bool = False,
) -> float:
    """Checks that ``received`` is the number ``expected``; 0-d arrays and numpy scalars pass, ``bool`` doesn't.

    Args: as in `expect_array`; with ``integer`` only whole-number types pass.

    Raises:
        CheckFailed: at the first stage that disagrees.
    """
    kind = "an integer" if integer else "a number"
    received = _item(received)
    if isinstance(received, bool) or not isinstance(received, (int, float)):
        raise of_another_type(what, received, kind)
    if integer and not isinstance(received, int):
        raise CheckFailed(f"{what} is the float {received:g}, but an integer was expected.", kind, show(received))
    if not (received == expected if integer else _close(received, expected, rtol, atol)):
        message = f"{what} is {_number(received)}, but {_number(expected)} was expected."
        _fail_with_mistake(message, received, mistakes, rtol, atol, _number(expected), _number(received))
    return received


def _item(value: Any) -> Any:
    """A numpy scalar or 0-d array as the Python number it holds."""
    return value.item() if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0) else value


def _close(received: float, expected: float, rtol: float, atol: float) -> bool:
    try:
        with np.errstate(all="ignore"):
            return bool(np.isclose(float(received), float(expected), rtol=rtol, atol=atol, equal_nan=True))
    except OverflowError:
        return False


def _number(value: float) -> str:
    if not isinstance(value, int):
        return f"{value:.8g}"
    return str(value) if value.bit_length() <= 128 else f"an integer of {len(str(abs(value)))} digits"


def expect_tuple(
    received: Any, expected: Sequence[int], what: str = "the answer", mistakes: Mapping[str, Sequence[int]] | None = None
) -> tuple[int, ...]:
    """Checks that ``received`` is the sequence of integers ``expected``; a list or 1-D integer array passes.

    Raises:
        CheckFailed: at the first stage that disagrees.
    """
    if isinstance(received, np.ndarray) and received.ndim == 1:
        received = received.tolist()
    wanted = f"a tuple of {len(expected)} integers"
    if not isinstance(received, (tuple, list)):
        raise of_another_type(what, received, wanted)
    items = [_item(item) for item in received]
    items = [int(item) if isinstance(item, float) and item.is_integer() else item for item in items]
    if any(isinstance(item, bool) or not isinstance(item, int) for item in items):
        raise CheckFailed(f"{what} holds something other than integers.", wanted, show(received), kin="no integers")
    if tuple(items) != tuple(expected):
        found = [text for text, wrong in (mistakes or {}).items() if tuple(items) == tuple(wrong)]
        message = f"{what} is {show(tuple(items))}, not what was expected."
        raise CheckFailed(message, str(tuple(expected)), show(tuple(items)), _items(expected, items), found)
    return tuple(items)


def _items(expected: Sequence[int], received: Sequence[int]) -> Comparison | None:
    if len(expected) != len(received) or not 1 < len(expected) <= IN_FULL:
        return None
    return compare_items([_number(item) for item in expected], [_number(item) for item in received])


def expect_words(
    received: Any, expected: str, what: str = "the answer", allowed: Sequence[str] = (), mistakes: Mapping[str, str] | None = None
) -> str:
    """Checks an answer in words, compared after strip and lower-case.

    Args:
        mistakes: for wrong words, in lower case, a sentence on what speaks against each.

    Raises:
        CheckFailed: ``received`` is no text, not one of ``allowed``, or the wrong one (which isn't revealed).
    """
    if not isinstance(received, str):
        raise CheckFailed(f"{what} is {describe(received)}, but a text was expected.", "a str", show(received), kin="no text")
    word = received.strip().lower()
    if allowed and word not in {option.strip().lower() for option in allowed}:
        raise CheckFailed(f"{what} is {show(received)}, which is none of the allowed answers.", ", ".join(allowed), word, kin="other words")
    if word != expected.strip().lower():
        raise CheckFailed(f"{what} is {show(received)}: not the right answer.", None, word, diagnosis=(mistakes or {}).get(word, ""))
    return word
