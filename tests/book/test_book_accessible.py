"""axe-core finds no violation of WCAG 2.1, A and AA, on any page, light and dark, wide and narrow, with every fold open."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from book_pages import page_with

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
OPEN_ALL = """
() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const fold of document.querySelectorAll(".toggle-hidden")) fold.querySelector(".toggle-button")?.click();
}
"""
# The theme gives code that scrolls sideways its tab stop half a second after the page has changed.
STOPS = """
() => [...document.querySelectorAll("article pre")].every((box) => box.scrollWidth <= box.clientWidth || box.tabIndex >= 0)
"""
# A fold that opens fades in, and is pale until it has.
STILL = """
() => document.getAnimations().every((one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)
"""
LIGHTER = """
() => {
  for (const drawn of document.querySelectorAll(".katex-html")) drawn.remove();
  for (const program of document.querySelectorAll(".highlight pre")) program.textContent = program.textContent;
}
"""
pytestmark = pytest.mark.timeout(1800)


def violations(tab, **rules: dict) -> list[str]:
    """Return what axe finds on the page that is shown: the rule, where, and why.

    Two kinds of elements are taken away first, most of all there are; tests of their own look at their colours. The drawn
    half of a formula is hidden from readers who use its other half, MathML; a program's words are parts of one text.
    """
    tab.evaluate(LIGHTER)
    options = {"runOnly": LEVELS, "resultTypes": ["violations"], "rules": rules, "preload": False}  # it asks for wrong addresses
    found = Axe().run(tab, options=options).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


# A narrow window changes the arrangement, not the colours.
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 375)])
def test_no_page_has_a_barrier(book, tab, theme, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    rules = {} if width > 1000 else {"color-contrast": {"enabled": False}}
    barriers = {}
    for page in [*book.pages, "search", "genindex"]:
        tab.goto(f"/{page}.html")
        tab.evaluate(OPEN_ALL)
        tab.wait_for_function(STOPS)
        tab.wait_for_function(STILL)
        assert tab.evaluate("document.documentElement.dataset.theme") == theme
        assert tab.locator(".toggle-hidden").count() == 0
        if found := violations(tab, **rules):
            barriers[page] = found[:5]
    assert barriers == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_formulas_have_the_colour_of_their_text(book, tab, theme):
    for page in ("/book/convnets.html", page_with("optimizers", "(eq-op-adam)")):
        tab.goto(page)
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        differing = tab.evaluate("""() => [...document.querySelectorAll(".katex-html *")].filter(
            (part) => getComputedStyle(part).color !== getComputedStyle(part.closest(".katex").parentElement).color).length""")
        assert differing == 0


CODE_COLOURS = """
() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = channels(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = new Map();
  for (const word of document.querySelectorAll(".highlight pre > span")) {
    if (!word.textContent.trim()) continue;
    const [a, b] = [light(channels(getComputedStyle(word).color)), light(behind(word))].sort((x, y) => x - y);
    const contrast = (b + 0.05) / (a + 0.05);
    found.set(word.className, Math.min(contrast, found.get(word.className) ?? 99));
  }
  return [...found];
}
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_of_programs_stand_out(book, tab, theme):
    kinds = {}
    for page in book.pages:
        tab.goto(f"/{page}.html")
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        kinds |= dict(tab.evaluate(CODE_COLOURS))
    assert len(kinds) > 10
    assert {kind: contrast for kind, contrast in kinds.items() if contrast < 4.5} == {}


def test_a_barrier_would_be_found(tab):
    tab.goto("/book/intro.html")
    tab.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<p style=\"color: #999\">pale</p><input>')")
    assert {text.partition(":")[0] for text in violations(tab)} >= {"color-contrast", "label"}
