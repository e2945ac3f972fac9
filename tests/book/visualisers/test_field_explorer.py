"""The field explorer follows a unit down to the inputs."""

from __future__ import annotations

import pytest
from book_pages import page_with

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it


def test_fields_follow_a_unit_down_to_the_inputs(card):
    explorer = card(page_with("receptive_fields", ":name: fields"), "fields")
    explorer.heard("Layer 2, unit 0 sees inputs 0 to 6: field 7, jump 2, centre 3.")
    explorer.tab_to("Layer 2, unit 0: inputs 0 to 6")
    explorer.press("ArrowRight")
    explorer.heard("Layer 2, unit 1 sees inputs 2 to 8")
    explorer.press("ArrowDown")
    explorer.heard("Layer 1, unit 2 sees inputs 4 to 8: field 5, jump 2, centre 6.")
    assert explorer.state() == {"level": "1", "unit": "2"}
    assert "r = 1 + 1·(5 − 1)·1 = 5" in explorer.card.inner_text()
    explorer.reopened().heard("Layer 1, unit 2")


def test_fields_change_with_the_layers(card):
    explorer = card(page_with("receptive_fields", ":name: fields"), "fields")
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
    explorer = card(page_with("receptive_fields", ":name: where"), "where")
    explorer.heard("unit 0 sees inputs −7 to 7: field 15, jump 8, centre 0. 7 of these places lie outside the input.")
    for layer in (1, 2, 3):
        explorer.write(f"Layer {layer}: Kernel", "4")
    explorer.heard("field 22, jump 8, centre 3.5.")


def test_fields_of_dilations_and_strides_are_alike(card):
    explorer = card(page_with("receptive_fields", ":name: ways"), "ways")
    explorer.heard("field 15, jump 1")
    explorer.write("Layer 1: Dilation", "2")
    explorer.heard("field 17")
    for layer in (1, 2, 3):
        explorer.write(f"Layer {layer}: Dilation", "1")
    for layer in (1, 2):
        explorer.write(f"Layer {layer}: Stride", "2")
    explorer.heard("field 15, jump 4")
