"""One PDF of the whole book: `make pdf` → `_build/pdf/book.pdf`.

The built pages are put into one document, which headless Chromium prints twice: the first time to learn on which
page each heading lands, the second time with these numbers in the table of contents. Headings become bookmarks.
"""

from __future__ import annotations

import html
import shutil
import sys
from pathlib import Path

import yaml
from articles import Article, articles, headings
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book"))

from build import Book  # noqa: E402  (its folder has just been made known)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
STYLES = ("_static/pygments.css", "_static/katex/katex.min.css", "_static/katex-math.css")
FOOTER = '<div style="width: 100%; font: 8pt sans-serif; color: #444; text-align: center"><span class="pageNumber"></span></div>'
MARGINS = {"top": "18mm", "bottom": "20mm", "left": "20mm", "right": "20mm"}


def contents(chapters: list[Article], pages: dict[str, int]) -> str:
    """Return the table of contents.

    Args:
        chapters: of the book.
        pages: on which page each id begins; an unknown one has no number yet.
    """
    lines = [
        f'<li class="level-{level}"><a href="#{anchor}"><span>{html.escape(text)}</span>'
        f'<span class="page">{pages.get(anchor, "000")}</span></a></li>'
        for chapter in chapters
        for level, text, anchor in headings(chapter)
        if level <= 2
    ]
    return f'<nav class="contents"><h1>Contents</h1><ul>{"".join(lines)}</ul></nav>'


def document(site: Path, config: dict[str, str], chapters: list[Article], pages: dict[str, int]) -> str:
    """Return the whole book as one HTML page.

    Args:
        site: the built HTML, whose styles are used.
        config: `_config.yml`.
        chapters: of the book.
        pages: see `contents`.
    """
    links = "".join(f'<link rel="stylesheet" href="{(site / style).as_uri()}">' for style in STYLES)
    style = (Path(__file__).parent / "paper.css").read_text(encoding="utf-8")
    title, author = html.escape(config["title"]), html.escape(config["author"])
    front = (
        f'<header class="front"><h1>{title}</h1><p>{author}</p>'
        "<p class='note'>Text and figures: CC BY 4.0. Code: MIT. Every measured number was computed when the book was built. "
        "The code that draws the figures, and what needs a browser to move, are in the HTML edition.</p></header>"
    )
    body = "".join(str(chapter.content) for chapter in chapters)
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{author}">{links}<style>{style}</style></head>'
        f"<body>{front}{contents(chapters, pages)}<main>{body}</main></body></html>"
    )


def start_pages(file: Path) -> dict[str, int]:
    """Return on which page (from 1) each place begins that a link leads to."""
    reader = PdfReader(file)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, start=1)}
    places = reader.named_destinations.items()
    return {name.lstrip("/"): numbers[place.page.idnum] for name, place in places if place.page.idnum in numbers}


def print_to(tab: Page, source: Path, target: Path) -> None:
    """Print a page, once its pictures and fonts are there."""
    tab.goto(source.as_uri(), wait_until="load")
    tab.evaluate("document.fonts.ready")
    tab.pdf(
        path=target,
        format="A4",
        margin=MARGINS,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        print_background=True,
        tagged=True,
        outline=True,
    )


def make(book: Book, folder: Path) -> Path:
    """Make the PDF and return its file.

    Args:
        book: already built.
        folder: where it is to be; created if need be.

    Raises:
        FileNotFoundError: there is no Chromium on this machine.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise FileNotFoundError("The PDF is printed by Chromium, which is not installed (apt install chromium).")
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((book.root / "_config.yml").read_text(encoding="utf-8"))
    chapters = articles(book.html, book.pages)
    source, target = folder / "book.html", folder / "book.pdf"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(offline=True)
        pages: dict[str, int] = {}
        for _ in range(2):
            source.write_text(document(book.html, config, chapters, pages), encoding="utf-8")
            print_to(tab, source, target)
            pages = start_pages(target)
        browser.close()
    source.unlink()
    return target


def main() -> None:
    """Make the PDF of this checkout's book and say where it is."""
    file = make(Book(), ROOT / "_build" / "pdf")
    print(f"{file}: {len(PdfReader(file).pages)} pages, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
