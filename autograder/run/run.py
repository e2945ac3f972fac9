"""One ``nbgrader autograde`` from its first submission to its last: looks ahead, keeps order, tells progress."""

from __future__ import annotations

import atexit
import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import rmtree

from autograder.engine.engine import EngineError, Plan, resolve_checks
from autograder.engine.grading import Grading, start
from autograder.engine.store import ResultStore, course_seed
from autograder.jobs.beside import MAX_FILE_BYTES
from autograder.jobs.cells import is_checked, points
from autograder.jobs.notebook import read_or_explain
from autograder.jobs.score import BY_CHECKS, CellResult, JobResult, points_of
from autograder.jobs.submission import Checks, DirectiveError, Job, find_checks, make_job, warm_imports
from autograder.places import PACKAGE, ROOT
from autograder.run.attempts import Attempts
from autograder.run.best import Best
from autograder.run.fingerprint import fingerprint, graded_from
from autograder.run.groups import Groups
from autograder.run.handed_in import Folders, make_safe, ungradable
from autograder.run.misnamed import Misnamed, take_misnamed
from autograder.run.quiet import progress
from autograder.run.released import Release, released_cells
from autograder.run.repair import put_right
from autograder.run.ungraded import NotGraded, Ungraded
from autograder.settings import Settings
from autograder.times import home_zone


class Run:
    """The engine and the queue behind one command.

    Args:
        converter: nbgrader's ``Autograde`` with its list of submissions.
        settings: validated settings.
    """

    def __init__(self, converter: Any, settings: Settings) -> None:
        self.converter, self.settings, self.log = converter, settings, converter.log
        self.coursedir = converter.coursedir
        self.assignment = self.coursedir.assignment_id
        self.root = Path(self.coursedir.root).resolve()
        self.engine: Grading | None = None
        self.store: ResultStore  # these three from `prepare` on
        self.plan: Plan
        self._open: dict[str, list[str]] = {}  # student → notebooks that nbgrader isn't going to skip
        self._known: set[tuple[str, str]] = set()  # student and notebook: looked at ahead
        self.folders: Folders
        self.misnamed = Misnamed()
        self.best: Best | None = None
        self.groups: Groups
        self._shared: dict[int, JobResult] = {}  # number → result that another member of the group is waiting for
        self.fingerprints: dict[str, str] = {}  # of what each student handed in
        self._aside: dict[str, str] = {}  # student → why the machine can't grade what was handed in
        self._numbers: dict[tuple[str, str], tuple[str, int]] = {}
        self._done: dict[tuple[str, str], tuple[str, JobResult]] = {}
        self._checks: dict[str, Checks] = {}
        self._started = time.monotonic()
        self._filed = 0
        self._released: dict[str, Release] = {}
        self._students: list[str] = []
        self.notebooks: list[str] = []
        self.seed = ""
        self.ungraded = Ungraded(self.log, lambda: self._running().self_test())

    def prepare(self) -> None:
        """Everything that can be wrong before the first student; clears what a killed run left half done.

        Raises:
            EngineError: unknown assignment, a directive that names no check, or no sandbox at this level.
        """
        sources = self._released_sources()
        roots = [self.root, ROOT]
        for name, source in sources.items():
            try:
                checks = find_checks(source, name)
            except DirectiveError as error:
                raise EngineError(str(error)) from None
            if checks is not None:
                try:
                    self._checks[name] = resolve_checks(checks, roots)
                except EngineError as error:
                    raise EngineError(f"cell '{name}': {error}") from None
        self.plan = Plan(tuple(self._checks.values()), tuple(warm_imports(sources.values())), (self.root,))
        self.store = ResultStore(self.root, self.settings, self.plan.files)
        self.seed = course_seed(self.root)
        self.folders = self._looked_at_folders()
        self._put_in_place()
        self.misnamed = take_misnamed(self.converter, self.notebooks, map(self.submitted, self._excluded()))
        for path, file in self.misnamed.files.items():
            self.log.warning("%s isn't called as it was handed out: graded as %s", file, Path(path).name)
        self.folders.within, self.ungraded.lost = self.misnamed.within(), self.misnamed.empty
        for note in make_safe(self.converter, self.notebooks):
            self.log.warning("%s", note)
        self._clear_unfinished()
        self.fingerprints = {student: fingerprint(self.submitted(student)) for student, _ in self._submissions()}
        self._open = dict(self._open_submissions())
        files = {student: map(str, map(self.misnamed.file, paths)) for student, paths in self._open.items()}
        self._aside = {student: why for student, paths in files.items() if (why := ungradable(student, paths))}
        self._students = [s for s, paths in self._open.items() for path in paths if Path(path).stem in self.notebooks]
        for aside in (self.best.aside if self.best else {}, self.groups.aside):
            self._aside |= {student: why for student, why in aside.items() if student in self._open}
        if not self._students:
            return
        self._look_ahead()
        if self.settings.sandbox == "process":
            self.log.warning("Grading at the lower level '%s': student code runs with your rights.", self.settings.sandbox)

    def _put_in_place(self) -> None:
        """Brings to ``submitted/`` what counts: a group's work to each of its members, and the best attempt of each student."""
        attempts = Attempts(self.coursedir, self.assignment, self.log, home_zone(self.converter))
        self.groups = Groups(self.coursedir, self.assignment, attempts)
        for line in self.groups.share():
            self.log.warning("%s", line)
        if self.settings.attempts == "best":
            self.converter.init_notebooks()
            self.best = Best(self, attempts)
            self.best.put_in_place()
        if self.groups.giver or self.best:
            self.converter.init_notebooks()

    def _looked_at_folders(self) -> Folders:
        room = min(MAX_FILE_BYTES, (self.settings.disk_mb << 20) * 3 // 4)  # the rest is for what the notebook writes
        folders = Folders(self.coursedir, room, self.converter.exclude_overwriting.get(self.assignment, ()))
        if folders.problem:
            raise EngineError(f"{self._source_folder()}: {folders.problem}")
        return folders

    def submit(self, job: Job) -> int:
        """Queues a job with the engine.

        Raises:
            EngineError: the checks or the sandbox aren't in order.
        """
        return self._running().submit(job)

    def _running(self) -> Grading:
        """The engine, which is started when it is first needed."""
        if self.engine is None:
            self.engine = start(self.settings, self.plan)
            atexit.register(self.engine.close)
        return self.engine

    def _released_sources(self) -> dict[str, str]:
        """Source of every code cell of the assignment's notebooks as the gradebook and the source folder know them."""
        sources: dict[str, str] = {}
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                for notebook in gradebook.find_assignment(self.assignment).notebooks:
                    self.notebooks.append(notebook.name)
                    sources |= {cell.name: cell.source for cell in notebook.source_cells if cell.cell_type == "code"}
        except MissingEntry:
            raise EngineError(
                f"no assignment '{self.assignment}' in the gradebook; run `nbgrader generate_assignment {self.assignment}` first"
            ) from None
        for path in sorted(self._source_folder().glob("*.ipynb")):
            cells = read_cells(path)
            sources |= {f"{path.stem}-{number}": cell for number, cell in enumerate(cells) if "### BEGIN HIDDEN" not in cell}
        return sources

    def _clear_unfinished(self) -> None:
        """Removes what an interrupted run left in ``autograded/``, which nbgrader would otherwise take for done."""
        for student, paths in self._submissions():
            folder = self.destination(student)
            wanted = [folder / Path(path).name for path in paths if Path(path).stem in self.notebooks]
            if folder.is_dir() and not all(is_done(path) for path in wanted):
                self.log.warning("%s: removing the unfinished result of an interrupted run", student)
                rmtree(str(folder))

    def _submissions(self) -> list[tuple[str, list[str]]]:
        """(student, notebook paths) of this command, in nbgrader's order."""
        pattern = re.compile(self.converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True))
        found = []
        for folder in sorted(self.converter.assignments):
            match = pattern.match(folder)
            if match:
                found.append((match.group("student_id"), sorted(self.converter.assignments[folder])))
        return found

    def _open_submissions(self) -> list[tuple[str, list[str]]]:
        """Those that nbgrader isn't going to skip (a superset is harmless)."""
        excluded = self._excluded()
        return [(s, paths) for s, paths in self._submissions() if s not in excluded and (self.converter.force or self._stale(s))]

    def _excluded(self) -> set[str]:
        return set(filter(None, self.coursedir.student_id_exclude.split(",")))

    def to_grade(self) -> list[str]:
        """Those whom this command may grade, before anything is looked at."""
        return [student for student, _ in self._submissions() if student not in self._excluded()]

    def _stale(self, student: str) -> bool:
        folder = self.destination(student)
        if not folder.is_dir():
            return True
        new, old = (self.coursedir.get_existing_timestamp(str(path)) for path in (self.submitted(student), folder))
        return (new is not None and old is not None and new > old) or self.replaced(student)

    def replaced(self, student: str) -> bool:
        """Whether something else lies in place of what was graded, whatever its time says."""
        graded = graded_from(self.destination(student))
        return bool(graded) and graded != self.fingerprints.get(student, graded)

    def released(self, notebook: str) -> Release:
        """The cells of one notebook as released; read once a run."""
        if notebook not in self._released:
            self._released[notebook] = released_cells(
                self.coursedir.db_url, self.assignment, notebook, self._source_folder() / f"{notebook}.ipynb"
            )
        return self._released[notebook]

    def _source_folder(self) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.source_directory, ".", self.assignment))

    def destination(self, student: str) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, self.assignment))

    def submitted(self, student: str) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, self.assignment))

    def is_submission(self, filename: str) -> bool:
        """Whether ``filename`` is one of the submitted notebooks of this run."""
        return any(filename in paths for _, paths in self._submissions())

    def _look_ahead(self) -> None:
        """Queues every submission at once; nbgrader's own loop then finds the results done."""
        for student, path in [(student, path) for student, paths in self._open.items() for path in paths]:
            self._queue(student, path)
            if not self.settings.look_ahead and self._numbers:
                break
        if self.engine is not None:
            self.engine.wait_until_ready()
            self._tell_notices()

    def _tell_notices(self) -> None:
        while self.engine is not None and self.engine.notices:
            self.log.warning("%s", self.engine.notices.pop(0))

    def _queue(self, student: str, path: str) -> None:
        """Queues one notebook, unless its result is stored."""
        self._known.add((student, Path(path).stem))
        try:
            job = self._job(self._sanitized(path), student)
        except Exception as error:  # nbgrader's own loop meets the same and reports it
            self.log.debug("look-ahead of %s: %s", path, error)
            return
        if not self.stored(job):
            key = job.key()
            flying = next((number for other, number in self._numbers.values() if other == key), None)
            self._numbers[student, Path(path).stem] = (key, self.submit(job) if flying is None else flying)

    def wait_for(self, student: str) -> None:
        """Waits for the results of a student's notebooks.

        Raises:
            NotGraded: one of them can't be graded.
            EngineError: none can.
        """
        if student in self._aside:
            self._filed += 1
            self.ungraded.take(student, JobResult(problem=self._aside[student]))
        for path in self._open.get(student, ()):
            name = student, Path(path).stem
            if name not in self._known:
                self._queue(student, path)
            if name in self._numbers:
                key, number = self._numbers.pop(name)
                result = self._shared.pop(number, None) or self._running().result(number)
                if any(number == other for _, other in self._numbers.values()):
                    self._shared[number] = result
                self._tell_notices()
                self._done[name] = key, result
                try:
                    self.ungraded.take(student, result)
                except NotGraded:
                    self._filed += 1
                    raise

    def stored(self, job: Job) -> JobResult | None:
        return self.store.get(job.key()) if self.settings.reuse_results else None

    def _sanitized(self, path: str) -> NotebookNode:
        """The notebook at ``path`` as nbgrader's sanitizing will leave its cells, made without the gradebook.

        Should the two ever differ, the job's key differs too and the notebook is graded when nbgrader gets there.
        """
        notebook, _ = read_or_explain(self.misnamed.file(path))
        put_right(notebook, self.released(Path(path).stem))
        return notebook

    def _job(self, notebook: NotebookNode, student: str) -> Job:
        giver = self.groups.giver.get(student, student)  # a group's work is one: run once, with the same inputs for all
        return self.job_in(notebook, giver, self.submitted(giver))

    def job_in(self, notebook: NotebookNode, student: str, folder: Path) -> Job:
        """The job of a sanitized notebook that was handed in with what lies in ``folder``."""
        job = make_job(notebook, self.assignment, student, self.folders.files(folder))
        cells = tuple(replace(cell, checks=self._checks[cell.name]) if cell.checks else cell for cell in job.cells)
        return replace(job, cells=cells, seed=self.seed)

    def result(self, notebook: NotebookNode, student: str, name: str) -> JobResult:
        """The result of one sanitized notebook, from the look-ahead if it is the same job, else graded now.

        Raises:
            NotGraded: there is none.
        """
        job = self._job(notebook, student)
        key, result = self._done.pop((student, name), ("", JobResult()))
        if key != job.key():
            stored = self.stored(job)
            if stored is not None:
                return stored
            result = self._running().result(self.submit(job))
            self.ungraded.take(student, result)
        return self._kept(job, result)

    def take_result(self, job: Job, number: int) -> JobResult:
        """Waits for the result of a job that was submitted as ``number``, and keeps it."""
        result = self._running().result(number)
        self._tell_notices()
        return result if result.problem else self._kept(job, result)

    def _kept(self, job: Job, result: JobResult) -> JobResult:
        """A result with all its cells, which is kept if it may be."""
        for cell in job.cells:
            result.cells.setdefault(cell.index, CellResult(note="Not graded."))
        self.store.put(job.key(), result)
        return result

    def notes(self, student: str) -> list[NotebookNode]:
        """Cells that tell a student what of the folder wasn't used."""
        folder = self.submitted(student)
        notes = {"misnamed": self.misnamed.note(folder), "left-out": self.folders.note(folder)}
        notes |= {"attempts": self.best.note(student)} if self.best else {}
        notes |= {"group": self.groups.note(student)}
        return [new_markdown_cell(note, id=name) for name, note in notes.items() if note]

    def scrub(self, output: dict) -> dict:
        """The output without paths of this machine."""
        return _scrubbed(output, self._private_paths())

    def _private_paths(self) -> list[tuple[str, str]]:
        pairs = {
            sys.prefix: "<python>",
            sys.base_prefix: "<python>",
            str(self.root): "<course>",
            str(PACKAGE): "<grader>",
            "/submission": ".",
        }
        return sorted(pairs.items(), key=lambda pair: -len(pair[0]))

    def filed(self, student: str, result: JobResult, notebook: NotebookNode) -> None:
        """Tells progress: count, name, score, and the time left at the pace so far; takes note of checks that broke."""
        self.ungraded.take_broken(student, result.broken)
        self._filed += 1
        total, spent = max(len(self._students), self._filed), time.monotonic() - self._started
        graded = [(points(cell), result.cells[index]) for index, cell in enumerate(notebook.cells) if is_checked(cell)]
        score, most = sum(points_of(outcome, maximum) for maximum, outcome in graded), sum(maximum for maximum, _ in graded)
        left = spent / self._filed * (total - self._filed)
        about = f"[{self._filed}/{total}] {student}: {score:g} of {most:g} {BY_CHECKS}, about {round(left)} s left"
        self.log.warning("%s", about, extra=progress(self._filed, total))

    def close(self, at_once: bool = False) -> None:
        """Ends the engine: the process that graded, such as the formgrader's, may live on for long."""
        if self.engine is not None:
            if at_once:
                self.engine.kill()
            self.engine.close()
            atexit.unregister(self.engine.close)
            self.engine = None


def is_done(path: Path) -> bool:
    """Whether ``path`` is a notebook that grading finished: whole, and with the mark that is written last."""
    try:
        return "autograder" in json.loads(path.read_text("utf-8"))["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def read_cells(path: Path) -> list[str]:
    """Sources of the code cells of a notebook file; none if it can't be read."""
    try:
        return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    except Exception:
        return []


def _scrubbed(value: Any, pairs: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        for path, shown in pairs:
            value = value.replace(path, shown)
        return value
    if isinstance(value, dict):
        return {key: item if key in ("image/png", "image/jpeg") else _scrubbed(item, pairs) for key, item in value.items()}
    return [_scrubbed(item, pairs) for item in value] if isinstance(value, list) else value
