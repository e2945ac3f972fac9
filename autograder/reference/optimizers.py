"""Reference answers of the assignment `optimizers`.

Letters: w weights, g gradient (`grad`), v velocity, s and r running means of the gradient and of its square, t the
number of the update, from 1. Every rule is pure: arrays in, new arrays out; all arrays of one call have one shape.
Conventions are PyTorch's: ε stands outside the root, Adam divides its means by 1 - ρᵗ.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Floats = NDArray[np.floating]
Step = Callable[[Floats, Floats], Floats]

DIGITS = Path(__file__).parents[2] / "source" / "optimizers" / "digits.npz"
NAMES = ("sgd", "momentum", "adagrad", "rmsprop", "adam")
LEARNING_RATES = {"sgd": 0.2, "momentum": 0.05, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}
EPOCHS, BATCHES = 5, 32


def sgd_step(w: Floats, grad: Floats, lr: float) -> Floats:
    """Gradient descent: w - lr·g. Source: slides 004, "Optimizers"."""
    return w - lr * grad


def momentum_step(w: Floats, grad: Floats, v: Floats, lr: float, gamma: float) -> tuple[Floats, Floats]:
    """Momentum: v ← γv - lr·g, w ← w + v; returns (w, v). Source: slides 004, "GD with Momentum".

    `torch.optim.SGD` keeps v ← γv + g and takes w ← w - lr·v: the same path as long as lr stays the same.
    """
    v = gamma * v - lr * grad
    return w + v, v


def annealed_rate(alpha: float, epsilon: float, t: float) -> float:
    """Learning rate α / (ε + t) at time t. Source: slides 004, "Learning rate annealing"."""
    return alpha / (epsilon + t)


def adagrad_step(w: Floats, grad: Floats, r: Floats, lr: float, eps: float) -> tuple[Floats, Floats]:
    """AdaGrad: r ← r + g², w ← w - lr·g / (√r + ε); returns (w, r). Source: slides 004, "AdaGrad"; Duchi et al. 2011."""
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


def rmsprop_step(w: Floats, grad: Floats, r: Floats, lr: float, rho: float, eps: float) -> tuple[Floats, Floats]:
    """RMSprop: r ← ρr + (1 - ρ)g², w ← w - lr·g / (√r + ε); returns (w, r). Source: slides 004, "RMSprop"."""
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


def adam_step(
    w: Floats, grad: Floats, s: Floats, r: Floats, t: int, lr: float, rho1: float, rho2: float, eps: float
) -> tuple[Floats, Floats, Floats]:
    """Adam: s ← ρ₁s + (1 - ρ₁)g, r ← ρ₂r + (1 - ρ₂)g², w ← w - lr·ŝ / (√r̂ + ε); returns (w, s, r).

    ŝ = s / (1 - ρ₁ᵗ) and r̂ = r / (1 - ρ₂ᵗ) with t = 1 at the first update; s and r are returned uncorrected.
    Source: Kingma and Ba 2015, algorithm 1 (slides 004, "Adam Optimizer", leave out the power t).
    """
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    corrected_s, corrected_r = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * corrected_s / (np.sqrt(corrected_r) + eps), s, r


def numerical_gradient(f: Callable[[Floats], float], w: Floats, h: float = 1e-5) -> Floats:
    """Central differences (f(w + h·e) - f(w - h·e)) / 2h, one for each entry of w; any shape, returned in that shape."""
    gradient = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        move = np.zeros(w.shape)
        move[index] = h
        gradient[index] = (f(w + move) - f(w - move)) / (2 * h)
    return gradient


def minimise(step: Step, grad: Callable[[Floats], Floats], w: Floats, steps: int) -> Floats:
    """The weights after `steps` updates w ← step(w, grad(w))."""
    w = w.copy()
    for _ in range(steps):
        w = step(w, grad(w))
    return w


def optimizer(name: str, lr: float) -> Step:
    """One of the five rules as a `step(w, g)` that keeps its state to itself."""
    state: dict[str, Any] = {"v": 0.0, "s": 0.0, "r": 0.0, "t": 0}

    def step(w: Floats, g: Floats) -> Floats:
        state["t"] += 1
        if name == "sgd":
            return sgd_step(w, g, lr)
        if name == "momentum":
            w, state["v"] = momentum_step(w, g, state["v"], lr, 0.9)
        elif name == "adagrad":
            w, state["r"] = adagrad_step(w, g, state["r"], lr, 1e-8)
        elif name == "rmsprop":
            w, state["r"] = rmsprop_step(w, g, state["r"], lr, 0.9, 1e-8)
        else:
            w, state["s"], state["r"] = adam_step(w, g, state["s"], state["r"], state["t"], lr, 0.9, 0.999, 1e-8)
        return w

    return step


class Digits:
    """The race's course: 2,048 digits and a convolutional network of 5,994 weights, held in one array.

    Args:
        seed: of the weights at the start.
    """

    def __init__(self, seed: int = 0) -> None:
        with np.load(DIGITS) as file:
            self.images = torch.from_numpy(file["images"]).float().div(255).unsqueeze(1)
            self.labels = torch.from_numpy(file["labels"]).long()
        torch.manual_seed(seed)
        self.network = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=5, stride=2),
            nn.ReLU(),
            nn.Conv2d(8, 16, kernel_size=5, stride=2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(256, 10),
        )
        self.start = nn.utils.parameters_to_vector(self.network.parameters()).detach().double().numpy()

    def loss_and_gradient(self, w: Floats, batch: NDArray[np.integer]) -> tuple[float, Floats]:
        """Mean cross-entropy of the pictures number `batch` with the weights w (5994,), and its gradient (5994,)."""
        parameters = list(self.network.parameters())
        nn.utils.vector_to_parameters(torch.from_numpy(w).float(), parameters)
        loss = nn.functional.cross_entropy(self.network(self.images[batch]), self.labels[batch])
        gradients = torch.autograd.grad(loss, parameters)
        return loss.item(), torch.cat([g.flatten() for g in gradients]).double().numpy()

    def losses(self, step: Step, generator: np.random.Generator, after: bool = False) -> list[float]:
        """Mean of the batch losses of each epoch, each taken before its update, or ``after`` it."""
        w, means = self.start, []
        for _ in range(EPOCHS):
            losses = []
            for batch in np.array_split(generator.permutation(len(self.images)), BATCHES):
                loss, g = self.loss_and_gradient(w, batch)
                w = step(w, g)
                losses.append(self.loss_and_gradient(w, batch)[0] if after else loss)
            means.append(float(np.mean(losses)))
        return means


def race(seed: int = 0, names: Sequence[str] = NAMES) -> dict[str, list[float]]:
    """Mean training losses of each optimizer, one an epoch. Source: slides 004, Examples 3 and 4."""
    digits = Digits(seed)
    return {name: digits.losses(optimizer(name, LEARNING_RATES[name]), np.random.default_rng(seed)) for name in names}
