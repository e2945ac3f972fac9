"""Programs of this Python's environment, found by name although nobody has activated it.

nbgrader calls ``alembic`` by its name. Where a command is started by its path, as cron, systemd and ``sudo -u`` do, that
name is in no folder of ``PATH``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def with_own_programs(path: str | None) -> str:
    """A ``PATH`` that begins with the folder of this environment's programs."""
    own = str(Path(sys.executable).parent)
    others = [folder for folder in (path or os.defpath).split(os.pathsep) if folder and folder != own]
    return os.pathsep.join([own, *others])


def find_own_programs() -> None:
    """Has this process and those it starts find the environment's programs first."""
    os.environ["PATH"] = with_own_programs(os.environ.get("PATH"))
