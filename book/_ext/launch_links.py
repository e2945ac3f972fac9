"""Buttons that open a chapter where it can be run; they are there exactly when the repository's address is set.

The theme makes those of Binder (which opens JupyterLab), of Colab, which reads GitHub alone, and of a JupyterHub, if
one is named. Added here is JupyterLab on the reader's own computer.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
LAB = "http://localhost:8888/lab/tree"
GROUP = "launch-buttons"


def services(repository: str, named: dict[str, Any]) -> dict[str, Any]:
    """Return the theme's setting `launch_buttons`.

    Args:
        repository: its address; empty for none, and then there is no button.
        named: what `_config.yml` says under `launch_buttons`; what it names wins.
    """
    if not repository:
        return {}
    usual = {"notebook_interface": "jupyterlab", "binderhub_url": BINDER}
    if "github.com" in repository:
        usual["colab_url"] = COLAB
    return {**usual, **{key: value for key, value in named.items() if value}}


def configure(_app: Sphinx, config: Config) -> None:
    """Switch the theme's buttons on or off."""
    options = config.html_theme_options
    options["launch_buttons"] = services(options.get("repository_url", ""), options.get("launch_buttons") or {})


def add_lab(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Put JupyterLab first among the buttons of a notebook's page."""
    group = next((button for button in context.get("header_buttons", []) if button.get("label") == GROUP), None)
    if group:
        group["buttons"].insert(
            0,
            {
                "type": "link",
                "text": "JupyterLab",
                "tooltip": "Open in JupyterLab on this computer, started with make lab",
                "icon": "_static/images/logo_jupyterhub.svg",
                "url": f"{LAB}/{page}.ipynb",
            },
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the buttons."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", add_lab, priority=502)  # after the theme's
    return {"parallel_read_safe": True, "parallel_write_safe": True}
