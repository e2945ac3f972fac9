"""What the tests of solutions and `make mutants` share: one solution of a task in its notebook, graded by the real engine.

A solution takes the place of the task's cell in the assignment's solved notebook; only that task's grade cell is kept,
and of the other tasks' cells only those that are needed.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import nbformat

from autograder.authoring.course import BUILD, CHAPTERS, ROOT, assignments
from autograder.engine.engine import Engine, Plan, resolved
from autograder.engine.store import ResultStore
from autograder.jobs.beside import look_at
from autograder.jobs.cells import grade_id, has_points, is_answer
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Job, find_checks, make_job, visible_source, warm_imports
from autograder.settings import Settings

HEADING = re.compile(r'^# %% (right|wrong): (.+?)(?: => "(.+)")?$', re.MULTILINE)
AND = '" and "'


@dataclass(frozen=True)
class Solution:
    """One solution of a task; ``words`` are what the report of a wrong one must say, and no mistake is named there without one of them."""

    assignment: str
    task: str
    right: bool
    name: str
    words: tuple[str, ...]
    source: str

    def __str__(self) -> str:
        return f"{self.assignment}-{self.task}-{'right' if self.right else 'wrong'}: {self.name}"


def read_solutions(path: Path) -> list[Solution]:
    """The solutions of one file, in its order.

    Raises:
        ValueError: a heading that can't be read, or a wrong solution without the words of its message.
    """
    text = path.read_text("utf-8")
    marks = list(HEADING.finditer(text))
    if text.count("\n# %%") != len(marks):
        raise ValueError(f'{path}: a heading is neither `# %% right: name` nor `# %% wrong: name => "words"`')
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        kind, name, words = mark.groups()
        if (kind == "wrong") != bool(words):
            raise ValueError(f"{path}: {name!r}: a wrong solution, and only a wrong one, names the words of its message")
        source = text[mark.end() : following.start() if following else len(text)].strip("\n")
        found.append(Solution(path.parents[1].name, path.stem, kind == "right", name, tuple(words.split(AND)) if words else (), source))
    return found


def solutions_folder(assignment: str) -> Path:
    """Where the solutions of an assignment's tasks lie, a file for each task."""
    return CHAPTERS / assignment / "solutions"


def all_solutions() -> list[Solution]:
    """The solutions of all assignments."""
    return [s for name in assignments() for path in sorted(solutions_folder(name).glob("*.py")) for s in read_solutions(path)]


@cache
def solved(assignment: str) -> list[nbformat.NotebookNode]:
    """The cells of the assignment's notebook with its reference solutions."""
    return nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", 4).cells


def role(cell: nbformat.NotebookNode) -> str:
    """What a cell is: the grade cell of a ``task``, its ``solution``, or something ``else``."""
    return "solution" if is_answer(cell) else "task" if has_points(cell) else "else"


def tasks(assignment: str) -> list[str]:
    """The tasks that a machine grades."""
    return [grade_id(cell).removeprefix("check_") for cell in solved(assignment) if cell.cell_type == "code" and role(cell) == "task"]


def check_source(cell: nbformat.NotebookNode) -> str:
    """The hidden checks of a grade cell, as text."""
    checks = find_checks(cell.source, grade_id(cell))
    text = (ROOT / checks.file).read_text("utf-8")
    return next(ast.get_source_segment(text, node) for node in ast.parse(text).body if getattr(node, "name", "") == checks.group)


def notebook_with(solution: Solution) -> nbformat.NotebookNode:
    """The solved notebook with one task's cell replaced, without what its grade cell doesn't need."""
    cells = [nbformat.from_dict(cell) for cell in solved(solution.assignment) if cell.cell_type == "code"]
    end = next(index for index, cell in enumerate(cells) if grade_id(cell) == f"check_{solution.task}")
    check, before = cells[end], cells[:end]
    others = {grade_id(cell): cell for cell in before if role(cell) == "solution"}
    others.pop(solution.task).source = solution.source
    needed, texts = set(), [solution.source, visible_source(check.source), check_source(check)]
    while texts:
        text = texts.pop()
        new = {name for name in others.keys() - needed if re.search(rf"\b{re.escape(name)}\b", text)}
        needed |= new
        texts += [others[name].source for name in new]
    kept = [c for c in before if role(c) == "else" or (role(c) == "solution" and grade_id(c) in needed | {solution.task})]
    return nbformat.v4.new_notebook(cells=[*kept, check])


class Class:
    """The solutions of one assignment, all handed to one engine at once.

    Args:
        assignment: its id.
        solutions: solutions of its tasks.
        settings: limits and number of workers.
        seeds: for so many draws of the checks' inputs.
    """

    def __init__(self, assignment: str, solutions: list[Solution], settings: Settings, seeds: int = 1) -> None:
        self.files = look_at(ROOT / "source" / assignment).files
        self.jobs = {(solution, seed): self.job(solution, seed) for solution in solutions for seed in range(seeds)}
        checks = {cell.checks for job in self.jobs.values() for cell in job.cells if cell.checks}
        imports = warm_imports(cell.source for cell in solved(assignment) if cell.cell_type == "code")
        plan = Plan(tuple(checks), tuple(imports), (ROOT,))
        self.store = ResultStore(BUILD / "tested", settings, plan.files)  # what hasn't changed isn't graded again
        self.results = {which: self.store.get(job.key()) for which, job in self.jobs.items()}
        missing = [which for which, result in self.results.items() if result is None]
        self.engine = Engine(settings, plan) if missing else None
        self.numbers = {which: self.engine.submit(self.jobs[which]) for which in missing}

    def job(self, solution: Solution, seed: int) -> Job:
        job = make_job(notebook_with(solution), solution.assignment, str(solution), self.files)
        return resolved(replace(job, seed=f"{seed:032x}"), [ROOT])

    def result(self, solution: Solution, seed: int) -> JobResult:
        if self.results[solution, seed] is None:
            result = self.results[solution, seed] = self.engine.result(self.numbers[solution, seed])
            self.store.put(self.jobs[solution, seed].key(), result)
        return self.results[solution, seed]

    def close(self) -> None:
        if self.engine is not None:
            self.engine.close()
