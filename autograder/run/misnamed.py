"""Notebooks that lie in a student's folder of an assignment, but under a name or in a folder where nbgrader doesn't look.

Whose it is and of which assignment, the folder tells; which file is meant is decided as when collecting: by what it holds,
else by its name. What has the right name stays what is graded, unless it is as it was handed out and another file isn't.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from autograder.any_folder import KnownFolders
from autograder.collecting.forms import Form
from autograder.collecting.people import EXACT, Told
from autograder.collecting.sorting import Claim
from autograder.collecting.unpack import Item
from autograder.collecting.versions import (
    ALIKE,
    Reference,
    cell_names,
    choose,
    is_notebook,
    known_notebooks,
    read_notebook,
    texts,
)  # fmt: skip
from autograder.jobs.beside import MAX_ENTRIES, STAMPS, shown
from autograder.jobs.notebook import MAX_NOTEBOOK_BYTES

MAX_READ, MAX_READ_BYTES = 50, MAX_NOTEBOOK_BYTES  # of the files in one folder that may be notebooks, all together
ENDINGS = (".ipynb", ".json", ".txt")


@dataclass
class Misnamed:
    """What was found in the folders of one assignment.

    Attributes:
        files: where nbgrader looks for a notebook → where it is.
        empty: a line for each folder that holds something, but no notebook.
    """

    files: dict[str, Path] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)

    def file(self, path: str) -> Path:
        """The file that is graded as ``path``."""
        return self.files.get(path, Path(path))

    def within(self) -> dict[Path, str]:
        """Folders whose notebook lies deeper, each with the way down to it: there its data are, too."""
        ways = {Path(path).parent: file.parent.relative_to(Path(path).parent).as_posix() for path, file in self.files.items()}
        return {folder: way for folder, way in ways.items() if way != "."}

    def note(self, folder: Path) -> str:
        """Markdown that tells a student which of her files was graded, empty if it is named as handed out."""
        found = [(path, file) for path, file in self.files.items() if Path(path).parent == folder]
        told = "**Graded is a file that isn't called as it was handed out:**"
        lines = [f"    {shown(file.relative_to(folder).as_posix())} as {Path(path).name}" for path, file in found]
        return "\n".join([told, "", *lines]) if found else ""


def take_misnamed(converter: Any, notebooks: Iterable[str], excluded: Iterable[Path] = ()) -> Misnamed:
    """Has nbgrader's ``Autograde`` grade misnamed notebooks as well, under the names that it knows.

    Args:
        converter: nbgrader's converter with its list of submissions, which grows by what it would have passed over.
        notebooks: names of the assignment's notebooks.
        excluded: folders that aren't asked for.
    """
    coursedir, names, found = converter.coursedir, list(notebooks), Misnamed()
    known = [one for one in known_notebooks(coursedir, coursedir.assignment_id) if one.name in names]
    everybody = KnownFolders.glob(converter._format_source(coursedir.assignment_id, coursedir.student_id))
    for folder in sorted({*everybody, *converter.assignments} - set(map(str, excluded))):
        if not os.path.isdir(folder) or os.path.islink(folder) or os.path.islink(os.path.dirname(folder)):
            continue
        files = find_notebooks(Path(folder), names, known)
        found.files |= {os.path.join(folder, f"{name}.ipynb"): file for name, file in files.items()}
        if files or folder in converter.assignments:
            there = {*converter.assignments.get(folder, ()), *(os.path.join(folder, f"{name}.ipynb") for name in files)}
            converter.assignments[folder] = sorted(there - set(map(str, files.values())))
        elif any(not entry.name.startswith(".") and entry.name not in STAMPS for entry in os.scandir(folder)):
            found.empty.append(f"{folder}: no notebook is among what was handed in")
    return found


_look_for_names = Autograde.init_notebooks


def look(self: Autograde) -> None:
    """In place of ``Autograde.init_notebooks``; what is misnamed beside others is taken when the run begins (`take_misnamed`)."""
    coursedir = self.coursedir
    folders = KnownFolders.glob(self._format_source(coursedir.assignment_id, coursedir.student_id))
    self.assignments, self.notebooks = {}, []
    if coursedir.notebook_id == "*" and not any(KnownFolders.glob(os.path.join(folder, "*.ipynb")) for folder in folders):
        take_misnamed(self, [one.name for one in known_notebooks(coursedir, coursedir.assignment_id)])
    if not self.assignments:
        _look_for_names(self)


def find_notebooks(folder: Path, names: Iterable[str], known: list[Reference]) -> dict[str, Path]:
    """Those of an assignment's notebooks that aren't where they belong: name → file."""
    own = {one.name: folder / f"{one.name}.ipynb" for one in known}
    others = [path for path in _candidates(folder) if path not in own.values()] if known else []
    missing = {one.name for one in known if others and one.name in names and not os.path.lexists(own[one.name])}
    untouched = {one.name: one for one in known if others and one.name in names and _as_handed_out(own[one.name], one)}
    if not missing and not untouched:
        return {}
    items = [Item(path.relative_to(folder).parts, path) for path in others]
    items = [item for item in items if is_notebook(item)]
    chosen = choose([Claim((), tuple(items), Told(("",), EXACT), Form("hand", ""))], known)
    found = {name: version.item.path for name, version in chosen.notebooks.items()}
    return {name: path for name, path in found.items() if name in missing or (name in untouched and _is_work_on(path, untouched[name]))}


def _as_handed_out(path: Path, reference: Reference) -> bool:
    read = read_notebook(path) if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_NOTEBOOK_BYTES else None
    return read is not None and texts(read) == reference.texts


def _is_work_on(path: Path, reference: Reference) -> bool:
    """Whether a file is surely the notebook, and changed."""
    read = read_notebook(path)
    alike = read is not None and len(cell_names(read) & reference.cells) >= ALIKE * len(reference.cells)
    return read is not None and alike and texts(read) != reference.texts


def _candidates(folder: Path) -> list[Path]:
    """Plain files that may be notebooks by their names, those that lie highest first; no more than anybody means to hand in."""
    found: list[Path] = []
    entries = 0
    for here, folders, files in os.walk(folder):
        entries += len(folders) + len(files)
        if entries > MAX_ENTRIES:
            break
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not os.path.islink(os.path.join(here, name)))
        paths = (Path(here, name) for name in sorted(files) if name.lower().endswith(ENDINGS))
        found += [path for path in paths if path.name not in STAMPS and not path.is_symlink() and path.is_file()]
    found.sort(key=lambda path: (".ipynb" not in path.name.lower(), len(path.parts)))
    room, fitting = MAX_READ_BYTES, []
    for path in found[:MAX_READ]:
        size = path.stat().st_size
        if size <= room:
            room -= size
            fitting.append(path)
    return fitting
