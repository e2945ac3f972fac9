"""The directive `grading-settings`: the table of the engine's settings, from its source."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SETTINGS = Path(__file__).resolve().parents[2] / "autograder" / "settings.py"


def settings_table() -> str:
    """Return the engine's settings as a Markdown table; nothing else of it is imported."""
    spec = importlib.util.spec_from_file_location("grading_engine_settings", SETTINGS)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.settings_table()


class GradingSettings(SphinxDirective):
    """Insert the table; the page is read again when the settings change."""

    def run(self) -> list[nodes.Node]:
        """Parse the table as part of the page."""
        self.env.note_dependency(str(SETTINGS))
        container = nodes.container()
        lines = StringList(settings_table().splitlines(), str(SETTINGS))
        self.state.nested_parse(lines, self.content_offset, container)
        return container.children


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("grading-settings", GradingSettings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
