"""Which of a student's exception messages may be shown.

An exception raised while a hidden check runs can carry the hidden input in its message. So only messages of well
known forms pass, with small integers, shapes and names that the student's own code contains; of any other exception
the student learns the type and the line.
"""

from __future__ import annotations

import builtins
import re

_INT = r"-?\d{1,4}"
_SHAPE = rf"[(\[](?:{_INT}(?:, ?|(?=[)\]])))*,?[)\]]"
_NAME = r"(?:[A-Za-z_][A-Za-z_0-9.]{0,60})"

FORMS = [
    rf"name '{_NAME}' is not defined",
    rf"cannot access local variable '{_NAME}' where it is not associated with a value",
    rf"'{_NAME}' object (?:is not (?:callable|subscriptable|iterable)|has no attribute '{_NAME}')",
    rf"module '{_NAME}' has no attribute '{_NAME}'",
    rf"No module named '{_NAME}'",
    rf"{_NAME}\(\) (?:missing|takes) [A-Za-z0-9 ]{{1,60}}(?:: (?:'{_NAME}'(?:,? and |, )?)+| but {_INT} (?:was|were) given)",
    rf"{_NAME}\(\) got an unexpected keyword argument '{_NAME}'",
    rf"unsupported operand type\(s\) for [-+*/@%&|^=<>]{{1,3}}: '{_NAME}' and '{_NAME}'",
    rf"operands could not be broadcast together with(?: remapped)? shapes? (?:{_SHAPE} ?)+",
    rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
    rf"shapes {_SHAPE} and {_SHAPE} not aligned: {_INT} \(dim {_INT}\) != {_INT} \(dim {_INT}\)",
    rf"index {_INT} is out of bounds for axis {_INT} with size {_INT}",
    r"(?:list|tuple|string) index out of range",
    rf"too many indices for array: array is {_INT}-dimensional, but {_INT} were indexed",
    rf"cannot reshape array of size \d{{1,7}} into shape {_SHAPE}",
    rf"not enough values to unpack \(expected {_INT}, got {_INT}\)",
    rf"too many values to unpack \(expected {_INT}(?:, got {_INT})?\)",
    r"mat1 and mat2 shapes cannot be multiplied \(\d{1,7}x\d{1,7} and \d{1,7}x\d{1,7}\)",
    r"division by zero",
    r"(?:slice indices|.?list indices|array indices) must be integers.{0,60}",
    r"only (?:integers|length-1 arrays|0-dimensional arrays).{0,90}",
    r"maximum recursion depth exceeded.{0,40}",
]
_PATTERN = re.compile("|".join(f"(?:{form})" for form in FORMS))
_QUOTED = re.compile(r"'([A-Za-z_][A-Za-z_0-9.]*)'|([A-Za-z_][A-Za-z_0-9.]*)\(\)")
_KNOWN = set(dir(builtins)) | {"numpy.ndarray", "NoneType", "ndarray", "Tensor", "module", "function", "type", "method"}


def shown_message(message: str, source: str) -> str:
    """The part of an exception's message that feedback may show: all of it or nothing.

    Args:
        message: what the student's process reported, at most 500 characters.
        source: all code of the student's notebook; names in the message must occur in it.
    """
    line = message.strip().split("\n")[0]
    if len(line) > 200 or not _PATTERN.fullmatch(line):
        return ""
    words = set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", source))
    for quoted, called in _QUOTED.findall(line):
        name = quoted or called
        if name not in _KNOWN and not set(name.split(".")) <= words | _KNOWN:
            return ""
    return line
