"""Numbers in the chapters' texts: each is computed or used by a cell of the chapter, or `prose_numbers.yaml` shows it right."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from prose import Typed, computed, stands_for, typed, value_of

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb"))
SHOWN = yaml.safe_load((Path(__file__).parent / "prose_numbers.yaml").read_text("utf-8"))
ENTRIES = [(chapter, text, entry) for chapter, entries in SHOWN.items() for text, entry in entries.items()]


@cache
def not_computed(chapter: str) -> dict[str, Typed]:
    """The numbers of a chapter's text that stand in no cell, by how they are written."""
    cells = json.loads((ROOT / "book" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    values = computed(cells)
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return {n.text.replace("{,}", ","): n for text in texts for n in typed(text) if not stands_for(n, values)}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_number_is_computed_or_shown_to_be_right(chapter):
    unknown = {text: number.around for text, number in not_computed(chapter).items() if text not in SHOWN.get(chapter, {})}
    assert unknown == {}, "let a cell compute these numbers, or add them to tests/prose_numbers.yaml"


@pytest.mark.parametrize(("chapter", "text", "entry"), ENTRIES, ids=[f"{chapter}-{text}" for chapter, text, _ in ENTRIES])
def test_what_shows_a_number_right(chapter, text, entry):
    assert text in not_computed(chapter), "the chapter has no such number any more, or computes it: take the line out"
    if "is" in entry:
        digits = len(text.partition(".")[2])
        assert round(float(eval(entry["is"], {"np": np})), digits) == value_of(text)
    else:
        assert len(entry["says"].split()) >= 4


def written(text: str) -> list[str]:
    return [number.text for number in typed(text)]


def test_numbers_of_a_text():
    assert written("It has 61,100,840 weights, 0.25 of $2{,}048 \\cdot 3^2$, and 1,3 or 4.") == [
        "61,100,840",
        "0.25",
        "2{,}048",
        "3",
        "2",
        "1",
        "3",
        "4",
    ]
    assert written("See {numref}`figure-12`, [here](page-3.html), `x[5]`, <b class='a7'>8</b>, ReLU6.\n:width: 90\n") == ["8"]


def test_rounded_and_per_cent():
    values = {0.4286, 1.26, 512.0}
    assert [stands_for(n, values) for n in typed("43 0.43 0.429 1.3 512 0.42 1.2 5")] == [True, True, True, True, True, False, False, False]


def test_a_typed_number_that_nothing_computes_is_found():
    cells = [
        {"cell_type": "markdown", "source": "Nine windows, 81 numbers, 12 percent."},
        {"cell_type": "code", "source": "print(9 * 9)", "outputs": [{"output_type": "stream", "text": ["81\n"]}]},
    ]
    values = computed(cells)
    assert [n.text for n in typed(cells[0]["source"]) if not stands_for(n, values)] == ["12"]
