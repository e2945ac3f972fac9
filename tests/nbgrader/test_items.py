"""Item analysis: against hand arithmetic, and against NumPy on drawn classes."""

import numpy as np
import pytest

from autograder.classroom.graded import Graded, Task
from autograder.classroom.items import FEWEST, difficulty, discrimination


def class_of(*columns: list[float | None]) -> list[Graded]:
    """A class by its tasks' points: a column for each task."""
    rows = zip(*columns, strict=True)
    return [
        Graded(f"s{number}", 0.0, 0.0, tasks=[Task(f"t{index}", 4.0, score, False) for index, score in enumerate(row)])
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("scores", "maximum", "share"),
    [([4.0, 2.0, 0.0], 4.0, 0.5), ([1.0], 4.0, 0.25), ([0.0, 0.0], 2.0, 0.0), ([], 4.0, None), ([0.0], 0.0, None)],
)
def test_difficulty_is_the_mean_share_of_the_points(scores, maximum, share):
    assert difficulty(scores, maximum) == share


def test_a_task_that_goes_with_the_rest_has_one_and_one_that_goes_against_it_minus_one():
    rising = [float(number) for number in range(10)]
    class_ = class_of(rising, [2 * value for value in rising], [0.0] * 10)
    assert discrimination(class_, "t0") == pytest.approx(1) == discrimination(class_, "t1")
    assert discrimination(class_of(rising, rising[::-1]), "t0") == pytest.approx(-1)
    assert discrimination(class_, "t2") is None, "all have the same points"


@pytest.mark.parametrize("seed", range(5))
def test_the_task_itself_is_no_part_of_the_total(seed):
    points = np.random.default_rng(seed).integers(0, 5, (3, 30)).astype(float)
    class_ = class_of(*points.tolist())
    for index in range(3):
        rest = points.sum(axis=0) - points[index]
        assert discrimination(class_, f"t{index}") == pytest.approx(np.corrcoef(points[index], rest)[0, 1])


def test_what_is_not_marked_of_everybody_is_no_part_of_the_total():
    rising = [float(number) for number in range(12)]
    half = [None if number % 2 else 100.0 - number for number in range(12)]
    class_ = class_of(rising, rising, half)
    assert discrimination(class_, "t0") == pytest.approx(1)
    assert discrimination(class_, "t2") is None, "marked of six only"


def test_of_a_few_nothing_is_reckoned():
    rising = [float(number) for number in range(FEWEST)]
    assert discrimination(class_of(rising, rising), "t0") == pytest.approx(1)
    assert discrimination(class_of(rising[1:], rising[1:]), "t0") is None
    assert discrimination([], "t0") is None
