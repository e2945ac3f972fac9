"""The way back through a convolution goes place by place; a channel is normalised in either mode."""

from __future__ import annotations

import pytest
from book_pages import page_with

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it


@pytest.fixture
def backwards(card):
    return card(page_with("deep_networks", ":name: back"), "back")


@pytest.fixture
def norm(card):
    return card(page_with("deep_networks", ":name: norm"), "norm")


def test_each_place_adds_its_share_to_both_gradients(backwards):
    backwards.heard("Place 1 of 9, gradient 1")
    assert backwards.numbers("Gradient of the input")[:2] == [["1", "2", "0", "0"], ["3", "4", "0", "0"]]
    assert backwards.numbers("Gradient of the kernel") == [["1", "2"], ["3", "1"]]  # what the kernel met there
    backwards.card.get_by_role("button", name="All").click()
    backwards.heard("So far the bias has 111.")
    assert backwards.numbers("Gradient of the input")[1] == ["3", "14", "20", "0"]  # 4 of the first place and 10 of the fifth


def test_inputs_that_no_window_reaches_get_nothing(backwards):
    backwards.write("Stride", "3")
    backwards.heard("Place 1 of 1")
    assert backwards.numbers("Gradient of the input") == [["1", "2", "0", "0"], ["3", "4", "0", "0"], ["0"] * 4, ["0"] * 4]


def test_in_training_the_batch_normalises_and_in_evaluation_what_was_seen_before(norm):
    assert norm.numbers("Normalised") == [["−1.342", "−0.447"], ["0.447", "1.342"]]
    norm.tab_to("Mode")
    norm.press("ArrowDown")
    norm.heard("each number for itself")
    assert norm.numbers("Normalised") == [["1", "3"], ["5", "7"]]  # mean 0 and variance 1, as they start


def test_a_single_number_is_told_to_be_its_own_mean(norm):
    norm.write("Batch: rows", "1")
    norm.write("Batch: columns", "1")
    norm.heard("A single value is its own mean")
    assert norm.numbers("Normalised") == [["0"]]
