"""Functions that the chapter's first pages write and its later ones use; the pages show them in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn


def reads(unit: int, kernel: int, stride: int, padding: int = 0, dilation: int = 1) -> set[int]:
    """The places one layer below that a unit reads, along one axis."""
    return {unit * stride - padding + dilation * m for m in range(kernel)}


def trace(layers: Sequence[Iterable[int]], unit: int = 0) -> set[int]:
    """All pixels that a unit of the last layer sees, found by following sets; a layer is (kernel, stride, padding, dilation)."""
    seen = {unit}
    for layer in reversed(layers):
        seen = set().union(*(reads(u, *layer) for u in seen))
    return seen


def size_and_jump(kernels: Sequence[int], strides: Sequence[int], dilations: ArrayLike = 1) -> tuple[np.ndarray, np.ndarray]:
    """Fields and jumps behind 0, 1, 2, … layers."""
    jumps = np.cumprod([1, *strides])
    reach = np.multiply(dilations, np.subtract(kernels, 1)) * jumps[:-1]
    return np.cumsum([1, *reach]), jumps


def influence(network: nn.Module, picture: torch.Tensor, row: int, column: int) -> torch.Tensor:
    """The gradient of one output unit by every pixel, (H, W)."""
    picture = picture.clone().requires_grad_()
    network(picture)[0, 0, row, column].backward()
    return picture.grad[0].abs().sum(dim=0)


def random_layers(rng: np.random.Generator) -> np.ndarray:
    """One to five layers, each (kernel, stride, padding, dilation)."""
    return rng.integers([1, 1, 0, 1], [6, 4, 4, 4], size=(rng.integers(1, 6), 4))
