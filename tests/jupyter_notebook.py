"""A notebook open in JupyterLab in a browser: what tests of a student's own JupyterLab and of a hub do with it."""

from __future__ import annotations

import re
from typing import Any


class Notebook:
    """A notebook open in JupyterLab, used by mouse and keyboard.

    Args:
        page: the browser's.
        address: that of the notebook in JupyterLab, best with ``reset``: without what somebody left open.
    """

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        page.goto(address)
        self.cells = page.locator(".jp-NotebookPanel .jp-Notebook .jp-CodeCell")
        page.locator("#jp-main-statusbar").get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def cell(self, words: str) -> Any:
        """The one code cell with these words."""
        return self.cells.filter(has_text=words)

    def write(self, cell: Any, source: str) -> None:
        cell.locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, cell: Any) -> str:
        """Runs a cell and returns what it shows below."""
        from playwright.sync_api import expect

        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
        return cell.locator(".jp-OutputArea").inner_text()

    def write_and_run(self, words: str, source: str) -> str:
        """Replaces the source of the one cell with these words and runs it; returns what it shows."""
        self.write(self.cell(words), source)
        return self.run(self.cell(source.splitlines()[0]))

    def run_all(self) -> None:
        """Restarts the kernel and runs all cells, until the last has come to its end."""
        from playwright.sync_api import expect

        self.page.get_by_role("menuitem", name="Kernel").click()
        self.page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(self.cells.last.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))

    def save(self) -> None:
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url):
            self.page.keyboard.press("Control+S")

    def validate(self) -> str:
        """What nbgrader's dialog says after its button in the toolbar."""
        self.page.get_by_role("button", name="Validate").click()
        dialog = self.page.locator(".jp-Dialog", has_text="Validation Results")
        text = dialog.inner_text()
        dialog.get_by_role("button", name="Ok").click()
        return text
