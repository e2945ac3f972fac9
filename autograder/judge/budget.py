"""The time that the hidden checks of one submission may take.

An answer that never comes costs its check's whole time, at every check. So all checks of a submission share a budget, of
which only a part is left once a check ran out of time; and the checks that follow it on the same cell, which ask the same
function, get less time each: enough for one that is quick.
"""

from __future__ import annotations

PART_AFTER_LOSS = 0.25  # of the budget, for what follows the first check that ran out of time; and of a check's own limit
QUICK_SECONDS = 1.0  # a check's limit isn't shortened below this
COMPARING_SECONDS = 5.0  # on top of a check's own limit, for what the check does with the answers
COMPARING_QUICKLY = 1.0  # the same after a check of this cell ran out of time
LEAST_SECONDS = 0.05  # less isn't worth asking


class Budget:
    """What is left for the checks of one submission.

    Args:
        seconds: for all of them together.
        longest: the longest limit of one of them; the budget is never less.
    """

    def __init__(self, seconds: float, longest: float) -> None:
        self.total = self.left = max(seconds, longest)
        self._after_loss = max(PART_AFTER_LOSS * self.total, longest)
        self._short = False  # whether any check ran out of time
        self._lost = 0.0  # the longest limit that a check of the present cell ran out of

    def next_cell(self) -> None:
        """The checks that come now ask another function."""
        self._lost = 0.0

    @property
    def used_up(self) -> bool:
        return self.left < LEAST_SECONDS

    @property
    def why(self) -> str:
        """What a student reads of a check that there is no time left for."""
        if self._short:
            return "Not asked any more: a check of this notebook ran out of time, and the time for those after it is used up."
        return f"Not asked any more: the checks before it took the {self.total:g} s that all checks of a notebook have together."

    def limit(self, own: float) -> float:
        """How long the next check may run; ``own`` is its own limit."""
        if own <= self._lost:
            own = min(own, max(QUICK_SECONDS, PART_AFTER_LOSS * own))
        return min(own, self.left)

    @property
    def comparing(self) -> float:
        """Seconds that the next check may take beyond its limit, for what it does with the answers."""
        return COMPARING_QUICKLY if self._lost else COMPARING_SECONDS

    def spend(self, seconds: float) -> None:
        """Time that went into checks."""
        self.left -= seconds

    def ran_out(self, own: float) -> None:
        """A check whose own limit is ``own`` ran out of time."""
        self._short, self._lost = True, max(self._lost, own)
        self.left = min(self.left, self._after_loss)
