"""What a student wrote, as HTML that does nothing in a reader's browser and looks like nothing of the page's own.

Tags, attributes and styles are those listed here; the rest is taken out. No script, no form, no request to another host;
no id, no name and no class of a page; no position, no negative or huge length. Texts lose what would move or hide others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import bleach
from markupsafe import Markup
from nbconvert.filters.ansi import ansi2html

from autograder.feedback.calm import calm
from autograder.feedback.templating import PIECES, between_tags, made_as_html
from autograder.jobs.outputs import cut

TAGS = frozenset(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i"
    " img ins kbd li mark ol p pre progress q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
UNCLOSED_TAGS = frozenset("area base br col embed hr img input link meta source track wbr p li td th tr dt dd option".split())
PROTOCOLS = ("http", "https", "mailto", "data")  # what of them goes where is `_value_stays`' to say
REPORT_CLASSES = frozenset(("check-report", "comparison", "entries", "failed", "pictures"))  # they mean something in a real report only

# Cleaning hostile HTML could take hours: what is longer or nested deeper is shown as the text it is.
MAX_HTML = 100_000  # characters of one piece, pictures not counted
MAX_OPEN = 200  # tags open at once
MAX_TAGS = 8_000
MAX_SHOWN = 20_000  # characters of one text

PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml)[;,]")
_LINK = re.compile(r"(?:https?://|mailto:)")
_ANY = re.compile(r"(?s).*")
_EXTENT = re.compile(r"1?\d{1,3}|100%|\d\d?%")
_VALUES: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("alt", "title", "open", "hidden"), _ANY),
    **dict.fromkeys(("width", "height"), _EXTENT),
    **dict.fromkeys(("colspan", "rowspan"), re.compile(r"\d{1,3}")),
    **dict.fromkeys(("value", "max"), re.compile(r"[\d.]{1,20}")),
    "start": re.compile(r"-?\d{1,6}"),
    "scope": re.compile(r"(?:row|col)(?:group)?"),
    "align": re.compile(r"left|right|center|justify"),
}
_SIZED = ("img", "table", "td", "th", "col", "progress")  # tags that may have a width and a height
_UNREAD = "style|script|template|title|noscript|iframe|object|textarea|select"
_SOURCES = re.compile(rf"<(/?)({_UNREAD})(?=[\s/>])", re.IGNORECASE)

# ---- texts


def as_text(text: str, most: int = MAX_SHOWN) -> Markup:
    """``text`` as it is written."""
    return PIECES.preformatted(between_tags(cut(text, most)))


def as_terminal(text: str, most: int = MAX_SHOWN) -> Markup:
    """``text`` with the colours that a terminal gives it."""
    pieces = cut(text, most).split("\x1b")
    coloured = made_as_html(calm(ansi2html(chr(27).join(map(calm, pieces)))))
    return PIECES.preformatted(coloured)


# ---- HTML


def clean_html(text: str, classes: frozenset[str] = REPORT_CLASSES) -> Markup:
    """``text`` with only harmless tags and attributes left; pictures only as data, links only to the web."""
    if too_much(text):
        return as_text(text)
    cleaner = bleach.Cleaner(tags=TAGS, attributes=_attributes(classes), protocols=PROTOCOLS, strip=True, css_sanitizer=Styles())
    return made_as_html(calm(cleaner.clean(without_sources(text))))


def too_much(text: str) -> str:
    """Why HTML isn't cleaned, fit to follow "it"; empty if it can be."""
    if len(text) > MAX_HTML:
        return f"has {len(text):,} characters, more than {MAX_HTML:,}"
    if text.count("<") > MAX_TAGS:
        return f"has more than {MAX_TAGS:,} tags"
    return f"has more than {MAX_OPEN} tags within each other" if most_open(text) > MAX_OPEN else ""


def _attributes(classes: frozenset[str]) -> Callable[[str, str, str], bool]:
    """Whether an attribute may stay, for bleach."""

    def stays(tag: str, name: str, value: str) -> bool:
        if name == "class":
            return bool(value.split()) and classes.issuperset(value.split())
        return _value_stays(tag, name, value)

    return stays


def _value_stays(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and bool(PICTURE.match(value))
    if name == "href":
        return tag == "a" and bool(_LINK.match(value))
    if (name in ("width", "height") and tag not in _SIZED) or (name in ("value", "max") and tag != "progress"):
        return False
    return name == "style" or (name in _VALUES and bool(_VALUES[name].fullmatch(value)))


def without_sources(text: str) -> str:
    """HTML without what stands between tags such as ``<style>`` and ``</style>``, which nobody means to be read."""
    kept, begin, inside = [], 0, ""
    for match in _SOURCES.finditer(text):
        closing, name = match[1], match[2].lower()
        if not inside and not closing:
            kept.append(text[begin : match.start()])
            inside, begin = name, match.start()
        elif inside == name and closing:
            end = text.find(">", match.end())
            inside, begin = "", end + 1 if end >= 0 else len(text)
    return "".join([*kept, text[begin:]])


def most_open(text: str) -> int:
    """How many tags are open at once at most, those that never close included."""
    opened: Counter[str] = Counter()
    most = depth = 0
    for closing, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", text):
        name = name.lower()
        if closing:
            depth -= 1 if opened[name] > 0 else 0
            opened[name] = max(0, opened[name] - 1)
        elif name not in UNCLOSED_TAGS:
            opened[name] += 1
            depth += 1
            most = max(most, depth)
    return most


# ---- styles

_SIDES = ("", "-top", "-right", "-bottom", "-left")
_COLOUR = r"(?:[a-z]{3,25}|#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([\d.,%\s/]{1,40}\))"
_THIN = r"(?:0|1?\d(?:\.\d{1,4})?(?:px|pt)|[01]?(?:\.\d{1,4})?em)"
_BORDER = rf"(?:{_COLOUR}|solid|dashed|dotted|double|none|{_THIN})"
_STYLES = {
    "color": _COLOUR,
    "background-color": _COLOUR,
    "background": _COLOUR,
    "text-align": "left|right|center|justify|start|end",
    "vertical-align": "top|middle|bottom|baseline|sub|super|text-top|text-bottom",
    "display": "inline|inline-block|block|table|table-row|table-cell",
    "font-weight": "normal|bold|lighter|bolder|[1-9]00",
    "font-style": "normal|italic|oblique",
    "text-decoration": "none|underline|line-through|overline",
    "white-space": "normal|nowrap|pre|pre-wrap|pre-line",
    "border-collapse": "collapse|separate",
    **{f"border{side}": rf"{_BORDER}(?:\s{_BORDER}){{0,2}}" for side in (*_SIDES, "-color", "-style", "-width")},
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _STYLES.items()}
_MOST = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0}  # pixels in a unit
_LENGTHS = dict.fromkeys(("width", "height", "max-width", "max-height", "min-width", "min-height"), 1000.0)
_LENGTHS |= {f"{name}{side}": 64.0 for name in ("margin", "padding") for side in _SIDES} | {"border-radius": 64.0}
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})([a-z%]*)")
MAX_STYLE = 2000  # characters


class Styles:
    """Stands where bleach has its reader of CSS, which runs out of stack at nested brackets: plain values, listed and limited."""

    def sanitize_css(self, style: str) -> str:
        declarations = [] if len(style) > MAX_STYLE else style.lower().split(";")
        pairs = [(name.strip(), value.strip()) for name, colon, value in (text.partition(":") for text in declarations) if colon]
        return " ".join(f"{name}: {value};" for name, value in pairs if harmless_style(name, value))


def harmless_style(name: str, value: str) -> bool:
    """Whether a declaration such as ``padding: 1em 0`` neither moves nor covers anything but its own text."""
    if name in _PATTERNS:
        return bool(_PATTERNS[name].fullmatch(value))
    lengths = value.split()
    return name in _LENGTHS and 1 <= len(lengths) <= 4 and all(_short(length, _LENGTHS[name]) for length in lengths)


def _short(length: str, most: float) -> bool:
    if length == "auto":
        return True
    match = _LENGTH.fullmatch(length)
    if match is None:
        return False
    number, unit = float(match[1]), match[2]
    if unit == "%":
        return number <= (100 if most > 100 else 10)
    return number == 0 if not unit else unit in _MOST and number * _MOST[unit] <= most
