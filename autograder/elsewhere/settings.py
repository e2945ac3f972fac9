"""What a course set of ``c.Grade``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader


def grade_settings(course: Path) -> dict[str, Any]:
    """The values that the ``nbgrader_config.py`` of a course folder, if it has one, gives to ``c.Grade``."""
    app = NbGrader()
    app.initialize([], root=str(course.resolve()))
    return {name: value for name, value in app.config.get("Grade", {}).items() if isinstance(value, (bool, int, float, str))}
