"""Digits as a hand draws them, in strokes: what the tests of the page that reads digits draw by mouse, finger and program."""

from __future__ import annotations

import math

Stroke = list[tuple[float, float]]


def arc(middle: tuple[float, float], radii: tuple[float, float], start: float, end: float, points: int = 24) -> Stroke:
    """Part of an ellipse, from one angle to another, in degrees: 0 is right, 90 is down."""
    (x, y), (across, down) = middle, radii
    angles = [math.radians(start + (end - start) * k / (points - 1)) for k in range(points)]
    return [(x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles]


# Points lie in a square of 100 × 100, y downwards; names begin with the digit.
DIGITS: dict[str, list[Stroke]] = {
    "0 round": [arc((50, 50), (24, 34), -90, 280)],
    "0 narrow": [arc((50, 50), (15, 36), -70, 290)],
    "1 bar": [[(50, 15), (50, 85)]],
    "1 slanted": [[(58, 14), (44, 86)]],
    "1 hooked": [[(42, 27), (52, 14), (52, 86)]],
    "2 plain": [[*arc((50, 34), (22, 20), 190, 380), (30, 84), (74, 84)]],
    "2 looped": [[*arc((48, 34), (22, 20), 170, 390), (38, 76), *arc((36, 80), (9, 7), 0, 300, 12), (76, 86)]],
    "3 round": [[*arc((48, 32), (20, 18), 200, 430), *arc((48, 67), (24, 19), 280, 510)]],
    "3 flat": [[(28, 16), (70, 16), (46, 44), *arc((46, 65), (24, 21), 270, 500)]],
    "4 open": [[(34, 14), (26, 54), (76, 54)], [(62, 16), (60, 88)]],
    "4 closed": [[(60, 86), (60, 14), (22, 62), (80, 62)]],
    "5 two strokes": [[(34, 16), (32, 44), *arc((48, 63), (24, 22), 235, 490)], [(34, 16), (72, 15)]],
    "5 one stroke": [[(72, 16), (36, 16), (33, 46), *arc((49, 64), (22, 21), 240, 500)]],
    "6 round": [[(62, 12), (44, 30), *arc((50, 64), (21, 21), 190, 545)]],
    "6 upright": [[*arc((62, 50), (30, 38), 250, 180, 10), *arc((52, 66), (20, 20), 180, 540)]],
    "7 plain": [[(24, 18), (74, 18), (44, 88)]],
    "7 crossed": [[(24, 18), (74, 18), (42, 88)], [(36, 50), (70, 50)]],
    "8 two rings": [arc((50, 32), (18, 17), 90, 450), arc((50, 68), (22, 19), -90, 270)],
    "8 one stroke": [[*arc((50, 32), (18, 18), -45, -270), *arc((50, 68), (20, 18), -90, 270), *arc((50, 32), (18, 18), 90, -45)]],
    "9 straight": [[*arc((48, 34), (20, 20), 0, -360), (68, 34), (66, 86)]],
    "9 curved": [[*arc((50, 33), (19, 19), -10, -365), (69, 45), *arc((42, 62), (27, 26), 0, 110, 12)]],
}

# As it is written in much of Europe, though hardly in MNIST.
ONE_WITH_A_LONG_UPSTROKE: list[Stroke] = [[(30, 30), (54, 14), (54, 86)]]


def placed(digit: str, corner: tuple[float, float] = (0, 0), size: float = 1.0, turn: float = 0.0) -> list[Stroke]:
    """A digit's strokes on a board whose sides are 1: in a part of it whose left upper corner is given, turned by some degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point[0] / 100 - 0.5, point[1] / 100 - 0.5
        return corner[0] + size * (0.5 + x * cos - y * sin), corner[1] + size * (0.5 + x * sin + y * cos)

    return [[place(point) for point in stroke] for stroke in DIGITS[digit]]
