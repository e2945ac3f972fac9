"""A grade cell's outputs: what the student displayed, a report of its checks in words and as HTML, and its points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from autograder.checking.sections import address, words
from autograder.feedback.shown_page import comparison_html
from autograder.feedback.templating import NOTHING, TEMPLATES, macros
from autograder.jobs.cells import OURS
from autograder.jobs.score import CellResult, CheckReport, points_of

TEMPLATE = macros(TEMPLATES / "report" / "report.html.j2")
_RAISED = re.compile(r"(.* raised \w+: .*)(\(line \d+ of (?:its cell|another cell|the cell of `\w+`)\).*)", re.DOTALL)
_NUMBER = re.compile(r"\d+")
MAX_COMPARED = 30_000  # characters of a cell's comparisons: its report must stay within what a page takes of one output


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
            "metadata": {
                OURS: {"sandbox": level, "checks": [check_summary(report) for report in result.reports or []], **_for_pages(result)}
            },
            "data": {"text/plain": report_text(result, score, maximum), "text/html": report_html(result, score, maximum, book)},
        }
    )
    outputs.append({"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": repr(float(score))}})
    return outputs


def _for_pages(result: CellResult) -> dict:
    """What a page tells elsewhere than in the report: the section of the book, and of what failed that which costs most points.

    Of that the first check's name and the mistake that was recognised.
    """
    failed = [same for same in told_together(result.reports or []) if not same[0].passed]
    first = max(failed, key=lambda same: sum(report.points for report in same))[0] if failed else None  # the first of equal ones
    return {"book": [result.chapter, result.section], "first": [first.name, first.diagnosis] if first else None}


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
    lines = [f"{sum(r.passed for r in reports)} of {len(reports)} checks passed: {_earned(reports, score, maximum)}"]
    lines += [result.note] if result.note else []
    for same in told_together(reports):
        first = same[0]
        hint = advice(same, reports)
        lines.append(f"[{'passed' if first.passed else 'FAILED'}] {first.name}")
        if not first.passed:
            lines += [f"    {part}" for part in (first.message, hint) if part]
            lines += [f"    {label}: {_indent(text)}" for label, text in _pairs(first)]
        lines += [f"[FAILED] {report.name}: the same cause" for report in same[1:]]
    lines += [f"In the book: {words(result.chapter, result.section)}"] if result.section else []
    return "\n".join(lines)


def _earned(reports: Sequence[CheckReport], score: float, maximum: float) -> str:
    """A cell's points in words; where one of its checks broke itself, nobody knows them yet."""
    return f"{maximum:g} points, not decided yet" if any(report.broken for report in reports) else f"{score:g} of {maximum:g} points"


def _indent(text: str) -> str:
    return text.replace("\n", "\n        ")


def _pairs(report: CheckReport) -> list[tuple[str, str]]:
    pairs = (("expected", report.expected), ("received", report.received))
    return [(label, text) for label, text in pairs if text is not None]


def report_html(result: CellResult, score: float, maximum: float, book: str = "") -> str:
    """The checks' outcomes as a small HTML fragment, readable without its colours; what holds for several is said once."""
    reports = result.reports or []
    worth = maximum / (sum(report.points for report in reports) or 1) if len(reports) > 1 else 0
    section = (words(result.chapter, result.section), address(book, result.chapter, result.section) if book else "")
    return str(
        TEMPLATE.report(
            earned=_earned(reports, score, maximum),
            passed=f"{sum(report.passed for report in reports)} of {len(reports)}",
            note=result.note,
            items=list(_items(reports)),
            counts=partial(_counts, worth=worth),
            book=section if result.section else None,
        )
    )


@dataclass(frozen=True)
class _Item:
    """Reports that are told together, as an item of the list.

    Attributes:
        reports: all of them.
        together: those that are named first; the others have the same cause.
        hint: what to do about it.
        compared: expected and received entry by entry, empty where there is nothing to compare or no room for it.
    """

    reports: Sequence[CheckReport]
    together: Sequence[CheckReport]
    hint: str
    compared: Markup

    @property
    def others(self) -> Sequence[CheckReport]:
        return self.reports[len(self.together) :]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return _pairs(self.reports[0])


def _items(reports: Sequence[CheckReport]) -> Iterator[_Item]:
    room = MAX_COMPARED
    for same in told_together(reports):
        first = same[0]
        compared = comparison_html(first.comparison) if first.comparison and not first.passed else NOTHING
        compared = compared if len(compared) <= room else NOTHING
        room -= len(compared)
        yield _Item(same, [first] if first.diagnosis else same, advice(same, reports), compared)


def _counts(reports: Sequence[CheckReport], worth: float) -> str:
    """The points of checks in words; ``worth`` are the cell's points for one of a check's."""
    earns = worth * sum(report.points for report in reports)
    return f" ({earns:.3g} point{'' if earns == 1 else 's'})" if earns else ""


def told_together(reports: Sequence[CheckReport]) -> list[list[CheckReport]]:
    """The reports in their order; failed ones of one cause are together, where the first of them stands.

    Of one cause are those with the same diagnosis or of one kin, and those that say the same in words alone; exceptions of one
    line of the student's code are of one cause, too, if they differ in their numbers only, such as those of shapes.
    """
    together: dict[object, list[CheckReport]] = {}
    for number, report in enumerate(reports):
        key: object = number
        if not report.passed and report.diagnosis:
            key = report.diagnosis
        elif not report.passed and report.kin:
            key = ("kin", report.kin)
        elif not report.passed and report.message and report.comparison is None and not _pairs(report):
            raised = _RAISED.match(report.message)
            key = ((_NUMBER.sub("0", raised[1]), raised[2]) if raised else report.message, report.cause)
        together.setdefault(key, []).append(report)
    return list(together.values())


def advice(same: Sequence[CheckReport], reports: Sequence[CheckReport]) -> str:
    """The hint of those of a cell's reports that are told together.

    Where their hints differ, the first one's: what stops only some of the checks mostly has to do with what the first of
    them looks at. What stops more than half of them has not, and no hint follows.
    """
    return same[0].advice if len({report.hint for report in same}) == 1 or 2 * len(same) <= len(reports) else ""
