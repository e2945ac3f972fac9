"""What can't be decided, a submission or the points of a task: left alone, told at the end, and never a zero.

nbgrader's loop knows no such thing: it would log a trace, and with ``--force`` it deletes the earlier result before it
begins. So a submission's result is waited for before nbgrader touches anything of it; where there is none, the submission
is passed over, and the run ends with a list of who and why. Where one of a task's checks broke itself, the task's points
stay open until the check is mended or a person gives them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import rmtree

from autograder.engine.engine import EngineError
from autograder.jobs.score import JobResult
from autograder.run.trouble import KEPT

ROW = 3  # submissions one after the other that the machine failed: then the machine is looked at
MOST_IN_A_ROW = 6  # then the run stops, whatever the look at the machine says


class NotGraded(Exception):
    """A submission can't be graded; the message says why."""


class Ungraded:
    """Who is left ungraded in this run, and why.

    Args:
        log: where the list goes.
        look: looks whether grading works on the machine at all; says what doesn't.
    """

    def __init__(self, log: Any, look: Callable[[], str | None]) -> None:
        self.log, self.look = log, look
        self.reasons: dict[str, str] = {}
        self.lost: list[str] = []  # folders and files that are nobody's submission of anything, a line each
        self.broken: dict[str, dict[str, None]] = {}  # what a check that broke said, and on whose work
        self._row = 0

    def take_broken(self, student: str, broken: Iterable[str]) -> None:
        """Takes note of checks that broke on somebody's work."""
        for said in broken:
            self.broken.setdefault(said, {})[student] = None

    def take(self, student: str, result: JobResult) -> None:
        """Takes note of a result.

        Raises:
            NotGraded: it is none.
            EngineError: the machine fails one submission after the other.
        """
        self._row = self._row + 1 if result.machine else 0
        if not result.problem:
            return
        self.reasons[student] = result.problem
        self.log.error("%s: left ungraded: %s", student, result.problem)
        if self._row in (ROW, MOST_IN_A_ROW):
            problem = self.look()
            if problem or self._row == MOST_IN_A_ROW:
                why = problem or result.problem
                raise EngineError(f"the machine failed {self._row} submissions one after the other: {why}\n{KEPT}")
        raise NotGraded(result.problem)

    def tell(self, assignment: str, most: int) -> str:
        """Logs what is left ungraded and what to do; returns the summary, empty if there is nothing."""
        parts = [self._tell_reasons(assignment, most)] if self.reasons else []
        if self.lost:
            parts.append(f"{len(self.lost)} files or folders in submitted/ are no submission that can be graded")
            self.log.error("%s:", parts[-1])
            for line in self.lost:
                self.log.error("    %s", line)
        if self.broken:
            parts.append(self._tell_broken(assignment, most))
        return "; ".join(parts)

    def _tell_broken(self, assignment: str, most: int) -> str:
        concerned = {student for students in self.broken.values() for student in students}
        summary = f"checks broke on {len(concerned)} of {most} submissions; the points of their tasks are left open there"
        self.log.error("%s:", summary)
        for said, students in self.broken.items():
            self.log.error("    a check broke: %s (%s)", said, _named(list(students)))
        self.log.error("Mend the check and grade '%s' again with --force, or give these points by hand in the formgrader.", assignment)
        return summary

    def _tell_reasons(self, assignment: str, most: int) -> str:
        summary = f"{len(self.reasons)} of {most} submissions are left ungraded and need a look"
        self.log.error("%s (nothing of them is stored, what they had before stays):", summary)
        for student, why in self.reasons.items():
            self.log.error("    %s: %s", student, why)
        self.log.error(
            "Give the same command again to try them again; `python -m autograder doctor` tells whether this machine can grade '%s'.",
            assignment,
        )
        return summary


def _named(students: list[str], most: int = 5) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(students) - most} more" if len(students) > most else ""
    return ", ".join(students[:most]) + more


def passing_over(converter: Any, run: Any) -> dict[str, Callable]:
    """Steps of nbgrader's ``Autograde`` that pass over submissions that can't be graded."""
    begin, convert, finish = converter.init_destination, converter.convert_single_notebook, converter.set_permissions

    def init_destination(assignment: str, student: str) -> bool:
        try:
            run.wait_for(student)
        except NotGraded:
            return False
        except EngineError as error:
            converter.log.error("Grading stopped: %s", error)
            raise SystemExit(1) from None
        forced = converter.force
        converter.force = forced or run.submissions.replaced(student)
        try:
            return begin(assignment, student)
        finally:
            converter.force = forced

    def convert_single_notebook(path: str) -> None:
        student = converter.init_single_notebook_resources(path)["nbgrader"]["student"]
        if student in run.ungraded.reasons:
            return
        try:
            convert(path)
        except NotGraded:  # the notebook turned out to be another than the one that was graded ahead
            with contextlib.suppress(OSError):
                rmtree(str(run.submissions.destination(student)))
            _forget(converter.coursedir, student)

    def set_permissions(assignment: str, student: str) -> None:
        if student not in run.ungraded.reasons:
            finish(assignment, student)

    return {"init_destination": init_destination, "convert_single_notebook": convert_single_notebook, "set_permissions": set_permissions}


@contextlib.contextmanager
def told_at_the_end(converter: Any, run: Any) -> Iterator[None]:
    """What was left ungraded while this was active is told when it ends, and is an error.

    Raises:
        NbGraderException: somebody, or some task of somebody's, was.
    """
    try:
        yield
    finally:
        summary = run.ungraded.tell(run.assignment, len(converter.assignments))
    if summary:
        raise NbGraderException(summary)


def _forget(coursedir: Any, student: str) -> None:
    """Takes a submission without any grade out of the gradebook, where it would count as zero."""
    with contextlib.suppress(MissingEntry), Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        grades = [grade for notebook in gradebook.find_submission(coursedir.assignment_id, student).notebooks for grade in notebook.grades]
        if all(grade.auto_score is None and grade.manual_score is None for grade in grades):
            gradebook.remove_submission(coursedir.assignment_id, student)
