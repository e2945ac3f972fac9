"""How many notebooks reached which share of the points, as the numbers of a drawing and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
WIDTH, HEIGHT, TOP = 480, 170, 20  # of the drawing, and what is free above its tallest bar


@dataclass(frozen=True)
class Bar:
    """A bar: its upper left corner, what it measures, and of how many notebooks it is."""

    x: float
    y: float
    width: float
    height: float
    count: int


@dataclass(frozen=True)
class Histogram:
    """A drawing without its HTML.

    Attributes:
        bars: from the left.
        ticks: x and points, from the left.
        words: the same numbers as a sentence.
        base: y of the line on which the bars stand.
    """

    bars: list[Bar]
    ticks: list[tuple[float, str]]
    words: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = TOP + HEIGHT


def drawn(scores: Sequence[float], maximum: float) -> Histogram:
    """The histogram of scores, of which there is one at least, from 0 to ``maximum``."""
    counts = [0] * BINS
    for score in scores:
        counts[min(BINS - 1, int(BINS * score / maximum)) if maximum else 0] += 1
    step, bars = WIDTH / BINS, []
    for index, count in enumerate(counts):
        tall = HEIGHT * count / max(counts)
        bars.append(Bar(index * step, TOP + HEIGHT - tall, step, tall, count))
    edges = [f"{maximum * index / BINS:g}" for index in range(BINS + 1)]
    words = "; ".join(f"{edges[index]} to {edges[index + 1]} points: {count}" for index, count in enumerate(counts) if count)
    return Histogram(bars, [(index * step, edge) for index, edge in enumerate(edges)], words)
