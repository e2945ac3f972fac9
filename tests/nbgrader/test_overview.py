"""What a feedback page opens with: points by task, what to do at each, and where to look first."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from page_examples import answer, checked, code, feedback, markdown, notebook, role, settings

from autograder.feedback.cell_report import graded_outputs
from autograder.feedback.overview import UNWRITTEN, Marks, State, rows
from autograder.jobs.score import CellResult, CheckReport
from autograder.pages import FeedbackPage


def task(text: str, name: str = "task"):
    return markdown(text, metadata={"nbgrader": role(name, grade=False)})


def marks(**about) -> Marks:
    comments = dict.fromkeys(about.pop("comments", ()), "Look again.")
    return Marks(about.pop("scores", {}), frozenset(about.pop("waiting", ())), comments, **about)


def coded(source: str, name: str = "a", *claims: dict):
    """A student's answer in code, with what it displayed."""
    cell = code(*claims, source=source)
    cell.metadata["nbgrader"] = role(name, grade=False, solution=True, locked=False)
    return cell


def error(name: str, value: str, line: int = 1) -> dict:
    traceback = ["-" * 75, f"{name}   Traceback (most recent call last)", f"Cell In[7], line {line}", "", f"{name}: {value}"]
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}


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
    assert [(row.score, row.most, row.state, row.first) for row in found] == [
        (2.0, 2.0, State.DONE, ""),
        (0.5, 2.0, State.LOOK, "Values"),
        (0.0, 4.0, State.WAITS, ""),
        (3.0, 4.0, State.MARKED, ""),
    ]


def test_a_comment_is_told_at_the_task_of_its_answer():
    cells = notebook(coded("def a(): pass"), checked(name="check_a"), checked(name="check_b"), answer("words", "c")).cells
    assert [row.comment for row in rows(cells, marks(comments=["a", "c"]))] == ["a", "", "c"]


def page_of(cells, about: Marks, monkeypatch, name: str = "words") -> str:
    """The page of a notebook with these marks in the gradebook."""
    monkeypatch.setattr("autograder.pages.read_marks", lambda *_: about)
    return FeedbackPage(config=settings()).from_notebook_node(cells, resources={"nbgrader": {"notebook": name}})[0]


def table_of(page: str) -> tuple[str, list[list[str]]]:
    opened = BeautifulSoup(page, "html.parser").select_one(".overview")
    lines = [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in opened.select("tbody tr")]
    return " ".join(opened.get_text(" ", strip=True).split()).partition(" Task Points")[0], lines


def test_the_page_says_what_is_marked_what_is_not_and_where_to_look_first(monkeypatch):
    cells = notebook(*(checked(name=f"check_{name}") for name in "ab"), answer("because", "c"))
    scores = {"check_a": (1.5, 2.0), "check_b": (1.0, 6.0), "c": (0.0, 4.0)}
    page = page_of(cells, marks(scores=scores, waiting=["c"], penalty=0.25), monkeypatch)
    opening, lines = table_of(page)
    assert opening == (
        "words: 2.25 of 8 points so far 4 more points are for answers that a person still has to read: they are not marked yet. "
        "0.25 points are taken off for handing in late. Fix first , most points before fewer: b (5), a (0.5)."
    )
    assert lines == [
        ["a", "1.5 of 2", "look here", "Values"],
        ["b", "1 of 6", "look here", "Values"],
        ["c", "of 4", "not marked yet", ""],
    ]
    told = [" ".join(task.get_text(" ", strip=True).split()) for task in BeautifulSoup(page, "html.parser").select(".task > summary")]
    assert told == ["a 1.5 of 2 points, look here", "b 1 of 6 points, look here", "c of 4 points, not marked yet"]
    assert "0 of 4" not in page and "0.0 / 4.0" not in page


def test_a_penalty_takes_no_more_than_there_is(monkeypatch):
    page = page_of(notebook(checked(name="check_a")), marks(scores={"check_a": (0.5, 2.0)}, penalty=1.5), monkeypatch)
    assert table_of(page)[0].startswith("words: 0 of 2 points")


def test_where_all_is_right_nothing_is_to_be_looked_at(monkeypatch):
    page = page_of(notebook(checked(name="check_a")), marks(scores={"check_a": (2.0, 2.0)}), monkeypatch)
    assert table_of(page) == ("words: 2 of 2 points", [["a", "2 of 2", "done", ""]])


def test_most_points_come_first_and_a_few_tasks_are_named(monkeypatch):
    cells = notebook(*(checked(name=f"check_{number}") for number in range(7)))
    scores = {f"check_{number}": (0.0, float(number % 4 + 1)) for number in range(7)}
    opening, _ = table_of(page_of(cells, marks(scores=scores), monkeypatch))
    assert opening.endswith("Fix first , most points before fewer: 3 (4), 2 (3), 6 (3), 1 (2), 5 (2) and 2 more.")


def test_tasks_that_want_a_look_stand_open_and_others_are_folded(monkeypatch):
    names = "abcd"
    cells = notebook(checked(name="check_a"), checked(name="check_b"), answer("x", "c"), answer("y", "d"))
    scores = {"check_a": (2.0, 2.0), "check_b": (0.0, 2.0), "c": (0.0, 2.0), "d": (1.0, 2.0)}
    page = BeautifulSoup(page_of(cells, marks(scores=scores, waiting=["c"]), monkeypatch), "html.parser")
    assert dict(zip(names, (task.has_attr("open") for task in page.select(".task")), strict=True)) == {
        "a": False,
        "b": True,
        "c": False,
        "d": True,
    }


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        (coded("def a(:\n", "a", error("SyntaxError", "invalid syntax", 3)), "Its cell stopped in line 3: SyntaxError: invalid syntax"),
        (coded("a = None\nraise NotImplementedError()", "a", error("NotImplementedError", "")), UNWRITTEN),
        (coded("def a():\n    return 1"), "Values"),
    ],
)
def test_what_to_do_first_is_the_cell_that_stopped_else_the_first_failed_check(answers, first):
    (row,) = rows(notebook(answers, checked(name="check_a")).cells, Marks())
    assert row.first == first


def test_a_message_that_all_failed_checks_share_is_told_in_their_place():
    said = [CheckReport(name, False, message="`a` is not defined. Its cell is missing.", cause="missing") for name in ("Size", "Values")]
    (row,) = rows(notebook(checked(name="check_a", reports=said)).cells, Marks())
    assert row.first == "`a` is not defined. Its cell is missing."


@pytest.mark.parametrize(
    ("second", "on"),
    [
        ("def b(x):\n    return a(x) + 1", ("1.1 a",)),
        ("%matplotlib inline\nresult = a(3)", ("1.1 a",)),
        ("def b(a):\n    return a + 1", ()),
        ("def b(x):\n    return x + 1  # not a(x)", ()),
        ("def a(x):\n    return x\n\ndef b(x):\n    return a(x)", ()),
        ("a = 3\nb = a", ()),
        ("def b(:", ()),
    ],
)
@pytest.mark.parametrize("earlier", ["def a(x):\n    return -x", "def a(x)\n    return x"])
def test_a_task_that_uses_what_an_earlier_one_failed_to_define_says_so(earlier, second, on):
    heads = [task("### Task 1.1 `a` (2 points)", "one"), task("### Task 1.2 `b` (2 points)", "two")]
    cells = notebook(heads[0], coded(earlier), checked(name="check_a"), heads[1], coded(second, "b"), checked(name="check_b"))
    assert [row.builds_on for row in rows(cells.cells, Marks())] == [(), on]
    right = rows(cells.cells, marks(scores={"check_a": (2.0, 2.0)}))
    assert right[1].builds_on == ()
    page = feedback(cells)
    assert ("builds on 1.1, where checks fail" in page) == bool(on)


def test_a_name_that_a_later_task_sets_right_builds_on_nothing():
    cells = notebook(
        *(task(f"### Task 1.{place} `{name}` (2 points)", name) if kind == "head" else coded(source, name) if kind == "code" else checked(name=f"check_{name}")
          for place, (name, source) in enumerate([("a", "a = 1"), ("b", "a = 2; b = 1"), ("c", "c = a")], 1) for kind in ("head", "code", "check"))
    ).cells  # fmt: skip
    assert [row.builds_on for row in rows(cells, marks(scores={"check_b": (2.0, 2.0)}))] == [(), (), ()]


def test_nothing_in_the_table_is_markup(monkeypatch):
    made = task("### Task 1.1 <script>alert(1)</script> \u202etxet (2 points)")
    stopped = coded("x", "a", error("<b>E</b>", "<script>\u202e`<i>x</i>`"))
    page = page_of(notebook(made, stopped, checked()), Marks(), monkeypatch, name="<i>words</i>")
    assert "<script>" not in page and "<i>" not in page and "<b>" not in page and "\u202e" not in page


def test_links_of_the_table_lead_to_places_of_the_page():
    commented = coded("def a(): pass")
    commented.metadata["nbgrader"]["comment"] = "Good."
    page = BeautifulSoup(feedback(notebook(commented, checked(name="check_a"), answer("words", "why"))), "html.parser")
    links = [link["href"] for link in page.select("a[href]")]
    assert "#comment-a" in links and all(page.find(id=link.removeprefix("#")) for link in links)
    assert page.find(id="comment-a").get_text(" ", strip=True) == "Comment: Good."


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


@pytest.mark.parametrize(
    ("points", "told"), [((1, 3, 1), "b: Flipped."), ((3, 1, 1), "a: Ran over."), ((2, 2, 0), "a: Ran over."), ((2, 1, 2), "b: Flipped.")]
)
def test_of_what_failed_the_cause_that_costs_most_is_told(points, told):
    """The second and the third check fail by one cause."""
    causes = [("a", "Ran over."), ("b", "Flipped."), ("c", "Flipped.")]
    reports = [CheckReport(name, False, worth, f"Wrong. {why}", diagnosis=why) for (name, why), worth in zip(causes, points, strict=True)]
    cell = checked(name="check_a")
    cell.outputs = [nbformat.from_dict(output) for output in graded_outputs(CellResult(reports=reports), 5.0, "process")]
    assert rows([cell], marks(scores={"check_a": (0.0, 5.0)}))[0].first == told
