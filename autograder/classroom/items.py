"""Item analysis: how hard each task was, and whether it tells those who know more from those who know less."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from autograder.classroom.graded import Graded

FEWEST = 10  # students: a correlation of fewer says nothing


def difficulty(scores: Sequence[float], maximum: float) -> float | None:
    """The mean share of a task's points, 0 (nobody got any) to 1; None without scores or points.

    The "p" of item analysis, which is higher the easier a task is.
    """
    return statistics.fmean(scores) / maximum if scores and maximum else None


def discrimination(class_: Sequence[Graded], task: str) -> float | None:
    """The corrected item-total correlation of a task, -1 to 1: Pearson's r of its points with the points of all other tasks.

    The task itself is left out of the total, which would otherwise correlate with its own part (Henrysson 1963,
    doi:10.1007/BF02289618). The others count where they are marked of everybody, so that all totals are of the same tasks.

    Returns:
        None for fewer than `FEWEST` students on whom the task is decided, or where all have the same points in one of the two.
    """
    points = {one.student: {entry.name: entry.score for entry in one.tasks} for one in class_}
    names = {name for scores in points.values() for name in scores}
    rest = [name for name in names - {task} if all(scores.get(name) is not None for scores in points.values())]
    pairs = [(scores[task], sum(scores[name] or 0.0 for name in rest)) for scores in points.values() if scores.get(task) is not None]
    if len(pairs) < FEWEST or any(len(set(values)) < 2 for values in zip(*pairs, strict=True)):
        return None
    return statistics.correlation(*zip(*pairs, strict=True))
