"""The rules as the chapter's pages write them, for the pages that use them later, and the loop that they run in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

Weights = Any  # a number or an array; a learning rate may be an array too, and then many runs go side by side


class Rule(Protocol):
    """What makes one step from the weights `w` with the gradient `g`."""

    def step(self, w: Weights, g: Weights) -> Weights:
        """The weights after the step."""


class GradientDescent:
    """w ← w − αg."""

    def __init__(self, lr: Weights) -> None:
        self.lr = lr

    def step(self, w: Weights, g: Weights) -> Weights:
        """The weights after the step."""
        return w - self.lr * g


class Momentum:
    """v ← γv − αg, w ← w + v (Polyak 1964), form A."""

    def __init__(self, lr: Weights, gamma: float = 0.9) -> None:
        self.lr, self.gamma, self.v = lr, gamma, 0.0

    def step(self, w: Weights, g: Weights) -> Weights:
        """The weights after the step."""
        self.v = self.gamma * self.v - self.lr * g
        return w + self.v


class AdaGrad:
    """r ← r + g², w ← w − αg/(ε + √r) (Duchi et al. 2011)."""

    def __init__(self, lr: Weights, eps: float = 1e-10) -> None:
        self.lr, self.eps, self.r = lr, eps, 0.0

    def step(self, w: Weights, g: Weights) -> Weights:
        """The weights after the step."""
        self.r = self.r + g**2
        return w - self.lr * g / (np.sqrt(self.r) + self.eps)


class RMSprop:
    """r ← ρr + (1 − ρ)g², w ← w − αg/(ε + √r) (Tieleman and Hinton 2012)."""

    def __init__(self, lr: Weights, rho: float = 0.9, eps: float = 1e-8) -> None:
        self.lr, self.rho, self.eps, self.r = lr, rho, eps, 0.0

    def step(self, w: Weights, g: Weights) -> Weights:
        """The weights after the step."""
        self.r = self.rho * self.r + (1 - self.rho) * g**2
        return w - self.lr * g / (np.sqrt(self.r) + self.eps)


class Adam:
    """Running means of g and g², both corrected for their start at 0 (Kingma and Ba 2015)."""

    def __init__(self, lr: Weights = 0.001, rho1: float = 0.9, rho2: float = 0.999, eps: float = 1e-8) -> None:
        self.lr, self.rho1, self.rho2, self.eps = lr, rho1, rho2, eps
        self.s, self.r, self.t = 0.0, 0.0, 0

    def step(self, w: Weights, g: Weights) -> Weights:
        """The weights after the step."""
        self.t += 1
        self.s = self.rho1 * self.s + (1 - self.rho1) * g
        self.r = self.rho2 * self.r + (1 - self.rho2) * g**2
        s = self.s / (1 - self.rho1**self.t)  # copies: self.s itself stays
        r = self.r / (1 - self.rho2**self.t)
        return w - self.lr * s / (np.sqrt(r) + self.eps)


RULES = {"sgd": GradientDescent, "momentum": Momentum, "adagrad": AdaGrad, "rmsprop": RMSprop, "adam": Adam}


def descend(rule: Rule, gradient: Callable[[np.ndarray], Weights], w: ArrayLike, steps: int) -> np.ndarray:
    """All points of the way, start included: (steps + 1, ...)."""
    path = [np.asarray(w, dtype=float)]
    for _ in range(steps):
        path.append(rule.step(path[-1], gradient(path[-1])))
    return np.array(path)


def steps_needed(factor: float, accuracy: float = 1e-3) -> int:
    """Steps until an error that shrinks by `factor` in each of them is `accuracy` of what it was."""
    return int(np.ceil(np.log(accuracy) / np.log(factor)))
