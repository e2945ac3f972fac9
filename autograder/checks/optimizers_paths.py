"""Functions to be differentiated and minimised in the checks of `optimizers`, and what typical mistakes make of them.

Each notes how it is called: the student's code calls it from another process.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

import numpy as np

from autograder.compare import describe
from autograder.reference import optimizers as reference


def _sizes(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Multiples of 1/4 from 1/2 to 3 in size, of either sign, no two entries in a row alike."""
    drawn = rng.permutation(np.resize(rng.permutation([2, 3, 5, 6, 7, 8, 9, 10, 11, 12]), int(np.prod(shape)))) / 4
    return (drawn * np.resize(rng.permutation([-1, 1]), drawn.size)).reshape(shape)


class Landscape:
    """A function of all entries together, Σ a·x³ + (Σ b·x)², that notes what it was called with."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
        self.a, self.b = _sizes(rng, shape), _sizes(rng, shape)
        self.complaint = ""

    def in_a_row(self) -> Landscape:
        """The same function of the same entries in a row."""
        row = copy(self)
        row.a, row.b, row.complaint = self.a.ravel(), self.b.ravel(), ""
        return row

    def __call__(self, x) -> float:
        x = np.asarray(x, dtype=float)
        return float((self.a * x**3).sum() + (self.b * x).sum() ** 2)

    def heard(self, x) -> float:
        """The same for the student's calls: an argument of another kind or shape is noted."""
        if not isinstance(x, np.ndarray):
            self.complaint = f"calls f with {describe(x)}"
        elif x.shape != self.a.shape:
            self.complaint = f"calls f with an array of shape {x.shape}, but w has shape {self.a.shape}"
        elif x.dtype.kind != "f":
            self.complaint = f"calls f with an array of dtype {x.dtype}; floats were asked for"
        else:
            return self(x)
        return 0.0


def difference_mistakes(f: Callable, w: np.ndarray, h: float) -> dict[str, np.ndarray]:
    """Typical mistakes in `numerical_gradient`."""
    units = [h * e.reshape(w.shape) for e in np.eye(w.size)]
    central = np.array([f(w + e) - f(w - e) for e in units]).reshape(w.shape) / (2 * h)
    alone = np.array([(f(w * (e != 0) + e) - f(w * (e != 0) - e)) / (2 * h) for e in units])
    forward = np.array([f(w + e) - f(w) for e in units]).reshape(w.shape) / h
    together = (f(w + h) - f(w - h)) / (2 * h)
    left_up, left_down, back_once = w.copy(), w.copy(), w.copy()
    up, down, drift = [], [], []
    for index in np.ndindex(w.shape):
        left_up[index] += h
        up.append((f(left_up) - f(w)) / h)
        right = back_once.copy()
        right[index] += h
        back_once[index] -= h
        drift.append((f(right) - f(back_once)) / (2 * h))
        higher, lower = left_down.copy(), left_down.copy()
        higher[index] += h
        lower[index] -= h
        down.append((f(higher) - f(lower)) / (2 * h))
        left_down[index] += h
    mistakes = {
        "All entries are 0: are f's two values taken at two arrays? After `b = a` both names are one array; `a.copy()` is another.": 0 * w,
        "These are forward differences: look to both sides.": forward,
        "These are backward differences: look to both sides.": 2 * central - forward,
        "The difference was divided by h; the two points are 2h apart.": 2 * central,
        "The difference was divided by 2 and multiplied by h: brackets around 2 * h.": central * h**2,
        "The difference was divided by 4h.": central / 2,
        "The difference was not divided by 2h.": central * 2 * h,
        "The sign is wrong: f(w + h·e) - f(w - h·e).": -central,
        "h was ignored: a fixed, small distance was used.": reference.numerical_gradient(f, w, 1e-5),
        "The points lie h/2 to each side; move by h.": reference.numerical_gradient(f, w, h / 2),
        "All entries were moved at once; move one and leave the others.": np.full(w.shape, together),
        "Entries were not put back after they were moved up.": np.reshape(up, w.shape),
        "Entries stay moved down: put each back before the next.": np.reshape(drift, w.shape),
        "Entries stay moved up: put each back before the next.": np.reshape(down, w.shape),
        "All other entries were 0 where f was asked: move one entry, and leave the others as they are in w.": alone.reshape(w.shape),
        "This is 2w, the gradient of the visible example's f: ask the f that is given.": 2 * w,
    }
    return mistakes


def shape_mistakes(f: Callable, w: np.ndarray, h: float) -> dict[str, np.ndarray]:
    """Typical mistakes in `numerical_gradient` that show where w has more axes than one."""
    rows = np.zeros(w.shape)
    for row in range(len(w)):
        move = np.zeros(w.shape)
        move[row] = h
        rows[row] = (f(w + move) - f(w - move)) / (2 * h)
    mistakes: dict[str, np.ndarray] = {"Whole rows were moved at once; every single entry needs a difference of its own.": rows}
    if w.ndim == 2 and w.shape[0] == w.shape[1]:
        mistakes["The result is transposed."] = reference.numerical_gradient(f, w, h).T
    return mistakes


class Descent:
    """A gradient and a step for `minimise`.

    Args:
        rng: draws the landscape, whose gradient has the same sign for no two neighbouring entries.
        shape: of the weights.
        lengths: of the steps, one after the other; all 1/8 if None.
        push: added to the weights by every step but those of length 0, and then there is no gradient.
    """

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...], lengths: np.ndarray | None = None, push: float = 0.0) -> None:
        self.slope, self.goal = _sizes(rng, shape), _sizes(rng, shape)
        self.lengths, self.push = lengths, push
        self.calls, self.complaint = 0, ""

    def in_a_row(self) -> Descent:
        """The same descent of the same entries in a row, not yet begun."""
        row = copy(self).again()
        row.slope, row.goal, row.complaint = self.slope.ravel(), self.goal.ravel(), ""
        return row

    def grad(self, w) -> np.ndarray:
        w = self.checked(w, "grad")
        return 0 * w if self.push else np.abs(self.slope) * (w - self.goal) / 4 + np.tanh(w)

    def step(self, w, g) -> np.ndarray:
        w, g = self.checked(w, "step"), self.checked(g, "step")
        length = 0.125 if self.lengths is None else self.lengths[self.calls % len(self.lengths)]
        self.calls += 1
        return w - length * (g + self.push)

    def checked(self, value, name: str) -> np.ndarray:
        array = np.asarray(value, dtype=float) if isinstance(value, (np.ndarray, list, tuple, float, int)) else np.array(np.nan)
        if array.shape != self.slope.shape and not self.complaint:
            self.complaint = f"calls {name} with {describe(value)}, but w has shape {self.slope.shape}"
        return array

    def again(self) -> Descent:
        """The same descent, not yet begun."""
        self.calls = 0
        return self


def descent_mistakes(descent: Descent, w: np.ndarray, steps: int) -> dict[str, np.ndarray]:
    """Typical mistakes in `minimise`."""

    def walked(
        count: int, step: Callable | None = None, grad: Callable | None = None, keeps: Callable = lambda at, new: True
    ) -> np.ndarray:
        fresh, at = descent.again(), w
        for _ in range(count):
            new = (step or fresh.step)(at, (grad or fresh.grad)(at))
            at = new if keeps(at, new) else at
        return at

    def behind() -> np.ndarray:
        fresh, at, g = descent.again(), w, descent.grad(w)
        for _ in range(steps):
            old, at = at, fresh.step(at, g)
            g = fresh.grad(old)
        return at

    def from_start() -> np.ndarray:
        fresh, new = descent.again(), w
        for _ in range(steps):
            new = fresh.step(w, fresh.grad(w))
        return new

    first = descent.grad(w)
    norm = np.linalg.norm
    mistakes = {
        "This is where the path stands one step later: there is one update too many.": walked(steps + 1),
        "This is where the path stands one step earlier: there is one update too few.": walked(max(0, steps - 1)),
        "The gradient was taken once, at the start; take it at the present weights before each update.": walked(
            steps, grad=lambda _: first
        ),
        "The gradient is one update behind: take it at the present weights before each update.": behind(),
        "`step` got the gradient first; the weights come first.": walked(steps, step=lambda at, g: descent.step(g, at)),
        "Each update began from the first weights; go on from the last.": from_start(),
        "The weights came back as they were: keep what `step` returns.": w,
        "This is the gradient at the end; return the weights.": descent.grad(walked(steps)),
        "Updates that make the weights larger were dropped: keep what `step` returns, each time.": walked(
            steps, keeps=lambda at, new: norm(new) <= norm(at)
        ),
        "Updates that make the gradient larger were dropped: keep what `step` returns, each time.": walked(
            steps, keeps=lambda at, new: norm(descent.grad(new)) <= norm(descent.grad(at))
        ),
    }
    for rate in (0.25, 0.1, 0.01, 0.5, 1.0):
        mistakes[f"The given step was not used: this is gradient descent with the learning rate {rate}."] = walked(
            steps, step=lambda at, g, rate=rate: at - rate * g
        )
    descent.again()
    return mistakes
