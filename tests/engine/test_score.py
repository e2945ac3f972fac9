"""From reports to points, and to outputs that nbgrader reads as exactly those points."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import determine_grade

from autograder.checking import shown
from autograder.checking.compare import possibly
from autograder.feedback.cell_report import MAX_COMPARED, graded_outputs, neutral, report_html, report_text
from autograder.jobs.score import CellResult, CheckReport, JobResult, points_of
from autograder.judge.causes import told_by_cause
from autograder.pages import clean_html

TEXTS = st.text(max_size=30)
OUTPUTS = st.one_of(
    st.builds(lambda n, t: {"output_type": "stream", "name": n, "text": t}, st.sampled_from(["stdout", "stderr"]), TEXTS),
    st.builds(lambda e, v, t: {"output_type": "error", "ename": e, "evalue": v, "traceback": t}, TEXTS, TEXTS, st.lists(TEXTS, max_size=2)),
    st.builds(
        lambda k, t: {"output_type": k, "data": {"text/plain": t}, "metadata": {}} | ({"execution_count": 1} if k[0] == "e" else {}),
        st.sampled_from(["display_data", "execute_result"]),
        st.sampled_from(["10", "10.0", "1e9", "nan", "inf", "-1", "", "full marks"]) | TEXTS,
    ),
)
SHOWN = st.none() | st.builds(lambda e, r: shown.compare_items([e, "1"], [r, "2"]), TEXTS, TEXTS)
REPORTS = st.lists(st.builds(CheckReport, TEXTS, st.booleans(), st.floats(0.1, 10), comparison=SHOWN), max_size=6)


def reports(*passed: bool, points: float = 1.0) -> list[CheckReport]:
    return [CheckReport(f"check {number}", ok, points) for number, ok in enumerate(passed)]


def read_by_nbgrader(result: CellResult, maximum: float) -> tuple[float, float]:
    """The grade that nbgrader's own code takes from the cell."""
    info = {"grade": True, "solution": False, "points": maximum, "grade_id": "check"}
    outputs = [nbformat.from_dict(output) for output in graded_outputs(result, maximum, "process")]
    cell = nbformat.v4.new_code_cell("", outputs=outputs, metadata={"nbgrader": info})
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    return determine_grade(cell)


def test_points_are_the_share_of_passed_checks():
    assert points_of(CellResult(reports=reports(True, False)), 5) == 2.5
    assert points_of(CellResult(reports=reports(True, True, False)), 1) == 0.67
    assert points_of(CellResult(reports=reports(False)), 5) == 0
    assert points_of(CellResult(reports=reports(True, True, True)), 0.1) == 0.1


def test_heavy_checks_count_more():
    mixed = [CheckReport("heavy", True, 3.0), CheckReport("light", False, 1.0)]
    assert points_of(CellResult(reports=mixed), 4) == 3


@pytest.mark.parametrize("missing", [None, []])
def test_no_report_is_no_point(missing):
    assert points_of(CellResult(reports=missing), 5) == 0
    assert read_by_nbgrader(CellResult(reports=missing), 5) == (0, 5)


def test_weightless_checks_give_nothing():
    assert points_of(CellResult(reports=reports(True, points=0.0)), 5) == 0


@given(REPORTS, st.lists(OUTPUTS, max_size=4), st.integers(0, 20))
def test_nbgrader_reads_exactly_our_points_whatever_the_student_displayed(given_reports, outputs, maximum):
    result = CellResult(outputs, "", given_reports)
    score = points_of(result, maximum)
    assert 0 <= score <= maximum
    assert read_by_nbgrader(result, maximum) == (score, maximum)


@given(OUTPUTS)
def test_what_a_student_displayed_stays_readable_but_cant_count(output):
    kept = neutral(output)
    assert kept["output_type"] == "display_data" or (kept["output_type"], kept["name"]) == ("stream", "stdout")
    if output["output_type"] == "error":
        assert kept["text"] == "\n".join(output["traceback"]) + "\n"
    if "data" in output:
        assert kept["data"] == output["data"]


FAILED = CheckReport("Square kernels", False, message="The kernel `W` is flipped.", hint="Draw it.", expected="[1]", received="[2]")


def test_the_report_tells_name_message_hint_expected_and_received():
    text = report_text(CellResult(reports=[FAILED, CheckReport("Size", True)], note="Stopped."), 1, 2)
    assert text.splitlines()[:3] == ["1 of 2 checks passed: 1 of 2 points", "Stopped.", "[FAILED] Square kernels"]
    for part in (FAILED.message, FAILED.hint, "expected: [1]", "received: [2]", "[passed] Size"):
        assert part in text


COMPARED = shown.compare(np.zeros((40, 40)), np.ones((40, 40)), np.zeros((40, 40), bool))


def test_the_html_report_shows_arrays_entry_by_entry():
    report = CheckReport("Values", False, message="Wrong.", hint="Draw it.", expected="[0]", received="[1]", comparison=COMPARED)
    page = report_html(CellResult(reports=[report]), 0, 1)
    assert page.index("Wrong.") < page.index("✗</mark>") < page.index("Draw it.")
    assert page.count("<img") == 3 and "<pre>" not in page
    assert "expected: [0]" in report_text(CellResult(reports=[report]), 0, 1)


def test_a_report_stays_of_a_size_that_a_page_takes():
    """What comes after that is shown in words."""
    many = [CheckReport(f"Values {number}", False, expected="[0]", received="[1]", comparison=COMPARED) for number in range(50)]
    page = report_html(CellResult(reports=many), 0, 1)
    assert len(page) < MAX_COMPARED + 50 * 300
    assert page.count("<img") >= 3 and page.count("<pre>[0]</pre>") >= 40
    assert clean_html(page).count("<img") == page.count("<img")


def test_a_report_names_the_section_of_the_book_and_links_it_where_the_book_has_an_address():
    result = CellResult(reports=[CheckReport("Size", True)], chapter="convnets", section="Stride")
    where = "In the book: chapter “Convolutional networks”, section “Stride”"
    assert report_text(result, 1, 1).endswith(where) and where in report_html(result, 1, 1)
    assert "<a " not in report_html(result, 1, 1) and "In the book" not in report_html(CellResult(reports=[]), 0, 1)
    link = '<a href="https://uni.example/book/convnets.html#stride">'
    assert link in report_html(result, 1, 1, "https://uni.example") == clean_html(report_html(result, 1, 1, "https://uni.example"))


def test_the_html_report_tells_the_same():
    page = report_html(CellResult(reports=[FAILED, CheckReport("Size", True)], note="Stopped."), 1, 2)
    for part in (
        "1 of 2 points",
        "Stopped.",
        "✗",
        "Square kernels",
        "<code>W</code>",
        "Draw it.",
        "<pre>[1]</pre>",
        "<pre>[2]</pre>",
        "✓ Size",
    ):
        assert part in page


@given(st.sampled_from(["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "`<b>`", '"><i>', "</pre><b>"]))
def test_nothing_of_a_student_becomes_markup(text):
    hostile = CheckReport(
        "name", False, message=text, hint=text, expected=text, received=text, comparison=shown.compare_items([text], [text + "!"])
    )
    page = report_html(CellResult(reports=[hostile], note=text), 0, 1)
    for tag in ("<script", "<img", "<b>", "<i>"):
        assert tag not in page


@given(REPORTS, st.lists(OUTPUTS, max_size=3), st.text())
def test_results_travel_as_json(given_reports, outputs, note):
    result = JobResult({3: CellResult(outputs, note, given_reports, "convnets", "Stride"), 7: CellResult()}, "process", 1.5, "late", True)
    assert JobResult.from_message(json.loads(json.dumps(result.to_message()))) == result


def test_what_holds_for_several_checks_is_said_once():
    missing = [
        CheckReport(name, False, message="`f` is not defined.", hint=f"About {name}.", cause="missing") for name in ("Size", "Values")
    ]
    raised = [CheckReport(name, False, message="`f` raised TypeError.", hint="About types.") for name in ("Lists", "Tuples")]
    page = report_html(CellResult(reports=[*missing, CheckReport("Zero", True), *raised, FAILED, FAILED]), 0, 6)
    assert page.count("is not defined") == page.count("raised TypeError") == page.count("About types.") == 1
    assert "<strong>Size; Values</strong>" in page and "<strong>Lists; Tuples</strong>" in page
    assert "About Size" not in page and "About Values" not in page  # they are about other mistakes
    assert page.count("Square kernels") == page.count("<pre>[2]</pre>") == 2  # each shows numbers of its own
    assert page.index("Size; Values") < page.index("Zero") < page.index("Lists")


def test_hints_about_differing_mistakes_dont_follow_what_is_said_once():
    two = [CheckReport(name, False, message="Not as expected.", hint=f"About {name}.") for name in ("Size", "Values")]
    assert "Hint" not in report_html(CellResult(reports=two), 0, 2)
    assert "About Size." in report_html(CellResult(reports=two[:1]), 0, 2)


def test_what_stops_only_some_checks_has_to_do_with_what_the_first_of_them_looks_at():
    two = [CheckReport(name, False, message="Not as expected.", hint=f"About {name}.") for name in ("Size", "Values")]
    passed = [CheckReport(name, True) for name in ("Zero", "One")]
    for told in (report_html(CellResult(reports=[*two, *passed]), 2, 4), report_text(CellResult(reports=[*two, *passed]), 2, 4)):
        assert "About Size." in told and "About Values." not in told


def test_exceptions_of_one_line_are_told_once_although_shapes_differ():
    def raised(name: str, size: int, line: int) -> CheckReport:
        said = (
            f"`f` raised ValueError: operands could not be broadcast together with shapes ({size},2) ({size},3) (line {line} of its cell)."
        )
        return CheckReport(name, False, message=said, hint=f"About {name}.")

    page = report_html(CellResult(reports=[raised("Small", 4, 2), raised("Large", 17, 2), raised("Other", 4, 3)]), 0, 3)
    assert "Small; Large" in page and "(4,2) (4,3) (line 2" in page and "17" not in page
    assert page.count("raised ValueError") == 2 and page.count("About") == 1 and "About Other." in page


@pytest.mark.parametrize("cell", ["its cell", "another cell", "the cell of `helper`"])
def test_exceptions_of_one_line_are_told_once_whichever_cell_it_stands_in(cell):
    two = [CheckReport(f"Size {n}", False, message=f"`f` raised IndexError: {n} is out of range (line 2 of {cell}).") for n in (4, 17)]
    assert report_html(CellResult(reports=two), 0, 2).count("raised IndexError") == 1


def test_answers_of_one_wrong_kind_are_told_once():
    def text(name: str, shape: str) -> CheckReport:
        return CheckReport(
            name, False, message=f"f({name}) is a str.", expected=shape, received="'1'", hint=f"About {name}.", kin="type str"
        )

    page = report_html(CellResult(reports=[text("Small", "(2,)"), FAILED, text("Large", "(9,)")]), 0, 3)
    assert "Small; Large" in page and page.count("is a str.") == 1 and "(9,)" not in page and "About" not in page


FLIPPED = "The kernel was flipped upside down only."


def flipped(name: str, *rows: int, hint: str = "") -> CheckReport:
    """A failed check whose mistake is recognised, with entries of its own."""
    compared = shown.compare_items(list(map(str, rows)), ["0"] * len(rows))
    message = f"{name} has wrong values. {FLIPPED}"
    return CheckReport(name, False, message=message, hint=hint or f"About {name}.", comparison=compared, diagnosis=FLIPPED)


def test_a_diagnosis_stands_in_place_of_the_hint():
    result = CellResult(reports=[flipped("Squares", 11, 12)])
    for told in (report_html(result, 0, 1), report_text(result, 0, 1)):
        assert FLIPPED in told and "has wrong values." in told and "About" not in told


@pytest.mark.parametrize("names", [("Squares",), ("Squares", "Lines"), ("Squares", "Lines", "Single <pixels>")])
def test_one_diagnosis_is_told_once_with_all_checks_that_it_explains(names):
    made = [flipped(name, 10 * number, 10 * number + 1, hint="The same hint.") for number, name in enumerate(names, 1)]
    others = [FAILED, CheckReport("Zero", True)]
    page = report_html(CellResult(reports=[*made[:1], *others, *made[1:]]), 1, len(names) + 2)
    assert page.count(FLIPPED) == page.count('class="comparison"') == 1 and "Hint:</em> The same" not in page
    assert all(page.count(html.escape(name) + " (1 point)") + page.count(f"{name}</strong> (1 point)") == 1 for name in names)
    assert (page.count("The same cause:") == 1) == (len(names) > 1)
    assert "<td>10</td>" not in page and "<strong>10</strong>" in page and "<strong>20</strong>" not in page  # the first one's entries
    text = report_text(CellResult(reports=[*made, *others]), 1, len(names) + 2)
    assert text.count(FLIPPED) == 1 and text.count("[FAILED]") == len(names) + 1
    assert all(f"[FAILED] {name}: the same cause" in text for name in names[1:])


def test_differing_diagnoses_are_told_each_by_itself():
    two = [flipped("Squares", 1, 2), replace(flipped("Lines", 3, 4), message="Wrong. No padding.", diagnosis="No padding.")]
    page = report_html(CellResult(reports=two), 0, 2)
    assert FLIPPED in page and "No padding." in page and "The same cause" not in page and page.count('class="comparison"') == 2


@pytest.mark.parametrize(
    ("possible", "told"),
    [
        ([["A."], ["A."]], ["A.", "A."]),
        ([["A.", "B."], ["A."]], ["A.", "A."]),
        ([["B.", "A."], ["A."], []], ["A.", "A.", ""]),
        ([["A.", "B."], ["C.", "B."], ["B.", "D."]], ["B.", "B.", "B."]),
        ([["A.", "B."], ["A.", "B."]], ["It may be: A. Or: B."] * 2),
        ([["A.", "B.", "C."]], ["It may be: A. Or: B."]),
        ([["A."], ["B."]], ["A.", "B."]),
        ([["A.", "B."], ["C.", "D."], ["D."]], ["It may be: A. Or: B.", "D.", "D."]),
        ([[], []], ["", ""]),
    ],
)
def test_the_mistake_that_explains_the_most_checks_is_told(possible, told):
    made = [CheckReport("f", False, message=f"No. {possibly(some)}".strip(), diagnosis=possibly(some), possible=some) for some in possible]
    after = told_by_cause([CheckReport("Zero", True), *made])
    assert [report.diagnosis for report in after] == ["", *told]
    assert [report.message for report in after[1:]] == [f"No. {diagnosis}".strip() for diagnosis in told]
    assert not any(report.possible for report in after)


def test_no_hint_follows_a_missing_name():
    missing = CheckReport("Size", False, message="`f` is not defined.", hint="Draw it.", cause="missing")
    for told in (report_html(CellResult(reports=[missing]), 0, 1), report_text(CellResult(reports=[missing]), 0, 1)):
        assert "is not defined" in told and "Draw it" not in told


@pytest.mark.parametrize(
    ("weights", "maximum", "told"),
    [
        ([1, 1, 2], 8, ["(2 points)", "(2 points)", "(4 points)"]),
        ([1, 1, 1], 10, ["(3.33 points)"] * 3),
        ([1, 2], 3, ["(1 point)", "(2 points)"]),
        ([1], 5, []),
    ],
)
def test_each_check_tells_what_it_counts(weights, maximum, told):
    made = [
        CheckReport(f"Check {number}", number % 2 == 0, points=weight, message="" if number % 2 == 0 else "No.")
        for number, weight in enumerate(weights)
    ]
    assert re.findall(r"\([\d.]+ points?\)", report_html(CellResult(reports=made), 1, maximum)) == told


def test_weightless_checks_tell_nothing_of_points():
    assert "point)" not in report_html(CellResult(reports=reports(True, False, points=0.0)), 0, 5)
