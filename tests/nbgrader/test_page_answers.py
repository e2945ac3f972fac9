"""Written answers as students hand them in: with pictures of every kind, and formulas as Jupyter renders them."""

from __future__ import annotations

import base64
import html
import struct
import time
import zlib

import pytest

from autograder.feedback.page_files import FilesBeside
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
    assert all(f"Text {number}." in page for number in range(40)) and "isn't shown here: it is more than this page has room for" in page


GIF = b"GIF89a" + struct.pack("<HH", 4, 4) + bytes(9)
BESIDE = {
    "plot.png": base64.b64decode(SMALL), "figures/my sketch.png": base64.b64decode(LARGE), "Größe.gif": GIF, "odd.png": GIF,
    "drawing.svg": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "notes.png": b"no picture", "big.jpg": b"\xff\xd8" + bytes(600_000),
    "huge.png": b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 90_000, 90_000), "script.svg": b"<svg><script>1</script></svg>",
}  # fmt: skip


@pytest.fixture
def beside(tmp_path):
    """The folder of a notebook with pictures beside it, one outside and a link to that."""
    (tmp_path / "secret.png").write_bytes(BESIDE["plot.png"])
    for name, data in BESIDE.items():
        path = tmp_path / "ada" / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "ada" / "tiny" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "ada" / "tiny" / "folder").symlink_to(tmp_path)
    return FilesBeside(tmp_path / "ada" / "tiny")


@pytest.mark.parametrize(
    ("picture", "kind", "name"),
    [("![a](plot.png)", "png", "plot.png"), ("![a](./plot.png \"title\")", "png", "plot.png"), ("![a](figures/my%20sketch.png)", "png", "figures/my sketch.png"),
     ("![a](<figures/my sketch.png>)", "png", "figures/my sketch.png"), ("<img width=40 alt='a > b' src='figures\\my sketch.png'/>", "png", "figures/my sketch.png"),
     ("<IMG SRC=PLOT.PNG>", "png", "plot.png"), ('<img src="Gro\u0308\u00dfe.gif" alt="a">', "gif", "Größe.gif"), ("![a](odd.png)", "gif", "odd.png"),
     ("![a](drawing.svg)", "svg+xml", "drawing.svg"), ("| a |\n|---|\n| ![a](plot.png?raw=true) |", "png", "plot.png")],
)  # fmt: skip
def test_a_picture_beside_the_notebook_is_shown_as_part_of_the_page(beside, picture, kind, name):
    page = Pieces(files=beside).markdown(f"Above.\n\n{picture}\n\nBelow: **the answer**.", None, True)
    assert f'src="data:image/{kind};base64,{base64.b64encode(BESIDE[name]).decode()}"' in page
    assert "Above." in page and "<strong>the answer</strong>" in page and "isn't shown" not in page


@pytest.mark.parametrize(
    ("address", "why"),
    [("gone.png", "isn't among the files beside the notebook (gone.png)"), ("../../secret.png", "isn't among"), ("link.png", "isn't among"),
     ("folder/secret.png", "isn't among"), ("/etc/x.png", "isn't among"), ("C:\\Users\\ada\\plot.png", "isn't among"), ("notes.png", "is no PNG, JPEG, GIF or SVG file (notes.png)"),
     ("big.jpg", "is larger than 375 kB (big.jpg, 600 kB)"), ("huge.png", "has more than 25 million pixels"), ("script.svg", "has a part that isn't shown"),
     ("https://192.0.2.1/x.png", "lies neither in the notebook nor beside it (https://192.0.2.1/x.png)"), ("file:///etc/x.png", "lies neither"),
     ("//192.0.2.1/x.png", "lies neither"), ("attachment:x.png", "isn't attached to the cell"), ("data:image/webp;base64,AAAA", "is of a kind that isn't shown")],
)  # fmt: skip
def test_why_a_picture_isnt_shown_is_said_in_its_place(beside, address, why):
    page = Pieces(files=beside).markdown(f'Above. <img alt="my drawing" src="{address}"> Below.', None, True)
    assert f"[A picture “my drawing” isn't shown here: it {why}" in html.unescape(page)
    assert "<img" not in page and "Above." in page and "Below." in page


def test_pictures_beside_the_notebook_have_no_more_room_than_others(beside):
    page = Pieces(files=beside).markdown("\n\n".join(f"Text {number}. ![p](figures/my%20sketch.png)" for number in range(40)), None, True)
    assert all(f"Text {number}." in page for number in range(40)) and 5 < page.count("<img") < 40
    assert page.count("more than this page has room for") == 40 - page.count("<img")


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
        "<img src=x",
        "<img a='",
        "<img src = ",
        "![a](data:image/png;base64,",
        "$ a=b ",
        "\\begin{a}x",
    ):
        for length in (12_000, 300_000):
            Pieces().markdown(piece * (length // len(piece)))
    assert time.process_time() - started < 12
