"""Measures grading against stock nbgrader on the same submissions, in one run: ``make bench``.

Prints wall seconds, seconds a submission and ratios for stock ``nbgrader autograde``, for this engine with one and two
workers and with every result stored, for the pages of feedback, and, where cells have work to do, for the floor: the
cells' own compute in one warm process. Every configuration must give the honest submissions the same scores.
``BENCH_SUBMISSIONS`` and ``BENCH_KIND`` (``light`` or ``heavy``) choose what is graded.
"""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from autograder.authoring.course import ROOT, nbgrader

STOCK_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\nc.Execute.timeout = 600\n"
SETUP = "import numpy as np\nimport torch\nimport torch.nn as nn\ntorch.manual_seed(0)\ntorch.set_num_threads(1)"
LIGHT = """
def double(x):
    return 2 * x

def correlate(x, w):
    return np.array([np.dot(x[i:i + len(w)], w) for i in range(len(x) - len(w) + 1)])
"""
HEAVY = (
    LIGHT
    + """
data = torch.randn(2048, 1, 28, 28)
target = (data.mean((1, 2, 3)) > 0).long()
model = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2704, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(20):  # takes as long as training the course's own CNN
    for start in range(0, 2048, 128):
        loss = nn.functional.cross_entropy(model(data[start:start + 128]), target[start:start + 128])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
)
CHECKS = [f"np.allclose(double(np.arange({n}.)), np.arange({n}.) * 2)" for n in range(1, 8)]
CHECKS += [f"np.allclose(correlate(np.arange({n}.), np.ones(2)), np.arange({n}.)[:-1] + np.arange({n}.)[1:])" for n in range(3, 10)]
HIDDEN = "### BEGIN HIDDEN TESTS\n{body}\n### END HIDDEN TESTS"


@dataclass(frozen=True)
class Figure:
    """One configuration's wall time, its peak memory, the scores it gave, and the wall time of its feedback if that was measured."""

    name: str
    seconds: float
    memory_mb: int
    scores: tuple[float, ...]
    feedback: float | None = None


def bench() -> int:
    """Runs all configurations and prints the table; returns 1 if scores differ."""
    count, kind = int(os.environ.get("BENCH_SUBMISSIONS", "20")), os.environ.get("BENCH_KIND", "light")
    solution = {"light": LIGHT, "heavy": HEAVY}[kind]
    print(f"{count} {kind} submissions, {len(CHECKS)} hidden checks each, {os.cpu_count()} processors", flush=True)
    figures = grade("stock nbgrader", solution, count, stock=True)
    figures += grade("this engine, 1 worker", solution, count, workers=1)
    figures += grade("this engine, 2 workers", solution, count, workers=2, again=True)
    print_table(figures, floor_seconds(solution, count) if kind == "heavy" else None, count)
    print_feedback(figures, count)
    if len({figure.scores for figure in figures}) != 1:
        print("error: the configurations gave different scores", file=sys.stderr)
        return 1
    print("honest scores are equal in all configurations")
    return 0


def print_table(figures: list[Figure], floor: float | None, count: int) -> None:
    """Prints a line for each configuration; without a floor there is no column that is divided by it."""
    stock, above = figures[0].seconds, "" if floor is None else f"{'÷ floor':>9}"
    print(f"\n{'configuration':<36}{'total s':>9}{'s each':>9}{'stock ÷':>9}{above}{'peak MiB':>10}")
    for figure in figures:
        above = "" if floor is None else f"{figure.seconds / floor:>9.2f}"
        seconds = f"{figure.seconds:>9.1f}{figure.seconds / count:>9.2f}{stock / figure.seconds:>9.1f}"
        print(f"{figure.name:<36}{seconds}{above}{figure.memory_mb:>10,}")
    if floor is not None:
        print(f"{'floor (cells in one warm process)':<36}{floor:>9.1f}{floor / count:>9.2f}")


def print_feedback(figures: list[Figure], count: int) -> None:
    """Prints what the pages of feedback took where it was measured."""
    print(f"\n{'feedback':<36}{'total s':>9}{'s each':>9}{'÷ grading':>11}")
    for figure in figures:
        if figure.feedback is not None:
            print(f"{figure.name:<36}{figure.feedback:>9.1f}{figure.feedback / count:>9.2f}{figure.feedback / figure.seconds:>11.2f}")


def grade(name: str, solution: str, count: int, workers: int = 1, stock: bool = False, again: bool = False) -> list[Figure]:
    """Times ``nbgrader autograde`` on ``count`` submissions in a fresh course; with ``again`` also with results stored."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = make_bench_course(Path(folder), solution, count, stock)
        options = [] if stock else [f"--Grade.workers={workers}"]
        figures = [timed(name, course, options)]
        if stock or again:
            figures = [replace(figures[0], feedback=feedback_seconds(course))]
        if again:
            figures.append(timed("this engine, all results stored", course, [*options, "--force"]))
        return figures


def timed(name: str, course: Path, options: list[str]) -> Figure:
    print(f"  {name} …", flush=True)
    with peak_memory() as peak:
        started = time.monotonic()
        nbgrader(course, "autograde", "bench", *options)
        seconds = time.monotonic() - started
    nbgrader(course, "export", "--to", "grades.csv")
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        scores = tuple(float(row["score"]) for row in csv.DictReader(file))
    return Figure(name, seconds, peak[0] >> 20, scores)


def feedback_seconds(course: Path) -> float:
    """Seconds of ``nbgrader generate_feedback`` for all that were graded."""
    print("    its feedback …", flush=True)
    started = time.monotonic()
    nbgrader(course, "generate_feedback", "bench")
    return time.monotonic() - started


@contextlib.contextmanager
def peak_memory():
    """Largest memory of this process's descendants together, in bytes (shared pages once), sampled twice a second."""
    import psutil

    peak, done = [0], threading.Event()

    def sample() -> None:
        while not done.wait(0.5):
            total = 0
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss
            peak[0] = max(peak[0], total)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def make_bench_course(course: Path, solution: str, count: int, stock: bool) -> Path:
    """A course with the bench assignment released and ``count`` honest submissions handed in."""
    if stock:
        (course / "nbgrader_config.py").write_text(STOCK_CONFIG)
        body = "\n".join(f"assert {check}" for check in CHECKS)
    else:
        shutil.copy(ROOT / "nbgrader_config.py", course)
        (course / "autograder" / "checks").mkdir(parents=True)
        (course / "autograder" / "checks" / "test_bench.py").write_text(check_file())
        body = "# hidden: autograder/checks/test_bench.py::TestBench\nraise RuntimeError('not graded')"
    write_notebook(course / "source" / "bench" / "bench.ipynb", "pass", HIDDEN.format(body=body))
    nbgrader(course, "generate_assignment", "bench")
    for number in range(count):
        released = nbformat.read(course / "release" / "bench" / "bench.ipynb", 4)
        released.cells[1].source = f"{solution}\n# submission {number}"
        path = course / "submitted" / f"student-{number:03d}" / "bench" / "bench.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(released, path)
    return course


def check_file() -> str:
    """The same checks as pytest, through the `student` fixture."""
    lines = ["import numpy as np", "", "class TestBench:"]
    for number, check in enumerate(CHECKS):
        lines += [f"    def test_{number}(self, student):", f'        """Check {number}."""']
        lines += [
            "        double, correlate = student.function('double'), student.function('correlate')",
            f"        assert {check}",
        ]
    return "\n".join(lines) + "\n"


def write_notebook(path: Path, solution: str, hidden: str) -> None:
    """The bench assignment: imports, one solution cell, one grade cell."""
    base = {"schema_version": 3, "task": False}
    roles: list[dict[str, object]] = [
        {"grade": False, "solution": True, "locked": False, "grade_id": "task"},
        {"grade": True, "solution": False, "locked": True, "grade_id": "check_task", "points": 14},
    ]
    cells = [nbformat.v4.new_code_cell(SETUP)]
    cells.append(nbformat.v4.new_code_cell(f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION", metadata={"nbgrader": base | roles[0]}))
    cells.append(nbformat.v4.new_code_cell(f"assert double(1) == 2\n{hidden}", metadata={"nbgrader": base | roles[1]}))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    path.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def floor_seconds(solution: str, count: int) -> float:
    """Seconds that the cells alone take, one submission after another in one warm process."""
    script = f"import time\n{SETUP}\nimport torch._dynamo\ncode = compile({SETUP + solution!r}, 'cells', 'exec')\n"
    script += f"t = time.monotonic()\nfor _ in range({count}):\n    exec(code, {{}})\nprint(time.monotonic() - t)"
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return float(subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True).stdout)
