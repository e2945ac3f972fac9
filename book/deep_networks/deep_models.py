"""Deep networks for small pictures, plain and residual, and how they are trained on the pages of this chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

Loss = Callable[[nn.Module, torch.Tensor, torch.Tensor], torch.Tensor]


def pictures(fashion: np.lib.npyio.NpzFile, count: int, first: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures of `data/fashion.npz` from number `first` on, (count, 1, 28, 28) in [0, 1], and their classes (count,)."""
    images, labels = (fashion[name][first : first + count] for name in ("images", "labels"))
    return torch.from_numpy(images).float().div(255).unsqueeze(1), torch.from_numpy(labels).long()


class Block(nn.Module):
    """Conv → BN → ReLU → Conv → BN, with a shortcut past all of it or without, then ReLU."""

    def __init__(self, channels: int, shortcut: bool = True) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        branch = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(x + branch if self.shortcut else branch)


def network(layers: int, shortcut: bool, channels: int = 12, seed: int = 0) -> nn.Sequential:
    """One convolution, blocks of two, and a linear layer for ten classes: an even number of layers with weights."""
    torch.manual_seed(seed)
    stem = [nn.Conv2d(1, channels, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
    blocks = [Block(channels, shortcut) for _ in range(layers // 2 - 1)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


def stack(layers: int, normalised: bool, channels: int = 12, seed: int = 0) -> nn.Sequential:
    """Convolutions with He's first weights and ReLU, with batch normalisation in between or not, and a linear layer."""
    torch.manual_seed(seed)
    parts: list[nn.Module] = []
    for number in range(layers):
        conv = nn.Conv2d(channels if number else 1, channels, 3, stride=1 if number else 2, padding=1, bias=not normalised)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        parts += [conv, nn.BatchNorm2d(channels), nn.ReLU()] if normalised else [conv, nn.ReLU()]
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


def batches(count: int, size: int = 64, seed: int = 0) -> Iterator[torch.Tensor]:
    """Indices in random order, cut into batches of `size`; what is left over at the end is dropped."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return (order[start : start + size] for start in range(0, count - size + 1, size))


def cross_entropy(net: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The loss that all pages train with unless they say otherwise."""
    return F.cross_entropy(net(images), labels)


def train(
    net: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    epochs: int,
    rate: Callable[[float], float],
    loss_fn: Loss = cross_entropy,
) -> list[float]:
    """Train in place by gradient descent with momentum 0.9 on batches of 64; returns the mean training loss of each epoch.

    Args:
        net: the network, with (N, 10) logits.
        images: (N, 1, H, W).
        labels: (N,).
        epochs: how often all pictures are seen.
        rate: the learning rate, for the share of the training that is over (0 to 1).
        loss_fn: of the network, a batch of pictures and their labels.
    """
    optimizer, steps = torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9), len(images) // 64
    means = []
    net.train()
    for epoch in range(epochs):
        losses = []
        for step, batch in enumerate(batches(len(images), seed=epoch)):
            optimizer.param_groups[0]["lr"] = rate((epoch + step / steps) / epochs)
            loss = loss_fn(net, images[batch], labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(float(np.mean(losses)))
    return means


def rise_and_fall(highest: float, warm_up: float = 0.1) -> Callable[[float], float]:
    """A learning rate that rises linearly during the share `warm_up` of the training, then falls linearly to 0."""
    return lambda over: highest * min(over / warm_up, (1 - over) / (1 - warm_up))


@torch.no_grad()
def accuracy(net: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """The share of right answers, in the mode that the network is in."""
    return (net(images).argmax(dim=1) == labels).float().mean().item()
