"""Where cells stopped, and what a check says of a name that isn't there: which cell should have defined it, and why it didn't."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.checking.versions import hint
from autograder.jobs.defined import defined_names
from autograder.jobs.outputs import readable
from autograder.jobs.submission import Cell

_PLACE = re.compile(r" \((?:<[^>]{0,60}>, )?line \d+\)$")  # as errors of syntax end
MAX_MESSAGE = 200  # characters of an exception's message


@dataclass(frozen=True)
class Stop:
    """How a cell ended before its end.

    Attributes:
        why: the exception, or what the grader did, in words.
        line: of the cell, where it is known.
        hint: a sentence more where the cause is the grader's machine or versions, not the student's work.
    """

    why: str
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f" in line {self.line}" if self.line else ""
        return f"stopped{where}: {self.why}{'' if self.why.endswith('.') else '.'}{' ' if self.hint else ''}{self.hint}"


def stop_of(source: str, outputs: Sequence[dict], claimed: object, note: str = "") -> Stop | None:
    """How a cell ended, None if it came to its end.

    Args:
        source: of the cell.
        outputs: what it displayed, already cleaned; an exception is the last of its errors.
        claimed: the line, as the student's process claims it.
        note: what the grader did to it.
    """
    line = claimed if type(claimed) is int and 0 < claimed <= source.count("\n") + 1 else None
    if note:
        return Stop(note, line)
    errors = [output for output in outputs if output["output_type"] == "error"]
    if not errors:
        return None
    kind, message = readable(errors[-1]["ename"]), _PLACE.sub("", readable(errors[-1]["evalue"].strip().partition("\n")[0]))[:MAX_MESSAGE]
    return Stop(f"{kind}: {message}" if message else kind, line, hint(kind, errors[-1]["evalue"], source))


@dataclass(frozen=True)
class Course:
    """What came of a notebook's cells up to a check.

    Attributes:
        cells: all code cells.
        stops: how those ended that didn't come to their end, by index.
        at: index of the cell of the check.
    """

    cells: Sequence[Cell]
    stops: Mapping[int, Stop]
    at: int

    def stopped(self, name: str) -> str:
        """A sentence on the cell that should define ``name``, if it stopped; else nothing."""
        makers = [cell for cell in self.cells if cell.index <= self.at and name in defined_names(cell.source)]
        if not makers or makers[-1].index not in self.stops:
            return ""
        return f"Cell `{makers[-1].name}`, which should define it, {self.stops[makers[-1].index]}"

    def missing(self, name: str) -> str:
        """What a check says where there is no ``name``."""
        said = f"`{name}` is not defined after this cell"
        makers = [cell for cell in self.cells if name in defined_names(cell.source)]
        above = [cell for cell in makers if cell.index <= self.at]
        if why := self.stopped(name):
            return f"{said}. {why}"
        if above:
            return f"{said}: cell `{above[-1].name}` names it, but left it undefined."
        if makers:
            return f"{said}: it is defined further down only, in cell `{makers[0].name}`."
        there = {found for cell in self.cells if cell.index <= self.at for found in defined_names(cell.source)}
        close = difflib.get_close_matches(name, sorted(found for found in there if len(found) < 60), 1, 0.75)
        return f"{said}: no cell above defines it{f', but there is a `{close[0]}`' if close else ''}. Is the name spelled right?"


def undefined_name(kind: str, message: str) -> str:
    """The name that an exception says is not defined, empty if it is another exception."""
    match = re.match(r"(?:name|global name) '(\w+)' is not defined", message) if kind in ("NameError", "UnboundLocalError") else None
    return match[1] if match else ""
