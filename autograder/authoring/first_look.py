"""`make course`: the students' notebooks, a graded sample class and the book, side by side; the screen keeps what was done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.authoring.course import BUILD, ROOT, release
from autograder.authoring.sample import grade_sample, where
from autograder.run.lifetime import Stopped, signals_stop

LOG = BUILD / "logs" / "book.log"
BUILD_BOOK = (sys.executable, str(ROOT / "book" / "build.py"))
TOLD = {  # what stands in a line of the build → what of it is told, and in which words
    "Execution Successful: ": "  the book: {} has run",
    "Running Jupyter-Book": "  the book: making its pages",
}
TAIL = 40  # lines of the log that are shown when the book couldn't be built


def first_look() -> int:
    """Makes all there is to look at and says what to open first; returns what the command ends with."""
    start = time.monotonic()
    print("Making the students' notebooks, a graded sample class and the book; minutes, the first time.", flush=True)
    print(f"The book's chapters run beside the rest; all they and the build print is in {LOG}", flush=True)
    try:
        with signals_stop(alone=True):
            failed = make_all()
    except Stopped as stopped:
        print("Stopped; what is finished is kept.", file=sys.stderr)
        return 128 + stopped.number
    if failed:
        tail = LOG.read_text("utf-8", "replace").splitlines()[-TAIL:]
        print("\n".join(["error: the book couldn't be built; the end of its log:", *tail]), file=sys.stderr)
        return 1
    print(f"Done in {time.monotonic() - start:.0f} s.")
    where()
    return 0


def make_all() -> int:
    """Makes what there is to look at; returns what the build of the book ended with."""
    release()
    with building(BUILD_BOOK, LOG) as book:
        grade_sample()
        if book.poll() is None:
            print("The sample class is graded; the book isn't finished yet …", flush=True)
        return book.wait()


@contextmanager
def building(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen]:
    """Builds the book meanwhile, and stops that if what is done meanwhile fails.

    Grading has time limits that decide on points: the build takes what processors it leaves.

    Args:
        command: what builds the book.
        log: where all that it prints goes.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    polite = ("nice", "-n", "10") if shutil.which("nice") else ()
    with subprocess.Popen(
        [*polite, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        start_new_session=True,  # it is stopped with all that it started
    ) as process:
        follower = threading.Thread(target=follow, args=(process, log))
        follower.start()
        try:
            yield process
        except BaseException:
            stop(process)
            raise
        finally:
            follower.join()


def follow(process: subprocess.Popen, log: Path) -> None:
    """Writes what a build prints into its log, and says how far it is."""
    with open(log, "w", encoding="utf-8") as file:
        for line in process.stdout or ():
            file.write(line)
            file.flush()
            for text, words in TOLD.items():
                if text in line:
                    print(words.format(_page(Path(line.partition(text)[2].strip()))), flush=True)


def _page(notebook: Path) -> str:
    """What a notebook of the book is called: ``convnets``, ``receptive_fields/where_it_looks``."""
    return notebook.stem if notebook.parent.name == "book" else f"{notebook.parent.name}/{notebook.stem}"


def stop(process: subprocess.Popen) -> None:
    """Ends a build and the programs that it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except (ProcessLookupError, AttributeError):  # it has ended; a system without groups of processes
        process.terminate()
