"""What a feedback page opens with: points by task, what to do at each, and where to look first."""

from __future__ import annotations

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from page_examples import answer, checked, code, feedback, markdown, notebook, role

from autograder.feedback.overview import Marks, State, opened_with, overview, rows


def task(text: str, name: str = "task"):
    return markdown(text, metadata={"nbgrader": role(name, grade=False)})


def marks(**about) -> Marks:
    return Marks(about.pop("scores", {}), frozenset(about.pop("waiting", ())), frozenset(about.pop("comments", ())), **about)


@pytest.mark.parametrize(
    ("heading", "names", "titles"),
    [
        ("### Task 1.2 `convolve2d(x, W)` (8 points)", ["check_convolve2d"], ["1.2 convolve2d(x, W)"]),
        ("## 1 Sums\n\n### Task 1.1 In words: why? (4 points)", ["why"], ["1.1 In words: why?"]),
        ("### Tasks 3.2 and 3.3 `a`, `b` (3 + 3 points)", ["check_a", "check_b"], ["3.2 a", "3.3 b"]),
        ("### Both of them (2 points)", ["check_a", "check_b"], ["Both of them: a", "Both of them: b"]),
        ("No heading here", ["check_sum"], ["sum"]),
        ("### Task 1.1 <b>bold</b> (half a point)", ["check_sum"], ["1.1 <b>bold</b> (half a point)"]),
    ],
)
def test_tasks_are_called_as_their_headings_say(heading, names, titles):
    cells = notebook(task(heading), *(checked(name=name) for name in names)).cells
    assert [row.title for row in rows(cells, Marks())] == titles


def test_a_heading_of_the_students_names_no_task():
    cells = notebook(
        task("### Task 1.1 `first` (2 points)"), markdown("### Task 9.9 `mine` (100 points)"), checked(name="check_first")
    ).cells
    assert [row.title for row in rows(cells, Marks())] == ["1.1 first"]


def test_each_task_has_its_points_its_state_and_its_first_failed_check():
    cells = notebook(checked(name="check_a"), checked(name="check_b"), answer("because", "c"), answer("so", "d")).cells
    found = rows(cells, marks(scores={"check_a": (2.0, 2.0), "check_b": (0.5, 2.0), "c": (0.0, 4.0), "d": (3.0, 4.0)}, waiting=["c"]))
    assert [(row.score, row.most, row.state, row.failed) for row in found] == [
        (2.0, 2.0, State.DONE, ""),
        (0.5, 2.0, State.LOOK, "Values"),
        (0.0, 4.0, State.WAITS, ""),
        (3.0, 4.0, State.MARKED, ""),
    ]


def test_a_comment_is_told_at_the_task_of_its_answer():
    coded = code(source="def a(): pass")
    coded.metadata["nbgrader"] = role("a", grade=False, solution=True, locked=False)
    cells = notebook(coded, checked(name="check_a"), checked(name="check_b"), answer("words", "c")).cells
    assert [row.comment for row in rows(cells, marks(comments=["a", "c"]))] == ["a", "", "c"]


def table_of(page: str) -> tuple[str, list[list[str]]]:
    opened = BeautifulSoup(page, "html.parser").select_one(".overview")
    lines = [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in opened.select("tbody tr")]
    return " ".join(opened.get_text(" ", strip=True).split()).partition(" Task Points")[0], lines


def test_the_page_says_what_is_marked_what_is_not_and_where_to_look_first():
    cells = notebook(*(checked(name=f"check_{name}") for name in "ab"), answer("because", "c")).cells
    scores = {"check_a": (1.5, 2.0), "check_b": (1.0, 6.0), "c": (0.0, 4.0)}
    found = rows(cells, marks(scores=scores, waiting=["c"]))
    opening, lines = table_of(overview("words", found, penalty=0.25))
    assert opening == (
        "words: 2.25 of 8 points so far 4 more points are for answers that a person still has to read: they are not marked yet. "
        "0.25 points are taken off for handing in late. Look first at b , where most points are missing: 5 of 6."
    )
    assert lines == [
        ["a", "1.5 of 2", "look here", "Values"],
        ["b", "1 of 6", "look here", "Values"],
        ["c", "of 4", "not marked yet", ""],
    ]


def test_a_penalty_takes_no_more_than_there_is():
    found = rows(notebook(checked(name="check_a")).cells, marks(scores={"check_a": (0.5, 2.0)}))
    assert table_of(overview("words", found, penalty=1.5))[0].startswith("words: 0 of 2 points")


def test_where_all_is_right_nothing_is_to_be_looked_at():
    found = rows(notebook(checked(name="check_a")).cells, marks(scores={"check_a": (2.0, 2.0)}))
    opening, lines = table_of(overview("words", found))
    assert opening == "words: 2 of 2 points" and lines == [["a", "2 of 2", "done", ""]]


def test_nothing_in_the_table_is_markup():
    made = task("### Task 1.1 <script>alert(1)</script> \u202etxet (2 points)")
    page = overview("<i>words</i>", rows(notebook(made, checked()).cells, Marks()))
    assert "<script>" not in page and "<i>" not in page and "\u202e" not in page


def test_links_of_the_table_lead_to_places_of_the_page():
    coded = code(source="def a(): pass")
    coded.metadata["nbgrader"] = role("a", grade=False, solution=True, locked=False, comment="Good.")
    page = BeautifulSoup(feedback(notebook(coded, checked(name="check_a"), answer("words", "why"))), "html.parser")
    links = [link["href"] for link in page.select(".overview a")]
    assert links and all(page.find(attrs={"name": link.removeprefix("#")}) for link in links)


def test_another_page_of_nbgraders_is_told():
    with pytest.raises(ValueError, match="no list of scores"):
        opened_with("<html><h4>words</h4></html>", "")


def test_of_a_real_course_answers_in_words_wait_until_they_are_marked(tiny_course, level):
    """What the gradebook knows reaches the page, before and after a person marks."""
    notebook = tiny_course.answer({"area": "def area(height, width):\n    return height + width"})
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "Because it is so."
    written = [
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    tiny_course.submit("ada", notebook)
    run = [sys.executable, "-m", "nbgrader"]
    subprocess.run([*run, "autograde", "tiny", f"--Grade.sandbox={level}"], cwd=tiny_course.folder, check=True, capture_output=True)

    def page() -> tuple[str, list[list[str]]]:
        subprocess.run([*run, "generate_feedback", "tiny", "--force"], cwd=tiny_course.folder, check=True, capture_output=True)
        return table_of((tiny_course.folder / "feedback" / "ada" / "tiny" / "tiny.html").read_text("utf-8"))

    opening, lines = page()
    assert ("so far" in opening) == bool(written)
    assert [line[2] for line in lines].count("not marked yet") == len(written)
    with Gradebook(f"sqlite:///{tiny_course.folder / 'gradebook.db'}") as gradebook:
        for name in written:
            grade = gradebook.find_grade(name, "tiny", "tiny", "ada")
            grade.manual_score, grade.needs_manual_grade = grade.max_score, False
        gradebook.db.commit()
    opening, lines = page()
    subprocess.run(
        [*run, "autograde", "tiny", "--force", f"--Grade.sandbox={level}"], cwd=tiny_course.folder, check=True, capture_output=True
    )
    assert page()[1] == lines  # what a person gave stays, though nbgrader asks her to look again
    assert "so far" not in opening and [line[2] for line in lines].count("marked") == len(written)
