"""A `autograder.checking.shown.Comparison` as HTML that reads without colours, is safe with any text in it, and survives cleaning."""

from __future__ import annotations

import html
from typing import Literal

from autograder.checking.pictures import Picture
from autograder.checking.shown import Comparison, Table

Side = Literal["expected", "received"]
SIDES: tuple[Side, Side] = ("expected", "received")
BESIDE = "display: inline-block; vertical-align: top; padding: 0 1.5em 0.7em 0"
MARK = "✗"


def comparison_html(comparison: Comparison) -> str:
    """The pictures; windows of expected and received side by side, differing entries marked."""
    tables = "".join(_entries(table) if table["columns"] else _list(table) for table in comparison["tables"])
    more = comparison["more"]
    rest = f"<p>{more} other {'slice differs' if more == 1 else 'slices differ'} too.</p>" if more else ""
    return f'<div class="comparison">{_pictures(comparison["pictures"])}{tables}{rest}</div>'


def _what(table: Table) -> str:
    title = f"<code>{html.escape(table['title'])}</code>" if table["title"] else ""
    said = ", ".join(filter(None, [title, html.escape(table["part"])]))
    return f"<p>{said}:</p>" if said else ""


def _entries(table: Table) -> str:
    """A 2-D window: two tables with the entries' indices."""
    return _what(table) + "".join(f'<div class="entries" style="{BESIDE}">{_side(table, side)}</div>' for side in SIDES)


def _side(table: Table, side: Side) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in table["columns"])
    body = "".join(
        f'<tr><th scope="row">{number}</th>{"".join(_cell(table, side, row, column) for column in range(len(table["columns"])))}</tr>'
        for row, number in enumerate(table["rows"])
    )
    return f"<table><caption>{side}{_legend(side)}</caption><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"


def _legend(side: Side) -> str:
    return f" ({MARK}: differs)" if side == "received" else ""


def _cell(table: Table, side: Side, row: int, column: int) -> str:
    text = html.escape(table[side][row][column])
    if not table["wrong"][row][column]:
        return f"<td>{text}</td>"
    if side == "expected":
        return f"<td><strong>{text}</strong></td>"
    title = html.escape(f"expected {table['expected'][row][column]}")
    return f'<td><mark title="{title}"><strong>{text}</strong> {MARK}</mark></td>'


def _list(table: Table) -> str:
    """A 1-D window: one table, an entry a row."""
    body = "".join(
        f'<tr><th scope="row">{number}</th>{_cell(table, "expected", row, 0)}{_cell(table, "received", row, 0)}</tr>'
        for row, number in enumerate(table["rows"])
    )
    heads = f'<td></td><th scope="col">expected</th><th scope="col">received{_legend("received")}</th>'
    return f'{_what(table)}<div class="entries"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _pictures(pictures: list[Picture]) -> str:
    if not pictures:
        return ""
    cells = "".join(
        f'<td style="text-align: center"><img alt="{html.escape(picture["says"])}" title="{html.escape(picture["says"])}"'
        f' src="data:image/png;base64,{html.escape(picture["png"])}"><br>{html.escape(picture["name"])}</td>'
        for picture in pictures
    )
    return f'<table class="pictures"><tbody><tr>{cells}</tr></tbody></table>'
