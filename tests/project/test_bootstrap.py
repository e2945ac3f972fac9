"""The first command: which Python it takes, what it installs of the lock file for whom, and what the lock file holds."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
NEWEST = {"3.11": "3.11.14", "3.12": "3.12.12", "3.13": "3.13.9", "3.14": "3.14.2"}


def load() -> object:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = load()
PARTS = [["grading"], ["grading", "cluster"], ["grading", "test"], ["grading", "cluster", "assignments"], None]
LOCKED = """# said at the beginning
a==1 \\
    --hash=sha256:aa
    # via course (pyproject.toml)
b==2 ; python_full_version < '3.11.5' \\
    --hash=sha256:bb
    # via a
b==3 ; python_full_version >= '3.11.5' \\
    --hash=sha256:cc
    # via a
c-d==1 \\
    --hash=sha256:dd
    # via
    #   b
    #   e
e==1 \\
    --hash=sha256:ee
    # via course (pyproject.toml)
f==1 \\
    --hash=sha256:ff
    # via e
"""


@pytest.fixture
def small_lock(tmp_path, monkeypatch):
    path = tmp_path / "requirements.lock"
    path.write_text(LOCKED)
    monkeypatch.setattr(bootstrap, "LOCK", path)


# ---- which Python


def machine(monkeypatch, running: str, *others: str) -> None:
    """A machine where `python3` is one version, and some others are there under their own names."""
    monkeypatch.setattr(
        bootstrap,
        "sys",
        type("Fake", (), {"version_info": tuple(map(int, running.split("."))), "executable": "/bin/python3", "version": running}),
    )
    monkeypatch.setattr(
        bootstrap,
        "about",
        lambda name: (name.removeprefix("python"), f"/bin/{name}") if name.removeprefix("python") in others else ("", ""),
    )


@pytest.mark.parametrize(
    ("running", "others", "taken"),
    [
        ("3.11", (), "/bin/python3"),  # Debian 12
        ("3.13", (), "/bin/python3"),  # Debian 13
        ("3.10", ("3.11",), "/bin/python3.11"),  # Ubuntu 22.04 with one more package
        ("3.12", (), "/bin/python3"),  # Ubuntu 24.04
        ("3.14", (), "/bin/python3"),  # Ubuntu 26.04
        ("3.14", ("3.12", "3.13"), "/bin/python3.13"),
        ("3.13", ("3.11", "3.14"), "/bin/python3.11"),
        ("3.15", ("3.14",), "/bin/python3.14"),
        ("3.10", (), None),
        ("3.15", (), None),
    ],
)
def test_the_preferred_python_of_those_that_are_there_is_taken(monkeypatch, running, others, taken):
    machine(monkeypatch, running, *others)
    assert bootstrap.suitable("") == taken


@pytest.mark.parametrize(("asked", "taken"), [("python3.12", "/bin/python3.12"), ("python3.10", None), ("python3.99", None)])
def test_a_python_that_is_asked_for_is_taken_or_refused(monkeypatch, asked, taken):
    machine(monkeypatch, "3.11", "3.10", "3.12")
    assert bootstrap.suitable(asked) == taken


def test_where_there_is_only_an_old_python_the_message_says_what_to_install(monkeypatch):
    machine(monkeypatch, "3.10")
    said = bootstrap.missing("")
    assert "3.11, 3.12, 3.13 or 3.14 is needed" in said and "is 3.10" in said and "apt install python3.11-venv" in said


def command(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_command_that_ends_with_an_error_is_no_python(tmp_path):
    assert bootstrap.about(str(command(tmp_path / "python3.13", "echo 'switched off' >&2; exit 127"))) == ("", "")
    assert bootstrap.about(str(tmp_path / "nothing")) == ("", "")
    assert bootstrap.about(sys.executable) == (f"{sys.version_info[0]}.{sys.version_info[1]}", sys.executable)


def test_an_environment_of_another_python_is_left_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", str(tmp_path), "--python", sys.executable])
    (tmp_path / "bin").mkdir()
    command(tmp_path / "bin" / "python", f"echo 3.99 {tmp_path}/bin/python")
    assert bootstrap.main() == 1
    assert "is an environment of Python 3.99" in capsys.readouterr().err


def test_an_unknown_part_is_named(tmp_path, capsys):
    assert bootstrap.make(tmp_path / "env", ["grading", "reading"]) == 2
    assert "no such part: reading. There are grading, cluster, passback, postgresql, hub, assignments, book" in capsys.readouterr().err
    assert not (tmp_path / "env").exists()


# ---- what is installed for whom


@pytest.mark.parametrize(
    ("names", "found"), [(["a"], {"a", "b", "c-d"}), (["e"], {"c-d", "e", "f"}), (["f"], {"f"}), (["a", "e"], {"a", "b", "c-d", "e", "f"})]
)
@pytest.mark.usefixtures("small_lock")
def test_what_a_package_needs_comes_along_and_nothing_else(names, found):
    assert set(bootstrap.chosen(names)) == found


@pytest.mark.usefixtures("small_lock")
def test_an_entry_for_each_python_and_its_hash_are_kept():
    entry = bootstrap.chosen(["b"])["b"]
    assert "b==2 ; python_full_version < '3.11.5'" in entry and "b==3 ; python_full_version >= '3.11.5'" in entry
    assert "sha256:bb" in entry and "sha256:cc" in entry


@pytest.mark.parametrize("only", PARTS, ids=str)
def test_nothing_that_an_installed_package_needs_is_left_out(only):
    chosen = set(bootstrap.chosen(bootstrap.direct(only)))
    missing = {}
    for name in chosen:
        try:
            lines = [Requirement(line) for line in requires(name) or []]
        except PackageNotFoundError:  # for another system or Python
            continue
        needed = {canonicalize_name(line.name) for line in lines if line.marker is None or line.marker.evaluate({"extra": ""})}
        missing |= {name: needed - chosen} if needed - chosen else {}
    assert missing == {}


def test_graders_and_workers_are_spared_the_book_and_the_tools():
    grading, worker = (set(bootstrap.chosen(bootstrap.direct(only))) for only in (["grading"], ["grading", "cluster"]))
    everything = set(bootstrap.chosen(bootstrap.direct()))
    assert {"torch", "nbgrader", "pytest"} <= grading < worker < everything
    assert (
        worker & {"sphinx", "jupyter-book", "playwright", "mypy", "ruff", "hypothesis", "scipy", "torchvision", "psycopg2-binary"} == set()
    )
    assert "distributed" in worker - grading


def test_everything_locked_is_needed_by_something_declared():
    assert set(bootstrap.chosen(bootstrap.direct())) == {name for name, _, _ in bootstrap.locked()}


@pytest.mark.parametrize(("version", "left_out"), [("2.14.1", False), ("2.14.1+cpu", True), ("2.13.0+cpu", False), ("", False)])
def test_a_build_of_pytorch_of_ones_own_stays_in_the_version_that_is_pinned(tmp_path, version, left_out):
    pinned = re.search(r"^torch==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)[1]
    python = command(tmp_path / "python", f"echo {version.replace('2.14.1', pinned)}")
    chosen = bootstrap.chosen(bootstrap.direct(["grading"]), bootstrap.own_torch(python))
    assert ("torch" not in chosen) == left_out
    assert (not any(name.startswith("nvidia-") for name in chosen)) == left_out
    assert "sympy" in chosen and "numpy" in chosen


# ---- the lock file


@pytest.mark.parametrize("version", bootstrap.PYTHONS)
def test_every_python_finds_one_version_of_each_package(version):
    here = {"python_version": version, "python_full_version": NEWEST[version], "sys_platform": "linux", "platform_machine": "x86_64"}
    fitting: dict[str, int] = {}
    for name, _, entry in bootstrap.locked():
        marker = Requirement(entry.split("\\")[0]).marker
        fitting[name] = fitting.get(name, 0) + (marker is None or marker.evaluate(here | {"platform_python_implementation": "CPython"}))
    assert [name for name, count in fitting.items() if count > 1] == []
    assert [name for name in bootstrap.direct() if fitting[name] != 1] == []


def test_pip_takes_the_project_from_the_oldest_python_on():
    oldest = min(bootstrap.PYTHONS, key=lambda text: int(text.split(".")[1]))
    assert bootstrap.project()["requires-python"] == f">={oldest}"


@pytest.mark.parametrize("works", [True, False])
def test_what_pip_says_goes_to_a_log_and_its_end_to_the_screen_where_it_fails(tmp_path, capfd, works):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nseq -f 'WARNING: %g' 50\necho 'ERROR: no such thing' >&2\nexit {0 if works else 1}\n")
    python.chmod(0o755)
    assert (bootstrap.install(python, tmp_path, {"one": "one==1 --hash=sha256:00\n"}) == 0) == works
    out, err = capfd.readouterr()
    assert "WARNING: 1\n" in (tmp_path / bootstrap.LOG).read_text() and "WARNING" not in out
    assert ("ERROR: no such thing" in err and str(tmp_path / bootstrap.LOG) in err and "WARNING: 3\n" not in err) == (not works)
    assert ("Environment ready" in out) == works
