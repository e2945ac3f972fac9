"""Reads a submitted file as a notebook, whatever state it is in.

A submission may be empty, cut off, of an old format or edited by hand. What can be read is brought into a valid form of
nbformat 4; what can't becomes an empty notebook that says so. Nothing here runs or trusts any of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

MAX_NOTEBOOK_BYTES = 64 << 20  # as a file, outputs and pictures included
MAX_SOURCE_BYTES = 4 << 20  # of all cells' sources together, as JSON
MAX_CELLS = 20_000
CELL_TYPES = ("code", "markdown", "raw")
_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class UnreadableNotebook(Exception):
    """The file holds no notebook; the message says what is wrong with it."""


def read_submission(path: str | Path) -> NotebookNode:
    """The submitted notebook at ``path`` in valid form, without its outputs.

    Raises:
        UnreadableNotebook: no regular file, empty, not JSON, not a notebook, or too large.
    """
    path = Path(path)
    if any(part.is_symlink() for part in (path, *path.parents[:2])) or not path.is_file():
        raise UnreadableNotebook("not a regular file")
    if path.stat().st_size > MAX_NOTEBOOK_BYTES:
        raise UnreadableNotebook(f"larger than {MAX_NOTEBOOK_BYTES >> 20} MiB")
    try:
        raw = json.loads(path.read_text("utf-8-sig", errors="strict"))
    except UnicodeDecodeError:
        raise UnreadableNotebook("not a UTF-8 text") from None
    except (ValueError, RecursionError):
        raise UnreadableNotebook("empty" if not path.stat().st_size else "not valid JSON (was the file cut off?)") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("cells", raw.get("worksheets")), list):
        raise UnreadableNotebook("JSON, but not a notebook: it has no cells")
    return normalised(_current_format(raw))


def _current_format(raw: dict) -> dict:
    if raw.get("nbformat", 4) == 4 and "cells" in raw:
        return raw
    try:
        return nbformat.convert(nbformat.from_dict(raw), 4)
    except Exception as error:  # whatever the converters of old formats trip over
        raise UnreadableNotebook(f"of an old notebook format that can't be converted ({type(error).__name__})") from None


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
    metadata = {"kernelspec": _plain(raw.get("metadata"), "kernelspec"), "language_info": {"name": "python"}}
    if not {"name", "display_name"} <= set(metadata["kernelspec"]):
        del metadata["kernelspec"]
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def _plain(metadata: Any, name: str) -> dict[str, Any]:
    """The entry ``name`` of ``metadata``, as far as it is a flat dictionary of simple values."""
    entry = metadata.get(name) if isinstance(metadata, dict) else None
    entry = entry if isinstance(entry, dict) else {}
    return {key: value for key, value in entry.items() if isinstance(value, (str, int, float, bool))}


def _normalised_cell(cell: dict, number: int, ids: set[str]) -> dict:
    kind = cell.get("cell_type") if cell.get("cell_type") in CELL_TYPES else "raw"
    name = cell.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name) or name in ids:
        name = f"cell-{number}"
        while name in ids:
            name += "-"
    ids.add(name)
    given = cell.get("metadata")
    metadata: dict[str, Any] = given if isinstance(given, dict) else {}
    tags = metadata.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str) and tag != "skip-execution"] if isinstance(tags, list) else []
    nbgrader = {"nbgrader": _plain(metadata, "nbgrader")} if "nbgrader" in metadata else {}
    metadata = {key: metadata[key] for key in ("deletable", "editable") if isinstance(metadata.get(key), bool)} | nbgrader
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    if kind != "code" and _plain_attachments(cell.get("attachments")):
        extra["attachments"] = cell["attachments"]
    return {
        "cell_type": kind,
        "id": name,
        "metadata": metadata | ({"tags": tags} if tags else {}),
        "source": _text(cell.get("source")),
        **extra,
    }


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.encode("utf-8", "replace").decode("utf-8") if isinstance(source, str) else ""


def _plain_attachments(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(bundle, dict) and all(isinstance(data, str) for data in bundle.values()) for bundle in value.values()
    )


def read_or_explain(path: str | Path) -> tuple[NotebookNode, str]:
    """The submitted notebook and an empty text, or a notebook without tasks and the reason."""
    try:
        return read_submission(path), ""
    except UnreadableNotebook as error:
        return unreadable_notebook(str(error)), str(error)


def unreadable_notebook(reason: str) -> NotebookNode:
    """An empty notebook that says why; nbgrader adds the missing grade cells, and each earns zero."""
    text = f"**This file could not be read as a notebook**: it is {reason}. There was nothing to grade; please submit it again."
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="unreadable")])
