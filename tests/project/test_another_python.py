"""The engine's tests with another Python: in CI nothing but a failed test is a failure, by hand everything is."""

from __future__ import annotations

import sys
import time

import another_python
import pytest

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
OTHER = next(version for version in another_python.bootstrap.PYTHONS if version != HERE)


@pytest.fixture
def called(monkeypatch, tmp_path):
    """Calls the command on a machine where Python, packages and tests are as said; returns its status."""

    def call(*arguments: str, found=(OTHER, "/bin/other"), installed=True, tested=0) -> int:
        monkeypatch.setattr(sys, "argv", ["another_python.py", *arguments])
        monkeypatch.setattr(another_python, "ROOT", tmp_path)
        monkeypatch.setattr(another_python, "another", lambda: found)
        monkeypatch.setattr(another_python.bootstrap, "about", lambda name: found)
        monkeypatch.setattr(another_python, "installed", lambda *_: installed)
        monkeypatch.setattr(another_python, "tested", lambda _: tested)
        return another_python.main()

    return call


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"found": ("", "")}, "skipped: no other Python is there"),
        ({"found": ("3.10", "/bin/old")}, "skipped: no other Python is there"),
        ({"installed": False}, f"skipped: the packages for Python {OTHER} could not be had"),
    ],
)
def test_in_ci_what_cant_be_tried_is_said_and_no_failure(called, capsys, about, said):
    assert called("--if-possible", **about) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("about", [{"found": ("", "")}, {"installed": False}])
def test_by_hand_what_cant_be_tried_is_an_error(called, capsys, about):
    assert called("--python", "python9", **about) == 1
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--if-possible",), ("--python", "python9")])
def test_a_failed_test_is_a_failure_everywhere(called, arguments):
    assert called(*arguments, tested=1) == 1
    assert called(*arguments) == 0


@pytest.mark.parametrize(("arguments", "stays"), [(("--if-possible",), False), (("--python", "python9"), True)])
def test_ci_leaves_no_environment_behind(called, tmp_path, arguments, stays):
    (tmp_path / f".venv-{OTHER}").mkdir()
    called(*arguments)
    assert (tmp_path / f".venv-{OTHER}").exists() == stays


def machine(monkeypatch, tmp_path, *versions: str):
    """A machine whose pyenv has some versions, and whose PATH has a command of pyenv that isn't switched on."""
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    for version in versions:
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
        (tmp_path / "versions" / version / "bin" / "python").touch()
    folders = {str(tmp_path / "versions" / version / "bin" / "python"): version.rpartition(".")[0] for version in versions}
    monkeypatch.setattr(another_python.bootstrap, "about", lambda name: (folders.get(name, ""), name))


def test_another_python_is_found_among_those_of_pyenv_and_never_the_same(monkeypatch, tmp_path):
    machine(monkeypatch, tmp_path, f"{HERE}.1", "3.10.1", f"{OTHER}.5")
    assert another_python.another() == (OTHER, str(tmp_path / "versions" / f"{OTHER}.5" / "bin" / "python"))


def test_where_only_the_same_python_is_there_none_is_found(monkeypatch, tmp_path):
    machine(monkeypatch, tmp_path, f"{HERE}.1", "3.10.1")
    assert another_python.another() == ("", "")


def test_an_installation_that_takes_too_long_is_ended(monkeypatch, tmp_path):
    (tmp_path / "bootstrap.py").write_text("import time; time.sleep(60)")
    monkeypatch.setattr(another_python, "ROOT", tmp_path)
    started = time.monotonic()
    assert not another_python.installed(sys.executable, tmp_path / "folder", 0.5)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(("status", "worked"), [(0, True), (1, False)])
def test_an_installation_works_or_not(monkeypatch, tmp_path, status, worked):
    (tmp_path / "bootstrap.py").write_text(f"raise SystemExit({status})")
    monkeypatch.setattr(another_python, "ROOT", tmp_path)
    assert another_python.installed(sys.executable, tmp_path / "folder", None) == worked
