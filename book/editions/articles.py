"""The book's pages as plain articles, for editions in which nothing runs: from the built HTML.

Taken away are buttons, links to a place in itself, dark figures and folded drawing code; answers stand open; of
interactive parts the text stays that they bring for this case. Links between pages lead to the page inside the
edition, other ids and links disappear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

NOT_FOR_PAPER = (
    "script, style, button, nav, .chapter-time, self-check-count, "
    "link, .headerlink, .copybtn, .page-downloads, .pyrun-elsewhere, img.figure-dark, "
    "details.hide > .cell_input, .d-print-none, .sd-octicon, dialog, template, "
    "self-check-progress, .self-check-answer"  # questions are for thinking: their answers stay in the browser
)
LOADING = ("loading", "decoding", "srcset", "onclick", "tabindex", "data-toggle")


@dataclass
class Article:
    """One page of an edition: its name (see `name_of`), its heading, its content, and its level: 2 for the pages of a chapter."""

    name: str
    title: str
    content: Tag
    level: int = 1


def name_of(page: str) -> str:
    """Return a page's name: `book/convnets` is `convnets`, `book/<id>/index` is `<id>` and `book/<id>/a_page` is `<id>-a_page`."""
    return _inside_the_book(page).replace("/", "-")


def _inside_the_book(page: str) -> str:
    """Return a page's place in the book: `convnets` for a chapter's opening page, `convnets/stride` for another one of its pages."""
    return page.removeprefix("book/").removesuffix("/index")


def articles(site: Path, pages: list[str]) -> list[Article]:
    """Return the pages of a built book.

    Args:
        site: the built HTML.
        pages: names below it, in reading order, without suffix.
    """
    names = {(site / f"{page}.html").resolve(): name_of(page) for page in pages}
    found = [_article(site / f"{page}.html", names, 2 if "/" in _inside_the_book(page) else 1) for page in pages]
    wanted = {link["href"][1:] for article in found for link in article.content.find_all("a", href=re.compile("^#"))}
    for article in found:
        _keep_targets(article, wanted)
    return found


def _article(file: Path, names: dict[Path, str], level: int) -> Article:
    """Read one page."""
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    content = soup.select_one("article.bd-article")
    for tag in content.select(NOT_FOR_PAPER):
        tag.decompose()
    _open_folds(soup, content)
    _settle_interactive(soup, content)
    name = names[file.resolve()]
    for tag in content.find_all(True):
        for attribute in (key for key in LOADING if key in tag.attrs):
            del tag[attribute]
        if tag.get("id"):
            tag["id"] = place(name, tag["id"])
        if tag.name == "img":
            tag["src"] = str((file.parent / unquote(tag["src"])).resolve())
    for link in content.find_all("a"):
        _settle_link(link, file, names)
    title = " ".join(content.find("h1").get_text().split())
    if level > 1:
        _lower_headings(content)
    return Article(name, title, content, level)


def _lower_headings(content: Tag) -> None:
    """Make the headings of a chapter's page those of a section."""
    for heading in content.find_all(re.compile("^h[1-5]$")):
        heading.name = f"h{int(heading.name[1]) + 1}"


def place(page: str, anchor: str = "") -> str:
    """Return the id that a place of a page has in an edition."""
    return f"{page}--{re.sub(r'[^A-Za-z0-9_.-]', '-', anchor)}" if anchor else page


def _open_folds(soup: BeautifulSoup, content: Tag) -> None:
    """Show what a page folds."""
    for fold in content.find_all("details"):
        summary = fold.find("summary")
        if "hide" in fold.get("class", []):
            summary.decompose()
        else:
            summary.name = "p"
            summary["class"] = "fold-title"
        fold.name = "div"
        if not fold.get_text(strip=True) and not fold.find("img"):
            fold.decompose()


def _settle_interactive(soup: BeautifulSoup, content: Tag) -> None:
    """Leave of an interactive element the text inside it, which stands for it on paper."""
    for picture in content.select(".visual"):
        title = soup.new_tag("p", attrs={"class": "fold-title"})
        title.string = "To try in the browser edition"
        picture.insert(0, title)
    for tag in content.find_all(lambda tag: "-" in tag.name or tag.name == "noscript"):
        if tag.get_text(strip=True) or tag.find("img"):
            tag.name = "div"
            tag.attrs = {"class": "on-paper"}
        else:
            tag.decompose()
    for tag in content.find_all(("input", "select", "textarea", "canvas", "progress")):
        tag.decompose()


def _settle_link(link: Tag, file: Path, names: dict[Path, str]) -> None:
    """Let a link lead into the edition or to another site, or make it plain text."""
    parts = urlsplit(link.get("href", ""))
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file.resolve()
    if parts.scheme in ("http", "https", "mailto"):
        return
    if link.get("href") and target in names:
        link["href"] = "#" + place(names[target], unquote(parts.fragment))
    elif link.get("id"):
        link.name = "span"
        link.attrs = {"id": link["id"]}
    else:
        link.unwrap()


def _keep_targets(article: Article, wanted: set[str]) -> None:
    """Keep the ids that links lead to, each once, and those of headings."""
    seen = {article.name}
    for tag in article.content.find_all(id=True):
        holds_heading = tag.name == "section" and tag.find(("h1", "h2", "h3", "h4"), recursive=False)
        if tag["id"] in seen or not (holds_heading or tag["id"] in wanted):
            del tag["id"]
        else:
            seen.add(tag["id"])
    article.content.attrs = {"id": article.name} | ({"class": "page-of-chapter"} if article.level > 1 else {})
    article.content.name = "section"


def headings(article: Article) -> list[tuple[int, str, str]]:
    """Return level (1 to 3), text and id of an article's title and sections."""
    found = [(article.level, article.title, article.name)]
    for heading in article.content.find_all(f"h{article.level + 1}"):
        section = heading.find_parent("section")
        if section is not None and section.get("id"):
            found.append((article.level + 1, " ".join(heading.get_text().split()), section["id"]))
    return found
