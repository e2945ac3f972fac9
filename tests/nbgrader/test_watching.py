"""What a watcher does with each thing that arrives, without nbgrader's commands: a stand-in answers as they do."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import TINY

from autograder.classroom.graded import Check, Graded, Task
from autograder.daily import one_assignment
from autograder.daily.arrivals import Arrivals, Settled, signs
from autograder.daily.ledger import Ledger
from autograder.daily.one_assignment import FIRST_PAUSE, LONGEST_PAUSE, Desk, OneAssignment, Pauses, told
from autograder.daily.steps import Done, _take
from autograder.errors import CourseError
from autograder.jobs.beside import STAMPS
from autograder.jobs.cells import OURS
from autograder.run.fingerprint import fingerprint, graded_from
from autograder.settings import Settings


class Commands:
    """Grades as nbgrader would: whoever isn't passed over, unless the machine fails it."""

    def __init__(self, course: Path) -> None:
        self.course, self.given, self.fails, self.stopped = course, [], {}, False

    def nbgrader(self, command: str, assignment: str, *options: str, stoppable: bool = False) -> Done:
        passed_over = options[-1].partition("student_id_exclude=")[2].split(",")
        who = sorted(path.parent.name for path in (self.course / "submitted").glob(f"*/{assignment}"))
        who = [student for student in who if student not in passed_over]
        self.given.append((command, who))
        done = Done(0)
        for student in who if command == "autograde" else ():
            if student in self.fails:
                done = Done(1, [f"{student}: left ungraded: {self.fails[student]}"], {student: self.fails[student]})
                continue
            folder = self.course / "autograded" / student / assignment
            folder.mkdir(parents=True, exist_ok=True)
            about = {OURS: {"handed_in": fingerprint(self.course / "submitted" / student / assignment)}}
            (folder / f"{assignment}.ipynb.new").write_text(json.dumps({"metadata": about}))
            (folder / f"{assignment}.ipynb.new").replace(folder / f"{assignment}.ipynb")
        return done


class Watched:
    """A course folder under watch, of one assignment."""

    def __init__(self, folder: Path, monkeypatch, **settings: int) -> None:
        self.folder, self.lines = folder, []
        places = f"{folder}/{{nbgrader_step}}/{{student_id}}/{{assignment_id}}"
        coursedir = SimpleNamespace(
            root=str(folder), course_id="c", submitted_directory="submitted", autograded_directory="autograded", student_id_exclude="",
            format_path=lambda step, student, name: places.format(nbgrader_step=step, student_id=student, assignment_id=name),
        )  # fmt: skip
        monkeypatch.setattr(one_assignment.OneAssignment, "_read", lambda self, students: {name: Graded(name, 1, 1) for name in students})
        self.commands, self.ledger = Commands(folder), Ledger(folder)
        desk = Desk(coursedir, self.commands, self.ledger, Settings(**settings), self.lines.append)
        app = SimpleNamespace(coursedir=coursedir, config={"Exchange": {"root": str(folder / "exchange")}}, log=None)
        self.one = OneAssignment(desk, "tiny", Arrivals(app, "tiny", self.commands, self.ledger))

    def hand_in(self, student: str, text: str) -> None:
        path = self.folder / "submitted" / student / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def look(self, times: int = 2) -> list[str]:
        """What is said while it looks some times."""
        before = len(self.lines)
        for _ in range(times):
            self.one.look(lambda: False)
        return self.lines[before:]

    @property
    def graded(self) -> list[list[str]]:
        return [who for command, who in self.commands.given if command == "autograde"]


@pytest.fixture
def watched(tmp_path, monkeypatch):
    return Watched(tmp_path, monkeypatch)


def test_what_is_being_written_is_graded_when_it_stays_as_it_is(watched):
    watched.hand_in("ada", "a")
    assert watched.look(1) == []
    watched.hand_in("ada", "ab")
    assert watched.look(1) == []
    assert any("ada" in line for line in watched.look(1))
    assert watched.graded == [["ada"]] and watched.look(3) == []


def test_who_is_graded_is_passed_over_and_who_hands_in_again_is_graded_again(watched):
    watched.hand_in("ada", "a")
    watched.hand_in("ben", "b")
    watched.look()
    watched.hand_in("ben", "better")
    assert "ben: 0 of 0 points by checks (attempt 2)" in watched.look()[0]
    assert watched.graded == [["ada", "ben"], ["ben"]]
    assert [who for command, who in watched.commands.given if command == "generate_feedback"] == [["ada", "ben"], ["ben"]]


def test_attempts_beyond_the_budget_are_kept_said_once_and_not_graded(tmp_path, monkeypatch):
    watched = Watched(tmp_path, monkeypatch, attempts_at_once=2)
    for text in ("1", "2"):
        watched.hand_in("ada", text)
        watched.look()
    watched.hand_in("ada", "3")
    watched.hand_in("ben", "1")
    lines = watched.look(5)
    assert [line for line in lines if "ada" in line] == [
        "tiny: ada: 2 attempts were graded at once, this is one more: kept, and graded by the next `nbgrader autograde tiny`"
    ]
    assert watched.graded == [["ada"], ["ada"], ["ben"]]
    assert (tmp_path / "submitted" / "ada" / "tiny" / "tiny.ipynb").read_text() == "3"
    again = Watched(tmp_path, monkeypatch, attempts_at_once=2)
    assert again.look(3) == [] and again.graded == []


def test_what_the_machine_fails_is_tried_again_with_growing_pauses_and_never_given_up(watched, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(one_assignment.time, "monotonic", lambda: now[0])
    watched.commands.fails = {"ada": "the judge died"}
    watched.hand_in("ada", "a")
    watched.hand_in("ben", "b")
    assert "not graded: ada: the judge died; nothing is lost, tried again in 30 s" in watched.look()[1]
    assert watched.look(3) == [] and watched.graded == [["ada", "ben"]]
    now[0] = FIRST_PAUSE + 1
    assert watched.look() == ["tiny: not graded: ada: the judge died; nothing is lost, tried again in 60 s"]
    assert watched.one.left == {"ada": "the judge died"}
    watched.commands.fails = {}
    now[0] += 61
    assert "ada: 0 of 0 points by checks" in watched.look()[0]
    assert watched.one.left == {} and not any((watched.folder / "autograded" / "ada").glob("tiny/*.new"))


def test_pauses_double_up_to_an_hour():
    pauses = Pauses()
    assert [pauses.fail("x") for _ in range(9)] == [30, 60, 120, 240, 480, 960, 1920, LONGEST_PAUSE, LONGEST_PAUSE]
    assert pauses.rests("x") and not pauses.rests("y")
    pauses.clear("x")
    assert not pauses.rests("x") and pauses.fail("x") == 30


def test_who_hands_in_again_while_she_is_graded_has_not_failed(watched):
    grade = watched.commands.nbgrader

    def meanwhile(command: str, *rest: str, stoppable: bool = False) -> Done:
        if command == "autograde" and not watched.commands.given:
            watched.hand_in("ada", "newer")
        return grade(command, *rest, stoppable=stoppable)

    watched.commands.nbgrader = meanwhile
    watched.hand_in("ada", "a")
    lines = watched.look(4)
    assert "ada: 0 of 0" in lines[0] and "feedback" in lines[1] and len(lines) == 2 and not any("not graded" in line for line in lines)
    assert graded_from(watched.folder / "autograded" / "ada" / "tiny") == fingerprint(watched.folder / "submitted" / "ada" / "tiny")


def test_feedback_that_a_stopped_watcher_owed_is_given_by_the_next(tmp_path, monkeypatch):
    watched = Watched(tmp_path, monkeypatch)
    watched.hand_in("ada", "a")
    watched.look(1)
    watched.one._grade()
    assert [command for command, _ in watched.commands.given] == ["autograde"]
    again = Watched(tmp_path, monkeypatch)
    assert again.look(1) == ["tiny: feedback written, not handed in by the exchange: ada"]


def test_what_was_graded_before_there_were_fingerprints_is_left_alone(watched):
    watched.hand_in("ada", "a")
    folder = watched.folder / "autograded" / "ada" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text('{"metadata": {"autograder": {}}}')
    assert watched.look(3) == [] and watched.graded == []


def test_who_is_excluded_by_the_settings_is_not_looked_at(watched):
    watched.one.desk.coursedir.student_id_exclude = "ben,zed"
    watched.hand_in("ada", "a")
    watched.hand_in("ben", "b")
    assert watched.look(3) and watched.graded == [["ada"]] and watched.one.left == {}


def test_a_result_says_which_checks_failed_and_what_being_late_costs():
    checks = (Check("Any size", True, 2, ""), Check("No pixels", False, 1, "expected 0"), Check("Negative", False, 1, ""))
    tasks = [Task("check_area", 4, 2.0, False, checks), Task("check_smooth", 3, 3.0, False, checks[:1]), Task("why", 2, None, True)]
    assert told(Graded("ada", 4, 9, tasks=tasks, penalty=0.5)) == (
        "5 of 7 points by checks, late penalty 0.5; failed: area (No pixels; Negative)"
    )


def test_reasons_are_read_from_what_grading_logs():
    done = Done(1)
    for line in ("[AutogradeApp | INFO] x: left ungraded: no\n", "[AutogradeApp | ERROR] Lee, K: left ungraded: it died\n", "Traceback\n"):
        _take(done, line)
    assert done.reasons == {"Lee, K": "it died"} and done.problem == "Lee, K: left ungraded: it died"
    for line in (
        "[AutogradeApp | ERROR] Grading can't start: in test_x.py.\n",
        "x.py:1: in <module>\n",
        "    E   ModuleNotFoundError: no\n",
    ):
        _take(done, line)
    assert done.errors[-1] == "Grading can't start: in test_x.py. ModuleNotFoundError: no"
    assert Done(0, ["some error"]).problem == "" and Done(3).problem == "it ended with status 3"


def test_a_ledger_that_cant_be_read_is_named_and_not_overwritten(tmp_path):
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "watch.json").write_text("{")
    with pytest.raises(CourseError, match=r"watch\.json can't be read \(JSONDecodeError.*delete it to count attempts anew"):
        Ledger(tmp_path)
    assert (tmp_path / ".autograder" / "watch.json").read_text() == "{"


def test_news_is_what_stays_and_was_not_dealt_with():
    taken: dict[str, str] = {}
    settled = Settled(taken)
    assert [settled.look("x", state) for state in ("", "a", "b", "b", "b")] == ["known", "waits", "waits", "news", "news"]
    settled.take("x")
    assert taken == {"x": "b"} and settled.look("x", "b") == "known" and settled.look("x", "c") == "waits"
    assert Settled(taken).look("x", "b") == "known"


# ---- fingerprints


def test_a_fingerprint_is_of_names_and_contents_and_follows_no_link(tmp_path):
    folder = tmp_path / "ada" / "tiny"
    (folder / "data").mkdir(parents=True)
    assert fingerprint(folder) == "" and fingerprint(tmp_path / "nobody" / "tiny") == ""
    (folder / "tiny.ipynb").write_text("{}")
    first = fingerprint(folder)
    (folder / "data" / "x.csv").write_text("1")
    second = fingerprint(folder)
    (folder / "data" / "x.csv").write_text("2")
    (tmp_path / "secret").write_text("s")
    third = fingerprint(folder)
    os.symlink(tmp_path / "secret", folder / "link")
    os.mkfifo(folder / "pipe")
    assert len({first, second, third}) == 3 and fingerprint(folder) == third
    os.symlink(folder, tmp_path / "ada" / "other")
    assert fingerprint(tmp_path / "ada" / "other") == ""


def test_the_same_work_handed_in_again_is_another_attempt_but_the_same_work(tmp_path):
    folder = tmp_path / "ada" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text("2027-01-01 10:00:00 UTC")
    before = fingerprint(folder), fingerprint(folder, STAMPS)
    (folder / "timestamp.txt").write_text("2027-01-02 10:00:00 UTC")
    assert fingerprint(folder) != before[0] and fingerprint(folder, STAMPS) == before[1]


def test_signs_change_with_anything_below_a_folder(tmp_path):
    assert signs([tmp_path]) == "" and re.fullmatch("[0-9a-f]{64}", signs([TINY]))
    (tmp_path / "a.zip").write_text("1")
    one = signs([tmp_path])
    (tmp_path / "a.zip").write_text("12")
    assert signs([tmp_path]) != one
