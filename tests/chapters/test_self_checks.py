"""Self-checks of the chapters: their texts, their keys against the course's own code, and a reader who answers them."""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from book_pages import page_with
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from autograder.chapters import chapters

# The first test that needs the book may have to build it.
pytestmark = pytest.mark.timeout(900)

text = importlib.import_module("check_text")  # conftest.py has made their folder known
keys = importlib.import_module("check_keys")

CHAPTERS = sorted(chapters())
# Sections that sum up or send elsewhere: they teach nothing that could be asked.
NOT_TEACHING = {"The chapter on one page", "The assignment", "Where to go on"}


def checks_of(chapter: str) -> list:
    """The self-checks of a chapter in their order."""
    return [check for file in chapters()[chapter].files() for check in text.checks_in(text.markdown_of(file), chapter)]


def of_choice(chapter: str) -> list:
    """Those where one choice is right."""
    return [check for check in checks_of(chapter) if check.choices and not check.several]


def position(check) -> int:
    """The place of the right choice."""
    return [choice.right for choice in check.choices].index(True)


# What an author is told

NUMBER = {
    "id": "cn-size",
    "question": "How many?",
    "answer": "convnets.conv_output_size(7, 3)",
    "explanation": "So.",
    "mistakes": [{"value": "7 - 3", "feedback": "No."}],
}
CHOICE = {
    "id": "cn-size",
    "question": "Which?",
    "choices": [{"text": "A", "feedback": "Yes.", "right": True, "when": "1 == 1"}, {"text": "B", "feedback": "No.", "when": "1 == 2"}],
}
B = CHOICE["choices"][1]


def without(fields: dict, name: str) -> dict:
    return {key: value for key, value in fields.items() if key != name}


WRONG = {
    "no YAML": ("id: cn-size\nquestion: [", r"self-check cn-size: expected YAML, got .* line 2"),
    "no fields": ("- 1", r"self-check: expected fields such as id, question.*, got \[1\]"),
    "no id": (without(NUMBER, "id"), r"id: expected a text .*, got nothing"),
    "an id without prefix": (NUMBER | {"id": "Size"}, r"self-check Size: id: expected the chapter's prefix and words .* such as cn-stride"),
    "an unknown field": (NUMBER | {"reply": "1"}, r"cn-size: expected only id, question.*, got reply"),
    "no question": (without(NUMBER, "question"), r"cn-size: question: expected a text"),
    "a number as question": (NUMBER | {"question": 3}, r"question: expected a text .*, got 3"),
    "neither choices nor answer": (without(NUMBER, "answer"), r"expected either choices or an answer"),
    "both": (NUMBER | CHOICE, r"expected either choices or an answer"),
    "a typed answer": (NUMBER | {"answer": 5}, r"answer: expected an expression of the course's code, not its result, got 5"),
    "no Python": (NUMBER | {"answer": "3 +"}, r"answer: expected Python \(.*\), got '3 \+'"),
    "YAML's own reading of an expression": (NUMBER | {"answer": [1, 2]}, r"answer: expected a Python expression \(in quotes .*\), got \[1, 2\]"),
    "no mistakes": (without(NUMBER, "mistakes"), r"mistakes: expected at least one value with its feedback"),
    "no explanation": (without(NUMBER, "explanation"), r"explanation: expected a sentence"),
    "a mistake without feedback": (NUMBER | {"mistakes": [{"value": 2}]}, r"mistakes\[0\]: feedback: expected a text"),
    "a negative tolerance": (NUMBER | {"tolerance": -1}, r"tolerance: expected a number of at least 0"),
    "one choice": (CHOICE | {"choices": CHOICE["choices"][:1]}, r"choices: expected two or more, exactly one with right: true; got 1, 1 right"),
    "no right choice": (CHOICE | {"choices": [B, B]}, r"exactly one with right: true; got 2, 0 right"),
    "a choice without feedback": (CHOICE | {"choices": [CHOICE["choices"][0], without(B, "feedback")]}, r"choices\[1\]: feedback: expected a text"),
    "a choice without a key": (CHOICE | {"choices": [CHOICE["choices"][0], without(B, "when")]}, r"choices\[1\]: expected when: an expression"),
    "a choice without a word": (CHOICE | {"choices": [CHOICE["choices"][0], B | {"text": "$x^2$"}]}, r"choices\[1\]: text: expected a word or more"),
    "a definition without source": (CHOICE | {"definition": True}, r"source: expected where the definition stands"),
    "a word for a truth": (CHOICE | {"several": "often"}, r"several: expected true or false, got 'often'"),
    "choices that are no list": (CHOICE | {"choices": "A or B"}, r"choices: expected a list, got 'A or B'"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_check_is_said_with_file_and_what_was_expected(name):
    fields, message = WRONG[name]
    content = fields if isinstance(fields, str) else json.dumps(fields, indent=1)
    with pytest.raises(text.CheckError, match=message) as error:
        text.read_check(content, "book/convnets")
    assert str(error.value).startswith("book/convnets: self-check")


KEYS = {
    "a right choice that isn't": (CHOICE | {"choices": [CHOICE["choices"][0] | {"when": "1 == 2"}, B]}, r"choices\[0\]: right is True, but 1 == 2 is False"),
    "a wrong choice that is right": (CHOICE | {"choices": [CHOICE["choices"][0], B | {"when": "2 == 2"}]}, r"choices\[1\]: right is False, but 2 == 2 is True"),
    "a claim that doesn't hold": (NUMBER | {"holds": ["2 + 2 == 5"]}, r"holds\[0\]: 2 \+ 2 == 5 is not true"),
    "a mistake that is none": (NUMBER | {"mistakes": [{"value": "5", "feedback": "No."}]}, r"mistakes\[0\]\.value: .* differs from answer .* got 5\.0"),
    "two mistakes of one value": (NUMBER | {"mistakes": NUMBER["mistakes"] * 2}, r"mistakes\[1\]\.value: .* differs from mistakes\[0\]\.value"),
    "a fraction without tolerance": (NUMBER | {"answer": "1 / np.float64(3)"}, r"tolerance: expected one, since the answer 0\.333\d+ isn't whole"),
    "an infinite answer": (NUMBER | {"answer": "-math.inf"}, r"answer: expected a finite number, got -inf"),
    "an error": (NUMBER | {"answer": "convnets.conv_output_size(2, 3)"}, r"answer: ValueError: kernel: expected a window of at most 2"),
    "an unknown name": (NUMBER | {"given": "x = nonsense"}, r"given: NameError"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_the_course_contradicts_is_found(name):
    fields, message = KEYS[name]
    check = text.read_check(json.dumps(fields), "convnets")
    found = keys.problems(check, keys.compute(check))
    assert len(found) == 1
    assert re.search(message, found[0])


def test_a_good_key_is_computed():
    number, choice = (text.read_check(json.dumps(fields), "convnets") for fields in (NUMBER | {"tolerance": 0.1}, CHOICE))
    assert keys.compute(number) == {"answer": 5.0, "mistakes[0].value": 4.0}  # 7 − 3 + 1 places
    assert keys.compute(choice) == {"choices[0].when": True, "choices[1].when": False}
    assert keys.problems(number, keys.compute(number)) == keys.problems(choice, keys.compute(choice)) == []


def test_computing_apart_gives_the_same():
    checks = [text.read_check(json.dumps(fields), "convnets") for fields in (NUMBER, CHOICE)]
    assert keys.compute_apart(checks) == [keys.compute(check) for check in checks]


def test_only_the_modules_that_are_named_are_used():
    check = text.read_check(json.dumps(NUMBER | {"given": "x = np.zeros(3)"}), "convnets")
    assert keys.used_modules(check) == ["convnets", "np"]


@pytest.mark.parametrize(
    ("value", "tolerance", "shown"),
    [(5, 0, "5"), (-3, 0, "−3"), (1234, 0, "1234"), (60050, 0, "60,050"), (1 / 3, 0.01, "0.333"), (0.0009765625, 0.0001, "0.00098"), (14.5, 0, "14.5")],
)  # fmt: skip
def test_numbers_are_written_as_exactly_as_asked(value, tolerance, shown):
    assert keys.shown_number(value, tolerance) == shown


# The checks of the chapters


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_key_is_right(chapter):
    checks = checks_of(chapter)
    found = {check.id: keys.problems(check, values) for check, values in zip(checks, keys.compute_apart(checks), strict=True)}
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_section_that_teaches_has_a_check(chapter):
    its = chapters()[chapter]
    if its.is_divided:  # there each page but the opening one is a section that teaches
        teaching = {page: text.markdown_of(file) for page, file in zip(its.pages[1:], its.files()[1:], strict=True)}
    else:
        parts = re.split(r"^## (.+)$", text.markdown_of(its.files()[0]), flags=re.MULTILINE)
        sections = dict(zip(parts[1::2], parts[2::2], strict=True))
        teaching = {title: part for title, part in sections.items() if title not in NOT_TEACHING}
    assert [
        title for title, part in teaching.items() if title_of(part) not in NOT_TEACHING and not list(text.checks_in(part, chapter))
    ] == []


def title_of(part: str) -> str:
    """The heading that a page's text begins with; empty for a part of a page."""
    return re.match(r"(?:# +(.*))?", part)[1] or ""


@pytest.mark.parametrize("chapter", [name for name, its in chapters().items() if its.is_divided])
def test_a_section_of_a_divided_chapter_has_two_checks_at_most(chapter):
    crowded = {}
    for file in chapters()[chapter].files():
        parts = re.split(r"^##? (.+)$", text.markdown_of(file), flags=re.MULTILINE)
        checks = {title: len(list(text.checks_in(part, chapter))) for title, part in zip(parts[1::2], parts[2::2], strict=True)}
        crowded |= {f"{file.stem}: {title}": count for title, count in checks.items() if count > 2}
    assert crowded == {}


def test_ids_are_unique_in_the_book():
    used = Counter(name for chapter in CHAPTERS for check in checks_of(chapter) for name in (check.id, *check.formerly))
    assert [name for name, times in used.items() if times > 1] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_ids_of_a_chapter_share_its_prefix(chapter):
    assert len({check.id.split("-")[0] for check in checks_of(chapter)}) <= 1


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_third_of_the_checks_ask_for_a_number(chapter):
    checks = checks_of(chapter)
    assert 3 * sum(bool(check.answer) for check in checks) >= len(checks)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_definitions_decide_a_minority(chapter):
    checks = checks_of(chapter)
    assert 4 * sum(check.definition for check in checks) <= len(checks)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_right_choices_are_spread(chapter):
    places = Counter(position(check) for check in of_choice(chapter))
    if places.total() >= 4:
        assert max(places.values()) <= 0.6 * places.total()
        assert len(places) >= 3


def test_the_longest_choice_is_no_hint():
    checks = [check for chapter in CHAPTERS for check in of_choice(chapter)]
    longest = [max(check.choices, key=lambda choice: len(choice.text)).right for check in checks]
    assert sum(longest) <= len(checks) / 2


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_choice_and_every_mistake_has_feedback_of_its_own(chapter):
    for check in checks_of(chapter):
        said = [part.feedback for part in (*check.choices, *check.mistakes)]
        assert len(set(said)) == len(said) and min(map(len, said)) >= 12, check.id


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_check_is_a_cell_of_its_own(chapter):
    cells = [cell for file in chapters()[chapter].notebooks() for cell in json.loads(file.read_text("utf-8"))["cells"]]
    with_check = [cell for cell in cells if "{self-check}" in "".join(cell["source"])]
    assert [cell["id"] for cell in with_check if not text.FENCE.fullmatch("".join(cell["source"]))] == []
    assert [cell["id"] for cell in with_check if not cell["id"].startswith("check-")] == []


# The directive, in a small book of its own


def small_book(folder: Path, *pages: dict | list) -> tuple[str, str]:
    """Build a page for each check; return the first page's HTML and the warnings."""
    folder.mkdir(exist_ok=True)
    for number, fields in enumerate(pages):
        body = "```{self-check}\n" + json.dumps(fields, indent=1) + "\n```\n"
        name = "index" if number == 0 else f"page{number}"
        others = "" if number else "\n```{toctree}\n" + "\n".join(f"page{n}" for n in range(1, len(pages))) + "\n```\n"
        (folder / f"{name}.md").write_text(f"# A page\n{others}\n## A section\n\n{body}")
    warnings = StringIO()
    config = {"extensions": ["myst_parser", "self_check"], "html_theme": "basic"}
    with docutils_namespace():
        Sphinx(folder, None, folder / "out", folder / "trees", "html", config, status=StringIO(), warning=warnings).build()
    return (folder / "out" / "index.html").read_text("utf-8"), warnings.getvalue()


def test_page_holds_the_computed_key_and_is_readable_without_scripts(tmp_path):
    page, warnings = small_book(tmp_path / "book", NUMBER | {"unit": "pixels"})
    assert warnings == ""
    assert 'id="check-cn-size" data-check="cn-size" data-answer="5.0"' in page
    assert 'data-mistakes="[4.0]"' in page
    assert "<summary>Answer</summary>" in page
    assert ">5 pixels</strong>" in page and "Not 4:" in page and "How many?" in page


def test_page_holds_choices_in_their_order(tmp_path):
    page, warnings = small_book(tmp_path / "book", CHOICE | {"formerly": ["cn-old"]})
    assert warnings == ""
    assert 'data-formerly="[&quot;cn-old&quot;]" data-right="0"' in page
    assert page.index("<p>A</p>") < page.index("<p>B</p>") < page.index("Right. ") < page.index("Wrong. ")


def test_a_wrong_key_is_a_warning_that_fails_the_build(tmp_path):
    _, warnings = small_book(tmp_path / "book", NUMBER | {"holds": ["1 == 2"]})
    assert "ERROR: index: self-check cn-size: holds[0]: 1 == 2 is not true" in re.sub(r"\x1b\[[\d;]*m", "", warnings)


def test_an_id_that_another_page_uses_is_a_warning(tmp_path):
    _, warnings = small_book(tmp_path / "book", NUMBER, CHOICE)
    assert "page1: self-check cn-size: expected an id of its own, got one of index" in warnings


def test_a_choice_of_two_paragraphs_is_a_warning(tmp_path):
    _, warnings = small_book(tmp_path / "book", CHOICE | {"choices": [CHOICE["choices"][0], B | {"text": "a\n\nb"}]})
    assert "cn-size: choices[1]: text: expected one paragraph" in warnings


def test_keys_are_kept_until_a_check_changes(tmp_path, monkeypatch):
    asked = []
    self_check = importlib.import_module("self_check")
    monkeypatch.setattr(self_check, "compute_apart", lambda checks: asked.append(len(checks)) or [keys.compute(check) for check in checks])
    store = tmp_path / "keys.json"
    number, choice = (text.read_check(json.dumps(fields), "convnets") for fields in (NUMBER, CHOICE))
    first = self_check.Keys(store).of([number, choice])
    assert self_check.Keys(store).of([number, choice]) == first
    assert asked == [2]
    changed = self_check.Keys(store).of([replace(number, answer="convnets.conv_output_size(9, 3)"), choice])
    assert asked == [2, 1]
    assert changed[0]["answer"] == 7  # 9 − 3 + 1


# A reader with a keyboard alone

NUMERIC, CHOOSING, SEVERAL = "cn-one-number", "cn-pool-moved", "rf-adds-nothing"
KEPT = "localStorage.getItem('convolutional-networks.self-checks')"


def tab_to(tab, target) -> None:
    """Go with the Tab key until an element has the focus."""
    for _ in range(12):
        if target.evaluate("element => element === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{target} can't be reached by Tab")


def start_at(tab, chapter: str, name: str):
    """Open a page of a chapter with the focus before one self-check."""
    tab.goto(f"{page_with(chapter, f'id: {name}')}#check-{name}")
    return tab.locator(f"#check-{name}")


def test_browser_number_answered_wrong_then_right_by_keyboard(tab):
    check = start_at(tab, "convnets", NUMERIC)
    said = check.get_by_role("status")
    tab_to(tab, check.get_by_label("Your number"))
    tab.keyboard.type("six")
    tab.keyboard.press("Enter")
    assert "can't be read as a number" in said.inner_text()
    tab.keyboard.press("Control+A")
    tab.keyboard.type("6,0")
    tab.keyboard.press("Enter")
    assert "Not quite. I read 6." in said.inner_text() and "one place down" in said.inner_text()
    tab_to(tab, check.get_by_role("button", name="Try again"))
    tab.keyboard.press("Enter")
    assert said.inner_text() == ""
    tab.keyboard.type("10/2")
    tab.keyboard.press("Enter")
    assert "✓ Right. I read 5." in said.inner_text()
    assert said.locator(".katex").count() > 0
    assert "not at first try" in check.locator(".self-check-head").inner_text()


def test_browser_choice_answered_by_keyboard_and_kept_over_a_reload(tab):
    check = start_at(tab, "convnets", CHOOSING)
    said = check.get_by_role("status")
    tab_to(tab, check.get_by_role("radio").nth(0))
    tab.keyboard.press("Space")
    assert not check.locator("details").is_visible()
    tab.keyboard.press("Enter")
    assert "✗ Not quite." in said.inner_text() and "forgives a move within a window only" in said.inner_text()
    assert "tried" in check.get_by_role("radio").nth(0).locator("xpath=..").inner_text()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    tab_to(tab, check.get_by_role("button", name="Check"))
    tab.keyboard.press("Space")
    assert "✓ Right." in said.inner_text()
    tab_to(tab, check.locator("summary"))
    tab.keyboard.press("Enter")
    assert check.get_by_text("There are no half pixels in a map").is_visible()
    tab.reload()
    assert "right, not at first try" in check.locator(".self-check-head").inner_text()
    total = len(checks_of("convnets"))
    assert f"1 of {total} self-checks done" in tab.locator("self-check-count").inner_text()


def test_browser_several_choices_need_all_that_are_right(tab):
    check = start_at(tab, "receptive_fields", SEVERAL)
    boxes, said = check.get_by_role("checkbox"), check.get_by_role("status")
    tab_to(tab, boxes.nth(0))
    tab_to(tab, check.get_by_role("button", name="Check"))
    tab.keyboard.press("Enter")
    assert "Choose an answer first" in said.inner_text()
    boxes.nth(1).check()
    tab.keyboard.press("Enter")
    assert "Right so far, but 2 more are right too." in said.inner_text()
    for number in (2, 3, 4):
        boxes.nth(number).press("Space")
    boxes.nth(4).press("Enter")
    assert "Not quite" in said.inner_text() and "Groups limit the channels" in said.inner_text()
    boxes.nth(3).press("Space")
    boxes.nth(3).press("Enter")
    assert all(letter in said.inner_text() for letter in ("✓ Right.", "B: ", "C: ", "E: "))


def test_browser_progress_is_shown_and_cleared_by_keyboard(tab):
    check = start_at(tab, "convnets", CHOOSING)
    check.get_by_role("radio").nth(2).press("Space")
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="Your progress").first.press("Enter")
    tab.wait_for_url("**/how_to_use.html#your-progress")
    progress = tab.locator("self-check-progress")
    row = progress.get_by_role("row", name=re.compile("^Convolutional networks"))
    total = len(checks_of("convnets"))
    assert row.get_by_role("cell").all_inner_texts() == ["1", "0", str(total - 1)]
    assert "Nothing leaves this browser" in progress.inner_text()
    progress.get_by_text(f"Open in Convolutional networks ({total - 1})").press("Enter")
    links = progress.locator("details[open]").get_by_role("link")
    assert links.filter(visible=True).count() == total - 1
    clear = progress.get_by_role("button", name="Clear my progress")
    clear.press("Enter")
    tab.keyboard.press("Escape")
    assert tab.evaluate(KEPT) is not None
    clear.press("Enter")
    tab_to(tab, tab.get_by_role("dialog").get_by_role("button", name="Clear", exact=True))
    tab.keyboard.press("Enter")
    assert "has been cleared" in progress.get_by_role("status").inner_text()
    assert tab.evaluate(KEPT) is None
    assert row.get_by_role("cell").all_inner_texts() == ["0", "0", str(total)]
    links.first.press("Enter")
    tab.wait_for_url(f"**/convnets.html#check-{checks_of('convnets')[0].id}")


def test_browser_that_keeps_nothing_still_answers(tab):
    # Only for what is ours: the theme's own scripts don't survive a browser that forbids storage altogether.
    tab.add_init_script("""for (const name of ["getItem", "setItem"]) {
        const kept = Storage.prototype[name];
        Storage.prototype[name] = function (key, ...rest) {
            if (key.startsWith("convolutional-networks")) throw new DOMException("no", "SecurityError");
            return kept.call(this, key, ...rest);
        };
    }""")
    check = start_at(tab, "convnets", CHOOSING)
    check.get_by_role("radio").nth(2).press("Space")
    tab.keyboard.press("Enter")
    assert "✓ Right." in check.get_by_role("status").inner_text()
    assert "1 of" in tab.locator("self-check-count").inner_text()
    tab.goto("/book/how_to_use.html")
    assert "forgotten when you leave the page" in tab.locator("self-check-progress").inner_text()


def test_browser_without_scripts_shows_question_choices_and_folded_answer(chromium, book_address):
    with chromium.new_context(base_url=book_address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/book/convnets.html")
        check = page.locator(f"#check-{CHOOSING}")
        assert check.locator("ol.self-check-choices > li").count() == 4
        answer = check.get_by_text("There are no half pixels in a map")
        assert not answer.is_visible()
        check.locator("summary").press("Enter")
        assert answer.is_visible()
