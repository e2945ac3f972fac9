"""The race of `optimizers`, run again with the learning rates that a notebook states.

The order of the pictures is the student's own, so the losses differ a little from run to run, and much where a learning
rate is so high that the path jumps. How much, runs in other orders show. With a learning rate so small that the losses hardly
fall, rules that differ little give losses alike, such as Adam with and without the power in its correction: the race says
nothing of that, the checks of `adam_step` do.
"""

from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np

from autograder.reference import optimizers as reference

Reading = Literal["before", "after", "sum"]

ORDERS = 3  # of the pictures, at most; the second and third are only run if the losses are not like those of the first
MARGIN = 0.2  # of the logarithm of a loss


@cache
def _digits() -> reference.Digits:
    return reference.Digits()


@cache
def logarithms(name: str, rate: float, order: int, after: bool = False) -> np.ndarray:
    """Logarithms of the five losses of one rule, each batch's taken before or after its update; infinite where it diverges.

    Args:
        name, rate: of the rule, its learning rate.
        order: seed of the order of the pictures.
    """
    digits, step = _digits(), reference.optimizer(name, rate)
    with np.errstate(all="ignore"):
        losses = digits.losses(step, np.random.default_rng(order), after)
        return np.nan_to_num(np.log(losses), nan=np.inf, posinf=np.inf)


class Replay:
    """One rule of a student's race, beside the same rule run here.

    Args:
        name, rate: of the rule, its learning rate as the student states it.
        received: the student's five losses, positive.

    Attributes:
        reading: which losses they are; None if they are no losses of this rule.
        losses: the student's losses, those that were summed over the batches divided by their number.
        other: the rule whose losses they are instead, where those of this rule differ so much from run to run that they hold both.
    """

    def __init__(self, name: str, rate: float, received: np.ndarray) -> None:
        self.name, self.rate, self.received = name, rate, np.log(received)
        summed = self.received - np.log(reference.BATCHES)
        readings: list[tuple[Reading, np.ndarray, bool]] = [
            ("before", self.received, False),
            ("sum", summed, False),
            ("after", self.received, True),
        ]
        self.reading = next((reading for reading, losses, after in readings if self._fits(losses, after)), None)
        self.losses = np.exp(summed if self.reading == "sum" else self.received)
        self.other: str | None = None
        if self.reading is not None and not self._near() and like_another(self, ("sgd",), MARGIN):
            self.reading, self.other = None, "sgd"

    def _fits(self, losses: np.ndarray, after: bool) -> bool:
        """Whether losses lie where those of one run here lie, or of several in different orders, and as far beyond as these differ."""
        for orders in (1, ORDERS):
            runs = np.array([logarithms(self.name, self.rate, order, after) for order in range(orders)])
            low, high = runs.min(axis=0), runs.max(axis=0)
            if not np.isfinite(high).all():
                return False
            margin = MARGIN + (high - low).max()
            if ((low - margin <= losses) & (losses <= high + margin)).all():
                return True
        return False

    def _near(self) -> bool:
        """Whether the losses, as they were read, are near those of a run here.

        Where a rule's path jumps, runs differ so much that between them lie the smooth losses of gradient descent, too. At
        rates of 0.05 to 0.4, momentum and AdaGrad have a logarithm that is 0.4 to 2.3 from that of gradient descent.
        """
        losses, after = np.log(self.losses), self.reading == "after"
        return any(np.abs(logarithms(self.name, self.rate, order, after) - losses).max() <= 1.5 * MARGIN for order in range(ORDERS))

    @property
    def typical(self) -> np.ndarray:
        """The losses of one run here."""
        return np.exp(logarithms(self.name, self.rate, 0))

    def nearness(self, after: bool) -> float:
        """How much larger the student's losses are, in the mean of their logarithms, than those taken before or after the updates."""
        return float((np.log(self.losses) - logarithms(self.name, self.rate, 0, after)).mean())


def taken_after(replays: Sequence[Replay]) -> bool:
    """Whether the losses of all rules together are rather those after the updates than before them."""
    before, after = (np.mean([replay.nearness(after) for replay in replays]) for after in (False, True))
    return abs(after) < abs(before)


def like_another(replay: Replay, names: Sequence[str] = reference.NAMES, margin: float = MARGIN / 2) -> str | None:
    """The other rule, of these, that gives the student's losses with the same learning rate, if there is one."""
    for name in names:
        losses = logarithms(name, replay.rate, 0)
        if name != replay.name and np.isfinite(losses).all() and np.abs(losses - replay.received).max() < margin:
            return name
    return None
