"""What this machine can do for grading, tried out as whoever asks, and what to look at in the course folder one is in."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.classroom.course_look import look
from autograder.engine.engine import PRELOADED
from autograder.judge.self_test import problem
from autograder.settings import LEVELS, Settings

PACKAGES = ("nbgrader", "jupyterlab", "jupyter-book", "torch", "torchvision", "numpy", "pytest")
MEMORY_PER_WORKER_MB = 1500
CONFIGURATION = "nbgrader_config.py"
INDENT = " " * 12
ROOT = (
    "you are root. Graders need not be root and had better not be: what went wrong, or got out, would have root's rights.",
    "Grade as an ordinary user to whom the course folder belongs",
)


def report() -> tuple[list[str], bool]:
    """Lines for the instructor, and whether grading works at the level that is set."""
    lines = [f"Python      {platform.python_version()} on {platform.system()} {platform.machine()}"]
    lines += [f"{name:<11} {_version(name)}" for name in PACKAGES]
    if os.getuid() == 0:
        lines += _paragraph("user", *ROOT)
    settings, wrong = configured(Path.cwd())
    if wrong:
        lines += _paragraph("settings", *wrong.splitlines())
    problems = {level: level_problem(level, settings) for level in LEVELS}
    for level in sorted(LEVELS, key=lambda level: level != settings.sandbox):
        lines += level_lines(level, problems[level], level == settings.sandbox)
    lines += resources(settings)
    if course := look(Path.cwd()):
        lines += _paragraph("course", *course)
    return lines, not wrong and problems[settings.sandbox] is None


def configured(folder: Path) -> tuple[Settings, str]:
    """The settings of the course in ``folder``, the defaults where there is none; and what is wrong with them."""
    if not (folder / CONFIGURATION).is_file():
        return Settings(), ""
    from traitlets.config import PyFileConfigLoader

    try:
        config = PyFileConfigLoader(CONFIGURATION, path=str(folder)).load_config()
        return Settings(**config.get("Grade", {})), ""
    except Exception as error:  # the file is Python, in which anything may be wrong
        return Settings(), f"{CONFIGURATION} can't be used: {type(error).__name__}: {error}"


def level_problem(level: str, settings: Settings) -> str | None:
    """Why grading doesn't work at ``level``, None if it does."""
    if platform.system() != "Linux" and level != "process":
        return f"{level} shuts in on Linux only"
    return problem(Settings(**(settings.as_dict() | {"sandbox": level})), PRELOADED)


def level_lines(level: str, problem: str | None, is_set: bool) -> list[str]:
    """What is told of one level: whether it works, whether it is the one that is set; else the cause, and below it what to do."""
    first, *rest = problem.removeprefix(f"{level}: ").splitlines() if problem else ["works"]
    how = "the level that is set" if is_set else f'c.Grade.sandbox = "{level}"'
    if level == "process":
        how += "; it doesn't shut in: only for code you trust"
    if is_set or problem is None:
        rest = [*rest, f"({how})"] if problem else []
        first += "" if problem else f" ({how})"
    return _paragraph("sandbox" if is_set else "", f"{level}: {first}", *(f"  {line}" for line in rest))


def resources(settings: Settings) -> list[str]:
    """How many submissions at once, and the memory and disk there is for them."""
    workers, memory = settings.worker_count, available_memory_mb()
    enough = "enough" if memory >= workers * MEMORY_PER_WORKER_MB else "low: set c.Grade.workers = 1"
    return [
        f"workers     {workers} at once (c.Grade.workers), {os.cpu_count()} processors",
        f"memory      {memory:,} MiB free ({enough})",
        f"disk        {shutil.disk_usage('.').free >> 20:,} MiB free here",
    ]


def _paragraph(title: str, *lines: str) -> list[str]:
    return [f"{title if number == 0 else '':<{len(INDENT)}}{line}" for number, line in enumerate(lines)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed (`make setup` installs everything)"


def available_memory_mb() -> int:
    """Memory that could be had without swapping, in MiB."""
    import psutil

    return psutil.virtual_memory().available >> 20
