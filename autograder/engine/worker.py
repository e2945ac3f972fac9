"""What a worker of a dask cluster does: it grades jobs with a judge and a sandbox of its own.

The judge starts with the first job of a plan and is kept for the next ones. All that comes and goes is bytes made by
`pack`, that is JSON and the contents of files. A worker needs this package and nothing of the course: the hidden checks
come with the plan.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import hashlib
import json
import platform
import select
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.engine.engine import PRELOADED, Engine, EngineError, Plan
from autograder.engine.imports import deciding_files
from autograder.engine.store import LIBRARIES
from autograder.inside.wire import WireError
from autograder.jobs.digest import digest
from autograder.jobs.score import JobResult
from autograder.jobs.submission import Checks, Job
from autograder.judge import self_test
from autograder.places import PACKAGE
from autograder.settings import Settings

TURN_SECONDS = 0.01  # between a waiting thread's looks at the judge's answers
MOST_THREADS = 64


def pack(message: dict, blobs: Sequence[bytes] = ()) -> bytes:
    """A message and raw contents as bytes: one line of JSON, then the contents."""
    head = json.dumps({"message": message, "sizes": [len(blob) for blob in blobs]}, sort_keys=True)
    return b"".join([head.encode("ascii"), b"\n", *blobs])


def unpack(data: bytes) -> tuple[dict, list[bytes]]:
    """The message and the contents that `pack` was given."""
    end = data.index(b"\n") + 1
    head, blobs = json.loads(data[:end]), []
    for size in head["sizes"]:
        blobs.append(data[end : end + size])
        end += size
    return head["message"], blobs


@functools.cache
def versions() -> dict[str, str]:
    """What has to be the same on all machines for the same grades: this package's code, Python and the libraries."""
    code = digest([*deciding_files([Path(__file__), *sorted((PACKAGE / "checks").glob("*.py"))]), PACKAGE / "reference"])
    python = ".".join(platform.python_version_tuple()[:2])
    return {"autograder": code[:12], "python": python} | {name: version(name) for name in LIBRARIES}


class SharedEngine(Engine):
    """An engine whose judge several threads may ask at the same time."""

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        super().__post_init__()

    def grade(self, job: Job) -> JobResult:
        """The result of one job; the calling thread waits, the others' jobs go on.

        Raises:
            EngineError: the judge died several times.
        """
        with self._turn:
            number = self.submit(job)
        while True:
            with self._turn:
                if number in self._results:
                    return self.result(number)
                self._take_what_came()
            time.sleep(TURN_SECONDS)

    def _take_what_came(self) -> None:
        try:
            while self._has_answer():
                self._take(self._channel.receive()[0])
        except WireError:
            self._restart()
        self._dispatch()

    def _has_answer(self) -> bool:
        poller = select.poll()
        poller.register(self._channel.fileno(), select.POLLIN)
        return bool(poller.poll(0))


class Judge:
    """A worker's judge for one plan.

    Args:
        plan: what `autograder.engine.cluster` packed.
        folder: the worker's own folder; the hidden checks lie in it as long as the judge is open.
        threads: jobs at once.
    """

    def __init__(self, plan: bytes, folder: Path, threads: int) -> None:
        self.users = 0
        self._about, self._contents = unpack(plan)
        self._parent, self._threads = folder, min(threads, MOST_THREADS)
        self._starting = threading.Lock()
        self._engine: SharedEngine | None = None
        self._folder: Path | None = None
        self._places: dict[str, str] = {}

    def start(self) -> None:
        """Starts the judge unless it runs already.

        Raises:
            EngineError: other versions than the instructor's, checks that can't be collected, no sandbox.
        """
        with self._starting:
            if self._engine is not None:
                return
            wanted, found = self._about["versions"], versions()
            differing = [f"{name} {found.get(name)} instead of {wanted[name]}" for name in wanted if found.get(name) != wanted[name]]
            if differing:
                raise EngineError(f"has {', '.join(differing)}: install there what is installed here and restart the worker")
            if self._folder is None:
                self._lay_out()
            self._engine = self._warm_engine()

    def _lay_out(self) -> None:
        """Writes the checks that came with the plan, finds those of the installed package."""
        self._folder = Path(tempfile.mkdtemp(prefix="checks-", dir=self._parent))
        for name, content in zip(self._about["contents"], self._contents, strict=True):
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        roots = {"package": PACKAGE, "sent": self._folder}
        self._places = {file: str((roots[root] / name).resolve()) for file, (root, name) in self._about["places"].items()}

    def _warm_engine(self) -> SharedEngine:
        settings = Settings(**self._about["settings"], workers=self._threads)
        checks = tuple(Checks(self._places[file], group) for file, group in self._about["checks"])
        hidden = (*map(Path, self._about["hidden"]), self._parent)
        engine = SharedEngine(settings, Plan(checks, tuple(self._about["imports"]), hidden))
        try:
            engine.wait_until_ready()
        except EngineError as error:
            engine.close()
            text = str(error)
            for there, here in self._places.items():
                text = text.replace(here, there)
            raise EngineError(text) from None
        return engine

    def grade(self, message: dict, files: list[bytes]) -> JobResult:
        """The result of one job, whose check files are named as on the machine that asks."""
        if self._engine is None:
            raise EngineError("this engine was closed")
        return self._engine.grade(Job.from_message(message, files).with_check_files(self._places))

    def close(self) -> None:
        """Ends the judge and deletes the hidden checks."""
        if self._engine is not None:
            self._engine.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


class Judges:
    """The judges of one worker process: its threads share one for each plan; an idle one makes room for the next plan's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Judge] = {}

    @contextlib.contextmanager
    def judge(self, plan: bytes, folder: Path, threads: int) -> Iterator[Judge]:
        """A started judge; one that can't start or dies is given up, so that the next job gets a new one."""
        key = hashlib.sha256(plan).hexdigest()
        with self._lock:
            if key not in self._open:
                self._close_idle()
                self._open[key] = Judge(plan, folder, threads)
            judge = self._open[key]
            judge.users += 1
        try:
            judge.start()
            yield judge
        except Exception:
            with self._lock:
                if self._open.get(key) is judge:
                    del self._open[key]
            raise
        finally:
            with self._lock:
                judge.users -= 1
                if not judge.users and self._open.get(key) is not judge:
                    judge.close()

    def _close_idle(self) -> None:
        for key, judge in list(self._open.items()):
            if not judge.users:
                self._open.pop(key).close()

    def close(self) -> None:
        """Ends all judges."""
        while self._open:
            self._open.popitem()[1].close()


JUDGES = Judges()  # one of a process, as a worker is
atexit.register(JUDGES.close)


def same(data: bytes) -> bytes:
    """What several jobs need, as a task of its own: sent once, handed on between workers, made again if one is lost."""
    return data


async def start(plan: bytes, dask_worker: Any) -> str:
    """Starts a worker's judge ahead of the first job; returns what is wrong, nothing if all is well."""
    return await asyncio.to_thread(_start, plan, dask_worker)


def _start(plan: bytes, worker: Any) -> str:
    try:
        with JUDGES.judge(plan, Path(worker.local_directory), worker.state.nthreads):
            return ""
    except (EngineError, OSError) as error:
        return str(error)


async def try_out(plan: bytes, dask_worker: Any) -> str:
    """Tries out grading on a worker with a sandbox of its own; returns what doesn't work, nothing if all does."""
    return await asyncio.to_thread(_try_out, plan, dask_worker)


def _try_out(plan: bytes, worker: Any) -> str:
    about = unpack(plan)[0]
    settings = Settings(**about["settings"], workers=min(worker.state.nthreads, MOST_THREADS))
    return self_test.problem(settings, [*PRELOADED, *about["imports"]], (*map(Path, about["hidden"]), Path(worker.local_directory))) or ""


def grade(plan: bytes, files: bytes, job: bytes) -> bytes:
    """The result of one job, packed."""
    from distributed import get_worker

    worker = get_worker()
    problem = _start(plan, worker)
    if problem:
        return pack({"problem": problem, "worker": worker.address})
    with JUDGES.judge(plan, Path(worker.local_directory), worker.state.nthreads) as judge:
        return pack({"result": judge.grade(unpack(job)[0], unpack(files)[1]).to_message()})
