"""Chapters of several pages: old addresses lead on, each page says where it is, numbers go on from page to page."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder.chapters import Chapter, chapter_of, chapters

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
addresses = importlib.import_module("addresses")
page_checks = importlib.import_module("page_checks")
OLD_PAGES = {  # of chapters that were one page: how many anchors it had, and their digest
    "receptive_fields": (73, "685aa5cf70364522"),
    "optimizers": (126, "b44c994262926c85"),
    "rnn_design": (92, "50affb47315db389"),
}
DIVIDED = [name for name, chapter in chapters().items() if chapter.is_divided]
ONCE_ONE_PAGE = [chapter.id for chapter in addresses.forwards().values()]
pytestmark = pytest.mark.timeout(900)


# What a chapter is


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a chapter of each form, and pages that are of none."""
    for file in (
        "book/intro.md",
        "book/one.ipynb",
        "book/two/index.md",
        "book/two/first.ipynb",
        "book/two/second.ipynb",
        "book/glossary.md",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("# A page\n")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/intro\nparts:\n- chapters:\n  - file: book/one\n  - file: book/two/index\n    sections:\n"
        "    - file: book/two/second\n    - file: book/two/first\n  - file: book/glossary\n"
    )
    return tmp_path


def test_chapters_of_both_forms_are_found_with_their_pages_in_the_order_of_the_contents(checkout):
    found = chapters(checkout)
    assert found == {
        "one": Chapter("one", ("book/one",)),
        "two": Chapter("two", ("book/two/index", "book/two/second", "book/two/first")),
    }
    assert [found[name].is_divided for name in ("one", "two")] == [False, True]
    assert [file.name for file in found["two"].notebooks(checkout)] == ["second.ipynb", "first.ipynb"]
    assert [chapter_of(page, checkout) for page in ("book/intro", "book/one", "book/two/first")] == ["", "one", "two"]


def test_a_page_of_the_contents_that_is_not_there_is_named(checkout):
    (checkout / "book/two/first.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match="_toc.yml names the page book/two/first: expected book/two/first.ipynb or"):
        chapters(checkout)["two"].files(checkout)


def test_where_there_is_no_book_there_are_no_chapters(tmp_path):
    assert chapters(tmp_path) == {}


# Old addresses


LIST = "index:\n- two\nfirst:\n- old-place\n- renamed: new-name\n"


def test_anchors_of_the_old_page_lead_to_the_pages_that_have_them(checkout):
    (checkout / "book/two" / addresses.LIST).write_text(LIST)
    (chapter,) = addresses.forwards(checkout).values()
    assert addresses.formerly(chapter, checkout) == {"two": "index", "old-place": "first", "renamed": "first#new-name"}
    text = addresses.page_of(chapter, checkout)
    assert '"old-place": "two/first.html"' in text and '"renamed": "two/first.html#new-name"' in text
    assert "<noscript><p>" in text and 'href="two/index.html"' in text


def test_anchors_that_lead_nowhere_fail_the_build(checkout):
    (checkout / "book/two" / addresses.LIST).write_text(LIST)
    html = checkout / "html" / "book" / "two"
    html.mkdir(parents=True)
    (html / "index.html").write_text("<h1 id='two'>Two</h1>")
    (html / "first.html").write_text("<h1 id='old-place'>First</h1>")
    pages = page_checks.read_pages(checkout / "html")
    assert addresses.lost(pages, checkout) == ["book/two.html#renamed leads to no anchor of book/two/first.html"]


def test_a_list_that_names_no_page_is_refused(checkout):
    (checkout / "book/two" / addresses.LIST).write_text("third:\n- two\n")
    with pytest.raises(ValueError, match="expected a page of the chapter, got 'third'"):
        addresses.forwards(checkout)


@pytest.mark.parametrize("name", ONCE_ONE_PAGE)
def test_no_anchor_of_the_old_page_is_missing_in_the_list(name):
    """What the page had when it was built last: `python book/_ext/addresses.py` printed these."""
    count, digest = OLD_PAGES[name]
    places = addresses.formerly(chapters()[name])
    assert (len(places), addresses.digest(places)) == (count, digest)


def test_a_missing_anchor_is_noticed():
    places = addresses.formerly(chapters()["receptive_fields"])
    places.pop("check-rf-two-small")
    assert addresses.digest(places) != OLD_PAGES["receptive_fields"][1]


# The built book


@pytest.fixture(scope="module")
def pages(book) -> dict[str, BeautifulSoup]:
    """The parsed pages of divided chapters by their names."""
    names = [page for name in DIVIDED for page in chapters()[name].pages]
    return {page: BeautifulSoup((book.html / f"{page}.html").read_text("utf-8"), "html.parser") for page in names}


@pytest.mark.parametrize("name", DIVIDED)
def test_every_page_says_which_page_of_its_chapter_it_is(pages, name):
    its = chapters()[name].pages
    for number, page in enumerate(its):
        line = pages[page].select_one("nav.chapter-here")
        links = [link["href"].partition("#")[0] or f"{Path(page).name}.html" for link in line.select("ol a")]
        assert links == [f"{Path(other).name}.html" for other in its[1:]]
        current = [link.get_text() for link in line.select("ol a[aria-current]")]
        assert current == ([str(number)] if number else [])
        assert (f"page {number} of {len(its) - 1}" in line.get_text()) == bool(number)


@pytest.mark.parametrize("name", DIVIDED)
def test_the_opening_page_maps_all_pages_with_their_time(pages, name):
    entries = pages[chapters()[name].opening].select("ol.chapter-map > li")
    assert [Path(entry.a["href"]).stem for entry in entries] == [Path(page).name for page in chapters()[name].pages[1:]]
    for entry in entries:
        assert re.search(r"about \d+ min", entry.select_one(".chapter-time").get_text())


@pytest.mark.parametrize("kind", [".exercise .caption-number", "figure .caption-number", ".eqno"])
@pytest.mark.parametrize("name", DIVIDED)
def test_numbers_go_on_from_page_to_page(pages, name, kind):
    numbers = [
        tuple(map(int, re.search(r"(\d+)\.(\d+)", number.get_text()).groups()))
        for page in chapters()[name].pages
        for number in pages[page].select(f"article {kind}")
    ]
    chapter = list(chapters()).index(name) + 1
    assert numbers == [(chapter, n) for n in range(1, len(numbers) + 1)]
    assert numbers


@pytest.mark.parametrize("name", ONCE_ONE_PAGE)
def test_an_old_address_leads_on_with_its_settings(tab, name):
    places = addresses.formerly(chapters()[name])
    for old, place in list(places.items())[::12]:
        page, _, new = place.partition("#")
        tab.goto(f"/book/{name}.html?fields.level=1#{old}")
        tab.wait_for_url(re.compile(f"/book/{name}/{page}.html"))
        assert "?" in tab.url and tab.url.endswith(f"#{new or old}")
    tab.goto(f"/book/{name}.html")
    tab.wait_for_url(f"**/book/{name}/index.html")
