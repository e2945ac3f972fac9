"""The class report as one HTML page: no script, nothing from outside, every text escaped, good on paper too."""

from __future__ import annotations

import html
import re
import statistics
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.classroom.by_hand import by_hand_words
from autograder.classroom.graded import open_course
from autograder.classroom.items import FEWEST, difficulty
from autograder.classroom.report import CheckFigures, ClassReport, TaskFigures, class_report
from autograder.classroom.similarity import Gram, Pair, gram_set, groups, shared_lines
from autograder.feedback.harmless import calm

STYLE = Path(__file__).with_name("report.css")
BINS = 10
SHOWN_PAIRS = 6  # side by side; the groups name everybody
HARDEST = 5
LOW_RATE = 0.5
MAX_CODE = 20_000  # characters shown of one notebook's code


def page(report: ClassReport, now: datetime | None = None) -> str:
    """The whole page."""
    parts = [
        _summary(report),
        _section("scores", "Points", histogram(report)),
        _section("tasks", "Tasks", _task_table(report.tasks)),
        _section("checks", "Checks", _checks(report.tasks)),
        *([_section("by-hand", "Graded by hand", by_hand)] if (by_hand := by_hand_words(report.by_hand)) else []),
        _section("look", "Notebooks that need a look", _look(report)),
        _section("similar", "Near-identical code", _similar(report)),
        _section("machine", "Time and memory", _machine(report)),
    ]
    style = STYLE.read_text("utf-8")
    made = (now or datetime.now()).strftime("%d %B %Y, %H:%M").lstrip("0")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>Class report: {_e(report.assignment)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header><h1>Class report: {_e(report.assignment)}</h1><p>Made on {made}. {_contents()}</p></header>\n"
        f"<main>\n{''.join(parts)}</main>\n"
        "<footer><p>This page names students by their ids and shows their code. It loads nothing and sends nothing: keep it where the"
        " grades are.</p></footer>\n</body>\n</html>\n"
    )


def _contents() -> str:
    entries = (("tasks", "Tasks"), ("checks", "Checks"), ("look", "Need a look"), ("similar", "Near-identical"), ("machine", "Time"))
    return " · ".join(f'<a href="#{name}">{words}</a>' for name, words in entries)


def _e(text: object) -> str:
    """Escaped text that stays in its place."""
    return html.escape(calm(str(text)))


def _words(text: str) -> str:
    """Escaped text with its `code` set as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", _e(text))


def _name(text: str) -> str:
    """A task's name that may break where its words end."""
    return _e(text).replace("_", "_<wbr>")


def _section(name: str, title: str, body: str) -> str:
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{body}\n</section>\n'


def _percent(share: float) -> str:
    """A share in per cent that says 0 and 100 only where it is exactly that."""
    return f"{round(100 * share) if share in (0, 1) else min(99, max(1, round(100 * share)))}\u00a0%"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _summary(report: ClassReport) -> str:
    scores = [one.score for one in report.class_]
    waiting = sum(one.waits for one in report.class_)
    late = sum(one.seconds_late > 0 for one in report.class_)
    facts = [
        ("graded", str(len(scores))),
        ("median", f"{statistics.median(scores):g} of {report.maximum:g}"),
        ("mean", f"{statistics.fmean(scores):.1f}"),
        ("need a look", str(len(report.look))),
        ("near-identical pairs", str(len(report.pairs))),
    ]
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    notes = []
    if waiting:
        waits = "still waits" if waiting == 1 else "still wait"
        notes.append(f"{_count(waiting, 'notebook')} {waits} for points given by hand; they count as none until then.")
    if late:
        notes.append(f"{_count(late, 'notebook')} came late.")
    if report.missing:
        notes.append(f"Nothing graded of {_count(len(report.missing), 'student')}: {_e(', '.join(report.missing))}.")
    decided = "".join(f"<li>{_e(line)}</li>" for line in report.decided)
    beside = f"<p>Decided beside the rules:</p><ul>{decided}</ul>\n" if decided else ""
    return f'<dl class="facts">{items}</dl>\n' + "".join(f"<p>{note}</p>\n" for note in notes) + beside


def histogram(report: ClassReport) -> str:
    """How many notebooks reached which share of the points, as an inline drawing with its numbers in words."""
    counts = [0] * BINS
    for one in report.class_:
        counts[min(BINS - 1, int(BINS * one.score / report.maximum)) if report.maximum else 0] += 1
    top, width, height = max(counts), 480, 170
    step, bars = width / BINS, []
    for index, count in enumerate(counts):
        tall = height * count / top
        x, y = index * step, 20 + height - tall
        bars.append(f'<rect x="{x + 3:.1f}" y="{y:.1f}" width="{step - 6:.1f}" height="{tall:.1f}"/>')
        if count:
            bars.append(f'<text x="{x + step / 2:.1f}" y="{y - 5:.1f}">{count}</text>')
    ticks = [f'<text x="{i * step:.1f}" y="{height + 38}">{report.maximum * i / BINS:g}</text>' for i in range(BINS + 1)]
    words = "; ".join(
        f"{report.maximum * i / BINS:g} to {report.maximum * (i + 1) / BINS:g} points: {count}" for i, count in enumerate(counts) if count
    )
    return (
        f'<figure><svg viewBox="-14 0 {width + 28} {height + 62}" role="img" aria-labelledby="histogram-words">'
        f'<title id="histogram-words">Number of notebooks by points. {words}.</title>{"".join(bars)}'
        f'<line x1="0" y1="{height + 20}" x2="{width}" y2="{height + 20}"/>{"".join(ticks)}'
        f'<text x="{width / 2:.1f}" y="{height + 57}">points, late penalties taken off</text></svg></figure>'
    )


def _bar(share: float) -> str:
    low = " low" if share < LOW_RATE else ""
    return f'<span class="bar{low}" aria-hidden="true"><span style="width:{100 * share:.0f}%"></span></span>'


def _task_table(tasks: Sequence[TaskFigures]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("task", "points", "mean", "r", "all points", "none"))
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_task_row(task) for task in tasks)}</tbody></table>\n{_about_items(tasks)}"
    )


def _about_items(tasks: Sequence[TaskFigures]) -> str:
    """What the share and the correlation in the table of tasks mean."""
    few = f" Where there is a dash, fewer than {FEWEST} are graded or all have the same points."
    return (
        "<p><small>Per cent of the points, in the mean: how easy a task was. <i>r</i> is its corrected item-total correlation: how its"
        " points go with the sum of all other tasks' points. Near 0 it tells nothing about what somebody knows, below 0 look at the"
        f" task or its checks.{few if any(task.discrimination is None for task in tasks) else ''}</small></p>"
    )


def _task_row(task: TaskFigures) -> str:
    name = f'<th scope="row">{_name(task.title)}{" <small>by hand</small>" if task.written else ""}</th><td>{task.maximum:g}</td>'
    if not task.maximum:
        return f'<tr>{name}<td colspan="4">counts for nobody</td></tr>'
    if task.mean is None:
        return f'<tr>{name}<td colspan="4">{_count(task.waiting, "answer")} to be graded by hand</td></tr>'
    share = difficulty(task.scores, task.maximum)
    full = sum(score >= task.maximum for score in task.scores) / len(task.scores)
    none = sum(score <= 0 for score in task.scores) / len(task.scores)
    waiting = f"<br><small>{task.waiting} to be graded</small>" if task.waiting else ""
    eased = "" if share is None else f", {_percent(share)} {_bar(share)}"
    rest = "–" if task.discrimination is None else f"{task.discrimination:.2f}"
    return f"<tr>{name}<td>{task.mean:.2f}{eased}{waiting}</td><td>{rest}</td><td>{_percent(full)}</td><td>{_percent(none)}</td></tr>"


def _checks(tasks: Sequence[TaskFigures]) -> str:
    """The checks that fewest pass, then all of them by task."""
    hardest = sorted((check.rate, task.title, check.name) for task in tasks for check in task.checks if check.failed)[:HARDEST]
    items = "".join(f"<li>{_percent(rate)} {_name(title)}: {_words(name)}</li>" for rate, title, name in hardest)
    top = f"<p>Passed by fewest:</p><ol>{items}</ol>\n" if hardest else ""
    return top + "".join(_task_checks(task) for task in tasks if task.checks)


def _task_checks(task: TaskFigures) -> str:
    whole = f"<p>All checks failed alike:</p>{_messages(task.whole)}" if task.whole else ""
    items = "".join(_check(check) for check in task.checks)
    return f'<h3>{_e(task.title)}</h3>\n<div class="checks">{whole}<ul>{items}</ul></div>\n'


def _check(check: CheckFigures) -> str:
    head = f'{_bar(check.rate)} <span class="rate">{_percent(check.rate)}</span> {_words(check.name)}'
    return f"<li><p>{head} <small>{check.passed} of {check.passed + check.failed}</small></p>{_messages(check.messages)}</li>"


def _messages(messages: Sequence[tuple[int, str]]) -> str:
    items = "".join(f"<li><span>{count}×</span> {_words(message)}</li>" for count, message in messages)
    return f'<ul class="messages">{items}</ul>' if items else ""


def _look(report: ClassReport) -> str:
    if not report.look:
        return "<p>None: every notebook ran to its end, unchanged where it must be.</p>"
    points = {one.student: f"{one.score:g}" for one in report.class_}
    rows = "".join(
        f'<tr><th scope="row">{_e(student)}</th><td>{points.get(student, "–")}</td><td>{"<br>".join(_e(note) for note in notes)}</td></tr>'
        for student, notes in report.look.items()
    )
    head = '<th scope="col">student</th><th scope="col">points</th><th scope="col">what was noticed</th>'
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>\n"
        "<p><small>Points are decided outside the student's process: none of this can have earned any. It says where to look"
        " before you answer a question or talk to somebody.</small></p>"
    )


def _similar(report: ClassReport) -> str:
    if not report.pairs:
        return "<p>None: no two notebooks share three quarters of their own code.</p>"
    found = groups(report.pairs)
    names = "".join(f"<li>{_e(', '.join(group))}</li>" for group in found)
    untouched = {source.strip() for source in report.given} | {""}
    cells = {one.student: [cell for cell in one.cells if cell.strip() not in untouched] for one in report.class_}
    shown = _spanning(report.pairs)[:SHOWN_PAIRS]
    given = gram_set(report.given)
    pairs = "".join(_side_by_side(pair, cells, given) for pair in shown)
    return (
        "<p>These share three quarters or more of the shorter notebook's own code, names and layout aside; code that everybody was"
        " given doesn't count. It is no proof of anything: talk to the people, look at the code.</p>\n"
        f"<ul>{names}</ul>\n<p>Below: {_count(len(shown), 'pair')} of {len(report.pairs)}, the most similar first; shared lines"
        f" carry a bar at their left.</p>\n{pairs}"
    )


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


def _side_by_side(pair: Pair, cells: dict[str, list[str]], given: set[Gram]) -> str:
    common = gram_set(cells[pair.first]) & gram_set(cells[pair.second]) - given
    columns = (
        f"<div><h4>{_e(name)}</h4>{''.join(_code(cell, common) for cell in beginning(cells[name]))}</div>"
        for name in (pair.first, pair.second)
    )
    title = f"{_e(pair.first)} and {_e(pair.second)}: {_percent(pair.similarity)}"
    return f'<h3>{title}</h3>\n<div class="pair">{"".join(columns)}</div>\n'


def beginning(cells: list[str]) -> list[str]:
    """As much of a notebook's cells as a page has room for, with a line that says how much is left out."""
    room = MAX_CODE
    for number, cell in enumerate(cells):
        if len(cell) > room:
            left = sum(map(len, cells)) - MAX_CODE
            return [*cells[:number], f"{cell[:room]}\n[… {left:,} characters are left out here …]"]
        room -= len(cell)
    return cells


def _code(source: str, common: set[Gram]) -> str:
    shared = shared_lines(source, common)
    lines = enumerate(source.splitlines())
    return f"<pre>{''.join(_line(line, number in shared) for number, line in lines)}</pre>"


def _line(text: str, same: bool) -> str:
    return f"<span{' class=same' if same else ''}>{_e(text) or ' '}</span>"


def _machine(report: ClassReport) -> str:
    seconds = [one.seconds for one in report.class_]
    memory = [one.memory_mb for one in report.class_ if one.memory_mb]
    levels = sorted({level for one in report.class_ for level in one.levels})
    rows = "".join(
        f'<tr><th scope="row">{name}</th>' + "".join(f"<td>{value:,.{digits}f}</td>" for value in _spread(values)) + "</tr>"
        for name, values, digits in (("seconds", seconds, 1), ("memory, MiB", memory, 0))
        if values
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("a notebook", "median", "nine of ten below", "most"))
    slow = sorted(report.class_, key=lambda one: -one.seconds)[:3]
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>\n"
        f"<p>Longest: {_e(', '.join(f'{one.student} ({one.seconds:.1f} s)' for one in slow))}. Level of the sandbox:"
        f" {_e(', '.join(levels) or 'unknown')}. A kept result says what its own run took.</p>"
    )


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
