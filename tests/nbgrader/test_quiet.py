"""A command over a class says what matters, and how far it is; everything else is in a file."""

from __future__ import annotations

import io
import logging
import sys

import pytest

from autograder.run.quiet import FOLDER, KEPT_LINES, progress, quiet


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def log():
    log = logging.Logger("grading", logging.DEBUG)
    return log


def heard(log, monkeypatch, stream, level=logging.INFO):
    monkeypatch.setattr(sys, "stderr", stream)
    handler = logging.StreamHandler(stream)
    handler.setLevel(level)
    log.addHandler(handler)
    return stream


def grade(log, students):
    for number in range(1, students + 1):
        log.warning("Removing existing assignment: /course/autograded/s%s", number)
        log.info("Converting notebook s%s", number)
        log.warning("[%s/%s] s%s: 5 of 7", number, students, number, extra=progress(number, students))


def kept(tmp_path):
    return (tmp_path / FOLDER / "autograde.log").read_text("utf-8")


@pytest.mark.parametrize(("students", "lines"), [(1, 1), (7, 7), (20, 20), (21, 21), (300, 21)])
def test_in_a_file_or_mail_progress_takes_few_lines(log, tmp_path, monkeypatch, students, lines):
    stream = heard(log, monkeypatch, io.StringIO())
    with quiet(log, tmp_path, "autograde"):
        grade(log, students)
    said = stream.getvalue().splitlines()
    assert sum(line.startswith("[") for line in said) == lines <= KEPT_LINES + 1
    assert said[-2] == f"[{students}/{students}] s{students}: 5 of 7"
    assert said[-1] == f"{3 * students - lines:,} more lines are in .autograder/logs/autograde.log" and len(said) == lines + 1
    assert len(kept(tmp_path).splitlines()) == 3 * students


def test_on_a_terminal_there_is_one_line_of_progress_and_what_matters_stands_by_itself(log, tmp_path, monkeypatch):
    stream = heard(log, monkeypatch, Terminal())
    with quiet(log, tmp_path, "autograde"):
        grade(log, 300)
        log.error("s7 can't be graded")
        grade(log, 1)
    said = stream.getvalue()
    assert "\rs" not in said and "\r\x1b[Ks7 can't be graded\n" in said
    assert said.count("\n") == 3 and said.endswith("[1/1] s1: 5 of 7\x1b[K\n903 more lines are in .autograder/logs/autograde.log\n")


def test_a_line_of_progress_is_no_longer_than_the_terminal(log, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    stream = heard(log, monkeypatch, Terminal())
    with quiet(log, tmp_path, "autograde"):
        log.warning("[1/2] %s", "x" * 100, extra=progress(1, 2))
    assert max(map(len, stream.getvalue().replace("\x1b[K", "").split("\n"))) <= 66  # the last line names the file


def test_warnings_and_errors_are_shown_and_stand_in_the_file_too(log, tmp_path, monkeypatch):
    stream = heard(log, monkeypatch, io.StringIO())
    with quiet(log, tmp_path, "autograde"):
        log.warning("a.ipynb isn't called as it was handed out")
        log.error("ungraded: ann")
        log.info("Writing 12 bytes")
    assert stream.getvalue().splitlines()[:2] == ["a.ipynb isn't called as it was handed out", "ungraded: ann"]
    assert [line.split(" ", 2)[2] for line in kept(tmp_path).splitlines()] == [
        "WARNING a.ipynb isn't called as it was handed out", "ERROR ungraded: ann", "INFO Writing 12 bytes",
    ]  # fmt: skip


def test_lines_of_the_run_before_are_kept(log, tmp_path, monkeypatch):
    heard(log, monkeypatch, io.StringIO())
    for text in ("first", "second"):
        with quiet(log, tmp_path, "autograde"):
            log.info(text)
    assert [line.split()[-1] for line in kept(tmp_path).splitlines()] == ["first", "second"]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_nothing_is_held_back_from_who_asks_for_all_or_where_no_file_can_be(log, tmp_path, monkeypatch, level):
    stream = heard(log, monkeypatch, io.StringIO(), level)
    if level > logging.DEBUG:
        (tmp_path / ".autograder").write_text("in the way")
    with quiet(log, tmp_path, "autograde"):
        grade(log, 30)
    assert len(stream.getvalue().splitlines()) == 90


def test_a_server_s_page_gets_all_lines(log, tmp_path, monkeypatch):
    page = io.StringIO()
    log.addHandler(logging.StreamHandler(page))
    heard(log, monkeypatch, io.StringIO())
    with quiet(log, tmp_path, "autograde"):
        log.info("Converting")
    assert page.getvalue().startswith("Converting\n")


def test_the_log_is_afterwards_as_it_was_however_it_ended(log, tmp_path, monkeypatch):
    stream = heard(log, monkeypatch, io.StringIO())
    with pytest.raises(KeyboardInterrupt), quiet(log, tmp_path, "autograde"):
        raise KeyboardInterrupt
    log.info("heard again")
    assert stream.getvalue() == "heard again\n" and len(log.handlers) == 1
