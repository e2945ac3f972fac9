"""Figures for both themes: each drawing is written twice, and the page shows the one that fits.

Both pictures carry the same alternative text; the one that doesn't fit is not displayed, so that it is
neither loaded nor read out. What was made once is kept in `_build/figures`.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from drawings.twins import twins
from palette import DARK

PICTURE = re.compile(r'<img [^>]*?src="([^"]*_images/([^"/]+)\.svg)"[^>]*>')
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
CODE = [*sorted((Path(__file__).parent / "drawings").glob("*.py")), Path(__file__).resolve().parents[1] / "palette.py"]
PIXELS_A_POINT = 4 / 3


def both(drawing: Path, store: Path) -> tuple[Path, Path]:
    """Return the files of a drawing's light and dark form, made if they aren't there.

    Args:
        drawing: the SVG.
        store: the folder that keeps what was made, by the hash of drawing and code.
    """
    digest = hashlib.sha256(drawing.read_bytes())
    for file in CODE:
        digest.update(file.read_bytes())
    pair = store / f"{digest.hexdigest()[:32]}-light.svg", store / f"{digest.hexdigest()[:32]}-dark.svg"
    if not all(file.exists() for file in pair):
        store.mkdir(parents=True, exist_ok=True)
        for file, text in zip(pair, twins(drawing.read_text(encoding="utf-8"), DARK), strict=True):
            file.write_text(text, encoding="utf-8")
    return pair


def in_two_themes(tag: str, address: str, size: tuple[float, float]) -> str:
    """Return the two `img` elements for one.

    Args:
        tag: the element as it was written.
        address: its `src`.
        size: width and height in points: the page keeps the place free until the picture is there.
    """
    width, height = (round(length * PIXELS_A_POINT) for length in size)
    bare = tag.rstrip("/> ") + f' width="{width}" height="{height}" loading="lazy" decoding="async"'
    light = f'{bare} class="figure-light" />'
    dark = f'{bare} class="figure-dark" />'.replace(address, address.removesuffix(".svg") + "-dark.svg")
    return light + dark


class Figures:
    """The drawings of the pages that are written in one build."""

    def __init__(self, app: Sphinx) -> None:
        self.store = Path(app.outdir).parent / "figures"
        self.files: dict[str, tuple[Path, Path]] = {}

    def rewrite(self, app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
        """Replace each drawing of a page by its two forms."""
        if app.builder.name != "html" or "_images/" not in context.get("body", ""):
            return
        sources = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}

        def replaced(found: re.Match[str]) -> str:
            tag, (address, name) = found[0], found.groups()
            if f"{name}.svg" not in sources:
                return tag
            self.files[name] = both(sources[f"{name}.svg"], self.store)
            width, height = SIZE.search(self.files[name][0].read_text(encoding="utf-8")).groups()
            return in_two_themes(tag, address, (float(width), float(height)))

        context["body"] = PICTURE.sub(replaced, context["body"])

    def write(self, app: Sphinx, error: Exception | None) -> None:
        """Put the files beside the other pictures, once Sphinx has copied those."""
        folder = Path(app.outdir) / "_images"
        for name, (light, dark) in self.files.items() if error is None else ():
            (folder / f"{name}.svg").write_bytes(light.read_bytes())
            (folder / f"{name}-dark.svg").write_bytes(dark.read_bytes())


def connect(app: Sphinx) -> None:
    """Follow the build from its start."""
    figures = Figures(app)
    app.connect("html-page-context", figures.rewrite)
    app.connect("build-finished", figures.write)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the making of the twins."""
    app.connect("builder-inited", connect)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
