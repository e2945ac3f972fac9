"""What recipes reach (`reached.yaml` of a chapter, from `make recipes`): what the texts say of it, and that full marks lie within reach."""

from __future__ import annotations

import json
import re

import pytest
from prose import names_for
from recipes import table
from recipes.table import cells, chosen, main, reached, read_recipes, run

from autograder.authoring.course import ROOT

RECIPES = read_recipes()
OWN = [recipe for recipe in RECIPES if recipe.name == "the course's own" or not recipe.changes]
FULL_MARKS = {  # the constant of the hidden checks that a task's full mark asks for
    ("convnets", "digit_predictions"): "FULL_ACCURACY",
    ("deep_networks", "fashion_predictions"): "FULL_ACCURACY",
    ("rnn_design", "sentiment_model"): "SENTIMENT_STEPS",
    ("rnn_design", "translations"): "NUMERAL_STEPS",
    ("training_pipeline", "digit_predictions"): "FULL_ACCURACY",
    ("transfer_learning", "frozen_predictions"): "FROZEN_STEPS",
    ("transfer_learning", "finetuned_predictions"): "TUNED_STEPS",
}


def text(assignment: str) -> str:
    """What an assignment's cells of text say, on one line."""
    content = json.loads((ROOT / "source" / assignment / f"{assignment}.ipynb").read_text("utf-8"))
    return " ".join(" ".join("".join(cell["source"]).split()) for cell in content["cells"] if cell["cell_type"] == "markdown")


def test_every_recipe_was_run_as_often_as_it_says():
    assert {recipe.key: recipe.runs for recipe in RECIPES} == {key: entry["runs"] for key, entry in reached().items()}, "run `make recipes`"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.key)
def test_texts_say_what_was_reached(recipe):
    assert recipe.says or recipe.holds
    assert [sentence for sentence in recipe.sentences() if sentence not in text(recipe.assignment)] == []
    assert [expression for expression in recipe.holds if not eval(expression, dict(reached()[recipe.key]))] == []


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.key)
def test_changes_fit_the_reference_solution(recipe):
    assert any("seed" in re.findall(r"\w+", source) for source, _ in cells(recipe))


@pytest.mark.parametrize("recipe", OWN, ids=lambda recipe: recipe.key)
def test_full_marks_leave_room_below_the_worst_run(recipe):
    constants = names_for(f"source/{recipe.assignment}")
    if recipe.task == "race":
        assert reached()[recipe.key]["highest"] <= constants["LAST_LOSS"] - 0.1
    else:
        full = constants[FULL_MARKS[recipe.assignment, recipe.task]]
        assert reached()[recipe.key]["lowest"] >= (full if isinstance(full, float) else full[-1]) + 0.025


@pytest.mark.parametrize("name", ["convnets/digit_predictions/a linear classifier", "optimizers/race/gradient descent with 0.01"])
def test_a_run_reaches_what_is_stored(name):
    """`make recipes` runs all; to the last digit they are the same on one kind of machine only."""
    recipe = next(recipe for recipe in RECIPES if recipe.key == name)
    scores, seconds = run(recipe, 0)
    stored = reached()[name]
    assert all(stored["lowest"] - 0.01 <= score <= stored["highest"] + 0.01 for score in scores)
    assert seconds > 0


def test_a_change_that_fits_nowhere_is_told():
    recipe = table.Recipe("convnets", "digit_predictions", "strange", 1, changes=(("no such words", ""),))
    with pytest.raises(ValueError, match="expected 'no such words' once in the solution, found it 0 times"):
        cells(recipe)


def test_chosen_recipes(capsys):
    assert {recipe.assignment for recipe in chosen(["convnets"])} == {"convnets"}
    assert {recipe.task for recipe in chosen(["rnn_design:translations"])} == {"translations"}
    assert main(["nothing"]) == 2
    assert "got 'nothing'" in capsys.readouterr().err
