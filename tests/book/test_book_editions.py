"""The editions in one file: the articles they are made of, the EPUB's structure, the PDF's pages."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "editions"))
articles = importlib.import_module("articles")
epub = importlib.import_module("epub")
pdf = importlib.import_module("pdf")

OPF, DC, XHTML = "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
pytestmark = pytest.mark.timeout(1200)

PAGE = """<html><body><article class="bd-article"><section id="top"><h1>One<a class="headerlink" href="#top">#</a></h1>
<p>See <a href="two.html#there">there</a>, <a href="#top">here</a>, <a href="https://example.org/">outside</a>,
<a href="../downloads/a.zip">a file</a>.</p>
<img class="figure-light" src="../_images/a.svg" alt="A." loading="lazy"/><img class="figure-dark" src="../_images/a-dark.svg" alt="A."/>
<details class="admonition hide above-input"><summary>Show</summary><div class="cell_input">drawing code</div></details>
<details><summary>Why?</summary><p>Because.</p></details>
<div class="visual"><a-picture name="x"></a-picture><div class="visual-caption"><p>What is to be seen.</p></div></div>
<self-check data-id="q"><p>What is 2 + 2?</p><button>Check</button><input/></self-check>
</section></article></body></html>"""
TWO = '<html><body><article class="bd-article"><section id="two"><h1>Two</h1><h2 id="there">x</h2></section></article></body></html>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a built book of two small pages."""
    (tmp_path / "book").mkdir()
    (tmp_path / "book/one.html").write_text(PAGE)
    (tmp_path / "book/two.html").write_text(TWO)
    return tmp_path


# The articles


def test_article_keeps_text_and_light_figure_alone(site):
    one = articles.articles(site, ["book/one", "book/two"])[0]
    assert (one.name, one.title) == ("one", "One")
    assert [image["src"] for image in one.content.find_all("img")] == [str(site / "_images/a.svg")]
    assert "drawing code" not in one.content.get_text() and "#" not in one.content.find("h1").get_text()
    assert not one.content.find_all(("button", "input", "details", "script"))


def test_answers_stand_open_and_interactive_parts_leave_their_text(site):
    text = articles.articles(site, ["book/one", "book/two"])[0].content.get_text()
    for kept in ("Why?", "Because.", "To try in the browser edition", "What is to be seen.", "What is 2 + 2?"):
        assert kept in text
    assert "Check" not in text


def test_links_lead_into_the_edition_or_outside_it(site):
    one, two = articles.articles(site, ["book/one", "book/two"])
    assert [link["href"] for link in one.content.find_all("a")] == ["#two--there", "#one--top", "https://example.org/"]
    assert two.content.find(id="two--there") and one.content["id"] == "one"
    assert "a file" in one.content.get_text()


# The EPUB


@pytest.fixture(scope="module")
def book_epub(book, tmp_path_factory) -> Path:
    """Return the EPUB of this checkout's book."""
    return epub.make(book, tmp_path_factory.mktemp("epub"))


@pytest.fixture(scope="module")
def parts(book_epub) -> dict[str, bytes]:
    with zipfile.ZipFile(book_epub) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_archive_begins_with_its_kind_uncompressed(book_epub):
    with zipfile.ZipFile(book_epub) as zipped:
        first = zipped.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert zipped.read("mimetype") == b"application/epub+zip"


def test_container_names_the_package(parts):
    rootfile = ElementTree.fromstring(parts["META-INF/container.xml"]).find(".//{*}rootfile")
    assert rootfile.get("full-path") in parts
    assert rootfile.get("media-type") == "application/oebps-package+xml"


def test_manifest_lists_every_file_once(parts):
    package = ElementTree.fromstring(parts["book/content.opf"])
    listed = [f"book/{item.get('href')}" for item in package.iter(f"{OPF}item")]
    assert len(listed) == len(set(listed))
    assert set(listed) == parts.keys() - {"mimetype", "META-INF/container.xml", "book/content.opf"}
    ids = [item.get("id") for item in package.iter(f"{OPF}item")]
    assert len(ids) == len(set(ids))
    assert {reference.get("idref") for reference in package.iter(f"{OPF}itemref")} <= set(ids)


def test_package_has_what_the_standard_asks(parts):
    package = ElementTree.fromstring(parts["book/content.opf"])
    assert package.get("version") == "3.0"
    for name in ("identifier", "title", "language"):
        assert package.find(f".//{DC}{name}").text
    modified = next(meta for meta in package.iter(f"{OPF}meta") if meta.get("property") == "dcterms:modified")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified.text)
    assert [item.get("href") for item in package.iter(f"{OPF}item") if item.get("properties") == "nav"] == ["nav.xhtml"]


def test_every_page_is_well_formed_and_every_link_resolves(parts):
    pages = {name: ElementTree.fromstring(data) for name, data in parts.items() if name.endswith(".xhtml")}
    ids = {name: [element.get("id") for element in page.iter() if element.get("id")] for name, page in pages.items()}
    assert all(len(found) == len(set(found)) for found in ids.values())
    broken = []
    for name, page in pages.items():
        for element in page.iter():
            address = element.get("href") if element.tag in (f"{XHTML}a", f"{XHTML}link") else element.get("src")
            if address and not address.startswith(("http", "mailto:")):
                path, _, anchor = address.partition("#")
                target = str(PurePosixPath(name).parent / path) if path else name
                if target not in parts or (anchor and anchor not in ids[target]):
                    broken.append((name, address))
    assert broken == []


def test_formulas_are_mathml_and_nothing_runs(parts):
    pages = [ElementTree.fromstring(data) for name, data in parts.items() if name.endswith(".xhtml")]
    assert sum(len(list(page.iter(f"{MATHML}math"))) for page in pages) > 500
    text = b"".join(data for name, data in parts.items() if name.endswith(".xhtml")).decode()
    for absent in ('class="katex', "<script", "<button", "<input", "<svg", "onclick", "annotation"):
        assert absent not in text
    assert not re.search(r"<[a-z]+-[a-z-]+[ >]", text)


def test_pages_that_hold_formulas_say_so(parts):
    package = ElementTree.fromstring(parts["book/content.opf"])
    for item in package.iter(f"{OPF}item"):
        if item.get("media-type") == "application/xhtml+xml" and item.get("properties") != "nav":
            holds = b"<math" in parts[f"book/{item.get('href')}"]
            assert (item.get("properties") == "mathml") == holds


def test_every_picture_has_a_text_and_is_a_light_one(parts):
    for name, data in parts.items():
        if name.endswith(".xhtml"):
            images = list(ElementTree.fromstring(data).iter(f"{XHTML}img"))
            assert [image.get("src") for image in images if not image.get("alt") or "-dark" in image.get("src")] == []


def test_navigation_lists_every_page_in_order(book, parts):
    links = [link.get("href") for link in ElementTree.fromstring(parts["book/nav.xhtml"]).iter(f"{XHTML}a")]
    assert [link for link in links if "#" not in link] == [f"{articles.name_of(page)}.xhtml" for page in book.pages]


def test_navigation_puts_a_chapters_pages_below_it_and_their_sections_below_them():
    places = [(1, "A & B", "a.xhtml"), (2, "First", "a-first.xhtml"), (3, "Part", "a-first.xhtml#p"), (1, "C", "c.xhtml")]
    part = '<ol><li><a href="a-first.xhtml#p">Part</a></li></ol>'
    first = f'<ol><li><a href="a-first.xhtml">First</a>{part}</li></ol>'
    assert epub.entries_of(places, 1) == f'<ol><li><a href="a.xhtml">A &amp; B</a>{first}</li><li><a href="c.xhtml">C</a></li></ol>'


def test_the_same_book_makes_the_same_bytes(book, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert epub.make(book, tmp_path / "a").read_bytes() == epub.make(book, tmp_path / "b").read_bytes()


# The PDF


@pytest.fixture(scope="module")
def book_pdf(book, tmp_path_factory) -> PdfReader:
    """Return the PDF of this checkout's book."""
    if not any(map(shutil.which, pdf.PROGRAMS)):
        pytest.skip("no Chromium or Chrome is installed")
    return PdfReader(pdf.make(book, tmp_path_factory.mktemp("pdf")))


@pytest.fixture(scope="module")
def texts(book_pdf) -> list[str]:
    """Return the text of each page of the PDF."""
    return [page.extract_text() for page in book_pdf.pages]


def test_contents_lead_to_the_right_pages(texts):
    first = next(number for number, text in enumerate(texts) if text.lstrip().startswith("Contents"))
    listed = re.findall(r"^(\d\. .+?) ?(\d+)$", "\n".join(texts[first : first + 8]), re.MULTILINE)
    assert len(listed) >= 7
    for title, page in listed:
        assert title.split()[-1] in texts[int(page) - 1], title


def test_bookmarks_name_every_chapter(book, book_pdf):
    titles = [entry.title for entry in book_pdf.outline if not isinstance(entry, list)]
    nested = [entry.title for entries in book_pdf.outline if isinstance(entries, list) for entry in entries if not isinstance(entry, list)]
    shown = " ".join([*titles, *nested])
    for article in articles.articles(book.html, book.pages):
        assert article.title in shown


def test_pages_are_numbered_and_none_is_empty(book_pdf, texts):
    assert len(texts) > 100
    assert [number for number, text in enumerate(texts, 1) if not re.search(rf"^\s*{number}\s*$", text, re.MULTILINE)] == []
    assert [
        number
        for number, text in enumerate(texts, 1)
        if len(text.split()) < 3 and "/XObject" not in book_pdf.pages[number - 1]["/Resources"]
    ] == []


def test_answers_are_printed_and_title_and_language_are_set(book_pdf, texts):
    assert "\n".join(texts).count("Solution to") > 50
    assert book_pdf.metadata.title == "Convolutional Networks"
    assert book_pdf.trailer["/Root"]["/Lang"] == "en"
    assert book_pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_missing_browser_is_said(book, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    with pytest.raises(FileNotFoundError, match="printed by Chromium, which is not installed"):
        pdf.make(book, tmp_path)
