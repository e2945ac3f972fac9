"""A student and an instructor at work in a real JupyterLab, in a browser that reaches no other host."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_notebook import Notebook
from jupyter_servers import CHROMIUM, environment_of, jupyterlab, open_browser, open_page

from autograder.authoring.course import ROOT, make_course, nbgrader
from autograder.judge.self_test import sandbox_level_problem
from autograder.mark_scheme import HEADING

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed"), pytest.mark.timeout(1200)]

NAME = "receptive_fields"  # the assignment that takes least time
PERFECT = ROOT / "tests" / "chapters" / NAME / "submissions" / "perfect" / f"{NAME}.ipynb"
QUESTION, WORTH = "q2_effective_field", 4.0
COMMENT = "How does the width grow? Like $\\sqrt{n}$."

WRONG = """def receptive_fields(layers):
    r, fields = 1, []
    for kernel, stride, _, dilation in layers:
        r += kernel - 1
        fields.append((r, stride))
    return fields"""
RIGHT = """def receptive_fields(layers):
    r, jump, fields = 1, 1, []
    for kernel, stride, _, dilation in layers:
        r, jump = r + dilation * (kernel - 1) * jump, jump * stride
        fields.append((r, jump))
    return fields"""


# ---- pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser) -> Iterator[Any]:
    """A page of a fresh browser; fails the test if it asked another host for anything or had an error."""
    with open_page(browser) as page:
        yield page


# ---- the student


@pytest.fixture(scope="module")
def student(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A student's folder with the released assignment and a solved copy, JupyterLab's address, and no file of the course."""
    home = tmp_path_factory.mktemp("student")
    folder = home / "work"
    for name in ("mine", "solved"):
        shutil.copytree(ROOT / "release" / NAME, folder / name)
    shutil.copy(PERFECT, folder / "solved")
    with jupyterlab(folder, home) as address:
        yield folder, address


def test_student_is_told_of_a_mistake_mends_it_and_saves(student, page):
    folder, address = student
    notebook = Notebook(page, address.format(f"lab/tree/mine/{NAME}.ipynb") + "&reset")
    assert "Ready: Python" in notebook.run(notebook.cells.first)
    for words in ("def checking(task)", "def as_numbers(received", "def same(received"):
        notebook.run(notebook.cell(words))
    task, check = notebook.cell("def receptive_fields(layers)"), notebook.cell("receptive_fields of the example")
    notebook.run(task)
    assert notebook.run(check) == "✗ Task 1.1 receptive_fields: not written yet"
    notebook.write(task, WRONG)
    assert notebook.run(task) == ""
    assert "received\n[(3, 2), (5, 1)]" in notebook.run(check)
    notebook.write(task, RIGHT)
    assert notebook.run(task) == ""
    assert notebook.run(check).startswith("as expected: receptive_fields of the example")
    notebook.save()
    saved = {cell.id: cell for cell in nbformat.read(folder / "mine" / f"{NAME}.ipynb", 4).cells}
    released = nbformat.read(ROOT / "release" / NAME / f"{NAME}.ipynb", 4).cells
    assert saved["receptive-fields"].source == RIGHT
    assert [cell.id for cell in released if cell.metadata.nbgrader != saved[cell.id].metadata.nbgrader] == []


def shown_in(path: Path) -> dict[str, str]:
    """What each cell of a saved notebook shows as text or as an error, by its id."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return {cell.id: "".join(output.get("text", "\n".join(output.get("traceback", []))) for output in cell.outputs) for cell in cells}


def test_restart_and_run_all_goes_through_an_untouched_notebook(student, page):
    folder, address = student
    untouched = shutil.copytree(ROOT / "release" / NAME, folder / "untouched") / f"{NAME}.ipynb"
    notebook = Notebook(page, address.format(f"lab/tree/untouched/{NAME}.ipynb") + "&reset")
    notebook.run_all()
    notebook.save()
    shown = shown_in(untouched)
    checks = [text for name, text in shown.items() if name.startswith("check-")]
    assert len(checks) == 7 and all(re.fullmatch(r"✗ Task [\d.]+ \w+: not written yet( \(q2a is still None\))?", text) for text in checks)
    assert "Ready: Python" in shown["environment"]
    assert [line.split(maxsplit=2)[2][:15] for line in shown["summary"].splitlines()[:-1]] == ["not written yet"] * 7
    assert shown["summary"].splitlines()[-1].startswith("0 of 7 tasks pass their visible checks.")


def test_restart_and_run_all_goes_on_after_a_failing_check_and_a_cell_that_is_no_python(student, page):
    folder, address = student
    tried = shutil.copytree(folder / "solved", folder / "tried") / f"{NAME}.ipynb"
    written = nbformat.read(tried, 4)
    for cell in written.cells:
        cell.source = {"receptive-fields": WRONG, "path-counts": "def path_counts(layers:\n    return 1"}.get(cell.id, cell.source)
    nbformat.write(written, tried)
    notebook = Notebook(page, address.format(f"lab/tree/tried/{NAME}.ipynb") + "&reset")
    notebook.run_all()
    notebook.save()
    shown = shown_in(tried)
    outcomes = {line.split()[1]: line.split(maxsplit=2)[2] for line in shown["summary"].splitlines()[:-1]}
    assert shown["check-receptive-fields"].startswith("✗ Task 1.1 receptive_fields: receptive_fields of the example:\nexpected")
    assert "SyntaxError" in shown["path-counts"]
    assert outcomes.pop("path_counts").startswith("✗ NameError: name 'path_counts' is not defined.")
    assert outcomes.pop("receptive_fields") == "✗ receptive_fields of the example:"
    assert "passes its visible checks" in outcomes.values()
    text = notebook.validate()
    assert "receptive_fields of the example" in text and "name 'path_counts' is not defined" in text


def test_validate_button_names_the_checks_that_fail(student, page):
    folder, address = student
    untouched = shutil.copytree(ROOT / "release" / NAME, folder / "validated")
    notebook = Notebook(page, address.format(f"lab/tree/{untouched.name}/{NAME}.ipynb") + "&reset")
    notebook.write(notebook.cell("def receptive_fields(layers)"), RIGHT)
    text = notebook.validate()
    assert "The following cell failed" in text and "q2a: not written yet" in text
    assert "receptive_fields of the example" not in text, "this one passes: the button saves the notebook first"


def test_validate_is_content_with_a_solved_notebook_in_jupyterlab_and_in_the_terminal(student, page):
    folder, address = student
    notebook = Notebook(page, address.format(f"lab/tree/solved/{NAME}.ipynb") + "&reset")
    assert "Success! Your notebook passes all the tests." in notebook.validate()
    command = [sys.executable, "-m", "nbgrader", "validate", f"{NAME}.ipynb"]
    result = subprocess.run(command, cwd=folder / "solved", env=environment_of(folder.parent), capture_output=True, text=True)
    assert result.returncode == 0 and "Success! Your notebook passes all the tests." in result.stdout, result.stderr


# ---- the instructor


@pytest.fixture(scope="module")
def instructor(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A course folder with two graded submissions and one that waits, and JupyterLab's address."""
    home = tmp_path_factory.mktemp("instructor")
    course = home / "course"
    make_course(course, [NAME])
    if sandbox_level_problem() is not None:
        with open(course / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write('\nc.Grade.sandbox = "process"\n')
    nbgrader(course, "generate_assignment", NAME)
    for student in ("ada", "cleo"):
        hand_in(course, student, PERFECT)
    nbgrader(course, "autograde", NAME)
    hand_in(course, "ben", ROOT / "release" / NAME / f"{NAME}.ipynb")
    with jupyterlab(course, home) as address:
        yield course, address


def hand_in(course: Path, student: str, notebook: Path) -> None:
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True)
    shutil.copy(notebook, folder / f"{NAME}.ipynb")


def open_formgrader(page: Any, address: str) -> Any:
    """The formgrader in JupyterLab, from the menu; returns the frame that shows it."""
    page.goto(address.format("lab") + "&reset")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    return page.frame_locator("iframe")


def open_list(page: Any, address: str, name: str = f"gradebook/{NAME}/{NAME}") -> None:
    """A list of the formgrader, by default of the submissions to be graded by hand, when it has loaded."""
    page.goto(address.format("formgrader/gradebook"))  # the page that logs in
    page.goto(address.format(f"formgrader/{name}"))
    page.locator("#main-table a:visible").first.wait_for()


def open_submission(page: Any, address: str, student: str) -> None:
    open_list(page, address)
    page.get_by_role("button", name="Show All Names").click()
    page.locator("#main-table").get_by_role("link", name=student).click()
    page.wait_for_url("**/submissions/**")
    page.wait_for_load_state("networkidle")  # what is entered before the grades are there would be lost


def answer_cell(page: Any) -> Any:
    return page.locator(".nbgrader_cell", has=page.locator(f"#{QUESTION}"))


def test_instructor_sees_the_mark_scheme_beside_the_answer(instructor, page):
    _, address = instructor
    open_submission(page, address, "ada")
    scheme = page.locator(".mark-scheme", has_text="one path (or few) to the edge")
    assert scheme.locator("summary").inner_text() == HEADING
    answer, beside = answer_cell(page).bounding_box(), scheme.bounding_box()
    assert beside["x"] >= answer["x"] + answer["width"] and abs(beside["y"] - answer["y"]) < 10
    page.set_viewport_size({"width": 700, "height": 900})
    answer, above = answer_cell(page).bounding_box(), scheme.bounding_box()
    assert above["x"] <= answer["x"] + 10 and above["y"] + above["height"] <= answer["y"]
    assert page.locator("math").count() > 0, "formulas need no script"


def test_points_and_comment_given_by_hand_reach_exports_and_feedback(instructor, page, tmp_path):
    course, address = instructor
    open_submission(page, address, "ada")
    cell = answer_cell(page)
    for kind, field, text in (("grade", cell.locator("input.score"), "3.5"), ("comment", cell.locator("textarea"), COMMENT)):
        with page.expect_response(lambda answer, kind=kind: answer.request.method == "PUT" and f"/api/{kind}/" in answer.url):
            field.fill(text)
            field.blur()
    nbgrader(course, "export", "--to", str(tmp_path / "grades.csv"))
    nbgrader(course, "export", "--exporter=autograder.exports.CanvasExporter", "--to", str(tmp_path / "canvas.csv"))
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8") as file:
        assert [float(row["score"]) for row in csv.DictReader(file) if row["student_id"] == "ada"] == [93.5]
    assert "ada,,,ada,,93.5" in (tmp_path / "canvas.csv").read_text("utf-8")
    nbgrader(course, "generate_feedback", NAME, "--student=ada")
    page.goto((course / "feedback" / "ada" / NAME / f"{NAME}.html").as_uri())
    text = page.locator("body").inner_text()
    assert "How does the width grow?" in text and "3.5" in text
    assert HEADING not in text and "Model answer" not in text and "one path (or few)" not in text


def test_keys_lead_to_the_same_question_of_the_next_student(instructor, page):
    _, address = instructor
    open_list(page, address)
    page.get_by_role("link", name="Submission #1").click()
    answer_cell(page).locator("input.score").click()
    with page.expect_navigation():
        page.keyboard.press("Control+.")
    page.get_by_text("Submission #2").wait_for()
    page.wait_for_function(f"document.activeElement.id == '{QUESTION}'")


def test_formgrader_in_jupyterlab_autogrades_with_the_course_settings(instructor, page):
    course, address = instructor
    frame = open_formgrader(page, address)
    frame.locator("#main-table").get_by_role("link", name="3").click()
    frame.locator("tr", has_text="ben").locator("td.autograde a").click()
    message = frame.locator(".modal.in")
    assert "Successfully autograded" in message.inner_text()
    graded = nbformat.read(course / "autograded" / "ben" / NAME / f"{NAME}.ipynb", 4)
    assert graded.metadata.autograder.sandbox in ("bubblewrap", "process")


@pytest.mark.parametrize("name", ["manage_assignments", "gradebook", f"gradebook/{NAME}", "manage_students", f"manage_submissions/{NAME}"])
def test_formgrader_lists_load_nothing_from_elsewhere(instructor, page, name):
    _, address = instructor
    open_list(page, address, name)
