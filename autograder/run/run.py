"""One ``nbgrader autograde`` from its first submission to its last: looks ahead, keeps order, tells progress."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.engine.engine import EngineError
from autograder.engine.store import course_seed
from autograder.jobs.beside import MAX_FILE_BYTES
from autograder.jobs.notebook import read_or_explain
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Job, make_job
from autograder.run.ahead import Ahead
from autograder.run.attempts import Attempts
from autograder.run.best import Best
from autograder.run.grader import Grader
from autograder.run.groups import Groups
from autograder.run.handed_in import Folders, make_safe, ungradable
from autograder.run.handed_out import HandedOut
from autograder.run.misnamed import Misnamed, take_misnamed
from autograder.run.progress import Progress
from autograder.run.repair import put_right
from autograder.run.submissions import Submissions
from autograder.run.ungraded import NotGraded, Ungraded
from autograder.run.written import Writer
from autograder.settings import Settings
from autograder.times import home_zone


class Run:
    """What happens in which order in one command; what is known and done lies with its parts.

    Args:
        converter: nbgrader's ``Autograde`` with its list of submissions.
        settings: validated settings.

    Attributes:
        handed_out: the assignment.
        submissions: what was handed in.
        grader: turns jobs into results.
        ungraded: who is left ungraded.
        misnamed: notebooks that lie elsewhere than nbgrader looks.
        writer: writes results into notebooks.
    """

    def __init__(self, converter: Any, settings: Settings) -> None:
        self.converter, self.settings, self.log = converter, settings, converter.log
        self.coursedir = converter.coursedir
        self.assignment = self.coursedir.assignment_id
        self.root = Path(self.coursedir.root).resolve()
        self.handed_out = HandedOut(self.coursedir)
        self.submissions = Submissions(converter, self.handed_out.notebooks)
        self.grader = Grader(settings, self.log)
        self.ungraded = Ungraded(self.log, self.grader.self_test)
        self.misnamed = Misnamed()
        self.writer = Writer(self.root, settings.book)
        self.folders: Folders  # these three from `prepare` on
        self.groups: Groups
        self.seed: str
        self.best: Best | None = None
        self._progress = Progress(self.log)
        self._ahead = Ahead(self.grader)
        self._open: dict[str, list[str]] = {}  # student → notebooks that nbgrader isn't going to skip
        self._aside: dict[str, str] = {}  # student → why the machine can't grade what was handed in

    def prepare(self) -> None:
        """Everything that can be wrong before the first student; clears what a killed run left half done.

        Raises:
            EngineError: unknown assignment, a directive that names no check, or no sandbox at this level.
        """
        self.grader.open(self.root, self.handed_out.read())
        self.seed = course_seed(self.root)
        self.folders = self._looked_at_folders()
        self._put_in_place()
        self._look_through()
        self._clear_unfinished()
        self.submissions.take_fingerprints()
        self._open = dict(self._open_submissions())
        self._aside = self._put_aside()
        self._progress.expected = sum(self.submissions.is_known(path) for paths in self._open.values() for path in paths)
        if not self._progress.expected:
            return
        self._look_ahead()
        if self.settings.sandbox == "process":
            self.log.warning("Grading at the lower level '%s': student code runs with your rights.", self.settings.sandbox)

    def _looked_at_folders(self) -> Folders:
        room = min(MAX_FILE_BYTES, (self.settings.disk_mb << 20) * 3 // 4)  # the rest is for what the notebook writes
        folders = Folders(self.coursedir, room, self.converter.exclude_overwriting.get(self.assignment, ()))
        if folders.problem:
            raise EngineError(f"{self.handed_out.folder}: {folders.problem}")
        return folders

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

    def _look_through(self) -> None:
        """Has nbgrader look where notebooks are, and only at what can be looked at; tells what is otherwise than expected."""
        notebooks = self.handed_out.notebooks
        self.misnamed = take_misnamed(self.converter, notebooks, map(self.submissions.submitted, self.submissions.excluded()))
        for path, file in self.misnamed.files.items():
            self.log.warning("%s isn't called as it was handed out: graded as %s", file, Path(path).name)
        self.folders.within, self.ungraded.lost = self.misnamed.within(), self.misnamed.empty
        for note in make_safe(self.converter, notebooks):
            self.log.warning("%s", note)

    def _clear_unfinished(self) -> None:
        self.submissions.clear_unfinished()

    def _open_submissions(self) -> list[tuple[str, list[str]]]:
        return self.submissions.open()

    def _put_aside(self) -> dict[str, str]:
        """student → why her submission can't be graded, or why it isn't known which is to be."""
        files = {student: map(str, map(self.misnamed.file, paths)) for student, paths in self._open.items()}
        aside = {student: why for student, paths in files.items() if (why := ungradable(student, paths))}
        for others in (self.best.aside if self.best else {}, self.groups.aside):
            aside |= {student: why for student, why in others.items() if student in self._open}
        return aside

    def _look_ahead(self) -> None:
        """Queues every submission at once; nbgrader's own loop then finds the results done."""
        for student, path in [(student, path) for student, paths in self._open.items() for path in paths]:
            self._queue(student, path)
            if not self.settings.look_ahead and self._ahead.waiting:
                break
        self.grader.wait_until_ready()

    def _queue(self, student: str, path: str) -> None:
        """Queues one notebook, unless its result is stored."""
        name = student, Path(path).stem
        self._ahead.known.add(name)
        try:
            job = self._job(self.sanitized(path), student)
        except Exception as error:  # nbgrader's own loop meets the same and reports it
            self.log.debug("look-ahead of %s: %s", path, error)
            return
        self._ahead.submit(name, job)

    def wait_for(self, student: str) -> None:
        """Waits for the results of a student's notebooks.

        Raises:
            NotGraded: one of them can't be graded.
            EngineError: none can.
        """
        if student in self._aside:
            self._progress.passed_over()
            self.ungraded.take(student, JobResult(problem=self._aside[student]))
        for path in self._open.get(student, ()):
            name = student, Path(path).stem
            if name not in self._ahead.known:
                self._queue(student, path)
            result = self._ahead.wait(name)
            if result is not None:
                try:
                    self.ungraded.take(student, result)
                except NotGraded:
                    self._progress.passed_over()
                    raise

    def sanitized(self, path: str) -> NotebookNode:
        """The notebook at ``path`` as nbgrader's sanitizing will leave its cells, made without the gradebook.

        Should the two ever differ, the job's key differs too and the notebook is graded when nbgrader gets there.
        """
        notebook, _ = read_or_explain(self.misnamed.file(path))
        put_right(notebook, self.handed_out.cells(Path(path).stem))
        return notebook

    def _job(self, notebook: NotebookNode, student: str) -> Job:
        giver = self.groups.giver.get(student, student)  # a group's work is one: run once, with the same inputs for all
        return self.job_in(notebook, giver, self.submissions.submitted(giver))

    def job_in(self, notebook: NotebookNode, student: str, folder: Path) -> Job:
        """The job of a sanitized notebook that was handed in with what lies in ``folder``."""
        job, checks = make_job(notebook, self.assignment, student, self.folders.files(folder)), self.handed_out.checks
        cells = tuple(replace(cell, checks=checks[cell.name]) if cell.checks else cell for cell in job.cells)
        return replace(job, cells=cells, seed=self.seed)

    def result(self, notebook: NotebookNode, student: str, name: str) -> JobResult:
        """The result of one sanitized notebook, from the look-ahead if it is the same job, else graded now.

        Raises:
            NotGraded: there is none.
        """
        job = self._job(notebook, student)
        result = self._ahead.take((student, name), job)
        if result is None:
            stored = self.grader.stored(job)
            if stored is not None:
                return stored
            result = self.grader.result(self.grader.submit(job))
            self.ungraded.take(student, result)
        return self.grader.kept(job, result)

    def grade(self, notebook: NotebookNode, student: str, name: str) -> None:
        """Writes into a sanitized notebook what came of it, and tells progress.

        Raises:
            NotGraded: nothing did.
            EngineError: nothing can be graded.
        """
        result = self.result(notebook, student, name)
        self.writer.write(notebook, result, self.submissions.fingerprints.get(student, ""))
        self.filed(student, result, notebook)
        notebook.cells[:0] = self.notes(student)

    def filed(self, student: str, result: JobResult, notebook: NotebookNode) -> None:
        """Tells progress; takes note of checks that broke."""
        self.ungraded.take_broken(student, result.broken)
        self._progress.tell(student, result, notebook)

    def notes(self, student: str) -> list[NotebookNode]:
        """Cells that tell a student what of the folder wasn't used."""
        folder = self.submissions.submitted(student)
        notes = {"misnamed": self.misnamed.note(folder), "left-out": self.folders.note(folder)}
        notes |= {"attempts": self.best.note(student)} if self.best else {}
        notes |= {"group": self.groups.note(student)}
        return [new_markdown_cell(note, id=name) for name, note in notes.items() if note]

    def close(self, at_once: bool = False) -> None:
        """Ends what the run started."""
        self.grader.close(at_once)
