"""A student's Markdown and LaTeX as clean HTML with MathML, so that a page needs no script of its own."""

from __future__ import annotations

import re
import secrets
from typing import Any

import bleach
from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.feedback.calm import calm
from autograder.feedback.page_room import NoRoom
from autograder.feedback.templating import PIECES, made_as_html

MAX_MARKDOWN = 12_000  # characters of one cell; rendering hostile Markdown could take hours
MAX_QUOTED = 30  # quotes or lists within each other
MAX_FORMULA = 1_500  # characters
MAX_MATHML = 40_000  # characters that become of one formula

MATHML_TAGS = frozenset(
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup"
    " mtable mtd mtext mtr munder munderover mprescripts none semantics".split()
)
MATHML_ATTRIBUTES = (
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height linebreak linethickness"
    " lspace mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator"
    " stretchy symmetric width xmlns"
).split()
_LENGTHS = frozenset("columnspacing depth height linethickness lspace mathsize maxsize minsize rowspacing rspace width".split())
_LENGTH = re.compile(r"(?:-0?\.\d{1,6}|\d?(?:\.\d{1,6})?)(?:em|ex|pt|px|mu)?|\d\d?(?:\.\d{1,6})?(?:pt|px|mu)|1?\d\d?%|[a-z]+", re.ASCII)

_MATH = re.compile(
    r"(?P<code>^(?P<fence>```++|~~~++).*?^(?P=fence)[^\n]*$|(?<!`)(?P<tick>`++).+?(?<!`)(?P=tick)(?!`))"
    r"|\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>[^\s$](?:[^$\n]*?[^\s$\\])?)\$(?!\d)"
    r"|(?<![\\$])\$(?P<spaced>[^$\n]{1,500})\$(?!\d)"
    r"|(?P<environment>\\begin\{(?P<name>[a-zA-Z]{1,12}\*?)\}.{1,1500}?\\end\{(?P=name)\})"
    r"|(?<!\\)(?P<slashes>\\\\?)(?:\((?P<round>[^\n]{1,1500}?)(?P=slashes)\)|\[(?P<square>.{1,1500}?)(?P=slashes)\])",
    re.DOTALL | re.MULTILINE,
)
_LOOKS_LIKE_MATHS = re.compile(r"\s*(?:[A-Za-z]\w{0,2}'*|-?\d+(?:\.\d+)?)\s*|.*[\\^_=<>+*/|].*", re.DOTALL)
_ALIGNED = re.compile(r"\\(begin|end)\{(?:align(?:ed|at)?|split|eqnarray|flalign)\*?\}(?:\{\d+\})?")
_STACKED = re.compile(r"\\(begin|end)\{(?:gather(?:ed)?|multline)\*?\}")
_NUMBERING = re.compile(r"\\(?:label\{[^{}]*\}|nonumber\b|notag\b)")
_NESTED = re.compile(rf"^(?:[ \t]*(?:>|[-*+]|\d{{1,9}}[.)])){{{MAX_QUOTED}}}", re.MULTILINE)


class _Renderer(IPythonRenderer):
    """Code without colours, which any language's reader may take hours for; a picture that isn't there is told."""

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"{PIECES.block_of_code(code)}\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("attachment:") and not self.attachments.get(url.removeprefix("attachment:")):
            return str(PIECES.picture_not_there(text or url))
        return super().image(text, url, title)


class Formulas:
    """The formulas of one text, held back while the rest is rendered and cleaned."""

    def __init__(self, most: int) -> None:
        self.most, self.made = most, list[Markup]()
        self.mark = f"FORMULA{secrets.token_hex(8)}N"  # nobody can write one of these into a notebook

    def held(self, source: str) -> str:
        """``source`` with a mark in place of each formula."""
        return _MATH.sub(self._hold, source)

    def _hold(self, match: re.Match[str]) -> str:
        shown = match["environment"] or match["block"] or match["square"]
        text = shown or match["inline"] or match["spaced"] or match["round"]
        sure = match["block"] or match["inline"] or match["environment"] or match["slashes"] == "\\\\"
        if text is None or not (sure or _LOOKS_LIKE_MATHS.fullmatch(text)):
            return match[0]
        block = shown is not None
        self.made.append(mathml(text, block) if len(self.made) < self.most else PIECES.code(text))
        return f"{self.mark}{len(self.made) - 1}HELD"

    def size(self) -> int:
        """Bytes of all that was held back, rendered."""
        return sum(len(made.encode()) for made in self.made)

    def put_back(self, page: Markup) -> Markup:
        return made_as_html(re.sub(rf"{self.mark}(\d+)HELD", lambda match: self.made[int(match[1])], page))


def mathml(source: str, display: bool = False) -> Markup:
    """LaTeX as MathML; what can't be converted is shown as its source."""
    shown: Markup = PIECES.code(source)
    if len(source) > MAX_FORMULA:
        return shown
    try:
        markup = convert(_usual(calm(source)), display="block" if display else "inline")
    except Exception:  # a student's LaTeX may be anything
        return shown
    if len(markup) > MAX_MATHML:
        return shown
    return made_as_html(bleach.clean(markup, tags=MATHML_TAGS, attributes=_math_attribute, strip=True))


def _usual(source: str) -> str:
    """LaTeX in the environments that can be converted, without numbers for equations."""
    source = _STACKED.sub(r"\\\1{matrix}", _ALIGNED.sub(r"\\\1{align*}", source))
    return _NUMBERING.sub("", re.sub(r"&\s*([=<>]|\\[a-z]+)\s*&", r"&\1", source))


def _math_attribute(tag: str, name: str, value: str) -> bool:
    return name in MATHML_ATTRIBUTES and (name not in _LENGTHS or all(_LENGTH.fullmatch(length) for length in value.split()))


def markdown_html(source: str, attachments: object = None) -> str:
    """Markdown as HTML that is not clean yet; formulas must have been held back."""
    if _NESTED.search(source):
        raise NoRoom(f"has more than {MAX_QUOTED} quotes or lists within each other")
    renderer = _Renderer(escape=False, attachments=known_pictures(attachments), embed_images=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)


def known_pictures(attachments: object) -> dict[str, dict[str, str]]:
    """What of a cell's attachments are pictures that a page can show."""
    found: dict[str, dict[str, str]] = {}
    for name, files in attachments.items() if isinstance(attachments, dict) else ():
        pictures: dict[str, Any] = files if isinstance(files, dict) else {}
        kept = {mime: "".join(data) if isinstance(data, list) else str(data) for mime, data in pictures.items()}
        kept = {mime: data for mime, data in kept.items() if mime in ("image/png", "image/jpeg", "image/gif", "image/svg+xml")}
        if kept:
            found[str(name)] = kept
    return found
