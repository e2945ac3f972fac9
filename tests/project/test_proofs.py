"""What is proven of an assignment: which changes undo a proof, which part runs all the same, and what `make prove` notes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import graded_solutions
import nbformat
import proofs
import prove
import pytest

from autograder.authoring import sample
from autograder.authoring.course import ROOT, assignments
from autograder.engine import imports

ONE = "receptive_fields"
KEPT = ("autograder", f"source/{ONE}", f"tests/chapters/{ONE}")


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("proofs") / "course"
    for name in KEPT:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.lock", "tests/build_samples.py"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def elsewhere(copied, monkeypatch) -> Path:
    """A copy of what stands behind one assignment, which the digests are made of."""
    monkeypatch.setattr(proofs, "ROOT", copied)
    monkeypatch.setattr(graded_solutions, "ROOT", copied)
    monkeypatch.setattr(imports, "PACKAGE", copied / "autograder")
    monkeypatch.setattr(proofs, "OF_ASSIGNMENTS", (copied / "autograder" / "checks", copied / "autograder" / "reference"))
    for module in (graded_solutions, sample):
        monkeypatch.setattr(module, "CHAPTERS", copied / "tests" / "chapters")
    proofs.forget()
    yield copied
    proofs.forget()


def changed_by(file: Path, text: str) -> tuple[set[str], set[str]]:
    """Which digests of the assignment a file's new text changes, and of which tasks."""
    before, tasks_before, old = proofs.digests(ONE), proofs.task_digests(ONE), file.read_text("utf-8")
    file.write_text(text, "utf-8")
    proofs.forget()
    after, tasks_after = proofs.digests(ONE), proofs.task_digests(ONE)
    file.write_text(old, "utf-8")
    proofs.forget()
    return {kind for kind in before if before[kind] != after[kind]}, {
        task for task in tasks_before if tasks_before[task] != tasks_after[task]
    }


@pytest.mark.parametrize(
    ("file", "kinds"),
    [
        (f"tests/chapters/{ONE}/solutions/layers_of.py", {"solutions"}),
        (f"tests/chapters/{ONE}/submissions/wrong_padding/answers.py", {"samples"}),
        (f"tests/chapters/{ONE}/submissions/wrong_padding/expected.yaml", {"samples"}),
        (f"tests/chapters/{ONE}/submissions/wrong_padding/{ONE}.ipynb", set()),
        (f"autograder/checks/test_{ONE}.py", {"solutions", "samples"}),
        *((path.relative_to(ROOT).as_posix(), {"solutions", "samples"}) for path in ROOT.glob(f"autograder/checks/{ONE}_*.py")),
        (f"autograder/reference/{ONE}.py", {"solutions", "samples"}),
        ("autograder/checks/test_convnets.py", set()),
        ("autograder/reference/optimizers.py", set()),
        (Path(imports.__file__).relative_to(ROOT).as_posix(), set()),
    ],
)
def test_a_proof_is_of_all_that_decides_and_is_not_the_engine(elsewhere, file, kinds):
    path = elsewhere / file
    assert changed_by(path, path.read_text("utf-8") + "\n# another line\n")[0] == kinds


@pytest.mark.parametrize(("kind", "kinds"), [("code", {"solutions", "samples"}), ("markdown", set())])
def test_of_a_source_its_code_decides_and_not_its_text(elsewhere, kind, kinds):
    path = elsewhere / "source" / ONE / f"{ONE}.ipynb"
    notebook = nbformat.read(path, 4)
    next(cell for cell in notebook.cells if cell.cell_type == kind).source += "\n# more"
    assert changed_by(path, nbformat.writes(notebook)) == (kinds, set())


def test_another_version_of_what_is_computed_with_undoes_a_proof(elsewhere):
    path = elsewhere / "requirements.lock"
    text = path.read_text("utf-8")
    assert changed_by(path, re.sub(r"^torch==\S+", "torch==1.0", text, flags=re.MULTILINE))[0] == {"solutions", "samples"}
    assert changed_by(path, re.sub(r"^sphinx==\S+", "sphinx==1.0", text, flags=re.MULTILINE))[0] == set()


def test_a_task_is_changed_by_its_solutions_its_cells_and_its_checks(elsewhere):
    task = graded_solutions.tasks(ONE)[1]
    solutions = elsewhere / "tests" / "chapters" / ONE / "solutions" / f"{task}.py"
    assert changed_by(solutions, solutions.read_text("utf-8") + "\n# more")[1] == {task}
    checks = elsewhere / "autograder" / "checks" / f"test_{ONE}.py"
    cell = next(cell for cell in graded_solutions.solved(ONE) if graded_solutions.grade_id(cell) == f"check_{task}")
    source = graded_solutions.check_source(cell)
    text = checks.read_text("utf-8")
    assert changed_by(checks, text.replace(source, source + "\n    # more\n    more = 1"))[1] == {task}


def test_what_is_noted_is_proven_until_it_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(proofs, "LOCK", tmp_path / "graded.lock")
    assert not proofs.is_proven(ONE, "solutions") and proofs.proven_tasks(ONE) == set()
    proofs.write_proof("another", {"solutions": "1"})
    proofs.write_proof(ONE, prove.state(ONE))
    assert proofs.is_proven(ONE, "solutions") and proofs.is_proven(ONE, "samples")
    assert proofs.proven_tasks(ONE) == set(graded_solutions.tasks(ONE))
    assert proofs.read_lock()["another"] == {"solutions": "1"}
    proofs.write_proof(ONE, proofs.digests(ONE) | {"samples": "of another day"})
    assert proofs.is_proven(ONE, "solutions") and not proofs.is_proven(ONE, "samples")
    assert [path.name for path in tmp_path.iterdir()] == ["graded.lock"]


def test_what_the_lock_names_is_there():
    known = proofs.read_lock()
    assert set(known) <= set(assignments())
    assert all(set(proof) == {"solutions", "samples", "tasks", "proven"} for proof in known.values())


def test_a_part_has_some_right_and_some_wrong_solutions_of_each_task():
    solutions = proofs.solutions_of(ONE)
    counted = Counter((solution.task, solution.right) for solution in proofs.some_solutions(solutions, "a commit"))
    assert counted == {(task, right): 2 if right else 3 for task in graded_solutions.tasks(ONE) for right in (True, False)}


def test_a_part_is_the_same_for_one_commit_and_in_the_end_every_solution_has_run():
    solutions = proofs.solutions_of(ONE)
    assert proofs.some_solutions(solutions, "1") == proofs.some_solutions(solutions[::-1], "1") != proofs.some_solutions(solutions, "2")
    assert set().union(*(proofs.some_solutions(solutions, str(commit)) for commit in range(200))) == set(solutions)


@pytest.mark.parametrize("name", assignments())
def test_three_samples_stand_for_a_class(name):
    first, *others = sorted(proofs.some_samples(proofs.samples_of(name), "a commit"))
    assert first.startswith("honest_") and others[0] == "perfect" and others[1].startswith("wrong_") and len(others) == 2


ALL = {"solutions": 5, "samples": 2}
PASSED = Counter({prove.EACH["solutions"]: 5, prove.EACH["samples"]: 2})


@pytest.mark.parametrize(
    ("code", "passed", "unchanged", "words"),
    [
        (0, PASSED, True, ""),
        (1, PASSED, True, "pytest ended with 1"),
        (0, PASSED, False, "files were changed meanwhile"),
        (0, PASSED - Counter({prove.EACH["solutions"]: 1}), True, "4 of 5 solutions were tested"),
        (0, Counter(), True, "0 of 5 solutions were tested; 0 of 2 samples were tested"),
    ],
)
def test_only_a_whole_run_in_which_nothing_fails_proves_anything(code, passed, unchanged, words):
    assert prove.objection(code, passed, ALL, unchanged).startswith(words)
    assert bool(prove.objection(code, passed, ALL, unchanged)) == bool(words)


def test_passed_tests_are_counted_and_failed_and_skipped_ones_are_not(tmp_path):
    cases = [
        '<testcase name="test_one[a]"/>', '<testcase name="test_one[b]"><failure/></testcase>',
        '<testcase name="test_one[c]"><skipped/></testcase>', '<testcase name="test_two"/>',
    ]  # fmt: skip
    (tmp_path / "report.xml").write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    assert prove.passed_in(tmp_path / "report.xml") == {"test_one": 1, "test_two": 1}


def test_a_run_counts_what_pytest_itself_reports(monkeypatch):
    monkeypatch.setattr(prove, "TESTS", ("tests/chapters/test_sections.py",))
    monkeypatch.setattr(prove, "WORKERS", ())
    code, passed = prove.run(ONE)
    assert code == 0
    assert passed["test_every_section_that_checks_name_is_a_heading_of_its_chapter"] == 1
    assert sum(passed.values()) == 2


def test_prove_notes_what_came_out_as_expected_and_goes_on_after_what_did_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(proofs, "LOCK", tmp_path / "graded.lock")
    names = assignments()[:3]

    def run(assignment: str) -> tuple[int, Counter]:
        every = {"solutions": len(proofs.solutions_of(assignment)), "samples": len(proofs.samples_of(assignment))}
        return int(assignment == names[0]), Counter({prove.EACH[kind]: number for kind, number in every.items()})

    monkeypatch.setattr(prove, "run", run)
    assert prove.main(names) == 1
    assert f"{names[0]}: NOT proven: pytest ended with 1" in capsys.readouterr().err
    assert list(proofs.read_lock()) == names[1:]
    assert prove.main(["--list", *names]) == 0
    assert capsys.readouterr().out.splitlines() == [*(f"{name}: proven as it is" for name in names[1:]), f"{names[0]}: not proven"]


def test_prove_names_the_assignments_there_are(capsys):
    with pytest.raises(SystemExit, match="2"):
        prove.main(["convents"])
    assert f"expected some of {', '.join(assignments())}" in capsys.readouterr().err
