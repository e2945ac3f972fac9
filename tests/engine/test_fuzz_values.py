"""Values made at random that a student's function returns: each check passes on what is equal, or fails with a clear sentence.

The values are made in a student's process (`odd_values`), travel as in grading, and are compared as checks compare them.
``FUZZ_EXAMPLES=5000`` tries that many, other ones each time.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
import numpy as np
import odd_values
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from local_students import local_student

from autograder.checking.student import Remote, Student
from autograder.compare import CheckFailed, expect_array, expect_number, expect_tuple, expect_words
from autograder.feedback.cell_report import graded_outputs
from autograder.jobs.score import CellResult, CheckReport, JobResult
from autograder.judge.verdict import failure

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
fuzz = settings(
    max_examples=EXAMPLES, derandomize="FUZZ_EXAMPLES" not in os.environ, suppress_health_check=list(HealthCheck), print_blob=True
)

SECRET = np.array([[0.8371, -2.119], [3.075, 9.4213]])  # what no value below can foresee
EXPECTED: list[Callable[[Any], Any]] = [
    lambda value: expect_array(value, SECRET, "`give(…)`", mistakes={"That is the transposed.": SECRET.T}),
    lambda value: expect_array(value, SECRET.astype(int) + 40, "`give(…)`", integer=True),
    lambda value: expect_number(value, 0.61803, "`give(…)`", mistakes={"That is its square.": 0.38196}),
    lambda value: expect_number(value, 61803, "`give(…)`", integer=True),
    lambda value: expect_tuple(value, (17, 2351), "`give(…)`", mistakes={"These are exchanged.": (2351, 17)}),
    lambda value: expect_words(value, "same", "`give(…)`", allowed=("same", "full")),
    lambda value: expect_words(value, "same", "`give(…)`"),
]

FLOATS = st.floats() | st.sampled_from([0.0, -0.0, math.nan, math.inf, 5e-324, 1e308])
NUMBERS = st.booleans() | st.integers() | st.sampled_from([2**63, -(2**63), 2**64, 10**400]) | FLOATS | st.complex_numbers()
TEXTS = st.text(st.characters(), max_size=6) | st.sampled_from(["\ud800", "\0\x1b[2K", "a\nb", "\u202e", "x" * 10_000, "SAMEE"])
PLAIN = st.recursive(
    st.none() | NUMBERS | TEXTS | st.binary(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS | st.integers(), inner, max_size=3)
    ),
    max_leaves=12,
)
DTYPES = st.sampled_from("?bBhHiIlLefdFD").map(np.dtype)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
MATRIX = st.lists(st.integers(-8, 8), min_size=4, max_size=4).map(lambda entries: np.reshape(entries, (2, 2)) / 4)
HOSTILE = st.tuples(
    st.just("hostile"),
    st.sampled_from([*odd_values.BASES]),
    st.sampled_from(odd_values.MEMBERS),
    st.sampled_from(odd_values.BEHAVIOURS),
    st.just([17.5, 23.5]),
)
LEAVES = st.one_of(
    HOSTILE,
    st.tuples(st.just("thing"), st.sampled_from([*odd_values.THINGS])),
    st.tuples(st.just("array"), st.sampled_from([*odd_values.ARRAYS]), MATRIX),
    st.tuples(st.just("tensor"), st.sampled_from([*odd_values.TENSORS]), MATRIX),
    st.tuples(st.just("cyclic"), st.sampled_from(["list", "dict", "tuple", "object array"])),
    st.tuples(st.just("plain"), PLAIN),
)
ODD = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(st.sampled_from(["list", "tuple", "dict"]), st.lists(inner, max_size=3))
        | st.tuples(st.just("nested"), st.sampled_from([1, 5, 50, 500]), st.sampled_from(["list", "tuple", "dict"]), inner)
    ),
    max_leaves=3,
)


class Process:
    """A student's process whose function ``give`` makes the described value; a new one when it is lost."""

    def __init__(self) -> None:
        self.students: list[Student] = []

    def student(self) -> Student:
        if not self.students or not self.students[-1].alive:
            self.students.append(local_student({"give": odd_values.make}, "def give(description): ..."))
        self.students[-1].deadline = time.monotonic() + 10
        return self.students[-1]

    def close(self) -> None:
        for student in self.students:
            student.channel.close()
            os.kill(student.pid, signal.SIGKILL)
            os.waitpid(student.pid, 0)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The process, in a folder of its own; nothing that comes from it may be unpickled here."""

    def unpickled(*_: Any, **__: Any) -> None:
        raise RuntimeError("something was unpickled")

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("values"))
        process = Process()
        for module, name in ((pickle, "loads"), (pickle, "load"), (pickle, "Unpickler"), (np, "load"), (torch, "load")):
            patch.setattr(module, name, unpickled)
        yield process
        process.close()


def failed(attempt: Callable[[], Any]) -> CheckFailed | None:
    """How a check fails that does this, None if it goes on; any other exception would be the check's own."""
    try:
        attempt()
    except CheckFailed as error:
        return error
    return None


def assert_clear(error: CheckFailed | None) -> None:
    """It failed, with a sentence that can be read, and a report that can be kept, written and shown."""
    assert error is not None, "passed"
    assert error.message.strip() and len(error.message) <= 2000 and error.message.isprintable(), ascii(error.message)
    assert all(len(part or "") <= 6000 for part in (error.expected, error.received))
    report = CheckReport("Gives", False, **failure(error, "test_gives", drawn=True))
    assert not report.broken
    kept = JobResult.from_message(json.loads(json.dumps(JobResult({0: CellResult(reports=[report])}).to_message()))).cells[0]
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output) for output in graded_outputs(kept, 3.0, "process")])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.validate(notebook)
    assert len(nbformat.writes(notebook).encode()) < 100_000


# ---- values that are never right

NAMED = [("thing", name) for name in odd_values.THINGS] + [("cyclic", kind) for kind in ("list", "dict", "tuple", "object array")]
NAMED += [("array", form, SECRET.round()) for form in odd_values.ARRAYS] + [("tensor", form, SECRET.round()) for form in odd_values.TENSORS]
NAMED += [("plain", text) for text in ("\ud800", "\0\x1b[2K", "two\nlines", "\u202e", "x" * 10**6)]


@pytest.mark.filterwarnings("ignore")  # some of torch's tensors are announced as new or as old
@pytest.mark.parametrize("description", NAMED, ids=lambda description: ascii("-".join(description[:2]))[1:-1][:40])
def test_no_value_of_another_kind_passes_any_check(process, description):
    odd_values.make(description)  # or it were the making that fails
    for expect in EXPECTED:
        assert_clear(failed(lambda expect=expect: expect(process.student().function("give")(description))))
    assert not os.path.exists(odd_values.MARKER)


@fuzz
@given(ODD, st.sampled_from(EXPECTED))
def test_no_odd_value_passes_and_each_is_told_in_a_clear_sentence(process, description, expect):
    assert_clear(failed(lambda: expect(process.student().function("give")(description))))
    assert not os.path.exists(odd_values.MARKER)


@fuzz
@given(ODD, st.sampled_from([ValueError, TypeError, NotImplementedError, Exception, BaseException]))
def test_a_value_that_cant_travel_is_no_exception_of_the_function(process, description, kind):
    """What `give` returns may raise whenever it is touched; `give` itself raises nothing."""
    assert_clear(failed(lambda: process.student().function("give").must_raise(kind, description)))


@fuzz
@given(ODD, st.sampled_from(["shape", "x", "__class__", "__len__", "weight"]))
def test_attributes_of_what_stays_there_are_plain_held_or_told(process, description, name):
    def ask() -> None:
        held = process.student().function("give").trial(description, keep=True).value
        assert isinstance(held, Remote)
        EXPECTED[0](held.attribute(name))

    assert_clear(failed(ask))


@fuzz
@given(ODD)
def test_whatever_a_process_held_before_the_next_check_gets_its_answer(process, description):
    failed(lambda: process.student().function("give")(description))
    assert process.student().function("give")(["plain", [1, 2.5]]) == [1, 2.5]


# ---- values that may be right


@fuzz
@given(MATRIX, st.data())
def test_a_right_answer_passes_in_every_honest_form_and_a_wrong_one_in_none(process, right, data):
    forms = [("array", form) for form in odd_values.EQUAL_ARRAYS] + [("tensor", form) for form in odd_values.EQUAL_TENSORS]
    kind, form = data.draw(st.sampled_from(forms))
    wrong = right.copy()
    wrong[data.draw(st.integers(0, 1)), data.draw(st.integers(0, 1))] += 0.25
    give = process.student().function("give")
    assert np.array_equal(expect_array(give([kind, form, right]), right, "`give(…)`"), right)
    assert_clear(failed(lambda: expect_array(give([kind, form, wrong]), right, "`give(…)`")))


def entries(value: Any) -> tuple[tuple[int, ...], list] | None:
    """Shape and numbers of a value, looked at one by one; None for what is no rectangle of numbers."""
    if isinstance(value, np.ndarray):
        return value.shape, value.ravel().tolist()
    if isinstance(value, (bool, int, float, complex)):
        return (), [value]
    if not isinstance(value, (list, tuple)):
        return None
    parts = [entries(part) for part in value]
    if any(part is None or part[0] != parts[0][0] for part in parts):
        return None
    return (len(parts), *(parts[0][0] if parts else ())), [number for part in parts for number in part[1]]


def close(one: Any, other: Any) -> bool:
    """Whether two numbers agree as closely as checks ask, twice what rounding may cost added."""
    if one != one or other != other:
        return one != one and other != other
    try:
        return one == other or abs(one - other) <= 1.01 * (1e-8 + 1e-5 * abs(other)) < math.inf
    except OverflowError:
        return False


@fuzz
@given(PLAIN | ARRAYS, PLAIN | ARRAYS, st.booleans())
def test_only_equal_values_pass_as_arrays(process, value, other, alike):
    """Against an oracle that looks at one number after the other."""
    wanted = entries(value if alike else other)
    if wanted is None or any(isinstance(number, int) and number.bit_length() > 63 for number in wanted[1]):
        return
    expected = np.array(wanted[1]).reshape(wanted[0])
    error = failed(lambda: expect_array(process.student().function("give")(["plain", value]), expected, "`give(…)`"))
    received = entries(value)
    if error is not None:
        assert_clear(error)
    else:
        assert received is not None and received[0] == expected.shape and all(map(close, received[1], wanted[1]))


@fuzz
@given(PLAIN | ARRAYS, st.one_of(st.integers(), FLOATS), st.booleans())
def test_only_equal_numbers_pass_as_numbers(process, value, other, integer):
    expected = int(other) if integer and math.isfinite(other) else other
    error = failed(lambda: expect_number(process.student().function("give")(["plain", value]), expected, "`give(…)`", integer=integer))
    if error is not None:
        assert_clear(error)
    else:
        shape, (number,) = entries(value)
        assert shape == () and close(number, expected) and (not integer or number == expected)


@fuzz
@given(
    TEXTS | PLAIN | st.lists(st.integers(0, 3) | st.sampled_from([2.0, True, "1"]), max_size=3),
    st.lists(st.integers(0, 3), max_size=3),
    TEXTS,
)
def test_only_equal_tuples_and_words_pass(process, value, sizes, word):
    give = process.student().function("give")
    error = failed(lambda: expect_tuple(give(["plain", value]), sizes, "`give(…)`"))
    assert error is None or not assert_clear(error)
    assert error is not None or [int(item) for item in value] == sizes
    error = failed(lambda: expect_words(give(["plain", value]), word, "`give(…)`"))
    assert error is None or not assert_clear(error)
    assert error is not None or value.strip().lower() == word.strip().lower()
