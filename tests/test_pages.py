"""Pages with students' work: what of an output they keep, and what they add."""

from __future__ import annotations

import nbformat
import pytest

from autograder.pages import MAX_PAGE_HTML, Neutralise, clean_html
from autograder.score import CellResult, CheckReport, report_html

REPORT = report_html(CellResult(reports=[CheckReport("Size", True)]), 1, 1)


def shown(*outputs: dict) -> list[dict]:
    """The data of outputs as a page shows them."""
    cell = nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("display_data", data=data) for data in outputs])
    notebook, _ = Neutralise().preprocess(nbformat.v4.new_notebook(cells=[cell]), {})
    return [output.data for output in notebook.cells[0].outputs]


def test_the_first_report_brings_the_style_of_all():
    first, second = shown({"text/html": REPORT}, {"text/html": REPORT})
    assert first["text/html"].startswith("<style>") and first["text/html"].endswith(REPORT)
    assert second["text/html"] == REPORT


def test_what_a_page_has_no_room_for_is_shown_as_plain_text():
    """A report after a student's endless tables stays readable."""
    tables = [{"text/html": "<b>x</b>" * 11_000}] * (MAX_PAGE_HTML // 88_000 + 1)
    *_, report, drawing = shown(*tables, {"text/html": REPORT, "text/plain": "1 of 1"}, {"text/html": REPORT})
    assert dict(report) == {"text/plain": "1 of 1"}
    assert drawing["text/html"].startswith("<pre>&lt;div")


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "svg+xml"])
def test_pictures_within_the_page_stay(kind):
    assert f'src="data:image/{kind};base64,AAAA"' in clean_html(f'<img alt="a" src="data:image/{kind};base64,AAAA">')


@pytest.mark.parametrize(
    "markup",
    ['<img src="http://192.0.2.1/x.png">', '<img src="data:text/html,x">', '<a href="data:text/html,<script>">x</a>', '<a href="javascript:x">x</a>',
     '<a href="data:image/png;base64,AAAA">x</a>', '<div style="position: fixed; background: url(http://192.0.2.1/)">x</div>', "<style>p {}</style>"],
)  # fmt: skip
def test_what_could_act_or_load_is_taken_out(markup):
    cleaned = clean_html(markup)
    for harmful in ("http:", "data:", "javascript:", "position", "url(", "<style"):
        assert harmful not in cleaned
