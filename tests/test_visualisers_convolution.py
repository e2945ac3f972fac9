"""The visualisers of convolution, pooling, layers and receptive fields, on their pages, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

CONVNETS, FIELDS = "/book/convnets.html", "/book/receptive_fields.html"


class Card:
    """One visualiser on its page: found by its name, driven by keys, read as its reader reads it."""

    def __init__(self, tab: Any, name: str) -> None:
        self.tab, self.name = tab, name
        tab.set_default_timeout(10_000)
        self.card = tab.locator(f'[name="{name}"] .card')
        self.card.wait_for()

    def tab_to(self, label: str) -> None:
        """Press the Tab key from the Reset button until the element of that name has the focus."""
        self.card.get_by_role("button", name="Reset").focus()
        roles = ("button", "combobox", "textbox", "spinbutton", "checkbox", "application")
        wanted = self.card.locator("nothing")
        for role in roles:
            wanted = wanted.or_(self.card.get_by_role(role, name=label, exact=True))
        for _ in range(60):
            if wanted.evaluate("element => element.getRootNode().activeElement === element"):
                return
            self.tab.keyboard.press("Tab")
        raise AssertionError(f"the Tab key doesn't lead to {label!r}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)

    def write(self, label: str, value: str) -> None:
        """Go to a field and replace what it holds."""
        self.tab_to(label)
        self.press("Control+a")
        self.tab.keyboard.type(value)

    def heard(self, text: str) -> None:
        """The screen reader hears a sentence with this in it."""
        self.card.get_by_role("status").filter(has_text=text).wait_for(state="attached", timeout=5000)

    def state(self) -> dict[str, str]:
        """What the address says about this visualiser."""
        query = parse_qs(urlsplit(self.tab.url).query)
        return {key.removeprefix(f"{self.name}."): value for key, (value,) in query.items() if key.startswith(f"{self.name}.")}

    def problem(self) -> str:
        return self.card.locator("[role=alert]").text_content()

    def numbers(self, grid: str) -> list[list[str]]:
        """The cells of a grid that hold a number, row by row, without their notes."""
        rows = self.card.get_by_role("grid", name=grid, exact=True).get_by_role("row").all()
        return [[cell.inner_text() for cell in row.locator("td .number").all()] for row in rows]


@pytest.fixture
def card(tab: Any) -> Callable[..., Card]:
    """Opens a page with an address's query and finds a visualiser on it."""

    def find(page: str, name: str, query: str = "") -> Card:
        tab.goto(page + query)
        return Card(tab, name)

    return find


def reopened(shown: Card) -> Card:
    """The same page opened from its address."""
    shown.tab.goto(shown.tab.url)
    return Card(shown.tab, shown.name)


# Stepper


def test_stepper_goes_through_the_worked_example(card):
    stepper = card(CONVNETS, "stepper")
    stepper.heard("U[0, 0], place 1 of 4: 4·1 + 5·4 + 8·1 + 1·1 + 8·4 + 8·3 + 3·3 + 6·3 + 6·1 = 122.")
    stepper.tab_to("Next")
    stepper.press("Enter")
    stepper.heard("U[0, 1], place 2 of 4")
    assert stepper.numbers("Output") == [["122", "148"], ["", ""]]
    stepper.tab.keyboard.press("Enter")
    stepper.press("Enter")
    stepper.heard("= 134.")
    assert stepper.numbers("Output") == [["122", "148"], ["126", "134"]]
    assert stepper.state() == {"place": "3"}
    again = reopened(stepper)
    again.heard("U[1, 1], place 4 of 4")


def test_stepper_walks_the_output_by_arrow_keys_and_edits_numbers(card):
    stepper = card(CONVNETS, "stepper")
    stepper.tab_to("Kernel, row 1, column 1")
    stepper.press("ArrowDown", "ArrowRight", "9")
    stepper.heard("8·9")
    assert stepper.state()["kernel"] == "1 4 1;1 9 3;3 3 1"
    stepper.card.get_by_role("gridcell", selected=True).focus()
    stepper.press("ArrowDown")
    stepper.heard("U[1, 0], place 3 of 4")
    stepper.press("ArrowRight", "ArrowRight", "ArrowUp")
    stepper.heard("U[0, 1], place 2 of 4")


def test_stepper_turns_the_kernel_for_a_convolution(card):
    stepper = card(CONVNETS, "turned")
    stepper.heard("= 119.")
    stepper.tab_to("All")
    stepper.press("Enter")
    assert stepper.numbers("Output") == [["119", "148"], ["121", "143"]]
    assert stepper.numbers("Kernel as it slides") == [["1", "3", "3"], ["3", "4", "1"], ["1", "4", "1"]]
    stepper.tab_to("Turn the kernel (true convolution)")
    stepper.press("Space")
    assert stepper.numbers("Output") == [["122", "148"], ["126", "134"]]
    assert stepper.state() == {"flip": "no", "place": "3"}


def test_stepper_shows_the_six_by_six_picture_at_other_settings(card):
    stepper = card(CONVNETS, "places", "?places.place=99")
    stepper.heard("place 9 of 9")
    stepper.write("Stride", "1")
    stepper.write("Padding", "0")
    stepper.heard("place 16 of 16")
    expected = [["−0.2", "0", "0.2", "1.1"], ["−0.3", "0.1", "0.1", "1.2"], ["−0.2", "0.1", "0.1", "0.3"], ["−1.2", "0", "0.5", "1"]]
    assert stepper.numbers("Output") == expected
    stepper.write("Dilation", "2")
    stepper.heard("of 4:")
    stepper.write("Dilation", "3")
    assert stepper.problem() == "Rows: A window of 7 doesn't fit an input of 6 + 2·0 = 6."


def test_stepper_has_the_example_with_bias_in_both_sizes(card):
    stepper = card(CONVNETS, "example", "?example.place=8")
    stepper.heard("+ 0.05 (bias) = 1.15.")
    assert stepper.numbers("Output") == [["−0.35", "1.35", "0.75"], ["−0.55", "0.85", "0.05"], ["0.75", "0.05", "1.15"]]
    stepper.write("Padding", "1")
    stepper.tab_to("All")
    stepper.press("Enter")
    assert stepper.numbers("Output")[4] == ["0.85", "0.15", "−0.05", "−0.35", "0.65"]


def test_stepper_says_what_it_could_not_read_and_changes_sizes(card):
    stepper = card(CONVNETS, "stepper")
    stepper.tab_to("Input, row 1, column 1")
    stepper.tab.keyboard.type("x")
    assert stepper.problem().startswith("Entry: expected a number from -99 to 99, not “x”")
    stepper.press("Control+a")
    stepper.tab.keyboard.type("-1.5")
    stepper.heard("(−1.5)·1")
    stepper.write("Input: rows", "3")
    stepper.heard("of 2:")
    assert stepper.state()["input"] == "-1.5 5 8 7;1 8 8 8;3 6 6 4"


def test_stepper_plays_only_when_asked_and_pauses(card):
    stepper = card(CONVNETS, "stepper")
    stepper.tab_to("Play")
    stepper.press("Enter")
    assert stepper.card.get_by_role("button", name="Pause").is_visible()
    stepper.heard("place 2 of 4")
    stepper.press("Enter")
    assert stepper.card.get_by_role("button", name="Play").is_visible()


def test_stepper_offers_no_playing_to_those_who_asked_for_less_motion(tab):
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(CONVNETS)
    stepper = Card(tab, "stepper")
    assert stepper.card.get_by_role("button", name="Next").is_visible()
    assert stepper.card.get_by_role("button", name="Play").count() == 0


# Kernels on a photograph

PIXELS = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)"
CROSS = "Cross on the pictures: arrow keys move it by one pixel, with Shift by ten"


def greys(card: Card, place: str) -> list[int]:
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
    reopened(kernels).heard("Pixel [47, 64]")
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


# Layers


def test_layers_show_lenet_and_what_less_padding_changes(card):
    layers = card(CONVNETS, "layers")
    layers.heard("All together: 61,706 parameters")
    layers.tab_to("1  conv 6 5 p2")
    layers.press("ArrowDown", "ArrowDown")
    layers.heard("Layer 3 of 8, convolution: output 16 × 10 × 10, 2,416 parameters, 240,000 multiply–accumulates.")
    assert "16·(6·5·5 + 1)" in layers.card.inner_text()
    layers.press("Home")
    layers.write("Padding", "0")
    layers.heard("All together: 44,426 parameters")
    assert layers.state() == {"layers": "conv 6 5; max 2; conv 16 5; max 2; flatten; linear 120; linear 84; linear 10"}
    reopened(layers).heard("All together: 44,426 parameters")


def test_layers_name_the_one_that_does_not_fit(card):
    layers = card(CONVNETS, "fits")
    refused = "Layer 8 (fully connected) doesn't fit. {} numbers arrive, but it was built for 256."
    assert layers.problem() == refused.format(64)
    for side, fits in (("29", False), ("30", True), ("37", True), ("38", False)):
        layers.write("Height", side)
        layers.write("Width", side)
        assert (layers.problem() == "") == fits, side
    layers.write("Height", "28")
    layers.write("Width", "28")
    layers.write("Built for (0: any)", "64")
    layers.heard("All together: 32,906 parameters")


def test_layers_are_added_moved_replaced_and_removed(card):
    layers = card(CONVNETS, "sizes")
    layers.heard("output 96 × 55 × 55, 34,944 parameters")
    layers.tab_to("Add a layer below")
    layers.press("Enter")
    layers.tab_to("Kind")
    layers.press("m")  # max pooling
    layers.heard("Layer 2 of 2, max pooling: output 96 × 27 × 27")
    layers.tab_to("Move up")
    layers.press("Enter")
    assert layers.state()["layers"] == "max 2; conv 96 11 s4"
    layers.tab_to("Remove")
    layers.press("Enter")
    layers.heard("Layer 1 of 1, convolution")
    layers.write("Height", "224")
    layers.write("Width", "224")
    layers.heard("output 96 × 54 × 54")


def test_layers_offer_the_classics(card):
    layers = card(CONVNETS, "layers")
    counts = {"AlexNet (torchvision)": "61,100,840", "VGG-16": "138,357,544", "Lecture network": "783,114"}
    for name, count in counts.items():
        layers.tab_to("Network")
        layers.tab.keyboard.type(name)
        layers.heard(f"All together: {count} parameters")


# Pooling


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
    reopened(pooling).heard("/ 4 = 6.5.")


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


# Receptive fields


def test_fields_follow_a_unit_down_to_the_inputs(card):
    explorer = card(FIELDS, "fields")
    explorer.heard("Layer 2, unit 0 sees inputs 0 to 6: field 7, jump 2, centre 3.")
    explorer.tab_to("Layer 2, unit 0: inputs 0 to 6")
    explorer.press("ArrowRight")
    explorer.heard("Layer 2, unit 1 sees inputs 2 to 8")
    explorer.press("ArrowDown")
    explorer.heard("Layer 1, unit 2 sees inputs 4 to 8: field 5, jump 2, centre 6.")
    assert explorer.state() == {"level": "1", "unit": "2"}
    assert "r = 1 + 1·(5 − 1)·1 = 5" in explorer.card.inner_text()
    reopened(explorer).heard("Layer 1, unit 2")


def test_fields_change_with_the_layers(card):
    explorer = card(FIELDS, "fields")
    explorer.write("Layer 1: Stride", "1")
    explorer.heard("field 6, jump 1")
    explorer.tab_to("Add a layer on top")
    explorer.press("Enter")
    assert explorer.state()["layers"] == "5 1 0 1; 2 1 0 1; 3 1 0 1"
    explorer.write("Inputs", "3")
    assert explorer.problem() == "Layer 1: A window of 5 doesn't fit an input of 3 + 2·0 = 3."
    explorer.tab_to("Remove layer 1")
    explorer.press("Enter")
    assert explorer.problem().startswith("Layer 2: A window of 3 doesn't fit")


def test_fields_show_where_padding_puts_the_centres(card):
    explorer = card(FIELDS, "where")
    explorer.heard("unit 0 sees inputs −7 to 7: field 15, jump 8, centre 0. 7 of these places lie outside the input.")
    for layer in (1, 2, 3):
        explorer.write(f"Layer {layer}: Kernel", "4")
    explorer.heard("field 22, jump 8, centre 3.5.")


def test_fields_of_dilations_and_strides_are_alike(card):
    explorer = card(FIELDS, "ways")
    explorer.heard("field 15, jump 1")
    explorer.write("Layer 1: Dilation", "2")
    explorer.heard("field 17")
    for layer in (1, 2, 3):
        explorer.write(f"Layer {layer}: Dilation", "1")
    for layer in (1, 2):
        explorer.write(f"Layer {layer}: Stride", "2")
    explorer.heard("field 15, jump 4")


# All of them


@pytest.mark.parametrize(("page", "count"), [(CONVNETS, 10), (FIELDS, 3)])
def test_visualisers_fit_a_telephone_and_offer_large_targets(tab, page, count):
    tab.set_viewport_size({"width": 375, "height": 800})
    tab.goto(page)
    cards = tab.locator(".visual .card")
    cards.nth(count - 1).wait_for()
    assert cards.count() >= count
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    small = tab.evaluate(
        """[...document.querySelectorAll(".visual > *")].filter((e) => e.shadowRoot).flatMap((e) =>
             [...e.shadowRoot.querySelectorAll("button, select, input:not([type=checkbox]), td[tabindex], .unit[role]")]
               .map((t) => [e.getAttribute("name"), t.textContent || t.ariaLabel, t.getBoundingClientRect()])
               .filter(([, , box]) => box.width && Math.min(box.width, box.height) < 24).map(([name, text]) => [name, text]))"""
    )
    assert small == []
