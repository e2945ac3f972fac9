"""``python -m autograder try NOTEBOOK``: what the hidden checks say of one notebook, at once and without a gradebook.

For whoever writes a check: the notebook is the assignment's own, with its answers, or one as a student hands it in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums

from autograder.authoring.course import ROOT
from autograder.checking.versions import note_versions
from autograder.engine.engine import EngineError, Plan, resolved
from autograder.engine.grading import start
from autograder.engine.store import SEED_BYTES
from autograder.errors import CourseError
from autograder.feedback.cell_report import report_text
from autograder.jobs.beside import look_at
from autograder.jobs.cells import STUB, grade_id, is_checked, points
from autograder.jobs.notebook import read_or_explain
from autograder.jobs.score import CellResult, JobResult, points_of
from autograder.jobs.submission import DirectiveError, Job, make_job, warm_imports
from autograder.judge.self_test import sandbox_level_problem
from autograder.run.released import Release, ReleasedCell
from autograder.run.repair import put_right
from autograder.settings import Settings


class CantTry(CourseError):
    """A notebook can't be tried; the message says why."""


def try_notebook(path: Path, task: str = "", seed: int = 0, course: Path | None = None) -> tuple[str, bool]:
    """What the hidden checks say of a notebook.

    Args:
        path: the notebook; its name is the assignment's.
        task: the one task that is tried, by its grade id; all if not given.
        seed: other inputs are drawn for another one.
        course: the course folder, whose ``source`` and checks count; what it lacks is this project's.

    Returns:
        The reports, and whether every check passed.

    Raises:
        CantTry: no readable notebook, no such assignment or task, or its checks can't be collected.
    """
    roots = [course or Path.cwd(), ROOT]
    source = _source_of(path.stem, roots)
    notebook, problem = read_or_explain(path)
    if problem:
        raise CantTry(f"{path} is no readable notebook ({problem})")
    told = [] if path.samefile(source) else put_right(notebook, released_as(source))
    if task:
        _keep_only(notebook, task)
    settings = Settings("bubblewrap" if sandbox_level_problem() is None else "process")
    try:
        job = _job(notebook, source, roots, seed)
        result = _graded(job, settings, roots)
    except (DirectiveError, EngineError) as error:
        raise CantTry(str(error)) from None
    if result.problem:
        raise CantTry(f"{path} can't be graded: {result.problem}")
    parts = [_cell_text(notebook.cells[cell.index], result.cells.get(cell.index, CellResult(note="Not graded."))) for cell in job.cells]
    parts += [f"broken: {said}" for said in result.broken]
    passed = all(report.passed for cell in result.cells.values() for report in cell.reports or ())
    return "\n\n".join([*told, *filter(None, parts)]), passed


def _source_of(assignment: str, roots: list[Path]) -> Path:
    places = [root / "source" / assignment / f"{assignment}.ipynb" for root in roots]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise CantTry(f"expected a notebook named as an assignment; there is none of {', '.join(map(str, dict.fromkeys(places)))}")
    return found


def released_as(source: Path) -> Release:
    """What nbgrader releases of a source notebook, without a gradebook: stubs in place of answers, hidden lines kept."""
    notebook = nbformat.read(source, 4)
    note_versions(notebook.cells)
    stub = ClearSolutions(code_stub={"python": STUB})
    resources: dict = {}
    for preprocessor in (stub, ComputeChecksums()):
        notebook, resources = preprocessor.preprocess(notebook, resources)
    known = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    cells = [ReleasedCell({"cell_type": cell.cell_type, **cell.metadata.nbgrader}, cell.source, cell.get("id", "")) for cell in known]
    return Release(tuple(cells))


def _keep_only(notebook: NotebookNode, task: str) -> None:
    """Takes the checks of other tasks, and what follows those of this one, out of the notebook.

    Raises:
        CantTry: there is no such task.
    """
    names = [grade_id(cell) for cell in notebook.cells if is_checked(cell)]
    wanted = next((name for name in (task, f"check_{task}") if name in names), None)
    if wanted is None:
        raise CantTry(f"expected a task with hidden checks ({', '.join(str(name).removeprefix('check_') for name in names)}), not {task!r}")
    last = next(index for index, cell in enumerate(notebook.cells) if grade_id(cell) == wanted)
    notebook.cells = [cell for cell in notebook.cells[: last + 1] if not is_checked(cell) or grade_id(cell) == wanted]


def _job(notebook: NotebookNode, source: Path, roots: list[Path], seed: int) -> Job:
    job = make_job(notebook, source.stem, "tried", look_at(source.parent).files)
    return replace(resolved(job, roots), seed=f"{seed:0{2 * SEED_BYTES}x}")


def _graded(job: Job, settings: Settings, roots: list[Path]) -> JobResult:
    checks = tuple(cell.checks for cell in job.cells if cell.checks)
    engine = start(settings, Plan(checks, tuple(warm_imports(cell.source for cell in job.cells if cell.given)), tuple(roots)))
    try:
        return engine.result(engine.submit(job))
    finally:
        engine.close()


def _cell_text(cell: NotebookNode, result: CellResult) -> str:
    """The report of a graded cell, or what else is to be said of one."""
    if is_checked(cell):
        most = points(cell)
        return f"{grade_id(cell)}: {report_text(result, points_of(result, most), most)}"
    return f"{grade_id(cell) or cell.get('id', 'a cell')}: {result.note}" if result.note else ""
