"""What a machine can do to a run: a full disk, a folder that can't be written, a gradebook that is locked or gone.

nbgrader would try every student in turn and print a trace for each. Here the run stops at the first, says in one line
what is wrong, and `autograder.run.lifetime` leaves nothing half-written; the same command goes on from there.
"""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

KEPT = "What was graded so far is kept; give the same command again once this is mended."
STEPS = ("init_assignment", "convert_single_notebook", "set_permissions")
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def stopping(converter: Any) -> dict[str, Callable]:
    """Steps of nbgrader's ``Autograde`` that stop with a clear line where the machine, and not a submission, is what is wrong."""
    return {step: _watched(getattr(converter, step), converter) for step in STEPS}


def _watched(step: Callable, converter: Any) -> Callable:
    """``step``, that ends the run when the machine fails it."""
    handed_in = Path(converter.coursedir.root).resolve() / converter.coursedir.submitted_directory

    @functools.wraps(step)
    def run(*args: Any) -> Any:
        try:
            return step(*args)
        except Exception as error:
            problem = describe(error, converter.coursedir.db_url, handed_in)
            if problem is None:
                raise
            converter.log.error("Grading stopped: %s. %s", problem, KEPT)
            raise SystemExit(1) from None

    return run


def describe(error: BaseException, db_url: str, handed_in: Path | None = None) -> str | None:
    """A sentence on what the machine did, None if the error is of another kind.

    Args:
        error: what was raised; nbgrader may have wrapped the cause in an error of its own.
        db_url: the gradebook's address.
        handed_in: folder of the submissions; a file in it that can't be read is one student's trouble, not the run's.
    """
    for cause in _chain(error):
        if isinstance(cause, OperationalError):
            return f"the gradebook {_shown(db_url)} can't be used: {_reason(cause)}"
        if isinstance(cause, OSError) and (cause.errno in NO_SPACE or os.strerror(errno.ENOSPC) in str(cause)):
            return f"the disk is full: {cause.filename or os.strerror(errno.ENOSPC)}"
        own = handed_in is not None and Path(str(getattr(cause, "filename", ""))).is_relative_to(handed_in)
        if isinstance(cause, OSError) and cause.errno is not None and not own:
            return f"a file can't be written or read: {cause.strerror}: {cause.filename}"
    return None


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _reason(error: OperationalError) -> str:
    text = str(error.orig).strip().splitlines()[0]
    if "locked" in text:
        return f"{text} (another program, such as a formgrader or a database browser, holds it)"
    return text


def _shown(db_url: str) -> str:
    """The address without its password."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "at an address that can't be read"
