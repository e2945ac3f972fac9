"""The engine's tests with another Python than the environment's: `make test-python PYTHON=python3.13`.

Makes an environment of its own beside .venv, with what grading, the assignments and tests need and nothing else, and runs the
tests that `scheduling.ENGINE` names. With `--if-possible`, as CI calls it, nothing but a failed test is a failure: where no
other Python is there, or its packages can't be had in time, it says so and ends well. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import bootstrap  # noqa: E402  (its folder has just been made known)

PARTS = ("grading", "assignments", "test")
PATIENCE = 200  # seconds for packages in CI


def main() -> int:
    options = parser().parse_args()
    found = bootstrap.about(options.python) if options.python else another()
    if found[0] not in bootstrap.PYTHONS:
        wanted = f"{options.python} is no Python" if options.python else "no other Python is there"
        return ended(f"{wanted} of {', '.join(sorted(bootstrap.PYTHONS))}", options.if_possible)
    folder = ROOT / f".venv-{found[0]}"
    try:
        started = time.monotonic()
        if not installed(found[1], folder, PATIENCE if options.if_possible else None):
            return ended(f"the packages for Python {found[0]} could not be had", options.if_possible)
        print(f"Python {found[0]}: environment after {time.monotonic() - started:.0f} s; the engine's tests:", flush=True)
        return tested(folder)
    finally:
        if options.if_possible:
            shutil.rmtree(folder, ignore_errors=True)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description="Runs the engine's tests with another Python.")
    made.add_argument("--python", default="", help="the interpreter; without this the preferred one that isn't this environment's")
    made.add_argument("--if-possible", action="store_true", help="end well where it can't be tried, and leave no environment behind")
    return made


def another() -> tuple[str, str]:
    """Version and path of a Python that isn't the one that runs this: of those on the PATH and those of pyenv."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in bootstrap.PYTHONS:
        names = [f"python{version}", *(str(path) for path in sorted(pyenv.glob(f"{version}.*/bin/python")))]
        found = [about for name in names if (about := bootstrap.about(name))[0] == version]
        if version != here and found:
            return found[0]
    return "", ""


def installed(python: str, folder: Path, patience: float | None) -> bool:
    """Makes the environment; False if that doesn't work, or not in that many seconds. Nothing of it goes on."""
    command = [sys.executable, str(ROOT / "bootstrap.py"), str(folder), "--python", python, "--only", *PARTS]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        print(f"stopped after {patience:.0f} s", flush=True)
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tested(folder: Path) -> int:
    """Runs the tests as `make test` does; returns pytest's exit status."""
    python = bootstrap.interpreter(folder)
    environment = os.environ | {"PATH": os.pathsep.join([str(python.parent), os.environ["PATH"]]), "PYTHONPATH": str(ROOT)}
    processes = str(min(2, os.cpu_count() or 1))
    command = [str(python), "-m", "pytest", "-q", "-n", processes, "--dist", "loadscope", "-m", "engine", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def ended(reason: str, well: bool) -> int:
    """Says why nothing was tried."""
    print(f"skipped: {reason}" if well else f"error: {reason}", file=sys.stdout if well else sys.stderr, flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
