"""In a real browser: whatever a student displays stays in its own box, in the feedback and on the formgrader's page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from page_examples import FORMGRADER, answer, checked, code, display, feedback, formgrader, markdown, notebook, stream

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed")

COVER = "position: fixed; position: absolute; top: 0; left: 0; width: 100vw; height: 100vh; z-index: 99999; background-color: red; display: block"
MARKUP = {
    "styles": f'<div style="{COVER}">Session expired: <b>log in</b></div>',
    "classes": "".join(f'<div class="{name} in show" style="background-color: red">log in</div>' for name in (
        "modal", "modal-backdrop", "navbar-fixed-top", "navbar navbar-default navbar-fixed-bottom", "affix", "help", "popover", "tooltip", "carousel-caption",
        "jp-Dialog", "embed-responsive-item", "img-responsive", "mark-scheme", "grader-report", "col-md-push-9", "pull-right")),
    "ids": '<div id="statusmessage" style="background-color: red">log in</div><div id="notebook-container">x</div><a name="top">x</a>',
    "margins": '<div style="margin: -2000px -2000px; padding: 5000px; background-color: red; border: 3000px solid red">log in</div>',
    "sizes": '<table width="1999" height="1999" style="background-color: red"><tr><td style="width: 2000px; height: 2000px">x</td></tr></table>',
    "links": f'<a href="https://uni.example" style="{COVER}">.</a><a href="#why" style="{COVER}">.</a>',
    "lists": "<ul>" + "<li style='margin-left: -64px; float: left'>x</li>" * 20 + "</ul>",
    "accents": "<p>" + "a" + "\u0301" * 500 + "</p><p>\u202eabc" + "\u0e49" * 300 + "</p>",
    "closing": "</div></div></div></section></details></td></tr></table>" * 20 + "<p>outside?</p>",
    "drawings": '<img src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5OTk5IiBoZWlnaHQ9Ijk5OTkiPjxyZWN0IHdpZHRoPSI5OTk5IiBoZWlnaHQ9Ijk5OTkiIGZpbGw9InJlZCIvPjwvc3ZnPg==">',
}  # fmt: skip
FORMULAS = r"$\rlap{\hspace{-99em}\Huge x}$ $\hspace{999em}x$ $\rule{999em}{999em}$ $\raise 999em x$ $$\kern-999em x$$"
OUTSIDE = """() => {
  const wrong = [];
  for (const box of document.querySelectorAll(".from-student")) {
    const place = box.getBoundingClientRect(), room = box.parentElement.getBoundingClientRect();
    if (place.left < room.left - 1 || place.right > room.right + 1) wrong.push("wider than its place");
    if (box.matches(".output-shown") && place.height > 800) wrong.push("endlessly high");
  }
  for (let top = 0; top < Math.min(20000, document.documentElement.scrollHeight) && wrong.length < 9; top += innerHeight) {
    scrollTo(0, top);
    for (let y = 3; y < innerHeight; y += 11) for (let x = 3; x < innerWidth; x += 29) {
      const found = document.elementFromPoint(x, y), box = found && found.closest(".from-student");
      const place = box && box.getBoundingClientRect();
      if (place && (x < place.left - 1 || x > place.right + 1 || y < place.top - 1 || y > place.bottom + 1)) wrong.push(`${x}, ${y}: ${found.outerHTML.slice(0, 80)}`);
    }
  }
  for (const ours of document.querySelectorAll(".panel-heading, .grader-report, textarea, button, .navbar a")) {
    if (ours.closest(".from-student")) continue;
    ours.scrollIntoView({block: "center"});
    const place = ours.getBoundingClientRect(), found = place.width && document.elementFromPoint(place.left + place.width / 2, place.top + place.height / 2);
    if (found && found.closest(".from-student")) wrong.push(`covers ${ours.outerHTML.slice(0, 80)}`);
  }
  return [...new Set(wrong)];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Any, text: str) -> tuple[Any, list[str]]:
    """The page as nbgrader serves it, and what it asked of other hosts."""
    page, asked = browser.new_page(viewport={"width": 1200, "height": 800}), list[str]()

    def serve(route: Any) -> None:
        host, _, path = route.request.url.removeprefix("http://").partition("/")
        static = FORMGRADER / "static" / path.removeprefix("formgrader/static/").partition("?")[0]
        if host != "course.example":
            asked.append(route.request.url)
            route.abort()
        elif path == "page":
            route.fulfill(body=text, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(path=static) if static.is_file() else route.fulfill(body="[]", content_type="application/json")

    page.route("**/*", serve)
    page.goto("http://course.example/page")
    return page, asked


def everywhere(*markups: str) -> Any:
    """A notebook with each of ``markups`` wherever a student can put any."""
    cells = [cell for markup in markups for cell in (code(display(html=markup), display(markdown=markup)), markdown(markup))]
    whole = "\n\n".join(markups)
    return notebook(*cells, answer(f"{whole}\n\n{FORMULAS}"), checked(display(html=whole), stream(whole)))


PAGES = pytest.mark.parametrize("page_of", [feedback, formgrader])


@PAGES
def test_nothing_of_a_student_is_painted_outside_its_box(browser, page_of):
    page, asked = opened(browser, page_of(everywhere(*MARKUP.values())))
    assert page.locator(".from-student").count() >= 3 * len(MARKUP)
    assert page.evaluate(OUTSIDE) == [] and asked == []
    page.close()


@PAGES
def test_the_box_holds_even_what_cleaning_should_have_taken_out(browser, page_of):
    """The second wall: the markup is put into the boxes as it is. Without the boxes' style it does cover the page."""
    page, _ = opened(browser, page_of(everywhere("x")))
    page.evaluate(
        "markup => document.querySelectorAll('.from-student').forEach(box => { box.innerHTML = markup })", "".join(MARKUP.values())
    )
    assert page.evaluate(OUTSIDE) == []
    page.add_style_tag(content=".from-student { contain: none !important; position: static !important; overflow: visible !important }")
    assert page.evaluate(OUTSIDE) != []
    page.close()
