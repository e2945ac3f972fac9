"""Networks that answer for each pixel of a digit: small, without bias and pooling, the same but for their dilations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

NO_QUESTION = -100  # what cross-entropy ignores


@dataclass(frozen=True)
class PixelDigits:
    """Digits of 14 × 14 pixels.

    Attributes:
        pictures: (N, 1, 14, 14), brightness on a larger scale, so that learning starts quickly.
        ink: (N, 14, 14), whether a pixel is part of a stroke.
        names: (N,), the digit.
        which: (N, 14, 14), the digit at pixels of ink, elsewhere `NO_QUESTION`.
    """

    pictures: torch.Tensor
    ink: torch.Tensor
    names: torch.Tensor
    which: torch.Tensor


def pixel_digits(mnist: np.lib.npyio.NpzFile) -> PixelDigits:
    """The digits of `data/mnist.npz` at half their size."""
    digits = F.avg_pool2d(torch.tensor(mnist["images"] / 255)[:, None], 2)
    ink = digits[:, 0] > 0.3
    names = torch.tensor(mnist["labels"], dtype=torch.long)
    return PixelDigits(3 * digits, ink, names, torch.where(ink, names[:, None, None], NO_QUESTION))


def pixel_network(dilations: Sequence[int], classes: int = 10, channels: int = 12) -> nn.Sequential:
    """3 × 3 layers with these dilations and a 1 × 1 layer that gives logits for each pixel.

    No layer has a bias, and the activation keeps zero at zero: the empty background is zero in all maps, and padding looks
    exactly like more background, so that no network can make use of the border.
    """
    layers, below = [], 1
    for d in dilations:
        conv = nn.Conv2d(below, channels, 3, padding=d, dilation=d, bias=False)
        layers += [conv, nn.LeakyReLU(0.1)]
        below = channels
    layers.append(nn.Conv2d(channels, classes, 1, bias=False))
    for layer in layers[::2]:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return nn.Sequential(*layers)


def fit(network: nn.Module, pictures: torch.Tensor, answers: torch.Tensor, epochs: int) -> None:
    """Train with Adam on batches of 16, with steps that get smaller towards the end."""
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    steps = epochs * len(pictures) // 16
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    order = torch.cat([torch.randperm(len(pictures)) for _ in range(epochs)])
    for batch in order[: 16 * steps].split(16):
        loss = F.cross_entropy(network(pictures[batch]), answers[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
