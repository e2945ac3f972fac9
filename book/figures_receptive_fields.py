"""Drawings of the chapter on receptive fields, in the style of `figures`."""

from __future__ import annotations

from collections.abc import Sequence

import figures
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike


def _reads(unit: int, layer: tuple[int, int, int]) -> list[int]:
    """Return the places one layer below that a unit reads; layer is (kernel, stride, dilation)."""
    kernel, stride, dilation = layer
    return [unit * stride + dilation * m for m in range(kernel)]


def stack(ax: Axes, n: int, layers: Sequence[tuple[int, int, int]], unit: int = 0, title: str = "") -> None:
    """Draw a one-dimensional network without padding, and all that one unit of its last layer sees.

    Every unit stands above the middle of its window. Units and pixels that the chosen
    unit sees are filled, the others are empty.

    Args:
        ax: where to draw.
        n: number of pixels.
        layers: (kernel, stride, dilation) of each, the first one reads the pixels.
        unit: the number of the chosen unit.
        title: text above.
    """
    places = [np.arange(n, dtype=float)]
    for kernel, stride, dilation in layers:
        count = (len(places[-1]) - dilation * (kernel - 1) - 1) // stride + 1
        starts = np.arange(count) * stride
        places.append((places[-1][starts] + places[-1][starts + dilation * (kernel - 1)]) / 2)
    seen = [{unit}]
    for layer in reversed(layers):
        seen.insert(0, {place for above in seen[0] for place in _reads(above, layer)})
    for level, layer in enumerate(layers, start=1):
        for above, x in enumerate(places[level]):
            on = above in seen[level]
            line = {"color": figures.BLUE if on else figures.PALE, "linewidth": 1.3 if on else 0.7, "zorder": 1 + on}
            for below in _reads(above, layer):
                ax.plot([x, places[level - 1][below]], [1.5 * level, 1.5 * (level - 1)], **line)
    for level, row in enumerate(places):
        fill = [figures.BLUE if number in seen[level] else "white" for number in range(len(row))]
        style = {"marker": "s" if level == 0 else "o", "s": 46, "c": fill, "edgecolors": figures.INK, "linewidths": 0.9}
        ax.scatter(row, np.full(len(row), 1.5 * level), zorder=3, **style)
    first, last = min(seen[0]), max(seen[0])
    ax.plot([first - 0.35, first - 0.35, last + 0.35, last + 0.35], [-0.55, -0.8, -0.8, -0.55], color=figures.INK, linewidth=1.2)
    ax.text((first + last) / 2, -1.0, f"{last - first + 1} pixels", ha="center", va="top")
    ax.set(xlim=(-0.7, n - 0.3), ylim=(-2.0, 1.5 * len(layers) + 0.5))
    figures.blank(ax)
    ax.set_aspect("auto")
    ax.set_title(title)


def frames(ax: Axes, picture: ArrayLike, windows: Sequence[tuple[float, float, str, str, str]], margin: int = 0) -> None:
    """Draw square windows on a picture, which lies in a hatched margin of padding.

    Args:
        ax: where to draw.
        picture: (H, W) or (H, W, 3), 0 to 1.
        windows: (start, stop, colour, line style, label) of each, the same along both axes.
        margin: pixels shown around the picture.
    """
    picture = np.asarray(picture)
    height, width = picture.shape[:2]
    around = (-margin - 0.5, -margin - 0.5), width + 2 * margin, height + 2 * margin
    ax.add_patch(Rectangle(*around, facecolor="white", hatch="////", edgecolor=figures.PALE))
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="antialiased", zorder=1)
    for start, stop, colour, line, label in windows:
        side = stop - start
        for width_, shade in ((4.5, "white"), (2.4, colour)):  # a white seam keeps the line visible on any ground
            style = {"fill": False, "edgecolor": shade, "linewidth": width_, "linestyle": line if shade == colour else "-"}
            ax.add_patch(Rectangle((start - 0.5, start - 0.5), side, side, zorder=2, **style))
        box = {"facecolor": "white", "edgecolor": colour, "boxstyle": "round,pad=0.2"}
        ax.text(stop - 4, start + 4, label, ha="right", va="top", fontsize=9.5, bbox=box, zorder=3)
    ax.set(xlim=(-margin - 1, width + margin), ylim=(height + margin, -margin - 1))
    figures.blank(ax)


def weights_map(ax: Axes, values: ArrayLike, title: str = "") -> None:
    """Show how much each pixel counts, from white (nothing) to dark (most)."""
    values = np.asarray(values, dtype=float)
    ax.imshow(values / values.max(), cmap="Blues", vmin=0, vmax=1, interpolation="none")
    figures.blank(ax, frame=True)
    ax.set_title(title)
