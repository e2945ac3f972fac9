"""From a sanitized notebook to a job: nothing hidden in it, every directive checked, only harmless files beside it."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.jobs.submission import (
    Cell,
    Checks,
    DirectiveError,
    Job,
    find_checks,
    make_job,
    notebook_imports,
    visible_source,
    warm_imports,
)

HIDDEN = """\
assert area(2, 3) == 6
### BEGIN HIDDEN TESTS
# hidden: autograder/checks/test_tiny.py::TestArea
raise RuntimeError("only with the course's configuration")
### END HIDDEN TESTS
print("after")"""


def grade_cell(source: str = HIDDEN, name: str = "check_area", **about: object) -> nbformat.NotebookNode:
    info = {"grade_id": name, "grade": True, "solution": False, "locked": True, "points": 3} | about
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": info})


def own_cell(source: str = "def area(h, w): return h * w", name: str = "area") -> nbformat.NotebookNode:
    return grade_cell(source, name, grade=False, solution=True, locked=False)


def job_of(*cells: nbformat.NotebookNode, files: dict[str, bytes] | None = None, student: str = "ada") -> Job:
    return make_job(nbformat.v4.new_notebook(cells=list(cells)), "tiny", student, files or {})


# ---- hidden regions


def test_a_hidden_region_never_reaches_the_job():
    (cell,) = job_of(grade_cell()).cells
    assert cell.source == 'assert area(2, 3) == 6\nprint("after")'
    assert cell.checks == Checks("autograder/checks/test_tiny.py", "TestArea")
    assert (cell.name, cell.given) == ("check_area", True)


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("x = 1", "x = 1"),
        ("x = 1\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS", "x = 1"),
        ("### BEGIN HIDDEN TESTS\nsecret", ""),
        ("x = 1\n  ### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS\ny = 2", "x = 1\ny = 2"),
        ("a\n### BEGIN HIDDEN TESTS\ns\n### END HIDDEN TESTS\nb\n### BEGIN HIDDEN TESTS\ns\n### END HIDDEN TESTS\nc", "a\nb\nc"),
        ("a\n### BEGIN HIDDEN TESTS\ns\n### BEGIN HIDDEN TESTS\ns\n### END HIDDEN TESTS\nb", "a\nb"),
        ("### BEGIN HIDDEN TESTS\r\nsecret\r\n### END HIDDEN TESTS\r\nb", "b"),
    ],
)
def test_the_visible_source_is_all_outside_hidden_regions(source, seen):
    assert visible_source(source) == seen


@given(st.lists(st.sampled_from(["x = 1", "secret = 7", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS", ""]), max_size=8))
def test_nothing_after_an_opening_mark_stays_until_its_end(lines):
    hidden, expected = False, []
    for line in lines:
        if line == "### BEGIN HIDDEN TESTS":
            hidden = True
        elif not hidden:
            expected.append(line)
        elif line == "### END HIDDEN TESTS":
            hidden = False
    assert visible_source("\n".join(lines)) == "\n".join(expected).rstrip()


@pytest.mark.parametrize(
    ("region", "found"),
    [
        ("raise RuntimeError()", 0),
        ("# hidden: test_tiny.py", 0),
        ("# hidden: a.py::TestA\n# hidden: a.py::TestB", 2),
        ("# hidden: a b.py::TestA", 0),
        ("# hidden: a.py::Test-A", 0),
    ],
)
def test_a_region_that_doesnt_name_exactly_one_class_is_an_error_with_the_cells_name(region, found):
    source = f"### BEGIN HIDDEN TESTS\n{region}\n### END HIDDEN TESTS"
    with pytest.raises(DirectiveError, match=rf"cell 'check_area': .* exactly one line .*, found {found}$"):
        find_checks(source, "check_area")


def test_a_directive_outside_a_hidden_region_means_nothing():
    assert find_checks("# hidden: autograder/checks/test_tiny.py::TestEasy\nassert True", "mine") is None


def test_only_grade_cells_are_decided_by_checks():
    """A student's own cell with a directive earns nothing: it isn't a grade cell once the metadata is put back."""
    plain = nbformat.v4.new_code_cell(HIDDEN)
    solution = grade_cell(solution=True)
    assert [cell.checks for cell in job_of(plain, solution).cells] == [None, None]


# ---- jobs


def test_a_job_holds_code_cells_only_with_their_places():
    texts = [nbformat.v4.new_markdown_cell("# hidden: autograder/checks/x.py::TestX") for _ in range(2)]
    job = job_of(texts[0], nbformat.v4.new_code_cell("x = 1", id="setup"), texts[1], grade_cell())
    assert [(cell.index, cell.name) for cell in job.cells] == [(1, "setup"), (3, "check_area")]
    assert "TestX" not in repr(job)


def test_the_key_names_all_that_decides_the_result():
    job = job_of(grade_cell(), files={"a.txt": b"1"})
    same = job_of(grade_cell(), files={"a.txt": b"1"})
    others = [
        job_of(grade_cell(), files={"a.txt": b"2"}),
        job_of(grade_cell(), files={"b.txt": b"1"}),
        job_of(grade_cell(), files={"a.txt": b"1", "b.txt": b""}),
        job_of(grade_cell("x"), files={"a.txt": b"1"}),
        job_of(grade_cell(locked=False), files={"a.txt": b"1"}),
        job_of(grade_cell(), files={"a.txt": b"1"}, student="bob"),
        job_of(grade_cell(), nbformat.v4.new_code_cell(""), files={"a.txt": b"1"}),
    ]
    assert same.key() == job.key()
    assert len({other.key() for other in [job, *others]}) == 1 + len(others)


def test_points_are_no_part_of_what_decides_the_result():
    four, five, none = (job_of(own_cell(), grade_cell(points=points)) for points in (4, 5, None))
    assert four == five == none and four.key() == five.key()


def test_inputs_hang_on_the_students_own_work_and_on_nothing_of_the_instructors():
    """Where a cell stands, what it is called and what it is worth is none of it either, nor an empty cell."""
    plain, check = nbformat.v4.new_code_cell("x = 1", id="a"), grade_cell()
    empty, bare = nbformat.v4.new_code_cell(" \n"), nbformat.v4.new_code_cell("")
    renamed = nbformat.v4.new_code_cell("x = 1", id="b")
    text = nbformat.v4.new_markdown_cell("a word")
    ada = job_of(plain, own_cell(), check)
    same = [
        job_of(plain, own_cell(), grade_cell(points=5)),
        job_of(plain, own_cell(), grade_cell(HIDDEN.replace("2, 3", "3, 2"))),
        job_of(plain, empty, own_cell(), text, check, bare),
        job_of(renamed, own_cell(name="surface"), check),
    ]
    others = [
        job_of(plain, own_cell(), check, student="bob"),
        job_of(plain, own_cell("def area(h, w): return w * h"), check),
        job_of(plain, own_cell(), renamed, check),
        job_of(own_cell(), plain, check),
        job_of(plain, check, own_cell()),
        job_of(plain, own_cell(), grade_cell(name="check_size")),
        job_of(plain, own_cell(), check, files={"a.txt": b"1"}),
        replace(ada, assignment="other"),
        replace(ada, seed="another"),
    ]
    assert {job.work() for job in same} == {ada.work()}
    assert len({job.work() for job in [ada, *others]}) == 1 + len(others)


def test_a_moved_course_folder_keeps_the_key():
    here, there = (
        Job("tiny", "ada", (Cell(0, "check_area", "", Checks(f"{root}/autograder/checks/test_tiny.py", group)),))
        for root, group in (("/home/one/course", "TestArea"), ("/srv/course", "TestArea"))
    )
    other = Job("tiny", "ada", (Cell(0, "check_area", "", Checks("/srv/course/autograder/checks/test_tiny.py", "TestSize")),))
    assert here.key() == there.key() != other.key()


def test_a_job_travels_whole():
    job = job_of(grade_cell(), nbformat.v4.new_code_cell("é = '\ud800'"), files={"a/b.txt": b"\x00\xff"})
    assert Job.from_message(*job.to_message()) == job
    assert Job.from_message(*job.to_message()).key() == job.key()


def test_a_job_on_another_machine_has_its_checks_elsewhere_and_is_the_same_otherwise():
    job = job_of(own_cell(), grade_cell(), files={"a.txt": b"1"})
    moved = job.with_check_files({"autograder/checks/test_tiny.py": "/tmp/x/test_tiny.py"})
    assert [cell.checks for cell in moved.cells] == [None, Checks("/tmp/x/test_tiny.py", "TestArea")]
    assert moved.with_check_files({"/tmp/x/test_tiny.py": "autograder/checks/test_tiny.py"}) == job and moved.key() == job.key()
    with pytest.raises(KeyError, match="test_tiny"):
        job.with_check_files({})


# ---- imports


def test_imports_are_found_wherever_they_stand():
    sources = [
        "%matplotlib inline\nimport numpy as np, os.path\n!ls",
        "from scipy.signal import correlate2d as c\ndef f():\n    import torch",
        "from . import local",
        "this doesn't parse",
        "import numpy\x00",
        "(" * 5000,
    ]
    assert notebook_imports(sources) == ["numpy", "os.path", "scipy.signal", "torch"]


def test_the_warm_process_imports_what_the_assignments_modules_import_later():
    assert warm_imports(["import numpy as np"]) == ["numpy"]
    assert warm_imports(["import torch", "net = torch.nn.Linear(2, 1)"]) == ["torch"]
    assert warm_imports(["from torch import nn, optim", "optim.Adam(net.parameters())"]) == ["torch", "torch._dynamo"]
    assert warm_imports(["import matplotlib.pyplot as plt"]) == ["matplotlib.pyplot", "matplotlib_inline.backend_inline"]
