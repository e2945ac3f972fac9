"""``python -m autograder new DIR``: a course folder of one's own, separate from this repository."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.authoring.course import assignments, make_course
from autograder.errors import CantMake

UNFINISHED = ".being-made-"


def new_course(folder: Path, ids: Sequence[str] = ()) -> str:
    """Makes a course folder with settings, the assignments' sources and an empty gradebook.

    Args:
        folder: where; it mustn't exist or must be empty.
        ids: assignments; all of them if none is named.

    Returns:
        What to do next, for the instructor.

    Raises:
        CantMake: something is there already, can't be written, or an assignment is unknown.
    """
    known = assignments()
    unknown = [name for name in ids if name not in known]
    if unknown:
        raise CantMake(f"no assignment {', '.join(unknown)}; there are: {', '.join(known)}")
    try:
        if folder.is_symlink() or (folder.exists() and not _is_empty(folder)):
            raise CantMake(f"{folder} exists and isn't an empty folder; nothing was changed")
        _make(folder, ids or known)
    except OSError as error:
        raise CantMake(f"{folder} can't be made: {error.strerror}: {error.filename}") from None
    except subprocess.SubprocessError as error:  # of the program that nbgrader makes a gradebook with
        raise CantMake(f"{folder} can't be made: {error}") from None
    first = (ids or known)[0]
    return f"{folder} is ready. Next:\n  cd {folder}\n  nbgrader generate_assignment {first}"


def _is_empty(folder: Path) -> bool:
    """Whether nothing is in a folder but what a command that was killed in the middle left there."""
    return folder.is_dir() and all(path.name.startswith(UNFINISHED) for path in folder.iterdir())


def _make(folder: Path, ids: Sequence[str]) -> None:
    """Makes the course in a folder of its own inside, then moves it up: whatever fails, nothing stays that wasn't there."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    with contextlib.ExitStack() as undo:
        for path in reversed(missing):
            path.mkdir()
            undo.callback(path.rmdir)
        _empty(folder)
        undo.callback(_empty, folder)
        beside = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
        make_course(beside, ids)
        _empty_gradebook(beside)
        for path in sorted(beside.iterdir()):
            path.rename(folder / path.name)
        beside.rmdir()
        folder.chmod(0o700)  # solutions, submissions and grades are for its owner alone
        undo.pop_all()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _empty_gradebook(folder: Path) -> None:
    from nbgrader.api import Gradebook

    from autograder.any_folder import gradebook_address

    with Gradebook(gradebook_address(folder)):
        pass
