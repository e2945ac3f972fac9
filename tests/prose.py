"""The numbers typed into the text of a chapter or an assignment, and those that its cells compute."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.course import ROOT
from autograder.chapters import chapters
from autograder.reference import rnn_design_data

TEXTS = {
    **{f"book/{name}": chapter.notebooks() for name, chapter in chapters().items()},
    **{f"source/{path.stem}": [path] for path in sorted((ROOT / "source").glob("*/*.ipynb"))},
}
SEPARATOR = "(?:,|\\{,\\}|\N{NARROW NO-BREAK SPACE}|\N{NO-BREAK SPACE})"
NUMBER = re.compile(rf"(?<![\w.])\d{{1,3}}(?:{SEPARATOR}\d{{3}})+(?:\.\d+)?(?![\d,])|(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?")
NO_PROSE = re.compile(
    r"\{[\w:]+\}`[^`]*`"  # roles: references, terms, citations
    r"|\]\([^)]*\)|<[^>]*>|https?://\S+"  # addresses and HTML
    r"|`[^`]*`"  # code
    r"|^:[\w-]+:.*$",  # options of directives
    re.MULTILINE,
)
TASK = r"\d+(?:\.\d+)?"
POINTS = re.compile(
    rf"^##+ Tasks? {TASK}(?: and {TASK})? |\((?:\d+ \+ )?\d+ points?\)$"  # headings of tasks
    rf"|\btasks? {TASK}"  # references to them
    r"|\b\d+ points in total, \d+ of them"
    r"|\b\d+ points?\b",  # of a rubric
    re.MULTILINE,
)
POINTS_BY_CHECK = re.compile(r"\b(\d+) (?:more )?(?:if|from|for) ")  # in a line that begins with *Points:*


@dataclass(frozen=True)
class Typed:
    """One number in a text: as it is written, and the words around it."""

    text: str
    around: str

    @property
    def value(self) -> float:
        return value_of(self.text)

    @property
    def decimals(self) -> int:
        return len(self.text.partition("e")[0].partition(".")[2])


def value_of(text: str) -> float:
    """The number that a text such as ``12,288`` or ``0.5`` means."""
    return float(re.sub(SEPARATOR, "", text))


def typed(text: str) -> Iterator[Typed]:
    """The numbers in the prose and the formulas of a MyST text, without signs; not those in code, addresses and roles."""
    prose = NO_PROSE.sub(lambda found: " " * len(found[0]), text)
    for found in NUMBER.finditer(prose):
        around = prose[max(0, found.start() - 40) : found.end() + 40]
        yield Typed(found[0], " ".join(around.split()))


def without_points(text: str) -> str:
    """An assignment's text without the numbers of tasks and points."""
    lines = (POINTS_BY_CHECK.sub("", line) if line.startswith("*Points:*") else line for line in text.splitlines())
    return POINTS.sub("", "\n".join(lines))


def numbers_of(text: str) -> set[float]:
    """All numbers that stand in a program or in what it printed, without signs."""
    return {value_of(found[0]) for found in NUMBER.finditer(text)}


def computed(cells: list[dict[str, Any]]) -> set[float]:
    """The numbers in the code of cells and in the texts of their outputs."""
    texts = []
    for cell in cells:
        if cell["cell_type"] == "code":
            texts.append("".join(cell["source"]))
            for output in cell["outputs"]:
                texts.append("".join(output.get("text", "")))
                texts += ["".join(content) for kind, content in output.get("data", {}).items() if kind.startswith("text/")]
    return set().union(*map(numbers_of, texts)) if texts else set()


def stands_for(number: Typed, values: set[float]) -> bool:
    """Whether a number is one of the values, or one of them rounded as it is written, also in per cent."""
    digits = number.decimals
    if number.value in values:
        return True
    return any(round(scale * value, digits) == number.value for value in values if value != int(value) for scale in (1, 100))


def names_for(name: str) -> dict[str, Any]:
    """What an expression may use: modules, the text's folder, the assignment's hidden checks as text, and their constants."""
    checks = (ROOT / "autograder" / "checks" / f"test_{name.partition('/')[2]}.py").read_text("utf-8")
    names = {"np": np, "json": json, "re": re, "language": rnn_design_data, "folder": TEXTS[name][0].parent, "checks": checks}
    for node in ast.parse(checks).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Tuple)):
            with contextlib.suppress(ValueError):  # no constant
                value = ast.literal_eval(node.value)
                targets = getattr(node.targets[0], "elts", None)
                names |= {t.id: v for t, v in zip(targets, value, strict=True)} if targets else {node.targets[0].id: value}
    return names
