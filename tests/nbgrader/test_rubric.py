"""Reusable comments with points: given and taken away by a click, within 0 and the most, together with points typed by hand."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.errors import CourseError
from autograder.marking.rubric import (
    Answer,
    add_item,
    answers_with,
    change_item,
    counts,
    items_of,
    remove_item,
    take_from_scheme,
    with_line,
    without_line,
)
from autograder.marking.schemes import SchemeItem
from autograder.marking.tables import make_tables

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own, harmless

CELL, MOST = "why", 4.0
UP = (("both axes", 1.0), ("a reason", 2.0), ("an example", 1.0), ("careless", -0.5))
DOWN = (("no reason", -2.0), ("no example", -1.0), ("a good idea", 1.0))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A gradebook with one question and two students; only to be copied, since nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("words") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}") as gradebook:
        gradebook.add_assignment("words")
        gradebook.add_notebook("words", "words")
        gradebook.add_grade_cell(CELL, "words", "words", max_score=MOST, cell_type="markdown")
        gradebook.add_solution_cell(CELL, "words", "words")
        for student in ("ada", "ben"):
            gradebook.add_student(student)
            gradebook.add_submission("words", student)
        make_tables(gradebook)
    return path


@contextlib.contextmanager
def copy_of(made: Path) -> Iterator[Gradebook]:
    with tempfile.TemporaryDirectory() as folder, Gradebook(f"sqlite:///{shutil.copy(made, folder)}") as gradebook:
        yield gradebook


@pytest.fixture
def words(made) -> Iterator[Gradebook]:
    with copy_of(made) as gradebook:
        yield gradebook


def rubric(gradebook: Gradebook, *items: tuple[str, float]) -> dict[str, Any]:
    take_from_scheme(gradebook, "words", "words", CELL, [SchemeItem(*one) for one in items])
    return {item.text: item for item in items_of(gradebook, "words", "words", CELL)}


def answer(gradebook: Gradebook, student: str = "ada") -> Answer:
    gradebook.db.flush()
    return Answer(gradebook, gradebook.find_submission_notebook("words", "words", student), CELL)


def give(gradebook: Gradebook, item: Any, student: str = "ada") -> None:
    answer(gradebook, student).give(item, "anna")


def take(gradebook: Gradebook, item: Any, student: str = "ada") -> None:
    answer(gradebook, student).take(item)


def marks(gradebook: Gradebook, student: str = "ada") -> tuple[float | None, str]:
    found = answer(gradebook, student)
    return found.grade.manual_score, found.comment.manual_comment or ""


def test_items_that_add_points_count_from_nothing(words):
    items = rubric(words, *UP)
    give(words, items["both axes"])
    assert marks(words) == (1.0, "- both axes (+1)")
    give(words, items["careless"])
    assert marks(words) == (0.5, "- both axes (+1)\n- careless (\u22120.5)")


def test_items_that_take_points_away_count_from_the_most(words):
    items = rubric(words, *DOWN)
    give(words, items["no example"])
    assert marks(words) == (3.0, "- no example (\u22121)")
    give(words, items["a good idea"])
    assert marks(words)[0] == 4.0


def test_a_second_click_takes_all_of_it_back_and_the_answer_waits_again(words):
    items = rubric(words, *UP)
    for item in items.values():
        give(words, item)
    for item in items.values():
        take(words, item)
    assert marks(words) == (None, "") and answer(words).grade.needs_manual_grade


def test_points_stay_within_what_the_question_gives_and_nothing_is_forgotten(words):
    items = rubric(words, ("much", 3.0), ("more", 3.0), ("bad", -9.0))
    give(words, items["much"])
    give(words, items["more"])
    assert marks(words)[0] == 4.0
    give(words, items["bad"])
    assert marks(words)[0] == 0.0
    take(words, items["bad"])
    take(words, items["more"])
    assert marks(words)[0] == 3.0


def test_what_was_typed_before_stays_and_items_add_to_it(words):
    items = rubric(words, *UP)
    found = answer(words)
    found.grade.manual_score, found.comment.manual_comment = 1.5, "Well begun."
    give(words, items["both axes"])
    assert marks(words) == (2.5, "Well begun.\n\n- both axes (+1)")
    take(words, items["both axes"])
    assert marks(words) == (1.5, "Well begun.")


def test_what_is_typed_between_two_clicks_counts_too(words):
    items = rubric(words, *UP)
    give(words, items["both axes"])
    answer(words).grade.manual_score = 1.25
    give(words, items["a reason"])
    assert marks(words)[0] == 3.25
    take(words, items["both axes"])
    take(words, items["a reason"])
    assert marks(words)[0] == 0.25


def test_a_line_that_somebody_rewrote_is_hers(words):
    items = rubric(words, *UP)
    give(words, items["both axes"])
    answer(words).comment.manual_comment = "- both axes (+1), and nicely"
    take(words, items["both axes"])
    assert marks(words) == (None, "- both axes (+1), and nicely")


def test_giving_twice_is_giving_once(words):
    items = rubric(words, *UP)
    give(words, items["both axes"])
    give(words, items["both axes"])
    assert marks(words) == (1.0, "- both axes (+1)") and counts(words, items.values()) == {items["both axes"].id: 1}


def test_changed_points_and_words_change_all_answers_that_have_the_item(words):
    items = rubric(words, *UP)
    for student in ("ada", "ben"):
        give(words, items["both axes"], student)
    give(words, items["a reason"], "ben")
    answer(words, "ben").grade.manual_score = 2.5
    changed = change_item(words, items["both axes"], "both axes named", 0.5)
    assert [one.place.student for one in changed] == ["ada", "ben"]
    assert marks(words) == (0.5, "- both axes named (+0.5)")
    assert marks(words, "ben") == (2.0, "- both axes named (+0.5)\n- a reason (+2)")
    take(words, items["both axes"])
    assert marks(words) == (None, "")


def test_points_taken_back_by_hand_take_the_items_with_them(words):
    items = rubric(words, *UP)
    give(words, items["both axes"])
    give(words, items["a reason"])
    answer(words).grade.manual_score = None
    assert answer(words).given == {} and answers_with(words, items["both axes"]) == []
    give(words, items["an example"])
    assert answer(words).grade.manual_score == 1.0 and set(answer(words).given) == {items["an example"].id}


def test_an_item_is_removed_only_where_no_answer_has_it(words):
    items = rubric(words, *UP)
    give(words, items["both axes"])
    with pytest.raises(CourseError, match="1 answer has this item"):
        remove_item(words, items["both axes"])
    remove_item(words, items["careless"])
    assert [item.text for item in items_of(words, "words", "words", CELL)] == [text for text, _ in UP[:3]]
    assert "careless" not in rubric(words, *UP), "nor does it come back by itself"
    add_item(words, "words", "words", CELL, "careless", -1.0)
    assert items_of(words, "words", "words", CELL)[-1].points == -1.0


def test_an_item_more_leaves_what_the_points_are_counted_from(words):
    items = rubric(words, *DOWN)
    give(words, items["no example"])
    more = add_item(words, "words", "words", CELL, "  with a\n drawing ", 0.5)
    assert more.text == "with a drawing"
    give(words, more)
    assert marks(words)[0] == 3.5


@pytest.mark.parametrize(("text", "said"), [(" ", "needs a text"), ("x" * 1001, "may have 1,000 characters"), ("both  axes", "already")])
def test_an_item_without_a_text_or_twice_is_refused(words, text, said):
    items = rubric(words, *UP)
    with pytest.raises(CourseError, match=said):
        add_item(words, "words", "words", CELL, text, 1.0)
    with pytest.raises(CourseError, match=said):
        change_item(words, items["careless"], text, 1.0)


def test_items_of_the_mark_scheme_are_taken_in_once_and_keep_what_a_grader_made_of_them(words):
    items = rubric(words, *UP)
    change_item(words, items["careless"], "careless, twice", -1.0)
    rubric(words, *UP, ("new in the scheme", 1.0))
    assert [(item.text, item.points) for item in items_of(words, "words", "words", CELL)] == [
        *UP[:3], ("careless, twice", -1.0), ("new in the scheme", 1.0),
    ]  # fmt: skip


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from([UP, DOWN]), st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12), st.sampled_from([None, 0.0, 1.5, 4.0])
)
def test_whatever_is_clicked_points_are_those_of_the_items_and_back_where_they_were(made, rules, clicks, typed):
    with copy_of(made) as words:
        items = list(rubric(words, *rules).values())
        answer(words).grade.manual_score = typed
        for index, wanted in clicks:
            (give if wanted else take)(words, items[index])
            has = {one.id for one in items} & set(answer(words).given)
            start = (MOST if rules is DOWN else 0.0) if typed is None else typed
            total = start + sum(one.points for one in items if one.id in has)
            assert marks(words)[0] == (min(max(total, 0.0), MOST) if has else typed)
        for item in items:
            take(words, item)
        assert marks(words) == (typed, "")


@pytest.mark.parametrize("comment", ["", "Good.", "Good.\n\n- one (+1)", "- one (+1)", "Formula:\n$$x$$"])
def test_a_line_comes_and_goes(comment):
    assert without_line(with_line(comment, "- two (+2)"), "- two (+2)") == comment
