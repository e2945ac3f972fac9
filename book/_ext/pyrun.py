"""The directive `pyrun`: a program that the reader changes and runs in the page.

    ```{pyrun} Slide a kernel
    :name: run-slide
    :alt: What the program's picture shows, for those who can't see it.

    import numpy as np
    print(np.arange(3))
    ```

The program is complete in itself and uses numpy, matplotlib and Python's own library. With
`:check: convnets/correlate2d convnets/convolve2d` it starts with what students get of these tasks, their text stands
above it, and the visible checks of the notebook can be run on what the reader writes; the directive's own lines then
follow as something to try. Where no engine is there (see `engine_files.py`), in print and in an EPUB, the program
is an ordinary listing.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

import visible_checks
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

HEAD = "import numpy as np\n"
ELSEWHERE = (
    "To run this program, copy it (the button is at its top right) into a cell of a notebook in JupyterLab. "
    "It runs right here on pages that come from a web server, if the book was built with Python for its pages."
)
# The notebook's cells end so where a value is asked for, each for itself; here it would stop all that follows.
LEFT_OPEN = re.compile(r"^raise NotImplementedError\(\)\n?", re.MULTILINE)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


class pyrun(nodes.General, nodes.Element):
    """The element; inside it is the listing."""


class PyRun(SphinxDirective):
    """Insert a program."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"name": directives.unchanged_required, "alt": directives.unchanged_required, "check": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Make the texts of the tasks, and the element with its listing."""
        for option in ("name",) if "matplotlib" not in "\n".join(self.content) else ("name", "alt"):
            if option not in self.options:
                raise self.error(f"pyrun: expected the option :{option}:")
        tasks = self.tasks()
        program = program_of(tasks, "\n".join(self.content))
        try:
            compile(program, self.options["name"], "exec")
        except SyntaxError as error:
            raise self.error(f"{self.options['name']}: line {error.lineno} is no Python: {error.msg}") from error
        listing = nodes.literal_block(program, program, language="python3")
        checks = [{"task": task.name, "code": task.check, "complete": task.complete} for task in tasks]
        about = {"name": self.options["name"], "label": self.arguments[0], "alt": self.options.get("alt", "")}
        element = pyrun("", listing, about=about, checks=checks)
        self.env.metadata[self.env.docname]["pyrun"] = "yes"
        figure = nodes.container("", *self.texts(tasks), element, classes=["pyrun"])
        self.add_name(figure)
        return [figure]

    def tasks(self) -> list[visible_checks.Task]:
        """Return the tasks that the option names; the page is read again when their notebooks change."""
        found = []
        for name in self.options.get("check", "").split():
            assignment, _, task = name.partition("/")
            self.env.note_dependency(str(visible_checks.notebook_of(assignment)))
            try:
                found.append(visible_checks.task(assignment, task))
            except (visible_checks.NoCheck, FileNotFoundError) as error:
                raise self.error(f"{name}: {error}") from error
        return found

    def texts(self, tasks: list[visible_checks.Task]) -> list[nodes.Node]:
        """Return what the assignment says of the tasks, folded."""
        container = nodes.container()
        for text in dict.fromkeys(task.text for task in tasks):
            title = HEADING.findall(text)[-1]
            lines = [f"~~~~~~{{dropdown}} {title}, from the assignment", *HEADING.sub("", text).splitlines(), "~~~~~~"]
            self.state.nested_parse(StringList(lines, "assignment"), self.content_offset, container)
        return container.children


def program_of(tasks: list[visible_checks.Task], content: str) -> str:
    """Return the program: what students get of the tasks, then the directive's own lines."""
    if not tasks:
        return content.strip() + "\n"
    starters = [LEFT_OPEN.sub("", task.starter) for task in tasks]
    parts = [HEAD, *starters, *([content.strip()] if content.strip() else [])]
    return "\n\n".join(part.strip() + "\n" for part in parts)


def visit_html(self: Any, node: pyrun) -> None:
    """Open the element."""
    self.body.append("<py-run" + "".join(f' {name}="{html.escape(value)}"' for name, value in node["about"].items()) + ">\n")


def depart_html(self: Any, node: pyrun) -> None:
    """Write how to run the program elsewhere, its checks, and close the element."""
    checks = json.dumps(node["checks"]).replace("<", "\\u003c")
    self.body.append(f'<p class="pyrun-elsewhere" slot="elsewhere">{ELSEWHERE}</p>\n')
    self.body.append(f'<script type="application/json">{checks}</script>\n</py-run>\n')


def leave_out(_self: Any, _node: pyrun) -> None:
    """Elsewhere the listing alone is written."""


def load_element(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Load the element on pages that have programs, and on no others."""
    if app.env.metadata.get(page, {}).get("pyrun"):
        app.add_js_file("pyrun/py-run.mjs", type="module")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, what writes its element, and the setting that `book/build.py` reads."""
    app.add_config_value("pyrun_engine", "wasi", "")
    app.add_node(pyrun, html=(visit_html, depart_html), **dict.fromkeys(("epub", "latex", "text"), (leave_out, leave_out)))
    app.add_directive("pyrun", PyRun)
    app.connect("html-page-context", load_element)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
