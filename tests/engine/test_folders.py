"""The private folders of a submission, brought back to what they were when a state was frozen."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from autograder.inside.folders import MAX_DEPTH, CantRestore, Folders

ROOM = 1 << 20


def picture(folder: Path) -> dict[str, tuple]:
    """Everything below ``folder``: kind and rights, and contents."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if stat.S_ISREG(about.st_mode) else b""
        found[str(path.relative_to(folder))] = (about.st_mode, content)
    return found


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A folder with files, folders in folders, a link and a pipe."""
    folder = tmp_path / "work"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "deep.txt").write_text("deep")
    (folder / "top.txt").write_text("top")
    (folder / "locked.txt").write_text("locked")
    (folder / "locked.txt").chmod(0o400)
    (folder / "link").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe")
    return folder


def overwrite(folder: Path) -> None:
    (folder / "top.txt").write_text("new")


def overwrite_keeping_size_and_time(folder: Path) -> None:
    before = (folder / "top.txt").stat()
    (folder / "top.txt").write_text("pot")
    os.utime(folder / "top.txt", ns=(before.st_atime_ns, before.st_mtime_ns))


def append(folder: Path) -> None:
    with open(folder / "a" / "b" / "deep.txt", "a") as file:
        file.write("er")


def delete(folder: Path) -> None:
    (folder / "top.txt").unlink()
    (folder / "a" / "b" / "deep.txt").unlink()
    (folder / "a" / "b").rmdir()


def add(folder: Path) -> None:
    (folder / "a" / "new").mkdir()
    (folder / "a" / "new" / "file").write_text("message")
    (folder / ".hidden").write_text("message")
    os.mkfifo(folder / "another pipe")


def rename(folder: Path) -> None:
    (folder / "top.txt").rename(folder / "bottom.txt")
    (folder / "a").rename(folder / "c")


def change_kinds(folder: Path) -> None:
    (folder / "top.txt").unlink()
    (folder / "top.txt").mkdir()
    (folder / "top.txt" / "x").write_text("message")
    (folder / "a" / "b" / "deep.txt").unlink()
    (folder / "a" / "b" / "deep.txt").symlink_to("/etc/hostname")
    (folder / "link").unlink()
    (folder / "link").write_text("message")


def change_rights(folder: Path) -> None:
    (folder / "top.txt").chmod(0o600 if (folder / "top.txt").stat().st_mode & 0o4 else 0o604)
    (folder / "a" / "b").chmod(0o700)


def link_elsewhere(folder: Path) -> None:
    (folder / "a" / "b" / "deep.txt").unlink()
    (folder / "a" / "b").rmdir()
    (folder / "a" / "b").symlink_to(folder.parent / "outside")


CHANGES = (
    overwrite, overwrite_keeping_size_and_time, append, delete, add, rename, change_kinds, change_rights, link_elsewhere,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_changed_is_as_before(filled: Path, change) -> None:
    (filled.parent / "outside").mkdir()
    (filled.parent / "outside" / "deep.txt").write_text("not ours")
    folders, before = Folders([str(filled)], ROOM), picture(filled)
    state = folders.remember()
    for _ in range(2):
        change(filled)
        assert picture(filled) != before
        folders.restore(state)
        assert picture(filled) == before
    assert (filled.parent / "outside" / "deep.txt").read_text() == "not ours"


def test_each_state_comes_back(filled: Path) -> None:
    folders, states = Folders([str(filled)], ROOM), []
    for change in (append, add, overwrite):
        states.append((folders.remember(), picture(filled)))
        change(filled)
    for state, seen in [*states, *reversed(states)]:
        folders.restore(state)
        assert picture(filled) == seen


def test_a_file_that_stays_the_same_is_read_once(filled: Path) -> None:
    folders = Folders([str(filled)], ROOM)
    folders.remember()
    left = folders.room
    folders.remember()
    assert folders.room == left < ROOM


def test_what_has_no_room_is_left_alone_unless_it_changes(filled: Path) -> None:
    with open(filled / "large", "wb") as file:
        file.truncate(1 << 40)  # holds nothing, and would take hours to be read
    folders = Folders([str(filled)], ROOM)
    state, before = folders.remember(), picture_of_names(filled)
    add(filled)
    folders.restore(state)
    assert picture_of_names(filled) == before
    (filled / "large").unlink()
    with pytest.raises(CantRestore, match="large was changed"):
        folders.restore(state)


def picture_of_names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_folders_without_end_are_taken_away(filled: Path) -> None:
    folders, before = Folders([str(filled)], ROOM), picture(filled)
    state = folders.remember()
    os.makedirs(filled / "/".join("d" * (MAX_DEPTH + 20)))
    later = folders.remember()
    folders.restore(later)
    folders.restore(state)
    assert picture(filled) == before


# ---- through the grader

KEEPS = """
import os, pathlib
PLACES = [path for path in (".", os.environ["TMPDIR"], "/tmp", "/dev/shm") if os.access(path, os.W_OK)]
pathlib.Path("given.txt").write_text("from the cell")

def answer_of(question):
    seen = [pathlib.Path(place, "met") for place in PLACES]
    known = any(path.exists() for path in seen) or pathlib.Path("given.txt").read_text() != "from the cell"
    for path in seen:
        path.write_text("met")
    pathlib.Path("given.txt").write_text("from a check")
    return known
"""


@pytest.mark.parametrize("at_level", ["bubblewrap", "process"])
def test_a_check_with_a_fresh_state_meets_no_file_of_another(request, at_level) -> None:
    if at_level == "bubblewrap":
        request.getfixturevalue("sealed")
    grader = request.getfixturevalue("grader" if at_level == "bubblewrap" else "plain_grader")
    reports = grader.reports(KEEPS if at_level == "bubblewrap" else KEEPS.replace('"/tmp", "/dev/shm"', '"."'), "TestApart")
    assert [report.passed for report in reports] == [True, True, True], [report.message for report in reports]


def test_a_state_sees_the_files_as_they_were_after_its_cell(grader, sealed) -> None:
    result = grader.grade((KEEPS, "TestApart"), "pathlib.Path('given.txt').write_text('later')\nopen('met', 'w').close()")
    assert all(report.passed for report in result.cells[0].reports)
