"""What has arrived: in nbgrader's exchange, in the drop folder, and in ``submitted/``, where both bring it.

Nothing is taken while it is still being written: what looks the same twice, one look after the other, is there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from nbgrader.utils import rmtree

from autograder.any_folder import KnownFolders
from autograder.daily.ledger import Ledger
from autograder.daily.steps import Done, Steps
from autograder.jobs.beside import MAX_ENTRIES
from autograder.run.attempts import Attempts
from autograder.run.fingerprint import fingerprint
from autograder.times import home_zone

Look = Literal["known", "waits", "news"]
DROPPED = ".autograder/dropped"  # where the drop folder is sorted, before anything of it comes to submitted/


def signs(folders: Iterable[str | Path]) -> str:
    """A digest of names, sizes and times below folders, by which it is seen that something changed; empty if nothing is there."""
    found = [sign for folder in folders for sign in _signs(folder)]
    return hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest() if found else ""


def _signs(folder: str | Path) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for here, folders, files in os.walk(folder):
        folders.sort()
        for name in files:
            try:
                about = os.lstat(os.path.join(here, name))
            except OSError:
                continue
            found.append((os.path.join(here, name), about.st_size, about.st_mtime_ns))
        if len(found) > 10 * MAX_ENTRIES:
            break
    return sorted(found)


class Settled:
    """Tells of things that are looked at again and again whether they stay as they are.

    Args:
        taken: name → the state that was dealt with last.
    """

    def __init__(self, taken: dict[str, str]) -> None:
        self._seen: dict[str, str] = {}
        self._taken = taken

    def look(self, name: str, state: str) -> Look:
        """Whether a state is news: one that was there at the last look too, and wasn't dealt with."""
        stays = self._seen.get(name) == state
        self._seen[name] = state
        return "known" if not state or self._taken.get(name) == state else "news" if stays else "waits"

    def take(self, name: str) -> None:
        self._taken[name] = self._seen[name]


class Arrivals:
    """Brings what arrives of one assignment to ``submitted/``.

    Args:
        app: nbgrader's application with the course's settings.
        assignment: its id.
        steps: gives the commands.
        ledger: what was taken before.
    """

    def __init__(self, app: Any, assignment: str, steps: Steps, ledger: Ledger) -> None:
        self.app, self.coursedir, self.assignment, self.steps, self.ledger = app, app.coursedir, assignment, steps, ledger
        self.root = Path(self.coursedir.root).resolve()
        self.attempts = Attempts(self.coursedir, assignment, app.log, home_zone(app))
        self._settled = Settled(ledger.seen(assignment))

    # ---- the exchange

    @property
    def exchange(self) -> Path:
        """The course's folder in the exchange."""
        root = self.app.config.get("Exchange", {}).get("root", "/usr/local/share/nbgrader/exchange")
        return Path(str(root)) / self.coursedir.course_id

    def collect(self) -> tuple[Done | None, bool]:
        """Collects from the exchange if something new has come there.

        Returns:
            How the command ended, None if there was nothing to do; and whether something there may still be written.
        """
        pattern = os.path.join(self.exchange / "inbound", f"*+{self.assignment}+*")
        look = self._settled.look("exchange", signs(sorted(KnownFolders.glob(pattern))))
        if look != "news":
            return None, look == "waits"
        done = self.steps.nbgrader("collect", self.assignment, "--update")
        if not done.status:
            self._settled.take("exchange")
            self.ledger.keep()
        return done, False

    # ---- the drop folder

    @property
    def drop(self) -> Path:
        return self.root / "downloaded" / self.assignment / "archive"

    def sort_dropped(self) -> tuple[Done | None, list[str], bool]:
        """Sorts the drop folder if something changed there.

        Returns:
            How the command ended, None if there was nothing to do; whose work came to ``submitted/``; and whether something
            may still be written.
        """
        look = self._settled.look("drop", signs([self.drop]))
        if look != "news":
            return None, [], look == "waits"
        target = self.root / DROPPED
        if target.exists():
            rmtree(str(target))
        done = self.steps.nbgrader("zip_collect", self.assignment, "--force", f"--CourseDirectory.submitted_directory={DROPPED}")
        folders = KnownFolders.glob(self.coursedir.format_path(DROPPED, "*", self.assignment))
        taken = [student for folder in sorted(folders) if self._take_dropped(student := Path(folder).parent.name, Path(folder))]
        self._settled.take("drop")  # what can't be sorted isn't tried again before something changes
        self.ledger.keep()
        return done, taken, False

    def _take_dropped(self, student: str, folder: Path) -> bool:
        """Moves a student's work to ``submitted/`` unless it is old; what lay there stays among the attempts."""
        work, mark = self.ledger.work(self.assignment, student), fingerprint(folder)
        target = self.attempts.submitted(student)
        if not mark or mark in (work.dropped, fingerprint(target)):
            work.dropped = mark or work.dropped
            return False
        new, old = self.attempts.time(folder), self.attempts.time(target)
        work.dropped = mark
        if target.exists() and new is not None and old is not None and new < old:
            return False
        if target.exists():
            self.attempts.put_aside(student)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(target)
        return True

    # ---- submitted/

    def fingerprints(self, students: Iterable[str] | None = None) -> dict[str, str]:
        """The fingerprints of what lies in ``submitted/``, of everybody or of some students."""
        folders = KnownFolders.glob(self.coursedir.format_path(self.coursedir.submitted_directory, "*", self.assignment))
        names = [Path(folder).parent.name for folder in sorted(folders) if os.path.isdir(folder)] if students is None else students
        return {student: mark for student in names if (mark := fingerprint(self.attempts.submitted(student)))}

    def settles(self, student: str, mark: str) -> bool:
        """Whether what a student handed in is what it was at the last look."""
        return self._settled.look(f"submitted/{student}", mark) == "news"
