"""Build the book: `python book/build.py` → `_build/html`.

Jupyter Book does the building, with warnings as errors. What is added here: a
chapter runs again only when its code, its data or a library changed; pages that
left the table of contents disappear; what runs Python in the pages is put beside
them; and the result is verified (every page there, nothing loaded from another
host, no broken link, no unreadable formula, no picture without a text).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.metadata import distributions
from pathlib import Path

import yaml
from jupyter_cache import get_cache

from autograder.chapters import chapters, toc_pages

ROOT = Path(__file__).resolve().parents[1]
ENGINE_CACHE = ROOT / "_build" / "engine"  # what was fetched for Python in the pages
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import addresses  # noqa: E402  (its folder has just been made known)
import engine_files  # noqa: E402  (its folder has just been made known)
import page_checks  # noqa: E402  (its folder has just been made known)
import run_times  # noqa: E402

# One thread a chapter, as many chapters at a time as there are cores. The same number
# everywhere: sums split differently round differently.
THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


# Jupyter Book's command, without a checker of addresses that takes two seconds to load and that it never asks.
JUPYTER_BOOK = "import sys; sys.modules['rfc3987_syntax'] = None; from jupyter_book.cli.main import main; main()"


class BuildError(Exception):
    """The book could not be built, or it is not as it must be."""


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """Return a hash of the files' names and contents, and of further facts."""
    digest = hashlib.sha256("\n".join(facts).encode())
    for file in sorted(files):
        digest.update(f"\n{file.name}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def installed_packages() -> str:
    """Return name and version of every package of this environment, sorted.

    Only its own folder is looked into: importing some packages adds further ones to `sys.path`.
    """
    folder = sysconfig.get_path("purelib")
    return "\n".join(sorted({f"{d.metadata['Name']} {d.version}" for d in distributions(path=[folder])}))


def files_below(folder: Path, pattern: str = "*") -> list[Path]:
    """Return the files below a folder, caches and checkpoints apart."""
    skipped = {"__pycache__", ".ipynb_checkpoints"}
    return [file for file in folder.rglob(pattern) if file.is_file() and not skipped & set(file.relative_to(folder).parts)]


class Book:
    """The book of one checkout: its sources, its build folder and its build.

    Args:
        root: the folder that holds `_config.yml` and `_toc.yml`.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.output = root / "_build"
        self.html = self.output / "html"
        self.pages = toc_pages(root / "_toc.yml")

    # What the last good build was made of, and what the cached runs were made with.
    @property
    def _state(self) -> Path:
        return self.output / ".book-state.json"

    @property
    def _run_inputs(self) -> Path:
        return self.output / ".book-run-inputs"

    def state(self) -> dict[str, str]:
        """Return the hashes that decide what has to be done again."""
        packages = installed_packages()
        book = self.root / "book"
        data = [file for file in files_below(self.root / "data") if file.suffix != ".md"]
        modules = [file for file in book.glob("*.py") if file.name != "build.py"]  # those in a chapter's folder: `_forget_runs`
        pages = [file for file in files_below(book) if book / "editions" not in file.parents]
        settings = [self.root / "_config.yml", self.root / "_toc.yml"]
        settings += self.found("autograder/settings.py")
        settings += self.found("autograder/reference/*.py")  # the key of the self-checks
        settings += self.found("release/*/*.ipynb")  # pages show tasks and run their visible checks
        engines = self.found("autograder/jobs/cells.py") + self.found("autograder/chapters.py")
        machinery = [*files_below(book / "_ext"), self.root / "_config.yml", *engines]
        return {
            "run": fingerprint([*data, *modules], packages, sys.version),
            "machinery": fingerprint(machinery, packages),
            "sources": fingerprint([*pages, *settings]),
        }

    def found(self, pattern: str) -> list[Path]:
        """Return what pages are made from outside the book's folder.

        Raises:
            BuildError: there is none of it in a checkout of the course: it was moved, and pages would never be built anew.
        """
        files = sorted(self.root.glob(pattern))
        if not files and (self.root / "nbgrader_config.py").exists():
            raise BuildError(f"{self.root / pattern}: pages are made from this, and there is nothing of it")
        return files

    def build(self) -> bool:
        """Bring the HTML up to date and verify it.

        Returns:
            Whether anything had to be built.

        Raises:
            BuildError: Jupyter Book failed, or a check of the result did.
        """
        self.output.mkdir(exist_ok=True)
        with self._locked():
            state = self.state()
            stale = self._last_state() != state or bool(self._missing())
            if stale:
                self._forget(state)
                self._run_chapters()
                with ThreadPoolExecutor(1) as pool:  # Jupyter Book uses one core: the other fetches and packs meanwhile
                    pool.submit(engine_files.fetch, self._engine(), ENGINE_CACHE)
                    self._run_jupyter_book()
                self._drop_old_pages()
            print(engine_files.provide(self._engine(), ENGINE_CACHE, self.html))
            self.verify()
            self._state.write_text(json.dumps(state))
        return stale

    def verify(self) -> None:
        """Check the built HTML.

        Raises:
            BuildError: with one line for each problem.
        """
        problems = self._missing()
        memory = page_checks.Memory(self.output / ".page-facts.json" if self.output.exists() else None)
        pages = page_checks.read_pages(self.html, memory)
        problems += page_checks.external_assets(self.html, pages, memory)
        problems += page_checks.broken_links(pages)
        problems += addresses.lost(pages, self.root)
        problems += page_checks.maths_errors(pages)
        problems += page_checks.images_without_alt(pages)
        memory.save()
        if problems:
            self._state.unlink(missing_ok=True)
            raise BuildError("\n".join([f"{len(problems)} problems in {self.html}:", *problems]))

    def _missing(self) -> list[str]:
        return page_checks.missing_pages(self.html, self.pages)

    def _last_state(self) -> dict[str, str] | None:
        """Return the state of the last good build, if there was one."""
        return json.loads(self._state.read_text()) if self._state.exists() else None

    def _forget(self, state: dict[str, str]) -> None:
        """Remove what an earlier build left and this one may not use.

        Sphinx reports a warning only when it reads the page: after a failed
        build all pages are read again, so that no warning is lost.
        """
        last = self._last_state()
        self._state.unlink(missing_ok=True)
        if not last or last["machinery"] != state["machinery"]:
            shutil.rmtree(self.output / ".doctrees", ignore_errors=True)
        if not self.has_current_runs(state):
            shutil.rmtree(self.output / ".doctrees", ignore_errors=True)
            shutil.rmtree(self.output / ".jupyter_cache", ignore_errors=True)
            self._run_inputs.write_text(state["run"])

    def has_current_runs(self, state: dict[str, str] | None = None) -> bool:
        """Tell whether the cached runs were made with the data, modules and libraries that are here now.

        Args:
            state: what `state()` returned, if it is known.
        """
        ran_with = self._run_inputs.read_text() if self._run_inputs.exists() else None
        return ran_with == (state or self.state())["run"]

    def _run_chapters(self) -> None:
        """Run the chapters whose code changed, several at a time, into the cache that Jupyter Book reads.

        A chapter that fails here runs again under Jupyter Book, which says where and why.
        """
        folder = self.output / ".jupyter_cache"
        notebooks = [file for page in self.pages if (file := self.root / f"{page}.ipynb").exists()]
        self._forget_runs()
        if self._ran_code() == self._code_of(notebooks) or not self._chapters_to_run(folder, notebooks):
            self._note_run(notebooks)
            return
        timeout = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8"))["execute"]["timeout"]
        options = ["--executor", "local-parallel", "--timeout", str(timeout)]
        self._run("jcache", "project", "--cache-path", str(folder), "execute", *options)
        self._note_run(notebooks)

    def _forget_runs(self) -> None:
        """Forget the runs of chapters whose own modules, those in their folder, changed: their pages run and are read again."""
        noted = self.output / ".book-ran-modules.json"
        known = json.loads(noted.read_text()) if noted.exists() else {}
        now = {name: fingerprint(chapter.modules(self.root)) for name, chapter in chapters(self.root).items()}
        for name, chapter in chapters(self.root).items():
            if known.get(name, now[name]) != now[name]:
                self._forget_runs_of(chapter.pages)
        noted.write_text(json.dumps(now))

    def _forget_runs_of(self, pages: Sequence[str]) -> None:
        """Forget the runs of some pages, and what Sphinx read of them."""
        cache = get_cache(self.output / ".jupyter_cache")
        for page in pages:
            (self.output / ".doctrees" / f"{page}.doctree").unlink(missing_ok=True)
            with suppress(KeyError, FileNotFoundError):  # no notebook, or one that never ran
                cache.remove_cache(cache.match_cache_file(str(self.root / f"{page}.ipynb")).pk)
        cache.db.dispose()
        (self.output / ".book-ran-code").unlink(missing_ok=True)

    def _note_run(self, notebooks: list[Path]) -> None:
        """Note how long the chapters' runs took, and with which code, unless that is what stands there."""
        code, noted = self._code_of(notebooks), self.output / ".book-ran-code"
        if self._ran_code() != code and run_times.write(self.output, self.root):
            noted.write_text(code)

    def _ran_code(self) -> str | None:
        """Return the hash of the code of the chapters' last runs, if their results are there."""
        noted = self.output / ".book-ran-code"
        return noted.read_text() if noted.exists() and (self.output / ".jupyter_cache").exists() else None

    def _code_of(self, notebooks: list[Path]) -> str:
        """Return a hash of the code of all chapters, and of what it ran with."""
        digest = hashlib.sha256(self._run_inputs.read_bytes())
        for file in notebooks:
            notebook = json.loads(file.read_text(encoding="utf-8"))
            code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
            digest.update(json.dumps([file.relative_to(self.root).as_posix(), notebook["metadata"], code]).encode())
        return digest.hexdigest()

    def _chapters_to_run(self, folder: Path, notebooks: list[Path]) -> int:
        """Tell the cache which chapters there are; return how many of them it holds no results for."""
        cache = get_cache(folder)
        for record in cache.list_project_records():
            cache.remove_nb_from_project(record.pk)
        for notebook in notebooks:
            cache.add_nb_to_project(str(notebook))
        waiting = len(cache.list_unexecuted())
        cache.db.dispose()
        return waiting

    def _run_jupyter_book(self) -> None:
        """Run Jupyter Book's own command; its progress goes to the terminal."""
        options = [str(self.root), "--path-output", str(self.root), "-W", "-n", "--keep-going"]
        code = self._run(sys.executable, "-c", JUPYTER_BOOK, "build", *options)
        if code:
            raise BuildError(f"Jupyter Book failed ({code}): see the warnings above.")

    def _engine(self) -> str:
        """Return the name of what runs Python in the pages."""
        config = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8"))
        return config.get("sphinx", {}).get("config", {}).get("pyrun_engine", "none")

    def _run(self, program: str, *arguments: str) -> int:
        """Run a program of this environment, with the book's number of threads; return its exit code.

        Whatever ``MPLBACKEND`` the caller's shell has set, kernels show their figures in the notebook.
        """
        command = [str(Path(sysconfig.get_path("scripts")) / program), *arguments]
        kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
        environment = {**kept, **THREADS, "JUPYTER_PREFER_ENV_PATH": "1"}
        return subprocess.run(command, cwd=self.root, env=environment, check=False).returncode

    def _drop_old_pages(self) -> None:
        """Delete the HTML of pages that are no longer in the table of contents."""
        kept = {*self.pages, *addresses.forwards(self.root)}
        for file in (self.html / "book").rglob("*.html"):
            if file.relative_to(self.html).with_suffix("").as_posix() not in kept:
                file.unlink()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one build at a time use the build folder."""
        with (self.output / ".book-lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def main() -> int:
    """Build the book, say what was done and how long it took."""
    start = time.perf_counter()
    book = Book()
    try:
        built = book.build()
    except BuildError as error:
        print(f"\nThe book is not good.\n{error}", file=sys.stderr)
        return 1
    done = "built and verified" if built else "up to date, verified again"
    print(f"Book {done}: {len(book.pages)} pages, {time.perf_counter() - start:.1f} s.")
    print(f"Open {book.html / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
