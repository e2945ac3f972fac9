"""With ``c.Grade.attempts = "best"``: of all attempts of a student the best is put into ``submitted/``, and is graded like any other.

So the gradebook, exports, reports and feedback are of that attempt without knowing of others. All are kept in ``attempts/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.collecting.versions import known_notebooks
from autograder.jobs.cells import grade_id, is_checked, points
from autograder.jobs.notebook import read_or_explain
from autograder.jobs.score import JobResult, points_of
from autograder.run.attempts import Attempts
from autograder.run.decisions import read_decisions
from autograder.run.fingerprint import fingerprint, graded_from
from autograder.run.misnamed import find_notebooks
from autograder.run.repair import put_right


@dataclass(frozen=True)
class Tried:
    """One attempt and what it is worth by its checks, after what being late costs; None if the machine couldn't grade it."""

    folder: Path
    time: datetime | None
    points: float | None
    why: str = ""


class Best:
    """Chooses the attempts that count, for one run.

    Args:
        run: the run, ready to grade.
        attempts: the students' attempts.
    """

    def __init__(self, run: Any, attempts: Attempts) -> None:
        self.run, self.attempts = run, attempts
        self.aside: dict[str, str] = {}  # student → why none of her attempts can be chosen
        self._known = known_notebooks(run.coursedir, run.assignment)
        self._decisions = read_decisions(run.root)
        self._due = self._dues()
        self._late = AssignLatePenalties(parent=run.converter.exporter)
        self._late.init_plugin()

    def put_in_place(self) -> None:
        """Keeps what lies in ``submitted/``, and puts the best attempt of each student there who is to be graded."""
        self.attempts.recover()
        jobs: dict[Path, list[tuple[Any, str, int]]] = {}
        several: dict[str, list[Path]] = {}
        for student, _ in self.run.submissions.asked():
            self.attempts.keep(student)
            folders = self.attempts.of(student)
            if len(folders) > 1 and (self.run.converter.force or self._is_new(student)):
                several[student] = folders
                jobs |= {folder: self._queue(student, folder) for folder in folders}
        for student, folders in several.items():
            self._choose(student, [self._tried(student, folder, jobs[folder]) for folder in folders])

    def _is_new(self, student: str) -> bool:
        return graded_from(self.run.submissions.destination(student)) != fingerprint(self.attempts.submitted(student))

    def _queue(self, student: str, folder: Path) -> list[tuple[Any, str, int]]:
        """Queues the notebooks of an attempt whose results aren't stored: notebook, job's key and number, -1 for a stored one."""
        queued, names = [], self.run.handed_out.notebooks
        elsewhere = find_notebooks(folder, names, self._known)
        for name in names:
            notebook, _ = read_or_explain(elsewhere.get(name, folder / f"{name}.ipynb"))
            put_right(notebook, self.run.handed_out.cells(name))
            job = self.run.job_in(notebook, student, folder)
            stored = self.run.grader.stored(job) is not None
            queued.append((notebook, job, -1 if stored else self.run.grader.submit(job)))
        return queued

    def _tried(self, student: str, folder: Path, queued: list[tuple[Any, Any, int]]) -> Tried:
        time, earned = self.attempts.time(folder), 0.0
        for notebook, job, number in queued:
            result = self.run.grader.stored(job) if number < 0 else self.run.grader.take(job, number)
            if result is None or result.problem:
                return Tried(folder, time, None, "its result is gone" if result is None else result.problem)
            score = self._points(notebook, result)
            earned += score - self._penalty(student, score, time)
        return Tried(folder, time, earned)

    def _points(self, notebook: Any, result: JobResult) -> float:
        """The points of the checks; without those of tasks that a person decided on for everybody."""
        decided = {rule.cell for rule in self._decisions.tasks.get(self.run.assignment, ())}
        cells = [(index, cell) for index, cell in enumerate(notebook.cells) if is_checked(cell) and grade_id(cell) not in decided]
        return sum(points_of(result.cells[index], points(cell)) for index, cell in cells if index in result.cells)

    def _penalty(self, student: str, score: float, time: datetime | None) -> float:
        due = self._due.get(student, self._due[""])
        if time is None or due is None or time <= due:
            return 0.0
        taken = self._late.plugin_inst.late_submission_penalty(student, score, (time - due).total_seconds()) or 0.0
        return min(max(taken, 0.0), score)

    def _dues(self) -> dict[str, datetime | None]:
        """Until when students could hand in; under the empty name, everybody else."""
        coursedir, name = self.run.coursedir, self.run.assignment
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            due = gradebook.find_assignment(name).duedate
            own = {one.student_id: one.duedate for one in gradebook.assignment_submissions(name) if one.extension is not None}
        return {"": due} | own | self._decisions.extensions.get(name, {})

    def _choose(self, student: str, tried: list[Tried]) -> None:
        for one in tried:
            if one.points is None:
                self.aside[student] = f"the attempt in {one.folder}: {one.why}"
                return
        order = sorted(tried, key=lambda one: (one.points, one.time or datetime.min, one.folder.name))
        best = order[-1]
        told = ", ".join(f"{one.points:g}{'*' if one is best else ''}" for one in tried)
        self.run.log.warning("%s: of %d attempts the best counts, oldest first: %s points by checks", student, len(tried), told)
        if fingerprint(self.attempts.submitted(student)) != fingerprint(best.folder):
            self.attempts.put_in_place(student, best.folder)

    def note(self, student: str) -> str:
        """Markdown that tells a student which of her attempts this is."""
        time = self.attempts.time(self.attempts.submitted(student))
        when = f"handed in {time:%Y-%m-%d %H:%M} UTC" if time is not None else "handed in at a time that isn't known"
        return f"**Of several attempts the best counts.** This page is of the one {when}."
