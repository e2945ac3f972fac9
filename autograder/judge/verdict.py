"""One hidden check: a pytest item that is run against a copy of a frozen state, and its outcome in a student's words."""

from __future__ import annotations

import hashlib
import signal
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.checking.compare import CheckFailed
from autograder.checking.student import Student
from autograder.jobs.score import CheckReport
from autograder.jobs.submission import Job


@dataclass
class Current:
    """What the fixtures of the running check look at."""

    student: Student
    rng: np.random.Generator


def generator(job: Job, item: pytest.Item) -> np.random.Generator:
    """The random numbers of one check: others for every submission, the same whenever it is graded again.

    Nobody can foresee them without the course's secret, and what a student learns of them from feedback is of no use
    for the next submission. `Job.work` says what they hang on.
    """
    return np.random.default_rng(seed_of(job.work(), item.nodeid.split("::", 1)[-1]))


def seed_of(*parts: str) -> int:
    """A seed from texts, the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:8], "big")


def is_drawn(item: pytest.Function) -> bool:
    """Whether a check draws its inputs, so that they are this submission's own."""
    return "rng" in item.fixturenames


class TooLong(CheckFailed):
    """Comparing a student's answers took too long: they were made to be hard to compare."""

    cause = "comparing"


def _too_long(*_: object) -> None:
    raise TooLong("Comparing this answer took too long; is it far larger than what was asked for?")


def run_check(item: pytest.Function, seconds: float) -> CheckReport:
    """Runs one pytest item (set-up, call, tear-down) and says in a student's words what came of it."""
    from _pytest.runner import runtestprotocol

    item.stash[_EXCEPTION] = None
    started = time.monotonic()
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        phases = runtestprotocol(item, log=False, nextitem=None)
    except TooLong as error:
        phases, item.stash[_EXCEPTION] = [], error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    passed = all(phase.passed for phase in phases) and any(phase.when == "call" for phase in phases)
    name, hint = _title(item)
    details = {} if passed else failure(item.stash[_EXCEPTION], item.nodeid, is_drawn(item))
    return CheckReport(name, passed, _points(item), hint="" if passed else hint, seconds=time.monotonic() - started, **details)


def unasked(item: pytest.Function, why: str) -> CheckReport:
    """The report of a check that there was no time left for."""
    return CheckReport(_title(item)[0], False, _points(item), message=why, cause="time")


def _title(item: pytest.Function) -> tuple[str, str]:
    """A check's name for the student and its hint: the first line of its docstring, and the rest."""
    name, _, hint = (item.function.__doc__ or item.name).strip().partition("\n")
    return name.strip(), " ".join(hint.split())


def _points(item: pytest.Function) -> float:
    marker = item.get_closest_marker("points")
    return float(marker.args[0]) if marker else 1.0


_EXCEPTION = pytest.StashKey[BaseException | None]()


def keep_exception(item: pytest.Item, call: pytest.CallInfo) -> None:
    """Keeps the first exception of a check, from which `run_check` makes its report."""
    if call.excinfo is not None and item.stash.get(_EXCEPTION, None) is None:
        item.stash[_EXCEPTION] = call.excinfo.value


def failure(error: BaseException | None, name: str, drawn: bool) -> dict[str, Any]:
    """The parts of a failed check's report that come from its exception.

    Entries of large arrays are shown where the check's inputs are ``drawn``: what is expected of everybody alike could be
    put together from a few submissions.
    """
    if isinstance(error, CheckFailed):
        comparison = error.comparison if drawn or not (error.comparison and error.comparison["extract"]) else None
        shown = {"expected": error.expected, "received": error.received, "comparison": comparison}
        why = {"cause": error.cause, "diagnosis": error.diagnosis, "possible": error.possible, "kin": error.kin}
        return {"message": error.message, **why, **shown}
    if isinstance(error, MemoryError):
        said = "Comparing this answer took too much memory; is it far larger than what was asked for?"
        return {"message": said, "cause": "comparing"}
    if isinstance(error, AssertionError):
        return {"message": str(error) or "The answer isn't what was expected."}
    broken = f"{name}: {type(error).__name__}: {error}" if error else f"{name}: no outcome"
    return {"message": "This check itself broke; your instructor sees why.", "broken": broken[:2000], "cause": "check"}
