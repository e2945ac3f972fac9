"""What nbgrader's metadata makes of a cell, said once, of cells as nbformat's nodes and of those read as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"  # what students get in place of an answer; nbgrader_config.py says it to nbgrader
OURS = "autograder"  # metadata of a cell or an output that a student can't write: grading and the pages take hers away


def about(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """nbgrader's metadata of a cell; empty if it has none, or a broken one."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, Mapping) else {}


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """nbgrader's id of a cell, None if it has none or its metadata is broken."""
    name = about(cell).get("grade_id")
    return name if isinstance(name, str) else None


def has_points(cell: Mapping[str, Any]) -> bool:
    """Whether a cell earns points, from checks or from a person."""
    return bool(about(cell).get("grade"))


def is_answer(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is where a student answers, in code or in words."""
    return bool(about(cell).get("solution"))


def is_checked(cell: Mapping[str, Any]) -> bool:
    """Whether a machine decides on a cell's points: one with points that isn't the student's to write."""
    return cell["cell_type"] == "code" and has_points(cell) and not is_answer(cell)


def is_written(cell: Mapping[str, Any]) -> bool:
    """Whether a person decides on a cell's points: an answer that has points itself."""
    return has_points(cell) and is_answer(cell)


def is_task(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is nbgrader's description of a task with points that a person decides on."""
    return bool(about(cell).get("task"))


def is_locked(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is as it was released: what a student changes in it is put back before it is run."""
    return bool(about(cell).get("locked")) and not is_answer(cell)


def points(cell: Mapping[str, Any]) -> float:
    """The most points that a cell can earn."""
    return float(about(cell).get("points") or 0)


def cause(cell: Mapping[str, Any]) -> str:
    """Why a cell stands in place of what was handed in, as `autograder.jobs.notebook` marks it; empty for any other cell."""
    return str(cell.get("metadata", {}).get(OURS, {}).get("cause", ""))


def kept_checks(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The checks' outcomes as grading left them with a cell's report; none where it left no report."""
    return kept(cell, "checks") or []


def kept(cell: Mapping[str, Any], name: str) -> Any:
    """What grading left under a name with a cell's report; None where it left no such thing."""
    left = (output.get("metadata", {}).get(OURS, {}) for output in reversed(cell.get("outputs") or ()))
    return next((found.get(name) for found in left if "checks" in found), None)


def undecided(cell: Mapping[str, Any]) -> bool:
    """Whether one of the checks of an autograded cell broke itself: then nobody knows yet what the cell is worth."""
    return any(check["cause"] == "check" for check in kept_checks(cell))


def waits(grade: Any) -> bool:
    """Whether a person still has to decide on a grade of nbgrader's gradebook: nobody has, neither before grading it again."""
    return bool(grade.needs_manual_grade) and grade.manual_score is None and grade.auto_score is None
