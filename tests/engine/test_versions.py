"""What is valid in another version of Python or NumPy only, and what is told of it."""

from __future__ import annotations

import sys
import time

import pytest

from autograder.checking.versions import hint, newer_syntax

OLDER = pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows it")


@OLDER
@pytest.mark.parametrize(
    "source",
    ['x = f"{d["a"]}"', "print(f\"{len(out)} layers, last {out[-1][\"r\"] if False else \"\"}\")", "type L = tuple[int, int]\n\ndef f(): pass", "type X[T] = list[T]",
     "def pairs[T](items: list[T]) -> list[T]:\n    return items", "class A[T: int, *Ts]:\n    pass", "async def f[**P](): pass", "x = f'{a!r:>{w['x']}}'", "x = f'{'\\n'.join(a)}'",
     'x = f"{a\n}"', '# it\'s\nx = f"{d["a"]:>10}"', '%%time\ntype X = int', '%matplotlib inline\n!pip list\nx = f"{f"{f"{1}"}"}"', "\"\"\"it's f\"{\"\"\"\ntype X = int"],
)  # fmt: skip
def test_what_python_3_12_brought_is_recognised(source):
    assert newer_syntax(source) == "3.12"
    assert hint("SyntaxError", "invalid syntax", source) == (
        f"This is valid from Python 3.12 on; it was graded with Python {sys.version_info[0]}.{sys.version_info[1]}."
    )


@OLDER
@pytest.mark.parametrize(
    ("source", "version"), [("class A[T = int]: pass", "3.13"), ("try:\n    pass\nexcept A, B:\n    pass", "3.14"), ('x = t"a{b}"', "3.14"), ('type X = int\ny = t"{x}"', "3.14")]
)  # fmt: skip
def test_what_came_later_is_recognised(source, version):
    assert newer_syntax(source) == version


@pytest.mark.parametrize(
    "source", ["x = 1", "x = f'{a b}'", "x = f\"{d[\"a\" \"b\"\"]}\"", "def f(:", 'print "x"', 'f"{x', "type[int]\nx = (", "type x", "def f[T(x): pass", "%time x = 1", "match x:\n    case 1: pass"]
)  # fmt: skip
def test_what_is_valid_here_or_nowhere_is_not(source):
    assert newer_syntax(source) is None
    assert hint("SyntaxError", "invalid syntax", source) == ""


@pytest.mark.parametrize(
    ("kind", "message", "said"),
    [("ImportError", "cannot import name 'batched' from 'itertools' (unknown location)", "`itertools.batched` exists from Python 3.12 on"),
     ("AttributeError", "module 'itertools' has no attribute 'batched'", "`itertools.batched` exists from Python 3.12 on"),
     ("ModuleNotFoundError", "No module named 'annotationlib'", "from Python 3.14 on"),
     ("AttributeError", "module 'numpy' has no attribute 'product'", "where `np.prod` does the same"),
     ("AttributeError", "module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias", "where `float` does the same"),
     ("AttributeError", "`np.Inf` was removed in the NumPy 2.0 release. Use `np.inf` instead.", "where `np.inf` does the same"),
     ("OSError", "'seaborn-whitegrid' is not a valid package style, path of style file", "called `seaborn-v0_8-whitegrid`")],
)  # fmt: skip
def test_names_of_other_versions_are_told_as_that(kind, message, said):
    assert said in hint(kind, message)


@pytest.mark.parametrize(
    ("kind", "message"), [("AttributeError", "module 'numpy' has no attribute 'prodd'"), ("ImportError", "cannot import name 'x' from 'itertools'"), ("ValueError", "module 'numpy' has no attribute 'product'"), ("OSError", "no such file")]
)  # fmt: skip
def test_nothing_is_said_of_other_errors(kind, message):
    assert hint(kind, message) == ""


def test_hostile_sources_take_no_time():
    started = time.process_time()
    for piece in ('f"{', '"', "f'", "{", "type a", "[", "def a[\n", 'f"{"', "!r", ":", "\\", "except A,\n", "f'''{", "a = !\n"):
        newer_syntax("f\"{'" + piece * (40_000 // len(piece)))
    assert time.process_time() - started < 5
