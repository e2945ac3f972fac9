"""``python -m autograder workflow ID``: a workflow for GitHub, for repositories of students or for a private one of the instructor's."""

from __future__ import annotations

from pathlib import Path

from autograder.elsewhere.bundle import KIT
from autograder.errors import CourseError

PLACE = Path(".github") / "workflows"


def write_workflow(course: Path, assignment: str, hidden: bool = False, target: Path | None = None) -> str:
    """Writes the workflow of an assignment; returns what to say of it.

    Args:
        course: the course folder.
        assignment: its id.
        hidden: whether it grades with the hidden checks, in a private repository; else it runs the visible ones.
        target: the file.

    Raises:
        CourseError: there is another file of that name.
    """
    kind = "hidden" if hidden else "visible"
    target = target or course / PLACE / f"{assignment}-{kind}.yml"
    text = (KIT / f"{kind}.yml").read_text("utf-8").replace("{id}", assignment)
    if target.exists() and target.read_text("utf-8") != text:
        raise CourseError(f"{target} is there already and another: remove it, or name another file with --to")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    if hidden:
        return f"{target}: for a private repository of yours with the unpacked zip of `gradescope {assignment}` and a repositories.txt"
    return f"{target}: for students' repositories, beside {assignment}.ipynb and requirements.txt; it runs the visible checks alone"
