"""A page of the book opened as a file, without any server: quizzes and visualisers work, programs say where to run."""

from __future__ import annotations

import pytest

from autograder.chapters import chapter_of, chapters, source_of

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def opened(book, chromium):
    """Open a page of the built book from its file."""
    contexts = []

    def find(page: str, query: str = ""):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        tab = contexts[-1].new_page()
        tab.set_default_timeout(10_000)
        tab.goto((book.html / "book" / f"{page}.html").as_uri() + query)
        return tab

    yield find
    for context in contexts:
        context.close()


def test_every_visualiser_is_drawn(opened):
    pages = [page for chapter in chapters().values() for page in chapter.pages if "{visual}" in source_of(page).read_text("utf-8")]
    assert {chapter_of(page) for page in pages} >= {
        "convnets", "optimizers", "rnn_design", "receptive_fields", "parameter_efficiency", "training_pipeline",
    }  # fmt: skip
    for page in ["book/intro", *pages]:
        tab = opened(page.removeprefix("book/"))
        elements = tab.locator(".visual > :first-child")
        assert elements.count() >= 1, page
        for element in elements.all():
            element.locator(".card").wait_for()


def test_visualiser_moves_and_keeps_its_state_in_the_address(opened):
    tab = opened("convnets", "?stepper.place=2")
    card = tab.locator('[name="stepper"] .card')
    card.get_by_role("status").filter(has_text="place 3 of 4").wait_for(state="attached")
    card.get_by_role("button", name="Next").press("Enter")
    card.get_by_role("status").filter(has_text="place 4 of 4").wait_for(state="attached")
    assert "stepper.place=3" in tab.url


def test_self_check_answers_and_remembers(opened):
    for _ in range(4):
        tab = opened("convnets")
        check = tab.locator("#check-cn-one-number")
        check.get_by_label("Your number").fill("10/2")
        check.get_by_label("Your number").press("Enter")
        check.get_by_role("status").filter(has_text="✓ Right. I read 5.").wait_for()
        tab.evaluate("localStorage.setItem('of the test', 'kept')")
        tab.reload()
        if tab.evaluate("localStorage.getItem('of the test')"):
            break  # a busy Chromium loses all that a file's page has just stored, about once in fifty times
    check.locator(".self-check-head").filter(has_text="right").wait_for()


def test_programs_say_how_to_run_them(opened):
    tab = opened("convnets")
    assert "JupyterLab" in tab.locator("py-run").first.inner_text()
