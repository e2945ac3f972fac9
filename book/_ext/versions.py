"""The directives `versions` and `run-times`: what the book was computed with, and how long each chapter took."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import run_times
from bundles import title_of
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.chapters import chapters, source_of

PACKAGES = (
    ("Computing", ("numpy", "scipy", "torch", "torchvision", "scikit-learn", "optuna", "pillow")),
    ("Drawing", ("matplotlib",)),
    ("Notebooks", ("jupyterlab", "ipykernel", "nbformat", "jupyter-cache", "nbgrader")),
    ("The book", ("jupyter-book", "sphinx", "myst-nb", "sphinx-book-theme", "sphinxcontrib-katex", "sphinx-exercise")),
)


def version_rows() -> list[str]:
    """Return the table of versions, in Markdown."""
    rows = ["| Used for | Package | Version |", "|---|---|---|", f"| Everything | Python | {platform.python_version()} |"]
    for purpose, names in PACKAGES:
        rows += [f"| {purpose} | {name} | {version(name)} |" for name in names]
    return rows


def time_rows(root: Path, times: dict[str, float | None]) -> list[str]:
    """Return the table of run times, in Markdown.

    Args:
        root: the course's folder.
        times: seconds of each chapter, where they are known.
    """
    rows = ["| Chapter | Seconds |", "|---|---:|"]
    for name, chapter in chapters(root).items():
        title, seconds = title_of(source_of(chapter.opening, root)), times.get(name)
        rows.append(f"| {{doc}}`{title} </{chapter.opening}>` | {'not known' if seconds is None else f'{seconds:.0f}'} |")
    return rows


class Versions(SphinxDirective):
    """Insert the table of versions."""

    def run(self) -> list[nodes.Node]:
        """Parse the table as part of the page."""
        return parsed(self, version_rows())


class RunTimes(SphinxDirective):
    """Insert the table of run times; the page is read again when a chapter has run."""

    def run(self) -> list[nodes.Node]:
        """Parse the table as part of the page."""
        output = Path(self.env.app.outdir).parent
        self.env.note_dependency(str(output / run_times.FILE))
        rows = time_rows(Path(self.env.srcdir), run_times.read(output))
        machine = f"{os.cpu_count()} processors ({platform.machine()}), {platform.system()}; one thread a chapter."
        return parsed(self, [*rows, "", f"Measured on a machine with {machine}"])


def parsed(directive: SphinxDirective, lines: list[str]) -> list[nodes.Node]:
    """Return Markdown as nodes of the page that the directive stands on."""
    container = nodes.container()
    directive.state.nested_parse(StringList(lines, directive.name), directive.content_offset, container)
    return container.children


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("versions", Versions)
    app.add_directive("run-times", RunTimes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
