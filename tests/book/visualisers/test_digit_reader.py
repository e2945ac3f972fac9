"""Digits drawn on the opening page by mouse, finger and keyboard are read, and the answer is told in words."""

from __future__ import annotations

import re

import drawn_digits
import pytest

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

INTRO = "/book/intro.html"
PIXELS = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)"
HELP = re.compile("^Drawing board: arrow keys")


def board(reader):
    return reader.card.get_by_role("application", name=HELP)


def places(reader, strokes):
    """Where the strokes go in the window."""
    board(reader).scroll_into_view_if_needed()
    box = board(reader).bounding_box()
    return [[(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke] for stroke in strokes]


def draw(reader, strokes):
    """By mouse."""
    mouse = reader.tab.mouse
    for first, *others in places(reader, strokes):
        mouse.move(*first)
        mouse.down()
        for place in others:
            mouse.move(*place)
        mouse.up()


def colours(reader, name):
    """How many colours a picture has, and its size."""
    picture = reader.card.get_by_role("img", name=name)
    data = picture.evaluate(PIXELS)
    return {tuple(data[at : at + 3]) for at in range(0, len(data), 4)}, picture.evaluate("canvas => [canvas.width, canvas.height]")


def test_a_ready_digit_is_read_before_anything_is_done(card):
    reader = card(INTRO, "reader")
    reader.heard("The network answers 3")
    assert reader.card.get_by_role("button", name="3", exact=True).get_attribute("aria-pressed") == "true"
    for name, size in {
        "The picture it gets": [28, 28],
        "First convolution": [3 * 29 - 1, 2 * 29 - 1],
        "Second convolution": [8 * 11 - 1, 2 * 11 - 1],
    }.items():
        shades, found = colours(reader, name)
        assert found == size
        assert len(shades) > 20, name
    assert reader.card.get_by_role("row").count() == 10
    assert "of 2,000 others it reads" in reader.card.inner_text()


def test_the_picture_stands_in_the_first_screen(card):
    reader = card(INTRO, "reader")
    for width, height in ((1280, 900), (375, 812)):
        reader.tab.set_viewport_size({"width": width, "height": height})
        box = board(reader).bounding_box()
        assert box["y"] + box["height"] <= height


@pytest.mark.parametrize("digit", drawn_digits.DIGITS)
def test_digits_drawn_by_mouse_are_answered_right(card, digit):
    reader = card(INTRO, "reader")
    draw(reader, drawn_digits.placed(digit, (0.1, 0.1), 0.8))
    reader.heard(f"The network answers {digit[0]}")
    assert reader.card.locator("tr.best th").inner_text() == digit[0]


@pytest.mark.parametrize("digit", ["2 plain", "7 crossed"])
def test_digits_drawn_by_finger_are_answered_right_and_the_page_stays_where_it_is(held, digit):
    reader = held(INTRO, "reader")
    strokes = places(reader, drawn_digits.placed(digit, (0.1, 0.1), 0.8))
    before = reader.tab.evaluate("scrollY")
    touch = reader.tab.context.new_cdp_session(reader.tab)
    for first, *others in strokes:
        for kind, (x, y) in [("touchStart", first), *[("touchMove", other) for other in others]]:
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    reader.heard(f"The network answers {digit[0]}")
    assert reader.tab.evaluate("scrollY") == before


def test_a_digit_is_drawn_by_keyboard_alone(card):
    reader = card(INTRO, "reader")
    board(reader).focus()
    reader.press(*["ArrowLeft"] * 4, " ")
    reader.heard("Row 5, column 11 of 28, pen down.")
    reader.press("Shift+ArrowRight", "Shift+ArrowRight", *["ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"] * 5, " ")
    reader.heard("pen up. The network answers 7")
    reader.press("Backspace")
    reader.heard("The board is empty")
    assert reader.card.get_by_role("button", name="Undo").is_disabled()


def test_ready_digits_are_chosen_by_keyboard(card):
    reader = card(INTRO, "reader")
    reader.tab_to("8")
    reader.press("Enter")
    reader.heard("The network answers 8")
    assert reader.state() == {"digit": "8"}
    reader.tab_to("one it gets wrong")
    reader.press("Enter")
    reader.heard("That is wrong: whoever wrote it meant")
    reader.reopened().heard("That is wrong")


def test_a_drawing_is_kept_in_the_address_and_taken_back_stroke_by_stroke(card):
    reader = card(INTRO, "reader")
    draw(reader, drawn_digits.placed("4 open"))
    reader.heard("The network answers 4")
    assert reader.state()["digit"] == "none"
    again = reader.reopened()
    again.heard("The network answers 4")
    strokes = again.state()["strokes"]
    again.tab_to("Undo")
    again.press("Enter")
    assert again.state()["strokes"] == strokes.split("-")[0]
    again.tab_to("Clear")
    again.press("Enter")
    again.heard("The board is empty")
    assert again.card.locator(".said").inner_text() == "–"
    again.tab_to("Reset")
    again.press("Enter")
    again.heard("The network answers 3")
    assert again.state() == {}


def test_a_drawing_in_the_address_that_makes_no_sense_is_left_out(card):
    card(INTRO, "reader", "?reader.strokes=zz&reader.digit=12").heard("The network answers 3")


def test_maps_follow_the_theme(card):
    reader = card(INTRO, "reader")
    light, _ = colours(reader, "First convolution")
    reader.tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    reader.tab.wait_for_function("document.querySelector('digit-reader').hasAttribute('data-dark')")
    dark, _ = colours(reader, "First convolution")
    assert max(min(colour) for colour in light) == 255  # paper is white
    assert max(min(colour) for colour in dark) < 150
    assert len(dark) > 20


def test_a_still_stands_for_it_where_no_script_runs(chromium, book_address):
    with chromium.new_context(base_url=book_address, java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(INTRO)
        still = tab.locator("digit-reader img:visible")
        assert still.get_attribute("alt").startswith("A handwritten 3 of 28 by 28 pixels")
        still.scroll_into_view_if_needed()
        assert still.bounding_box()["height"] > 100
