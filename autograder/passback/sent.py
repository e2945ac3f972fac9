"""What was passed back before: ``.autograder/passed_back.json`` of a course folder, so that what others changed since is seen."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.errors import CourseError

FILE = Path(".autograder") / "passed_back.json"


@dataclass(frozen=True)
class Sent:
    """What a student got last.

    Attributes:
        score: points.
        comments: digests of comments.
        pages: names of files.
    """

    score: float
    comments: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass
class Record:
    """What was passed back to one assignment of a platform, by its user; written anew with each student."""

    path: Path
    key: str
    users: dict[str, Sent] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Path, key: str) -> Record:
        """What a course folder holds of an assignment.

        Raises:
            CourseError: the file can't be read.
        """
        users = {
            user: Sent(one["score"], tuple(one["comments"]), tuple(one["pages"])) for user, one in _read(course / FILE).get(key, {}).items()
        }
        return cls(course / FILE, key, users)

    def keep(self, user: str, sent: Sent) -> None:
        """Notes in one step what a student has got."""
        if self.users.get(user) == sent:
            return
        self.users[user] = sent
        everything = _read(self.path) | {self.key: {user: asdict(one) for user, one in self.users.items()}}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f".{self.path.name}-{os.getpid()}")
        beside.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", "utf-8")
        beside.replace(self.path)


def digest(text: str) -> str:
    """Of a comment, whatever an editor made of its blanks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, dict]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise CourseError(f"{path} can't be read ({type(error).__name__}: {error}): restore it from a copy, or remove it") from None
