"""A `autograder.checking.shown.Comparison` as HTML that reads without colours, is safe with any text in it, and survives cleaning."""

from __future__ import annotations

from markupsafe import Markup

from autograder.checking.shown import Comparison
from autograder.feedback.templating import TEMPLATES, macros

_TEMPLATE = macros(TEMPLATES / "report" / "comparison.html.j2")


def comparison_html(comparison: Comparison) -> Markup:
    """The pictures; windows of expected and received side by side, differing entries marked."""
    return _TEMPLATE.comparison(comparison)
