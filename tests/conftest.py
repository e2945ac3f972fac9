"""What several test modules share: a quiet hypothesis, students in this process, running engines, a tiny course, the built book."""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = (
    "1"  # before torch is loaded: a forked child of a process with OpenMP threads hangs in its first convolution
)

import importlib.util
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import chapter_screen
import choosing
import hypothesis
import long_files
import nbformat
import pytest
import scheduling
from local_students import local_student
from xdist.scheduler import LoadScopeScheduling

from autograder.authoring import course
from autograder.checking.student import Student
from autograder.engine.engine import Engine, Plan
from autograder.jobs.submission import Cell, Checks, Job
from autograder.judge.self_test import sandbox_level_problem
from autograder.judge.session import register_markers
from autograder.settings import Settings

TINY = Path(__file__).resolve().parent / "tiny"
CHECKS_FILE = TINY / "engine_checks.py"
# Two at once, because several tests ask what one does to another; most hand in one.
LIMITS = {"workers": 2, "cell_seconds": 2, "notebook_seconds": 9, "check_seconds": 2}

hypothesis.settings.register_profile("course", deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("course")


# ---- which tests run when, together, and where: scheduling.py says it

PART_SEED = pytest.StashKey[str]()
PROCESSORS = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course")
    group.addoption("--chapter", default="", metavar="ID", help="only what is of one chapter and needs no built book")
    group.addoption("--proven-in-part", action="store_true", help="of what tests/*.lock show proven, a random part (CONTRIBUTING.md)")
    group.addoption("--note-proven", action="store_true", help="note in tests/long.lock which long files passed; `make prove` does")


def pytest_configure(config: pytest.Config) -> None:
    register_markers(config)  # of the hidden checks, which some tests import
    for name, meaning in scheduling.MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    worker = getattr(config, "workerinput", None)  # of pytest-xdist
    if worker and PROCESSORS:
        os.sched_setaffinity(0, scheduling.share(PROCESSORS, worker["workerid"], worker["workercount"]))
    if config.option.chapter:
        choosing.demand_chapter(config.option.chapter)
        if config.option.proven_in_part and not (worker or config.option.collectonly):  # as `make check` does
            config.pluginmanager.register(chapter_screen.Screen(config), "chapter-screen")
    if config.option.note_proven and not worker:
        long_files.demand_whole(config.option, config.args)
        config.pluginmanager.register(long_files.Noted(), "long-files-noted")
    config.stash[PART_SEED] = worker["part_seed"] if worker else choosing.seed()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["part_seed"] = node.config.stash[PART_SEED]  # all collect the same, whatever is committed meanwhile


def pytest_report_header(config: pytest.Config) -> list[str]:
    if not config.option.proven_in_part:
        return []
    everyday = config.option.markexpr == scheduling.EVERYDAY  # without samples
    of_assignments = choosing.told(config.option.chapter, ("solutions",) if everyday else ("solutions", "samples"))
    return of_assignments + ([] if config.option.chapter else long_files.told(config.stash[PART_SEED]))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    unread = bool(config.option.chapter) and choosing.needs_no_reading(collection_path)
    return unread or scheduling.in_another_part(collection_path, config.option.markexpr) or None


def pytest_itemcollected(item: pytest.Item) -> None:
    scheduling.mark(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    choosing.choose(config, items, config.stash[PART_SEED])
    scheduling.arrange(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scheduling.kept_together(nodeid)

    config.option.loadscopereorder = False  # groups come in the order of `arrange`, not by their numbers of tests
    return Together(config, log)


@pytest.fixture
def student_of() -> Iterator[Callable[..., Student]]:
    """Makes a `Student` from a cell's source or a ready namespace, answered by a forked child of this process."""
    students: list[Student] = []

    def make(source: str = "", **namespace: Any) -> Student:
        exec(compile(source, "<cell answer>", "exec"), namespace)
        students.append(local_student(namespace, source))
        return students[-1]

    yield make
    for student in students:
        student.channel.close()
        os.kill(student.pid, signal.SIGKILL)
        os.waitpid(student.pid, 0)


class Grader:
    """An engine with the groups of ``tests/tiny/engine_checks.py``, asked with sources instead of notebooks."""

    def __init__(self, settings: Settings, imports: tuple[str, ...] = ()) -> None:
        names = [line.split()[1].rstrip(":") for line in CHECKS_FILE.read_text("utf-8").splitlines() if line.startswith("class ")]
        self.groups = {name: Checks(str(CHECKS_FILE), name) for name in names}
        self.settings = settings
        self.engine = Engine(settings, Plan(tuple(self.groups.values()), imports, (course.ROOT,)))
        self.engine.wait_until_ready()

    def job(self, *cells: str | tuple[str, str], student: str = "ada", files: dict[str, bytes] | None = None) -> Job:
        """A job of cells: a source, or a source with the group of checks that decides on it."""
        made = []
        for index, cell in enumerate(cells):
            source, group = (cell, None) if isinstance(cell, str) else cell
            checks = self.groups[group] if group else None
            made.append(Cell(index, f"cell{index}", source, checks))
        return Job("tiny", student, tuple(made), files or {})

    def grade(self, *cells: str | tuple[str, str], **about: Any) -> Any:
        """The result of one job."""
        return self.engine.result(self.engine.submit(self.job(*cells, **about)))

    def reports(self, source: str, group: str, **about: Any) -> list:
        """The reports of one group of checks on the state after one cell."""
        return self.grade((source, group), **about).cells[0].reports


@pytest.fixture(scope="session")
def grader_class() -> type[Grader]:
    """For tests that need an engine with settings of their own."""
    return Grader


@pytest.fixture(scope="session")
def level() -> str:
    """The best sandbox level that this machine has."""
    return "bubblewrap" if sandbox_level_problem() is None else "process"


@pytest.fixture(scope="session")
def sealed(level: str) -> None:
    """What is tested of the sealed level is tested where it can be had."""
    if level != "bubblewrap":
        pytest.skip("bubblewrap doesn't work here")


@pytest.fixture(scope="session")
def grader(level: str) -> Iterator[Grader]:
    """A running engine at the best level, with short limits."""
    grader = Grader(
        Settings(level, **LIMITS, memory_mb=900, value_mb=8),
        ("scipy.ndimage", "torch", "torch._dynamo", "matplotlib.pyplot", "matplotlib_inline.backend_inline"),
    )
    yield grader
    grader.engine.close()


@pytest.fixture(scope="session")
def plain_grader() -> Iterator[Grader]:
    """A running engine at the level ``process``, with little in memory so that it starts quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.engine.engine.PRELOADED", ("numpy",))
        grader = Grader(Settings(sandbox="process", **LIMITS))
    yield grader
    grader.engine.close()


@pytest.fixture
def quick_restart(grader: Grader, plain_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judges that are started during this test have little in memory; those of the fixtures stay as they are."""
    monkeypatch.setattr("autograder.engine.engine.PRELOADED", ("numpy",))


class Course:
    """A course folder with the tiny assignment, worked on with the real commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def nbgrader(self, *arguments: str) -> str:
        return course.nbgrader(self.folder, *arguments)

    def released(self) -> nbformat.NotebookNode:
        """The notebook as students get it."""
        return nbformat.read(self.folder / "release" / "tiny" / "tiny.ipynb", 4)

    def submit(self, student: str, notebook: nbformat.NotebookNode | str | bytes) -> Path:
        """Hands in a notebook or raw text as ``student``."""
        path = self.folder / "submitted" / student / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(notebook, (str, bytes)):
            path.write_bytes(notebook.encode() if isinstance(notebook, str) else notebook)
        else:
            nbformat.write(notebook, path)
        return path

    def answer(self, answers: dict[str, str]) -> nbformat.NotebookNode:
        """The released notebook with ``answers`` (grade_id → source) filled in."""
        notebook = self.released()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = answers[name]
        return notebook

    def autograded(self, student: str) -> nbformat.NotebookNode:
        return nbformat.read(self.folder / "autograded" / student / "tiny" / "tiny.ipynb", 4)

    def feedback(self, student: str) -> str:
        return (self.folder / "feedback" / student / "tiny" / "tiny.html").read_text("utf-8")

    def scores(self, student: str) -> dict[str, float | None]:
        """What the gradebook holds: automatic score by grade cell, None where a person decides."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            notebook = gradebook.find_submission_notebook("tiny", "tiny", student)
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def copy(self, target: Path) -> Course:
        shutil.copytree(self.folder, target)
        return Course(target)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course folder after ``nbgrader generate_assignment``; only to be copied."""
    folder = tmp_path_factory.mktemp("generated") / "course"
    make_tiny_course(folder)
    made = Course(folder)
    made.nbgrader("generate_assignment", "tiny")
    return made


def make_tiny_course(folder: Path) -> None:
    """A course folder with the tiny assignment's source, hidden checks and a seed: a wrong answer earns the same in every run."""
    (folder / "source" / "tiny").mkdir(parents=True)
    (folder / "autograder" / "checks").mkdir(parents=True)
    shutil.copy(course.ROOT / "nbgrader_config.py", folder)
    shutil.copy(TINY / "tiny.ipynb", folder / "source" / "tiny")
    shutil.copy(TINY / "numbers.txt", folder / "source" / "tiny")
    shutil.copy(TINY / "tiny_checks.py", folder / "autograder" / "checks" / "test_tiny.py")
    course.fix_seed(folder)


LONG = """
def checked_side(value, name):
    if isinstance(value, bool) or value != int(value):
        raise TypeError(f"{name} must be a whole number, <script>alert(1)</script>")
    if value < 0:
        raise ValueError(f"{name} must not be negative, but it is {value!r}")
    return int(value)

def area(height, width):
    rows, columns = checked_side(height, "height"), checked_side(width, "width")
    total = 0
    for row in range(rows):
        for column in range(columns):
            if 0 <= row < rows and 0 <= column < columns:
                total += 1
    return total

def smooth_slowly(values):
    result = []
    for index in range(len(values) - 1):
        left, right = values[index], values[index + 1]
        result.append((left + right) / 2)
    return np.array(result)
"""
RENAMED = (
    LONG.replace("checked_side", "pruefe").replace("rows", "n").replace("columns", "m").replace("total", "anzahl").replace("left", "a")
)
FAIR = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
MEANS = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"
SMALL_CLASS = {
    "ada": {"area": FAIR, "smooth": MEANS, "why_kernel": "The last entry has no right neighbour."},
    "ben": {"area": "def area(height, width): return '<script>alert(1)</script>'", "smooth": MEANS},
    "cleo": {"area": "def area(height, width): return height + width", "smooth": "import os\nos._exit(0)"},
    "dan": {"area": LONG, "smooth": "def smooth(x):\n    while True: pass"},
    "eve": {"area": RENAMED, "smooth": MEANS},
}
STUDENTS = {
    "ada": {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@uni.example", "lms_user_id": "101"},
    "ben": {"first_name": "Jürgen", "last_name": "Müller", "email": "ben@uni.example", "lms_user_id": "102"},
    "cleo": {"last_name": "=1+1", "email": "cleo@uni.example"},
    "zoe": {"first_name": "Zoë", "last_name": "d'Arc", "email": "zoe@uni.example", "lms_user_id": "126"},
}


@pytest.fixture(scope="session")
def small_class(generated: Course, tmp_path_factory: pytest.TempPathFactory, level: str) -> Course:
    """A course folder in which five students and a broken file have been graded and one handed in nothing; only to be read."""
    from nbgrader.api import Gradebook

    made = generated.copy(tmp_path_factory.mktemp("small-class") / "course")
    with Gradebook(f"sqlite:///{made.folder / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2027-01-31 22:59:00")
        for name, about in STUDENTS.items():
            gradebook.add_student(name, **about)
    for name, answers in SMALL_CLASS.items():
        made.submit(name, made.answer(answers))
    made.submit("fay-müller@uni.example", "{")  # as a file from a mailbox is collected
    (made.folder / "submitted" / "ben" / "tiny" / "timestamp.txt").write_text("2027-02-01 22:59:00")
    limits = [f"--Grade.sandbox={level}", "--Grade.cell_seconds=3", "--Grade.check_seconds=2"]
    made.log = made.nbgrader("autograde", "tiny", "--LateSubmissionPlugin.penalty_method=zero", *limits)
    return made


@pytest.fixture
def tiny_course(generated: Course, tmp_path: Path) -> Iterator[Course]:
    """A fresh copy of the generated course folder."""
    yield generated.copy(tmp_path / "course")
    for path in (tmp_path / "course").rglob("*"):
        if not path.is_symlink():
            os.chmod(path, 0o755 if path.is_dir() else 0o644)


# ---- the built book, and a browser that reads it


def load_book_build() -> ModuleType:
    """Import `book/build.py` under a name that no package has."""
    spec = importlib.util.spec_from_file_location("book_build", course.ROOT / "book" / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["book_build"] = module
    spec.loader.exec_module(module)
    return module


# Where grading alone is installed, as by `make test-python`, there is no book to be built.
book_build = load_book_build() if importlib.util.find_spec("jupyter_cache") else None


@pytest.fixture(scope="session")
def books_runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the book's runs of its chapters; where one chapter is tested, with those that are there and still hold."""
    if not request.config.option.chapter:
        return request.getfixturevalue("book").output
    book = book_build.Book()
    return book.output if book.has_current_runs() else tmp_path_factory.mktemp("no-runs")


@pytest.fixture(scope="session")
def book() -> Any:
    """The book of this checkout, built and verified.

    Building uses all processors, but only what grading beside it leaves: limits of time decide on points there.
    """
    mine = os.sched_getaffinity(0) if PROCESSORS else set()
    try:
        if PROCESSORS:
            os.sched_setaffinity(0, PROCESSORS)
        command = ["nice", "-n", "10", sys.executable, str(course.ROOT / "book" / "build.py")]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    finally:
        if PROCESSORS:
            os.sched_setaffinity(0, mine)
    assert result.returncode == 0, result.stdout[-8000:]
    return book_build.Book()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def book_address(book: Any) -> Iterator[str]:
    """Where the built book is served on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(book.html))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless browser; where none is installed, what needs one is skipped."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium or Chrome is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any, book_address: str) -> Iterator[Any]:
    """A tab of a fresh browser, 1280 pixels wide, in which `goto("/book/convnets.html")` opens a page of the book.

    Fails the test if a page asked another host for anything or had an error.
    """
    foreign, errors = [], []

    def only_this_host(route: Any) -> None:
        if route.request.url.startswith((book_address, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    with chromium.new_context(base_url=book_address, viewport={"width": 1280, "height": 900}) as context:
        context.route("**/*", only_this_host)
        opened = context.new_page()
        opened.on("console", lambda line: line.type == "error" and errors.append(line.text))
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
    assert foreign == []
    assert errors == []
