"""Times as they are written by people, platforms and nbgrader, in any zone."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import nbgrader.utils
import pytest
from nbgrader.api import Gradebook
from nbgrader.exchange.abc import Exchange

from autograder.authoring.course import ROOT
from autograder.run.adapter import take_over
from autograder.run.handed_in import time_stamp
from autograder.times import Collect, List, home_zone, parse_time

ON_TIME = datetime(2027, 7, 1, 21, 30)
AT_2130_UTC = [
    "2027-07-01 21:30:00 UTC", "2027-07-01 21:30:00", "2027-07-01T21:30:00Z", "2027-07-01 21:30", "20270701T213000+0000",
    "2027-07-01 23:30:00 +0200", "2027-07-01 23:30:00 +02:00", "2027-07-01 23:30:00+02:00", "2027-07-01T23:30:00 +0200", "2027-07-02 01:30:00 +04",
    "2027-07-01 18:30:00 -03", "2027-07-02 03:15:00 +0545", "2027-07-01 23:30:00.000000 CEST", "2027-07-01 17:30:00 EDT",
    "2027-07-01 22:30 BST", "2027-07-02 06:30:00 JST", "2027-07-01 22:30:00 CET", "2027-07-01 23:30:00 Europe/Berlin", "2027-07-02 01:30 Asia/Dubai",
    "2027-07-01 18:30:00 Etc/GMT+3", "1 Jul 2027 23:30:00 +0200", "Thu, 01 Jul 2027 21:30:00 GMT", "July 1, 2027 9:30 PM", "2027-07-01 5:30 PM EDT", " 2027-07-01 21:30:00\n",
]  # fmt: skip


@pytest.mark.parametrize("text", AT_2130_UTC)
def test_a_time_is_read_rightly_however_its_zone_is_written(text):
    assert parse_time(text) == ON_TIME


@pytest.mark.parametrize(
    ("text", "why"),
    [("2027-07-01 16:30:00 IST", r"IST can mean \+01:00, \+05:30 then"), ("2027-07-01 16:30:00 CST", "CST can mean"), ("2027-07-01 16:30 XYZT", "no zone is called XYZT"),
     ("2027-07-01 16:30 Mars/Olympus", "no zone is called Mars/Olympus"), ("2027-10-31 02:30:00 Europe/Berlin", r"can mean \+01:00, \+02:00 then"), ("2027-07-01 16:30 +99", "no such offset"),
     ("01/07/2027 21:30", "is no time"), ("yesterday", "is no time"), ("23:30", "is no time"), ("", "is no time"), ("2027-13-01 10:00", "is no time"),
     ("0001-01-01 00:00 +0200", "out of range"), ("2027-07-01 21:30 " + "+" * 900, "is no time|no zone")],
)  # fmt: skip
def test_a_time_that_is_none_or_could_be_several_is_refused_with_the_form_to_write(text, why):
    with pytest.raises(ValueError, match=rf"(?:{why}).*write it like 2027-07-01 23:59:00 \+0200"):
        parse_time(text)


def test_clocks_put_back_are_told_apart_by_their_abbreviation():
    assert parse_time("2027-10-31 02:30:00 CEST") == datetime(2027, 10, 31, 0, 30)
    assert parse_time("2027-10-31 02:30:00 CET") == datetime(2027, 10, 31, 1, 30)


def test_a_courses_own_zone_decides_what_an_abbreviation_means():
    assert parse_time("2027-07-01 16:30:00 CDT", "America/Chicago") == ON_TIME
    assert parse_time("2027-07-02 03:00:00 IST", "Asia/Kolkata") == ON_TIME


def test_due_dates_in_the_gradebook_are_read_the_same_way(tmp_path):
    take_over()
    with Gradebook(f"sqlite:///{tmp_path / 'book.db'}") as gradebook:
        assert gradebook.add_assignment("one", duedate="2027-07-01 23:30:00 +0200").duedate == ON_TIME
        assert gradebook.add_assignment("two", duedate="2027-07-01T23:30 +0200").duedate == ON_TIME
        assert gradebook.add_assignment("three", duedate=ON_TIME.replace(tzinfo=UTC)).duedate == ON_TIME
        with pytest.raises(ValueError, match="IST can mean"):
            gradebook.add_assignment("four", duedate="2027-07-01 23:30:00 IST")
    assert nbgrader.utils.parse_utc(None) is None


def test_a_time_stamp_that_is_refused_is_told_with_the_form_to_write(tmp_path, caplog):
    log = logging.getLogger("times")
    (tmp_path / "timestamp.txt").write_text("2027-07-01 16:30:00 IST")
    assert time_stamp(str(tmp_path), log) is None
    assert "IST can mean" in caplog.text and "write it like" in caplog.text
    assert time_stamp(str(tmp_path), log, "Asia/Kolkata") == datetime(2027, 7, 1, 11, 0)


@pytest.mark.parametrize(
    ("name", "student", "time"),
    [("ada+hw+2027-07-02 01:30:00.000000 +04+-xY_7k", "ada", ON_TIME), ("ada+hw+2027-07-02 01:30:00.000000 +04", "ada", ON_TIME),
     ("ada+hw+2027-07-01 21:30:00.000000 UTC", "ada", ON_TIME), ("ada+b+hw+2027-07-01 18:30:00.000000 -03+abc", "ada+b", ON_TIME)],
)  # fmt: skip
def test_collecting_reads_student_and_time_whatever_the_zone(name, student, time):
    collect = Collect(coursedir=None)
    collect.coursedir = None
    fake = SimpleNamespace(
        coursedir=SimpleNamespace(assignment_id="hw"), config={"Exchange": {"timezone": "Asia/Dubai"}}, fail=collect.fail
    )
    assert Collect._path_to_record(fake, f"/inbound/{name}") == {"username": student, "filename": name, "timestamp": time}


@pytest.mark.parametrize(("zone", "called"), [("Asia/Dubai", "UTC"), ("America/Sao_Paulo", "-03"), ("Asia/Tokyo", "JST"), ("UTC", "UTC")])
def test_what_is_handed_in_here_has_a_time_that_nbgrader_can_part_from_the_rest(zone, called):
    take_over()
    exchange = Exchange(timezone=zone)
    exchange.set_timestamp()
    assert exchange.timestamp.endswith(f" {called}") and "+" not in exchange.timestamp
    assert abs(parse_time(exchange.timestamp) - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)


@pytest.mark.parametrize("place", ["/exchange/course/inbound", "/cache/course"])
@pytest.mark.parametrize(
    ("name", "student", "time"),
    [("ada+hw+2027-07-02 01:30:00.000000 +04+-xY_7k", "ada", "2027-07-02 01:30:00.000000 +04"), ("ada+hw+2027-07-02 01:30:00.5 +0545", "ada", "2027-07-02 01:30:00.5 +0545"),
     ("ada+hw+2027-07-01 21:30:00.000000 UTC+012345678901", "ada", "2027-07-01 21:30:00.000000 UTC"), ("a+b+hw+2027-07-01 18:30:00.0 -03", "a+b", "2027-07-01 18:30:00.0 -03")],
)  # fmt: skip
def test_the_list_of_what_was_handed_in_leaves_nothing_of_a_time_out(place, name, student, time):
    listed = List(coursedir=None, inbound="inbound" in place, cached="cache" in place).parse_assignment(f"{place}/{name}")
    assert (listed["course_id"], listed["student_id"], listed["assignment_id"], listed["timestamp"]) == ("course", student, "hw", time)


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("2027-11-07 01:30 CST", "CST can mean"),
        ("2027-01-01 10:00 Nowhere/Land", "no zone is called Nowhere/Land"),
        ("next week", "is no time"),
    ],
)
def test_a_due_date_that_cant_be_read_ends_its_command_in_one_line(date, why, tmp_path):
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    command = [sys.executable, "-m", "nbgrader", "db", "assignment", "add", "hw", f"--duedate={date}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1 and "| ERROR] --duedate: " in line and why in line and "write it like 2027-07-01 23:59:00 +0200" in line


def test_a_zone_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match=r"c\.Exchange\.timezone = 'Europe/Bern': no zone is called so"):
        home_zone(SimpleNamespace(config={"Exchange": {"timezone": "Europe/Bern"}}))
