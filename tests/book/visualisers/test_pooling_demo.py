"""The pooling demo shows who wins and what a shift changes."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

CONVNETS = "/book/convnets.html"


def test_pooling_shows_who_wins(card):
    pooling = card(CONVNETS, "pool")
    pooling.heard("Window 1 of 4: the largest of 1, 3, 4, 2 is 4.")
    pooling.card.get_by_role("gridcell", selected=True).focus()
    pooling.press("ArrowRight", "ArrowDown")
    pooling.heard("Window 4 of 4: the largest of 5, 6, 7, 8 is 8.")
    assert pooling.numbers("Output") == [["4", "2"], ["1", "8"]]
    assert pooling.state() == {"place": "3"}
    pooling.tab_to("Keeps")
    pooling.press("ArrowDown")
    pooling.heard("Window 4 of 4: (5 + 6 + 7 + 8) / 4 = 6.5.")
    pooling.reopened().heard("/ 4 = 6.5.")


def test_pooling_lets_one_number_win_four_overlapping_windows(card):
    pooling = card(CONVNETS, "pool")
    pooling.write("Stride", "1")
    pooling.tab_to("Input, row 1, column 1")
    pooling.press("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "9")
    assert pooling.numbers("Output") == [["4", "3", "2"], ["4", "9", "9"], ["1", "9", "9"]]


def test_pooling_notices_some_shifts_and_others_not(card):
    shift = card(CONVNETS, "shift")
    shift.heard("22 of 36 inputs changed, 0 of 9 outputs.")
    shift.tab_to("Move the input")
    shift.press("ArrowDown")  # to the left
    shift.heard("22 of 36 inputs changed, 9 of 9 outputs.")
    shift.press("ArrowUp")
    shift.tab_to("Keeps")
    shift.press("ArrowDown")
    shift.heard("22 of 36 inputs changed, 7 of 9 outputs.")


def test_pooling_refuses_what_pytorch_refuses(card):
    pooling = card(CONVNETS, "pool")
    pooling.write("Padding", "2")
    assert pooling.problem() == "Padding: expected at most half of the window, ⌊2/2⌋ = 1, not 2."
    pooling.write("Padding", "1")
    assert pooling.numbers("Output") == [["1", "3", "2"], ["4", "5", "6"], ["1", "7", "8"]]
