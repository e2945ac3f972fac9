"""What files hold, as one short text: the same files, the same text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(paths: Iterable[Path]) -> str:
    """A digest of files and folders: names and contents; caches of any kind don't count.

    Raises:
        FileNotFoundError: one of ``paths`` isn't there.
    """
    total = hashlib.sha256()
    for base in paths:
        if not base.exists():
            raise FileNotFoundError(f"{base} isn't there: what is made from it can't be known to be up to date")
        for path in sorted(base.rglob("*")) if base.is_dir() else [base]:
            if path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts:
                total.update(f"{path.relative_to(base.parent)}\0{path.stat().st_size}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()
