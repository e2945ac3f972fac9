"""Course folders: making one, running nbgrader's commands in it, and the release that is committed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.engine.store import SEED, SEED_BYTES
from autograder.errors import CourseError
from autograder.jobs.digest import digest
from autograder.places import ROOT
from autograder.run.programs import with_own_programs

BUILD = ROOT / "_build"
CHAPTERS = ROOT / "tests" / "chapters"  # what the tests have of each chapter, by its id
LOGGED = re.compile(r"^\[\w+ \| [A-Z]+\] ")  # how each line begins that a command of nbgrader logs
REQUIREMENTS = "requirements.txt"  # what students install


class CommandFailed(CourseError):
    """An nbgrader command that didn't succeed; the message holds the end of what it printed."""


def assignments() -> list[str]:
    """Ids of all assignments, by their folder in ``source/``."""
    return sorted(path.name for path in (ROOT / "source").iterdir() if (path / f"{path.name}.ipynb").is_file())


def make_course(folder: Path, ids: Iterable[str]) -> None:
    """A course folder with this project's nbgrader settings and the named assignments' sources; keeps what is there.

    One that is made is its owner's alone: it will hold solutions, submissions and grades.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o700)  # whatever the umask
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for name in ids:
        target = folder / "source" / name
        if target.is_dir():
            shutil.rmtree(target)
        shutil.copytree(ROOT / "source" / name, target, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))


def fix_seed(folder: Path) -> None:
    """Fixes the seed that the checks' inputs are drawn from; a course's own is random, and what a wrong answer earns depends on it."""
    path = folder / SEED
    path.parent.mkdir(exist_ok=True)
    path.write_text("0" * (2 * SEED_BYTES), "ascii")


def nbgrader(folder: Path, *arguments: str, show: Sequence[str] = ()) -> str:
    """Runs ``nbgrader …`` in a course folder and returns what it printed.

    Args:
        folder: the course folder.
        arguments: the subcommand and its arguments.
        show: lines with one of these texts are printed as they come.

    Raises:
        CommandFailed: it ended with an error.
    """
    environment = os.environ | {"PATH": with_own_programs(os.environ.get("PATH"))}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    lines = []
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            for line in process.stdout or ():
                lines.append(line)
                if any(text in line for text in show):
                    print("  " + LOGGED.sub("", line).rstrip(), flush=True)
        except BaseException:  # who is stopped doesn't wait for what he started
            process.terminate()
            raise
    if process.returncode:
        raise CommandFailed(f"`nbgrader {' '.join(arguments)}` failed:\n" + "".join(lines[-40:]))
    return "".join(lines)


def generate(ids: Iterable[str]) -> dict[str, dict[str, bytes]]:
    """Release files of each assignment, made by nbgrader in a scratch folder: id → name → bytes."""
    made = {}
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        course = Path(folder)
        make_course(course, ids)
        for name in ids:
            nbgrader(course, "generate_assignment", name)
            base = course / "release" / name
            made[name] = {p.relative_to(base).as_posix(): p.read_bytes() for p in sorted(base.rglob("*")) if p.is_file()}
    return made


def release() -> None:
    """Brings ``release/`` up to date with ``source/``; does nothing for assignments that didn't change."""
    changed = [name for name in assignments() if _stamp(name).read_text() != _release_digest(name)]
    for name in assignments():
        if name not in changed:
            print(f"release/{name}: up to date")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, files in zip(changed, pool.map(lambda name: generate([name])[name], changed), strict=True):
            _replace_release(name, files)
            print(f"release/{name}: generated, {len(files)} files", flush=True)
    shutil.copyfile(ROOT / "source" / REQUIREMENTS, ROOT / "release" / REQUIREMENTS)


def _replace_release(name: str, files: dict[str, bytes]) -> None:
    """Makes the release of an assignment consist of these files."""
    target = ROOT / "release" / name
    shutil.rmtree(target, ignore_errors=True)
    for file, data in files.items():
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    _stamp(name).write_text(_release_digest(name))


def _stamp(name: str) -> Path:
    path = BUILD / "stamps" / f"release-{name}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text("")
    return path


def _release_digest(name: str) -> str:
    made = ROOT / "release" / name
    return digest([ROOT / "source" / name, *([made] if made.exists() else []), ROOT / "nbgrader_config.py"])
