"""One assignment under watch: who is to be graded now, who has to wait, and what is said of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.any_folder import KnownFolders
from autograder.classroom.graded import Graded, find_assignment, read_graded
from autograder.classroom.tables import number
from autograder.daily.arrivals import Arrivals
from autograder.daily.ledger import Ledger
from autograder.daily.steps import Done, Steps
from autograder.plugin import OF_THE_EXCHANGE
from autograder.run.fingerprint import graded_from
from autograder.settings import Settings

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds before what the machine failed is tried again; each is twice the one before
NAMED = 5  # students in one line


@dataclass
class Desk:
    """What all assignments of a course under watch share."""

    coursedir: Any
    steps: Steps
    ledger: Ledger
    settings: Settings
    say: Callable[[str], None]


@dataclass
class Pauses:
    """When what failed is tried again."""

    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    until: dict[str, float] = field(default_factory=dict)

    def fail(self, name: str) -> float:
        """Takes note of a failure; returns the seconds of the pause."""
        self.failed[name] += 1
        pause = min(FIRST_PAUSE * 2 ** (self.failed[name] - 1), LONGEST_PAUSE)
        self.until[name] = time.monotonic() + pause
        return pause

    def clear(self, name: str) -> None:
        self.failed.pop(name, None)
        self.until.pop(name, None)

    def rests(self, name: str) -> bool:
        return self.until.get(name, 0.0) > time.monotonic()


class OneAssignment:
    """What is done of one assignment.

    Args:
        desk: the course.
        assignment: its id.
        arrivals: what arrives of it.
    """

    def __init__(self, desk: Desk, assignment: str, arrivals: Arrivals) -> None:
        self.desk, self.assignment, self.arrivals = desk, assignment, arrivals
        self.pauses = Pauses()
        self.left: dict[str, str] = {}  # student → why she isn't graded though she should be

    def say(self, line: str) -> None:
        self.desk.say(f"{self.assignment}: {line}")

    def look(self, ended: Callable[[], bool]) -> bool:
        """One look, and all that is to be done; returns whether there may be more to do at once."""
        did = False
        for step in (self._collect, self._sort_dropped, self._grade, self._give_back, self._settle, self._give_back):
            if not ended():
                did |= step()
        return did

    # ---- what arrives

    def _collect(self) -> bool:
        if self.pauses.rests("/exchange"):
            return False
        done, waits = self.arrivals.collect()
        if done is not None and done.status:
            self._failed("/exchange", f"can't be collected from the exchange: {done.problem}")
        elif done is not None:
            self.pauses.clear("/exchange")
        return waits or (done is not None and not done.status)

    def _sort_dropped(self) -> bool:
        done, taken, waits = self.arrivals.sort_dropped()
        if taken:
            self.say(f"from the drop folder: {_named(taken)}")
        if done is not None and done.status:
            self.say(f"from the drop folder not all could be taken: {done.problem}")
        return waits or bool(taken)

    # ---- grading

    def _grade(self) -> bool:
        new = {student: mark for student, mark in self.arrivals.fingerprints().items() if self._is_new(student, mark)}
        settled = {student for student, mark in new.items() if self.arrivals.settles(student, mark)}
        due = [student for student in sorted(settled) if not self._is_beyond(student, new[student]) and not self.pauses.rests(student)]
        if not due:
            return settled != new.keys()
        before = {student: graded_from(self._autograded(student)) for student in due}
        newest = ["--Grade.attempts=newest"] if self._best_counts else []  # each attempt has its own feedback
        done = self._autograde(due, *newest)
        graded = {student: mark for student in due if (mark := graded_from(self._autograded(student))) not in ("", before[student])}
        for student, mark in graded.items():  # of somebody who handed in again meanwhile it may be the newer one
            self._take_graded(student, mark)
        self.desk.ledger.keep()
        self._tell_graded(graded)
        if not self.desk.steps.stopped:
            self._tell_failed([student for student in due if student not in graded], new, done)
        return True

    def _autograde(self, students: Iterable[str], *options: str) -> Done:
        return self.desk.steps.nbgrader("autograde", self.assignment, *options, self._without(self._handed_in(), students), stoppable=True)

    @property
    def _excluded(self) -> set[str]:
        return set(filter(None, self.desk.coursedir.student_id_exclude.split(",")))

    @property
    def _best_counts(self) -> bool:
        return self.desk.settings.attempts == "best"

    def _is_new(self, student: str, mark: str) -> bool:
        """Whether a submission is to be graded; what was graded before graded notebooks said from what is left to `autograde`."""
        graded = graded_from(self._autograded(student))
        return student not in self._excluded and graded != mark and bool(graded or not any(self._autograded(student).glob("*.ipynb")))

    def _is_beyond(self, student: str, mark: str) -> bool:
        """Whether an attempt is one too many; that is said once."""
        work, budget = self.desk.ledger.work(self.assignment, student), self.desk.settings.attempts_at_once
        if not budget or mark in work.attempts or len(work.attempts) < budget:
            return False
        if work.beyond != mark:
            self.say(
                f"{student}: {budget} attempts were graded at once, this is one more: kept, and graded by the next "
                f"`nbgrader autograde {self.assignment}`"
            )
            work.beyond = mark
            if self._best_counts:
                self.arrivals.attempts.keep(student)
            self.desk.ledger.keep()
        return True

    def _take_graded(self, student: str, mark: str) -> None:
        work = self.desk.ledger.work(self.assignment, student)
        if mark not in work.attempts:
            work.attempts.append(mark)
        if self._best_counts:
            self.arrivals.attempts.keep(student)
        self.pauses.clear(student)
        self.left.pop(student, None)

    def _tell_graded(self, students: Iterable[str]) -> None:
        for student, found in self._read(students).items():
            attempts = len(self.desk.ledger.work(self.assignment, student).attempts)
            self.say(f"{student}: {told(found)}" + (f" (attempt {attempts})" if attempts > 1 else ""))

    def _tell_failed(self, students: list[str], new: dict[str, str], done: Done) -> None:
        """Says who is left ungraded, a line for each reason; who handed in again meanwhile isn't."""
        now = self.arrivals.fingerprints(students)
        reasons: dict[str, list[str]] = defaultdict(list)
        for student in students:
            if now.get(student) == new[student]:
                reasons[done.reasons.get(student) or done.problem or "autograde passed it over"].append(student)
        for why, who in reasons.items():
            pause = min(self.pauses.fail(student) for student in who)
            self.left |= dict.fromkeys(who, why)
            self.say(f"not graded: {_named(who)}: {why}; nothing is lost, tried again in {round(pause)} s")

    # ---- feedback

    def _give_back(self) -> bool:
        """Writes and releases the feedback of those who were graded at once and haven't got theirs."""
        works = self.desk.ledger.works(self.assignment)
        graded = {student: graded_from(self._autograded(student)) for student, work in works.items() if work.attempts}
        ours = {student: (works[student].counts, *works[student].attempts) for student in graded}
        due = [student for student, mark in graded.items() if mark in ours[student] and mark not in ("", works[student].returned)]
        if not due or self.pauses.rests("/feedback"):
            return False
        everybody = [Path(folder).parent.name for folder in self._folders(self.desk.coursedir.autograded_directory)]
        done = self.desk.steps.nbgrader("generate_feedback", self.assignment, "--force", self._without(everybody, due), stoppable=True)
        by_exchange = [student for student in due if all((self._autograded(student) / name).is_file() for name in OF_THE_EXCHANGE)]
        if not done.status and by_exchange and self.arrivals.exchange.is_dir():
            done = self.desk.steps.nbgrader("release_feedback", self.assignment, self._without(everybody, by_exchange))
        if done.status:
            if not self.desk.steps.stopped:
                self._failed("/feedback", f"feedback of {_named(due)} can't be written or released: {done.problem}")
            return False
        for student in due:
            works[student].returned = graded[student]
        self.pauses.clear("/feedback")
        self.desk.ledger.keep()
        others = [student for student in due if student not in by_exchange]
        self.say("; ".join([*([f"feedback released: {_named(by_exchange)}"] if by_exchange else []), *self._lies(others)]))
        return False

    def _lies(self, students: list[str]) -> list[str]:
        return [f"feedback written, not handed in by the exchange: {_named(students)}"] if students else []

    # ---- which attempt counts

    def _settle(self) -> bool:
        """Where the best attempt counts: puts that in place of the newest, once the newest has its feedback."""
        if not self._best_counts or self.pauses.rests("/best"):
            return False
        works = self.desk.ledger.works(self.assignment)
        due = [student for student, work in works.items() if work.attempts and work.settled != work.attempts[-1] == work.returned]
        several = [student for student in due if len(self.arrivals.attempts.of(student)) > 1]
        done = self._autograde(several, "--force") if several else Done(0)
        if self.desk.steps.stopped:
            return False
        failed = [student for student in several if student in done.reasons or done.broke_off]
        if failed:
            self._failed("/best", f"which attempt counts of {_named(failed)} can't be settled: {done.problem}")
            return False
        for student in due:
            works[student].settled, works[student].counts = works[student].attempts[-1], graded_from(self._autograded(student))
            if works[student].counts != works[student].settled:
                self.say(f"{student}: the best of {len(self.arrivals.attempts.of(student))} attempts counts, not the newest")
        self.pauses.clear("/best")
        self.desk.ledger.keep()
        return False

    # ---- what all of it needs

    def _failed(self, name: str, line: str) -> None:
        self.say(f"{line}; tried again in {round(self.pauses.fail(name))} s")

    def _autograded(self, student: str) -> Path:
        return Path(self.desk.coursedir.format_path(self.desk.coursedir.autograded_directory, student, self.assignment))

    def _folders(self, step: str) -> list[str]:
        return sorted(KnownFolders.glob(self.desk.coursedir.format_path(step, "*", self.assignment)))

    def _handed_in(self) -> list[str]:
        return [Path(folder).parent.name for folder in self._folders(self.desk.coursedir.submitted_directory)]

    def _without(self, everybody: Iterable[str], wanted: Iterable[str]) -> str:
        """The option that has a command pass over all others."""
        excluded = self._excluded | (set(everybody) - set(wanted))
        return f"--CourseDirectory.student_id_exclude={','.join(sorted(excluded))}"

    def _read(self, students: Iterable[str]) -> dict[str, Graded]:
        coursedir = self.desk.coursedir
        found: dict[str, Graded] = {}
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            assignment = find_assignment(gradebook, self.assignment)
            for student in students:
                try:
                    graded = read_graded(coursedir, assignment, gradebook.find_submission(self.assignment, student))
                except MissingEntry:
                    continue
                found |= {student: graded} if graded is not None else {}
        return found


def told(graded: Graded) -> str:
    """A result in one line: points, and which checks failed."""
    checked = [task for task in graded.tasks if task.checks]
    points, most = sum(task.score or 0.0 for task in checked), sum(task.maximum for task in checked)
    late = f", late penalty {number(graded.penalty)}" if graded.penalty else ""
    failed = {task.title: [check.name for check in task.checks if not check.passed] for task in checked}
    parts = [f"{title} ({'; '.join(names)})" for title, names in failed.items() if names]
    return f"{number(points)} of {number(most)} points by checks{late}" + (f"; failed: {', '.join(parts)}" if parts else "")


def _named(students: list[str]) -> str:
    more = f" and {len(students) - NAMED} more" if len(students) > NAMED else ""
    return ", ".join(students[:NAMED]) + more
