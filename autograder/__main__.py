"""``python -m autograder COMMAND``: the course's own commands, beside nbgrader's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from autograder.errors import CourseError
from autograder.run.programs import find_own_programs

if TYPE_CHECKING:
    from autograder.elsewhere.kinds import Visibility
    from autograder.run.decisions import Rule


def main(arguments: list[str]) -> int:
    """Does what the arguments ask for; returns the exit status."""
    options = vars(_parser().parse_args(arguments))
    do: Callable[..., int | None] = options.pop("do")
    try:
        return do(**options) or 0
    except (CourseError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, do: Callable[..., int | None], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help)
        made.set_defaults(do=do)
        return made

    command("doctor", _doctor, "try out grading on this machine and say what mends it")
    command("settings", _settings, "print the grading settings as a table")
    command("release", _release, "bring release/ up to date with source/")
    command("course", _course, "make the students' notebooks, a graded sample class and the book, as `make course` does")
    command("where", _where, "say where the results of `make course` are")
    command("bench", _bench, "measure grading against stock nbgrader")
    sample = command("sample", _sample, "grade the sample class in _build/course")
    sample.add_argument("--all", dest="everyone", action="store_true", help="every submission of every assignment; else a dozen")
    new = command("new", _new, "make a course folder: settings, sources, an empty gradebook")
    new.add_argument("folder", type=Path, metavar="DIR", help="where; it mustn't exist or must be empty")
    new.add_argument("ids", nargs="*", metavar="ID", help="assignments; all if none is named")
    chapter = command("new-chapter", _new_chapter, "make the files of a new chapter and its assignment, for an author to fill")
    chapter.add_argument("id", metavar="ID", help="such as receptive_fields")
    chapter.add_argument("--title", default="", help="its heading; the id in words if not given")
    normalise = command("normalise", _normalise, "bring the notebooks an author edits into normal form")
    normalise.add_argument("files", nargs="*", type=Path, metavar="FILE", help="notebooks; all if none is named")
    tried = command("try", _try, "say what the hidden checks make of one notebook, at once and without a gradebook")
    tried.add_argument("notebook", type=Path, metavar="FILE", help="named as its assignment: the source with its answers, or a student's")
    tried.add_argument("--task", default="", metavar="TASK", help="this task alone")
    tried.add_argument("--seed", type=int, default=0, metavar="N", help="draw other inputs")
    report = command("report", _report, "write the class report of an assignment, in a course folder")
    report.add_argument("assignment", metavar="ID")
    report.add_argument("--to", type=Path, metavar="FILE", help="where the page goes; reports/ID.html if not given")
    scores = command("scores", _scores, "write the points of a class as a table: students down, tasks across")
    scores.add_argument("assignment", metavar="ID")
    scores.add_argument("--checks", action="store_true", help="a column for each check too")
    scores.add_argument("--to", type=Path, metavar="FILE", help="where the table goes; reports/ID-scores.csv if not given")
    watched = command("watch", _watch, "grade what arrives at once and give students their feedback, in a course folder, until Ctrl-C")
    watched.add_argument("assignments", nargs="*", metavar="ID", help="all that are generated if none is named")
    watched.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="between two looks; 5 if not given")
    watched.add_argument("--once", action="store_true", help="end when all that has arrived is graded, as cron wants it")
    collect = command("collect", _collect, "collect what was handed in elsewhere, in a course folder")
    collect.add_argument("assignment", metavar="ID")
    collect.add_argument("--dry-run", action="store_true", help="print who → which file, and write nothing")
    collect.add_argument("--force", action="store_true", help="replace what was collected before")
    back = command("return", _return, "make what brings the feedback back: a zip for a platform, or drafts of messages")
    back.add_argument("assignment", metavar="ID")
    back.add_argument("--for", dest="way", required=True, choices=("moodle", "canvas", "mail"), help="who brings it to the students")
    back.add_argument("--to", type=Path, metavar="PATH", help="the zip, or the folder for drafts; in returned/ if not given")
    passed = command("pass-back", _pass_back, "bring points, comments and feedback pages into Canvas or Moodle")
    passed.add_argument("assignment", metavar="ID")
    passed.add_argument("--to", default="", metavar="ADDRESS", help="the page of the assignment there; c.PassBack.to if not given")
    passed.add_argument("--dry-run", action="store_true", help="print what there is → what comes, and write nothing")
    passed.add_argument("--force", action="store_true", help="replace what was changed there since, too")
    passed.add_argument("--scale", action="store_true", help="reckon points into those that the assignment has there")
    passed.add_argument("--no-pages", dest="pages", action="store_false", help="leave the feedback pages out")
    passed.add_argument("--unmarked", action="store_true", help="pass points on though answers are still to be marked")
    scope = command("gradescope", _gradescope, "pack an assignment as an autograder for Gradescope, hidden checks included")
    scope.add_argument("assignment", metavar="ID")
    scope.add_argument("--to", type=Path, metavar="FILE", help="where the zip goes; ID-gradescope.zip if not given")
    when = ("visible", "hidden", "after_due_date", "after_published")
    scope.add_argument("--visibility", choices=when, default="visible", help="when students see the results there")
    one = command("grade-one", _grade_one, "grade one submission with what `gradescope` packed, and write its results.json")
    one.add_argument("submission", type=Path, metavar="FOLDER", help="the notebook and what lies beside it")
    one.add_argument("--course", type=Path, required=True, metavar="DIR", help="the folder course/ of the unpacked zip")
    one.add_argument("--to", type=Path, required=True, metavar="FILE", help="the results.json")
    flow = command("workflow", _workflow, "write a workflow for GitHub that runs the visible checks in students' repositories")
    flow.add_argument("assignment", metavar="ID")
    flow.add_argument("--hidden", action="store_true", help="one for a private repository of yours that grades theirs instead")
    flow.add_argument("--to", type=Path, metavar="FILE", help="where it goes; .github/workflows/ if not given")
    extend = command("extend", _extend, "give a student more time for an assignment, in a course folder")
    extend.add_argument("student", nargs="?", metavar="STUDENT")
    extend.add_argument("assignment", nargs="?", metavar="ID")
    how = extend.add_mutually_exclusive_group(required=True)
    how.add_argument("--until", default="", metavar="TIME", help="the new end, such as '2027-02-03 23:59 +0100'; UTC without a zone")
    how.add_argument("--days", type=float, default=0.0, metavar="N", help="the new end, in days from the due date")
    how.add_argument("--remove", action="store_true", help="take the extension back")
    how.add_argument("--list", dest="listed", action="store_true", help="print all extensions of the course")
    groups = command("groups", _groups, "say what came of each group, and give points by hand to all of a group, in a course folder")
    groups.add_argument("assignment", metavar="ID")
    for rule, help in (("drop", "have a task count for nobody"), ("full-marks", "give everybody who handed in a task's points")):
        decide = command(rule, partial(_decide_task, cast("Rule", rule)), f"{help}, in a course folder")
        decide.add_argument("assignment", nargs="?", metavar="ID")
        decide.add_argument("task", nargs="?", metavar="TASK", help="such as conv2d")
        decide.add_argument("--undo", action="store_true", help="take that back")
        decide.add_argument("--list", dest="listed", action="store_true", help="print what was decided of tasks")
    hub = command("hub", _hub, "prepare a JupyterHub for one or more courses on this machine, as root")
    hub.add_argument("folder", type=Path, metavar="DIR", help="of the hub; made with a hub.yaml to be filled in if it isn't there")
    split = command("split", _split, "split the answers to be marked by hand among several graders, in a course folder")
    split.add_argument("assignment", metavar="ID")
    split.add_argument("--among", default="", metavar="NAMES", help="such as anna,ben; who has how many is printed if nobody is named")
    request = command("request", _request, "note that a student asks to look at an answer again, in a course folder")
    for name, shown in (("student", "STUDENT"), ("assignment", "ID"), ("task", "TASK"), ("sentence", "SENTENCE")):
        request.add_argument(name, nargs="?", default="", metavar=shown)
    request.add_argument("--read", type=Path, metavar="FILE", help="a form's table with the headings student,assignment,task,sentence")
    request.add_argument("--list", dest="listed", action="store_true", help="print all requests of the course, and what was answered")
    again = command("regrade", _regrade, "decide on one task of everybody again, as after a check was mended, in a course folder")
    again.add_argument("assignment", metavar="ID")
    again.add_argument("--task", required=True, metavar="TASK", help="such as conv2d")
    again.add_argument("--dry-run", action="store_true", help="say whose points would change, and change nothing")
    students = command("students", _students, "read a class list, as Excel or a platform saves it, into the gradebook")
    students.add_argument("file", type=Path, metavar="FILE", help="a CSV file with a line of headings")
    return parser


# Each imports what it needs when it is asked for: most of it takes seconds to load.


def _doctor() -> int:
    from autograder.authoring.doctor import report

    lines, ready = report()
    print("\n".join(lines))
    return 0 if ready else 1


def _settings() -> None:
    from autograder.settings import settings_table

    print(settings_table())


def _release() -> None:
    from autograder.authoring.course import release

    release()


def _sample(everyone: bool) -> None:
    from autograder.authoring.sample import grade_sample

    grade_sample(everyone)


def _course() -> int:
    from autograder.authoring.first_look import first_look

    return first_look()


def _where() -> None:
    from autograder.authoring.sample import where

    where()


def _bench() -> int:
    from autograder.authoring.bench import bench

    return bench()


def _new(folder: Path, ids: list[str]) -> None:
    from autograder.authoring.new_course import new_course

    print(new_course(folder, ids))


def _report(assignment: str, to: Path | None) -> None:
    from autograder.classroom.report_page import write_report

    print(write_report(Path.cwd(), assignment, to))


def _try(notebook: Path, task: str, seed: int) -> int:
    from autograder.authoring.trial import try_notebook

    said, passed = try_notebook(notebook, task, seed)
    print(said)
    return 0 if passed else 1


def _scores(assignment: str, checks: bool, to: Path | None) -> None:
    from autograder.classroom.scores import write_scores

    print(write_scores(Path.cwd(), assignment, checks, to))


def _watch(assignments: list[str], every: float, once: bool) -> int:
    from autograder.daily.watch import watch

    return watch(Path.cwd(), assignments, every, once)


def _collect(assignment: str, dry_run: bool, force: bool) -> int:
    from autograder.collect import collect

    return collect(assignment, dry_run, force)


def _return(assignment: str, way: str, to: Path | None) -> int:
    from autograder.collect import return_feedback

    return return_feedback(Path.cwd(), assignment, way, to)


def _pass_back(assignment: str, **options: Any) -> int:
    from autograder.passback.passing import Options, pass_back

    return pass_back(Path.cwd(), assignment, Options(**options))


def _gradescope(assignment: str, to: Path | None, visibility: Visibility) -> None:
    from autograder.elsewhere.bundle import write_bundle
    from autograder.elsewhere.settings import grade_settings

    print(write_bundle(Path.cwd(), assignment, grade_settings(Path.cwd()), visibility, to))


def _grade_one(submission: Path, course: Path, to: Path) -> None:
    from autograder.elsewhere.one import grade_one

    print(grade_one(submission, course, to))


def _workflow(assignment: str, hidden: bool, to: Path | None) -> None:
    from autograder.elsewhere.workflow import write_workflow

    print(write_workflow(Path.cwd(), assignment, hidden, to))


def _extend(student: str | None, assignment: str | None, until: str, days: float, remove: bool, listed: bool) -> None:
    from autograder.classroom.extensions import extend, extensions, remove_extension

    if listed:
        print("\n".join(extensions(Path.cwd())) or "nobody has an extension")
    elif not student or not assignment:
        raise CourseError("expected a student and an assignment: python -m autograder extend STUDENT ID --until TIME")
    elif remove:
        print(remove_extension(Path.cwd(), student, assignment))
    else:
        print(extend(Path.cwd(), student, assignment, until, days))


def _regrade(assignment: str, task: str, dry_run: bool) -> int:
    from autograder.daily.regrade import regrade

    done = regrade(Path.cwd(), assignment, task, dry_run)
    print("\n".join(done.lines(dry_run)))
    return 1 if done.left else 0


def _groups(assignment: str) -> int:
    from autograder.classroom.hand_in_groups import look_at_groups

    lines, well = look_at_groups(Path.cwd(), assignment)
    print("\n".join(lines))
    return 0 if well else 1


def _decide_task(rule: Rule, assignment: str | None, task: str | None, undo: bool, listed: bool) -> None:
    from autograder.classroom.exceptions import decide_task, task_decisions, undo_task

    if listed:
        print("\n".join(task_decisions(Path.cwd())) or "nothing is decided of any task")
    elif not assignment or not task:
        raise CourseError(f"expected an assignment and a task: python -m autograder {rule} ID TASK")
    else:
        print((undo_task if undo else decide_task)(Path.cwd(), assignment, task, rule))


def _split(assignment: str, among: str) -> None:
    from autograder.classroom.splitting import split_as_it_is, split_class

    print(split_class(Path.cwd(), assignment, among) if among else split_as_it_is(Path.cwd(), assignment))


def _request(student: str, assignment: str, task: str, sentence: str, read: Path | None, listed: bool) -> int:
    from autograder.classroom import requests

    if listed:
        print("\n".join(requests.listed(Path.cwd())) or "nobody asks to look at anything again")
    elif read is not None:
        said, whole = requests.read_requests(Path.cwd(), read)
        print(said)
        return 0 if whole else 1
    elif not sentence:
        raise CourseError('expected python -m autograder request STUDENT ID TASK "sentence", or --read FILE')
    else:
        print(requests.request(Path.cwd(), student, assignment, task, sentence))
    return 0


def _students(file: Path) -> None:
    from autograder.classroom.students import read_students

    print(read_students(Path.cwd(), file))


def _hub(folder: Path) -> int:
    from autograder.hub.prepare import prepare_hub

    lines, ready = prepare_hub(folder.resolve())
    print("\n".join(lines))
    return 0 if ready else 1


def _new_chapter(id: str, title: str) -> None:
    from autograder.authoring.new_chapter import new_chapter

    print(new_chapter(id, title))


def _normalise(files: list[Path]) -> None:
    from autograder.authoring.normal_form import normalise

    print("\n".join(f"normalised {path}" for path in normalise(files)) or "every notebook is in normal form")


if __name__ == "__main__":
    find_own_programs()
    raise SystemExit(main(sys.argv[1:]))
