"""Grades the sample class of an assignment afresh, as whoever runs it, and compares all points with what its folders expect.

    python tests/fresh_class.py FOLDER [ID [LEVEL]]

FOLDER becomes a course folder; nothing kept from earlier gradings is used. Ends with an error if a point differs, or if a submission
was graded at another level than LEVEL (bubblewrap if none is named).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
import yaml
from nbgrader.api import Gradebook

from autograder.authoring.course import fix_seed, make_course, nbgrader
from autograder.authoring.sample import autograde, hand_in, students, submissions

CLOSE = 1e-6  # points


def main(folder: Path, name: str = "receptive_fields", level: str = "bubblewrap") -> int:
    """Grades and compares; returns the exit status."""
    make_course(folder, [name])
    fix_seed(folder)
    hand_in(folder, name, students(name))
    nbgrader(folder, "generate_assignment", name)
    autograde(folder, name, f"--Grade.sandbox={level}")
    wrong = [line for student in students(name) for line in differences(folder, name, student, level)]
    print("\n".join(wrong) or f"{name}: {len(students(name))} submissions graded by user {os.getuid()} at level {level}, all as expected")
    return 1 if wrong else 0


def differences(folder: Path, name: str, student: str, level: str) -> list[str]:
    """What isn't as expected of one submission, a line each."""
    expected = yaml.safe_load((submissions(name) / student / "expected.yaml").read_text("utf-8"))["scores"]
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission(name, student).notebooks[0].grades
        found = {grade.name.removeprefix("check_"): grade.auto_score for grade in grades if grade.name.startswith("check_")}
    lines = [
        f"{student}: {task} earned {found.get(task)}, expected {points}"
        for task, points in expected.items()
        if abs((found.get(task) or 0.0) - points) > CLOSE
    ]
    used = nbformat.read(folder / "autograded" / student / name / f"{name}.ipynb", 4).metadata.get("autograder", {}).get("sandbox")
    return lines if used == level else [*lines, f"{student}: graded at level {used}, expected {level}"]


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), *sys.argv[2:]))
