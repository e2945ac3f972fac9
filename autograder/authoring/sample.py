"""The sample class: submissions good and bad, graded by the real commands in ``_build/course``."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.authoring.course import BUILD, CHAPTERS, ROOT, assignments, fix_seed, make_course, nbgrader
from autograder.engine.imports import deciding_files
from autograder.jobs.digest import digest
from autograder.jobs.score import BY_CHECKS
from autograder.judge.self_test import sandbox_level_problem
from autograder.places import PACKAGE

COURSE = BUILD / "course"
TELLING = {  # a dozen: right, noisy, left empty, broken in several ways, wrong in several ways, hostile, never ending
    "convnets": (
        "perfect", "honest_noisy", "empty", "raises", "syntax_error", "wrong_pools", "wrong_swapped", "patched_numpy", "os_exit",
        "endless_function",
    ),
    "receptive_fields": ("perfect", "wrong_jumps"),
}  # fmt: skip
ENDLESS, ENDLESS_SECONDS = "endless_*", 5  # samples of which a cell never ends; their other cells take a fifth of a second


def grade_sample(everyone: bool = False) -> None:
    """Grades the sample class; does nothing where nothing changed since the last time.

    Args:
        everyone: all submissions of every assignment; else a dozen that show the most.
    """
    inputs = f"{digest(made_from())} {everyone}"
    stamp = BUILD / "stamps" / "sample"
    if stamp.exists() and stamp.read_text() == inputs and (COURSE / "grades.csv").exists():
        print("sample class: up to date")
        return
    problem = sandbox_level_problem()
    level = [] if problem is None else ["--Grade.sandbox=process"]
    if problem is not None:
        print(f"sample class: graded at the lower level 'process', because {problem.splitlines()[0]}")
    counts = prepare(everyone)
    for name, number in counts.items():
        print(f"Grading the sample class of {name}, {number} submissions …", flush=True)
        nbgrader(COURSE, "generate_assignment", name, "--force")
        autograde(COURSE, name, *level, show=[BY_CHECKS])
        nbgrader(COURSE, "generate_feedback", name, "--force")
    nbgrader(COURSE, "export", "--to", "grades.csv")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs)


def made_from() -> list[Path]:
    """All that decides what the sample class looks like: what decides on grades, and what makes pages and tables of them."""
    checks = sorted((PACKAGE / "checks").glob("*.py"))
    programs = [Path(__file__), ROOT / "nbgrader_config.py", PACKAGE / "exports.py"]  # nbgrader finds the last by its name
    return [ROOT / "source", *map(submissions, assignments()), *deciding_files([*programs, *checks]), PACKAGE / "feedback" / "templates"]


def prepare(everyone: bool) -> dict[str, int]:
    """Makes a fresh course folder with the sample submissions handed in; returns how many there are of each assignment."""
    if COURSE.exists():
        for path in COURSE.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(COURSE)
    make_course(COURSE, assignments())
    fix_seed(COURSE)
    chosen = {name: students(name) for name in assignments()} if everyone else TELLING
    for name, names in chosen.items():
        hand_in(COURSE, name, names)
    return {name: len(names) for name, names in chosen.items()}


def submissions(name: str) -> Path:
    """Where an assignment's sample submissions lie, a folder for each."""
    return CHAPTERS / name / "submissions"


def students(name: str) -> list[str]:
    """The names of an assignment's sample submissions, sorted."""
    return sorted(path.name for path in submissions(name).iterdir() if (path / f"{name}.ipynb").is_file())


def hand_in(course: Path, name: str, names: Iterable[str]) -> None:
    """Copies sample submissions of one assignment to where students' work is collected."""
    for student in names:
        folder = course / "submitted" / student / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(submissions(name) / student / f"{name}.ipynb", folder)


def autograde(course: Path, name: str, *options: str, show: Sequence[str] = ()) -> None:
    """Grades the sample submissions of one assignment: those that never end are stopped soon, all others have the usual time.

    Args:
        course: the course folder.
        name: the assignment.
        options: of ``nbgrader autograde``.
        show: lines with one of these texts are printed as they come.
    """
    if any((course / "submitted").glob(f"{ENDLESS}/{name}")):
        stopped = (f"--student={ENDLESS}", f"--Grade.cell_seconds={ENDLESS_SECONDS}")
        nbgrader(course, "autograde", name, *stopped, *options, show=show)
    nbgrader(course, "autograde", name, *options, show=show)


def where() -> None:
    """Says what of all that ``make course`` made each of its readers opens first, a line each."""
    page, student = telling_page(COURSE)
    graded = len([path for path in (COURSE / "autograded").glob("*/*") if path.is_dir()])
    print("\nReady. What to open first:")
    for reader, path, words in (
        ("student", BUILD / "html" / "index.html", "the book; with Python in its pages: `make serve`"),
        ("instructor", page, f"feedback for {student}, one of {graded} graded; all points: {COURSE / 'grades.csv'}"),
        ("author", ROOT / "CONTRIBUTING.md", "how chapters are made; is one right? `make check ID=convnets`"),
    ):
        print(f"  {reader:10}  {path}  ({words})")


def telling_page(course: Path) -> tuple[Path, str]:
    """The feedback page of a graded submission that is neither right nor empty, and its student's name."""
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    best = max(rows, key=lambda row: (float(row["score"]), row["student_id"] == "perfect"))
    worked = [row for row in rows if 0 < float(row["score"]) < float(best["score"])] or rows
    one = min(worked, key=lambda row: (not row["student_id"].startswith("wrong"), row["student_id"]))
    return course / "feedback" / one["student_id"] / one["assignment"] / f"{one['assignment']}.html", one["student_id"]
