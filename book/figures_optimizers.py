"""Drawing for the chapter on optimizers: loss surfaces, and paths across them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from figures import BLUE, GREEN, INK, ORANGE, PURPLE
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.contour import QuadContourSet
from numpy.typing import ArrayLike

# How each rule is drawn, everywhere: colour, dashes and marker, so that no difference rests on colour alone.
LOOKS = {
    "sgd": {"color": BLUE, "linestyle": "-", "marker": "o"},
    "momentum": {"color": ORANGE, "linestyle": "--", "marker": "s"},
    "adagrad": {"color": GREEN, "linestyle": "-.", "marker": "^"},
    "rmsprop": {"color": PURPLE, "linestyle": ":", "marker": "D"},
    "adam": {"color": INK, "linestyle": "-", "marker": "v"},
}


def contours(ax: Axes, x: ArrayLike, y: ArrayLike, heights: ArrayLike, levels: ArrayLike) -> QuadContourSet:
    """Draw contour lines, from blue where the loss is low to white where it is high, one shade a level.

    Args:
        ax: where to draw.
        x: (columns,) or (rows, columns).
        y: (rows,) or (rows, columns).
        heights: (rows, columns).
        levels: values at which a line is drawn, rising.

    Returns:
        What `Figure.colorbar` takes.
    """
    shades = LinearSegmentedColormap.from_list("valley", ["#c0d1e2", "#ffffff"], N=len(levels) + 1)
    norm = BoundaryNorm(levels, shades.N, extend="both")
    filled = ax.contourf(x, y, heights, levels=levels, cmap=shades, norm=norm, extend="both")
    ax.contour(x, y, heights, levels=levels, colors="#8a919c", linewidths=0.5)
    ax.grid(False)
    return filled


def surface(
    ax: Axes,
    loss: Callable[[np.ndarray], np.ndarray],
    box: tuple[float, float, float, float],
    levels: ArrayLike,
    title: str = "",
    *,
    points: int = 100,
) -> None:
    """Draw the contour lines of a loss of two weights, low values blue.

    Args:
        ax: where to draw.
        loss: (…, 2) → (…).
        box: (left, right, bottom, top).
        levels: values at which a line is drawn, rising.
        title: text above.
        points: of the grid, along one side.
    """
    left, right, bottom, top = box
    grid = np.stack(np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points)), axis=-1)
    contours(ax, grid[..., 0], grid[..., 1], loss(grid), levels)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_title(title)


def path(ax: Axes, points: ArrayLike, name: str, *, every: int | tuple[int, int] = 1, size: float = 3.5) -> None:
    """Draw the weights after each step.

    Args:
        ax: where to draw.
        points: (steps + 1, 2).
        name: of the rule, a key of `LOOKS`.
        every: a marker after so many steps, or (first, step).
        size: of the markers.
    """
    x, y = np.asarray(points, dtype=float).T
    ax.plot(x, y, **LOOKS[name], markersize=size, markevery=every, linewidth=1.4, label=name)


def goal(ax: Axes, point: tuple[float, float], label: str = "") -> None:
    """Mark a minimum with a star, large enough to be seen among the paths."""
    ax.plot(*point, marker="*", markersize=13, color="white", markeredgecolor=INK, markeredgewidth=1.2, linestyle="none")
    if label:
        ax.annotate(label, point, (7, 5), textcoords="offset points")
