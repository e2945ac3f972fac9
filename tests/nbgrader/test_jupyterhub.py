"""Two courses on a real JupyterHub with accounts of its own: from the release to the feedback, in browsers, and what nobody can read.

Everything runs on a machine of the test's own (`hub_machine`): its accounts, homes and exchange are gone afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import hub_pages
import hub_term
import pytest
from hub_machine import CHECKOUT, machine
from hub_term import EXCHANGE, NAME, PASSWORD, PATIENCE, PYTHON, Term, course_folder

from autograder.judge.self_test import sandbox_level_problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
PROGRAMS = [name for name in ("nsenter", "setpriv", "useradd", "gpasswd", "chpasswd") if shutil.which(name) is None]
LACKING = {
    "only root can make accounts": os.getuid() != 0,
    "JupyterHub isn't installed (pyproject.toml, hub)": find_spec("jupyterhub") is None,
    "no Chromium or Chrome is installed": CHROMIUM is None,
    f"not installed: {', '.join(PROGRAMS)}": bool(PROGRAMS),
}
pytestmark = [
    pytest.mark.skipif(any(LACKING.values()), reason="; ".join(reason for reason, lacks in LACKING.items() if lacks) or "nothing"),
    pytest.mark.timeout(1800),
]


@pytest.fixture(scope="module")
def term(tmp_path_factory) -> Iterator[Term]:
    """All that happens in one assignment's time, in browsers."""
    from playwright.sync_api import expect, sync_playwright

    if problem := sandbox_level_problem():
        pytest.skip(problem.splitlines()[0])
    expect.set_options(timeout=PATIENCE)
    folder, address = tmp_path_factory.mktemp("hub"), f"http://127.0.0.1:{hub_term.free_port()}"
    with machine(folder) as there:
        try:
            start = hub_term.make_hub(there, address)
        except hub_term.NoProxy as error:
            pytest.skip(str(error))
        with hub_term.running(there, address, start, folder / "hub.log"), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            made = Term(there, address, browser)
            try:
                hub_term.hand_out(made)
                hub_term.solve_and_hand_in(made)
                hub_term.hand_in_from_a_terminal(made)
                hub_term.grade_and_return(made)
            except BaseException:
                for name, page in made.pages.items():
                    page.screenshot(path=folder / f"{name}.png")
                raise
            yield made
            browser.close()


def points(term: Term, student: str) -> dict[str, float]:
    """A student's points by cell, asked of the gradebook by the account that grades."""
    script = (
        "import json, sys\nfrom nbgrader.api import Gradebook\nwith Gradebook('sqlite:///gradebook.db') as book:\n"
        f"    grades = book.find_submission({NAME!r}, sys.argv[1]).notebooks[0].grades\n"
        "    print(json.dumps({grade.name: grade.auto_score for grade in grades if grade.auto_score is not None}))"
    )
    return json.loads(term.machine.do(PYTHON, "-c", script, student, account="grader-vision", folder=course_folder("vision")))


def test_every_step_succeeds(term):
    for step in ("released", "collected", "graded ada", "graded cleo", "written", "returned"):
        assert "Success" in term.seen[step], term.seen[step]
    assert "q2a: not written yet" in term.seen["validated"] and "receptive_fields of the example" not in term.seen["validated"]


def test_points_are_those_of_what_was_handed_in(term):
    assert sum(points(term, "cleo").values()) == 90
    of_ada = points(term, "ada")
    assert of_ada.pop("check_receptive_fields") == 18 and sum(of_ada.values()) == 0


def test_grading_is_sealed_and_done_by_the_courses_own_account(term):
    graded = f"{course_folder('vision')}/autograded/ada/{NAME}/{NAME}.ipynb"
    assert json.loads(term.machine.do("cat", graded))["metadata"]["autograder"]["sandbox"] == "bubblewrap"
    assert term.machine.do("stat", "--format=%U", graded).strip() == "grader-vision"


def test_feedback_reaches_its_student_alone(term):
    found = term.machine.do("find", "/home/ada/vision", "-name", f"{NAME}.html", account="ada").splitlines()
    assert len(found) == 1  # its folder is called by the time, with blanks
    page = term.machine.do("cat", found[0], account="ada")
    assert "18 of 18" in page and "input_window" in page
    for other in ("cleo", "ben", "otto"):
        assert term.machine.run("cat", found[0], account=other).returncode != 0


def test_students_have_the_list_of_assignments_and_instructors_that_of_courses(term):
    assert hub_pages.menu(term.page("ada")) == {"Assignment List"}
    assert hub_pages.menu(term.page("iris")) == {"Assignment List", "Course List"}
    assert term.status("ada", "/user/ada/formgrader/manage_assignments") == 404
    assert term.status("ada", "/user/ada/formgraders") == 404


def test_only_a_courses_instructors_get_into_its_formgrader(term):
    expected = {("iris", "vision"): 200, ("iris", "sound"): 403, ("ada", "vision"): 403, ("ben", "vision"): 403, ("ben", "sound"): 403}
    assert {who: term.status(who[0], f"/services/{who[1]}/formgrader/manage_assignments") for who in expected} == expected


def test_nobody_gets_into_anothers_server(term):
    assert [term.status(name, "/user/ada/api/contents") for name in ("ada", "ben", "iris")] == [200, 403, 403]


def test_a_students_kernel_finds_no_answers_and_nothing_of_others(term):
    answers, *folders = term.seen["probe"].splitlines()[1:]
    assert answers in ("PermissionError", "ModuleNotFoundError", "ImportError")
    assert len(folders) == 6 and all(line.endswith(" PermissionError") for line in folders), folders


def test_a_student_of_another_course_reads_nothing_of_this_one(term):
    graded = term.machine.do("find", EXCHANGE, course_folder("vision"), CHECKOUT, "/home/ada", "/home/cleo", "-name", "*.*", "-type", "f")
    assert len(graded.splitlines()) > 100
    script = 'while read -r path; do test -r "$path" && echo "$path"; done; true'
    assert term.machine.do("sh", "-c", script, account="ben", text=graded) == ""


def test_nobody_takes_the_place_of_a_course_or_of_what_was_handed_in(term):
    for name in ("ben", "ada"):
        assert term.machine.run("mv", f"{EXCHANGE}/vision", f"{EXCHANGE}/gone", account=name).returncode != 0
    handed_in = term.machine.do("sh", "-c", f"ls -d {EXCHANGE}/vision/inbound/cleo*").strip()
    assert term.machine.run("mv", handed_in, f"{EXCHANGE}/vision/inbound/gone", account="ada").returncode != 0


def test_who_leaves_the_course_gets_in_no_more(term):
    term.machine.do(
        PYTHON, "-m", "nbgrader", "db", "student", "remove", "nina", "--force", account="grader-sound", folder=course_folder("sound")
    )
    assert "group nbgrader-sound: no longer in it nina" in hub_term.prepare(term.machine).stdout
    assert term.machine.run("ls", f"{EXCHANGE}/sound", account="nina").returncode != 0
    with term.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{term.address}/hub/login")
        page.locator("#username_input").fill("nina")
        page.locator("#password_input").fill(PASSWORD)
        page.locator("#login_submit").click()
        page.get_by_text("Invalid username or password").wait_for(timeout=PATIENCE)
