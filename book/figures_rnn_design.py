"""Drawing for the chapter on RNN design: networks unrolled over time, and lines with a spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from figures import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, blank
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

# How each model is drawn, everywhere: colour, dashes and marker, so that no difference rests on colour alone.
LOOKS = [
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": ORANGE, "linestyle": "--", "marker": "s"},
    {"color": GREEN, "linestyle": "-.", "marker": "^"},
    {"color": PURPLE, "linestyle": ":", "marker": "D"},
    {"color": INK, "linestyle": "-", "marker": "v"},
]
ARROW = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}


def unrolled(
    ax: Axes,
    steps: int,
    inputs: Sequence[int],
    outputs: Sequence[int],
    title: str = "",
    *,
    fed_back: bool = False,
    labels: dict[tuple[int, int], str] | None = None,
) -> None:
    """Draw a recurrent network as one column a time step: inputs are squares, states circles, outputs diamonds.

    Args:
        ax: where to draw.
        steps: number of states, linked from left to right.
        inputs: steps that read an input.
        outputs: steps that write an output.
        title: text above.
        fed_back: draw dashed arrows from each output to the state of the next step.
        labels: text by (step, row); rows are 0 for inputs, 1 for states, 2 for outputs.
    """
    texts = labels or {}
    for t in range(steps):
        ax.add_patch(Circle((t, 1), 0.24, facecolor="#dbe9f4", edgecolor=BLUE, linewidth=1.4))
        if t:
            ax.annotate("", (t - 0.26, 1), (t - 0.74, 1), arrowprops=ARROW)
        if t in inputs:
            ax.add_patch(Rectangle((t - 0.21, -0.21), 0.42, 0.42, facecolor="#f1f3f5", edgecolor=INK))
            ax.annotate("", (t, 0.74), (t, 0.23), arrowprops=ARROW)
        if t in outputs:
            diamond = {"facecolor": "#fbe6d9", "edgecolor": ORANGE, "linewidth": 1.4}
            ax.add_patch(Rectangle((t, 1.71), 0.41, 0.41, angle=45, **diamond))
            ax.annotate("", (t, 1.73), (t, 1.26), arrowprops=ARROW)
            if fed_back and t + 1 < steps:
                back = {**ARROW, "linestyle": "--", "color": GREY, "mutation_scale": 9}
                ax.annotate("", (t + 0.86, 1.22), (t + 0.26, 1.94), arrowprops=back)
    for (t, row), text in texts.items():
        ax.text(t, row, text, ha="center", va="center")
    ax.set(xlim=(-0.45, steps - 0.55), ylim=(-0.3, 2.4))
    blank(ax)
    ax.set_title(title)


def spread(ax: Axes, x: ArrayLike, runs: ArrayLike, label: str, look: dict[str, str]) -> None:
    """Draw the mean of several runs as a line and their range as a pale band.

    Args:
        ax: where to draw.
        x: (points,).
        runs: (runs, points).
        label: of the line.
        look: one of `LOOKS`.
    """
    runs = np.asarray(runs, dtype=float)
    ax.plot(x, runs.mean(axis=0), markersize=5, label=label, **look)
    ax.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=look["color"], alpha=0.15, linewidth=0)
