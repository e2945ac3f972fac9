"""``python -m autograder watch``: grades what arrives, at once, and gives the student her feedback.

It gives nbgrader's own commands, one after the other, as a person would: whatever they decide is what a later
``nbgrader autograde`` would decide, and it ends at any time without leaving anything half done. What the machine fails is
tried again, with growing pauses.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.classroom.graded import find_assignment, open_course
from autograder.daily.arrivals import Arrivals
from autograder.daily.ledger import Ledger
from autograder.daily.one_assignment import Desk, OneAssignment
from autograder.daily.steps import LOG, Steps
from autograder.errors import CourseError
from autograder.plugin import Grade
from autograder.run.lock import WATCH_LOCK, InUse, held

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LEAST_SECONDS = 0.1


def watch(folder: Path, assignments: Iterable[str], seconds: float = 5.0, once: bool = False) -> int:
    """Watches a course until a signal ends it.

    Args:
        folder: the course folder.
        assignments: their ids; all that the gradebook knows if none is named, also those that come later.
        seconds: between two looks.
        once: whether to end when all that has arrived is graded, as cron wants it.

    Returns:
        The exit status: not 0 if something is left ungraded that should have been graded.

    Raises:
        CourseError: there is no such course or assignment, the settings are wrong, or somebody else watches it.
    """
    if seconds < LEAST_SECONDS:
        raise CourseError(f"--every: expected at least {LEAST_SECONDS:g} s, got {seconds:g}")
    coursedir = open_course(folder)
    root, wanted = Path(coursedir.root).resolve(), list(assignments)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for name in wanted:
            find_assignment(gradebook, name)
    try:
        with held(root, "`python -m autograder watch`", say, 0, WATCH_LOCK):
            return Watcher(coursedir, wanted, say).run(seconds, once)
    except InUse as error:
        if once:  # cron has come before the last one has ended
            say(f"nothing done, this course is watched already: {error}")
            return 0
        raise CourseError(f"this course is watched already: {error}") from None


def say(line: str) -> None:
    """A line for each event, with its time."""
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S} {line}", flush=True)


class Watcher:
    """Watches one course.

    Args:
        coursedir: nbgrader's course directory.
        wanted: ids of assignments; all if none is named.
        say: gets a line for each event.
    """

    def __init__(self, coursedir: Any, wanted: list[str], say: Callable[[str], None]) -> None:
        self.coursedir, self.wanted, self.say = coursedir, wanted, say
        root = Path(coursedir.root).resolve()
        try:
            settings = Grade(parent=coursedir.parent).settings()
        except ValueError as error:
            raise CourseError(str(error)) from None
        self.desk = Desk(coursedir, Steps(root), Ledger(root), settings, say)
        self.ones: dict[str, OneAssignment] = {}
        self._end = threading.Event()
        self._number = 0

    def run(self, seconds: float, once: bool) -> int:
        """Looks again and again until a signal, or until nothing is left to do at present."""
        with self._signals():
            self._greet(seconds, once)
            while not self._end.is_set():
                busy = [one.look(self._end.is_set) for one in self._assignments()]
                if once and not any(busy):
                    break
                self._end.wait(min(seconds, 1.0) if once or any(busy) else seconds)
        if self._number:
            self.say(f"ended by {signal.Signals(self._number).name}; what is graded is kept, the rest is graded when it is started again")
        return 1 if once and any(one.left for one in self.ones.values()) else 0

    def _greet(self, seconds: float, once: bool) -> None:
        names = ", ".join(one.assignment for one in self._assignments()) or "no assignment yet"
        budget = self.desk.settings.attempts_at_once
        how = f"; {budget} attempts of each student at once" if budget else ""
        self.say(f"{'looking once' if once else f'watching, every {seconds:g} s'}: {names}{how}; all that the commands say: {LOG}")

    def _assignments(self) -> list[OneAssignment]:
        """The assignments that are watched; those that the gradebook knows by now."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            names = self.wanted or sorted(entry.name for entry in gradebook.assignments)
        for name in names:
            if name not in self.ones:
                arrivals = Arrivals(self.coursedir.parent, name, self.desk.steps, self.desk.ledger)
                self.ones[name] = OneAssignment(self.desk, name, arrivals)
        return [self.ones[name] for name in names]

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """While active, a signal ends the watcher as soon as the command at work has ended."""

        def end(number: int, frame: object) -> None:
            self._number = self._number or number
            self._end.set()
            self.desk.steps.stop()

        ours = threading.current_thread() is threading.main_thread()
        before = {number: signal.getsignal(number) for number in SIGNALS if ours}
        before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
        for number in before:
            signal.signal(number, end)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
