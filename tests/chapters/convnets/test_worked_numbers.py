"""Every number of the slides that the chapter on convolutional networks works out, recomputed.

Each test names its slide set. Where the slides print a wrong number or none, the right one stands here.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from slide_data import FEATURE_MAP_000, I_EXAMPLE_1, W_004, W_EXAMPLE_1, X_000, X_004
from torch import nn

from autograder.reference import convnets as reference

SOURCE = Path(__file__).parents[3] / "source" / "convnets"


def assert_close(received, expected, decimals=9):
    np.testing.assert_allclose(received, expected, rtol=0, atol=0.51 * 10.0**-decimals)


def parameters(model):
    return sum(parameter.numel() for parameter in model.parameters())


def example_1(padding):
    """Slides 004, example 1: synaptic inputs U of the layer, and what max pooling makes of sigmoid(U)."""
    u = reference.conv2d(I_EXAMPLE_1[None], W_EXAMPLE_1[None, None], [0.05], padding=padding)[0]
    y = 1 / (1 + np.exp(-u))
    return u, y, reference.max_pool2d(y, 2)


# ---- 000, question 1


def test_000_q1a_vertical_edges():
    kernel = np.array([[1, 0, -1]] * 3)
    assert pytest.approx(-0.2) == 0.1 + 0.8 + 1 - (0.1 + 1 + 1)
    assert_close(reference.correlate2d(X_000, kernel), FEATURE_MAP_000)


def test_000_q1b_pooling():
    assert_close(reference.max_pool2d(FEATURE_MAP_000, 2), [[0.1, 1.2], [0.1, 1.0]])
    assert_close(reference.avg_pool2d(FEATURE_MAP_000, 2), [[-0.1, 0.65], [-0.325, 0.475]])


def test_000_q1c_the_large_layer():
    assert reference.q1c_output_shape == (96, 54, 54)
    assert nn.Conv2d(3, 96, 11, stride=4)(torch.zeros(1, 3, 224, 224)).shape == (1, 96, 54, 54)
    last_start = 4 * (54 - 1)
    assert (last_start, last_start + 11) == (212, 223), "the last of the 224 rows is never used"


def test_000_q1d_a_batch_of_them():
    assert reference.q1d_output_shape == (32, 96, 54, 54)
    for batch in (8, 16):
        assert nn.Conv2d(3, 96, 11, stride=4)(torch.zeros(batch, 3, 224, 224)).shape == (batch, 96, 54, 54)


def test_003_alexnet_has_227_pixels_or_torchvision_pads():
    assert reference.conv_output_size(227, 11, stride=4) == 55
    with torch.device("meta"):
        first = torchvision.models.alexnet().features[0]
    assert first.padding == (2, 2)
    assert reference.conv_output_size(224, 11, stride=4, padding=2) == 55


def test_no_symmetric_padding_makes_224_divide():
    assert all((224 + 2 * padding - 11) % 4 for padding in range(100))


def test_000_net_is_not_for_mnist():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.c1, self.c2, self.c3 = nn.Conv2d(1, 16, 3, 1), nn.Conv2d(16, 32, 3, 1), nn.Conv2d(32, 64, 3, 1)
            self.fc1, self.fc2, self.pool = nn.Linear(64 * 2 * 2, 128), nn.Linear(128, 10), nn.MaxPool2d(2)

        def flat(self, x):
            for layer in (self.c1, self.c2, self.c3):
                x = self.pool(F.relu(layer(x)))
            return torch.flatten(x, 1)

        def forward(self, x):
            return self.fc2(F.relu(self.fc1(self.flat(x))))

    net = Net()
    assert parameters(net) == 57_482
    assert net.flat(torch.zeros(1, 1, 28, 28)).shape == (1, 64)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        net(torch.zeros(1, 1, 28, 28))
    accepted = [size for size in range(22, 46) if net.flat(torch.zeros(1, 1, size, size)).shape[1] == 256]
    assert accepted == [30, 31, 32, 33, 34, 35, 36, 37]
    assert net(torch.zeros(2, 1, 30, 30)).shape == (2, 10)


# ---- 001, section 1


def test_001_correlation_and_convolution():
    correlation = [[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, 2.7]]
    assert pytest.approx(-2.6) == 0.1 + 0.2 + 0.1 - (1 + 1 + 1)
    assert_close(reference.x_q1, X_000[:5, :5])
    assert_close(reference.q1_correlation, correlation)
    assert_close(reference.q1_convolution, np.negative(correlation))


# ---- 002


def test_002_output_sizes_of_12_inputs():
    assert reference.conv_output_size(12, 3) == 10
    assert reference.conv_output_size(12, 3, stride=2) == 5
    assert reference.conv_output_size(12, 3, dilation=3) == 6


@pytest.mark.parametrize(("pools", "works"), [((2, 1, 1, 1), True), ((2, 2, 2, 2), False)])
def test_002_cnn_runs_because_three_pools_have_size_1(pools, works):
    channels = (3, 32, 64, 128, 256, 128, 64, 32, 16)
    convs = [nn.Conv2d(a, b, 3) for a, b in pairwise(channels)]
    head = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 10))
    layers = []
    for index, pool in enumerate(pools):
        layers += [convs[2 * index], nn.ReLU(), convs[2 * index + 1], nn.ReLU(), nn.MaxPool2d(pool)]
    model = nn.Sequential(*layers, nn.Flatten(), head)
    assert parameters(model) == 783_114
    if works:
        assert model(torch.zeros(1, 3, 32, 32)).shape == (1, 10)
    else:
        with pytest.raises(RuntimeError, match="size"):
            model(torch.zeros(1, 3, 32, 32))


# ---- 003


def test_003_mnist_sizes():
    assert reference.conv_output_size(28, 3) == 26
    assert reference.conv_output_size(28, 3, padding=1) == 28


def test_003_numpy_volume_is_a_sum_over_slices():
    generator = np.random.default_rng(3)
    x, w, b = generator.normal(size=(11, 11, 4)), generator.normal(size=(2, 5, 5, 4)), generator.normal(size=2)
    layer = reference.conv2d(np.moveaxis(x, 2, 0), np.moveaxis(w, 3, 1), b, stride=2)
    v = np.moveaxis(layer, 0, 2)
    assert v.shape == (4, 4, 2)
    assert v[0, 0, 0] == pytest.approx(np.sum(x[:5, :5, :] * w[0]) + b[0])
    assert v[3, 0, 0] == pytest.approx(np.sum(x[6:11, :5, :] * w[0]) + b[0])
    assert v[0, 1, 1] == pytest.approx(np.sum(x[:5, 2:7, :] * w[1]) + b[1])
    assert v[2, 3, 1] == pytest.approx(np.sum(x[4:9, 6:11, :] * w[1]) + b[1])
    for i, j, k in np.ndindex(4, 4, 2):
        window = x[2 * i : 2 * i + 5, 2 * j : 2 * j + 5, :]
        assert v[i, j, k] == pytest.approx(np.sum(window * w[k]) + b[k])


def test_003_vgg16_flattens_to_25088():
    with torch.device("meta"):
        model = torchvision.models.vgg16()
        assert model.features(torch.zeros(1, 3, 224, 224)).flatten(1).shape == (1, 25_088)
    assert model.classifier[0].in_features == 25_088 == 512 * 7 * 7


# ---- 004


def test_004_fully_connected_layer_on_mnist():
    assert 784 * 100 + 100 == 78_500 == parameters(nn.Linear(784, 100))


def test_004_four_by_four():
    u11 = 4 * 1 + 5 * 4 + 8 * 1 + 1 * 1 + 8 * 4 + 8 * 3 + 3 * 3 + 6 * 3 + 6 * 1
    u22 = 8 * 1 + 8 * 4 + 8 * 1 + 6 * 1 + 6 * 4 + 4 * 3 + 5 * 3 + 7 * 3 + 8 * 1
    assert (u11, u22) == (122, 134)
    assert_close(reference.correlate2d(X_004, W_004), [[122, 148], [126, 134]])


def test_004_four_by_four_true_convolution():
    first = 4 * 1 + 5 * 3 + 8 * 3 + 1 * 3 + 8 * 4 + 8 * 1 + 3 * 1 + 6 * 4 + 6 * 1
    assert first == 119
    assert_close(reference.convolve2d(X_004, W_004), [[119, 148], [121, 143]])


def test_004_seven_by_seven():
    assert [reference.conv_output_size(7, 3, stride) for stride in (1, 2, 3)] == [5, 3, 2]
    assert reference.conv_output_size(7, 3, padding=1) == 7


@pytest.mark.parametrize(("size", "padding"), [(3, 1), (5, 2), (7, 3)])
def test_004_same_padding_is_half_of_an_odd_kernel(size, padding):
    assert padding == (size - 1) // 2
    assert reference.conv_output_size(32, size, padding=padding) == 32


def test_004_ten_filters_with_padding():
    layer = nn.Conv2d(3, 10, 5, padding=2)
    assert layer(torch.zeros(1, 3, 32, 32)).shape == (1, 10, 32, 32)
    assert parameters(layer) == 760 == (5 * 5 * 3 + 1) * 10


def test_004_six_filters_without_padding():
    maps = reference.conv2d(np.zeros((3, 32, 32)), np.zeros((6, 3, 5, 5)), np.zeros(6))
    assert maps.shape == (6, 28, 28)


def test_004_example_1_valid():
    u, y, pooled = example_1(padding=0)
    u21 = 0.8 * 0 + 0.1 * 1 - 0.5 * 1 - 1.0 * 1 + 0.2 * 0 + 0.0 * 1 + 0.7 * 1 + 0.1 * 1 + 0.2 * 0 + 0.05
    assert u21 == pytest.approx(-0.55)
    assert_close(u, [[-0.35, 1.35, 0.75], [-0.55, 0.85, 0.05], [0.75, 0.05, 1.15]])
    assert_close(y, [[0.413, 0.794, 0.679], [0.366, 0.701, 0.512], [0.679, 0.512, 0.760]], decimals=3)
    assert_close(pooled, [[0.794]], decimals=3)


def test_004_example_1_same():
    u, _, pooled = example_1(padding=1)
    expected = [
        [0.75, 1.65, -0.15, 0.75, 0.95],
        [-0.45, -0.35, 1.35, 0.75, 1.15],
        [1.85, -0.55, 0.85, 0.05, 0.15],
        [-1.05, 0.75, 0.05, 1.15, -0.75],
        [0.85, 0.15, -0.05, -0.35, 0.65],
    ]
    assert_close(u, expected)
    assert_close(pooled, [[0.839, 0.794], [0.864, 0.760]], decimals=3)


def test_004_example_1_cannot_tell_correlation_from_convolution():
    assert (W_EXAMPLE_1[::-1, ::-1] == W_EXAMPLE_1).all()
    assert_close(reference.correlate2d(I_EXAMPLE_1, W_EXAMPLE_1), reference.convolve2d(I_EXAMPLE_1, W_EXAMPLE_1))


def test_004_example_2_three_filters_on_a_digit():
    with np.load(SOURCE / "digits.npz") as file:
        digit = file["train_images"][:1] / 255
    filters = np.array(
        [
            [[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]],
            [[[1, 2, 1], [0, 0, 0], [-1, -2, -1]]],
            [[[3, 4, 3], [4, 5, 4], [3, 4, 3]]],
        ]
    )
    maps = reference.conv2d(digit, filters, np.zeros(3))
    assert maps.shape == (3, 26, 26)
    assert np.stack([reference.max_pool2d(one, 2) for one in maps]).shape == (3, 13, 13)


def test_what_is_said_of_resnet_and_convnext():
    resnet = torchvision.models.resnet50(weights=None)
    assert (resnet.maxpool.kernel_size, resnet.maxpool.padding) == (3, 1)
    block = resnet.layer2[0]
    assert (block.conv1.stride, block.conv2.stride, block.downsample[0].stride) == ((1, 1), (2, 2), (2, 2))
    assert block.conv2.kernel_size == (3, 3) and block.downsample[0].kernel_size == (1, 1)
    convnext = torchvision.models.convnext_tiny(weights=None)
    patches, depthwise = convnext.features[0][0], convnext.features[1][0].block[0]
    assert patches.kernel_size == patches.stride == (4, 4)
    assert depthwise.kernel_size == (7, 7) and depthwise.groups == depthwise.in_channels
    kinds = {type(layer).__name__ for layer in convnext.features[1][0].modules()}
    assert {"GELU", "LayerNorm"} <= kinds and "ReLU" not in kinds
    wide = [layer.out_features for layer in convnext.features[1][0].modules() if isinstance(layer, torch.nn.Linear)]
    assert wide == [4 * depthwise.in_channels, depthwise.in_channels]
