"""`make course`: the book is built beside the grading, the screen keeps what was done, and ends with what to open first."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext

import pytest

from autograder.authoring import first_look, sample
from autograder.authoring.course import CommandFailed, assignments, nbgrader

NOISE = "[W 2026] a kernel warns"
BUILD = f"print('{NOISE}')\nprint('[REPORT] Execution Successful: /somewhere/book/convnets.ipynb')\nprint('Running Jupyter-Book v1')"


def command(source: str) -> tuple[str, ...]:
    return sys.executable, "-c", source


@pytest.fixture
def made(monkeypatch, tmp_path) -> list[str]:
    """What the parts do is only noted, in turn."""
    done: list[str] = []
    monkeypatch.setattr(first_look, "LOG", tmp_path / "logs" / "book.log")
    for name in ("release", "grade_sample", "where"):
        monkeypatch.setattr(first_look, name, lambda name=name: done.append(name))
    return done


def test_everything_is_made_and_the_screen_stays_clean(made, monkeypatch, capsys):
    monkeypatch.setattr(first_look, "BUILD_BOOK", command(BUILD))
    assert first_look.first_look() == 0
    assert made == ["release", "grade_sample", "where"]
    screen = capsys.readouterr().out
    assert "  the book: convnets has run\n" in screen and "making its pages" in screen and str(first_look.LOG) in screen
    assert NOISE not in screen and NOISE in first_look.LOG.read_text("utf-8")


def test_a_book_that_cant_be_built_is_an_error_with_the_end_of_its_log(made, monkeypatch, capsys):
    lines = "\n".join(f"print('line {number}')" for number in range(100))
    monkeypatch.setattr(first_look, "BUILD_BOOK", command(f"{lines}\nraise SystemExit(3)"))
    assert first_look.first_look() == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "error: the book couldn't be built; the end of its log:"
    assert told[1:] == [f"line {number}" for number in range(60, 100)]
    assert "where" not in made


@pytest.fixture
def endless_build(monkeypatch, tmp_path) -> Callable[[], list[int]]:
    """The book's build starts a program and waits for it; gives their process ids as soon as they are there."""
    pids = tmp_path / "pids"
    source = f"""
import os, pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(pids)!r}).write_text(f"{{child.pid}} {{os.getpid()}} .")
child.wait()
"""
    monkeypatch.setattr(first_look, "BUILD_BOOK", command(source))

    def started() -> list[int]:
        while not pids.exists() or not pids.read_text().endswith("."):
            time.sleep(0.01)
        return [int(word) for word in pids.read_text().split()[:2]]

    return started


def fails() -> None:
    raise CommandFailed("grading failed")


@pytest.mark.parametrize(
    ("what", "error"),
    [(fails, CommandFailed), (lambda: os.kill(os.getpid(), signal.SIGTERM), None), (lambda: os.kill(os.getpid(), signal.SIGINT), None)],
    ids=["grading fails", "terminated", "interrupted"],
)
def test_whatever_ends_the_command_ends_the_build_and_what_it_started(made, endless_build, monkeypatch, capsys, request, what, error):
    monkeypatch.setattr(first_look, "grade_sample", lambda: (endless_build(), what()))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests may have it ignored
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with pytest.raises(error, match="grading failed") if error else nullcontext():
        assert first_look.first_look() in (128 + signal.SIGTERM, 128 + signal.SIGINT)
    assert ("Stopped;" in capsys.readouterr().err) == (error is None)
    for pid in endless_build():
        deadline = time.monotonic() + 20
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about doesn't."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_an_nbgrader_command_whose_caller_is_stopped_is_stopped_too(monkeypatch, tmp_path):
    program = tmp_path / "nbgrader"  # found before the real one
    program.mkdir()
    (program / "__init__.py").write_text("")
    (program / "__main__.py").write_text("import os, time\nprint('started', os.getpid(), flush=True)\ntime.sleep(600)\n")
    pids = []

    def interrupted(line: str, **_: object) -> None:
        pids.append(int(line.split()[1]))
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.print", interrupted)
    with pytest.raises(KeyboardInterrupt):
        nbgrader(tmp_path, "autograde", show=["started"])
    assert not is_alive(pids[0])


# ---- the sample class


def test_a_dozen_telling_submissions_of_several_kinds_are_there():
    chosen = [(name, student) for name, students in sample.TELLING.items() for student in students]
    assert len(set(chosen)) == 12
    assert [one for one in chosen if one[1] not in sample.students(one[0])] == []
    kinds = {student.partition("_")[0] for _, student in chosen}
    assert {"perfect", "honest", "empty", "raises", "wrong", "endless"} <= kinds


@pytest.fixture
def graded(monkeypatch, tmp_path) -> list[tuple[str, ...]]:
    """nbgrader's commands that would have been run, in a course folder elsewhere."""
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(sample, "COURSE", tmp_path / "course")
    monkeypatch.setattr(sample, "BUILD", tmp_path)
    monkeypatch.setattr(sample, "nbgrader", lambda folder, *arguments, show=(): ran.append(arguments))
    return ran


@pytest.mark.parametrize("everyone", [False, True])
def test_the_dozen_is_graded_or_all(graded, everyone, capsys):
    sample.grade_sample(everyone)
    names = assignments() if everyone else list(sample.TELLING)
    for name in names:
        handed_in = {path.parent.name for path in (sample.COURSE / "submitted").glob(f"*/{name}")}
        assert handed_in == set(sample.students(name) if everyone else sample.TELLING[name])
    assert [ran[1] for ran in graded if ran[0] == "generate_feedback"] == names
    assert graded[-1] == ("export", "--to", "grades.csv")
    assert f"{len(sample.students('convnets')) if everyone else 10} submissions" in capsys.readouterr().out


def test_who_asks_again_waits_for_nothing_unless_he_asks_for_more(graded, capsys):
    sample.grade_sample()
    (sample.COURSE / "grades.csv").write_text("")
    graded.clear()
    sample.grade_sample()
    assert graded == [] and "up to date" in capsys.readouterr().out
    sample.grade_sample(everyone=True)
    assert graded


@pytest.mark.parametrize(
    ("rows", "student"),
    [
        (("perfect,convnets,10", "wrong_b,convnets,7", "wrong_a,convnets,9", "empty,convnets,0"), "wrong_a"),
        (("perfect,convnets,10", "empty,convnets,0", "half,convnets,5"), "half"),
        (("perfect,convnets,10",), "perfect"),
    ],
)
def test_the_last_screen_has_a_line_for_each_reader(graded, capsys, rows, student):
    for name in ("a", "b"):
        (sample.COURSE / "autograded" / name / "convnets").mkdir(parents=True)
    (sample.COURSE / "grades.csv").write_text("\n".join(["student_id,assignment,score", *rows]))
    sample.where()
    *_, reader, instructor, author = capsys.readouterr().out.splitlines()
    assert reader.startswith("  student ") and "index.html" in reader
    assert (
        instructor.startswith("  instructor ") and f"/feedback/{student}/convnets/convnets.html" in instructor and "2 graded" in instructor
    )
    assert author.startswith("  author ") and "CONTRIBUTING.md" in author and "make check" in author
