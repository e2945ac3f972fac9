"""A small convolutional network on 640 digits, trained with a choice of PyTorch's optimizers: one start, the same batches for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch
import torch.nn.functional as F
from losses import images, y_digits
from torch import nn
from torch.optim import Optimizer

pictures = torch.tensor(images[:, None], dtype=torch.float32)
valid_set = slice(6000, 6256)  # the first 640 are for training


def example_network() -> nn.Sequential:
    """Two convolutional layers of 32 and 64 filters, each with a pooling, and a linear layer; 28 × 28 pixels."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 7 * 7, 10),
    )  # fmt: skip


def accuracy(network: nn.Module) -> float:
    """The share of right answers on the validation set."""
    with torch.no_grad():
        answers = network(pictures[valid_set]).argmax(dim=1)
    return (answers == y_digits[valid_set]).double().mean().item()


def run_example(make_optimizer: Callable[[Iterable[nn.Parameter]], Optimizer], epochs: int = 4) -> tuple[nn.Sequential, np.ndarray]:
    """The trained network, and for each epoch its mean training loss and its validation accuracy, (epochs, 2)."""
    torch.manual_seed(0)  # the same start and the same batches for all
    network = example_network()
    optimizer, history = make_optimizer(network.parameters()), []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(640).split(128):
            loss = F.cross_entropy(network(pictures[batch]), y_digits[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        history.append((np.mean(losses), accuracy(network)))
    return network, np.array(history)
