"""Inputs that checks draw: whatever is drawn, the mistake that a check is for shows."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks import test_convnets as convnets
from autograder.checks import test_receptive_fields as receptive_fields
from autograder.reference import receptive_fields as reference


class Recorder:
    """A student who is right, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple] = []

    def function(self, name: str):
        def answer(*arguments):
            self.asked.append(arguments)
            return getattr(reference, name)(*arguments)

        return answer


@pytest.mark.parametrize("seed", range(200))
def test_windows_in_the_padding_are_asked_of_layers_with_strides(seed):
    """With strides of 1 alone, who multiplies them wrongly is right."""
    student = Recorder()
    receptive_fields.TestInputWindow().test_outside_the_input(student, np.random.default_rng(seed))
    assert any(stride > 1 for layers, _ in student.asked for _, stride, _, _ in layers)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 3), (1, 3), (4, 1), (1, 1), (2, 1, 2, 2), (1, 1, 3, 3)])
def test_no_flip_turn_or_transpose_of_a_kernel_is_another_one(shape):
    """Else a mistake would be called by another's name."""
    for seed in range(300):
        W = convnets.telling_kernel(np.random.default_rng(seed), *shape)
        images = [np.rot90(one, turns, (-2, -1)) for one in (W, np.flip(W, -1)) for turns in range(4)]
        alike = [image for image in images if image.shape == W.shape]
        size = max(shape[-2:])
        different = 1 if size == 1 else 2 if 1 in shape[-2:] else 8 if shape[-1] == shape[-2] else 4
        assert len({image.tobytes() for image in alike}) == different
