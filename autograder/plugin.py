"""How the engine hangs on nbgrader: the classes that ``nbgrader_config.py`` names.

- `CourseExporter` (``Autograde.exporter_class``): opens a run, checks everything that could spoil it before the first
  student, and turns a file that is no notebook into an empty one, so that it is graded (with zero) like any other.
- `GraderVersions` (first of ``GenerateAssignment.preprocessors``): says in the release which versions grade it.
- `StatedPoints` (after it): compares points that texts state with those of the cells.
- `Repair` (first of ``Autograde.sanitize_preprocessors``): puts nbgrader's metadata back as released.
- `Grade` (first of ``Autograde.autograde_preprocessors``, in place of nbgrader's ``Execute``): writes the outputs that
  `SaveGrades` reads the points from.
- `SaveGrades` (in place of nbgrader's ``SaveAutoGrades``): leaves the points of a task open where one of its checks broke.
- `Decided` (after it): puts in the points of tasks that a person dropped or gave to everybody.
- `CollectAttempts` (``ExchangeFactory.collect``): keeps every attempt that came to the exchange, where the best counts.
- `ReleaseFeedback` (``ExchangeFactory.release_feedback``): passes over those who didn't hand in by the exchange.
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.exchange.default.release_feedback import ExchangeReleaseFeedback
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy.exc import OperationalError
from traitlets import Bool, Float, Integer, Unicode

from autograder.any_folder import KnownFolders
from autograder.checking.stated_points import untrue_points
from autograder.checking.versions import note_versions
from autograder.classroom.course_look import wrongly_sorted
from autograder.engine.engine import EngineError
from autograder.errors import CourseError
from autograder.jobs.cells import grade_id, is_checked, undecided
from autograder.jobs.notebook import read_or_explain
from autograder.run.adapter import grading, take_over
from autograder.run.collected import CollectAttempts
from autograder.run.decisions import graded_as_released, settle_graded
from autograder.run.quiet import quiet
from autograder.run.repair import put_right
from autograder.run.run import Run
from autograder.run.trouble import describe
from autograder.run.ungraded import told_at_the_end
from autograder.settings import Settings

OF_THE_EXCHANGE = ("submission_secret.txt", "timestamp.txt")  # without which nbgrader can't release feedback

__all__ = ["CollectAttempts"]  # for nbgrader_config.py

take_over()


class CourseExporter(NotebookExporter):
    """nbgrader's notebook exporter, tolerant of broken submissions; holds the `Run` of one ``nbgrader autograde``."""

    run: Run | None = None  # while there is something to grade

    def grade(self, convert: Callable[[], None]) -> None:
        """nbgrader's loop over the submissions, in a `Run`; `autograder.run.adapter` calls it.

        Args:
            convert: nbgrader's own loop.

        Raises:
            NbGraderException: grading can't start, or somebody was left ungraded.
        """
        converter: Any = self.parent
        with contextlib.ExitStack() as stack:
            try:
                self.run = Run(converter, Grade(parent=self).settings())
                stack.enter_context(grading(converter, self.run))
                stack.enter_context(graded_as_released(converter.coursedir, self.run.assignment))
                self.run.prepare()
                self.run.ungraded.lost += self._misplaced(converter)
            except (EngineError, CourseError, ValueError, OSError, OperationalError) as error:
                wrong = (describe(error, converter.coursedir.db_url) if isinstance(error, (OSError, OperationalError)) else None) or error
                converter.log.error("Grading can't start: %s", wrong)
                raise NbGraderException(f"Grading can't start: {wrong}") from None
            with told_at_the_end(converter, self.run):
                convert()

    @staticmethod
    def _misplaced(converter: Any) -> list[str]:
        """What lies in ``submitted/`` where nbgrader doesn't look: of everybody, or of the student who is asked for."""
        coursedir = converter.coursedir
        root = Path(coursedir.root)
        known = [path.name for path in (root / coursedir.source_directory).glob("*") if path.is_dir()]
        students = None if coursedir.student_id == "*" else [coursedir.student_id]
        return wrongly_sorted(root / coursedir.submitted_directory, known, students)

    def from_filename(self, filename: str, resources: dict | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        if self.run is None or not self.run.submissions.includes(filename):
            return super().from_filename(filename, resources, **kwargs)
        notebook, problem = read_or_explain(self.run.misnamed.file(filename))
        if problem:
            self.log.error("%s is no readable notebook (%s): graded as an empty one", filename, problem)
        about = {"metadata": {"name": Path(filename).stem, "path": str(Path(filename).parent)}}
        return self.from_notebook_node(notebook, {**(resources or {}), **about}, **kwargs)


class GraderVersions(NbGraderPreprocessor):
    """Says in a notebook that is released which versions grade it; first of ``GenerateAssignment.preprocessors``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        note_versions(nb.cells)
        return nb, resources


class StatedPoints(NbGraderPreprocessor):
    """Warns of points that a text states and its cells don't hold; of ``GenerateAssignment.preprocessors``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        for sentence in untrue_points(nb.cells):
            self.log.warning("%s: change the text, or the points of the cells", sentence)
        return nb, resources


class Repair(NbGraderPreprocessor):
    """Restores what a student can spoil of nbgrader's metadata: roles, points and types of the released cells."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Released cells get their released role, points and type; missing ones come back; others earn nothing."""
        run, info = self.parent.run, resources["nbgrader"]
        for note in put_right(nb, run.handed_out.cells(info["notebook"])):
            self.log.warning("%s: %s", info["student"], note)
        return nb, resources


class Grade(NbGraderPreprocessor):
    """Runs a notebook shut in, has the hidden checks decide outside, and writes points where nbgrader looks for them."""

    sandbox = Unicode(help=Settings.help("sandbox"), default_value=Settings().sandbox).tag(config=True)
    workers = Integer(help=Settings.help("workers"), default_value=Settings().workers).tag(config=True)
    cell_seconds = Float(help=Settings.help("cell_seconds"), default_value=Settings().cell_seconds).tag(config=True)
    notebook_seconds = Float(help=Settings.help("notebook_seconds"), default_value=Settings().notebook_seconds).tag(config=True)
    check_seconds = Float(help=Settings.help("check_seconds"), default_value=Settings().check_seconds).tag(config=True)
    checks_seconds = Float(help=Settings.help("checks_seconds"), default_value=Settings().checks_seconds).tag(config=True)
    memory_mb = Integer(help=Settings.help("memory_mb"), default_value=Settings().memory_mb).tag(config=True)
    disk_mb = Integer(help=Settings.help("disk_mb"), default_value=Settings().disk_mb).tag(config=True)
    processes = Integer(help=Settings.help("processes"), default_value=Settings().processes).tag(config=True)
    open_files = Integer(help=Settings.help("open_files"), default_value=Settings().open_files).tag(config=True)
    file_mb = Integer(help=Settings.help("file_mb"), default_value=Settings().file_mb).tag(config=True)
    value_mb = Integer(help=Settings.help("value_mb"), default_value=Settings().value_mb).tag(config=True)
    reuse_results = Bool(help=Settings.help("reuse_results"), default_value=Settings().reuse_results).tag(config=True)
    look_ahead = Bool(help=Settings.help("look_ahead"), default_value=Settings().look_ahead).tag(config=True)
    scheduler = Unicode(help=Settings.help("scheduler"), default_value=Settings().scheduler).tag(config=True)
    tls = Unicode(help=Settings.help("tls"), default_value=Settings().tls).tag(config=True)
    book = Unicode(help=Settings.help("book"), default_value=Settings().book).tag(config=True)
    attempts = Unicode(help=Settings.help("attempts"), default_value=Settings().attempts).tag(config=True)
    attempts_at_once = Integer(help=Settings.help("attempts_at_once"), default_value=Settings().attempts_at_once).tag(config=True)

    def settings(self) -> Settings:
        """The validated settings; raises ``ValueError`` naming the one that is wrong or unknown."""
        known = set(self.class_trait_names(config=True))
        for name in sorted(set(self.config.get("Grade", {})) - known):
            close = difflib.get_close_matches(name, known, 1)
            raise ValueError(f"c.Grade.{name}: there is no such setting" + (f"; did you mean {close[0]}?" if close else ""))
        return Settings(**{name: getattr(self, name) for name in Settings().as_dict()})

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        run = getattr(self.parent, "run", None)
        info = resources["nbgrader"]
        try:
            if run is None:
                raise EngineError("nbgrader_config.py must set c.Autograde.exporter_class = autograder.plugin.CourseExporter")
            run.grade(nb, info["student"], info["notebook"])
        except EngineError as error:
            self._abort(error)
        return nb, resources

    def _abort(self, error: EngineError) -> NoReturn:
        """Stops the whole run; `autograder.run.lifetime` takes back the student at work."""
        self.log.error("Grading stopped: %s", error)
        raise SystemExit(1)


class SaveGrades(SaveAutoGrades):
    """nbgrader's, but for a task one of whose checks broke: it has no points by checks, and a person is asked for."""

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        super()._add_score(cell, resources)
        if is_checked(cell) and undecided(cell):
            grade = self.gradebook.find_grade(grade_id(cell), self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


class Decided(NbGraderPreprocessor):
    """Puts in the points of tasks that a person dropped or gave to everybody; after `SaveGrades`."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        info = resources["nbgrader"]
        settle_graded(self.parent.parent.coursedir, info["assignment"], info["notebook"], info["student"])
        return nb, resources


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's release of feedback to the exchange, for a class of which some handed in otherwise.

    A student finds her page by a secret that only the exchange gave to what she handed in; nbgrader ends with a trace at the
    first who has none, and nobody after her gets anything.
    """

    src_path: str

    def copy_files(self) -> None:
        """nbgrader's own copying, student by student; those who can't find their page are named at the end."""
        every = Path(self.src_path)
        with quiet(self.log, Path(self.coursedir.root).resolve(), "release_feedback"):
            without = self._released(every)
        if without:
            self.log.warning(
                "Not handed in by the exchange, so that no feedback can be fetched there: %s. `python -m autograder return %s --for mail`"
                " (or moodle, canvas) makes what brings it to them",
                ", ".join(without),
                self.coursedir.assignment_id,
            )

    def _released(self, every: Path) -> list[str]:
        """Copies the pages of those who can find them; returns the others."""
        without = []
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        for folder in sorted({Path(file).parent for file in KnownFolders.glob(str(every / "*.html"))}):
            student = folder.parent.name
            if all((folder / name).is_file() for name in OF_THE_EXCHANGE):
                self.src_path = str(folder)
                super().copy_files()
            elif student not in excluded:
                without.append(student)
        self.src_path = str(every)
        return without
