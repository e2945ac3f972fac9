"""Drawings of the chapter on parameter efficiency; style and colours are those of `figures`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import figures
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import ArrayLike

LETTERS = "abcdefghi"


def lettered(ax: Axes, letters: ArrayLike, title: str = "", *, window: Sequence[int] | None = None) -> None:
    """Draw a grid of letters, one pale colour for each letter; empty cells stay white.

    Args:
        ax: where to draw.
        letters: (H, W) of strings; a letter of `LETTERS` is coloured, others are not.
        title: text above the grid.
        window: (row, column, height, width) of a block to frame.
    """
    letters = np.asarray(letters)
    height, width = letters.shape
    colours = plt.get_cmap("Set3").colors
    for (i, j), letter in np.ndenumerate(letters):
        known = bool(letter) and letter in LETTERS
        face = colours[LETTERS.index(letter)] if known else "white"
        ax.add_patch(Rectangle((j, i), 1, 1, facecolor=face, edgecolor=figures.GREY, linewidth=0.6))
        ax.text(j + 0.5, i + 0.5, letter, ha="center", va="center", fontsize=10)
    if window:
        i, j, h, w = window
        ax.add_patch(Rectangle((j, i), w, h, fill=False, edgecolor=figures.ORANGE, linewidth=2.5))
    ax.set(xlim=(-0.1, width + 0.1), ylim=(height + 0.1, -0.1))
    figures.blank(ax)
    ax.set_title(title)


def square(corners: Sequence[ArrayLike], titles: Sequence[str], arrows: Sequence[str]) -> Figure:
    """Draw the commuting square of equivariance.

    Args:
        corners: four pictures: upper left, upper right, lower left, lower right.
        titles: one for each.
        arrows: words at the upper, left, right and lower arrow.
    """
    fig = plt.figure(figsize=(5.2, 4.9))
    places = [(0.02, 0.55), (0.62, 0.55), (0.02, 0.02), (0.62, 0.02)]
    for k, ((left, bottom), values) in enumerate(zip(places, corners, strict=True)):
        ax = fig.add_axes((left, bottom, 0.36, 0.37))
        figures.picture(ax, values, titles[k], signed=k % 2 == 1)
    ends = [((0.41, 0.73), (0.60, 0.73)), ((0.2, 0.53), (0.2, 0.46)), ((0.8, 0.53), (0.8, 0.46)), ((0.41, 0.2), (0.60, 0.2))]
    words = [(0.505, 0.76), (0.23, 0.495), (0.83, 0.495), (0.505, 0.23)]
    for (tail, head), (x, y), text in zip(ends, words, arrows, strict=True):
        style = {"arrowstyle": "-|>", "color": figures.INK, "linewidth": 1.4}
        fig.add_artist(FancyArrowPatch(tail, head, mutation_scale=14, transform=fig.transFigure, **style))
        level = x == 0.505
        fig.text(x, y, text, ha="center" if level else "left", va="bottom" if level else "center")
    return fig


def paired_bars(names: Sequence[str], panels: Mapping[str, Sequence[float]], form: str = "{:.1f}") -> Figure:
    """Draw one row of horizontal bars for each name, in one panel for each quantity.

    Args:
        names: of the rows, top to bottom.
        panels: title → one number for each row.
        form: how a number is written beside its bar.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(figures.WIDTH, 0.6 + 0.25 * len(names)), sharey=True, layout="constrained")
    rows = np.arange(len(names))
    for ax, colour, (title, values) in zip(axes, (figures.BLUE, figures.ORANGE, figures.GREEN), panels.items(), strict=False):
        ax.barh(rows, values, color=colour, height=0.72)
        for row, value in zip(rows, values, strict=True):
            ax.text(value + 0.02 * max(values), row, form.format(value), va="center", fontsize=9.5)
        ax.set(title=title, xlim=(0, 1.3 * max(values)), xticks=[], yticks=rows, yticklabels=names)
        ax.tick_params(length=0)
        ax.grid(False)
        ax.spines["bottom"].set_visible(False)
    axes[0].set_ylim(len(names) - 0.5, -0.6)
    return fig
