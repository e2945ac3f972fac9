"""Looks at a course folder before grading: what will be missing, what belongs to nobody, what lies in the wrong place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.any_folder import database_file
from autograder.collecting.people import Roster
from autograder.collecting.versions import read_notebook

MOST_NAMED = 12


def look(folder: Path, now: datetime | None = None) -> list[str]:
    """What an instructor should look at in a course folder, a line each.

    Args:
        folder: the course folder; of any other folder there is nothing to say.
        now: the time to compare due dates with, in UTC; the present if not given.
    """
    if not (folder / "nbgrader_config.py").is_file() or not (folder / "source").is_dir():
        return []
    from autograder.classroom.graded import NoCourse, open_course

    assignments = sorted(path.name for path in (folder / "source").iterdir() if path.is_dir())
    lines = wrongly_sorted(folder / "submitted", assignments)
    try:
        coursedir = open_course(folder)
    except NoCourse:
        return [*lines, "no gradebook yet: the class list is read with `python -m autograder students FILE`"]
    file = database_file(coursedir.db_url)
    if file is not None and not file.is_file():
        return lines
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        roster = Roster(gradebook.students)
        due = {entry.name: entry.duedate for entry in gradebook.assignments}
        lines += _students(folder / "submitted", assignments, roster)
    now = now or datetime.now(UTC).replace(tzinfo=None)
    lines += [f"{name}: its due date, {time} UTC, is in the past" for name, time in due.items() if time is not None and time < now]
    return lines + _without_metadata(folder / "submitted", assignments)


def wrongly_sorted(submitted: Path, assignments: Iterable[str], students: Iterable[str] | None = None) -> list[str]:
    """Folders and notebooks below ``submitted/`` where nbgrader doesn't look: it takes ``<student>/<assignment>/`` alone.

    Args:
        submitted: the folder of all submissions.
        assignments: ids of all assignments.
        students: whose folders to look at; everything if not given.
    """
    known, lines = set(assignments), []
    for path in _children(submitted) if students is None else [submitted / name for name in students]:
        inside = _children(path) if path.is_dir() else []
        if not path.is_dir():
            if ".ipynb" in path.name.lower():
                lines.append(f"{path}: not graded, because it lies in no folder <student>/<assignment>")
        elif path.name in known and not any(child.name in known for child in inside):
            lines.append(f"{path}: not graded: expected submitted/<student>/{path.name}, found submitted/{path.name}/<student>")
        else:
            loose = [child for child in inside if child.is_file() and ".ipynb" in child.name.lower()]
            lines += [f"{child}: not graded, because it lies in no folder of an assignment" for child in loose]
            other = [child for child in inside if child.is_dir() and child.name not in known and any(child.rglob("*.ipynb"))]
            lines += [f"{child}: not graded, because no assignment is called '{child.name}'" for child in other]
    return lines


def _children(folder: Path) -> list[Path]:
    there = sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
    return [path for path in there if not path.name.startswith(".")]


def _students(submitted: Path, assignments: list[str], roster: Roster) -> list[str]:
    """Folders of nobody in the table, and students of whom there is nothing for an assignment that others handed in."""
    lines = []
    there = [path for path in _children(submitted) if path.is_dir() and path.name not in assignments]
    for path in there if len(roster) else ():
        if path.name not in roster.students:
            told = roster.told(path.name)
            near = list(told.ids) if told and told.ids else roster.nearly(path.name)
            lines.append(f"{path}: '{path.name}' isn't in the student table" + (f"; nearly: {', '.join(near)}" if near else ""))
    for name in assignments:
        handed_in = {path.name for path in there if (path / name).is_dir()}
        missing = sorted(set(roster.students) - handed_in)
        if handed_in and missing:
            more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
            lines.append(f"{name}: nothing of {', '.join(missing[:MOST_NAMED])}{more}")
    return lines


def _without_metadata(submitted: Path, assignments: list[str]) -> list[str]:
    lines = []
    for name in assignments:
        for path in sorted(submitted.glob(f"*/{name}/*.ipynb")) if submitted.is_dir() else []:
            read = read_notebook(path) if path.is_file() and not path.is_symlink() else None
            if read is None:
                lines.append(f"{path}: can't be read as a notebook")
            elif not any("nbgrader" in (cell.get("metadata") or {}) for cell in read["cells"] if isinstance(cell, dict)):
                lines.append(f"{path}: none of its cells has the metadata that it was handed out with; they are recognised by their text")
    return lines
