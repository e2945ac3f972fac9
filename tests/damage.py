"""Ways to damage a handed-in notebook, each drawn by a random generator: hypothesis' own, which shrinks, or a seeded one.

`DAMAGES` change the notebook as parsed JSON, whatever other damages left of it; `ENCODINGS` change the file's text and
give its bytes.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from random import Random
from typing import Any

Notebook = dict[str, Any]
DAMAGES: dict[str, Callable[[Notebook, Random], None]] = {}
ENCODINGS: dict[str, Callable[[str, Random], bytes]] = {}

TEXTS = ["", " ", "x", "check_area", "\0", "\ud800", "two\nlines", "a,b", "\x1b[31mred", "\u202eright to left", "é\u2028ñ", "x" * 70]
ODD: list[Any] = [None, True, False, 0, -1, 7, 2.5, 1e308, math.nan, -math.inf, 10**400, *TEXTS]
ODD += [[], [None], {}, {"": None}, {"\ud800": "\ud800"}, {"a": {"b": []}}, ["x", 7, None], [["x"]], {"text/plain": "100"}]
ABSURD = ["__class__", "", "\ud800", "nbgrader", "outputs", "constructor", "two\nlines", "x" * 300]
IDS = ["", "é", "a b", "../x", "x" * 64, "x" * 65, "a\nb", "\ud800", "cell-1", "cell-2-", "setup", 7, None, ["a"]]
FIELDS = ["grade_id", "points", "grade", "solution", "locked", "task", "schema_version", "checksum", "cell_type"]
RESULT = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "1000"}}


def damage(make: Callable[[Notebook, Random], None]) -> Callable[[Notebook, Random], None]:
    """Registers a change of the parsed notebook."""
    DAMAGES[make.__name__] = make
    return make


def encoding(make: Callable[[str, Random], bytes]) -> Callable[[str, Random], bytes]:
    """Registers a change of the file's text."""
    ENCODINGS[make.__name__] = make
    return make


def odd(random: Random) -> Any:
    """A value nobody expects."""
    return copy.deepcopy(random.choice(ODD))


def cells(notebook: Notebook) -> list[Any]:
    """The list of cells; one that leads nowhere if there is none any more."""
    found = notebook.get("cells")
    return found if isinstance(found, list) else []


def a_cell(notebook: Notebook, random: Random) -> dict[str, Any]:
    """Some cell, of which only a dictionary is left for sure."""
    return random.choice([cell for cell in cells(notebook) if isinstance(cell, dict)] or [{}])


def a_part(cell: dict[str, Any], *names: str) -> dict[str, Any]:
    """What lies in ``cell`` under ``names``, made a dictionary where it is none."""
    for name in names:
        cell = cell.setdefault(name, {}) if isinstance(cell.get(name, {}), dict) else {}
    return cell


# ---- structure


@damage
def cell_missing(notebook: Notebook, random: Random) -> None:
    if cells(notebook):
        cells(notebook).pop(random.randrange(len(cells(notebook))))


@damage
def cells_missing(notebook: Notebook, random: Random) -> None:
    cells(notebook)[:] = [cell for cell in cells(notebook) if random.random() < 0.5]


@damage
def cell_doubled(notebook: Notebook, random: Random) -> None:
    cells(notebook).insert(random.randrange(20), copy.deepcopy(a_cell(notebook, random)))


@damage
def cells_shuffled(notebook: Notebook, random: Random) -> None:
    random.shuffle(cells(notebook))


@damage
def cell_replaced(notebook: Notebook, random: Random) -> None:
    if cells(notebook):
        cells(notebook)[random.randrange(len(cells(notebook)))] = odd(random)


@damage
def cell_added(notebook: Notebook, random: Random) -> None:
    """A grade cell of the student's own with a grade displayed, and something absurd in it."""
    info = {"grade": True, "grade_id": random.choice(TEXTS), "locked": True, "points": 1000, "solution": False, "schema_version": 3}
    added = {"cell_type": "code", "metadata": {"nbgrader": info}, "outputs": [RESULT], "source": "1000", random.choice(ABSURD): odd(random)}
    cells(notebook).insert(random.randrange(20), added)


@damage
def cell_type(notebook: Notebook, random: Random) -> None:
    a_cell(notebook, random)["cell_type"] = random.choice(["code", "markdown", "raw", "heading", odd(random)])


@damage
def source(notebook: Notebook, random: Random) -> None:
    cell = a_cell(notebook, random)
    lines = cell["source"].splitlines(keepends=True) if isinstance(cell.get("source"), str) else []
    cell["source"] = random.choice([lines, [*lines, odd(random)], {"text": lines}, odd(random)])


@damage
def outputs(notebook: Notebook, random: Random) -> None:
    """Stored outputs: grades, errors and things that are no outputs."""
    kinds = ["stream", "error", "display_data", "execute_result", odd(random)]
    output = {"output_type": random.choice(kinds), random.choice(["text", "data", "ename", "traceback", "name"]): odd(random)}
    a_cell(notebook, random)["outputs"] = random.choice([[RESULT], [output, RESULT], [odd(random)], output, odd(random)])


@damage
def key_missing(notebook: Notebook, random: Random) -> None:
    holder = random.choice([notebook, a_cell(notebook, random), a_part(a_cell(notebook, random), "metadata", "nbgrader")])
    if holder:
        del holder[random.choice(sorted(holder))]


@damage
def key_absurd(notebook: Notebook, random: Random) -> None:
    holder = random.choice([notebook, a_cell(notebook, random), a_part(a_cell(notebook, random), "metadata")])
    holder[random.choice(ABSURD)] = odd(random)


@damage
def cells_replaced(notebook: Notebook, random: Random) -> None:
    notebook["cells"] = odd(random)


@damage
def format_number(notebook: Notebook, random: Random) -> None:
    notebook[random.choice(["nbformat", "nbformat_minor"])] = random.choice([1, 2, 3, 5, 99, odd(random)])


@damage
def worksheets(notebook: Notebook, random: Random) -> None:
    """An older format: cells in worksheets, code under another name, headings with a level."""
    old = [{**cell, "input": cell.get("source")} if isinstance(cell, dict) else cell for cell in cells(notebook)]
    old.insert(random.randrange(20), {"cell_type": "heading", "source": odd(random), "level": random.choice([1, 7, 10**11, odd(random)])})
    notebook["worksheets"] = random.choice([[{"cells": old, "metadata": {}}], [{"cells": old[:2]}, {"cells": old[2:]}], [odd(random)]])
    notebook["nbformat"] = random.choice([1, 2, 3, 4])
    notebook.pop("cells", None)


# ---- metadata and ids


@damage
def nbgrader_field(notebook: Notebook, random: Random) -> None:
    a_part(a_cell(notebook, random), "metadata", "nbgrader")[random.choice(FIELDS)] = odd(random)


@damage
def nbgrader_replaced(notebook: Notebook, random: Random) -> None:
    a_part(a_cell(notebook, random), "metadata")["nbgrader"] = odd(random)


@damage
def points_raised(notebook: Notebook, random: Random) -> None:
    points = random.choice([1000, 1e308, math.inf, math.nan, -5, "1000"])
    for cell in cells(notebook):
        if isinstance(cell, dict):
            a_part(cell, "metadata", "nbgrader")["points"] = points


@damage
def roles_flipped(notebook: Notebook, random: Random) -> None:
    info = a_part(a_cell(notebook, random), "metadata", "nbgrader")
    for role in random.sample(["grade", "solution", "locked", "task"], random.randint(1, 4)):
        info[role] = not info.get(role)


@damage
def names_exchanged(notebook: Notebook, random: Random) -> None:
    one, two = (a_part(a_cell(notebook, random), "metadata", "nbgrader") for _ in range(2))
    one["grade_id"], two["grade_id"] = two.get("grade_id"), one.get("grade_id")


@damage
def name_taken(notebook: Notebook, random: Random) -> None:
    names = ["setup", "area_text", "area", "check_area", "smooth", "check_smooth", "why_kernel"]
    a_part(a_cell(notebook, random), "metadata", "nbgrader")["grade_id"] = random.choice(names)


@damage
def tags(notebook: Notebook, random: Random) -> None:
    many = [odd(random) for _ in range(random.randint(1, 5))]
    a_part(a_cell(notebook, random), "metadata")["tags"] = random.choice([many, ["skip-execution"], ["a", "a", "a,b"], odd(random)])


@damage
def attachments(notebook: Notebook, random: Random) -> None:
    bundle = {random.choice(["image/png", "application/json", *TEXTS]): odd(random)}
    a_cell(notebook, random)["attachments"] = random.choice([{random.choice(TEXTS): bundle}, {"plot.png": bundle}, odd(random)])


@damage
def metadata(notebook: Notebook, random: Random) -> None:
    holder = random.choice([notebook, a_cell(notebook, random)])
    holder["metadata"] = odd(random)


@damage
def kernel(notebook: Notebook, random: Random) -> None:
    spec = {"name": random.choice(["ir", odd(random)]), "display_name": odd(random), "argv": ["touch", "left"], "language": odd(random)}
    notebook["metadata"] = {"kernelspec": random.choice([spec, odd(random)]), "language_info": odd(random), "autograder": {"sandbox": "x"}}


@damage
def cell_ids(notebook: Notebook, random: Random) -> None:
    for cell in cells(notebook):
        if isinstance(cell, dict) and random.random() < 0.7:
            cell["id"] = random.choice(IDS)


@damage
def ids_of_the_readers_own(notebook: Notebook, random: Random) -> None:
    """Every name that the reader would give a cell without a valid id is taken."""
    number = random.randrange(3)
    taken = [{"cell_type": "raw", "id": f"cell-{number}{'-' * times}"} for times in range(64 - len(f"cell-{number}") + 1)]
    cells(notebook)[:] = [*taken[: number + 1], *cells(notebook), *taken[number + 1 :]]
    for place in range(number, len(cells(notebook)), 7):
        if isinstance(cells(notebook)[place], dict):
            cells(notebook)[place]["id"] = f"cell-{number}"


# ---- sizes


@damage
def huge_text(notebook: Notebook, random: Random) -> None:
    text = random.choice(["# ", "é", "\0", "\ud800", "\\", "a\n", "<b>"]) * random.choice([1000, 30_000, 400_000])
    cell = a_cell(notebook, random)
    holder = random.choice([cell, a_part(cell, "metadata"), a_part(cell, "metadata", "nbgrader"), a_part(cell, "attachments", "plot.png")])
    holder[random.choice(["source", "grade_id", "id", "image/png", "outputs"])] = text


@damage
def deep(notebook: Notebook, random: Random) -> None:
    nested: Any = odd(random)
    for _ in range(random.choice([3, 30, 150])):
        nested = random.choice([[nested], {"nbgrader": nested}])
    holder = random.choice([notebook, a_cell(notebook, random), a_part(a_cell(notebook, random), "metadata")])
    holder[random.choice(["source", "metadata", "nbgrader", "outputs", "attachments", "tags", "cells", "id"])] = nested


@damage
def many_cells(notebook: Notebook, random: Random) -> None:
    one = random.choice([{"cell_type": "markdown", "source": "x"}, {}, a_cell(notebook, random), odd(random)])
    cells(notebook).extend([one] * random.choice([50, 1500, 20_001]))


# ---- the file


def _at(text: str, random: Random) -> int:
    return random.randint(0, len(text))


@encoding
def byte_order_mark(text: str, random: Random) -> bytes:
    return text.encode("utf-8-sig", "surrogatepass")


@encoding
def other_encoding(text: str, random: Random) -> bytes:
    return text.replace("x", "é").encode(random.choice(["utf-16", "utf-16-be", "utf-32", "latin-1", "cp037"]), "replace")


@encoding
def windows_lines(text: str, random: Random) -> bytes:
    return text.replace("\n", "\r\n").replace("\\n", "\\r\\n").encode("utf-8", "surrogatepass")


@encoding
def truncated(text: str, random: Random) -> bytes:
    return text[: _at(text, random)].encode("utf-8", "surrogatepass")


@encoding
def byte_changed(text: str, random: Random) -> bytes:
    data = bytearray(text.encode("utf-8", "surrogatepass") or b" ")
    for _ in range(random.randint(1, 4)):
        data[random.randrange(len(data))] = random.choice([0, 10, 34, 44, 58, 91, 92, 123, 125, 195, 237, 255])
    return bytes(data)


@encoding
def piece_inserted(text: str, random: Random) -> bytes:
    place = _at(text, random)
    pieces = [b"\0", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xff", b"NaN", b"Infinity", b"<<<<<<< HEAD\n", b",", b"9" * 5000, b"[" * 5000]
    return text[:place].encode("utf-8", "surrogatepass") + random.choice(pieces) + text[place:].encode("utf-8", "surrogatepass")


@encoding
def piece_repeated(text: str, random: Random) -> bytes:
    one, two = sorted((_at(text, random), _at(text, random)))
    return (text[:two] + text[one:]).encode("utf-8", "surrogatepass")


@encoding
def numbers_replaced(text: str, random: Random) -> bytes:
    number = random.choice(["NaN", "Infinity", "-Infinity", "1e999", "-0", "1E400", "4.0", "9" * 4000])
    return text.replace(": 4", f": {number}").replace(": 1", f": {number}").encode("utf-8", "surrogatepass")


@encoding
def deep_text(text: str, random: Random) -> bytes:
    """Nested deeper than any program made it: about as deep as the parser goes, or far deeper."""
    depth = random.choice([300, 600, 900, 950, 980, 100_000])
    return text.replace("null", "[" * depth + "]" * depth, 1).encode("utf-8", "surrogatepass")


@encoding
def wrapped(text: str, random: Random) -> bytes:
    around = random.choice(["[{}]", '{{"notebook": {}}}', '{{"cells": {}}}', '{{"cells": [{}]}}', "{0}{0}", "{}x", "// {}", '"{}"'])
    return around.format(text).encode("utf-8", "surrogatepass")


@encoding
def no_json(text: str, random: Random) -> bytes:
    heads = [
        b"",
        b"%PDF-1.4\n",
        b"PK\x03\x04",
        b"<!DOCTYPE html>",
        b"\x89PNG\r\n",
        b"\0" * 100,
        b"null",
        b"[]",
        b"NaN",
        b'"x"',
        b"import numpy\n",
    ]
    return random.choice(heads) + bytes(random.randrange(256) for _ in range(random.choice([0, 5, 50])))


def as_text(notebook: Notebook) -> str:
    """The damaged notebook as JSON, what isn't JSON proper included."""
    return json.dumps(notebook, indent=1)
