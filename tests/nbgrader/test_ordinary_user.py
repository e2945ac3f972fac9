"""Who grades makes no difference: root, an ordinary user and the root of a container come to the same points at every level.

The files of tests named here run once more as a whole, by an ordinary user: what student code sees, what it can reach, what is
left of it, and a cluster whose scheduler and workers are that user's.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import ordinary_user
import pytest

from autograder.authoring.course import ROOT, fix_seed
from autograder.judge.self_test import sandbox_level_problem

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can become others")

RIGHT = {
    "area": "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width",
    "smooth": "def smooth(x):\n    return (x[1:] + x[:-1]) / 2",
}
CLASS = {
    "ada": (RIGHT, (4, 3)),
    "ben": (RIGHT | {"area": "def area(height, width):\n    return height + width"}, (0, 3)),
    "cleo": (RIGHT | {"smooth": RIGHT["smooth"].replace("/ 2", "")}, (4, 1)),
    "dan": (RIGHT | {"smooth": "import os\nos._exit(1)"}, (4, 0)),
    "eve": ({}, (0, 0)),
}
WORKS = [
    ("", "podman"),
    ("", "bubblewrap"),
    ("ordinary", "bubblewrap"),
    ("ordinary", "podman"),
    ("ordinary", "process"),
    ("no-namespaces", "process"),
    ("open-container", "bubblewrap"),
    ("closed-container", "process"),
]
REFUSED = [*((kind, "bubblewrap") for kind in ("no-namespaces", "container", "closed-container")), ("open-container", "podman")]
TESTS = [
    ("ordinary", "engine/test_sandbox.py", ""),
    (
        "open-container",
        "engine/test_sandbox.py",
        "not complains_of and not cant_be_started",
    ),  # it lays its own bubblewrap where the user who starts it can't go
    ("ordinary", "engine/test_apart.py", ""),
    ("ordinary", "engine/test_sweeping.py", ""),
    ("ordinary", "nbgrader/test_cluster.py", "gives_the_grades_of_this_machine or travel_with_what_lies_beside"),
]
TEST_SECONDS = 600


@pytest.fixture(scope="module")
def handed_in(generated, tmp_path_factory):
    """The tiny course with a class's submissions, and the seed of its random inputs fixed."""
    course = generated.copy(tmp_path_factory.mktemp("handed-in") / "course")
    for student, (answers, _) in CLASS.items():
        course.submit(student, course.answer(answers))
    fix_seed(course.folder)
    return course


@pytest.fixture
def graded_by(handed_in, tmp_path):
    """Grades the class in a fresh copy, as a kind of user (empty: root) at a level."""

    def grade(kind: str, level: str) -> tuple[Path, subprocess.CompletedProcess]:
        if kind in ("", "ordinary") and (problem := sandbox_level_problem(level)):
            pytest.skip(problem.splitlines()[0])
        folder = handed_in.copy(tmp_path / "course").folder
        command = [sys.executable, "-m", "nbgrader", "autograde", "tiny", f"--Grade.sandbox={level}", "--Grade.cell_seconds=5"]
        if kind:
            command = ordinary_user.command(kind, folder, *command)
        return folder, subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)

    return grade


def scores(folder: Path) -> dict[str, tuple[float, ...]]:
    """What the gradebook holds: each student's automatic scores, by the names of the cells."""
    connection = sqlite3.connect(folder / "gradebook.db")
    rows = connection.execute(
        "select student_id, base_cell.name, auto_score from grade join base_cell on base_cell.id = cell_id"
        " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
        " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
        " where base_cell.name like 'check_%' order by 1, 2"
    ).fetchall()
    connection.close()
    return {student: tuple(score for name, _, score in rows if name == student) for student in {row[0] for row in rows}}


@pytest.mark.parametrize(("kind", "level"), WORKS)
def test_whoever_grades_comes_to_the_same_points(graded_by, kind, level):
    folder, run = graded_by(kind, level)
    assert run.returncode == 0, run.stderr[-3000:]
    assert scores(folder) == {student: points for student, (_, points) in CLASS.items()}
    for student in CLASS:
        graded = json.loads((folder / "autograded" / student / "tiny" / "tiny.ipynb").read_text("utf-8"))
        assert graded["metadata"]["autograder"]["sandbox"] == level
    if kind == "ordinary":
        assert {path.stat().st_uid for path in (folder / "autograded").rglob("*")} == {folder.stat().st_uid} != {0}


@pytest.mark.parametrize(("kind", "level"), REFUSED)
def test_where_it_cant_be_graded_nobody_gets_zeros(graded_by, kind, level):
    folder, run = graded_by(kind, level)
    assert run.returncode != 0 and "Grading can't start" in run.stderr
    assert "Traceback" not in run.stderr
    assert scores(folder) == {}
    assert not list((folder / "autograded").rglob("*.ipynb")) and not list((folder / ".autograder" / "results").rglob("*.json"))


@pytest.mark.timeout(TEST_SECONDS + 60)
@pytest.mark.parametrize(("kind", "file", "chosen"), TESTS)
def test_what_holds_for_root_holds_for_others(tmp_path, kind, file, chosen):
    """The tests of the file, run by that kind of user; those of a level that this machine hasn't are skipped, no others."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'made'}", "-k", chosen]
    command = ordinary_user.command(kind, tmp_path, *command, f"--rootdir={ROOT}", ROOT / "tests" / file)
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=TEST_SECONDS, check=False)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", run.stdout)[1]) >= 2
    skipped = [line for line in run.stdout.splitlines() if line.startswith("SKIPPED")]
    assert all("docker" in line or "podman" in line for line in skipped), skipped


# ---- the harness itself


def look(kind: str, folder: Path) -> dict:
    """What the command sees of itself as that kind of user."""
    script = (
        "import json, os, pathlib; status = dict(line.split(':', 1) for line in open('/proc/self/status'));"
        "print(json.dumps({'ids': os.getresuid() + os.getresgid(), 'groups': os.getgroups(), 'here': os.getcwd(),"
        "'home': os.environ.get('HOME'), 'home_files': os.listdir(pathlib.Path.home()),"
        "'sets': {name: int(status['Cap' + name], 16) for name in ('Eff', 'Prm', 'Inh', 'Amb')}, 'own': int(status['NoNewPrivs']),"
        "'secret': os.access('/etc/shadow', os.R_OK), 'writes': [p for p in ('/', '/etc', '/usr', '.') if os.access(p, os.W_OK)]}))"
    )
    done = subprocess.run(ordinary_user.command(kind, folder, sys.executable, "-c", script), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_ordinary_user_has_nothing_but_its_folder_and_an_empty_home(tmp_path):
    seen = look("ordinary", tmp_path)
    assert set(seen["ids"]) == {tmp_path.stat().st_uid} and tmp_path.stat().st_uid >= ordinary_user.FIRST_USER
    assert seen["groups"] == [] and set(seen["sets"].values()) == {0} and seen["own"] == 0
    assert seen["here"] == str(tmp_path) and seen["writes"] == ["."] and not seen["secret"]
    assert seen["home"] == str(ordinary_user.HOME) and seen["home_files"] == []


def test_the_root_of_a_container_has_what_docker_leaves_it(tmp_path):
    seen = look("container", tmp_path)
    assert set(seen["ids"]) == {0}
    assert seen["sets"]["Eff"] == seen["sets"]["Prm"] == 0xA80425FB and seen["sets"]["Amb"] == 0


@pytest.mark.parametrize("kind", ordinary_user.KINDS)
def test_nothing_of_the_machine_is_changed(tmp_path, kind):
    before = [Path(name).read_text() for name in ("/proc/self/mountinfo", "/etc/passwd", "/proc/sys/user/max_user_namespaces")]
    homes = sorted(os.listdir("/home"))
    command = ordinary_user.command(kind, tmp_path, "true")
    assert subprocess.run(command, check=False).returncode == 0
    assert [Path(name).read_text() for name in ("/proc/self/mountinfo", "/etc/passwd", "/proc/sys/user/max_user_namespaces")] == before
    assert sorted(os.listdir("/home")) == homes
