"""Small pictures of 2-D arrays as PNG, drawn with nothing but numpy and zlib: loading matplotlib would slow every check."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from autograder.jobs.comparison import Picture

SMALLEST, STRETCHED = 6, 8  # entries along an axis, and how many times longer than wide, that are worth a picture
SIDE, PIXELS = 64, 160  # most entries along an axis in a picture, and its size in pixels
SHADES = 32  # more of them can't be told apart, and take room
UNDEFINED = (230, 97, 0)  # orange: no shade of grey

_STEPS = np.linspace(0, 255, SHADES).round().astype(np.uint8)
LIGHT = np.vstack([np.stack([_STEPS] * 3, axis=1), [UNDEFINED]]).astype(np.uint8)  # black → white
DARK = np.vstack([LIGHT[-2::-1], [UNDEFINED]]).astype(np.uint8)  # white → black


def pictures_of(expected: np.ndarray, received: np.ndarray, difference: np.ndarray, title: str = "") -> list[Picture]:
    """Expected, received and their difference.

    Args:
        expected, received: real numbers (H, W); both are drawn on one scale, that of what was expected.
        difference: how far they lie apart (H, W), not negative.
        title: which slice they are, if they are one.
    """
    steps = [-(-length // SIDE) for length in expected.shape]
    low, high = _scale(expected, received)
    scale = f"from {low:.3g} (black) to {high:.3g} (white)"
    made: list[Picture] = []
    ending = f" {title}" if title else ""
    for name, array in ((f"expected{ending}", expected), (f"received{ending}", received)):
        thinned = array[:: steps[0], :: steps[1]]
        odd = "" if np.isfinite(thinned).all() else ", infinite or undefined ones orange"
        said = f"{name}: {' × '.join(map(str, expected.shape))} numbers {scale}{odd}"
        made.append({"name": name, "png": _drawn(_shades(thinned, low, high), LIGHT), "says": said})
    coarse = np.maximum.reduceat(difference, range(0, len(difference), steps[0]), axis=0)
    coarse = np.maximum.reduceat(coarse, range(0, difference.shape[1], steps[1]), axis=1)
    finite = coarse[np.isfinite(coarse)]
    top = float(finite.max()) if finite.size else 0.0
    said = f"difference: white where both agree, the darker the larger, black for {top:.3g}, orange for infinite or undefined"
    return [*made, {"name": f"difference{ending}", "png": _drawn(_far(coarse, top), DARK), "says": said}]


def _scale(expected: np.ndarray, received: np.ndarray) -> tuple[float, float]:
    """The range of ``expected``, and of ``received`` as far as it isn't out of all proportion."""
    (low, high), (least, most) = _range(expected), _range(received)
    reach = max(high - low, 1e-9 * max(abs(low), abs(high))) or max(abs(least), abs(most)) or 1.0
    return max(min(low, least), low - reach), min(max(high, most), high + reach)


def _range(array: np.ndarray) -> tuple[float, float]:
    finite = array[np.isfinite(array)].astype(float)
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _shades(array: np.ndarray, low: float, high: float) -> np.ndarray:
    """Entries as numbers of shades; what lies outside the scale takes its end."""
    unit = max(abs(low), abs(high)) or 1.0  # divided by it, no range is too large for a float
    with np.errstate(all="ignore"):
        place = (array.astype(float) / unit - low / unit) / (high / unit - low / unit)
    place = np.nan_to_num(np.clip(place, 0, 1), nan=0.5)
    return np.where(np.isfinite(array), (place * (SHADES - 1)).round(), SHADES).astype(np.uint8)


def _far(difference: np.ndarray, top: float) -> np.ndarray:
    """Differences as numbers of shades; the smallest is still seen."""
    with np.errstate(all="ignore"):
        place = np.nan_to_num(difference / (top or 1.0), nan=0.0, posinf=0.0)
    shades = np.where(difference > 0, 5 + place * (SHADES - 6), 0).round()
    return np.where(np.isfinite(difference), shades, SHADES).astype(np.uint8)


def _drawn(shades: np.ndarray, palette: np.ndarray) -> str:
    """A PNG of numbers into ``palette``, every entry a square of pixels, in base64."""
    size = max(1, PIXELS // max(shades.shape))
    pixels = shades.repeat(size, axis=0).repeat(size, axis=1)
    height, width = pixels.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels])  # each row begins with the number of its filter: none
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # eight bits that name a colour of the palette
    chunks = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)).decode("ascii")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
