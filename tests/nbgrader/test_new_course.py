"""`python -m autograder new DIR`: a course folder that nbgrader works with, and clear words where there can be none."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from releases import differing

from autograder.authoring.course import ROOT, assignments, nbgrader
from autograder.authoring.new_course import UNFINISHED, new_course
from autograder.errors import CantMake
from autograder.run.programs import with_own_programs

FIRST = assignments()[0]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "autograder", "new", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A course with all assignments, made by the command in a folder that isn't there yet."""
    folder = tmp_path_factory.mktemp("new")
    result = run(folder, "teaching/spring")
    assert result.returncode == 0, result.stderr
    assert "cd teaching/spring" in result.stdout and f"nbgrader generate_assignment {FIRST}" in result.stdout
    return folder / "teaching" / "spring"


def test_course_has_settings_all_sources_and_an_empty_gradebook(made):
    assert (made / "nbgrader_config.py").read_text("utf-8") == (ROOT / "nbgrader_config.py").read_text("utf-8")
    assert sorted(path.name for path in (made / "source").iterdir()) == assignments()
    with sqlite3.connect(made / "gradebook.db") as gradebook:
        assert [gradebook.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("assignment", "student")] == [0, 0]
    gradebook.close()


def test_nbgrader_generates_the_release_that_is_committed_here(made, tmp_path):
    course = shutil.copytree(made, tmp_path / "course")
    nbgrader(course, "generate_assignment", FIRST)
    name = f"release/{FIRST}/{FIRST}.ipynb"
    assert differing({name: (course / name).read_bytes()}, {name: (ROOT / name).read_bytes()}) == []


def test_named_assignments_only_and_an_empty_folder_will_do(tmp_path):
    (tmp_path / "course").mkdir()
    new_course(tmp_path / "course", [FIRST])
    assert [path.name for path in (tmp_path / "course" / "source").iterdir()] == [FIRST]


@pytest.mark.parametrize("there", [False, True])
def test_course_is_its_owners_alone(tmp_path, there):
    folder = tmp_path / "course"
    if there:
        folder.mkdir(mode=0o755)
    new_course(folder, [FIRST])
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "gradebook.db"), KeyboardInterrupt(), ValueError("no")])
@pytest.mark.parametrize("name", ["course", "a/b/course", "empty"])
def test_what_fails_half_way_leaves_nothing_that_stops_a_second_try(tmp_path, monkeypatch, error, name):
    (tmp_path / "empty").mkdir()

    def fail(folder: Path) -> None:
        (folder / "gradebook.db").write_text("half")
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("autograder.authoring.new_course._empty_gradebook", fail)
        with pytest.raises(CantMake if isinstance(error, OSError) else type(error), match="No space left|^no$|^$"):
            new_course(tmp_path / name, [FIRST])
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]
    new_course(tmp_path / name, [FIRST])
    assert {path.name for path in (tmp_path / name).iterdir()} == {"nbgrader_config.py", "source", "gradebook.db"}


def test_what_a_killed_command_left_is_no_obstacle(tmp_path):
    (tmp_path / "course" / f"{UNFINISHED}x" / "source").mkdir(parents=True)
    new_course(tmp_path / "course", [FIRST])
    assert {path.name for path in (tmp_path / "course").iterdir()} == {"nbgrader_config.py", "source", "gradebook.db"}


def bare(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """A program of the environment started by its path alone, as by cron, systemd or ``sudo -u``."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder)} | {k: v for k, v in os.environ.items() if k == "PYTHONPATH"}
    program, *arguments = command
    call = [str(Path(sys.executable).parent / program), *arguments]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("start", [["nbgrader"], ["python", "-m", "nbgrader"]])
def test_commands_work_without_an_activated_environment(tmp_path, start):
    for command in (
        ["python", "-m", "autograder", "new", "course", FIRST],
        ["python", "-m", "autograder", "settings"],
    ):
        made = bare(tmp_path, *command)
        assert made.returncode == 0, made.stderr
    folder = tmp_path / "course"
    (folder / "gradebook.db").unlink()
    for arguments in (["generate_assignment", FIRST], ["db", "upgrade"], ["db", "student", "add", "ada"], ["export", "--to", "grades.csv"]):
        done = bare(folder, *start, *arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    assert (folder / "grades.csv").exists()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/usr/bin:/bin", "{own}:/usr/bin:/bin"),
        ("/bin:{own}:/usr/bin", "{own}:/bin:/usr/bin"),
        ("", "{own}:/bin:/usr/bin"),
        (None, "{own}:/bin:/usr/bin"),
    ],
)
def test_the_environments_programs_are_found_first(path, expected):
    own = str(Path(sys.executable).parent)
    assert with_own_programs(path and path.format(own=own)) == expected.format(own=own)


def test_folder_that_is_in_use_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    result = run(tmp_path, ".")
    assert result.returncode == 1
    assert result.stderr == "error: . exists and isn't an empty folder; nothing was changed\n"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_file_or_link_in_the_way_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("file", "link"):
        with pytest.raises(CantMake, match="isn't an empty folder"):
            new_course(tmp_path / name)
    with pytest.raises(CantMake, match=r"can't be made: .*file"):
        new_course(tmp_path / "file" / "course")


def test_unknown_assignment_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(CantMake, match=f"no assignment nosuch; there are: .*{FIRST}"):
        new_course(tmp_path / "course", ["nosuch"])
    assert not (tmp_path / "course").exists()
