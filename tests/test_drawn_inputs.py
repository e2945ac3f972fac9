"""Inputs that checks draw: whatever is drawn, the mistake that a check is for shows."""

from __future__ import annotations

import numpy as np
import pytest

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
