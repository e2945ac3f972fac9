"""Runs a reader's program inside the page's engine, and the visible checks of its tasks on what it left.

The same file runs in WebAssembly and, in the tests, under CPython. Everything it has to say goes as small dicts to
``emit``: ``{"kind": "out" | "err", "text"}`` as it is printed, ``{"kind": "figure", "png", "width"}``,
``{"kind": "error", "text", "line"}`` and ``{"kind": "check", "task", "passed", "lines", "text"}``.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
import os
import re
import sys
import traceback
from collections.abc import Callable

PROGRAM = "your program"
CHECK = "the check"
BACKEND = "module://page_figures"
ELSEWHERE = "this page can't load {name}. Copy the program into JupyterLab to use {name}."
NO_SITE = re.compile(r"\. Site initialization is disabled,.*")  # Python's guess why a module is missing; here it isn't so
NO_INPUT = "input() can't ask here: write the value into the program instead"

Emit = Callable[[dict], object]
send: Emit = print  # where `page_figures` finds who takes the pictures; `run` sets it
width = 0  # pixels that the page has for a picture; 0 if nobody said


class Stream(io.TextIOBase):
    """A text stream that emits whole lines, and the rest when it is flushed."""

    def __init__(self, kind: str, emit: Emit) -> None:
        self.kind, self.emit, self.waiting = kind, emit, ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.waiting += text
        if "\n" in text or len(self.waiting) > 4000:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self.waiting:
            text, self.waiting = self.waiting, ""
            self.emit({"kind": self.kind, "text": text})


def run(program: str, checks: list[dict[str, str]], emit: Emit) -> None:
    """Run a program, then each check on the names that it left.

    Args:
        program: what the reader wrote.
        checks: ``{"task", "code"}`` each; none to run the program alone.
        emit: takes the messages in the order in which they arise.
    """
    global send
    send = emit
    builtins.input = refuse_input
    os.environ["MPLBACKEND"] = BACKEND
    remember(PROGRAM, program)
    out, err = Stream("out", emit), Stream("err", emit)
    names = {"__name__": "__main__", "__builtins__": builtins}
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        failure = outcome(program, PROGRAM, names)
        show_figures()
        out.flush()
        err.flush()
        if failure is not None and not (checks and is_left_open(failure)):
            emit({"kind": "error", "text": told(failure), "line": line_of(failure)})
        for check in checks:
            emit({"kind": "check", "task": check["task"], **judged(check["code"], names)})


def outcome(code: str, file: str, names: dict) -> BaseException | None:
    """Run code in a namespace; return what stopped it, if anything did. Leaving with sys.exit() is no failure."""
    try:
        exec(compile(code, file, "exec"), names)
    except SystemExit as leaving:
        return None if leaving.code in (None, 0) else leaving
    except BaseException as error:
        return error
    return None


def judged(code: str, names: dict) -> dict:
    """Return what one check says: whether it passed, the lines that it printed, why it failed."""
    lines: list[dict] = []
    remember(CHECK, code)
    stream = Stream("out", lines.append)
    with contextlib.redirect_stdout(stream):
        failure = outcome(code, CHECK, dict(names))
        stream.flush()
    text = "" if failure is None else reason(failure)
    printed = "".join(line["text"] for line in lines).splitlines()
    return {"passed": failure is None, "lines": printed, "text": text, "line": line_of(failure) if failure else 0}


def reason(failure: BaseException) -> str:
    """Return why a check failed: its own sentence, or the error inside the reader's function."""
    if isinstance(failure, AssertionError) and str(failure) and not line_of(failure):
        return str(failure)
    if is_left_open(failure):
        return f"Line {line_of(failure)} still raises NotImplementedError: put your code there instead."
    if isinstance(failure, NameError) and not line_of(failure) and failure.name:
        return f"{failure.name} isn't defined: did the program stop before it, or has it another name?"
    return told(failure)


def is_left_open(failure: BaseException) -> bool:
    """Tell whether a program came to what students are to replace."""
    return isinstance(failure, NotImplementedError) and line_of(failure) > 0


def told(failure: BaseException) -> str:
    """Return a traceback of the reader's own lines; of an error that never came there, those of the check."""
    if isinstance(failure, ModuleNotFoundError) and failure.name:
        failure.msg = ELSEWHERE.format(name=failure.name.partition(".")[0])
    report = traceback.TracebackException.from_exception(failure)
    keep_frames(report, PROGRAM if line_of(failure) else CHECK)
    return NO_SITE.sub("", "".join(report.format())).rstrip("\n")


def keep_frames(report: traceback.TracebackException, file: str) -> None:
    """Leave in a report only the frames of one file, and of the errors behind it those that came through it."""
    report.stack[:] = [frame for frame in report.stack if frame.filename == file]
    for behind in ("__cause__", "__context__"):
        if earlier := getattr(report, behind):
            keep_frames(earlier, file)
            if not earlier.stack:
                setattr(report, behind, None)


def line_of(failure: BaseException) -> int:
    """Return the last line of the reader's program that the failure came through; 0 if it came from elsewhere."""
    if isinstance(failure, SyntaxError) and failure.filename == PROGRAM:
        return failure.lineno or 0
    lines = [line for frame, line in traceback.walk_tb(failure.__traceback__) if frame.f_code.co_filename == PROGRAM]
    return lines[-1] if lines else 0


def remember(file: str, code: str) -> None:
    """Let tracebacks quote the lines of code that lies in no file."""
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)


def show_figures() -> None:
    """Send the figures that the program drew and didn't show."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].show()


def refuse_input(prompt: object = "") -> str:
    raise RuntimeError(NO_INPUT)
