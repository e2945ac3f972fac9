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
    rf"{_NAME}\(\) missing {_INT} required (?:positional|keyword-only) arguments?: (?:'{_NAME}'(?:,? and |, )?)+",
    rf"{_NAME}\(\) takes (?:from {_INT} to )?{_INT} positional arguments? but {_INT} (?:was|were) given",
    rf"{_NAME}\(\) takes no arguments",
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
    r"(?:(?:integer |float )?division (?:or modulo )?by zero|(?:integer|float) (?:modulo|division or modulo) by zero)",
    rf"(?:list|tuple|string) indices must be integers(?: or slices)?, not '?{_NAME}'?",
    r"slice indices must be integers or None or have an __index__ method",
    r"only integers, slices \(`:`\), ellipsis \(`\.\.\.`\), numpy\.newaxis \(`None`\) and integer or boolean arrays are valid indices",
    r"only (?:length-1|0-dimensional) arrays can be converted to Python scalars",
    rf"matmul: Input operand {_INT} has a mismatch in its core dimension {_INT}, with gufunc signature [(),?>nkm-]{{1,40}}"
    rf" \(size {_INT} is different from {_INT}\)",
    rf"all the input array dimensions except for the concatenation axis must match exactly, but along dimension {_INT},"
    rf" the array at index {_INT} has size {_INT} and the array at index {_INT} has size {_INT}",
    r"all input arrays must have the same shape",
    r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
    r"nobody can answer `(?:input|getpass)\(\)` while grading",
    r"maximum recursion depth exceeded(?: while calling a Python object| in comparison)?",
]
_PATTERN = re.compile("|".join(f"(?:{form})" for form in FORMS))
_QUOTED = re.compile(r"'([A-Za-z_][A-Za-z_0-9.]*)'|([A-Za-z_][A-Za-z_0-9.]*)\(\)|, not ([A-Za-z_][A-Za-z_0-9.]*)")
_KNOWN = set(dir(builtins)) | {"numpy.ndarray", "NoneType", "ndarray", "Tensor", "module", "function", "type", "method", "a"}


def shown_message(message: str, source: str) -> str:
    """The part of an exception's message that feedback may show: all of it or nothing.

    Args:
        message: what the student's process reported, at most 500 characters.
        source: all code of the student's notebook; names in the message must occur in it.
    """
    line = message.strip().split("\n")[0].strip()
    if len(line) > 250 or not _PATTERN.fullmatch(line):
        return ""
    words = set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", source))
    for quoted, called, kind in _QUOTED.findall(line):
        name = quoted or called or kind
        if name not in _KNOWN and not set(name.split(".")) <= words | _KNOWN:
            return ""
    return line
