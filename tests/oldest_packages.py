"""The assignments with the oldest packages that students may have: `make test-requirements PYTHON=python3.10`.

Makes an environment with the lowest version of each line of source/requirements.txt, and runs every assignment's notebook with
right answers in it, as a student would: its visible checks raise where something is wrong. Standard library only.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv-students"
RUNS_NOTEBOOKS = ("nbclient", "ipykernel")
RUN = """
import sys, nbclient, nbformat
nbclient.NotebookClient(nbformat.read(sys.argv[1], 4), timeout=900).execute()
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the assignments with the oldest packages that students may have.")
    parser.add_argument("--python", default=sys.executable, help="the interpreter")
    python = made(parser.parse_args().python)
    failed = [name for name in assignments() if not runs(python, name)]
    print(f"{len(assignments()) - len(failed)} passed, {len(failed)} failed", flush=True)
    return int(bool(failed))


def made(interpreter: str) -> Path:
    """Makes the environment and says what is in it."""
    subprocess.run([interpreter, "-m", "venv", "--clear", str(FOLDER)], check=True)
    python = FOLDER / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, *lowest(), *RUNS_NOTEBOOKS], check=True)
    version = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{version} with {', '.join(lowest())}", flush=True)
    return python


def lowest() -> list[str]:
    """The packages in the lowest versions that are allowed."""
    text = (ROOT / "source" / "requirements.txt").read_text("utf-8")
    return [f"{name}=={version}" for name, version in re.findall(r"^([\w-]+)>=([^,\s]+)", text, re.MULTILINE)]


def assignments() -> list[str]:
    return sorted(path.name for path in (ROOT / "release").iterdir() if path.is_dir())


def runs(python: Path, name: str) -> bool:
    """Whether the notebook with right answers runs to its end, with the files beside it that students get."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        shutil.copytree(ROOT / "release" / name, folder)
        shutil.copy(ROOT / "tests" / "chapters" / name / "submissions" / "perfect" / f"{name}.ipynb", folder)
        command = [str(python), "-c", RUN, f"{name}.ipynb"]
        result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(f"{name}: {'ran' if result.returncode == 0 else 'failed'}, {time.monotonic() - started:.0f} s", flush=True)
    print(result.stdout[-3000:] if result.returncode else "", end="", flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
