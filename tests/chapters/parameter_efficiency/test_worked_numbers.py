"""Every number that the chapter on parameter efficiency works out, recomputed by hand or in an independent way.

Tests named after a slide set hold its numbers; where the slides print a wrong number, the right one stands here.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from autograder.reference import parameter_efficiency as reference

SHIFTS = [(1, 0), (0, 1), (3, 5), (-2, 7)]


def parameters(model):
    return sum(parameter.numel() for parameter in model.parameters())


def meta_model(name):
    with torch.device("meta"):
        return torchvision.models.get_model(name).eval()


def counted_macs(model, size=224):
    """Multiply–accumulates as PyTorch's own counter sees them: half of its floating point operations."""
    with FlopCounterMode(display=False) as counter, torch.device("meta"):
        model(torch.zeros(1, 3, size, size))
    return counter.get_total_flops() // 2


def whole(generator, *shape):
    return torch.tensor(generator.integers(-9, 10, shape)).double()


def shifted(x, shift):
    return torch.roll(x, shift, dims=(-2, -1))


# ---- 002: the matrix


def test_002_matrix_of_a_3_by_3_kernel_on_4_by_4_pixels():
    a, b, c, d, e, f, g, h, i = kernel = np.arange(1.0, 10)
    by_hand = [
        [a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0, 0],
        [0, a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0],
        [0, 0, 0, 0, a, b, c, 0, d, e, f, 0, g, h, i, 0],
        [0, 0, 0, 0, 0, a, b, c, 0, d, e, f, 0, g, h, i],
    ]
    np.testing.assert_array_equal(reference.conv_matrix(kernel.reshape(3, 3), (4, 4)), by_hand)
    points = torch.eye(16).reshape(16, 1, 4, 4)
    probed = F.conv2d(points, torch.tensor(kernel).float().reshape(1, 1, 3, 3)).reshape(16, 4).T
    np.testing.assert_array_equal(probed, by_hand)
    assert (np.size(by_hand), np.count_nonzero(by_hand)) == (64, 36)
    assert len(set(np.ravel(by_hand)) - {0}) == 9


def test_matrix_of_a_5_by_5_kernel_on_a_digit():
    matrix = reference.conv_matrix(np.arange(1.0, 26).reshape(5, 5), (28, 28))
    assert matrix.shape == (576, 784) == (24 * 24, 28 * 28)
    assert np.count_nonzero(matrix) == 14_400 == 576 * 25
    assert round(100 * 14_400 / 451_584, 1) == 3.2


def test_matrix_with_padding_has_one_hundred_weights():
    windows = [sum(0 <= start + offset < 4 for offset in (-1, 0, 1)) for start in range(4)]
    assert windows == [2, 3, 3, 2]
    assert sum(windows) ** 2 == 100


# ---- 000, question 3


def test_000_q3a_model_a_and_model_b():
    assert reference.q3_model_a == 608 == 5 * 5 * 3 * 8 + 8 == parameters(nn.Conv2d(3, 8, 5))
    assert reference.q3_model_b == 19_273_856 == (32 * 32 * 3) * (28 * 28 * 8) + 28 * 28 * 8
    assert round(19_273_856 / 608) == 31_700


def test_locality_saves_41_and_sharing_784():
    weights_b, local, shared = 3072 * 6272, 6272 * 75, 8 * 75
    assert (weights_b, local, shared) == (19_267_584, 470_400, 600)
    assert (weights_b / local, local / shared) == (40.96, 784)
    assert reference.conv_macs(3, 8, 5, 28) == 470_400


def test_twice_the_side():
    units = 8 * 60 * 60
    assert units * 75 == 2_160_000
    assert 3 * 64 * 64 * units + units == 353_923_200
    assert round(353_923_200 / 19_273_856, 1) == 18.4


@pytest.mark.parametrize("shift", SHIFTS)
def test_000_q3b_model_a_is_equivariant_not_invariant(shift):
    generator = np.random.default_rng(0)
    x, w = torch.zeros(1, 3, 32, 32).double(), whole(generator, 8, 3, 5, 5)
    x[:, :, 12:18, 12:18] = whole(generator, 1, 3, 6, 6)
    here, there = F.conv2d(x, w), F.conv2d(shifted(x, shift), w)
    assert torch.equal(there, shifted(here, shift))
    assert not torch.equal(there, here)
    assert torch.equal(there.amax(dim=(2, 3)), here.amax(dim=(2, 3)))


# ---- 003


def test_003_comparison_of_numbers_of_parameters():
    assert 227 * 227 * 3 * 100 == 15_458_700
    assert 11 * 11 * 3 * 100 == 36_300
    assert nn.Conv2d(3, 100, 11, stride=4)(torch.zeros(1, 3, 227, 227)).shape == (1, 100, 55, 55)


def test_003_comparison_is_unfair_both_ways():
    assert 100 * 55 * 55 == 302_500
    assert 227 * 227 * 3 * 302_500 == 46_762_567_500
    assert 36_300 * 55 * 55 == 109_807_500 > 15_458_700
    assert reference.conv_macs(3, 100, 11, 55) == 109_807_500


# ---- learning from few pictures


def test_model_b_needs_145_pictures_and_model_a_one():
    generator = np.random.default_rng(1)
    pictures = generator.normal(size=(145, 12, 12))
    rows = np.hstack([pictures.reshape(145, 144), np.ones((145, 1))])
    assert [np.linalg.matrix_rank(rows[:n]) for n in (144, 145)] == [144, 145]
    windows = np.lib.stride_tricks.sliding_window_view(pictures[0], (5, 5)).reshape(-1, 25)
    assert len(windows) == 64
    assert np.linalg.matrix_rank(np.hstack([windows, np.ones((64, 1))])) == 26


# ---- equivariance and invariance


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("mode", "exact"), [("circular", True), ("zeros", False), ("reflect", False), ("replicate", False)])
def test_only_circular_padding_is_equivariant_to_every_shift(mode, exact, shift):
    generator = np.random.default_rng(2)
    layer = nn.Conv2d(2, 3, 3, padding=1, padding_mode=mode).double()
    for parameter in layer.parameters():
        parameter.data = whole(generator, *parameter.shape)
    x = whole(generator, 1, 2, 12, 12)
    with torch.no_grad():
        difference = (layer(shifted(x, shift)) - shifted(layer(x), shift)).abs()
    assert (difference.max() == 0) == exact


def test_zero_padding_does_no_harm_away_from_the_border():
    generator = np.random.default_rng(2)
    x, w = whole(generator, 1, 1, 12, 12), whole(generator, 1, 1, 3, 3)
    difference = F.conv2d(shifted(x, (1, 1)), w, padding=1) - shifted(F.conv2d(x, w, padding=1), (1, 1))
    assert difference.abs().max() > 0
    assert difference[..., 2:-2, 2:-2].abs().max() == 0


def test_stride_2_is_equivariant_for_even_shifts_only():
    generator = np.random.default_rng(3)
    w, x = whole(generator, 1, 1, 3, 3), whole(generator, 1, 1, 12, 12)

    def layer(x):
        return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), w, stride=2)

    assert torch.equal(layer(shifted(x, (2, 4))), shifted(layer(x), (1, 2)))
    tries = [shifted(layer(x), (i, j)) for i in range(6) for j in range(6)]
    assert not any(torch.equal(layer(shifted(x, (1, 0))), attempt) for attempt in tries)


def test_mean_over_all_shifts_of_a_matrix_is_circulant():
    generator = np.random.default_rng(4)
    matrix = generator.integers(-9, 10, (6, 6))
    fair = sum(np.roll(matrix, (-s, -s), axis=(0, 1)) for s in range(6))
    for row in range(6):
        np.testing.assert_array_equal(fair[row], np.roll(fair[0], row))
    assert fair[0, 0] == np.trace(matrix)


def test_rim_that_zero_padding_touches():
    shares = [round(100 * (1 - (28 - 2 * depth - 1) ** 2 / 784), 1) for depth in (1, 2, 4, 8, 13)]
    assert shares == [20.3, 32.5, 54.0, 84.6, 99.9]


def test_zhangs_row_of_pixels():
    row = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    moved = np.roll(row, -1)
    assert row.reshape(4, 2).max(axis=1).tolist() == [0, 1, 0, 1]
    assert moved.reshape(4, 2).max(axis=1).tolist() == [1, 1, 1, 1]


def test_convolution_is_not_equivariant_to_a_quarter_turn_unless_its_kernel_is():
    generator = np.random.default_rng(5)
    x, w = whole(generator, 1, 1, 9, 9), whole(generator, 1, 1, 3, 3)

    def turned(x):
        return torch.rot90(x, 1, dims=(-2, -1))

    assert not torch.equal(F.conv2d(turned(x), w), turned(F.conv2d(x, w)))
    assert torch.equal(F.conv2d(turned(x), turned(w)), turned(F.conv2d(x, w)))
    symmetric = sum(torch.rot90(w, k, dims=(-2, -1)) for k in range(4))
    assert torch.equal(F.conv2d(turned(x), symmetric), turned(F.conv2d(x, symmetric)))
    assert len(symmetric.unique()) <= 3


# ---- networks


@pytest.mark.parametrize(
    ("name", "count", "macs"),
    [
        ("alexnet", 61_100_840, 714_188_480),
        ("vgg16", 138_357_544, 15_470_264_320),
        ("resnet152", 60_192_808, 11_513_626_624),
        ("mobilenet_v2", 3_504_872, 300_774_272),
    ],
)
def test_parameters_and_work_of_networks(name, count, macs):
    model = meta_model(name)
    assert parameters(model) == count
    assert counted_macs(model) == macs


def test_002_resnet_152_has_60_million_parameters_not_66():
    assert round(parameters(meta_model("resnet152")) / 1e6, 1) == 60.2


def test_vgg_16_by_hand():
    channels = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    sides = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3
    layers = list(zip(channels[:-1], channels[1:], sides, strict=True))
    weights = sum(9 * a * b for a, b, _ in layers) + 25_088 * 4096 + 4096 * 4096 + 4096 * 1000
    assert weights == 138_344_128
    assert weights + sum(channels[1:]) + 4096 + 4096 + 1000 == 138_357_544
    convolutions = sum(9 * a * b * side**2 for a, b, side in layers)
    linear = 25_088 * 4096 + 4096 * 4096 + 4096 * 1000
    assert convolutions + linear == 15_470_264_320
    assert linear / (convolutions + linear) < 0.01
    numbers = 3 * 224**2 + sum(b * side**2 for _, b, side in layers) + 9192
    numbers += sum(c * side**2 for c, side in ((64, 112), (128, 56), (256, 28), (512, 14), (512, 7)))
    assert numbers == 15_237_608
    assert round(4 * numbers / 1e6) == 61
    early = sum(9 * a * b * side**2 for a, b, side in layers[:2])
    assert round(early / (convolutions + linear), 3) == 0.125


def test_alexnet_of_the_paper():
    def count(groups):
        convolutions = 96 * (3 * 121 + 1) + 256 * (96 // groups * 25 + 1) + 384 * (256 * 9 + 1)
        convolutions += 384 * (384 // groups * 9 + 1) + 256 * (384 // groups * 9 + 1)
        return convolutions, convolutions + 4096 * 9217 + 4096 * 4097 + 1000 * 4097

    assert count(2) == (2_334_080, 60_965_224)
    assert count(1) == (3_747_200, 62_378_344)


# ---- cheaper layers


def test_cost_of_one_layer_of_vgg():
    assert reference.conv_parameters(256, 512, 3) == 1_180_160 == 512 * (256 * 9 + 1)
    assert reference.conv_macs(256, 512, 3, 28) == 924_844_032 == 28 * 28 * 512 * 256 * 9


def test_kinds_of_convolutions_on_256_channels():
    assert reference.conv_parameters(256, 256, 3, bias=False) == 589_824
    assert reference.conv_parameters(256, 256, 3, bias=False, groups=8) == 73_728
    assert reference.conv_parameters(256, 256, 3, bias=False, groups=256) == 2_304
    assert reference.conv_parameters(256, 256, 1, bias=False) == 65_536
    assert (2_304 + 65_536) / 589_824 == pytest.approx(1 / 256 + 1 / 9)
    assert 1 / (1 / 128 + 1 / 25) == pytest.approx(20.9, abs=0.05)


def test_bottleneck_and_stack():
    assert 256 * 64 + 64 * 64 * 9 + 64 * 256 == 69_632
    assert (49 * 64 * 64, 27 * 64 * 64) == (200_704, 110_592)
    assert round(1 - 27 / 49, 2) == 0.45


def test_separable_layer_is_a_full_layer_of_products():
    generator = np.random.default_rng(6)
    depthwise, pointwise, x = whole(generator, 4, 1, 3, 3), whole(generator, 6, 4, 1, 1), whole(generator, 1, 4, 8, 8)
    full = torch.einsum("kc,cij->kcij", pointwise[:, :, 0, 0], depthwise[:, 0])
    assert torch.equal(F.conv2d(F.conv2d(x, depthwise, groups=4), pointwise), F.conv2d(x, full))


@pytest.mark.parametrize(("width", "full", "separable"), [(4, 1_714, 1_054), (8, 5_146, 2_290), (16, 17_194, 5_338)])
def test_networks_of_the_experiment_by_hand(width, full, separable):
    c, head = width, 10 * (2 * width * 9 + 1)
    first = c * (25 + 1)
    assert first + 2 * c * (9 * c + 1) + 2 * c * (18 * c + 1) + head == full
    assert first + 9 * c + 2 * c * (c + 1) + 18 * c + 2 * c * (2 * c + 1) + head == separable


def test_mobilenet_has_something_between_the_depthwise_and_the_pointwise_step():
    """Batch normalisation and a ReLU; so its blocks are no full layers with weights that are products."""
    block = torchvision.models.mobilenet_v2(weights=None).features[2].conv
    depthwise, pointwise = block[1], block[2]
    assert [type(part).__name__ for part in depthwise] == ["Conv2d", "BatchNorm2d", "ReLU6"]
    assert depthwise[0].groups == depthwise[0].in_channels and pointwise.kernel_size == (1, 1)
    x = torch.randn(1, block[0][0].in_channels, 8, 8)
    with torch.no_grad():
        block.eval()
        assert not torch.allclose(block(x) + block(-x), 2 * block(torch.zeros_like(x)), atol=1e-4)
