"""Tables in YAML that the tests keep of each chapter, beside its other tests."""

from __future__ import annotations

from typing import Any

import yaml

from autograder.authoring.course import CHAPTERS


def read_tables(file: str) -> dict[str, Any]:
    """What the file of this name holds of each chapter that has one, by the chapter's id."""
    return {path.parent.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(CHAPTERS.glob(f"*/{file}"))}
