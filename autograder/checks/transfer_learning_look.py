"""A closer look at a network that was kept: where answers aren't its own or few are right, what they come of."""

from __future__ import annotations

import numpy as np
import torch

from autograder.checking.student import RemoteModel, Student
from autograder.checks import transfer_learning_kept as kept
from autograder.compare import CheckFailed
from autograder.reference import transfer_learning as reference

SIZES = (32, 48, 64, 80, 96, 112, 128)  # of pictures that are tried
COUNT = 60  # pictures that are looked at
STORED = 64  # rows and columns of a stored picture
ALIKE = 0.95  # of the answers, from which on they are taken for the same
CLEARLY = 0.15  # share of answers; a better one than another at least by that


class Look:
    """A kept network, beside the answers that go with it.

    Args:
        model, name: the network, and the student's name for it.
        size, size_name: of its pictures, in pixels, and the student's name for that.
    """

    def __init__(self, student: Student, model: RemoteModel, name: str, size: int, size_name: str) -> None:
        self.student, self.model, self.name, self.size, self.size_name = student, model, name, size, size_name

    def answers(self, pictures: np.ndarray | torch.Tensor, size: int, training: bool = False) -> np.ndarray | None:
        """The network's answers for stored pictures (N, 64, 64, 3), or for a tensor (N, 3, 64, 64) as it is; None if it gives none."""
        try:
            if isinstance(pictures, np.ndarray):
                x = kept.enlarged(self.student, pictures, size)
            else:
                x = kept.kept_there(self.student.function("enlarge"), pictures, size)
            scores = np.asarray(self.model.forward(x, training), dtype=float)
        except (CheckFailed, ValueError, TypeError):
            if not self.student.alive:
                raise
            return None
        return scores.argmax(axis=1) if scores.shape == (len(pictures), reference.CLASSES) else None

    def share(self, given: np.ndarray, pictures: np.ndarray | torch.Tensor, size: int) -> float:
        """How many of the answers are those for these pictures."""
        found = self.answers(pictures, size)
        return 0.0 if found is None else float((found == given).mean())

    def why_others(self, given: np.ndarray, own: np.ndarray) -> list[str]:
        """What answers (400,) are that aren't the network's ``own``; empty if that can't be seen."""
        if given.min() < 0 or given.max() >= reference.CLASSES:
            return []
        if np.array_equal(given, kept.labelled(len(given))[1]):
            return ["These are the labels of the first 400 labelled pictures."]
        often = np.abs(np.bincount(given.astype(int), minlength=8)[:8] - np.bincount(own, minlength=8)).sum()
        if often <= 2 and (given != own).mean() > CLEARLY:
            return [f"Each class is named as often as by `{self.name}`, but for other pictures: theirs was another order."]
        pictures, some = kept.emoji()[:COUNT], given[:COUNT]
        before = float((some == own[:COUNT]).mean())
        raw = torch.from_numpy(pictures).float().permute(0, 3, 1, 2).contiguous()
        for x in (raw, raw / 255):
            for size in {self.size, STORED}:
                if before < ALIKE <= self.share(some, x, size):
                    return ["These are its answers for pictures that were not prepared."]
        shares = {size: self.share(some, pictures, size) for size in SIZES if size != self.size}
        best = max(shares, key=lambda size: shares[size])
        text = f"The answers are rather those for pictures of {best}×{best} pixels, but `{self.size_name}` is {self.size}."
        found = [text] if shares[best] > before + CLEARLY else []
        if shares[best] < ALIKE and self.model.is_training() and self.forgetful(pictures):
            found.insert(0, f"`{self.name}` is still in training mode, where dropout changes answers: `model.eval()` first.")
        return found

    def forgetful(self, pictures: np.ndarray) -> bool:
        """Whether training mode gives other answers."""
        one, other = (self.answers(pictures, self.size, training) for training in (True, False))
        return one is not None and other is not None and not np.array_equal(one, other)

    def why_few(self) -> str:
        """What it may come of that few of the network's answers are right; empty if that can't be seen."""
        pictures, labels = kept.labelled(COUNT)
        right = self.share(labels, pictures, self.size)
        shares = {size: self.share(labels, pictures, size) for size in SIZES if size != self.size}
        best = max(shares, key=lambda size: shares[size])
        if shares[best] > max(0.5, right + 2 * CLEARLY):
            return (
                f"Of the labelled pictures it names {shares[best]:.0%} rightly where they have {best}×{best} pixels, but {right:.0%} where "
                f"they have {self.size}×{self.size}: it learned from pictures of another size than those it answers for."
            )
        if right < 0.6:
            return (
                f"Of the labelled pictures, too, it names only {right:.0%} rightly: it was hardly trained, or with labels that "
                "belong to other pictures."
            )
        return f"`{self.size_name}` is {self.size}: the pictures were not enlarged." if self.size <= STORED else ""
