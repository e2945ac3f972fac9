"""Which of a student's files is the notebook that counts, and what comes along with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.collecting.forms import BLACKBOARD
from autograder.collecting.sorting import Claim
from autograder.collecting.unpack import Item
from autograder.jobs.notebook import decoded, json_of

COPY = re.compile(r"(?P<stem>.+?)(?:[-_ ]?\((?P<brackets>\d{1,3})\)|[-_ ](?P<number>\d{1,3}))", re.IGNORECASE)
BACKUP_FOLDERS = frozenset("old original originals backup backups bak archive alt sicherung .ipynb_checkpoints .trash checkpoints".split())
BACKUP_FILES = re.compile(r"(.*[-_ .](backup|bak|old|checkpoint|autosave)|~.*|.*~)", re.IGNORECASE)
COPY1 = re.compile(r".*-copy\d+", re.IGNORECASE)  # JupyterLab's duplicate, which stays behind
ENDING = re.compile(r"(\.ipynb)?(\.(txt|json|ipynb))*$", re.IGNORECASE)
STAMP = "timestamp.txt"  # nbgrader takes the time of handing in from it
ALIKE = 0.3  # part of an assignment's cells that a notebook of it has at least


@dataclass(frozen=True)
class Reference:
    """A notebook as it was handed out: its cells' names and texts."""

    name: str
    cells: frozenset[str]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Version:
    """One notebook that may count."""

    item: Item
    claim: Claim
    notebook: str
    rank: tuple


@dataclass
class Chosen:
    """What is collected of one student.

    Attributes:
        notebooks: by the name of the assignment's notebook.
        others: the versions that don't count.
        beside: modules, data and pictures: name below the assignment's folder → file.
        lost: files that are neither, with why.
    """

    notebooks: dict[str, Version] = field(default_factory=dict)
    others: list[Version] = field(default_factory=list)
    beside: dict[str, Item] = field(default_factory=dict)
    lost: list[tuple[Item, str]] = field(default_factory=list)


def references(folder: Path) -> list[Reference]:
    """The notebooks in the folder of a release or a source."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        read = read_notebook(path) or {"cells": []}
        found.append(Reference(path.stem, frozenset(cell_names(read)), texts(read)))
    return found


def known_notebooks(coursedir: Any, assignment: str) -> list[Reference]:
    """The notebooks of an assignment as they are handed out; as they were written where nothing is released yet."""
    return next((found for folder in places_of(coursedir, assignment) if (found := references(folder))), [])


def places_of(coursedir: Any, assignment: str) -> list[Path]:
    """The folders in which an assignment's notebooks may lie."""
    steps = (coursedir.release_directory, coursedir.source_directory)
    return [Path(coursedir.format_path(step, ".", assignment)) for step in steps]


def read_notebook(path: Path) -> dict | None:
    """A notebook whatever its encoding, None for any other file."""
    with path.open("rb") as file:
        start = file.read(64)
    if not start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"{"):  # marks of encodings, and signs two bytes wide
        return None
    try:
        read = json_of(decoded(path.read_bytes()))
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) and isinstance(read.get("cells"), list) and "nbformat" in read else None


def is_notebook(item: Item) -> bool:
    """Whether a file is one by its content, or says so and can't be read."""
    return ".ipynb" in item.name.lower() or read_notebook(item.path) is not None


def cell_names(read: dict) -> set[str]:
    """nbgrader's names and the ids of a notebook's cells."""
    cells = [cell for cell in read["cells"] if isinstance(cell, dict)]
    metadata = [cell["metadata"] for cell in cells if isinstance(cell.get("metadata"), dict)]
    named = {str(data["nbgrader"].get("grade_id")) for data in metadata if isinstance(data.get("nbgrader"), dict)}
    return named | {str(cell["id"]) for cell in cells if cell.get("id")}


def texts(read: dict) -> tuple[tuple[str, str], ...]:
    """Kind and source of each cell, without what editors do to line ends."""
    found = []
    for cell in read["cells"]:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        found.append((str(cell.get("cell_type")) if isinstance(cell, dict) else "", "\n".join(text.split("\n")).replace("\r", "").strip()))
    return tuple(entry for entry in found if entry[1])


def choose(claims: Iterable[Claim], known: list[Reference]) -> Chosen:
    """Picks a student's notebooks of an assignment, and what lies beside them."""
    chosen, found = Chosen(), []
    claims = list(claims)
    for claim in claims:
        for item in claim.items:
            if not is_notebook(item):
                continue
            version = as_version(item, claim, known)
            found.append(version) if isinstance(version, Version) else chosen.lost.append((item, version))
    for version in sorted(found, key=lambda version: version.rank, reverse=True):
        if version.notebook in chosen.notebooks:
            chosen.others.append(version)
        else:
            chosen.notebooks[version.notebook] = version
    _beside(chosen, claims, {item for version in found for item in (version.item,)} | {item for item, _ in chosen.lost})
    return chosen


def as_version(item: Item, claim: Claim, known: list[Reference]) -> Version | str:
    """Which of the assignment's notebooks a file is and how it ranks; a text if it is none of them."""
    read = read_notebook(item.path)
    stem, number, named = _name(item, claim, known)
    alike = {one.name: len(one.cells & cell_names(read)) / len(one.cells) for one in known if read and one.cells}
    likest = max(alike, key=lambda name: alike[name], default="")
    by_content = likest if alike.get(likest, 0) >= ALIKE and list(alike.values()).count(alike[likest]) == 1 else ""
    notebook = by_content or named or (known[0].name if len(known) == 1 else "")
    if not notebook:
        return f"it is none of {', '.join(one.name for one in known)}"
    reference = next(one for one in known if one.name == notebook)
    changed = read is not None and not (reference.texts and texts(read) == reference.texts)
    folders = {part.lower() for part in item.place[len(claim.place) : -1]}
    backup = bool(folders & BACKUP_FOLDERS) or bool(BACKUP_FILES.fullmatch(stem))
    working = any(part.lower() == "working files" for part in item.place)
    version = max(
        [claim.form.version, *(int(match[1]) for part in item.place if (match := re.fullmatch(r"version (\d+)", part.lower()))), 0]
    )
    packed = item.time if claim.form.source != "canvas" or len(item.place) > len(claim.place) else None  # Canvas's tells the download
    rank = (
        changed, claim.trust, not backup, not working, claim.time or datetime.min, version, packed or datetime.min,
        not COPY1.fullmatch(stem), bool(named), number, str(item),
    )  # fmt: skip
    return Version(item, claim, notebook, rank)


def _name(item: Item, claim: Claim, known: list[Reference]) -> tuple[str, int, str]:
    """A file's stem, the number of its copy, and the assignment's notebook that it is called like."""
    whole = len(item.place) == len(claim.place) and claim.form.file
    stem, number = ENDING.sub("", claim.form.file if whole else item.name), 0
    names = {one.name.casefold(): one.name for one in known}
    named = names.get(stem.casefold(), "")
    if not named and (match := COPY.fullmatch(stem)):
        named, number = names.get(match["stem"].casefold(), ""), int(match["number"] or match["brackets"] or 0)
    if not named:
        within = [name for low, name in names.items() if low in stem.casefold()]
        named = max(within, key=len) if within else ""
    return stem, number, named


# ---- what comes along


def _beside(chosen: Chosen, claims: list[Claim], notebooks: set[Item]) -> None:
    """Files of the same hand-in: those below a notebook's folder keep their place, others theirs in the hand-in."""
    for version in chosen.notebooks.values():
        same = [claim for claim in claims if claim is version.claim or _together(claim, version.claim)]
        for claim in same:
            for item in claim.items:
                if item in notebooks or _platforms_own(item, claim) or ".ipynb_checkpoints" in item.place:
                    continue
                name = _place_beside(item, claim, version)
                if name.lower() == STAMP:
                    chosen.lost.append((item, "a file of this name would change the time of handing in"))
                elif chosen.beside.setdefault(name, item) is not item:
                    chosen.lost.append((item, f"there is another {name}"))
    chosen.lost = list(dict.fromkeys(chosen.lost))


def _together(claim: Claim, other: Claim) -> bool:
    """Whether files that a platform names one by one came in one hand-in, as far as it tells."""
    return (claim.form.source, claim.form.who, claim.form.number, claim.time) == (
        other.form.source, other.form.who, other.form.number, other.time,
    ) and claim.place[:-1] == other.place[:-1]  # fmt: skip


def _place_beside(item: Item, claim: Claim, version: Version) -> str:
    folder = version.item.place[:-1]
    if item.place[: len(folder)] == folder and len(folder) >= len(claim.place):
        return "/".join(item.place[len(folder) :])
    if len(item.place) == len(claim.place):
        return claim.form.file or item.name
    return "/".join(item.place[len(claim.place) :])


def _platforms_own(item: Item, claim: Claim) -> bool:
    match = BLACKBOARD.fullmatch(item.name)
    return bool(match and match["about"]) and len(item.place) == len(claim.place)
