"""Imports are declared where they are needed: undeclared, misplaced and unneeded packages are found."""

from __future__ import annotations

import nbformat
import pytest
from declared import room, undeclared, unneeded

PROJECT = """
[project]
dependencies = ["numpy>=2", "PyYAML", "pytest==9.*"]
[project.optional-dependencies]
cluster = ["distributed"]
passback = []
postgresql = []
hub = []
assignments = ["scipy"]
book = ["sphinx"]
test = ["hypothesis"]
dev = []
"""


@pytest.fixture
def project(tmp_path):
    """Writes files of a small project: a name and its source; returns its folder and their names."""

    def write(**files: str):
        (tmp_path / "pyproject.toml").write_text(PROJECT)
        made = {name.replace("__", "/") + ".py": source for name, source in files.items()}
        for name, source in made.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(source)
        return tmp_path, [*made]

    return write


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("autograder__engine", "import numpy as np, os, autograder.jobs.score\nfrom yaml import safe_load"),
        ("autograder__judge", "from _pytest.assertion import util"),
        ("autograder__cluster", "import distributed"),
        ("autograder__engines__worker", "from distributed import Client"),
        ("autograder__checks__test_a", "from scipy.signal import correlate2d"),
        ("book___ext__live", "import sphinx.application, scipy, numpy"),
        ("tests__test_a", "import hypothesis, distributed, sphinx"),
        ("autograder__authoring__skeleton__autograder__reference__a", "import scipy"),
    ],
)
def test_what_a_room_may_use_is_no_complaint(project, file, source):
    assert list(undeclared(*project(**{file: source}))) == []


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("autograder__engine", "import jinja2", "imports jinja2 (jinja2), not declared in pyproject.toml"),
        (
            "autograder__engine",
            "def late():\n    from scipy import signal",
            "imports scipy (scipy), declared for assignments; here may be used: grading",
        ),
        ("autograder__inside__kernel", "import distributed.client", "declared for cluster; here may be used: grading"),
        ("autograder__reference__a", "import hypothesis", "declared for test"),
        ("book__build", "import bs4", "imports bs4 (beautifulsoup4), not declared"),
        ("tests__test_a", "import not_a_package", "imports not_a_package (not-a-package), not declared"),
        ("bootstrap", "import yaml", "here may be used: nothing"),
        ("elsewhere__a", "import numpy", "here may be used: nothing"),
    ],
)
def test_what_is_missing_or_declared_for_others_is_told(project, file, source, complaint):
    told = list(undeclared(*project(**{file: source})))
    assert len(told) == 1 and complaint in told[0], told


def test_modules_beside_a_file_are_its_own_and_those_of_tests_are_no_books(project):
    files = {"book__figures": "", "tests__helper": "", "book__build": "import figures, helper", "tests__test_a": "import figures, helper"}
    told = list(undeclared(*project(**files)))
    assert [line.partition(" (")[0] for line in told] == ["book/build.py: imports helper"]


def test_notebooks_are_read_too(project, tmp_path):
    root, _ = project()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("%matplotlib inline\nimport scipy, bs4"), nbformat.v4.new_markdown_cell("import sphinx")]
    )
    (tmp_path / "source").mkdir()
    nbformat.write(notebook, tmp_path / "source" / "a.ipynb")
    assert [line.partition(",")[0] for line in undeclared(root, ["source/a.ipynb"])] == ["source/a.ipynb: imports bs4 (beautifulsoup4)"]


def test_what_no_file_of_its_part_imports_is_told(project):
    files = {"autograder__a": "import numpy, yaml, pytest", "autograder__cluster": "import distributed", "book__a": "import scipy, sphinx"}
    told = list(unneeded(*project(**files, tests__a="import hypothesis")))
    assert told == ["pyproject.toml: scipy is declared for assignments, and nothing there imports it"]


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("autograder/engine.py", "grading"),
        ("autograder/inside/wire.py", "grading"),
        ("autograder/cluster.py", "cluster"),
        ("autograder/engines/cluster.py", "cluster"),
        ("source/convnets/convnets.ipynb", "assignments"),
        ("autograder/authoring/skeleton/source/CHAPTER/CHAPTER.ipynb", "assignments"),
        ("book/_ext/drawings/paint.py", "book"),
        ("tests/chapters/convnets/test_worked_numbers.py", "test"),
    ],
)
def test_a_files_own_part_is_the_last_of_what_it_may_use(file, part):
    assert room(file)[-1] == part
