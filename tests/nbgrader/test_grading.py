"""The whole way with the real commands: generate, autograde, feedback, export; a class with every kind of bad notebook."""

from __future__ import annotations

import copy
import csv
import html
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import TINY
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.authoring import course as commands
from autograder.authoring.course import CommandFailed

AREA = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
SMOOTH = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"
WHY = "The last entry has no right neighbour."
PERFECT = {"area": AREA, "smooth": SMOOTH, "why_kernel": WHY}
FULL = {"check_area": 4.0, "check_smooth": 3.0, "why_kernel": None}
NONE = {"check_area": 0.0, "check_smooth": 0.0, "why_kernel": 0.0}
LIMITS = ["--Grade.cell_seconds=2", "--Grade.check_seconds=2"]

SCRIPT = """
<script>alert("markdown")</script><img src=x onerror="alert(1)"> <a href="javascript:alert(2)">link</a>
<svg onload="alert(3)"></svg> <iframe src="http://192.0.2.1/"></iframe>

The mean is $\\frac{1}{n}\\sum_i x_i$, and $$a < b$$ holds. MATHML7HELD MATH&#77;L8HELD

```python
if a < b: print("<b>code</b>")
```

and `x < y` in the text."""

Make = Callable[["Submission"], Any]


@dataclass
class Submission:
    """What a student starts from: the released notebook with right answers, and the folder to hand in."""

    notebook: NotebookNode
    folder: Path

    def cell(self, name: str) -> NotebookNode:
        return next(cell for cell in self.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)

    def raw(self, text: str | bytes) -> None:
        """Hands in something that is no notebook."""
        (self.folder / "tiny.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode())
        self.notebook = None


CLASS: dict[str, tuple[Make, dict[str, float | None], str]] = {}


def student(name: str, scores: dict[str, float | None], line: str = "") -> Callable[[Make], Make]:
    """Registers a submission: expected automatic scores, and what the command must say about it."""

    def register(make: Make) -> Make:
        CLASS[name] = (make, scores, line)
        return make

    return register


@student("perfect", FULL)
def perfect(s): ...


@student("partial", {**FULL, "check_area": 3.0, "check_smooth": 1.0})
def partial(s):
    s.cell("area").source = "def area(height, width): return height * width"
    s.cell("smooth").source = "def smooth(x):\n    x[:-1] += x[1:]\n    return x[:-1] / 2 if len(x) < 100 else x"


@student("halves", {**FULL, "check_smooth": 2.0})
def halves(s):
    s.cell("smooth").source = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2 + (x[1:] > 2)"


@student("untouched", NONE)
def untouched(s):
    released = nbformat.read(s.folder.parents[2] / "release" / "tiny" / "tiny.ipynb", 4)
    s.notebook.cells = released.cells


@student("warns", FULL)
def warns(s):
    noise = "import sys, warnings\nwarnings.warn('careful')\nprint('oops', file=sys.stderr)\n"
    s.cell("area").source = noise + AREA.replace("    return", "    print('inside', file=sys.stderr)\n    return")
    s.cell("check_area").source = noise + s.cell("check_area").source
    s.notebook.cells.append(nbformat.v4.new_code_cell(noise))


@student("import-fails", {**FULL, "check_area": 0.0})
def import_fails(s):
    s.cell("area").source = "import nothing_of_this_name\n" + AREA


@student("raises", {**FULL, "check_smooth": 0.0})
def raises(s):
    s.cell("smooth").source = "def smooth(x):\n    return x[len(x)]"


@student("loops", {**FULL, "check_area": 0.0})
def loops(s):
    s.cell("area").source = "while True: pass\n" + AREA


@student("exits", {**FULL, "check_smooth": 0.0})
def exits(s):
    s.cell("smooth").source = "import os\nos._exit(0)\n" + SMOOTH


@student("scripts", FULL)
def scripts(s):
    s.cell("why_kernel").source = SCRIPT
    html = f"from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display\nTEXT = {SCRIPT!r}\n"
    html += "display(HTML(TEXT), Markdown(TEXT), Latex(TEXT), Javascript('alert(4)'), {'text/vnd.mermaid': TEXT}, raw=False)\n"
    html += "display(SVG(\"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(5)'><script>alert(6)</script></svg>\"))\n"
    html += "display({'text/html': TEXT, 'application/javascript': 'alert(7)', 'image/png': '\"onerror=alert(8)'}, raw=True)\nprint(TEXT)\nraise ValueError(TEXT)"
    s.notebook.cells.append(nbformat.v4.new_code_cell(html))
    s.notebook.cells.append(nbformat.v4.new_markdown_cell(SCRIPT))
    s.notebook.cells.append(nbformat.v4.new_raw_cell(SCRIPT))


@student("empty-file", NONE, "no readable notebook (empty)")
def empty_file(s):
    s.raw("")


@student("truncated", NONE, "no readable notebook (not valid JSON (was the file cut off?))")
def truncated(s):
    text = nbformat.writes(s.notebook)
    s.raw(text[: len(text) // 2])


@student("json-only", NONE, "no readable notebook (JSON, but not a notebook: it has no cells)")
def json_only(s):
    s.raw('{"grades": {"check_area": 100}}')


@student("binary", NONE, "no readable notebook (not valid JSON)")
def binary(s):
    s.raw(b"\x89PNG\r\n\x1a\n\xff\xff")


@student("no-cells", NONE, "cells were missing and are put back: check_area, check_smooth, why_kernel")
def no_cells(s):
    s.notebook.cells = []


@student("a-folder", NONE, "no readable notebook (not a regular file)")
def a_folder(s):
    (s.folder / "tiny.ipynb").mkdir()
    s.notebook = None


@student("a-link", NONE, "no readable notebook (a link, not a file)")
def a_link(s):
    (s.folder / "tiny.ipynb").symlink_to(s.folder.parents[2] / "source" / "tiny" / "tiny.ipynb")
    s.notebook = None


@student("other-name", FULL, "Tiny (1).ipynb isn't called as it was handed out: graded as tiny.ipynb")
def other_name(s):
    nbformat.write(s.notebook, s.folder / "Tiny (1).ipynb")
    s.notebook = None


@student("format-3", FULL)
def format_3(s):
    cells = []
    for cell in s.notebook.cells:
        kind = (
            {"input": cell.source, "language": "python", "collapsed": False, "outputs": []}
            if cell.cell_type == "code"
            else {"source": cell.source}
        )
        cells.append({"cell_type": cell.cell_type, "metadata": cell.metadata, **kind})
    s.raw(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}))


@student("foreign-kernel", FULL)
def foreign_kernel(s):
    s.notebook.metadata = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}, "language_info": {"name": "R"}}


@student("no-metadata", FULL, "cells had lost their marks and are known by their text or place: setup, area_text, area, check_area")
def no_metadata(s):
    for cell in s.notebook.cells:
        cell.metadata = {}


@student("broken-metadata", FULL, "cells are not part of the assignment and earn nothing")
def broken_metadata(s):
    deep: dict = {}
    for _ in range(300):
        deep = {"a": deep}
    odd: list[Any] = [
        deep,
        7,
        [],
        {"grade_id": 3},
        {"grade": True, "points": "many"},
        {"schema_version": 99, "grade_id": "x", "grade": True},
    ]
    s.notebook.cells += [nbformat.v4.new_code_cell("1", metadata={"nbgrader": info}) for info in odd]


@student("checks-deleted", FULL, "cells were missing and are put back: check_area, check_smooth")
def checks_deleted(s):
    s.notebook.cells = [cell for cell in s.notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade") or cell.cell_type != "code"]


@student("checks-doubled", FULL, "several times, the best copy counts: check_area, smooth")
def checks_doubled(s):
    for name in ("check_area", "smooth"):
        cell = s.cell(name)
        again = copy.deepcopy(cell)
        again.id = f"{name}-again".replace("_", "-")
        s.notebook.cells.insert(s.notebook.cells.index(cell), again)


@student("checks-retyped", FULL)
def checks_retyped(s):
    for name, kind in (("check_area", "markdown"), ("check_smooth", "raw")):
        cell = s.cell(name)
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]


@student("checks-edited", {**FULL, "check_area": 0.0}, "locked cells were edited and are put back: check_area")
def checks_edited(s):
    s.cell("area").source = "def area(height, width): return 0.5"
    s.cell("check_area").source = "4.0"


@student("points-raised", {**FULL, "check_smooth": 0.0})
def points_raised(s):
    s.cell("smooth").source = "def smooth(x): return x"
    for name in ("check_area", "check_smooth"):
        s.cell(name).metadata.nbgrader.points = 1000


@student("ids-renamed", FULL, "cells had lost their marks and are known by their text or place: check_area")
def ids_renamed(s):
    s.cell("check_area").metadata.nbgrader.update(grade_id="check_easy", points=50)


@student("skips", {**FULL, "check_area": 0.0})
def skips(s):
    s.cell("area").source = "def area(height, width): return 'large'"
    s.cell("check_area").metadata["tags"] = ["skip-execution"]


@student("answer-retyped", {**FULL, "why_kernel": None})
def answer_retyped(s):
    cell = s.cell("why_kernel")
    cell.cell_type, cell.outputs, cell.execution_count = "code", [], None


@student("big-outputs", FULL)
def big_outputs(s):
    output = nbformat.v4.new_output("stream", name="stdout", text="x" * (20 << 20))
    s.cell("check_area").outputs = [output, nbformat.v4.new_output("execute_result", data={"text/plain": "4"}, execution_count=1)]


@student("big-files", FULL)
def big_files(s):
    for number in range(4):
        with open(s.folder / f"data{number}.bin", "wb") as file:
            file.truncate(60 << 20)


@student("much-text", NONE, "no readable notebook (more than 4 MiB of text and code)")
def much_text(s):
    s.notebook.cells.append(nbformat.v4.new_code_cell("# " + "x" * (5 << 20)))


@dataclass
class Graded:
    """The class after one ``nbgrader autograde``, one ``generate_feedback`` and one ``export``."""

    course: Any
    log: str

    def pages(self) -> dict[str, str]:
        return {name: self.course.feedback(name) for name in CLASS}


@pytest.fixture(scope="module")
def options(level) -> list[str]:
    return [f"--Grade.sandbox={level}", "--Grade.book=https://uni.example", *LIMITS]


@pytest.fixture(scope="module")
def graded(generated, tmp_path_factory, options) -> Graded:
    course = generated.copy(tmp_path_factory.mktemp("class") / "course")
    for name, (make, _, _) in CLASS.items():
        hand_in(course, name, make)
    (course.folder / "submitted" / "nothing-handed-in" / "tiny").mkdir(parents=True)
    log = course.nbgrader("autograde", "tiny", *options)
    course.nbgrader("generate_feedback", "tiny")
    course.nbgrader("export", "--to", "grades.csv")
    return Graded(course, log)


def hand_in(course: Any, name: str, make: Make) -> None:
    folder = course.folder / "submitted" / name / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    submission = Submission(course.answer(PERFECT), folder)
    make(submission)
    if submission.notebook is not None:
        (folder / "tiny.ipynb").write_text(json.dumps(submission.notebook), "utf-8")


# ---- the release


def test_the_release_holds_nothing_hidden(generated):
    text = (generated.folder / "release" / "tiny" / "tiny.ipynb").read_text("utf-8")
    for secret in (
        "HIDDEN",
        "hidden:",
        "test_tiny",
        "TestArea",
        "RuntimeError",
        "MARK SCHEME",
        "n - 1 pairs",
        "can't be negative",
        "x[1:]",
    ):
        assert secret not in text
    assert "raise NotImplementedError()" in text and "assert area(2, 3) == 6" in text
    assert sorted(path.name for path in (generated.folder / "release" / "tiny").iterdir()) == ["numbers.txt", "tiny.ipynb"]


# ---- the class


@pytest.mark.parametrize("name", CLASS)
def test_everyone_gets_the_right_scores(graded, name):
    assert graded.course.scores(name) == CLASS[name][1]


@pytest.mark.parametrize("name", [name for name in CLASS if CLASS[name][2]])
def test_what_is_wrong_with_a_submission_is_told_in_one_clear_line(graded, name):
    lines = [line for line in graded.log.splitlines() if CLASS[name][2] in line and re.search(rf"\b{name}\b", line)]
    assert len(lines) == 1, "\n".join(line for line in graded.log.splitlines() if re.search(rf"(?:WARNING|ERROR).*\b{name}\b", line))


def test_nobody_makes_the_run_stumble(graded):
    assert "Traceback" not in graded.log and "There was an error" not in graded.log
    assert f"[{len(CLASS)}/{len(CLASS)}]" in graded.log
    assert re.search(r"No notebooks were matched by '.*nothing-handed-in", graded.log)


def test_progress_tells_count_name_score_and_time_left(graded):
    assert re.search(rf"\[\d+/{len(CLASS)}\] partial: 4 of 7 points by checks, about \d+ s left", graded.log)


def test_the_export_holds_everyone(graded):
    with open(graded.course.folder / "grades.csv", newline="", encoding="utf-8") as file:
        scores = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert set(scores) == set(CLASS)
    for name, (_, expected, _) in CLASS.items():
        assert scores[name] == (sum(value or 0 for value in expected.values()), 9.0)


def test_the_level_is_recorded_with_every_grade(graded, level):
    assert graded.course.autograded("perfect").metadata.autograder.sandbox == level


def test_what_a_student_displayed_in_a_grade_cell_is_kept(graded):
    cell = next(
        cell for cell in graded.course.autograded("warns").cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_area"
    )
    assert not any(output.output_type == "error" or output.get("name") == "stderr" for output in cell.outputs)


def test_autograded_notebooks_are_valid_and_hold_nothing_hidden(graded):
    for name in CLASS:
        notebook = graded.course.autograded(name)
        nbformat.validate(notebook)
        assert "hidden:" not in nbformat.writes(notebook) and "RuntimeError(" not in nbformat.writes(notebook)


# ---- feedback


def test_feedback_names_each_check_with_expected_received_and_hint(graded):
    page = graded.course.feedback("partial")
    for part in (
        "3 of 4 points", "2 of 3 checks passed", "✓ Pictures of any size", "✓ A side of zero", "✗ <strong>ValueError for a negative side",
        "must raise ValueError when a side is negative, but it returned", "1 of 3 points", "smooth(x) has shape (100000,), but shape (99999,) was expected", "expected", "received",
    ):  # fmt: skip
        assert part in page, part
    assert "Let numpy do the counting." in page
    assert "changes its argument number 1 in place" in page


def test_feedback_marks_differing_entries_and_leads_to_the_section_of_the_book(graded):
    page = graded.course.feedback("halves")
    assert re.search(r'<mark title="expected [\d.]+"><strong>[\d.]+</strong> ✗</mark>', page)
    assert page.count(".check-report .entries {") == 1, "one style for all reports"
    assert '<a href="https://uni.example/book/convnets.html#kernels-a-few-weights-that-slide">chapter “Convolutional networks”' in page


def test_feedback_tells_what_went_wrong_in_a_cell(graded):
    assert "ended the whole process" in graded.course.feedback("exits")
    assert "was interrupted" in graded.course.feedback("loops")
    assert "is not defined after this cell" in graded.course.feedback("import-fails")
    assert "raised IndexError" in graded.course.feedback("raises")
    assert "is not written yet" in graded.course.feedback("untouched")
    assert "could not be read as a notebook" in graded.course.feedback("truncated")


def test_feedback_holds_no_hidden_source_and_no_path_of_this_machine(graded):
    secrets = [
        "# hidden",
        "HIDDEN TESTS",
        "test_tiny",
        "TestArea",
        "must_raise",
        "expect_number",
        "rng.",
        'RuntimeError("These checks',
    ]
    paths = [str(graded.course.folder), str(commands.ROOT), sys.prefix, "/submission", "/grader/"]
    for name, page in graded.pages().items():
        for secret in secrets + paths:
            assert secret not in html.unescape(page), (name, secret)


class Harm(HTMLParser):
    """Collects what could act in a reader's browser or ask another host."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "base") or (tag == "meta" and not self.is_own(dict(attributes))):
            self.found.append(tag)
        for name, value in attributes:
            harmful = name.startswith("on") or re.match(r"\s*(javascript|vbscript|data:text)", value or "", re.IGNORECASE)
            remote = name in ("src", "srcset", "data", "poster") and not (value or "").startswith("data:image/")
            if harmful or remote:
                self.found.append(f"{tag} {name}={value!r:.60}")

    @staticmethod
    def is_own(attributes: dict[str, str | None]) -> bool:
        """Whether a tag of a page's head is the page's own: what it is written in, how it is shown, and that it loads nothing."""
        named = attributes.get("name") or attributes.get("http-equiv") or next(iter(attributes))
        return named in ("charset", "viewport", "color-scheme", "referrer", "Content-Security-Policy")


def test_nothing_a_student_wrote_can_act_in_feedback(graded):
    for name, page in graded.pages().items():
        assert Harm(page).found == [], name


def test_maths_and_code_survive_in_feedback(graded):
    page = graded.course.feedback("scripts")
    assert page.count("<mfrac>") >= 2 and "<math" in page
    assert re.search(r"&lt;b&gt;code&lt;/b&gt;", page) and re.search(r"<code>x &lt; y</code>", page)
    assert "MATHML" in page


# ---- another run


@pytest.fixture
def regraded(graded, tmp_path) -> Any:
    """A copy of the graded course with three students, to be graded again."""
    course = graded.course.copy(tmp_path / "course")
    for folder in ("submitted", "autograded", "feedback"):
        for path in (course.folder / folder).iterdir():
            if path.name not in ("perfect", "partial", "raises"):
                shutil.rmtree(path)
    return course


def test_a_second_run_does_nothing_and_a_forced_one_reuses_results(regraded, options, monkeypatch):
    """With a judge that can't be started: nothing may ask for it."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    assert "points by checks" not in regraded.nbgrader("autograde", "tiny", *options)
    log = regraded.nbgrader("autograde", "tiny", "--force", *options)
    assert log.count("points by checks") == 3
    assert regraded.scores("partial") == CLASS["partial"][1]
    assert "3 of 4 points" in nbformat.writes(regraded.autograded("partial"))


def test_other_points_are_reckoned_from_the_stored_results(regraded, options, monkeypatch):
    """An instructor who finds a task worth more grades nothing anew, and draws no other inputs: no judge can be started."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    before = {name: regraded.scores(name) for name in ("perfect", "partial")}
    source = regraded.folder / "source" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(source, 4)
    next(cell for cell in notebook.cells if cell.get("id") == "check-area").metadata.nbgrader.points = 6
    nbformat.write(notebook, source)
    regraded.nbgrader("generate_assignment", "tiny", "--force")
    regraded.nbgrader("autograde", "tiny", "--force", *options)
    assert before["partial"]["check_area"] == 3.0 and before["perfect"]["check_area"] == 4.0
    assert regraded.scores("partial") == before["partial"] | {"check_area": 4.5}
    assert regraded.scores("perfect") == before["perfect"] | {"check_area": 6.0}


def test_manual_scores_and_late_penalties_stay_nbgraders_own(regraded, options):
    url = f"sqlite:///{regraded.folder / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-01 12:00:00")
        grade = gradebook.find_grade("why_kernel", "tiny", "tiny", "partial")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_grade("check_smooth", "tiny", "tiny", "partial").manual_score = 2.0
        gradebook.db.commit()
    (regraded.folder / "submitted" / "partial" / "tiny" / "timestamp.txt").write_text("2026-01-02 12:00:00")
    regraded.nbgrader("autograde", "tiny", "--force", "--LateSubmissionPlugin.penalty_method=zero", *options)
    with Gradebook(url) as gradebook:
        partial, full = (gradebook.find_submission("tiny", name) for name in ("partial", "perfect"))
        assert partial.score == 3 + 2 + 1.5 and partial.total_seconds_late == 86_400
        assert partial.late_submission_penalty == partial.score
        assert full.score == 7 and not full.late_submission_penalty
    regraded.nbgrader("autograde", "tiny", "--force", "--PercentPerDay.percent=10", *options)
    with Gradebook(url) as gradebook:
        partial = gradebook.find_submission("tiny", "partial")
        assert (partial.score, partial.late_submission_penalty) == (6.5, pytest.approx(0.65))
    assert regraded.scores("partial")["check_smooth"] == 1.0


def test_a_changed_check_grades_again_and_an_interrupted_run_is_finished(regraded, options):
    """Half-written folders: not yet autograded, cut off, without its notebook, and one that is whole."""
    checks = regraded.folder / "autograder" / "checks" / "test_tiny.py"
    checks.write_text(checks.read_text("utf-8").replace('height * width, f"area', 'height * width + 1, f"area'))
    cut, bare = (regraded.folder / "autograded" / name / "tiny" / "tiny.ipynb" for name in ("perfect", "raises"))
    cut.chmod(0o644)
    text = cut.read_text("utf-8")
    cut.write_text(text[: len(text) - 300])
    bare.unlink()
    log = regraded.nbgrader("autograde", "tiny", *options)
    assert log.count("removing the unfinished result of an interrupted run") == 2
    assert regraded.scores("perfect")["check_area"] == 2.0 and regraded.scores("raises")["check_area"] == 2.0
    assert regraded.scores("partial")["check_area"] == 3.0, "finished before: left alone"


# ---- runs that can't begin


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("autograder/checks/test_tiny.py", "class TestArea", "class TestSize", r"no hidden checks found for .*test_tiny\.py::TestArea"),
        ("autograder/checks/test_tiny.py", "import pytest", "import pytest\n1 / 0", "ZeroDivisionError"),
        ("nbgrader_config.py", "# c.Grade.workers = 2", "c.Grade.workers = -1", "workers: expected a value from 0 to 64, got -1"),
    ],
    ids=["no-class", "broken-checks", "wrong-setting"],
)
def test_what_is_wrong_with_the_course_stops_the_run_before_the_first_student(tiny_course, level, file, old, new, message):
    path = tiny_course.folder / file
    path.write_text(path.read_text("utf-8").replace(old, new))
    hand_in(tiny_course, "perfect", perfect)
    with pytest.raises(CommandFailed, match=message):
        tiny_course.nbgrader("autograde", "tiny", f"--Grade.sandbox={level}")
    assert not list((tiny_course.folder / "autograded").rglob("*.ipynb"))


def test_an_assignment_nobody_knows_is_told(tiny_course):
    with pytest.raises(CommandFailed, match="No notebooks were matched"):
        tiny_course.nbgrader("autograde", "nosuch")
    shutil.copytree(tiny_course.folder / "release" / "tiny", tiny_course.folder / "submitted" / "ada" / "nosuch")
    with pytest.raises(CommandFailed, match=r"no assignment 'nosuch' in the gradebook.*nbgrader generate_assignment nosuch"):
        tiny_course.nbgrader("autograde", "nosuch")


def test_stock_nbgrader_gives_nothing_for_hidden_checks_and_says_why(tmp_path):
    """A course folder without our settings: never full marks for an unchecked answer."""
    folder = tmp_path / "stock"
    shutil.copytree(TINY, folder / "source" / "tiny", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "stock"\n')
    commands.nbgrader(folder, "generate_assignment", "tiny")
    notebook = nbformat.read(folder / "release" / "tiny" / "tiny.ipynb", 4)
    for cell in notebook.cells:
        cell.source = PERFECT.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    (folder / "submitted" / "ada" / "tiny").mkdir(parents=True)
    nbformat.write(notebook, folder / "submitted" / "ada" / "tiny" / "tiny.ipynb")
    commands.nbgrader(folder, "autograde", "tiny")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grades = {grade.name: grade.auto_score for grade in gradebook.find_submission_notebook("tiny", "tiny", "ada").grades}
    assert grades == {"check_area": 0, "check_smooth": 0, "why_kernel": None}
    text = (folder / "autograded" / "ada" / "tiny" / "tiny.ipynb").read_text("utf-8")
    assert "These checks run only with this course's nbgrader_config.py" in text
    assert os.path.exists(folder / "gradebook.db")
