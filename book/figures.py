"""Drawing helpers shared by the chapters.

A chapter says `import figures` and calls `figures.use_style()` once. Pictures
then come out as SVG, the same bytes each time. The rules they follow:

- Every figure is drawn dark on white. The book's build makes its twin for the dark page (`palette.DARK`): figure,
  axes, labels and data take lighter colours; pictures and colour maps keep their own.
- Colours are those of `palette`, which people with any of the common colour deficiencies can tell apart; what a
  colour says, a label or a shape says too.
- Figures are at most 5.8 inches wide with text of 10 points or more, so that
  they can still be read when a telephone shows them at 60 % of their size.
- Positive is red, negative is blue, zero is white, and the scale is symmetric.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib_inline.backend_inline import set_matplotlib_formats
from numpy.typing import ArrayLike
from palette import BLUE, GREEN, GREY, INK, ORANGE, PALE, PURPLE, YELLOW
from palette import SKY as SKY  # for the chapters, as figures.SKY

WIDTH = 5.8  # inches, of a full-width figure
SIGNED = "RdBu_r"  # negative blue, zero white, positive red


def use_style() -> None:
    """Make every figure of the notebook a reproducible SVG in the book's style."""
    set_matplotlib_formats("svg", metadata={"Date": None}, bbox_inches="tight")
    plt.rcParams.update(
        {
            "figure.facecolor": "white",
            "figure.figsize": (WIDTH, 3.0),
            "figure.dpi": 120,  # photographs inside an SVG are drawn at this resolution
            "svg.hashsalt": "figures",
            "svg.fonttype": "path",
            "font.size": 11.5,
            "axes.titlesize": 11.5,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.titlecolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": PALE,
            "xtick.color": INK,
            "ytick.color": INK,
            "text.color": INK,
            "legend.frameon": False,
            "axes.prop_cycle": mpl.cycler(color=[BLUE, ORANGE, GREEN, PURPLE]),
        }
    )


def blank(ax: Axes, *, frame: bool = False) -> None:
    """Remove ticks, grid and (unless asked for) frame; what is drawn keeps its proportions."""
    ax.set(xticks=[], yticks=[], aspect="equal")
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set(visible=frame, color=GREY, linewidth=0.6)


def picture(ax: Axes, values: ArrayLike, title: str = "", *, signed: bool = False) -> None:
    """Show a picture.

    Args:
        ax: where to draw.
        values: (H, W) grey or (H, W, 3) RGB, 0 to 1; any (H, W) where `signed`.
        title: text above the picture.
        signed: colour negative values blue, positive ones red, zero white.
    """
    values = np.asarray(values, dtype=float)
    # In a photograph a few extreme pixels may saturate, so that the others show.
    limit = np.percentile(np.abs(values), 100 if values.size < 1000 else 98) or 1.0
    scale = {"cmap": SIGNED, "vmin": -limit, "vmax": limit}
    if not signed:
        scale = {"cmap": "gray", "vmin": 0, "vmax": 1}
        values = values.clip(0, 1)
    # Few pixels: keep them as crisp squares. A photograph: smooth.
    sharp = max(values.shape[:2]) <= 64
    ax.imshow(values, interpolation="none" if sharp else "antialiased", **scale)
    blank(ax, frame=True)
    ax.set_title(title)


def gallery(
    pictures: Sequence[ArrayLike],
    titles: Sequence[str] = (),
    *,
    columns: int = 4,
    signed: bool | Sequence[bool] = False,
    width: float = WIDTH,
) -> Figure:
    """Show square pictures in rows.

    Args:
        pictures: each as `picture` takes them.
        titles: one for each picture, or none.
        columns: pictures in a row.
        signed: as `picture` takes it, for all pictures or one by one.
        width: of the figure, in inches.
    """
    rows = -(-len(pictures) // columns)
    extra = 0.3 * (1 + max((title.count("\n") for title in titles), default=0)) if titles else 0.05
    height = rows * (width / columns + extra)
    fig, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="compressed")
    flags = [signed] * len(pictures) if isinstance(signed, bool) else list(signed)
    for ax in axes.flat:
        ax.set_axis_off()
    for i, (ax, values) in enumerate(zip(axes.flat, pictures, strict=False)):
        ax.set_axis_on()
        picture(ax, values, titles[i] if titles else "", signed=flags[i])
    return fig


def matrix(
    ax: Axes,
    values: ArrayLike,
    title: str = "",
    *,
    form: str = "{:g}",
    signed: bool = False,
    window: tuple[int, int, int, int] | None = None,
    colour: str = ORANGE,
) -> None:
    """Draw a matrix as a grid of cells with their numbers.

    Args:
        ax: where to draw.
        values: (H, W).
        title: text above the grid.
        form: how a number is written.
        signed: shade the cells, negative blue, positive red.
        window: (row, column, height, width) of a block to frame.
        colour: of that frame.
    """
    values = np.asarray(values, dtype=float)
    height, width = values.shape
    limit = 2.2 * (np.abs(values).max() or 1.0)  # pale, so that the numbers stay readable
    shade = values if signed else np.zeros_like(values)
    ax.pcolormesh(shade, cmap=SIGNED, vmin=-limit, vmax=limit, edgecolors=PALE, linewidth=0.8)
    for (i, j), value in np.ndenumerate(values):
        ax.text(j + 0.5, i + 0.5, form.format(value), ha="center", va="center")
    if window:
        i, j, h, w = window
        ax.add_patch(Rectangle((j, i), w, h, fill=False, edgecolor=colour, linewidth=2.5))
    ax.set(xlim=(-0.05, width + 0.05), ylim=(height + 0.05, -0.05))
    blank(ax)
    ax.set_title(title)


def windows(ax: Axes, n: int, kernel: int, stride: int = 1, title: str = "") -> None:
    """Draw every position of a one-dimensional kernel under the pixels it covers.

    Pixels that no window covers are hatched.

    Args:
        ax: where to draw.
        n: number of pixels.
        kernel: width of the window.
        stride: step between windows.
        title: text above.
    """
    starts = range(0, n - kernel + 1, stride)
    seen = {pixel for start in starts for pixel in range(start, start + kernel)}
    for pixel in range(n):
        style = {"facecolor": PALE} if pixel in seen else {"facecolor": "white", "hatch": "////"}
        ax.add_patch(Rectangle((pixel, 0), 1, 0.8, edgecolor=GREY, **style))
        ax.text(pixel + 0.5, 0.4, str(pixel), ha="center", va="center")
    for row, start in enumerate(starts):
        y = 1.1 + 0.55 * row
        ax.add_patch(Rectangle((start + 0.06, y), kernel - 0.12, 0.38, color=BLUE))
    ax.set(xlim=(-0.1, n + 0.1), ylim=(1.2 + 0.55 * 5, -0.1))
    blank(ax)
    ax.set_title(title)


def taps(
    ax: Axes,
    n: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    title: str = "",
) -> None:
    """Draw an n×n input, what the first window reads of it, and where the second one begins.

    Args:
        ax: where to draw.
        n: pixels along one side.
        kernel: weights along one side.
        stride: step between windows.
        padding: zeros around the input, drawn hatched.
        dilation: distance between neighbouring weights.
        title: text above.
    """
    low, high = -padding, n + padding
    side = high - low
    ax.add_patch(Rectangle((low, low), side, side, facecolor="white", hatch="////", edgecolor=PALE))
    ax.add_patch(Rectangle((0, 0), n, n, facecolor="#f1f3f5"))
    ax.hlines(range(low, high + 1), low, high, color=PALE, linewidth=0.8, zorder=1)
    ax.vlines(range(low, high + 1), low, high, color=PALE, linewidth=0.8, zorder=1)
    reach = dilation * (kernel - 1) + 1
    offsets = dilation * np.arange(kernel) - padding
    for i in offsets:
        for j in offsets:
            ax.add_patch(Rectangle((j + 0.12, i + 0.12), 0.76, 0.76, color=BLUE, zorder=2))
    for step, colour, line in ((0, BLUE, "-"), (stride, ORANGE, "--")):
        corner = (step - padding, -padding)
        frame = {"edgecolor": colour, "linestyle": line, "linewidth": 2, "zorder": 3}
        ax.add_patch(Rectangle(corner, reach, reach, fill=False, **frame))
    ax.set(xlim=(low - 0.2, high + 0.2), ylim=(high + 0.2, low - 0.2))
    blank(ax)
    ax.set_title(title)


def connections(ax: Axes, weights: ArrayLike, colours: Sequence[str], title: str = "") -> None:
    """Draw one layer as units and lines, inputs on the left.

    Args:
        ax: where to draw.
        weights: (outputs, inputs) of ints: −1 for no line, else which colour it has.
        colours: one for each number in `weights`.
        title: text above.
    """
    weights = np.asarray(weights)
    outputs, inputs = weights.shape
    shift = (inputs - outputs) / 2
    for (i, j), which in np.ndenumerate(weights):
        if which >= 0:
            ax.plot([0, 3], [j, i + shift], color=colours[which], linewidth=1.4, zorder=1)
    unit = {"s": 60, "color": "white", "edgecolors": INK, "zorder": 2}
    ax.scatter(np.zeros(inputs), np.arange(inputs), **unit)
    ax.scatter(np.full(outputs, 3), np.arange(outputs) + shift, **unit)
    ax.set(xlim=(-0.4, 3.4), ylim=(inputs - 0.4, -0.6))
    blank(ax)
    ax.set_aspect("auto")
    ax.set_title(title)


def volume(
    ax: Axes,
    corner: tuple[float, float],
    side: float,
    colours: Sequence[str],
    *,
    label: str = "",
    gap: float = 0.16,
) -> None:
    """Draw a stack of square maps, the first one in front.

    Args:
        ax: where to draw.
        corner: (x, y) of the front map's lower left corner.
        side: of one map.
        colours: one for each map, front to back.
        label: text below.
        gap: how far one map stands behind the other.
    """
    x, y = corner
    for depth, colour in reversed(list(enumerate(colours))):
        place = (x + gap * depth, y + gap * depth)
        ax.add_patch(Rectangle(place, side, side, facecolor=colour, edgecolor=INK, linewidth=0.7, alpha=0.9))
    centre = x + (side + gap * (len(colours) - 1)) / 2
    ax.text(centre, y - 0.18, label, ha="center", va="top", linespacing=1.25)


def funnel(ax: Axes, base: Sequence[tuple[float, float]], tip: tuple[float, float]) -> None:
    """Draw a pale wedge from a window (two corners) to the one number it becomes."""
    ax.add_patch(Polygon([*base, tip], closed=True, facecolor=YELLOW, alpha=0.55, edgecolor=GREY))
