"""What readers take home: archives of chapters and assignments, their checksums, the page and the lines that lead to them."""

from __future__ import annotations

import ast
import hashlib
import importlib
import io
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest

from autograder.chapters import chapters

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
bundles = importlib.import_module("bundles")

CHAPTERS = list(chapters())
NOTEBOOKS = [file for chapter in chapters().values() for file in chapter.notebooks()]
HIDDEN = ("BEGIN HIDDEN TESTS", "BEGIN SOLUTION", "BEGIN MARK SCHEME", "from autograder", "import autograder")
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def archives() -> dict[str, bytes]:
    """Return all archives of this checkout."""
    return bundles.bundles(ROOT, CHAPTERS)


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


# Making archives


def test_same_files_make_the_same_bytes_in_any_order():
    first = bundles.archive({"a.txt": b"one", "b/c.txt": b"two"})
    assert first == bundles.archive({"b/c.txt": b"two", "a.txt": b"one"})
    assert unzipped(first) == {"a.txt": b"one", "b/c.txt": b"two"}


def test_imports_are_found_wherever_they_stand():
    source = "import numpy as np, a.b\nfrom c.d import e\ndef f():\n    import g\nfrom . import h\n"
    assert bundles.imported(source) == {"numpy", "a", "c", "g"}


def test_modules_needed_through_modules_are_found(tmp_path):
    (tmp_path / "one.py").write_text("import two\n")
    (tmp_path / "two.py").write_text("import one\n")
    (tmp_path / "three.py").write_text("")
    assert {file.name for file in bundles.modules_of("import one, numpy", tmp_path)} == {"one.py", "two.py"}


def test_a_module_in_the_chapters_folder_comes_before_one_of_the_book(tmp_path):
    for folder in ("book/fields", "book"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "drawings.py").write_text(f"# of {folder}")
    (tmp_path / "book" / "figures.py").write_text("")
    found = bundles.modules_of("import drawings, figures", tmp_path / "book" / "fields", tmp_path / "book")
    assert {file.relative_to(tmp_path).as_posix() for file in found} == {"book/fields/drawings.py", "book/figures.py"}


def test_requirements_name_the_package_and_its_version():
    # The package that provides the module PIL is called pillow.
    lines = bundles.requirements(["import numpy, json, figures\nfrom PIL import Image"], {"figures"}).splitlines()
    assert [line.partition("==")[0].lower() for line in lines] == ["numpy", "pillow"]
    assert all(re.fullmatch(r"\S+==[\d.]+\S*", line) for line in lines)


def test_package_of_every_imported_module_is_the_one_that_provides_it():
    sources = list(map(bundles.source_of, NOTEBOOKS))
    providers = packages_distributions()
    own = {file.stem for file in (ROOT / "book").rglob("*.py")}
    for name in set().union(*map(bundles.imported, sources)) - own - set(sys.stdlib_module_names):
        assert bundles.PACKAGES.get(name, name) in {provider.lower() for provider in providers[name]}


# The chapters


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_comes_with_all_it_reads(archives, chapter):
    files = unzipped(archives[f"{chapter}-chapter.zip"])
    prefix = f"{chapter}-chapter/"
    assert all(name.startswith(prefix) for name in files)
    pages = {file.relative_to(ROOT).as_posix(): file for file in chapters()[chapter].files()}
    assert {name: files[f"{prefix}{name}"] for name in pages} == {name: file.read_bytes() for name, file in pages.items()}
    modules = [f.decode() for name, f in files.items() if name.endswith(".py")]
    for source in [*map(bundles.source_of, chapters()[chapter].notebooks()), *modules]:
        for data in re.findall(r"[\"'](?:\.\./)+([\w./-]+)[\"']", source):
            assert files[prefix + data] == (ROOT / data).read_bytes()
        for name in bundles.imported(source):
            places = [f"book/{chapter}/{name}.py", f"book/{name}.py"]
            there = [place for place in places if (ROOT / place).exists()]
            assert not there or f"{prefix}{there[0]}" in files, name
    for name in ("README.txt", "requirements.txt", "LICENSE", "LICENSE-TEXT", "data/PROVENANCE.md"):
        assert files[prefix + name]


def test_chapter_runs_from_its_archive_alone(archives, tmp_path):
    """The quickest of them, as the README says, with nothing of the course on the path."""
    chapter = "receptive_fields"
    with zipfile.ZipFile(io.BytesIO(archives[f"{chapter}-chapter.zip"])) as zipped:
        zipped.extractall(tmp_path)
    root = tmp_path / f"{chapter}-chapter"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"OMP_NUM_THREADS": "1"}
    for page in chapters()[chapter].notebooks(root=ROOT):
        notebook = root / page.relative_to(ROOT)
        run = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", notebook.name]
        done = subprocess.run(run, cwd=notebook.parent, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        cells = nbformat.read(notebook, as_version=4).cells
        assert all(cell.execution_count for cell in cells if cell.cell_type == "code" and cell.source.strip())


# The assignments


@pytest.mark.parametrize("assignment", sorted(path.name for path in (ROOT / "release").iterdir() if path.is_dir()))
def test_assignment_is_what_students_get_and_nothing_else(archives, assignment):
    files = unzipped(archives[f"{assignment}-assignment.zip"])
    released = {f"{assignment}/{file.name}": file.read_bytes() for file in (ROOT / "release" / assignment).iterdir() if file.is_file()}
    readme = files.pop(f"{assignment}/README.txt").decode()
    assert files.pop(f"{assignment}/requirements.txt") == (ROOT / "source" / "requirements.txt").read_bytes()
    data = files.pop(f"{assignment}/{assignment}_data.zip", None)
    assert files == released
    assert data == archives.get(f"{assignment}_data.zip")
    assert readme.index("https://pytorch.org/get-started/locally/") < readme.index("requirements.txt") and f"{assignment}.ipynb" in readme
    assert (f"{assignment}_data.zip" in readme) == (data is not None)


@pytest.mark.parametrize("assignment", sorted(path.name for path in (ROOT / "release").iterdir() if path.is_dir()))
def test_first_cell_takes_its_data_from_one_file_beside_the_notebook_or_names_it(archives, assignment, tmp_path, monkeypatch):
    notebook = nbformat.read(ROOT / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "code").partition("\nimport matplotlib")[0]
    monkeypatch.chdir(tmp_path)
    data = archives.get(f"{assignment}_data.zip")
    if data is None:
        exec(first, {})
        assert list(tmp_path.iterdir()) == []
        return
    with pytest.raises(FileNotFoundError, match=rf"Put there either that or {assignment}_data\.zip") as told:
        exec(first, {})
    packed = tmp_path / f"{assignment}_data.zip"
    packed.write_bytes(data[: len(data) // 2])
    with pytest.raises(OSError, match=rf"{assignment}_data\.zip is damaged or not whole .*: upload it again\."):
        exec(first, {})
    packed.write_bytes(data)
    exec(first, {})
    folder = ROOT / "release" / assignment
    unpacked = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file != packed}
    assert unpacked == {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".ipynb"}
    assert all(name in str(told.value) for name in unpacked)


def test_nothing_hidden_is_in_an_archive(archives):
    for name, data in archives.items():
        for part, content in unzipped(data).items() if name.endswith(".zip") else ():
            if part.endswith((".ipynb", ".py", ".txt", ".md")):
                hidden = (*HIDDEN, "def test_") if name.endswith("-assignment.zip") else HIDDEN
                assert [word for word in hidden if word in content.decode()] == [], (name, part)
            assert "labels" not in part and "reference" not in part and "checks" not in part


def test_assignment_needs_no_module_of_the_course(archives):
    for name, data in archives.items():
        for part, content in unzipped(data).items() if name.endswith("-assignment.zip") else ():
            if part.endswith(".ipynb"):
                notebook = nbformat.reads(content.decode(), as_version=4)
                sources = [c.source for c in notebook.cells if c.cell_type == "code" and not c.source.lstrip().startswith(("%", "!"))]
                assert not bundles.imported("\n".join(sources)) & {"autograder", "figures"}
                ast.parse("\n".join(sources))


# The built book


def test_checksums_are_those_of_the_files(book):
    folder = book.html / "downloads"
    lines = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(lines) == {file.name for file in folder.glob("*.zip")}
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in lines} == lines


def test_published_archives_are_those_of_this_checkout(book, archives):
    published = {file.name: file.read_bytes() for file in (book.html / "downloads").glob("[!.]*")}
    assert published == archives


def test_sha256sum_is_content_with_the_downloads(book):
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=book.html / "downloads", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_page_lists_every_file_and_its_checksum(book):
    text = (book.html / "book/downloads.html").read_text(encoding="utf-8")
    for line in (book.html / "downloads/SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert digest in text and f'href="../downloads/{name}"' in text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_leads_to_its_downloads(chapter, tab):
    tab.goto(f"/{chapters()[chapter].opening}.html")
    line = tab.locator(".page-downloads")
    for name, kind in (("this chapter with its data", "chapter"), ("its assignment", "assignment")):
        with tab.expect_download() as download:
            line.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"{chapter}-{kind}.zip"
        assert zipfile.is_zipfile(download.value.path())


def test_introduction_leads_to_the_downloads(book):
    assert 'href="downloads.html"' in (book.html / "book/intro.html").read_text(encoding="utf-8").partition("<article")[2]
