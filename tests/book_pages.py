"""Where something stands in the book, whichever page of its chapter that is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import nbformat
from nbformat import NotebookNode

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


def cells_of(chapter: str) -> dict[str, NotebookNode]:
    """The cells of all pages of a chapter by their ids; an id that several pages use (``setup``) is left out."""
    cells = [cell for file in chapters()[chapter].notebooks() for cell in nbformat.read(file, 4).cells]
    times = Counter(cell.id for cell in cells)
    return {cell.id: cell for cell in cells if times[cell.id] == 1}


def _text(file: Path) -> str:
    return file.read_text("utf-8")
