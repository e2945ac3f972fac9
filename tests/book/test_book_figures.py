"""Figures on the light page and on the dark: colours, twins, lighter files; contrast measured in a browser."""

from __future__ import annotations

import base64
import importlib
import io
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "book"), str(ROOT / "book" / "_ext")]

palette = importlib.import_module("palette")
shapes = importlib.import_module("drawings.shapes")
colours = importlib.import_module("drawings.colours")
slim = importlib.import_module("drawings.slim")
figure_twins = importlib.import_module("figure_twins")
twins = importlib.import_module("drawings.twins").twins

SVG = "{http://www.w3.org/2000/svg}"
pytestmark = pytest.mark.timeout(900)


def drawn(draw) -> str:
    """Return the SVG of a figure drawn as the chapters do."""
    matplotlib.use("agg", force=True)
    figures = importlib.import_module("figures")
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "figures", "svg.fonttype": "path", "figure.facecolor": "white", "text.color": palette.INK,
                "axes.labelcolor": palette.INK, "xtick.color": palette.INK, "ytick.color": palette.INK,
                "grid.color": palette.PALE, "axes.grid": True, "axes.axisbelow": True}  # fmt: skip
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever cells of chapters have set in this process
        matplotlib.rcParams.update(settings)
        figure = Figure(figsize=(3, 2))
        draw(figures, figure.subplots())
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def styles(svg: str, what: str) -> list[str]:
    """Return every colour that the drawing's `fill` or `stroke` takes, in order."""
    return re.findall(rf"{what}:\s?(#[0-9a-f]{{6}})", svg)


# Colours


def test_contrast_is_that_of_the_standard():
    # Black on white is 21 by definition; #767676 is the lightest grey with 4.5 on white.
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert colours.contrast("#fff", "#ffffff") == 1


def test_every_colour_of_the_figures_has_a_partner_on_the_dark_page():
    named = {name: value for name, value in vars(palette).items() if name.isupper() and isinstance(value, str)}
    assert {name for name, value in named.items() if value not in palette.DARK} == {"NIGHT"}


@pytest.mark.parametrize("name", ["INK", "GREY", "BLUE", "ORANGE", "GREEN", "PURPLE", "SKY", "YELLOW"])
def test_dark_colours_can_be_read_as_text(name):
    assert colours.contrast(palette.DARK[getattr(palette, name)], palette.NIGHT) >= 4.5


def test_data_colours_differ_on_both_pages():
    data = [palette.BLUE, palette.ORANGE, palette.GREEN, palette.PURPLE, palette.SKY, palette.YELLOW]
    for shown in (data, [palette.DARK[colour] for colour in data]):
        distances = [np.abs(np.subtract(colours.rgb(a), colours.rgb(b))).sum() for a in shown for b in shown if a != b]
        assert min(distances) > 90


def test_the_dark_ground_is_the_theme_page(book):
    css = (book.html / "_static/styles/sphinx-book-theme.css").read_text()
    assert f"--pst-color-background:{palette.NIGHT}" in css


# Geometry


def test_transforms_apply_from_right_to_left():
    # scale(2): (1, 2) → (2, 4); rotate(90): (x, y) → (−y, x) → (−4, 2); translate(10 20) → (6, 22)
    matrix = shapes.transform("translate(10 20) rotate(90) scale(2)")
    assert shapes.apply(matrix, np.array([[1.0, 2.0]]))[0] == pytest.approx([6, 22])


def test_curve_passes_through_the_point_of_its_formula():
    # A quadratic curve at t = 1/2 is a quarter of each end and half of the middle: (0 + 2·2 + 4)/4 = 2, (0 + 2·4 + 0)/4 = 2.
    (piece,) = shapes.outlines("M 0 0 Q 2 4 4 0")
    assert piece[3] == pytest.approx([2, 2])
    assert piece[-1] == pytest.approx([4, 0])


def test_pieces_of_a_path_are_kept_apart():
    assert [len(piece) for piece in shapes.outlines("M 0 0 L 1 0 L 1 1 z M 5 5 L 6 6")] == [4, 2]


places = st.floats(-500, 500).map(lambda value: round(value, 6))


@given(st.lists(st.tuples(places, places), min_size=1, max_size=30), st.booleans())
def test_short_path_keeps_every_place_to_a_hundredth(points, closed):
    d = "M {} {} ".format(*points[0]) + " ".join(f"L {x:f} {y:f}" for x, y in points[1:]) + (" z" if closed else "")
    short = slim.short_path(d)
    here, found = np.zeros(2), []
    for pair in re.findall(r"(-?(?:\d+\.?\d*|\.\d+))[ ]?(-?(?:\d+\.?\d*|\.\d+))", re.sub("[mlz]", " ", short)):
        here = here + np.array([float(value) for value in pair])
        found.append(here)
    assert np.abs(np.array(found) - np.array(points)).max() <= 0.0051
    assert len(short) <= len(d)


def test_short_path_writes_no_more_than_it_must():
    assert slim.short_path("M 10.000000 20.123456 L 10.5 20.123456 L 9.5 0.123456 z") == "m10 20.12 .5 0-1-20z"


def test_grey_picture_becomes_smaller_and_keeps_every_pixel():
    grey = np.random.default_rng(0).integers(0, 256, (20, 20), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.dstack([grey] * 3 + [np.full_like(grey, 255)])).save(file, "PNG")
    kind, data = slim.smaller_picture(file.getvalue())
    assert kind == "png" and len(data) < len(file.getvalue())
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), grey)


def test_transparency_is_kept():
    pixels = np.random.default_rng(0).integers(0, 256, (60, 60, 4), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    kind, data = slim.smaller_picture(file.getvalue())
    assert kind == "png"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), pixels)


# The twins


def test_axes_and_curves_take_the_dark_palette():
    light, dark = twins(drawn(lambda figures, ax: ax.plot([0, 1], [0, 1], color=figures.BLUE)), palette.DARK)
    assert palette.BLUE in styles(light, "stroke") and palette.BLUE not in styles(dark, "stroke")
    assert palette.DARK[palette.BLUE] in styles(dark, "stroke")
    assert set(styles(dark, "fill")) >= {palette.NIGHT, palette.DARK[palette.INK]}
    assert palette.INK not in styles(dark, "fill")


def test_numbers_in_pale_cells_stay_dark_and_cells_keep_their_colour():
    def cells(figures, ax):
        figures.matrix(ax, [[1, -2], [0, 3]], "a title", signed=True)

    light, dark = twins(drawn(cells), palette.DARK)
    assert styles(dark, "fill").count(palette.INK) == 4  # the numbers
    assert palette.DARK[palette.INK] in styles(dark, "fill")  # the title
    cell_colours = set(styles(light, "fill")) - {palette.WHITE, palette.INK}
    assert cell_colours and cell_colours <= set(styles(dark, "fill"))


def test_label_in_a_box_is_read_on_its_box():
    def boxed(figures, ax):
        ax.text(0.5, 0.5, "here", bbox={"facecolor": "white", "edgecolor": figures.ORANGE})

    _, dark = twins(drawn(boxed), palette.DARK)
    assert palette.INK not in styles(dark, "fill") and palette.WHITE not in styles(dark, "fill")


def test_photograph_is_the_same_on_both_pages():
    light, dark = twins(drawn(lambda figures, ax: figures.picture(ax, np.random.default_rng(0).random((30, 30, 3)))), palette.DARK)
    pictures = [re.findall(r"data:image/\w+;base64,([^\"]+)", svg) for svg in (light, dark)]
    assert len(pictures[0]) == 1 and pictures[0] == pictures[1]
    assert base64.b64decode(pictures[0][0])


def test_line_over_a_light_picture_stays_dark():
    def line(figures, ax):
        figures.picture(ax, np.ones((30, 30)))
        ax.plot([5, 25], [5, 25], color=figures.BLUE)

    _, dark = twins(drawn(line), palette.DARK)
    assert palette.BLUE in styles(dark, "stroke")


def test_pale_label_is_made_stronger_on_the_light_page():
    light, _ = twins(drawn(lambda figures, ax: ax.text(0.5, 0.5, "orange", color=figures.ORANGE)), palette.DARK)
    labels = [colour for colour in styles(light, "fill") if colour not in (palette.WHITE, palette.INK)]
    assert labels and all(colours.contrast(colour, palette.WHITE) >= 4.5 for colour in labels)


def test_grid_stays_faint():
    light, dark = twins(drawn(lambda _, ax: ax.plot([0, 1], [0, 1])), palette.DARK)
    assert palette.PALE in styles(light, "stroke")
    assert palette.DARK[palette.PALE] in styles(dark, "stroke")
    assert 1.2 < colours.contrast(palette.DARK[palette.PALE], palette.NIGHT) < 2.5


def test_drawing_by_hand_takes_the_partner_of_each_colour():
    svg = (ROOT / "book/_static/trust.svg").read_text()
    _, dark = twins(svg, palette.DARK)
    before = {six_digits(colour) for colour in re.findall(r'"(#[0-9a-f]{3,6})"', svg)}
    assert before <= palette.DARK.keys()
    assert set(re.findall(r'"(#[0-9a-f]{6})"', dark)) == {palette.DARK[colour] for colour in before}


def six_digits(colour: str) -> str:
    return "#" + "".join(f"{part:02x}" for part in colours.rgb(colour))


def test_the_same_drawing_gives_the_same_bytes():
    svg = drawn(lambda figures, ax: figures.matrix(ax, [[1, 2]]))
    assert twins(svg, palette.DARK) == twins(svg, palette.DARK)


def test_what_was_made_once_is_kept(tmp_path):
    drawing = tmp_path / "a.svg"
    drawing.write_text(drawn(lambda _, ax: ax.plot([0, 1])))
    first = figure_twins.both(drawing, tmp_path / "store")
    stamp = first[1].stat().st_mtime_ns
    assert figure_twins.both(drawing, tmp_path / "store") == first
    assert first[1].stat().st_mtime_ns == stamp
    drawing.write_text(drawn(lambda _, ax: ax.plot([1, 0])))
    assert figure_twins.both(drawing, tmp_path / "store") != first


def test_page_gets_both_pictures_with_one_text_each_and_room_for_them():
    shown = figure_twins.in_two_themes('<img alt="A cat." src="../_images/c.svg" />', "../_images/c.svg", (300.0, 150.0))
    light, dark = re.findall("<img[^>]*>", shown)
    for image in (light, dark):
        assert 'alt="A cat."' in image and 'width="400" height="200"' in image and 'loading="lazy"' in image
    assert 'src="../_images/c.svg"' in light and 'src="../_images/c-dark.svg"' in dark


# The built book


@pytest.fixture(scope="module")
def figures_of_the_book(book) -> dict[str, list[str]]:
    """Return the figures of each page, light ones."""
    pattern = re.compile(r'<img[^>]*src="(?:\.\./)+_images/([^"]+)\.svg"[^>]*class="figure-light"')
    pages = {page: pattern.findall((book.html / f"{page}.html").read_text(encoding="utf-8")) for page in book.pages}
    assert sum(map(len, pages.values())) > 80
    return pages


def test_every_figure_of_the_book_is_there_twice(book, figures_of_the_book):
    for page, names in figures_of_the_book.items():
        text = (book.html / f"{page}.html").read_text(encoding="utf-8")
        for name in names:
            assert f'src="{"../" * page.count("/")}_images/{name}-dark.svg"' in text
            for file in (f"{name}.svg", f"{name}-dark.svg"):
                ElementTree.parse(book.html / "_images" / file)


def test_no_figure_is_left_as_it_was_drawn(book, figures_of_the_book):
    kept = [f.name for f in (book.html / "_images").glob("*.svg") if "<metadata" in f.read_text(encoding="utf-8")]
    named = {name for names in figures_of_the_book.values() for name in names}
    assert [name for name in kept if name.removesuffix(".svg") in named] == []


MEASURE = """
(svg) => {
  const texts = new Set([...svg.querySelectorAll("use")]
    .filter((use) => /#(DejaVu|Cm|STIX)/.test(use.getAttribute("xlink:href"))).map((use) => use.parentNode));
  const strokes = [...svg.querySelectorAll("path")].filter((path) => {
    const style = getComputedStyle(path);
    return !path.closest("defs") && style.fill === "none" && style.stroke !== "none";
  });
  const lines = strokes.filter((path) => parseFloat(getComputedStyle(path).strokeWidth) >= 1.2);
  const frame = svg.getBoundingClientRect();
  const found = { texts: [], lines: [] };
  for (const text of texts) {
    const box = text.getBoundingClientRect();
    if (box.width > 1) found.texts.push({ colour: getComputedStyle(text).fill, box: [box.left, box.top, box.right, box.bottom] });
    text.style.visibility = "hidden";
  }
  for (const line of lines) {
    const clip = line.getAttribute("clip-path") && svg.querySelector(line.getAttribute("clip-path").slice(4, -1) + " rect");
    const area = clip ? [clip.x.baseVal.value, clip.y.baseVal.value, clip.width.baseVal.value, clip.height.baseVal.value] : null;
    const matrix = line.getScreenCTM(), length = line.getTotalLength(), points = [];
    const away = parseFloat(getComputedStyle(line).strokeWidth) / 2 + 1;
    for (let i = 0; i <= 60; i++) {
      const raw = line.getPointAtLength(length * i / 60), next = line.getPointAtLength(length * i / 60 + 0.1);
      const seen = !area || (raw.x >= area[0] && raw.y >= area[1] && raw.x <= area[0] + area[2] && raw.y <= area[1] + area[3]);
      const along = Math.hypot(next.x - raw.x, next.y - raw.y) || 1;
      const aside = [(raw.y - next.y) / along * away, (next.x - raw.x) / along * away];
      const sides = [1, -1].map((side) => new DOMPoint(raw.x + side * aside[0], raw.y + side * aside[1]).matrixTransform(matrix));
      if (seen && sides.every((p) => p.x > 0 && p.y > 0 && p.x < frame.right && p.y < frame.bottom)) points.push(sides.map((p) => [p.x, p.y]));
    }
    if (points.length) found.lines.push({ colour: getComputedStyle(line).stroke, points });
  }
  for (const stroke of strokes) stroke.style.visibility = "hidden";
  for (const use of svg.querySelectorAll("use")) use.style.visibility = "hidden";
  return found;
}
"""


def measured(tab, file: Path) -> tuple[np.ndarray, dict]:
    """Show a figure; return its pixels without texts and lines, and where those are and in which colour."""
    svg = file.read_text(encoding="utf-8")
    width, height = (float(number) * 4 / 3 for number in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    tab.set_viewport_size({"width": round(width) + 2, "height": round(height) + 2})
    ground = palette.NIGHT if file.stem.endswith("-dark") else palette.WHITE
    tab.set_content(f"<style>body {{ margin: 0; background: {ground} }}</style>{svg}")
    found = tab.locator("svg").first.evaluate(MEASURE)
    return np.asarray(Image.open(io.BytesIO(tab.screenshot())).convert("RGB")), found


def hexadecimal(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def too_weak(pixels: np.ndarray, found: dict) -> list[str]:
    """Return the texts that don't stand out from what lies below them, and the lines that don't from what lies beside."""
    weak = []
    for text in found["texts"]:
        left, top, right, bottom = (max(0, round(value)) for value in text["box"])
        ground = pixels[top : max(bottom, top + 1), left : max(right, left + 1)].reshape(-1, 3)
        ratio = colours.contrasts([hexadecimal(text["colour"])], ground)[hexadecimal(text["colour"])] if len(ground) else 21
        weak += [f"text {text['colour']} at {text['box']}: {ratio:.2f}"] if ratio < 4.4 else []
    for line in found["lines"]:
        colour = hexadecimal(line["colour"])
        columns, rows = np.moveaxis(np.array(line["points"]).astype(int), -1, 0)  # (points, sides) each
        ground = pixels[rows.clip(0, pixels.shape[0] - 1), columns.clip(0, pixels.shape[1] - 1)]
        below, own = colours.luminance(ground) + 0.05, colours.own_luminance(colour) + 0.05
        ratio = np.percentile(np.maximum(below / own, own / below).max(axis=1), 30)  # on the side where it stands out more
        faint = {palette.PALE, palette.DARK[palette.PALE], palette.YELLOW}
        faint |= {palette.WHITE, palette.NIGHT}  # of the ground's own colour: the rim of a darker or lighter line
        weak += [f"line {colour}: {ratio:.2f}"] if ratio < 2.9 and colour not in faint else []
    return weak


@pytest.mark.parametrize("ending", [".svg", "-dark.svg"], ids=["light", "dark"])
def test_labels_and_lines_of_every_figure_stand_out(book, figures_of_the_book, chromium, ending):
    weak = {}
    with chromium.new_context() as context:
        tab = context.new_page()
        for page, names in figures_of_the_book.items():
            for name in names:
                if problems := too_weak(*measured(tab, book.html / "_images" / f"{name}{ending}")):
                    weak[f"{page} {name[:8]}"] = problems[:3]
    assert weak == {}


def test_page_shows_loads_and_reads_out_the_figure_of_its_theme_alone(tab):
    tab.goto("/book/convnets.html")
    for theme, other in (("dark", "light"), ("light", "dark")):
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        shown, hidden = tab.locator(f"img.figure-{theme}").first, tab.locator(f"img.figure-{other}").first
        shown.scroll_into_view_if_needed()
        assert shown.is_visible() and not hidden.is_visible()
        assert tab.get_by_role("img", name=shown.get_attribute("alt"), exact=True).count() == 1
    loaded = tab.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.includes('_images/'))")
    assert 0 < len(loaded) < 2 * tab.locator("img.figure-light").count()
