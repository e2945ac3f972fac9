"""Making a drawing lighter without a difference that can be seen.

Matplotlib writes places with six decimals and pictures as RGBA. A hundredth of a point is less than any screen or
printer shows; a picture without transparency needs no fourth channel, a grey one needs one channel, and a
photograph is smaller as WebP.
"""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from .paint import HREF, SVG

PATH = re.compile(r"([MLQC])|(z)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
PLACES = re.compile(r"(-?\d+\.\d{3,})")
TRANSLATION = re.compile(r"translate\([^)]*\)")
REFERENCE = re.compile(r"url\(#([^)]*)\)")
PHOTOGRAPH_FROM = 1_500  # bytes; a smaller picture stays as it is, to the pixel
PHOTOGRAPH = {"quality": 76, "method": 6, "use_sharp_yuv": True}  # half the bytes of a JPEG that looks the same


def rounded(text: str, decimals: int = 2) -> str:
    """Return a text with its long decimal numbers shortened."""
    return PLACES.sub(lambda found: f"{float(found[1]):.{decimals}f}".rstrip("0").rstrip("."), text)


def short_path(d: str, decimals: int = 2) -> str:
    """Return the same path with fewer digits: rounded places, each relative to the last one.

    Args:
        d: of absolute M, L, Q, C and z.
        decimals: kept of each number; rounding errors don't add up.
    """
    unit = 10**decimals
    result: list[str] = []
    here = start = np.zeros(2, dtype=int)
    command, pending = "", []
    for letter, close, number in PATH.findall(d):
        if close:
            result.append("z")
            here = start
        elif letter:
            command = letter
            result.append(letter.lower())
        else:
            pending.append(round(float(number) * unit))
            if len(pending) == {"M": 2, "L": 2, "Q": 4, "C": 6}[command]:
                points = np.array(pending).reshape(-1, 2)
                result += [f"{number / unit:.{decimals}f}" for number in (points - here).ravel()]
                here, pending = points[-1], []
                start = here if command == "M" else start
    return _joined(result)


def _joined(parts: list[str]) -> str:
    """Return commands and numbers with no more between them than is needed."""
    text, last = "", ""
    for part in parts:
        if not part[-1].isalpha():
            part = part.rstrip("0").rstrip(".") if "." in part else part
            part = "0" if part in ("-0", "") else part.replace("0.", ".", 1) if part.startswith(("0.", "-0.")) else part
            text += part if part.startswith("-") or not text or text[-1].isalpha() else f" {part}"
        elif not (part == "l" and last in "lm"):  # after m or l, more points are lines
            text += part
        last = part if part.isalpha() else last
    return text


def smaller_picture(data: bytes) -> tuple[str, bytes]:
    """Return the type and bytes of the same picture, encoded in less space.

    Args:
        data: a PNG.
    """
    image = Image.open(io.BytesIO(data))
    if image.mode == "RGBA" and image.getextrema()[3] == (255, 255):
        image = image.convert("RGB")
    if image.mode == "RGB":
        red, green, blue = image.split()
        image = red if red.tobytes() == green.tobytes() == blue.tobytes() else image
    best = ("png", min((data, _encoded(image, "PNG", optimize=True)), key=len))
    if len(best[1]) > PHOTOGRAPH_FROM and image.mode in ("RGB", "L"):
        photograph = _encoded(image, "WEBP", **PHOTOGRAPH)
        best = ("webp", photograph) if len(photograph) < 0.8 * len(best[1]) else best
    return best


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture's file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def slim(root: ElementTree.Element) -> None:
    """Make a drawing lighter, in place."""
    for metadata in root.findall(f"{SVG}metadata"):
        root.remove(metadata)
    used = _references(root)
    for element in root.iter():
        element.tail = None
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        if element.get("d") and not re.search("[^MLQCz0-9eE+. \n-]", element.get("d")):
            element.set("d", short_path(element.get("d")))
        for name in ("x", "y", "width", "height"):
            if element.get(name):
                element.set(name, rounded(element.get(name)))
        if element.get("transform"):
            element.set("transform", TRANSLATION.sub(lambda found: rounded(found[0]), element.get("transform")))
        if element.get("style"):
            element.set("style", re.sub(r"\s*([:;])\s*", r"\1", element.get("style")))
        if element.tag == f"{SVG}image" and "image/png" in element.get(HREF, ""):
            kind, data = smaller_picture(base64.b64decode(element.get(HREF).partition("base64,")[2]))
            element.set(HREF, f"data:image/{kind};base64,{base64.b64encode(data).decode()}")
        if not (element.text or "").strip():
            element.text = None


def _references(root: ElementTree.Element) -> set[str]:
    """Return the ids that something in the drawing refers to."""
    found = {element.get(HREF, "").removeprefix("#") for element in root.iter()}
    for element in root.iter():
        for value in element.attrib.values():
            found.update(REFERENCE.findall(value) if "url(#" in value else ())
    return found
