"""What the commands share that decide something beside the rules, and how it is told: see `autograder.run.decisions`."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from autograder.classroom.graded import open_course
from autograder.errors import CourseError
from autograder.run.decisions import Decisions, TaskDecision, read_decisions, write_decisions
from autograder.run.lock import InUse, held

PATIENCE_SECONDS = 60.0  # for a grading that is under way
SILENT = logging.getLogger("autograder.silent")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


@dataclass
class Desk:
    """A course folder that a command works on: its settings, its gradebook and what was decided."""

    coursedir: CourseDirectory
    gradebook: Gradebook
    decisions: Decisions

    def keep(self) -> None:
        """Writes the decisions: before the gradebook is changed, so that a command that is killed loses no points."""
        write_decisions(Path(self.coursedir.root), self.decisions)


@contextlib.contextmanager
def deciding(folder: Path, command: str) -> Iterator[Desk]:
    """The course in ``folder`` while no other command works on it; decisions are written when this ends without an error.

    Raises:
        CourseError: there is no gradebook, or another command has the folder.
    """
    coursedir = open_course(folder)
    root = Path(coursedir.root)
    try:
        with (
            held(root, f"`python -m autograder {command}`", lambda line: print(line, file=sys.stderr), PATIENCE_SECONDS),
            Gradebook(coursedir.db_url, coursedir.course_id) as gradebook,
        ):
            desk = Desk(coursedir, gradebook, read_decisions(root))
            yield desk
            gradebook.db.commit()
            desk.keep()
    except InUse as error:
        raise CourseError(str(error)) from None


def reckon_penalty(desk: Desk, submission: Any) -> tuple[float, float]:
    """Reckons what being late costs anew, with the course's own plug-in; returns the penalty before and now."""
    before = float(submission.late_submission_penalty or 0.0)
    desk.gradebook.db.commit()
    about = {"assignment": submission.assignment.name, "student": submission.student_id, "db_url": desk.coursedir.db_url}
    for notebook in [notebook.name for notebook in submission.notebooks]:
        penalties = AssignLatePenalties(parent=desk.coursedir.parent, log=SILENT)
        penalties.preprocess(new_notebook(), {"nbgrader": {**about, "notebook": notebook}})
    desk.gradebook.db.expire_all()
    return before, float(submission.late_submission_penalty or 0.0)


def foreseen_penalty(desk: Desk, submission: Any) -> float:
    """The penalty that `reckon_penalty` would write, of the points as the session has them."""
    late = AssignLatePenalties(parent=desk.coursedir.parent, log=SILENT)
    late.init_plugin()
    seconds = submission.total_seconds_late
    notebooks = submission.notebooks if seconds > 0 else ()
    penalties = [(one, late.plugin_inst.late_submission_penalty(submission.student_id, one.score, seconds)) for one in notebooks]
    return sum(min(max(float(penalty), 0.0), float(one.score)) for one, penalty in penalties if penalty is not None)


def told(time: datetime) -> str:
    """A time of the gradebook for the instructor."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def told_task(decision: TaskDecision) -> str:
    """A rule for a task in words."""
    title = decision.cell.removeprefix("check_")
    if decision.rule == "drop":
        return f"{title} is dropped: its {decision.points:g} points count for nobody"
    return f"{title}: full marks, {decision.points:g} points, for everybody who handed in"


def decided(decisions: Decisions, gradebook: Gradebook, assignment: str) -> list[str]:
    """All that was decided of an assignment, a line each; also extensions that nbgrader's own interface gave."""
    until = dict(decisions.extensions.get(assignment, {}))
    for submission in gradebook.assignment_submissions(assignment):
        if submission.extension is not None and submission.student_id not in until and submission.duedate is not None:
            until[submission.student_id] = submission.duedate
    lines = [f"{student} may hand in until {told(time)}" for student, time in sorted(until.items())]
    return lines + [told_task(decision) for decision in decisions.tasks.get(assignment, [])]
