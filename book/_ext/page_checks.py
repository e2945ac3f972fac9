"""What must hold for the built book, checked on its HTML and CSS.

Every check takes the pages from `read_pages` and returns a list of sentences, one a problem; an empty list means
that all is well. Reading a page takes a second, so what the checks need of it (its facts) is remembered in a file
under the hash of its content: after an edit only the changed pages are read.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

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
# A function, an escape or a rule: without one of them a style loads nothing.
LOADING_STYLE = re.compile(r"[(\\@]")


class Memory:
    """What was found in files, by the hash of their content.

    Args:
        file: where it is kept from one build to the next; None for this one only.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
        known = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else {}
        self.known: dict[str, Any] = known.get("facts", {}) if known.get("code") == self.code else {}
        self.used: dict[str, Any] = {}

    def get(self, data: bytes, find: Callable[[], Any]) -> Any:
        """Return what `find` finds in a file of this content, which is asked only once."""
        key = hashlib.sha256(data).hexdigest()
        if key not in self.known:
            self.known[key] = find()
        self.used[key] = self.known[key]
        return self.known[key]

    def save(self) -> None:
        """Keep what was asked for since the start."""
        if self.file:
            self.file.write_text(json.dumps({"code": self.code, "facts": self.used}), encoding="utf-8")


@dataclass(frozen=True)
class Page:
    """One built page: its file, the site's folder, its parsed content and the facts that checks need."""

    path: Path
    site: Path
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The page's path below the site, as a reader would write it."""
        return self.path.relative_to(self.site).as_posix()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed page."""
        return parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def facts(self) -> dict[str, list[str]]:
        """What the page loads, links to, offers as anchors, and where it fails."""
        return self.memory.get(self.path.read_bytes(), lambda: page_facts(self.soup))

    @property
    def anchors(self) -> set[str]:
        """Every id and anchor name that a link may point to."""
        return set(self.facts["anchors"])


def page_facts(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return what the checks need to know of a page."""
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    unnamed = [
        str(image.get("src"))
        for image in soup.find_all("img")
        if not (image.get("alt") or "").strip() and "logo__image" not in image.get("class", [])
    ]
    return {
        "loads": list(dict.fromkeys(html_urls(soup))),
        "links": sorted({tag["href"] for tag in soup.find_all("a", href=True)}),
        "anchors": sorted(ids | {tag["name"] for tag in soup.find_all("a", attrs={"name": True})}),
        "pictures without a text": unnamed,
        "maths errors": [str(error.get("title")) for error in soup.find_all(class_="katex-error")],
    }


def parse(markup: str) -> BeautifulSoup:
    """Parse HTML, or a drawing in SVG, which reads well enough as HTML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "html.parser")


def read_pages(site: Path, memory: Memory | None = None) -> list[Page]:
    """Return every HTML page below `site`; each is parsed when somebody asks for its content."""
    files = sorted(file for file in site.rglob("*.html") if "_static" not in file.relative_to(site).parts)
    return [Page(file, site, memory or Memory()) for file in files]


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
        if LOADING_STYLE.search(tag.get("style") or ""):  # thousands of formulas' styles have nothing of the kind
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


def external_assets(site: Path, pages: list[Page] | None = None, memory: Memory | None = None) -> list[str]:
    """List whatever the pages, stylesheets, scripts and drawings load from elsewhere."""
    memory = memory or Memory()
    found = [(page.name, url) for page in pages or read_pages(site, memory) for url in page.facts["loads"]]
    for file in sorted(site.rglob("*")):
        if file.suffix.lower() in {".css", ".svg", ".mjs", ".js"}:
            data = file.read_bytes()
            urls = memory.get(file.suffix.encode() + data, lambda data=data, file=file: _file_urls(file.suffix.lower(), data))
            found += [(file.relative_to(site).as_posix(), url) for url in urls]
    return [f"{name} loads {url} from outside" for name, url in found if is_external(url)]


def _file_urls(kind: str, data: bytes) -> list[str]:
    """Return the addresses that a stylesheet, module or drawing loads by itself."""
    text = data.decode("utf-8", errors="replace")
    if kind == ".css":
        urls = css_urls(text)
    elif kind == ".svg":
        urls = svg_urls(text)
    else:
        urls = SCRIPT_LOADS.findall(text)
    # A picture inside a drawing can be half a megabyte, and comes from nowhere else.
    return [url for url in dict.fromkeys(urls) if not url.startswith("data:")]


def svg_urls(text: str) -> Iterator[str]:
    """Yield every address that a drawing loads."""
    try:
        elements = list(ElementTree.fromstring(text).iter())
    except ElementTree.ParseError:  # a browser might still read it
        yield from html_urls(parse(text))
        return
    for element in elements:
        for name, value in element.attrib.items():
            name = name.rpartition("}")[2].lower()
            if name == "src" or (name == "href" and element.tag.rpartition("}")[2] != "a"):
                yield value
            elif LOADING_STYLE.search(value) and name != "d":
                yield from css_urls(value)
        if element.tag.rpartition("}")[2] == "style":
            yield from css_urls(element.text or "")
        elif element.tag.rpartition("}")[2] == "script":
            yield from SCRIPT_LOADS.findall(element.text or "")


def missing_pages(site: Path, toc_pages: Iterable[str]) -> list[str]:
    """List the pages of the table of contents that were not built."""
    return [f"{page} is in _toc.yml, but {page}.html was not built" for page in toc_pages if not (site / f"{page}.html").is_file()]


def broken_links(pages: list[Page]) -> list[str]:
    """List links, pictures and scripts that lead to no file or no anchor of the site."""
    by_path = {page.path: page for page in pages}
    problems = []
    for page in pages:
        for link in {*page.facts["links"], *page.facts["loads"]}:
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
    return [f"{page.name}: {name} has no alternative text" for page in pages for name in page.facts["pictures without a text"]]


def maths_errors(pages: list[Page]) -> list[str]:
    """List the formulas that KaTeX could not read."""
    return [f"{page.name}: {error}" for page in pages for error in page.facts["maths errors"]]
