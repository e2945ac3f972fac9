"""What a self-check says: its YAML, read and found whole or refused in words."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FENCE = re.compile(r"^(`{3,}|:{3,})\{self-check\}[ \t]*\n(.*?)\n\1[ \t]*$", re.DOTALL | re.MULTILINE)
FORMULA_ALONE = re.compile(r"\$[^$]*\$[.,;]?")
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


class CheckError(ValueError):
    """A self-check isn't as it must be; the message says where, what was expected and what came."""


@dataclass(frozen=True)
class Choice:
    """One choice: its text, why it is right or wrong, and what decides that."""

    text: str
    feedback: str
    right: bool
    when: str  # "" where a definition decides


@dataclass(frozen=True)
class Mistake:
    """A number that a typical mistake leads to."""

    value: str
    feedback: str


@dataclass(frozen=True)
class Check:
    """One self-check, as its author wrote it; expressions are texts."""

    id: str
    question: str
    choices: tuple[Choice, ...] = ()
    several: bool = False
    answer: str = ""
    tolerance: float = 0.0
    unit: str = ""
    explanation: str = ""
    mistakes: tuple[Mistake, ...] = ()
    definition: bool = False
    source: str = ""
    given: str = ""
    holds: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()

    def expressions(self) -> dict[str, str]:
        """Every expression by its place: `answer`, `holds[0]`, `choices[1].when`, `mistakes[0].value`."""
        found = {"answer": self.answer} if self.answer else {}
        found |= {f"holds[{n}]": text for n, text in enumerate(self.holds)}
        found |= {f"choices[{n}].when": choice.when for n, choice in enumerate(self.choices) if choice.when}
        return found | {f"mistakes[{n}].value": mistake.value for n, mistake in enumerate(self.mistakes)}


class Reader:
    """Takes the fields of one mapping, and says in words what is wrong with them."""

    def __init__(self, fields: Any, place: str, allowed: Iterable[str]) -> None:
        self.place = place
        if not isinstance(fields, dict):
            raise CheckError(f"{place}: expected fields such as {', '.join(allowed)}, got {fields!r}")
        if unknown := sorted(set(map(str, fields)) - set(allowed)):
            raise CheckError(f"{place}: expected only {', '.join(allowed)}, got {', '.join(unknown)}")
        self.fields = fields

    def error(self, name: str, expected: str) -> CheckError:
        came = f"got {self.fields[name]!r}" if name in self.fields else "got nothing"
        return CheckError(f"{self.place}: {name}: expected {expected}, {came}")

    def text(self, name: str, required: bool = True) -> str:
        value = self.fields.get(name, None if required else "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise self.error(name, "a text (put it in quotes, or behind a | on lines of its own)")
        return value.strip()

    def expression(self, name: str, required: bool = True) -> str:
        value = self.fields.get(name, None if required else "")
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = repr(value)
        if not isinstance(value, str) or (required and not value.strip()):
            raise self.error(name, "a Python expression (in quotes if YAML reads it as something else)")
        if value:
            self._parse(name, value, "eval")
        return value.strip()

    def statements(self, name: str) -> str:
        value = self.text(name, required=False)
        self._parse(name, value, "exec")
        return value

    def _parse(self, name: str, code: str, mode: str) -> None:
        try:
            ast.parse(code.strip(), mode=mode)
        except SyntaxError as error:
            raise self.error(name, f"Python ({error.msg})") from None

    def truth(self, name: str) -> bool:
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise self.error(name, "true or false")
        return value

    def entries(self, name: str) -> list[Any]:
        value = self.fields.get(name, [])
        if not isinstance(value, list):
            raise self.error(name, "a list")
        return value


def read_check(content: str, file: str) -> Check:
    """Return the check that a directive's YAML describes.

    Args:
        content: the directive's body.
        file: the page it stands in, for messages.

    Raises:
        CheckError: naming the file, the check and what was expected.
    """
    try:
        fields = yaml.safe_load(content)
    except yaml.YAMLError as error:
        name = re.match(r"id: *(\S*)", content)
        raise CheckError(f"{file}: self-check {name[1] if name else ''}: expected YAML, got {' '.join(str(error).split())}") from None
    name = fields.get("id") if isinstance(fields, dict) else None
    allowed = Check.__dataclass_fields__
    top = Reader(fields, f"{file}: self-check {name}" if name else f"{file}: self-check", allowed)
    for identifier in [top.text("id"), *top.entries("formerly")]:
        if not IDENTIFIER.fullmatch(str(identifier)):
            raise top.error("id", "the chapter's prefix and words in small letters with hyphens, such as cn-stride")
    check = _check(top)
    _whole(check, top)
    return check


def _check(top: Reader) -> Check:
    """Return the check with every field read."""
    choices = tuple(_choice(fields, f"{top.place}: choices[{n}]") for n, fields in enumerate(top.entries("choices")))
    mistakes = tuple(_mistake(fields, f"{top.place}: mistakes[{n}]") for n, fields in enumerate(top.entries("mistakes")))
    tolerance = top.fields.get("tolerance", 0)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or tolerance < 0:
        raise top.error("tolerance", "a number of at least 0, the largest accepted difference")
    holds = {f"holds[{n}]": text for n, text in enumerate(top.entries("holds"))}
    truths = Reader(holds, top.place, holds)
    return Check(
        id=top.text("id"), question=top.text("question"), choices=choices, several=top.truth("several"),
        answer=top.expression("answer", required=False), tolerance=float(tolerance),
        unit=top.text("unit", required=False), explanation=top.text("explanation", required=False), mistakes=mistakes,
        definition=top.truth("definition"), source=top.text("source", required=False), given=top.statements("given"),
        holds=tuple(map(truths.expression, holds)), formerly=tuple(top.entries("formerly")),
    )  # fmt: skip


def _choice(fields: Any, place: str) -> Choice:
    choice = Reader(fields, place, ("text", "feedback", "right", "when"))
    if FORMULA_ALONE.fullmatch(choice.text("text")):
        raise choice.error("text", "a word or more beside the formula, for those who have the choices named to them")
    return Choice(choice.text("text"), choice.text("feedback"), choice.truth("right"), choice.expression("when", required=False))


def _mistake(fields: Any, place: str) -> Mistake:
    mistake = Reader(fields, place, ("value", "feedback"))
    return Mistake(mistake.expression("value"), mistake.text("feedback"))


def _whole(check: Check, top: Reader) -> None:
    """Refuse a check whose fields don't make one question with one key."""
    if bool(check.choices) == bool(check.answer):
        raise top.error("choices", "either choices or an answer")
    if check.answer:
        _whole_number(check, top)
        return
    right = sum(choice.right for choice in check.choices)
    if len(check.choices) < 2 or not (right >= 1 if check.several else right == 1):
        expected = "one or more" if check.several else "exactly one"
        raise CheckError(
            f"{top.place}: choices: expected two or more, {expected} with right: true; got {len(check.choices)}, {right} right"
        )
    if check.definition and not check.source:
        raise top.error("source", "where the definition stands (the key isn't computed)")
    open_choices = [str(n) for n, choice in enumerate(check.choices) if not choice.when]
    if open_choices and not check.definition:
        raise CheckError(
            f"{top.place}: choices[{', '.join(open_choices)}]: expected when: an expression that is True for a right choice and "
            "False for a wrong one (or, for the whole check, definition: true with a source), got nothing"
        )


def _whole_number(check: Check, top: Reader) -> None:
    """Refuse a numeric check whose answer isn't computed, or that teaches nothing."""
    if isinstance(ast.parse(check.answer, mode="eval").body, ast.Constant):
        raise top.error("answer", "an expression of the course's code, not its result")
    if not check.explanation:
        raise top.error("explanation", "a sentence that says how the number comes about")
    if not check.mistakes:
        raise top.error("mistakes", "at least one value with its feedback")


def checks_in(text: str, file: str) -> Iterator[Check]:
    """Yield the self-checks of a Markdown text."""
    for fence in FENCE.finditer(text):
        yield read_check(fence[2], file)


def markdown_of(file: Path) -> str:
    """Return a page's Markdown; of a notebook that of its text cells."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".ipynb":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)
