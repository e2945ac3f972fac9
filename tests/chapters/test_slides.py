"""The worked examples of the slides in one table: set and place, what is worked out, the course's own code, the right result.

Where the slides leave a result out or print a wrong one, the right one stands here, and the row says so. How the chapters
come to these and to all their other numbers is in `<id>/test_worked_numbers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import torch
import torchvision
from numpy.typing import ArrayLike
from slide_data import I_EXAMPLE_1, W_004, W_EXAMPLE_1, X_000, X_004
from torch import nn

from autograder.reference import convnets, optimizers, parameter_efficiency, receptive_fields, rnn_design, training_pipeline

VERTICAL, HORIZONTAL = [[1, 0, -1]] * 3, [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
LEFT = X_000[:5, :5]
GAPS = np.array([[1, 1], [2, 7], [np.nan, 7], [4, 7], [5, np.nan]])
LENET = ((1, 16), (16, 32), (32, 64))


def inputs_1(padding: int) -> np.ndarray:
    """004, example 1: the inputs U of the units."""
    return convnets.conv2d(I_EXAMPLE_1[None], W_EXAMPLE_1[None, None], [0.05], padding=padding)[0]


def outputs_1(padding: int) -> np.ndarray:
    """004, example 1: the units' outputs."""
    return 1 / (1 + np.exp(-inputs_1(padding)))


def count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def net_of_000() -> nn.Module:
    """000's `Net`: three convolutions with a pooling each, two linear layers."""
    convolutions = [layer for a, b in LENET for layer in (nn.Conv2d(a, b, 3), nn.MaxPool2d(2))]
    return nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(64 * 2 * 2, 128), nn.Linear(128, 10))


def accepted_by_000() -> list[int]:
    """The sizes of pictures that reach the first linear layer of 000's `Net` with the 256 numbers it expects."""
    features, sizes = net_of_000()[:-2], []
    for size in range(24, 45):
        if features(torch.zeros(1, 1, size, size)).shape[1] == 256:
            sizes.append(size)
    return sizes


def bits(share: float, base: float = np.e) -> float:
    """What the cross-entropy says of the share given to the right class."""
    return training_pipeline.cross_entropy(np.log([[share, 1 - share]]), np.array([0])) / np.log(base)


class Row(NamedTuple):
    """One worked example; ``decimals``: to so many the result is written, exact if None."""

    slides: str
    what: str
    computed: Callable[[], ArrayLike]
    result: ArrayLike
    decimals: int | None = 9


SIZE, CONV = convnets.conv_output_size, parameter_efficiency.conv_parameters
TABLE = [
    Row("000 Q1", "correlation with the vertical edge", lambda: convnets.correlate2d(X_000, VERTICAL),
        [[-0.2, 0, 0.2, 1.1], [-0.3, 0.1, 0.1, 1.2], [-0.2, 0.1, 0.1, 0.3], [-1.2, 0, 0.5, 1]]),
    Row("000 Q1", "its max pooling", lambda: convnets.max_pool2d(convnets.correlate2d(X_000, VERTICAL), 2), [[0.1, 1.2], [0.1, 1]]),
    Row("000 Q1", "its mean pooling", lambda: convnets.avg_pool2d(convnets.correlate2d(X_000, VERTICAL), 2), [[-0.1, 0.65], [-0.325, 0.475]]),
    Row("000 Q1", "224 pixels, kernel 11, stride 4, no padding", lambda: SIZE(224, 11, 4), 54, None),
    Row("000 Q1", "the same with 227 pixels", lambda: SIZE(227, 11, 4), 55, None),
    Row("000 Q1", "torchvision's padding of 2", lambda: SIZE(224, 11, 4, 2), 55, None),
    Row("000 Q1", "parameters of `Net`", lambda: count(net_of_000()), 57_482, None),
    Row("000 Q1", "pictures that `Net` takes (not 28, as the slide has it)", accepted_by_000, list(range(30, 38)), None),
    Row("000 Q2", "fields and jumps of kernel 5, stride 2 and kernel 2", lambda: receptive_fields.receptive_fields([(5, 2, 0, 1), (2, 1, 0, 1)]), [(5, 2), (7, 2)], None),
    Row("000 Q3", "weights of model A", lambda: CONV(3, 8, 5), 608, None),
    Row("000 Q3", "weights of model B", lambda: parameter_efficiency.linear_parameters(32 * 32 * 3, 28 * 28 * 8), 19_273_856, None),
    Row("000 Extra", "gaps filled with the medians", lambda: training_pipeline.impute_median(GAPS, GAPS)[0][[2, 4], [0, 1]], [3, 7]),
    Row("001 Tasks", "correlation with the horizontal edge", lambda: convnets.correlate2d(LEFT, HORIZONTAL),
        [[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, 2.7]]),
    Row("001 Tasks", "its convolution", lambda: convnets.convolve2d(LEFT, HORIZONTAL), [[2.6, 2.6, 2.8], [0.2, -0.1, -0.1], [-2.8, -2.6, -2.7]]),
    Row("001 §2", "ten layers of 3 × 3", lambda: receptive_fields.receptive_fields([(3, 1, 0, 1)] * 10)[-1], (21, 1), None),
    Row("001 §4", "a recurrent step from rest", lambda: rnn_design.rnn_step([1.0], [0.0], [[1.0]], [[1.0]], [0.0]), [0.7616], 4),
    Row("002", "weights of the fully connected layer on MNIST", lambda: parameter_efficiency.linear_parameters(784, 100), 78_500, None),
    Row("002", "cross-entropy of 0.66, base 2", lambda: bits(0.66, 2), 0.599, 3),
    Row("002", "cross-entropy of 0.10, base 2", lambda: bits(0.10, 2), 3.322, 3),
    Row("002", "cross-entropy of 0.66, natural", lambda: bits(0.66), 0.416, 3),
    Row("002", "cross-entropy of 0.10, natural", lambda: bits(0.10), 2.303, 3),
    Row("002", "VGG-16's flattened maps", lambda: torchvision.models.vgg16().classifier[0].in_features, 25_088, None),
    Row("003", "parameters of AlexNet", lambda: count(torchvision.models.alexnet()), 61_100_840, None),
    Row("003", "parameters of VGG-16", lambda: count(torchvision.models.vgg16()), 138_357_544, None),
    Row("003", "parameters of ResNet-152 (misprinted there)", lambda: count(torchvision.models.resnet152()), 60_192_808, None),
    Row("003", "a fully connected layer of 100 on 227 × 227 × 3", lambda: parameter_efficiency.linear_parameters(227 * 227 * 3, 100, bias=False), 15_458_700, None),
    Row("003", "a hundred filters of 11 × 11 × 3", lambda: CONV(3, 100, 11, bias=False), 36_300, None),
    Row("003", "the volume's maps, 11 × 11 × 4 with two 5 × 5 filters, stride 2",
        lambda: convnets.conv2d(np.zeros((4, 11, 11)), np.zeros((2, 4, 5, 5)), [0, 0], stride=2).shape, (2, 4, 4), None),
    Row("003", "28 pixels with a kernel of 3, padded by 0 and 1", lambda: (SIZE(28, 3), SIZE(28, 3, padding=1)), (26, 28), None),
    Row("003", "parameters of the MNIST network", lambda: count(training_pipeline.DigitNet()), 8_490, None),
    Row("003, 004", "7 pixels with a kernel of 3 and strides 1, 2, 3 (the slides refuse the last)", lambda: [SIZE(7, 3, s) for s in (1, 2, 3)], [5, 3, 2], None),
    Row("004", "12 pixels with a kernel of 3: plain, stride 2, dilation 3", lambda: [SIZE(12, 3), SIZE(12, 3, 2), SIZE(12, 3, dilation=3)], [10, 5, 6], None),
    Row("004", "ten filters of 5 × 5 on 3 × 32 × 32, padding 2", lambda: (SIZE(32, 5, 1, 2), CONV(3, 10, 5)), (32, 760), None),
    Row("004", "six filters of 5 × 5, no padding", lambda: SIZE(32, 5), 28, None),
    Row("004", "correlation of the 4 × 4 example", lambda: convnets.correlate2d(X_004, W_004), [[122, 148], [126, 134]]),
    Row("004", "its convolution", lambda: convnets.convolve2d(X_004, W_004), [[119, 148], [121, 143]]),
    Row("004, example 1", "U, no padding (u(2,1) misprinted there)", lambda: inputs_1(0), [[-0.35, 1.35, 0.75], [-0.55, 0.85, 0.05], [0.75, 0.05, 1.15]]),
    Row("004, example 1", "its sigmoid", lambda: outputs_1(0), [[0.413, 0.794, 0.679], [0.366, 0.701, 0.512], [0.679, 0.512, 0.760]], 3),
    Row("004, example 1", "its max pooling", lambda: convnets.max_pool2d(outputs_1(0), 2), [[0.794]], 3),
    Row("004, example 1", "U, padded (missing there)", lambda: inputs_1(1),
        [[0.75, 1.65, -0.15, 0.75, 0.95], [-0.45, -0.35, 1.35, 0.75, 1.15], [1.85, -0.55, 0.85, 0.05, 0.15], [-1.05, 0.75, 0.05, 1.15, -0.75], [0.85, 0.15, -0.05, -0.35, 0.65]]),
    Row("004, example 1", "its pooled sigmoid (missing there)", lambda: convnets.max_pool2d(outputs_1(1), 2), [[0.839, 0.794], [0.864, 0.760]], 3),
    Row("004, example 2", "three filters on a digit, pooled",
        lambda: [convnets.max_pool2d(u, 2).shape for u in convnets.conv2d(np.zeros((1, 28, 28)), np.zeros((3, 1, 3, 3)), [0] * 3)], [(13, 13)] * 3, None),
    Row("004 part 3", "Adam's first step, with the power t that is missing there",
        lambda: optimizers.adam_step(np.array([0.0]), np.array([1.0]), np.zeros(1), np.zeros(1), 1, 0.1, 0.9, 0.999, 0.0)[0], [-0.1]),
    Row("004 part 3", "a learning rate that falls", lambda: [optimizers.annealed_rate(0.1, 1, t) for t in (0, 1, 9)], [0.1, 0.05, 0.01]),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.slides}: {row.what}" for row in TABLE])
def test_worked_example_of_the_slides(row):
    received, expected = np.asarray(row.computed()), np.asarray(row.result)
    assert received.shape == expected.shape
    if row.decimals is None:
        assert np.array_equal(received, expected)
    else:
        np.testing.assert_allclose(received, expected, rtol=0, atol=0.51 * 10.0**-row.decimals)


def test_every_set_of_slides_has_its_rows():
    assert {row.slides[:3] for row in TABLE} == {"000", "001", "002", "003", "004"}
