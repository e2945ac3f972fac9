"""``python -m autograder COMMAND``: the course's own commands, beside nbgrader's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.run.programs import find_own_programs


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help in (
        ("doctor", "try out grading on this machine and say what mends it"),
        ("settings", "print the grading settings as a table"),
        ("release", "bring release/ up to date with source/"),
        ("course", "make the students' notebooks, a graded sample class and the book, as `make course` does"),
        ("where", "say where the results of `make course` are"),
        ("bench", "measure grading against stock nbgrader"),
    ):
        commands.add_parser(name, help=help)
    sample = commands.add_parser("sample", help="grade the sample class in _build/course")
    sample.add_argument("--all", dest="everyone", action="store_true", help="every submission of every assignment; else a dozen")
    new = commands.add_parser("new", help="make a course folder: settings, sources, an empty gradebook")
    new.add_argument("folder", type=Path, metavar="DIR", help="where; it mustn't exist or must be empty")
    new.add_argument("ids", nargs="*", metavar="ID", help="assignments; all if none is named")
    chapter = commands.add_parser("new-chapter", help="make the files of a new chapter and its assignment, for an author to fill")
    chapter.add_argument("id", metavar="ID", help="such as receptive_fields")
    chapter.add_argument("--title", default="", help="its heading; the id in words if not given")
    normalise = commands.add_parser("normalise", help="bring the notebooks an author edits into normal form")
    normalise.add_argument("files", nargs="*", type=Path, metavar="FILE", help="notebooks; all if none is named")
    report = commands.add_parser("report", help="write the class report of an assignment, in a course folder")
    report.add_argument("assignment", metavar="ID")
    report.add_argument("--to", type=Path, metavar="FILE", help="where the page goes; reports/ID.html if not given")
    collect = commands.add_parser("collect", help="collect what was handed in elsewhere, in a course folder")
    collect.add_argument("assignment", metavar="ID")
    collect.add_argument("--dry-run", action="store_true", help="print who → which file, and write nothing")
    collect.add_argument("--force", action="store_true", help="replace what was collected before")
    students = commands.add_parser("students", help="read a class list, as Excel or a platform saves it, into the gradebook")
    students.add_argument("file", type=Path, metavar="FILE", help="a CSV file with a line of headings")
    options = vars(parser.parse_args(arguments))
    return COMMANDS[options.pop("command")](**options)


def _doctor() -> int:
    from autograder.authoring.doctor import report

    lines, ready = report()
    print("\n".join(lines))
    return 0 if ready else 1


def _settings() -> int:
    from autograder.settings import settings_table

    print(settings_table())
    return 0


def _release() -> int:
    from autograder.authoring.course import release

    release()
    return 0


def _sample(everyone: bool) -> int:
    from autograder.authoring.course import CommandFailed
    from autograder.authoring.sample import grade_sample

    try:
        grade_sample(everyone)
    except CommandFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _course() -> int:
    from autograder.authoring.course import CommandFailed
    from autograder.authoring.first_look import first_look

    try:
        return first_look()
    except CommandFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _where() -> int:
    from autograder.authoring.sample import where

    where()
    return 0


def _bench() -> int:
    from autograder.authoring.bench import bench

    return bench()


def _new(folder: Path, ids: list[str]) -> int:
    from autograder.authoring.new_course import CantMake, new_course

    try:
        print(new_course(folder, ids))
    except CantMake as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _report(assignment: str, to: Path | None) -> int:
    from autograder.classroom.graded import NoCourse
    from autograder.classroom.report_page import write_report

    try:
        print(write_report(Path.cwd(), assignment, to))
    except (NoCourse, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _collect(assignment: str, dry_run: bool, force: bool) -> int:
    from autograder.collect import collect

    return collect(assignment, dry_run, force)


def _students(file: Path) -> int:
    from autograder.classroom.graded import NoCourse
    from autograder.classroom.students import read_students
    from autograder.collecting.tables import BadTable

    try:
        print(read_students(Path.cwd(), file))
    except (BadTable, NoCourse) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _new_chapter(id: str, title: str) -> int:
    from autograder.authoring.new_chapter import CantMake, new_chapter

    try:
        print(new_chapter(id, title))
    except CantMake as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _normalise(files: list[Path]) -> int:
    from autograder.authoring.normal_form import normalise

    try:
        changed = normalise(files)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join(f"normalised {path}" for path in changed) or "every notebook is in normal form")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    "doctor": _doctor, "settings": _settings, "release": _release, "sample": _sample, "course": _course, "where": _where,
    "bench": _bench, "new": _new, "new-chapter": _new_chapter, "normalise": _normalise, "report": _report, "collect": _collect,
    "students": _students,
}  # fmt: skip

if __name__ == "__main__":
    find_own_programs()
    raise SystemExit(main(sys.argv[1:]))
