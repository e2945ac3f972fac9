"""The book: its build command, the checks of its pages, and the built pages."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from autograder.chapters import chapters
from autograder.checking.sections import anchor, headings_by_page

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"

# The first test that needs the book may have to build it.
pytestmark = pytest.mark.timeout(900)


build = sys.modules["book_build"]  # conftest.py has loaded it
checks = build.page_checks
local_katex = importlib.import_module("local_katex")
addresses = importlib.import_module("addresses")


@pytest.fixture(scope="session")
def pages(book) -> list:
    """Return the parsed pages of the built book."""
    return checks.read_pages(book.html)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a book of one good page in a folder of its own."""
    html = tmp_path / "_build" / "html"
    html.mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: intro\n")
    (html / "intro.html").write_text("<h1 id='top'>A book</h1><a href='#top'>up</a>")
    return html


def sources() -> dict[str, str]:
    """Return the text of every page of the book: Markdown, or a notebook's text cells."""
    texts = {}
    for page in build.toc_pages(ROOT / "_toc.yml"):
        file = next(f for f in (ROOT / f"{page}.md", ROOT / f"{page}.ipynb") if f.exists())
        if file.suffix == ".md":
            texts[page] = file.read_text(encoding="utf-8")
        else:
            cells = nbformat.read(file, as_version=4).cells
            texts[page] = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return texts


# The table of contents


def test_pages_are_found_at_every_depth(tmp_path):
    toc = tmp_path / "_toc.yml"
    toc.write_text(
        "root: intro\nparts:\n- chapters:\n  - file: one.md\n    sections:\n    - file: one/a.ipynb\n"
        "  - url: https://example.org\n  - file: two\n"
    )
    assert build.toc_pages(toc) == ["intro", "one", "one/a", "two"]


def test_every_page_of_the_contents_has_a_source():
    assert set(sources()) == set(build.toc_pages(ROOT / "_toc.yml"))


def test_introduction_lists_the_chapters_of_the_contents_in_their_order():
    rows = re.findall(r"^\| (\d+) \| \{doc\}`[^<]+<([\w/]+)>` \|", sources()["book/intro"], re.MULTILINE)
    openings = [chapter.opening for chapter in chapters().values()]
    assert [(number, f"book/{link}") for number, link in rows] == [(str(n), page) for n, page in enumerate(openings, 1)]


# What the sources refer to


def test_every_linked_term_is_in_the_glossary():
    glossary = sources()["book/glossary"]
    body = re.search(r"```\{glossary\}\n(.*?)```", glossary, re.DOTALL)[1]
    terms = {line.strip().lower() for line in body.splitlines() if re.match(r"[^\s:]", line)}
    linked = {
        (page, re.sub(r".*<(.+)>", r"\1", term, flags=re.DOTALL).replace("\n", " ").lower())
        for page, text in sources().items()
        for term in re.findall(r"\{term\}`([^`]+)`", text)
    }
    assert linked
    assert {link for link in linked if link[1] not in terms} == set()


def test_every_cited_work_is_in_the_bibliography():
    keys = set(re.findall(r"^@\w+\{([^,]+),", (BOOK / "references.bib").read_text(), re.MULTILINE))
    cited = {
        key.strip()
        for text in sources().values()
        for keys_of_one in re.findall(r"\{cite:?\w*\}`([^`]+)`", text)
        for key in keys_of_one.split(",")
    }
    assert cited
    assert cited - keys == set()


def test_feedback_shown_to_students_has_the_right_numbers():
    x = np.array([[4, 5, 8, 7], [1, 8, 8, 8], [3, 6, 6, 4], [6, 5, 7, 8]])
    w = np.array([[1, 4, 1], [1, 4, 3], [3, 3, 1]])
    # First window: 4*1+5*4+8*1 + 1*1+8*4+8*3 + 3*3+6*3+6*1 = 122
    expected, received = correlate2d(x, w, "valid"), convolve2d(x, w, "valid")
    text = sources()["book/how_to_use"]
    assert f"expected {expected.tolist()}, received {received.tolist()}" in text


def test_every_data_file_has_a_provenance():
    told = (ROOT / "data" / "PROVENANCE.md").read_text(encoding="utf-8")
    files = [file for file in (ROOT / "data").iterdir() if file.suffix != ".md"]
    assert [file.name for file in files if f"`data/{file.name}`" not in told] == []


# What a page loads from elsewhere

EXTERNAL = {
    "script": '<script src="https://cdn.example/x.js"></script>',
    "protocol-relative script": '<script src="//cdn.example/x.js"></script>',
    "backslashes": '<script src="\\\\cdn.example/x.js"></script>',
    "newline inside": '<script src="ht\ntps://cdn.example/x.js"></script>',
    "upper case": '<IMG SRC="HTTPS://cdn.example/x.png" alt="x">',
    "module import": '<script type="module">import x from "https://cdn.example/x.mjs";</script>',
    "dynamic import": '<script>import("//cdn.example/x.mjs")</script>',
    "fetch": "<script>fetch('https://cdn.example/x.json')</script>",
    "stylesheet": '<link rel="stylesheet" href="https://cdn.example/x.css">',
    "preload": '<link rel="preload" as="font" href="https://cdn.example/x.woff2">',
    "preconnect": '<link rel="preconnect" href="https://cdn.example">',
    "icon": '<link rel="shortcut icon" href="https://cdn.example/x.ico">',
    "img": '<img src="https://cdn.example/x.png" alt="x">',
    "srcset": '<img src="x.png" srcset="x.png 1x, https://cdn.example/x.png 2x" alt="x">',
    "srcset without spaces": '<img srcset="x.png 1x,//cdn.example/x.png 2x" alt="x">',
    "picture": '<picture><source srcset="https://cdn.example/x.avif 100w"></picture>',
    "iframe": '<iframe src="https://cdn.example/"></iframe>',
    "srcdoc": "<iframe srcdoc='<img src=\"https://cdn.example/x.png\">'></iframe>",
    "video": '<video poster="https://cdn.example/x.png"></video>',
    "object": '<object data="https://cdn.example/x.swf"></object>',
    "svg image": '<svg><image href="https://cdn.example/x.png"/></svg>',
    "svg xlink": '<svg><use xlink:href="https://cdn.example/x.svg#a"/></svg>',
    "base": '<base href="https://cdn.example/">',
    "refresh": '<meta http-equiv="refresh" content="0; url=https://cdn.example/">',
    "inline style": "<p style=\"background: url('https://cdn.example/x.png')\">x</p>",
    "style import": "<style>@import 'https://cdn.example/x.css';</style>",
    "style font": "<style>@font-face { font-family: x; src: url(//cdn.example/x.woff2) }</style>",
}


@pytest.mark.parametrize("markup", EXTERNAL.values(), ids=EXTERNAL)
def test_external_asset_of_a_page_is_found(site, markup):
    (site / "intro.html").write_text(markup)
    found = checks.external_assets(site)
    assert len(found) == 1
    assert found[0].startswith("intro.html loads ")
    assert "cdn.example" in found[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.css", "@import url(https://cdn.example/x.css);"),
        ("a.css", '@import "https://cdn.example/x.css" layer(base);'),
        ("a.css", "@media print { @supports (a: b) { p { background: url( //cdn.example/x ) } } }"),
        ("a.css", '@font-face { src: local("x"), url("https://cdn.example/x.woff2") }'),
        ("a.css", "p { background: image-set('https://cdn.example/x.png' 2x) }"),
        ("a.css", "p { background: u\\72l(https://cdn.example/x.png) }"),
        ("a.svg", '<svg><image xlink:href="https://cdn.example/x.png"/></svg>'),
        ("a.mjs", 'import x from "https://cdn.example/x.mjs"'),
        ("a.js", "new Worker('//cdn.example/x.js')"),
    ],
)
def test_external_asset_of_another_file_is_found(site, name, text):
    (site / "_static").mkdir()
    (site / "_static" / name).write_text(text)
    found = checks.external_assets(site)
    assert len(found) == 1
    assert found[0].startswith(f"_static/{name} loads ")


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://example.org/">an ordinary link</a>',
        '<link rel="canonical" href="https://example.org/">',
        '<link rel="license" href="https://example.org/">',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        '<script src="_static/x.js"></script>',
        "<style>/* @import 'https://cdn.example/x.css'; */ p { color: red }</style>",
        '<pre>&lt;script src="https://cdn.example/x.js"&gt;</pre>',
        "<style>p::after { content: 'https://example.org/' }</style>",
        '<svg><a href="https://example.org/">x</a></svg>',
    ],
)
def test_what_loads_nothing_from_outside_is_left_alone(site, markup):
    (site / "intro.html").write_text(markup)
    assert checks.external_assets(site) == []


def test_verification_names_every_problem(site):
    markup = '<script src="//cdn.example/x.js"></script><img src="gone.png"><a href="#gone">x</a>'
    (site / "intro.html").write_text(markup + '<span class="katex-error" title="KaTeX: bad">x</span>')
    book = build.Book(site.parents[1])
    with pytest.raises(build.BuildError, match="5 problems in ") as error:
        book.verify()
    for problem in ("//cdn.example/x.js from outside", "gone.png leads to no file", "#gone leads to",
                    "gone.png has no alternative text", "KaTeX: bad"):  # fmt: skip
        assert problem in str(error.value)


def test_missing_page_is_named(site):
    (site / "intro.html").unlink()
    with pytest.raises(build.BuildError, match=r"intro is in _toc\.yml, but intro\.html was not"):
        build.Book(site.parents[1]).verify()


def test_good_page_passes(site):
    build.Book(site.parents[1]).verify()


# The server that renders the maths

LISTENS_LATE = """
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[sys.argv.index("--socket") + 1])
time.sleep(0.3)
server.listen()
server.accept()[0].send(b"here")
"""


def fake_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let a Python program stand in for node."""
    node = tmp_path / "node"
    node.write_text(f"#!{sys.executable}\n{program}")
    node.chmod(0o755)
    monkeypatch.setattr(local_katex.katex, "NODEJS_BINARY", str(node))


def test_server_that_listens_late_is_waited_for(tmp_path, monkeypatch):
    fake_node(tmp_path, monkeypatch, LISTENS_LATE)
    process, connection = local_katex.start_server(tmp_path, 30)
    with process, connection:
        assert connection.recv(4) == b"here"


def test_server_that_ends_is_reported(tmp_path, monkeypatch):
    fake_node(tmp_path, monkeypatch, "raise SystemExit(1)")
    with pytest.raises(local_katex.katex.KaTeXError, match=r"no render server: .*node"):
        local_katex.start_server(tmp_path, 30)


def test_node_comes_with_the_environment():
    assert local_katex.node_binary().is_relative_to(sys.prefix)


# What is done again


def test_packages_are_the_same_whatever_was_imported(monkeypatch, tmp_path):
    before = build.installed_packages()
    (tmp_path / "vendored-1.0.dist-info").mkdir()
    (tmp_path / "vendored-1.0.dist-info/METADATA").write_text("Name: vendored\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)  # as setuptools does with the packages it brings along
    assert build.installed_packages() == before
    assert "numpy " in before


def test_what_pages_are_made_from_is_there_or_missed(tmp_path):
    """Whoever moves it is told; else a change would never reach the pages."""
    book = build.Book()
    with pytest.raises(build.BuildError, match=r"settings_.*\.py: pages are made from this, and there is nothing of it"):
        book.found("autograder/settings_*.py")
    assert [file.name for file in book.found("autograder/settings.py")] == ["settings.py"]
    assert book.state()


@pytest.fixture
def checkout(site: Path) -> Path:
    """Return the folder of a small book that was built before."""
    root = site.parents[1]
    for folder in ("book/_ext", "data", "_build/.doctrees", "_build/.jupyter_cache"):
        (root / folder).mkdir(parents=True)
    (root / "_config.yml").write_text("title: A book\n")
    (root / "data/digits.npz").write_bytes(b"0123456789")
    book = build.Book(root)
    book._forget(book.state())
    for folder in (".doctrees", ".jupyter_cache"):
        (root / "_build" / folder).mkdir(exist_ok=True)
    book._state.write_text(build.json.dumps(book.state()))
    return root


def left_after(root: Path) -> set[str]:
    """Return which of the build's memories survive the next build's start."""
    book = build.Book(root)
    book._forget(book.state())
    return {name for name in (".doctrees", ".jupyter_cache") if (book.output / name).exists()}


def test_changed_text_keeps_all_other_pages_and_results(checkout):
    (checkout / "book/intro.md").write_text("# Changed\n")
    assert left_after(checkout) == {".doctrees", ".jupyter_cache"}


def test_changed_data_run_all_chapters_again(checkout):
    (checkout / "data/digits.npz").write_bytes(b"9876543210")
    assert left_after(checkout) == set()


def test_changed_settings_read_all_pages_again_but_run_nothing(checkout):
    (checkout / "_config.yml").write_text("title: Another book\n")
    assert left_after(checkout) == {".jupyter_cache"}


def test_failed_build_reads_all_pages_again(checkout):
    (checkout / "_build/.book-state.json").unlink()
    assert left_after(checkout) == {".jupyter_cache"}


# The built book


def test_all_pages_are_built(book):
    assert checks.missing_pages(book.html, book.pages) == []
    assert len(book.pages) >= 6


def test_nothing_but_the_book_is_built(book, pages):
    listed = {f"{page}.html" for page in book.pages}
    forwards = {f"{page}.html" for page in addresses.forwards()}
    assert {page.name for page in pages} == listed | forwards | {"index.html", "genindex.html", "search.html"}


def test_second_build_has_nothing_to_do(book):
    assert book.build() is False


def test_no_asset_of_another_host(book, pages):
    assert checks.external_assets(book.html, pages) == []


def test_internal_links_resolve(pages):
    assert checks.broken_links(pages) == []


def test_sections_that_feedback_leads_to_are_in_the_built_pages(pages):
    """Whatever the checks may name: the anchor of every heading of every chapter."""
    built = {page.name: page for page in pages}
    for chapter in chapters():
        for page, titles in headings_by_page(chapter).items():
            missing = [title for title in titles if anchor(title) not in built[f"{page}.html"].anchors]
            assert missing == [], page


def test_every_picture_has_a_text(pages):
    assert checks.images_without_alt(pages) == []


def test_maths_is_rendered_without_scripts(book, pages):
    glossary = next(page for page in pages if page.name == "book/glossary.html")
    assert glossary.soup.find_all(class_="katex-html")
    assert glossary.soup.find_all("math")
    assert checks.maths_errors(pages) == []
    assert not [page.name for page in pages if "mathjax" in str(page.soup.head).lower()]


def test_nothing_hidden_is_published(book):
    checks_written = [line.strip() for file in (ROOT / "autograder/checks").glob("*.py") for line in file.read_text().splitlines()]
    hidden = ["BEGIN HIDDEN TESTS", "BEGIN SOLUTION", "BEGIN MARK SCHEME", *(x for x in checks_written if x.startswith("def test_"))]
    texts = [f for f in book.html.rglob("*") if f.suffix in {".html", ".js", ".md", ".ipynb", ".txt"}]
    guide = {  # shows where a hidden check is named, and an invented one; how a mark scheme is written
        "book/hidden_checks.html": "BEGIN HIDDEN TESTS", "_sources/book/hidden_checks.md": "BEGIN HIDDEN TESTS",
        "book/grading_by_hand.html": "BEGIN MARK SCHEME", "_sources/book/grading_by_hand.md": "BEGIN MARK SCHEME",
    }  # fmt: skip
    found = [
        (file.relative_to(book.html).as_posix(), word) for file in texts for word in hidden if word in file.read_text(encoding="utf-8")
    ]
    assert texts
    assert [(name, word) for name, word in found if word != guide.get(name)] == []


def test_no_button_leads_to_a_repository_that_is_not_set(pages):
    assert not [p.name for p in pages if p.soup.select("[class*='repository-button']")]
    assert not [p.name for p in pages if "executablebooks/jupyter-book" in str(p.soup)]


# In a browser


def test_pages_work_in_a_browser_on_a_telephone_without_network(book, tab):
    tab.set_viewport_size({"width": 375, "height": 800})
    wide = []
    for page in [*book.pages, "search", "genindex"]:
        tab.goto(f"/{page}.html", wait_until="load")
        width = tab.evaluate("document.documentElement.scrollWidth")
        wide += [(page, width)] if width > 375 else []
    assert wide == []
