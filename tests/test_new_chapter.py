"""`make new-chapter`: what it makes is a complete chapter, and nothing else is touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from autograder.course import ROOT
from autograder.new_chapter import SKELETON, CantMake, new_chapter

PARTS = ["_toc.yml", "_config.yml", "nbgrader_config.py", "pyproject.toml", "requirements.lock", "autograder"]
TESTS = [
    "conftest.py",
    "tiny",
    "graded_solutions.py",
    "test_solutions.py",
    "mutants",
    "test_mutants.py",
    "prose.py",
    "prose_numbers.yaml",
    "assignment_numbers.yaml",
    "recipes",
    "test_prose_numbers.py",
    "test_assignment_texts.py",
    "test_sample_class.py",
    "test_chapters.py",
    "test_project.py",
    "test_self_checks.py",
    "submissions/build.py",
]
SMALL = "(large_enough or full_marks)"  # the skeleton's sample class is small: an author adds hers


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the repository with a chapter made by the command, released, its samples built."""
    root = tmp_path_factory.mktemp("repository")
    for part in [*PARTS, "book", "environment.yml", *(f"tests/{name}" for name in TESTS)]:
        target, ignored = root / part, shutil.ignore_patterns("__pycache__", "*.pth", "emoji*.npz")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT / part, target, ignore=ignored) if (ROOT / part).is_dir() else shutil.copy(ROOT / part, target)
    for room in ("data", "source", "release"):
        (root / room).mkdir()
    for command in (
        ["-m", "autograder", "new-chapter", "moving_means", "--title", "Moving means"],
        ["-m", "autograder", "release"],
        ["tests/submissions/build.py", "moving_means"],
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
    assert chapters == [*before, {"file": "book/moving_means"}]


def test_no_word_of_the_skeleton_is_left(copy):
    made = [copy / str(path.relative_to(SKELETON)).replace("CHAPTER", "moving_means") for path in SKELETON.rglob("*") if path.is_file()]
    assert len(made) > 10
    assert [path for path in made if "CHAPTER" in path.read_text() or "TITLE" in path.read_text()] == []


def test_what_was_made_runs_and_is_graded_as_it_says(copy):
    result = run(
        copy,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-k",
        f"moving_means and not {SMALL}",
        "tests",
        "--ignore=tests/test_chapters.py",  # it would build the book with all its chapters; nbval runs the new one
        f"--rootdir={copy}",
        "-c",
        "pyproject.toml",
    )
    assert result.returncode == 0, result.stdout[-5000:]
    assert (
        "moving_means"
        in run(
            copy, "-m", "pytest", "-q", "--collect-only", "-k", "moving_means", "tests", f"--rootdir={copy}", "-c", "pyproject.toml"
        ).stdout
    )


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


def test_a_table_of_contents_without_a_place_is_told_and_nothing_is_made(tmp_path):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/intro\n")
    with pytest.raises(CantMake, match=r"_toc.yml: expected a line"):
        new_chapter("moving_means", root=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["_toc.yml"]
