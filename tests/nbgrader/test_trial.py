"""`python -m autograder try`: hidden checks tried on one notebook, without a gradebook."""

from __future__ import annotations

import re

import nbformat
import pytest

from autograder import compare
from autograder.__main__ import main
from autograder.authoring.course import ROOT
from autograder.authoring.trial import CantTry, released_as, try_notebook
from autograder.checking.student import RemoteFunction, RemoteModel, Trial
from autograder.jobs.submission import visible_source

AREA = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
MEANS = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"


@pytest.fixture
def tried(tiny_course):
    """Tries the released notebook with answers filled in, in the tiny course."""

    def try_answers(answers, **options):
        path = tiny_course.submit("me", tiny_course.answer(answers))
        return try_notebook(path, course=tiny_course.folder, **options)

    return try_answers


def test_the_source_itself_passes_all(tiny_course):
    said, passed = try_notebook(tiny_course.folder / "source" / "tiny" / "tiny.ipynb", course=tiny_course.folder)
    assert passed and "4 of 4 points" in said and "3 of 3 points" in said and "put back" not in said


def test_an_answer_as_handed_in_is_told_what_is_wrong(tried):
    said, passed = tried({"area": "def area(height, width): return height + width", "smooth": MEANS})
    assert not passed and "This is the sum of the sides." in said and "3 of 3 points" in said


def test_one_task_alone_is_tried(tried):
    said, passed = tried({"smooth": MEANS}, task="smooth")
    assert passed and "check_smooth: 3 of 3 checks passed" in said and "check_area" not in said


def test_what_a_student_lacks_is_no_answer_of_ours(tried, tiny_course):
    notebook = tiny_course.answer({"area": AREA})
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "smooth"]
    said, passed = try_notebook(tiny_course.submit("me", notebook), course=tiny_course.folder)
    assert not passed and "check_smooth: 0 of 3 checks passed" in said


def test_other_seeds_draw_other_inputs(tried):
    lucky = {"smooth": "def smooth(x):\n    return (x[1:] + x[:-1]) / 2 + (x[1:] > 2)"}
    texts = {tried(lucky, task="smooth", seed=seed)[0] for seed in range(2)}
    assert len(texts) == 2


def test_a_check_that_breaks_says_so(tried, tiny_course):
    checks = tiny_course.folder / "autograder" / "checks" / "test_tiny.py"
    checks.write_text(checks.read_text().replace('student.function("smooth")(x)', 'student.func("smooth")(x)'))
    said, passed = tried({"smooth": MEANS}, task="smooth")
    assert not passed and "broken: " in said and "AttributeError: 'Student' object has no attribute 'func'" in said


def test_what_is_released_holds_no_answer(tiny_course):
    source = tiny_course.folder / "source" / "tiny" / "tiny.ipynb"
    assert "return" in "".join(cell.source for cell in nbformat.read(source, 4).cells)
    answers = [cell.source for cell in released_as(source).cells if cell.name in ("area", "smooth")]
    assert len(answers) == 2 and all("raise NotImplementedError()" in answer and "return" not in answer for answer in answers)
    handed_out = {cell.metadata.nbgrader.grade_id: cell.source for cell in tiny_course.released().cells if "nbgrader" in cell.metadata}
    assert {cell.name: visible_source(cell.source) for cell in released_as(source).cells} == handed_out, "as nbgrader releases it"


@pytest.mark.parametrize(
    ("name", "text", "task", "words"),
    [("tiny.ipynb", "{", "", "no readable notebook (not valid JSON"), ("other.ipynb", "{}", "", "expected a notebook named as an assignment"),
     ("tiny.ipynb", None, "perimeter", r"expected a task with hidden checks \(area, smooth\), not 'perimeter'")],
)  # fmt: skip
def test_what_cant_be_tried_is_said(tiny_course, tmp_path, name, text, task, words):
    path = tmp_path / name
    path.write_text(nbformat.writes(tiny_course.released()) if text is None else text)
    with pytest.raises(CantTry, match=words.replace("(not", r"\(not")):
        try_notebook(path, task, course=tiny_course.folder)


def test_the_command_fails_where_a_check_does(tiny_course, monkeypatch, capsys):
    monkeypatch.chdir(tiny_course.folder)
    assert main(["try", "source/tiny/tiny.ipynb", "--task", "area"]) == 0
    assert "check_area: 3 of 3 checks passed: 4 of 4 points" in capsys.readouterr().out
    tiny_course.submit("me", tiny_course.answer({"area": MEANS}))
    assert main(["try", "submitted/me/tiny/tiny.ipynb", "--task", "area"]) == 1
    assert main(["try", "nothing.ipynb"]) == 1
    assert "error: expected a notebook named as an assignment" in capsys.readouterr().err


GUIDE = ROOT / "book" / "hidden_checks.md"
RIGHT = ["from math import prod\ndef total_stride(layers): return prod(s for _, s in layers)",
         "def total_stride(layers):\n    t = 1\n    for kernel, stride in layers:\n        t *= stride\n    return t"]  # fmt: skip
WRONG = {
    "def total_stride(layers): return sum(s for _, s in layers)": "The strides were added; they multiply.",
    "def total_stride(layers):\n    layers.sort()\n    return __import__('math').prod(s for _, s in layers)": "in place",
    "def total_stride(layers):\n    t = layers[0][1]\n    for _, s in layers[1:]:\n        t *= s\n    return t": "No layers at all",
}


@pytest.fixture
def guide_course(tmp_path):
    """A course folder with an assignment of one task, put together from the guide's cell and check."""
    blocks = dict(re.findall(r"^```(ipython3|python)\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE))
    about = {"schema_version": 3, "locked": False, "task": False}
    answer = nbformat.v4.new_code_cell("", id="answer")
    answer.metadata["nbgrader"] = about | {"grade_id": "total_stride", "grade": False, "solution": True}
    check = nbformat.v4.new_code_cell(blocks["ipython3"], id="check")
    check.metadata["nbgrader"] = about | {"grade_id": "check_total_stride", "grade": True, "solution": False, "locked": True, "points": 4}
    source = tmp_path / "source" / "mine" / "mine.ipynb"
    source.parent.mkdir(parents=True)
    checks = tmp_path / "autograder" / "checks" / "test_mine.py"
    checks.parent.mkdir(parents=True)
    checks.write_text(blocks["python"])

    def tried(code: str) -> tuple[str, bool]:
        answer.source = f"### BEGIN SOLUTION\n{code}\n### END SOLUTION"
        nbformat.write(nbformat.v4.new_notebook(cells=[answer, check]), source)
        return try_notebook(source, course=tmp_path)

    return tried


@pytest.mark.parametrize("code", RIGHT)
def test_the_guides_check_passes_right_answers(guide_course, code):
    said, passed = guide_course(code)
    assert passed and "3 of 3 checks passed: 4 of 4 points" in said


@pytest.mark.parametrize(("code", "words"), WRONG.items(), ids=range(len(WRONG)))
def test_the_guides_check_names_mistakes(guide_course, code, words):
    said, passed = guide_course(code)
    assert not passed and words in said and "broken" not in said


def test_the_guide_names_what_there_is():
    text = GUIDE.read_text("utf-8")
    asked = set(re.findall(r"`\.(\w+)\(", text)) | set(re.findall(r"student\.function\(name\)\.(\w+)", text))
    assert asked and all(any(hasattr(kind, name) for kind in (RemoteFunction, RemoteModel)) for name in asked)
    assert all(hasattr(compare, name) for name in re.findall(r"^\| `(\w+)\(", text, re.MULTILINE))
    assert all(name in Trial.__dataclass_fields__ for name in re.findall(r"`\.(\w+)`", text))
