"""The live parts of a page as one plain script, so that they also work in a page opened as a file (`file://…`).

Browsers load modules from servers only. What the pages ask for (`live/*.mjs`, from the directives `visual` and
`self-check`) is put into one file per set of modules when the pages are written, by a bundler fetched by its hash as
the engines of `engine_files` are. Where it can't be had the modules stay as they are, for a book read from a server.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

import engine_files
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

LIVE = Path(__file__).resolve().parents[1] / "_static" / "live"
CACHE = Path(__file__).resolve().parents[2] / "_build" / "engine"
OPTIONS = ["--bundle", "--format=iife", "--minify", "--target=es2022", "--log-level=warning", "--charset=utf8"]
PREFIX = "_static/live/"


def bundled(modules: list[str], bundler: Path) -> bytes:
    """Return one script that does what the modules do.

    Args:
        modules: file names in `book/_static/live`.
        bundler: the folder that `engine_files.ready` gives for it.

    Raises:
        ExtensionError: a module can't be read or names something that isn't there.
    """
    entry = "".join(f'import "./{name}";\n' for name in modules)
    command: list[str | Path] = [engine_files.node(), bundler / "node_modules/esbuild/bin/esbuild", *OPTIONS]
    done = subprocess.run(command, cwd=LIVE, input=entry.encode(), capture_output=True, timeout=60, check=False)
    if done.returncode or done.stderr:
        raise ExtensionError(f"The modules of {', '.join(modules)} can't be put together:\n{done.stderr.decode()}")
    return done.stdout


def find_bundler() -> Path | None:
    """Return the bundler's folder, or say why modules stay modules."""
    try:
        return engine_files.ready("bundler", CACHE)
    except engine_files.Unavailable as problem:
        print(f"Live parts of the pages need a server (make serve): their bundler could not be had ({problem}).")
        return None


def state(bundler: Path | None) -> str:
    """Return a hash of all modules and of what puts them together."""
    digest = hashlib.sha256("\n".join([*OPTIONS, bundler.name if bundler else ""]).encode())
    for file in sorted(LIVE.rglob("*.mjs")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def asks_for_modules(env: BuildEnvironment, page: str) -> bool:
    """Whether a page has a live part."""
    about = env.metadata.get(page, {})
    return not {"visuals", "self_check_progress", "self_check_counts"}.isdisjoint(about) or page in getattr(env, "self_checks", {})


def write_script(static: Path, modules: list[str], bundler: Path, digest: str) -> str:
    """Write the script of these modules, made of what `digest` says, if it isn't there; return its path below `static`."""
    names = "\n".join([*modules, digest])
    name = f"live/bundle-{hashlib.sha256(names.encode()).hexdigest()[:12]}.js"
    target = static / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}")
        part.write_bytes(bundled(modules, bundler))
        part.replace(target)
    return name


class LiveScripts:
    """The scripts of one build.

    Attributes:
        bundler: the bundler's folder; None where modules stay modules.
        digest: the hash of what the scripts are made of.
    """

    bundler: Path | None = None
    digest = ""

    def write_again(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name the pages with live parts if a module changed: their script has another name then, and the old one goes."""
        pages = [page for page in env.found_docs if asks_for_modules(env, page)] if app.builder.name == "html" else []
        self.bundler = find_bundler() if pages else None
        self.digest, last = state(self.bundler), getattr(env, "live_state", None)
        env.live_state = self.digest
        if self.digest == last:
            return []
        for script in (Path(app.outdir) / PREFIX).glob("bundle-*.js"):
            script.unlink()
        return pages

    def bundle_modules(self, app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
        """Put one script in the place of the modules that a page asks for."""
        files = context.get("script_files", [])
        modules = [file for file in files if str(getattr(file, "filename", file)).startswith(PREFIX)]
        if not modules or self.bundler is None:
            return
        names = sorted(str(file.filename).removeprefix(PREFIX) for file in modules)
        files[:] = [file for file in files if file not in modules]
        app.add_js_file(write_script(Path(app.outdir) / "_static", names, self.bundler, self.digest), defer="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the bundling after the directives that ask for modules."""
    scripts = LiveScripts()
    app.connect("env-updated", scripts.write_again)
    app.connect("html-page-context", scripts.bundle_modules, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
