"""The steps of `make class`: one class graded plainly, with interruptions, on a cluster, and into PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import postgresql_server
from dask_cluster import Cluster
from large_class.students import Work, hand_in
from nbgrader.api import Gradebook
from processes import graders

from autograder.authoring.bench import peak_memory
from autograder.authoring.course import CommandFailed, fix_seed, make_course, nbgrader
from autograder.engine.cluster import connect
from autograder.jobs.score import BY_CHECKS
from autograder.judge.self_test import sandbox_level_problem
from autograder.settings import Settings

WORKERS = 2  # of a cluster; one is killed
AT_ONCE = min(2, Settings().worker_count)  # submissions
# Somebody always takes all there is.
LIMITS = ("--Grade.cell_seconds=40", "--Grade.notebook_seconds=200", "--Grade.memory_mb=1500", "--Grade.processes=64")
PROGRESS = re.compile(rf"\[(\d+)/(\d+)\] \S+: .* {BY_CHECKS}")
COLLECTED = 30.0  # seconds that the processes of a killed run may take to notice

Scores = dict[str, dict[str, dict[str, float | None]]]  # by assignment, student and grade cell


@dataclass
class Class:
    """A course folder in which a class has handed in everything, and how it is to be graded.

    Attributes:
        folder: the course folder.
        work: who handed in what, by assignment.
        options: settings of ``nbgrader autograde``.
        database: the gradebook's address.
    """

    folder: Path
    work: dict[str, list[Work]]
    options: tuple[str, ...]
    database: str = ""

    def __post_init__(self) -> None:
        self.database = self.database or f"sqlite:///{self.folder / 'gradebook.db'}"

    def copy(self, folder: Path) -> Class:
        """The same class in another folder, with nothing graded that wasn't."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Class(folder, self.work, self.options)

    def command(self, assignment: str, *options: str) -> list[str]:
        return [sys.executable, "-m", "nbgrader", "autograde", assignment, *self.options, *options]

    def scores(self) -> Scores:
        """The automatic scores in the gradebook."""
        with Gradebook(self.database, "convnets-course") as gradebook:
            return {
                assignment: {
                    one.student_id: {grade.name: grade.auto_score for notebook in one.notebooks for grade in notebook.grades}
                    for one in gradebook.assignment_submissions(assignment)
                }
                for assignment in self.work
            }


def make_class(folder: Path, assignments: list[str], count: int, seed: int, limits: tuple[str, ...] = LIMITS) -> Class:
    """A course folder with assignments released and a class's work handed in; its random inputs are fixed by a seed of its own."""
    sealed = sandbox_level_problem() is None
    make_course(folder, assignments)
    fix_seed(folder)
    work = {}
    for assignment in assignments:
        nbgrader(folder, "generate_assignment", assignment)
        work[assignment] = hand_in(folder, assignment, count, seed, attacks=sealed)
    level = () if sealed else ("--Grade.sandbox=process",)
    return Class(folder, work, (*limits, *level, f"--Grade.workers={AT_ONCE}"))


# ---- one run of the command


def run(command: list[str], folder: Path, seen: Callable[[int, int], None] = lambda done, total: None) -> list[str]:
    """Runs a command in a course folder and shows how far it is.

    Args:
        command: what to run.
        folder: where.
        seen: is called with the number of graded submissions and of all for each that is done.

    Returns:
        The lines that it printed.

    Raises:
        CommandFailed: it ended with an error.
    """
    lines, shown = [], time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if found := PROGRESS.search(line):
                seen(int(found[1]), int(found[2]))
                if time.monotonic() - shown > 15 or found[1] == found[2]:
                    shown = time.monotonic()
                    print(f"    {found[1]} of {found[2]}", flush=True)
    if process.returncode:
        raise CommandFailed(f"`{' '.join(command[2:5])}` ended with {process.returncode}:\n" + "\n".join(lines[-40:]))
    return lines


def with_problem(lines: list[str], work: list[Work]) -> set[str]:
    """The students about whose notebooks the command said something that the instructor should know."""
    said = "\n".join(line for line in lines if re.search(r"\| (WARNING|ERROR)\]", line) and not PROGRESS.search(line))
    return set(re.findall(r"student-\d+", said)) & {one.student for one in work}


# ---- the steps


@dataclass
class Figures:
    """What grading one assignment plainly took and gave.

    Attributes:
        seconds: of the whole command.
        memory_mb: most of all its processes together.
        notebook_mb: most that each notebook took.
        problems: students whose notebook got a line.
        report_seconds, report_kb: of the class report.
    """

    seconds: float
    memory_mb: int
    notebook_mb: list[int]
    problems: set[str]
    report_seconds: float
    report_kb: float


@dataclass
class Plain:
    """A class graded plainly."""

    figures: dict[str, Figures] = field(default_factory=dict)
    scores: Scores = field(default_factory=dict)
    gradebook_kb: float = 0.0

    def wrong_scores(self, work: dict[str, list[Work]]) -> list[str]:
        """A line for each score that isn't what it should be."""
        return [
            f"{assignment}: {line}"
            for assignment, class_ in work.items()
            for one in class_
            for line in one.wrong_scores(self.scores[assignment].get(one.student, {}))
        ]


def plain(class_: Class) -> Plain:
    """Grades the class with one command for each assignment, and measures it."""
    result = Plain()
    for assignment, work in class_.work.items():
        print(f"  plain: {assignment}", flush=True)
        with peak_memory() as peak:
            started = time.monotonic()
            lines = run(class_.command(assignment), class_.folder)
            seconds = time.monotonic() - started
        paths = sorted((class_.folder / "autograded").glob(f"*/{assignment}/{assignment}.ipynb"))
        memory = [json.loads(path.read_text("utf-8"))["metadata"]["autograder"]["memory_mb"] for path in paths]
        result.figures[assignment] = Figures(seconds, peak[0] >> 20, memory, with_problem(lines, work), *report(class_, assignment))
    result.scores = class_.scores()
    result.gradebook_kb = (class_.folder / "gradebook.db").stat().st_size / 1024
    return result


def report(class_: Class, assignment: str) -> tuple[float, float]:
    """Writes the class report; returns its seconds and KiB."""
    started = time.monotonic()
    run([sys.executable, "-m", "autograder", "report", assignment], class_.folder)
    return time.monotonic() - started, (class_.folder / "reports" / f"{assignment}.html").stat().st_size / 1024


def interrupted(class_: Class, known: Plain, kills: int, seed: int) -> tuple[Scores, str]:
    """Grades the class with commands that are killed at random moments and given again.

    A moment is a number of graded submissions, and up to the time that one takes after it: however fast the machine happens to be,
    it comes before the end.

    Args:
        class_: the class.
        known: how long the plain commands took.
        kills: how many commands are killed, all assignments together.
        seed: of the moments.

    Raises:
        CommandFailed: the last command failed, or processes of a killed one are still there.
    """
    rng, mark, count = random.Random(seed), str(class_.folder), 0
    for number, (assignment, work) in enumerate(class_.work.items()):
        share = len(range(number, kills, len(class_.work)))
        one_takes, done = known.figures[assignment].seconds / len(work), 0
        for moment in sorted(rng.choices(range(len(work) * 3 // 4), k=share)):
            waited = rng.uniform(0, one_takes)
            print(f"  interrupted: {assignment}, kill -9 {waited:.1f} s after {moment} of {len(work)}", flush=True)
            alive, graded = killed_after(moment - done, waited, class_, assignment, mark)
            count, done = count + alive, done + graded
        print(f"  interrupted: {assignment}, to its end", flush=True)
        run(class_.command(assignment), class_.folder)
    end = time.monotonic() + COLLECTED
    while left := graders(mark):
        if time.monotonic() > end:
            raise CommandFailed(f"processes of killed runs are left over: {left}")
        time.sleep(0.2)
    return class_.scores(), f"killed {count} times and started again, no process left over"


def killed_after(submissions: int, seconds: float, class_: Class, assignment: str, mark: str) -> tuple[bool, int]:
    """Ends the command as a power cut does, so many seconds after it has graded so many submissions.

    Returns:
        Whether it was still running, and how many it had graded.
    """
    environment = os.environ | {"GRADED_HERE": mark}
    printed = class_.folder / "killed.log"  # a file: a pipe would be held open by processes that outlive the command for a moment

    def graded() -> int:
        return len(PROGRESS.findall(printed.read_text("utf-8", "replace")))

    with printed.open("wb") as file:
        process = subprocess.Popen(class_.command(assignment), cwd=class_.folder, env=environment, stdout=file, stderr=subprocess.STDOUT)
    while graded() < submissions and process.poll() is None:
        time.sleep(0.05)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive, graded()


def on_cluster(class_: Class) -> tuple[Scores, str]:
    """Grades the class on two worker processes, of which one is killed and replaced when a third is graded."""
    folder = class_.folder / "dask"
    folder.mkdir()
    cluster = Cluster(folder)
    lost: list[int] = []
    with contextlib.closing(cluster):
        doomed, _ = [cluster.join("--nthreads", "1", "--no-nanny") for _ in range(WORKERS)]
        with contextlib.closing(connect(cluster.address)) as client:
            client.wait_for_workers(WORKERS, timeout=60)

        def lose_one(done: int, total: int) -> None:
            if not lost and done >= total / 3:
                lost.append(doomed.pid)
                cluster.kill(doomed)
                cluster.join("--nthreads", "1", "--no-nanny")

        for assignment in class_.work:
            print(f"  cluster: {assignment}", flush=True)
            run(class_.command(assignment, f"--Grade.scheduler={cluster.address}"), class_.folder, lose_one)
    return class_.scores(), f"{len(lost)} of {WORKERS} workers killed in the run and replaced"


def in_postgresql(class_: Class) -> tuple[Scores, str]:
    """Grades the class into a database of a PostgreSQL server that is started for it."""
    (class_.folder / "gradebook.db").unlink()
    with postgresql_server.database() as address:
        with open(class_.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write(f'\nc.CourseDirectory.db_url = "{address}"\n')
        class_.database = address
        for assignment in class_.work:
            nbgrader(class_.folder, "generate_assignment", assignment, "--force")
            print(f"  postgresql: {assignment}", flush=True)
            run(class_.command(assignment), class_.folder)
        return class_.scores(), "a server of its own as gradebook"
