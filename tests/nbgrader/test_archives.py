"""Archives that unpack to more than anybody may hand in: the rest is left out, told, and nobody else's files are touched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.collecting import unpack as unpacking

HONEST = "benbob_2_20_tiny.ipynb"


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def unpack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Unpacks what lies in the folder of downloads, with small limits; returns sizes by place, and what was said of which place."""
    for name, value in {"MAX_FILE": 1000, "MAX_NOTEBOOK": 1000, "MAX_NESTED": 5000, "MAX_ENTRIES": 20, "LARGE": 0}.items():
        monkeypatch.setattr(unpacking, name, value)
    for folder in ("archive", "scratch"):
        (tmp_path / folder).mkdir()

    def run(**downloads: bytes) -> tuple[dict[str, int], dict[str, str]]:
        for name, content in downloads.items():
            (tmp_path / "archive" / name.replace("__", ".")).write_bytes(content)
        found = unpacking.unpack(tmp_path / "archive", tmp_path / "scratch")
        return {str(item): item.path.stat().st_size for item in found.items}, {
            "/".join(place): why for place, why in found.troubles.items()
        }

    return run


BOMBS = {
    "many files": packed((f"{number}.bin", b"\0" * 900) for number in range(15)),
    "many entries": packed((f"{number}.txt", b"") for number in range(30)),
    "one large file": packed([("a.bin", b"\0" * 100_000)]),
    "archives in it": packed([("x.zip", packed((f"{number}", b"\0" * 900) for number in range(9)))]),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_one_student_packed_is_bounded_and_the_others_are_collected(unpack, bomb, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_FILE", 20_000)
    whole = packed([("adalovelace_1_10_work.zip", BOMBS[bomb]), (HONEST, b"{}")])
    files, said = unpack(class__zip=whole)
    hers = {name: size for name, size in files.items() if "adalovelace" in name}
    assert sum(hers.values()) <= 5000 and len(hers) <= 20
    assert files[f"class.zip/{HONEST}"] == 2
    assert any("adalovelace" in place for place in said)


def test_bombs_of_many_count_together(unpack, monkeypatch):
    """Each of them is small enough; what they hold counts in all, too."""
    monkeypatch.setattr(unpacking, "MAX_ALL", 12_000)
    inner = packed((f"{number}.bin", b"\0" * 900) for number in range(5))
    files, said = unpack(class__zip=packed((f"student{number}.zip", inner) for number in range(10)))
    assert sum(files.values()) <= 12_000
    assert "more in the archive folder than can be unpacked" in " ".join(said.values())


def test_a_file_that_isnt_packed_is_bounded_without_being_read(unpack, tmp_path):
    with open(tmp_path / "archive" / "adalovelace_1_10_huge.ipynb", "wb") as file:
        file.truncate(1 << 40)
    files, said = unpack(**{HONEST.replace(".", "__"): b"{}"})
    assert files == {HONEST: 2}
    assert list(said) == ["adalovelace_1_10_huge.ipynb"] and "larger than" in said["adalovelace_1_10_huge.ipynb"]


def test_a_disk_that_is_all_but_full_isnt_filled(unpack, monkeypatch):
    monkeypatch.setattr(unpacking.shutil, "disk_usage", lambda folder: SimpleNamespace(free=unpacking.FREE + 1))
    files, said = unpack(class__zip=packed([(HONEST, b"{}")]))
    assert files == {} and "the disk is full" in said["class.zip"]
