"""`make new-chapter`: what it makes is a complete chapter, and nothing else is touched."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from chapter_runs import run_by_nbval

from autograder.authoring.course import ROOT
from autograder.authoring.new_chapter import LISTS, SKELETON, new_chapter
from autograder.errors import CantMake

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "_build", "__pycache__", ".*_cache", ".hypothesis")
SMALL = "(large_enough or full_marks)"  # the skeleton's sample class is small: an author adds hers
IN_LISTS = "(lists_the_chapters or plan_of_a_term)"
RELEASED = "from autograder.authoring import course\nfor name in course.assignments(): course._stamp(name).write_text(course._release_digest(name))"


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the repository with a chapter made by the command, released, its samples built."""
    root = tmp_path_factory.mktemp("repository") / "course"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    for command in (
        ["-c", RELEASED],  # the other chapters' assignments needn't be released again
        ["-m", "autograder", "new-chapter", "moving_means", "--title", "Moving means"],
        ["-m", "autograder", "release"],
        ["tests/build_samples.py", "moving_means"],
    ):
        result = run(root, *command)
        assert result.returncode == 0, result.stdout + result.stderr
    return root


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True)


def test_it_is_the_last_chapter_of_the_book(copy):
    chapters = yaml.safe_load((copy / "_toc.yml").read_text())["parts"][1]["chapters"]
    before = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"][1]["chapters"]
    assert chapters == [*before, {"file": "book/moving_means/index", "sections": [{"file": "book/moving_means/first_idea"}]}]


def test_lists_of_chapters_have_a_line_more_and_nothing_else_is_changed(copy, tmp_path):
    made = {path.relative_to(SKELETON).as_posix().replace("CHAPTER", "moving_means") for path in SKELETON.rglob("*") if path.is_file()}
    kept = tmp_path / "kept"  # without what tests that ran in the copy have left there
    shutil.copytree(copy, kept, ignore=LEFT_OUT)
    files = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    old = {name for name in files if (ROOT / name).is_file()}
    samples = {name for name in files if re.fullmatch(r"tests/chapters/moving_means/submissions/\w+/moving_means.ipynb", name)}
    assert files - old == made | samples | {"release/moving_means/moving_means.ipynb"}
    assert {name for name in old if (ROOT / name).read_bytes() != (copy / name).read_bytes()} == set(LISTS)
    for name in LISTS:
        before, after = ((root / name).read_text("utf-8").splitlines() for root in (ROOT, copy))
        assert len(after) == len(before) + (3 if name == "_toc.yml" else 1)


def test_no_word_of_the_skeleton_is_left(copy):
    made = [copy / str(path.relative_to(SKELETON)).replace("CHAPTER", "moving_means") for path in SKELETON.rglob("*") if path.is_file()]
    assert len(made) > 10
    assert [path for path in made if "CHAPTER" in path.read_text() or "TITLE" in path.read_text()] == []


def test_what_was_made_is_graded_as_it_says_and_nothing_else_fails(copy):
    """Tests of the built book are left out: it would be built with all its chapters."""
    chosen = f"(moving_means and not {SMALL}) or {IN_LISTS}"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", f"--rootdir={copy}", "-c", "pyproject.toml"]
    result = run(copy, "-m", "pytest", *options, "-m", "not built_book", "-k", chosen, "tests")
    assert result.returncode == 0, result.stdout[-5000:]
    assert int(re.search(r"(\d+) passed", result.stdout)[1]) > 50


def test_every_output_that_the_chapter_stores_is_what_its_cell_gives(copy):
    for page in ("index", "first_idea"):
        result = run_by_nbval(copy / "book" / "moving_means" / f"{page}.ipynb")
        assert result.returncode == 0, result.stdout[-5000:]
        assert "passed" in result.stdout


def test_the_chapter_is_a_page_without_a_warning(copy, tmp_path):
    """Built as a book of its own: the other chapters would take minutes."""
    root = tmp_path / "small"
    shutil.copytree(copy, root, ignore=shutil.ignore_patterns("_build", "__pycache__", "tests"))
    for page in [*(root / "book").glob("*.md"), *(root / "book").rglob("*.ipynb")]:
        if page.parent.name != "moving_means":
            page.unlink()
    toc = "format: jb-book\nroot: book/moving_means/index\nchapters:\n- file: book/moving_means/first_idea\n"
    (root / "_toc.yml").write_text(toc)
    config = (root / "_config.yml").read_text("utf-8")
    (root / "_config.yml").write_text(re.sub(r"pyrun_engine: \w+", "pyrun_engine: none", config), "utf-8")
    result = run(root, "book/build.py")
    assert result.returncode == 0, result.stdout[-5000:] + result.stderr[-2000:]
    html = root / "_build" / "html" / "book" / "moving_means"
    assert "Moving means" in (html / "index.html").read_text("utf-8") and 'href="first_idea.html"' in (html / "index.html").read_text(
        "utf-8"
    )
    assert 'aria-current="page"' in (html / "first_idea.html").read_text("utf-8")


@pytest.mark.parametrize("title", ['The "best" one', "a | b", "`code`", "C:\\new", "<b>", "two\nlines"])
def test_headings_that_would_break_what_they_stand_in_are_refused(tmp_path, title):
    with pytest.raises(CantMake, match="expected a heading without any of"):
        new_chapter("moving_means", title, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("class", "got 'class'"),
        ("Moving", "got 'Moving'"),
        ("two words", "got 'two words'"),
        ("../up", "got"),
        ("convnets", "convnets is in use: .*nothing was changed"),
    ],
)
def test_ids_that_cant_be_used_are_refused(tmp_path, name, words):
    root = ROOT if name == "convnets" else tmp_path
    with pytest.raises(CantMake, match=words):
        new_chapter(name, root=root)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", LISTS)
def test_a_list_of_chapters_without_a_place_is_told_and_nothing_is_made(tmp_path, file):
    for name in LISTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / file).write_text("nothing of the kind\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(CantMake, match=f"{Path(file).name}: expected a line"):
        new_chapter("moving_means", root=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
