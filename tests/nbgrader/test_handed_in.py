"""Folders that would stop nbgrader or fill the disk, between honest ones: the class is graded, and told, by the real commands."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deep_folders import deep_folders

from autograder.jobs.beside import MAX_ENTRIES
from autograder.run.handed_in import make_safe, ungradable

AREA = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
LISTS_ITS_FOLDER = f"import os\nprint(sorted(os.listdir('.')))\n{AREA}"
COMMAND = [sys.executable, "-m", "nbgrader"]


def sparse(folder: Path) -> None:
    """A terabyte that takes no room, and what is needed beside it."""
    with open(folder / "huge.bin", "wb") as file:
        file.truncate(1 << 40)
    (folder / "needed.txt").write_text("1")


def folder_for_file(folder: Path) -> None:
    (folder / "numbers.txt").mkdir()
    (folder / "numbers.txt" / "x").write_text("1")


def file_for_folder(folder: Path) -> None:
    (folder / "data").write_text("1")


def folder_for_time_stamp(folder: Path) -> None:
    (folder / "timestamp.txt").mkdir()
    (folder / "timestamp.txt" / "timestamp.txt").write_text("1")


def too_deep(folder: Path) -> None:
    deep_folders(folder, 30)


def no_utf8(folder: Path) -> None:
    (folder / "\udcff.txt").write_text("1")


def case_clash(folder: Path) -> None:
    (folder / "Numbers.TXT").write_text("1")


def too_many(folder: Path) -> None:
    for number in range(MAX_ENTRIES + 1):
        (folder / f"{number}.txt").touch()


def markup_in_names(folder: Path) -> None:
    (folder / "`<b onclick=alert(1)>*x*<!--\n# y").symlink_to("/etc/passwd")


FOLDERS: dict[str, Callable[[Path], None]] = {
    made.__name__: made
    for made in (sparse, folder_for_file, file_for_folder, folder_for_time_stamp, too_deep, no_utf8, case_clash, too_many, markup_in_names)
}
TOLD = {
    "sparse": "huge.bin: 1 TiB, where 128 MiB are allowed",
    "folder_for_file": "numbers.txt: a folder, where the assignment has a file",
    "file_for_folder": "data: a file, where the assignment has a folder",
    "folder_for_time_stamp": "timestamp.txt: not what nbgrader writes there",
    "too_deep": "its name, folders included, is longer than 1,000 bytes",
    "no_utf8": r"\udcff.txt: its name isn't UTF-8",
    "case_clash": "Numbers.TXT: differs from numbers.txt in nothing but the case or the encoding of letters",
    "too_many": "the whole folder: too many: 10,000 files and folders are looked at, no more",
    "markup_in_names": r"`<b onclick=alert(1)>*x*<!--\n# y: a link",
}


@pytest.fixture(scope="module")
def graded(generated: Any, tmp_path_factory: pytest.TempPathFactory, level: str) -> Any:
    """The class after ``autograde`` and twice ``generate_feedback``; the second goes over what the first has left."""
    course = generated.copy(tmp_path_factory.mktemp("folders") / "course")
    (course.folder / "source" / "tiny" / "data").mkdir()
    (course.folder / "source" / "tiny" / "data" / "train.csv").write_text("1,2")
    for number, (name, made) in enumerate(FOLDERS.items()):
        notebook = course.answer({"area": LISTS_ITS_FOLDER})
        made(course.submit(f"{number:02d}-{name}", notebook).parent)
        course.submit(f"{number:02d}-then-honest", notebook)
    limits = [f"--Grade.sandbox={level}", "--Grade.workers=2"]
    course.runs = [
        subprocess.run([*COMMAND, *command], cwd=course.folder, capture_output=True, text=True, timeout=300)
        for command in (["autograde", "tiny", *limits], ["generate_feedback", "tiny"], ["generate_feedback", "tiny", "--force"])
    ]
    yield course
    subprocess.run(["rm", "-rf", course.folder], check=True)  # what is too deep, pytest can't remove


def student(course: Any, name: str) -> str:
    return next(path.name for path in (course.folder / "submitted").iterdir() if path.name.endswith(f"-{name}"))


def test_the_commands_end_well(graded):
    for run in graded.runs:
        assert run.returncode == 0, run.stderr[-4000:]
        assert "Traceback" not in run.stderr


def test_everybody_is_graded(graded):
    students = [path.name for path in (graded.folder / "submitted").iterdir()]
    assert len(students) == 2 * len(FOLDERS)
    assert {graded.scores(name)["check_area"] for name in students} == {4.0}


@pytest.mark.parametrize("name", FOLDERS)
def test_student_and_instructor_are_told_what_was_left_out(graded, name):
    who = student(graded, name)
    first = graded.autograded(who).cells[0]
    assert first.cell_type == "markdown" and "Not everything that you handed in could be used" in first.source
    assert TOLD[name] in first.source and "128 MiB" in first.source
    page = graded.feedback(who)
    assert TOLD[name] in html.unescape(page) and "<b onclick" not in page
    lines = [line for line in graded.runs[0].stderr.splitlines() if f"submitted/{who}/tiny: left out: " in line]
    assert len(lines) == 1 and TOLD[name] in lines[0]


def test_honest_students_are_told_nothing(graded):
    for path in (graded.folder / "submitted").glob("*-then-honest"):
        assert "could be used" not in graded.feedback(path.name)
        assert f"submitted/{path.name}/tiny: left out" not in graded.runs[0].stderr


def test_the_students_code_finds_what_nbgrader_copies(graded):
    """One look answers for both."""
    for folder in (graded.folder / "autograded").iterdir():
        copied = {path.name for path in (folder / "tiny").iterdir()} - {"tiny.ipynb"}
        printed = next(cell for cell in graded.autograded(folder.name).cells if "listdir" in cell.source).outputs[0].text
        assert printed == f"{sorted(copied)}\n"
        assert {path.name for path in (graded.folder / "feedback" / folder.name / "tiny").iterdir()} == copied | {"tiny.html"}
    assert "needed.txt" in os.listdir(graded.folder / "autograded" / student(graded, "sparse") / "tiny")


def test_nothing_large_was_copied(graded):
    for place in ("autograded", "feedback"):
        assert sum(path.stat().st_size for path in (graded.folder / place).rglob("*") if path.is_file()) < 20 << 20


def test_data_too_large_for_the_assignment_itself_are_named_before_the_first_student(tiny_course):
    with open(tiny_course.folder / "source" / "tiny" / "data.bin", "wb") as file:
        file.truncate(200 << 20)
    tiny_course.submit("ada", tiny_course.released())
    run = subprocess.run([*COMMAND, "autograde", "tiny"], cwd=tiny_course.folder, capture_output=True, text=True)
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert f"Grading can't start: {tiny_course.folder}/source/tiny: data.bin: 200 MiB, where 128 MiB are allowed" in run.stderr
    assert not (tiny_course.folder / "autograded").exists()


def test_a_file_that_the_assignment_leaves_to_the_student_is_hers(tiny_course, level):
    """nbgrader's ``exclude_overwriting``, for what is copied and for what her code reads."""
    reads = f"print(open('numbers.txt').read())\n{AREA}"
    (tiny_course.submit("ada", tiny_course.answer({"area": reads})).parent / "numbers.txt").write_text("hers")
    with open(tiny_course.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write('\nc.Autograde.exclude_overwriting = {"tiny": ["numbers.txt"]}\n')
    tiny_course.nbgrader("autograde", "tiny", f"--Grade.sandbox={level}")
    assert (tiny_course.folder / "autograded" / "ada" / "tiny" / "numbers.txt").read_text() == "hers"
    printed = next(cell for cell in tiny_course.autograded("ada").cells if "open('numbers" in cell.source).outputs[0].text
    assert printed == "hers\n"


# ---- before nbgrader reads the folders


def converter(assignments: dict[str, list[str]]) -> Any:
    return SimpleNamespace(assignments=assignments)


def test_thousands_of_notebooks_are_left_out_at_once(tmp_path):
    folder = str(tmp_path / "ada" / "tiny")
    paths = [f"{folder}/x{number}.ipynb" for number in range(200_000)] + [f"{folder}/tiny.ipynb"]
    made = converter({folder: paths})
    assert make_safe(made, ["tiny"]) == [f"{folder}: 200000 notebooks are no part of the assignment and left out"]
    assert made.assignments == {folder: [f"{folder}/tiny.ipynb"]}


def test_a_folder_without_a_notebook_of_the_assignment_is_graded_as_one_with_an_unreadable_one(tmp_path):
    folder = str(tmp_path / "ada" / "tiny")
    made = converter({folder: [f"{folder}/Tiny (1).ipynb"]})
    assert f"{folder}: holds no notebook named tiny" in make_safe(made, ["tiny"])
    assert made.assignments == {folder: [f"{folder}/tiny.ipynb"]}


@pytest.mark.parametrize(
    ("student", "problem"), [("ada", ""), ("müller", ""), ("\udcff", "the folder's name isn't UTF-8, so that no gradebook can hold it")]
)
def test_a_student_whose_name_no_gradebook_can_hold_isnt_graded(student, problem):
    assert ungradable(student, []) == problem


def test_a_notebook_that_the_machine_cant_read_isnt_graded_as_an_empty_one():
    """It is no fault of the student's; root, which reads everything, sees it as an ordinary user."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        path = Path(made) / "tiny.ipynb"
        path.touch(mode=0)
        path.chmod(0)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            assert ungradable("ada", [str(path)]) == "tiny.ipynb can't be read: Permission denied"
        finally:
            if root:
                os.seteuid(0)


def test_who_cant_be_graded_is_listed_and_the_others_are_graded(tiny_course, level):
    for name in ("ada", "\udcff", "zoe"):
        tiny_course.submit(name, tiny_course.answer({"area": AREA}))
    run = subprocess.run([*COMMAND, "autograde", "tiny", f"--Grade.sandbox={level}"], cwd=tiny_course.folder, capture_output=True)
    said = run.stderr.decode("utf-8", "replace")
    assert run.returncode == 1 and "Traceback" not in said
    assert "1 of 3 submissions are left ungraded" in said and "the folder's name isn't UTF-8" in said
    assert [tiny_course.scores(name)["check_area"] for name in ("ada", "zoe")] == [4.0, 4.0]
    shutil.rmtree(tiny_course.folder / "submitted" / "\udcff")
