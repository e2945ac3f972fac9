"""What lies beside a notebook: which files may be used, why the others not, and that looking costs little."""

from __future__ import annotations

import os
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from deep_folders import deep_folders
from hypothesis import given
from hypothesis import strategies as st

from autograder.jobs.beside import MAX_ENTRIES, MAX_FILES, FileChanged, look_at, shown, size_of
from autograder.jobs.submission import Job


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "ada" / "mine"
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, **files: bytes | str | int) -> None:
    """Files by name (``__`` for a slash, ``_`` for a dot): contents, or the length of a file that takes no room."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, int):
            with open(path, "wb") as file:
                file.truncate(content)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)


def test_plain_files_may_be_used_and_are_held_by_reference(mine):
    write(mine, a_txt="1", data__b_csv="2", deep__er__c="3")
    look = look_at(mine)
    assert {name: file.read() for name, file in look.files.items()} == {"a.txt": b"1", "data/b.csv": b"2", "deep/er/c": b"3"}
    assert look.lines() == []


def test_a_folder_that_isnt_there_holds_nothing(tmp_path):
    look = look_at(tmp_path / "nowhere")
    assert (look.files, look.lines()) == ({}, [])


def test_notebooks_and_what_nbgrader_ignores_are_passed_over_without_a_word(mine):
    write(mine, tiny_ipynb="{}", sub__x_ipynb="{}", x_pyc="1", cache__y="1", z_txt="1")
    assert look_at(mine, ignore=["*.pyc", "cache"]).files.keys() == {"z.txt"}
    assert look_at(mine, ignore=["*.pyc", "cache"]).lines() == []


def test_links_and_special_files_stay_out(mine, tmp_path):
    write(tmp_path / "secret", answers_txt="7")
    for name, target in {"link.txt": "answers.txt", "folder": "", "nowhere": "nothing"}.items():
        (mine / name).symlink_to(tmp_path / "secret" / target)
    (mine / "loop").symlink_to(mine)
    os.mkfifo(mine / "pipe")
    write(mine, honest_txt="1")
    look = look_at(mine)
    assert look.files.keys() == {"honest.txt"}
    assert look.lines() == [
        *(f"{name}: a link" for name in ("folder", "link.txt", "loop", "nowhere")),
        "pipe: neither a file nor a folder",
    ]


@pytest.mark.parametrize("linked", ["ada", "ada/mine"])
def test_nothing_of_a_linked_folder_is_used(linked, tmp_path):
    write(tmp_path / "real" / "mine", x_txt="1")
    path = tmp_path / linked
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(tmp_path / "real" if linked == "ada" else tmp_path / "real" / "mine")
    look = look_at(tmp_path / "ada" / "mine")
    assert (look.files, look.lines()) == ({}, ["mine: a link"])


@pytest.mark.parametrize(
    ("sizes", "used", "told"),
    [
        ({"a": 100}, {"a"}, []),
        ({"a": 101}, set(), ["a: 101 bytes, where 100 bytes are allowed"]),
        ({"a": 1 << 42, "b": 5}, {"b"}, ["a: 4 TiB, where 100 bytes are allowed"]),
        ({"a": 60, "b": 60, "c": 40}, {"a", "c"}, ["b: 60 bytes, which makes all files together more than the 100 bytes allowed"]),
        ({"z": 60, "sub__a": 60}, {"z"}, ["sub/a: 60 bytes, which makes all files together more than the 100 bytes allowed"]),
    ],
)
def test_what_is_too_large_stays_out_and_is_told(mine, sizes, used, told):
    """Also sparse files, which are terabytes to whoever copies them."""
    write(mine, **sizes)
    look = look_at(mine, room=100)
    assert look.files.keys() == used
    assert look.lines() == told


OWN = ["digits.npz", "data/train.csv"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("digits.npz/x", "digits.npz: a folder, where the assignment has a file"),
        ("data", "data: a file, where the assignment has a folder"),
        ("Digits.npz", "Digits.npz: differs from digits.npz in nothing but the case or the encoding of letters"),
        ("DATA/other.csv", "DATA: differs from data in nothing but the case or the encoding of letters"),
        ("data/Train.CSV", "data/Train.CSV: differs from data/train.csv in nothing but the case or the encoding of letters"),
        ("data/train.csv/a/b", "data/train.csv: a folder, where the assignment has a file"),
        ("timestamp.txt/x", "timestamp.txt: not what nbgrader writes there"),
    ],
)
def test_what_has_the_place_of_something_else_stays_out(mine, name, told):
    path = mine / name
    path.parent.mkdir(parents=True) if not path.parent.exists() else None
    path.write_text("mine")
    write(mine, honest_txt="1")
    look = look_at(mine, OWN)
    assert look.files.keys() == {"honest.txt"}
    assert look.lines() == [told]


def test_the_assignments_own_files_count_nothing_and_are_no_students(mine):
    write(mine, digits_npz=10**9, data__train_csv="mine", data__mine_csv="mine")
    look = look_at(mine, OWN, room=10)
    assert look.files.keys() == {"data/mine.csv"} and look.owned.keys() == set(OWN)
    assert look.lines() == []


@pytest.mark.parametrize("pair", [("Data.csv", "data.csv"), ("stra\u00dfe", "STRASSE"), ("\u00e9.txt", "e\u0301.txt")])
def test_of_names_that_some_systems_take_for_one_the_first_is_used(mine, pair):
    for name in pair:
        (mine / name).write_text(name)
    look = look_at(mine)
    first, second = sorted(pair)
    assert look.files.keys() == {first}
    assert look.lines() == [f"{second}: differs from {first} in nothing but the case or the encoding of letters"]


@pytest.mark.parametrize("name", [b"\xff.txt", b"folder\xe9/x", b"\xed\xa0\x80"])
def test_names_that_are_no_utf8_stay_out(mine, name):
    path = os.path.join(os.fsencode(mine), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb"):
        pass
    look = look_at(mine)
    assert look.files == {}
    (line,) = look.lines()
    assert line.endswith("its name isn't UTF-8") and line.isprintable()


def test_paths_longer_than_the_system_allows_end_nothing(mine):
    """Made as a student's program makes them: step by step, each folder inside the last."""
    deep_folders(mine, 40)
    write(mine, honest_txt="1")
    look = look_at(mine)
    assert look.files.keys() == {"honest.txt"}
    (line,) = look.lines()
    assert line.endswith("its name, folders included, is longer than 1,000 bytes") and len(line) < 300


@pytest.fixture
def readable_by_nobody() -> Iterator[Path]:
    """A folder in which the file ``closed`` and the folder ``shut`` can't be read; root sees it as an ordinary user."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "ada"
        write(folder, closed="1", shut__x="2", open_txt="3")
        os.chmod(made, 0o755)
        os.chmod(folder / "closed", 0)
        os.chmod(folder / "shut", 0)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        yield folder
        if root:
            os.seteuid(0)
        os.chmod(folder / "shut", 0o700)


def test_what_cant_be_read_stays_out(readable_by_nobody):
    look = look_at(readable_by_nobody)
    assert look.files.keys() == {"open.txt"}
    assert look.lines() == ["closed: can't be read: Permission denied", "shut: can't be opened: Permission denied"]


def test_only_so_many_files_are_used(mine):
    for number in range(MAX_FILES + 30):
        (mine / f"{number:05d}").touch()
    look = look_at(mine)
    assert len(look.files) == MAX_FILES
    assert len(look.lines()) == 21 and look.lines()[-1] == "and 10 more"
    assert look.lines()[0] == f"{MAX_FILES:05d}: more than the 2,000 files allowed"


@pytest.mark.parametrize("place", ["", "sub", "sub/sub"])
def test_half_a_million_files_cost_no_time_and_no_file_above_them(mine, place, monkeypatch):
    """The walk stops at the bound, wherever the many lie; what nbgrader itself wrote is kept in any case."""
    monkeypatch.setattr("autograder.jobs.beside.MAX_ENTRIES", 300)
    folder = mine / place
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(3_000):
        (folder / f"{number}").touch()
    write(mine, timestamp_txt="2027-01-31 22:59:00", honest_txt="1")
    started = time.process_time()
    look = look_at(mine)
    assert time.process_time() - started < 0.5
    assert look.files.keys() == ({"timestamp.txt", "honest.txt"} if place else {"timestamp.txt"})
    assert look.lines() == [f"{place or 'the whole folder'}: too many: 300 files and folders are looked at, no more"]


def test_the_bound_holds_for_folders_of_folders(mine):
    for number in range(120):
        for other in range(100):
            (mine / f"a{number}" / f"b{other}").mkdir(parents=True)
    assert 120 * 100 > MAX_ENTRIES
    assert len(look_at(mine).lines()) == 1


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..")
)


@given(st.dictionaries(names, st.integers(0, 50), max_size=6), st.integers(0, 120))
def test_whatever_is_used_fits_and_whatever_isnt_is_told(sizes, room):
    with tempfile.TemporaryDirectory() as made:
        for name, size in sizes.items():
            (Path(made) / name).write_bytes(b"x" * size)
        look = look_at(Path(made), room=room)
        assert sum(file.size for file in look.files.values()) <= room
        expected = {name for name in sizes if not name.endswith(".ipynb")}
        assert look.files.keys() | look.left_out.keys() == expected
        assert all(line.isprintable() for line in look.lines())


# ---- by reference


def test_a_file_that_changed_since_its_digest_is_noticed(mine):
    write(mine, a_txt="before")
    file = look_at(mine).files["a.txt"]
    digest = file.digest()
    write(mine, a_txt="after!")
    with pytest.raises(FileChanged, match=r"^a\.txt was changed"):
        file.read()
    assert look_at(mine).files["a.txt"].digest() != digest


@pytest.mark.parametrize("instead", ["longer", "nothing", "link", "folder"])
def test_a_file_that_was_replaced_is_noticed(mine, tmp_path, instead):
    write(mine, a_txt="1")
    write(tmp_path, other="1")
    file, path = look_at(mine).files["a.txt"], mine / "a.txt"
    file.digest()
    path.unlink()
    match instead:
        case "longer":
            path.write_text("12")
        case "link":
            path.symlink_to(tmp_path / "other")
        case "folder":
            path.mkdir()
    with pytest.raises(FileChanged, match=r"^a\.txt "):
        file.read()


def test_a_jobs_key_is_the_same_for_contents_and_for_a_file_that_holds_them(mine):
    write(mine, a_txt="1", b__c="2")
    by_reference = Job("tiny", "ada", (), look_at(mine).files)
    assert by_reference.key() == Job("tiny", "ada", (), {"a.txt": b"1", "b/c": b"2"}).key()
    assert Job.from_message(*by_reference.to_message()).key() == by_reference.key()


def test_jobs_of_a_class_hold_no_contents(tmp_path):
    """Thirty students with 2 MiB each, their keys computed: far less than one file's size is held."""
    for number in range(30):
        write(tmp_path / str(number), big=os.urandom(2 << 20))
    tracemalloc.start()
    jobs = [Job("tiny", str(number), (), look_at(tmp_path / str(number)).files) for number in range(30)]
    keys = {job.key() for job in jobs}
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(keys) == 30
    assert held < 1 << 20 and peak < 5 << 20


# ---- how it is shown


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a b.txt", "a b.txt"),
        ("a\nb\t\x1b[31m", r"a\nb\t\x1b[31m"),
        ("\udcff", r"\udcff"),
        ("é", "é"),
        ("x" * 400, "x" * 60 + "…" + "x" * 39),
    ],
)
def test_names_are_shown_in_printable_characters(name, expected):
    assert shown(name) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 bytes"), (1023, "1,023 bytes"), (1024, "1 KiB"), (128 << 20, "128 MiB"), (1 << 40, "1 TiB"), (9 << 50, "9,216 TiB")],
)
def test_sizes_are_shown_in_units(count, expected):
    assert size_of(count) == expected
