"""Kernels on the photograph are chosen, edited and read pixel by pixel."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

CONVNETS = "/book/convnets.html"


PIXELS = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)"
CROSS = "Cross on the pictures: arrow keys move it by one pixel, with Shift by ten"


def greys(card, place: str) -> list[int]:
    """The red values of a picture, which in a grey one are all there is."""
    return card.card.locator("figure", has_text=place).locator("canvas").evaluate(PIXELS)[::4]


def test_kernels_read_a_pixel_by_keyboard(card):
    kernels = card(CONVNETS, "kernels")
    kernels.heard("Pixel [46, 55]")
    kernels.heard("≈ 1.49.")
    kernels.tab_to(CROSS)
    kernels.press("ArrowDown", "ArrowLeft", "Shift+ArrowRight")
    kernels.heard("Pixel [47, 64]")
    assert kernels.state() == {"row": "47", "column": "64"}
    kernels.reopened().heard("Pixel [47, 64]")
    kernels.tab_to(CROSS)
    kernels.press(*["Shift+ArrowUp"] * 13)
    kernels.heard("Pixel [0, 64]")


def test_kernels_are_chosen_and_edited(card):
    kernels = card(CONVNETS, "kernels")
    kernels.tab_to("Kernel")
    kernels.press("Home")  # identity
    kernels.heard("·1 ≈")
    assert greys(kernels, "After") == greys(kernels, "Before")
    kernels.tab_to("Weights, row 1, column 1")
    kernels.press("ArrowDown", "ArrowRight", "0")
    assert kernels.card.get_by_role("combobox", name="Kernel", exact=True).input_value() == "own"
    assert set(greys(kernels, "After")) == {128}  # zero is in the middle
    assert kernels.state()["kernel"] == "0 0 0;0 0 0;0 0 0"


def test_kernels_that_add_up_to_one_show_brightness_others_signs(card):
    kernels = card(CONVNETS, "kernels")
    scale = kernels.card.locator(".scale")
    assert "≤ −0.95" in scale.inner_text()
    kernels.tab_to("Kernel")
    kernels.press("b")  # blur
    assert "≤ 0\n" in scale.inner_text()
    kernels.heard("25 products add up to")
    assert kernels.card.get_by_role("img", name="under the kernel blur: black is 0, white is 1").is_visible()
