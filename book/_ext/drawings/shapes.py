"""Reading the geometry of a drawing: transforms, paths, bounding boxes.

Points are (N, 2) arrays of x and y; a transform is a (2, 3) matrix that takes (x, y, 1) to the new point.
Only what Matplotlib writes is understood: absolute M, L, Q, C and z.
"""

from __future__ import annotations

import re

import numpy as np

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
COMMAND = re.compile(r"([MLQCz])([^MLQCz]*)")
TRANSFORM = re.compile(r"(translate|scale|rotate|matrix)\(([^)]*)\)")
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
STEPS = 6  # straight pieces that stand for one curve


def numbers(text: str) -> list[float]:
    """Return all numbers of a text."""
    return [float(number) for number in NUMBER.findall(text)]


def compose(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """Return the transform that applies `inner` first, then `outer`."""
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def transform(text: str | None) -> np.ndarray:
    """Return the transform that an attribute `transform` describes.

    Args:
        text: such as `translate(20 41) rotate(-90) scale(0.1 -0.1)`; nothing for the identity.
    """
    total = IDENTITY
    for name, arguments in TRANSFORM.findall(text or ""):
        total = compose(total, _single(name, numbers(arguments)))
    return total


def _single(name: str, values: list[float]) -> np.ndarray:
    """Return one translation, scaling, rotation or matrix."""
    if name == "translate":
        return np.array([[1, 0, values[0]], [0, 1, values[1] if len(values) > 1 else 0]], dtype=float)
    if name == "scale":
        return np.array([[values[0], 0, 0], [0, values[-1], 0]], dtype=float)
    if name == "rotate":
        cos, sin = np.cos(np.radians(values[0])), np.sin(np.radians(values[0]))
        return np.array([[cos, -sin, 0], [sin, cos, 0]])
    a, b, c, d, e, f = values
    return np.array([[a, c, e], [b, d, f]])


def apply(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the points after a transform."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def outlines(d: str) -> list[np.ndarray]:
    """Return the pieces of a path, its curves as short straight lines.

    Args:
        d: the attribute of that name.
    """
    pieces: list[list[np.ndarray]] = []
    for command, arguments in COMMAND.findall(d):
        points = np.array(numbers(arguments)).reshape(-1, 2)
        if command == "M":
            pieces.append([points])
        elif command == "z":
            pieces[-1].append(pieces[-1][0][:1])
        else:
            degree = {"L": 1, "Q": 2, "C": 3}[command]
            for start in range(0, len(points), degree):
                pieces[-1].append(_curve(pieces[-1][-1][-1], points[start : start + degree]))
    return [np.concatenate(piece) for piece in pieces]


def _curve(start: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return points along a line or a Bézier curve, by de Casteljau's construction."""
    if len(points) == 1:
        return points
    t = np.linspace(0, 1, STEPS + 1)[1:, None, None]
    level = np.broadcast_to(np.vstack([start, points]), (STEPS, len(points) + 1, 2))
    while level.shape[1] > 1:
        level = (1 - t) * level[:, :-1] + t * level[:, 1:]
    return level[:, 0]


def box(pieces: list[np.ndarray]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all pieces."""
    points = np.concatenate(pieces)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return left, top, right, bottom
