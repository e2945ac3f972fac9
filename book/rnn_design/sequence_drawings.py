"""Pictures of the chapter's pages: what a state does to words, three ways of reading, fields on a sentence, paths to an answer."""

from __future__ import annotations

from collections.abc import Sequence

import figures_rnn_design as draw
import numpy as np
from figures import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, blank
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from numpy.typing import ArrayLike

NOT_DENIED = {"facecolor": "#dbe9f4", "edgecolor": BLUE}
DENIED = {"facecolor": "#fbe6d9", "edgecolor": ORANGE}
MARKED = {"color": ORANGE, "fontweight": "bold"}


def carried(ax: Axes, words: Sequence[str], states: ArrayLike) -> None:
    """A sentence word by word, the state after each word above it: 1 where it is denied, else 0."""
    for t, (word, state) in enumerate(zip(words, np.round(states).astype(int), strict=True)):
        ax.add_patch(Circle((t, 1), 0.3, linewidth=1.6, **(DENIED if state else NOT_DENIED)))
        ax.text(t, 1, str(state), ha="center", va="center")
        ax.annotate("", (t, 0.68), (t, 0.25), arrowprops=draw.ARROW)
        ax.text(t, 0, word, ha="center", va="center", **(MARKED if word == "not" else {}))
        if t:
            ax.annotate("", (t - 0.32, 1), (t - 0.68, 1), arrowprops=draw.ARROW)
    ax.set(xlim=(-0.5, 7.6), ylim=(-0.25, 1.4))
    blank(ax)


def read(ax: Axes, inputs: Sequence[str], outputs: Sequence[str], title: str, *, start: int = 0, fed_back: bool = False) -> None:
    """A network unrolled over words: `inputs` below its first states, `outputs` above those from `start` on."""
    steps = max(len(inputs), start + len(outputs))
    draw.unrolled(ax, steps, range(len(inputs)), range(start, start + len(outputs)), title, fed_back=fed_back)
    for t, text in enumerate(inputs):
        ax.text(t, -0.38, text, ha="center", va="top")
    for t, text in enumerate(outputs, start=start):
        ax.text(t, 2.42, text, ha="center", va="bottom")
    ax.set(xlim=(-0.6, steps - 0.4), ylim=(-0.85, 2.85))


def fields(ax: Axes, words: Sequence[str], verb: int, widths: Sequence[int]) -> None:
    """A sentence along the axis, its "not" and the verb marked, and below it a window of each width that ends at the verb."""
    for t, word in enumerate(words):
        ax.text(t, 0.1, word, rotation=90, ha="center", va="bottom", **(MARKED if word == "not" or t == verb else {}))
    for row, (width, colour) in enumerate(zip(widths, (GREEN, PURPLE, BLUE), strict=True)):
        first = max(0, verb + 1 - width)
        y = -0.75 - 0.85 * row
        ax.add_patch(Rectangle((first - 0.4, y), verb - first + 0.8, 0.42, facecolor=colour, edgecolor="none"))
        ax.text(verb + 0.8, y + 0.2, f"{width} words", va="center")
    ax.set(xlim=(-0.7, len(words) + 2.2), ylim=(-0.9 - 0.85 * (len(widths) - 1), 4.2))
    blank(ax)


def paths(ax: Axes, tokens: int, title: str, weights: ArrayLike | None = None) -> None:
    """From each token to the answer: along a chain of states, or (with `weights`) directly, lines as wide as their weight."""
    for t in range(tokens):
        look = {"facecolor": "#f1f3f5", "edgecolor": INK} if t else DENIED
        ax.add_patch(Rectangle((t - 0.21, -0.21), 0.42, 0.42, **look))
        if weights is None:
            ax.add_patch(Circle((t, 1), 0.24, linewidth=1.4, **NOT_DENIED))
            ax.annotate("", (t, 0.74), (t, 0.23), arrowprops=draw.ARROW)
            if t:
                ax.annotate("", (t - 0.26, 1), (t - 0.74, 1), arrowprops=draw.ARROW)
        else:
            end = (tokens - 1, 1.76)
            width = 0.6 + 5 * float(np.asarray(weights)[t])
            line = FancyArrowPatch((t, 0.23), end, arrowstyle="-", linewidth=width, color=ORANGE if t == 0 else GREY, shrinkA=0, shrinkB=0)
            ax.add_patch(line)
    if weights is None:
        ax.annotate("", (tokens - 1, 1.73), (tokens - 1, 1.26), arrowprops=draw.ARROW)
    diamond = {"facecolor": "#fbe6d9", "edgecolor": ORANGE, "linewidth": 1.4, "zorder": 3}
    ax.add_patch(Rectangle((tokens - 1, 1.71), 0.41, 0.41, angle=45, **diamond))
    ax.text(0, -0.36, "1st", ha="center", va="top")
    ax.text(tokens - 1, 2.42, "answer", ha="center", va="bottom")
    ax.set(xlim=(-0.5, tokens - 0.3), ylim=(-0.75, 2.8))
    blank(ax)
    ax.set_title(title)
