"""What people do with a JupyterHub in a browser: log in, fetch, solve, hand in, release, grade."""

from __future__ import annotations

from typing import Any

LISTS = {"released": "Released assignments", "downloaded": "Downloaded assignments", "submitted": "Submitted assignments"}


def log_in(page: Any, address: str, name: str, password: str) -> None:
    """Logs in and waits for JupyterLab on a server of one's own."""
    page.goto(f"{address}/hub/login")
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill(password)
    page.locator("#login_submit").click()
    page.wait_for_url(f"**/user/{name}/lab**")
    page.get_by_role("menuitem", name="Nbgrader").wait_for()


def menu(page: Any) -> set[str]:
    """What stands in JupyterLab's menu *Nbgrader*."""
    page.get_by_role("menuitem", name="Nbgrader").click()
    entries = {text.strip() for text in page.locator(".lm-Menu-itemLabel").all_inner_texts()} - {""}
    page.keyboard.press("Escape")
    return entries


def choose(page: Any, entry: str) -> None:
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


class AssignmentList:
    """nbgrader's list of assignments in a student's JupyterLab."""

    def __init__(self, page: Any) -> None:
        self.page = page
        choose(page, "Assignment List")
        page.locator(".panel-heading", has_text=LISTS["submitted"]).wait_for()

    def panel(self, status: str) -> Any:
        return self.page.locator(".panel", has=self.page.locator(".panel-heading", has_text=LISTS[status]))

    def press(self, status: str, button: str) -> None:
        self.panel(status).get_by_role("button", name=button, exact=True).first.click()

    def wait_for(self, status: str, words: str) -> None:
        self.panel(status).get_by_text(words).first.wait_for()

    def text(self) -> str:
        return self.page.locator(".panel-default").first.locator("xpath=../..").inner_text()


class Formgrader:
    """A course's formgrader, opened from the list of courses in an instructor's JupyterLab."""

    def __init__(self, page: Any, course: str) -> None:
        choose(page, "Course List")
        with page.context.expect_page() as opened:
            page.get_by_role("link", name=course, exact=True).click()
        self.page = opened.value
        self.frame = self.page.frame_locator("iframe")

    def row(self, name: str) -> Any:
        return self.frame.locator("#main-table tr", has=self.frame.get_by_text(name, exact=True)).first

    def press(self, row: str, column: str) -> str:
        """Presses the button in a column of a row; returns what the dialog says."""
        self.row(row).locator(f"td.{column} a").click()
        dialog = self.frame.locator(".modal.in")
        dialog.get_by_role("button", name="OK").wait_for()
        said = dialog.inner_text()
        dialog.get_by_role("button", name="OK").click()
        dialog.wait_for(state="hidden")
        return said

    def open_submissions(self, assignment: str) -> None:
        self.row(assignment).locator("td.num-submissions a").click()
        self.frame.locator("td.autograde a").first.wait_for()

    def back(self) -> None:
        self.frame.get_by_role("link", name="Manage Assignments").first.click()
        self.frame.locator("td.release a").first.wait_for()
