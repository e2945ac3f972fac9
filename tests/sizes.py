"""What the installed packages take on the disk: `make sizes` prints it for grading alone, with a cluster's worker, and for all.

Libraries for graphics cards are counted by themselves: the registry's builds of PyTorch bring them, builds for the CPU don't.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import bootstrap  # noqa: E402  (its folder has just been made known)

PARTS = {
    "grading": ["grading"],
    "grading, cluster": ["grading", "cluster"],
    "grading, cluster, assignments": ["grading", "cluster", "assignments"],
    "everything": None,
}
MB = 1e6


def main() -> int:
    print(*table(), sep="\n")
    return 0


def table() -> list[str]:
    """The lines that are printed."""
    rows = {part: measured(bootstrap.chosen(bootstrap.direct(only))) for part, only in PARTS.items()}
    lines = [f"{'installed':<32}{'packages':>9}{'MB':>8}{'of these for graphics cards':>29}{'the rest':>10}"]
    lines += [
        f"{part:<32}{count:>9}{total / MB:>8,.0f}{gpu / MB:>29,.0f}{(total - gpu) / MB:>10,.0f}"
        for part, (count, total, gpu) in rows.items()
    ]
    (_, base, base_gpu), (_, whole, whole_gpu) = rows["grading"], rows["everything"]
    rest = (base - base_gpu) / (whole - whole_gpu)
    lines.append(f"Grading alone is {base / whole:.0%} of everything; without the libraries for graphics cards in both, {rest:.0%}.")
    return lines


def measured(names: dict[str, str]) -> tuple[int, int, int]:
    """How many of these packages are installed here, their bytes, and how many of those are for graphics cards."""
    found = [package for name in names if (package := installed(name))]
    sizes = [size_of(package) for package in found]
    return len(found), sum(size for size, _ in sizes), sum(gpu for _, gpu in sizes)


def installed(name: str) -> Distribution | None:
    """A package of this environment; none if it is one for another system or Python."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def size_of(package: Distribution) -> tuple[int, int]:
    """Bytes of a package's files, and how many of them are libraries for graphics cards."""
    paths = [Path(str(package.locate_file(file))) for file in package.files or ()]
    sizes = {path: path.stat().st_size for path in paths if path.is_file()}
    total = sum(sizes.values())
    if package.metadata["Name"].startswith(bootstrap.GPU):
        return total, total
    return total, sum(size for path, size in sizes.items() if package.metadata["Name"] in bootstrap.TORCH and "cuda" in path.name)


if __name__ == "__main__":
    raise SystemExit(main())
