"""Students' pictures in a page: which of them a browser can show without harm, and what is said of the others.

A small file may hold a picture that takes all memory to be drawn: of a PNG, JPEG or GIF the size is read from its first
bytes, of a drawing (SVG) its parts are counted, each as often as it is repeated.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autograder.feedback.page_room import NoRoom

MAX_PICTURE = 500_000  # bytes of a picture's file as a page carries it (base64)
MAX_PIXELS = 25_000_000  # of one picture
MAX_PARTS = 50_000  # of a drawing, repeated ones counted each time
MAX_NESTED = 100  # parts within parts
HOSTILE_PARTS = ("filter", "foreignObject", "script", "image", "feImage")  # slow to draw, or no drawing

_REFERENCE = re.compile(r"(?:^|url\(\s*['\"]?)#([^'\")\s]+)")
_STARTS = {"png": (b"\x89PNG\r\n\x1a\n",), "gif": (b"GIF87a", b"GIF89a"), "jpeg": (b"\xff\xd8",)}
_KINDS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "svg+xml": "SVG"}


class BadPicture(NoRoom):
    """A picture that a page doesn't show; the message says why, fit to follow "it"."""


def picture_source(kind: str, data: str) -> tuple[str, int]:
    """The address of a picture that lies in the page itself.

    Args:
        kind: ``png``, ``jpeg``, ``gif`` or ``svg+xml``.
        data: the file in base64.

    Returns:
        The address, and how many pixels it takes to be drawn.

    Raises:
        BadPicture: it is too large, or no such picture.
    """
    data = re.sub(r"[^A-Za-z0-9+/=]", "", data)
    if len(data) > MAX_PICTURE:
        raise BadPicture(f"is larger than {size(MAX_PICTURE)} ({described(kind, data)})")
    pixels = pixels_of(kind, data)
    if pixels > MAX_PIXELS:
        raise BadPicture(f"has more than {MAX_PIXELS // 10**6} million pixels ({described(kind, data)})")
    return f"data:image/{kind};base64,{data}", pixels


def kind_of(content: bytes) -> str | None:
    """The kind that the first bytes of a file tell, None if it is no picture that a page shows."""
    for kind, starts in _STARTS.items():
        if content.startswith(starts):
            return kind
    return "svg+xml" if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE|svg)", content) and b"<svg" in content[:10_000] else None


def described(kind: str, data: str) -> str:
    """Such as ``PNG, 800 × 600 pixels, 1.2 MB``."""
    try:
        width, height = dimensions(kind, decoded(data[: 4 * 300_000])) if kind != "svg+xml" else (0, 0)
    except BadPicture:
        width = height = 0
    across = f"{width} × {height} pixels, " if width else ""
    return f"{_KINDS[kind]}, {across}{size(len(data) * 3 // 4)}"


def size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1e6:.1f} MB" if count >= 10**6 else f"{count / 1e3:.0f} kB" if count >= 10**3 else f"{count} bytes"


def pixels_of(kind: str, data: str) -> int:
    """How many pixels it takes to draw a picture; raises `BadPicture` where that can't be told."""
    content = decoded(data)
    if kind == "svg+xml":
        check_drawing(content)
        return 10**6
    width, height = dimensions(kind, content)
    return width * height


def decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data[: len(data) // 4 * 4] if "=" not in data else data)
    except binascii.Error:
        raise BadPicture("isn't readable") from None


def dimensions(kind: str, content: bytes) -> tuple[int, int]:
    """Width and height of a picture as its first bytes give them; raises `BadPicture` if they are of no such picture."""
    if kind == "png" and content.startswith(_STARTS[kind]) and content[12:16] == b"IHDR" and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if kind == "gif" and content.startswith(_STARTS[kind]) and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    found = jpeg_dimensions(content) if kind == "jpeg" and content.startswith(_STARTS[kind]) else None
    if found is None:
        raise BadPicture(f"is no {_KINDS[kind]} file")
    return found


def jpeg_dimensions(content: bytes) -> tuple[int, int] | None:
    """From the frame's header, which other segments may go before."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


# ---- drawings


def check_drawing(content: bytes) -> None:
    """Raises `BadPicture` at a drawing that isn't one, or that a browser would draw for ever."""
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise BadPicture("isn't readable as a drawing") from None
    if not root.tag.endswith("svg"):
        raise BadPicture("is no drawing")
    parts = _parts(root)
    if len(parts) > MAX_PARTS or _drawn(parts) > MAX_PARTS:
        raise BadPicture(f"has more than {MAX_PARTS:,} parts")


def _parts(root: Element) -> list[tuple[Element, int]]:
    """All parts in their order, each with how deep it is nested."""
    parts, waiting = [], [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        name = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
        if depth > MAX_NESTED:
            raise BadPicture("is nested too deep")
        styled = " ".join(part.attrib.values()) + (part.text or "" if name == "style" else "")
        if name in HOSTILE_PARTS or "filter" in part.attrib or re.search(r"\bfilter\s*:|@import", styled):
            raise BadPicture(f"has a part that isn't shown here ({name})")
        parts.append((part, depth))
        waiting += [(child, depth + 1) for child in reversed(part)]
    return parts


def _drawn(parts: list[tuple[Element, int]]) -> int:
    """How many parts are drawn, those that others refer to counted each time."""
    above: list[str] = []  # the named part that each depth lies in, '' for none
    own: dict[str, int] = {"": 0}
    refers: dict[str, list[str]] = {"": []}
    within: dict[str, str] = {}
    for part, depth in parts:
        del above[depth:]
        outer = above[-1] if above else ""
        name = part.get("id") or outer
        if name != outer and name not in own:
            own[name], refers[name], within[name] = 0, [], outer
        above.append(name)
        own[name] += 1
        refers[name] += [found for value in part.attrib.values() for found in _REFERENCE.findall(value)]
    for name, outer in within.items():  # a part is drawn with what it lies in
        refers[outer].append(name)
    return _total(own, refers)


def _total(own: dict[str, int], refers: dict[str, list[str]]) -> int:
    """``own['']`` and all that it refers to, directly or through others; more than `MAX_PARTS` if that goes in a circle."""
    totals = dict(own)
    for _ in range(MAX_NESTED):
        last = totals
        totals = {name: min(MAX_PARTS + 1, count + sum(last.get(other, 0) for other in refers[name])) for name, count in own.items()}
        if totals == last:
            return totals[""]
    return MAX_PARTS + 1
