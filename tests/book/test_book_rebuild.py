"""After an edit to one chapter's text the book is soon up to date again, and only what changed is done."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.chapters import chapters

ROOT = Path(__file__).resolve().parents[2]
SHARE = 0.5  # of the processor time that all pages take, with the chapters' runs at hand: what an edit may take at most
pytestmark = pytest.mark.timeout(1800)


def build(root: Path) -> float:
    """Build a checkout's book; return the processor time that took, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "book/build.py"], cwd=root, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.fixture(scope="module")
def copy(book, tmp_path_factory) -> tuple[Path, float]:
    """Return another checkout with a built book, and the processor time that all its pages took."""
    root = tmp_path_factory.mktemp("copy") / "course"
    skipped = shutil.ignore_patterns(".git", ".venv", "__pycache__", "tested", "stamps", "html", ".doctrees", "pdf", "epub")
    shutil.copytree(ROOT, root, ignore=skipped, symlinks=True)
    return root, build(root)


def edited(root: Path, page: str) -> float:
    """Add a sentence to a page and build; return the processor time that took, in seconds."""
    file = root / f"{page}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"][1:] if cell["cell_type"] == "markdown")
    cell["source"] = [*cell["source"], "\n\nOne more sentence."]
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    seconds = build(root)
    assert "One more sentence." in (root / "_build/html" / f"{page}.html").read_text(encoding="utf-8")
    return seconds


@pytest.mark.parametrize("page", [chapters()["optimizers"].pages[-1], chapters()["receptive_fields"].pages[-1]])
def test_edit_of_one_page_is_built_in_a_part_of_the_time(copy, page):
    root, whole = copy
    others = {
        file: file.stat().st_mtime_ns for file in (root / "_build/html/book").rglob("*.html") if file != root / f"_build/html/{page}.html"
    }
    assert edited(root, page) <= SHARE * whole
    untouched = [file for file, moment in others.items() if file.stat().st_mtime_ns == moment]
    assert len(untouched) >= len(others) - 4  # pages that count or list what chapters hold are written again
