"""Several graders at work in formgrader, each in a browser: conflicts, items and requests by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_servers import CHROMIUM, jupyterlab, open_browser, open_page, unmark
from nbgrader.api import Gradebook

from autograder.classroom.requests import request

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed"), pytest.mark.timeout(1200)]

CELL = "why_kernel"
ITEMS = "- [1] counts the pairs\n- [1] names the borders\n- [-0.5] no sentence\n=== END MARK SCHEME ==="
REFUSED = "409"  # a refusal stands in the browser's console as an error


@pytest.fixture(scope="module")
def served(generated, tmp_path_factory, level) -> Iterator[tuple[Any, str]]:
    """A course with two graded students, items in its mark scheme, and the address of a server in it."""
    import nbformat

    made = generated.copy(tmp_path_factory.mktemp("marking-browser") / "course")
    source = made.folder / "source" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(source, 4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("=== END MARK SCHEME ===", ITEMS)
    nbformat.write(notebook, source)
    with open(made.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f"\nc.Grade.sandbox = {level!r}\n")
    for student in ("ada", "ben"):
        made.submit(student, made.answer({CELL: f"The last entry has no right neighbour, says {student}."}))
    made.nbgrader("autograde", "tiny")
    with jupyterlab(made.folder, made.folder.parent / "home", "server") as address:
        yield made, address


@pytest.fixture
def course(served) -> Any:
    made, _ = served
    unmark(made.folder)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as browser:
        yield browser


class Desk:
    """One grader's page of Ada's submission."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        self.page = page
        page.goto(address.format("formgrader/gradebook"))  # the page that logs in
        page.goto(address.format("formgrader/gradebook/tiny/tiny"))
        page.get_by_label("You are").fill(name)
        page.get_by_label("You are").blur()
        page.locator("#main-table a:visible").first.wait_for()
        page.get_by_role("button", name="Show All Names").click()
        page.locator("#main-table").get_by_role("link", name="ada").click()
        page.wait_for_url("**/submissions/**")
        self.answer = page.locator(".nbgrader_cell", has=page.locator(f"#{CELL}"))
        self.answer.locator(".give").first.wait_for()
        page.wait_for_load_state("networkidle")

    def type(self, field: str, text: str) -> int:
        """Types into a field and leaves it; returns the status of the answer."""
        kind = "comment" if "comment" in field else "grade"
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and f"/api/{kind}/" in answer.url) as answer:
            self.answer.locator(field).fill(text)
            self.answer.locator(field).blur()
        return answer.value.status

    def value(self, field: str) -> str:
        return self.answer.locator(field).input_value()


SCORE, COMMENT = "input.score", "textarea.comment"


def kept(course: Any) -> tuple[float | None, str | None]:
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        grade, comment = gradebook.find_grade(CELL, "tiny", "tiny", "ada"), gradebook.find_comment(CELL, "tiny", "tiny", "ada")
        return grade.manual_score, comment.manual_comment


def test_the_second_of_two_graders_sees_both_versions_and_loses_nothing(course, served, browser):
    from playwright.sync_api import expect

    with open_page(browser) as first, open_page(browser, REFUSED) as second:
        anna, zoe = Desk(first, served[1], "Anna"), Desk(second, served[1], "Zoe")
        assert anna.type(SCORE, "2") == 200 and anna.type(COMMENT, "Both named.") == 200
        zoe.answer.locator(COMMENT).fill("Only one named.")  # and not left yet
        with second.expect_response(lambda answer: answer.status == 409):
            zoe.answer.locator(SCORE).fill("1")
            zoe.answer.locator(SCORE).blur()
        panel = zoe.answer.locator(".refused")
        expect(panel).to_contain_text("Not saved: this answer was changed since you opened it.")
        expect(panel).to_contain_text("Anna")
        assert kept(course) == (2.0, "Both named.")
        assert (zoe.value(SCORE), zoe.value(COMMENT)) == ("1", "Only one named.")
        second.keyboard.press("Control+.")
        expect(panel).to_be_visible()
        panel.locator("[data-field=manual_comment]").get_by_role("button", name="Save both").click()
        panel.locator("[data-field=manual_score]").get_by_role("button", name="Keep what is saved").click()
        expect(panel.locator(".undecided")).to_have_count(0)
        second.wait_for_load_state("networkidle")
        assert kept(course) == (2.0, "Both named.\n\nOnly one named.")
        assert zoe.value(SCORE) == "2" and zoe.type(SCORE, "1.5") == 200


def test_what_could_not_be_saved_stays_and_is_saved_again(course, served, browser):
    from playwright.sync_api import expect

    with open_page(browser, "ERR_FAILED") as page:
        anna = Desk(page, served[1], "Anna")
        page.route("**/api/comment/**", lambda route: route.abort())
        anna.answer.locator(COMMENT).fill("A long comment.")
        anna.answer.locator(COMMENT).blur()
        expect(anna.answer.locator(".refused")).to_contain_text("the server can't be reached. What you typed is still here.")
        page.unroute("**/api/comment/**")
        with page.expect_response("**/api/comment/**"):
            anna.answer.get_by_role("button", name="Save again").click()
        expect(anna.answer.locator(".refused")).to_have_count(0)
        assert kept(course)[1] == "A long comment."


def test_a_key_leads_on_when_all_is_saved(course, served, browser):
    with open_page(browser) as page:
        anna = Desk(page, served[1], "Anna")
        anna.answer.locator(COMMENT).fill("Typed, and on with a key.")
        with page.expect_navigation():
            page.keyboard.press("Control+.")
        assert kept(course)[1] == "Typed, and on with a key."


def test_items_are_given_taken_added_and_changed_by_keyboard(course, served, browser):
    from playwright.sync_api import expect

    with open_page(browser) as page:
        anna = Desk(page, served[1], "Anna")
        press, score, comment = page.keyboard.press, anna.answer.locator(SCORE), anna.answer.locator(COMMENT)
        score.click()
        press("Tab")
        press("Tab")
        press("1")
        expect(score).to_have_value("1")
        press("ArrowDown")
        press("ArrowDown")
        press("Space")
        expect(score).to_have_value("0.5")
        press("Tab")
        page.keyboard.type("\nWell.")  # and at once, before that is saved:
        press("Shift+Tab")
        press("3")
        expect(score).to_have_value("1")
        expect(comment).to_have_value("- counts the pairs (+1)\nWell.")
        press("n")
        page.keyboard.type("0,5")
        press("Tab")
        page.keyboard.type("with a drawing")
        press("Tab")
        press("Enter")
        expect(anna.answer.locator(".give")).to_have_count(4)
        anna.answer.locator(".give").first.focus()
        press("e")
        page.keyboard.type("0.5")
        press("Enter")
        expect(anna.answer.locator(".item-form")).to_contain_text("changes points and comment of 1 answer that has it")
        press("Enter")
        expect(score).to_have_value("0.5")
        assert kept(course) == (0.5, "- counts the pairs (+0.5)\nWell.")


def test_a_request_is_answered_beside_the_answer(course, served, browser):
    from playwright.sync_api import expect

    request(course.folder, "ada", "tiny", CELL, "I name the border.")
    with open_page(browser) as page:
        anna = Desk(page, served[1], "Anna")
        asked = anna.answer.locator(".asked")
        expect(asked).to_contain_text("I name the border.")
        anna.type(SCORE, "2")
        asked.get_by_label("Answer to the student").fill("So you do.")
        asked.get_by_role("button", name="Answer", exact=True).click()
        expect(asked).to_contain_text("Anna: So you do. (points: none \u2192 2)")


def test_on_a_small_screen_nothing_lies_outside_and_the_bar_covers_nothing(course, served, browser):
    with open_page(browser) as page:
        anna = Desk(page, served[1], "Anna")
        page.set_viewport_size({"width": 375, "height": 800})
        for place in (".items", SCORE, COMMENT):
            box = anna.answer.locator(place).bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 375
        assert page.locator(".navbar").evaluate("bar => getComputedStyle(bar).position") == "static"
