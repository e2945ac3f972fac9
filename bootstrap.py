"""Makes the virtual environment of the course: ``python bootstrap.py .venv`` (what ``make setup`` calls).

Installs exactly what requirements.lock pins, with hashes, then this project in editable form. Standard library only:
it runs before anything is installed. ``python bootstrap.py --lock`` pins pyproject.toml's dependencies anew.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
CONDA = ROOT / "environment.yml"
HEADER = "# Every package with its hashes, for Python 3.11. Made from pyproject.toml by `make lock`.\n"


def main(arguments: list[str]) -> int:
    if arguments == ["--lock"]:
        return pin()
    if len(arguments) != 1:
        print("usage: bootstrap.py FOLDER | --lock", file=sys.stderr)
        return 2
    return make(Path(arguments[0]))


def make(folder: Path) -> int:
    """Makes or updates the environment in ``folder``; returns 0, or 1 after saying what is missing."""
    if sys.version_info[:2] != (3, 11):
        return complain(f"Python 3.11 is needed, this is {sys.version.split()[0]}: call make with PYTHON=/path/to/python3.11")
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists() and not (standard_venv(folder) or virtualenv(folder)):
        shutil.rmtree(folder, ignore_errors=True)
        return complain("Python can't make virtual environments here: `apt install python3.11-venv` and try again")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    started = time.monotonic()
    print(f"Installing {len(pinned())} packages into {folder} (about 6 GB; some minutes the first time) …", flush=True)
    for step in ([*pip, "--require-hashes", "-r", str(LOCK)], [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]):
        if subprocess.run(step, check=False).returncode:
            return complain("installing failed; pip's message stands above")
    print(f"Environment ready after {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def pinned() -> list[str]:
    """The lock file's lines that pin a package."""
    return [line for line in LOCK.read_text().splitlines() if "==" in line and not line.startswith(("#", " "))]


def standard_venv(folder: Path) -> bool:
    return subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, check=False).returncode == 0


def virtualenv(folder: Path) -> bool:
    """Debian splits ``venv`` off; pip, where it is there, can bring a stand-in."""
    shutil.rmtree(folder, ignore_errors=True)
    tools = folder.parent / "_build" / "virtualenv"
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tools), "virtualenv"], capture_output=True, check=False
    )
    if fetched.returncode:
        return False
    command = [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv.pop(1)); import virtualenv; virtualenv.cli_run(sys.argv[1:])"]
    return subprocess.run([*command, str(tools), str(folder)], check=False).returncode == 0


def pin() -> int:
    """Rewrites requirements.lock with the newest versions that pyproject.toml allows, and environment.yml with them."""
    if shutil.which("uv") is None:
        return complain("`make lock` needs uv: `pip install uv`")
    options = ["--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11", "--no-annotate", "--no-header"]
    command = ["uv", "pip", "compile", "--quiet", *options, "pyproject.toml"]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        return complain("uv could not resolve the dependencies; its message stands above")
    LOCK.write_text(HEADER + result.stdout)
    CONDA.write_text(with_locked_versions(CONDA.read_text()))
    return 0


def with_locked_versions(environment: str) -> str:
    """environment.yml with pyproject.toml's direct dependencies in the versions of the lock file."""
    import tomllib  # from Python 3.11 on, which was asked for in words by then

    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    versions = dict(re.match(r"([\w-]+)==([^\s;\\]+)", line).groups() for line in pinned())
    names = [re.match(r"[\w-]+", line)[0] for line in dependencies]
    head, _, _ = environment.partition("  - pip:\n")
    return head + "  - pip:\n" + "".join(f"      - {name}=={versions[name]}\n" for name in names) + "      - -e .\n"


def complain(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
