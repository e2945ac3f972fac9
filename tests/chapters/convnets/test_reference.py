"""The reference answers of `convnets`: by hand, by properties, against scipy and torch."""

from pathlib import Path

import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.reference import convnets as reference

SMALL = st.integers(1, 6)
DIGITS = Path(__file__).parents[3] / "source" / "convnets" / "digits.npz"
X = np.array([[1, 2, 0], [0, 1, 3], [2, 1, 1]])
W = np.array([[1, -1], [0, 2]])


def whole_numbers(*shape):
    return arrays(np.int64, shape, elements=st.integers(-9, 9))


@st.composite
def picture_and_kernel(draw):
    kernel = (draw(SMALL), draw(SMALL))
    picture = tuple(k + draw(st.integers(0, 5)) for k in kernel)
    return draw(whole_numbers(*picture)), draw(whole_numbers(*kernel))


@st.composite
def layer(draw):
    filters, channels, stride, padding = draw(SMALL), draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    size = tuple(max(1, k - 2 * padding) + draw(st.integers(0, 5)) for k in kernel)
    x, weight = draw(whole_numbers(channels, *size)), draw(whole_numbers(filters, channels, *kernel))
    return x, weight, draw(whole_numbers(filters)), stride, padding


# ---- by hand


def test_correlation_slides_the_kernel_as_it_is():
    expected = [
        [1 * 1 + 2 * -1 + 0 * 0 + 1 * 2, 2 * 1 + 0 * -1 + 1 * 0 + 3 * 2],
        [0 * 1 + 1 * -1 + 2 * 0 + 1 * 2, 1 * 1 + 3 * -1 + 1 * 0 + 1 * 2],
    ]
    np.testing.assert_array_equal(reference.correlate2d(X, W), expected)


def test_convolution_flips_the_kernel_along_both_axes():
    expected = [
        [1 * 2 + 2 * 0 + 0 * -1 + 1 * 1, 2 * 2 + 0 * 0 + 1 * -1 + 3 * 1],
        [0 * 2 + 1 * 0 + 2 * -1 + 1 * 1, 1 * 2 + 3 * 0 + 1 * -1 + 1 * 1],
    ]
    np.testing.assert_array_equal(reference.convolve2d(X, W), expected)


def test_pools_drop_incomplete_windows():
    x = np.array([[1, 5, 2, 0, 9], [3, 4, 8, 7, 9]])
    np.testing.assert_array_equal(reference.max_pool2d(x, 2), [[max(1, 5, 3, 4), max(2, 0, 8, 7)]])
    np.testing.assert_array_equal(reference.avg_pool2d(x, 2), [[(1 + 5 + 3 + 4) / 4, (2 + 0 + 8 + 7) / 4]])


def test_pools_take_a_stride():
    x = np.array([[1, 5, 2, 0, 9], [3, 4, 8, 7, 9]])
    np.testing.assert_array_equal(reference.max_pool2d(x, 2, 1), [[5, 8, 8, 9]])
    np.testing.assert_array_equal(reference.avg_pool2d(x, 1, 3), [[1, 0]])


def test_maxima_of_negative_numbers_are_negative():
    np.testing.assert_array_equal(reference.max_pool2d(-np.ones((2, 2)), 2), [[-1]])


def test_output_size_counts_the_windows_starts():
    assert reference.conv_output_size(7, 3) == len([0, 1, 2, 3, 4])
    assert reference.conv_output_size(7, 3, stride=3) == len([0, 3])
    assert reference.conv_output_size(4, 3, padding=1) == len([-1, 0, 1, 2])
    assert reference.conv_output_size(7, 3, dilation=3) == len([0])


def test_layer_sums_over_channels_and_adds_the_bias_once():
    x = np.array([[[1, 2]], [[3, 4]]])
    weight = np.array([[[[1]], [[10]]], [[[0]], [[1]]]])
    expected = [[[1 * 1 + 3 * 10 + 5, 2 * 1 + 4 * 10 + 5]], [[3 - 1, 4 - 1]]]
    np.testing.assert_array_equal(reference.conv2d(x, weight, [5, -1]), expected)


def test_layer_pads_with_zeros_before_it_strides():
    x = np.array([[[1, 2, 3]]])
    weight = np.array([[[[1, 10]]]])
    expected = [[[0, 0]], [[0 * 1 + 1 * 10, 2 * 1 + 3 * 10]], [[0, 0]]]
    np.testing.assert_array_equal(reference.conv2d(x, weight, [0], stride=1, padding=1)[0][:, ::2], np.squeeze(expected, 1))
    np.testing.assert_array_equal(reference.conv2d(x, weight, [0], stride=2, padding=1), [[[0, 0], [0, 0]]])


# ---- properties


@given(picture_and_kernel())
def test_convolution_is_correlation_with_the_turned_kernel(pair):
    x, kernel = pair
    np.testing.assert_array_equal(reference.convolve2d(x, kernel), reference.correlate2d(x, np.rot90(kernel, 2)))


@given(picture_and_kernel(), st.integers(-5, 5))
def test_correlation_is_linear(pair, factor):
    x, kernel = pair
    np.testing.assert_array_equal(reference.correlate2d(factor * x, kernel), factor * reference.correlate2d(x, kernel))
    np.testing.assert_array_equal(reference.correlate2d(x + 1, kernel), reference.correlate2d(x, kernel) + kernel.sum())


@given(picture_and_kernel())
def test_correlation_moves_with_the_picture(pair):
    x, kernel = pair
    wide = np.pad(x, ((0, 0), (1, 0)))
    np.testing.assert_array_equal(reference.correlate2d(wide, kernel)[:, 1:], reference.correlate2d(x, kernel))


@given(picture_and_kernel(), st.integers(1, 4))
def test_pools_are_ordered_and_commute_with_negation(pair, stride):
    x, size = pair[0], min(pair[1].shape)
    largest, mean = reference.max_pool2d(x, size, stride), reference.avg_pool2d(x, size, stride)
    smallest = -reference.max_pool2d(-x, size, stride)
    assert (smallest <= mean + 1e-12).all()
    assert (mean <= largest + 1e-12).all()


@given(st.integers(1, 60), st.integers(1, 8), st.integers(1, 5), st.integers(0, 4), st.integers(1, 4))
def test_output_size_is_the_number_of_windows_that_fit(n, kernel, stride, padding, dilation):
    starts = range(-padding, n + padding - dilation * (kernel - 1), stride)
    if len(starts):
        assert reference.conv_output_size(n, kernel, stride, padding, dilation) == len(starts)
    else:
        with pytest.raises(ValueError, match="expected a window of at most"):
            reference.conv_output_size(n, kernel, stride, padding, dilation)


@given(layer())
def test_layer_has_the_sizes_of_conv_output_size(drawn):
    x, weight, bias, stride, padding = drawn
    sizes = [reference.conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[1:], weight.shape[2:], strict=True)]
    assert reference.conv2d(x, weight, bias, stride, padding).shape == (len(weight), *sizes)


@given(layer())
def test_nothing_is_changed_or_shared(drawn):
    x, weight, bias, stride, padding = drawn
    before = [a.copy() for a in (x, weight, bias)]
    plane, kernel = x[0], np.ones((1, 1), dtype=int)
    results = [
        reference.conv2d(x, weight, bias, stride, padding),
        reference.correlate2d(plane, kernel),
        reference.convolve2d(plane, kernel),
        reference.max_pool2d(plane, 1),
        reference.avg_pool2d(plane, 1),
    ]
    for was, now in zip(before, (x, weight, bias), strict=True):
        np.testing.assert_array_equal(was, now)
    assert not any(np.shares_memory(result, a) for result in results for a in (x, weight, bias, kernel))


# ---- scipy and torch


@given(picture_and_kernel())
def test_scipy_agrees(pair):
    x, kernel = pair
    np.testing.assert_array_equal(reference.correlate2d(x, kernel), scipy.signal.correlate2d(x, kernel, mode="valid"))
    np.testing.assert_array_equal(reference.convolve2d(x, kernel), scipy.signal.convolve2d(x, kernel, mode="valid"))


@given(layer())
def test_torch_agrees_on_layers(drawn):
    x, weight, bias, stride, padding = drawn
    tensors = [torch.from_numpy(a.astype(float)) for a in (x, weight, bias)]
    expected = torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding)
    np.testing.assert_allclose(reference.conv2d(x, weight, bias, stride, padding), expected, atol=1e-9)


@given(picture_and_kernel(), st.integers(1, 4))
def test_torch_agrees_on_pools(pair, stride):
    x, size = torch.from_numpy(pair[0].astype(float))[None], min(pair[1].shape)
    np.testing.assert_allclose(reference.max_pool2d(x[0], size, stride), torch.nn.functional.max_pool2d(x, size, stride)[0])
    np.testing.assert_allclose(reference.avg_pool2d(x[0], size, stride), torch.nn.functional.avg_pool2d(x, size, stride)[0])


# ---- what is refused


@pytest.mark.parametrize("function", [reference.correlate2d, reference.convolve2d])
@pytest.mark.parametrize(("x", "kernel", "parameter"), [(X[0], W, "x"), (X[None], W, "x"), (X, W[0], "W"), (X, W[None], "W")])
def test_arrays_that_are_not_2d_are_refused(function, x, kernel, parameter):
    with pytest.raises(ValueError, match=f"{parameter}: expected a 2-D array"):
        function(x, kernel)


@pytest.mark.parametrize("function", [reference.correlate2d, reference.convolve2d])
@pytest.mark.parametrize("shape", [(4, 1), (1, 4)])
def test_kernel_larger_than_input_is_refused(function, shape):
    with pytest.raises(ValueError, match="no larger than the input"):
        function(X, np.ones(shape))


@pytest.mark.parametrize("pool", [reference.max_pool2d, reference.avg_pool2d])
def test_pools_refuse_what_has_no_window(pool):
    with pytest.raises(ValueError, match="2-D"):
        pool(X[0], 2)
    with pytest.raises(ValueError, match="size: expected at most 1"):
        pool(X[:1], 2)


def test_layer_refuses_other_channels_and_large_kernels():
    x, weight = np.ones((2, 3, 3)), np.ones((1, 3, 2, 2))
    with pytest.raises(ValueError, match="expected 2 input channels, got 3"):
        reference.conv2d(x, weight, [0])
    with pytest.raises(ValueError, match="at most 3 pixels, got 4"):
        reference.conv2d(x, np.ones((1, 2, 4, 2)), [0])


# ---- the network


def test_cnn_gives_logits_with_few_parameters():
    model = reference.CNN(num_classes=7)
    assert model(torch.zeros(1, 1, 28, 28)).shape == (1, 7)
    assert sum(p.numel() for p in reference.CNN().parameters()) == 54_314 <= reference.MOST_PARAMETERS


def test_fit_without_epochs_changes_nothing():
    model = reference.CNN()
    before = [p.detach().clone() for p in model.parameters()]
    reference.fit(model, torch.rand(5, 1, 28, 28), torch.arange(5), epochs=0)
    assert all(torch.equal(was, now) for was, now in zip(before, model.parameters(), strict=True))


def test_fit_learns_a_handful_by_heart():
    with np.load(DIGITS) as file:
        images = torch.from_numpy(file["train_images"][:20]).float().div(255).unsqueeze(1)
        labels = torch.from_numpy(file["train_labels"][:20]).long()
    torch.manual_seed(0)
    model = reference.CNN()
    reference.fit(model, images, labels, epochs=150)
    np.testing.assert_array_equal(reference.classify(model, images), labels)


def test_labels_belong_to_the_unlabelled_pictures():
    assert reference.digit_labels().shape == (1000,)
    assert set(reference.digit_labels()) == set(range(10))
