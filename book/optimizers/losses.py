"""The losses that the chapter's pages descend: of two weights, of a softmax layer, and of a small network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from update_rules import Rule

with np.load(Path(__file__).parents[2] / "data" / "mnist.npz") as mnist:
    images, labels = mnist["images"] / 255, mnist["labels"].astype(int)

# ---- zeros and ones, told apart by their ink

pick = labels <= 1  # zeros and ones only
ink = images[pick].mean(axis=(1, 2))
is_zero = (labels[pick] == 0).astype(float)
standard = (ink - ink.mean()) / ink.std()


def ink_loss(w: np.ndarray, x: np.ndarray, y: np.ndarray = is_zero) -> np.ndarray:
    """Mean cross-entropy at w: (..., 2), inputs x: (n,), classes y: (n,)."""
    logit = w[..., :1] * x + w[..., 1:]
    return np.mean(np.logaddexp(0, logit) - y * logit, axis=-1)


def ink_hessian(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Second derivatives of `ink_loss` at w, (2, 2)."""
    p = 1 / (1 + np.exp(-(w[0] * x + w[1])))
    inputs = np.stack([x, np.ones_like(x)])
    return inputs * p * (1 - p) @ inputs.T / len(x)


def curvatures(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Eigenvalues of `ink_hessian`, the smaller first."""
    return np.linalg.eigvalsh(ink_hessian(w, x))


def ink_minimum(x: np.ndarray, steps: int = 20) -> np.ndarray:
    """The weights with the lowest `ink_loss`, by Newton's method from (0, 0)."""
    w = np.zeros(2)
    for _ in range(steps):
        error = 1 / (1 + np.exp(-(w[0] * x + w[1]))) - is_zero
        w = w - np.linalg.solve(ink_hessian(w, x), [np.mean(error * x), np.mean(error)])
    return w


valley, bowl = ink_minimum(ink), ink_minimum(standard)

# ---- surfaces of two weights

ravine = np.array([1.0, 50.0])  # curvatures of ½(w₁² + 50 w₂²)


def banana(w: np.ndarray) -> np.ndarray:
    """Rosenbrock's function, (..., 2) → (...)."""
    a, b = np.moveaxis(w, -1, 0)
    return (1 - a) ** 2 + 100 * (b - a**2) ** 2


def banana_gradient(w: np.ndarray) -> np.ndarray:
    """Its gradient, of the shape of w."""
    a, b = np.moveaxis(w, -1, 0)
    return np.stack([2 * (a - 1) - 400 * a * (b - a**2), 200 * (b - a**2)], -1)


# ---- ten digits, one linear layer with softmax

flat = images[:1000].reshape(1000, -1)
x_train = np.column_stack([flat, np.ones(1000)])  # a 1 for the bias
y_train = labels[:1000]
x6000 = np.column_stack([images[:6000].reshape(6000, -1), np.ones(6000)])


def softmax_loss(w: np.ndarray, x: np.ndarray = x_train, y: np.ndarray = y_train) -> tuple[float, np.ndarray]:
    """Loss and gradient at the weights w: (785, 10)."""
    logits = x @ w
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1  # the derivative of the loss by the logits
    return loss, x.T @ p / len(y)


# ---- ten digits, a network with 32 hidden units

x_digits = torch.from_numpy(images.reshape(8000, -1))
y_digits = torch.from_numpy(labels)
shapes = [(32, 784), (32,), (10, 32), (10,)]  # weights and biases of two layers
_rng = np.random.default_rng(0)
_w1, _w2 = _rng.normal(size=(32, 784)) / 28, _rng.normal(size=(10, 32)) / 32**0.5
start = np.concatenate([_w1, np.zeros(32), _w2, np.zeros(10)], axis=None)
batches = [b for _ in range(3) for b in np.split(_rng.permutation(2560), 20)]


def matrices(w: torch.Tensor, shapes: Sequence[tuple[int, ...]]) -> list[torch.Tensor]:
    """One long vector, cut into the weights and biases of its layers."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    return [part.view(shape) for part, shape in zip(w.split(sizes), shapes, strict=True)]


def network_loss(w: torch.Tensor, shapes: Sequence[tuple[int, ...]], x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of two layers with a ReLU between them, all their weights in one vector."""
    w1, b1, w2, b2 = matrices(w, shapes)
    return F.cross_entropy(F.linear(F.relu(F.linear(x, w1, b1)), w2, b2), y)


def train(rule: Rule, batches: Sequence[ArrayLike] = batches) -> list[float]:
    """Loss of each batch, before the step that it causes."""
    w, losses = start, []
    for batch in batches:
        weights = torch.tensor(w, requires_grad=True)
        loss = network_loss(weights, shapes, x_digits[batch], y_digits[batch])
        loss.backward()
        losses.append(loss.item())
        w = rule.step(w, weights.grad.numpy())
    return losses
