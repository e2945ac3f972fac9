"""The page of versions and run times, and the buttons that open a chapter elsewhere."""

from __future__ import annotations

import importlib
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from jupyter_cache import get_cache

from autograder.chapters import chapters, source_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
versions = importlib.import_module("versions")
run_times = importlib.import_module("run_times")
launch_links = importlib.import_module("launch_links")

pytestmark = pytest.mark.timeout(900)


def rows(book, heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading of the built page."""
    soup = BeautifulSoup((book.html / "book/versions.html").read_text(encoding="utf-8"), "html.parser")
    table = soup.find("section", id=heading).find("table")
    return [[" ".join(cell.get_text().split()) for cell in row.find_all("td")] for row in table.select("tbody tr")]


def test_versions_are_those_of_the_environment(book):
    shown = {package: number for _, package, number in rows(book, "versions")}
    assert shown.pop("Python") == platform.python_version()
    assert shown == {package: version(package) for package in shown}
    assert {"numpy", "torch", "torchvision", "matplotlib", "jupyter-book"} <= shown.keys()


def test_direct_dependencies_shown_are_pinned(book):
    lock = (ROOT / "requirements.lock").read_text()
    for _, package, number in rows(book, "versions"):
        assert package == "Python" or re.search(rf"^{re.escape(package)}=={re.escape(number)}\b", lock, re.MULTILINE), package


def test_every_chapter_has_the_time_of_its_run(book):
    shown = dict(rows(book, "run-times"))
    assert len(shown) == len(chapters())
    for chapter in chapters().values():
        seconds = sum(run_times.seconds_of(notebook, book.output / ".jupyter_cache") for notebook in chapter.notebooks())
        assert shown[versions.title_of(source_of(chapter.opening))] == f"{seconds:.0f}"


def test_chapter_that_never_ran_has_no_time(tmp_path):
    notebook = tmp_path / "new.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), notebook)
    get_cache(tmp_path / "cache").db.dispose()
    assert run_times.seconds_of(notebook, tmp_path / "cache") is None


# Buttons


def test_without_a_repository_there_are_no_services():
    assert launch_links.services("", {"binderhub_url": "https://hub.example"}) == {}


def test_repository_on_github_has_binder_with_jupyterlab_and_colab():
    found = launch_links.services("https://github.com/a/b", {"binderhub_url": "", "jupyterhub_url": ""})
    assert found == {"notebook_interface": "jupyterlab", "binderhub_url": launch_links.BINDER, "colab_url": launch_links.COLAB}


def test_colab_is_left_out_where_it_cannot_read():
    assert "colab_url" not in launch_links.services("https://gitlab.com/a/b", {})


def test_named_services_win():
    found = launch_links.services("https://github.com/a/b", {"binderhub_url": "https://hub.example"})
    assert found["binderhub_url"] == "https://hub.example"


def test_no_button_opens_a_chapter_elsewhere_while_no_repository_is_set(book):
    for page in book.html.glob("book/**/*.html"):
        text = page.read_text(encoding="utf-8")
        assert "launch-buttons" not in text and launch_links.BINDER not in text and launch_links.COLAB not in text
