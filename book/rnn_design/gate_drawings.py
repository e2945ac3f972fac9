"""The inside of gated cells, drawn: boxes are layers with weights, circles work number by number, the thick line is what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from figures import BLUE, INK, ORANGE, blank
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

GATE = {"facecolor": "#fbe6d9", "edgecolor": ORANGE, "linewidth": 1.4}
CONTENT = {"facecolor": "#dbe9f4", "edgecolor": BLUE, "linewidth": 1.4}
PLAIN = {"facecolor": "#f1f3f5", "edgecolor": INK, "linewidth": 1.1}
BUS, LAYERS = 0.9, 2.3  # heights of the line of inputs and of the layers
Point = tuple[float, float]


def path(ax: Axes, *points: Point, arrow: bool = True, kept: bool = False) -> None:
    """A line through these points, with a head at its end; thick and blue where it is what the cell keeps."""
    look = {"color": BLUE if kept else INK, "linewidth": 3.2 if kept else 1.2, "solid_capstyle": "butt", "zorder": 1}
    ax.plot(*zip(*points, strict=True), **look)
    if arrow:
        head = {
            "arrowstyle": "-|>",
            "color": look["color"],
            "linewidth": 0.1,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 18 if kept else 13,
        }
        (x0, y0), (x1, y1) = points[-2:]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        ax.annotate("", (x1, y1), (x1 - (x1 - x0) * 0.3 / length, y1 - (y1 - y0) * 0.3 / length), arrowprops=head)


def layer(ax: Axes, x: float, name: str, kind: str, y: float = LAYERS) -> None:
    """A layer with weights of its own: a gate where `kind` is a sigmoid, else new content; its name stands beside it."""
    look = {"σ": GATE, "tanh": CONTENT}.get(kind, PLAIN)
    ax.add_patch(Rectangle((x - 0.5, y - 0.36), 1.0, 0.72, zorder=3, **look))
    ax.text(x, y, kind, ha="center", va="center", zorder=4)
    ax.text(x + 0.16, y + 0.42, name, ha="left", va="bottom", zorder=4)


def dot(ax: Axes, x: float, y: float, sign: str) -> None:
    """An operation number by number."""
    ax.add_patch(Circle((x, y), 0.3, zorder=3, **{**PLAIN, "facecolor": "white"}))
    ax.text(x, y - 0.01, sign, ha="center", va="center_baseline", zorder=4)


def inputs(ax: Axes, above: Sequence[float], text: str, y: float = BUS, to: float = LAYERS - 0.36) -> None:
    """A line along the bottom, with a way up into each of the layers above it."""
    path(ax, (0, y), (max(above), y), arrow=False)
    for x in above:
        path(ax, (x, y), (x, to))
    ax.text(-0.1, y, text, ha="right", va="center")


def gru(ax: Axes) -> None:
    """The GRU as PyTorch computes it: the reset gate acts behind the matrix."""
    top = 5.2
    path(ax, (0, top), (10.2, top), kept=True)
    ax.text(-0.1, top, r"$\mathbf{h}_{t-1}$", ha="right", va="center")
    ax.text(10.3, top, r"$\mathbf{h}_t$", ha="left", va="center")
    inputs(ax, (1.3, 3.4, 5.4, 7.3), r"$\mathbf{x}_t,\ \mathbf{h}_{t-1}$", to=LAYERS - 0.36)
    layer(ax, 1.3, r"$\mathbf{r}$", "σ")
    layer(ax, 3.4, "", r"$\mathbf{U}_n\mathbf{h}$")
    layer(ax, 5.4, "", r"$\mathbf{W}_n\mathbf{x}$")
    path(ax, (1.3, LAYERS + 0.36), (1.3, 3.7), (3.1, 3.7))
    path(ax, (3.4, LAYERS + 0.36), (3.4, 3.4))
    dot(ax, 3.4, 3.7, "×")
    path(ax, (3.7, 3.7), (4.9, 3.7))
    path(ax, (5.4, LAYERS + 0.36), (5.4, 3.34))
    layer(ax, 5.4, r"$\mathbf{n}$", "tanh", y=3.7)
    layer(ax, 7.3, r"$\mathbf{z}$", "σ")
    path(ax, (5.9, 3.7), (8.8, 3.7))
    ax.plot([7.3, 7.3], [3.55, 3.85], color="white", linewidth=6, zorder=1)  # one line passes over the other
    path(ax, (7.3, LAYERS + 0.36), (7.3, top - 0.3))
    dot(ax, 7.3, top, "×")
    path(ax, (7.8, LAYERS), (8.7, LAYERS))
    ax.add_patch(Rectangle((8.7, LAYERS - 0.3), 0.8, 0.6, zorder=3, **PLAIN))
    ax.text(9.1, LAYERS, "1−", ha="center", va="center", zorder=4)
    path(ax, (9.1, LAYERS + 0.3), (9.1, 3.4))
    dot(ax, 9.1, 3.7, "×")
    path(ax, (9.1, 4.0), (9.1, top - 0.3))
    dot(ax, 9.1, top, "+")
    _frame(ax, top)


def lstm(ax: Axes) -> None:
    """The LSTM with its forget gate: a cell c that is kept, and a state h that is a filtered view of it."""
    top = 5.2
    path(ax, (0, top), (10.2, top), kept=True)
    ax.text(-0.1, top, r"$\mathbf{c}_{t-1}$", ha="right", va="center")
    ax.text(10.3, top, r"$\mathbf{c}_t$", ha="left", va="center")
    inputs(ax, (1.3, 3.3, 5.2, 7.1), r"$\mathbf{x}_t,\ \mathbf{h}_{t-1}$")
    for x, name, kind in ((1.3, "f", "σ"), (3.3, "i", "σ"), (5.2, "g", "tanh"), (7.1, "o", "σ")):
        layer(ax, x, rf"$\mathbf{{{name}}}$", kind)
    path(ax, (1.3, LAYERS + 0.36), (1.3, top - 0.3))
    dot(ax, 1.3, top, "×")
    path(ax, (3.3, LAYERS + 0.36), (3.3, 3.8), (4.9, 3.8))
    path(ax, (5.2, LAYERS + 0.36), (5.2, 3.5))
    dot(ax, 5.2, 3.8, "×")
    path(ax, (5.2, 4.1), (5.2, top - 0.3))
    dot(ax, 5.2, top, "+")
    path(ax, (8.8, top), (8.8, 4.66))
    ax.add_patch(Rectangle((8.3, 3.94), 1.0, 0.72, zorder=3, **PLAIN))
    ax.text(8.8, 4.3, "tanh", ha="center", va="center", zorder=4)
    path(ax, (7.1, LAYERS + 0.36), (7.1, 3.2), (8.5, 3.2))
    path(ax, (8.8, 3.94), (8.8, 3.5))
    dot(ax, 8.8, 3.2, "×")
    path(ax, (9.1, 3.2), (10.2, 3.2))
    ax.text(10.3, 3.2, r"$\mathbf{h}_t$", ha="left", va="center")
    _frame(ax, top)


def transformer_layer(ax: Axes) -> None:
    """One layer of a transformer: what is kept passes along the top, attention and a small network add to it."""
    top, low = 3.2, 1.9
    path(ax, (0, top), (11, top), kept=True)
    ax.text(-0.1, top, "tokens +\npositions", ha="right", va="center")
    ax.text(11.1, top, "next\nlayer", ha="left", va="center")
    for x, name, look in ((0.7, "self-attention", GATE), (5.8, "small network", CONTENT)):
        path(ax, (x, top), (x, low), (x + 0.4, low))
        ax.add_patch(Rectangle((x + 0.4, low - 0.45), 3.3, 0.9, zorder=3, **look))
        ax.text(x + 2.05, low, name, ha="center", va="center", zorder=4)
        path(ax, (x + 3.7, low), (x + 4.2, low), (x + 4.2, top - 0.3))
        dot(ax, x + 4.2, top, "+")
    ax.set(xlim=(-2.0, 12.3), ylim=(low - 0.6, top + 0.7))
    blank(ax)


def _frame(ax: Axes, top: float) -> None:
    ax.set(xlim=(-1.6, 10.9), ylim=(BUS - 0.4, top + 0.5))
    blank(ax)
