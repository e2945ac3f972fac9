"""Which section of the book a task belongs to: named by its checks, found in the chapter's pages, linked from feedback.

A class of checks names its section by the heading, ``@pytest.mark.section("Stride")``: of the chapter whose checks stand
in that file, or of the one named by ``chapter=``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from autograder.chapters import chapters, source_of

if TYPE_CHECKING:  # only the judge has loaded it
    import pytest


def section_of(item: pytest.Item) -> tuple[str, str]:
    """(chapter, heading) that a check belongs to; empty texts if it names none."""
    marker = item.get_closest_marker("section")
    return section(marker, item.path) if marker else ("", "")


def section(marker: pytest.Mark, checks: Path) -> tuple[str, str]:
    """(chapter, heading) as a marker in the file ``checks`` names them."""
    return str(marker.kwargs.get("chapter", checks.stem.removeprefix("test_"))), str(marker.args[0])


@cache
def headings_by_page(chapter: str) -> dict[str, tuple[str, ...]]:
    """The headings of a chapter's pages, each page's title first; none if there is no such chapter here."""
    try:
        pages = chapters()[chapter].pages
        return {page: _headings(source_of(page)) for page in pages}
    except (OSError, ValueError, KeyError):
        return {}


def _headings(file: Path) -> tuple[str, ...]:
    texts = [file.read_text("utf-8")]
    if file.suffix == ".ipynb":
        texts = ["".join(cell["source"]) for cell in json.loads(texts[0])["cells"] if cell["cell_type"] == "markdown"]
    unfenced = (re.sub(r"^(```+|:::+).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE) for text in texts)
    return tuple(title for text in unfenced for title in re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE))


def headings(chapter: str) -> tuple[str, ...]:
    """The headings of a chapter, its title first; none if there is no such chapter here."""
    return tuple(title for titles in headings_by_page(chapter).values() for title in titles)


def anchor(heading: str) -> str:
    """The id that a heading has in the built book."""
    plain = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))


def words(chapter: str, heading: str) -> str:
    """Where to read on: ``chapter “Convolutional networks”, section “Stride”``."""
    title = next(iter(headings(chapter)), chapter)
    return f"chapter “{title}”, section “{heading}”"


def address(book: str, chapter: str, heading: str) -> str:
    """The section's address in the book at ``book``, on whichever page of its chapter it stands.

    Where no such section is known here, it is the one that the chapter had as a single page, which leads on to its pages.
    """
    page = next((page for page, titles in headings_by_page(chapter).items() if heading in titles), f"book/{chapter}")
    return f"{book.rstrip('/')}/{quote(page)}.html#{anchor(heading)}"
