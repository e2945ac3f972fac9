"""Reference answers of the assignment `deep_networks`.

Axis letters: N pictures, C channels, H height, W width; K kernel, S stride, P padding. "Convolution" is cross-correlation.
The gradients are those of a loss L: `grad` is always the gradient of L with respect to the layer's output.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from torch import nn
from torch.nn import functional

Floats = NDArray[np.floating]

LABELS = Path(__file__).parent / "labels" / "deep_networks.npz"
PICTURES = Path(__file__).parents[2] / "source" / "deep_networks" / "fashion.npz"
LEAST_LAYERS, MOST_PARAMETERS = 12, 300_000


def he_std(in_channels: int, kernel_size: int | tuple[int, int]) -> float:
    """Standard deviation √(2 / fan_in) of the first weights of a convolution before a ReLU; fan_in = C_in · kH · kW.

    Source: He, Zhang, Ren, Sun 2015, equation 10.
    """
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return float(np.sqrt(2 / (in_channels * height * width)))


def relu_backward(x: ArrayLike, grad: ArrayLike) -> Floats:
    """Gradient of the input of a ReLU: `grad` where x > 0, elsewhere 0; both arrays of the same shape."""
    return np.where(np.asarray(x) > 0, np.asarray(grad, dtype=float), 0.0)


def conv2d_backward(x: ArrayLike, weight: ArrayLike, grad: ArrayLike, stride: int = 1, padding: int = 0) -> tuple[Floats, Floats, Floats]:
    """Gradients of a convolutional layer's input, weight and bias.

    x: (C_in, H, W), weight: (C_out, C_in, kH, kW), grad: (C_out, H_out, W_out); returns arrays of the shapes of x and of
    weight, and (C_out,). A weight is used once at each place, so that its gradient is a sum over the places; each input gets
    back, from every output that it went into, that output's gradient times the weight it met.
    """
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = _padded(x, padding)
    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    rows, columns = (stride * (n - 1) + 1 for n in grad.shape[1:])
    for a, b in np.ndindex(*weight.shape[2:]):
        met = (slice(None), slice(a, a + rows, stride), slice(b, b + columns, stride))
        grad_weight[:, :, a, b] = np.einsum("oij,cij->oc", grad, padded[met])
        grad_padded[met] += np.einsum("oij,oc->cij", grad, weight[:, :, a, b])
    inside = slice(padding, padding + x.shape[1]), slice(padding, padding + x.shape[2])
    return grad_padded[:, *inside].copy(), grad_weight, grad.sum(axis=(1, 2))


def max_pool2d_backward(x: ArrayLike, grad: ArrayLike, size: int, stride: int | None = None) -> Floats:
    """Gradient of the input of max pooling: each window's goes to its largest value, in a tie to the first in row order.

    x: (H, W), grad: (H_out, W_out); stride defaults to size. Where windows overlap, gradients add up. Returns (H, W).
    """
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    step = size if stride is None else stride
    result = np.zeros_like(x)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * step : i * step + size, j * step : j * step + size]
        row, column = np.unravel_index(window.argmax(), window.shape)
        result[i * step + row, j * step + column] += grad[i, j]
    return result


def batch_norm(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    running_mean: ArrayLike,
    running_var: ArrayLike,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Floats, Floats, Floats]:
    """Batch normalisation as PyTorch's `BatchNorm2d` computes it: (y, running_mean, running_var).

    x: (N, C, H, W), the other arrays (C,). In training, channel c is normalised by its own mean and biased variance over N, H
    and W, and the running arrays move by `momentum` towards the mean and the unbiased variance. Else the running ones normalise.
    Source: Ioffe and Szegedy 2015, algorithms 1 and 2.
    """
    x, gamma, beta, mean, var = (np.array(a, dtype=float) for a in (x, gamma, beta, running_mean, running_var))
    running_mean, running_var = mean.copy(), var.copy()
    if training:
        count = x.size / x.shape[1]
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        running_mean += momentum * (mean - running_mean)
        running_var += momentum * (var * count / (count - 1) - running_var)
    y = (x - _wide(mean)) / np.sqrt(_wide(var) + eps) * _wide(gamma) + _wide(beta)
    return y, running_mean, running_var


def batch_norm_backward(x: ArrayLike, gamma: ArrayLike, grad: ArrayLike, eps: float = 1e-5) -> tuple[Floats, Floats, Floats]:
    """Gradients of the input, γ and β of batch normalisation in training, where mean and variance depend on the input too.

    x, grad: (N, C, H, W), gamma: (C,); returns (N, C, H, W), (C,), (C,). Source: Ioffe and Szegedy 2015, section 3.
    """
    x, gamma, grad = (np.asarray(a, dtype=float) for a in (x, gamma, grad))
    axes = (0, 2, 3)
    deviation = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / deviation
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = _wide(gamma) / deviation * (grad - grad.mean(axis=axes, keepdims=True) - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


def dropout(x: ArrayLike, p: float, rng: np.random.Generator, training: bool) -> Floats:
    """Each value is 0 with probability p, else divided by 1 - p; in eval mode a copy.

    Raises ValueError unless 0 ≤ p < 1. Source: Srivastava and others 2014, section 10, in the "inverted" form of PyTorch.
    """
    if not 0 <= p < 1:
        raise ValueError(f"p: expected a probability from 0 to below 1, got {p}")
    x = np.array(x, dtype=float)
    return np.where(rng.random(x.shape) >= p, x / (1 - p), 0.0) if training else x


class ResidualBlock(nn.Module):
    """Conv → BN → ReLU → Conv → BN, plus the input (or a 1×1 convolution of it, where the shape changes), then ReLU.

    Source: He, Zhang, Ren, Sun 2016 (ResNet), figure 2 and section 3.3, option B.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        branch = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(branch + self.shortcut(x))


class DeepNet(nn.Module):
    """A convolution and six residual blocks on 14×14, 7×7 and 4×4 places: (N, 1, 28, 28) → logits (N, num_classes).

    13 convolutional layers apart from two shortcuts, 174,970 parameters for ten classes. Source: He and others 2016, section 4.2.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.blocks = nn.Sequential(
            ResidualBlock(16, 16),
            ResidualBlock(16, 16),
            ResidualBlock(16, 32, stride=2),
            ResidualBlock(32, 32),
            ResidualBlock(32, 64, stride=2),
            ResidualBlock(64, 64),
        )
        self.classifier = nn.Linear(64, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.blocks(self.stem(x)).mean(dim=(2, 3)))


def conv2d(x: ArrayLike, weight: ArrayLike, bias: ArrayLike, stride: int = 1, padding: int = 0) -> Floats:
    """The forward pass of a convolutional layer, which the notebook gives: shapes as in `conv2d_backward`, bias (C_out,)."""
    x, weight, bias = (np.asarray(a, dtype=float) for a in (x, weight, bias))
    windows = sliding_window_view(_padded(x, padding), weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijkl,ockl->oij", windows, weight) + bias[:, None, None]


def max_pool2d(x: ArrayLike, size: int, stride: int | None = None) -> Floats:
    """The forward pass of max pooling; x: (H, W)."""
    step = size if stride is None else stride
    return sliding_window_view(np.asarray(x, dtype=float), (size, size))[::step, ::step].max(axis=(2, 3))


def fashion_labels() -> NDArray[np.uint8]:
    """Classes (1000,) of the `test_images` of source/deep_networks/fashion.npz, which students get unlabelled."""
    with np.load(LABELS) as file:
        return file["labels"]


def unlabelled_pictures() -> NDArray[np.float32]:
    """The unlabelled pictures (1000, 1, 28, 28) as a network gets them, with values in [0, 1]."""
    with np.load(PICTURES) as file:
        return file["test_images"][:, None].astype(np.float32) / 255


def _padded(x: Floats, padding: int) -> Floats:
    return np.pad(x, ((0, 0), (padding, padding), (padding, padding)))


def _wide(values: Floats) -> Floats:
    """(C,) as (C, 1, 1), to go with (N, C, H, W)."""
    return values[:, None, None]
