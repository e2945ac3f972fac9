"""What students get: generated from source/, up to date, and free of anything that is hidden."""

import functools
import importlib.util
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from packaging.requirements import Requirement
from releases import differing

from autograder.authoring.course import assignments, generate

ROOT = Path(__file__).resolve().parents[2]
HIDDEN_WORDS = ("BEGIN HIDDEN", "BEGIN SOLUTION", "MARK SCHEME", "# hidden:", "autograder", "reference/", "checks/")
REQUIRED = {
    line.name: line.specifier
    for line in map(Requirement, re.findall(r"^\w.*$", (ROOT / "source" / "requirements.txt").read_text(), re.MULTILINE))
}


@functools.cache
def generated(name: str) -> dict[str, bytes]:
    return generate([name])[name]


def released_text(name: str) -> str:
    return (ROOT / "release" / name / f"{name}.ipynb").read_text("utf-8")


@pytest.mark.parametrize("name", assignments())
def test_release_is_what_the_source_generates(name):
    folder = ROOT / "release" / name
    committed = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert sorted(committed) == sorted(generated(name))
    assert differing(generated(name), committed) == [], "run `make release`"


def test_releases_of_other_versions_may_differ_in_their_note_alone():
    name = assignments()[0]
    file, made = f"{name}.ipynb", generated(name)[f"{name}.ipynb"]
    others = re.sub(rb"Python 3\.\d+\. What", b"Python 3.99. What", made)
    assert others != made and differing({file: made}, {file: others}) == []
    for changed in (made.replace(b"seed(0)", b"seed(1)"), others.replace(b"seed(0)", b"seed(1)"), made[:-2]):
        assert differing({file: made}, {file: changed}) == [file]
    assert differing({file: made}, {}) == differing({}, {file: made}) == [file]
    assert differing({"digits.npz": b"1"}, {"digits.npz": b"2"}) == ["digits.npz"]


@pytest.mark.parametrize("name", assignments())
@pytest.mark.parametrize("word", HIDDEN_WORDS)
def test_release_holds_nothing_hidden(name, word):
    assert word not in released_text(name)


@pytest.mark.parametrize("name", assignments())
def test_release_holds_no_line_of_a_solution(name):
    source = nbformat.read(ROOT / "source" / name / f"{name}.ipynb", 4)
    released = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", 4)
    visible = {line.strip() for cell in released.cells for line in cell.source.splitlines()}
    regions = [re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL) for cell in source.cells]
    secret = {line.strip() for found in regions for region in found for line in region.splitlines() if len(line.strip()) > 25}
    assert secret, "every assignment has solutions"
    assert secret & visible == set()


@pytest.mark.parametrize("name", assignments())
def test_release_files_hold_no_hidden_label(name):
    hidden = ROOT / "autograder" / "reference" / "labels" / f"{name}.npz"
    labels = np.load(hidden)["labels"] if hidden.exists() else None  # not every assignment has pictures to be predicted
    for path in (ROOT / "release" / name).glob("*.npz"):
        with np.load(path, allow_pickle=False) as file:
            for key in file.files:
                values = file[key]
                assert labels is None or not (values.shape == labels.shape and (values == labels).mean() > 0.5), f"{path.name}: {key}"


@pytest.mark.parametrize("name", assignments())
def test_release_imports_only_what_students_have(name):
    from autograder.jobs.submission import notebook_imports

    cells = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", 4).cells
    roots = {module.partition(".")[0] for module in notebook_imports(cell.source for cell in cells if cell.cell_type == "code")}
    assert roots - set(REQUIRED) - set(sys.stdlib_module_names) == set()


def test_students_get_the_requirements_and_each_is_needed_by_an_assignment():
    assert (ROOT / "release" / "requirements.txt").read_bytes() == (ROOT / "source" / "requirements.txt").read_bytes(), "run `make release`"
    texts = "\n".join(map(released_text, assignments()))
    assert [name for name in REQUIRED if not re.search(rf"\b(import|from) {name}\b", texts)] == []


def test_what_students_may_have_holds_what_the_course_is_run_with():
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^\s\\;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {name: locked[name] for name, allowed in REQUIRED.items() if not allowed.contains(locked[name])} == {}
    assert all({part.operator for part in allowed} == {">=", "<"} for allowed in REQUIRED.values()), "tried from here on, not beyond there"


@pytest.mark.parametrize("name", assignments())
def test_every_task_has_a_solution_cell_and_a_grade_cell(name):
    cells = nbformat.read(ROOT / "source" / name / f"{name}.ipynb", 4).cells
    info = [cell.metadata.nbgrader for cell in cells if "nbgrader" in cell.metadata]
    solutions = {entry.grade_id for entry in info if entry.solution and not entry.grade}
    graded = {entry.grade_id.removeprefix("check_") for entry in info if entry.grade and not entry.solution}
    assert solutions == graded
    assert all("# hidden:" in cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_"))


def environment_cell(name: str) -> str:
    """The first code cell of a released notebook."""
    cells = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", 4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("name", assignments())
def test_first_cell_names_each_package_that_is_missing(name, monkeypatch):
    from autograder.jobs.submission import notebook_imports

    cells = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", 4).cells
    roots = {module.partition(".")[0] for module in notebook_imports(cell.source for cell in cells if cell.cell_type == "code")}
    for package in sorted(roots & set(REQUIRED)):
        with monkeypatch.context() as patch:
            patch.setattr(importlib.util, "find_spec", lambda asked, package=package: None if asked == package else object())
            with pytest.raises(ImportError, match=rf"This notebook needs {package}\. Install with") as error:
                exec(environment_cell(name), {})
        assert f"{sys.executable} -m pip install {package}\n" in str(error.value)


@pytest.mark.parametrize("name", [name for name in assignments() if len(list((ROOT / "release" / name).iterdir())) > 1])
def test_first_cell_names_a_data_file_that_is_missing(name, monkeypatch, tmp_path):
    files = [path.name for path in (ROOT / "release" / name).iterdir() if path.suffix != ".ipynb"]
    monkeypatch.chdir(tmp_path)
    for missing in files:
        for file in files:
            (tmp_path / file).touch()
        (tmp_path / missing).unlink()
        with pytest.raises(FileNotFoundError, match=rf"needs (the file )?{re.escape(missing)}[ ,].*{re.escape(str(tmp_path))}"):
            exec(environment_cell(name), {})


VERSIONS = {  # the student's Python and NumPy → what the first cell adds to "Ready: …"
    "the grader's": (sys.version_info, np.__version__, ""),
    "older": ((3, 10, 4, "final", 0), "2.0.1", ""),
    "a newer Python": ((3, 12, 1, "final", 0), np.__version__, "graded with Python 3.11. What is valid from Python 3.12 on"),
    "a newer NumPy": (sys.version_info, "3.0.0rc1", f"graded with numpy {np.__version__.rpartition('.')[0]}. Names that came with a later numpy"),
    "NumPy 1": (sys.version_info, "1.26.4", "Names that numpy 2.0 removed, such as np.product"),
}  # fmt: skip


@pytest.mark.parametrize("versions", VERSIONS)
@pytest.mark.parametrize("name", assignments())
def test_first_cell_says_what_the_grader_lacks_and_nothing_where_it_grades(name, versions, monkeypatch, capsys):
    python, numpy, told = VERSIONS[versions]
    monkeypatch.chdir(ROOT / "release" / name)
    exec(environment_cell(name), {})  # imports everything, which couldn't be done under another version
    capsys.readouterr()
    monkeypatch.setattr(sys, "version_info", python)
    monkeypatch.setattr(np, "__version__", numpy)
    exec(environment_cell(name), {})
    first, *notes = capsys.readouterr().out.splitlines()
    assert first.startswith("Ready: ") and len(notes) == bool(told) and told in "".join(notes)


def test_the_versions_told_are_those_that_grade():
    from autograder.checking.versions import VERSIONS as MARK
    from autograder.checking.versions import grader_note

    assert all(grader_note() in environment_cell(name) for name in assignments())
    assert MARK not in "".join(map(released_text, assignments()))


def locked_cells(name: str) -> dict[str, str]:
    """The sources of a released notebook's cells that students leave as they are, by grade id."""
    cells = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", 4).cells
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("locked")}


TRAINING = [name for name in assignments() if any("epochs" in text for key, text in locked_cells(name).items() if key.startswith("task-"))]


def test_most_assignments_train():
    assert len(TRAINING) >= 5


@pytest.mark.parametrize("name", TRAINING)
def test_training_has_a_progress_bar_that_a_task_names(name, capsys):
    locked = locked_cells(name)
    assert any("in progress(range(" in text for key, text in locked.items() if key.startswith("task-"))
    assert locked["progress"] == locked_cells("convnets")["progress"]
    namespace: dict = {}
    exec(locked["progress"], namespace)
    assert list(namespace["progress"](range(4))) == [0, 1, 2, 3]
    shown = capsys.readouterr().out.split("\r")
    assert len(shown) == 6 and re.fullmatch(r"█{20} 4 of 4 epochs, \d+ s\n", shown[-1])
    assert list(namespace["progress"](range(0))) == []
