"""From a sanitized notebook to a job: what to run, what to check, which files lie beside it.

Nothing of a hidden region gets past this module: the cells of a job hold only what a student may see.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.jobs.beside import StoredFile
from autograder.jobs.cells import grade_id, is_checked, is_locked

if TYPE_CHECKING:  # importing nbformat costs the judge a second
    from nbformat import NotebookNode

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
_DIRECTIVE = re.compile(r"^\s*#\s*hidden:\s*(\S+?)::(\w+)\s*$", re.MULTILINE)
_HIDDEN_REGION = re.compile(rf"^[ \t]*{BEGIN_HIDDEN}.*?(?:^[ \t]*{END_HIDDEN}[^\n]*\n?|\Z)", re.MULTILINE | re.DOTALL)


class DirectiveError(Exception):
    """A hidden region that names no check or an unreadable one; the message names the cell."""


@dataclass(frozen=True)
class Checks:
    """The hidden checks of one grade cell: a pytest file and the class in it."""

    file: str
    group: str


@dataclass(frozen=True)
class Cell:
    """One code cell as the student's kernel runs it.

    Attributes:
        index: position in the notebook.
        name: its grade_id, or its cell id.
        source: code without the hidden region.
        checks: what decides the cell's points, None for cells without hidden checks.
        given: whether it is everybody's: released and locked, put back before it is run.
    """

    index: int
    name: str
    source: str
    checks: Checks | None = None
    given: bool = False

    @property
    def blank(self) -> bool:
        """Whether there is nothing to run in it."""
        return not self.source.strip()


@dataclass(frozen=True)
class Job:
    """Everything a grading process needs to know of one submission.

    Attributes:
        assignment, student: nbgrader's ids.
        cells: the code cells, in order.
        files: name → what lies beside the notebook: contents, or a file that is read when the job is sent.
        seed: the course's secret; who knows it could foresee the checks' random inputs.
    """

    assignment: str
    student: str
    cells: tuple[Cell, ...]
    files: Mapping[str, bytes | StoredFile] = field(repr=False, default_factory=dict)
    seed: str = field(repr=False, default="")

    @property
    def source(self) -> str:
        return "\n".join(cell.source for cell in self.cells)

    def key(self) -> str:
        """A digest of all that decides the result: cells, files, assignment, student and seed.

        Points are none of it: they are reckoned from the result. Of a check's path only the name counts: a course that was
        moved keeps its results, on any machine of a cluster. Raises `FileChanged` for a file that can't be read any more.
        """
        cells = [(c.index, c.name, c.source, c.checks and (Path(c.checks.file).name, c.checks.group), c.given) for c in self.cells]
        return self._digest(cells)

    def work(self) -> str:
        """A digest of what is the student's own, from which with the course's secret the checks' inputs are drawn.

        It hangs on all that her code can know, so that what feedback tells of the inputs is of no use for the next
        submission: on what she wrote, in which order and between which of the given cells, and on the files. It doesn't hang
        on points, on the text of given cells, on cells that are blank, which are never run, nor on what her cells are called,
        which her code isn't told. Raises `FileChanged` as `key`.
        """
        return self._digest([(cell.name,) if cell.given else cell.source for cell in self.cells if cell.given or not cell.blank])

    def _digest(self, cells: list) -> str:
        digest = hashlib.sha256(repr((self.assignment, self.student, cells, self.seed)).encode("utf-8", "surrogatepass"))
        for name in sorted(self.files):
            file = self.files[name]
            content = file.digest() if isinstance(file, StoredFile) else hashlib.sha256(file).hexdigest()
            digest.update(f"\0{name}\0{content}\0".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def to_message(self) -> tuple[dict, list[bytes]]:
        """The job as it is sent, with the contents of its files; raises `FileChanged` if one isn't what its key says."""
        cells = [[c.index, c.name, c.source, [c.checks.file, c.checks.group] if c.checks else None, c.given] for c in self.cells]
        about, files = {"assignment": self.assignment, "student": self.student, "seed": self.seed}, self.read_files()
        return about | {"cells": cells, "files": list(files)}, list(files.values())

    def read_files(self) -> dict[str, bytes]:
        """The contents of its files, read now; raises `FileChanged` if one isn't what it was."""
        return {name: file.read() if isinstance(file, StoredFile) else file for name, file in self.files.items()}

    def with_check_files(self, places: Mapping[str, str]) -> Job:
        """The same job with the files of its checks at other places, each of which ``places`` names."""
        moved = [replace(cell, checks=cell.checks and Checks(places[cell.checks.file], cell.checks.group)) for cell in self.cells]
        return replace(self, cells=tuple(moved))

    @classmethod
    def from_message(cls, message: dict, blobs: list[bytes]) -> Job:
        cells = tuple(
            Cell(i, name, source, Checks(*checks) if checks else None, given) for i, name, source, checks, given in message["cells"]
        )
        files = dict(zip(message["files"], blobs, strict=True))
        return cls(message["assignment"], message["student"], cells, files, message["seed"])


def make_job(notebook: NotebookNode, assignment: str, student: str, files: Mapping[str, bytes | StoredFile]) -> Job:
    """The job of a sanitized notebook (locked cells already restored from the gradebook).

    Raises:
        DirectiveError: a hidden region without a readable ``# hidden: file::Class`` line.
    """
    cells = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        name = grade_id(cell) or str(cell.get("id") or f"cell-{index}")
        checks = find_checks(cell.source, name) if is_checked(cell) else None
        cells.append(Cell(index, name, visible_source(cell.source), checks, is_locked(cell)))
    return Job(assignment, student, tuple(cells), files)


def visible_source(source: str) -> str:
    """The source without its hidden regions; one left open hides the rest of the cell."""
    return _HIDDEN_REGION.sub("", source).rstrip()


def find_checks(source: str, name: str) -> Checks | None:
    """The checks that a grade cell's hidden region names, None if the cell has no hidden region.

    Raises:
        DirectiveError: the region names no check, or more than one.
    """
    regions = _HIDDEN_REGION.findall(source)
    if not regions:
        return None
    found = _DIRECTIVE.findall("\n".join(regions))
    if len(found) != 1:
        raise DirectiveError(f"cell '{name}': its hidden region must hold exactly one line `# hidden: <file>::<Class>`, found {len(found)}")
    return Checks(*found[0])


def notebook_imports(sources: Iterable[str]) -> list[str]:
    """Modules that the given cells import, for the warm process; cells that don't parse are skipped."""
    names: dict[str, None] = {}
    for source in sources:
        plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
        try:
            tree = ast.parse(plain)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names.update(dict.fromkeys(alias.name for alias in node.names))
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names[node.module] = None
    return list(names)


def warm_imports(sources: Iterable[str]) -> list[str]:
    """What the warm process imports for an assignment with these cells: their modules, and what those import later."""
    sources = list(sources)
    names = notebook_imports(sources)
    packages = {name.partition(".")[0] for name in names}
    if "torch" in packages and any("optim" in source for source in sources):
        names.append("torch._dynamo")  # by the first optimizer; takes as long as torch itself
    if "matplotlib" in packages:
        names.append("matplotlib_inline.backend_inline")
    return names


def canonical(data: object) -> str:
    """JSON in one fixed spelling, for digests."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"))
