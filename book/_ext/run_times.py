"""How long each chapter's last run took, from the cache of runs, kept where a page can read it without the cache."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from jupyter_cache import get_cache

from autograder.chapters import chapters

FILE = ".book-run-times.json"


def seconds_of(notebook: Path, cache_folder: Path) -> float | None:
    """Return how long a notebook's last run took; None if no run of it is known.

    Args:
        notebook: a chapter, or a page of one.
        cache_folder: of jupyter-cache.
    """
    cache = get_cache(cache_folder)
    try:
        return cache.match_cache_notebook(nbformat.read(notebook, as_version=4)).data.get("execution_seconds")
    except KeyError:
        return None
    finally:
        cache.db.dispose()


def write(output: Path, root: Path) -> bool:
    """Note the times of all chapters, each with all its pages, in the build folder; tell whether all are known.

    Args:
        output: the build folder, which holds the cache of runs.
        root: the course's folder.
    """
    times: dict[str, float | None] = {}
    for name, chapter in chapters(root).items():
        seconds = [seconds_of(notebook, output / ".jupyter_cache") for notebook in chapter.notebooks(root)]
        times[name] = None if None in seconds else sum(seconds)
    (output / FILE).write_text(json.dumps(times), encoding="utf-8")
    return None not in times.values()


def read(output: Path) -> dict[str, float | None]:
    """Return the seconds of each chapter that has been noted."""
    file = output / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
