"""What a watcher has done of a course, so that one that is started again goes on: ``.autograder/watch.json``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.errors import CourseError

FILE = Path(".autograder") / "watch.json"


@dataclass
class Work:
    """A student's work on one assignment.

    Attributes:
        attempts: fingerprints of what was graded at once, oldest first.
        counts: the one that counts in place of the newest, where the best does.
        returned: of which of them the feedback was written and released last.
        settled: the attempt after which it was settled which of them counts, where the best does.
        beyond: what came after the last attempt that is graded at once, and was told.
        dropped: what was taken last from the drop folder.
    """

    attempts: list[str] = field(default_factory=list)
    counts: str = ""
    returned: str = ""
    settled: str = ""
    beyond: str = ""
    dropped: str = ""


class Ledger:
    """All works of a course, by assignment and student.

    Raises:
        CourseError: the file is there and can't be read.
    """

    def __init__(self, course: Path) -> None:
        self.path = course / FILE
        try:
            read = json.loads(self.path.read_text("utf-8"))
            works, self._seen = read["works"], read["seen"]
            self._works = {name: {student: Work(**work) for student, work in ones.items()} for name, ones in works.items()}
        except FileNotFoundError:
            self._works, self._seen = {}, {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CourseError(
                f"{self.path} can't be read ({type(error).__name__}: {error}): restore it, or delete it to count attempts anew"
            ) from None

    def work(self, assignment: str, student: str) -> Work:
        return self._works.setdefault(assignment, {}).setdefault(student, Work())

    def works(self, assignment: str) -> dict[str, Work]:
        return self._works.get(assignment, {})

    def seen(self, assignment: str) -> dict[str, str]:
        """Where things arrive → what it looked like when they were taken."""
        return self._seen.setdefault(assignment, {})

    def keep(self) -> None:
        """Writes the file in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}-{os.getpid()}")
        works = {name: {student: asdict(work) for student, work in works.items()} for name, works in self._works.items()}
        beside.write_text(json.dumps({"works": works, "seen": self._seen}, indent=1, ensure_ascii=False) + "\n", "utf-8")
        beside.replace(self.path)
