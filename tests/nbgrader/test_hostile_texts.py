"""Whatever a name, a message or an output holds, it is read as it was written, and the page is made of the same parts."""

from __future__ import annotations

import nbformat
import pytest
from bs4 import BeautifulSoup
from page_examples import checked, code, display, feedback, formgrader, markdown, notebook, role, settings, stream

from autograder.feedback.cell_report import graded_outputs, report_html
from autograder.feedback.overview import Marks
from autograder.jobs.score import CellResult, CheckReport
from autograder.marking.requests import Asked
from autograder.pages import FeedbackPage

PLAIN = "plain words"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror='alert(1)'>",
    "apostrophe": "' onmouseover='alert(1)",
    "template": "{{ 7 * 7 }}{% raw %}{# gone #}${x}",
    "end of data": "]]>--></style></title><!--",
    "entities": "&lt;b&gt; &#39; &amp;amp;",
    "end of the page": "</pre></details></main></body></html>",
    "marks": "HELD0E FORMULA0HELD \\1 \\g<0>",
}
KINDS = pytest.mark.parametrize("kind", list(HOSTILE))


def comparison(text: str) -> dict:
    table = {"title": text, "part": text, "rows": [0], "columns": [0], "expected": [[text]], "received": [[text]], "wrong": [[True]]}
    picture = {"name": text, "png": "AAAA", "says": text}
    return {"tables": [table, {**table, "columns": []}], "pictures": [picture], "more": 1, "extract": False}


def result(text: str) -> CellResult:
    """A cell's checks whose every word is ``text``."""
    reports = [
        CheckReport(f"{text} passed", True),
        CheckReport(f"{text} opened", False, message=text, hint=text, expected=text, received=text),
        CheckReport(f"{text} compared", False, message=f"other {text}", hint=text, comparison=comparison(text)),
        CheckReport(f"{text} known", False, message=f"{text} {text}", diagnosis=text),
        CheckReport(f"{text} the same", False, message=f"{text} {text}", diagnosis=text),
    ]
    return CellResult(reports=reports, note=text, chapter="convnets", section=text)


def parts(page: str) -> list[tuple[str, tuple[str, ...], object]]:
    """What a page is made of: tags with the names of their attributes and their classes."""
    return [(tag.name, tuple(sorted(tag.attrs)), tag.get("class")) for tag in BeautifulSoup(page, "html.parser").find_all(True)]


def read(page: str) -> str:
    """A page's words, those in attributes too."""
    soup = BeautifulSoup(page, "html.parser")
    return " ".join([soup.get_text(), *(str(tag.get(name, "")) for tag in soup.find_all(True) for name in ("title", "alt"))])


def page_of(text: str, monkeypatch: pytest.MonkeyPatch, marks: Marks | None = None) -> str:
    """A feedback page on which every text is ``text``: names, messages, requests, outputs."""
    graded = notebook(checked()).cells[0]
    graded.outputs = [nbformat.from_dict(output) for output in graded_outputs(result(text), 2.0, "process")]
    traceback = ["-" * 75, "ValueError   Traceback (most recent call last)", "Cell In[7], line 1", "", f"ValueError: {text}"]
    error = {"output_type": "error", "ename": "ValueError", "evalue": text, "traceback": traceback}
    shown = code(stream(text), display(plain=text), error)
    made = notebook(
        markdown(f"### Task 1.1 {text} (2 points)", metadata={"nbgrader": role("task", grade=False)}),
        shown,
        nbformat.v4.new_raw_cell(text),
        graded,
    )
    monkeypatch.setattr(
        "autograder.pages.read_marks", lambda *_: marks or Marks(requests={"check_sum": [Asked(text, "", ""), Asked(text, text, text)]})
    )
    return FeedbackPage(config=settings()).from_notebook_node(made, resources={"nbgrader": {"notebook": text}})[0]


@KINDS
def test_a_feedback_page_shows_texts_as_they_are_and_is_made_of_the_same_parts(kind, monkeypatch):
    hostile, plain = page_of(HOSTILE[kind], monkeypatch), page_of(PLAIN, monkeypatch)
    assert read(hostile).count(HOSTILE[kind]) >= read(plain).count(PLAIN) - 1, "all but the heading, which is Markdown where it stands"
    told = BeautifulSoup(hostile, "html.parser"), BeautifulSoup(plain, "html.parser")
    for heading in (tag for page in told for tag in page.select("h3") if not tag.find_parent(class_="grader-report")):
        heading.decompose()
    assert parts(str(told[0])) == parts(str(told[1]))


@KINDS
def test_a_report_in_the_notebook_shows_texts_as_they_are_and_is_made_of_the_same_parts(kind):
    pages = [report_html(result(text), 1, 2, book) for text in (HOSTILE[kind], PLAIN) for book in ("", "https://uni.example")]
    assert parts(pages[0]) == parts(pages[2]) and parts(pages[1]) == parts(pages[3])
    assert read(pages[0]).count(HOSTILE[kind]) == read(pages[2]).count(PLAIN) > 25


@KINDS
@pytest.mark.parametrize("page", [feedback, formgrader])
def test_what_is_rendered_acts_in_no_browser(kind, page):
    text = HOSTILE[kind]
    forms = {"html": text, "markdown": text, "latex": f"${text}$", "svg": text}
    pictures = f'![{text}](gone.png) ![a](attachment:{text}) <img alt="{text}" src="x.png"> `{text}` ${text}$\n\n```\n{text}\n```\n'

    def shown(words: str, source: str, *claims: dict) -> str:
        return page(notebook(code(*claims, source=words), markdown(source), checked(*claims), markdown(words)))

    soup = BeautifulSoup(shown(text, pictures, *(display(**{form: told}) for form, told in forms.items())), "html.parser")
    honest = BeautifulSoup(shown(PLAIN, PLAIN, stream(PLAIN)), "html.parser")
    for tag in ("script", "style", "meta", "iframe", "object", "form", "input", "button", "main", "body", "title"):
        assert len(soup.find_all(tag)) == len(honest.find_all(tag)), tag
    acting = [[name for tag in made.find_all(True) for name in tag.attrs if name.startswith("on")] for made in (soup, honest)]
    assert acting[0] == acting[1]
    assert [tag for tag in soup.find_all("img") if not str(tag["src"]).startswith("data:image/")] == []
    assert soup.get_text().count("49") == honest.get_text().count("49"), "a template in a text is no template"


@KINDS
def test_a_name_that_a_student_chose_is_a_text_of_the_formgrader(kind):
    def named(text: str) -> str:
        return formgrader(notebook(code(stream("x"))), student=text, last_name=text, first_name=text, notebook_path=text)

    assert parts(named(HOSTILE[kind])) == parts(named(PLAIN))
    assert HOSTILE[kind] in BeautifulSoup(named(HOSTILE[kind]), "html.parser").get_text()
