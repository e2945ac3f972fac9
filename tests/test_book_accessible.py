"""axe-core finds no violation of WCAG 2.1, A and AA, on any page, light and dark, wide and narrow, with every fold open."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
OPEN_ALL = """
() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const fold of document.querySelectorAll(".toggle-hidden")) fold.querySelector(".toggle-button")?.click();
}
"""
pytestmark = pytest.mark.timeout(1800)


def violations(tab) -> list[str]:
    """Return what axe finds on the page that is shown: the rule, where, and why."""
    found = Axe().run(tab, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_barrier(book, tab, theme, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    barriers = {}
    for page in [*book.pages, "search", "genindex"]:
        tab.goto(f"/{page}.html")
        tab.evaluate(OPEN_ALL)
        assert tab.evaluate("document.documentElement.dataset.theme") == theme
        assert tab.locator(".toggle-hidden").count() == 0
        if found := violations(tab):
            barriers[page] = found[:5]
    assert barriers == {}


def test_a_barrier_would_be_found(tab):
    tab.goto("/book/intro.html")
    tab.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', '<p style=\"color: #999\">pale</p><img src=\"x.png\">')"
    )
    assert {text.partition(":")[0] for text in violations(tab)} >= {"color-contrast", "image-alt"}
