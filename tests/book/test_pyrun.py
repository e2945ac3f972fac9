"""Programs in the page, all of them, under CPython: they run, and their tasks' visible checks pass and fail as they should."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder.chapters import chapter_of
from autograder.jobs.cells import grade_id

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
STATIC = BOOK / "_static" / "pyrun"

build = sys.modules["book_build"]  # conftest.py has loaded it, and made book/_ext known
visible_checks = importlib.import_module("visible_checks")
pyrun = importlib.import_module("pyrun")

ASSIGNMENTS = sorted(folder.name for folder in (ROOT / "release").iterdir() if folder.is_dir())
# Their visible checks ask for no more than numpy, but what is asked for comes out of training with PyTorch.
TRAINED = {
    ("convnets", "digit_predictions"),
    ("deep_networks", "fashion_predictions"),
    ("optimizers", "race"),
    ("rnn_design", "sentiment_predictions"),
    ("rnn_design", "translations"),
    ("training_pipeline", "digit_predictions"),
    ("transfer_learning", "finetuned_predictions"),
    ("transfer_learning", "frozen_predictions"),
}


@dataclass(frozen=True)
class Program:
    """A program as it stands in the source of a page."""

    page: str
    name: str
    alt: str
    tasks: tuple[str, ...]
    content: str

    @property
    def found(self) -> list:
        return [visible_checks.task(*task.split("/")) for task in self.tasks]

    @property
    def delivered(self) -> str:
        return pyrun.program_of(self.found, self.content)

    @property
    def answered(self) -> str:
        """The program with the reference answers in place of what students start from."""
        imports = [f"from autograder.reference.{task.replace('/', ' import ')}" for task in self.tasks]
        return "\n".join([*imports, pyrun.HEAD, self.content])


def programs() -> Iterator[Program]:
    """Every program of every page of the book."""
    for page in build.toc_pages(ROOT / "_toc.yml"):
        file = next(f for f in (ROOT / f"{page}.md", ROOT / f"{page}.ipynb") if f.exists())
        text = file.read_text("utf-8")
        if file.suffix == ".ipynb":
            text = "\n\n".join(c.source for c in nbformat.reads(text, 4).cells if c.cell_type == "markdown")
        for block in re.findall(r"^```\{pyrun\} .*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            options = dict(re.findall(r"^:(\w+): (.*)$", block, re.MULTILINE))
            content = re.sub(r"^:\w+: .*\n", "", block, flags=re.MULTILINE)
            yield Program(page, options["name"], options.get("alt", ""), tuple(options.get("check", "").split()), content)


PROGRAMS = {f"{program.page.removeprefix('book/')}:{program.name}": program for program in programs()}
FREE = {name: program for name, program in PROGRAMS.items() if not program.tasks}
TASKS = {name: program for name, program in PROGRAMS.items() if program.tasks}

# Runs each program in a process of its own, forked from one that has imported already what takes long.
HARNESS = """
import json, os, sys
sys.path[:0] = [sys.argv[1]]
os.environ["MPLBACKEND"] = "module://page_figures"
import matplotlib, numpy, runner, torch
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        job, messages = json.loads(line), []
        runner.run(job["program"], job["checks"], messages.append)
        print(json.dumps(messages), flush=True)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("null", flush=True)
"""


@pytest.fixture(scope="module")
def messages_of() -> Iterator[Callable[..., list[dict]]]:
    """What the page would be told of a program and of checks on it, run by this Python."""
    with subprocess.Popen(
        [sys.executable, "-c", HARNESS, STATIC], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as runs:

        def run(program: str, checks: Iterable = ()) -> list[dict]:
            told = [{"task": check.name, "code": check.check} for check in checks]
            print(json.dumps({"program": program, "checks": told}), file=runs.stdin, flush=True)
            messages = json.loads(runs.stdout.readline())
            assert messages is not None, "the program ended its Python"
            return messages

        yield run
        runs.stdin.close()


def text_of(messages: list[dict], kind: str = "out") -> str:
    return "".join(message.get("text", "") for message in messages if message["kind"] == kind)


# The programs of the book, under CPython


@pytest.mark.parametrize("program", FREE.values(), ids=FREE)
def test_program_of_a_page_runs_under_cpython(program, messages_of):
    messages = messages_of(program.delivered)
    assert [m["text"] for m in messages if m["kind"] in {"error", "err"}] == []
    assert text_of(messages).strip()
    assert bool(program.alt) == any(m["kind"] == "figure" for m in messages)


@pytest.mark.parametrize("program", TASKS.values(), ids=TASKS)
def test_visible_checks_pass_with_the_reference_answers(program, messages_of):
    messages = messages_of(program.answered, program.found)
    assert [m["text"] for m in messages if m["kind"] in {"error", "err"}] == []
    assert [(m["task"], m["passed"], m["text"]) for m in messages if m["kind"] == "check"] == [(t.name, True, "") for t in program.found]
    assert text_of(messages).strip() or not program.content.strip()


@pytest.mark.parametrize("program", TASKS.values(), ids=TASKS)
def test_visible_checks_fail_with_what_students_start_from(program, messages_of):
    messages = messages_of(program.delivered, program.found)
    assert [m["text"] for m in messages if m["kind"] == "error" and "NotImplementedError" not in m["text"]] == []
    checks = [m for m in messages if m["kind"] == "check"]
    assert [(m["task"], m["passed"]) for m in checks] == [(task.name, False) for task in program.found]
    assert all(m["text"] for m in checks)


def test_every_program_has_a_name_of_its_own():
    names = [program.name for program in PROGRAMS.values()]
    assert len(names) == len(set(names))
    assert {"convnets", "receptive_fields", "parameter_efficiency", "rnn_design", "optimizers", "training_pipeline"} <= {
        chapter_of(program.page) for program in PROGRAMS.values()
    }


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_task_that_numpy_can_check_is_in_a_page(assignment):
    cells = json.loads(visible_checks.notebook_of(assignment).read_text("utf-8"))["cells"]
    graded = [grade_id(cell) or "" for cell in cells]
    shown = {task for program in PROGRAMS.values() for task in program.tasks}
    left = []
    for name in (grade.removeprefix("check_") for grade in graded if grade.startswith("check_")):
        try:
            visible_checks.task(assignment, name)
        except visible_checks.NoCheck:
            continue
        left += [name] if f"{assignment}/{name}" not in shown and (assignment, name) not in TRAINED else []
    assert left == []


def test_nothing_hidden_and_no_solution_reaches_a_page():
    for program in TASKS.values():
        shown = "\n".join([program.delivered, *(task.check + task.text for task in program.found)])
        assert "BEGIN" not in shown
        assert "hidden: " not in shown
        source = ROOT.joinpath("source", program.tasks[0].split("/")[0]).glob("*.ipynb")
        cells = [cell for file in source for cell in nbformat.read(file, 4).cells]
        solutions = [
            text.strip() for cell in cells for text in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
        ]
        assert solutions
        assert [text for text in solutions if text in shown] == []


# What a program can do wrong


def error_of(messages_of: Callable, program: str) -> dict:
    return next(m for m in messages_of(program) if m["kind"] == "error")


def test_error_shows_the_readers_lines_only(messages_of):
    error = error_of(messages_of, "import numpy as np\n\n\ndef f(x):\n    return np.linalg.inv(x)\n\n\nprint(1)\nf(np.zeros((2, 2)))\n")
    assert error["line"] == 5
    assert re.findall(r'File "(.*)", line (\d+)', error["text"]) == [("your program", "9"), ("your program", "5")]
    assert "return np.linalg.inv(x)" in error["text"]
    assert error["text"].endswith("LinAlgError: Singular matrix")


def test_what_was_printed_before_an_error_stays(messages_of):
    messages = messages_of("print(1)\nprint(2, end='')\n1 / 0")
    assert text_of(messages) == "1\n2"
    assert messages[-1]["kind"] == "error"


def test_syntax_error_names_its_line(messages_of):
    error = error_of(messages_of, "x = 1\nfor i in range(3)\n    print(i)\n")
    assert error["line"] == 2
    assert "SyntaxError: expected ':'" in error["text"]


def test_error_inside_an_error_keeps_both(messages_of):
    error = error_of(messages_of, "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('no') from error")
    assert error["text"].index("ZeroDivisionError") < error["text"].index("ValueError: no")
    assert error["line"] == 4


def test_missing_library_says_where_to_run_the_program(messages_of):
    error = error_of(messages_of, "import torchaudio.nothing")
    assert "this page can't load torchaudio. Copy the program into JupyterLab to use torchaudio." in error["text"]
    assert error["line"] == 1


def test_asking_for_input_says_what_to_do_instead(messages_of):
    assert "write the value into the program instead" in error_of(messages_of, "name = input('Name? ')")["text"]


def test_leaving_early_is_no_error(messages_of):
    messages = messages_of("import sys\nprint(1)\nsys.exit()\nprint(2)")
    assert [(m["kind"], m["text"]) for m in messages] == [("out", "1\n")]


def test_warnings_are_told_from_output(messages_of):
    messages = messages_of("import sys\nprint(1)\nprint('careful', file=sys.stderr)\nprint(2)")
    assert [(m["kind"], m["text"]) for m in messages] == [("out", "1\n"), ("err", "careful\n"), ("out", "2\n")]


FLOODS = {
    "lines": "while True: print('x')",
    "flushed": "while True: print('x', end='', flush=True)",
    "no lines": "while True: print('x' * 7, end='')",
    "nothing but ends": "while True: print()",
    "at once": "print('x' * 10**7)",
    "warnings": "import sys\nwhile True: print('x', file=sys.stderr)",
    "by turns": "import sys\nwhile True:\n    print('a')\n    print('b', file=sys.stderr)",
    "caught": "while True:\n    try:\n        print('x')\n    except Exception:\n        pass",
}


@pytest.mark.parametrize("program", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_output_ends_the_program_with_a_sentence(program, messages_of):
    messages = messages_of(program)
    assert "TooMuchOutput: the program printed more than 100,000 characters, and was ended here" in messages[-1]["text"]
    assert messages[-1]["line"] and sum(len(m["text"]) for m in messages[:-1]) == 100_000


@pytest.mark.parametrize("program", FLOODS.values(), ids=FLOODS)
def test_a_flood_comes_in_few_messages(program, messages_of):
    assert len(messages_of(program)) < 400


def test_all_that_has_room_is_shown_and_in_order(messages_of):
    text = text_of(messages_of("for k in range(20_000 // 2): print(f'{k:08}')"))
    assert text.split() == [f"{k:08}" for k in range(10_000)]


def test_a_flood_of_pictures_ends_the_program_too(messages_of):
    messages = messages_of("import matplotlib.pyplot as plt\nwhile True:\n    plt.figure(figsize=(1, 1))\n    plt.show()")
    assert [m["kind"] for m in messages] == ["figure"] * 20 + ["error"]
    assert "drew more than 20 pictures" in messages[-1]["text"]


def test_a_flood_in_a_check_is_said_by_the_check(messages_of):
    check = check_of(messages_of, "def f():\n    while True: print('x')", "f()")
    assert not check["passed"] and "printed more than 100,000 characters" in check["text"]


def test_figures_come_where_they_are_shown_and_at_the_end(messages_of):
    program = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('between')\nplt.figure(figsize=(2, 1))\nplt.plot([1])"
    messages = messages_of(program)
    assert [m["kind"] for m in messages] == ["figure", "out", "figure"]
    assert [m["width"] for m in messages if m["kind"] == "figure"] == [640, 200]


def check_of(messages_of: Callable, program: str, code: str) -> dict:
    done = messages_of(program, [visible_checks.Task("t", "", "", code, True)])
    return next(m for m in done if m["kind"] == "check")


def test_check_tells_its_sentence_and_what_was_right_before(messages_of):
    told = check_of(
        messages_of, "def f(x):\n    return 2 * x", "assert f(1) == 2\nprint('as expected: f(1)')\nassert f(2) == 5, 'f(2): expected 5'"
    )
    assert (told["passed"], told["lines"], told["text"]) == (False, ["as expected: f(1)"], "f(2): expected 5")


def test_check_names_the_line_of_the_reader_that_failed(messages_of):
    told = check_of(messages_of, "def f(x):\n    y = x\n    return y / 0", "f(1)")
    assert told["line"] == 3
    assert "the check" not in told["text"]
    assert "ZeroDivisionError" in told["text"]


def test_check_names_what_is_missing(messages_of):
    assert check_of(messages_of, "g = 1", "f(1)")["text"].startswith("f isn't defined")


def test_check_runs_on_what_a_failing_program_left(messages_of):
    messages = messages_of(
        "def f():\n    return 1\n\n\nraise ValueError('later')", [visible_checks.Task("t", "", "", "assert f() == 1", True)]
    )
    assert [(m["kind"], m.get("passed")) for m in messages] == [("error", None), ("check", True)]


def test_check_does_not_change_the_readers_names(messages_of):
    tasks = [visible_checks.Task(name, "", "", code, True) for name, code in (("a", "x = 5"), ("b", "assert x == 1"))]
    assert [m["passed"] for m in messages_of("x = 1", tasks)] == [True, True]
