"""What stands behind a check or behind grading: a kept result is good as long as none of it changes."""

from autograder.engine.imports import PACKAGE, files_behind
from autograder.engine.store import GRADING

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
    assert engine | {"inside/wire.py", "inside/models.py", "judge/__init__.py"} <= behind
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
