"""What the checks of several assignments share: mistakes that explain all answers, and properties apart from values."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.judging import ANOTHER, KEPT, Answer, expect_all, expect_computed
from autograder.compare import CheckFailed

RIGHT = np.array([1.0, 2.0])


def told(call, *args, **kwargs) -> CheckFailed:
    with pytest.raises(CheckFailed) as failed:
        call(*args, **kwargs)
    return failed.value


def answers(*received, **mistakes) -> list[Answer]:
    return [Answer(one, RIGHT * number, "f(x)", lambda: mistakes) for number, one in enumerate(received, 1)]


def test_a_call_that_gives_another_result_the_second_time_is_told_as_that():
    made = answers(RIGHT, [7.0, 8.0])
    assert told(expect_all, made, again=lambda: [5.0, 6.0]).diagnosis == ANOTHER
    assert told(expect_all, made, again=lambda: RIGHT).diagnosis == ""
    assert told(expect_all, made).diagnosis == ""


def test_no_call_is_made_again_where_answers_are_right_or_a_mistake_explains_them():
    def never():
        raise AssertionError("asked again")

    assert len(expect_all(answers(RIGHT, 2 * RIGHT), again=never)) == 2
    assert told(expect_all, answers([3.0, 3.0], **{"All are 3.": [3.0, 3.0]}), again=never).diagnosis == "All are 3."


def test_the_answer_to_an_earlier_call_is_told_as_that():
    assert told(expect_all, answers(RIGHT, RIGHT), again=lambda: RIGHT).diagnosis == KEPT


@pytest.mark.parametrize(
    ("received", "message"),
    [
        ([[1, 2], [1, 2]], "f(x) is the same for other numbers, too: it doesn't depend on the numbers of this call."),
        ([np.zeros((0, 3)), np.zeros((0, 3))], "f(x) is empty: it has shape (0, 3)."),
        ([[1, 2], None], "f(x) is None (is a `return` missing?), but a number or an array of numbers was expected."),
    ],
)
def test_answers_that_earn_no_property_are_told_by_what_was_seen_of_them(received, message):
    assert told(expect_computed, received, "f(x)").message == message


def test_answers_of_different_shapes_or_a_single_one_depend_on_what_they_may():
    assert len(expect_computed([np.zeros((0, 3)), np.zeros((1, 3))], "f(x)")) == 2
    assert len(expect_computed([[0, 0]], "f(x)")) == 1
