"""Where something stands in the book, whichever page of its chapter that is."""

from __future__ import annotations

from pathlib import Path

from autograder.chapters import chapters, source_of


def page_with(chapter: str, words: str) -> str:
    """The address of the one page of a chapter whose source has these words, such as ``:name: fields`` or ``id: rf-two-small``.

    Raises:
        LookupError: none has them, or several.
    """
    pages = [page for page in chapters()[chapter].pages if words in _text(source_of(page))]
    if len(pages) != 1:
        raise LookupError(f"{chapter}: expected one page with {words!r}, found {pages}")
    return f"/{pages[0]}.html"


def _text(file: Path) -> str:
    return file.read_text("utf-8")
