"""A drawing's two files: light and dark."""

from __future__ import annotations

from copy import deepcopy
from xml.etree import ElementTree

from .dark import HREF, SVG, darken
from .slim import slim

ElementTree.register_namespace("", SVG[1:-1])
ElementTree.register_namespace("xlink", HREF[1:].partition("}")[0])


def twins(drawing: str, palette: dict[str, str]) -> tuple[str, str]:
    """Return a drawing made lighter, and its twin for the dark page.

    Args:
        drawing: SVG.
        palette: colour on white → colour on the dark page.
    """
    light = ElementTree.fromstring(drawing)
    slim_dark = deepcopy(light)
    darken(slim_dark, palette)
    for root in (light, slim_dark):
        slim(root)
    return tuple(ElementTree.tostring(root, encoding="unicode") for root in (light, slim_dark))
