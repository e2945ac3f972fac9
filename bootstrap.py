"""Makes the virtual environment of the course: ``python3 bootstrap.py .venv`` (what ``make setup`` calls).

Installs exactly what requirements.lock pins, with hashes, then this project in editable form; ``--only grading`` installs
what grading needs and no more. Standard library only: it runs before anything is installed, at first with whichever Python
the machine has, which looks for one that will do. ``--lock`` pins pyproject.toml's dependencies.
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

ROOT = Path(__file__).resolve().parent
LOG = "setup.log"  # in the environment's folder: what pip says while it installs
LAST_LINES = 20
LOCK = ROOT / "requirements.lock"
CONDA = ROOT / "environment.yml"
# By preference: the numbers that the book prints are stored and compared with 3.11, where all tests run; the engine's tests run
# with the others too, in CI with the first of them that is there. 3.14 is the last because it was tried least.
PYTHONS = ("3.11", "3.13", "3.12", "3.14")
HEADER = "# Every package with its hashes and who needs it, for Python 3.11 to 3.14. Made from pyproject.toml by `make lock`.\n"
GRADING = "grading"  # pyproject.toml's dependencies, without any of its extras
TORCH = ("torch", "torchvision")
GPU = ("cuda-", "nvidia-", "triton")  # beginnings of the names of what the registry's builds of PyTorch bring for graphics cards


def main() -> int:
    options = parser().parse_args()
    if options.lock:
        return pin(options.upgrade)
    if options.folder is None:
        return complain("say where: bootstrap.py FOLDER", status=2)
    there = about(str(interpreter(options.folder)))
    if options.python and there[0] not in ("", about(options.python)[0]):
        return complain(f"{options.folder} is an environment of Python {there[0]}: remove it, or name another folder")
    python = suitable(options.python or there[1])
    if python is None:
        return complain(missing(options.python or there[1]))
    if python != sys.executable:
        return subprocess.run([python, __file__, *sys.argv[1:], "--python", python], check=False).returncode
    return make(options.folder, options.only)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description="Makes the virtual environment of the course.")
    made.add_argument("folder", nargs="?", type=Path, help="of the environment, made or brought up to date")
    made.add_argument("--only", nargs="+", metavar="PART", help="grading, or extras of pyproject.toml with it; without this: everything")
    made.add_argument("--python", default="", help=f"the interpreter; without this the first that is there of {', '.join(PYTHONS)}")
    made.add_argument("--lock", action="store_true", help="pin the dependencies; versions that are pinned and still fit stay")
    made.add_argument("--upgrade", action="store_true", help="with --lock: take the newest versions instead")
    return made


# ---- which Python


def suitable(asked: str) -> str | None:
    """The path of an interpreter that will do: the one asked for, if any, else the preferred of those that are there."""
    if asked:
        version, path = about(asked)
        return path if version in PYTHONS else None
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for wanted in PYTHONS:
        version, path = (here, sys.executable) if here == wanted else about(f"python{wanted}")
        if version == wanted:
            return path
    return None


def about(interpreter: str) -> tuple[str, str]:
    """Version and path of an interpreter, as it says itself: pyenv has commands for versions that aren't switched on."""
    if shutil.which(interpreter) is None:
        return "", ""
    asked = [interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"]
    answer = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    version, _, path = answer.stdout.decode().strip().partition(" ")
    return version, path


def missing(asked: str) -> str:
    found = f"`{asked}` isn't one" if asked else f"`python3` here is {sys.version.split()[0]}"
    return (
        f"Python 3.11, 3.12, 3.13 or 3.14 is needed; {found}. On Ubuntu 22.04 `apt install python3.11-venv` brings one beside it; "
        "one that lies elsewhere is named by `make PYTHON=/path/to/python3.13 …`"
    )


# ---- the environment


def make(folder: Path, only: list[str] | None) -> int:
    """Makes or updates the environment in ``folder``; returns 0, or 1 after saying what is missing."""
    unknown = sorted({*(only or ())} - {GRADING, *extras()})
    if unknown:
        return complain(f"no such part: {', '.join(unknown)}. There are {', '.join([GRADING, *extras()])}", status=2)
    python = interpreter(folder)
    if not python.exists() and not (standard_venv(folder) or virtualenv(folder)):
        shutil.rmtree(folder, ignore_errors=True)
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        return complain(f"Python can't make virtual environments here: `apt install {package}` and try again")
    return install(python, folder, chosen(direct(only), leave_out=own_torch(python)))


def interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def install(python: Path, folder: Path, packages: dict[str, str]) -> int:
    """Installs packages of the lock file, and this project."""
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    started = time.monotonic()
    print(
        f"Installing {len(packages)} packages for Python {sys.version.split()[0]} into {folder} (some minutes the first time) …", flush=True
    )
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "requirements.txt"
        wanted.write_text("".join(packages.values()), encoding="utf-8")
        for step in ([*pip, "--require-hashes", "-r", str(wanted)], [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]):
            if not quietly(step, folder / LOG):
                return complain(f"installing failed; the end of what pip said stands above, all of it in {folder / LOG}")
    print(f"Environment ready after {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def quietly(command: list[str], log: Path) -> bool:
    """Runs a command whose words go to a log; their end is printed if it fails."""
    with log.open("ab") as told:
        if subprocess.run(command, stdout=told, stderr=subprocess.STDOUT, check=False).returncode == 0:
            return True
    print(*log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:], sep="\n", file=sys.stderr)
    return False


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


def own_torch(python: Path) -> tuple[str, ...]:
    """Beginnings of the names to be left out because a build of PyTorch of the user's choice, such as one for the CPU, is there."""
    asked = [str(python), "-c", "from importlib.metadata import version; print(version('torch'))"]
    answer = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    version, _, build = answer.stdout.decode().strip().partition("+")
    return (*TORCH, *GPU) if build and f"\ntorch=={version} " in LOCK.read_text(encoding="utf-8") else ()


# ---- the lock file


def project() -> dict:
    import tomllib  # from Python 3.11 on, which is there by then

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def extras() -> dict[str, list[str]]:
    return project()["optional-dependencies"]


def direct(only: list[str] | None = None) -> list[str]:
    """Names of the packages that pyproject.toml names for some parts (by default for all); those of grading belong to each."""
    parts = [lines for part, lines in extras().items() if only is None or part in only]
    names = [re.match(r"[\w-]+", line)[0] for lines in (project()["dependencies"], *parts) for line in lines]
    return list(dict.fromkeys(names))  # two parts may name one package


def locked() -> list[tuple[str, set[str], str]]:
    """Each entry of the lock file: a package, who needs it, and the entry itself; packages that go by Python's version have several."""
    entries = re.split(r"^(?=[\w-]+==)", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        (entry.partition("==")[0], set(re.findall(r"^ +# +(?:via +)?([\w-]+)", entry, re.MULTILINE)) - {"via"}, entry) for entry in entries
    ]


def chosen(names: list[str], leave_out: tuple[str, ...] = ()) -> dict[str, str]:
    """The named packages and all that they need: the entries of the lock file by name.

    Args:
        names: of packages.
        leave_out: beginnings of names.
    """
    entries, wanted, before = locked(), set(names), set()
    while wanted != before:
        before = set(wanted)
        wanted |= {name for name, users, _ in entries if users & wanted}
    kept = [(name, entry) for name, _, entry in entries if name in wanted and not (leave_out and name.startswith(leave_out))]
    return {name: "".join(entry for other, entry in kept if other == name) for name, _ in kept}


def pin(upgrade: bool) -> int:
    """Brings requirements.lock up to date with pyproject.toml, and environment.yml with it."""
    if shutil.which("uv") is None:
        return complain("`make lock` needs uv: `pip install uv`")
    options = ["--universal", "--all-extras", "--generate-hashes", "--no-emit-index-url", "--python-version", PYTHONS[0], "--no-header"]
    command = ["uv", "pip", "compile", "--quiet", *options, *(["--upgrade"] if upgrade else []), "pyproject.toml", "-o", LOCK.name]
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        return complain("uv could not resolve the dependencies; its message stands above")
    LOCK.write_text(HEADER + LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    CONDA.write_text(with_locked_versions(CONDA.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def with_locked_versions(environment: str) -> str:
    """environment.yml with pyproject.toml's dependencies in the versions of the lock file."""
    versions = {name: re.match(r"[\w-]+==([^\s;\\]+)", entry)[1] for name, _, entry in locked()}
    head, _, _ = environment.partition("  - pip:\n")
    return head + "  - pip:\n" + "".join(f"      - {name}=={versions[name]}\n" for name in direct()) + "      - -e .\n"


def complain(message: str, status: int = 1) -> int:
    print(f"error: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
