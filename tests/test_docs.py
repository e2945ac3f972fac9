"""Commands that the README and the instructor's guide print, run as they are written."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import sandbox_level_problem

ROOT = Path(__file__).resolve().parent.parent
DOCTOR = "python -m autograder doctor"  # ends with an error where there is no bubblewrap
PAGES = ("README.md", "book/instructor.md")
# Checked otherwise: `make` targets by a dry run, the book's build by tests/test_book.py, activation by the file it names.
NOT_RUN = ("make", "source", "python book/build.py")
IN_COURSE = ("nbgrader", "python -m autograder report")


def commands(page: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines()]
    assert lines, f"{page} prints commands"
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Results of the first page's commands, so that the second page's needn't grade the same notebooks again."""
    return tmp_path_factory.mktemp("results")


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page):
    targets = [line.split()[1] for line in commands(page) if line.startswith("make ")]
    for target in targets:
        result = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
        assert result.returncode == 0, f"make {target}: {result.stderr}"


def test_make_help_lists_the_documented_targets():
    text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("course", "test", "serve", "lab", "bench", "clean", "help"):
        assert f"make {target} " in text


def test_first_lines_of_the_readme_are_the_two_commands():
    assert commands("README.md")[:2] == ["make course", "make test"]


@pytest.mark.parametrize("page", PAGES)
def test_commands_run_as_written(page, tmp_path, results):
    """In a home of its own, with two students of the sample class, at the level this machine can give."""
    course = tmp_path / "course"
    environment = os.environ | {"HOME": str(tmp_path), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    lower = prepare(course)
    shutil.copytree(results, course / ".autograder", dirs_exist_ok=True)
    for line in commands(page):
        if line.startswith((*NOT_RUN, *([DOCTOR] if lower else []))):
            continue
        folder = course if line.startswith(IN_COURSE) else ROOT
        result = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
        assert result.returncode == 0, f"{line}\n{result.stdout[-2000:]}{result.stderr[-3000:]}"
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores["ada"] == 90.0
    assert scores["ben"] < 45
    if page == "book/instructor.md":
        assert all(
            (course / name).is_file()
            for name in ("reports/convnets.html", "canvas.csv", "moodle.csv", "gradescope/convnets/ada/results.json")
        )
        assert "Müller,102,ben@uni.example" in (course / "moodle.csv").read_text("utf-8").replace("Jürgen,", "")
        assert (tmp_path / "my-course" / "gradebook.db").is_file()
    shutil.copytree(course / ".autograder", results, dirs_exist_ok=True)
    assert (course / "feedback" / "ada" / "convnets" / "convnets.html").is_file()


def prepare(course: Path) -> bool:
    """What an instructor has before the first command; returns whether only the lower level is to be had."""
    course.mkdir()
    config = (ROOT / "nbgrader_config.py").read_text()
    lower = "" if sandbox_level_problem() is None else '\nc.Grade.sandbox = "process"\n'
    (course / "nbgrader_config.py").write_text(config + lower)
    shutil.copytree(ROOT / "source", course / "source")
    roster = re.search(r"^```text\n(id,.*?)^```", (ROOT / "book" / "instructor.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (course / "students.csv").write_text(roster[1], "utf-8")
    for student, sample in (("ada", "perfect"), ("ben", "empty")):
        folder = course / "submitted" / student / "convnets"
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "tests" / "submissions" / "convnets" / sample / "convnets.ipynb", folder)
    return bool(lower)


def test_settings_in_the_guide_are_generated_from_the_code():
    from autograder.settings import Settings

    assert "{grading-settings}" in (ROOT / "book" / "instructor.md").read_text("utf-8")
    for name in re.findall(r"c\.Grade\.(\w+)", "".join((ROOT / page).read_text("utf-8") for page in PAGES)):
        assert name in Settings().as_dict()
