"""Comparing releases: what they say of the grader's versions is of the environment that made them, all else is of the source."""

from __future__ import annotations

import json
import re

NOTE = re.compile(r'^if (?:sys\.version_info|np\.lib\.NumpyVersion).*\n    print\("Note: this is graded with .*$', re.MULTILINE)


def differing(made: dict[str, bytes], committed: dict[str, bytes]) -> list[str]:
    """Names of files that differ; of notebooks that were made with different versions, that note alone may."""
    names = sorted(made.keys() | committed.keys())
    return [name for name in names if name not in made or name not in committed or not _alike(made[name], committed[name])]


def _alike(made: bytes, committed: bytes) -> bool:
    if made == committed:
        return True
    (notes, rest), (others, its_rest) = map(_parts, (made, committed))
    return notes != others and rest == its_rest


def _parts(data: bytes) -> tuple[list[str], object]:
    """A notebook's note of versions, and the notebook without it and without the checksum of its cell."""
    try:
        notebook = json.loads(data)
    except ValueError:
        return [], data
    notes = []
    for cell in notebook.get("cells", ()) if isinstance(notebook, dict) else ():
        source = "".join(cell["source"])
        if found := NOTE.findall(source):
            notes += found
            cell["source"] = NOTE.sub("", source)
            cell["metadata"].get("nbgrader", {}).pop("checksum", None)
    return notes, notebook
