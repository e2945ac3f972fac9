"""Reading the built book in a browser: numbers and links, search, folds, copying, themes, paper, telephone."""

from __future__ import annotations

import io
import posixpath
import re

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from autograder.chapters import chapter_of

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def pages(book) -> dict[str, BeautifulSoup]:
    """Return the parsed pages by their names."""
    texts = {page: (book.html / f"{page}.html").read_text(encoding="utf-8") for page in book.pages}
    return {page: BeautifulSoup(text, "html.parser") for page, text in texts.items()}


def linked(pages: dict[str, BeautifulSoup], page: str, address: str):
    """Return what an internal link of a page leads to."""
    path, _, anchor = address.partition("#")
    target = posixpath.normpath(f"{page}/../{path.removesuffix('.html')}") if path else page
    return pages[target].find(id=anchor)


# Numbers


def test_references_to_figures_have_the_number_of_the_caption(pages):
    count = 0
    for name, page in pages.items():
        for reference in page.select("a.reference.internal .std-numref"):
            target = linked(pages, name, reference.parent["href"])
            number = target.select_one(".caption-number")
            if number and target.name == "figure":
                assert reference.get_text().strip() == number.get_text().strip()
                count += 1
    assert count >= 10


def test_references_to_equations_have_their_number(pages):
    count = 0
    for name, page in pages.items():
        for reference in page.find_all("a", href=re.compile(r"#equation-")):
            if "headerlink" not in reference.get("class", []):
                number = linked(pages, name, reference["href"]).select_one(".eqno").get_text()
                assert reference.get_text().strip() == number.strip("#¶ \n")
                count += 1
    assert count > 10


def test_numbers_of_equations_begin_with_their_chapter_and_are_used_once(pages):
    numbers = [number.get_text().strip("#¶ \n") for page in pages.values() for number in page.select(".eqno")]
    assert len(numbers) == len(set(numbers)) > 20
    assert all(re.fullmatch(r"\(\d+\.\d+\)", number) for number in numbers)


def test_references_to_exercises_have_the_number_of_the_exercise(pages):
    count = 0
    for name, page in pages.items():
        for solution in page.select(".solution > .admonition-title a"):
            number = linked(pages, name, solution["href"]).select_one(".caption-number").get_text().strip()
            assert solution.get_text().strip().startswith(number)
            count += 1
    assert count > 50


def test_terms_lead_to_their_entries(pages):
    links = [(name, link) for name, page in pages.items() for link in page.select("article a:has(.std-term)")]
    assert len(links) > 60
    for name, link in links:
        assert linked(pages, name, link["href"]).name == "dt"


def test_cited_works_lead_to_the_bibliography(pages):
    links = [(name, link) for name, page in pages.items() for link in page.select('article a.reference[href*="bibliography.html#"]')]
    assert len(links) > 40
    assert all(linked(pages, name, link["href"]) is not None for name, link in links)


# Search


def test_search_finds_a_page_without_any_other_host(tab):
    tab.goto("/search.html?q=dilation")
    results = tab.locator("#search-results li a")
    results.first.wait_for(timeout=20_000)
    found = {link.get_attribute("href").partition("?")[0].partition("#")[0] for link in results.all()}
    assert {"convnets", "receptive_fields"} <= {chapter_of(address.removesuffix(".html")) for address in found}


def test_search_is_reached_by_keyboard_from_any_page(tab):
    tab.goto("/book/intro.html")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("momentum")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=momentum")
    assert tab.locator("#search-results li a").first.is_visible(timeout=20_000) or tab.wait_for_selector("#search-results li a")


# Folds, copying


def test_answer_opens_and_closes_by_keyboard(tab):
    tab.goto("/book/convnets.html")
    answer = tab.locator(".solution.dropdown").first
    button, text = answer.locator("button.toggle-button"), answer.locator("section")
    assert not text.is_visible()
    button.focus()
    tab.keyboard.press("Enter")
    assert text.is_visible()
    tab.keyboard.press("Space")
    assert not text.is_visible()


def test_folded_code_opens_by_keyboard(tab):
    tab.goto("/book/convnets.html")
    fold = tab.locator("details.hide").first
    fold.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert fold.locator(".cell_input").is_visible()


def test_code_is_copied_by_keyboard_without_its_prompt(book_address, tab):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=book_address)
    tab.goto("/book/downloads.html")
    button = tab.locator("div.highlight-console button.copybtn").first
    button.focus()
    tab.wait_for_function("getComputedStyle(document.activeElement).opacity > 0.9")  # it comes into view
    tab.keyboard.press("Enter")
    tab.wait_for_function("navigator.clipboard.readText().then((text) => text.length > 0)")
    assert tab.evaluate("navigator.clipboard.readText()").startswith("sha256sum --check")


def test_theme_is_changed_by_keyboard_and_kept_on_the_next_page(tab):
    tab.goto("/book/intro.html")
    themes = set()
    button = tab.locator("button.theme-switch-button").first
    for _ in range(3):
        button.focus()
        tab.keyboard.press("Enter")
        themes.add((tab.evaluate("document.documentElement.dataset.mode"), tab.evaluate("document.documentElement.dataset.theme")))
    assert {mode for mode, _ in themes} == {"light", "dark", "auto"}
    while tab.evaluate("document.documentElement.dataset.mode") != "dark":
        tab.keyboard.press("Enter")
    tab.goto("/book/glossary.html")
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"


# Paper and telephone


def test_page_printed_in_dark_mode_is_light_and_has_its_answers(tab):
    tab.add_init_script("localStorage.setItem('mode', 'dark'); localStorage.setItem('theme', 'dark')")
    tab.goto("/book/parameter_efficiency.html")
    tab.evaluate("""() => addEventListener("beforeprint", () => {
        const shown = (element) => getComputedStyle(element).display !== "none";
        window.printed = {
          theme: document.documentElement.dataset.theme,
          text: getComputedStyle(document.querySelector("article p")).color,
          open: [...document.querySelectorAll("article details:not(.hide)")].every((fold) => fold.open),
        };
    })""")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(tab.pdf())).pages)
    printed = tab.evaluate("window.printed")
    assert printed["theme"] == "light" and printed["open"]
    assert sum(int(part) for part in re.findall(r"\d+", printed["text"])[:3]) < 300  # dark on paper
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    answer = tab.locator(".solution.dropdown section p").first.text_content().split(".")[0].split()
    assert " ".join(answer[:4]) in " ".join(text.split())


def test_paper_shows_light_figures_and_no_buttons(tab):
    tab.goto("/book/convnets.html")
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.emulate_media(media="print")
    assert tab.locator("img.figure-light").first.is_visible() and not tab.locator("img.figure-dark").first.is_visible()
    for unwanted in (".bd-sidebar-primary", ".prev-next-footer", ".page-downloads", "button.copybtn >> nth=0", ".bd-header-article"):
        assert not tab.locator(unwanted).first.is_visible(), unwanted


def test_numbered_equations_are_whole_on_a_telephone(book, tab):
    tab.set_viewport_size({"width": 375, "height": 800})
    seen = 0
    for page in book.pages:
        tab.goto(f"/{page}.html")
        tab.wait_for_load_state("load")
        cut = """equations => equations.map(equation => {
            const [formula, number] = [equation.querySelector('.katex-display'), equation.querySelector('.eqno')];
            const below = number.getBoundingClientRect().top >= formula.getBoundingClientRect().bottom - 1;
            return [number.textContent, formula.scrollWidth - formula.clientWidth, below, parseFloat(getComputedStyle(formula).fontSize)];
        })"""
        for number, hidden, below, size in tab.locator("div.math:has(.eqno)").evaluate_all(cut):
            seen += 1
            assert hidden <= 1 and below and size >= 10, (page, number, hidden, below, size)
    assert seen > 20


def test_open_folds_fit_a_telephone(book, tab):
    tab.set_viewport_size({"width": 375, "height": 800})
    wide = []
    for page in book.pages:
        tab.goto(f"/{page}.html")
        tab.evaluate("""() => {
            for (const fold of document.querySelectorAll("details")) fold.open = true;
            for (const fold of document.querySelectorAll(".toggle-hidden")) fold.querySelector(".toggle-button")?.click();
        }""")
        width = tab.evaluate("document.documentElement.scrollWidth")
        wide += [(page, width)] if width > 375 else []
    assert wide == []
