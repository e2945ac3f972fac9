"""How much of a student's work one page carries, so that it opens in a moment whatever her notebook holds.

Reports of checks, comments and mark schemes take no room: a student's outputs can't crowd them out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SHORT = 400  # characters that always have room: a line such as the grader's own, of why a cell ended
MAX_CELLS = 250  # of a notebook, those for grading not counted
MAX_OUTPUTS = 100  # of one cell
MAX_PAGE_HTML = 250_000  # characters of all HTML of a notebook
LIMITS = {
    "html": MAX_PAGE_HTML,  # characters to be cleaned
    "markdown": 80_000,  # characters to be rendered
    "formulas": 600,
    "code": 60_000,  # characters to be coloured
    "markup": 400_000,  # bytes of what all that becomes
    "text": 250_000,  # bytes of what is shown as the text it is
    "pictures": 700_000,  # bytes
    "pixels": 60_000_000,
    "outputs": 400,
}
SECONDS = 1.5  # of a processor for all that is rendered; an honest notebook takes a tenth to a fifth of it


class NoRoom(Exception):
    """What a page doesn't carry; the message says why, fit to follow "it"."""


@dataclass
class Room:
    """What is left of a page's room."""

    left: dict[str, int] = field(default_factory=LIMITS.copy)
    seconds: float = SECONDS

    def take(self, **amounts: int) -> bool:
        """Takes room if there is enough of each kind; else takes none."""
        if any(self.left[kind] < amount for kind, amount in amounts.items()):
            return False
        for kind, amount in amounts.items():
            self.left[kind] -= amount
        return True

    @contextmanager
    def for_graded(self) -> Iterator[Room]:
        """Room of its own for an answer that a person grades, whatever goes before it; its pictures share the page's."""
        shared = ("pictures", "pixels")
        own = Room(LIMITS | {kind: self.left[kind] for kind in shared})
        yield own
        self.left |= {kind: own.left[kind] for kind in shared}

    def need(self, **amounts: int) -> None:
        """Takes room; raises `NoRoom` if there isn't enough."""
        if not self.take(**amounts):
            raise NoRoom("is more than this page has room for")

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Counts the time of what is rendered; raises `NoRoom` when the page's is used up."""
        if self.seconds <= 0:
            raise NoRoom("comes after more than this page has time for")
        start = time.thread_time()
        try:
            yield
        finally:
            self.seconds -= time.thread_time() - start
