"""The colours of a figure on the light page and on the dark one.

A drawing is painted once more, element by element, on a small canvas of its own: what lies below an element
decides its colour. On the dark page figure, axes and labels take the dark palette; a colour map or a photograph
stays as it is, and what is drawn on it keeps the colour that stands out there: a number in a pale cell stays dark,
while the axis beside it becomes light. On either page a label too pale to be read and a line too pale to be seen
are made stronger.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np
from PIL import Image, ImageDraw

from . import shapes
from .colours import LINE_CONTRAST, TEXT_CONTRAST, contrast, contrasts, first_that_stands_out, mixed, rgb

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
SCALE = 2  # pixels of the canvas for one unit of the drawing
WHITE, INK = "#ffffff", "#1f2328"
SHARES = (0.15, 0.3, 0.45, 0.6)
MARGIN = 0.3  # units by which an edge is looked at from inside its shape


def style_of(element: ElementTree.Element) -> dict[str, str]:
    """Return the attribute `style` as a dictionary."""
    rules = (rule.partition(":") for rule in element.get("style", "").split(";") if rule.strip())
    return {name.strip(): value.strip() for name, _, value in rules}


def set_style(element: ElementTree.Element, style: dict[str, str]) -> None:
    """Write the attribute `style`."""
    element.set("style", "; ".join(f"{name}: {value}" for name, value in style.items()))


@dataclass
class Canvas:
    """What has been painted so far.

    Args:
        width: of the drawing, in its units.
        height: of the drawing.
        ground: the colour below everything.
    """

    width: float
    height: float
    ground: str
    picture: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        """Make the empty canvas."""
        size = (int(self.width * SCALE) + 1, int(self.height * SCALE) + 1)
        self.picture = Image.new("RGB", size, self.ground)

    def fill(self, pieces: list[np.ndarray], colour: str, opacity: float, clip: tuple[float, ...] | None) -> None:
        """Paint shapes, on a mask no larger than they are, inside a rectangle."""
        edges = np.array(shapes.box(pieces))
        if clip:
            edges = np.concatenate([np.maximum(edges[:2], clip[:2]), np.minimum(edges[2:], clip[2:])])
        left, top, right, bottom = np.rint(np.clip(edges, 0, [self.width, self.height] * 2) * SCALE).astype(int).tolist()
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        pen = ImageDraw.Draw(mask)
        for piece in pieces:
            if len(piece) > 2:
                pen.polygon([tuple(point) for point in piece * SCALE - [left, top]], fill=round(255 * opacity))
        self.picture.paste(colour, (left, top), mask)

    def image(self, image: Image.Image, corners: tuple[float, float, float, float]) -> None:
        """Paint a picture into a rectangle (left, top, right, bottom)."""
        left, top, right, bottom = (round(SCALE * value) for value in corners)
        resized = image.convert("RGBA").resize((max(1, right - left), max(1, bottom - top)))
        self.picture.paste(resized, (left, top), resized)

    def at(self, points: np.ndarray) -> np.ndarray:
        """Return the pixels at some points; those outside the canvas don't count."""
        places = np.rint(points * SCALE).astype(int)
        places = places[((places >= 0) & (places < self.picture.size)).all(axis=1)]
        if not len(places):
            return np.array([rgb(self.ground)])
        (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0) + 1
        pixels = np.asarray(self.picture.crop((left, top, right, bottom)))
        return pixels[places[:, 1] - top, places[:, 0] - left]

    def inside(self, corners: tuple[float, float, float, float]) -> np.ndarray:
        """Return the pixels of a rectangle."""
        left, top, right, bottom = (round(SCALE * value) for value in corners)
        return np.asarray(self.picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))).reshape(-1, 3)


@dataclass(frozen=True)
class Theme:
    """What becomes of the colours of a drawing.

    Args:
        palette: colour as drawn → colour on this page; one that isn't named stays.
        stronger: towards which colour one is mixed that doesn't stand out.
    """

    palette: dict[str, str]
    stronger: str

    def of(self, colour: str) -> str:
        """Return the colour on this page."""
        return self.palette.get(colour, colour)

    @property
    def ground(self) -> str:
        """The colour of the page."""
        return self.of(WHITE)

    @property
    def inks(self) -> tuple[str, str]:
        """The colour of text on the page's ground, and that on the opposite ground."""
        return self.of(INK), INK if self.of(INK) != INK else WHITE


LIGHT = Theme({}, "#000000")


class Painter:
    """Gives each element of a drawing its colour, from the bottom to the top.

    Args:
        root: the drawing, changed in place.
        theme: of the page it is for.
    """

    def __init__(self, root: ElementTree.Element, theme: Theme) -> None:
        self.theme = theme
        self.root = root
        self.ids = {element.get("id"): element for element in root.iter() if element.get("id")}
        _, _, width, height = shapes.numbers(root.get("viewBox", ""))
        self.canvas = Canvas(width, height, theme.ground)

    def run(self) -> None:
        """Recolour the whole drawing."""
        for pattern in self.root.iter(f"{SVG}pattern"):
            recolour_plainly(pattern, self.theme)
        self._group(self.root, shapes.IDENTITY, mapped=True)

    def _group(self, group: Iterable[ElementTree.Element], matrix: np.ndarray, mapped: bool) -> None:
        """Go through a group; inside a colour map nothing is replaced."""
        for element in group:
            name = element.tag.removeprefix(SVG)
            if name in ("defs", "metadata", "style"):
                continue
            if name == "g" and element.get("id", "").startswith("text_"):
                self._text(element, matrix, mapped)
            elif name == "g":
                own = mapped and not element.get("id", "").startswith("QuadMesh")
                self._group(element, shapes.compose(matrix, shapes.transform(element.get("transform"))), own)
            elif name == "image":
                self._image(element, matrix)
            elif name in ("path", "use"):
                self._shape(element, matrix, mapped)

    def _text(self, group: ElementTree.Element, matrix: np.ndarray, mapped: bool) -> None:
        """Colour one label: the box or arrow that belongs to it, then its lines."""
        for part in group:
            if part.get("id"):
                self._group([part], matrix, mapped)
            elif part.get("transform"):
                self._line_of_text(part, shapes.compose(matrix, shapes.transform(part.get("transform"))))
            else:
                self._text(part, matrix, mapped)

    def _line_of_text(self, line: ElementTree.Element, matrix: np.ndarray) -> None:
        """Colour a line of text."""
        pieces = [piece for glyph in line for piece in self._outlines(glyph, matrix)]
        if pieces:
            style = style_of(line)
            style["fill"] = self._text_colour(style.get("fill", "#000000"), self.canvas.inside(shapes.box(pieces)))
            set_style(line, style)

    def _text_colour(self, colour: str, ground: np.ndarray) -> str:
        """Return the colour in which a label can be read."""
        candidates = [self.theme.of(colour), colour, *self._stronger(colour), *self.theme.inks]
        return first_that_stands_out(candidates, ground, TEXT_CONTRAST)

    def _image(self, element: ElementTree.Element, matrix: np.ndarray) -> None:
        """Paint an embedded picture; it stays as it is."""
        data = base64.b64decode(element.get(HREF, "").partition("base64,")[2])
        total = shapes.compose(matrix, shapes.transform(element.get("transform")))
        left, top, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
        corners = shapes.box([shapes.apply(total, np.array([[left, top], [left + width, top + height]]))])
        self.canvas.image(Image.open(io.BytesIO(data)), corners)

    def _outlines(self, element: ElementTree.Element, matrix: np.ndarray) -> list[np.ndarray]:
        """Return the outlines of a path or of a path used elsewhere."""
        total = shapes.compose(matrix, shapes.transform(element.get("transform")))
        if element.tag == f"{SVG}use":
            place = shapes.transform(f"translate({element.get('x', 0)} {element.get('y', 0)})")
            used = self.ids[element.get(HREF, "").removeprefix("#")]
            return self._outlines(used, shapes.compose(total, place))
        if element.tag != f"{SVG}path":
            return []
        return [shapes.apply(total, piece) for piece in shapes.outlines(element.get("d", ""))]

    def _shape(self, element: ElementTree.Element, matrix: np.ndarray, mapped: bool) -> None:
        """Colour and paint one shape, marker or line."""
        pieces = self._outlines(element, matrix)
        if not pieces:
            return
        style, clip = style_of(element), self._clip(element)
        fill, stroke = style.get("fill", "#000000"), style.get("stroke", "none")
        opacity = float(style.get("opacity", 1)) * float(style.get("fill-opacity", 1))
        marker = element.tag == f"{SVG}use"
        if COLOUR.fullmatch(fill):
            if mapped:
                style["fill"] = self._fill_colour(fill, pieces, marker)
            if not marker:  # points and lines are no ground: what crosses them keeps its colour
                self.canvas.fill(pieces, style["fill"], opacity, clip)
        elif fill.startswith("url("):
            self.canvas.fill(pieces, self.theme.ground, opacity, clip)
        if COLOUR.fullmatch(stroke) and mapped:
            style["stroke"] = self._stroke_colour(stroke, self._seen(pieces, clip, filled=fill != "none"))
        if style:
            set_style(element, style)

    def _clip(self, element: ElementTree.Element) -> tuple[float, float, float, float] | None:
        """Return the rectangle outside of which an element doesn't show."""
        name = element.get("clip-path", "")[5:-1]
        if name not in self.ids or (rectangle := self.ids[name].find(f"{SVG}rect")) is None:
            return None
        x, y, width, height = (float(rectangle.get(key, 0)) for key in ("x", "y", "width", "height"))
        return x, y, x + width, y + height

    def _seen(self, pieces: list[np.ndarray], clip: tuple[float, ...] | None, *, filled: bool) -> np.ndarray:
        """Return the pixels under a line; the edge of a filled shape is looked at from inside."""
        points = np.concatenate([_along(piece) for piece in pieces])
        if filled:
            middle = points.mean(axis=0)
            points = points + MARGIN * np.sign(middle - points) * (np.abs(middle - points) > MARGIN)
        if clip:
            left, top, right, bottom = clip
            shown = (points >= [left, top]).all(axis=1) & (points <= [right, bottom]).all(axis=1)
            points = points[shown] if shown.any() else points
        return self.canvas.at(points)

    def _fill_colour(self, colour: str, pieces: list[np.ndarray], marker: bool) -> str:
        """Return a shape's colour: its partner, or for a marker whichever stands out."""
        partner = self.theme.of(colour)
        if not marker or _faint(colour):
            return partner
        return self._stroke_colour(colour, self.canvas.inside(shapes.box(pieces)))

    def _stroke_colour(self, colour: str, ground: np.ndarray) -> str:
        """Return a line's colour; a faint one (a grid) stays faint, on light ground and on dark."""
        partner = self.theme.of(colour)
        if _faint(colour):
            on_dark = contrasts([WHITE], ground, 0.5)[WHITE] > LINE_CONTRAST
            return partner if on_dark else colour
        return first_that_stands_out([partner, colour, *self._stronger(colour)], ground, LINE_CONTRAST)

    def _stronger(self, colour: str) -> list[str]:
        """Return a colour in steps towards the strongest on this page, then on a ground of the opposite kind."""
        opposite = "#000000" if self.theme.stronger == "#ffffff" else "#ffffff"
        steps = [mixed(self.theme.of(colour), self.theme.stronger, share) for share in SHARES]
        return steps + [mixed(colour, opposite, share) for share in SHARES]


def _along(piece: np.ndarray, step: float = 1.5) -> np.ndarray:
    """Return points along a line, `step` units apart."""
    if len(piece) < 2:
        return piece
    lengths = np.hypot(*np.diff(piece, axis=0).T)
    travelled = np.concatenate([[0], np.cumsum(lengths)])
    wanted = np.linspace(0, travelled[-1], min(400, int(travelled[-1] / step) + 2))
    return np.column_stack([np.interp(wanted, travelled, piece[:, axis]) for axis in (0, 1)])


def _faint(colour: str) -> bool:
    """Tell whether a colour hardly shows on white, as grids and grounds do."""
    return contrast(colour, WHITE) < 2


def recolour_plainly(element: ElementTree.Element, theme: Theme) -> None:
    """Replace every colour of an element and what it holds by that of the theme."""
    for part in element.iter():
        for name in ("style", "fill", "stroke"):
            if part.get(name):
                part.set(name, COLOUR.sub(lambda found: theme.of(_long(found[0])), part.get(name)))


def _long(colour: str) -> str:
    """Return `#rrggbb` for `#rgb`."""
    return "#" + "".join(f"{part:02x}" for part in rgb(colour))


def paint(root: ElementTree.Element, theme: Theme) -> None:
    """Give a drawing the colours of a page.

    Args:
        root: the drawing, changed in place. What Matplotlib drew is painted; in any other every colour is replaced.
        theme: of the page.
    """
    if any(element.get("id") == "figure_1" for element in root):
        Painter(root, theme).run()
    else:
        recolour_plainly(root, theme)
