"""Numbers in the texts of chapters and assignments: each is computed or used by a cell, or a line of a table shows it right.

The tables are `prose_numbers.yaml` for the chapters and `assignment_numbers.yaml` for the assignments. Of an assignment, the
points and what a recipe reaches (`recipes/`) are compared word by word elsewhere, in `test_assignment_texts.py` and
`test_recipes.py`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from chapter_tables import read_tables
from prose import TEXTS, Typed, computed, names_for, stands_for, typed, value_of, without_points
from recipes.table import read_recipes

ROOT = Path(__file__).resolve().parents[2]
TABLES = {"book": "prose_numbers.yaml", "source": "assignment_numbers.yaml"}
SHOWN = {f"{kind}/{name}": entries for kind, table in TABLES.items() for name, entries in read_tables(table).items()}
ENTRIES = [(text, number, entry) for text, entries in SHOWN.items() for number, entry in entries.items()]


@cache
def not_computed(name: str) -> dict[str, Typed]:
    """The numbers of a text that stand in no cell beside it, by how they are written."""
    cells = [cell for path in TEXTS[name] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    values = computed(cells)
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    if name.startswith("source/"):
        texts = [without_recipes(without_points(text), name.removeprefix("source/")) for text in texts]
    return {n.text.replace("{,}", ","): n for text in texts for n in typed(text) if not stands_for(n, values)}


def without_recipes(text: str, assignment: str) -> str:
    """The text without what it says of its recipes."""
    for recipe in read_recipes():
        if recipe.assignment == assignment:
            for sentence in recipe.sentences():
                text = text.replace(sentence, "")
    return text


@pytest.mark.parametrize("name", TEXTS)
def test_every_number_is_computed_or_shown_to_be_right(name):
    unknown = {text: number.around for text, number in not_computed(name).items() if text not in SHOWN.get(name, {})}
    assert unknown == {}, (
        f"let a cell compute these numbers, or add them to tests/chapters/{name.partition('/')[2]}/{TABLES[name.partition('/')[0]]}"
    )


@pytest.mark.parametrize(("name", "text", "entry"), ENTRIES, ids=[f"{name}-{text}" for name, text, _ in ENTRIES])
def test_what_shows_a_number_right(name, text, entry):
    assert text in not_computed(name), "the text has no such number any more, or a cell computes it: take the line out"
    if "is" in entry:
        digits = len(text.partition(".")[2])
        assert round(float(eval(entry["is"], names_for(name))), digits) == value_of(text)
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


def test_numbers_of_an_assignment_but_its_points():
    text = (
        "### Tasks 1.3 and 1.4 `a`, `b` (3 + 3 points)\nAs in task 2.1, 7 of 8.\n\n"
        "*Points:* 1 if it is one; 4 more from **0.92**.\n\n**Rubric.** 2 points: 12 of them. 1 point: no."
    )
    assert written(without_points(text)) == ["7", "8", "0.92", "12"]


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
