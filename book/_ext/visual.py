"""The directive `visual`: a visualiser of `book/_static/live`, a picture the reader can change.

    ```{visual} output-size
    :name: sizes
    :settings: padding=1 stride=2

    What is to be seen and tried, in a sentence or two.
    ```

The sentences become the caption: they also stand where no script runs (PDF, EPUB, print). `name` makes the
picture a target for links and names its settings in the address (`?sizes.stride=3`). `still` is a drawing that
stands for the visualiser on paper, and in the page until its script has run; `alt` says what it shows.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

LIVE = Path(__file__).resolve().parents[1] / "_static" / "live"
SETTING = re.compile(r"""([\w-]+)=("[^"]*"|\S+)\s*""")


class visual(nodes.General, nodes.Element):
    """The element itself; `tag` is its name, `settings` its attributes."""


def visualisers() -> list[str]:
    """Return the names of all visualisers, which are those of their files."""
    return sorted(file.stem for file in LIVE.glob("*-*.mjs") if not file.stem.startswith("self-check"))


def settings_of(text: str) -> dict[str, str]:
    """Return the settings that a text names.

    Args:
        text: `name=value` pairs with spaces between; a value with spaces stands in double quotes.

    Raises:
        ValueError: something else is there.
    """
    settings, rest = {}, text.strip()
    while rest:
        found = SETTING.match(rest)
        if not found:
            raise ValueError(f'expected settings such as stride=2 kernel="1 0;0 1", not {rest!r}')
        settings[found[1]] = found[2].strip('"')
        rest = rest[found.end() :]
    return settings


class Visual(SphinxDirective):
    """Insert a visualiser with its caption."""

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012
        "name": directives.unchanged,
        "settings": settings_of,
        "still": directives.uri,
        "alt": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Make a figure of the element and its caption."""
        tag = self.arguments[0]
        if tag not in visualisers():
            raise self.error(f"There is no visualiser {tag}; there are: {', '.join(visualisers())}.")
        if not self.content:
            raise self.error(f"{tag}: expected a sentence that says what is to be seen and tried.")
        self.env.metadata[self.env.docname].setdefault("visuals", "")
        self.env.metadata[self.env.docname]["visuals"] += f" {tag}"
        settings = dict(self.options.get("settings", {}))
        if "name" in self.options:
            settings["name"] = self.options["name"]
        element = visual("", *self.still(tag), tag=tag, settings=settings)
        caption = nodes.container(classes=["visual-caption"])
        self.state.nested_parse(self.content, self.content_offset, caption)
        figure = nodes.container("", element, caption, classes=["visual"])
        self.add_name(figure)
        return [figure]

    def still(self, tag: str) -> list[nodes.Node]:
        """Return the drawing that stands for it where no script runs, if it has one."""
        if ("still" in self.options) != ("alt" in self.options):
            raise self.error(f"{tag}: a still needs a text that says what it shows (alt), and such a text needs a still.")
        return [nodes.image(uri=self.options["still"], alt=self.options["alt"])] if "still" in self.options else []


def visit_html(self: Any, node: visual) -> None:
    """Write the element; its settings are attributes."""
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node["settings"].items())
    self.body.append(f"<{node['tag']}{attributes}>")


def depart_html(self: Any, node: visual) -> None:
    """Close the element."""
    self.body.append(f"</{node['tag']}>\n")


def skip(_self: Any, _node: visual) -> None:
    """Leave the element out where nothing can run: the caption stays."""
    raise nodes.SkipNode


def load_modules(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Load on a page the visualisers that it shows, and no others."""
    for tag in dict.fromkeys(app.env.metadata.get(page, {}).get("visuals", "").split()):
        app.add_js_file(f"live/{tag}.mjs", type="module")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and what writes its element."""
    app.add_node(visual, html=(visit_html, depart_html), epub=(skip, None), latex=(skip, None), text=(skip, None))
    app.add_directive("visual", Visual)
    app.connect("html-page-context", load_modules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
