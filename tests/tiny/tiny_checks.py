"""Hidden checks of the tiny assignment."""

import numpy as np
import pytest

from autograder.compare import expect_array, expect_number


class TestArea:
    @pytest.mark.points(2)
    def test_any_size(self, student, rng):
        """Pictures of any size
        Multiply the two sides.
        """
        height, width = (int(n) for n in rng.integers(2, 50, 2))
        wrong = {"This is the sum of the sides.": height + width}
        expect_number(student.function("area")(height, width), height * width, f"area({height}, {width})", mistakes=wrong)

    def test_no_pixels(self, student):
        """A side of zero"""
        expect_number(student.function("area")(0, 5), 0, "area(0, 5)")

    def test_negative(self, student):
        """ValueError for a negative side"""
        student.function("area").must_raise(ValueError, -1, 5, when="a side is negative")


@pytest.mark.section("Kernels: a few weights that slide", chapter="convnets")
class TestSmooth:
    def test_values(self, student, rng):
        """Means of neighbours"""
        x = rng.integers(0, 9, 7) / 2
        expect_array(student.function("smooth")(x), (x[1:] + x[:-1]) / 2, "smooth(x)")

    def test_unchanged(self, student):
        """The argument stays as it is"""
        student.function("smooth").must_not_change(np.arange(4.0))

    @pytest.mark.time_limit(1)
    def test_long(self, student, rng):
        """Long arrays
        Let numpy do the counting.
        """
        x = rng.random(100_000)
        expect_array(student.function("smooth")(x), (x[1:] + x[:-1]) / 2, "smooth(x)")
