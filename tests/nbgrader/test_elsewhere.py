"""What is packed for Gradescope and GitHub grades there as here, shuts in what it can, says how well, and gives no secret away."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from conftest import FAIR, MEANS
from ordinary_user import command

from autograder.__main__ import main
from autograder.authoring.course import ROOT, assignments
from autograder.elsewhere.bundle import check_files, config, project_files
from autograder.elsewhere.one import APART, SEALED
from autograder.places import PACKAGE

RIGHT = {"area": FAIR, "smooth": MEANS}
# Looks for the checks by which it is judged, and tries to write its own result; its answer is right if it finds nothing.
THIEF = """
import os, pathlib
found = []
for top, folders, files in os.walk({root!r}):
    for name in files:
        try:
            found.append(pathlib.Path(top, name).read_text())
        except OSError:
            pass
stolen = [text for text in found if "Pictures of " + "any size" in text or "Means of " + "neighbours" in text]
try:
    pathlib.Path({root!r}, "results", "results.json").write_text("{{}}")
    stolen.append("written")
except OSError:
    pass
if stolen:
    def area(height, width):
        raise SystemExit
else:
    def area(height, width):
        if min(height, width) < 0:
            raise ValueError
        return height * width
"""


@pytest.fixture(scope="module")
def packed(generated, tmp_path_factory) -> Path:
    """The zip of the tiny assignment, from a course folder with a setting and a solution of its own."""
    course = generated.copy(tmp_path_factory.mktemp("packed") / "course")
    with open(course.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write("\nc.Grade.cell_seconds = 33\nc.Grade.sandbox = 'docker'\nc.CourseDirectory.db_url = 'postgresql://me:secret@host/db'\n")
    made = subprocess.run(
        [sys.executable, "-m", "autograder", "gradescope", "tiny", "--visibility", "after_published"],
        cwd=course.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "keep it from students" in made.stdout and "less sealed" in made.stdout
    return course.folder / "tiny-gradescope.zip"


@pytest.fixture
def place(packed) -> Iterator[Path]:
    """The folder that Gradescope calls /autograder, unpacked as there, without a submission; any user may come to it."""
    with tempfile.TemporaryDirectory(prefix="gradescope-") as folder:
        Path(folder).chmod(0o755)
        yield unpacked(packed, Path(folder) / "autograder")


def unpacked(packed: Path, root: Path) -> Path:
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(packed), str(root / "source")], check=True)
    shutil.copy(root / "source" / "run_autograder", root)
    return root


def hand_in(place: Path, generated, answers: dict[str, str], name: str = "tiny.ipynb") -> None:
    nbformat.write(generated.answer(answers), place / "submission" / name)


def run(place: Path, kind: str = "", path: str = os.environ["PATH"]) -> subprocess.CompletedProcess:
    """What Gradescope does with a submission."""
    program = ["bash", str(place / "run_autograder")]
    variables = {"AUTOGRADER_ROOT": str(place), "AUTOGRADER_ENVIRONMENT": sys.prefix, "PATH": path}
    whole = command(kind, place.parent, *program) if kind else program
    return subprocess.run(whole, env=os.environ | variables, capture_output=True, text=True)


def results(place: Path) -> dict:
    return json.loads((place / "results" / "results.json").read_text("utf-8"))


# ---- Gradescope


def test_a_submission_is_graded_where_gradescope_has_its_folders(place, generated, level):
    hand_in(place, generated, RIGHT, "my work (2).ipynb")
    done = run(place)
    assert done.returncode == 0, done.stderr
    found = results(place)
    assert found["score"] == 7 and found["visibility"] == "after_published" and found["stdout_visibility"] == "hidden"
    assert {(test["name"], test.get("status")) for test in found["tests"]} >= {
        ("area: Pictures of any size", "passed"),
        ("smooth: Means of neighbours", "passed"),
    }
    assert (SEALED in found["output"]) == (level == "bubblewrap") and found["extra_data"]["sandbox"] == [level]
    hand_in(place, generated, RIGHT | {"area": "def area(height, width):\n    return height + width"}, "my work (2).ipynb")
    run(place)
    told = {test["name"]: test.get("output", "") for test in results(place)["tests"]}
    assert results(place)["score"] < 7 and "This is the sum of the sides." in told["area: Pictures of any size"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be the root of a container")
def test_without_a_sandbox_in_a_container_another_user_runs_the_code_and_finds_no_check(place, generated):
    hand_in(place, generated, RIGHT | {"area": THIEF.format(root=str(place))})
    done = run(place, "closed-container")
    assert done.returncode == 0, done.stderr
    found = results(place)
    assert (
        found["extra_data"]["sandbox"] == ["process"] and APART.partition("(")[0] in found["output"] and "another user" in found["output"]
    )
    assert found["score"] == 7, "the thief found nothing"


def test_what_cannot_be_graded_gets_no_result_and_an_error(place, generated):
    done = run(place)
    assert done.returncode == 1 and "error: nothing was handed in" in done.stderr and not any((place / "results").iterdir())
    hand_in(place, generated, RIGHT)
    (place / "source" / "course" / "autograder" / "checks" / "test_tiny.py").unlink()
    (place / "results" / "results.json").write_text("of an earlier run")
    done = run(place)
    assert done.returncode == 1 and "not graded, and no points are given" in done.stderr
    assert not (place / "results" / "results.json").exists()


def test_the_zip_holds_what_grading_needs_and_no_more(packed):
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        modes = {name: archive.getinfo(name).external_attr >> 16 & 0o777 for name in names}
        text = {name: archive.read(name).decode("utf-8", "replace") for name in names}
    assert {"setup.sh", "run_autograder"} <= names and {name for name, mode in modes.items() if mode & stat.S_IXUSR} == {
        "setup.sh",
        "run_autograder",
    }
    inside = {name for name in names if re.match(r"project/autograder/(checks|reference)/", name)}
    assert inside == {f"project/autograder/{name}" for name in ("checks/__init__.py", "reference/__init__.py", "reference/labels/README")}
    assert "BEGIN SOLUTION" not in "".join(text[name] for name in names if name.startswith(("course/", "project/source/")))
    settings = text["course/nbgrader_config.py"]
    assert "c.Grade.cell_seconds = 33\n" in settings and "docker" not in settings and "secret" not in settings
    assert "submitted" not in " ".join(names) and not any(name.startswith("course/feedback") for name in names)


def test_two_zips_share_no_secret_and_a_course_keeps_its_own(packed, generated):
    with zipfile.ZipFile(packed) as archive:
        seed = archive.read("course/.autograder/seed")
    assert len(seed) == 32 and seed != (generated.folder / ".autograder" / "seed").read_bytes()


@pytest.mark.parametrize("assignment", assignments())
def test_of_this_course_only_the_one_assignments_checks_and_answers_go_along(assignment):
    checks = check_files(ROOT / "source" / assignment, [ROOT])
    files = project_files(assignment, checks)
    secret = {
        path.relative_to(PACKAGE).as_posix()
        for path in files
        if path.is_relative_to(PACKAGE) and path.relative_to(PACKAGE).parts[0] in ("checks", "reference")
    }
    others = [other for other in assignments() if other != assignment]
    assert f"checks/test_{assignment}.py" in secret and f"reference/{assignment}.py" in secret
    assert not secret & {name for other in others for name in (f"checks/test_{other}.py", f"reference/labels/{other}.npz")}
    for name in secret:
        if name.endswith(".py"):
            for node in ast.walk(ast.parse((PACKAGE / name).read_bytes())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("autograder.checks", "autograder.reference")):
                    folder = (node.module or "").removeprefix("autograder.").replace(".", "/")
                    wanted = [f"{folder}.py"] if f"{folder}.py" in secret else [f"{folder}/{alias.name}.py" for alias in node.names]
                    assert set(wanted) <= secret, f"{name} imports {wanted}"


def test_an_assignment_or_check_that_is_not_there_is_told(generated, tmp_path, monkeypatch, capsys):
    copy = generated.copy(tmp_path / "course")
    monkeypatch.chdir(copy.folder)
    assert main(["gradescope", "nosuch"]) == 1 and "no assignment 'nosuch'" in capsys.readouterr().err
    (copy.folder / "autograder" / "checks" / "test_tiny.py").unlink()
    assert main(["gradescope", "tiny"]) == 1 and "no file autograder/checks/test_tiny.py below" in capsys.readouterr().err
    assert not list(copy.folder.glob("*.zip"))


def test_only_limits_of_the_course_go_along():
    text = config({"cell_seconds": 5.0, "sandbox": "podman", "scheduler": "tcp://x:1", "nonsense": 1}, "hidden")
    assert text == "\nc.Grade.cell_seconds = 5.0\nc.GradescopeExporter.visibility = 'hidden'\n"


# ---- programs


def stubs(folder: Path, **scripts: str) -> str:
    """Programs that note how they were called; returns the search path."""
    folder.mkdir()
    for name, script in scripts.items():
        (folder / name).write_text(f'#!/bin/bash\necho "{name} $*" >> "{folder}/calls"\n{script}\n')
        (folder / name).chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_setup_installs_the_grading_base_with_a_python_that_fits(place, tmp_path):
    old = 'case "$*" in -c*) exit 1;; esac'
    path = stubs(tmp_path / "bin", **{"apt-get": "", "python3": old, "python3.11": old, "python3.13": ""})
    variables = {"PATH": path, "AUTOGRADER_ROOT": str(place), "AUTOGRADER_ENVIRONMENT": "/opt/grading"}
    subprocess.run(["bash", str(place / "source" / "setup.sh")], env=variables, check=True)
    calls = (tmp_path / "bin" / "calls").read_text().splitlines()
    assert f"python3.13 {place}/source/project/bootstrap.py /opt/grading --only grading assignments" == calls[-1]
    assert any("install" in call and "bubblewrap" in call for call in calls)


def test_setup_says_where_no_python_fits(place, tmp_path):
    path = stubs(tmp_path / "bin", **{"apt-get": ""}, **{f"python3{minor}": "exit 1" for minor in ("", ".11", ".12", ".13", ".14")})
    done = subprocess.run(
        ["bash", str(place / "source" / "setup.sh")], env={"PATH": path, "AUTOGRADER_ROOT": str(place)}, capture_output=True, text=True
    )
    assert done.returncode == 1 and "no Python from 3.11 to 3.14" in done.stderr


# ---- GitHub


@pytest.fixture
def workflow(tmp_path, monkeypatch):
    """Writes a workflow and reads it as YAML."""
    monkeypatch.chdir(tmp_path)

    def write(*options: str) -> dict:
        assert main(["workflow", *options, "--to", "w.yml"]) == 0
        read = yaml.safe_load((tmp_path / "w.yml").read_text("utf-8"))
        return read | {"on": read.pop(True)}  # what YAML 1.1 makes of the word

    return write


def steps(workflow: dict) -> dict[str, dict]:
    (job,) = workflow["jobs"].values()
    return {step["name"]: step for step in job["steps"] if "name" in step}


@pytest.mark.parametrize(("answered", "status"), [(True, 0), (False, 1)])
def test_the_workflow_of_students_runs_their_visible_checks(workflow, tmp_path, answered, status):
    made = workflow("receptive_fields")
    assert made["permissions"] == {"contents": "read"} and "push" in made["on"]
    assert "secrets." not in (tmp_path / "w.yml").read_text() and "hidden" not in "".join(
        step.get("run", "") for step in steps(made).values()
    )
    source = (
        ROOT / "tests" / "chapters" / "receptive_fields" / "submissions" / "perfect" if answered else ROOT / "release" / "receptive_fields"
    )
    shutil.copy(source / "receptive_fields.ipynb", tmp_path)
    environment = os.environ | {
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    subprocess.run(
        ["bash", "-e", "-c", steps(made)["Run the notebook"]["run"]], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    told = subprocess.run(
        [sys.executable, "-c", steps(made)["Say which tasks pass"]["run"]], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert told.returncode == status, told.stdout + told.stderr
    assert ("7 of 7 tasks pass" in told.stdout) == answered and told.stdout.strip() in (tmp_path / "summary").read_text()


def test_the_workflow_with_hidden_checks_grades_what_repositories_txt_names(workflow, place, generated, tmp_path):
    made = workflow("tiny", "--hidden")
    assert "push" not in made["on"] and "pull_request" not in made["on"], "nothing of a student's starts it"
    hand_in(place, generated, RIGHT)
    (tmp_path / "cloned").mkdir()
    shutil.move(place / "submission" / "tiny.ipynb", tmp_path / "cloned")
    (place / "source" / "repositories.txt").write_text("uni/tiny-ada\n\n")
    path = stubs(tmp_path / "bin", gh=f'mkdir -p "$4" && cp -r {tmp_path}/cloned/. "$4" && mkdir "$4/.git"')
    variables = {"AUTOGRADER_ROOT": str(place), "AUTOGRADER_ENVIRONMENT": sys.prefix, "PATH": path}
    for name in ("Fetch", "Grade"):
        done = subprocess.run(
            ["bash", "-e", "-c", steps(made)[name]["run"]], cwd=place.parent, env=os.environ | variables, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert json.loads((place.parent / "results" / "tiny-ada.json").read_text())["score"] == 7
    assert "gh repo clone uni/tiny-ada submissions/tiny-ada -- --quiet --depth 1" in (tmp_path / "bin" / "calls").read_text()
    assert steps(made)["Fetch"]["env"] == {"GH_TOKEN": "${{ secrets.STUDENTS_TOKEN }}"} and "env" not in steps(made)["Grade"]


def test_a_workflow_that_somebody_changed_is_not_overwritten(workflow, tmp_path, capsys):
    workflow("tiny")
    workflow("tiny")
    (tmp_path / "w.yml").write_text("mine")
    assert main(["workflow", "tiny", "--to", "w.yml"]) == 1 and "is there already and another" in capsys.readouterr().err
