"""The reference answers of `parameter_efficiency`: by hand, by properties, against scipy, torch and torchvision."""

import re

import nbformat
import numpy as np
import pytest
import scipy.signal
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from autograder.authoring.course import ROOT
from autograder.reference import parameter_efficiency as reference

FEW = st.integers(1, 5)
SIZE = st.integers(1, 6) | st.tuples(st.integers(1, 6), st.integers(1, 6))
VGGS = {
    "vgg11": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "vgg13": [64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "vgg16": reference.VGG16,
}


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@st.composite
def layer(draw):
    """Arguments of a convolution: in_channels, out_channels, kernel_size, groups."""
    groups = draw(st.integers(1, 4))
    return groups * draw(FEW), groups * draw(FEW), draw(SIZE), groups


@st.composite
def picture_and_kernel(draw):
    kernel = (draw(FEW), draw(FEW))
    picture = tuple(k + draw(st.integers(0, 4)) for k in kernel)
    numbers = st.integers(-9, 9)
    return draw(arrays(np.int64, picture, elements=numbers)), draw(arrays(np.int64, kernel, elements=numbers))


# ---- by hand


def test_a_filter_has_a_weight_for_each_tap_and_channel_and_one_bias():
    assert reference.conv_parameters(2, 4, 3) == 4 * (2 * 3 * 3) + 4
    assert reference.conv_parameters(2, 4, (1, 5), bias=False) == 4 * (2 * 1 * 5)


def test_with_groups_a_filter_sees_the_channels_of_its_group_only():
    assert reference.conv_parameters(12, 18, (3, 2), groups=6) == 18 * (12 // 6 * 3 * 2) + 18


def test_a_linear_layer_has_a_weight_for_each_pair_and_a_bias_for_each_output():
    assert reference.linear_parameters(784, 100) == 784 * 100 + 100
    assert reference.linear_parameters(7, 3, bias=False) == 7 * 3


def test_the_tutorials_two_models():
    assert reference.q3_model_a == 5 * 5 * 3 * 8 + 8 == 608
    assert reference.q3_model_b == (32 * 32 * 3) * (28 * 28 * 8) + 28 * 28 * 8 == 19_273_856


def test_rows_of_the_matrix_are_windows_of_the_unrolled_picture():
    expected = [[1, 10, 0, 0, 0, 0], [0, 1, 10, 0, 0, 0], [0, 0, 0, 1, 10, 0], [0, 0, 0, 0, 1, 10]]
    np.testing.assert_array_equal(reference.conv_matrix([[1, 10]], (2, 3)), expected)


def test_the_lectures_matrix_has_nine_distinct_weights_where_a_full_one_has_64():
    matrix = reference.conv_matrix(np.arange(1, 10).reshape(3, 3), (4, 4))
    assert matrix.shape == (4, 16)
    assert set(matrix.ravel()) - {0} == set(range(1, 10))
    assert np.count_nonzero(matrix) == 4 * 9


def test_every_output_value_costs_as_many_products_as_its_filter_has_weights():
    assert reference.conv_macs(2, 4, 3, 5) == 4 * 5 * 5 * (2 * 3 * 3)
    assert reference.conv_macs(2, 4, 3, 5, groups=2) == 4 * 5 * 5 * (1 * 3 * 3)
    assert reference.conv_macs(1, 1, (1, 7), (2, 3)) == 2 * 3 * 7


def test_a_tiny_vgg_layer_by_layer():
    parameters = (2 * 3 * 9 + 2) + (8 * 4096 + 4096) + (4096 * 4096 + 4096) + (4096 * 3 + 3)
    macs = 4 * 4 * 2 * 3 * 9 + 8 * 4096 + 4096 * 4096 + 4096 * 3
    assert reference.vgg_counts([2, "M"], image_size=4, num_classes=3) == (parameters, macs) == (16_830_523, 16_823_136)


def test_pooling_rounds_odd_sizes_down():
    assert reference.vgg_counts(["M", 1], 7, 1) == reference.vgg_counts(["M", 1], 6, 1)


def test_separable_layer_filters_each_channel_then_mixes():
    model = reference.DepthwiseSeparable(2, 1, 1)
    with torch.no_grad():
        model.depthwise.weight[:] = torch.tensor([2.0, 3.0]).reshape(2, 1, 1, 1)
        model.pointwise.weight[:] = torch.tensor([10.0, 100.0]).reshape(1, 2, 1, 1)
        y = model(torch.tensor([5.0, 7.0]).reshape(1, 2, 1, 1))
    assert y.item() == 5 * 2 * 10 + 7 * 3 * 100


def test_equivariance_error_of_the_worked_example():
    row = torch.tensor([[[[1.0, 2.0, 5.0, 3.0]]]])
    assert reference.equivariance_error(nn.MaxPool2d((1, 2)), row, (0, 1)) == max(abs(3 - 5), abs(5 - 2))
    assert reference.equivariance_error(nn.MaxPool2d((1, 2)), row, (1, 0)) == 0


# ---- properties


@given(layer())
def test_groups_divide_the_weights(arguments):
    inputs, outputs, kernel, groups = arguments
    whole = reference.conv_parameters(inputs, outputs, kernel, bias=False)
    assert reference.conv_parameters(inputs, outputs, kernel, bias=False, groups=groups) * groups == whole
    assert reference.conv_parameters(inputs, outputs, kernel, groups=groups) * groups == whole + outputs * groups


@given(layer(), SIZE)
def test_macs_are_weights_times_places(arguments, size):
    inputs, outputs, kernel, groups = arguments
    places = size * size if isinstance(size, int) else size[0] * size[1]
    weights = reference.conv_parameters(inputs, outputs, kernel, bias=False, groups=groups)
    assert reference.conv_macs(inputs, outputs, kernel, size, groups) == weights * places


@given(FEW, FEW, FEW)
def test_a_convolution_as_large_as_its_input_is_a_linear_layer(channels, outputs, size):
    assert reference.conv_parameters(channels, outputs, size) == reference.linear_parameters(channels * size**2, outputs)


@given(picture_and_kernel())
def test_the_matrix_is_linear_in_the_kernel_and_repeats_its_sum(pair):
    x, W = pair
    np.testing.assert_array_equal(reference.conv_matrix(3 * W, x.shape), 3 * reference.conv_matrix(W, x.shape))
    np.testing.assert_array_equal(reference.conv_matrix(W, x.shape).sum(axis=1), W.sum())


@given(picture_and_kernel())
def test_nothing_is_changed_or_shared(pair):
    x, W = pair
    before = W.copy()
    for shape in (x.shape, W.shape):
        assert not np.shares_memory(reference.conv_matrix(W, shape), W)
    np.testing.assert_array_equal(W, before)


@given(FEW, FEW, st.sampled_from([1, 3, 5, 7]))
def test_separable_layer_keeps_the_size_and_has_few_parameters(inputs, outputs, kernel):
    model = reference.DepthwiseSeparable(inputs, outputs, kernel)
    assert model(torch.zeros(2, inputs, 6, 9)).shape == (2, outputs, 6, 9)
    assert parameters(model) == inputs * kernel**2 + inputs * outputs


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_circular_convolution_is_equivariant_under_every_shift(rows, columns):
    torch.manual_seed(0)
    conv, x = nn.Conv2d(2, 3, 3, padding=1, padding_mode="circular"), torch.rand(2, 2, 5, 7)
    assert reference.equivariance_error(conv, x, (rows, columns)) < 1e-5


# ---- scipy, torch and torchvision


@given(layer(), st.booleans())
def test_torch_agrees_on_parameters(arguments, bias):
    inputs, outputs, kernel, groups = arguments
    with torch.device("meta"):
        conv, linear = nn.Conv2d(inputs, outputs, kernel, groups=groups, bias=bias), nn.Linear(inputs, outputs, bias=bias)
    assert reference.conv_parameters(inputs, outputs, kernel, bias, groups) == parameters(conv)
    assert reference.linear_parameters(inputs, outputs, bias) == parameters(linear)


def counted_macs(model: nn.Module, x: torch.Tensor) -> int:
    with FlopCounterMode(display=False) as counter:
        model(x)
    return counter.get_total_flops() // 2


@pytest.mark.parametrize(("kernel", "size", "groups"), [(3, 8, 1), ((1, 5), (4, 9), 2), ((2, 3), 6, 4)])
def test_torch_agrees_on_macs(kernel, size, groups):
    height, width = size if isinstance(size, tuple) else (size, size)
    rows, columns = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    with torch.device("meta"):
        conv, x = nn.Conv2d(8, 12, kernel, groups=groups), torch.empty(1, 8, height + rows - 1, width + columns - 1)
        assert counted_macs(conv, x) == reference.conv_macs(8, 12, kernel, size, groups)


@pytest.mark.parametrize("name", VGGS)
def test_torchvision_agrees_on_vgg(name):
    with torch.device("meta"):
        model = getattr(torchvision.models, name)()
        expected = parameters(model), counted_macs(model, torch.empty(1, 3, 224, 224))
    assert reference.vgg_counts(VGGS[name]) == expected


def test_vgg_16_has_the_numbers_everybody_quotes():
    assert reference.vgg_counts(reference.VGG16) == (138_357_544, 15_470_264_320)


@given(picture_and_kernel())
def test_scipy_agrees_on_the_matrix(pair):
    x, W = pair
    correlated = scipy.signal.correlate2d(x, W, mode="valid")
    np.testing.assert_array_equal(reference.conv_matrix(W, x.shape) @ x.ravel(), correlated.ravel())


def test_torch_agrees_on_the_separable_layer():
    torch.manual_seed(0)
    model, x = reference.DepthwiseSeparable(3, 4, 5), torch.rand(2, 3, 8, 6)
    full = model.pointwise.weight * model.depthwise.weight[:, 0]  # (C_out, C_in, K, K)
    torch.testing.assert_close(model(x), nn.functional.conv2d(x, full, padding=2), rtol=1e-4, atol=1e-5)


# ---- the symmetries of the assignment's layers


def given_layers() -> tuple[dict[str, nn.Module], torch.Tensor]:
    """The layers and the digits that the notebook's locked cells make."""
    folder = ROOT / "source" / "parameter_efficiency"
    cells = {cell.id: cell.source for cell in nbformat.read(folder / "parameter_efficiency.ipynb", 4).cells}
    space = {"np": np, "torch": torch, "nn": nn, "print": lambda *_: None}
    source = cells["digits"].replace('"digits.npz"', repr(str(folder / "digits.npz"))) + "\n" + cells["layers"]
    exec(source, space)
    return space["layers"], space["digits"]


def measured(layer: nn.Module, x: torch.Tensor) -> str:
    shifts = [(1, 0), (0, 1), (2, 2), (7, -3), (14, 14)]
    with torch.no_grad():
        changes = max((layer(torch.roll(x, shift, (2, 3))) - layer(x)).abs().max() for shift in shifts)
    errors = max(reference.equivariance_error(layer, x, shift) for shift in shifts)
    return "invariant" if changes < 1e-5 else "equivariant" if errors < 1e-5 else "neither"


def test_symmetries_are_what_can_be_measured():
    layers, digits = given_layers()
    assert {name: measured(layer, digits) for name, layer in layers.items()} == reference.symmetries


def test_the_task_prints_the_three_words():
    source = nbformat.read(ROOT / "source" / "parameter_efficiency" / "parameter_efficiency.ipynb", 4)
    text = next(cell.source for cell in source.cells if cell.id == "task-symmetries")
    assert set(re.findall(r'^- `"(\w+)"`', text, re.MULTILINE)) == set(reference.symmetries.values())
