"""Puts a submitted notebook right: every released cell in its place and as released, every answer where it is looked for.

What editors and students did to cells that aren't theirs is undone, and nothing of theirs is lost: what was typed into a
locked cell gets a cell of its own, an answer beside its place moves there. The notebook begins with what was put right.
A locked cell that still has the checksum it was released with is nobody's edit: it came from an earlier release.
"""

from __future__ import annotations

import difflib
import textwrap
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.jobs.cells import cause, grade_id, is_locked
from autograder.jobs.defined import defined_names, parsed
from autograder.jobs.submission import visible_source
from autograder.run.recognise import recognise
from autograder.run.released import Release, ReleasedCell, same_text

MAX_NAMES = 300  # characters of the names in a line
MAX_COMPARED = 2_000  # lines of a locked cell as handed in, beyond which all of it is taken for the student's
MAX_LINE = 500  # characters of a line that may be an edited one
NOTE_ID = "put-right"
TOLD = "**Some cells were put right before this notebook was graded.** Whatever you wrote counts as it stands now:"
LINES = {
    "repeated": "cells are there several times, the best copy counts",
    "unmarked": "cells had lost their marks and are known by their text or place",
    "renewed": "cells of an earlier release are as they are in the current one",
    "edited": "locked cells were edited and are put back",
    "typed": "what was typed into locked cells has cells of its own now",
    "missing": "cells were missing and are put back",
    "moved": "checks stood before what they check and are behind it now",
    "gathered": "answers stood beside their cells and are moved there",
    "strange": "cells are not part of the assignment and earn nothing",
}


@dataclass
class _Mending:
    """One notebook on its way to being right.

    Attributes:
        told: names of the cells concerned, for each kind of mending.
        typed: what a student typed into locked text cells, by the cell's name.
        as_given: names of cells that are as some release had them.
    """

    nb: NotebookNode
    release: Release
    told: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in LINES})
    typed: dict[str, str] = field(default_factory=dict)
    as_given: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ids = {cell.get("id") for cell in self.nb.cells}

    def name_cells(self) -> None:
        """Gives each released cell that is there its metadata, and takes nbgrader's from all others."""
        found = recognise(self.nb.cells, self.release)
        chosen = {cell.name for cell in found.values()}
        for index, cell in enumerate(self.nb.cells):
            claimed, known = grade_id(cell), found.get(index)
            if known is not None:
                if claimed != known.name:
                    self.told["unmarked"].append(known.name)
                elif _as_given(cell):
                    self.as_given.add(known.name)
                self.nb.cells[index] = _with_role(cell, known)
            elif "nbgrader" in cell.metadata:
                if claimed in chosen:
                    self.told["repeated"].append(claimed)
                elif cell.metadata.nbgrader:
                    self.told["strange"].append(_shown(claimed))
                del cell.metadata["nbgrader"]

    def put_back(self) -> None:
        """Gives locked cells their released text; what was added to it goes into a cell before them, or after a text."""
        known = {cell.name: cell for cell in self.release.cells}
        cells = []
        for cell in self.nb.cells:
            released = known.get(grade_id(cell) or "")
            cells.append(cell)
            if released is None or not released.locked:
                continue
            if same_text(cell.source) != released.text and released.name in self.as_given:
                self.told["renewed"].append(released.name)
            elif same_text(cell.source) != released.text:
                self.told["edited"].append(released.name)
                added = _added(cell.source, released)
                if added and released.kind == "code":
                    self.told["typed"].append(released.name)
                    cells.insert(len(cells) - 1, self._own_cell(added, released, "typed-into"))
                elif added:
                    self.typed[released.name] = added
            cell.source = released.source
        self.nb.cells = cells

    def _own_cell(self, source: str, of: ReleasedCell, why: str) -> NotebookNode:
        make = nbformat.v4.new_code_cell if of.kind == "code" else nbformat.v4.new_markdown_cell
        return make(source, id=self._free_id(f"{why}-{of.name}"))

    def _free_id(self, wanted: str) -> str:
        """A valid id that no cell has; the same whenever the same notebook is put right, as results are kept by it."""
        wanted = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in wanted)[:50]
        name, number = wanted, 2
        while name in self.ids:
            name, number = f"{wanted}-{number}", number + 1
        self.ids.add(name)
        return name

    def add_missing(self) -> None:
        """Adds scored cells that aren't there, and locked ones whose names a check or an answer may need."""
        place, empty = 0, all(cell.cell_type != "code" for cell in self.nb.cells)
        for released in self.release.cells:
            at = self._index(released.name)
            if at is not None:
                place = at + 1
            elif released.scored or (released.locked and released.defines & self.release.needed and not empty):
                self.told["renewed" if released.locked and self.told["renewed"] else "missing"].append(released.name)
                answers = self._answers(released) if released.check else [place - 1]
                at = max(place, answers[-1] + 1) if answers else len(self.nb.cells)  # a check that nothing answers goes to the end
                self.nb.cells.insert(at, _with_role(self._own_cell(released.source, released, "back"), released))
                place = at + 1 if answers or at == place else place

    def _index(self, name: str) -> int | None:
        return next((index for index, cell in enumerate(self.nb.cells) if grade_id(cell) == name), None)

    def _answers(self, check: ReleasedCell) -> list[int]:
        """Indices of the student's cells that define a name which the check asks for; one that is as it was released is none."""
        asked, stubs = self.release.asked(check), {cell.text for cell in self.release.cells if not cell.locked}
        own = [(index, cell) for index, cell in enumerate(self.nb.cells) if cell.cell_type == "code" and not is_locked(cell)]
        return [index for index, cell in own if (asked | {"*"}) & defined_names(cell.source) and same_text(cell.source) not in stubs]

    def move_checks(self) -> None:
        """Moves a check behind what it asks for, if all of that stands after it."""
        for released in self.release.cells:
            at = self._index(released.name) if released.check else None
            answers = self._answers(released) if at is not None else []
            if at is not None and answers and answers[0] > at:
                self.told["moved"].append(released.name)
                self.nb.cells.insert(answers[-1], self.nb.cells.pop(at))

    def gather_answers(self) -> None:
        """Moves answers in words into their cells, where they were typed beside them."""
        previous = ""
        for released in self.release.cells:
            at = self._index(released.name)
            if released.written and at is not None and same_text(self.nb.cells[at].source) in ("", released.text):
                self._gather(at, released, self.typed.pop(previous, ""))
            previous = released.name
        for released in self.release.cells:
            at = self._index(released.name) if released.name in self.typed else None
            if at is not None:
                self.told["typed"].append(released.name)
                self.nb.cells.insert(at + 1, self._own_cell(self.typed[released.name], released, "typed-into"))

    def _gather(self, at: int, released: ReleasedCell, typed: str) -> None:
        answer = self.nb.cells[at]
        beside = [self.nb.cells[index] for index in self._beside(at)]
        texts = [text for text in [typed, *(_joined(answer, cell) for cell in beside)] if text]
        answer.source = "\n\n".join(texts) or released.source
        if texts:
            self.told["gathered"].append(released.name)
            self.told["missing"] = [name for name in self.told["missing"] if name != released.name]
            self.nb.cells = [cell for cell in self.nb.cells if not any(cell is one for one in beside)]

    def _beside(self, at: int) -> list[int]:
        """Indices of the student's own texts around a cell, up to the next released cells."""
        cells, found = self.nb.cells, []
        for step in (-1, 1):
            index = at + step
            while 0 <= index < len(cells) and grade_id(cells[index]) is None and not self._is_plain(cells[index]):
                found += [index] if _is_prose(cells[index]) else []
                index += step
        return sorted(found)

    def _is_plain(self, cell: NotebookNode) -> bool:
        return same_text(cell.source) in self.release.plain or cause(cell) == "unreadable"

    def lines(self) -> list[str]:
        """A line for each kind of thing that was put right."""
        return [f"{LINES[kind]}: {', '.join(dict.fromkeys(names))[:MAX_NAMES]}" for kind, names in self.told.items() if names]


def put_right(nb: NotebookNode, release: Release) -> list[str]:
    """Puts ``nb`` right, in place; returns a line for each kind of thing that was put right, with the cells' names."""
    mending = _Mending(nb, release)
    mending.name_cells()
    mending.put_back()
    mending.add_missing()
    mending.move_checks()
    mending.gather_answers()
    lines = mending.lines()
    defined_names.cache_clear()
    if lines:
        text = "\n".join([TOLD, "", *(f"    {line}" for line in lines)])  # shown as it is written, whatever a name holds
        nb.cells.insert(0, nbformat.v4.new_markdown_cell(text, id=mending._free_id(NOTE_ID)))
    return lines


def _as_given(cell: NotebookNode) -> bool:
    """Whether a cell has the checksum that nbgrader released it with."""
    try:
        return compute_checksum(cell) == cell.metadata.nbgrader.get("checksum")
    except (KeyError, AttributeError, TypeError, ValueError):  # metadata of whatever form
        return False


def _with_role(cell: NotebookNode, released: ReleasedCell) -> NotebookNode:
    """``cell`` with the metadata and of the type that were released."""
    if cell.cell_type != released.kind:
        make = nbformat.v4.new_code_cell if released.kind == "code" else nbformat.v4.new_markdown_cell
        kept = {"attachments": cell.attachments} if released.kind != "code" and "attachments" in cell else {}
        cell = make(cell.source, id=cell.id, metadata=cell.metadata, **kept)
    cell.metadata["nbgrader"] = nbformat.from_dict(released.metadata)
    return cell


def _added(source: str, released: ReleasedCell) -> str:
    """What a student typed into a locked cell: the lines that aren't the released ones.

    Of code that makes no sense by itself, all of it.
    """
    source = visible_source(source)
    old, new = released.text.splitlines(), source.splitlines()
    if len(new) > MAX_COMPARED:
        return source
    blocks = difflib.SequenceMatcher(None, [line.strip() for line in old], [line.strip() for line in new], autojunk=False).get_opcodes()
    lines = [line for kind, _, _, begin, end in blocks if kind in ("insert", "replace") for line in new[begin:end]]
    if released.kind != "code":
        return "\n".join(line for line in lines if len(line) > MAX_LINE or not difflib.get_close_matches(line, old, 1, 0.8)).strip()
    added = textwrap.dedent("\n".join(lines)).strip("\n")
    return added if not added.strip() or parsed(added) is not None else source


def _is_prose(cell: NotebookNode) -> bool:
    """Whether a cell holds text: a text cell, or a code cell that no Python could run or that does nothing."""
    text = same_text(cell.source)
    if cell.cell_type != "code" or not text:
        return bool(text)
    tree = parsed(text)
    return (tree is None and " " in text) or (tree is not None and not tree.body and "#" in text)


def _joined(answer: NotebookNode, cell: NotebookNode) -> str:
    """The text of a cell that becomes part of an answer, with its pictures."""
    text = cell.source.strip()
    for name, bundle in cell.get("attachments", {}).items():
        there = answer.setdefault("attachments", nbformat.from_dict({}))
        unused = name
        while there.get(unused, bundle) != bundle:
            unused = f"2-{unused}"
        there[unused] = bundle
        text = text.replace(f"attachment:{name}", f"attachment:{unused}")
    return text


def _shown(name: str | None) -> str:
    """A student's name for a cell within a line of text: one that would break or hide the line is quoted."""
    return name if name and name.isprintable() else repr(name)
