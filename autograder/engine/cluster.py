"""Grading on a dask cluster: the same jobs as for the judge of this machine, sent to workers elsewhere.

Only bytes travel (`autograder.engine.worker.pack`): the plan with the hidden checks, what lies beside the notebooks, the cells,
and the results. Each of the first two is a task of its own that the jobs depend on, so that dask sends it to a worker
once and makes it again if a worker is lost. A job whose worker is lost is repeated by another.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
import uuid
import warnings
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.engine import worker
from autograder.engine.engine import EngineError, Plan
from autograder.engine.reach_cluster import connect
from autograder.engine.store import NOT_DECIDING
from autograder.jobs.beside import FileChanged
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Job
from autograder.places import PACKAGE
from autograder.settings import Settings

if TYPE_CHECKING:  # importing dask costs a second
    from distributed import Future

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 2.0  # between looks whether there is still a worker
FETCH_SECONDS = 60.0
LOST = "several workers died with it one after another; see their logs"
LEAST_SENT, SENT_PER_THREAD = 4, 2  # jobs on the cluster at a time: enough that no worker waits for the next
REPEATS = 2  # of a job whose worker couldn't finish it
LEFT_OUT = (".ipynb", ".db", ".pyc")
MOST_BYTES = 64 << 20  # of hidden checks and what lies beside them


@dataclass
class Call:
    """A job on its way.

    Attributes:
        student: whose it is.
        files: what lies beside the notebook, on the cluster.
        message: the packed job.
        future: the latest try.
        workers: the only ones that may have it; any, if there are none.
    """

    student: str
    files: Future
    message: bytes
    future: Future | None = None
    workers: list[str] = field(default_factory=list)


class ClusterEngine:
    """Grades with the workers of a dask scheduler (`autograder.engine.grading.Grading`).

    Args:
        settings: limits, sandbox level and the scheduler's address.
        plan: what to collect and to import.
        patience: seconds to go on without any worker.

    Raises:
        EngineError: the scheduler can't be reached, or the hidden checks are too large to be sent.
    """

    def __init__(self, settings: Settings, plan: Plan, patience: float = PATIENCE_SECONDS) -> None:
        self.address, self.patience = settings.scheduler, patience
        self._packed = packed_plan(settings, plan)
        self._client = connect(self.address, settings.tls)
        self._name = uuid.uuid4().hex
        self._shared: weakref.WeakValueDictionary[str, Future] = weakref.WeakValueDictionary()  # as long as a job needs it
        self._plan: Future | None = None
        self._waiting: dict[int, Job] = {}
        self._calls: dict[int, Call] = {}
        self._failed: dict[int, JobResult] = {}  # jobs that can't be sent
        self._unfit: dict[str, str] = {}  # address of a worker → why it can't grade
        self._next = self._tries = 0
        self.notices: list[str] = []
        self._ready = False
        self._alone_since: float | None = None

    def wait_until_ready(self) -> None:
        """Waits for workers and their judges; raises `EngineError` with all that is wrong."""
        if self._ready:
            return
        try:
            self._client.wait_for_workers(1, timeout=self.patience)
            problems = self._ask_workers(worker.start)
        except OSError as error:  # a time-out among them
            self.close()
            raise EngineError(self._nobody() if isinstance(error, TimeoutError) else self._gone()) from None
        if problems:
            self._spare(problems)
        self._ready = True
        self._fill()

    def _spare(self, problems: dict[str, str]) -> None:
        """Uses the workers that can't grade no longer; raises `EngineError` if there are no others."""
        told = [f"worker {address}: {problem}" for address, problem in problems.items()]
        self._unfit |= problems
        if not self._fit():
            self.close()
            raise EngineError("\n".join(told))
        self.notices += [f"{line}; this worker isn't used" for line in told]
        for call in self._calls.values():
            if not self._is_safe(call.future):
                self._send(call)

    def _is_safe(self, future: Future | None) -> bool:
        """Whether a job is over, well or not, and not by a worker that can't grade."""
        if future is None or not future.done():
            return False
        holders = self._client.who_has([future]).get(future.key, ())
        return future.status == "error" or bool(set(holders) - self._unfit.keys())

    def _ask_workers(self, question: Callable) -> dict[str, str]:
        """What is wrong with each worker that something is wrong with, by address."""
        answers = self._client.run(question, self._packed, on_error="return")
        return {address: _problem(answer) for address, answer in answers.items() if _problem(answer)}

    def _fit(self) -> list[str]:
        """Addresses of the present workers that can grade."""
        return [address for address in self._client.nthreads() if address not in self._unfit]

    def submit(self, job: Job) -> int:
        """Queues a job; returns its number."""
        number, self._next = self._next, self._next + 1
        self._waiting[number] = job
        return number

    def _fill(self, wanted: int | None = None) -> None:
        """Sends jobs as long as few are on the cluster: what lies beside a whole class's notebooks fits into no memory.

        Args:
            wanted: a job that goes at once and first.
        """
        if wanted in self._waiting:
            self._waiting = {wanted: self._waiting[wanted], **self._waiting}
        room = max(LEAST_SENT, SENT_PER_THREAD * self._threads())
        room -= sum(not (call.future and call.future.done()) for call in self._calls.values())
        while self._waiting and (room > 0 or wanted in self._waiting):
            number = next(iter(self._waiting))
            job, room = self._waiting.pop(number), room - 1
            try:
                message, blobs = job.to_message()
            except FileChanged as error:
                self._failed[number] = JobResult(problem=f"not graded: {error}")
                continue
            self._calls[number] = call = Call(job.student, self._share(worker.pack({}, blobs)), worker.pack(message))
            self._send(call)

    def _send(self, call: Call) -> None:
        """Gives a job to the workers that can grade, in place of an earlier try."""
        if call.future is not None:
            call.future.cancel()
        self._tries += 1
        call.workers = self._fit() if self._unfit else []
        place = {"workers": call.workers, "allow_other_workers": False} if call.workers else {}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")
            key = f"autograder-{self._name}-{self._tries}"
            self._plan = self._plan or self._share(self._packed)
            arguments = (self._plan, call.files, call.message)
            call.future = self._client.submit(worker.grade, *arguments, key=key, retries=REPEATS, **place)

    def _share(self, data: bytes) -> Future:
        key = f"autograder-shared-{hashlib.sha256(data).hexdigest()}"
        future = self._shared.get(key)
        if future is None:
            future = self._shared[key] = self._client.submit(worker.same, data, key=key)
        return future

    def result(self, number: int) -> JobResult:
        """Waits for a job's result; jobs of a lost worker are repeated elsewhere.

        Raises:
            EngineError: no worker is left, the scheduler is gone, or a worker can't grade.
        """
        self.wait_until_ready()
        self._fill(number)
        if number in self._failed:
            return self._failed.pop(number)
        from distributed import KilledWorker

        call = self._calls.pop(number)
        while True:
            try:
                message = worker.unpack(self._answer(call))[0]
            except KilledWorker:
                return JobResult(problem=LOST)
            except EngineError:
                raise
            except Exception as error:  # whatever broke on the worker
                raise EngineError(f"a worker couldn't grade {call.student}: {type(error).__name__}: {error}") from None
            if "problem" not in message:
                return JobResult.from_message(message["result"])
            self._spare({message["worker"]: message["problem"]})
            self._send(call)

    def _answer(self, call: Call) -> bytes:
        from distributed import CancelledError

        while True:
            future = call.future
            assert future is not None
            if future.status == "error":
                raise future.exception()
            if future.status == "cancelled":
                raise EngineError(self._gone())
            with contextlib.suppress(TimeoutError, CancelledError):
                if future.status == "finished":
                    return future.result(timeout=FETCH_SECONDS)
                future.exception(timeout=LOOK_SECONDS)  # comes back when the job is done, well or not
                continue
            present = self._present_workers()
            self._fill()
            if call.workers and not present.intersection(call.workers):  # those that could grade are gone
                self._send(call)

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise EngineError(self._gone()) from None

    def _present_workers(self) -> set[str]:
        """Addresses of the workers; raises `EngineError` where there has been none for too long."""
        try:
            present = set(self._client.nthreads())
        except OSError:
            raise EngineError(self._gone()) from None
        if present:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = time.monotonic()
        elif time.monotonic() - self._alone_since > self.patience:
            raise EngineError(self._nobody())
        return present

    def _nobody(self) -> str:
        return (
            f"the scheduler {self.address} has had no worker for {self.patience:g} s: "
            f"start one on each machine with `dask worker {self.address}`, then give the same command again"
        )

    def _gone(self) -> str:
        return f"the connection to the scheduler {self.address} is lost; give the same command again once it is back"

    def self_test(self) -> str | None:
        """Tries out grading on every worker; says what doesn't work if it works on none."""
        problems = self._ask_workers(worker.try_out)
        working = set(self._client.nthreads()) - problems.keys()
        return None if working else "\n".join(f"worker {address}: {problem}" for address, problem in problems.items())

    def kill(self) -> None:
        """Leaves the cluster without waiting for it."""
        with contextlib.suppress(OSError, TimeoutError):
            self._client.close(timeout=1)

    def close(self) -> None:
        """Takes back what hasn't been graded and leaves the cluster; the workers keep their judges for the next run."""
        with contextlib.suppress(OSError):
            self._client.close()


def packed_plan(settings: Settings, plan: Plan) -> bytes:
    """All that a worker's judge needs to start.

    Raises:
        EngineError: the checks and what lies beside them are too large.
    """
    places, contents = what_travels(plan)
    about = {
        "versions": worker.versions(),
        "settings": {name: value for name, value in settings.as_dict().items() if name not in NOT_DECIDING},
        "imports": list(plan.imports),
        "hidden": [str(folder) for folder in plan.hidden],
        "checks": [[checks.file, checks.group] for checks in plan.checks],
        "places": places,
        "contents": list(contents),
    }
    return worker.pack(about, list(contents.values()))


def what_travels(plan: Plan) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Where a worker finds each check file, and the contents that have to be sent for it.

    Checks of the package are there already. Others bring along the Python and data files of their folder, except from
    the course folder itself, which holds other things.
    """
    places: dict[str, list[str]] = {}
    contents: dict[str, bytes] = {}
    folders = sorted({Path(file).parent for file in plan.files})
    for file in map(Path, plan.files):
        if file.is_relative_to(PACKAGE):
            places[str(file)] = ["package", file.relative_to(PACKAGE).as_posix()]
            continue
        there = f"{folders.index(file.parent)}/{file.parent.name}"
        places[str(file)] = ["sent", f"{there}/{file.name}"]
        beside = [file] if file.parent in plan.hidden else sorted(path for path in file.parent.iterdir() if _wanted(path))
        if sum(path.stat().st_size for path in beside) > MOST_BYTES:
            raise EngineError(f"{file.parent}: more than {MOST_BYTES >> 20} MiB; give the hidden checks a folder of their own")
        contents |= {f"{there}/{path.name}": path.read_bytes() for path in beside}
    return places, contents


def _wanted(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix not in LEFT_OUT


def _problem(answer: str | BaseException) -> str:
    """What is wrong with a worker by its answer; one that is lost meanwhile is none."""
    if isinstance(answer, ImportError):
        return f"has no such package ({answer}): install there what is installed here"
    if isinstance(answer, OSError):
        return ""
    return answer if isinstance(answer, str) else f"{type(answer).__name__}: {answer}"
