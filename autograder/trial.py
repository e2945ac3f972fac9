"""Does with a running sandbox what grading does, with a notebook of the grader's own whose answer is known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from autograder.execution import NoCopy, StudentProcess
from autograder.fate import MachineFailed
from autograder.sandbox import Sandbox, SandboxError
from autograder.settings import Settings
from autograder.student import Student
from autograder.submission import Cell, Checks, Job

CELL = "trial"
SOURCE = """
def double(number):
    return 2 * number
with open("trial.txt", "w") as file:
    file.write("written")
"""
COPIES = 2  # of the frozen state
COPY_SECONDS = 20.0


def trial(sandbox: Sandbox, settings: Settings) -> str | None:
    """Runs a cell, freezes it, copies the frozen state and asks the copies; says what doesn't work, None if all does."""
    try:
        process = StudentProcess(sandbox, settings)
    except MachineFailed as error:
        return str(error)
    try:
        process.start({"beside.txt": b"beside"})
        return _try(process)
    except MachineFailed as error:
        return str(error)
    finally:
        process.close()


def _try(process: StudentProcess) -> str | None:
    execution = process.execute(Job("", "", (Cell(0, CELL, SOURCE, Checks("", "")),)))
    output = execution.runs[0].outputs
    if CELL not in execution.snapshots:
        return f"a cell of the grader's own can't be run and frozen: {execution.ended}"
    if output:
        return f"a cell of the grader's own raised {output[0].get('ename')}: {output[0].get('evalue')}"
    for _ in range(COPIES):
        try:
            channel, _ = process.copy(execution.snapshots[CELL], CELL, COPY_SECONDS)
        except NoCopy:
            return "a frozen state of the grader's own can't be copied"
        student = Student(channel, deadline=time.monotonic() + COPY_SECONDS)
        try:
            reply = student.exchange({"op": "call", "target": "double", "args": [["int", 21]], "kwargs": {}}, "the trial")
        except Exception as error:
            return f"a frozen state of the grader's own doesn't answer: {error}"
        finally:
            channel.close()
        if reply.get("value") != 42:
            return "a frozen state of the grader's own gives a wrong answer"
    return None


def machine_problem(settings: Settings, imports: Sequence[str] = (), hidden: Sequence[Path] = ()) -> str | None:
    """The same with a sandbox that is started for it."""
    try:
        sandbox = Sandbox(settings, imports, hidden)
        try:
            sandbox.wait_until_ready()
            return trial(sandbox, settings)
        finally:
            sandbox.close()
    except (SandboxError, OSError) as error:
        return str(error)
