"""The calculator follows a stack of layers, and says which one doesn't fit."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

CONVNETS = "/book/convnets.html"


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
    layers.reopened().heard("All together: 44,426 parameters")


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
