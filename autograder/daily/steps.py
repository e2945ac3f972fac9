"""nbgrader's commands as a watcher gives them: one at a time, each in a process of its own, whose words go to a log."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LOG = Path(".autograder") / "logs" / "watch.log"
MAX_LOG_BYTES = 8 << 20
LINE = re.compile(r"^\[\w+ \| (?P<level>[A-Z]+)\] (?P<text>.*)")
CAUSE = re.compile(r"^\s*E\s+(?P<text>\S.*)")  # of an error that pytest tells in several lines
UNGRADED = re.compile(r"(?P<student>.+?): left ungraded: (?P<why>.*)")


@dataclass
class Done:
    """What a command said and how it ended.

    Attributes:
        status: its exit status.
        errors: its lines about errors.
        reasons: student → why she is left ungraded.
    """

    status: int
    errors: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """The first thing that went wrong, for a line; empty if all went well."""
        return "" if not self.status else (self.errors or [f"it ended with status {self.status}"])[0]

    @property
    def broke_off(self) -> bool:
        """Whether grading ended before it came to everybody."""
        ends = ("Grading stopped", "Grading can't start", "Stopped by")
        return bool(self.status) and (not self.errors or any(error.startswith(ends) for error in self.errors))


class Steps:
    """Gives the commands of one course, one after the other.

    Args:
        course: the course folder.
    """

    def __init__(self, course: Path) -> None:
        self.course, self.log = course, course / LOG
        self._stoppable: subprocess.Popen | None = None
        self.stopped = False

    def stop(self) -> None:
        """Ends what can be ended at any time: grading and writing feedback take back whom they are at. Copying comes to its end."""
        self.stopped = True
        if self._stoppable is not None and self._stoppable.poll() is None:
            self._stoppable.send_signal(signal.SIGTERM)

    def nbgrader(self, *arguments: str, stoppable: bool = False) -> Done:
        """Gives one command and waits for its end."""
        self._make_room()
        command = [sys.executable, "-m", "nbgrader", *arguments]
        with open(self.log, "a", buffering=1, encoding="utf-8") as log:  # line by line, for who looks at it meanwhile
            log.write(f"$ nbgrader {' '.join(argument if len(argument) < 200 else argument[:200] + '…' for argument in arguments)}\n")
            process = subprocess.Popen(  # in a session of its own: Ctrl-C in the terminal is for the watcher to deal with
                command, cwd=self.course, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace", start_new_session=True,
            )  # fmt: skip
            with process:
                self._stoppable = process if stoppable else None
                if stoppable and self.stopped:
                    process.send_signal(signal.SIGTERM)
                done = Done(0)
                for line in process.stdout or ():
                    log.write(line)
                    _take(done, line)
            self._stoppable, done.status = None, process.returncode
        return done

    def _make_room(self) -> None:
        """A log that has grown long becomes the old one."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.is_file() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))


def _take(done: Done, line: str) -> None:
    match = LINE.match(line)
    if match is None and done.errors and (cause := CAUSE.match(line)):
        done.errors[-1] += f" {cause['text'].strip()}"
    if match is None or match["level"] not in ("ERROR", "CRITICAL"):
        return
    done.errors.append(match["text"].strip())
    if told := UNGRADED.fullmatch(match["text"].strip()):
        done.reasons[told["student"]] = told["why"]
