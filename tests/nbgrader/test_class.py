"""The class of `make class`, small: twelve students, one assignment, graded plainly and with the command killed twice.

The whole one, of three hundred students, is graded by `make class`.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from attack_sources import ATTACKS as KNOWN
from large_class.steps import Class, Plain, Scores, interrupted, make_class, plain
from large_class.students import ATTACKS, BROKEN, HARMFUL, Work, draw, hand_in, shares
from large_class.table import Plan, differences, table

from autograder.authoring.course import CHAPTERS, make_course, nbgrader
from autograder.authoring.sample import students

COUNT, KILLS, ASSIGNMENT = 12, 2, "optimizers"
LIMITS = ("--Grade.cell_seconds=10", "--Grade.notebook_seconds=40", "--Grade.memory_mb=1500", "--Grade.processes=64")


@dataclass
class Graded:
    """A class graded plainly, and once more with interruptions."""

    class_: Class
    known: Plain
    scores: Scores
    words: str


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    folder = tmp_path_factory.mktemp("class")
    class_ = make_class(folder / "handed-in", [ASSIGNMENT], COUNT, 0, LIMITS)
    known = plain(class_.copy(folder / "plain"))
    return Graded(class_, known, *interrupted(class_.copy(folder / "interrupted"), known, KILLS, 0))


def test_every_score_is_what_it_should_be(graded):
    assert set(graded.known.scores[ASSIGNMENT]) == {one.student for one in graded.class_.work[ASSIGNMENT]}
    assert graded.known.wrong_scores(graded.class_.work) == []


def test_a_class_that_was_interrupted_has_the_same_scores(graded):
    assert graded.words.startswith(f"killed {KILLS} times")
    assert differences("interrupted", graded.scores, graded.known.scores) == []


def test_figures_are_printed(graded):
    lines = table(graded.known, graded.class_.work).splitlines()
    rows = {name.strip(): value.strip() for _, name, value, _ in (line.split("|") for line in lines if line.startswith("| "))}
    figures = graded.known.figures[ASSIGNMENT]
    assert rows["submissions"] == str(COUNT)
    assert rows["of them right, wrong, harmful"] == "5, 4, 3"
    assert rows["scores as they should be"] == f"{COUNT} of {COUNT}"
    assert rows["seconds a notebook"] == f"{figures.seconds / COUNT:.2f}"
    assert 0 < max(figures.notebook_mb) <= figures.memory_mb
    assert figures.report_seconds > 0 and figures.report_kb > 10 and graded.known.gradebook_kb > 10


def test_a_broken_file_gets_a_line(graded):
    unreadable = {one.student for one in graded.class_.work[ASSIGNMENT] if one.name in ("empty_file", "invalid_utf8", "truncated")}
    honest = {one.student for one in graded.class_.work[ASSIGNMENT] if one.kind == "right"}
    assert unreadable <= graded.known.figures[ASSIGNMENT].problems
    assert not honest & graded.known.figures[ASSIGNMENT].problems


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with the assignment released; classes hand in to folders of their own below it."""
    folder = tmp_path_factory.mktemp("released") / "course"
    make_course(folder, [ASSIGNMENT])
    nbgrader(folder, "generate_assignment", ASSIGNMENT)
    return folder


def handed_in(released: Path, folder: Path, seed: int) -> tuple[list[Work], dict[str, bytes]]:
    """A class's work and its notebooks, by student."""
    course = folder / "course"
    course.mkdir(parents=True)
    (course / "release").symlink_to(released / "release")
    work = hand_in(course, ASSIGNMENT, 24, seed)
    return work, {path.parts[-3]: path.read_bytes() for path in course.glob(f"submitted/*/{ASSIGNMENT}/*.ipynb")}


def test_the_same_seed_makes_the_same_class_and_no_two_notebooks_are_equal(released, tmp_path):
    (work, first), (again, second), (_, other) = (
        handed_in(released, tmp_path / name, seed) for name, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert work == again and first.keys() == second.keys()
    places = {b"/a/course": b"/b/course"}  # attacks name the course they attack
    assert {name: text.replace(*next(iter(places.items()))) for name, text in first.items()} == second
    assert first != other
    assert len(set(first.values())) == len(first) >= 23


def test_kinds_are_mixed_as_in_a_class():
    assert shares(300) == {"right": 180, "wrong": 100, "harmful": 20}
    assert shares(6) == {"right": 1, "wrong": 2, "harmful": 3}
    drawn = draw(ASSIGNMENT, 300, random.Random(0))
    assert Counter(kind for kind, _, _ in drawn) == shares(300)
    assert [kind for kind, _, _ in drawn] != sorted(kind for kind, _, _ in drawn)
    assert {name for kind, _, name in drawn if kind != "harmful"} == set(students(ASSIGNMENT)) - set(HARMFUL)


def test_without_a_sandbox_no_attack_is_drawn():
    names = {name for _, origin, name in draw(ASSIGNMENT, 300, random.Random(0), attacks=False) if origin == "attack"}
    assert names and names <= set(BROKEN)


def test_what_is_drawn_exists():
    assert {*ATTACKS, *BROKEN} <= set(KNOWN)
    assert set(HARMFUL) <= {path.name for path in CHAPTERS.glob("*/submissions/*")}


@pytest.mark.parametrize(
    ("exact", "score", "words"), [(True, 2.0, "not 3"), (False, 4.0, "not at most 3"), (False, None, "has None"), (False, -1.0, "has -1")]
)
def test_an_undue_score_is_named(exact, score, words):
    line = Work("student-001", "wrong", "its_name", {"check_a": 3.0, "check_b": 0.0}, exact).wrong_scores(
        {"check_a": score, "check_b": 0.0}
    )
    assert len(line) == 1 and "student-001 (its_name): check_a" in line[0] and words in line[0]


def test_an_attack_may_earn_less_than_its_honest_parts():
    assert Work("student-001", "harmful", "its_name", {"check_a": 3.0}, exact=False).wrong_scores({"check_a": 0.0}) == []


def test_other_scores_in_another_run_are_named():
    known = {"a": {"ada": {"check_a": 1.0}, "ben": {"check_a": 0.0}}}
    assert differences("cluster", {"a": {"ada": {"check_a": 1.0}}}, known) == ["cluster: a: ben has None, not {'check_a': 0.0}"]


def test_plan_from_environment_variables():
    names = {"STUDENTS": "24", "ASSIGNMENTS": "optimizers", "STEPS": "plain cluster", "KILLS": "", "HOME": "x"}
    assert Plan.from_environment(names) == Plan(24, ("optimizers",), ("plain", "cluster"))
    with pytest.raises(ValueError, match="STEPS: expected some of plain, interrupted, cluster, postgresql, got 'all'"):
        Plan.from_environment({"STEPS": "all"})
    with pytest.raises(ValueError, match="ASSIGNMENTS: expected some of convnets, .* got 'poetry'"):
        Plan.from_environment({"ASSIGNMENTS": "poetry"})
    with pytest.raises(ValueError, match="STUDENTS: expected at least 6, got 5"):
        Plan(5)
