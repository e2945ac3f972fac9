"""What must hold for the built book, checked on its HTML and CSS.

Every check takes the pages as parsed by `read_pages` and returns a list of
sentences, one a problem; an empty list means that all is well.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

import tinycss2
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

# A link of one of these kinds names another document; a browser loads nothing.
PASSIVE_LINKS = {
    "alternate", "author", "bookmark", "canonical", "help", "index",
    "license", "next", "prev", "search", "top", "up",
}  # fmt: skip
# Attributes that make a browser load something, whatever the element.
LOADING_ATTRIBUTES = ("src", "poster", "background", "data")
# In SVG, `href` of anything but a link loads.
SVG_LOADERS = ("image", "use", "feimage", "script", "pattern", "textpath")
# import "https://…", import("https://…"), importScripts(…), new Worker(…), fetch(…)
SCRIPT_LOADS = re.compile(
    r"""(?:\bimport\b[^;"'`]{0,200}?|\bfrom\s*|\bimportScripts\s*\(\s*|\bWorker\s*\(\s*|\bfetch\s*\(\s*)
        ["'`]((?:[a-z][a-z0-9+.-]*:)?//[^"'`\s]+)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Page:
    """One built page: its file, the site's folder, its parsed content."""

    path: Path
    site: Path
    soup: BeautifulSoup

    @property
    def name(self) -> str:
        """The page's path below the site, as a reader would write it."""
        return self.path.relative_to(self.site).as_posix()

    @cached_property
    def anchors(self) -> set[str]:
        """Every id and anchor name that a link may point to."""
        ids = {tag["id"] for tag in self.soup.find_all(id=True)}
        return ids | {tag["name"] for tag in self.soup.find_all("a", attrs={"name": True})}


def parse(markup: str) -> BeautifulSoup:
    """Parse HTML, or a drawing in SVG, which reads well enough as HTML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "html.parser")


def read_pages(site: Path) -> list[Page]:
    """Parse every HTML page below `site`."""
    files = sorted(site.rglob("*.html"))
    return [Page(file, site, parse(file.read_text(encoding="utf-8"))) for file in files if "_static" not in file.relative_to(site).parts]


def is_external(url: str) -> bool:
    """Tell whether a browser would leave the site to load `url`.

    Browsers drop tabs and newlines, and read a backslash as a slash.
    """
    cleaned = re.sub(r"[\t\r\n]", "", url).strip().replace("\\", "/")
    if cleaned.startswith("//"):
        return True
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", cleaned)
    return bool(scheme) and scheme[1].lower() not in {"data", "blob", "about", "javascript"}


def css_urls(css: str) -> Iterator[str]:
    """Yield the target of every `url()`, `src()` and `@import` of a stylesheet."""
    rules = tinycss2.parse_component_value_list(css, skip_comments=True)
    yield from _urls_of_tokens(rules)


def _urls_of_tokens(tokens: Iterable[tinycss2.ast.Node]) -> Iterator[str]:
    """Walk through blocks and functions; a string counts after @import and in url()."""
    importing = False
    for token in tokens:
        if token.type == "at-keyword":
            importing = token.lower_value == "import"
        elif token.type == "url" or (importing and token.type == "string"):
            yield token.value
        elif token.type == "function":
            if token.lower_name in {"url", "src", "image-set", "-webkit-image-set", "image"}:
                yield from (part.value for part in token.arguments if part.type == "string")
            yield from _urls_of_tokens(token.arguments)
        elif token.type in {"{} block", "() block", "[] block"}:
            yield from _urls_of_tokens(token.content)
        elif token == ";":
            importing = False


def srcset_urls(srcset: str) -> list[str]:
    """Return the addresses of a `srcset`, without their descriptors."""
    return [part.split()[0] for part in re.split(r",\s+|,(?=//|https?:)", srcset) if part.strip()]


def html_urls(soup: BeautifulSoup) -> Iterator[str]:
    """Yield every address that opening this page would load."""
    for tag in soup.find_all(True):
        yield from _tag_urls(tag)
        for name in ("srcset", "imagesrcset"):
            yield from srcset_urls(tag.get(name, ""))
        if tag.get("style"):
            yield from css_urls(tag["style"])
        if tag.get("srcdoc"):
            yield from html_urls(parse(tag["srcdoc"]))
        if tag.name == "style":
            yield from css_urls(tag.string or "")
        if tag.name == "script":
            yield from SCRIPT_LOADS.findall(tag.string or "")


def _tag_urls(tag: Tag) -> Iterator[str]:
    """Yield what the attributes of one element load."""
    for name in LOADING_ATTRIBUTES:
        if tag.get(name) and not (name == "data" and tag.name != "object"):
            yield tag[name]
    kinds = {kind.lower() for kind in tag.get("rel") or []}
    if tag.name == "link" and not (kinds and kinds <= PASSIVE_LINKS):
        yield tag.get("href", "")
    if tag.name in SVG_LOADERS or tag.name == "base":
        yield from (tag[name] for name in ("href", "xlink:href") if tag.get(name))
    if tag.name == "meta" and (tag.get("http-equiv") or "").lower() == "refresh":
        yield tag.get("content", "").partition("=")[2].strip("'\" ")


def external_assets(site: Path, pages: list[Page] | None = None) -> list[str]:
    """List whatever the pages, stylesheets, scripts and drawings load from elsewhere."""
    found = [(page.name, url) for page in pages or read_pages(site) for url in html_urls(page.soup)]
    for file in sorted(site.rglob("*")):
        found += [(file.relative_to(site).as_posix(), url) for url in _file_urls(file)]
    return [f"{name} loads {url} from outside" for name, url in found if is_external(url)]


def _file_urls(file: Path) -> list[str]:
    """Return the addresses that a stylesheet, module or drawing loads by itself."""
    kind = file.suffix.lower()
    if kind not in {".css", ".svg", ".mjs", ".js"}:
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    if kind == ".css":
        return list(css_urls(text))
    if kind == ".svg":
        return list(html_urls(parse(text)))
    return SCRIPT_LOADS.findall(text)


def missing_pages(site: Path, toc_pages: Iterable[str]) -> list[str]:
    """List the pages of the table of contents that were not built."""
    return [f"{page} is in _toc.yml, but {page}.html was not built" for page in toc_pages if not (site / f"{page}.html").is_file()]


def broken_links(pages: list[Page]) -> list[str]:
    """List links, pictures and scripts that lead to no file or no anchor of the site."""
    by_path = {page.path: page for page in pages}
    problems = []
    for page in pages:
        links = [tag["href"] for tag in page.soup.find_all("a", href=True)]
        for link in {*links, *html_urls(page.soup)}:
            if not is_external(link) and not re.match(r"[a-z]+:", link):
                problems += _broken(page, link, by_path)
    return problems


def _broken(page: Page, link: str, by_path: dict[Path, Page]) -> list[str]:
    """Return the problem of one internal link, if it has one."""
    parts = urlsplit(link)
    target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    if not target.is_file():
        return [f"{page.name}: {link} leads to no file"]
    anchor = unquote(parts.fragment)
    if anchor and target in by_path and anchor not in by_path[target].anchors:
        return [f"{page.name}: {link} leads to no anchor of that page"]
    return []


def images_without_alt(pages: list[Page]) -> list[str]:
    """List pictures without alternative text; `alt=""` is for the logo alone."""
    return [
        f"{page.name}: {image.get('src')} has no alternative text"
        for page in pages
        for image in page.soup.find_all("img")
        if not (image.get("alt") or "").strip() and "logo__image" not in image.get("class", [])
    ]


def maths_errors(pages: list[Page]) -> list[str]:
    """List the formulas that KaTeX could not read."""
    return [f"{page.name}: {error.get('title')}" for page in pages for error in page.soup.find_all(class_="katex-error")]
