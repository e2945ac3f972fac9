"""Visualisers in a real browser: matrix and kernel, equivariance, unrolled RNN, optimizer race, softmax.

Each is worked by keyboard alone, read, and found again from its address.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from book_pages import page_with

# The first test that needs the book may have to build it.
pytestmark = pytest.mark.timeout(900)

CHAPTERS = {
    "weights": "parameter_efficiency",
    "equivariance": "parameter_efficiency",
    "unrolled": "rnn_design",
    "backwards": "rnn_design",
    "race": "optimizers",
    "softmax": "training_pipeline",
}


def show(tab: Any, name: str, **settings: object) -> Any:
    """Open the page of a visualiser, with settings in the address; return its element once it is drawn."""
    query = "&".join(f"{name}.{key}={value}" for key, value in settings.items())
    tab.goto(f"{page_with(CHAPTERS[name], f':name: {name}')}?{query}")
    part = tab.locator(f"[name={name}]")
    part.locator(".status:not(:empty), .problem:not(:empty)").wait_for()
    return part


def said(part: Any) -> str:
    """Return what is told now, once a screen reader has been told the same."""
    text = part.locator(".status").inner_text()
    part.locator("[role=status]").get_by_text(text, exact=True).wait_for(state="attached")
    return text


def settings(tab: Any, name: str) -> dict[str, str]:
    """Return what the address says of one visualiser."""
    return {key.partition(".")[2]: value for key, (value,) in parse_qs(urlsplit(tab.url).query).items() if key.startswith(f"{name}.")}


def reach(tab: Any, part: Any, goal: Any) -> None:
    """Go to an element of a visualiser with the Tab key alone."""
    part.get_by_role("button", name="Reset").focus()
    for _ in range(80):
        if goal.evaluate("element => element === element.getRootNode().activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError("the Tab key doesn't lead there")


def enter(tab: Any, part: Any, goal: Any, text: str) -> None:
    """Put a text into a field, by keys."""
    reach(tab, part, goal)
    tab.keyboard.press("Control+A")
    tab.keyboard.type(text)


def row(part: Any, kind: str, number: int) -> list[str]:
    """Return the texts of the cells of one row of a table."""
    return part.locator(f"table.{kind} tbody tr").nth(number).locator("td").all_inner_texts()


# Every one of them


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_phone_shows_it_without_scrolling_the_page_sideways(tab, name):
    tab.set_viewport_size({"width": 375, "height": 700})
    part = show(tab, name)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    assert part.evaluate("element => element.scrollWidth - element.clientWidth") <= 0


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_the_address_says_in_vain_is_left_out(tab, name):
    plain = said(show(tab, name))
    nonsense = dict.fromkeys(("stride", "padding", "depth", "units", "whh", "steps", "sgd_lr", "surface", "logits", "bits"), "nonsense")
    assert said(show(tab, name, **nonsense)) == plain


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_control_has_a_name_and_room_for_a_finger(tab, name):
    part = show(tab, name)
    for control in part.locator("button:visible, input:visible, select:visible").all():
        assert control.evaluate("e => (e.ariaLabel || e.innerText || [...(e.labels ?? [])].map((l) => l.innerText).join('')).trim()")
        size = control.evaluate(
            "e => [e, e.closest('label') ?? e].map((one) => one.getBoundingClientRect()).map((r) => Math.min(r.width, r.height))"
        )
        assert max(size) >= 24  # a click on its label counts


# Matrix and kernel


def test_rows_of_the_matrix_are_walked_with_the_arrow_keys(tab):
    part = show(tab, "weights")
    assert "64 entries 36" in said(part) and "9 weights" in said(part)
    assert [part.locator(f"[data-count='{layer}']").inner_text() for layer in ("fully connected", "locally connected", "convolution")] == [
        "64",
        "36",
        "9",
    ]
    reach(tab, part, part.get_by_role("gridcell", selected=True))
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowDown")
    assert said(part).startswith("Output (2, 2) is 89; its row holds a b c d e f g h i.")
    chosen = part.locator("table.layer tr.chosen td").all_inner_texts()
    assert chosen == ["", "", "", "", "", "a", "b", "c", "", "d", "e", "f", "", "g", "h", "i"]
    assert settings(tab, "weights") == {"output": "4"}
    assert said(show(tab, "weights", **settings(tab, "weights"))).startswith("Output (2, 2)")


def test_padding_and_stride_give_the_numbers_of_the_caption(tab):
    part = show(tab, "weights")
    enter(tab, part, part.get_by_label("Zero padding"), "1")
    enter(tab, part, part.get_by_label("Stride"), "2")
    assert "Of 64 entries 25 are not empty; the kernel has 9 weights." in said(part)
    assert "(1, 1) is" in said(part)
    assert [cell for cell in row(part, "layer", 0) if cell] == ["e", "f", "h", "i"]
    assert settings(tab, "weights") == {"padding": "1", "stride": "2"}


def test_a_weight_is_changed_and_marked_in_every_row(tab):
    part = show(tab, "weights", input="row", show="numbers")
    reach(tab, part, part.get_by_label("kernel, row 1, column 1"))
    tab.keyboard.press("ArrowRight")
    assert part.locator(".matrix[data-mark='1']").count() == 1
    tab.keyboard.type("-2.5")
    assert row(part, "layer", 3)[3:6] == ["1", "−2.5", "3"]
    assert settings(tab, "weights") == {"input": "row", "show": "numbers", "weights": "1 -2.5 3 4 5 6 7 8 9"}
    tab.keyboard.press("Control+A")
    tab.keyboard.type("-")
    assert "Weight: expected a number" in part.locator(".problem").inner_text()


def test_a_kernel_that_does_not_fit_is_explained(tab):
    part = show(tab, "weights", side=2)
    assert "A window of 3 doesn't fit" in part.locator(".problem").inner_text()
    enter(tab, part, part.get_by_label("Pixels each way"), "5")
    assert part.locator(".problem").inner_text() == ""
    assert "225 entries 81" in said(part)


def test_a_row_is_chosen_with_the_mouse(tab):
    part = show(tab, "weights")
    part.locator("table.layer tbody tr").nth(2).hover()
    assert said(part).startswith("Output (2, 1)")
    part.locator("table.layer tbody tr").nth(2).click()
    assert settings(tab, "weights") == {"output": "3"}


# Equivariance


def test_with_circular_padding_the_map_moves_along_exactly(tab):
    part = show(tab, "equivariance")
    assert said(part) == "Moved by (1, 2). Largest difference: 0. The map moved along exactly, by (1, 2)."
    reach(tab, part, part.get_by_role("application"))
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp"):
        tab.keyboard.press(key)
    assert said(part) == "Moved by (7, 4). Largest difference: 0. The map moved along exactly, by (7, 4)."
    assert part.locator("td.differs").count() == 0
    assert settings(tab, "equivariance") == {"down": "7", "right": "4"}


def test_zeros_show_as_soon_as_the_pattern_touches_the_border(tab):
    part = show(tab, "equivariance", padding="zeros")
    assert "Largest difference: 0." in said(part)
    reach(tab, part, part.get_by_role("application"))
    tab.keyboard.press("ArrowDown")
    assert "Largest difference: 0." in said(part)
    tab.keyboard.press("ArrowDown")
    assert re.match(r"Moved by \(3, 2\)\. Largest difference: [1-9].*The zeros at the border do not move along\.", said(part))
    assert part.locator("td.differs").count() > 0


def test_after_pooling_even_shifts_fit_and_the_global_mean_stays(tab):
    part = show(tab, "equivariance")
    reach(tab, part, part.get_by_label("And then"))
    tab.keyboard.type("max")
    assert "no shift of the map fits" in said(part)
    reach(tab, part, part.get_by_role("button", name="Move the pattern down"))
    tab.keyboard.press("Enter")
    assert said(part) == "Moved by (2, 2). Largest difference: 0. The map moved along exactly, by (1, 1)."
    reach(tab, part, part.get_by_label("And then"))
    tab.keyboard.type("global")
    assert "invariant" in said(part)
    assert settings(tab, "equivariance") == {"end": "global", "down": "2"}


def test_the_pattern_is_dragged(tab):
    part = show(tab, "equivariance")
    cells = part.locator(".canvas td")
    cells.nth(8 * 3 + 3).hover()
    tab.mouse.down()
    cells.nth(8 * 5 + 4).hover()
    assert settings(tab, "equivariance") == {}
    tab.mouse.up()
    assert said(part).startswith("Moved by (3, 3).")
    assert settings(tab, "equivariance") == {"down": "3", "right": "3"}


# The unrolled network


def test_states_come_step_by_step_and_are_the_chapters(tab):
    part = show(tab, "unrolled", at=0)
    reach(tab, part, part.get_by_role("button", name="Forward"))
    texts = []
    for _ in range(3):
        tab.keyboard.press("Enter")
        texts.append(said(part))
    assert texts == ["Step 1 of 3: state (0.762, −0.762).", "Step 2 of 3: state (−0.642, 0.234).", "Step 3 of 3: state (0.625, 0.566)."]
    for _ in range(3):
        tab.keyboard.press("Enter")
    assert said(part) == "Back at state 1 of 3: the gradient has size 0.575."
    assert row(part, "gradients", 2)[1] == "[−0.575, 0; 0, −0.399]"
    assert settings(tab, "unrolled") == {"at": "6"}
    assert said(show(tab, "unrolled", at=6)).startswith("Back at state 1")


@pytest.mark.parametrize(
    ("typed", "pattern", "inputs", "outputs"),
    [
        ("one-to-one", "one_to_one", 1, 1),
        ("one-to-m", "one_to_many", 3, 3),  # two of its inputs are outputs, fed back
        ("many-to-one", "many_to_one", 3, 1),
        ("many-to-many, a", "aligned", 3, 3),
        ("many-to-many, e", "encoder_decoder", 5, 3),
    ],
)
def test_every_pattern_is_drawn_with_its_inputs_and_outputs(tab, typed, pattern, inputs, outputs):
    part = show(tab, "unrolled", pattern="one_to_one" if pattern != "one_to_one" else "aligned")
    reach(tab, part, part.get_by_label("Pattern"))
    tab.keyboard.type(typed)
    assert settings(tab, "unrolled").get("pattern", "many_to_one") == pattern
    names = part.locator(".net svg text").all_text_contents()
    count = {letter: sum(name.startswith(letter) for name in names) for letter in "xy"}
    assert count == {"x": inputs, "y": outputs}
    assert part.get_by_label("decoder's W_hh, row 1, column 1").is_visible() == (pattern == "encoder_decoder")


def test_a_weight_is_changed_and_the_states_follow(tab):
    part = show(tab, "unrolled", at=1)
    enter(tab, part, part.get_by_label("W_xh, row 1, column 1", exact=True), "0")
    assert said(part) == "Step 1 of 3: state (0, −0.762)."
    assert settings(tab, "unrolled") == {"at": "1", "wxh": "0 0;0 2"}


def test_gradients_vanish_and_explode_as_the_caption_says(tab):
    part = show(tab, "backwards")
    assert "It vanishes." in said(part)
    reach(tab, part, part.get_by_role("button", name="Exploding"))
    tab.keyboard.press("Enter")
    assert said(part) == "Back at state 1 of 8: the gradient has size 128. It explodes."
    assert {cells[0] for cells in (row(part, "gradients", k) for k in range(1, 8))} == {"2"}
    reach(tab, part, part.get_by_role("button", name="Latch"))
    tab.keyboard.press("Enter")
    assert "It vanishes." in said(part)


# The optimizer race


def losses(part: Any) -> dict[str, list[str]]:
    """Return rule → what its line of the results says."""
    lines = part.locator("table.results tbody tr")
    return {line.get_attribute("data-rule"): line.locator("td").all_inner_texts() for line in lines.all()}


def test_race_begins_with_the_chapters_example(tab):
    part = show(tab, "race")
    result = losses(part)
    assert list(result) == ["sgd", "momentum", "adam"]
    distance = {rule: sum(float(w.replace("−", "-")) ** 2 for w in result[rule][2:4]) ** 0.5 for rule in result}
    assert distance["sgd"] == pytest.approx(0.8493, abs=1e-4)  # both printed in the chapter
    assert distance["momentum"] == pytest.approx(0.0081, abs=1e-4)
    assert said(part).startswith("Step 40. Lowest loss: Momentum")


def test_race_is_stepped_run_and_paused_by_keys(tab):
    part = show(tab, "race", speed=100)
    reach(tab, part, part.get_by_role("button", name="Step"))
    tab.keyboard.press("Enter")
    assert said(part).startswith("Step 41.")
    reach(tab, part, part.get_by_role("button", name="Run"))
    tab.keyboard.press("Enter")
    part.get_by_role("button", name="Pause").wait_for()
    tab.wait_for_timeout(300)
    tab.keyboard.press("Enter")
    part.get_by_role("button", name="Run").wait_for()
    steps = int(settings(tab, "race")["steps"])
    assert steps > 41
    assert said(part).startswith(f"Step {steps}.")


def test_nothing_moves_for_who_wants_less_motion(tab):
    tab.emulate_media(reduced_motion="reduce")
    part = show(tab, "race")
    part.get_by_role("button", name="Run").press("Enter")
    assert said(part).startswith("Step 90.")
    assert part.get_by_role("button", name="Pause").count() == 0


def test_a_rate_beyond_the_limit_is_said_to_diverge(tab):
    part = show(tab, "race")
    enter(tab, part, part.get_by_label("SGD, learning rate"), "0.05")
    assert re.search(r"SGD diverged at step \d+\.", said(part))
    assert re.match(r"diverged at step \d+", losses(part)["sgd"][-1])
    assert settings(tab, "race") == {"sgd_lr": "0.05"}


def test_start_moves_with_the_arrow_keys_and_the_mouse(tab):
    part = show(tab, "race")
    reach(tab, part, part.get_by_role("application"))
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Shift+ArrowRight")
    moved = settings(tab, "race")
    assert (float(moved["w1"]), float(moved["w2"])) == (pytest.approx(-4 + 6.2 / 200, abs=0.01), pytest.approx(0.6 + 4 / 40, abs=0.01))
    picture = part.locator(".map svg")
    width = picture.bounding_box()["width"]
    picture.click(position={"x": 34 + (width - 132) / 2, "y": 60})  # where it is by then: pictures above it may still be coming
    assert float(settings(tab, "race")["w1"]) == pytest.approx(-1.5, abs=0.02)  # the middle of the map


def test_another_surface_brings_its_start_and_its_rates(tab):
    part = show(tab, "race")
    reach(tab, part, part.get_by_label("Surface"))
    tab.keyboard.type("banana")
    assert settings(tab, "race") == {"surface": "banana"}
    assert part.get_by_label("Start w₁").input_value() == "-1.2"
    assert part.get_by_label("SGD, learning rate").input_value() == "0.001"
    again = show(tab, "race", surface="banana", w1="-4", steps="0")
    assert losses(again)["adam"][2:4] == ["−4", "1"]
    assert part.get_by_label("SGD, learning rate").input_value() == "0.001"
    reach(tab, again, again.get_by_role("button", name="Reset"))
    tab.keyboard.press("Enter")
    assert settings(tab, "race") == {}
    assert said(again).startswith("Step 40. Lowest loss: Momentum")


def test_every_rule_can_run_and_is_drawn_in_a_way_of_its_own(tab):
    part = show(tab, "race", **dict.fromkeys(("nesterov", "adagrad", "rmsprop", "adamw"), "yes"))
    assert len(losses(part)) == 7
    shapes = {trail.locator("path").last.get_attribute("d") for trail in part.locator(".map svg g[data-rule]").all()}
    dashes = {(line.get_attribute("stroke"), line.get_attribute("stroke-dasharray")) for line in part.locator(".map polyline").all()}
    assert len(shapes) == len(dashes) == 7
    names = set(part.locator(".map svg text").all_text_contents())
    assert {"SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam", "AdamW"} <= names


# Softmax


def test_slides_example_and_the_loss_of_a_surer_answer(tab):
    part = show(tab, "softmax")
    assert said(part) == "Probabilities: dog 0.66, cat 0.24, bird 0.1. Loss 0.416."
    assert "0.599 with log₂" in part.locator(".loss").inner_text()
    assert [row(part, "scores", k)[5] for k in range(3)] == ["−0.34", "0.24", "0.1"]
    enter(tab, part, part.get_by_label("Logit of dog", exact=True), "12")
    assert said(part) == "Probabilities: dog 1, cat 0, bird 0. Loss 0."
    assert settings(tab, "softmax") == {"logits": "12 0.8755 0 0 0"}


def test_slider_moves_by_keys(tab):
    part = show(tab, "softmax")
    reach(tab, part, part.get_by_label("Logit of bird, slider"))
    tab.keyboard.press("ArrowRight")
    assert settings(tab, "softmax") == {"logits": "1.8871 0.8755 0.1 0 0"}


def test_a_constant_changes_nothing_until_the_exponentials_overflow(tab):
    part = show(tab, "softmax")
    before = said(part)
    enter(tab, part, part.get_by_label("Add to all"), "1000")
    assert said(part) == before
    assert "Adding 1000 to all logits changes no probability" in part.locator(".note").inner_text()
    reach(tab, part, part.get_by_label("Subtract the largest first"))
    tab.keyboard.press("Space")
    assert "∞ divided by ∞ is undefined (NaN)" in said(part)
    assert part.locator("td.p").first.inner_text() == "NaN"
    assert settings(tab, "softmax") == {"shift": "1000", "stable": "no"}
    assert "NaN" in said(show(tab, "softmax", **settings(tab, "softmax")))
    assert "0 divided by 0 is undefined" in said(show(tab, "softmax", shift=-1000, stable="no"))
    assert "−ln 0 is infinite" in said(show(tab, "softmax", logits="-800+0", stable="no"))


def test_a_right_class_that_is_not_there_is_explained(tab):
    part = show(tab, "softmax", truth="frog", classes=5)
    assert "frog" in said(part)
    enter(tab, part, part.get_by_label("Classes"), "4")
    assert "The right class is frog, but only dog, cat, bird, horse are there." in part.locator(".problem").inner_text()
