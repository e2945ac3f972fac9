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
import time
import traceback
from collections.abc import Callable

PROGRAM = "your program"
CHECK = "the check"
BACKEND = "module://page_figures"
ELSEWHERE = "this page can't load {name}. Copy the program into JupyterLab to use {name}."
NO_SITE = re.compile(r"\. Site initialization is disabled,.*")  # Python's guess why a module is missing; here it isn't so
NO_INPUT = "input() can't ask here: write the value into the program instead"

MOST_TEXT = 100_000  # characters
MOST_PICTURES = 20
MOST_AT_ONCE, A_SECOND = 100, 20  # messages: so many, and then so many more a second
GATHERED = 4000  # characters that don't wait

Emit = Callable[[dict], object]
send: Emit = print  # where `page_figures` finds who takes the pictures; `run` sets it
width = 0  # pixels that the page has for a picture; 0 if nobody said


class TooMuchOutput(BaseException):
    """More than the page shows; no ``except Exception`` of the program's goes on after it."""

    __module__ = "builtins"  # a traceback names it without this file


class Output:
    """What a program puts out, in its order: at once while that is little, gathered where a loop pours it out.

    A page that is told of a hundred thousand lines one by one has no time left for its Stop button.

    Args:
        emit: takes the messages.
    """

    def __init__(self, emit: Emit) -> None:
        self.emit = emit
        self.waiting: dict[str, str] = {}  # by stream
        self.room, self.pictures = MOST_TEXT, MOST_PICTURES
        self.ready, self.filled = MOST_AT_ONCE, time.monotonic()

    def text(self, kind: str, text: str) -> None:
        """Take text of one stream.

        Raises:
            TooMuchOutput: there is no room for more.
        """
        if kind not in self.waiting and self.waiting:
            self.hurry()  # in their order, while that is little
        self.waiting[kind] = self.waiting.get(kind, "") + text[: max(self.room, 0)]
        self.room -= len(text)
        if self.room < 0:
            self.end()
            raise TooMuchOutput(f"the program printed more than {MOST_TEXT:,} characters, and was ended here")
        if "\n" in text or len(self.waiting[kind]) > GATHERED:
            self.hurry()

    def picture(self, message: dict) -> None:
        """Take a picture.

        Raises:
            TooMuchOutput: there were as many as the page shows.
        """
        if not self.pictures:
            raise TooMuchOutput(f"the program drew more than {MOST_PICTURES} pictures, and was ended here")
        self.pictures -= 1
        self.end()
        self.emit(message)

    def hurry(self) -> None:
        """Emit what waits, unless there was much in the last moments."""
        now = time.monotonic()
        self.ready, self.filled = min(MOST_AT_ONCE, self.ready + (now - self.filled) * A_SECOND), now
        if self.ready >= 1 or any(len(text) > GATHERED for text in self.waiting.values()):
            self.ready = max(0, self.ready - 1)
            self.end()

    def end(self) -> None:
        """Emit what waits."""
        waiting, self.waiting = self.waiting, {}
        for kind, text in waiting.items():
            if text:
                self.emit({"kind": kind, "text": text})


class Stream(io.TextIOBase):
    """One of a program's text streams."""

    def __init__(self, kind: str, output: Output) -> None:
        self.kind, self.output = kind, output

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.output.text(self.kind, text)
        return len(text)

    def flush(self) -> None:
        self.output.hurry()


def run(program: str, checks: list[dict[str, str]], emit: Emit) -> None:
    """Run a program, then each check on the names that it left.

    Args:
        program: what the reader wrote.
        checks: ``{"task", "code"}`` each; none to run the program alone.
        emit: takes the messages in the order in which they arise.
    """
    global send
    output = Output(emit)
    send = output.picture
    builtins.input = refuse_input
    os.environ["MPLBACKEND"] = BACKEND
    remember(PROGRAM, program)
    out, err = Stream("out", output), Stream("err", output)
    names = {"__name__": "__main__", "__builtins__": builtins}
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        failure = outcome(program, PROGRAM, names)
        undrawn = attempt(show_figures)
        output.end()
        failure = failure or undrawn
        if failure is not None and not (checks and is_left_open(failure)):
            emit({"kind": "error", "text": told(failure), "line": line_of(failure)})
        for check in checks:
            emit({"kind": "check", "task": check["task"], **judged(check["code"], names)})


def outcome(code: str, file: str, names: dict) -> BaseException | None:
    """Run code in a namespace; return what stopped it, if anything did."""
    return attempt(lambda: exec(compile(code, file, "exec"), names))


def attempt(call: Callable[[], object]) -> BaseException | None:
    """Return what stopped a call, if anything did. Leaving with sys.exit() is no failure."""
    try:
        call()
    except SystemExit as leaving:
        return None if leaving.code in (None, 0) else leaving
    except BaseException as error:
        return error
    return None


def judged(code: str, names: dict) -> dict:
    """Return what one check says: whether it passed, the lines that it printed, why it failed."""
    lines: list[dict] = []
    remember(CHECK, code)
    output = Output(lines.append)
    with contextlib.redirect_stdout(Stream("out", output)):
        failure = outcome(code, CHECK, dict(names))
    output.end()
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
