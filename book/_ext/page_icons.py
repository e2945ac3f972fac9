"""The icons that the pages use, as a small font of their own.

The theme brings Font Awesome whole: 1.5 MB of script, 0.1 MB of style and 0.3 MB of fonts, loaded before the
first line is shown. Here the built pages and styles are searched for the icons in them, and these alone
become a font (3 KB) with its style sheet. The files are the theme's own, under the SIL Open Font License 1.1.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

FAMILIES = {"solid": ("fa-solid-900.ttf", 900), "regular": ("fa-regular-400.ttf", 400), "brands": ("fa-brands-400.ttf", 400)}
RULE = re.compile(r"((?:\.fa-[\w-]+:before,?)+)\{content:\"\\([0-9a-f]+)\"\}")
NAME = re.compile(r"\bfa-([a-z0-9-]+)")
PRIVATE = re.compile("[\ue000-\uf8ff]")
ESCAPED = re.compile(r"\\(f[0-9a-f]{3})\b")
LICENCE = """/* Icons of Font Awesome Free (https://fontawesome.com), Copyright Fonticons, Inc.: a part of its fonts, under another
 * name, by the SIL Open Font License 1.1. */
"""
BASE = """.fa, .fas, .far, .fab, .fa-solid, .fa-regular, .fa-brands {
  -moz-osx-font-smoothing: grayscale; -webkit-font-smoothing: antialiased; display: inline-block;
  font-style: normal; font-variant: normal; line-height: 1; text-rendering: auto;
}
.fa, .fas, .fa-solid { font-family: "Course solid"; font-weight: 900; }
.far, .fa-regular { font-family: "Course regular"; font-weight: 400; }
.fab, .fa-brands { font-family: "Course brands"; font-weight: 400; }
.fa-lg { font-size: 1.25em; line-height: 0.05em; vertical-align: -0.075em; }
.fa-fw { text-align: center; width: 1.25em; }
html .bd-sidebar-secondary.hide:not(:hover) .onthispage::after { font-family: "Course solid"; }
"""


def all_icons(css: str) -> dict[str, str]:
    """Return the character of every icon that a style sheet of Font Awesome names."""
    return {name: chr(int(code, 16)) for names, code in RULE.findall(css) for name in re.findall(r"\.fa-([\w-]+):", names)}


def used_icons(site: Path, known: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """Return the icons named in pages and scripts, and the characters that styles write.

    Args:
        site: the built HTML.
        known: character of every icon, by name.
    """
    files = [*site.glob("*.html"), *site.glob("book/**/*.html"), *site.glob("_static/**/*.js")]
    names = {name for file in files if "vendor" not in file.parts for name in NAME.findall(file.read_text(encoding="utf-8"))}
    styles = "".join(file.read_text(encoding="utf-8") for file in site.glob("_static/**/*.css") if "vendor" not in file.parts)
    written = {*PRIVATE.findall(styles), *(chr(int(code, 16)) for code in ESCAPED.findall(styles))}
    return {name: known[name] for name in sorted(names & known.keys())}, written


def part_of_font(font: Path, characters: set[str]) -> bytes | None:
    """Return a font (WOFF) of some characters, or nothing if it has none of them."""
    whole = TTFont(font, recalcTimestamp=False)
    kept = {ord(character) for character in characters} & whole.getBestCmap().keys()
    if not kept:
        return None
    options = subset.Options(name_IDs=[], notdef_outline=False, hinting=False, layout_features=[])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(whole)
    whole.flavor = "woff"
    file = font.with_suffix(".part")
    whole.save(file)
    return file.read_bytes()


def style_sheet(names: dict[str, str], families: list[str]) -> str:
    """Return the style sheet of the icons.

    Args:
        names: character of each icon that pages name.
        families: of the fonts that were made.
    """
    fonts = [
        f'@font-face {{ font-family: "Course {family}"; font-weight: {FAMILIES[family][1]}; font-display: block; '
        f"src: url(icons-{family}.woff) format('woff'); }}"
        for family in families
    ]
    shorthand = [f'--fa-font-{family}: normal {weight} 1em/1 "Course {family}";' for family, (_, weight) in FAMILIES.items()]
    icons = [f'.fa-{name}::before {{ content: "\\{ord(character):x}"; }}' for name, character in names.items()]
    return LICENCE + "\n".join([*fonts, ":root {", *shorthand, "}", BASE, *icons, ""])


def write_icons(app: Sphinx, error: Exception | None) -> None:
    """Write fonts and style sheet, and take away what nothing loads any more."""
    static = Path(app.outdir) / "_static"
    vendor = static / "vendor" / "fontawesome"
    if error is not None or app.builder.name != "html" or not vendor.exists():
        return
    version = next(vendor.glob("*/css")).parent
    names, written = used_icons(Path(app.outdir), all_icons((version / "css" / "all.min.css").read_text(encoding="utf-8")))
    families = []
    for family, (file, _) in FAMILIES.items():
        if data := part_of_font(version / "webfonts" / file, {*names.values(), *written}):
            (static / f"icons-{family}.woff").write_bytes(data)
            families.append(family)
    (static / "icons.css").write_text(style_sheet(names, families), encoding="utf-8")
    shutil.rmtree(static / "vendor")
    for source_map in static.rglob("*.map"):
        source_map.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the making of the icons."""
    app.connect("build-finished", write_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
