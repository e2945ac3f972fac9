"""What grading makes of a submission: its cells, the outcomes of their checks, and the points these are worth."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from autograder.jobs.comparison import Comparison
from autograder.jobs.fate import Cause

SCORE_DIGITS = 2
BY_CHECKS = "points by checks"  # what each line of a run's progress holds


@dataclass(frozen=True)
class CheckReport:
    """The outcome of one hidden check.

    Attributes:
        name: the check's name for the student (first line of its docstring).
        passed: whether it passed.
        points: its weight within the cell.
        message: what went wrong, empty if it passed.
        hint: the rest of its docstring.
        expected, received: shown side by side if the check chose to.
        comparison: expected and received entry by entry, where that says more.
        broken: the check itself failed unexpectedly (for the instructor).
        seconds: how long it took.
        cause: what kept the student's code from being judged as usual.
        diagnosis: the mistake that it comes of, with which the message ends; empty where none was recognised.
        possible: all mistakes that may have led to it, until those of the cell's other checks are known.
        kin: what failures of one cause have in common where no mistake is recognised.
    """

    name: str
    passed: bool
    points: float = 1.0
    message: str = ""
    hint: str = ""
    expected: str | None = None
    received: str | None = None
    comparison: Comparison | None = None
    broken: str = ""
    seconds: float = 0.0
    cause: Cause = ""
    diagnosis: str = ""
    possible: list[str] = field(default_factory=list)
    kin: str = ""

    @property
    def facts(self) -> str:
        """The message without its diagnosis."""
        return self.message.removesuffix(self.diagnosis).rstrip()

    @property
    def advice(self) -> str:
        """The hint, where nothing better is known: no recognised mistake, no missing name, no end of the process explains it."""
        return "" if self.passed or self.diagnosis or self.cause not in ("", "time") else self.hint


@dataclass
class CellResult:
    """What grading made of one cell: the student's outputs, a note, the checks' reports, and where the book tells of it.

    ``cause`` says what kept the cell itself from running to its end, where that was no exception.
    """

    outputs: list[dict] = field(default_factory=list)
    note: str = ""
    reports: list[CheckReport] | None = None
    chapter: str = ""
    section: str = ""
    cause: Cause = ""


@dataclass
class JobResult:
    """The result of a whole job, by cell index, with what the instructor should know.

    Attributes:
        cells: results by cell index.
        level: the sandbox level it was run at.
        seconds: how long running and checking took.
        problem: why the submission can't be graded; then there is nothing else, and no points are given or taken.
        machine: whether no student's code can have brought the problem about.
        timed_out: whether time decided about a cell or a check.
        memory_mb: the most memory its processes used, in MiB.
    """

    cells: dict[int, CellResult] = field(default_factory=dict)
    level: str = ""
    seconds: float = 0.0
    problem: str = ""
    machine: bool = False
    timed_out: bool = False
    memory_mb: int = 0

    @property
    def broken(self) -> list[str]:
        """What checks that broke themselves said of it, for the instructor."""
        return [report.broken for cell in self.cells.values() for report in cell.reports or () if report.broken]

    @property
    def causes(self) -> set[str]:
        """All that kept the code of its cells from being run or judged as usual."""
        found = [cause for cell in self.cells.values() for cause in (cell.cause, *(report.cause for report in cell.reports or ()))]
        return set(filter(None, found))

    def to_message(self) -> dict:
        return asdict(self) | {"cells": {str(index): asdict(cell) for index, cell in self.cells.items()}}

    @classmethod
    def from_message(cls, message: dict) -> JobResult:
        cells = {}
        for index, cell in message["cells"].items():
            reports = None if cell["reports"] is None else [CheckReport(**report) for report in cell["reports"]]
            cells[int(index)] = CellResult(**cell | {"reports": reports})
        return cls(cells, **{name: message[name] for name in ("level", "seconds", "problem", "machine", "timed_out", "memory_mb")})


def points_of(result: CellResult, maximum: float) -> float:
    """``maximum`` × share of the passed checks' points; no report is no point."""
    reports = result.reports or []
    total = sum(report.points for report in reports)
    if total <= 0:
        return 0.0
    if all(report.passed for report in reports):
        return maximum
    return round(maximum * sum(report.points for report in reports if report.passed) / total, SCORE_DIGITS)
