"""Commands that the README and the instructor's guide print, run as they are written."""

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.judge.self_test import sandbox_level_problem

ROOT = Path(__file__).resolve().parents[2]
DOCTOR = "python -m autograder doctor"  # ends with an error where there is no bubblewrap
# Checked otherwise: `make` targets by a dry run, the book's build by tests/book/test_book.py, activation by the file it names.
# The dry run of collecting and what goes back to a platform have their own tests: nothing came from one here, and none is there.
TO_PLATFORMS = tuple(f"python -m autograder return convnets --for {platform}" for platform in ("moodle", "canvas"))
NOT_RUN = ("make", "source", "python book/build.py", "python -m autograder collect", "python -m autograder pass-back", *TO_PLATFORMS)
OF_COURSES = (
    "report", "scores", "extend", "drop", "full-marks", "return", "try", "watch", "groups", "regrade", "split", "request",
    "gradescope", "workflow",
)  # fmt: skip
IN_COURSE = ("nbgrader", "python -m zipfile", *(f"python -m autograder {name}" for name in OF_COURSES))


def commands(page: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines()]
    assert lines, f"{page} prints commands"
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Results of the first page's commands, so that the second page's needn't grade the same notebooks again."""
    return tmp_path_factory.mktemp("results")


def class_is_graded(course: Path) -> None:
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == "convnets"}
    assert scores["ada"] == 90.0
    assert scores["ben"] < 45
    assert (course / "feedback" / "ada" / "convnets" / "convnets.html").is_file()


def guide_has_done_all(course: Path) -> None:
    class_is_graded(course)
    made = (
        "reports/convnets.html",
        "reports/convnets-scores.csv",
        "checks.csv",
        "returned/convnets-mail/ben.eml",
        "canvas.csv",
        "moodle.csv",
        "gradescope/convnets/ada/results.json",
    )
    assert all((course / name).is_file() for name in made)
    assert "Müller,102,ben@uni.example" in (course / "moodle.csv").read_text("utf-8").replace("Jürgen,", "")
    assert (course.parent / "my-course" / "gradebook.db").is_file()


def term_is_over(course: Path) -> None:
    class_is_graded(course)
    with zipfile.ZipFile(course / "convnets.zip") as archive:
        assert "convnets/convnets.ipynb" in archive.namelist()
    (collected,) = {path.name for path in (course / "submitted").iterdir()} - {"ada", "ben"}
    assert (course / "autograded" / collected / "convnets" / "convnets.ipynb").is_file()


def all_is_marked_by_somebody(course: Path) -> None:
    class_is_graded(course)
    with open(course / "graders.csv", newline="", encoding="utf-8") as file:
        assert {row["grader"] for row in csv.DictReader(file)} == {"anna", "cleo"}
    page = (course / "feedback" / "ben" / "convnets" / "convnets.html").read_text("utf-8")
    assert "My result has the right shape" in page and "Only the stride is wrong." in page
    report = (course / "reports" / "convnets.html").read_text("utf-8")
    assert "I name both axes in the second sentence." in report and ">anna</th><td>1</td><td>1</td>" in report


def nothing_is_changed(course: Path) -> None:
    assert not (course / "gradebook.db").exists()
    (course / ".autograder").mkdir(exist_ok=True)


def machines_have_what_they_need(course: Path) -> None:
    nothing_is_changed(course)
    assert (course / "convnets-gradescope.zip").is_file() and (course / "autograder.zip").is_file()
    assert {path.name for path in (course / ".github" / "workflows").iterdir()} == {"convnets-visible.yml", "convnets-hidden.yml"}


def graded_at_once(course: Path) -> None:
    assert "returned" in (course / ".autograder" / "watch.json").read_text("utf-8")
    assert all((course / "feedback" / student / "convnets" / "convnets.html").is_file() for student in ("ada", "ben"))


RESULT = {
    "README.md": class_is_graded,
    "book/instructor.md": guide_has_done_all,
    "book/term.md": term_is_over,
    "book/install.md": nothing_is_changed,
    "book/hidden_checks.md": nothing_is_changed,
    "book/at_once.md": graded_at_once,
    "book/grading_by_hand.md": all_is_marked_by_somebody,
    "book/platforms.md": nothing_is_changed,
    "book/machines.md": machines_have_what_they_need,
}


@pytest.mark.parametrize("page", RESULT)
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


@pytest.mark.parametrize("page", RESULT)
def test_commands_run_as_written(page, tmp_path, results):
    """In a home of its own, with two students of the sample class, at the level this machine can give."""
    course = tmp_path / "course"
    environment = os.environ | {"HOME": str(tmp_path), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    lower = prepare(course)
    for groups in re.findall(r"^```text\n(group,.*?)^```", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE):
        (course / "groups.csv").write_text(groups, "utf-8")
    shutil.copytree(results, course / ".autograder", dirs_exist_ok=True)
    for line in commands(page):
        if line.startswith((*NOT_RUN, *([DOCTOR] if lower else []))):
            continue
        if line.startswith("nbgrader collect"):
            hand_in_by_exchange(tmp_path / "student", course, environment)
        run(line, course if line.startswith(IN_COURSE) else ROOT, environment)
    RESULT[page](course)
    shutil.copytree(course / ".autograder", results, dirs_exist_ok=True)


def run(line: str, folder: Path, environment: dict[str, str]) -> None:
    result = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, f"{line}\n{result.stdout[-2000:]}{result.stderr[-3000:]}"


def hand_in_by_exchange(folder: Path, course: Path, environment: dict[str, str]) -> None:
    """What a student does with the assignment list, by nbgrader's commands."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text((course / "nbgrader_config.py").read_text())
    run("nbgrader fetch_assignment convnets", folder, environment)
    run("nbgrader submit convnets", folder, environment)


def prepare(course: Path) -> bool:
    """What an instructor has before the first command; returns whether only the lower level is to be had."""
    course.mkdir()
    config = (ROOT / "nbgrader_config.py").read_text()
    lower = "" if sandbox_level_problem() is None else '\nc.Grade.sandbox = "process"\n'
    exchange = course.parent / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    (course / "nbgrader_config.py").write_text(f"{config}{lower}\nc.Exchange.root = {str(exchange)!r}\n")
    shutil.copytree(ROOT / "source", course / "source")
    for page, begins, file in (("instructor", "id,", "students.csv"), ("grading_by_hand", "Timestamp,", "requests.csv")):
        table = re.search(rf"^```text\n({begins}.*?)^```", (ROOT / "book" / f"{page}.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
        (course / file).write_text(table[1], "utf-8")
    for student, sample in (("ada", "perfect"), ("ben", "empty")):
        folder = course / "submitted" / student / "convnets"
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "tests" / "chapters" / "convnets" / "submissions" / sample / "convnets.ipynb", folder)
    return bool(lower)


def test_settings_in_the_guide_are_generated_from_the_code():
    from autograder.settings import Settings

    assert "{grading-settings}" in (ROOT / "book" / "instructor.md").read_text("utf-8")
    for name in re.findall(r"c\.Grade\.(\w+)", "".join((ROOT / page).read_text("utf-8") for page in RESULT)):
        assert name in Settings().as_dict()
