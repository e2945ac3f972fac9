"""Pages from templates: what a template shows is escaped, and stays in its place, unless it was made as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.filters import do_mark_safe as made_as_html

from autograder.feedback.harmless import calm

_CODE = re.compile(r"`([^`\n]+)`")


@cache
def _environment(folder: Path) -> Environment:
    """The templates of a folder; a name in them that nobody gave is an error.

    Filters: ``words`` sets the `code` in a text as code, ``breaks`` lets a name break where its words end, ``count`` puts a
    number before a word.
    """
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_calmed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"words": words, "breaks": _breaks, "count": count}
    return found


def template(path: Path, **filters: Callable[..., Any]) -> Template:
    """The template in a file, with filters of its own."""
    found = _environment(path.parent)
    found.filters |= filters
    return found.get_template(path.name)


def _calmed(value: Any) -> Any:
    return calm(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def words(text: str) -> Any:
    """A text with its `code` set as code."""
    return made_as_html(_CODE.sub(r"<code>\1</code>", html.escape(calm(text))))


def _breaks(text: str) -> Any:
    return made_as_html(html.escape(calm(text)).replace("_", "_<wbr>"))


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and what it is of."""
    return f"{number} {one if number == 1 else many or one + 's'}"
