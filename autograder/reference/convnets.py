"""Reference answers of the assignment `convnets`.

Axis letters: N pictures, C channels, H height, W width; K kernel, S stride, P padding, D dilation.
"Convolution" in a CNN is cross-correlation; `convolve2d` is the only true convolution here.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from torch import nn

Floats = NDArray[np.floating]

LABELS = Path(__file__).parent / "labels" / "convnets.npz"
PICTURES = Path(__file__).parents[2] / "source" / "convnets" / "digits.npz"
MOST_PARAMETERS = 60_000


def correlate2d(x: ArrayLike, W: ArrayLike) -> Floats:
    """Valid cross-correlation: the kernel W slides over x, unflipped.

    x: (H, W), W: (kH, kW); returns (H - kH + 1, W - kW + 1).
    Raises ValueError if either is not 2-D or the kernel is larger than the input.
    Source: slides 001, section 1; 004, "Convolution layer".
    """
    x, W = _matrix(x, "x"), _matrix(W, "W")
    if W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError(f"W: expected a kernel no larger than the input {x.shape}, got {W.shape}")
    return np.einsum("ijkl,kl->ij", sliding_window_view(x, W.shape), W)


def convolve2d(x: ArrayLike, W: ArrayLike) -> Floats:
    """Valid convolution: cross-correlation with the kernel flipped along both axes.

    Shapes and errors as in `correlate2d`. Source: slides 001, section 1.
    """
    return correlate2d(x, _matrix(W, "W")[::-1, ::-1])


def max_pool2d(x: ArrayLike, size: int, stride: int | None = None) -> NDArray:
    """Largest value of each size×size window; windows start every `stride` (default: size) pixels.

    x: (H, W); returns (⌊(H - size) / stride⌋ + 1, ⌊(W - size) / stride⌋ + 1).
    Raises ValueError if x is not 2-D or no window fits.
    Source: slides 000 Q1 (b); 004, "Pooling layer".
    """
    return _windows(x, size, stride).max(axis=(2, 3))


def avg_pool2d(x: ArrayLike, size: int, stride: int | None = None) -> Floats:
    """Mean of each window; everything else as in `max_pool2d`."""
    return _windows(x, size, stride).mean(axis=(2, 3))


def conv_output_size(n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Outputs along one axis: ⌊(n + 2P - D(K - 1) - 1) / S⌋ + 1.

    Raises ValueError if no window fits. Source: slides 002, "Computing Output Sizes".
    """
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError(f"kernel: expected a window of at most {n + 2 * padding} pixels, got {dilation * (kernel - 1) + 1}")
    return room // stride + 1


def conv2d(x: ArrayLike, weight: ArrayLike, bias: ArrayLike, stride: int = 1, padding: int = 0) -> Floats:
    """A convolutional layer (cross-correlation) on one picture.

    x: (C_in, H, W), weight: (C_out, C_in, kH, kW), bias: (C_out,); returns (C_out, H_out, W_out).
    Raises ValueError if the channels differ or no window fits.
    Source: slides 003, "Numpy example"; 004, "Convolution layer - summary".
    """
    x, weight, bias = (np.asarray(a, dtype=float) for a in (x, weight, bias))
    if x.shape[0] != weight.shape[1]:
        raise ValueError(f"weight: expected {x.shape[0]} input channels, got {weight.shape[1]}")
    for size, kernel in zip(x.shape[1:], weight.shape[2:], strict=True):
        conv_output_size(size, kernel, stride, padding)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijkl,ockl->oij", windows, weight) + bias[:, None, None]


def _matrix(values: ArrayLike, name: str) -> Floats:
    """`values` as a 2-D float array, or a ValueError naming the parameter."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ValueError(f"{name}: expected a 2-D array, got {values.ndim}-D")
    return values


def _windows(x: ArrayLike, size: int, stride: int | None) -> NDArray:
    """The pooling windows of x: (H_out, W_out, size, size)."""
    x = _matrix(x, "x")
    if size > min(x.shape):
        raise ValueError(f"size: expected at most {min(x.shape)} to fit the input {x.shape}, got {size}")
    step = size if stride is None else stride
    return sliding_window_view(x, (size, size))[::step, ::step]


# Slides 001, section 1: the input of 000 Q1 without its last row and column, and a horizontal-edge kernel.
x_q1 = np.array(
    [
        [0.1, 0.2, 0.1, 0.1, 0.0],
        [0.8, 0.9, 1.0, 1.0, 0.9],
        [1.0, 1.0, 1.0, 1.0, 1.0],
        [0.9, 1.0, 1.0, 0.8, 1.0],
        [0.0, 0.1, 0.1, 0.2, 0.0],
    ]
)
W_q1 = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -1.0, -1.0]])
q1_correlation = correlate2d(x_q1, W_q1)
q1_convolution = convolve2d(x_q1, W_q1)

# Slides 000 Q1 (c) and (d), channels first: a 3×224×224 picture, 96 kernels 11×11, stride 4, no padding.
q1c_output_shape = (96, conv_output_size(224, 11, stride=4), conv_output_size(224, 11, stride=4))
q1d_output_shape = (32, *q1c_output_shape)


class CNN(nn.Module):
    """[Conv → ReLU → Pool] × 2 → FC → ReLU → FC: (N, 1, 28, 28) → logits (N, num_classes); 54,314 parameters.

    Source: slides 002, "The Classic CNN"; 003, "CNN architecture".
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, kernel_size=5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, num_classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x))


def fit(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> None:
    """Train `model` in place: stochastic gradient descent with momentum on shuffled mini-batches of 64.

    images: float32 (N, 1, 28, 28) in [0, 1], labels: int64 (N,). Source: slides 000, "PyTorch: Training Loop".
    """
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()


def classify(model: nn.Module, images: torch.Tensor) -> NDArray[np.int64]:
    """The class with the largest logit for each picture; images: (N, 1, 28, 28), returns (N,)."""
    model.eval()
    with torch.no_grad():
        return model(images).argmax(dim=1).numpy()


def digit_labels() -> NDArray[np.uint8]:
    """Classes (1000,) of the `test_images` of source/convnets/digits.npz, which students get unlabelled."""
    with np.load(LABELS) as file:
        return file["labels"]


def unlabelled_pictures() -> NDArray[np.float32]:
    """The unlabelled pictures (1000, 1, 28, 28) as a network gets them, with values in [0, 1]."""
    with np.load(PICTURES) as file:
        return file["test_images"][:, None].astype(np.float32) / 255
