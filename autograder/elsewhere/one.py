"""``python -m autograder grade-one FOLDER``: one submission, graded as ``nbgrader autograde`` does, as a ``results.json``.

For a container or a workflow that grades whatever comes, one at a time. Points are only ever those of `nbgrader autograde`: if it
can't grade, no result is written and the command ends with an error, since a failure of the machine is never a mark.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.authoring.course import CommandFailed, nbgrader
from autograder.errors import CourseError
from autograder.judge.self_test import sandbox_level_problem
from autograder.sandbox.levels import process_user

STUDENT = "submission"
EXPORTER = "autograder.exports.GradescopeExporter"
SEALED = "Graded in a sandbox: no network, nothing of the grader to be seen."
APART = (
    "Graded without a sandbox ({problem}), by a process of another user: it can't read the hidden checks, nor write results, but it has "
    "what network the machine has."
)
OPEN = (
    "Graded without a sandbox ({problem}), with the grader's own rights: code that sets out to do so can read the hidden checks. "
    "Points for code that nobody trusts come from grading it elsewhere."
)


def grade_one(submission: Path, course: Path, target: Path) -> str:
    """Grades a submission.

    Args:
        submission: the folder with its notebook and what lies beside it.
        course: a course folder with one assignment, as `autograder.elsewhere.bundle` makes it; stays as it is.
        target: the ``results.json``.

    Returns:
        What to say.

    Raises:
        CourseError: nothing was graded.
    """
    names = sorted(path.name for path in (course / "release").glob("*") if path.is_dir())
    if len(names) != 1:
        raise CourseError(f"expected one released assignment in {course / 'release'}, found {', '.join(names) or 'none'}")
    if not submission.is_dir() or not any(submission.iterdir()):
        raise CourseError(f"nothing was handed in: {submission} is empty or isn't there")
    target.unlink(missing_ok=True)
    problem = sandbox_level_problem()
    with tempfile.TemporaryDirectory(prefix="grade-one-") as scratch:
        copy = Path(scratch) / "course"
        shutil.copytree(course, copy)
        shutil.copytree(submission, copy / "submitted" / STUDENT / names[0], symlinks=True)
        said = _autograde(copy, names[0], "process" if problem else "bubblewrap")
        found = copy / "out" / names[0] / STUDENT / "results.json"
        with contextlib.suppress(CommandFailed):  # nothing was graded: what autograde said tells why
            nbgrader(copy, "export", f"--exporter={EXPORTER}", "--to=out", f"--assignment={names[0]}", f"--student={STUDENT}")
        if not found.is_file():
            raise CourseError(f"not graded, and no points are given: {said}")
        results = with_level(json.loads(found.read_text("utf-8")), problem)
    if said:
        print(said, file=sys.stderr)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}-{os.getpid()}")
    beside.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    beside.replace(target)
    return f"{names[0]}: {results['score']:g} points\n{results['output']}"


def _autograde(course: Path, assignment: str, level: str) -> str:
    """Grades; returns what failed, if anything: also what was left out beside a graded notebook."""
    try:
        nbgrader(course, "autograde", assignment, f"--Grade.sandbox={level}", "--Grade.workers=1")
    except CommandFailed as error:
        return str(error)
    return ""


def with_level(results: dict[str, Any], problem: str | None) -> dict[str, Any]:
    """The results with a sentence on what the verdict is worth."""
    why = " ".join((problem or "").split())
    note = SEALED if problem is None else (APART if process_user() is not None else OPEN).format(problem=why[:200])
    return results | {"output": "\n".join(filter(None, [results.get("output", ""), note]))}
