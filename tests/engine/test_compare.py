"""Comparing answers with expected ones: each stage, what it says, and which mistakes it recognises."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checking.compare import (
    CheckFailed,
    describe,
    expect_answers,
    expect_array,
    expect_number,
    expect_tuple,
    expect_words,
    fail,
    filled,
    show,
)
from autograder.checking.student import Remote

REMOTE = Remote(None, ["ref", 0, "Flatterer", ["Flatterer", "object"]])
BOOKS = np.array([[1.0, 2.0], [3.0, 4.0]])


def failure(check: Any, *args: Any, **kwargs: Any) -> CheckFailed:
    """The failure that ``check`` ends with."""
    with pytest.raises(CheckFailed, match=r".") as caught:
        check(*args, **kwargs)
    return caught.value


# ---- answers that could be right


@pytest.mark.parametrize(("first", "second"), [([1, 2], [3, 4]), ([0.0, 0.0], [0.0, 1.0]), ([1, 2], np.array([1.0, 2.5]))])
def test_answers_that_differ_where_the_right_ones_do_could_be_right(first, second):
    arrays = expect_answers([(first, [5, 6]), (second, [7, 8])])
    assert [array.tolist() for array in arrays] == [list(first), list(second)]


def test_equal_answers_pass_where_the_right_ones_are_equal():
    assert len(expect_answers([([1, 2], [5, 6]), ([1, 2], [5.0, 6.0])])) == 2


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([0, 0], [0, 0], "f(x) is the same for other numbers, too: it doesn't depend on the numbers of this call."),
        ([0, 0], [0.0, 0.0], "f(x) is the same for other numbers, too: it doesn't depend on the numbers of this call."),
        (None, [1, 2], "f(x) is None (is a `return` missing?), but an array of shape (2,) was expected."),
        ([1, 2], [1, 2, 3], "f(x) has shape (3,), but shape (2,) was expected."),
        ([1, 2], [np.nan, 2], "f(x) has wrong values: 1 of 2 entries are NaN."),
        ([1, np.inf], [1, 2], "f(x) has wrong values: 1 of 2 differ; the largest difference is at index (1,): expected 0, received inf."),
    ],
)
def test_answers_that_nobody_computed_earn_no_property(first, second, message):
    assert failure(expect_answers, [(first, [5.0, 6.0]), (second, [7.0, 8.0])], "f(x)").message == message


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([np.nan, np.nan], [np.nan, np.nan], "f(x) holds nothing but NaN, for other numbers, too."),
        ([np.nan, 1.0], [np.nan, 1.0], "f(x) is the same for other numbers, too: it doesn't depend on the numbers of this call."),
        ([0.0, np.inf], [0.0, np.inf], "f(x) is the same for other numbers, too: it doesn't depend on the numbers of this call."),
    ],
)
def test_where_answers_may_be_undefined_those_that_are_nothing_else_are_told_as_that(first, second, message):
    pairs = [(np.array(first), [5.0, 6.0]), (np.array(second), [7.0, 8.0])]
    assert failure(expect_answers, pairs, "f(x)", finite=False).message == message
    assert len(expect_answers([*pairs, (np.array([np.inf, 2.0]), [9.0, 1.0])], finite=False)) == 3


# ---- arrays


@pytest.mark.parametrize(
    "received",
    [
        BOOKS,
        BOOKS.astype(np.float32),
        BOOKS.astype(int),
        BOOKS.astype(complex).real,
        BOOKS.tolist(),
        ((1, 2), (3, 4)),
        [BOOKS[0], (3, 4.0)],
    ],
)
def test_equal_arrays_of_any_type_pass(received):
    assert expect_array(received, BOOKS).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("received", [2.5, np.array(2.5), np.float32(2.5)])
def test_an_array_without_dimensions_is_a_number(received):
    assert expect_array(received, 2.5) == 2.5


def test_empty_arrays_pass_where_expected():
    assert expect_array(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0, 3)
    assert "shape (0, 3)" in failure(expect_array, np.zeros((3, 0)), np.zeros((0, 3))).message


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3)))
def test_every_array_equals_itself(array):
    expect_array(array.copy(), array)


@given(hnp.arrays(np.float64, (3, 2), elements=st.floats(-1e6, 1e6)), st.integers(0, 2), st.integers(0, 1), st.floats(1, 1e6))
def test_one_wrong_entry_is_found(array, row, column, off):
    wrong = array.copy()
    wrong[row, column] += off * (1 + abs(array[row, column]))
    assert f"at index ({row}, {column})" in failure(expect_array, wrong, array).message


@pytest.mark.parametrize(
    ("received", "kind"),
    [
        (None, r"None \(is a `return` missing\?\)"),
        ("12", "a str"),
        ({"a": 1}, "a dict"),
        ({1, 2}, "a set"),
        (REMOTE, "a Flatterer"),
        ([[1, 2], [3]], "a list of rows that differ in length"),
        (["1", "2"], "a list that holds texts"),
        ([[1, 2], [3, "4"]], "a list that holds texts"),
        (("1",), "a tuple that holds texts"),
        ([1, "2"], "a list that holds texts"),
        ([None, 1], "a list"),
        ([REMOTE, REMOTE], "a list"),
        (b"12", "a bytes"),
        (10**50, "an int"),
    ],
)
def test_what_is_no_array_is_refused_first(received, kind):
    with pytest.raises(CheckFailed, match=rf"^corr\(x\) is {kind}, but an array of shape \(2, 2\) was expected\.$"):
        expect_array(received, BOOKS, "corr(x)")


def test_a_long_text_among_numbers_takes_no_more_room_than_it_has():
    """As an array of texts of one length these would be 32 GB."""
    assert "is a list that holds texts, but" in failure(expect_array, ["x" * 2_000_000, *[1] * 4_000], BOOKS).message


def test_a_wrong_shape_is_told_before_wrong_values():
    error = failure(expect_array, np.full((2, 3), np.nan), BOOKS, "corr(x)")
    assert error.message == "corr(x) has shape (2, 3), but shape (2, 2) was expected."
    assert (error.expected, error.received) == ("shape (2, 2)", "shape (2, 3)")


def test_shapes_are_never_stretched_to_fit():
    for received in (np.ones((1, 2, 2)), np.ones((2, 1)), np.ones(4), np.ones(1), 1.0):
        assert "shape" in failure(expect_array, received, np.ones((2, 2))).message


def test_floats_are_refused_where_integers_are_asked():
    assert "dtype float64, but integers" in failure(expect_array, [1.0, 2.0], [1, 2], integer=True).message
    assert "dtype bool" in failure(expect_array, [True, False], [1, 0], integer=True).message
    assert expect_array(np.array([1, 2], np.uint8), [1, 2], integer=True).dtype == np.uint8


def test_complex_numbers_are_refused_where_real_ones_are_asked():
    assert "complex" in failure(expect_array, BOOKS + 0j, BOOKS).message
    expect_array(BOOKS + 1j, BOOKS + 1j)
    assert "expected 1+1j, received 1+2j" in failure(expect_array, np.array([1 + 2j]), np.array([1 + 1j])).message


def test_the_largest_difference_is_told_with_its_place():
    error = failure(expect_array, [[1, 2.5], [3, 7]], BOOKS, "corr(x)")
    expected = "corr(x) has wrong values: 2 of 4 differ; the largest difference is at index (1, 1): expected 4, received 7."
    assert error.message == expected
    assert error.expected == "[[1., 2.],\n [3., 4.]]" and error.received == "[[1. , 2.5],\n [3. , 7. ]]"


def test_a_wrong_single_value_is_told_plainly():
    assert failure(expect_array, 3, np.array(2.5), "loss").message == "loss has wrong values: expected 2.5, received 3."


def test_nan_is_told_as_nan():
    assert "1 of 4 entries are NaN" in failure(expect_array, [[1, 2], [3, np.nan]], BOOKS).message


def test_nan_where_nan_is_expected_passes():
    expect_array([np.nan, 1], [np.nan, 1])
    assert "expected nan" in failure(expect_array, [1.0, 1], [np.nan, 1]).message


def test_infinite_values_are_told():
    assert "received inf" in failure(expect_array, [1, np.inf], [1, 2]).message
    assert "received -1.79" in failure(expect_array, [-1.79e308, 0], [1.79e308, 0]).message
    assert "expected -inf" in failure(expect_array, [np.inf], [-np.inf]).message


def test_truth_values_are_compared_with_truth_values():
    expect_array([True, False], np.array([True, False]))
    assert "expected False, received True" in failure(expect_array, [True, True], np.array([True, False])).message
    assert "expected True, received 0.5" in failure(expect_array, [0.5], np.array([True])).message


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.float16, np.int64, np.uint64])
def test_small_types_dont_wrap_around(dtype):
    top = np.finfo(dtype).max if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    low = np.finfo(dtype).min if np.dtype(dtype).kind == "f" else np.iinfo(dtype).min
    assert "1 of 2 differ" in failure(expect_array, np.array([top, 1], dtype), np.array([low, 1], dtype)).message


def test_tolerances_are_those_of_isclose():
    expect_array([1 + 9e-6, 1e-9], [1.0, 0.0])
    failure(expect_array, [1 + 2e-5], [1.0])
    expect_array([1.04], [1.0], rtol=0, atol=0.05)


def test_a_known_mistake_of_values_is_named():
    mistakes = {"The kernel is flipped.": BOOKS[::-1, ::-1], "It is transposed.": BOOKS.T}
    message = failure(expect_array, BOOKS.T.tolist(), BOOKS, mistakes=mistakes).message
    assert message.endswith(" It is transposed.") and "flipped" not in message
    assert "flipped" not in failure(expect_array, BOOKS + 1, BOOKS, mistakes=mistakes).message


def test_a_known_mistake_of_shape_is_named():
    mistakes = {"No padding was added.": np.ones((1, 1))}
    assert failure(expect_array, [[1]], np.ones((3, 3)), mistakes=mistakes).message.endswith("No padding was added.")


def test_a_mistake_that_holds_nan_or_is_no_array_does_no_harm():
    mistakes = {"Divided by zero.": [np.nan, 1], "Nothing returned.": None, "Ragged.": "x", "Inf.": [np.inf, np.inf]}
    assert failure(expect_array, [np.nan, 1], [0, 1], mistakes=mistakes).message.endswith("Divided by zero.")
    assert failure(expect_array, [2, 1], [0, 1], mistakes=mistakes).message.endswith("received 2.")


def test_a_recognised_mistake_is_the_failures_diagnosis():
    caught = failure(expect_array, [[1]], np.ones((3, 3)), mistakes={"No padding was added.": [[1]]})
    assert caught.diagnosis == "No padding was added." and caught.message.endswith(f"was expected. {caught.diagnosis}")
    assert failure(expect_array, [[2]], np.ones((3, 3)), mistakes={"No padding was added.": np.ones(2)}).diagnosis == ""
    assert failure(expect_number, 2, 3, mistakes={"One too low.": 2}).diagnosis == "One too low."
    assert failure(expect_tuple, (1, 2), (2, 1), mistakes={"Swapped.": (1, 2)}).diagnosis == "Swapped."
    assert failure(fail, "No.", diagnosis="Swapped.").message == "No. Swapped."


@pytest.mark.parametrize(
    ("mistakes", "said"),
    [
        ([], ""),
        (["Swapped."], "Swapped."),
        (["Swapped.", "Swapped."], "Swapped."),
        (["Swapped.", "Flipped."], "It may be: Swapped. Or: Flipped."),
        (["Swapped. Or: Flipped."], "It may be: Swapped. Or: Flipped."),
        (["A. Or: B.", "C.", "D."], "It may be: A. Or: B."),
    ],
)
def test_of_several_mistakes_two_are_told_as_possibilities(mistakes, said):
    results = dict.fromkeys(mistakes, 2)
    assert failure(expect_number, 2, 3, mistakes=results).message == f"the answer is 2, but 3 was expected. {said}".strip()


def test_a_long_message_leaves_its_diagnosis_whole():
    caught = failure(fail, "x" * 5000, diagnosis="Swapped.")
    assert caught.message.endswith("x… Swapped.") and len(caught.message) <= 2001


# ---- numbers


@pytest.mark.parametrize("received", [2, 2.0, np.array(2), np.array(2.0, np.float32)])
def test_equal_numbers_of_any_type_pass(received):
    assert expect_number(received, 2) == 2


@pytest.mark.parametrize(
    ("received", "kind"),
    [(True, "a bool"), (np.array(True), "a bool"), ("2", "a str"), (None, "None"), ([2], "a list"), (2 + 0j, "a complex"),
     (np.array([2]), r"an array of shape \(1,\)"), (REMOTE, "a Flatterer"), (np.array(2j), "a complex")],
)  # fmt: skip
def test_what_is_no_number_is_refused_first(received, kind):
    with pytest.raises(CheckFailed, match=f"^size is {kind}.*, but a number was expected"):
        expect_number(received, 2, "size")


def test_a_wrong_number_is_told_against_the_expected_one():
    error = failure(expect_number, 7, 5, "size", mistakes={"The padding counts on both sides.": 7})
    assert error.message == "size is 7, but 5 was expected. The padding counts on both sides."
    assert (error.expected, error.received) == ("5", "7")


def test_an_integer_is_told_to_be_one():
    assert expect_number(5, 5, integer=True) == 5
    assert "is the float 5, but an integer" in failure(expect_number, 5.0, 5, integer=True).message
    assert "is the float nan" in failure(expect_number, float("nan"), 5, integer=True).message
    failure(expect_number, 10**9 + 1, 10**9, integer=True)


@pytest.mark.parametrize("received", [float("nan"), float("inf"), -float("inf"), 1e308, 10**30, 10**400, -(10**1000)])
def test_monstrous_numbers_are_only_wrong(received):
    for integer in (True, False):
        error = failure(expect_number, received, 2, "size", integer=integer and isinstance(received, int))
        assert len(error.message) < 400


def test_nan_equals_an_expected_nan():
    expect_number(float("nan"), float("nan"))


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_pass_exactly_where_isclose_says_so(received, expected):
    with np.errstate(all="ignore"):
        close = bool(np.isclose(received, expected, rtol=1e-5, atol=1e-8))
    if close:
        expect_number(received, expected)
    else:
        failure(expect_number, received, expected)


# ---- tuples


@pytest.mark.parametrize("received", [(2, 3), [2, 3], np.array([2, 3]), (2.0, 3.0), (np.array(2), 3)])
def test_equal_sequences_of_integers_pass(received):
    assert expect_tuple(received, (2, 3)) == (2, 3)


@pytest.mark.parametrize("received", [None, 2, "23", {2, 3}, np.ones((2, 2), int), REMOTE])
def test_what_is_no_sequence_is_refused_first(received):
    with pytest.raises(CheckFailed, match="shape is .*, but a tuple of 2 integers was expected"):
        expect_tuple(received, (2, 3), "shape")


@pytest.mark.parametrize(
    "received", [(2, "3"), (2, 2.5), (2, None), (True, 3), (2, [3]), (2, float("nan")), (2, float("inf")), (2, REMOTE)]
)
def test_a_sequence_of_other_things_is_refused(received):
    assert "other than integers" in failure(expect_tuple, received, (2, 3)).message


def test_a_wrong_tuple_shows_both_and_names_the_mistake():
    error = failure(expect_tuple, (3, 2), (2, 3), "shape", mistakes={"Rows come first.": (3, 2)})
    assert error.message == "shape is (3, 2), not what was expected. Rows come first."
    assert (error.expected, error.received) == ("(2, 3)", "(3, 2)")
    failure(expect_tuple, (2, 3, 1), (2, 3))
    failure(expect_tuple, (), (2, 3))


# ---- words


def test_words_are_compared_without_case_and_margins():
    assert expect_words("  Same \n", "same") == "same"


@pytest.mark.parametrize("received", [None, 1, ["same"], b"same", REMOTE, np.array([1])])
def test_what_is_no_text_is_refused(received):
    assert "a text was expected" in failure(expect_words, received, "same").message


def test_an_answer_outside_the_choice_is_told_the_choice():
    error = failure(expect_words, "maybe", "valid", "mode", allowed=("valid", "same"))
    assert "none of the allowed" in error.message and error.expected == "valid, same"


def test_a_wrong_word_is_told_what_speaks_against_it():
    mistakes = {"same": "It has fewer rows."}
    assert failure(expect_words, " Same ", "valid", "mode", mistakes=mistakes).diagnosis == "It has fewer rows."
    assert failure(expect_words, "full", "valid", "mode", mistakes=mistakes).diagnosis == ""


def test_a_wrong_word_doesnt_reveal_the_right_one():
    error = failure(expect_words, "same", "valid", allowed=("valid", "same"))
    assert "valid" not in error.message and error.expected is None


# ---- what is shown


def test_large_values_are_shown_short():
    big = np.arange(10.0**6).reshape(1000, 1000)
    for value in (big, "x" * 10**6, [0] * 10**6, big.reshape((10,) * 6), {"a": "b" * 10**5}):
        assert len(show(value)) < 3000
    assert "..." in show(big) and "..." in show("x" * 10**6)


def test_arrays_of_many_dimensions_are_shown_short_and_at_once():
    """Four entries an axis are never left out by numpy itself: 4**12 numbers would be written."""
    started = time.process_time()
    for shape in ((4,) * 12, (2,) * 24, (1,) * 32):
        array = np.zeros(shape, np.int8)
        assert len(show(array)) < 3000 and len(show([array, {"a": array}])) <= 300
        for check in (expect_number, expect_tuple, expect_words):
            assert len(failure(check, array, "same" if check is expect_words else (2, 3)).received) < 3000
    assert time.process_time() - started < 5


def test_no_part_of_a_failure_is_endless():
    long = "x" * 10**6
    for error in (
        failure(expect_words, long, "same"),
        failure(expect_words, long, "same", allowed=("same",)),
        failure(expect_tuple, list(range(10**5)), (2, 3)),
        failure(expect_tuple, (10**1000, 1), (2, 3)),
        failure(fail, long, long, long),
    ):
        assert all(len(part or "") < 10_000 for part in (error.message, error.expected, error.received))


@pytest.mark.parametrize("value", [0, False, "", []])
def test_an_answer_is_filled_in_whatever_it_is(value):
    assert filled(value, "q1") is value


def test_an_empty_answer_is_named():
    assert failure(filled, None, "q1").message == "`q1` is still None: its cell was not filled in, or stopped before the last line."


def test_what_is_shown_of_a_text_can_be_written_and_moves_nothing():
    error = failure(expect_words, "sa\ud800me\x1b[2K\u202e", "same", allowed=("same", "full"))
    assert error.received == "sa\ufffdme\ufffd[2k\ufffd" and error.message.isprintable()
    assert failure(fail, "two\nlines", "1\n2").expected == "1\n2"


def test_fail_shows_values_and_leaves_texts_alone():
    error = failure(fail, "Not that.", np.array([1.0, 2.0]), "seven")
    assert (error.message, error.expected, error.received) == ("Not that.", "[1., 2.]", "seven")
    assert failure(fail, "Not that.").expected is None


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "None (is a `return` missing?)"), (3, "an int"), (2.5, "a float"), ({}, "a dict"), (REMOTE, "a Flatterer"),
     (np.zeros((2, 3), np.float32), "an array of shape (2, 3) and dtype float32")],
)  # fmt: skip
def test_values_are_described_in_words(value, words):
    assert describe(value) == words


def test_an_object_that_agrees_with_everything_is_refused():
    """What stays in the student's process can't be compared at all, whatever it claims of itself."""
    for attempt in (
        lambda: REMOTE == 1,
        lambda: 1 == REMOTE,
        lambda: bool(REMOTE),
        lambda: float(REMOTE),
        lambda: list(REMOTE),
        lambda: len(REMOTE),
    ):
        with pytest.raises(CheckFailed, match="can't be compared"):
            attempt()
