"""Reads a submitted file as a notebook, whatever state it is in.

A submission may be empty, cut off, of an old format or edited by hand. What can be read is brought into a valid form of
nbformat 4; what can't becomes an empty notebook that says so. Nothing here runs or trusts any of it.
"""

from __future__ import annotations

import codecs
import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.jobs.cells import OURS

MAX_NOTEBOOK_BYTES = 256 << 20  # as a file, with saved outputs, which count nowhere else
MAX_VALUES = 10_000_000  # of a file: numbers, texts, lists and the like, each of which takes much more room than it has signs
MAX_SOURCE_BYTES = 4 << 20  # of all cells' sources together, as JSON
MAX_CELLS = 20_000
CELL_TYPES = ("code", "markdown", "raw")
MARKED = {
    "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE,  # before those of UTF-16, which begin alike
    "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE,
}  # fmt: skip
WIDTHS = {
    (False, True, False, True): "utf-16-le", (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le", (True, True, True, False): "utf-32-be",
}  # fmt: skip
_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class UnreadableNotebook(Exception):
    """The file holds no notebook; the message says what is wrong with it."""


class TooMany(ValueError):
    """JSON of more values than are read."""


def read_submission(path: str | Path) -> NotebookNode:
    """The submitted notebook at ``path`` in valid form, without its outputs.

    Raises:
        UnreadableNotebook: missing, no regular file, empty, not JSON, not a notebook, or too large.
    """
    path = Path(path)
    if any(part.is_symlink() for part in (path, *path.parents[:2])):
        raise UnreadableNotebook("a link, not a file")
    if not path.is_file():
        raise UnreadableNotebook("not a regular file" if path.exists() else "missing")
    if path.stat().st_size > MAX_NOTEBOOK_BYTES:
        raise UnreadableNotebook(f"larger than {MAX_NOTEBOOK_BYTES >> 20} MiB")
    text = decoded(path.read_bytes())
    try:
        raw = json_of(text)
    except TooMany as error:
        raise UnreadableNotebook(str(error)) from None
    except (ValueError, RecursionError):
        cut_off = " (was the file cut off?)" if text.lstrip().startswith("{") else ""
        raise UnreadableNotebook(f"not valid JSON{cut_off}" if text else "empty") from None
    if not isinstance(raw, dict):
        raise UnreadableNotebook("JSON, but not a notebook: it has no cells")
    return normalised({**raw, "cells": _cells(raw)})


def json_of(text: str) -> Any:
    """What a file holds; raises ValueError where it is no JSON, `TooMany` where it is of more parts than there is memory for."""
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise TooMany(f"of more than {MAX_VALUES:,} values")
    return json.loads(text)


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, with a byte order mark or without, else in Windows-1252.

    A notebook's first two signs are ASCII, and their null bytes tell how wide each is and which half comes first. Bytes
    that Windows-1252 doesn't know become question marks.
    """
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    for name, mark in MARKED.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    nulls = tuple(byte == 0 for byte in data[:4])
    if nulls in WIDTHS:
        return data.decode(WIDTHS[nulls], "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _cells(raw: dict) -> list:
    """The cells of a notebook of format 4, or of formats 2 and 3, which kept them in worksheets.

    Converted here: nbformat's own converter writes as many signs before an old heading as the file asks for, and logs pages.
    """
    if raw.get("nbformat", 4) not in (2, 3, 4):
        raise UnreadableNotebook("of a notebook format that is not known here")
    if isinstance(raw.get("cells"), list):
        return raw["cells"]
    if not isinstance(raw.get("worksheets"), list):
        raise UnreadableNotebook("JSON, but not a notebook: it has no cells")
    sheets = [sheet["cells"] for sheet in raw["worksheets"] if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
    return [_converted(cell) for cells in sheets for cell in cells if isinstance(cell, dict)]


def _converted(cell: dict) -> dict:
    """A cell of formats 2 and 3 under the names of format 4."""
    kind, level = cell.get("cell_type"), cell.get("level")
    if kind == "code":
        return {**cell, "source": cell.get("input")}
    if kind != "heading":
        return {**cell, "cell_type": "markdown"} if kind == "html" else cell
    marks = "#" * (level if type(level) is int and 1 <= level <= 6 else 1)
    return {**cell, "cell_type": "markdown", "source": " ".join([marks, *_text(cell.get("source")).splitlines()])}


def normalised(raw: dict) -> NotebookNode:
    """A valid notebook with what is usable of ``raw``: cells with their type, source, id and metadata."""
    cells: list[dict] = []
    ids: set[str] = set()
    if len(raw["cells"]) > MAX_CELLS:
        raise UnreadableNotebook(f"of more than {MAX_CELLS:,} cells")
    for number, cell in enumerate(raw["cells"]):
        if isinstance(cell, dict):
            cells.append(_normalised_cell(cell, number, ids))
    if len(json.dumps([cell["source"] for cell in cells])) > MAX_SOURCE_BYTES:
        raise UnreadableNotebook(f"more than {MAX_SOURCE_BYTES >> 20} MiB of text and code")
    spec = _plain(raw.get("metadata"), "kernelspec")
    known = all(isinstance(spec.get(name), str) for name in ("name", "display_name"))
    metadata = {"language_info": {"name": "python"}} | ({"kernelspec": spec} if known else {})
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def _plain(metadata: Any, name: str) -> dict[str, Any]:
    """The entry ``name`` of ``metadata``, as far as it is a flat dictionary of simple values."""
    entry = metadata.get(name) if isinstance(metadata, dict) else None
    entry = entry if isinstance(entry, dict) else {}
    return {
        _text(key): _text(value) if isinstance(value, str) else value
        for key, value in entry.items()
        if isinstance(value, (str, int, float, bool))
    }


def _normalised_cell(cell: dict, number: int, ids: set[str]) -> dict:
    kind = cell.get("cell_type") if cell.get("cell_type") in CELL_TYPES else "raw"
    name = cell.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name) or name in ids:
        name, more = f"cell-{number}", count(2)
        while name in ids:
            name = f"cell-{number}-{next(more)}"
    ids.add(name)
    given = cell.get("metadata")
    metadata: dict[str, Any] = given if isinstance(given, dict) else {}
    tags = _tags(metadata.get("tags"))
    nbgrader = {"nbgrader": _plain(metadata, "nbgrader")} if "nbgrader" in metadata else {}
    metadata = {key: metadata[key] for key in ("deletable", "editable") if isinstance(metadata.get(key), bool)} | nbgrader
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    attachments = _attachments(cell.get("attachments"))
    if kind != "code" and attachments:
        extra["attachments"] = attachments
    return {
        "cell_type": kind,
        "id": name,
        "metadata": metadata | ({"tags": tags} if tags else {}),
        "source": _text(cell.get("source")).replace("\r\n", "\n").replace("\r", "\n"),
        **extra,
    }


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.encode("utf-8", "replace").decode("utf-8") if isinstance(source, str) else ""


def _tags(value: Any) -> list[str]:
    """Each of the texts in ``value`` once that may be tags, but for the one that keeps a cell from being run."""
    texts = [_text(tag) for tag in value if isinstance(tag, str)] if isinstance(value, list) else []
    return [tag for tag in dict.fromkeys(texts) if tag and "," not in tag and tag != "skip-execution"]


def _attachments(value: Any) -> dict[str, dict[str, str]]:
    """The pictures in ``value`` by name and type; anything else is left out."""
    bundles = {_text(name): bundle for name, bundle in value.items() if isinstance(bundle, dict)} if isinstance(value, dict) else {}
    return {name: {_text(kind): _text(data) for kind, data in bundle.items() if isinstance(data, str)} for name, bundle in bundles.items()}


def read_or_explain(path: str | Path) -> tuple[NotebookNode, str]:
    """The submitted notebook and an empty text, or a notebook without tasks and the reason."""
    try:
        return read_submission(path), ""
    except UnreadableNotebook as error:
        return unreadable_notebook(str(error)), str(error)


def unreadable_notebook(reason: str) -> NotebookNode:
    """An empty notebook that says why; nbgrader adds the missing grade cells, and each earns zero."""
    text = f"**This file could not be read as a notebook**: it is {reason}. There was nothing to grade; please submit it again."
    marked = {OURS: {"cause": "unreadable"}}  # nothing of the kind is kept of a student's cells
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="unreadable", metadata=marked)])
