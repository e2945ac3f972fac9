"""Tables as spreadsheets and platforms read them: no text that becomes a formula, no needless digits."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

DIGITS = 2
# What a spreadsheet may take for a formula: also after blanks and signs without width, and with the wide forms of the signs.
FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def number(value: float) -> str:
    """A number without needless digits, at most two after the point."""
    return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")


def write_table(target: Path, rows: Iterable[list[str]]) -> None:
    """Writes a CSV file in UTF-8, and its folder if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
