"""Values that a student's function may return, made in the student's process from a plain description of them.

`make` takes tagged lists: ``["plain", value]``, ``["list", [descriptions]]``, ``["array", form, array]``,
``["tensor", form, array]``, ``["thing", name]`` and ``["hostile", base, member, behaviour, values]``.
"""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import enum
import fractions
import itertools
import math
import os
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

MARKER = "reduced-by-the-receiver"  # a file that exists once something pickled was rebuilt


def make(description: list) -> Any:
    """The described value."""
    return MAKERS[description[0]](*description[1:])


def nested(depth: int, kind: str, inside: list) -> Any:
    value = make(inside)
    for _ in range(depth):
        value = {"list": [value], "tuple": (value,), "dict": {"a": value}}[kind]
    return value


def cyclic(kind: str) -> Any:
    """A value that holds itself."""
    if kind == "list":
        value: Any = [1.0]
        value.append(value)
    elif kind == "dict":
        value = {}
        value["self"] = value
    elif kind == "object array":
        value = np.empty(2, object)
        value[:] = [value, 1.0]
    else:
        inner: list = []
        value = (inner, 2.0)
        inner.append(value)
    return value


ARRAYS: dict[str, Callable[[np.ndarray], Any]] = {
    "plain": lambda x: x,
    "list": lambda x: x.tolist(),
    "tuple": lambda x: tuple(x.tolist()),
    "list of arrays": list,
    "fortran": np.asfortranarray,
    "reversed": lambda x: x[::-1].copy()[::-1],
    "big endian": lambda x: x.astype(">f8"),
    "half": lambda x: x.astype(np.float16),
    "single": lambda x: x.astype(np.float32),
    "long double": lambda x: x.astype(np.longdouble),
    "read only": lambda x: np.broadcast_to(x, x.shape),
    "matrix": lambda x: x.view(type("Matrix", (np.ndarray,), {})),
    "masked": lambda x: np.ma.masked_array(x, x > math.inf),
    "objects": lambda x: x.astype(object),
    "records": lambda x: np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
    "texts": lambda x: x.astype(str),
    "times": lambda x: np.array(["2020-01-01", "NaT"], "M8[D]"),
    "ragged": lambda x: [x, x[:1]],
    "stretched": lambda x: np.broadcast_to(x[:1], (3, *x.shape)),
    "without entries": lambda x: x[:0],
    "many axes": lambda x: x.reshape((1,) * 28 + x.shape),
    "fours": lambda x: [np.zeros((4,) * 8, np.int8)],
    "pointer": lambda x: np.array([x], dtype=object)[0:1],
    "text among numbers": lambda x: ["x" * 2_000_000] + [1] * 4_000,
}
TENSORS: dict[str, Callable[[torch.Tensor], Any]] = {
    "plain": lambda x: x,
    "needs gradients": lambda x: x.clone().requires_grad_() * 1,
    "parameter": torch.nn.Parameter,
    "bfloat16": lambda x: x.bfloat16(),
    "half": lambda x: x.half(),
    "sparse": lambda x: x.to_sparse(),
    "conjugated": lambda x: torch.complex(x, torch.zeros_like(x)).conj().real,
    "transposed": lambda x: x.t().contiguous().t(),
    "list of tensors": list,
    "inference": lambda x: _in_inference(x),
    "complex": lambda x: torch.complex(x, x),
    "complex half": lambda x: torch.complex(x, x).to(torch.complex32),
    "quantised": lambda x: torch.quantize_per_tensor(x.float(), 0.25, 0, torch.qint8),
    "meta": lambda x: x.to("meta"),
    "float8": lambda x: x.to(torch.float8_e4m3fn),
    "nested": lambda x: torch.nested.as_nested_tensor([x, x[:1]]),
    "size": lambda x: x.shape,
    "dtype": lambda x: x.dtype,
}
EQUAL_ARRAYS = [*ARRAYS][: [*ARRAYS].index("objects") + 1]  # forms in which the right answer stays right
EQUAL_TENSORS = [*TENSORS][: [*TENSORS].index("inference") + 1]


def _in_inference(x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return x * 1


class Colour(enum.Enum):
    RED = "valid"


class Reduced:
    """Acts on whoever rebuilds it from a pickle."""

    def __reduce__(self) -> tuple:
        return os.mkdir, (MARKER,)


THINGS: dict[str, Callable[[], Any]] = {
    "generator": lambda: (number for number in itertools.count()),
    "map": lambda: map(str, [1]),
    "range": lambda: range(10**30),
    "decimal": lambda: decimal.Decimal("NaN"),
    "fraction": lambda: fractions.Fraction(1, 3),
    "time": lambda: datetime.datetime(2020, 1, 1),
    "numpy time": lambda: np.datetime64("NaT"),
    "record": lambda: np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")])[0],
    "masked": lambda: np.ma.masked,
    "memory": lambda: memoryview(b"\x80\x04"),
    "typed array": lambda: array.array("d", [1.0]),
    "deque": lambda: collections.deque([1, 2]),
    "counter": lambda: collections.Counter("abc"),
    "defaults": lambda: collections.defaultdict(list, a=[Reduced()]),
    "user list": lambda: collections.UserList([17, 23]),
    "enum": lambda: Colour.RED,
    "type": lambda: dict[str, int],
    "class": lambda: Reduced,
    "reduced": Reduced,
    "several reduced": lambda: [Reduced(), {"a": (Reduced(),)}],
    "function": lambda: make,
    "builtin": lambda: print,
    "module": lambda: sys,
    "frame": sys._getframe,
    "mapping": lambda: types.MappingProxyType({"a": 1}),
    "exception": lambda: ValueError("valid"),
    "not implemented": lambda: NotImplemented,
    "ellipsis": lambda: ...,
    "file": lambda: sys.__stderr__,
    "pickle": lambda: b"\x80\x04cos\nmkdir\n(X\x04\x00\x00\x00evilt\x52.",
    "pickle array": lambda: np.array([Reduced()], dtype=object),
    "net": lambda: torch.nn.Linear(2, 1),
    "random": lambda: np.random.default_rng(0),
    "unhashable keys": lambda: {frozenset({1}): 1, (1, frozenset()): 2},
    "odd keys": lambda: {None: 1, 1.5: 2, (1, (2,)): 3, b"\xff": 4, "\ud800": 5, math.nan: 6, True: 7, Ellipsis: 8},
    "set of odd things": lambda: {None, math.nan, (1, 2), "\ud800", b"", frozenset({1})},
    "widening": lambda: _widening(10),
    "huge integer": lambda: 10**5000,
    "long text": lambda: "\x00\ud800" * 100_000,
}


def _widening(depth: int) -> list:
    """Small here, twice as large with each level to whoever writes it out."""
    value: list = []
    for _ in range(depth):
        value = [value, value]
    return value


# ---- hostile objects

BASES: dict[str, type] = {
    kind.__name__: kind
    for kind in (object, list, tuple, dict, set, str, int, float, complex, bytes, Exception, np.ndarray, np.float64, torch.Tensor)
}
MEMBERS = """__len__ __eq__ __ne__ __bool__ __hash__ __repr__ __str__ __float__ __int__ __index__ __complex__ __bytes__ __iter__ __next__
__getitem__ __contains__ __array__ __array_ufunc__ __array_function__ __array_interface__ __array_finalize__ __torch_function__ __reduce__
__reduce_ex__ __getstate__ __class__ __getattribute__ __call__ __format__ __instancecheck__ __name__ __mro__ shape ndim dtype size layout
tolist tobytes astype detach cpu numpy resolve_conj items keys bit_length real imag""".split()
IN_METACLASS = ("__instancecheck__", "__name__", "__mro__", "__hash__", "__eq__")
RAISED = (ValueError, TypeError, NotImplementedError, KeyError, RecursionError, SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError)
RETURNED: dict[str, Callable[[Any], Any]] = {
    "itself": lambda this: this,
    "true": lambda this: True,
    "none": lambda this: None,
    "list type": lambda this: list,
    "number type": lambda this: float,
    "array type": lambda this: np.ndarray,
    "huge integer": lambda this: 10**5000,
    "negative": lambda this: -1,
    "text": lambda this: "\ud800" * 5000,
    "all equal": lambda this: np.ones((2, 2), bool),
    "endless": lambda this: itertools.repeat(0.0, 10**6),
    "shape": lambda this: (2, 2),
    "shown": lambda this: Reduced(),
}
BEHAVIOURS = [*(kind.__name__ for kind in RAISED), *RETURNED]


def hostile(base: str, member: str, behaviour: str, values: list) -> Any:
    """An instance of a class of its own that misbehaves when ``member`` is looked up or called."""
    act = _act(behaviour)
    made = property(act) if not member.startswith("__") or member in ("__class__", "__name__", "__mro__", "__array_interface__") else act
    meta = type("Meta", (type(BASES[base]),), {member: made}) if member in IN_METACLASS else type(BASES[base])
    try:
        kind = meta("Hostile", (BASES[base],), {} if member in IN_METACLASS else {member: made})
        return _instance(kind, BASES[base], values)
    except BaseException:  # such a class can't even be made
        return Reduced()


def _act(behaviour: str) -> Callable:
    raised = next((kind for kind in RAISED if kind.__name__ == behaviour), None)

    def act(this: Any = None, *args: Any, **kwargs: Any) -> Any:
        if raised is not None:
            raise raised("from within")
        return RETURNED[behaviour](this)

    return act


def _instance(kind: type, base: type, values: list) -> Any:
    if base is np.ndarray:
        return np.array(values, float).view(kind)
    if base is torch.Tensor:
        return torch.tensor(values).as_subclass(kind)
    if base in (list, tuple, set, Exception):
        return kind(values)
    if base is dict:
        return kind(dict.fromkeys(values, 1))
    if base is str:
        return kind("always")
    return kind() if base in (object, bytes) else kind(values[0])


MAKERS: dict[str, Callable[..., Any]] = {
    "plain": lambda value: value,
    "list": lambda parts: [make(part) for part in parts],
    "tuple": lambda parts: tuple(make(part) for part in parts),
    "dict": lambda parts: {number: make(part) for number, part in enumerate(parts)},
    "array": lambda form, values: ARRAYS[form](np.asarray(values)),
    "tensor": lambda form, values: TENSORS[form](torch.as_tensor(values)),
    "thing": lambda name: THINGS[name](),
    "nested": nested,
    "cyclic": cyclic,
    "hostile": hostile,
}
