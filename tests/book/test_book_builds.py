"""A small book built for real: warnings and assets of other hosts fail the build, a repository brings its buttons."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
build = sys.modules["book_build"]  # conftest.py has loaded it

pytestmark = pytest.mark.timeout(900)

NOTEBOOK = """{"cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Chapter\\n", "\\n", "Text."]},
{"cell_type": "code", "id": "sum", "metadata": {}, "execution_count": null, "outputs": [], "source": ["print(1 + 1)"]},
{"cell_type": "code", "id": "line", "metadata": {"mystnb": {"image": {"alt": "A line."}}}, "execution_count": null, "outputs": [],
"source": ["import matplotlib.pyplot as plt\\n", "_ = plt.plot([1, 2])"]}],
"metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """Return a checkout that holds the book's machinery, one page and one chapter."""
    root = tmp_path_factory.mktemp("small")
    for folder in ("book/_ext", "book/_static"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("book/palette.py", "book/references.bib", "_config.yml", "LICENSE", "LICENSE-TEXT", "data/PROVENANCE.md"):
        (root / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    config = (root / "_config.yml").read_text()
    (root / "_config.yml").write_text(
        config.replace("  config:\n", "  config:\n    pyrun_engine: none\n", 1) if "pyrun_engine" not in config else config
    )
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/intro\nchapters:\n- file: book/chapter\n")
    (root / "book/chapter.ipynb").write_text(NOTEBOOK)
    write(root)
    return root


def write(root: Path, text: str = "") -> None:
    """Write the introduction, with some text at its end."""
    (root / "book/intro.md").write_text(f"# A book\n\nSee {{doc}}`chapter`.\n\n{text}\n")


@pytest.fixture
def book_of(small: Path, monkeypatch: pytest.MonkeyPatch):
    """Builds the small book with a text in its introduction, in a shell that keeps matplotlib from showing figures; afterwards it is as before."""
    monkeypatch.setenv("MPLBACKEND", "agg")

    def make(text: str = ""):
        write(small, text)
        made = build.Book(small)
        made.build()
        return made

    yield make
    write(small)


def test_good_book_is_built_and_runs_its_chapter(book_of):
    made = book_of()
    page = (made.html / "book/chapter.html").read_text()
    assert "<pre><span></span>2\n</pre>" in page
    assert 'alt="A line."' in page
    assert (made.html / "downloads/chapter-chapter.zip").exists()
    assert made.build() is False


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://cdn.example/cat.png" alt="A cat.">',
        '<script src="//cdn.example/x.js"></script>',
        "<style>@import 'https://cdn.example/x.css';</style>",
    ],
    ids=["picture", "script", "style"],
)
def test_asset_of_another_host_fails_the_build(book_of, text):
    with pytest.raises(build.BuildError, match=r"book/intro\.html loads .*cdn\.example.* from outside"):
        book_of(text)


@pytest.mark.parametrize(
    "text", ["See {doc}`nowhere`.", "{term}`unknown word`", "```{nodirective}\n```"], ids=["link", "term", "directive"]
)
def test_warning_fails_the_build(book_of, text):
    with pytest.raises(build.BuildError, match="Jupyter Book failed"):
        book_of(text)


def test_failed_build_does_not_count_as_done(small, book_of):
    with pytest.raises(build.BuildError):
        book_of("See {doc}`nowhere`.")
    write(small)
    assert build.Book(small).build() is True


def test_repository_brings_its_buttons_and_without_it_there_are_none(small, book_of):
    config = (small / "_config.yml").read_text()
    assert "launch-buttons" not in (book_of().html / "book/chapter.html").read_text()
    try:
        (small / "_config.yml").write_text(config.replace('  url: ""\n', "  url: https://github.com/someone/course\n", 1))
        chapter = (book_of().html / "book/chapter.html").read_text()
    finally:
        (small / "_config.yml").write_text(config)
    for address in (
        "https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/book/chapter.ipynb",
        "https://colab.research.google.com/github/someone/course/blob/main/book/chapter.ipynb",
        "http://localhost:8888/lab/tree/book/chapter.ipynb",
        "https://github.com/someone/course",
    ):
        assert f'href="{address}"' in chapter
