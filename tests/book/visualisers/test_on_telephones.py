"""On a telephone the visualisers fit, and fingers hit what they aim at; on a desk nothing of them is out of sight."""

from __future__ import annotations

import pytest

from autograder.authoring.course import assignments

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

CONVNETS = "/book/convnets.html"
FIELDS = "/book/receptive_fields.html"


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


@pytest.mark.parametrize("page", [f"/book/{name}.html" for name in assignments()])
def test_nothing_of_a_visualiser_is_out_of_sight_on_a_desk(tab, page):
    tab.goto(page)
    tab.wait_for_load_state("load")
    hidden = tab.evaluate(
        """[...document.querySelectorAll(".visual > *")].filter((e) => e.shadowRoot).flatMap((e) =>
             [...e.shadowRoot.querySelectorAll(".stage, .stage *")]
               .filter((box) => ["auto", "scroll"].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 5)
               .map((box) => [e.getAttribute("name"), box.className, box.scrollWidth - box.clientWidth]))"""
    )
    assert hidden == []
