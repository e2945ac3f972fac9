"""Sections of the book that checks name: every one exists, and feedback leads there."""

from __future__ import annotations

import importlib
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.course import ROOT, assignments
from autograder.chapters import chapters
from autograder.checking import sections
from autograder.checking.sections import address, anchor, headings, section, words
from autograder.jobs.submission import find_checks

CHAPTERS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "autograder" / "checks").glob("test_*.py"))


def classes(chapter: str) -> list[str]:
    """The classes of checks that an assignment's cells name."""
    cells = nbformat.read(ROOT / "source" / chapter / f"{chapter}.ipynb", 4).cells
    found = [find_checks(cell.source, cell.get("id", "")) for cell in cells if cell.cell_type == "code"]
    return [checks.group for checks in found if checks is not None]


def named(chapter: str) -> dict[str, tuple[str, str] | None]:
    """Class → (chapter, heading) of the section that it names, None if it names none."""
    module = importlib.import_module(f"autograder.checks.test_{chapter}")
    return {name: _section(getattr(module, name), Path(module.__file__)) for name in classes(chapter)}


def _section(group: type, file: Path) -> tuple[str, str] | None:
    marks = [mark for one in group.__mro__ for mark in one.__dict__.get("pytestmark", []) if mark.name == "section"]
    return section(marks[0], file) if marks else None


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_section_that_checks_name_is_a_heading_of_its_chapter(chapter):
    wrong = {name: place for name, place in named(chapter).items() if place and headings(place[0]).count(place[1]) != 1}
    assert wrong == {}, "not exactly one heading of the chapter in book/ reads so"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_whose_checks_name_sections_names_one_for_every_task(chapter):
    places = named(chapter)
    missing = [name for name, place in places.items() if place is None]
    assert missing in ([], list(places)), "these name no section, others of the chapter do"


def test_finished_chapters_name_their_sections():
    for chapter in ("convnets", "receptive_fields", "parameter_efficiency", "optimizers"):
        assert chapter in assignments() and None not in named(chapter).values(), chapter


def test_headings_are_read_from_the_chapter_without_its_directives():
    assert headings("convnets")[0] == "Convolutional networks" and "Stride" in headings("convnets")
    assert headings("nosuch") == ()


def test_another_chapter_may_be_named():
    assert section(pytest.mark.section("Stride").mark, Path("test_optimizers.py")) == ("optimizers", "Stride")
    assert section(pytest.mark.section("Stride", chapter="convnets").mark, Path("test_optimizers.py")) == ("convnets", "Stride")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Stride", "stride"), ("Where the window goes: stride, padding, dilation, groups", "where-the-window-goes-stride-padding-dilation-groups"),
     ("K filters, K maps", "k-filters-k-maps"), ("LeNet-5", "lenet-5"), ("3 ways", "ways"), ("One, two!", "one-two"), ("À la carte", "a-la-carte")],
)  # fmt: skip
def test_an_anchor_is_made_of_a_heading(heading, expected):
    assert anchor(heading) == expected


def test_the_address_is_the_pages_in_the_built_book():
    assert address("https://uni.example/course/", "convnets", "Stride") == "https://uni.example/course/book/convnets.html#stride"
    assert "book/convnets" in chapters()["convnets"].pages


def test_the_address_is_that_of_the_page_with_the_section_in_its_chapter(monkeypatch):
    pages = {"book/fields/index": ("Fields",), "book/fields/where": ("Where it looks", "Holes")}
    monkeypatch.setattr(sections, "headings_by_page", lambda chapter: pages if chapter == "fields" else {})
    assert address("https://uni.example", "fields", "Fields") == "https://uni.example/book/fields/index.html#fields"
    assert address("https://uni.example", "fields", "Holes") == "https://uni.example/book/fields/where.html#holes"


@pytest.mark.parametrize("chapter", ["fields", "nosuch"])
def test_a_section_that_is_not_known_here_is_looked_for_at_the_chapters_old_address(chapter, monkeypatch):
    """That leads on: feedback may be written with a copy of the course that has no book, or keep a heading of last year."""
    pages = {"book/fields/index": ("Fields",)}
    monkeypatch.setattr(sections, "headings_by_page", lambda chapter: pages if chapter == "fields" else {})
    assert address("https://uni.example", chapter, "Old name") == f"https://uni.example/book/{chapter}.html#old-name"


def test_headings_of_all_pages_of_a_chapter_are_read():
    for name, chapter in chapters().items():
        titles = sections.headings_by_page(name)
        assert list(titles) == list(chapter.pages) and all(titles.values())


def test_a_section_is_told_in_words():
    assert words("convnets", "Stride") == "chapter “Convolutional networks”, section “Stride”"
    assert words("nosuch", "Stride") == "chapter “nosuch”, section “Stride”"
