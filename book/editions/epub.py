"""One EPUB 3 of the whole book: `make epub` → `_build/epub/book.epub`.

The built pages become XHTML, formulas MathML, figures stay SVG. The same pages make the same bytes.
"""

from __future__ import annotations

import html
import os
import sys
import time
import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import yaml
from articles import Article, articles, headings
from bs4 import Tag

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book"))

from build import Book  # noqa: E402  (its folder has just been made known)

MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>{body}</body>
</html>
"""


def with_mathml(content: Tag) -> None:
    """Replace each formula's drawing by its MathML, without the TeX that readers would print."""
    for formula in content.select("span.katex"):
        math = formula.find("math").extract()
        for annotation in math.find_all("annotation"):
            annotation.decompose()
        for semantics in math.find_all("semantics"):
            semantics.unwrap()
        formula.replace_with(math)
    for display in content.select("span.katex-display"):
        display.unwrap()


def with_own_pictures(content: Tag, pictures: dict[str, Path]) -> None:
    """Let pictures lie in the archive; they are added to `pictures`: name and file."""
    for image in content.find_all("img"):
        file = Path(image["src"])
        name = f"images/{file.name}"
        pictures[name] = file
        image["src"] = name
        for size in ("width", "height"):
            image.attrs.pop(size, None)


def with_links_between_files(content: Tag, files: dict[str, str]) -> None:
    """Let links lead to the file that holds their target."""
    for link in content.find_all("a", href=True):
        if link["href"].startswith("#"):
            page = link["href"][1:].partition("--")[0]
            link["href"] = f"{files[page]}{link['href']}"


def as_xhtml(article: Article) -> str:
    """Return an article as an XHTML page."""
    for tag in article.content.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if not name.startswith(("data-", "aria-")) and name != "align"}
    return PAGE.format(title=html.escape(article.title), body=article.content.decode(formatter="minimal"))


def navigation(chapters: list[Article], title: str) -> str:
    """Return the table of contents that readers show."""
    body = f'<nav epub:type="toc" id="toc"><h1>Contents</h1>{entries_of(places(chapters), 1)}</nav>'
    return PAGE.format(title=escape(title), body=body)


def places(articles: list[Article]) -> list[tuple[int, str, str]]:
    """Return level, text and address of all headings, in reading order."""
    found = []
    for article in articles:
        for number, (level, text, anchor) in enumerate(headings(article)):
            found.append((level, text, f"{article.name}.xhtml" + (f"#{anchor}" if number else "")))
    return found


def entries_of(found: list[tuple[int, str, str]], level: int) -> str:
    """Return a list of the headings of a level, each with a list of those below it."""
    starts = [number for number, place in enumerate(found) if place[0] == level]
    items = []
    for start, stop in zip(starts, [*starts, len(found)][1:], strict=True):
        _, text, address = found[start]
        items.append(f'<li><a href="{address}">{escape(text)}</a>{entries_of(found[start + 1 : stop], level + 1)}</li>')
    return f"<ol>{''.join(items)}</ol>" if items else ""


def package(config: dict[str, str], items: dict[str, tuple[str, str]], order: list[str]) -> str:
    """Return the file that lists the archive's content.

    Args:
        config: `_config.yml`.
        items: file name → media type and properties.
        order: file names in reading order.
    """
    moment = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    ids = {name: f"item-{number}" for number, name in enumerate(items)}
    manifest = "\n".join(
        f'<item id="{ids[name]}" href="{name}" media-type="{kind}"' + (f' properties="{properties}"/>' if properties else "/>")
        for name, (kind, properties) in items.items()
    )
    spine = "".join(f'<itemref idref="{ids[name]}"/>' for name in order)
    title, author = escape(config["title"]), escape(config["author"])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="book-id">urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, config["title"])}</dc:identifier>
<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>en</dc:language>
<dc:rights>Text and figures CC BY 4.0, code MIT</dc:rights>
<meta property="dcterms:modified">{moment}</meta>
<meta property="schema:accessMode">textual</meta><meta property="schema:accessMode">visual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>{spine}</spine>
</package>
"""


def style_sheet(site: Path) -> str:
    """Return the style of the pages, with the colours of code on light ground."""
    own = (Path(__file__).parent / "reader.css").read_text(encoding="utf-8")
    rules = (site / "_static" / "pygments.css").read_text(encoding="utf-8").splitlines()
    light = 'html[data-theme="light"] '
    return "\n".join([own, *(rule.removeprefix(light) for rule in rules if rule.startswith(f"{light}.highlight .")), ""])


def archive(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files in the order of an EPUB: the kind of archive first, then what lists the rest."""
    first = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER.encode()}
    return {**first, **{f"book/{name}": files[name] for name in sorted(files)}}


def write(target: Path, files: dict[str, bytes]) -> None:
    """Write the archive; its first entry is not compressed, as the standard asks."""
    with zipfile.ZipFile(target, "w") as zipped:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED, 9)


def make(book: Book, folder: Path) -> Path:
    """Make the EPUB and return its file.

    Args:
        book: already built.
        folder: where it is to be; created if need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((book.root / "_config.yml").read_text(encoding="utf-8"))
    chapters = articles(book.html, book.pages)
    order = {chapter.name: f"{chapter.name}.xhtml" for chapter in chapters}
    pictures: dict[str, Path] = {}
    files = {"style.css": style_sheet(book.html).encode()}
    items = {"nav.xhtml": ("application/xhtml+xml", "nav"), "style.css": ("text/css", "")}
    for chapter in chapters:
        with_mathml(chapter.content)
        with_own_pictures(chapter.content, pictures)
        with_links_between_files(chapter.content, order)
        files[order[chapter.name]] = as_xhtml(chapter).encode()
        items[order[chapter.name]] = ("application/xhtml+xml", "mathml" if chapter.content.find("math") else "")
    for name, file in pictures.items():
        files[name] = file.read_bytes()
        items[name] = (TYPES[file.suffix], "")
    files["nav.xhtml"] = navigation(chapters, config["title"]).encode()
    files["content.opf"] = package(config, items, ["nav.xhtml", *order.values()]).encode()
    target = folder / "book.epub"
    write(target, archive(files))
    return target


def main() -> None:
    """Make the EPUB of this checkout's book and say where it is."""
    file = make(Book(), ROOT / "_build" / "epub")
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
