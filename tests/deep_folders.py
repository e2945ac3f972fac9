"""Folders within folders, down to where no path leads any more."""

from __future__ import annotations

import os
from pathlib import Path


def deep_folders(folder: Path, depth: int) -> None:
    """Makes them below ``folder``, each with a name of 200 characters, and a file in the last: step by step, as a program can."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("x", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
