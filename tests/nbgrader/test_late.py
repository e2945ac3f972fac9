"""What handing in late costs."""

import pytest
from traitlets import TraitError
from traitlets.config import Config

from autograder.late import DAY, PercentPerDay


def penalty(score: float, seconds: float, **settings: float) -> float | None:
    return PercentPerDay(config=Config(PercentPerDay=settings)).late_submission_penalty("ada", score, seconds)


def test_nothing_is_taken_off_unless_a_percentage_is_set():
    assert penalty(80, 3 * DAY) is None


@pytest.mark.parametrize(("days", "off"), [(0.001, 8), (1, 8), (1.001, 16), (3, 24), (9.5, 80), (40, 80)])
def test_each_day_begun_costs_a_share_of_what_was_earned_and_never_more_than_all(days, off):
    assert penalty(80, days * DAY, percent=10) == pytest.approx(off)


@pytest.mark.parametrize(("minutes", "off"), [(0, None), (15, None), (16, 8), (24 * 60 + 15, 8), (24 * 60 + 16, 16)])
def test_minutes_of_grace_are_free_and_push_the_days_back(minutes, off):
    assert penalty(80, 60 * minutes, percent=10, grace_minutes=15) == off


def test_there_can_be_a_limit():
    assert penalty(80, 30 * DAY, percent=10, most=50) == 40


def test_a_percentage_that_is_none_is_refused():
    with pytest.raises(TraitError, match=r"'percent' trait .* between 0.0 and 100.0|percent"):
        penalty(80, DAY, percent=120)
