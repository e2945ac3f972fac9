"""Tells nbgrader whose a collected file is; the commands ``python -m autograder collect`` and ``… return``.

`autograder.archives` has sorted the files when nbgrader asks: they lie in ``extracted/<student>/``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.plugins import FileNameCollectorPlugin

from autograder.archives import course_of, planned
from autograder.classroom.returning import give_back
from autograder.collecting.back import Collected
from autograder.collecting.lists import read_lists
from autograder.collecting.people import Roster
from autograder.collecting.plan import NothingCollected, log_plan, make_plan, summary


class Collector(FileNameCollectorPlugin):
    """The collector of this course: a file is whose folder it lies in."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """nbgrader's question: whose file, which notebook, handed in when; None for files that don't count."""
        plan = self.parent.extractor_plugin_inst.plan
        base = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        student, *rest = Path(submitted_file).relative_to(base).parts
        if plan is None or student not in plan.entries or not rest:
            return None
        return {"student_id": student, "file_id": "/".join(rest), "timestamp": plan.entries[student].time}


def collect(assignment: str, dry_run: bool, force: bool) -> int:
    """``python -m autograder collect`` in a course folder: what ``nbgrader zip_collect`` does, or only the plan of it.

    Args:
        assignment: its id.
        dry_run: whether to print who → which file and write nothing.
        force: whether to replace what was collected before.

    Returns:
        The exit status: not 0 if anything was left out.
    """
    app = ZipCollectApp()
    app.initialize([assignment, *(["--force"] if force else [])])
    if not dry_run:
        app.start()
        return 0
    with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
        plan = planned(app, Path(scratch), app.log)
        log_plan(plan, app.log)
    if plan.lost:
        app.log.error(summary(plan))
    return 1 if plan.lost else 0


def return_feedback(folder: Path, assignment: str, way: str, target: Path | None) -> int:
    """``python -m autograder return`` in a course folder: feedback pages as a platform or a mail program takes them.

    Returns:
        The exit status: not 0 if anybody's feedback was left out.
    """
    made = give_back(folder, assignment, way, collected(assignment) if way != "mail" else Collected(), target)
    line, notes = made.lines()
    print(line)
    print("".join(f"{note}\n" for note in notes), end="", file=sys.stderr)
    return 1 if made.lost else 0


def collected(assignment: str) -> Collected:
    """How an assignment was collected, by what still lies in the archive folder.

    Raises:
        BadTable: one of the instructor's lists can't be read.
    """
    app = ZipCollectApp()
    app.initialize([assignment])
    with tempfile.TemporaryDirectory(prefix="collect-") as scratch, Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        roster = Roster(gradebook.students)
        try:
            course = course_of(app, gradebook)
            lists = read_lists(course.lists, course.archive, roster, course.assignment)
            return Collected(make_plan(course, roster, Path(scratch)), lists, roster)
        except NothingCollected as error:
            return Collected(roster=roster, why=str(error).partition("\n")[0])
