"""The class report as one HTML page: no script, nothing from outside, every text escaped, good on paper too."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.classroom.graded import open_course
from autograder.classroom.histogram import drawn
from autograder.classroom.items import FEWEST, difficulty
from autograder.classroom.report import ClassReport, TaskFigures, class_report
from autograder.classroom.similarity import Gram, Pair, gram_set, groups, shared_lines
from autograder.feedback.templating import count, made_as_html, template

STYLE = Path(__file__).with_name("report.css")
TEMPLATE = Path(__file__).parent / "templates" / "report.html.j2"
SHOWN_PAIRS = 6  # side by side; the groups name everybody
HARDEST = 5
LOW_RATE = 0.5
MAX_CODE = 20_000  # characters shown of one notebook's code


def page(report: ClassReport, now: datetime | None = None) -> str:
    """The whole page."""
    tasks = [_task_row(task) for task in report.tasks]
    return template(TEMPLATE, percent=percent).render(
        report=report,
        style=made_as_html(STYLE.read_text("utf-8")),
        made=(now or datetime.now()).strftime("%d %B %Y, %H:%M").lstrip("0"),
        low_rate=LOW_RATE,
        facts=_facts(report),
        notes=list(_notes(report)),
        histogram=drawn([one.score for one in report.class_], report.maximum),
        tasks=tasks,
        few=FEWEST if any(task.discrimination is None for task in report.tasks) else 0,
        hardest=sorted((check.rate, task.title, check.name) for task in report.tasks for check in task.checks if check.failed)[:HARDEST],
        points={one.student: f"{one.score:g}" for one in report.class_},
        groups=[", ".join(group) for group in groups(report.pairs)],
        pairs=list(_side_by_side(report)),
        machine=_machine(report),
    )


def percent(share: float) -> str:
    """A share in per cent that says 0 and 100 only where it is exactly that."""
    return f"{round(100 * share) if share in (0, 1) else min(99, max(1, round(100 * share)))}\u00a0%"


def _facts(report: ClassReport) -> list[tuple[str, str]]:
    scores = [one.score for one in report.class_]
    return [
        ("graded", str(len(scores))),
        ("median", f"{statistics.median(scores):g} of {report.maximum:g}"),
        ("mean", f"{statistics.fmean(scores):.1f}"),
        ("need a look", str(len(report.look))),
        ("near-identical pairs", str(len(report.pairs))),
    ]


def _notes(report: ClassReport) -> Iterator[str]:
    """What is to be known of the figures above, a sentence or two each."""
    waiting = sum(one.waits for one in report.class_)
    late = sum(one.seconds_late > 0 for one in report.class_)
    if waiting:
        waits = "still waits" if waiting == 1 else "still wait"
        yield f"{count(waiting, 'notebook')} {waits} for points given by hand; they count as none until then."
    if late:
        yield f"{count(late, 'notebook')} came late."
    if report.missing:
        yield f"Nothing graded of {count(len(report.missing), 'student')}: {', '.join(report.missing)}."


def _task_row(task: TaskFigures) -> dict[str, Any]:
    """What the table of tasks shows of one; ``instead`` stands where there are no figures."""
    row = {"title": task.title, "written": task.written, "maximum": f"{task.maximum:g}", "instead": ""}
    if not task.maximum:
        return row | {"instead": "counts for nobody"}
    if task.mean is None:
        return row | {"instead": f"{count(task.waiting, 'answer')} to be graded by hand"}
    return row | {
        "mean": f"{task.mean:.2f}",
        "share": difficulty(task.scores, task.maximum),
        "waiting": task.waiting,
        "discrimination": "–" if task.discrimination is None else f"{task.discrimination:.2f}",
        "full": sum(score >= task.maximum for score in task.scores) / len(task.scores),
        "none": sum(score <= 0 for score in task.scores) / len(task.scores),
    }


# ---- near-identical code


@dataclass(frozen=True)
class SideBySide:
    """Two notebooks' code; of each its student and its cells, whose lines say whether the other has them, too."""

    first: str
    second: str
    similarity: float
    columns: list[tuple[str, list[list[tuple[str, bool]]]]]


def _side_by_side(report: ClassReport) -> Iterator[SideBySide]:
    """The most similar pairs."""
    untouched = {source.strip() for source in report.given} | {""}
    cells = {one.student: [cell for cell in one.cells if cell.strip() not in untouched] for one in report.class_}
    given = gram_set(report.given)
    for pair in _spanning(report.pairs)[:SHOWN_PAIRS]:
        names = pair.first, pair.second
        common = gram_set(cells[pair.first]) & gram_set(cells[pair.second]) - given
        columns = [(name, [_lines(cell, common) for cell in beginning(cells[name])]) for name in names]
        yield SideBySide(*names, pair.similarity, columns)


def _lines(source: str, common: set[Gram]) -> list[tuple[str, bool]]:
    shared = shared_lines(source, common)
    return [(line, number in shared) for number, line in enumerate(source.splitlines())]


def _spanning(pairs: Sequence[Pair]) -> list[Pair]:
    """The most similar pairs that connect each group without saying anything twice."""
    group: dict[str, set[str]] = {}
    kept = []
    for pair in pairs:
        one, other = (group.setdefault(name, {name}) for name in (pair.first, pair.second))
        if one is not other:
            kept.append(pair)
            one |= other
            group |= dict.fromkeys(one, one)
    return kept


def beginning(cells: list[str]) -> list[str]:
    """As much of a notebook's cells as a page has room for, with a line that says how much is left out."""
    room = MAX_CODE
    for number, cell in enumerate(cells):
        if len(cell) > room:
            left = sum(map(len, cells)) - MAX_CODE
            return [*cells[:number], f"{cell[:room]}\n[… {left:,} characters are left out here …]"]
        room -= len(cell)
    return cells


# ---- time and memory


def _machine(report: ClassReport) -> dict[str, Any]:
    seconds = [one.seconds for one in report.class_]
    memory = [one.memory_mb for one in report.class_ if one.memory_mb]
    levels = sorted({level for one in report.class_ for level in one.levels})
    figures = ("seconds", seconds, 1), ("memory, MiB", memory, 0)
    slow = sorted(report.class_, key=lambda one: -one.seconds)[:3]
    return {
        "rows": [(name, *(f"{value:,.{digits}f}" for value in _spread(values))) for name, values, digits in figures if values],
        "slowest": ", ".join(f"{one.student} ({one.seconds:.1f} s)" for one in slow),
        "levels": ", ".join(levels) or "unknown",
    }


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[max(0, -(-9 * len(ordered) // 10) - 1)], ordered[-1]


def write_report(folder: Path, assignment: str, target: Path | None = None) -> Path:
    """Writes the page of an assignment of the course in ``folder``; returns where it is.

    Raises:
        NoCourse: there is nothing to report on.
    """
    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        text = page(class_report(coursedir, gradebook, assignment))
    target = target or folder / "reports" / f"{assignment}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return target
