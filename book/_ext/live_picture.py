"""The picture that the book's visualisers filter: `python book/_ext/live_picture.py` writes it anew.

It is `data/chelsea.png` in grey at half its size, as a module that a page can import: the bytes of its rows, in
base64. So no browser has to decode a picture file, and every browser computes with the same numbers. Its origin and
licence are those in `data/PROVENANCE.md`; `tests/book/test_live_maths.py` finds the module as this makes it.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "book" / "_static" / "live" / "maths" / "chelsea.mjs"

TEXT = """\
// The face of a cat, grey, 0 to 255: data/chelsea.png at half its size, made by book/_ext/live_picture.py.
// Photograph by Stéfan van der Walt, CC0; see data/PROVENANCE.md.

const bytes = Uint8Array.from(
  atob(
    "{base64}",
  ),
  (letter) => letter.charCodeAt(0),
);

/** Rows one after another; 0 is black, 1 is white. */
export const chelsea = {{ width: {width}, height: {height}, values: Float64Array.from(bytes, (byte) => byte / 255) }};
"""


def halved() -> np.ndarray:
    """Return the grey picture (120, 120) of bytes: brightness as in the chapter, each number the mean of 2 × 2 pixels."""
    colours = np.asarray(Image.open(ROOT / "data" / "chelsea.png"), dtype=np.int64)
    # Thousandths of a grey value are whole numbers: the same on every machine.
    grey = colours @ np.array([299, 587, 114])
    height, width = grey.shape
    sums = grey.reshape(height // 2, 2, width // 2, 2).sum(axis=(1, 3))
    return ((sums + 2000) // 4000).astype(np.uint8)


def module() -> str:
    """Return the text of the module."""
    picture = halved()
    height, width = picture.shape
    return TEXT.format(base64=b64encode(picture.tobytes()).decode(), width=width, height=height)


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
