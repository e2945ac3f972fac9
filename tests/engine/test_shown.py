"""What is shown of two arrays that differ: which window, in which form, and that it is small, plain and quick."""

from __future__ import annotations

import json
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checking.shown import IN_FULL, Comparison, compare, entry
from autograder.compare import CheckFailed, expect_array, expect_tuple
from autograder.feedback.shown_page import comparison_html
from autograder.pages import clean_html

BOOKS = np.array([[1.0, 2.0], [3.0, 4.0]])
ANY = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128]),
    hnp.array_shapes(min_dims=1, max_dims=4, max_side=15),
)


def shown(received: object, expected: object, **options: object) -> Comparison:
    """The comparison that a failed check carries."""
    with pytest.raises(CheckFailed, match=r".") as caught:
        expect_array(received, expected, **options)
    return caught.value.comparison


def broken(array: np.ndarray, *places: tuple[int, ...]) -> np.ndarray:
    wrong = array.copy()
    for number, place in enumerate(places):
        wrong[place] += len(places) - number
    return wrong


class Tags(HTMLParser):
    """What tags a page has, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def of(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.found if name == tag]


# ---- the entries


def test_a_small_array_is_shown_whole_with_the_wrong_entries_marked():
    (table,) = shown([[1, 2.5], [3, 4]], BOOKS)["tables"]
    assert (table["rows"], table["columns"], table["part"], table["title"]) == ([0, 1], [0, 1], "", "")
    assert table["expected"] == [["1", "2"], ["3", "4"]]
    assert table["received"] == [["1", "2.5"], ["3", "4"]]
    assert table["wrong"] == [[False, True], [False, False]]


def test_of_a_large_array_the_window_around_the_largest_difference_is_shown():
    expected = np.arange(50.0 * 40).reshape(50, 40)
    (table,) = shown(broken(expected, (30, 20), (2, 2)), expected)["tables"]
    assert (table["rows"], table["columns"]) == (list(range(25, 35)), list(range(16, 24)))
    assert table["part"] == "rows 25 to 34 of 50, columns 16 to 23 of 40"
    assert (table["expected"][5][4], table["received"][5][4]) == ("1220", "1222")
    assert sum(map(sum, table["wrong"])) == 1


def test_only_the_axis_that_is_cut_is_told():
    assert shown(broken(np.zeros((3, 40)), (0, 39)), np.zeros((3, 40)))["tables"][0]["part"] == "columns 32 to 39 of 40"


def test_of_a_long_row_the_entries_around_the_largest_difference_are_shown():
    (table,) = shown(broken(np.zeros(100), (99,)), np.zeros(100))["tables"]
    assert (table["rows"], table["columns"], table["part"]) == (list(range(90, 100)), [], "entries 90 to 99 of 100")
    assert table["received"][-1] == ["1"]


def test_slices_that_differ_most_are_shown_in_their_order_and_the_others_counted():
    comparison = shown(broken(np.zeros((2, 3, 4, 4)), (1, 2, 0, 0), (0, 1, 3, 3), (0, 0, 1, 1)), np.zeros((2, 3, 4, 4)))
    assert [table["title"] for table in comparison["tables"]] == ["[0, 1, :, :]", "[1, 2, :, :]"]
    assert comparison["more"] == 1
    assert "1 other slice differs too" in comparison_html(comparison)


def test_as_many_digits_are_shown_as_tell_the_difference():
    (table,) = shown([1.00002, 1 / 3], [1.0, 1 / 3])["tables"]
    assert table["received"] == [["1.00002"], ["0.333333"]] and table["expected"][0] == ["1"]


def test_long_entries_make_a_window_narrower():
    expected = np.full((3, 8), 1e-300 / 3)
    assert len(shown(np.full((3, 8), 1e-300 / 3 + 1e-308), expected, rtol=0, atol=0)["tables"][0]["columns"]) < 8


@pytest.mark.parametrize(
    ("value", "text"),
    [(np.float64("nan"), "nan"), (np.float64("-inf"), "-inf"), (np.float64(-0.0), "0"), (np.float64(1e300), "1e+300"), (np.bool_(True), "True"),
     (np.int64(-12), "-12"), (np.uint64(2**64 - 1), "1.845e+19"), (np.complex128(1 - 2j), "1-2j"), (np.float16(0.1), "0.09998"),
     (np.complex128(complex("nan+infj")), "nan+infj")],
)  # fmt: skip
def test_entries_of_any_kind_are_short(value, text):
    assert entry(value, 4) == text


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_undefined_and_monstrous_entries_are_marked(value):
    (table,) = shown([[1, 2], [3, value]], BOOKS)["tables"]
    assert table["wrong"] == [[False, False], [False, True]]


def test_truth_values_and_complex_numbers_are_shown():
    assert shown([True, True], np.array([True, False]))["tables"][0]["received"] == [["True"], ["True"]]
    assert shown(np.array([1 + 2j, 0]), np.array([1 + 1j, 0]))["tables"][0]["received"][0] == ["1+2j"]


def test_single_numbers_and_wrong_shapes_have_no_tables():
    assert shown(3, np.array(2.5)) is None
    assert shown([[3]], [[2]]) is None
    assert shown(np.ones(3), np.ones(2)) is None
    assert shown(["a"], [1]) is None


def test_what_may_be_any_number_isnt_shown_as_zero():
    with pytest.raises(CheckFailed, match="NaN") as caught:
        expect_array([np.nan, 1], np.zeros(2), rtol=0, atol=1e300)
    assert (caught.value.comparison, caught.value.expected) == (None, "finite numbers")


def test_tuples_are_shown_item_by_item():
    with pytest.raises(CheckFailed, match=r".") as caught:
        expect_tuple((54, 54, 10**1000), (96, 54, 54))
    (table,) = caught.value.comparison["tables"]
    assert table["expected"] == [["96"], ["54"], ["54"]] and table["received"][2] == ["an integer of 1001 digits"]
    assert [wrong for (wrong,) in table["wrong"]] == [True, False, True]


def test_whether_more_than_the_report_in_words_is_shown_is_told():
    """The judge leaves it out where the same is expected of everybody."""
    assert not shown(np.ones((8, 8)), np.zeros((8, 8)))["extract"]
    assert shown(np.ones(IN_FULL + 1), np.zeros(IN_FULL + 1))["extract"]


@given(ANY, st.data())
def test_any_two_arrays_are_shown_small_plain_and_in_agreement_with_the_comparison(expected, data):
    received = data.draw(hnp.arrays(data.draw(st.sampled_from([np.float64, np.int8, np.complex64])), expected.shape))
    with np.errstate(all="ignore"):
        close = np.isclose(received, expected, equal_nan=True)
    if close.all():
        return
    comparison = compare(expected, received, close)
    if comparison is None:
        assert expected.size == 1
        return
    assert json.loads(json.dumps(comparison)) == comparison
    assert any(wrong for table in comparison["tables"] for row in table["wrong"] for wrong in row)
    page = comparison_html(comparison)
    assert len(page) < 30_000
    assert page.count("✗</mark>") == sum(wrong for table in comparison["tables"] for row in table["wrong"] for wrong in row)


@pytest.mark.parametrize("shape", [(3_000_000,), (1000, 2000), (200_000, 2, 2), (1, 1, 2_000_000), (2,) * 20, (1,) * 31 + (2,)])
def test_huge_arrays_are_shown_at_once(shape):
    started = time.process_time()
    assert len(comparison_html(shown(np.ones(shape), np.zeros(shape)))) < 30_000
    assert time.process_time() - started < 8


# ---- the page


def test_differing_entries_are_marked_by_more_than_colour():
    page = comparison_html(shown([[1, 2.5], [3, 4]], BOOKS))
    assert '<mark title="expected 2"><strong>2.5</strong> ✗</mark>' in page
    assert "<td><strong>2</strong></td>" in page and page.count("✗") == 2 and "received (✗: differs)" in page
    assert '<th scope="col">1</th>' in page and '<th scope="row">1</th>' in page


@pytest.mark.parametrize("shape", [(5,), (4, 4), (20, 30), (3, 16, 16)])
def test_cleaning_leaves_everything(shape):
    """As in feedback and formgrader; tables, titles, pictures and their texts stay."""
    page = comparison_html(shown(np.ones(shape), np.zeros(shape)))
    before, after = Tags(page), Tags(clean_html(page))
    assert [tag for tag, _ in before.found] == [tag for tag, _ in after.found]
    for tag in ("mark", "img", "th", "div"):
        assert [{**some, "style": None} for some in before.of(tag)] == [{**some, "style": None} for some in after.of(tag)]
    assert all("inline-block" in some["style"] for some in after.of("div") if some["class"] == "entries" and len(shape) > 1)


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "</td></table>", "'&\""])
def test_no_text_of_a_comparison_becomes_markup(text):
    picture = {"name": text, "png": text, "says": text}
    table = {"title": text, "part": text, "rows": [0], "columns": [0], "expected": [[text]], "received": [[text]], "wrong": [[True]]}
    page = comparison_html({"tables": [table, {**table, "columns": []}], "pictures": [picture], "more": 0, "extract": False})
    assert Tags(page).of("script") == [] and len(Tags(page).of("img")) == 1 and len(Tags(page).of("table")) == 4
    assert set(Tags(page).of("img")[0]) == {"alt", "title", "src"}
