"""Pages with students' work: nothing of it acts, covers, imitates or crowds out what the page itself says."""

from __future__ import annotations

import base64
import re
import struct
import time
import zlib
from collections.abc import Callable

import nbformat
import page_examples as examples
import pytest
from page_examples import answer, checked, code, display, feedback, formgrader, markdown, notebook, outputs, stream

from autograder.feedback.calm import calm
from autograder.feedback.cell_report import report_html
from autograder.feedback.harmless import clean_html, harmless_style
from autograder.feedback.page_markdown import known_pictures
from autograder.feedback.page_room import LIMITS, MAX_CELLS, MAX_OUTPUTS
from autograder.jobs.score import CellResult, CheckReport
from autograder.pages import Neutralise

REPORT = report_html(CellResult(reports=[CheckReport("Size", True)]), 90, 90)
PAGES = pytest.mark.parametrize("page_of", [feedback, formgrader])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2, more: int = 0) -> str:
    """A PNG in base64, ``more`` bytes longer than it need be."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (width + 1) * height) if width * height < 10**6 else b""
    chunks = chunk(b"IHDR", header) + chunk(b"teXt", b"x" * more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'


def shown(*claims: dict) -> list[str]:
    """A student's outputs as a page shows them."""
    made, _ = Neutralise().preprocess(notebook(nbformat.v4.new_code_cell("", outputs=outputs(*claims))), {})
    return [output.data["text/html"] for output in made.cells[0].outputs]


# ---- whose words they are


@PAGES
def test_a_student_cannot_forge_a_report(page_of):
    forged = [display(html=REPORT), display(html=f'<section class="grader-report">{REPORT}</section>'), display(markdown=REPORT)]
    page = page_of(notebook(code(*forged), markdown(REPORT), checked(*forged)))
    assert page.count('class="grader-report"') == page.count('class="check-report"') == 1
    assert page.index('class="grader-report"') < page.rindex("1 of 2 points")
    assert "90 of 90 points" in page.replace("</strong>", "")


def test_metadata_of_the_student_is_not_the_graders():
    claim = display(html=REPORT) | {"metadata": {"autograder": {"checks": [], "sandbox": "x"}}}
    assert outputs(claim)[0].metadata == {}
    assert "grader-report" not in "".join(shown(claim))
    forged = markdown("# Not the teacher's", metadata={"autograder": {"heading": "Mark scheme", "raw": True}, "tags": ["x"]})
    page = formgrader(notebook(forged))
    assert '<details open="" class="mark-scheme' not in page and "celltag" not in page and "<h1>Not the teacher" in page


@PAGES
def test_no_class_id_or_name_of_a_student_reaches_the_page(page_of):
    evil = '<div class="modal in" id="formgrade" name="points"><p class="navbar-fixed-top sr-only" id="why">words</p><a id=x name=y class="btn">z</a></div>'
    evil += '<table class="dataframe modal"><tr><td>1</td></tr></table>'
    page = page_of(notebook(code(display(html=evil)), markdown(evil), answer(evil), markdown("# points\n\n## formgrade")))
    body = page[page.index("<body") :]
    for attribute in ("modal", "sr-only", 'id="formgrade"', 'id="points"', 'name="points"', 'id="x"', 'name="y"', "btn"):
        assert body.count(attribute) == page_of(notebook(answer(""))).partition("<body")[2].count(attribute), attribute
    assert body.count("<p>words</p>") == 3


def test_a_table_of_pandas_keeps_its_class_and_loses_its_style_sheet():
    table = '<div>\n<style scoped>\n .dataframe th {color: red}\n</style><table border="1" class="dataframe"><tr><th>loss</th></tr></table></div>'
    (page,) = shown(display(html=table))
    assert '<table class="dataframe">' in page and "color: red" not in page and "loss" in page


@pytest.mark.parametrize(
    ("declaration", "stays"),
    [("color: red", True), ("background-color: rgb(1, 2, 3)", True), ("padding: 0 1.5em 0.7em 0", True), ("border: 1px solid #ddd", True),
     ("width: 300px", True), ("width: 100%", True), ("display: inline-block", True), ("text-align: right", True), ("margin: auto", True),
     ("position: fixed", False), ("margin-top: -500px", False), ("margin: 1em -9em", False), ("padding: 9999px", False), ("padding-top: 5000%", False),
     ("width: 99999px", False), ("width: 100vw", False), ("height: calc(1px * 99999)", False), ("border: 900px solid red", False), ("border-width: 50em", False),
     ("z-index: 9", False), ("float: left", False), ("display: contents", False), ("display: flex", False), ("transform: scale(9)", False),
     ("background: url(x)", False), ("color: expression(x)", False), ("color: var(--x)", False), ("outline: 999px solid", False),
     ("font-size: 999px", False), ("line-height: 0", False), ("top: 0", False), ("box-shadow: 0 0 0 999px red", False), ("content: 'x'", False)],
)  # fmt: skip
def test_a_style_neither_moves_nor_covers(declaration, stays):
    name, _, value = declaration.partition(": ")
    assert harmless_style(name, value) is stays
    assert (declaration in clean_html(f'<div style="{declaration}">x</div>')) is stays


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "svg+xml"])
def test_pictures_within_the_page_stay(kind):
    assert f'src="data:image/{kind};base64,AAAA"' in clean_html(f'<img alt="a" src="data:image/{kind};base64,AAAA">')


@pytest.mark.parametrize(
    "markup",
    ['<img src="http://192.0.2.1/x.png">', '<img src="data:text/html,x">', '<a href="data:text/html,<script>">x</a>', '<a href="javascript:x">x</a>',
     '<a href="data:image/png;base64,AAAA">x</a>', '<div style="position: fixed; background: url(http://192.0.2.1/)">x</div>', "<style>p {}</style>",
     '<a href="#check_sum">x</a>', '<a href="//192.0.2.1">x</a>', '<label for="why">x</label>', '<svg><a xlink:href="javascript:x">x</a></svg>'],
)  # fmt: skip
def test_what_could_act_or_load_is_taken_out(markup):
    cleaned = clean_html(markup)
    for harmful in ("http:", "data:", "javascript:", "position", "url(", "<style", "href", "for=", "p {}"):
        assert harmful not in cleaned


@PAGES
def test_texts_stay_in_their_place(page_of):
    text = "a" + "\u0301" * 300 + "b \u202etxt.exe\u202c \u2066x"
    page = page_of(notebook(code(stream(text), display(html=text), source=f"# {text}"), markdown(text), answer(text)))
    assert "\u0301" * 5 not in page and not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert calm("e\u0301 ภาษาไทยที่นี่ עברית العَرَبِيَّة") == "e\u0301 ภาษาไทยที่นี่ עברית العَرَبِيَّة"


def test_a_name_is_no_markup_in_the_formgrader():
    name = '"><img src=x onerror=alert(1)>\u202e'
    page = formgrader(notebook(answer("x")), student=name, last_name=name, first_name="Ada", notebook_path=f"notebooks/{name}")
    assert "<img" not in page and "\u202e" not in page and "&gt;&lt;img" in page.replace(">", "&gt;").replace("<", "&lt;")


@pytest.mark.parametrize(
    "source", [r"\rlap{\kern-500pt x}", r"\hspace{-99em}x", r"\rule{999em}{999em}", r"\mathchoice{a}{b}{c}{d}", r"\href{javascript:x}{y}"]
)
def test_formulas_have_no_huge_or_far_negative_lengths(source):
    page = formgrader(notebook(answer(f"${source}$ and $x\\!y$")))
    body = page[page.index('class="from-student') :]
    lengths = re.findall(r'<m\w+[^>]* (?:width|height|lspace|depth|mathsize)="([^"]*)"', body)
    assert [length for length in lengths if re.search(r"\d{3}|-[1-9]", length)] == [] and "href" not in body.partition("</math>")[0]


# ---- how much of it


DOTS = "<circle r='1'/>"
COLOURED = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["\x1b[31mx\x1b[42my" * 400] * 100}
WORST: dict[str, Callable[[], list[nbformat.NotebookNode]]] = {
    "text": lambda: [code(stream("line of text\n" * 100_000))] * 20,
    "one line": lambda: [code(stream("é" * 2_000_000))] * 5,
    "displays": lambda: [code(*[display(plain="x")] * 3000)] * 6,
    "html": lambda: [code(*[display(html="<b>x</b>" * 100)] * 101)] * 6,
    "tables": lambda: [code(display(html=f"<table>{'<tr><td>1.25</td></tr>' * 1500}</table>"))] * 50,
    "styles": lambda: [code(display(html="<b style='color: red; border: 1px solid'>&lt;</b>" * 1000))] * 50,
    "pictures": lambda: [code(*[display(png=png(more=60_000))] * 20)] * 5,
    "pictures in html": lambda: [code(display(html=f'<img src="data:image/png;base64,{png(more=90_000)}">'))] * 20,
    "large pictures": lambda: [code(display(png=png(more=800_000), plain="<Figure>"))] * 20,
    "drawings": lambda: [code(display(svg=svg(DOTS * 60_000)), display(svg=svg(DOTS * 5_000)))] * 20,
    "colours": lambda: [code(COLOURED)] * 20,
    "sources": lambda: [*[code(source="x = [1, 'a', None]\n" * 20_000)] * 20, *[code(source="f(" * 150_000)] * 3],
    "cells": lambda: [code(source="x = 1"), markdown("*x*")] * 1000,
    "words": lambda: [*[markdown("**x** `y` [z](http://uni.example)\n\n" * 200)] * 100, answer("&" * 100_000, "other")],
    "formulas": lambda: [markdown("$x^2 + \\frac{a}{b}$ " * 300)] * 40,
    "attachments": lambda: [markdown("![x](attachment:x.png)", attachments={"x.png": {"image/png": png(more=200_000)}})] * 20,
}


@pytest.mark.parametrize("name", list(WORST))
def test_a_page_is_small_and_quickly_made_whatever_the_notebook_holds(name):
    large = notebook(*WORST[name](), checked(stream("my words")), answer("My *answer*."))
    start = time.process_time()
    page = feedback(large)
    assert time.process_time() - start < 8, "seconds, on a slow machine; about one on ours"
    assert len(page.encode()) < 2_000_000
    assert page.count('class="grader-report"') == 1 and "Wrong sum." in page
    assert "my words" in page and "<em>answer</em>" in page, "what is to be graded is there, however much goes before it"
    assert re.search("left out here|isn't shown here|left out from here|shown as it is written|was cut here", page), (
        "the page says what it doesn't show"
    )


def test_what_is_left_out_is_named_with_its_size():
    page = "".join(shown(stream("x" * 150_000), display(png=png(800, 600, more=700_000)), *[display(plain="y")] * (MAX_OUTPUTS + 5)))
    assert "[… 130,000 characters are left out here …]" in page
    assert re.search(r"A picture is left out here: it is larger than 500 kB \(PNG, 800 × 600 pixels, 7\d\d kB\)\.", page)
    assert re.search(r"7 outputs are left out here \([\d.]+ (kB|bytes)\)\.", page)
    nested = "".join(shown(display(html="<b>" * 300 + "x", plain="<HTML>")))
    assert "HTML is left out here: it has more than 200 tags within each other." in nested and "&lt;HTML&gt;" in nested


def test_cells_left_out_are_counted_and_those_to_be_graded_stay():
    made = notebook(*[markdown(f"cell {number}") for number in range(MAX_CELLS + 30)], checked(), answer("mine"))
    page = formgrader(made)
    assert f"30 cells are left out from here on: a page shows {MAX_CELLS}" in page
    assert page.count("text_cell ") == MAX_CELLS + 2 and "mine" in page and 'class="grader-report"' in page


def test_comments_and_graded_answers_have_room_after_endless_texts():
    made = notebook(*[markdown("**x** " * 1900)] * 40, answer("**mine** " * 1000, comment="Well **done**."))
    page = feedback(made)
    assert "Well <strong>done</strong>." in page and page.count("<strong>mine</strong>") == 1000


def test_a_pasted_screenshot_is_shown():
    made = markdown("![mine](attachment:a.png)\n\n![gone](attachment:b.png)", attachments={"a.png": {"image/png": png(more=200_000)}})
    page = feedback(notebook(made))
    assert f'src="data:image/png;base64,{png(more=200_000)}"' in page and "a picture that isn't in the notebook: gone" in page


def test_honest_displays_are_shown_as_they_are_meant():
    texts = shown(display(markdown="**bold** $x^2$"), display(latex="$\\frac{a}{b}$", plain="a/b"), display(svg=svg('<path d="M0 0"/>')),
                  display(png=png()), stream("\x1b[31mred\x1b[0m"), display(html="<progress value='3' max='5'></progress>"))  # fmt: skip
    for text, part in zip(
        texts,
        (
            "<strong>bold</strong>",
            "<mfrac>",
            'alt="Drawing made by this cell"',
            'alt="Picture made by this cell" src="data:image/png',
            "ansi-red-fg",
            'value="3"',
        ),
        strict=True,
    ):
        assert part in text and text.startswith('<div class="from-student output-shown')


# ---- what can't be made

HOSTILE = {
    "CSS": "<p style='color:" + "(" * 1500 + "'>x</p>", "long CSS": "<p style='" + "color: red;" * 5000 + "'>x</p>", "tags": "<i>" * 20_000,
    "lists": "<ul><li>" * 5000, "broken": "<a href='" * 3000, "comments": "<!--" * 5000, "entities": "&#xD800;&#x110000;&notanentity;" * 500,
    "quotes": "> " * 5000 + "x", "bullets": "- " * 5000 + "x", "links": "[" * 9000, "images": "![a](" * 2000, "fences": "```\n````\n" * 1200,
    "begins": "\\begin{a}" * 1000, "formulas": "$" + "\\frac{" * 3000 + "$ $" + "\\left(" * 300 + "$ $" + "{" * 900 + "$", "surrogates": "a\ud800b",
    "MathML": "<math>" + "<mrow>" * 3000, "numbers": "1. " * 4000, "tables": "|a\n|-|\n" * 1500,
}  # fmt: skip


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_page_is_made_whatever_a_text_holds(kind):
    text = HOSTILE[kind]
    raw = nbformat.v4.new_raw_cell(text)
    start = time.process_time()
    page = feedback(
        notebook(code(display(html=text), display(markdown=text, latex=text), stream(text)), markdown(text), raw, answer("mine"), checked())
    )
    assert time.process_time() - start < 8
    assert "mine" in page and 'class="grader-report"' in page
    page.encode()


@pytest.mark.parametrize("what", ["clean_html", "Highlight2HTML"])
def test_a_piece_that_cannot_be_rendered_is_told_and_the_rest_is_shown(what, monkeypatch):
    def broken(*_: object, **__: object) -> str:
        raise RecursionError("deep")

    monkeypatch.setattr(f"autograder.feedback.page_pieces.{what}", broken)
    page = feedback(notebook(code(display(html="<b>x</b>", plain="plain words"), stream("printed")), markdown("*mine*"), checked()))
    assert "printed" in page and "mine" in page and 'class="grader-report"' in page
    assert ("plain words" in page) is (what == "clean_html")
    assert re.search(r"(left out here|shown as it is written): it can't be (shown|rendered) \(RecursionError\)\.", page)


@pytest.mark.parametrize(
    ("attachments", "known"),
    [(None, {}), ([], {}), ({"x": 5}, {}), ({"x": {}}, {}), ({"x": {"text/html": "<b>"}}, {}), ({"x": {"image/png": 7}}, {"x": {"image/png": "7"}}),
     ({"x": {"image/png": ["AA", "AA"], "a": "b"}}, {"x": {"image/png": "AAAA"}})],
)  # fmt: skip
def test_of_attachments_pictures_are_kept(attachments, known):
    assert known_pictures(attachments) == known


@pytest.mark.parametrize(
    ("drawing", "told"),
    [(svg("<circle r='1'/>" * 60), ""), (svg("<g><path id='a'/></g>" + "<use xlink:href='#a'/>" * 500), ""), (svg("<text>filter 1</text>"), ""),
     (svg("<g>" * 300 + "</g>" * 300), "nested too deep"), (svg("<filter id='f'/>"), "isn't shown here"), ("no drawing", "isn't readable"),
     (svg("<g id='a'><use xlink:href='#b'/></g><g id='b'><use xlink:href='#a'/></g>"), "more than 50,000 parts"),
     ("<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>" + svg("&a;"), "isn't readable"), (svg("<g style='filter: blur(9px)'/>"), "isn't shown here"),
     (svg("".join(f"<g id='n{n}'>" + f"<use href='#n{n - 1}'/>" * 10 + "</g>" for n in range(1, 9)) + "<use href='#n8'/>"), "more than 50,000 parts")],
)  # fmt: skip
def test_drawings_that_a_browser_would_draw_for_ever_are_left_out(drawing, told):
    (page,) = shown(display(svg=drawing))
    assert ("<img" in page) is (not told) and told in page


@pytest.mark.parametrize(
    ("form", "picture", "told"),
    [("png", png(60_000, 60_000), "more than 25 million pixels"), ("png", base64.b64encode(b"no picture").decode(), "is no PNG file"),
     ("jpeg", png(), "is no JPEG file"), ("jpeg", base64.b64encode(b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\xff\xff\xff\xff\3").decode(), "65535 × 65535"),
     ("png", "====", "is no PNG file"), ("png", "A=B=C", "isn't readable")],
)  # fmt: skip
def test_pictures_that_take_all_memory_or_are_none_are_left_out(form, picture, told):
    (page,) = shown(display(**{form: picture}))
    assert "<img" not in page and told in page


def test_every_limit_is_one_that_a_page_meets():
    assert LIMITS["markup"] + LIMITS["text"] + LIMITS["pictures"] < 1_500_000
    assert examples.settings().HTMLExporter.filters.keys() == {"markdown2html", "highlight_code"}
