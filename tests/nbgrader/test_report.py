"""The class report: right figures, harmless page, and near-identical code found under its disguises only."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import nbformat
import pytest

from autograder.authoring.course import ROOT
from autograder.classroom.graded import Check, Graded, Task
from autograder.classroom.report import TROUBLE, ClassReport, frequent, trouble, unusual
from autograder.classroom.report_page import MAX_CODE, beginning
from autograder.classroom.report_page import page as page_of
from autograder.classroom.similarity import GRAM, SIMILAR, Pair, gram_set, groups, shared_lines, similar_pairs, tokens
from autograder.jobs.fate import Cause


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "autograder", "report", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def page(small_class) -> str:
    result = run(small_class.folder, "tiny")
    assert result.returncode == 0, result.stderr
    path = small_class.folder / "reports" / "tiny.html"
    assert result.stdout.strip() == str(path)
    return path.read_text("utf-8")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("<wbr>", "")))


def section(page: str, name: str) -> str:
    return re.search(rf'<section aria-labelledby="{name}">.*?</section>', page, re.DOTALL)[0]


# ---- figures


def test_summary_tells_number_median_waiting_late_and_missing(page):
    text = text_of(page)
    assert "graded 6" in text and "median 2 of 9" in text
    assert "1 notebook came late." in text
    assert "Nothing graded of 1 student: zoe." in text
    assert "1 notebook still waits for points given by hand" in text


def test_histogram_counts_every_notebook_and_says_so_in_words(page):
    words = re.search(r'<title id="histogram-words">(.*?)</title>', page)[1]
    assert words == ("Number of notebooks by points. 0 to 0.9 points: 3; 3.6 to 4.5 points: 1; 6.3 to 7.2 points: 2.")


def test_tasks_have_their_means_and_written_ones_wait(page):
    rows = [text_of(row).split() for row in re.findall(r"<tr>.*?</tr>", section(page, "tasks"))][1:]
    assert rows[0] == ["area", "4", "2.00,", "50", "%", "–", "50", "%", "50", "%"], "of six nobody reckons a correlation"
    assert rows[1][:5] == ["smooth", "3", "1.50,", "50", "%"]
    assert rows[2][:4] == ["why_kernel", "by", "hand", "2"]


def test_checks_have_pass_rates_and_their_most_frequent_messages(page):
    text = text_of(section(page, "checks"))
    assert "50 % Pictures of any size 3 of 6" in text
    assert "This is the sum of the sides." in text
    assert "1× " in text and "area is not defined" in text.replace("`", "")


def test_messages_that_differ_in_numbers_only_count_as_one():
    messages = ["expected 4, got 5", "expected 12.5, got -3e-05", "shape (2, 3)", "expected 1, got 2"]
    assert frequent(messages) == [(3, "expected 4, got 5"), (1, "shape (2, 3)")]
    assert len(frequent(["x" * 5000])[0][1]) < 400
    assert len(frequent(list("abcdef"))) == 3


def test_notebooks_that_need_a_look_are_named_with_the_reason(page):
    rows = {text_of(row).split()[0]: text_of(row) for row in re.findall(r"<tr>.*?</tr>", section(page, "look"))}
    assert "its process ended itself or crashed" in rows["cleo"] and "its code mentions _exit" in rows["cleo"]
    assert "ran out of time" in rows["dan"]
    assert "the file is no readable notebook" in rows["fay-müller@uni.example"]
    assert "ada" not in rows


def test_edited_locked_cells_need_a_look(small_class, tmp_path):
    course = small_class.copy(tmp_path / "course")
    path = course.folder / "submitted" / "ada" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, 4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_area")
    cell.source = "4.0"
    nbformat.write(notebook, path)
    assert run(course.folder, "tiny", "--to", "out/r.html").returncode == 0
    assert "locked cells were edited and are put back: check_area" in (course.folder / "out" / "r.html").read_text("utf-8")


def test_who_handed_in_and_is_not_graded_needs_a_look(small_class, tmp_path):
    course = small_class.copy(tmp_path / "course")
    course.submit("gil", course.released())
    assert run(course.folder, "tiny", "--to", "r.html").returncode == 0
    look = section((course.folder / "r.html").read_text("utf-8"), "look")
    (row,) = [text_of(row) for row in re.findall(r"<tr>.*?</tr>", look) if "gil" in row]
    assert "handed in, but not graded: give the same nbgrader autograde again" in row.replace("`", "")


def test_time_memory_and_level_are_told(page, level):
    text = text_of(section(page, "machine"))
    assert f"Level of the sandbox: {level}." in text
    assert re.search(r"seconds \d+\.\d \d+\.\d \d+\.\d", text) and re.search(r"memory, MiB [\d,]+ [\d,]+ [\d,]+", text)
    assert "dan (" in text, "whose endless loop took longest"


def test_every_cause_of_a_failure_has_words_for_the_instructor_and_is_counted_by_its_name():
    """What the student's code printed or was told counts for nothing."""
    assert set(TROUBLE) == set(get_args(Cause)) - {"", "missing"}  # what a student left out is no trouble
    check = Check("Size", False, 1.0, "`area` ran longer than the time allowed for this check.")
    told = Graded("ada", 0.0, 1.0, tasks=[Task("check_area", 1.0, 0.0, False, (check,))])
    assert trouble(told) == []
    told.causes = {"time", "memory"}
    assert sorted(trouble(told)) == ["ran out of memory", "ran out of time"]


def test_names_that_no_task_asks_for_are_noticed():
    assert unusual(["import gc, os\nos._exit(0)\n# subprocess"], ["import gc"]) == ["its code mentions _exit"]
    assert unusual(["import numpy as np\nsignal = np.zeros(3)"], []) == []
    assert unusual(["print('exec')", "exec('import ' + name)", "no Python: settrace"], []) == ["its code mentions exec, settrace"]
    assert unusual(["importlib.util.find_spec('numpy'); model.eval()"], []) == []


# ---- the page


class Page(HTMLParser):
    """Collects what could act, load or be missed by a reader who doesn't see the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.harm: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids += [values["id"]] if "id" in values else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        loads = [
            value for name, value in attributes if name in ("src", "href", "srcset", "data", "action") and not (value or "").startswith("#")
        ]
        if (
            tag in ("script", "iframe", "object", "embed", "form", "base", "link", "img")
            or loads
            or any(name.startswith("on") for name in values)
        ):
            self.harm.append(tag)


def test_page_acts_and_loads_nothing_and_escapes_what_students_wrote(page):
    assert Page(page).harm == []
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page and "http" not in re.sub(r'http-equiv="Content-Security-Policy"', "", page)


def test_page_can_be_read_without_seeing_it(page):
    found = Page(page)
    assert found.headings[0] == 1 and all(after <= before + 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert len(found.ids) == len(set(found.ids))
    assert set(re.findall(r'aria-labelledby="([\w-]+)"', page)) <= set(found.ids)
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(found.ids)
    assert '<html lang="en">' in page and page.count("<th>") == 0


def test_page_looks_right_on_narrow_screens_and_paper(page, tmp_path):
    """In a real browser: nothing sticks out at 375 px, and every section is printed."""
    from playwright.sync_api import sync_playwright

    (tmp_path / "page.html").write_text(page, "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 375, "height": 800})
        problems = []
        shown.on("console", lambda message: problems.append(message.text))
        shown.goto((tmp_path / "page.html").as_uri())
        assert shown.evaluate("document.documentElement.scrollWidth") <= 375
        shown.emulate_media(media="print")
        assert shown.locator("section:visible").count() == 6
        assert problems == []
        browser.close()


# ---- runs that can't be


def test_there_is_a_clear_line_where_there_is_nothing_to_report(small_class, generated, tmp_path):
    for folder, name, message in (
        (tmp_path, "tiny", "error: no gradebook in"),
        (small_class.folder, "nosuch", "error: no assignment 'nosuch' in the gradebook; there: tiny"),
        (generated.folder, "tiny", "error: nothing of 'tiny' is graded yet; run `nbgrader autograde tiny` first"),
    ):
        result = run(folder, name)
        assert result.returncode == 1 and message in result.stderr and "Traceback" not in result.stderr


# ---- near-identical code


def answers(student: str) -> list[str]:
    """The code cells that a student of the sample class wrote."""
    cells = nbformat.read(ROOT / "tests" / "chapters" / "convnets" / "submissions" / student / "convnets.ipynb", 4).cells
    return [cell.source for cell in cells if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked")]


GIVEN = [cell.source for cell in nbformat.read(ROOT / "release" / "convnets" / "convnets.ipynb", 4).cells if cell.cell_type == "code"]
HONEST = ("perfect", "honest_einsum", "honest_loops", "honest_modern")
OWN_NAMES = ("height", "width", "result", "total", "row", "flipped", "best", "k_height", "k_width", "stride", "size", "i", "j", "k", "m")


def renamed(source: str) -> str:
    return re.sub(rf"(?<![.\w])({'|'.join(OWN_NAMES)})\b", lambda match: match[0] + "_2", source)


def reformatted(source: str) -> str:
    lines = [f"{line}  # my own thought" if line.strip() and not line.rstrip().endswith("\\") else line for line in source.splitlines()]
    return "\n\n".join(lines).replace("    ", "  ").replace(", ", ",")


DISGUISES = {
    "as it is": lambda cells: cells,
    "renamed": lambda cells: [renamed(cell) for cell in cells],
    "reformatted": lambda cells: [reformatted(cell) for cell in cells],
    "reordered cells": lambda cells: cells[::-1],
    "all in one cell": lambda cells: ["\n\n".join(cells[::-1])],
    "some tasks left out": lambda cells: cells[: len(cells) // 2 + 1],
    "prints put in": lambda cells: [re.sub(r"^(\s+)return ", r"\1print('done')\n\1return ", cell, flags=re.MULTILINE) for cell in cells],
    "renamed and reordered": lambda cells: [renamed(reformatted(cell)) for cell in cells[::-1]],
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_copies_are_found_under_their_disguise(disguise):
    notebooks = {"copy": DISGUISES[disguise](answers("honest_loops")), "origin": answers("honest_loops"), "other": answers("honest_einsum")}
    assert [(pair.first, pair.second) for pair in similar_pairs(notebooks, GIVEN)] == [("copy", "origin")]


def test_honest_solutions_of_one_assignment_are_far_apart():
    notebooks = {name: answers(name) for name in HONEST}
    assert similar_pairs(notebooks, GIVEN, similar=0.2) == []


def test_guide_names_the_measure_as_it_is():
    guide = " ".join((ROOT / "book" / "instructor.md").read_text("utf-8").split())
    assert "runs of twelve tokens" in guide and "from three quarters of" in guide and "share less than a fifth" in guide
    assert (GRAM, SIMILAR) == (12, 0.75)


def test_given_code_and_short_answers_count_for_nothing():
    assert similar_pairs({"a": GIVEN, "b": GIVEN}, GIVEN) == []
    short = ["def area(height, width):\n    return height * width"]
    assert similar_pairs({"a": short, "b": short}) == []


def test_tokens_keep_what_matters_and_drop_what_an_author_chooses():
    one = 'def f(x, W):\n    """Text."""\n    total = np.sum(x[1:] * 2.5)  # why\n    return total'
    other = "def g(image,\n      kernel):\n  s=np.sum( image[7:]*3 )\n  return s\n"
    different = "def f(x, W):\n    total = np.mean(x[1:] * 2.5)\n    return total"
    shape = [[token.text for token in tokens(source)] for source in (one, other, different)]
    assert shape[0] == shape[1] != shape[2]


def test_code_that_is_broken_or_holds_magics_is_read_as_far_as_it_goes():
    assert [token.text for token in tokens("%matplotlib inline\nx = 1\n!ls")] == ["name", "=", "0"]
    assert len(tokens("x = 1\ny = (2,\n")) >= 3 and tokens("'''open") == []
    assert len(tokens("if x:\n        y\n    z")) >= 3


def test_groups_join_pairs_and_shared_lines_are_those_that_match():
    pairs = [Pair("a", "b", 1.0), Pair("d", "e", 0.9), Pair("b", "c", 0.8)]
    assert groups(pairs) == [["a", "b", "c"], ["d", "e"]]
    common = "for i in range(10):\n    total = total + values[i] * weights[i] - mean[i]"
    assert shared_lines(f"import os\n{common}\nprint(total)", gram_set([common])) == {1, 2}
    assert shared_lines(common, gram_set([common]) - gram_set([common])) == set()


def test_the_page_shows_a_copied_pair_side_by_side(page):
    part = section(page, "similar")
    assert "dan and eve: 99 %" in text_of(part) or "dan and eve: 100 %" in text_of(part)
    assert part.count("class=same") > 20 and "pruefe" in part
    assert "ada" not in re.findall(r"<li>(.*?)</li>", part)[0]


def test_of_endless_code_the_beginning_is_shown():
    assert beginning(["a = 1", "b = 2"]) == ["a = 1", "b = 2"]
    first, second = beginning(["a = 1", "x" * 1_000_000, "never seen"])
    assert first == "a = 1" and len(second) < MAX_CODE + 100
    assert second.endswith("[… 980,015 characters are left out here …]")


def test_names_and_code_stay_in_their_place_on_the_page():
    """Signs that turn the text about them round and piles of accents would change what the lines beside them seem to say."""
    odd = "ada\u202eeve" + "\u0301" * 99 + "<b>"
    class_ = [Graded(name, 1.0, 2.0, cells=[f"x = 1  # {odd}"]) for name in (odd, "ben")]
    page = page_of(ClassReport("tiny", 2.0, class_, [odd], [], {odd: [odd]}, [Pair(odd, "ben", 1.0)], []))
    assert "\u202e" not in page and "\u0301" * 5 not in page and "<b>" not in page and page.count("&lt;b&gt;") >= 6
