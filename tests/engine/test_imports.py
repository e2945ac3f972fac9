"""What stands behind a check or behind grading: a kept result is good as long as none of it changes."""

import shutil

import pytest

from autograder.authoring import sample
from autograder.authoring.course import assignments
from autograder.engine import imports, worker
from autograder.engine.imports import GRADING, PACKAGE, deciding_files, files_behind
from autograder.jobs.digest import digest

CHECKS = PACKAGE / "checks"


def names(*starts: str) -> set[str]:
    return {path.relative_to(PACKAGE).as_posix() for path in files_behind(PACKAGE / start for start in starts)}


def test_a_check_stands_on_its_reference_and_its_mistakes_and_on_no_other_assignment():
    behind = names("checks/test_convnets.py")
    assert {"checks/test_convnets.py", "checks/convnets_mistakes.py", "reference/convnets.py", "checking/compare.py"} <= behind
    assert not any("optimizers" in name for name in behind)


def test_grading_stands_on_the_engine_and_not_on_reports():
    behind = names(*GRADING)
    engine = {"run/run.py", "engine/engine.py", "judge/execution.py", "sandbox/warm.py", "jobs/score.py", "checking/student.py"}
    assert engine | {"inside/wire.py", "inside/seccomp.py", "judge/__init__.py"} <= behind
    assert not behind & {"classroom/report.py", "classroom/report_page.py", "exports.py", "collect.py", "pages.py"}
    assert not [name for name in behind if name.startswith("authoring/")]


def test_a_file_elsewhere_counts_with_what_it_imports_of_this_package(tmp_path):
    check = tmp_path / "test_mine.py"
    check.write_text("def test():\n    from autograder.reference import convnets\n    import numpy, nowhere\n")
    assert check in files_behind([check]) and PACKAGE / "reference" / "convnets.py" in files_behind([check])


def test_a_file_that_is_no_python_stands_for_itself(tmp_path):
    broken = tmp_path / "test_broken.py"
    broken.write_text("def (:")
    assert files_behind([broken]) == [broken]


def test_of_a_module_in_a_package_the_package_counts_too(package):
    (package / "run_of" / "steps").mkdir(parents=True)
    for place in ("run_of/__init__.py", "run_of/steps/__init__.py", "run_of/steps/first.py"):
        (package / place).touch()
    (package / "plugin.py").write_text("from autograder.run_of.steps.first import begin\n")
    found = {path.relative_to(package).as_posix() for path in deciding_files()}
    assert {"__init__.py", "run_of/__init__.py", "run_of/steps/__init__.py", "run_of/steps/first.py"} <= found


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of this package that may be changed."""
    folder = tmp_path / "autograder"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__", "skeleton"))
    for module in (imports, worker):
        monkeypatch.setattr(module, "PACKAGE", folder)
    return folder


@pytest.mark.parametrize("gone", ["judge/session.py", "inside", "reference/labels"])
def test_what_was_moved_is_missed_and_not_left_out(package, gone):
    (package / gone).rename(package / "another_room")
    with pytest.raises(FileNotFoundError, match=gone):
        digest(deciding_files())


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("run/run.py", True),
        ("judge/execution.py", True),
        ("inside/kernel.py", True),
        ("checks/test_convnets.py", True),
        ("reference/optimizers.py", True),
        ("reference/labels/new.npz", True),
        ("authoring/bench.py", False),
        ("classroom/report_page.py", False),
        ("authoring/new_course.py", False),
        ("authoring/doctor.py", False),
    ],
)
def test_machines_of_a_cluster_must_agree_on_what_decides_and_on_nothing_else(package, file, matters):
    before = worker.versions.__wrapped__()
    with (package / file).open("a") as changed:
        changed.write("\n# changed\n")
    assert (worker.versions.__wrapped__() != before) == matters


def test_the_sample_class_is_made_from_what_decides_and_from_what_shows_it():
    made_from = {path.relative_to(sample.ROOT).as_posix() for path in sample.made_from()}
    engine = {
        "autograder/judge/session.py",
        "autograder/inside",
        "autograder/checks/test_optimizers.py",
        "autograder/reference/optimizers.py",
    }
    pages = {"autograder/pages.py", "autograder/exports.py", "autograder/feedback/templates", "nbgrader_config.py"}
    assert engine | pages | {"source", *(f"tests/chapters/{name}/submissions" for name in assignments())} <= made_from
    assert not made_from & {f"autograder/{name}.py" for name in ("authoring/bench", "authoring/new_course", "classroom/report")}
