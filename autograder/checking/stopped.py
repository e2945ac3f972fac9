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
MOST_LINKS = 2  # cells before the one that stopped that are told of, each of which lacked a name of the one before it


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

    def stopped(self, name: str, before: tuple[str, ...] = ()) -> str:
        """A sentence on the cell that should define ``name``, if it stopped, and on what led to that; else nothing.

        Args:
            name: what isn't there.
            before: names that were asked for already.
        """
        maker = next((cell for cell in reversed(self._above) if name in defined_names(cell.source)), None)
        if maker is None or maker.index not in self.stops or name in before or len(before) > MOST_LINKS:
            return ""
        stop, what = self.stops[maker.index], f"`{name}`" if before else "it"
        more = self.stopped(undefined_name(*stop.why.partition(": ")[::2]), (*before, name))
        return f"Cell `{maker.name}`, which should define {what}, {stop}{' ' if more else ''}{more}"

    def missing(self, name: str) -> str:
        """What a check says where there is no ``name``."""
        said = f"`{name}` is not defined after this cell"
        if why := self.stopped(name):
            return f"{said}. {why}"
        makers = [cell for cell in self.cells if name in defined_names(cell.source)]
        if above := [cell for cell in makers if cell.index <= self.at]:
            return f"{said}: cell `{above[-1].name}` names it, but left it undefined."
        if makers:
            return f"{said}: it is defined further down only, in cell `{makers[0].name}`."
        inside = re.compile(rf"^[ \t]+(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b", re.MULTILINE)
        if within := next((cell for cell in self._above if inside.search(cell.source)), None):
            return f"{said}: cell `{within.name}` defines it within another function or class only. Is it indented too far?"
        close = self._close(name)
        if close:
            return f"{said}: no cell above defines it, but there is a `{close}`. Is the name spelled right?"
        return f"{said}: no cell above defines it. Was its cell deleted, or is the name spelled otherwise?"

    def undefined(self, name: str) -> str:
        """What is known of a ``name`` that a function asked for in vain: where it should come from; nothing for no name."""
        if not name or not self.cells or any(not defined_names(cell.source).isdisjoint((name, "*")) for cell in self._above):
            return self.stopped(name)
        close = self._close(name)
        return f"No cell above defines `{name}`{f', but there is a `{close}`' if close else ''}."

    @property
    def _above(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.index <= self.at]

    def _close(self, name: str) -> str:
        """A name of the cells above that is spelled nearly the same."""
        there = {found for cell in self._above for found in defined_names(cell.source)}
        return next(iter(difflib.get_close_matches(name, sorted(found for found in there if len(found) < 60), 1, 0.75)), "")


def undefined_name(kind: str, message: str) -> str:
    """The name that an exception says is not defined, empty if it is another exception."""
    match = re.match(r"(?:name|global name) '(\w+)' is not defined", message) if kind in ("NameError", "UnboundLocalError") else None
    return match[1] if match else ""
