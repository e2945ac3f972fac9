"""Finds the processes that a grading run has started, also after it was killed."""

from __future__ import annotations

import psutil


def graders(mark: str) -> list[psutil.Process]:
    """Processes that a run with the environment variable ``GRADED_HERE=mark`` has started, however deep."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("GRADED_HERE") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found
