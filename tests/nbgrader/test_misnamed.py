"""Notebooks under other names and in other folders than they were handed out with: graded all the same, or named."""

import json

import pytest
from platforms import notebook

from autograder.authoring.course import CommandFailed
from autograder.collecting.versions import known_notebooks, read_notebook, references, texts
from autograder.run.misnamed import find_notebooks

CELLS = [{"cell_type": "code", "id": name, "metadata": {"nbgrader": {"grade_id": name}}, "source": "pass"} for name in ("a", "b", "c")]


def written(*sources: str, cells=CELLS) -> bytes:
    changed = [cell | {"source": source} for cell, source in zip(cells, sources, strict=False)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [*changed, *cells[len(changed) :]]}).encode()


OTHER = [cell | {"id": f"other-{cell['id']}", "metadata": {}} for cell in CELLS]


@pytest.fixture
def known(tmp_path):
    (tmp_path / "tiny.ipynb").write_bytes(written())
    return references(tmp_path)


def found(folder, known, files: dict[str, bytes]) -> str | None:
    for name, data in files.items():
        path = folder / "ada" / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    path = find_notebooks(folder / "ada" / "tiny", ["tiny"], known).get("tiny")
    return path and path.relative_to(folder / "ada" / "tiny").as_posix()


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ({"tiny (1).ipynb": written("x")}, "tiny (1).ipynb"),
        ({"Tiny.ipynb": written("x"), "data.json": b"{}"}, "Tiny.ipynb"),
        ({"homework.ipynb.txt": written("x"), "timestamp.txt": b"2027"}, "homework.ipynb.txt"),
        ({"week 3/tiny/tiny.ipynb": written("x"), "old/tiny.ipynb": written("y")}, "week 3/tiny/tiny.ipynb"),
        ({"tiny (1).ipynb": written(), "mine.ipynb": written("x")}, "mine.ipynb"),
        ({"tiny.ipynb": written("x"), "tiny (1).ipynb": written("y")}, None),
        ({"tiny.ipynb": written(), "final.ipynb": written("x")}, "final.ipynb"),
        ({"tiny.ipynb": written(), "scratch.ipynb": written("x", cells=OTHER)}, None),
        ({"tiny.ipynb": b"{", "tiny (1).ipynb": written("y")}, None),
        ({".ipynb_checkpoints/tiny-checkpoint.ipynb": written("x")}, None),
        ({"essay.txt": b"no notebook"}, None),
    ],
)
def test_the_file_that_is_meant_is_taken(tmp_path, known, files, taken):
    assert found(tmp_path, known, files) == taken


def test_links_lead_nowhere(tmp_path, known):
    (tmp_path / "ada" / "tiny").mkdir(parents=True)
    (tmp_path / "elsewhere.ipynb").write_bytes(written("x"))
    (tmp_path / "ada" / "tiny" / "hw.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    (tmp_path / "ada" / "tiny" / "deeper").symlink_to(tmp_path)
    assert found(tmp_path, known, {}) is None


@pytest.fixture
def sorted_by_hand(tiny_course):
    """A course folder whose submissions were sorted by hand, rightly and wrongly."""
    right = json.dumps(tiny_course.answer({"area": "def area(h, w):\n    return open('mine.txt').read() and h * w"})).encode()
    handed_in = tiny_course.folder / "submitted"
    for name, data in {
        "deep/tiny/week 3/tiny.ipynb": right, "deep/tiny/week 3/mine.txt": b"x", "deep/tiny/week 3/numbers.txt": b"not the assignment's",
        "stray.ipynb": right, "flat/tiny.ipynb": right, "two/tiny (1)/tiny.ipynb": right, "packed/tiny/hw.zip": b"PK", "a[1]/tiny/tiny.ipynb": right,
    }.items():  # fmt: skip
        (handed_in / name).parent.mkdir(parents=True, exist_ok=True)
        (handed_in / name).write_bytes(data)
    (handed_in / "nothing" / "tiny").mkdir(parents=True)
    return tiny_course


def test_a_run_grades_what_lies_deeper_with_its_data_and_ends_with_a_list_of_what_it_could_not(sorted_by_hand):
    course = sorted_by_hand
    with pytest.raises(CommandFailed) as caught:
        course.nbgrader("autograde", "tiny", "--Grade.sandbox=process", "--Grade.workers=2")
    said = str(caught.value)
    assert "Traceback" not in said and "4 files or folders in submitted/ are no submission that can be graded" in said
    for line in (
        "stray.ipynb: not graded, because it lies in no folder <student>/<assignment>",
        "flat/tiny.ipynb: not graded, because it lies in no folder of an assignment",
        "two/tiny (1): not graded, because no assignment is called 'tiny (1)'",
        "packed/tiny: no notebook is among what was handed in",
        "week 3/tiny.ipynb isn't called as it was handed out: graded as tiny.ipynb",
    ):
        assert line in said
    assert course.scores("deep")["check_area"] == 3.0, "all but the refusal of a negative side"
    assert course.scores("a[1]")["check_area"] == 0.0, "there is no file"
    assert "week 3/tiny.ipynb as tiny.ipynb" in "".join(cell.source for cell in course.autograded("deep").cells)
    assert (course.folder / "autograded" / "deep" / "tiny" / "numbers.txt").read_bytes() != b"not the assignment's"


def test_a_run_for_one_student_names_hers_alone(sorted_by_hand):
    log = sorted_by_hand.nbgrader("autograde", "tiny", "--student=deep", "--Grade.sandbox=process")
    assert "stray" not in log and "deep: 3 of 7 points" in log


def test_an_assignment_that_isnt_released_is_known_by_its_source(tiny_course):
    from autograder.classroom.graded import open_course

    released = known_notebooks(open_course(tiny_course.folder), "tiny")
    (tiny_course.folder / "release" / "tiny" / "tiny.ipynb").unlink()
    written = known_notebooks(open_course(tiny_course.folder), "tiny")
    assert [one.name for one in released] == [one.name for one in written] == ["tiny"]
    assert released[0].cells == written[0].cells and released[0].texts != written[0].texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_notebook_is_one_in_any_encoding(tmp_path, encoding):
    (tmp_path / "x").write_bytes(notebook("x").decode().encode(encoding))
    assert texts(read_notebook(tmp_path / "x")) == ()
