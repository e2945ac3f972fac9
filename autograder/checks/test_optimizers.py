"""Hidden checks of the assignment `optimizers`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Inputs and settings are multiples of powers of 1/2, so that float32 and float64 agree far better than the tolerance;
gradients, learning rates and shares are chosen so that every mistake in `optimizers_mistakes` shows.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from autograder.checks.optimizers_mistakes import (
    ADAGRAD,
    ADAM,
    MOMENTUM,
    RMSPROP,
    SGD,
    Mistakes,
    difference_mistakes,
    rate_mistakes,
)
from autograder.compare import describe as description
from autograder.compare import expect_answers, expect_array, expect_number, fail, filled
from autograder.reference import optimizers as reference

pytestmark = pytest.mark.time_limit(5)

RTOL, ATOL = 1e-4, 1e-5  # honest answers in float32 are ten times closer, mistakes a hundred times further off
TINY = 1e-8
SHAPES = ((3, 4), (2, 3, 2), (1, 5))
# `make recipes`: last losses of ten runs of the reference race 0.157 to 0.290; the bound stands 0.16 above the worst of
# them. First losses of 220 runs with other learning rates, from 1/512 to twice the reference's: 0.914 to 2.322.
LAST_LOSS, FIRST_LOSS = 0.45, (0.3, 10.0)


def weights(rng, *shape):
    """Multiples of 1/4 from -4 to 4."""
    return rng.integers(-16, 17, shape) / 4


def gradients(rng, *shape):
    """Multiples of 1/4 from 1/2 to 3 in size, of either sign, no two entries in a row alike; none is -1, 0 or 1."""
    sizes = np.array([2, 3, 5, 6, 7, 8, 9, 10, 11, 12]) / 4
    drawn = rng.permutation(np.resize(rng.permutation(sizes), int(np.prod(shape))))
    signs = np.resize(rng.permutation([-1, 1]), drawn.size)
    return (drawn * signs).reshape(shape)


def squares(rng, *shape):
    """What a running mean of squares may hold: multiples of 1/4 from 5/4 to 9."""
    return rng.integers(5, 37, shape) / 4


def rate(rng):
    """A learning rate above 1: no share, and long steps, in which mistakes show."""
    return float(rng.choice([5, 7, 9])) / 4


def share(rng, low=10, high=15):
    """A share of the past, in sixteenths: never 1/2, so that it differs from what is left."""
    return int(rng.integers(low, high)) / 16


def broad_eps(rng):
    """An ε as large as the roots it is added to."""
    return float(rng.choice([9, 10, 11])) / 4


def as_arrays(received, names: str, shape: tuple[int, ...], what: str) -> tuple[np.ndarray, ...]:
    """The arrays that a rule returned, each of the weights' shape; one array for one name, a tuple for several."""
    named = names.split()
    if len(named) == 1:
        received = (received,)
    elif isinstance(received, np.ndarray) and received.shape == (len(named), *shape):
        received = tuple(received)
    wanted = f"the tuple ({', '.join(named)})"
    if not isinstance(received, (tuple, list)):
        fail(f"{what} is {description(received)}, but {wanted} was expected.", wanted, description(received))
    if len(received) != len(named):
        fail(f"{what} holds {len(received)} things, but {wanted} was expected.", wanted, f"{len(received)} things")
    parts = [what] if len(named) == 1 else [f"{name} of {what}" for name in named]
    return tuple(
        np.asarray(value) if _has_shape(value, shape) else expect_array(value, np.zeros(shape), part, rtol=0, atol=np.inf)
        for value, part in zip(received, parts, strict=True)
    )


def _has_shape(value, shape) -> bool:
    return isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind in "iuf"


def alike(received: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> bool:
    with np.errstate(all="ignore"):
        return all(np.allclose(a, b, rtol=RTOL, atol=ATOL, equal_nan=True) for a, b in zip(received, other, strict=True))


def expect_arrays(received, expected, names: str, what: str, wrong: Callable[[], dict[str, tuple]]) -> None:
    """Compares the arrays one by one; a mistake is named if all arrays are what it, and no other, leads to."""
    if alike(received, expected):
        return
    with np.errstate(all="ignore"):
        fitting = {text: values for text, values in wrong().items() if alike(received, values) and np.isfinite(values).any()}
    fitting = fitting if len(fitting) == 1 else {}
    named = names.split()
    for number, (name, value, right) in enumerate(zip(named, received, expected, strict=True)):
        part = what if len(named) == 1 else f"{name} of {what}"
        expect_array(value, right, part, RTOL, ATOL, {text: values[number] for text, values in fitting.items()})


class Rule:
    """What the checks of all update rules share.

    `settings` draws what stands behind the arrays, `state` the arrays a rule remembers.
    """

    name: str
    outputs: str
    mistakes: Mistakes

    def state(self, rng, shape, rest=False) -> tuple:
        """Abstract: each rule's class has its own."""
        raise NotImplementedError

    def settings(self, rng, eps=TINY, t=None) -> tuple:
        """Abstract: each rule's class has its own."""
        raise NotImplementedError

    def right(self, *arguments) -> tuple[np.ndarray, ...]:
        result = getattr(reference, self.name)(*arguments)
        return result if isinstance(result, tuple) else (result,)

    def call(self, student, *arguments) -> tuple[np.ndarray, ...]:
        return as_arrays(student.function(self.name)(*arguments), self.outputs, arguments[0].shape, f"`{self.name}(…)`")

    def compare(self, student, *arguments, only: str | None = None, where: str = "") -> None:
        """One update against the reference; with `only`, just these outputs."""
        kept = [name in (only or self.outputs).split() for name in self.outputs.split()]

        def chosen(values):
            return tuple(value for value, keep in zip(values, kept, strict=True) if keep)

        expect_arrays(
            chosen(self.call(student, *arguments)),
            chosen(self.right(*arguments)),
            only or self.outputs,
            f"`{self.name}(…)`{where}",
            lambda: {text: chosen(rule(*arguments)) for text, rule in self.mistakes.items()},
        )

    def travel(self, student, w, state, steps: Sequence[tuple], only: str | None = None) -> None:
        """Several updates in a row, each from the student's own last results; `steps` holds (gradient, settings)."""

        def path(rule):
            arrays = (w, *state)
            for g, settings in steps:
                arrays = rule(arrays[0], g, *arrays[1:], *settings)
            return arrays[:1] if only else arrays

        what = f"`{self.name}(…)` after {len(steps)} updates"
        expect_arrays(
            path(lambda *arguments: self.call(student, *arguments)),
            path(self.right),
            only or self.outputs,
            what,
            lambda: {text: path(rule) for text, rule in self.mistakes.items()},
        )

    def draw(self, rng, *shape, rest=False, **settings) -> tuple:
        """Arguments of one call: weights, gradient, state, settings."""
        return weights(rng, *shape), gradients(rng, *shape), *self.state(rng, shape, rest), *self.settings(rng, **settings)

    def test_shapes(self, student, rng):
        """Matrices and arrays of more axes
        The rules work entry by entry, so numpy's operators do for any shape; beware of loops over the first axis only.
        """
        for shape in SHAPES:
            self.compare(student, *self.draw(rng, *shape), where=f" with arrays of shape {shape}")

    def test_pure(self, student, rng):
        """Arguments unchanged, the same call gives the same result
        `w -= …` and `v *= …` change the caller's array; `w = w - …` makes a new one. Nothing is remembered between calls.
        """
        arguments = self.draw(rng, 6)
        function = student.function(self.name)
        first = as_arrays(function.must_not_change(*arguments), self.outputs, (6,), f"`{self.name}(…)`")
        other = self.draw(rng, 6)
        for number, name in enumerate(self.outputs.split()):  # whoever computes nothing changes nothing
            pairs = [(first, arguments), (self.call(student, *other), other)]
            expect_answers(
                [(np.nan_to_num(result[number], posinf=1e9, neginf=-1e9), self.right(*given)[number]) for result, given in pairs],
                f"{name} of `{self.name}(…)`",
            )
        if not alike(self.call(student, *arguments), first):
            fail("Called again with the same arguments the function gives another result: something is remembered between calls.")


@pytest.mark.section("Gradient descent")
class TestSgdStep(Rule):
    name, outputs, mistakes = "sgd_step", "w", SGD

    def state(self, rng, shape, rest=False):
        return ()

    def settings(self, rng, eps=TINY, t=None):
        return (rate(rng),)

    @pytest.mark.points(3)
    def test_one_step(self, student, rng):
        """One step against the gradient
        Take lr times the gradient away from the weights.
        """
        for size in (2, 7, 1):
            self.compare(student, *self.draw(rng, size))

    def test_several_steps(self, student, rng):
        """Several steps with different learning rates"""
        self.travel(student, weights(rng, 5), (), [(gradients(rng, 5), (lr / 16,)) for lr in rng.permutation([1, 3, 5, 8])])


@pytest.mark.section("Momentum")
class TestMomentumStep(Rule):
    name, outputs, mistakes = "momentum_step", "w v", MOMENTUM

    def state(self, rng, shape, rest=False):
        return (np.zeros(shape) if rest else gradients(rng, *shape),)

    def settings(self, rng, eps=TINY, t=None):
        return rate(rng), share(rng)

    def test_from_rest(self, student, rng):
        """The first step, from rest
        With v = 0 the new velocity is -lr·grad.
        """
        self.compare(student, *self.draw(rng, 5, rest=True))

    @pytest.mark.points(3)
    def test_moving(self, student, rng):
        """A step with a velocity
        First the new velocity, then the weights move by it.
        """
        for size in (4, 7):
            self.compare(student, *self.draw(rng, size))

    @pytest.mark.points(3)
    def test_changing_rate(self, student, rng):
        """Several steps while the learning rate changes
        The learning rate belongs into the velocity: v ← γv - lr·grad, w ← w + v. The other form, w ← w - lr·v, goes elsewhere.
        """
        gamma = share(rng)
        steps = [(gradients(rng, 5), (lr / 16, gamma)) for lr in rng.permutation([1, 3, 6, 8, 2])]
        self.travel(student, weights(rng, 5), (np.zeros(5),), steps, only="w")

    def test_without_memory(self, student, rng):
        """With γ = 0 it is gradient descent"""
        w, g, v, lr, _ = self.draw(rng, 6)
        self.compare(student, w, g, v, lr, 0.0)


class Adaptive(Rule):
    """The checks that AdaGrad and RMSprop share."""

    outputs = "w r"

    def state(self, rng, shape, rest=False):
        return (np.zeros(shape) if rest else squares(rng, *shape),)

    @pytest.mark.points(2)
    def test_one_step(self, student, rng):
        """One step, from a given r
        First the new r, then the step with it. The square and the root go entry by entry.
        """
        for size in (4, 7):
            self.compare(student, *self.draw(rng, size))

    @pytest.mark.points(2)
    def test_several_steps(self, student, rng):
        """Several steps, from r = 0"""
        w, _, r, *settings = self.draw(rng, 5, rest=True)
        self.travel(student, w, (r,), [(gradients(rng, 5), settings) for _ in range(5)])

    @pytest.mark.points(3)
    def test_large_eps(self, student, rng):
        """A large ε: outside the root
        √r + ε and √(r + ε) differ little for ε = 10⁻⁸, but a lot here.
        """
        for size in (5, 6):
            w, g, r, *settings = self.draw(rng, size, eps=broad_eps(rng))
            g[:2], r[:2] = (0.5, -3), (1.25, 9)  # one root below ε, one above it
            self.compare(student, w, g, r, *settings)

    def test_flat(self, student, rng):
        """Where all gradients are 0 the weight stays
        0 / (√0 + ε) is 0; without ε it is 0/0, no number.
        """
        w, g, r, *settings = self.draw(rng, 4, rest=True)
        g[[0, 2]] = 0
        self.compare(student, w, g, r, *settings)


@pytest.mark.section("A rate for each weight: AdaGrad")
class TestAdagradStep(Adaptive):
    name, mistakes = "adagrad_step", ADAGRAD

    def settings(self, rng, eps=TINY, t=None):
        return rate(rng), eps


@pytest.mark.section("Forgetting the distant past: RMSprop")
class TestRmspropStep(Adaptive):
    name, mistakes = "rmsprop_step", RMSPROP

    def settings(self, rng, eps=TINY, t=None):
        return rate(rng), share(rng), eps


@pytest.mark.section("Momentum and a rate for each weight: Adam")
class TestAdamStep(Rule):
    name, outputs, mistakes = "adam_step", "w s r", ADAM

    def state(self, rng, shape, rest=False):
        return (np.zeros(shape), np.zeros(shape)) if rest else (gradients(rng, *shape), 4 + squares(rng, *shape))

    def settings(self, rng, eps=TINY, t=None):
        return int(rng.integers(2, 6)) if t is None else t, rate(rng), share(rng, 10, 12), share(rng, 13, 15), eps

    @pytest.mark.points(2)
    def test_first_step(self, student, rng):
        """The new weights after the first step, t = 1
        With the correction the first step is as long as the learning rate, whatever the gradient.
        """
        self.compare(student, *self.draw(rng, 6, rest=True, t=1), only="w")

    @pytest.mark.points(2)
    def test_means(self, student, rng):
        """The means s and r, returned uncorrected
        The correction is for this step's weights only; the next update goes on from the uncorrected means.
        """
        self.compare(student, *self.draw(rng, 6), only="s r")

    @pytest.mark.points(3)
    def test_later_step(self, student, rng):
        """The new weights after later steps, t = 2, 3 and 100
        In 1 - ρᵗ the t is a power: for t = 2, ρ·ρ. For a large t the correction is next to nothing.
        """
        for t in (3, 2, 100):
            self.compare(student, *self.draw(rng, 5, t=t), only="w", where=f" with t = {t}")

    @pytest.mark.points(4)
    def test_several_steps(self, student, rng):
        """Six steps in a row, from s = r = 0
        As a training loop would call it: t = 1, 2, 3, … with the s and r that came back.
        """
        w, _, s, r, _, lr, rho1, rho2, eps = self.draw(rng, 5, rest=True)
        steps = [(gradients(rng, 5), (t, lr, rho1, rho2, eps)) for t in range(1, 7)]
        self.travel(student, w, (s, r), steps, only="w")

    @pytest.mark.points(3)
    def test_large_eps(self, student, rng):
        """A large ε: outside the root, after the correction
        √r̂ + ε and √(r̂ + ε) differ little for ε = 10⁻⁸, but a lot here.
        """
        for t in (4, 3, 1):
            self.compare(student, *self.draw(rng, 5, t=t, eps=broad_eps(rng)), only="w", where=f" with t = {t} and a large ε")

    def test_flat(self, student, rng):
        """Where all gradients are 0 the weight stays
        0 / (√0 + ε) is 0; without ε it is 0/0, no number.
        """
        w, g, *others = self.draw(rng, 4, rest=True, t=1)
        g[[1, 2]] = 0
        self.compare(student, w, g, *others)


@pytest.mark.section("The learning rate over time")
class TestAnnealedRate:
    def compare(self, student, alpha, epsilon, t):
        received = student.function("annealed_rate")(alpha, epsilon, t)
        what = f"annealed_rate({alpha}, {epsilon}, {t})"
        return expect_number(received, reference.annealed_rate(alpha, epsilon, t), what, 1e-5, mistakes=rate_mistakes(alpha, epsilon, t))

    @pytest.mark.points(2)
    def test_values(self, student, rng):
        """Rates at different times
        ε + t as a whole stands below the line.
        """
        for t in (1, 2, 7, 40):
            self.compare(student, float(rng.choice([3, 5, 7])) / 8, float(rng.choice([9, 11, 13])) / 8, t)

    def test_at_the_start(self, student, rng):
        """At t = 0 the rate is α / ε"""
        self.compare(student, float(rng.choice([3, 5, 7])) / 8, float(rng.choice([9, 11, 13])) / 8, 0)

    def test_whole_numbers(self, student, rng):
        """Whole numbers
        `/` divides whole numbers exactly, `//` cuts.
        """
        for t in (1, 4):
            self.compare(student, int(rng.integers(20, 30)), int(rng.choice([7, 9])), t)

    def test_between_the_steps(self, student, rng):
        """t needn't be whole"""
        self.compare(student, float(rng.choice([3, 5])) / 8, 0.875, float(rng.choice([1, 3, 5])) / 2)


class Landscape:
    """A function of all entries together, Σ a·x³ + (Σ b·x)², that notes what it was called with."""

    def __init__(self, rng, shape):
        self.a, self.b = gradients(rng, *shape), gradients(rng, *shape)
        self.complaint = ""

    def __call__(self, x):
        x = np.asarray(x, dtype=float)
        return float((self.a * x**3).sum() + (self.b * x).sum() ** 2)

    def heard(self, x) -> float:
        """The same for the student's calls: an argument of another kind or shape is noted."""
        if not isinstance(x, np.ndarray):
            self.complaint = f"calls f with {description(x)}"
        elif x.shape != self.a.shape:
            self.complaint = f"calls f with an array of shape {x.shape}, but w has shape {self.a.shape}"
        elif x.dtype.kind != "f":
            self.complaint = f"calls f with an array of dtype {x.dtype}; floats were asked for"
        else:
            return self(x)
        return 0.0


@pytest.mark.section("The slope, measured")
class TestNumericalGradient:
    def compare(self, student, rng, *shape, h=None):
        """The reference's differences of a fresh landscape, at a point where all entries differ."""
        landscape = Landscape(rng, shape)
        w = rng.permutation(np.arange(1, int(np.prod(shape)) + 1)).reshape(shape) / 4 * gradients(rng, *shape)
        trial = student.function("numerical_gradient").observed(landscape.heard, w, *(() if h is None else (h,)))
        if landscape.complaint:
            fail(f"`numerical_gradient` {landscape.complaint}.")
        if trial.error is not None:
            fail(student.sentence(trial.error, "`numerical_gradient`"))
        what = f"numerical_gradient(f, w{'' if h is None else f', h={h}'}) with w of shape {shape}"
        used = 1e-5 if h is None else h
        expected = reference.numerical_gradient(landscape, w, used)
        tolerance = {"rtol": 1e-5, "atol": 1e-4 * float(np.abs(expected).max())}
        try:
            expect_array(trial.value, expected, what, **tolerance)
        except AssertionError:  # the mistakes cost many values of f: only where they are needed
            expect_array(trial.value, expected, what, **tolerance, mistakes=difference_mistakes(landscape, w, used))
        return trial

    @pytest.mark.points(3)
    def test_one_axis(self, student, rng):
        """The gradient at a list of numbers
        Each entry needs two values of f: with this entry moved up, with this entry moved down, all others as they were.
        """
        for size in (1, 2, 5):
            self.compare(student, rng, size)

    @pytest.mark.points(3)
    def test_large_h(self, student, rng):
        """A large h: the formula itself
        (f(w + h·e) - f(w - h·e)) / (2h), with the h that was given. Looking to one side only gives something else here.
        """
        for h in (0.5, 2.0):
            self.compare(student, rng, 4, h=h)

    @pytest.mark.points(3)
    def test_shapes(self, student, rng):
        """Matrices and arrays of more axes
        `np.ndindex(w.shape)` runs through the indices of an array of any shape.
        """
        for shape in ((2, 3), (3, 3), (2, 2, 3)):
            self.compare(student, rng, *shape)
            self.compare(student, rng, *shape, h=0.5)

    def test_w_unchanged(self, student, rng):
        """w holds the same numbers as before
        Move a copy; adding h and taking it away again leaves rounding errors behind.
        """
        for shape in ((7,), (2, 3)):
            trial = self.compare(student, rng, *shape, h=0.1)
            if trial.changed:
                fail("`numerical_gradient` changes its argument w in place; work on a copy instead.")
            if trial.shares_memory:
                fail("The result of `numerical_gradient` shares memory with w; return a new array.")


class Descent:
    """A gradient and two steps for `minimise`: plain, and one that takes smaller steps with every call."""

    def __init__(self, rng, shape, remembers=False):
        self.slope, self.goal = gradients(rng, *shape), gradients(rng, *shape)
        self.remembers, self.calls, self.complaint = remembers, 0, ""

    def grad(self, w):
        w = self.checked(w, "grad")
        return np.abs(self.slope) * (w - self.goal) / 4 + np.tanh(w)

    def step(self, w, g):
        w, g = self.checked(w, "step"), self.checked(g, "step")
        self.calls += 1
        return w - (0.75 / self.calls if self.remembers else 0.125) * g

    def checked(self, value, name):
        array = np.asarray(value, dtype=float) if isinstance(value, (np.ndarray, list, tuple, float, int)) else np.array(np.nan)
        if array.shape != self.slope.shape and not self.complaint:
            self.complaint = f"calls {name} with {description(value)}, but w has shape {self.slope.shape}"
        return array

    def again(self):
        """The same descent, not yet begun."""
        self.calls = 0
        return self


def descent_mistakes(descent: Descent, w: np.ndarray, steps: int) -> dict[str, np.ndarray]:
    """Typical mistakes in `minimise`."""

    def walked(count, step=None, grad=None):
        fresh, at = descent.again(), w
        for _ in range(count):
            at = (step or fresh.step)(at, (grad or fresh.grad)(at))
        return at

    first = descent.grad(w)
    mistakes = {
        "This is where the path stands one step later: there is one update too many.": walked(steps + 1),
        "This is where the path stands one step earlier: there is one update too few.": walked(max(0, steps - 1)),
        "The gradient was taken once, at the start; take it at the present weights before each update.": walked(
            steps, grad=lambda _: first
        ),
        "`step` got the gradient first; the weights come first.": walked(steps, step=lambda at, g: descent.step(g, at)),
        "Each update began from the first weights; go on from the last.": walked(1),
        "The weights came back as they were: keep what `step` returns.": w,
        "This is the gradient at the end; return the weights.": descent.grad(walked(steps)),
        "The given step was not used.": walked(steps, step=lambda at, g: at - 0.1 * g),
    }
    descent.again()
    return mistakes


@pytest.mark.section("Gradient descent")
class TestMinimise:
    def compare(self, student, descent, w, steps):
        expected = reference.minimise(descent.again().step, descent.grad, w, steps)
        descent.again()
        trial = student.function("minimise").observed(descent.step, descent.grad, w, steps)
        calls = descent.calls
        if descent.complaint:
            fail(f"`minimise` {descent.complaint}.")
        if trial.error is not None:
            fail(student.sentence(trial.error, "`minimise`"))
        what = f"minimise(step, grad, w, {steps}) with w of shape {w.shape}"
        expect_array(trial.value, expected, what, RTOL, ATOL, descent_mistakes(descent, w, steps))
        return trial, calls

    @pytest.mark.points(2)
    def test_few_steps(self, student, rng):
        """The weights after one to five updates
        Each update takes the gradient at the weights that the last update gave.
        """
        for steps in (1, 2, 5):
            self.compare(student, Descent(rng, (4,)), weights(rng, 4) + 5, steps)

    def test_no_steps(self, student, rng):
        """With steps=0 the weights as they were given"""
        descent, w = Descent(rng, (5,)), weights(rng, 5) + 5
        self.compare(student, descent, w, 2)
        _, calls = self.compare(student, descent, w, 0)
        if calls:
            fail("`step` was called although `steps` is 0.", "no call", f"{calls} calls")

    @pytest.mark.points(2)
    def test_remembering_step(self, student, rng):
        """A step that remembers how often it was called
        Call `step` once for each update, and nowhere else.
        """
        for steps in (3, 6):
            _, calls = self.compare(student, Descent(rng, (4,), remembers=True), weights(rng, 4) + 5, steps)
            if calls != steps:
                fail(f"`step` was called {calls} times for {steps} updates.", f"{steps} calls", f"{calls} calls")

    @pytest.mark.points(2)
    def test_shapes(self, student, rng):
        """Matrices and arrays of more axes"""
        for shape in SHAPES:
            self.compare(student, Descent(rng, shape), weights(rng, *shape) + 5, 3)

    def test_w_unchanged(self, student, rng):
        """The given weights stay unchanged
        `w = step(w, g)` gives the name to new weights; `w[:] = …` overwrites the caller's.
        """
        trial, _ = self.compare(student, Descent(rng, (4,)), weights(rng, 4) + 5, 3)
        if trial.changed:
            fail("`minimise` changes its argument w in place; work on a copy instead.")
        if trial.shares_memory:
            fail("The result of `minimise` shares memory with w; return new weights.")


@pytest.mark.section("A race on digits")
class TestRace:
    def entries(self, student) -> dict:
        value = filled(student.value("race"), "race")
        if not isinstance(value, dict):
            fail(f"`race` is {description(value)}, but a dict was expected.", "a dict", description(value))
        return value

    def losses(self, student, name) -> np.ndarray:
        """The five losses of one rule, as finite positive numbers."""
        entries = self.entries(student)
        if name not in entries:
            fail(f"`race` has no key {name!r}.", ", ".join(reference.NAMES), ", ".join(sorted(map(str, entries))))
        array = as_losses(entries[name], f"`race[{name!r}]`")
        return array

    def expect_learned(self, student, name):
        last = float(self.losses(student, name)[-1])
        if last > LAST_LOSS:
            sum_of_batches = f" These look like sums over the {reference.BATCHES} batches: take their mean." * (last > 3.5)
            fail(f"The last loss of {name} is {last:.3f}.{sum_of_batches}", f"at most {LAST_LOSS}", f"{last:.3f}")

    @pytest.mark.points(2)
    def test_form(self, student):
        """Five rules, five losses each
        A dict from the name of each rule to the list of its five losses, one an epoch, all different from rule to rule.
        """
        all_losses = {name: self.losses(student, name) for name in reference.NAMES}
        for number, first in enumerate(reference.NAMES):
            for second in reference.NAMES[number + 1 :]:
                if np.array_equal(all_losses[first], all_losses[second]):
                    fail(f"The losses of {first} and {second} are the same to the last digit: was one rule raced twice?")

    def test_course(self, student):
        """Every list begins where an untrained network does, and falls
        All five begin from `start`. A first loss far below ln 10 = 2.30 comes from weights that were trained before.
        """
        low, high = FIRST_LOSS
        for name in reference.NAMES:
            losses = self.losses(student, name)
            if not low <= losses[0] <= high:
                fail(f"The first loss of {name} is {losses[0]:.4g}.", f"a number from {low} to {high:g}", f"{losses[0]:.4g}")
            if not losses[-1] < losses[0]:
                fail(f"The losses of {name} don't fall: the first is {losses[0]:.3f}, the last {losses[-1]:.3f}.")

    def test_sgd(self, student):
        """Gradient descent ends at 0.45 or below
        It takes a learning rate far above 0.01: try factors of 3 upwards.
        """
        self.expect_learned(student, "sgd")

    def test_momentum(self, student):
        """Momentum ends at 0.45 or below
        A steady gradient adds up to 1/(1 - γ) times its size: a smaller learning rate will do than for gradient descent.
        """
        self.expect_learned(student, "momentum")

    def test_adagrad(self, student):
        """AdaGrad ends at 0.45 or below
        Keep r from batch to batch and from epoch to epoch.
        """
        self.expect_learned(student, "adagrad")

    def test_rmsprop(self, student):
        """RMSprop ends at 0.45 or below
        Each weight moves by about the learning rate per step: 0.1 is far too long for this network.
        """
        self.expect_learned(student, "rmsprop")

    def test_adam(self, student):
        """Adam ends at 0.45 or below
        Count t on from batch to batch, over all epochs.
        """
        self.expect_learned(student, "adam")


def as_losses(value, what: str) -> np.ndarray:
    array = (
        expect_array(value, np.zeros(reference.EPOCHS), what, rtol=0, atol=np.inf) if not _all_numbers(value) else np.asarray(value, float)
    )
    if array.shape != (reference.EPOCHS,):
        fail(f"{what} has shape {array.shape}; one loss an epoch was expected.", f"shape ({reference.EPOCHS},)", f"shape {array.shape}")
    if not np.isfinite(array).all():
        fail(f"{what} holds infinite or undefined numbers: the learning rate is too large.", "finite numbers", str(array))
    if (array <= 0).any():
        fail(f"{what} holds numbers that aren't positive: a cross-entropy is.", "positive numbers", str(array))
    return array


def _all_numbers(value) -> bool:
    try:
        return isinstance(value, (list, tuple, np.ndarray)) and np.asarray(value).dtype.kind in "iuf"
    except ValueError:
        return False
