"""Which chapters the book has and which pages each of them: from ``_toc.yml``, the one place that says so.

A chapter is a folder ``book/<id>/`` whose opening page, ``index``, stands in the contents with the chapter's pages as its sections.
One that isn't divided yet is a single notebook, ``book/<id>.ipynb``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from autograder.places import ROOT

OPENING = "index"
SUFFIXES = (".ipynb", ".md")


@dataclass(frozen=True)
class Chapter:
    """A chapter: its id, and its pages in reading order, as the contents name them (``book/convnets``, ``book/<id>/index``)."""

    id: str
    pages: tuple[str, ...]

    @property
    def opening(self) -> str:
        """The page that it begins with."""
        return self.pages[0]

    @property
    def is_divided(self) -> bool:
        """Whether it has a folder of its own, whose pages are read one at a sitting."""
        return self.opening == f"book/{self.id}/{OPENING}"

    def files(self, root: Path = ROOT) -> list[Path]:
        """Its pages' sources, in reading order."""
        return [source_of(page, root) for page in self.pages]

    def notebooks(self, root: Path = ROOT) -> list[Path]:
        """Those of them that are run."""
        return [file for file in self.files(root) if file.suffix == ".ipynb"]

    def modules(self, root: Path = ROOT) -> list[Path]:
        """The modules beside its pages, which these import."""
        return sorted((root / "book" / self.id).glob("*.py"))


def toc_pages(toc: Path) -> list[str]:
    """The pages of a table of contents in reading order, without suffix; none if there is no such file.

    Args:
        toc: a ``_toc.yml`` of Jupyter Book, of any nesting.
    """

    def files(entry: object) -> Iterator[str]:
        if isinstance(entry, list):
            for item in entry:
                yield from files(item)
        elif isinstance(entry, dict):
            yield from (entry[key] for key in ("root", "file") if key in entry)
            for key in ("parts", "chapters", "sections"):
                yield from files(entry.get(key, []))

    if not toc.is_file():  # where only grading is installed
        return []
    content = yaml.safe_load(toc.read_text(encoding="utf-8"))
    return [file.removesuffix(".md").removesuffix(".ipynb") for file in files(content)]


def source_of(page: str, root: Path = ROOT) -> Path:
    """The notebook or text that a page is made from.

    Raises:
        FileNotFoundError: the contents name a page that isn't there.
    """
    for suffix in SUFFIXES:
        if (root / f"{page}{suffix}").is_file():
            return root / f"{page}{suffix}"
    raise FileNotFoundError(f"_toc.yml names the page {page}: expected {page}.ipynb or {page}.md, found neither")


def chapters(root: Path = ROOT) -> dict[str, Chapter]:
    """All chapters by their ids, in reading order.

    Args:
        root: the checkout.
    """
    found: dict[str, list[str]] = {}
    for page in toc_pages(root / "_toc.yml"):
        name = chapter_of(page, root)
        if name:
            found.setdefault(name, []).append(page)
    return {name: Chapter(name, tuple(pages)) for name, pages in found.items()}


def chapter_of(page: str, root: Path = ROOT) -> str:
    """The id of the chapter that a page belongs to; empty if it is of none, as the glossary."""
    folder, _, rest = page.partition("/")
    name, slash, _ = rest.partition("/")
    return name if folder == "book" and (slash or (root / f"{page}.ipynb").is_file()) else ""
