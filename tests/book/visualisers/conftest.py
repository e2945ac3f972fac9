"""What the tests of single visualisers share: one card on its page, driven by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


class Card:
    """One visualiser on its page: found by its name, driven by keys, read as its reader reads it."""

    def __init__(self, tab: Any, name: str) -> None:
        self.tab, self.name = tab, name
        tab.set_default_timeout(10_000)
        self.card = tab.locator(f'[name="{name}"] .card')
        self.card.wait_for()

    def tab_to(self, label: str) -> None:
        """Press the Tab key from the Reset button until the element of that name has the focus."""
        self.card.get_by_role("button", name="Reset").focus()
        roles = ("button", "combobox", "textbox", "spinbutton", "checkbox", "application")
        wanted = self.card.locator("nothing")
        for role in roles:
            wanted = wanted.or_(self.card.get_by_role(role, name=label, exact=True))
        for _ in range(60):
            if wanted.evaluate("element => element.getRootNode().activeElement === element"):
                return
            self.tab.keyboard.press("Tab")
        raise AssertionError(f"the Tab key doesn't lead to {label!r}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)

    def write(self, label: str, value: str) -> None:
        """Go to a field and replace what it holds."""
        self.tab_to(label)
        self.press("Control+a")
        self.tab.keyboard.type(value)

    def heard(self, text: str) -> None:
        """The screen reader hears a sentence with this in it."""
        self.card.get_by_role("status").filter(has_text=text).wait_for(state="attached", timeout=5000)

    def state(self) -> dict[str, str]:
        """What the address says about this visualiser."""
        query = parse_qs(urlsplit(self.tab.url).query)
        return {key.removeprefix(f"{self.name}."): value for key, (value,) in query.items() if key.startswith(f"{self.name}.")}

    def problem(self) -> str:
        return self.card.locator("[role=alert]").text_content()

    def reopened(self) -> Card:
        """The same one after its page was opened from the address."""
        self.tab.goto(self.tab.url)
        return Card(self.tab, self.name)

    def numbers(self, grid: str) -> list[list[str]]:
        """The cells of a grid that hold a number, row by row, without their notes."""
        rows = self.card.get_by_role("grid", name=grid, exact=True).get_by_role("row").all()
        return [[cell.inner_text() for cell in row.locator("td .number").all()] for row in rows]


@pytest.fixture
def card(tab: Any) -> Callable[..., Card]:
    """Opens a page with an address's query and finds a visualiser on it."""

    def find(page: str, name: str, query: str = "") -> Card:
        tab.goto(page + query)
        return Card(tab, name)

    return find


@pytest.fixture
def held(chromium: Any, book_address: str) -> Iterator[Callable[..., Card]]:
    """The same on a telephone, whose tab is touched: 375 pixels wide."""
    with chromium.new_context(base_url=book_address, viewport={"width": 375, "height": 812}, has_touch=True, is_mobile=True) as context:
        tab = context.new_page()

        def find(page: str, name: str) -> Card:
            tab.goto(page)
            return Card(tab, name)

        yield find
