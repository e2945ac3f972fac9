"""Notebooks damaged at random: no file stops a run, earns what it doesn't deserve or gets more than one clear line.

Every step that a submission takes without its code being run is driven in this process: reading, repairing, nbgrader's
own preprocessors, the job, and the writing of outputs that nbgrader takes its points from. One class of damaged
notebooks goes through the real command. ``FUZZ_EXAMPLES=5000`` tries that many, other ones each time.
"""

from __future__ import annotations

import csv
import functools
import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import nbformat
import nbgrader.api
import pytest
from damage import DAMAGES, ENCODINGS, as_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader import preprocessors as nbgraders
from nbgrader.utils import determine_grade
from traitlets import Any as AnyTrait
from traitlets.config import Configurable

from autograder.jobs.notebook import UnreadableNotebook, read_or_explain, read_submission
from autograder.jobs.outputs import OutputCleaner
from autograder.jobs.score import CellResult, CheckReport, JobResult
from autograder.jobs.submission import make_job
from autograder.plugin import Grade, Repair
from autograder.run.released import released_cells
from autograder.run.run import Run
from autograder.run.written import Writer
from autograder.settings import Settings

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
fuzz = settings(
    max_examples=EXAMPLES, derandomize="FUZZ_EXAMPLES" not in os.environ, suppress_health_check=list(HealthCheck), print_blob=True
)
RANDOM = st.randoms(use_true_random=False)
DAMAGED = st.lists(st.sampled_from(sorted(DAMAGES)), max_size=4)
ENCODED = st.none() | st.sampled_from(sorted(ENCODINGS))

ANSWERS = {
    "area": "def area(height, width):\n    return height * width  # é",
    "smooth": "def smooth(x):\n    return (x[1:] + x[:-1]) / 2",
    "why_kernel": "The last entry has no right neighbour.",
}
EARNED = {"check_area": 3.0, "check_smooth": 3.0}  # a negative side isn't refused
POINTS = {"check_area": 4.0, "check_smooth": 3.0}
CHECKS = {"check_area": "TestArea", "check_smooth": "TestSmooth"}
ALL_POINTS = {**POINTS, "why_kernel": 2.0}
LONGEST_LINE = 600  # characters of what is told of a submission


class Exporter(Configurable):
    """Stands where nbgrader has its exporter: what the preprocessors look at is its run."""

    run = AnyTrait()


class Offline(Run):
    """A run whose checks have passed and whose student displayed ``claims`` in every cell, without an engine."""

    def __init__(self, course: Any, claims: object) -> None:
        self.claims, self.writer = claims, Writer(course.folder, Settings().book)
        url, source = f"sqlite:///{course.folder / 'gradebook.db'}", course.folder / "source" / "tiny" / "tiny.ipynb"
        self.about = {"db_url": url, "assignment": "tiny", "notebook": "tiny", "student": "ada"}
        release = released_cells(url, "tiny", "tiny", source)
        self.handed_out, self.submissions = SimpleNamespace(cells={"tiny": release}.__getitem__), SimpleNamespace(fingerprints={})

    def result(self, notebook: nbformat.NotebookNode, student: str, name: str) -> JobResult:
        self.job = make_job(notebook, "tiny", student, {})
        clean = OutputCleaner().clean
        passed = [CheckReport("Any size", True)]
        return JobResult({cell.index: CellResult(clean(self.claims), "", passed if cell.checks else None) for cell in self.job.cells})

    def filed(self, *_: object) -> None:
        """No progress to tell."""

    def notes(self, student: str) -> list[nbformat.NotebookNode]:
        """No folder, of which nothing is left out."""
        return []


@pytest.fixture(scope="module")
def honest(generated: Any) -> dict[str, Any]:
    """The released notebook with answers, as parsed JSON."""
    return json.loads(json.dumps(generated.answer(ANSWERS)))


@pytest.fixture(scope="module")
def offline(generated: Any) -> Iterator[Offline]:
    """A run of the tiny assignment; a test sets what the student displayed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.create_engine", functools.cache(nbgrader.api.create_engine))  # as a run does
        yield Offline(generated, [])


def damaged(honest: dict[str, Any], damages: list[str], encoding: str | None, random: Random) -> bytes:
    """The file that is handed in."""
    notebook = json.loads(json.dumps(honest))
    for name in damages:
        DAMAGES[name](notebook, random)
    return ENCODINGS[encoding](as_text(notebook), random) if encoding else as_text(notebook).encode()


def sanitized(path: Path, run: Offline) -> tuple[nbformat.NotebookNode, list[str]]:
    """What the command makes of a file before any code is run, and the lines that it tells."""
    notebook, problem = read_or_explain(path)
    with Lines() as lines:
        for step in nbgraders_steps(run):
            notebook, _ = step.preprocess(notebook, {"nbgrader": run.about})
    return notebook, [*([problem] if problem else []), *lines.told]


def nbgraders_steps(run: Offline) -> list[Any]:
    """The preprocessors that ``nbgrader_config.py`` names for sanitizing."""
    names = ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")
    return [Repair(parent=Exporter(run=run)), *(getattr(nbgraders, name)() for name in names)]


class Lines(logging.Handler):
    """Collects what is logged while it is active."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())

    def __enter__(self) -> Lines:
        logging.getLogger("traitlets").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("traitlets").removeHandler(self)


def assert_clear(lines: list[str]) -> None:
    """Each is one line that can be read, whatever the student wrote."""
    for line in lines:
        assert line.strip() and line.isprintable() and len(line) <= LONGEST_LINE, ascii(line[:1000])


# ---- step by step, in this process


@fuzz
@given(DAMAGED, ENCODED, RANDOM)
def test_a_damaged_file_becomes_a_valid_notebook_with_one_clear_reason_at_most(honest, tmp_path_factory, damages, encoding, random):
    path = tmp_path_factory.getbasetemp() / "damaged.ipynb"
    path.write_bytes(damaged(honest, damages, encoding, random))
    notebook, problem = read_or_explain(path)
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    assert_clear([problem] if problem else [])
    assert not problem or f"it is {problem}. " in notebook.cells[0].source


@fuzz
@given(DAMAGED, RANDOM)
def test_released_points_roles_and_checks_are_restored(honest, offline, tmp_path_factory, damages, random):
    path = tmp_path_factory.getbasetemp() / "restored.ipynb"
    path.write_bytes(damaged(honest, damages, None, random))
    notebook, lines = sanitized(path, offline)
    assert_clear(lines)
    found = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    released = {cell.name: cell for cell in offline.handed_out.cells("tiny").cells}
    assert len({cell.metadata.nbgrader.grade_id for cell in found}) == len(found)
    for cell in found:
        assert dict(cell.metadata.nbgrader) == released[cell.metadata.nbgrader.grade_id].metadata
    assert {
        name: info.points for name, info in ((c.metadata.nbgrader.grade_id, c.metadata.nbgrader) for c in found) if info.grade
    } == ALL_POINTS
    graded = [cell for cell in make_job(notebook, "tiny", "ada", {}).cells if cell.checks]
    assert {cell.name: cell.checks.group for cell in graded} == CHECKS
    assert not any("HIDDEN TESTS" in cell.source or "RuntimeError" in cell.source for cell in graded)


CLAIMS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["1000", "text/plain"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=3),
    max_leaves=6,
)
OUTPUTS = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result"]) | CLAIMS},
    optional={
        "data": st.dictionaries(st.sampled_from(["text/plain", "text/html", "image/png", "application/json"]), CLAIMS) | CLAIMS,
        **dict.fromkeys(("name", "text", "ename", "evalue", "traceback", "metadata", "execution_count"), CLAIMS),
    },
)


@fuzz
@given(DAMAGED, st.lists(OUTPUTS | CLAIMS, max_size=4) | CLAIMS, RANDOM)
def test_what_is_written_is_read_as_exactly_the_points_earned(honest, offline, tmp_path_factory, damages, claims, random):
    """Whatever was displayed: what nbgrader makes of the outputs is what the checks gave, and a file holds it."""
    path = tmp_path_factory.getbasetemp() / "written.ipynb"
    path.write_bytes(damaged(honest, damages, None, random))
    offline.claims = claims
    notebook, _ = sanitized(path, offline)
    notebook, _ = Grade(parent=Exporter(run=offline)).preprocess(notebook, {"nbgrader": offline.about})
    nbformat.write(notebook, path)
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    grades = {c.metadata.nbgrader.grade_id: determine_grade(c) for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")}
    assert {name: grade for name, grade in grades.items() if name in POINTS} == {name: (most, most) for name, most in POINTS.items()}
    assert grades["why_kernel"][0] in (None, 0.0) and set(grades) == set(ALL_POINTS)


# ---- a class of damaged notebooks, with the real command


def class_of_damaged(honest: dict[str, Any]) -> dict[str, bytes]:
    """A file for each kind of damage, and for each kind of damaged text, by the student who hands it in."""
    made = {name: damaged(honest, [name], None, Random(number)) for number, name in enumerate(sorted(DAMAGES))}
    made |= {name: damaged(honest, [], name, Random(number)) for number, name in enumerate(sorted(ENCODINGS))}
    return {name.replace("_", "-"): content for name, content in made.items()}


@pytest.fixture(scope="module")
def graded(generated: Any, honest: dict[str, Any], level: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The course after one ``nbgrader autograde`` of the damaged notebooks and an undamaged copy."""
    course = generated.copy(tmp_path_factory.mktemp("damaged") / "course")
    for name, content in {"undamaged": as_text(honest).encode(), **class_of_damaged(honest)}.items():
        course.submit(name, content)
    limits = [f"--Grade.sandbox={level}", "--Grade.cell_seconds=2", "--Grade.check_seconds=2"]
    course.log = course.nbgrader("autograde", "tiny", *limits)
    course.nbgrader("export", "--to", "grades.csv")
    return course


def unreadable(path: Path) -> str:
    """Why a file can't be read, empty if it can."""
    try:
        read_submission(path)
    except UnreadableNotebook as error:
        return str(error)
    return ""


def test_a_class_of_damaged_notebooks_is_graded_to_its_end(graded, honest):
    students = {"undamaged", *class_of_damaged(honest)}
    with open(graded.folder / "grades.csv", newline="", encoding="utf-8") as file:
        assert {row["student_id"] for row in csv.DictReader(file)} == students
    assert f"[{len(students)}/{len(students)}]" in graded.log
    for sign in ("Traceback", "There was an error", "Logging error", "a check broke"):
        assert sign not in graded.log


def test_nobody_earns_more_than_with_the_undamaged_copy(graded, honest):
    assert {name: graded.scores("undamaged")[name] for name in EARNED} == EARNED
    for student in class_of_damaged(honest):
        scores = graded.scores(student)
        assert set(scores) == set(ALL_POINTS)
        assert all(scores[name] is not None and 0 <= scores[name] <= most for name, most in EARNED.items()), (student, scores)
        if unreadable(graded.folder / "submitted" / student / "tiny" / "tiny.ipynb"):
            assert set(scores.values()) == {0.0}, student


def test_most_damages_cost_nothing_of_what_is_still_there(graded, honest):
    """Or the test above would pass for a grader that gives nobody anything."""
    earned = [sum(graded.scores(student)[name] for name in EARNED) for student in class_of_damaged(honest)]
    assert sum(points == sum(EARNED.values()) for points in earned) >= 15


def test_what_is_wrong_with_a_file_is_told_in_one_line(graded, honest):
    lines = graded.log.splitlines()
    assert [line for line in lines if not re.match(r"\[\w+ \| (WARNING|ERROR|INFO)\] ", line)] == []
    assert_clear([line.replace(str(graded.folder), "") for line in lines])
    for student in class_of_damaged(honest):
        reason = unreadable(graded.folder / "submitted" / student / "tiny" / "tiny.ipynb")
        told = [line for line in lines if f"/{student}/" in line and "is no readable notebook" in line]
        assert len(told) == bool(reason) and all(f"({reason})" in line for line in told)
