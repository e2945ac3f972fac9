"""Pictures of arrays: valid, small, true to the entries, and told in words."""

from __future__ import annotations

import base64
import io
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from autograder.checking.pictures import UNDEFINED, Picture, pictures_of
from autograder.checking.shown import compare, differences


def pictures(received: np.ndarray, expected: np.ndarray) -> list[Picture]:
    with np.errstate(all="ignore"):
        close = np.isclose(received, expected, equal_nan=True)
    return compare(expected, received, close)["pictures"]


def pixels(picture: Picture) -> np.ndarray:
    """(H, W, 3), read by a library that isn't ours."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture["png"], validate=True))).convert("RGB"))


RAMP = np.arange(14.0 * 16).reshape(14, 16)


def test_expected_received_and_difference_are_drawn_on_one_scale():
    wrong = RAMP.copy()
    wrong[3, 5] = 223
    expected, received, difference = pictures(wrong, RAMP)
    assert [picture["name"] for picture in (expected, received, difference)] == ["expected", "received", "difference"]
    assert pixels(expected).shape == (14 * 10, 16 * 10, 3)
    assert pixels(expected)[0, 0].tolist() == [0, 0, 0] and pixels(expected)[-1, -1].tolist() == [255, 255, 255]
    assert pixels(received)[3 * 10, 5 * 10].tolist() == [255, 255, 255]
    changed = (pixels(difference) < 255).any(axis=2)
    assert changed.sum() == 100 and changed[30:40, 50:60].all()


def test_the_smallest_difference_is_seen_beside_the_largest():
    wrong = RAMP.copy()
    wrong[0, 0] += 1000
    wrong[13, 15] += 0.1
    assert pixels(pictures(wrong, RAMP)[2])[-1, -1, 0] < 225


def test_undefined_and_infinite_entries_are_orange_and_told():
    wrong = RAMP.copy()
    wrong[0, 0], wrong[1, 1] = np.nan, np.inf
    _, received, difference = pictures(wrong, RAMP)
    for place in (0, 10):
        assert tuple(pixels(received)[place, place]) == UNDEFINED == tuple(pixels(difference)[place, place])
    assert received["says"].endswith("infinite or undefined ones orange")


def test_what_is_out_of_all_proportion_doesnt_drown_the_rest():
    wrong = RAMP.copy()
    wrong[0, 0] = 1e300
    expected, received, _ = pictures(wrong, RAMP)
    assert "from 0 (black) to 446 (white)" in expected["says"]
    assert len(np.unique(pixels(received)[:, :, 0])) > 10


def test_every_difference_is_seen_in_a_picture_of_a_large_array():
    expected = np.zeros((500, 300))
    wrong = expected.copy()
    wrong[333, 222] = 1
    difference = pixels(pictures(wrong, expected)[2])
    assert max(difference.shape) <= 160 and (difference < 255).any()


def test_small_and_stretched_arrays_and_complex_numbers_have_no_picture():
    for shape in ((5, 40), (6, 50), (40,)):
        assert pictures(np.ones(shape), np.zeros(shape)) == []
    assert pictures(np.full((12, 12), 1j), np.zeros((12, 12))) == []


def test_a_picture_of_a_slice_tells_which():
    wrong = np.zeros((3, 12, 12))
    wrong[1] = 1
    assert pictures(wrong, np.zeros((3, 12, 12)))[0]["name"] == "expected [1, :, :]"


@given(
    hnp.arrays(st.sampled_from([np.float64, np.float16, np.int64, np.uint8, np.bool_]), (12, 13)),
    hnp.arrays(st.sampled_from([np.float64, np.int8, np.bool_]), (12, 13)),
)
def test_any_numbers_can_be_drawn(expected, received):
    with np.errstate(all="ignore"):
        drawn = pictures_of(expected, received, differences(received, expected, np.isclose(received, expected, equal_nan=True)))
    for picture in drawn:
        assert pixels(picture).shape == (12 * 12, 13 * 12, 3)
        assert len(picture["says"]) < 200


@pytest.mark.parametrize("side", [28, 64, 1000])
def test_three_pictures_are_small_and_quick(side):
    rng = np.random.default_rng(0)
    expected, received = rng.normal(size=(2, side, side))
    started = time.process_time()
    drawn = pictures(received, expected)
    assert time.process_time() - started < 3
    assert sum(len(picture["png"]) for picture in drawn) < 20_000
