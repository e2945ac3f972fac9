"""On a telephone the visualisers fit, and fingers hit what they aim at; on a desk nothing of them is out of sight."""

from __future__ import annotations

import pytest

from autograder.chapters import chapters, source_of

pytestmark = pytest.mark.timeout(900)  # the first test that needs the book may have to build it

INTRO = "/book/intro.html"


def with_visualisers(*names: str) -> list[tuple[str, int]]:
    """The pages of some chapters that have visualisers, and how many."""
    pages = [page for name in names for page in chapters()[name].pages]
    counts = {f"/{page}.html": source_of(page).read_text("utf-8").count("```{visual}") for page in pages}
    return [(page, count) for page, count in counts.items() if count]


@pytest.mark.parametrize(("page", "count"), [*with_visualisers("convnets", "receptive_fields"), (INTRO, 1)])
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


@pytest.mark.parametrize("page", [INTRO, *(f"/{page}.html" for chapter in chapters().values() for page in chapter.pages)])
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
