"""Grading on a dask cluster: a scheduler and separate worker processes, all on this machine, all on 127.0.0.1."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from dask_cluster import CLASS, SCORES, Cluster, wait_until
from distributed import KilledWorker
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring.course import ROOT, CommandFailed, fix_seed
from autograder.engine import worker
from autograder.engine.cluster import ClusterEngine, connect, what_travels
from autograder.engine.engine import EngineError, Plan
from autograder.jobs.beside import look_at
from autograder.jobs.score import points_of
from autograder.jobs.submission import Cell, Checks, Job
from autograder.settings import Settings


@pytest.fixture(scope="module")
def empty_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler that no worker has joined."""
    cluster = Cluster(tmp_path_factory.mktemp("empty"))
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers: one of two threads that is started again if it dies, and a plain one."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    cluster.join("--nthreads", "2")
    cluster.join("--nthreads", "1", "--no-nanny")
    with contextlib.closing(connect(cluster.address)) as client:
        client.wait_for_workers(2, timeout=60)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def handed_in(generated, tmp_path_factory: pytest.TempPathFactory):
    """The tiny course with a class's submissions, and the seed of its random inputs fixed."""
    course = generated.copy(tmp_path_factory.mktemp("handed_in") / "course")
    for student, answers in CLASS.items():
        course.submit(student, course.answer(answers))
    fix_seed(course.folder)
    return course


@pytest.fixture
def course(handed_in, tmp_path: Path) -> Iterator[Any]:
    """A copy of the handed-in course."""
    yield handed_in.copy(tmp_path / "course")
    for path in (tmp_path / "course").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def reports(course: Any) -> dict[str, list[str]]:
    """What each student reads of the checks, by student."""
    cells = {student: course.autograded(student).cells for student in CLASS}
    return {
        student: [output.data["text/plain"] for cell in found for output in cell.get("outputs", []) if output.output_type != "stream"]
        for student, found in cells.items()
    }


def test_a_cluster_gives_the_grades_of_this_machine(course, cluster, tmp_path):
    here = course.copy(tmp_path / "here")
    here.nbgrader("autograde", "tiny")
    course.nbgrader("autograde", "tiny", f"--Grade.scheduler={cluster.address}")
    for student, expected in SCORES.items():
        scores = course.scores(student)
        assert scores | expected == scores == here.scores(student)
    assert reports(course) == reports(here)
    assert [len(cluster.judges(process)) for process in cluster.processes[1:]] == [1, 1]


def test_nothing_listens_beyond_this_machine(cluster):
    for process in cluster.processes:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children()]
        heard = [c.laddr.ip for p in family for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert heard and set(heard) == {"127.0.0.1"}


def test_a_killed_worker_costs_no_grade(course, cluster):
    doomed = cluster.join("--nthreads", "1", "--no-nanny", "--name", "doomed")
    client = connect(cluster.address)

    def busy() -> bool:
        names = {address: info["name"] for address, info in client.scheduler_info(n_workers=-1)["workers"].items()}
        running = {names.get(address): [str(key) for key in keys] for address, keys in client.processing().items()}
        return bool(cluster.judges(doomed)) and any("autograder" in key for key in running.get("doomed", []))

    command = [sys.executable, "-m", "nbgrader", "autograde", "tiny", f"--Grade.scheduler={cluster.address}"]
    try:
        wait_until(lambda: len(client.nthreads()) == 3)
        with subprocess.Popen(command, cwd=course.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as grading:
            wait_until(lambda: busy() or grading.poll() is not None)
            assert grading.poll() is None, grading.stdout.read()
            inside = psutil.Process(doomed.pid).children(recursive=True)
            cluster.kill(doomed)
            output = grading.communicate(timeout=120)[0]
    finally:
        client.close()
    assert grading.returncode == 0, output
    for student, expected in SCORES.items():
        scores = course.scores(student)
        assert scores | expected == scores
    wait_until(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in inside), 30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_scheduler_that_is_not_there_is_named_before_the_first_student(course):
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(CommandFailed, match=f"Grading can't start: no dask scheduler answers at {address}"):
        course.nbgrader("autograde", "tiny", f"--Grade.scheduler={address}")
    assert not list((course.folder / "autograded").rglob("*.ipynb"))


@pytest.mark.parametrize("address", ["host", "host:8786", "http://host:80", "tcp://host", "tcp://host:many", "gateway://host:8786"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(EngineError, match=rf"scheduler: expected an address such as tcp://host:8786, .* got '{address}'"):
        connect(address)


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(empty_cluster):
    engine = ClusterEngine(Settings(scheduler=empty_cluster.address), Plan(()), patience=0.5)
    with pytest.raises(EngineError, match=r"has had no worker for 0\.5 s: start one on each machine with `dask worker tcp://"):
        engine.wait_until_ready()


def test_the_last_worker_to_go_is_noticed(empty_cluster):
    last = empty_cluster.join("--nthreads", "1", "--no-nanny")
    with contextlib.closing(connect(empty_cluster.address)) as client:
        client.wait_for_workers(1, timeout=60)
    engine = ClusterEngine(Settings(scheduler=empty_cluster.address), Plan(()), patience=2)
    with contextlib.closing(engine):
        engine.wait_until_ready()
        number = engine.submit(Job("tiny", "ada", (Cell(0, "sleep", "import time\ntime.sleep(30)"),)))
        empty_cluster.kill(last)
        with pytest.raises(EngineError, match="has had no worker for 2 s"):
            engine.result(number)


def test_other_versions_on_a_worker_are_named(cluster, monkeypatch):
    other = worker.versions() | {"autograder": "0123", "numpy": "1.0"}
    monkeypatch.setattr(worker, "versions", lambda: other)
    engine = ClusterEngine(Settings(scheduler=cluster.address), Plan(()))
    with pytest.raises(EngineError, match=r"worker tcp://\S+: has autograder \w+ instead of 0123, numpy \S+ instead of 1\.0"):
        engine.wait_until_ready()


CHECKS = '''
from pathlib import Path

from answers import ANSWER  # a module beside this one

NUMBER = int(Path(__file__).with_name("number.txt").read_text())


class TestAnswer:
    def test_value(self, student):
        """The answer"""
        assert student.value("answer") == ANSWER * NUMBER
'''


@pytest.fixture
def checks_folder(tmp_path: Path) -> Path:
    """A folder of hidden checks with a module and a data file that they use."""
    folder = tmp_path / "hidden"
    folder.mkdir()
    (folder / "test_answer.py").write_text(CHECKS)
    (folder / "answers.py").write_text("ANSWER = 6")
    (folder / "number.txt").write_text("7")
    return folder


def test_checks_travel_with_what_lies_beside_them(cluster, checks_folder):
    checks = Checks(str(checks_folder / "test_answer.py"), "TestAnswer")
    engine = ClusterEngine(Settings(scheduler=cluster.address), Plan((checks,)))
    with contextlib.closing(engine):
        shutil.rmtree(checks_folder)
        sources = ["answer = 6 * 7", "answer = int(open('forty.txt').read()) + 2", "answer = 41"]
        files = {"forty.txt": b"40"}
        jobs = [Job("tiny", f"s{n}", (Cell(0, "a", source, checks),), files) for n, source in enumerate(sources)]
        numbers = [engine.submit(job) for job in jobs]
        results = [engine.result(number) for number in reversed(numbers)][::-1]
    assert [points_of(result.cells[0], 1.0) for result in results] == [1.0, 1.0, 0.0]
    assert [result.level for result in results] == ["bubblewrap"] * 3


def test_checks_that_cannot_be_collected_are_named_as_on_this_machine(cluster, checks_folder):
    file = checks_folder / "test_answer.py"
    engine = ClusterEngine(Settings(scheduler=cluster.address), Plan((Checks(str(file), "TestAnswr"),)))
    with pytest.raises(EngineError, match=rf"worker tcp://\S+: no hidden checks found for {file}::TestAnswr"):
        engine.wait_until_ready()


def test_checks_of_the_package_stay_where_they_are(checks_folder):
    own, other = ROOT / "autograder" / "checks" / "test_convnets.py", checks_folder / "test_answer.py"
    (checks_folder / "notes.ipynb").write_text("{}")
    (checks_folder / ".secret").write_text("")
    places, contents = what_travels(Plan((Checks(str(own), "A"), Checks(str(other), "B"))))
    assert places[str(own)] == ["package", "checks/test_convnets.py"]
    assert places[str(other)][0] == "sent"
    assert {name.rpartition("/")[2] for name in contents} == {"test_answer.py", "answers.py", "number.txt"}


def test_checks_in_the_course_folder_itself_travel_alone(checks_folder):
    file = checks_folder / "test_answer.py"
    _, contents = what_travels(Plan((Checks(str(file), "A"),), hidden=(checks_folder,)))
    assert list(contents.values()) == [file.read_bytes()]


def test_too_much_beside_the_checks_is_refused(checks_folder):
    with open(checks_folder / "huge.npy", "wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(EngineError, match=r"hidden: more than 64 MiB; give the hidden checks a folder of their own"):
        what_travels(Plan((Checks(str(checks_folder / "test_answer.py"), "A"),)))


def test_a_job_that_takes_its_workers_along_is_left_ungraded(empty_cluster, monkeypatch):
    def answer(*_: Any) -> bytes:
        raise KilledWorker("job", None, 3)

    monkeypatch.setattr(ClusterEngine, "_answer", answer)
    monkeypatch.setattr(ClusterEngine, "wait_until_ready", lambda engine: None)
    cells = (Cell(0, "a", "x = 1"), Cell(2, "b", "", Checks("f.py", "TestA")))
    with contextlib.closing(ClusterEngine(Settings(scheduler=empty_cluster.address), Plan(()))) as engine:
        result = engine.result(engine.submit(Job("tiny", "ada", cells)))
    assert "several workers died" in result.problem and not result.machine
    assert result.cells == {}


@pytest.fixture
def worker_without_a_sandbox(empty_cluster) -> Iterator[str]:
    """The address of a worker that has no bubblewrap, the first of its cluster."""
    process = empty_cluster.join("--nthreads", "1", "--no-nanny", "--name", "unable", PATH="/nowhere")

    def address() -> str | None:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        return next((address for address, info in workers.items() if info["name"] == "unable"), None)

    with contextlib.closing(connect(empty_cluster.address)) as client:
        yield wait_until(address)
    empty_cluster.kill(process)


def test_a_worker_that_cannot_grade_is_named_and_not_used(empty_cluster, worker_without_a_sandbox, checks_folder):
    """Jobs that were sent before anybody knew go to the others."""
    able = empty_cluster.join("--nthreads", "1", "--no-nanny")
    checks = Checks(str(checks_folder / "test_answer.py"), "TestAnswer")
    engine = ClusterEngine(Settings(scheduler=empty_cluster.address), Plan((checks,)))
    with contextlib.closing(engine):
        engine._client.wait_for_workers(2, timeout=60)
        jobs = [Job("tiny", f"s{n}", (Cell(0, "a", f"answer = 4{n}", checks),)) for n in range(4)]
        numbers = [engine.submit(job) for job in jobs]
        results = [engine.result(number) for number in numbers]
    assert [points_of(result.cells[0], 1.0) for result in results] == [0.0, 0.0, 1.0, 0.0]
    (notice,) = engine.notices
    assert f"worker {worker_without_a_sandbox}: bubblewrap is not installed" in notice and "this worker isn't used" in notice
    empty_cluster.kill(able)


def test_a_worker_that_joins_and_cannot_grade_costs_no_grade(empty_cluster, checks_folder):
    able = empty_cluster.join("--nthreads", "1", "--no-nanny")
    checks = Checks(str(checks_folder / "test_answer.py"), "TestAnswer")
    engine = ClusterEngine(Settings(scheduler=empty_cluster.address), Plan((checks,)))
    with contextlib.closing(engine):
        engine.wait_until_ready()
        unable = empty_cluster.join("--nthreads", "2", "--no-nanny", PATH="/nowhere")
        engine._client.wait_for_workers(2, timeout=60)
        sources = ["import time; time.sleep(0.2); answer = 42"] * 8
        numbers = [engine.submit(Job("tiny", f"s{n}", (Cell(0, "a", source, checks),))) for n, source in enumerate(sources)]
        assert [points_of(engine.result(number).cells[0], 1.0) for number in numbers] == [1.0] * 8
        assert engine.self_test() is None
    empty_cluster.kill(unable)
    empty_cluster.kill(able)


@given(st.dictionaries(st.text(), st.integers() | st.text()), st.lists(st.binary()))
def test_packing_keeps_everything(message, blobs):
    assert worker.unpack(worker.pack(message, blobs)) == (message, blobs)


# ---- how much is on the cluster at a time


class Sent:
    """What dask gives for a task that was sent."""

    def __init__(self, key: str) -> None:
        self.key, self.over = key, False

    def done(self) -> bool:
        return self.over


class Scheduler:
    """A connection to a scheduler with two workers of two threads, which keeps count."""

    def __init__(self) -> None:
        self.tasks: list[Sent] = []
        self.data = 0

    def nthreads(self) -> dict[str, int]:
        return {"a": 2, "b": 2}

    def wait_for_workers(self, number: int, timeout: float) -> None:
        pass

    def run(self, *_: Any, **__: Any) -> dict[str, str]:
        return {"a": "", "b": ""}

    def submit(self, function: Any, *arguments: Any, key: str, **_: Any) -> Sent:
        sent = Sent(key)
        if function is worker.grade:
            self.tasks.append(sent)
        else:
            self.data += len(arguments[0])
        return sent


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[ClusterEngine, Scheduler]:
    scheduler = Scheduler()
    monkeypatch.setattr("autograder.engine.cluster.connect", lambda *about: scheduler)
    return ClusterEngine(Settings(scheduler="tcp://127.0.0.1:1"), Plan(())), scheduler


def test_few_jobs_are_on_the_cluster_at_a_time(counted, tmp_path):
    """What lies beside forty notebooks is read as they are sent, eight for four threads."""
    engine, scheduler = counted
    for number in range(40):
        folder = tmp_path / str(number) / "tiny"
        folder.mkdir(parents=True)
        (folder / "data").write_bytes(bytes([number]) * 1000)
        engine.submit(Job("tiny", str(number), (), look_at(folder).files))
    assert scheduler.tasks == [] and scheduler.data == 0
    engine.wait_until_ready()
    assert len(scheduler.tasks) == 8 and scheduler.data < 8 * 1100 + 1000
    for task in scheduler.tasks[:3]:
        task.over = True
    engine._fill()
    assert len(scheduler.tasks) == 11
    engine._fill(39)
    assert len(scheduler.tasks) == 12, "who is waited for goes at once"


def test_what_changed_before_it_was_sent_is_no_result(counted, tmp_path):
    engine, scheduler = counted
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "data").write_text("before")
    job = Job("tiny", "ada", (), look_at(tmp_path / "tiny").files)
    job.key()
    number = engine.submit(job)
    (tmp_path / "tiny" / "data").write_text("after")
    assert engine.result(number).problem == "not graded: data was changed while it was graded"
    assert scheduler.tasks == []
