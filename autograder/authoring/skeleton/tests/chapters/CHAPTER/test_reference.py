"""The reference answers of `CHAPTER`: by hand, by properties, against scipy."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import CHAPTER as reference


def test_means_by_hand():
    assert reference.moving_average([1, 2, 6, 3], 3) == pytest.approx([(1 + 2 + 6) / 3, (2 + 6 + 3) / 3])


@given(st.integers(1, 20), st.floats(-9, 9))
def test_a_constant_stays_what_it_is(size, constant):
    assert reference.moving_average(np.full(20, constant), size) == pytest.approx(np.full(21 - size, constant))


@pytest.mark.parametrize("size", [1, 3, 9])
def test_means_are_those_of_scipy_where_whole_windows_fit(size):
    x = np.random.default_rng(0).normal(size=30)
    inside = scipy.ndimage.uniform_filter1d(x, size)[size // 2 : 30 - size // 2]
    assert reference.moving_average(x, size) == pytest.approx(inside)


@pytest.mark.parametrize(("x", "size"), [([1.0, 2.0], 3), ([1.0, 2.0], 0), (np.ones((3, 3)), 2)])
def test_where_no_window_fits_is_refused(x, size):
    with pytest.raises(ValueError, match="expected a 1-D array of at least size"):
        reference.moving_average(x, size)
