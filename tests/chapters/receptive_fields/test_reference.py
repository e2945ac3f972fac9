"""The reference answers of `receptive_fields`: by hand, by properties, against torch's gradients and torchvision's models."""

import copy
import itertools

import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.reference import receptive_fields as reference

LAYER = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 3))
LAYERS = st.lists(LAYER, min_size=1, max_size=4)


# ---- by hand


def test_tutorial_network_has_the_fields_5_and_7():
    fields = reference.receptive_fields(reference.TUTORIAL)
    assert fields == [(1 + (5 - 1) * 1, 1 * 2), (5 + (2 - 1) * 2, 2 * 1)]
    assert reference.q2a == (5, 7)


def test_dilated_taps_lie_apart_by_dilation_times_jump():
    assert reference.receptive_fields([(3, 2, 0, 1), (3, 1, 0, 2)]) == [(3, 2), (3 + 2 * (3 - 1) * 2, 2)]


def test_without_layers_there_is_no_field():
    assert reference.receptive_fields([]) == []


def test_window_goes_back_through_strides_and_padding():
    layers = [(3, 2, 1, 1), (3, 1, 1, 1)]
    assert reference.input_window(layers, 2) == ((2 * 1 - 1) * 2 - 1, (2 * 1 - 1 + 2) * 2 - 1 + 2 + 1) == (1, 8)
    assert reference.input_window(layers, 0) == ((0 - 1) * 2 - 1, (0 - 1 + 2) * 2 - 1 + 2 + 1) == (-3, 4)
    assert reference.input_window([(3, 2, 0, 4)], 1) == (1 * 2, 1 * 2 + 4 * 2 + 1)


def test_paths_add_up_rows_that_lie_a_jump_apart():
    assert reference.path_counts([]).tolist() == [1]
    assert reference.path_counts([(3, 1, 0, 1)] * 2).tolist() == [1, 1 + 1, 1 + 1 + 1, 1 + 1, 1]
    assert reference.path_counts([(3, 2, 0, 1), (3, 1, 0, 1)]).tolist() == [1, 1, 1 + 1, 1, 1 + 1, 1, 1]
    assert reference.path_counts([(2, 1, 0, 3)]).tolist() == [1, 0, 0, 1]


def test_layers_are_read_from_numbers_and_pairs_in_order():
    rows = [("conv", 5, 1, 2), ("relu",), [("maxpool", 2), [("avgpool", (3, 3), (1, 1))]], ("conv", (3, 3), 2, 1, 4)]
    expected = [(5, 1, 2, 1), (2, 2, 0, 1), (3, 1, 0, 1), (3, 2, 1, 4)]
    assert reference.layers_of(reference.build_features(rows)) == expected


def test_measured_field_ends_where_weights_are_zero():
    model = reference.ConvStack([((3, 5), 1, 0, 1)])
    assert reference.measured_receptive_field(model, 12) == (3, 5)
    with torch.no_grad():
        model.layers[0].weight[..., 0] = 0
    assert reference.measured_receptive_field(model, 12) == (3, 4)


def test_measured_field_is_empty_without_weights():
    model = reference.ConvStack([(3, 1, 0, 1)])
    with torch.no_grad():
        model.layers[0].weight.zero_()
    assert reference.measured_receptive_field(model, 9) == (0, 0)


def test_two_paths_see_what_the_wider_one_sees():
    model = reference.TwoPaths([(3, 1, 1, 1)], [(3, 1, 4, 4)])
    assert reference.measured_receptive_field(model, 20) == (1 + 4 * 2, 1 + 4 * 2)


def test_design_reaches_the_longest_field_without_holes_and_no_further():
    assert [reference.longest_field(count) for count in range(1, 6)] == [3, 9, 27, 59, 91]
    assert reference.design_stack(7, 2) == [(3, 1, 1, 1), (3, 1, 3, 3)]
    assert [dilation for *_, dilation in reference.design_stack(59, 4)] == [1, 3, 9, 16]
    with pytest.raises(ValueError, match="at most 9 for 2 layers, got 10"):
        reference.design_stack(10, 2)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_other_dilations_reach_further_without_holes(count):
    stacks = itertools.combinations_with_replacement(range(1, reference.MOST_DILATION + 1), count)
    counts = [reference.path_counts([(3, 1, 0, dilation) for dilation in dilations]) for dilations in stacks]
    assert max(len(paths) for paths in counts if paths.all()) == reference.longest_field(count)


# ---- the numbers of the syllabus and of the notebook's text


@pytest.mark.parametrize(("name", "field"), [("alexnet", (195, 32)), ("vgg16", (212, 32))])
def test_fields_at_the_last_pooling_of_torchvisions_models(name, field):
    with torch.device("meta"):
        features = getattr(torchvision.models, name)().features
    assert reference.receptive_fields(reference.layers_of(features))[-1] == field


def test_ten_layers_look_at_their_middle():
    counts = reference.path_counts([(3, 1, 0, 1)] * 10)
    shares, positions = counts / counts.sum(), np.arange(21) - 10
    assert len(counts) == 21
    assert np.sqrt((shares * positions**2).sum()) == pytest.approx(np.sqrt(10 * 2 / 3))
    assert round(np.sqrt(10 * 2 / 3), 2) == 2.58
    assert round(shares[np.abs(positions) <= 5].sum(), 2) == 0.97


# ---- properties


@given(LAYERS)
def test_field_is_the_span_of_all_taps(layers):
    seen = {0}
    for kernel, stride, padding, dilation in reversed(layers):
        seen = {unit * stride - padding + tap * dilation for unit in seen for tap in range(kernel)}
    start, stop = reference.input_window(layers, 0)
    assert (start, stop) == (min(seen), max(seen) + 1)
    assert stop - start == reference.receptive_fields(layers)[-1][0]
    assert np.flatnonzero(reference.path_counts(layers)).tolist() == sorted(place - start for place in seen)


@given(LAYERS, st.integers(0, 20))
def test_neighbouring_windows_lie_a_jump_apart(layers, index):
    (start, stop), (next_start, next_stop) = (reference.input_window(layers, i) for i in (index, index + 1))
    assert (next_start - start, next_stop - stop) == (reference.receptive_fields(layers)[-1][1],) * 2


@given(LAYERS)
def test_padding_changes_neither_fields_nor_paths(layers):
    without = [(kernel, stride, 0, dilation) for kernel, stride, _, dilation in layers]
    assert reference.receptive_fields(layers) == reference.receptive_fields(without)
    np.testing.assert_array_equal(reference.path_counts(layers), reference.path_counts(without))


@given(LAYERS)
def test_paths_are_symmetric_and_as_many_as_products_of_kernels(layers):
    counts = reference.path_counts(layers)
    assert len(counts) == reference.receptive_fields(layers)[-1][0]
    assert counts.sum() == np.prod([kernel for kernel, *_ in layers])
    np.testing.assert_array_equal(counts, counts[::-1])


@given(st.integers(2, 400), st.integers(1, 12))
def test_design_fulfils_every_condition_or_is_impossible(target, most):
    if target > reference.longest_field(most):
        with pytest.raises(ValueError, match="target: expected at most"):
            reference.design_stack(target, most)
        return
    layers = reference.design_stack(target, most)
    assert len(layers) <= most
    assert all(kernel == 3 and stride == 1 and 1 <= dilation <= 16 for kernel, stride, _, dilation in layers)
    assert reference.receptive_fields(layers)[-1][0] >= target
    assert reference.path_counts(layers).all()


@given(LAYERS, st.integers(0, 5))
def test_arguments_stay_as_they_are(layers, index):
    before = copy.deepcopy(layers)
    reference.receptive_fields(layers)
    reference.input_window(layers, index)
    reference.path_counts(layers)
    assert layers == before


# ---- torch


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2), st.integers(0, 1), st.integers(1, 3)), min_size=1, max_size=3))
def test_gradients_agree_with_the_formula(layers):
    (r, j), model = reference.receptive_fields(layers)[-1], reference.ConvStack(layers)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    n = 3 * r + 8 * j
    gradient = reference.unit_gradient(model, n)
    unit = model(torch.zeros(1, 1, n, n)).shape[2] // 2
    start, stop = reference.input_window(layers, unit)
    assert 0 <= start and stop <= n
    assert reference.measured_receptive_field(model, n) == (r, r)
    counts = reference.path_counts(layers)
    np.testing.assert_allclose(gradient[start:stop, start:stop], np.outer(counts, counts))
    assert gradient.sum() == pytest.approx(counts.sum() ** 2)


def test_measuring_leaves_the_model_alone():
    model = reference.TwoPaths([(3, 1, 1, 1)], [(5, 1, 2, 1)])
    before = copy.deepcopy(model.state_dict())
    reference.measured_receptive_field(model, 15)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("kind", [nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d])
def test_layers_have_the_output_sizes_of_torch(kind):
    module = kind(1, 1, 3, 2, 1) if kind is nn.Conv2d else kind(3, 2, 1)
    ((kernel, stride, padding, dilation),) = reference.layers_of(nn.Sequential(module))
    size = (20 + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    assert module(torch.zeros(1, 1, 20, 20)).shape == (1, 1, size, size)


def test_notebook_and_reference_build_the_same_models():
    rows = [("conv", 3, 2, 1, 1), ("batchnorm",), [("maxpool", 3, 2, 1, 2), ("dropout",)], ("avgpool", 2)]
    kinds = [type(module).__name__ for module in reference.build_features(rows).modules()]
    assert kinds == ["Sequential", "Conv2d", "BatchNorm2d", "Sequential", "MaxPool2d", "Dropout", "AvgPool2d"]
