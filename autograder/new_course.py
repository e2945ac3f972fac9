"""``python -m autograder new DIR``: a course folder of one's own, separate from this repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.course import assignments, make_course


class CantMake(Exception):
    """The folder can't become a course; the message says why."""


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
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise CantMake(f"{folder} exists and isn't an empty folder; nothing was changed")
        make_course(folder, ids or known)
        _empty_gradebook(folder)
    except OSError as error:
        raise CantMake(f"{folder} can't be made: {error.strerror}: {error.filename}") from None
    first = (ids or known)[0]
    return f"{folder} is ready. Next:\n  cd {folder}\n  nbgrader generate_assignment {first}"


def _empty_gradebook(folder: Path) -> None:
    from nbgrader.api import Gradebook

    from autograder.any_folder import gradebook_address

    with Gradebook(gradebook_address(folder)):
        pass
