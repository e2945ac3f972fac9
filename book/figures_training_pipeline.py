"""Drawing for the chapter on the training pipeline: its map, strips of repeated runs, training curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from figures import BLUE, GREEN, INK, ORANGE, PURPLE, blank
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

# How a series is drawn, in the order of drawing: colour, dashes and marker, so that no difference rests on colour alone.
LOOKS = (
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": ORANGE, "linestyle": "--", "marker": "s"},
    {"color": GREEN, "linestyle": "-.", "marker": "^"},
    {"color": PURPLE, "linestyle": ":", "marker": "D"},
    {"color": INK, "linestyle": "-", "marker": "v"},
)


def _box(ax: Axes, x: float, y: float, text: str, *, colour: str, width: float = 1.7) -> None:
    shape = FancyBboxPatch((x - width / 2, y - 0.3), width, 0.6, boxstyle="round,pad=0.02,rounding_size=0.1")
    shape.set(facecolor=colour, edgecolor=INK, linewidth=0.8)
    ax.add_patch(shape)
    ax.text(x, y, text, ha="center", va="center", fontsize=10)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], *, dashed: bool = False, bend: float = 0.0) -> None:
    look = {"arrowstyle": "->", "color": INK, "linewidth": 1.0, "linestyle": "--" if dashed else "-"}
    ax.annotate("", end, start, arrowprops=look | {"connectionstyle": f"arc3,rad={bend}"})


def pipeline(ax: Axes) -> None:
    """Draw the way of the data from collection to the report."""
    fit, use, plain = "#cfe3f2", "#f7e3d3", "#ffffff"
    _box(ax, 0.9, 1, "collect,\nlook", colour=plain, width=1.5)
    _box(ax, 2.9, 1, "split", colour=plain, width=1.1)
    _arrow(ax, (1.65, 1), (2.35, 1))
    lanes = {2: ("fit the\nprocessing", "fit the\nmodel", ""), 1: ("apply", "apply", "choose"), 0: ("apply", "apply", "report\nonce")}
    for y, (name, boxes) in zip((2, 1, 0), (("train", lanes[2]), ("validate", lanes[1]), ("test", lanes[0])), strict=True):
        _arrow(ax, (3.45, 1), (4.2, y))
        ax.text(4.28, y + 0.36, name, ha="left", va="bottom", fontsize=10, style="italic")
        for x, text in zip((5.1, 7.5, 9.7), boxes, strict=True):
            if text:
                _box(ax, x, y, text, colour=fit if text.startswith("fit") else use)
        _arrow(ax, (5.95, y), (6.65, y))
        if y < 2:
            _arrow(ax, (8.35, y), (8.85, y))
    for x in (5.6, 7.5):
        _arrow(ax, (x, 1.7), (x, 1.32), dashed=True)
        _arrow(ax, (x, 0.7), (x, 0.32), dashed=True)
    _arrow(ax, (9.7, 1.3), (8.35, 2.0), bend=0.3)
    ax.set(xlim=(0, 10.7), ylim=(-0.5, 2.75))
    blank(ax)


def strips(ax: Axes, groups: Mapping[str, Sequence[ArrayLike]], labels: Sequence[str]) -> None:
    """Draw every run as a mark, one row a group, and the mean of each series as a vertical stroke.

    Args:
        ax: where to draw.
        groups: name of a row → one series of numbers for each label.
        labels: what the series are, the same in each row.
    """
    rng = np.random.default_rng(0)
    for row, series in enumerate(groups.values()):
        for k, (values, label) in enumerate(zip(series, labels, strict=True)):
            values = np.asarray(values, dtype=float)
            height = -row + 0.17 * (1 - 2 * k / max(len(labels) - 1, 1))
            look = {"color": LOOKS[k]["color"], "marker": LOOKS[k]["marker"]}
            jitter = rng.uniform(-0.06, 0.06, len(values))
            ax.plot(values, height + jitter, linestyle="none", markersize=4, alpha=0.6, label=label if row == 0 else None, **look)
            ax.plot([values.mean()] * 2, [height - 0.13, height + 0.13], color=INK, linewidth=2)
    ax.set(yticks=-np.arange(len(groups)), yticklabels=list(groups), ylim=(-len(groups) + 0.5, 0.5))
    ax.grid(axis="y", visible=False)


def curves(ax: Axes, series: Mapping[str, ArrayLike], *, every: int = 1, first: int = 1) -> None:
    """Draw one line a name over the epochs.

    Args:
        ax: where to draw.
        series: name → numbers, one an epoch.
        every: a marker after so many epochs.
        first: number of the first epoch.
    """
    for look, (name, values) in zip(LOOKS, series.items(), strict=False):
        ax.plot(range(first, first + len(values)), values, **look, markersize=4, markevery=every, linewidth=1.6, label=name)
    ax.set(xlabel="epoch")
