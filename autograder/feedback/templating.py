"""Pages and pieces of them from templates: what a template shows is escaped, and stays in its place, unless it was made as HTML.

HTML that was made is a `Markup`; every other text counts as text. Whoever makes HTML of a text in another way than by a
template, by cleaning or colouring it, says so with `made_as_html`; which modules do is listed in tests/project/test_templates.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from autograder.feedback.calm import calm
from autograder.places import PACKAGE

TEMPLATES = PACKAGE / "feedback" / "templates"
NOTHING = Markup()
_CODE = re.compile(r"`([^`\n]+)`")


def made_as_html(page: str) -> Markup:
    """``page`` as HTML that templates show as it is: our own code made it, and whatever is another's in it is harmless."""
    return Markup(page)


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


def macros(path: Path, **filters: Callable[..., Any]) -> Any:
    """The macros of the template in a file: functions that make HTML of what they are given."""
    return template(path, **filters).module


def _calmed(value: Any) -> Any:
    return calm(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def words(text: str) -> Markup:
    """A text with its `code` set as code."""
    parts = _CODE.split(calm(text))
    return NOTHING.join(PIECES.code(part) if place % 2 else part for place, part in enumerate(parts))


def _breaks(text: str) -> Markup:
    end: Markup = PIECES.end_of_word()
    return end.join(calm(text).split("_"))


def between_tags(text: str) -> Markup:
    """A text that stands between tags, where quotes need no escaping: a long one takes no more room than it has."""
    return made_as_html(escaped(text).replace("&#39;", "'").replace("&#34;", '"'))


def escaped(text: str) -> str:
    """A text for templates of others, which show it as it is."""
    return str(escape(calm(text)))


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and what it is of."""
    return f"{number} {one if number == 1 else many or one + 's'}"


PIECES = macros(TEMPLATES / "page" / "pieces.html.j2")
