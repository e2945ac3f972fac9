"""A feedback page as a student reads it: in the light and in the dark, on a phone, on paper, and without a mouse."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from page_examples import answer, checked, code, display, feedback, markdown, notebook, outputs, role, stream
from pypdf import PdfReader

from autograder.checking.shown import compare
from autograder.jobs.score import CheckReport

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
TASKS = ("1.1 correlate2d(x, W)", "1.2 convolve2d(x, W)", "1.3 In words: why?", "1.4 maps")
HELPER = "def same(received, expected, what):\n    assert received == expected, what\n"
TRACEBACK = """\
---------------------------------------------------------------------------
AssertionError                            Traceback (most recent call last)
Cell In[5], line 2
      1 x = [1, 2]
----> 2 same(correlate2d(x), [1, 8], "correlate2d of the example")
      3 print("as expected")

Cell In[2], line 2, in same(received, expected, what)
      1 def same(received, expected, what):
----> 2     assert received == expected, what

AssertionError: correlate2d of the example
"""


def png() -> str:
    pixels = zlib.compress(b"\0\x7f" * 1)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


def compared(name: str, height: int, width: int) -> CheckReport:
    """A check that failed with arrays (height, width) to compare."""
    expected = np.arange(float(height * width)).reshape(height, width) * 1234.5678
    received = expected + (np.arange(width) % 2)
    shown = compare(expected, received, np.isclose(received, expected))
    return CheckReport(name, False, message="Every second column differs, `x` is wrong.", hint="Look at `stride`.", comparison=shown)


def given(kind: Any, source: str, name: str) -> Any:
    cell = kind(source=source)
    cell.metadata["nbgrader"] = role(name, grade=False)
    return cell


def answered(source: str, name: str, *claims: dict, **about: Any) -> Any:
    cell = code(*claims, source=source)
    cell.metadata["nbgrader"] = role(name, grade=False, solution=True, locked=False, **about)
    return cell


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with everything there is: failed, right, written and commented tasks, pictures, tables, errors, cells of one's own."""
    heads = [given(markdown, f"### Task {title} (2 points)\n\nText of the task.", f"task-{title[:3]}") for title in TASKS]
    right = [CheckReport("Size", True), CheckReport("Values", True)]
    wrong = [
        compared("Small", 4, 5),
        compared("Picture", 20, 30),
        CheckReport("Type", True),
        CheckReport("Message", False, message="No `x`."),
    ]
    table = '<table class="dataframe"><tr><th>loss</th></tr><tr><td style="color: black">1.5</td></tr></table>'
    long = "\n".join(f"x_{number} = {number}  # a comment" for number in range(60))
    cells = [
        given(markdown, "# Words\n\nWhat it is about.", "about"),
        given(code, HELPER, "helpers"),
        *(heads[0], answered("def correlate2d(x, W):\n    return x  # not 'right'", "correlate2d", stream("printed\n"), display(png=png())),
          checked({"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": TRACEBACK.splitlines()},
                  name="check_correlate2d", reports=wrong)),
        *(heads[1], answered(f"def convolve2d(x, W):\n    return correlate2d(x, W)\n{long}", "convolve2d", comment="Well **done**, but look at `x`."),
          checked(stream("\x1b[31mred\x1b[0m " * 40), name="check_convolve2d", reports=wrong)),
        *(heads[2], answer("Because $x^2$ and <b>so</b> on, `code`, [a link](https://uni.example).", "why", comment="Yes.")),
        *(heads[3], answered("maps = 3", "maps", display(html=table)), checked(name="check_maps", reports=right)),
        markdown("My own *notes*."), code(display(html=table), display(png=png()), stream("my own\n" * 40), source="plot()"),
    ]  # fmt: skip
    for cell in cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_maps":
            cell.metadata["nbgrader"]["score"] = 2.0
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(feedback(notebook(*cells)), "utf-8")
    return path


def opened(chromium: Any, page: Path, width: int = 1280, theme: str = "light") -> Any:
    tab = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    tab.goto(page.as_uri())
    return tab


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 375), ("dark", 375)])
def test_a_page_has_no_barrier_and_nothing_sticks_out(chromium, page, theme, width):
    tab = opened(chromium, page, width, theme)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(tab, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
    assert [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]] == []
    tab.close()


def test_a_page_is_dark_where_a_reader_wants_it_and_students_tables_stay_on_paper(chromium, page):
    tab = opened(chromium, page, theme="dark")
    colour = "selector => getComputedStyle(document.querySelector(selector)).backgroundColor"
    assert tab.evaluate(colour, "body") == "rgb(22, 24, 27)"
    assert tab.evaluate(colour, ".from-student:has(table)") == "rgb(255, 255, 255)"
    tab.close()


def test_every_task_begins_a_page_on_paper_and_no_heading_stands_alone(chromium, page):
    tab = opened(chromium, page)
    printed = [
        " ".join(sheet.extract_text(extraction_mode="layout").split()) for sheet in PdfReader(io.BytesIO(tab.pdf(format="A4"))).pages
    ]
    begins = [[place for place, text in enumerate(printed) if re.match(rf"▾?\W*{re.escape(title)}", text)] for title in TASKS]
    assert all(len(found) == 1 for found in begins), [text[:60] for text in printed]
    assert begins == sorted(begins) and begins[0] != [0]
    assert "maps = 3" in printed[begins[3][0]], "what is folded is printed"
    for sheet in printed:
        assert not re.search(r"(Your answer|Report of the checks|look here|, done)$", sheet), sheet[-80:]
    tab.close()


def test_a_page_can_be_used_without_a_mouse(chromium, page):
    tab = opened(chromium, page)
    links = tab.locator(".overview tbody a").count()
    reached = set()
    for _ in range(200):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim().slice(0, 30)"))
    assert {f"A {title[:30]}" for title in TASKS} <= reached and links >= len(TASKS)
    assert [title for title in TASKS if not any(one.startswith(f"SUMMARY {title}"[:30]) for one in reached)] == []
    tab.locator(".overview tbody a", has_text=TASKS[3]).press("Enter")
    assert tab.locator(".task", has_text=TASKS[3]).evaluate("task => task.open"), "a link opens the fold that it leads to"
    summary = tab.locator(".task > summary").first
    summary.press("Enter")
    assert not tab.locator(".task").first.evaluate("task => task.open")
    tab.close()


def test_a_page_asks_no_host_for_anything_and_acts_in_nothing(chromium, page):
    tab, asked = chromium.new_page(), []
    tab.on("request", lambda request: asked.append(request.url))
    problems = []
    tab.on("console", lambda line: problems.append(line.text))
    tab.goto(page.as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == [] and problems == []
    assert tab.locator("script, form, iframe, link").count() == 0
    tab.close()


def test_every_picture_is_told_and_every_level_of_headings_is_there(chromium, page):
    tab = opened(chromium, page)
    told = tab.locator("img").evaluate_all("pictures => pictures.map(picture => picture.alt)")
    assert len(told) == 2 + 2 * 3 and all(told)
    assert told.count("Picture made by this cell") == 2
    levels = tab.locator("main > * h1, main > details > summary h2, .grader-report > h3").evaluate_all(
        "all => all.map(one => +one.tagName[1])"
    )
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    tab.close()


def test_of_a_traceback_the_line_of_the_check_and_the_sentence_are_shown(page):
    text = page.read_text("utf-8")
    assert 'Line 2: same(correlate2d(x), [1, 8], "correlate2d of the example")\nAssertionError: correlate2d of the example</pre>' in text
    assert text.index("The whole traceback") < text.index("Traceback (most recent call last)")


def test_given_cells_are_folded_and_the_first_failed_check_stands_open(chromium, page):
    tab = opened(chromium, page)
    assert not tab.get_by_text("def same").first.is_visible() and not tab.get_by_text("Text of the task.").first.is_visible()
    reports = tab.locator(".task[open] .grader-report").all()
    assert len(reports) == 2
    for report in reports:
        assert report.locator(".comparison").first.is_visible() and not report.locator(".comparison").last.is_visible()
        assert [name.is_visible() for name in report.locator("strong", has_text=re.compile("^(Small|Picture|Message)$")).all()] == [
            True
        ] * 3
        assert report.locator("li details").count() == 2
    tab.close()


def test_a_recognised_mistake_is_seen_in_the_table_and_at_a_folded_check(chromium, tmp_path):
    said = [CheckReport(name, False, message=f"{name} is wrong. The kernel was flipped along {axes}.", diagnosis=f"The kernel was flipped along {axes}.")
            for name, axes in (("A", "both axes"), ("B", "`rows` only"))]  # fmt: skip
    path = tmp_path / "page.html"
    path.write_text(feedback(notebook(checked(name="check_a", reports=said))), "utf-8")
    tab = opened(chromium, path)
    assert tab.locator(".overview tbody td").last.inner_text() == "A: The kernel was flipped along both axes."
    assert tab.locator(".check-report summary").inner_text() == "✗ B (1 point) The kernel was flipped along rows only."
    assert tab.locator(".check-report details:not([open])", has_text="B is wrong.").count() == 1
    assert tab.locator(".check-report details", has_text="A is wrong.").count() == 0
    tab.close()


def test_a_long_answer_and_a_hostile_one_keep_their_folds(chromium, tmp_path):
    """What a student writes can't open, close or imitate a fold of the page's own."""
    evil = '</details></div></section><details class="task done" open><summary><h2>9.9 mine</h2></summary>x</details><li class="failed">✗ <strong>y</strong></li>'
    said = [CheckReport("A", False, message=evil), CheckReport("B", False, message=f"<li>{evil}</li>", hint=evil), CheckReport("C", True)]
    path = tmp_path / "page.html"
    made = notebook(
        answered(f"# {evil}", "a", stream(evil), display(html=evil)), checked(name="check_a", reports=said), markdown(evil), answer(evil)
    )
    path.write_text(feedback(made), "utf-8")
    tab = opened(chromium, path)
    assert tab.locator(".task").count() == 2 and tab.locator("main > details").count() == 2
    assert tab.locator(".grader-report").count() == 1 and tab.locator(".grader-report li").count() == 3
    tab.close()


def test_a_failed_check_of_which_nothing_is_told_folds_no_other():
    said = [CheckReport(name, False, message=message) for name, message in (("A", ""), ("B", "Wrong."), ("C", ""), ("D", "Too small."))]
    page = feedback(notebook(checked(name="check_a", reports=said)))
    assert re.sub(r" \([^)]*\)", "", page[page.index("<ul>") : page.index("</ul>")]) == (
        '<ul><li class="failed">✗ <strong>A</strong></li>'
        '<li class="failed"><details><summary>✗ <strong>B</strong></summary>Wrong.</details></li>'
        '<li class="failed">✗ <strong>C</strong></li>'
        '<li class="failed"><details><summary>✗ <strong>D</strong></summary>Too small.</details></li>'
    )


def test_a_link_to_the_book_comes_with_its_address(monkeypatch):
    from markupsafe import escape
    from page_examples import settings
    from traitlets.config import Config

    from autograder.checking.sections import words
    from autograder.feedback.cell_report import graded_outputs
    from autograder.jobs.score import CellResult
    from autograder.pages import FeedbackPage

    result = CellResult(reports=[CheckReport("Size", False)], chapter="convnets", section="A kernel's stride & padding")
    cell = checked(name="check_a")
    cell.outputs = outputs()
    made = notebook(cell)
    made.cells[0].outputs = [type(made.cells[0])(output) for output in graded_outputs(result, 2.0, "process")]
    told = escape(words("convnets", "A kernel's stride & padding"))
    assert f"In the book: {told}." in feedback(notebook(*made.cells))
    with_book = Config(settings())
    with_book.Grade.book = "https://uni.example/course"
    page, _ = FeedbackPage(config=with_book).from_notebook_node(notebook(*made.cells), resources={"nbgrader": {"notebook": "words"}})
    assert f'In the book: <a href="https://uni.example/course/book/convnets.html#a-kernel-s-stride-padding">{told}</a>.' in page
