"""Texts of others that stay in their place on a page."""

from __future__ import annotations

import re

from autograder.jobs.outputs import readable

MAX_ACCENTS = 4  # on one letter: more of them paint over the lines above and below

_ACCENTS = (
    r"[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_PILES = re.compile(f"({_ACCENTS}{{{MAX_ACCENTS}}}){_ACCENTS}+")


def calm(text: str) -> str:
    """``text`` that stays in its place: no sign turns the text about it round, no pile of accents covers the next line."""
    return _PILES.sub(r"\1", readable(text))
