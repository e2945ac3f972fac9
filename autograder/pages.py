"""Makes pages with students' work safe and self-contained: the feedback and the formgrader.

What a student wrote must not act in a reader's browser. Markdown is cleaned after it is rendered, HTML outputs before
they are shown: no script, no event handler, no form, no request to another host. Maths becomes MathML here, so a page
needs no script of its own. ``nbgrader_config.py`` names `Neutralise`, `safe_markdown` and `FeedbackPage`.
"""

from __future__ import annotations

import base64
import html
import re
import secrets
from collections import Counter
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

TAGS = frozenset(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i"
    " img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
UNCLOSED_TAGS = frozenset("area base br col embed hr img input link meta source track wbr p li td th tr dt dd option".split())
MATHML_TAGS = frozenset(
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup"
    " mtable mtd mtext mtr munder munderover mprescripts none semantics".split()
)
MATHML_ATTRIBUTES = (
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height linebreak linethickness"
    " lspace mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator"
    " stretchy symmetric width xmlns"
).split()
NARROW = """<style>
pre, code, td pre { white-space: pre-wrap !important; overflow-wrap: anywhere; }  /* long lines of code and messages wrap */
img, svg { max-width: 100%; }
@media (max-width: 600px) {
  .container, #notebook-container, .panel-body { padding-left: 2px !important; padding-right: 2px !important; }
}
</style>"""
REPORT = """<style>
.check-report ul { padding-left: 0; list-style: none; }
.check-report li { margin: 0.3em 0; padding-left: 0.8em; border-left: 3px solid #d5d5d5; }
.check-report li.failed { margin: 1em 0; border-color: #b8451f; }
.check-report p { margin: 0.5em 0; }
.check-report th, .check-report td { padding: 0 0.8em 0 0; vertical-align: top; }
.check-report .entries { max-width: 100%; overflow-x: auto; }
.check-report table { width: auto; border-collapse: collapse; }
.check-report caption { padding: 0.2em 0; text-align: left; color: inherit; white-space: nowrap; }
.check-report .entries th, .check-report .entries td { padding: 0.15em 0.5em; text-align: right; white-space: nowrap; }
.check-report .entries td { border: 1px solid #d5d5d5; font-variant-numeric: tabular-nums; }
.check-report .entries th, .check-report .entries thead td { border: 0; color: #595959; font-weight: normal; }
.check-report .pictures img { border: 1px solid #767676; }
.check-report mark { padding: 0; background-color: #ffe3a8; color: inherit; }
</style>"""
STYLES = "color background-color text-align vertical-align display font-weight font-style width height border padding margin".split()
PROTOCOLS = ("http", "https", "mailto", "data")  # what of them goes where is `_attribute`'s to say
# Cleaning hostile HTML and Markdown could take hours: what is longer or nested deeper is shown as the text it is.
MAX_HTML, MAX_MARKDOWN = 100_000, 20_000  # characters of one output, of one cell
MAX_PAGE_HTML = 500_000  # characters of all outputs of a notebook
MAX_OPEN = 200  # tags open at once
MAX_SHOWN = 20_000  # characters of a text shown instead
KEPT_OUTPUTS = ("text/plain", "text/html", "text/latex", "image/png", "image/jpeg", "image/svg+xml")

_MATH = re.compile(
    r"(?P<code>^(?P<fence>```++|~~~++).*?^(?P=fence)[^\n]*$|(?<!`)(?P<tick>`++).+?(?<!`)(?P=tick)(?!`))"
    r"|\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>[^\s$](?:[^$\n]*?[^\s$\\])?)\$(?!\d)",
    re.DOTALL | re.MULTILINE,
)


def _attribute(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and bool(re.match(r"data:image/(?:png|jpeg|gif|svg\+xml)[;,]", value))
    if name == "href":
        return tag == "a" and bool(re.match(r"(?:https?://|#|mailto:)", value))
    return name in ("alt", "title", "class", "id", "style", "colspan", "rowspan", "scope", "start", "open", "align")


def clean_html(text: str) -> str:
    """``text`` with only harmless tags and attributes left; pictures only as data, links only to the web."""
    if len(text) > MAX_HTML or _most_open(text) > MAX_OPEN:
        return as_text(text)
    style = CSSSanitizer(allowed_css_properties=STYLES)
    return bleach.Cleaner(tags=TAGS, attributes=_attribute, protocols=PROTOCOLS, strip=True, css_sanitizer=style).clean(text)


def as_text(text: str) -> str:
    """The beginning of ``text``, as it is written."""
    return f"<pre>{html.escape(text[:MAX_SHOWN])}{'…' if len(text) > MAX_SHOWN else ''}</pre>"


def _most_open(text: str) -> int:
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


def mathml(source: str, display: bool = False) -> str:
    """LaTeX as MathML; what can't be converted is shown as its source."""
    try:
        markup = convert(source, display="block" if display else "inline")
    except Exception:  # a student's LaTeX may be anything
        return f"<code>{html.escape(source)}</code>"
    return bleach.clean(markup, tags=MATHML_TAGS, attributes={"*": MATHML_ATTRIBUTES}, strip=True)


def render_markdown(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Markdown as clean HTML with MathML."""
    if len(source) > MAX_MARKDOWN:
        return as_text(source)
    formulas: list[str] = []
    mark = f"FORMULA{secrets.token_hex(8)}N"  # nobody can write one of these into a notebook

    def hold(match: re.Match) -> str:
        if match["code"]:
            return match["code"]
        block = match["block"] is not None
        formulas.append(mathml(match["block"] if block else match["inline"], block))
        return f"{mark}{len(formulas) - 1}HELD"

    held = _MATH.sub(hold, source)
    renderer = IPythonRenderer(escape=False, attachments=attachments or {}, embed_images=False, exclude_anchor_links=True)
    try:
        page = clean_html(MarkdownWithMath(renderer=renderer).render(held))
    except Exception:  # a picture that is missing, nesting without end: a student's text may be anything
        return as_text(source)
    return re.sub(rf"{mark}(\d+)HELD", lambda match: formulas[int(match[1])], page)


@pass_context
def safe_markdown(context: Any, source: str) -> str:
    """The ``markdown2html`` filter of pages with students' work."""
    return render_markdown(source, context.get("cell", {}).get("attachments", {}))


class Neutralise(Preprocessor):
    """Cleans the outputs and raw cells of a notebook that is about to become a page."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        self.room, self.style = MAX_PAGE_HTML, REPORT
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "raw":
            cell.source = self._cleaned("text/html", cell.source)
        if cell.cell_type == "code":
            for output in cell.outputs:
                if "data" in output:
                    output["data"] = self._harmless(output["data"])
                    _picture_from_svg(output["data"])
        return cell, resources

    def _harmless(self, data: dict[str, Any]) -> dict[str, str]:
        """What is kept of an output; where a page has no room for its HTML, its plain text."""
        kept = {mime: self._cleaned(mime, value) for mime, value in data.items() if mime in KEPT_OUTPUTS}
        if self.room < 0 and "text/plain" in kept:
            kept.pop("text/html", None)
        if 'class="check-report"' in kept.get("text/html", ""):  # the first brings the style of all
            kept["text/html"], self.style = self.style + kept["text/html"], ""
        return kept

    def _cleaned(self, mime: str, value: Any) -> str:
        value = "".join(value) if isinstance(value, list) else str(value)
        if mime == "text/html":
            self.room -= len(value)
            return clean_html(value) if self.room >= 0 else as_text(value)
        if mime.startswith("image/") and mime != "image/svg+xml":
            return re.sub(r"[^A-Za-z0-9+/=\s]", "", value)
        return value


def _picture_from_svg(data: dict[str, Any]) -> None:
    """A drawing as a picture: scripts in it don't run, and it loads nothing."""
    if "image/svg+xml" in data:
        encoded = base64.b64encode(data.pop("image/svg+xml").encode()).decode()
        data["text/html"] = f'<img alt="drawing" src="data:image/svg+xml;base64,{encoded}">'


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback page without anything from another host, its contents named after the tasks."""

    # nbconvert's base class promises a notebook; those that make pages return texts, and ignore it in the same way.
    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:  # type: ignore[override]
        for cell in nb.cells:
            info = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and info.get("grade") and not info.get("solution"):
                cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        page = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
        page = re.sub(r'<a href="#([\w-]+)">(?:Test cell|Written response|Comment)</a>', _entry, page)
        page = page.replace("<html>", '<html lang="en">', 1).replace("</head>", f"{NARROW}</head>", 1)
        return page, resources


def _entry(match: re.Match) -> str:
    kind = match[0].rpartition(">")[0].rpartition("<")[0].rpartition(">")[2]
    name = match[1].removeprefix("check_").removeprefix("comment-")
    label = {"Test cell": name, "Written response": f"{name} (written)", "Comment": f"comment on {name}"}[kind]
    return f'<a href="#{match[1]}">{label}</a>'
