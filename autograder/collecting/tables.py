"""Reads the instructor's lists, as Excel and learning platforms save them: whatever their encoding, delimiter and headings."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from dateutil import parser as dates

from autograder.errors import CourseError

MAX_BYTES = 16 << 20
DELIMITERS = (",", ";", "\t")


class BadTable(CourseError):
    """A list that can't be read; the message says what to change."""


@dataclass
class Row:
    """One line of a list: its number and its cells by heading."""

    line: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


@dataclass
class Worksheet:
    """What Moodle's grading worksheets say: of each participant's number, who that is and when they handed in."""

    people: dict[str, list[Row]] = field(default_factory=dict)


def read_text(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 with or without a mark, else as Windows writes it in Western Europe."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_table(path: Path) -> list[Row]:
    """The rows of a list that aren't empty; headings in lower case with ``_`` for blanks and signs.

    Raises:
        BadTable: it is no list of text with a heading.
    """
    try:
        data = path.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        raise BadTable(f"{path} can't be read: {error.strerror}") from None
    if len(data) > MAX_BYTES or data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadTable(f"{path.name} is no CSV file: in Excel use *Save as* and the type 'CSV UTF-8'")
    text = read_text(data)
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first):
        text, first = rest, rest.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise BadTable(f"{path.name} can't be read as a table: {error}") from None
    head = [heading(cell) for cell in lines[0]] if lines else []
    if len(head) != len(set(head) - {""}) + head.count(""):
        raise BadTable(f"{path.name}: two columns have the same heading: {', '.join(lines[0])}")
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) > len(head) and any(cell.strip() for cell in cells[len(head) :]):
            much = f"{len(cells)} cells under {len(head)} headings"
            raise BadTable(f"{path.name}, line {number}: {much}: put a cell with '{delimiter}' in it into quotes")
        if any(cell.strip() for cell in cells):
            rows.append(Row(number, dict(zip(head, (unicodedata.normalize("NFC", cell.strip()) for cell in cells), strict=False))))
    return rows


def heading(text: str) -> str:
    """A heading in one spelling: ``First Name`` and ``first_name`` are the same."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", text).strip().lower()).strip("_")


def pairs(path: Path, left: Iterable[str], right: Iterable[str]) -> list[tuple[str, str, int]]:
    """Two columns of a list with the line's number, such as ``file`` and ``student`` of ``who.csv``.

    Raises:
        BadTable: a column is missing or a cell is empty.
    """
    rows, first, second = read_table(path), tuple(left), tuple(right)
    found = []
    for row in rows:
        one, other = row.get(*first), row.get(*second)
        if not one or not other:
            raise BadTable(
                f"{path.name}, line {row.line}: expected a {first[0]} and a {second[0]}; headings must be {first[0]},{second[0]}"
            )
        found.append((one, other, row.line))
    return found


def add_worksheet(sheet: Worksheet, rows: list[Row]) -> bool:
    """Adds a grading worksheet of Moodle, in whatever language; False if the list isn't one.

    Its first column holds "Participant 4711", in other languages another word; the number is that of the archive.
    """
    numbers = [re.fullmatch(r"\D+(\d+)", next(iter(row.cells.values()), "")) for row in rows]
    about = any(word in name for name in (rows[0].cells if rows else ()) for word in ("grade", "status", "bewertung", "calific", "note"))
    if not rows or not all(numbers) or not about:
        return False
    for match, row in zip(numbers, rows, strict=True):
        if match:
            sheet.people.setdefault(match[1], []).append(row)
    return True


def worksheet_name(row: Row) -> str:
    """The full name in a worksheet's row: Moodle puts it into the second column unless names are hidden."""
    cells = list(row.cells.items())
    named = row.get("full_name", "vollständiger_name", "nom_complet", "nombre_completo", "name")
    if named or len(cells) < 2:
        return named
    return cells[1][1] if "@" not in cells[1][1] and len(cells[1][1].split()) > 1 and "status" not in cells[1][0] else ""


def worksheet_email(row: Row) -> str:
    return next((cell.lower() for cell in row.cells.values() if re.fullmatch(r"[^@\s]+@[^@\s]+", cell)), "")


def worksheet_time(row: Row, zone: tzinfo) -> datetime | None:
    """When the participant handed in, in UTC: the column of the last change of the submission, read in ``zone``."""
    for name, cell in row.cells.items():
        if ("submission" in name or "abgabe" in name) and any(word in name for word in ("modified", "änderung", "geändert")):
            return local_time(cell, zone)
    return None


def local_time(text: str, zone: tzinfo) -> datetime | None:
    """A time as a platform writes it, in UTC; None if it can't be read."""
    for english, others in MONTHS.items():
        text = re.sub(rf"\b({others})\b\.?", english, text, flags=re.IGNORECASE)
    text = re.sub(r"^[^\W\d]+,\s*|(?<=\d)\.(?=\s)", "", text.strip())
    try:
        time = dates.parse(text, fuzzy=False)
        return utc(time if time.tzinfo else time.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def utc(time: datetime) -> datetime:
    """A time with a zone as nbgrader keeps times: in UTC, without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None)


MONTHS = {
    "January": "Januar|janvier|enero", "February": "Februar|février|febrero", "March": "März|mars|marzo", "April": "avril|abril",
    "May": "Mai|mayo", "June": "Juni|juin|junio", "July": "Juli|juillet|julio", "August": "août|agosto",
    "September": "septembre|septiembre", "October": "Oktober|octobre|octubre", "November": "novembre|noviembre",
    "December": "Dezember|décembre|diciembre",
}  # fmt: skip
