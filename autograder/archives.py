"""Unpacks what was downloaded from a learning platform or saved from a mailbox, for ``nbgrader zip_collect``.

nbgrader first has everything unpacked and then asks of each file whose it is. Here it is sorted before anything is
written: `autograder.collecting` makes the plan, and only what counts is put into ``extracted/<student>/``.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from dateutil.tz import gettz
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExtractorPlugin

from autograder.collecting.people import Roster
from autograder.collecting.plan import Course, NothingCollected, Plan, log_plan, make_plan, summary
from autograder.collecting.tables import BadTable
from autograder.collecting.versions import known_notebooks, places_of
from autograder.run.adapter import after_collecting


class ArchiveExtractor(ExtractorPlugin):
    """Sorts archives, messages and folders by student, and puts each student's files into a folder of hers."""

    plan: Plan | None = None

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Sorts everything in the archive folder; writes nothing if nobody is recognised."""
        with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
            self.plan = planned(self.parent, Path(scratch), self.log)
            log_plan(self.plan, self.log)
            self._look_before(self.plan)
            self.plan.write(Path(extracted_path))
        self._keep_numbers(self.plan)
        # nbgrader ends with success whatever was left out: the list and the exit status come when all is copied
        versions = [version for entry in self.plan.entries.values() for version in entry.chosen.notebooks.values()]
        after_collecting(self.parent, sorted({f"{version.notebook}.ipynb" for version in versions}), self._tell)

    def _look_before(self, plan: Plan) -> None:
        """Ends the command before anything is written where nbgrader would end it in the middle of the class."""
        coursedir = self.parent.coursedir
        folders = {
            student: Path(coursedir.format_path(coursedir.submitted_directory, student, coursedir.assignment_id))
            for student in plan.entries
        }
        there = sorted(student for student, folder in folders.items() if folder.is_dir() and any(folder.iterdir()))
        if there and not self.force:
            self.log.error("Collected before: %s. Nothing is written; to replace what was collected, add --force", ", ".join(there))
            raise SystemExit(1)
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)  # nbgrader warns of each folder that it makes itself

    def _keep_numbers(self, plan: Plan) -> None:
        """Canvas's users of a class without a table are kept with their number, so that the grades find the way back."""
        coursedir = self.parent.coursedir
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            for student, number in plan.numbers.items():
                gradebook.update_or_create_student(student, lms_user_id=number or None)

    def _tell(self) -> None:
        if self.plan is not None and self.plan.lost:
            self.log.error(summary(self.plan))
            raise SystemExit(1)


def planned(app: Any, scratch: Path, log: Any) -> Plan:
    """The plan for the assignment of nbgrader's ``ZipCollectApp``; ends the command where there can be none."""
    try:
        with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
            return make_plan(course_of(app, gradebook), Roster(gradebook.students), scratch)
    except (NothingCollected, BadTable) as error:
        log.error("%s", error)
        raise SystemExit(1) from None


def course_of(app: Any, gradebook: Gradebook) -> Course:
    """What collecting needs to know of the course.

    Raises:
        NothingCollected: there is no such assignment, or nothing to collect.
    """
    coursedir = app.coursedir
    assignment = coursedir.assignment_id
    known = known_notebooks(coursedir, assignment)
    if not known:
        folders = places_of(coursedir, assignment)
        raise NothingCollected(f"no notebook of the assignment '{assignment}' is in {folders[0]} or {folders[1]}: is its name right?")
    archive = Path(app._format_collect_path(app.archive_directory))
    if not archive.is_dir() or not any(archive.iterdir()):
        raise NothingCollected(f"nothing is in {archive}: put there what you downloaded or saved")
    name = str(app.config.get("Exchange", {}).get("timezone", "UTC"))
    zone = gettz(name)
    if zone is None:
        raise NothingCollected(f"c.Exchange.timezone: there is no time zone '{name}'; write it as 'Europe/Berlin'")
    due = None
    with suppress(MissingEntry):
        due = gradebook.find_assignment(assignment).duedate
    return Course(assignment, archive, (archive.parent, Path(coursedir.root)), known, zone, due)
