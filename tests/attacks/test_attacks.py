"""A class of attackers, and honest students between them, graded by one real ``nbgrader autograde``: by whoever runs the tests,
and where that is root, by an ordinary user as well.

Each attack is a file in ``attacks/`` or a function in ``attacks/notebooks.py``. Whatever it does, it gets exactly the
points that its honest parts deserve, the run ends well, nobody else notices, and nothing of it is left. Nothing here
runs a line of an attack outside the sandbox.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import ordinary_user
import pytest
from attack_sources import ATTACKS, FOLDER, POINTS, SOURCES, TRICKS, Attack, fill, notebooks

ASSIGNMENT = FOLDER / "assignment"
PROJECT = FOLDER.parents[2]
LIMITS = {
    "workers": 2, "cell_seconds": 3, "notebook_seconds": 9, "check_seconds": 2, "memory_mb": 700, "disk_mb": 32,
    "file_mb": 16, "value_mb": 16, "processes": 64,
}  # fmt: skip
RUN_SECONDS = 600
HONEST_EVERY = 12
LEFT = "left-by-an-attack"
HIDDEN_INPUT = "8675309"
PR_SET_CHILD_SUBREAPER = 36


class Course:
    """A course folder in which the attacks are handed in, and what grading made of them.

    Args:
        folder: where; it is empty.
        canary: a word that stands in everything hidden.
        grader: who grades, a kind of `ordinary_user`; empty: whoever runs the tests.
    """

    def __init__(self, folder: Path, canary: str, grader: str = "") -> None:
        self.folder, self.canary, self.grader = folder, canary, grader
        self.students: dict[str, str] = {}  # student id → attack, or "honest"
        shutil.copy(PROJECT / "nbgrader_config.py", folder)
        for source, target in (
            ("attack.ipynb", "source/attack/attack.ipynb"),
            ("points.npy", "source/attack/points.npy"),
            ("attack_checks.py", "checks/attack_checks.py"),
            ("attack_labels.npy", "checks/attack_labels.npy"),
        ):
            path = folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((ASSIGNMENT / source).read_bytes().replace(b"CANARYWORD", canary.encode()))
        (folder / "checks" / "labels-note").write_text(canary, "utf-8")

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess:
        """Runs an nbgrader command in the course folder."""
        command = [sys.executable, "-m", "nbgrader", *arguments]
        if self.grader:
            command = ordinary_user.command(self.grader, self.folder, *command)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            output, _ = process.communicate(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, output.decode("utf-8", "replace"))

    def hand_in(self) -> None:
        """Hands in every attack, with an honest submission first, last, and after each few."""
        released = json.loads((self.folder / "release" / "attack" / "attack.ipynb").read_text("utf-8"))
        solved = self._solutions()
        order = []
        for number, name in enumerate(ATTACKS):
            order += ["honest", name] if number % HONEST_EVERY == 0 else [name]
        for position, name in enumerate([*order, "honest"]):
            student = f"{position:03d}-{name}"
            folder = self.folder / "submitted" / student / "attack"
            folder.mkdir(parents=True)
            self.students[student] = name
            submission = notebooks.Submission(json.loads(json.dumps(released)), solved, folder, self.folder)
            if name in TRICKS:
                notebooks.TRICKS[name](submission)
                continue
            names = {"@COURSE@": str(self.folder), "@PROJECT@": str(PROJECT), "@STUDENT@": student}
            fill(submission, SOURCES.get(name, Attack("honest", solves=tuple(solved))), names)

    def _solutions(self) -> dict[str, str]:
        cells = json.loads((self.folder / "source" / "attack" / "attack.ipynb").read_text("utf-8"))["cells"]
        infos = [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
        marks = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?|^ *# canary.*\n", re.MULTILINE)
        return {info["grade_id"]: marks.sub("", source) for info, source in infos if info["solution"]}

    def student(self, name: str) -> str:
        return next(student for student, attack in self.students.items() if attack == name)

    def scores(self, student: str) -> dict[str, float | None]:
        """What the gradebook holds for a student: automatic score by grade cell."""
        rows = self.query(
            "select base_cell.name, grade.auto_score from grade join base_cell on base_cell.id = grade.cell_id"
            " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
            " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
            " where submitted_assignment.student_id = ?",
            student,
        )
        return dict(rows)

    def query(self, statement: str, *values: str) -> list[tuple]:
        connection = sqlite3.connect(self.folder / "gradebook.db")
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def fixed_tables(self) -> dict[str, list[tuple]]:
        """The gradebook's tables that grading has no business with."""
        names = ("course", "assignment", "notebook", "base_cell", "grade_cells", "solution_cells", "source_cell", "task_cells")
        return {name: sorted(self.query(f"select * from {name}"), key=repr) for name in names}

    def files(self) -> set[str]:
        """Names of all files outside the folders that grading writes to."""
        written = ("autograded", "feedback", ".autograder")
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*"))
        return {str(path) for path in paths if path.parts[0] not in written and path.name != ".nbgrader.log"}

    def autograded(self, student: str) -> nbformat.NotebookNode:
        return nbformat.read(self.folder / "autograded" / student / "attack" / "attack.ipynb", 4)

    def feedback(self, student: str) -> str:
        return (self.folder / "feedback" / student / "attack" / "attack.html").read_text("utf-8")


@dataclass
class Graded:
    """What one run did: its exit and output, and the state of the world before and after."""

    course: Course
    run: subprocess.CompletedProcess
    seconds: float
    feedback: subprocess.CompletedProcess
    left_processes: list[str]
    tables: tuple[dict, dict]
    files: tuple[set[str], set[str]]
    segments: tuple[str, str]


@pytest.fixture(scope="module", params=["", "ordinary"] if os.getuid() == 0 else [""], ids=lambda grader: f"by_{grader or 'caller'}")
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """The whole class, graded once by each who grades."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: attacks are never run without it")
    course = Course(tmp_path_factory.mktemp("attacked"), f"canary-{os.urandom(8).hex()}", request.param)
    made = course.nbgrader("generate_assignment", "attack")
    assert made.returncode == 0, made.stdout
    course.hand_in()
    tables, files, segments = course.fixed_tables(), course.files(), shared_segments()
    with adopted_children() as left:
        started = time.monotonic()
        run = course.nbgrader("autograde", "attack", *(f"--Grade.{name}={value}" for name, value in LIMITS.items()))
        seconds = time.monotonic() - started
    feedback = course.nbgrader("generate_feedback", "attack")
    yield Graded(
        course, run, seconds, feedback, left, (tables, course.fixed_tables()), (files, course.files()), (segments, shared_segments())
    )
    for path in course.folder.rglob("*.ipynb"):
        if path.is_file() and not path.is_symlink():
            path.chmod(0o644)


class adopted_children:
    """While active, orphans below this process become its children; afterwards lists (and ends) those still there."""

    def __enter__(self) -> list[str]:
        self.before, self.left = children(), []
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        return self.left

    def __exit__(self, *_: object) -> None:
        time.sleep(0.5)
        for pid in children() - self.before:
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                self.left.append(Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace"))
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def children() -> set[int]:
    """Ids of this process's children."""
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def shared_segments() -> str:
    """The machine's System V shared memory."""
    return "".join(sorted(line.split()[0] for line in Path("/proc/sysvipc/shm").read_text().splitlines()))


def texts(notebook: nbformat.NotebookNode) -> str:
    """All that a notebook's outputs say."""
    parts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts += [output.get("text", ""), *output.get("traceback", []), *map(str, output.get("data", {}).values())]
    return "\n".join(parts)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_earns_only_what_is_deserved(name: str, graded: Graded) -> None:
    student = graded.course.student(name)
    scores = graded.course.scores(student)
    scores.pop("answer", None)
    assert scores == (TRICKS | SOURCES)[name].deserved


@pytest.mark.parametrize("name", SOURCES)
def test_attack_was_carried_out_and_met_what_it_should(name: str, graded: Graded) -> None:
    attack, notebook = SOURCES[name], graded.course.autograded(graded.course.student(name))
    assert attack.tries, "an attack says what it tries"
    own = [output for cell in notebook.cells if cell.get("id", "").startswith("attack-") for output in cell.get("outputs", [])]
    errors = [output for output in own if output.output_type == "error" and output.ename not in attack.raises]
    assert not errors, "\n".join(errors[0].traceback)
    said = texts(notebook)
    names = {"@COURSE@": str(graded.course.folder), "@PROJECT@": str(PROJECT)}
    for text in attack.shows:
        assert text in said
    for text in attack.hides:
        assert names.get(text, text) not in said, said[max(0, said.index(names.get(text, text)) - 200) :][:600]


def test_run_finished_without_an_error(graded: Graded) -> None:
    assert graded.run.returncode == 0, graded.run.stdout[-6000:]
    assert "Traceback" not in graded.run.stdout


def test_honest_students_between_the_attackers_get_full_marks(graded: Graded) -> None:
    honest = [student for student, attack in graded.course.students.items() if attack == "honest"]
    assert len(honest) >= 5
    assert {student: {k: v for k, v in graded.course.scores(student).items() if k != "answer"} for student in honest} == dict.fromkeys(
        honest, POINTS
    )


def test_everybody_has_a_grade_and_nobody_else(graded: Graded) -> None:
    assert {row[0] for row in graded.course.query("select id from student")} == set(graded.course.students)
    assert all(len(graded.course.scores(student)) == len(POINTS) + 1 for student in graded.course.students)


def test_no_process_outlives_the_run(graded: Graded) -> None:
    assert graded.left_processes == []


def test_nothing_is_left_outside_the_sandbox(graded: Graded) -> None:
    assert graded.files[1] == graded.files[0]
    assert graded.segments[1] == graded.segments[0]
    places = ("/tmp", "/dev/shm", "/var/tmp", "/", "/etc", "/run", sys.prefix, sys.base_prefix, str(PROJECT), str(Path.home()))
    assert [place for place in places if any(LEFT in name for name in os.listdir(place))] == []
    assert [str(path) for path in graded.course.folder.rglob(f"*{LEFT}*")] == []


def test_gradebook_is_unchanged_but_for_scores(graded: Graded) -> None:
    assert graded.tables[1] == graded.tables[0]


def test_nothing_hidden_is_shown_to_anybody(graded: Graded) -> None:
    for student in graded.course.students:
        for shown in (texts(graded.course.autograded(student)), graded.course.feedback(student)):
            assert graded.course.canary not in shown, student
            assert HIDDEN_INPUT not in shown, student


def test_hidden_files_are_not_copied_next_to_a_submission(graded: Graded) -> None:
    folder = graded.course.folder / "autograded"
    strange = [path for path in folder.rglob("*") if path.is_symlink() or not (path.is_file() or path.is_dir())]
    assert strange == []
    small = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < 1 << 20]
    assert [path for path in small if graded.course.canary.encode() in path.read_bytes()] == []


class ActiveContent(HTMLParser):
    """Collects what could act in a reader's browser or call another host."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "input", "base", "frame", "applet", "portal"):
            self.found.append(tag)
        if tag == "link" or (tag == "meta" and dict(attrs).get("http-equiv", "").lower() == "refresh"):
            self.found.append(str(attrs))
        for name, value in attrs:
            value = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            loads = name in ("src", "srcset", "srcdoc", "data", "poster", "background", "action", "formaction")
            if name.startswith("on") or re.match(r"(?:java|vb)script:|data:text", value) or (loads and not value.startswith("data:image/")):
                self.found.append(f"{tag} {name}={value:.80}")


def test_feedback_pages_hold_nothing_active(graded: Graded) -> None:
    assert graded.feedback.returncode == 0, graded.feedback.stdout[-6000:]
    for student in graded.course.students:
        page = ActiveContent()
        page.feed(graded.course.feedback(student))
        assert page.found == [], student


def test_feedback_pages_are_small_and_none_is_without_the_checks_reports(graded: Graded) -> None:
    pages = {student: graded.course.feedback(student) for student in graded.course.students}
    assert {student: len(page.encode()) for student, page in pages.items() if len(page.encode()) > 2_000_000} == {}
    assert {student for student, page in pages.items() if page.count('<section class="grader-report"') != len(POINTS)} == set()


def test_feedback_shows_no_path_of_the_grading_machine(graded: Graded) -> None:
    for student, attack in graded.course.students.items():
        source = (FOLDER / f"{attack}.py").read_text("utf-8") if attack in SOURCES else ""
        if "@" not in source and attack != "linked_files":
            page = graded.course.feedback(student)
            assert str(graded.course.folder) not in page, student
            assert str(PROJECT) not in page, student


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 45
