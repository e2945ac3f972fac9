"""Which cell of a submission is which cell of the release.

Editors drop metadata, ids and both; students split, paste and retype. So a cell is known by nbgrader's name, by its id,
by its text (a locked cell has one) and by what it defines (a solution must), and no single one of them decides against
two others. Nothing can be won by forging them: a recognised check is put back as released, wherever it stands, and sees
what was computed up to there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.jobs.cells import STUB, grade_id
from autograder.jobs.defined import defined_names
from autograder.run.released import Release, ReleasedCell, same_text

ENOUGH = 0.6  # share of a released cell's lines by which an edited copy is recognised


@dataclass(frozen=True)
class Claim:
    """That a cell is a certain released one.

    Attributes:
        index: of the cell.
        exact: it has the released text, or for a cell that students fill in: another.
        marked: nbgrader's name says so.
        known: its name or its id says so.
    """

    index: int
    exact: bool
    marked: bool
    known: bool


def recognise(cells: Sequence[NotebookNode], release: Release) -> dict[int, ReleasedCell]:
    """The released cell for each index that is one; no cell twice, and no two cells for one."""
    known = _Known(release)
    claims: dict[str, list[Claim]] = {}
    for index, cell in enumerate(cells):
        found = known.find(cell)
        if found is not None:
            text, marked = same_text(cell.source), grade_id(cell) == found.name
            exact = text == found.text if found.locked else text != found.text and (cell.cell_type == found.kind or not found.written)
            claim = Claim(index, exact, marked, marked or known.by_id.get(cell.get("id", "")) is found)
            claims.setdefault(found.name, []).append(claim)
    made = [defined_names(cell.source) if cell.cell_type == "code" else frozenset() for cell in cells]
    chosen: dict[int, ReleasedCell] = {}
    for released in release.cells:
        if released.name in claims:
            chosen[_best(claims[released.name], released, _last_made(made, release.asked(released)))] = released
    return chosen


def _last_made(made: Sequence[frozenset[str]], names: set[str]) -> int:
    """Index of the last cell that defines one of ``names``, -1 if none does."""
    return max((index for index, found in enumerate(made) if found & names), default=-1)


def _best(claims: list[Claim], released: ReleasedCell, asked_at: int) -> int:
    """The cell that counts where several claim to be the same: the last of those that are most likely it.

    Of a check's copies, one that stands behind the answer it asks for; of an answer's, one that was filled in.
    """
    after = released.check and any(claim.index > asked_at for claim in claims)

    def rank(claim: Claim) -> tuple:
        return (claim.known or claim.exact, claim.exact, not after or claim.index > asked_at, claim.marked, claim.index)

    return max(claims, key=rank).index


class _Known:
    """A release's cells, to be found by each of their marks."""

    def __init__(self, release: Release) -> None:
        self.cells = release.cells
        self.by_name = {cell.name: cell for cell in release.cells}
        self.by_id = {cell.id: cell for cell in release.cells if cell.id}
        self.by_text = _only_once((cell.text, cell) for cell in release.cells if cell.locked and cell.text)
        self.by_line = _only_once((line, cell) for cell in release.cells for line in _lines(cell))
        self.lines = Counter(cell.name for cell in self.by_line.values())
        self.by_definition = _only_once((name, cell) for cell in release.cells if not cell.locked for name in cell.defines)

    def find(self, cell: NotebookNode) -> ReleasedCell | None:
        """The released cell that most of the marks say it is."""
        exact = self.by_text.get(same_text(cell.source))
        if exact is not None:
            return exact
        named, by_id = self.by_name.get(grade_id(cell) or ""), self.by_id.get(cell.get("id", ""))
        if named is by_id or named is None or by_id is None:
            return named or by_id or self.alike(cell)
        return by_id if self.alike(cell) is by_id else named

    def alike(self, cell: NotebookNode) -> ReleasedCell | None:
        """The released cell that has most lines of this one, or whose names it defines."""
        if not cell.source.strip():
            return None
        lines = dict.fromkeys(line.strip() for line in cell.source.splitlines())  # in their order: of equals the first is taken
        shared = Counter(found.name for line in lines if (found := self.by_line.get(line)))
        for name, count in shared.most_common(1):
            if count >= ENOUGH * self.lines[name]:
                return self.by_name[name]
        if cell.cell_type != "code":
            return None
        defines = defined_names(cell.source)
        made = Counter(known.name for known in self.cells for name in known.defines & defines if self.by_definition.get(name) is known)
        return next((self.by_name[name] for name, _ in made.most_common() if self.by_name[name].defines <= defines), None)


def _lines(cell: ReleasedCell) -> set[str]:
    """The lines by which a cell is recognised; none for an answer in words, whose every line is the student's."""
    if cell.written or not (cell.locked or cell.kind == "code"):
        return set()
    return {line.strip() for line in cell.text.splitlines() if line.strip()} - set(STUB.splitlines())


def _only_once(pairs: Iterator[tuple[str, ReleasedCell]]) -> dict[str, ReleasedCell]:
    """The pairs whose first part is that of a single cell."""
    found: dict[str, ReleasedCell | None] = {}
    for key, cell in pairs:
        found[key] = cell if found.get(key, cell) is cell else None
    return {key: cell for key, cell in found.items() if cell is not None}
