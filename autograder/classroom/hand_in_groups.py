"""``python -m autograder groups ID``: who hands in with whom, what came of each group, and points by hand for all of a group."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.decided import SILENT, deciding
from autograder.classroom.graded import find_assignment
from autograder.collecting.lists import GROUPS
from autograder.errors import CourseError
from autograder.run.attempts import Attempts
from autograder.run.groups import Groups, share_marks


def look_at_groups(folder: Path, assignment: str) -> tuple[list[str], bool]:
    """Shares points by hand within groups, and says what is so.

    Args:
        folder: the course folder.
        assignment: its id.

    Returns:
        A line for each group and for each who got points; and whether all groups can be graded.

    Raises:
        CourseError: there are no groups, or their list can't be read.
    """
    with deciding(folder, f"groups {assignment}") as desk:
        find_assignment(desk.gradebook, assignment)
        groups = Groups(desk.coursedir, assignment, Attempts(desk.coursedir, assignment, SILENT))
        if not groups.groups:
            raise CourseError(f"no groups for {assignment}: {Path(desk.coursedir.root) / GROUPS} would hold lines `group,student`")
        lines, well = [], True
        for group in groups.groups:
            came = groups.came(group)
            well &= not came.problem
            lines.append(f"{group.name}: {', '.join(group.members)}; {came.problem or came.told}")
        return lines + share_marks(desk.coursedir, groups), well
