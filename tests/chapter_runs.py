"""What the tests of chapters share: the run that the book shows, a run by nbval, and what of outputs is compared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from jupyter_cache import get_cache
from nbformat import NotebookNode

from autograder.authoring.course import ROOT
from autograder.chapters import chapters

PAGES = [page for chapter in chapters().values() for page in chapter.notebooks()]


def page_id(path: Path) -> str:
    """What a page is called in the tests: ``convnets``, ``receptive_fields/where_it_looks``."""
    return path.relative_to(ROOT / "book").with_suffix("").as_posix()


def books_run(output: Path, stored: NotebookNode) -> tuple[datetime, NotebookNode]:
    """When the book ran a chapter, from top to bottom in a fresh kernel, and the notebook of that run.

    Args:
        output: the folder that the book was built into.
        stored: the chapter as it is now; its run is known by its code.

    Raises:
        KeyError: no run of this code is known.
    """
    cache = get_cache(output / ".jupyter_cache")
    try:
        record = cache.match_cache_notebook(stored)
        return record.created.replace(tzinfo=UTC), cache.get_cache_bundle(record.pk).nb
    finally:
        cache.db.dispose()


def run_by_nbval(path: Path) -> subprocess.CompletedProcess:
    """Runs a chapter anew and compares every output; figures are drawn into it as in the book."""
    command = [sys.executable, "-m", "pytest", "--nbval", path.name, "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["--nbval-cell-timeout=300", "-q", "-W", "default", "-c", os.devnull, "--rootdir", str(path.parent)]
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"} | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=600)


def shown(cell: NotebookNode) -> dict[str, list[str]]:
    """What a cell prints, each stream joined, and what it shows, kind by kind; pictures aren't stored, nor what stands in their place."""
    texts: dict[str, list[str]] = defaultdict(list)
    for output in cell.outputs:
        if output.output_type == "stream":
            texts[output.name] = ["".join([*texts[output.name], output.text])]
        elif output.output_type == "error":
            texts["error"].append(f"{output.ename}: {output.evalue}")
        elif not any(kind.startswith("image/") for kind in output.data):
            for kind, text in output.data.items():
                texts[kind].append(text)
    return dict(texts)


def differences(stored: NotebookNode, run: NotebookNode) -> dict[str, tuple]:
    """The cells, by id, of which the run shows something else than is stored; with both."""
    # the cache knows a chapter by its code alone: its texts may be older
    code, ran = ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (stored, run))
    pairs = [(before.id, shown(before), shown(after)) for before, after in zip(code, ran, strict=True)]
    return {name: (before, after) for name, before, after in pairs if before != after}
