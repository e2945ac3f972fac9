"""From the outcomes of the checks to a cell's points and its outputs."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, dataclass, field

from autograder.checking.sections import address, words
from autograder.checking.shown import Comparison
from autograder.feedback.shown_page import comparison_html
from autograder.jobs.cells import OURS
from autograder.jobs.fate import Cause

SCORE_DIGITS = 2
BY_CHECKS = "points by checks"  # what each line of a run's progress holds
MAX_COMPARED = 30_000  # characters of a cell's comparisons: its report must stay within what a page takes of one output


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


def graded_outputs(result: CellResult, maximum: float, level: str, book: str = "") -> list[dict]:
    """Outputs for a grade cell that nbgrader reads as exactly the points earned.

    What the student displayed stays to be looked at, in forms that can't count; the number at the end is ours. The
    sandbox level and each check's outcome go with the report as metadata, for reports and exports. ``book`` is the
    address of the book, if it has one.
    """
    score = points_of(result, maximum)
    outputs = [neutral(output) for output in result.outputs]
    outputs.append(
        {
            "output_type": "display_data",
            "metadata": {OURS: {"sandbox": level, "checks": [check_summary(report) for report in result.reports or []]}},
            "data": {"text/plain": report_text(result, score, maximum), "text/html": report_html(result, score, maximum, book)},
        }
    )
    outputs.append({"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": repr(float(score))}})
    return outputs


def check_summary(report: CheckReport) -> dict:
    """A check's outcome as it is kept with the autograded notebook."""
    return {name: getattr(report, name) for name in ("name", "passed", "points", "message", "cause")}


def neutral(output: dict) -> dict:
    """The same output in a form that nbgrader doesn't read as a grade."""
    kind = output["output_type"]
    if kind == "stream":
        return {**output, "name": "stdout"}
    if kind == "error":
        return {"output_type": "stream", "name": "stdout", "text": "\n".join(output["traceback"]) + "\n"}
    return {"output_type": "display_data", "data": output["data"], "metadata": {}}


def report_text(result: CellResult, score: float, maximum: float) -> str:
    """The checks' outcomes as plain text."""
    reports = result.reports or []
    lines = [f"{sum(r.passed for r in reports)} of {len(reports)} checks passed: {score:g} of {maximum:g} points"]
    lines += [result.note] if result.note else []
    for report in reports:
        lines.append(f"[{'passed' if report.passed else 'FAILED'}] {report.name}")
        if not report.passed:
            lines += [f"    {part}" for part in (report.message, report.hint) if part]
            lines += [f"    {label}: {_indent(text)}" for label, text in _pairs(report)]
    lines += [f"In the book: {words(result.chapter, result.section)}"] if result.section else []
    return "\n".join(lines)


def _indent(text: str) -> str:
    return text.replace("\n", "\n        ")


def _pairs(report: CheckReport) -> list[tuple[str, str]]:
    pairs = (("expected", report.expected), ("received", report.received))
    return [(label, text) for label, text in pairs if text is not None]


def report_html(result: CellResult, score: float, maximum: float, book: str = "") -> str:
    """The checks' outcomes as a small HTML fragment, readable without its colours."""
    reports = result.reports or []
    passed = sum(report.passed for report in reports)
    head = f"<p><strong>{score:g} of {maximum:g} points</strong>: {passed} of {len(reports)} checks passed.</p>"
    note = f"<p><strong>{_words(result.note)}</strong></p>" if result.note else ""
    room, items = MAX_COMPARED, []
    for report in reports:
        compared = comparison_html(report.comparison) if report.comparison and not report.passed else ""
        compared = compared if len(compared) <= room else ""
        room -= len(compared)
        items.append(_item(report, compared))
    return f'<div class="check-report">{head}{note}<ul>{"".join(items)}</ul>{_in_the_book(result, book)}</div>'


def _in_the_book(result: CellResult, book: str) -> str:
    if not result.section:
        return ""
    where = html.escape(words(result.chapter, result.section))
    if book:
        where = f'<a href="{html.escape(address(book, result.chapter, result.section))}">{where}</a>'
    return f"<p>In the book: {where}.</p>"


def _words(text: str) -> str:
    """Escaped text with its `code` set as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))


def _item(report: CheckReport, compared: str) -> str:
    if report.passed:
        return f"<li>✓ {_words(report.name)}</li>"
    parts = [f'<li class="failed">✗ <strong>{_words(report.name)}</strong>']
    parts += [f"<br>{_words(text)}" for text in (report.message,) if text]
    pairs = [] if compared else _pairs(report)
    parts.append(compared)
    if pairs:
        cells = "".join(f"<td><pre>{html.escape(text)}</pre></td>" for _, text in pairs)
        heads = "".join(f"<th>{label}</th>" for label, _ in pairs)
        parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>")
    if report.hint:
        parts.append(f"<p><em>Hint:</em> {_words(report.hint)}</p>")
    return "".join([*parts, "</li>"])
