"""A drawing's two files: light and dark."""

from __future__ import annotations

from copy import deepcopy
from xml.etree import ElementTree

from .paint import HREF, LIGHT, SVG, Theme, paint
from .slim import slim

ElementTree.register_namespace("", SVG[1:-1])
ElementTree.register_namespace("xlink", HREF[1:].partition("}")[0])


def twins(drawing: str, palette: dict[str, str]) -> tuple[str, str]:
    """Return a drawing made lighter for the light page, and its twin for the dark one.

    Args:
        drawing: SVG.
        palette: colour on white → colour on the dark page.
    """
    light = ElementTree.fromstring(drawing)
    dark = deepcopy(light)
    for root, theme in ((light, LIGHT), (dark, Theme(palette, "#ffffff"))):
        paint(root, theme)
        slim(root)
    return tuple(ElementTree.tostring(root, encoding="unicode") for root in (light, dark))
