"""``python -m autograder report ID``: how a class did in one assignment, as one page.

The page names what an instructor acts on: tasks and checks that many fail and with which message, notebooks that need a
look, code that is near-identical. It loads nothing, sends nothing and runs nothing.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.chapters import chapters
from autograder.checking.source_rule import evasive
from autograder.classroom.by_hand import ByHand, marked_by_hand
from autograder.classroom.decided import SILENT, decided
from autograder.classroom.graded import Graded, NoCourse, Task, find_assignment, handed_in_by, read_class
from autograder.classroom.items import discrimination
from autograder.classroom.similarity import Pair, similar_pairs
from autograder.collecting.versions import Reference, known_notebooks
from autograder.jobs.beside import shown
from autograder.jobs.fate import Cause
from autograder.jobs.notebook import UnreadableNotebook, read_submission
from autograder.run.attempts import Attempts
from autograder.run.decisions import read_decisions
from autograder.run.groups import Groups
from autograder.run.misnamed import find_notebooks
from autograder.run.released import Release, released_cells
from autograder.run.repair import put_right

MESSAGES = 3  # most frequent failure messages shown of a check
MAX_MESSAGE = 300
TROUBLE: dict[Cause, str] = {  # what kept a notebook's code from being judged as usual → what the instructor reads
    "unreadable": "the file is no readable notebook",
    "memory": "ran out of memory",
    "time": "ran out of time",
    "comparing": "an answer took too long, or too much memory, to compare",
    "ended": "its process ended itself or crashed",
    "broke": "its process broke",
    "check": "a check broke on it: mend the check and grade again",
}
UNGRADED = "handed in, but not graded: give the same `nbgrader autograde` again"


@dataclass
class CheckFigures:
    """One check over the class: how many passed, and what the others were told, the most frequent first."""

    name: str
    passed: int = 0
    failed: int = 0
    messages: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.passed / (self.passed + self.failed)


@dataclass
class TaskFigures:
    """One task over the class.

    Attributes:
        scores: points of those on whom it is decided; ``waiting`` others wait for a person.
        checks: its checks' figures.
        whole: messages that were the same for all checks of a notebook, such as an answer that is missing.
        discrimination: how its points go with those of the other tasks, as `autograder.classroom.items` defines it.
    """

    title: str
    maximum: float
    written: bool
    scores: list[float]
    waiting: int
    checks: list[CheckFigures]
    whole: list[tuple[int, str]]
    discrimination: float | None = None

    @property
    def mean(self) -> float | None:
        return statistics.fmean(self.scores) if self.scores else None


@dataclass
class ClassReport:
    """All that the page shows."""

    assignment: str
    maximum: float
    class_: list[Graded]
    missing: list[str]
    tasks: list[TaskFigures]
    look: dict[str, list[str]]
    pairs: list[Pair]
    given: list[str]
    decided: list[str] = field(default_factory=list)
    by_hand: ByHand = field(default_factory=ByHand)


def class_report(coursedir: CourseDirectory, gradebook: Gradebook, name: str) -> ClassReport:
    """The report on an assignment of a course.

    Raises:
        NoCourse: the assignment is unknown or nothing of it is graded.
    """
    assignment = find_assignment(gradebook, name)
    graded = read_class(coursedir, gradebook, name)
    if not graded:
        raise NoCourse(f"nothing of '{name}' is graded yet; run `nbgrader autograde {name}` first")
    given = given_code(gradebook, name)
    handed_in = {one.student for one in graded}
    missing = sorted(student.id for student in gradebook.students if student.id not in handed_in)
    known = {entry.name: _released(coursedir, name, entry.name) for entry in assignment.notebooks}
    handed_out = known_notebooks(coursedir, name)
    look = {
        one.student: [*trouble(one), *changes(_folder(coursedir, name, one.student), known, handed_out), *unusual(one.cells, given)]
        for one in graded
    }
    look |= {student: [UNGRADED] for student in handed_in_by(coursedir, name) if student not in look and student not in handed_in}
    return ClassReport(
        name,
        float(assignment.max_score),
        graded,
        missing,
        task_figures(graded),
        {student: notes for student, notes in look.items() if notes},
        _strangers(coursedir, name, similar_pairs({one.student: one.cells for one in graded}, given)),
        given,
        decided(read_decisions(Path(coursedir.root)), gradebook, name),
        marked_by_hand(coursedir, gradebook, name),
    )


def _strangers(coursedir: Any, assignment: str, pairs: list[Pair]) -> list[Pair]:
    """Pairs who didn't hand in together."""
    groups = Groups(coursedir, assignment, Attempts(coursedir, assignment, SILENT)).groups
    return [pair for pair in pairs if not any({pair.first, pair.second} <= set(group.members) for group in groups)]


def task_figures(graded: Sequence[Graded]) -> list[TaskFigures]:
    """Figures of every task, in the notebook's order."""
    tasks: dict[str, list[Task]] = {}
    for one in graded:
        for task in one.tasks:
            tasks.setdefault(task.name, []).append(task)
    return [_figures(some, discrimination(graded, name)) for name, some in tasks.items()]


def _figures(tasks: Sequence[Task], discriminates: float | None) -> TaskFigures:
    whole = [task.checks[0].message for task in tasks if _fails_as_a_whole(task)]
    scores = [task.score for task in tasks if task.score is not None]
    written, waiting = all(task.written for task in tasks), len(tasks) - len(scores)
    return TaskFigures(tasks[0].title, tasks[0].maximum, written, scores, waiting, _check_figures(tasks), frequent(whole), discriminates)


def _fails_as_a_whole(task: Task) -> bool:
    return len(task.checks) > 1 and len({(check.passed, check.message) for check in task.checks}) == 1 and not task.checks[0].passed


def _check_figures(tasks: Iterable[Task]) -> list[CheckFigures]:
    figures: dict[str, CheckFigures] = {}
    messages: dict[str, list[str]] = {}
    for task in tasks:
        for check in task.checks:
            entry = figures.setdefault(check.name, CheckFigures(check.name))
            entry.passed += check.passed
            entry.failed += not check.passed
            if not check.passed and not _fails_as_a_whole(task):
                messages.setdefault(check.name, []).append(check.message)
    for name, entry in figures.items():
        entry.messages = frequent(messages.get(name, []))
    return list(figures.values())


def frequent(messages: Iterable[str]) -> list[tuple[int, str]]:
    """The most frequent messages with their counts; those that differ in numbers only count as one, shown by the first."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for message in messages:
        kind = re.sub(r"[-+]?\d[\d.,e+-]*", "0", message)[:MAX_MESSAGE]
        counts[kind] += 1
        examples.setdefault(kind, message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + " …")
    return [(count, examples[kind]) for kind, count in counts.most_common(MESSAGES)]


def trouble(graded: Graded) -> list[str]:
    """What went wrong while a notebook ran, in the instructor's words."""
    found = [words for cause, words in TROUBLE.items() if cause in graded.causes]
    return found + (["student code ran at the lower level 'process'"] if "process" in graded.levels else [])


def changes(folder: Path, known: dict[str, Release], handed_out: list[Reference]) -> list[str]:
    """What was put right in a submission before it was graded: files of another name, edited, missing, repeated or foreign cells."""
    files = find_notebooks(folder, known, handed_out)
    notes = [f"graded as {name}.ipynb is {shown(path.relative_to(folder).as_posix())}" for name, path in files.items()]
    for name, cells in known.items():
        try:
            notebook = read_submission(files.get(name, folder / f"{name}.ipynb"))
        except (UnreadableNotebook, OSError):
            continue
        notes += put_right(notebook, cells)
    return notes


def _folder(coursedir: CourseDirectory, assignment: str, student: str) -> Path:
    return Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))


def _released(coursedir: CourseDirectory, assignment: str, notebook: str) -> Release:
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment)) / f"{notebook}.ipynb"
    return released_cells(coursedir.db_url, assignment, notebook, source)


def unusual(cells: Iterable[str], given: Iterable[str]) -> list[str]:
    """Names in a student's code that no task asks for, and with which a rule can be evaded: often harmless, worth a look."""
    known = {name for source in given for name in evasive(source)}
    found = {name for source in cells for name in evasive(source)} - known
    return [f"its code mentions {', '.join(sorted(found))}"] if found else []


def given_code(gradebook: Gradebook, name: str) -> list[str]:
    """Code that every student got: the released cells and the chapter of the book, with the modules beside its pages."""
    notebooks = gradebook.find_assignment(name).notebooks
    cells = [cell.source for notebook in notebooks for cell in notebook.source_cells if cell.cell_type == "code"]
    if chapter := chapters().get(name):
        pages = (nbformat.read(page, 4).cells for page in chapter.notebooks())
        cells += [cell.source for page in pages for cell in page if cell.cell_type == "code"]
        cells += [module.read_text("utf-8") for module in chapter.modules()]
    return cells
