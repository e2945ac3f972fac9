"""Points, comments and pages come into Canvas and Moodle, once, to the right people; what went wrong is told and made good."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from platform_servers import MISSING, TOKEN, Answer, CanvasServer, MoodleServer, Server, failed, serving

from autograder.__main__ import main
from autograder.authoring.course import ROOT
from autograder.classroom.graded import read_class
from autograder.passback import passing, tokens, web
from autograder.passback.deciding import Wanted, decide
from autograder.passback.identity import match
from autograder.passback.moodle import FUNCTIONS as MOODLE_FUNCTIONS
from autograder.passback.moodle import _plain
from autograder.passback.platform import Person, PlatformError, Standing
from autograder.passback.sent import FILE, Sent, digest
from autograder.passback.tokens import find_token

WAITS = "eve"
PLATFORMS = ("canvas", "moodle")


@pytest.fixture(scope="module")
def graded(small_class, tmp_path_factory):
    """A course in which all but eve's answers are marked, ada was written a comment, and everybody graded has a page."""
    copy = small_class.copy(tmp_path_factory.mktemp("passback") / "course")
    with Gradebook(f"sqlite:///{copy.folder / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions("tiny"):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.manual_score = 0.0 if grade.needs_manual_grade else grade.manual_score
                    grade.needs_manual_grade = False
                    if submission.student_id == WAITS:
                        grade.auto_score, grade.manual_score, grade.needs_manual_grade = None, None, True
                for comment in notebook.comments:
                    if submission.student_id == "ada":
                        comment.manual_comment = "Well said, <b>Ada</b>\nbut shorter"
        gradebook.db.commit()
    for student in ("ada", "ben", "cleo", "dan", "eve"):
        path = copy.folder / "feedback" / student / "tiny" / "tiny.html"
        path.parent.mkdir(parents=True)
        path.write_text(f"<p>page of {student}</p>", "utf-8")
    return copy


@pytest.fixture
def course(graded, tmp_path, monkeypatch):
    copy = graded.copy(tmp_path / "course")
    monkeypatch.chdir(copy.folder)
    monkeypatch.setenv("CANVAS_TOKEN", TOKEN)
    monkeypatch.setenv("MOODLE_TOKEN", TOKEN)
    return copy


@pytest.fixture
def waits(monkeypatch):
    """How long was waited; nobody really waits."""
    waited: list[float] = []
    monkeypatch.setattr(web, "sleep", waited.append)
    return waited


@pytest.fixture
def canvas(course, waits):
    server = CanvasServer()
    server.enrol(101, "Ada Lovelace", "ada")
    server.enrol(102, "Jürgen Müller", "x102")
    server.enrol(7, "C. Leo", "cleo")
    server.enrol(8, "Dan", "dan")
    server.enrol(9, "Somebody Else", "else")
    with serving(server):
        yield server


@pytest.fixture
def moodle(course, waits):
    server = MoodleServer()
    server.enrol(101_000, "Ada Lovelace", "a.l", idnumber="101")
    server.enrol(102_000, "Jürgen Müller", "j.m", email="BEN@uni.example")
    server.enrol(7, "C. Leo", "cleo")
    server.enrol(8, "Dan", "dan")
    with serving(server):
        yield server


@pytest.fixture(params=PLATFORMS)
def server(request) -> Server:
    return request.getfixturevalue(request.param)


def address(server: Server) -> str:
    return server.address + ("/courses/12/assignments/4711" if isinstance(server, CanvasServer) else "/moodle/mod/assign/view.php?id=93")


def pass_back(server: Server, *options: str) -> int:
    return main(["pass-back", "tiny", "--to", address(server), *options])


def scores(server: Server) -> dict[str, float]:
    if isinstance(server, MoodleServer):
        return {user: float(grade) for user, grade in server.grades.items()}
    return {user: one["score"] for user, one in server.submissions.items() if one["score"] is not None}


def numbers(server: Server) -> dict[str, str]:
    return dict(
        zip(
            ("ada", "ben", "cleo", "dan"),
            ("101", "102", "7", "8") if isinstance(server, CanvasServer) else ("101000", "102000", "7", "8"),
            strict=True,
        )
    )


def pages(server: Server) -> dict[str, list[str]]:
    if isinstance(server, MoodleServer):
        return {user: [text for _, text in files] for user, files in server.files.items()}
    there = {str(file["id"]): file["content"] for file in server.files.values()}
    return {
        user: [there[str(file["id"])] for comment in one["submission_comments"] for file in comment.get("attachments", [])]
        for user, one in server.submissions.items()
        if one["submission_comments"]
    }


def comments(server: Server, user: str) -> list[str]:
    if isinstance(server, MoodleServer):
        return [server.comments[user]]
    return [comment["comment"] for comment in server.submissions[user]["submission_comments"]]


def writes(server: Server) -> list[str]:
    """Whose points were written, in order."""
    if isinstance(server, MoodleServer):
        return [asked.one("userid") for asked in server.asked if asked.one("wsfunction") == "mod_assign_save_grade"]
    return [asked.path.rpartition("/")[2] for asked in server.asked if asked.method == "PUT"]


def is_write_for(server: Server, student: str):
    user = numbers(server)[student]
    if isinstance(server, MoodleServer):
        return lambda asked: asked.one("wsfunction") == "mod_assign_save_grade" and asked.one("userid") == user
    return lambda asked: asked.method == "PUT" and asked.path.endswith(f"/{user}")


# ---- what comes there


def test_points_comments_and_pages_come_to_their_students_and_the_others_are_named(server, capsys):
    assert pass_back(server) == 1
    told, who = capsys.readouterr(), numbers(server)
    assert scores(server) == {who["ada"]: 7, who["ben"]: 0, who["cleo"]: 0, who["dan"]: 4}
    assert pages(server) == {user: [f"<p>page of {student}</p>"] for student, user in who.items()}
    (comment,) = comments(server, who["ada"])
    shown = _plain(comment) if isinstance(server, MoodleServer) else comment
    assert "Well said, <b>Ada</b>\nbut shorter" in shown and (isinstance(server, CanvasServer) or "<b>" not in comment)
    assert "passed back: 4; there already: 0" in told.out
    assert "left out, 2:" in told.err and "  eve: answers are still to be marked" in told.err
    assert "  fay-müller@uni.example: isn't among the students of the course there: nobody has login 'fay-müller@uni.example'" in told.err


def test_a_second_run_writes_nothing_and_a_change_only_what_changed(server, course, capsys):
    pass_back(server)
    before, there = len(writes(server)), (scores(server), pages(server))
    pass_back(server)
    assert "passed back: 0; there already: 4" in capsys.readouterr().out
    assert len(writes(server)) == before and (scores(server), pages(server)) == there
    (course.folder / "feedback" / "dan" / "tiny" / "tiny.html").write_text("<p>new</p>")
    pass_back(server)
    assert writes(server)[before:] == [numbers(server)["dan"]]
    assert pages(server)[numbers(server)["dan"]][-1] == "<p>new</p>"


def test_a_dry_run_is_a_table_and_writes_nothing(server, capsys):
    assert pass_back(server, "--dry-run") == 1
    told = capsys.readouterr()
    assert re.search(r"^ada +Ada Lovelace +– → 7 +points \+ comment \+ page$", told.out, re.MULTILINE)
    assert re.search(r"^dan +Dan +– → 4 +points \+ page$", told.out, re.MULTILINE)
    assert "would be passed back: 4 of 4; nothing was written" in told.out and "eve: answers are still" in told.err
    assert not writes(server) and scores(server) == {} and not any(asked.file for asked in server.asked)
    assert not (Path.cwd() / FILE).exists()


def test_points_before_all_is_marked_go_when_asked_for_and_pages_stay_when_asked_for(server, capsys):
    server.enrol(77, "Eve", "eve")
    pass_back(server, "--unmarked", "--no-pages")
    assert "77" in scores(server) and not any(pages(server).values()) and "eve" not in capsys.readouterr().err


def test_other_points_there_are_refused_or_reckoned_into(server, capsys):
    for name in ("points_possible", "maximum"):
        if hasattr(server, name):
            setattr(server, name, 90.0)
    assert pass_back(server) == 1 and not writes(server)
    assert "error: 'Pixels' has 90 points there and 9 here: change one, or give --scale" in capsys.readouterr().err
    pass_back(server, "--scale")
    assert scores(server)[numbers(server)["ada"]] == 70


@pytest.mark.parametrize("points", [None, 0.0])
def test_an_assignment_without_points_is_refused(canvas, capsys, points):
    canvas.points_possible = points
    assert pass_back(canvas) == 1 and "'Pixels' takes no points there: set its maximum to 9" in capsys.readouterr().err


def test_what_moodles_assignment_does_not_take_is_told(moodle, capsys):
    moodle.feedback = ()
    assert pass_back(moodle) == 1
    told = capsys.readouterr().err
    assert "ada: without the comment: *Feedback comments* are off" in told and "everybody: without a page: *Feedback files* are off" in told
    assert scores(moodle)["101000"] == 7


# ---- nothing is overwritten silently


def set_by_hand(server: Server, student: str, score: float | None) -> None:
    user = numbers(server)[student]
    if isinstance(server, MoodleServer):
        server.grades[user] = "-1.00000" if score is None else f"{score:.5f}"
    else:
        server.submissions[user] |= {"score": score, "entered_score": score}


@pytest.mark.parametrize("score", [5.0, None])
def test_a_grade_changed_there_since_is_named_and_stays_unless_forced(server, course, capsys, score):
    pass_back(server)
    set_by_hand(server, "dan", score)
    capsys.readouterr()
    assert pass_back(server) == 1
    said = "the grade there is 5; passed back were 4" if score else "the grade was taken out there; passed back were 4"
    assert f"held, 1 (--force replaces what is there):\n  dan: {said}" in capsys.readouterr().err
    assert scores(server).get(numbers(server)["dan"]) in (score, -1.0)
    pass_back(server, "--force")
    assert scores(server)[numbers(server)["dan"]] == 4


def test_a_grade_that_was_there_before_is_held_and_an_equal_one_is_not(server, capsys):
    set_by_hand(server, "ada", 7.0)
    set_by_hand(server, "dan", 1.0)
    pass_back(server)
    told = capsys.readouterr().err
    assert "dan: the grade there is 1; nothing was passed back before" in told and "ada:" not in told
    assert scores(server)[numbers(server)["dan"]] == 1 and numbers(server)["ada"] in pages(server), "ada's page came"


def test_points_that_changed_here_replace_those_that_were_passed_back(server, course):
    pass_back(server)
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        grade = next(one for one in gradebook.find_submission("tiny", "dan").notebooks[0].grades if one.score)
        grade.manual_score = grade.score - 1
        gradebook.db.commit()
    pass_back(server)
    assert scores(server)[numbers(server)["dan"]] == 3


def test_a_comment_and_files_that_moodle_would_replace_are_held(moodle, capsys):
    moodle.grades = {"101000": "-1.00000", "8": "-1.00000", "7": "-1.00000"}
    moodle.comments = {"101000": "<p>by hand</p>", "7": "<p>stays</p>"}
    moodle.files = {"8": [("scan.pdf", "…")]}
    pass_back(moodle)
    told = capsys.readouterr().err
    assert "ada: a comment there was written by others" in told and "dan: files there are others': scan.pdf" in told
    assert moodle.comments["101000"] == "<p>by hand</p>" and moodle.files["8"] == [("scan.pdf", "…")]
    assert moodle.comments["7"] == "<p>stays</p>" and scores(moodle)["7"] == 0, "nobody here wrote cleo a comment: hers stays"
    pass_back(moodle, "--force")
    assert "Well said" in moodle.comments["101000"] and [text for _, text in moodle.files["8"]] == ["<p>page of dan</p>"]


def test_who_is_excused_on_canvas_stays_so_and_its_own_deductions_are_told(canvas, capsys):
    canvas.submissions["8"] |= {"excused": True}
    canvas.submissions["101"] |= {"score": 6.0, "entered_score": 7.0, "points_deducted": 1.0}
    pass_back(canvas)
    told = capsys.readouterr().err
    assert "dan: is excused there" in told and "beside the penalty of this course: ada (1)" in told
    assert canvas.submissions["8"]["score"] is None and "ada: the grade there" not in told


# ---- what goes wrong


@pytest.mark.parametrize(
    ("answer", "headers"),
    [
        (Answer(429, "Too many"), {}),
        (Answer(429, "Too many"), {"Retry-After": "7"}),
        (Answer(403, "403 Forbidden (Rate Limit Exceeded)"), {}),
        (Answer(403, "403 Forbidden (Rate Limit Exceeded)"), {"Retry-After": "7"}),
        (Answer(503, "busy"), {"Retry-After": "7"}),
    ],
    ids=lambda one: str(getattr(one, "status", "")),
)
def test_who_is_throttled_waits_and_goes_on(server, waits, answer, headers):
    answer = replace(answer, headers=headers)
    server.trouble = [(is_write_for(server, "dan"), answer)] * 3 + [(lambda asked: True, answer)]
    pass_back(server)
    assert scores(server)[numbers(server)["dan"]] == 4
    assert waits == ([7.0] * 4 if headers else [1.0, 1.0, 2.0, 4.0])


def test_a_date_to_wait_for_is_read_and_patience_ends(server, waits, capsys):
    date = formatdate(web.time.time() + 30, usegmt=True)
    server.trouble = [(lambda asked: True, Answer(429, "", {"Retry-After": date}))]
    pass_back(server)
    assert len(waits) == 1 and 25 < waits[0] <= 30
    server.trouble = [(lambda asked: True, Answer(429, "", {"Retry-After": "86400"}))]
    assert pass_back(server) == 1 and "has asked to wait for 0 s: give the command again later" in capsys.readouterr().err


def test_one_who_fails_costs_nobody_else_theirs_and_the_next_run_goes_on(server, capsys):
    server.trouble = [(is_write_for(server, "ben"), Answer(500, {"message": "internal"}))]
    assert pass_back(server) == 1
    told, who = capsys.readouterr().err, numbers(server)
    assert "got theirs: ada, cleo, dan" in told and "  ben: " in told and "answered 500: internal" in told
    assert "the same command goes on" in told and who["ben"] not in scores(server)
    before = len(writes(server))
    pass_back(server)
    assert writes(server)[before:] == [who["ben"]] and len(pages(server)) == 4


def test_a_token_that_ends_half_way_stops_and_tells_who_got_theirs(server, capsys):
    refused = (
        Answer(401, {"errors": [{"message": "Invalid access token."}]})
        if isinstance(server, CanvasServer)
        else failed("invalidtoken", "expired")
    )
    server.trouble = [(is_write_for(server, "cleo"), refused)]
    assert pass_back(server) == 1
    told = capsys.readouterr().err
    assert "got theirs: ada, ben" in told and "not tried, 1: dan" in told and "doesn't take the token" in told
    assert len(writes(server)) == 3
    pass_back(server)
    assert len(scores(server)) == 4


def test_after_three_failures_one_after_the_other_nobody_else_is_tried(server, capsys):
    server.trouble = [(is_write_for(server, student), Answer(500, "<h1>oops</h1>")) for student in ("ada", "ben", "cleo")]
    pass_back(server)
    told = capsys.readouterr().err
    assert "got theirs: nobody" in told and "not tried, 1: dan; 3 failed one after the other" in told


def test_an_answer_that_is_lost_leaves_nothing_twice(server, course, capsys):
    """The server does what it was asked and breaks the line: only a look there tells."""
    server.afterwards = [(is_write_for(server, "ada"), Answer(0))]
    assert pass_back(server) == 1
    assert "ada: no answer came" in capsys.readouterr().err
    pass_back(server)
    user = numbers(server)["ada"]
    assert len(comments(server, user)) == 1 and len(pages(server)[user]) == 1 and writes(server).count(user) == 1
    assert json.loads((course.folder / FILE).read_text())


def test_what_only_asks_is_asked_again_and_in_the_end_told(server, waits, capsys):
    server.trouble = [(lambda asked: True, Answer(0))] * 3
    pass_back(server)
    assert len(scores(server)) == 4 and waits == [1.0, 2.0, 4.0]
    server.trouble = [(lambda asked: True, Answer(0))] * 4
    assert pass_back(server) == 1
    assert re.search(r"error: http://127\.0\.0\.1:\d+(/moodle)? can't be reached \(connection error\)", capsys.readouterr().err)


def test_a_platform_that_keeps_another_grade_is_caught(server, capsys):
    pass_back(server, "--dry-run")
    user, answer = numbers(server)["dan"], server.answer

    def capped(asked):
        usual = answer(asked)
        if is_write_for(server, "dan")(asked):
            set_by_hand(server, "dan", 2.0)
        return usual

    server.answer = capped
    assert pass_back(server) == 1
    assert "dan: the platform has 2 after taking 4" in capsys.readouterr().err and scores(server)[user] == 2


@pytest.mark.parametrize("place", ["https://uni.example/foo", "courses/12/assignments/4711", "ftp://x/courses/12/assignments/4711", ""])
def test_an_address_that_is_no_assignments_is_told(course, capsys, place):
    assert main(["pass-back", "tiny", "--to", place]) == 1
    assert "such as https://canvas.example/courses/12/assignments/4711 or" in capsys.readouterr().err


def test_an_assignment_that_is_not_there_is_told(canvas, moodle, capsys):
    assert main(["pass-back", "tiny", "--to", f"{canvas.address}/courses/12/assignments/1"]) == 1
    assert "no such assignment for this token: " in (told := capsys.readouterr().err) and "404" in told
    assert main(["pass-back", "tiny", "--to", f"{moodle.address}/moodle/mod/assign/view.php?id=94"]) == 1
    assert "no such assignment for this token: Moodle: Can't find data record" in capsys.readouterr().err
    assert MISSING.status == 404 and main(["pass-back", "nosuch", "--to", address(canvas)]) == 1


def test_a_token_of_a_service_that_may_too_little_is_told(moodle, capsys):
    moodle.functions = tuple(name for name in moodle.functions if name != "mod_assign_save_grade")
    assert pass_back(moodle) == 1 and "the token's service lacks mod_assign_save_grade" in capsys.readouterr().err


def test_the_page_of_a_login_is_no_platform(canvas, capsys):
    canvas.trouble = [(lambda asked: True, Answer(200, "<h1>Log in</h1>"))]
    assert pass_back(canvas) == 1 and "expected JSON from /api/v1/courses/12/assignments/4711, got text/html" in capsys.readouterr().err
    canvas.trouble = [(lambda asked: True, Answer(302, "", {"Location": "https://sso.example/"}))]
    assert pass_back(canvas) == 1 and "leads to another address, https://sso.example/" in capsys.readouterr().err


# ---- the token


def test_the_token_is_in_nothing_that_is_said_or_kept(server, course, capsys, caplog, monkeypatch):
    caplog.set_level(1)
    echo = Answer(400, {"errors": [{"message": f"bad header: Bearer {TOKEN}"}], "message": f"wstoken={TOKEN}"})
    server.trouble = [(is_write_for(server, "ben"), echo), (is_write_for(server, "dan"), Answer(0))]
    pass_back(server)
    told = capsys.readouterr()
    assert "answered 400" in told.err and TOKEN not in told.out + told.err + caplog.text
    kept = [path for path in course.folder.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert kept == [] and all(TOKEN not in asked.path for asked in server.asked)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_without_a_token_nothing_is_asked_and_ways_are_told(platform, request, monkeypatch, capsys):
    server = request.getfixturevalue(platform)
    monkeypatch.delenv(f"{platform.upper()}_TOKEN")
    monkeypatch.setattr(tokens, "_from_keyring", lambda root: "")
    assert pass_back(server) == 1 and not server.asked
    assert f"put it into the variable {platform.upper()}_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["two words", "ä", "a\nb"])
def test_what_can_be_no_token_is_refused_without_being_shown(token, monkeypatch):
    monkeypatch.setenv("CANVAS_TOKEN", token)
    with pytest.raises(PlatformError, match="the variable CANVAS_TOKEN holds no token") as caught:
        find_token("Canvas", "https://canvas.example")
    assert token not in str(caught.value)


def test_the_keyring_is_asked_where_the_environment_has_none(monkeypatch):
    keyring = pytest.importorskip("keyring", reason="installed with the part `passback`")
    from keyring.backend import KeyringBackend
    from keyring.errors import NoKeyringError

    class Drawer(KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            return "kept" if (service, username) == ("https://canvas.example", "autograder") else None

        set_password = delete_password = None

    monkeypatch.delenv("CANVAS_TOKEN", raising=False)
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Drawer())
        assert find_token("Canvas", "https://canvas.example") == "kept"
        with pytest.raises(PlatformError, match="keyring set https://other.example autograder"):
            find_token("Canvas", "https://other.example")
        monkeypatch.setattr(keyring, "get_password", lambda *about: (_ for _ in ()).throw(NoKeyringError()))
        with pytest.raises(PlatformError, match="no token for"):
            find_token("Canvas", "https://canvas.example")
    finally:
        keyring.set_keyring(before)


def test_no_token_goes_by_http_to_another_machine(course, capsys):
    assert main(["pass-back", "tiny", "--to", "http://canvas.example/courses/12/assignments/4711"]) == 1
    assert "a token isn't sent by http" in capsys.readouterr().err


def test_no_token_of_netrc_takes_the_place(canvas, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    pass_back(canvas)
    assert len(scores(canvas)) == 4


# ---- the guide, settings, files, people


def test_the_commands_of_the_guide_work_as_they_are_written(server, capsys):
    text = (ROOT / "book" / "platforms.md").read_text("utf-8")
    lines = re.findall(r"^\$ python -m (autograder pass-back .*)$", text, re.MULTILINE)
    assert len(lines) > 2
    for line in lines:
        words = [address(server) if "://" in word else "tiny" if word == "convnets" else word for word in shlex.split(line)[1:]]
        main(words if "--to" in words else [*words, "--to", address(server)])
        assert capsys.readouterr().out.startswith("tiny → Pixels")
    assert len(scores(server)) == 4
    for name in MOODLE_FUNCTIONS:
        assert f"`{name}`" in text


def test_the_address_may_stand_in_the_settings_and_canvas_columns_hold_here_too(canvas, course):
    with open("nbgrader_config.py", "a") as file:
        file.write(f"\nc.PassBack.to = {{'tiny': {address(canvas)!r}}}\nc.CanvasExporter.columns = {{'SIS User ID': 'lms_user_id'}}\n")
    canvas.users = []
    canvas.enrol(5, "Ada", sis="101")
    command = [sys.executable, "-m", "autograder", "pass-back", "tiny"]
    result = subprocess.run(command, cwd=course.folder, capture_output=True, text=True)
    assert result.returncode == 1 and "passed back: 1" in result.stdout, result.stderr
    assert canvas.submissions["5"]["score"] == 7 and TOKEN not in " ".join(command)


def test_a_record_that_is_damaged_is_told_and_nothing_is_passed_back(server, course, capsys):
    (course.folder / FILE).write_text("{")
    assert pass_back(server) == 1 and not writes(server)
    assert f"{course.folder / FILE} can't be read" in capsys.readouterr().err


def test_pages_that_are_missing_or_old_stay_and_are_told(canvas, course, capsys):
    (course.folder / "autograded" / "ada" / "tiny" / "tiny.ipynb").touch()
    (course.folder / "feedback" / "ben" / "tiny" / "tiny.html").unlink()
    pass_back(canvas)
    told = capsys.readouterr().err
    assert "ada: without a page: the feedback page is older" in told and "ben: without a page: no feedback page" in told
    assert set(pages(canvas)) == {"101", "7", "8"} and pages(canvas)["101"] == [] and len(scores(canvas)) == 4
    for path in course.folder.glob("feedback/*/tiny/tiny.html"):
        path.unlink()
    assert pass_back(canvas) == 1 and "generate_feedback tiny` first, or give --no-pages" in capsys.readouterr().err


def student(id: str, number: str | None = None, email: str | None = None) -> passing._Student:
    return passing._Student(id, number, email)


PEOPLE = [
    Person("1", "Ada", {"lms_user_id": "101", "id": "ada", "email": "ada@uni.example"}),
    Person("2", "Ben", {"id": "ben", "email": "b@uni.example"}),
    Person("3", "Bea", {"lms_user_id": "103", "email": "BEA@uni.example"}),
    Person("4", "Bea", {"lms_user_id": "104"}),
]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (student("ada"), "1"),
        (student("x", "101"), "1"),
        (student("x", None, "bea@uni.example"), "3"),
        (student("x", "101", "b@uni.example"), r"may be Ada \(by number\) or Ben \(by address\)"),
        (student("ada", "999"), "is Ada by login, whose number there is '101', not '999'"),
        (student("Bea"), "isn't among the students of the course there: nobody has login 'Bea'"),
    ],
)
def test_nobody_is_guessed(one, told):
    found, lost = match([one], PEOPLE)
    if one.id in found:
        assert found[one.id].user == told and not lost
    else:
        assert re.match(told, lost[one.id])


def test_two_students_are_never_one_person():
    found, lost = match([student("x", "101"), student("ada"), student("ben")], PEOPLE)
    assert set(found) == {"ben"} and lost == {"x": "would be Ada, and so would ada", "ada": "would be Ada, and so would x"}


def test_a_comment_that_a_teacher_took_away_on_canvas_does_not_come_again():
    wanted, person = Wanted("ada", 7.0, "good"), PEOPLE[0]
    assert decide(wanted, person, Standing(7.0), Sent(7.0, (digest("good"),))).grade is None
    assert decide(wanted, person, Standing(7.0), Sent(7.0)).grade.comment == "good"


def test_a_comment_that_was_taken_back_here_goes_from_moodle_if_it_is_ours():
    wanted, person, ours = Wanted("ada", 7.0), PEOPLE[0], Sent(7.0, (digest("good"),))
    assert decide(wanted, person, Standing(7.0, ("good",), replaces=True), ours).grade.comment == ""
    assert decide(wanted, person, Standing(7.0, ("by hand",), replaces=True), ours).grade is None


def test_the_class_is_read_as_the_exports_read_it(course):
    coursedir = passing.open_course(course.folder)
    read = passing.read(coursedir, "tiny", passing.Options(unmarked=True))
    with Gradebook(coursedir.db_url) as gradebook:
        assert {one.student: one.score for one in read.wanted} == {
            one.student: round(one.score, 2) for one in read_class(coursedir, gradebook, "tiny")
        }
