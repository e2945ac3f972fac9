"""Small repairs of the theme's pages, and the repository's one setting."""

from __future__ import annotations

import re
from typing import Any

from bs4 import Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

REPOSITORY_BUTTONS = ("use_repository_button", "use_edit_page_button", "use_issues_button")

# What the writers get wrong for screen readers and speech input, with the cure.
BODY_REPAIRS = {
    # MyST-NB: a label that hides the visible words of a folded cell.
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # docutils: a role that ARIA has withdrawn, inside a list that wants items.
    'role="doc-biblioentry"': 'role="listitem"',
}
NUMBERED = re.compile(r"^[\d.]+ +")  # a chapter's number before its name
# sphinx-exercise: the space before a link is inside it, and underlined.
SPACE_IN_LINK = re.compile(r"(Solution to)(<a [^>]*>) ")


def switch_repository_buttons(_app: Sphinx, config: Config) -> None:
    """Show the repository's buttons exactly when its address is set."""
    options = config.html_theme_options
    known = bool(options.get("repository_url"))
    options.update(dict.fromkeys(REPOSITORY_BUTTONS, known))


def repair_body(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Repair a page's text."""
    for wrong, right in BODY_REPAIRS.items():
        context["body"] = context.get("body", "").replace(wrong, right)
    context["body"] = SPACE_IN_LINK.sub(r"\1 \2", context["body"])


def name_toggles(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Give what unfolds a chapter's pages in the navigation a name: the theme draws an arrow there, and nothing that can be read."""
    contents = context.get("generate_toctree_html")

    def with_names(*arguments: Any, **settings: Any) -> Any:
        found = contents(*arguments, **settings)
        for toggle in found.select("li > details > summary") if isinstance(found, Tag) else ():
            link = toggle.find_parent("li").find("a")
            toggle["aria-label"] = f"Pages of {NUMBERED.sub('', link.get_text(strip=True))}"
        return found

    if contents is not None:
        context["generate_toctree_html"] = with_names


def put_code_below(_app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Put the folded code of a figure below it, so that the figure follows the sentence that speaks of it."""
    for cell in doctree.findall(nodes.container):
        if "tag_hide-input" in cell["classes"] and len(cell) == 2:
            cell.append(cell.pop(0))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the repairs."""
    # Jupyter Book always sets this option of sphinx_comments, which we leave out.
    app.add_config_value("comments_config", {}, "html")
    app.connect("config-inited", switch_repository_buttons)
    app.connect("doctree-resolved", put_code_below)
    app.connect("html-page-context", repair_body)
    app.connect("html-page-context", name_toggles, priority=600)  # when the theme has put it there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
