"""A run that decides on one task of what is graded already, and touches nothing else of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.jobs.submission import Job
from autograder.run.attempts import Attempts
from autograder.run.groups import Groups
from autograder.run.run import Run
from autograder.settings import Settings
from autograder.times import home_zone


class TaskRun(Run):
    """Runs each notebook with the checks of one task alone, unless its whole result is stored.

    All cells are run as when it was graded: the checks' inputs are drawn from all that a student wrote.

    Args:
        converter: nbgrader's ``Autograde`` with its list of submissions.
        settings: validated settings.
        cell: the task's graded cell.
    """

    def __init__(self, converter: Any, settings: Settings, cell: str) -> None:
        super().__init__(converter, settings)
        self.cell = cell
        self.passed_over: dict[str, str] = {}  # student → why her task isn't decided on again

    def job_in(self, notebook: NotebookNode, student: str, folder: Path) -> Job:
        job = super().job_in(notebook, student, folder)
        if self.grader.stored(job) is not None:
            return job
        return replace(job, cells=tuple(cell if cell.name == self.cell else replace(cell, checks=None) for cell in job.cells))

    def students(self) -> list[tuple[str, str]]:
        """Those on whose task is decided, each with the path of the notebook."""
        return [(student, path) for student, paths in self._open.items() for path in paths if self.submissions.is_known(path)]

    def _put_in_place(self) -> None:
        """Nothing is: what lies in ``submitted/`` is what was graded."""
        attempts = Attempts(self.coursedir, self.assignment, self.log, home_zone(self.converter))
        self.groups = Groups(self.coursedir, self.assignment, attempts)
        self.groups.share(copy=False)

    def _clear_unfinished(self) -> None:
        """What a killed run left is left to the next whole one."""

    def _open_submissions(self) -> list[tuple[str, list[str]]]:
        found = []
        for student, paths in self.submissions.asked():
            if not self.submissions.is_graded(student, paths):
                self.passed_over[student] = "not graded yet"
            elif self.submissions.is_stale(student):
                self.passed_over[student] = "handed in again since it was graded"
            else:
                found.append((student, paths))
        return found
