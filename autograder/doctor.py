"""What this machine can do for grading, and what to install."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

from autograder.sandbox import sandbox_level_problem
from autograder.settings import CONTAINERS, Settings

PACKAGES = ("nbgrader", "jupyterlab", "jupyter-book", "torch", "torchvision", "numpy", "pytest")
MEMORY_PER_WORKER_MB = 1500


def report() -> tuple[list[str], bool]:
    """Lines for the instructor, and whether grading is possible at the default level."""
    lines = [f"Python      {platform.python_version()} on {platform.system()} {platform.machine()}"]
    lines += [f"{name:<11} {_version(name)}" for name in PACKAGES]
    problem = sandbox_level_problem() if platform.system() == "Linux" else "bubblewrap exists on Linux only"
    lines.append(f"sandbox     {'bubblewrap: works' if problem is None else 'bubblewrap: ' + problem}")
    if problem is not None:
        lines += ["            install it with `apt install bubblewrap`; in a container allow user namespaces;"]
        lines += [f"            {line}" for line in map(container_line, CONTAINERS)]
        lines += ['            the level for code you trust is c.Grade.sandbox = "process" in nbgrader_config.py']
    workers = Settings().worker_count
    lines.append(f"workers     {workers} at once (c.Grade.workers), {os.cpu_count()} processors")
    memory = available_memory_mb()
    enough = "enough" if memory >= workers * MEMORY_PER_WORKER_MB else "low: set c.Grade.workers = 1"
    lines.append(f"memory      {memory:,} MiB free ({enough})")
    lines.append(f"disk        {shutil.disk_usage('.').free >> 20:,} MiB free here")
    return lines, problem is None


def container_line(program: str) -> str:
    """Whether a container program can stand in for bubblewrap here."""
    problem = sandbox_level_problem(program)
    return f"{program}: {problem};" if problem else f'{program} works: c.Grade.sandbox = "{program}" shuts in as well;'


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing: run `make setup`"


def available_memory_mb() -> int:
    """Memory that could be had without swapping, in MiB."""
    import psutil

    return psutil.virtual_memory().available >> 20
