"""Times as people and platforms write them, as what the gradebook keeps: UTC without a zone.

nbgrader takes an offset such as ``+0200`` for so many seconds, and a zone that it doesn't know for UTC. Here a time is read
rightly or refused, with the form to write it in.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import dateutil.parser
from nbgrader.apps.dbapp import DbAssignmentAddApp
from nbgrader.exchange.abc import Exchange
from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.exchange.default.list import ExchangeList

FORM = "write it like 2027-07-01 23:59:00 +0200, or with a zone such as Europe/Berlin in place of the offset"
_CLOCK = r"(?P<clock>\d{4}-?\d{2}-?\d{2}(?:[T ]\s*\d{1,2}(?::?\d{2}(?::?\d{2}(?:[.,]\d{1,9})?)?)?)?|.*?\b\d{4}\b.*?)"
_OFFSET = r"(?<=[\d\s])[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?|Z"
_TIME = re.compile(_CLOCK + rf"(?:\s*(?P<offset>{_OFFSET})|\s+(?P<name>(?!(?i:[ap]m)\b)[A-Za-z][\w+/-]*))?", re.DOTALL)
_DAY_OR_MONTH = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z]{1,4}")
_HANDED_IN = re.compile(
    r".*/(?P<course_id>(?!inbound/)[^/]*)/(?:inbound/)?(?P<student_id>[^/]*)\+(?P<assignment_id>[^+/]*)"
    r"\+(?P<timestamp>\d{4}-\d\d-\d\d [\d:.]+ (?:[^+\s/]+|\+\d{2,6}))(?P<random_string>\+[^/]*)?"
)
HALF_A_YEAR = timedelta(days=183)


def parse_time(text: str, home: str = "UTC") -> datetime:
    """The time that ``text`` tells, in UTC and without a zone; without a zone in ``text`` it is taken for UTC.

    Args:
        text: a date and time with an offset, the name of a zone or an abbreviation.
        home: the course's own zone; its abbreviations are understood, whoever else uses them.

    Raises:
        ValueError: no time, or more than one; the message says which form to use.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text.strip()[:60]!r} is no time: {FORM}")
    clock = _clock(match["clock"], text)
    try:
        offset = _offset(match["offset"]) if match["offset"] else _named(clock, match["name"], home)
        return clock - offset
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text.strip()[:60]!r}: {error}: {FORM}") from None


def _clock(clock: str, text: str) -> datetime:
    """The date and time on the clock of the place."""
    try:
        return datetime.fromisoformat(clock.strip().replace(",", "."))
    except ValueError:
        pass
    try:
        if _DAY_OR_MONTH.match(clock.strip()):
            raise ValueError("day or month?")
        read = dateutil.parser.parse(clock, default=datetime(1, 1, 1))
        if read.tzinfo is not None or read.year == 1:
            raise ValueError("a zone in the middle, or no year")
        return read
    except (ValueError, ArithmeticError, TypeError, AttributeError):
        raise ValueError(f"{text.strip()[:60]!r} is no time: {FORM}") from None


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    digits = text[1:].replace(":", "")
    digits = digits.zfill(2) if len(digits) < 3 else digits.zfill(4)
    hours, minutes, seconds = (int(digits[start : start + 2] or 0) for start in (0, 2, 4))
    if hours > 14 or minutes > 59 or seconds > 59:
        raise ValueError("there is no such offset")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) * (-1 if text[0] == "-" else 1)


def _named(clock: datetime, name: str | None, home: str) -> timedelta:
    """The offset of a zone, or of an abbreviation, at a time on its clock."""
    if name is None or name.upper() in ("UTC", "GMT"):
        return timedelta()
    if (_ABBREVIATION.fullmatch(name) and name.upper() == name) or name == "ChST":
        offsets = _abbreviated(clock, name, [home]) or _abbreviated(clock, name, _zones())
        offsets = offsets or _abbreviated(clock + HALF_A_YEAR, name, [home]) or _abbreviated(clock + HALF_A_YEAR, name, _zones())
    else:
        offsets = set()
    if not offsets and _zone(name) is not None:
        offsets = _offsets(clock, name)
    if len(offsets) > 1:
        shown = ", ".join(sorted(timezone(offset).tzname(None).removeprefix("UTC") or "+00:00" for offset in offsets))
        raise ValueError(f"{name} can mean {shown} then")
    if not offsets:
        raise ValueError(f"no zone is called {name}")
    return offsets.pop()


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _offsets(clock: datetime, zone: str) -> set[timedelta]:
    """The offsets that a zone has at a time on its clock: two where clocks are put back or forward."""
    local = clock.replace(tzinfo=_zone(zone))
    return {offset for fold in (0, 1) if (offset := local.replace(fold=fold).utcoffset()) is not None}


def _abbreviated(clock: datetime, name: str, zones: list[str] | tuple[str, ...]) -> set[timedelta]:
    """The offsets of those ``zones`` that are called ``name`` then."""
    found = set()
    for zone in zones:
        for fold in (0, 1):
            local = clock.replace(tzinfo=_zone(zone), fold=fold)
            if local.tzinfo is not None and local.tzname() == name and local.utcoffset() is not None:
                found.add(local.utcoffset())
    return {offset for offset in found if offset is not None}


def home_zone(part: Any) -> str:
    """The zone that the configuration of a part of nbgrader gives for the exchange, UTC if none.

    Raises:
        ValueError: there is no such zone.
    """
    name = getattr(part, "config", {}).get("Exchange", {}).get("timezone", "UTC")
    if not isinstance(name, str) or _zone(name) is None:
        raise ValueError(f"c.Exchange.timezone = {name!r}: no zone is called so; write one such as Europe/Berlin")
    return name


def parse_utc(time: datetime | str | None) -> datetime | None:
    """In place of ``nbgrader.utils.parse_utc``: the same, read with care."""
    if isinstance(time, str):
        return parse_time(time)
    return time.astimezone(UTC).replace(tzinfo=None) if time is not None and time.tzinfo is not None else time


_stamp = Exchange.set_timestamp


def stamp_without_plus(self: Exchange) -> None:
    """In place of ``Exchange.set_timestamp``."""
    _stamp(self)
    if "+" in self.timestamp:
        self.timestamp = datetime.now(UTC).strftime(self.timestamp_format)


_add_assignment = DbAssignmentAddApp.start


def add_with_readable_date(self: DbAssignmentAddApp) -> None:
    """In place of ``DbAssignmentAddApp.start``."""
    try:
        parse_utc(self.duedate)
    except ValueError as error:
        self.fail("--duedate: %s", error)
    _add_assignment(self)


class Collect(ExchangeCollect):
    """nbgrader's collecting, for names of folders whose time has an offset: ``ada+hw1+2027-07-02 01:30:00.000000 +04+x7k``.

    A student's name and an assignment's may hold a ``+`` as well; the assignment is the one that is collected.
    """

    def _path_to_record(self, path: str) -> dict[str, Any]:
        filename = path.rpartition("/")[2]
        student, mark, rest = filename.partition(f"+{self.coursedir.assignment_id}+")
        times = [rest, rest.rpartition("+")[0]] if mark and student else []
        for text in times:  # nbgrader adds random signs, or doesn't
            try:
                return {"username": student, "filename": filename, "timestamp": parse_time(text, home_zone(self))}
            except ValueError as error:
                problem = error
        self.fail(f"{filename}: {problem if times else 'not named as nbgrader names what is handed in'}")
        raise AssertionError("fail raises")


class List(ExchangeList):
    """nbgrader's list of what was handed in, for the same names: it takes the zone for a part of something else, or leaves it out."""

    def parse_assignment(self, assignment: str) -> dict[str, str | None]:
        match = _HANDED_IN.fullmatch(assignment) if self.inbound or self.cached else None
        return match.groupdict() if match else super().parse_assignment(assignment)
