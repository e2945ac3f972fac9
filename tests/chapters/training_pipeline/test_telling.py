"""What the checks of `training_pipeline` recognise without asking a student's process."""

import numpy as np
import pytest
import torch

from autograder.checks.training_pipeline_digits import shape_mistake
from autograder.checks.training_pipeline_lessons import Lesson, epoch_mistakes
from autograder.checks.training_pipeline_telling import explained, reading
from autograder.compare import CheckFailed, fail
from autograder.reference import training_pipeline as reference

SIGNS = {r"no axis (\d)": r"There is no axis \1.", "axis": "An axis."}


@pytest.mark.parametrize(
    ("words", "told"), [("`f` raised: no axis 3", "There is no axis 3."), ("`f` raised: axis", "An axis."), ("`f` raised", "")]
)
def test_a_failure_is_told_with_the_first_mistake_that_its_words_show(words, told):
    with pytest.raises(CheckFailed) as caught, reading(SIGNS):
        fail(words, "1", "2")
    assert (caught.value.diagnosis, caught.value.expected, caught.value.received) == (told, "1", "2")


def test_a_failure_that_names_a_mistake_keeps_it():
    with pytest.raises(CheckFailed) as caught, reading(SIGNS), explained(["Another."]):
        fail("no axis 3", diagnosis="The first.")
    assert caught.value.diagnosis == "The first."


RIGHT = [tuple(value.shape) for value in reference.DigitNet().parameters()]


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (RIGHT, ""),
        ([*RIGHT, (10,)], ""),
        ([(10, 1, 3, 3) if shape == (10, 1, 5, 5) else shape for shape in RIGHT], "3×3; 5×5 were asked for"),
        ([(10, 980) if shape == (10, 320) else shape for shape in RIGHT], "as if the convolutions were padded"),
        ([shape for shape in RIGHT if len(shape) > 1], "has no bias"),
        ([*RIGHT, (10, 10)], "4 layers with weights"),
    ],
    ids=["right", "a vector more", "small filters", "padded", "no biases", "a layer more"],
)
def test_parameters_of_another_network_are_told_by_their_shapes(shapes, words):
    told = shape_mistake(sorted(shapes))
    assert words in told and bool(words) == bool(told)


def test_a_mode_is_no_mistake_of_a_network_without_layers_that_have_one():
    state = {"0.weight": np.ones((2, 3), dtype=np.float32), "0.bias": np.zeros(2, dtype=np.float32)}
    batches = [(torch.arange(size * 3).reshape(size, 3) / 8, torch.zeros(size, dtype=torch.int64)) for size in (3, 2)]
    sentences = {text for text, _ in epoch_mistakes(Lesson(state, batches))}
    assert not any("training mode" in text or "momentum was not used" in text for text in sentences)
    assert any("small batches" in text for text in sentences)
