"""Drawings of the blocks that networks are built of, and of what a normalisation averages over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import figures
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Shortcut:
    """A line past layers, which ends in a sign.

    Attributes:
        first: the place where it leaves: 0 is above the first layer, 1 below it, and so on.
        last: the place of its sign.
        sign: what is done there.
        x: how far to the right it runs.
    """

    first: float
    last: float
    sign: str = "+"
    x: float = 1.22


def chain(ax: Axes, title: str, layers: Sequence[tuple[str, float]], shortcuts: Sequence[Shortcut] = ()) -> None:
    """Draw layers one below the other, in boxes whose widths show how many channels they have.

    Args:
        ax: where to draw.
        title: text above it.
        layers: each a text and a width from 0 to 1; a text that is empty leaves a gap.
        shortcuts: past these layers.
    """
    top = float(len(layers))
    ax.plot([0, 0], [-0.3, top + 0.25], color=figures.GREY, linewidth=1.5, zorder=0)
    for number, (text, width) in enumerate(layers):
        if text:
            y = top - number - 0.5
            ax.add_patch(Rectangle((-width, y - 0.33), 2 * width, 0.66, facecolor="#dbe9f4", edgecolor=figures.BLUE))
            ax.text(0, y, text, ha="center", va="center", fontsize=10, linespacing=0.95)
    for shortcut in shortcuts:
        start, end, x = top - shortcut.first + 0.08, top - shortcut.last, shortcut.x
        ax.plot([0, x, x, 0.17], [start, start, end, end], color=figures.ORANGE, linewidth=2)
        ax.plot([0], [end], "o", markersize=13, markerfacecolor="white", markeredgecolor=figures.ORANGE, markeredgewidth=1.5)
        ax.text(0, end - 0.01, shortcut.sign, ha="center", va="center", fontsize=12)
    ax.set(xlim=(-1.2, 1.35), ylim=(-0.5, top + 0.4))
    ax.set_title(title, fontsize=11)
    ax.axis("off")


def branches(ax: Axes, columns: Sequence[Sequence[str]], end: str) -> None:
    """Draw branches side by side that start from the same maps and end in one box.

    Args:
        ax: where to draw.
        columns: for each branch the texts of its layers, from the input on.
        end: the text of the box below all of them.
    """
    height, middle = max(map(len, columns)), (len(columns) - 1) / 2
    for number, texts in enumerate(columns):
        ax.plot([middle, number], [height + 0.75, height + 0.25], color=figures.GREY, linewidth=1.5, zorder=0)
        ax.plot([number, number], [height + 0.25, 0.2], color=figures.GREY, linewidth=1.5, zorder=0)
        for place, text in enumerate(texts, start=height - len(texts)):
            ax.add_patch(Rectangle((number - 0.44, height - place - 0.85), 0.88, 0.7, facecolor="#dbe9f4", edgecolor=figures.BLUE))
            ax.text(number, height - place - 0.5, text, ha="center", va="center", fontsize=10, linespacing=0.95)
    ax.add_patch(Rectangle((-0.44, -0.45), len(columns) - 0.12, 0.6, facecolor="#fbe6d9", edgecolor=figures.ORANGE))
    ax.text(middle, -0.15, end, ha="center", va="center", fontsize=10)
    ax.plot([middle], [height + 0.75], "o", color=figures.GREY)
    ax.set(xlim=(-0.6, len(columns) - 0.4), ylim=(-0.6, height + 0.95))
    ax.axis("off")


def averaged(ax: Axes, together: ArrayLike, title: str) -> None:
    """Shade, in a table of pictures and channels, the maps that share a mean with the first picture's first channel.

    Args:
        ax: where to draw.
        together: (N, C), True for these maps.
        title: text above it.
    """
    together = np.asarray(together, dtype=bool)
    for (n, c), shared in np.ndenumerate(together):
        face = figures.BLUE if shared else "white"
        ax.add_patch(Rectangle((c, len(together) - 1 - n), 0.88, 0.88, facecolor=face, edgecolor=figures.GREY))
    ax.set(xlim=(-0.1, together.shape[1]), ylim=(-0.1, len(together)), aspect="equal", xticks=[], yticks=[])
    ax.set_xlabel("channels")
    ax.set_ylabel("pictures")
    ax.set_title(title, fontsize=11)
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
