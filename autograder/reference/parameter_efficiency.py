"""Reference answers of the assignment `parameter_efficiency`.

Axis letters: N pictures, C channels, H height, W width; K kernel, G groups. "Convolution" in a CNN is cross-correlation.
A multiply–accumulate (MAC) is one product added to a sum; biases are not counted among them.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

Pair = int | tuple[int, int]


def _pair(size: Pair) -> tuple[int, int]:
    """(height, width) of a size given as an int or as a pair."""
    height, width = (size, size) if isinstance(size, int) else size
    return height, width


def conv_parameters(in_channels: int, out_channels: int, kernel_size: Pair, bias: bool = True, groups: int = 1) -> int:
    """Learned numbers of a convolutional layer: C_out · (C_in / G) · K_h · K_w weights and, with a bias, C_out more.

    kernel_size: an int or (height, width); groups divides both numbers of channels.
    Source: slides 000 Q3 (a); 004, "Convolution layer - summary".
    """
    height, width = _pair(kernel_size)
    return out_channels * (in_channels // groups) * height * width + (out_channels if bias else 0)


def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> int:
    """Learned numbers of a fully connected layer: one weight for each pair of input and output, one bias for each output.

    Source: slides 000 Q3 (a).
    """
    return in_features * out_features + (out_features if bias else 0)


# Slides 000 Q3 (a): 3×32×32 in, 8×28×28 out; five by five filters against one fully connected layer.
q3_model_a = conv_parameters(3, 8, 5)
q3_model_b = linear_parameters(3 * 32 * 32, 8 * 28 * 28)


def conv_matrix(W: ArrayLike, input_shape: tuple[int, int]) -> NDArray:
    """The matrix M with M @ x.ravel() equal to the valid cross-correlation of x with W, unrolled row by row.

    W: (K_h, K_w), input_shape: (H, W) at least as large; returns (H_out·W_out, H·W), of W's type.
    Source: slides 002, "Parameter Sharing".
    """
    W = np.asarray(W)
    (height, width), (rows, columns) = W.shape, (n - k + 1 for n, k in zip(input_shape, W.shape, strict=True))
    matrix = np.zeros((rows, columns, *input_shape), dtype=W.dtype)
    for i, j in np.ndindex(rows, columns):
        matrix[i, j, i : i + height, j : j + width] = W
    return matrix.reshape(rows * columns, -1)


def conv_macs(in_channels: int, out_channels: int, kernel_size: Pair, output_size: Pair, groups: int = 1) -> int:
    """Multiply–accumulates of a convolutional layer for one picture: (C_in / G) · K_h · K_w for each output value.

    kernel_size, output_size: an int or (height, width).
    """
    return int(np.prod(_pair(output_size))) * conv_parameters(in_channels, out_channels, kernel_size, bias=False, groups=groups)


VGG16 = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")


def vgg_counts(config: Sequence[int | str], image_size: int = 224, num_classes: int = 1000) -> tuple[int, int]:
    """(parameters, multiply–accumulates) of a VGG network for one 3 × image_size × image_size picture.

    config: output channels of a 3×3 convolution (padding 1, bias), or "M" for 2×2 max pooling with stride 2; then three
    fully connected layers with 4096, 4096 and num_classes outputs.
    Source: Simonyan and Zisserman 2015, table 1; slides 002, "VGG".
    """
    parameters = macs = 0
    channels, size = 3, image_size
    for entry in config:
        if isinstance(entry, str):  # "M"
            size //= 2
            continue
        parameters += conv_parameters(channels, entry, 3)
        macs += conv_macs(channels, entry, 3, size)
        channels = entry
    widths = [channels * size**2, 4096, 4096, num_classes]
    for features, outputs in pairwise(widths):
        parameters += linear_parameters(features, outputs)
        macs += linear_parameters(features, outputs, bias=False)
    return parameters, macs


class DepthwiseSeparable(nn.Module):
    """A depthwise convolution, then a pointwise one, both without bias: (N, C_in, H, W) → (N, C_out, H, W).

    Source: Howard et al. 2017 (MobileNets), without what stands between the two there.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int) -> None:
        super().__init__()
        padding = kernel_size // 2
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=padding, groups=in_channels, bias=False)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.pointwise(self.depthwise(x))


def equivariance_error(layer: nn.Module, x: torch.Tensor, shift: tuple[int, int]) -> float:
    """max |layer(roll(x)) − roll(layer(x))|, both rolled by `shift` = (rows, columns) over the two spatial axes.

    x: (N, C, H, W); the layer gives (N, C', H', W') and is used in the mode it is in.
    Source: slides 004, "Why pooling?", for the definition of invariance.
    """
    with torch.no_grad():
        moved_first = layer(torch.roll(x, shift, dims=(2, 3)))
        moved_after = torch.roll(layer(x), shift, dims=(2, 3))
    return (moved_first - moved_after).abs().max().item()


symmetries = {
    "circular convolution": "equivariant",
    "zero-padded convolution": "neither",
    "convolution with stride 2": "neither",
    "ReLU": "equivariant",
    "max pooling 2x2": "neither",
    "global average pooling": "invariant",
    "circular convolution, ReLU, global average pooling": "invariant",
    "fully connected": "neither",
}
