"""Hidden checks of the assignment `optimizers`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Inputs and settings are multiples of powers of 1/2, so that float32 and float64 agree far better than the tolerance;
gradients, learning rates and shares are chosen so that every mistake in `optimizers_mistakes` shows. A mistake is named
only if it explains the answers to all inputs of a check.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from autograder.checks import judging
from autograder.checks.optimizers_mistakes import mistakes_of, rate_mistakes
from autograder.checks.optimizers_paths import Descent, Landscape, descent_mistakes, difference_mistakes, shape_mistakes
from autograder.checks.optimizers_race import Replay, like_another, taken_after
from autograder.compare import describe as description
from autograder.compare import expect_answers, expect_array, fail, filled, holds_texts
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
        fail(f"{what} is {description(received)}, but {wanted} was expected.", wanted, description(received), kin="no tuple")
    if len(received) != len(named):
        fail(f"{what} holds {len(received)} things, but {wanted} was expected.", wanted, f"{len(received)} things", kin="no tuple")
    parts = [what] if len(named) == 1 else [f"{name} of {what}" for name in named]
    return tuple(
        np.asarray(value) if _has_shape(value, shape) else expect_array(value, np.zeros(shape), part, rtol=0, atol=np.inf)
        for value, part in zip(received, parts, strict=True)
    )


def _has_shape(value, shape) -> bool:
    return isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind in "iuf"


def alike(received: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> bool:
    return all(judging.alike(a, b, RTOL, ATOL) for a, b in zip(received, other, strict=True))


@dataclass(frozen=True)
class Case:
    """What one call, or one path, gave, and what it should have given; ``wrong``: what each mistake leads to, in the mistakes' order."""

    received: tuple[np.ndarray, ...]
    expected: tuple[np.ndarray, ...]
    what: str
    wrong: Callable[[], list[tuple[np.ndarray, ...]]]

    @property
    def right(self) -> bool:
        return alike(self.received, self.expected)


def expect_cases(cases: Sequence[Case], names: str, all_names: str, texts: Sequence[str]) -> None:
    """Compares the arrays one by one; mistakes are named if they explain what every case gave.

    names: of the arrays of each case; all_names: of all that the rule returns; texts: the sentence of each mistake.
    """
    first = next((case for case in cases if not case.right), None)
    if first is None:
        return
    with np.errstate(all="ignore"):
        explained = np.array([[alike(case.received, values) for values in case.wrong()] for case in cases]).all(axis=0)
        fitting = [number for number in np.flatnonzero(explained).tolist() if np.isfinite(first.wrong()[number]).any()]
        fitting_values = {texts[number]: first.wrong()[number] for number in fitting}
    for number, name in enumerate(names.split()):
        part = first.what if len(all_names.split()) == 1 else f"{name} of {first.what}"
        mistakes = {text: values[number] for text, values in fitting_values.items()}
        expect_array(first.received[number], first.expected[number], part, RTOL, ATOL, mistakes)


def expect_at_rest(new: np.ndarray, w: np.ndarray, flat: np.ndarray) -> None:
    """The weights number `flat`, whose gradients were always 0, are as before, and the others are not."""
    if np.isnan(new[flat]).any():
        fail("Where all gradients are 0 the new weight is no number: 0/0. Is ε in the denominator, and no divisor 0?", w[flat], new[flat])
    if not np.array_equal(new[flat], w[flat]):
        fail("Where all gradients are 0 the new weight is not the old one.", w[flat], new[flat])
    if np.isclose(np.delete(new, flat), np.delete(w, flat)).any():
        fail("The other weights, whose gradients aren't 0, stay where they are too.", None, new)


class Rule:
    """What the checks of all update rules share.

    `settings` draws what stands behind the arrays, `state` the arrays a rule remembers.
    """

    name: str
    outputs: str

    def state(self, rng, shape, rest=False) -> tuple:
        """Abstract: each rule's class has its own."""
        raise NotImplementedError

    def settings(self, rng, eps=TINY, t=None) -> tuple:
        """Abstract: each rule's class has its own."""
        raise NotImplementedError

    @property
    def mistakes(self):
        return mistakes_of(self.name)

    def right(self, *arguments) -> tuple[np.ndarray, ...]:
        result = getattr(reference, self.name)(*arguments)
        return result if isinstance(result, tuple) else (result,)

    def call(self, student, *arguments) -> tuple[np.ndarray, ...]:
        return as_arrays(student.function(self.name)(*arguments), self.outputs, arguments[0].shape, f"`{self.name}(…)`")

    def compare(self, student, draws: Iterable[tuple], only: str = "", where: Sequence[str] = ()) -> None:
        """One update for each of the drawn arguments, against the reference; with `only`, just these outputs."""
        names = only or self.outputs
        kept = [name in names.split() for name in self.outputs.split()]

        def chosen(values):
            return tuple(value for value, keep in zip(values, kept, strict=True) if keep)

        def case(arguments, where):
            received, right = chosen(self.call(student, *arguments)), chosen(self.right(*arguments))
            wrong = lambda: [chosen(rule(*arguments)) for _, rule in self.mistakes]  # noqa: E731
            return Case(received, right, f"`{self.name}(…)`{where}", wrong)

        draws = list(draws)
        cases = [case(arguments, text) for arguments, text in zip(draws, where or [""] * len(draws), strict=True)]
        expect_cases(cases, names, self.outputs, [text for text, _ in self.mistakes])

    def travel(self, student, w, state, steps: Sequence[tuple]) -> None:
        """The weights after several updates in a row, each from the student's own last results; `steps`: (gradient, settings)."""

        def path(rule):
            arrays = (w, *state)
            for g, settings in steps:
                arrays = rule(arrays[0], g, *arrays[1:], *settings)
            return arrays[:1]

        received = path(lambda *arguments: self.call(student, *arguments))
        what = f"`{self.name}(…)` after {len(steps)} updates"
        case = Case(received, path(self.right), what, lambda: [path(rule) for _, rule in self.mistakes])
        expect_cases([case], "w", self.outputs, [text for text, _ in self.mistakes])

    def draw(self, rng, *shape, rest=False, **settings) -> tuple:
        """Arguments of one call: weights, gradient, state, settings."""
        return weights(rng, *shape), gradients(rng, *shape), *self.state(rng, shape, rest), *self.settings(rng, **settings)

    def expect_informed(self, pairs: Sequence[tuple]) -> None:
        """For checks of a property: whoever computes nothing keeps every promise; `pairs`: (results, arguments)."""
        for number, name in enumerate(self.outputs.split()):
            answers = [(results[number], self.right(*given)[number]) for results, given in pairs]
            expect_answers(answers, f"{name} of `{self.name}(…)`", finite=False)
        if all(alike(results[:1], given[:1]) for results, given in pairs):
            fail(f"`{self.name}(…)` returns the weights as they were: the update is missing.")

    def of_any_shape(self, student, rng):
        """Matrices and arrays of more axes
        Each entry moves by its own gradient, wherever it stands: the same numbers in a row give the same entries.
        """
        pairs = []
        for shape in SHAPES:
            arguments = self.draw(rng, *shape)
            in_a_row = [value.ravel() if isinstance(value, np.ndarray) else value for value in arguments]
            shaped, row = self.call(student, *arguments), self.call(student, *in_a_row)
            pairs.append((shaped, arguments))
            for name, one, other in zip(self.outputs.split(), shaped, row, strict=True):
                if not alike([one.ravel()], [other]):
                    what = f"{name} of " * (len(shaped) > 1) + f"`{self.name}(…)`"
                    fail(f"{what} with arrays of shape {shape} holds other numbers than with the same entries in a row.")
        self.expect_informed(pairs)

    def pure(self, student, rng):
        """Arguments unchanged, the same call gives the same result
        `w -= …` and `v *= …` change the caller's array; `w = w - …` makes a new one. Nothing is remembered between calls.
        """
        arguments, other = self.draw(rng, 6), self.draw(rng, 6)
        first = as_arrays(student.function(self.name).must_not_change(*arguments), self.outputs, (6,), f"`{self.name}(…)`")
        self.expect_informed([(first, arguments), (self.call(student, *other), other)])
        if not alike(self.call(student, *arguments), first):
            fail("Called again with the same arguments the function gives another result: something is remembered between calls.")


@pytest.mark.section("Gradient descent")
class TestSgdStep(Rule):
    name, outputs = "sgd_step", "w"

    def state(self, rng, shape, rest=False):
        return ()

    def settings(self, rng, eps=TINY, t=None):
        return (rate(rng),)

    @pytest.mark.points(3)
    def test_one_step(self, student, rng):
        """One step against the gradient
        Take lr times the gradient away from the weights.
        """
        self.compare(student, [self.draw(rng, size) for size in (2, 7, 1)])

    def test_several_steps(self, student, rng):
        """Several steps with different learning rates"""
        self.travel(student, weights(rng, 5), (), [(gradients(rng, 5), (lr / 16,)) for lr in rng.permutation([1, 3, 5, 8])])

    test_shapes, test_pure = Rule.of_any_shape, Rule.pure


@pytest.mark.section("Momentum")
class TestMomentumStep(Rule):
    """PyTorch's form and that with the velocity subtracted take the same path while the learning rate stays: most checks allow them."""

    name, outputs = "momentum_step", "w v"

    def state(self, rng, shape, rest=False):
        return (np.zeros(shape) if rest else gradients(rng, *shape),)

    def settings(self, rng, eps=TINY, t=None):
        return rate(rng), share(rng)

    def test_from_rest(self, student, rng):
        """The new weights after the first step, from rest
        With v = 0 it is a step of gradient descent.
        """
        self.compare(student, [self.draw(rng, size, rest=True) for size in (5, 3)], only="w")

    @pytest.mark.points(3)
    def test_path(self, student, rng):
        """The path with one learning rate, from rest
        Each step starts from the v that the last one returned, and keeps γ of it.
        """
        lr, gamma = float(rng.integers(3, 9)) / 16, share(rng)
        self.travel(student, weights(rng, 5), (np.zeros(5),), [(gradients(rng, 5), (lr, gamma)) for _ in range(5)])

    @pytest.mark.points(2)
    def test_moving(self, student, rng):
        """The new weights and the new velocity, from a given one
        First the new velocity, v ← γv - lr·grad, then the weights move by it: w ← w + v.
        """
        self.compare(student, [self.draw(rng, size) for size in (4, 7)])

    @pytest.mark.points(2)
    def test_changing_rate(self, student, rng):
        """The path while the learning rate changes
        The learning rate belongs into the velocity: v ← γv - lr·grad, w ← w + v. The other form, w ← w - lr·v, goes elsewhere.
        """
        gamma = share(rng)
        steps = [(gradients(rng, 5), (lr / 16, gamma)) for lr in rng.permutation([1, 3, 6, 8, 2])]
        self.travel(student, weights(rng, 5), (np.zeros(5),), steps)

    def test_without_memory(self, student, rng):
        """With γ = 0 the weights go as in gradient descent"""
        w, g, v, lr, _ = self.draw(rng, 6)
        self.compare(student, [(w, g, v, lr, 0.0)], only="w")

    test_shapes, test_pure = Rule.of_any_shape, Rule.pure


class Adaptive(Rule):
    """The checks that AdaGrad and RMSprop share."""

    outputs = "w r"

    def state(self, rng, shape, rest=False):
        return (np.zeros(shape) if rest else squares(rng, *shape),)

    @pytest.mark.points(3)
    def test_one_step(self, student, rng):
        """One step, from a given r
        First the new r, then the step with it. The square and the root go entry by entry.
        """
        self.compare(student, [self.draw(rng, size) for size in (4, 7)])

    @pytest.mark.points(2)
    def test_several_steps(self, student, rng):
        """Several steps, from r = 0
        Each step starts from the r that the last one returned.
        """
        w, _, r, *settings = self.draw(rng, 5, rest=True, half=True)
        self.travel(student, w, (r,), [(gradients(rng, 5), settings) for _ in range(5)])

    @pytest.mark.points(2)
    def test_large_eps(self, student, rng):
        """A large ε: outside the root
        √r + ε and √(r + ε) differ little for ε = 10⁻⁸, but a lot here.
        """
        self.compare(student, [self.with_large_eps(rng, size) for size in (5, 6)], only="w")

    def with_large_eps(self, rng, size):
        w, g, r, *settings = self.draw(rng, size, eps=broad_eps(rng), half=True)
        g[:2], r[:2] = (0.5, -3), (1.25, 9)  # one root below ε, one above it
        return w, g, r, *settings

    def test_flat(self, student, rng):
        """Where all gradients are 0 the weight stays
        0 / (√0 + ε) is 0; without ε it is 0/0, no number.
        """
        w, g, r, *settings = self.draw(rng, 4, rest=True)
        g[[0, 2]] = 0
        expect_at_rest(self.call(student, w, g, r, *settings)[0], w, np.array([0, 2]))

    test_shapes, test_pure = Rule.of_any_shape, Rule.pure


@pytest.mark.section("A rate for each weight: AdaGrad")
class TestAdagradStep(Adaptive):
    name = "adagrad_step"

    def settings(self, rng, eps=TINY, half=False):
        return rate(rng), eps


@pytest.mark.section("Forgetting the distant past: RMSprop")
class TestRmspropStep(Adaptive):
    """Where ρ is 1/2 it doesn't matter which share is the past's: only one check asks for that."""

    name = "rmsprop_step"

    def settings(self, rng, eps=TINY, half=False):
        return rate(rng), 0.5 if half else share(rng), eps


@pytest.mark.section("Momentum and a rate for each weight: Adam")
class TestAdamStep(Rule):
    name, outputs = "adam_step", "w s r"

    def state(self, rng, shape, rest=False):
        return (np.zeros(shape), np.zeros(shape)) if rest else (gradients(rng, *shape), 4 + squares(rng, *shape))

    def settings(self, rng, eps=TINY, t=None):
        return int(rng.integers(2, 6)) if t is None else t, rate(rng), share(rng, 10, 12), share(rng, 13, 15), eps

    @pytest.mark.points(2)
    def test_first_step(self, student, rng):
        """The new weights after the first step, t = 1
        With the correction the first step is as long as the learning rate, whatever the gradient.
        """
        self.compare(student, [self.draw(rng, size, rest=True, t=1) for size in (6, 3)], only="w")

    @pytest.mark.points(2)
    def test_means(self, student, rng):
        """The means s and r, returned uncorrected
        The correction is for this step's weights only; the next update goes on from the uncorrected means.
        """
        self.compare(student, [self.draw(rng, size) for size in (6, 4)], only="s r")

    @pytest.mark.points(3)
    def test_early_step(self, student, rng):
        """The new weights at the second and third step
        In 1 - ρᵗ the t is a power: for t = 2, ρ·ρ.
        """
        self.compare(student, [self.draw(rng, 5, t=t) for t in (3, 2)], only="w", where=[" with t = 3", " with t = 2"])

    @pytest.mark.points(2)
    def test_late_step(self, student, rng):
        """The new weights at the hundredth step
        For a large t, ρᵗ is next to nothing, and so is the correction.
        """
        self.compare(student, [self.draw(rng, 5, t=t) for t in (100, 90)], only="w", where=[" with t = 100", " with t = 90"])

    @pytest.mark.points(3)
    def test_several_steps(self, student, rng):
        """Six steps in a row, from s = r = 0
        As a training loop would call it: t = 1, 2, 3, … with the s and r that came back.
        """
        w, _, s, r, _, lr, rho1, rho2, eps = self.draw(rng, 5, rest=True)
        steps = [(gradients(rng, 5), (t, lr, rho1, rho2, eps)) for t in range(1, 7)]
        self.travel(student, w, (s, r), steps)

    @pytest.mark.points(2)
    def test_large_eps(self, student, rng):
        """The first step with a large ε: outside the root, after the correction
        √r̂ + ε and √(r̂ + ε) differ little for ε = 10⁻⁸, but a lot here.
        """
        draws = [self.draw(rng, size, rest=True, t=1, eps=broad_eps(rng)) for size in (5, 6)]
        self.compare(student, draws, only="w", where=[" with t = 1 and a large ε"] * 2)

    def test_flat(self, student, rng):
        """Where all gradients are 0 the weight stays
        0 / (√0 + ε) is 0; without ε it is 0/0, no number.
        """
        w, g, *others = self.draw(rng, 4, rest=True, t=1)
        g[[1, 2]] = 0
        expect_at_rest(self.call(student, w, g, *others)[0], w, np.array([1, 2]))

    test_shapes, test_pure = Rule.of_any_shape, Rule.pure


@pytest.mark.section("The learning rate over time")
class TestAnnealedRate:
    def compare(self, student, *draws):
        """The rates for some (α, ε, t); a mistake is named if it explains them all."""
        answers = []
        for alpha, epsilon, t in draws:
            received, what = student.function("annealed_rate")(alpha, epsilon, t), f"annealed_rate({alpha}, {epsilon}, {t})"
            mistakes = partial(rate_mistakes, alpha, epsilon, t)
            answers.append(judging.Answer(received, reference.annealed_rate(alpha, epsilon, t), what, mistakes))
        judging.expect_numbers(answers)

    @pytest.mark.points(2)
    def test_values(self, student, rng):
        """Rates at different times
        ε + t as a whole stands below the line.
        """
        self.compare(student, *((float(rng.choice([3, 5, 7])) / 8, float(rng.choice([9, 11, 13])) / 8, t) for t in (1, 2, 7, 40)))

    def test_at_the_start(self, student, rng):
        """At t = 0 the rate is α / ε"""
        self.compare(student, (float(rng.choice([3, 5, 7])) / 8, float(rng.choice([9, 11, 13])) / 8, 0))

    def test_whole_numbers(self, student, rng):
        """Whole numbers
        `/` divides whole numbers exactly, `//` cuts.
        """
        self.compare(student, *((int(rng.integers(20, 30)), int(rng.choice([7, 9])), t) for t in (1, 4)))

    def test_between_the_steps(self, student, rng):
        """t needn't be whole"""
        self.compare(student, (float(rng.choice([3, 5])) / 8, 0.875, float(rng.choice([1, 3, 5])) / 2))


def expect_paths(cases: Sequence[tuple], mistakes: Callable[..., dict[str, np.ndarray]], tolerance: Callable[..., dict]) -> None:
    """Compares arrays; mistakes are named if they explain every case.

    cases: (received, expected, what, arguments); mistakes and tolerance get the arguments, and the tolerance what it is for.
    """
    for received, expected, what, _ in cases:
        expect_array(received, np.zeros(expected.shape), what, rtol=0, atol=np.inf)
    first = next((case for case in cases if not np.allclose(case[0], case[1], equal_nan=True, **tolerance(case[1]))), None)
    if first is None:
        return

    def explains(text, case):
        wrong = mistakes(*case[3]).get(text)
        return wrong is not None and wrong.shape == case[1].shape and np.allclose(case[0], wrong, **tolerance(wrong))

    received, expected, what, arguments = first
    with np.errstate(all="ignore"):
        texts = [text for text in mistakes(*arguments) if all(explains(text, case) for case in cases)]
    expect_array(received, expected, what, **tolerance(expected), mistakes=dict.fromkeys(texts, received))


def near(values) -> dict[str, float]:
    """How near differences of f must come: they carry rounding errors of f's size."""
    return {"rtol": 1e-5, "atol": 1e-4 * float(np.abs(values).max(initial=0))}


@pytest.mark.section("The slope, measured")
class TestNumericalGradient:
    def differences(self, student, landscape, w, *h):
        """The trial of one call; what f was called with is looked at first."""
        trial = student.function("numerical_gradient").observed(landscape.heard, w, *h)
        if landscape.complaint:
            fail(f"`numerical_gradient` {landscape.complaint}.", kin="calls")
        if trial.error is not None:
            fail(student.sentence(trial.error, "`numerical_gradient`"))
        return trial

    def case(self, student, rng, *shape, h=None):
        """What was received for a fresh landscape, at a point where all entries differ, and what the formula gives."""
        landscape, used = Landscape(rng, shape), 1e-5 if h is None else h
        w = rng.permutation(np.arange(1, int(np.prod(shape)) + 1)).reshape(shape) / 4 * gradients(rng, *shape)
        trial = self.differences(student, landscape, w, *(() if h is None else (h,)))
        what = f"numerical_gradient(f, w{'' if h is None else f', h={h}'}) with w of shape {shape}"
        return trial.value, reference.numerical_gradient(landscape, w, used), what, (landscape, w, used)

    @pytest.mark.points(3)
    def test_one_axis(self, student, rng):
        """The gradient at a list of numbers
        Each entry needs two values of f: with this entry moved up, with this entry moved down, all others as they were.
        In float32 such a small difference is mostly rounding.
        """
        expect_paths([self.case(student, rng, size) for size in (1, 2, 5)], difference_mistakes, near)

    @pytest.mark.points(3)
    def test_large_h(self, student, rng):
        """A large h: the formula itself
        (f(w + h·e) - f(w - h·e)) / (2h), with the h that was given. Looking to one side only gives something else here.
        """
        expect_paths([self.case(student, rng, size, h=h) for size, h in ((4, 0.5), (3, 2.0))], difference_mistakes, near)

    @pytest.mark.points(3)
    def test_shapes(self, student, rng):
        """Matrices and arrays of more axes
        `np.ndindex(w.shape)` runs through the indices of an array of any shape. The same numbers in a row give the same entries.
        """
        for shape in ((2, 3), (3, 3), (2, 2, 3)):
            landscape, w = Landscape(rng, shape), rng.permutation(np.arange(1, int(np.prod(shape)) + 1)).reshape(shape) / 4
            shaped, row = (self.differences(student, one, at, 0.5).value for one, at in ((landscape, w), (landscape.in_a_row(), w.ravel())))
            what = f"numerical_gradient(f, w, 0.5) with w of shape {shape}"
            shaped = expect_array(shaped, np.zeros(shape), what, rtol=0, atol=np.inf)
            row = expect_array(row, np.zeros(w.size), f"numerical_gradient(f, w, 0.5) with {w.size} numbers", rtol=0, atol=np.inf)
            if not np.allclose(shaped.ravel(), row, **near(row)):
                what += ", beside the same entries in a row,"
                expect_array(shaped, row.reshape(shape), what, **near(row), mistakes=shape_mistakes(landscape, w, 0.5))
            if np.unique(row).size == 1:
                fail(f"All entries of {what} are the same number; each has a slope of its own.", None, shaped)

    def test_w_unchanged(self, student, rng):
        """w holds the same numbers as before
        Move a copy; adding h and taking it away again leaves rounding errors behind.
        """
        for shape in ((7,), (2, 3)):
            w = rng.permutation(np.arange(1, int(np.prod(shape)) + 1)).reshape(shape) / 4 * gradients(rng, *shape)
            trial = self.differences(student, Landscape(rng, shape), w, 0.1)
            received = expect_array(trial.value, np.zeros(shape), "the result of `numerical_gradient`", rtol=0, atol=np.inf)
            if trial.changed:
                fail("`numerical_gradient` changes its argument w in place; work on a copy instead.")
            if trial.shares_memory:
                fail("The result of `numerical_gradient` shares memory with w; return a new array.")
            if np.array_equal(received, w):
                fail("", diagnosis="The result holds the numbers of w itself: so it is no merit that w stays as it was.")
            if np.unique(received).size == 1:
                fail("", diagnosis="All entries of the result are the same number: so it is no merit that w stays as it was.")


def called(count: int, only: str = "") -> str:
    """How often `step` was called, in words."""
    if count == 0:
        return "`step` was never called"
    return f"`step` was called {only}{'once' if count == 1 else f'{count} times'}"


def exact(_) -> dict[str, float]:
    return {"rtol": RTOL, "atol": ATOL}


@pytest.mark.section("Gradient descent")
class TestMinimise:
    def walk(self, student, descent, w, steps):
        """The trial of one call, and how often it called `step`."""
        trial = student.function("minimise").observed(descent.again().step, descent.grad, w, steps)
        if descent.complaint:
            fail(f"`minimise` {descent.complaint}.", kin="calls")
        if trial.error is not None:
            fail(student.sentence(trial.error, "`minimise`"))
        return trial, descent.calls

    def case(self, student, descent, w, steps):
        """What was received, what is right, and how often `step` was called."""
        trial, calls = self.walk(student, descent, w, steps)
        expected = reference.minimise(descent.again().step, descent.grad, w, steps)
        what = f"minimise(step, grad, w, {steps}) with w of shape {w.shape}"
        return (trial.value, expected, what, (descent, w, steps)), calls

    def begin(self, rng, *shape):
        """Weights to begin with, all positive."""
        return weights(rng, *shape) + 5

    def expect_moved(self, student, rng):
        """Two updates lead elsewhere: whoever does nothing keeps every promise."""
        w = self.begin(rng, 5)
        if np.array_equal(np.asarray(self.walk(student, Descent(rng, (5,)), w, 2)[0].value), w):
            fail("", "other weights", w, diagnosis="After 2 updates, too, the weights are as they were given.")

    @pytest.mark.points(3)
    def test_few_steps(self, student, rng):
        """The weights after one to five updates
        Each update takes the gradient at the weights that the last update gave.
        """
        cases = [self.case(student, Descent(rng, (4,)), self.begin(rng, 4), steps)[0] for steps in (1, 2, 5)]
        expect_paths(cases, descent_mistakes, exact)

    def test_no_steps(self, student, rng):
        """With steps=0 the weights as they were given
        `range(0)` is empty: the loop's body isn't run at all.
        """
        case, calls = self.case(student, Descent(rng, (5,)), self.begin(rng, 5), 0)
        if calls:
            fail("`step` was called although `steps` is 0.", "no call", "1 call" if calls == 1 else f"{calls} calls")
        expect_paths([case], descent_mistakes, exact)
        self.expect_moved(student, rng)

    @pytest.mark.points(3)
    def test_remembering_step(self, student, rng):
        """A step that remembers how often it was called
        Call `step` once for each update, and nowhere else.
        """
        cases = [self.case(student, Descent(rng, (4,), lengths=0.75 / np.arange(1, 15)), self.begin(rng, 4), steps) for steps in (3, 6)]
        for (_, _, _, (_, _, steps)), calls in cases:
            if calls != steps:
                fail(f"{called(calls)} for {steps} updates.", f"{steps} calls", calls)
        expect_paths([case for case, _ in cases], descent_mistakes, exact)

    @pytest.mark.points(2)
    def test_every_update(self, student, rng):
        """Steps that stand still, turn back or go far
        `steps` alone says how often: an update that changes little, or makes something worse, counts like any other.
        """
        cases = []
        for push in (0.0, 1.0):
            lengths = np.append(rng.permutation([0, 1e-7, -0.5, 1.25, 0.25, -1.5, 2.0]), [0.5, 0.25])
            descent = Descent(rng, (4,), lengths=lengths, push=push)
            case, calls = self.case(student, descent, self.begin(rng, 4) - 4, 9)
            if calls < 9:
                fail(
                    f"{called(calls, 'only ')} for 9 updates: does the loop end early, or do the weights move without `step`?",
                    "9 calls",
                    calls,
                )
            cases.append(case)
        expect_paths(cases, descent_mistakes, exact)

    @pytest.mark.points(2)
    def test_shapes(self, student, rng):
        """Matrices and arrays of more axes
        The same numbers in a row take the same path.
        """
        for shape in SHAPES:
            descent, w = Descent(rng, shape), self.begin(rng, *shape)
            shaped, row = (self.walk(student, one, at, 3)[0].value for one, at in ((descent, w), (descent.in_a_row(), w.ravel())))
            what = f"minimise(step, grad, w, 3) with w of shape {shape}"
            shaped = expect_array(shaped, np.zeros(shape), what, rtol=0, atol=np.inf)
            row = expect_array(row, np.zeros(w.size), f"minimise(step, grad, w, 3) with {w.size} numbers", rtol=0, atol=np.inf)
            if not alike([shaped.ravel()], [row]):
                fail(f"{what} holds other numbers than with the same entries in a row.", row.reshape(shape), shaped)
        self.expect_moved(student, rng)

    def test_w_unchanged(self, student, rng):
        """The given weights stay unchanged
        `w = step(w, g)` gives the name to new weights; `w[:] = …` overwrites the caller's.
        """
        trial, _ = self.walk(student, Descent(rng, (4,)), self.begin(rng, 4), 3)
        if trial.changed:
            fail("`minimise` changes its argument w in place; work on a copy instead.")
        if trial.shares_memory:
            fail("The result of `minimise` shares memory with w; return new weights.")
        expect_array(trial.value, np.zeros(4), "the result of `minimise`", rtol=0, atol=np.inf)
        self.expect_moved(student, rng)


ANOTHER_RULE = "Is that the rule that was run, and is its state kept from batch to batch?"
OTHER_LOSSES = "Were these learning rates run, each rule from `start`, with its state (and Adam's t) kept from batch to batch?"
UNTRAINED = np.log(10)  # the loss of a network that gives ten classes the same share


def why_no_fall(losses) -> str:
    """What losses may be that don't fall, where that can be seen; empty if they fall or it can't."""
    if np.abs(losses - UNTRAINED).max() < 0.05 and losses[-1] >= losses[0]:
        return "They stay where an untrained network begins: are the weights updated?"
    if losses.max() <= 1 and losses[-1] > losses[0]:
        return "Numbers up to 1 that rise look like shares of right answers; losses were asked for."
    return ""


@pytest.mark.section("A race on digits")
@pytest.mark.time_limit(180)  # no code of a student's is asked: this is how long the race may take here, on a busy machine too
class TestRace:
    def entries(self, student) -> dict:
        value = filled(student.value("race"), "race")
        if not isinstance(value, dict):
            fail(f"`race` is {description(value)}, but a dict was expected.", "a dict", description(value), kin="no dict")
        return value

    def losses(self, student, name) -> np.ndarray:
        """The five losses of one rule, as finite positive numbers."""
        entries = self.entries(student)
        if name not in entries:
            fail(f"`race` has no key {name!r}.", ", ".join(reference.NAMES), ", ".join(sorted(map(str, entries))), kin="keys of race")
        array = as_losses(entries[name], f"`race[{name!r}]`")
        return array

    def rate(self, student, name) -> float:
        """The learning rate that `rates` states for one rule."""
        rates = filled(student.value("rates"), "rates")
        if not isinstance(rates, dict):
            fail(f"`rates` is {description(rates)}, but a dict was expected.", "a dict", description(rates), kin="no dict of rates")
        if name not in rates:
            fail(f"`rates` has no key {name!r}.", ", ".join(reference.NAMES), ", ".join(sorted(map(str, rates))), kin="keys of rates")
        value = expect_array(rates[name], np.zeros(()), f"`rates[{name!r}]`", rtol=0, atol=np.inf)
        if not (np.isfinite(value) and 0 < value < 1e6):
            fail(f"`rates[{name!r}]` is {value:g}; a learning rate is a positive number.", "a positive number", f"{value:g}", kin="rate")
        return float(value)

    def beside(self, student, name) -> Replay:
        """The student's losses of one rule beside those that it gives with the stated learning rate."""
        return Replay(name, self.rate(student, name), self.losses(student, name))

    def run(self, student, name) -> Replay:
        """The same; fails if they disagree in every reading."""
        replay, told = self.beside(student, name), f"With the learning rate {self.rate(student, name):g}, "
        other = replay.other or (like_another(replay) if replay.reading is None else None)
        if other:
            fail(f"{told}`race[{name!r}]` holds what {other} gives with it.", diagnosis=ANOTHER_RULE)
        if replay.reading is None:
            told += f"{name} gives other losses than `race[{name!r}]` holds, in whatever order the pictures come."
            fail(told, f"about {np.round(replay.typical, 3)}", f"{np.round(np.exp(replay.received), 3)}", OTHER_LOSSES)
        return replay

    def expect_learned(self, student, name):
        last = float(self.run(student, name).losses[-1])
        if last > LAST_LOSS:
            fail(f"The last loss of {name} is {last:.3f}.", f"at most {LAST_LOSS}", f"{last:.3f}")

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

    @pytest.mark.points(2)
    def test_course(self, student):
        """Every list begins where an untrained network does, and falls
        All five begin from `start`. A first loss far below ln 10 = 2.30 comes from weights that were trained before.
        """
        low, high = FIRST_LOSS
        for name in reference.NAMES:
            losses = self.losses(student, name)
            if not low <= losses[0] <= high:
                told = f"The first loss of {name} is {losses[0]:.4g}."
                fail(told, f"a number from {low} to {high:g}", f"{losses[0]:.4g}", why_no_fall(losses))
            if not losses[-1] < losses[0]:
                told = f"The losses of {name} don't fall: the first is {losses[0]:.3f}, the last {losses[-1]:.3f}."
                fail(told, diagnosis=why_no_fall(losses))

    @pytest.mark.points(2)
    def test_rates(self, student):
        """Five learning rates
        `rates` is a dict with the same five names; each value is the learning rate with which `race` was run.
        """
        for name in reference.NAMES:
            self.rate(student, name)

    @pytest.mark.points(4)
    def test_losses(self, student):
        """The losses: means over the batches, each taken before its update
        The rules are run again here with your learning rates, beginning from the same weights.
        """
        replays = [self.beside(student, name) for name in reference.NAMES]
        replays = [replay for replay in replays if replay.reading is not None]
        if len(replays) < 3:
            fail("The losses of most rules are not such as they give with the learning rates in `rates`.")
        if any(replay.reading == "sum" for replay in replays):
            fail(f"These look like sums over the {reference.BATCHES} batches: take their mean.")
        others = [name for name in reference.NAMES if name not in {replay.name for replay in replays}]
        if taken_after(replays) and others:  # what is read as losses of a rule, taken after the updates, may be those of another rule
            fail(f"The losses of {' and '.join(others)} are not such as they give with the learning rates in `rates`.")
        if taken_after(replays):
            fail("The losses look as if each was taken after the update of its batch; `loss_and_gradient` gives the one before it.")

    @pytest.mark.points(2)
    def test_sgd(self, student):
        """Gradient descent ends at 0.45 or below
        It takes a learning rate far above 0.01: try factors of 3 upwards.
        """
        self.expect_learned(student, "sgd")

    @pytest.mark.points(2)
    def test_momentum(self, student):
        """Momentum ends at 0.45 or below
        A steady gradient adds up to 1/(1 - γ) times its size: a smaller learning rate will do than for gradient descent.
        """
        self.expect_learned(student, "momentum")

    @pytest.mark.points(2)
    def test_adagrad(self, student):
        """AdaGrad ends at 0.45 or below
        Keep r from batch to batch and from epoch to epoch.
        """
        self.expect_learned(student, "adagrad")

    @pytest.mark.points(2)
    def test_rmsprop(self, student):
        """RMSprop ends at 0.45 or below
        Each weight moves by about the learning rate per step: 0.1 is far too long for this network.
        """
        self.expect_learned(student, "rmsprop")

    @pytest.mark.points(2)
    def test_adam(self, student):
        """Adam ends at 0.45 or below
        Count t on from batch to batch, over all epochs.
        """
        self.expect_learned(student, "adam")


def as_losses(value, what: str) -> np.ndarray:
    if holds_texts(value):
        fail(f"{what} holds texts; five numbers were expected.", "five numbers", value, kin="texts")
    array = (
        expect_array(value, np.zeros(reference.EPOCHS), what, rtol=0, atol=np.inf) if not _all_numbers(value) else np.asarray(value, float)
    )
    if array.shape != (reference.EPOCHS,):
        fail(
            f"{what} has shape {array.shape}; one loss an epoch was expected.",
            f"shape ({reference.EPOCHS},)",
            f"shape {array.shape}",
            kin="shape",
        )
    if not np.isfinite(array).all():
        fail(f"{what} holds infinite or undefined numbers: the learning rate is too large.", "finite numbers", str(array), kin="infinite")
    if (array <= 0).any():
        fail(f"{what} holds numbers that aren't positive: a cross-entropy is.", "positive numbers", str(array), kin="not positive")
    return array


def _all_numbers(value) -> bool:
    try:
        return isinstance(value, (list, tuple, np.ndarray)) and np.asarray(value).dtype.kind in "iuf"
    except ValueError:
        return False
