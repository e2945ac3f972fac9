"""Hidden checks of the assignment that the attacks are made on. The test puts a word of its own for CANARYWORD."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.compare import expect_array, expect_number, fail

CANARY = "CANARYWORD"
LABELS = Path(__file__).parent / "attack_labels.npy"
MARKED = np.array([8675309.0, 1.0, 2.0, 4.0])  # a hidden input that can be recognised wherever it turns up


def moving_sum(x: np.ndarray, width: int) -> np.ndarray:
    return np.array([x[i : i + width].sum() for i in range(len(x) - width + 1)])


class TestMovingSum:
    def test_example(self, student):
        """The example of the text"""
        expect_array(student.function("moving_sum")(np.array([1.0, 2.0, 3.0, 4.0]), 2), [3.0, 5.0, 7.0], "moving_sum([1, 2, 3, 4], 2)")

    def test_hidden_input(self, student):
        """An array of the course's own"""
        received = student.function("moving_sum")(MARKED, 3)
        if not isinstance(received, np.ndarray) or received.shape != (2,) or not np.allclose(received, moving_sum(MARKED, 3)):
            fail("The sums are wrong.")

    @pytest.mark.points(2)
    def test_fresh_inputs(self, student, rng):
        """Arrays drawn for each submission"""
        for width in (1, 4, 9):
            x = rng.normal(size=12)
            function = student.function("moving_sum").without("statistics")  # as a task for numpy only would withhold scipy
            expect_array(function.must_not_change(x, width), moving_sum(x, width), "moving_sum(x, width)")

    def test_too_wide(self, student):
        """A window wider than the array is refused"""
        student.function("moving_sum").must_raise(ValueError, np.ones(3), 4, when="the window is wider than the array")


class TestTotal:
    def test_total(self, student):
        """The sum of the squares"""
        expect_number(student.value("total"), 385, "total", integer=True)


class TestNet:
    def test_shapes(self, student):
        """Shapes of the parameters"""
        shapes = student.build("Net").parameters()
        if sorted(shapes.values()) != [(2,), (2, 4), (4,), (4, 3)]:
            fail("The parameters have other shapes.")

    @pytest.mark.points(2)
    def test_computes(self, student, rng):
        """Outputs with the course's own weights"""
        model = student.build("Net")
        shapes = {"first.weight": (4, 3), "first.bias": (4,), "second.weight": (2, 4), "second.bias": (2,)}
        weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
        x = rng.normal(size=(5, 3)).astype(np.float32)
        model.load(weights)
        hidden = np.maximum(x @ weights["first.weight"].T + weights["first.bias"], 0)
        expected = hidden @ weights["second.weight"].T + weights["second.bias"]
        expect_array(model.forward(x), expected, "the output", rtol=1e-4, atol=1e-5)


class TestPredictions:
    def test_accuracy(self, student):
        """At least nine in ten labels are right"""
        labels = np.load(LABELS, allow_pickle=False)
        received = expect_array(student.value("predictions"), np.zeros(len(labels)), "predictions", atol=1e9)
        if np.mean(received == labels) < 0.9:
            fail("Fewer than nine in ten labels are right.")
