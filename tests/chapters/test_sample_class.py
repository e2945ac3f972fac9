"""The sample class, graded by the real command: every submission earns what its folder expects, and is told why."""

import functools
from pathlib import Path

import build_samples
import nbformat
import pytest
import yaml
from nbgrader.api import Gradebook

from autograder.authoring.course import BUILD, assignments, fix_seed, make_course, nbgrader
from autograder.authoring.sample import autograde, hand_in, students, submissions
from autograder.engine.store import FOLDER
from autograder.judge.self_test import sandbox_level_problem

ROOT = Path(__file__).resolve().parents[2]
CASES = [(name, path.name) for name in assignments() for path in sorted(submissions(name).iterdir()) if path.is_dir()]
NAMES = [f"{name}-{student}" for name, student in CASES]
HONEST = ("perfect", "honest_")
WEAK = {
    "convnets": ("empty", "wrong_layout", "wrong_swapped"),
    "receptive_fields": ("empty", "wrong_jumps"),
    "transfer_learning": ("wrong_axes",),
}
WEAK_CASES = [(name, student) for name, weak in WEAK.items() for student in weak]
SCREENS, SCREEN = 8, (1280, 900)  # of a page before anything is unfolded; pixels of one
HONEST_CASES = [(name, student) for name, student in CASES if student.startswith(HONEST)]
ANYWAY = "perfect"  # whom tests of the whole assignment look at


def params(item) -> dict:
    return item.callspec.params if hasattr(item, "callspec") else {}


def expected(name: str, student: str) -> dict:
    return yaml.safe_load((submissions(name) / student / "expected.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """For each assignment, a course folder in which the chosen part of its sample class was graded and has its feedback."""
    own = [params(item) for item in request.session.items if item.path == Path(__file__) and "graded" in item.fixturenames]
    chosen = {(p["name"], p["student"]) for p in own if "student" in p}
    level = [] if sandbox_level_problem() is None else ["--Grade.sandbox=process"]
    kept = BUILD / "tested" / FOLDER  # what hasn't changed since the last run isn't graded again
    kept.mkdir(parents=True, exist_ok=True)

    @functools.cache
    def course_of(name: str) -> Path:
        course = tmp_path_factory.mktemp("class") / "course"
        make_course(course, [name])
        fix_seed(course)
        (course / FOLDER).symlink_to(kept)
        hand_in(course, name, [student for student in students(name) if student == ANYWAY or (name, student) in chosen])
        nbgrader(course, "generate_assignment", name)
        autograde(course, name, *level)
        nbgrader(course, "generate_feedback", name)
        return course

    return course_of


def scores_in_gradebook(course: Path, name: str, student: str) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission(name, student).notebooks[0].grades
        return {grade.name.removeprefix("check_"): grade.auto_score for grade in grades if grade.name.startswith("check_")}


def report_text(course: Path, name: str, student: str, task: str) -> str:
    cells = nbformat.read(course / "autograded" / student / name / f"{name}.ipynb", 4).cells
    cell = next(cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == f"check_{task}")
    return "".join(output.data["text/plain"] for output in cell.outputs if "data" in output)


@pytest.mark.parametrize(("name", "student"), CASES, ids=NAMES)
def test_every_task_earns_what_is_expected(graded, name, student):
    assert scores_in_gradebook(graded(name), name, student) == pytest.approx(expected(name, student)["scores"])


@pytest.mark.parametrize(("name", "student"), CASES, ids=NAMES)
def test_feedback_names_the_mistake(graded, name, student):
    for task, words in expected(name, student).get("feedback", {}).items():
        assert words in report_text(graded(name), name, student, task)


@pytest.mark.parametrize(("name", "student"), CASES, ids=NAMES)
def test_everybody_gets_a_feedback_page_without_anything_hidden(graded, name, student):
    page = (graded(name) / "feedback" / student / name / f"{name}.html").read_text("utf-8")
    for word in ("BEGIN HIDDEN", "# hidden:", "autograder/checks", "autograder/reference", "BEGIN SOLUTION", str(graded(name)), str(ROOT)):
        assert word not in page


@pytest.mark.parametrize(("name", "student"), WEAK_CASES, ids=["-".join(case) for case in WEAK_CASES])
def test_the_page_of_a_weak_student_is_short_until_it_is_unfolded(graded, chromium, name, student):
    tab = chromium.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
    tab.goto((graded(name) / "feedback" / student / name / f"{name}.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollHeight") < SCREENS * SCREEN[1]
    assert tab.locator(".task[open]").count() >= 3
    tab.close()


@pytest.mark.parametrize(("name", "student"), HONEST_CASES, ids=[f"{name}-{student}" for name, student in HONEST_CASES])
def test_reference_solution_and_honest_variants_earn_full_marks(graded, name, student):
    cells = nbformat.read(ROOT / "source" / name / f"{name}.ipynb", 4).cells
    graded_cells = [cell.metadata.nbgrader for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    full = {entry.grade_id.removeprefix("check_"): entry.points for entry in graded_cells if not entry.solution}
    assert scores_in_gradebook(graded(name), name, student) == full


@pytest.mark.parametrize("name", assignments())
def test_sample_class_is_large_enough_to_mean_something(name):
    assert len([student for other, student in CASES if other == name]) >= 12
    assert len([student for other, student in HONEST_CASES if other == name]) >= 5


@pytest.mark.parametrize("name", assignments())
def test_written_answers_wait_for_a_person(graded, name):
    with Gradebook(f"sqlite:///{graded(name) / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission(name, ANYWAY).notebooks[0].grades
        assert sum(grade.needs_manual_grade for grade in grades) == sum(not grade.name.startswith("check_") for grade in grades) > 0


@pytest.mark.parametrize(("name", "student"), CASES, ids=NAMES)
def test_sample_notebook_is_what_its_answers_and_the_release_make(name, student):
    folder = submissions(name) / student
    built = build_samples.submission(folder, ROOT / "release" / name / f"{name}.ipynb")
    assert (folder / f"{name}.ipynb").read_text("utf-8") == nbformat.writes(built) + "\n", "run tests/build_samples.py"
