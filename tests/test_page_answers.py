"""Written answers as students hand them in: with pictures of every kind, and formulas as Jupyter renders them."""

from __future__ import annotations

import base64
import struct
import time
import zlib

import pytest

from autograder.feedback.page_pieces import Pieces


def png(side: int, noise: bytes = b"") -> str:
    """A grey picture as base64; ``noise`` makes its file longer."""
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * side for _ in range(side)))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"tEXt", noise), (b"IDAT", rows), (b"IEND", b"")]
    parts = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


SMALL, LARGE = png(4), png(40, bytes(range(1, 256)) * 100)


@pytest.mark.parametrize("picture", ["![sketch](data:image/png;base64,{})", '<img alt="sketch" width="40" src="data:image/png;base64,{}">'])
@pytest.mark.parametrize("data", [SMALL, LARGE])
def test_a_picture_pasted_as_data_is_shown_and_the_text_about_it_is_whole(picture, data):
    page = Pieces().markdown(f"Above.\n\n{picture.format(data)}\n\nBelow: **the answer**.", None, True)
    assert f'src="data:image/png;base64,{data}"' in page
    assert "Above." in page and "<strong>the answer</strong>" in page and "left-out" not in page


@pytest.mark.parametrize(
    ("picture", "name"),
    [("![a](attachment:sketch.png)", "sketch.png"), ('<img src="attachment:sketch.png" width="40">', "sketch.png"), ("<img src='attachment:s.png'/>", "s.png"),
     ("![a](attachment:my%20sketch.png)", "my sketch.png"), ("![a](<attachment:s.png> \"title\")", "s.png")],
)  # fmt: skip
def test_an_attached_picture_is_shown_however_it_is_named(picture, name):
    page = Pieces().markdown(f"{picture}\n\nBelow.", {name: {"image/png": LARGE}}, True)
    assert f'src="data:image/png;base64,{LARGE}"' in page and "Below." in page


@pytest.mark.parametrize(
    "picture",
    ["![my drawing](drawing_07.png)", '<img alt="my drawing" src="https://192.0.2.1/x.png">', "![my drawing](data:image/webp;base64,AAAA)"],
)
def test_a_picture_that_is_no_part_of_the_notebook_is_replaced_by_words(picture):
    page = Pieces().markdown(f"See {picture} below.")
    assert "<img" not in page and "my drawing" in page and "isn't shown here" in page and "below." in page


def test_pictures_beyond_a_pages_room_leave_their_text():
    page = Pieces().markdown("\n\n".join(f"Text {number}. ![p](data:image/png;base64,{LARGE})" for number in range(40)), None, True)
    assert all(f"Text {number}." in page for number in range(40)) and "left out here" in page


@pytest.mark.parametrize(
    "formula",
    ["$ n $", "$ \\sqrt{n} $", "$n $", "$ x_1$", "\\\\( x^2 \\\\)", "\\( x^2 \\)", "\\\\[ x^2 \\\\]", "\\begin{align}\nr &= 1 \\\\\ns &= 2\n\\end{align}",
     "\\begin{align*} r &= 1 \\end{align*}", "\\begin{equation} a = b \\label{e} \\end{equation}", "\\begin{eqnarray} a &=& b \\nonumber \\end{eqnarray}",
     "$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$", "\\begin{gather} a \\\\ b \\end{gather}", "\\begin{equation}\\begin{split} a &= b \\end{split}\\end{equation}"],
)  # fmt: skip
def test_formulas_as_jupyter_renders_them_are_typeset(formula):
    page = Pieces().markdown(f"So {formula} is it.")
    assert page.count("<math") == 1 and "is it." in page
    assert not any(sign in page for sign in ("$", "begin", "nonumber", "label", "&amp;", "\\"))


@pytest.mark.parametrize(
    "text",
    [
        "It costs 5 $ and 6 $ more.",
        "From $5 to $6.",
        "`$ n $`",
        "A \\(remark\\) of mine.",
        "\\$ 5 and \\$ 6",
        "```\n\\begin{align} a \\end{align}\n```",
    ],
)
def test_money_code_and_brackets_are_no_formulas(text):
    assert "<math" not in Pieces().markdown(text)


def test_what_looks_like_formulas_without_end_takes_no_time():
    started = time.process_time()
    for piece in (
        "\\begin{align}",
        "$ ",
        "\\\\(",
        "\\\\[ x",
        "\\(",
        "](attachment:",
        "src=attachment:x",
        "![a](data:image/png;base64,",
        "$ a=b ",
        "\\begin{a}x",
    ):
        for length in (12_000, 300_000):
            Pieces().markdown(piece * (length // len(piece)))
    assert time.process_time() - started < 12
