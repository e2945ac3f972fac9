"""Colours as numbers: contrast as WCAG defines it, and which of several stands out on a ground.

Colours are `#rrggbb`; a ground is an (N, 3) array of its pixels, 0 to 255.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

TEXT_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
LINE_CONTRAST = 3.0  # WCAG 2.1, 1.4.11


@cache
def rgb(colour: str) -> tuple[int, int, int]:
    """Return the three numbers, 0 to 255, of `#rrggbb` or `#rgb`."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


# The relative luminance of each of the 256 levels of a channel (WCAG 2.1).
LINEAR = np.where(np.arange(256) <= 10, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4)


def luminance(pixels: np.ndarray) -> np.ndarray:
    """Return the relative luminance, 0 to 1, of (N, 3) pixels."""
    return LINEAR[pixels] @ [0.2126, 0.7152, 0.0722]


@cache
def own_luminance(colour: str) -> float:
    """Return the relative luminance of one colour."""
    return float(luminance(np.array(rgb(colour))))


def contrasts(colours: Iterable[str], ground: np.ndarray, share: float = 0.2) -> dict[str, float]:
    """Return for each colour how much it stands out (1 to 21) on most of a ground.

    Args:
        colours: of what might be drawn.
        ground: the pixels below it.
        share: of the pixels, those with the least contrast, that may stay below the result.
    """
    below = luminance(ground)
    allowed = int(share * (len(below) - 1))
    result = {}
    for colour in colours:
        own = own_luminance(colour)
        ratios = (np.maximum(own, below) + 0.05) / (np.minimum(own, below) + 0.05)
        result[colour] = float(np.partition(ratios, allowed)[allowed])
    return result


def contrast(colour: str, other: str) -> float:
    """Return the contrast, 1 to 21, of two colours."""
    lighter, darker = sorted((own_luminance(colour), own_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def first_that_stands_out(candidates: Iterable[str], ground: np.ndarray, wanted: float) -> str:
    """Return the first colour with the wanted contrast, or else the one with the most."""
    ratios = contrasts(dict.fromkeys(candidates), ground)
    return next((colour for colour, ratio in ratios.items() if ratio >= wanted), max(ratios, key=ratios.__getitem__))


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share, 0 to 1, of another one."""
    parts = np.rint((1 - share) * np.array(rgb(colour)) + share * np.array(rgb(other))).astype(int)
    return "#" + "".join(f"{part:02x}" for part in parts)
