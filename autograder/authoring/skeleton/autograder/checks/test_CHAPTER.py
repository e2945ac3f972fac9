"""Hidden checks of the assignment `CHAPTER`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
"""

import numpy as np
import pytest

from autograder.compare import ANYTHING, expect_array
from autograder.reference import CHAPTER as reference


def values(rng, n):
    """n numbers of which no two neighbours are equal: every mistake shows."""
    return rng.permutation(n) + rng.integers(1, 9) / 4


class TestMovingAverage:
    @pytest.mark.points(2)
    def test_means(self, student, rng):
        """Means of neighbouring values

        Try it on paper: the first mean covers x[0] to x[size - 1].
        """
        x = values(rng, 12)
        mistakes = {
            "These are sums: divide by the size.": 4 * reference.moving_average(x, 4),
            "The window is one value too short.": reference.moving_average(x, 3)[:-1],
            "The last mean is missing.": reference.moving_average(x, 4)[:-1],
            "Zeros were added at the ends: only whole windows count.": np.convolve(x, np.ones(4) / 4, mode="same"),
        }
        expect_array(student.function("moving_average")(x, 4), reference.moving_average(x, 4), "moving_average(x, 4)", mistakes=mistakes)

    def test_window_of_one_and_of_all(self, student, rng):
        """Windows of one value and of all values"""
        average, x = student.function("moving_average"), values(rng, 7)
        expect_array(average(x, 1), x, "moving_average(x, 1)")
        expect_array(average(x, 7), [x.mean()], "moving_average(x, 7) of 7 values")

    def test_argument_stays(self, student, rng):
        """The argument stays as it is"""
        means = student.function("moving_average").must_not_change(values(rng, 9), 2)
        expect_array(means, np.zeros(8), "moving_average(x, 2) of 9 values", atol=ANYTHING)  # whichever: another check compares them

    def test_no_window_fits(self, student, rng):
        """ValueError where no window fits

        Compare `size` with 1 and with the number of values, and look at `x.ndim`, before you compute.
        """
        average = student.function("moving_average")
        average.must_raise(ValueError, values(rng, 5), 6, when="the window is larger than the array")
        average.must_raise(ValueError, values(rng, 5), 0, when="the window has no value")
        average.must_raise(ValueError, np.ones((4, 4)), 2, when="x has two dimensions")
