"""The convolution stepper goes through the chapter's worked examples."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

CONVNETS = "/book/convnets.html"


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
    again = stepper.reopened()
    again.heard("U[1, 1], place 4 of 4")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_copied_link_leads_to_the_very_place_with_its_settings(card, width):
    stepper = card(CONVNETS, "places")
    stepper.write("Stride", "1")
    stepper.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stepper.tab_to("Copy link")
    stepper.press("Enter")
    stepper.card.get_by_role("button", name="Copied").wait_for()
    link = stepper.tab.evaluate("navigator.clipboard.readText()")
    stepper.tab.set_viewport_size({"width": width, "height": 800})
    stepper.tab.goto("about:blank")
    stepper.tab.goto(link)
    stepper.card.wait_for()
    assert stepper.card.get_by_label("Stride", exact=True).input_value() == "1"
    stepper.tab.wait_for_function("document.querySelector('#places').getBoundingClientRect().top < 300")
    assert stepper.tab.evaluate("document.querySelector('#places').getBoundingClientRect().top") >= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_main_button_is_readable_under_the_pointer(card, theme):
    stepper = card(CONVNETS, "stepper")
    stepper.tab.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    button = stepper.card.get_by_role("button", name="Next")
    still = button.evaluate("element => getComputedStyle(element).backgroundColor")
    button.hover()
    assert button.evaluate("element => element.matches(':hover') && getComputedStyle(element).backgroundColor") == still


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


def test_stepper_offers_no_playing_to_those_who_asked_for_less_motion(tab, card):
    tab.emulate_media(reduced_motion="reduce")
    stepper = card(CONVNETS, "stepper")
    assert stepper.card.get_by_role("button", name="Next").is_visible()
    assert stepper.card.get_by_role("button", name="Play").count() == 0
