"""Hidden checks of the assignment `deep_networks`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Inputs are multiples of 1/4. What is computed and how a convention is understood are asked for apart: whoever turns kernels,
orders results or takes a variance otherwise than the text says, always in the same way, loses the checks that ask for it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import permutations

import numpy as np
import pytest

from autograder.checks.deep_networks_mistakes import (
    Backward,
    conv_mistakes,
    he_mistakes,
    norm_backward_mistakes,
    norm_forward_mistakes,
    pool_mistakes,
    relu_mistakes,
    turned,
    unbiased_backward,
)
from autograder.checks.deep_networks_models import expect_deep, expect_plain_scores, residual_values, stir
from autograder.checks.judging import Answer, alike, expect_all, expect_computed, expect_numbers
from autograder.checks.networks import expect_nothing_hidden, expect_obedient, expect_own_answers, kept_model
from autograder.compare import ANYTHING, CheckFailed, describe, expect_array, fail, filled
from autograder.reference import deep_networks as reference

pytestmark = pytest.mark.time_limit(5)

RTOL, ATOL = 1e-4, 1e-4  # honest answers in float32 are ten times closer, mistakes far off
PICTURES = reference.unlabelled_pictures()
MOST_NUMBERS = 320_000  # that `fashion_model` computes with
GUESSED = 0.15  # a share of right answers below which nothing was learned
# `make recipes`: the full mark stands below the worst of the course's own and above the best linear classifier.
FULL_ACCURACY = 0.835


def numpy_only(student, name):
    """The student's function with scipy and torch withheld."""
    return student.function(name).without("scipy", "torch")


def numbers(rng, *shape):
    """Multiples of 1/4 from -3 to 3, none of them 0."""
    return rng.choice([-1, 1], shape) * rng.integers(1, 13, shape) / 4


def expect_floats(arrays: Iterable, what: str) -> None:
    for array in arrays:
        if np.asarray(array).dtype.kind != "f":
            fail(f"{what} has dtype {np.asarray(array).dtype}, but floats were expected.", "a floating type", str(np.asarray(array).dtype))


def expect_shape(received, shape, what):
    """An array of finite numbers of this shape, whatever its values."""
    array = expect_array(received, np.zeros(shape), what, rtol=0, atol=ANYTHING)
    if not np.isfinite(array).all():
        fail(f"{what} holds infinite or undefined numbers.")
    return array


def in_any_order(received, like: Sequence[np.ndarray], names: str, what: str) -> list:
    """The arrays that a function returned, put in the order of ``like``, if another one is told by the numbers of axes."""
    wanted = f"the tuple ({names})"
    if not isinstance(received, (tuple, list)):
        fail(f"{what} is {describe(received)}, but {wanted} was expected.", wanted, describe(received), kin="no tuple")
    if len(received) != len(like):
        fail(f"{what} holds {len(received)} things, but {wanted} was expected.", wanted, f"{len(received)} things", kin="no tuple")
    for order in permutations(range(len(like))):
        if all(np.shape(received[place]) == one.shape for place, one in zip(order, like, strict=True) if _is_array(received[place])):
            return [received[place] for place in order]
    return list(received)


def _is_array(value) -> bool:
    try:
        return value is not None and np.asarray(value).dtype.kind in "biufc"
    except (TypeError, ValueError):
        return False


@pytest.mark.section("The first weights")
class TestHeStd:
    def compare(self, student, *cases):
        def answers():
            for channels, kernel in cases:
                pair = (kernel, kernel) if np.ndim(kernel) == 0 else kernel
                received = numpy_only(student, "he_std")(channels, kernel)
                what = f"he_std({channels}, {kernel})"
                yield Answer(received, reference.he_std(channels, kernel), what, partial(he_mistakes, int(channels), *map(int, pair)))

        expect_numbers(answers())

    @pytest.mark.points(2)
    def test_square(self, student, rng):
        """Square kernels
        The fan-in is the number of products in one output: all channels, all pixels of the kernel.
        """
        self.compare(student, *((int(rng.integers(5, 90)), kernel) for kernel in (3, 5, 7)))

    def test_pairs(self, student, rng):
        """Kernels that are not square
        `kernel_size` may be a pair (height, width).
        """
        self.compare(student, *((int(rng.integers(5, 90)), pair) for pair in ((1, 7), (5, 2), (3, 4))))

    def test_extremes(self, student, rng):
        """One channel, kernels of one pixel, numpy's whole numbers"""
        self.compare(student, (1, 3), (int(rng.integers(5, 90)), 1), (np.int64(rng.integers(5, 90)), np.int64(4)))


@pytest.mark.section("Backwards through ReLU and pooling")
class TestReluBackward:
    def compare(self, student, *cases):
        def answers():
            for x, grad in cases:
                received = numpy_only(student, "relu_backward")(x, grad)
                what = f"relu_backward(x, grad) with x {x.shape}"
                yield Answer(received, reference.relu_backward(x, grad), what, partial(relu_mistakes, x, grad))

        return expect_all(answers(), RTOL, ATOL)

    @pytest.mark.points(2)
    def test_values(self, student, rng):
        """Positive and negative inputs
        Where x is positive, the output moves as x does; where x is negative, it doesn't move at all.
        """
        self.compare(student, *((numbers(rng, *shape), 2 * numbers(rng, *shape)) for shape in ((12,), (4, 5), (2, 3, 4, 3))))

    def test_zero(self, student, rng):
        """0 where x is exactly 0
        The text says what to take there.
        """
        x = numbers(rng, 5, 6)
        x[[0, 2, 3, 4], [1, 0, 5, 2]] = 0
        self.compare(student, (x, numbers(rng, 5, 6)), (np.where(x == 0, -0.0, x), numbers(rng, 5, 6)))

    def test_types(self, student, rng):
        """Whole numbers, float32
        The result holds floats, whatever the types of x and `grad`.
        """
        for x, grad in (
            (rng.choice([-3, -2, -1, 1, 2, 3], (3, 4)), numbers(rng, 3, 4)),
            (numbers(rng, 3, 4), rng.choice([-3, -2, 2, 3], (3, 4))),
            (numbers(rng, 3, 4).astype(np.float32), numbers(rng, 3, 4).astype(np.float32)),
        ):
            expect_floats(self.compare(student, (x, grad)), "relu_backward(x, grad)")

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared
        `grad[x <= 0] = 0` changes the caller's array; `np.where` makes a new one.
        """
        function, x = numpy_only(student, "relu_backward"), numbers(rng, 4, 5)
        pairs = [(x, numbers(rng, 4, 5)), (x, numbers(rng, 4, 5)), (np.abs(x), numbers(rng, 4, 5))]
        expect_computed([function.must_not_change(*pair) for pair in pairs], "relu_backward(x, grad)")


def as_it_is(weight):
    return weight


def flipped(*axes):
    return lambda weight: np.flip(weight, axes)


TURNS = tuple(turned(turn) for turn in (as_it_is, flipped(2, 3), flipped(2), flipped(3)))
PARTS = ("grad_x", "grad_weight", "grad_bias")
Calls = Sequence[tuple[tuple, list]]  # arguments and what came


@pytest.mark.section("Backwards through a convolution")
class TestConv2dBackward:
    def case(self, rng, shape, kernels, stride=1, padding=0):
        """Arguments: x, weight, grad, and stride and padding where they aren't 1 and 0."""
        x, weight = numbers(rng, *shape), numbers(rng, *kernels)
        sizes = [(n + 2 * padding - k) // stride + 1 for n, k in zip(shape[1:], kernels[2:], strict=True)]
        options = () if (stride, padding) == (1, 0) else (stride,) if padding == 0 else (stride, padding)
        return x, weight, numbers(rng, kernels[0], *sizes), *options

    def parts(self, student, arguments, call=None) -> list:
        """grad_x, grad_weight and grad_bias as they came."""
        call = call or numpy_only(student, "conv2d_backward")
        like = reference.conv2d_backward(*arguments)
        return in_any_order(call(*arguments), like, ", ".join(PARTS), "conv2d_backward(…)")

    def compare(self, student, *cases, which: Sequence[int] = (0, 1, 2), turns: Sequence[Backward] = TURNS) -> Calls:
        """Checks some of the gradients against those of a layer with one of these turns of its kernels."""
        calls = [(arguments, self.parts(student, arguments)) for arguments in cases]
        if not any(self.explains(turn, calls, which) for turn in turns):
            for part in which:
                expect_all([self.answer(arguments, received, part) for arguments, received in calls], RTOL, ATOL)
        return calls

    def explains(self, turn: Backward, calls: Calls, which: Sequence[int]) -> bool:
        return all(alike(received[part], turn(*arguments)[part], RTOL, ATOL) for arguments, received in calls for part in which)

    def answer(self, arguments, received, part: int) -> Answer:
        x, weight, grad, stride, padding = (*arguments, 1, 0)[:5] if len(arguments) != 4 else (*arguments, 0)
        how = "".join(f", {name} {value}" for name, value in (("stride", stride), ("padding", padding)) if value != (name == "stride"))
        what = f"{PARTS[part]} for x {x.shape}, weight {weight.shape}{how}"
        return Answer(
            received[part],
            reference.conv2d_backward(*arguments)[part],
            what,
            lambda: conv_mistakes(x, weight, grad, stride, padding)[part],
        )

    def test_bias(self, student, rng):
        """The gradient of the bias
        In which outputs does bias o stand, and with what factor?
        """
        self.compare(student, self.case(rng, (2, 5, 6), (3, 2, 2, 3)), self.case(rng, (1, 4, 4), (2, 1, 3, 3)), which=(2,))

    @pytest.mark.points(2)
    def test_weight(self, student, rng):
        """The gradient of one kernel
        A weight is used at every place, each time with another input; its gradient is a sum over the places.
        """
        self.compare(student, self.case(rng, (1, 6, 6), (1, 1, 3, 3)), self.case(rng, (1, 5, 7), (1, 1, 2, 4)), which=(1,))

    @pytest.mark.points(2)
    def test_weight_channels(self, student, rng):
        """The gradients of several filters with several channels
        weight[o, c] connects channel c of x with map o of the output, and with nothing else.
        """
        self.compare(student, self.case(rng, (3, 5, 6), (2, 3, 3, 2)), self.case(rng, (2, 6, 4), (4, 2, 2, 2)), which=(1,))

    @pytest.mark.points(2)
    def test_input(self, student, rng):
        """The gradient of the input, one kernel
        An input stands in several windows, and meets another weight in each: add up what comes back from them.
        """
        self.compare(student, self.case(rng, (1, 6, 6), (1, 1, 3, 3)), self.case(rng, (1, 5, 7), (1, 1, 2, 4)), which=(0,))

    @pytest.mark.points(2)
    def test_input_channels(self, student, rng):
        """The gradient of the input, several filters and channels
        Every filter sees all channels, so every map gives gradient to each of them.
        """
        self.compare(student, self.case(rng, (3, 5, 6), (2, 3, 3, 2)), self.case(rng, (2, 6, 4), (4, 2, 2, 2)), which=(0,))

    @pytest.mark.points(2)
    def test_stride(self, student, rng):
        """Stride, with pixels left over
        Output (i, j) belongs to the window that starts at row i·stride, column j·stride. What no window reached gets 0.
        """
        cases = self.case(rng, (2, 8, 9), (2, 2, 3, 3), 2), self.case(rng, (1, 9, 12), (2, 1, 2, 3), 3)
        self.compare(student, *cases, which=(0, 1))

    @pytest.mark.points(2)
    def test_padding(self, student, rng):
        """Padding, without and with a stride
        Work with the padded input, as on the way forward, and cut its gradient to the size of x at the end.
        """
        cases = self.case(rng, (2, 5, 6), (2, 2, 3, 3), 1, 1), self.case(rng, (2, 6, 4), (1, 2, 4, 3), 1, 2)
        self.compare(student, *cases, self.case(rng, (2, 7, 8), (2, 2, 3, 2), 2, 1), which=(0, 1))

    @pytest.mark.points(2)
    def test_not_flipped(self, student, rng):
        """The kernels as a layer uses them: not flipped
        A layer computes cross-correlation: weight[o, c, 0, 0] meets the first pixel of a window.
        """
        cases = self.case(rng, (1, 6, 5), (1, 1, 3, 3)), self.case(rng, (2, 5, 6), (2, 2, 3, 2))
        self.compare(student, *cases, which=(0, 1), turns=TURNS[:1])

    def test_order(self, student, rng):
        """(grad_x, grad_weight, grad_bias), in this order and of these shapes"""
        received = []
        for arguments in (self.case(rng, (2, 5, 6), (3, 2, 2, 3)), self.case(rng, (2, 5, 6), (3, 2, 2, 3))):
            came = numpy_only(student, "conv2d_backward")(*arguments)
            like = reference.conv2d_backward(*arguments)
            in_order = in_any_order(came, like, ", ".join(PARTS), "conv2d_backward(…)")
            if any(one is not other for one, other in zip(in_order, came, strict=True)):
                shapes = [np.shape(part) for part in came]
                fail("The gradients come in another order.", ", ".join(PARTS), shapes)
            received.append([expect_shape(part, one.shape, name) for part, one, name in zip(came, like, PARTS, strict=True)])
        for name, *arrays in zip(PARTS, *received, strict=True):
            expect_computed(arrays, name)

    def test_types(self, student, rng):
        """Whole numbers of any type, float32
        The results hold floats, whatever the types of the arguments, and products need floats, too (in uint8, 100 · 3 is 44).
        """
        x, weight, grad = self.case(rng, (2, 5, 4), (2, 2, 3, 2))
        whole = rng.integers(100, 256, x.shape, dtype=np.uint8)
        for case in (
            (whole, weight, grad),
            (whole, (4 * weight).astype(np.int8), (4 * grad).astype(np.int64)),
            (*(a.astype(np.float32) for a in (x, weight, grad)),),
        ):
            for _, received in self.compare(student, case):
                expect_floats(received, "A result of conv2d_backward")

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared"""
        function = numpy_only(student, "conv2d_backward")
        for options in ((), (2, 1)):
            cases = [self.case(rng, (2, 5, 5), (3, 2, 3, 3), *options) for _ in range(2)]
            made = [self.parts(student, case, function.must_not_change) for case in cases]
            for name, *arrays in zip(PARTS, *made, strict=True):
                expect_computed(arrays, name)


def places(rng, *shape):
    """A picture in which no two numbers are alike, of either sign, most of them positive."""
    return rng.permutation(np.arange(int(np.prod(shape)))).reshape(shape) / 4 + 1


@pytest.mark.section("Backwards through ReLU and pooling")
class TestMaxPool2dBackward:
    def case(self, rng, x, size, stride=None):
        step = stride or size
        sizes = [(n - size) // step + 1 for n in x.shape]
        grad = rng.permutation(np.arange(2, 2 + int(np.prod(sizes)))).reshape(sizes) / 2 * rng.choice([-1, 1], sizes)
        return x, grad, size, stride

    def compare(self, student, *cases):
        def answers():
            for x, grad, size, stride in cases:
                options = {} if stride is None else {"stride": stride}
                received = numpy_only(student, "max_pool2d_backward")(x, grad, size, **options)
                what = f"max_pool2d_backward(x, grad, {size}{''.join(f', stride={n}' for n in options.values())}) with x {x.shape}"
                expected = reference.max_pool2d_backward(x, grad, size, stride)
                yield Answer(received, expected, what, partial(pool_mistakes, x, grad, size, stride or size))

        return expect_all(answers(), RTOL, ATOL)

    @pytest.mark.points(2)
    def test_side_by_side(self, student, rng):
        """Windows side by side
        Each window's gradient goes to the place of its largest number; all other numbers get 0.
        """
        self.compare(student, self.case(rng, places(rng, 6, 6), 2), self.case(rng, places(rng, 6, 9), 3))

    @pytest.mark.points(2)
    def test_overlapping(self, student, rng):
        """Windows that overlap
        A number that is the largest of several windows gets the sum of their gradients.
        """
        self.compare(student, self.case(rng, places(rng, 7, 9), 3, 2), self.case(rng, places(rng, 5, 6), 3, 1))

    def test_left_over(self, student, rng):
        """Numbers in no window
        With a stride larger than the windows, or at the border, some numbers were never looked at: their gradient is 0.
        """
        self.compare(student, self.case(rng, places(rng, 7, 5), 2), self.case(rng, places(rng, 8, 11), 2, 3))

    @pytest.mark.points(2)
    def test_ties(self, student, rng):
        """Ties: the first in row order takes all
        `argmax` of a window's numbers, row by row, finds the first of several that are equally large.
        """
        x = rng.integers(1, 3, (6, 8)).astype(float)
        x[:2, :2], x[2:4, 2:4], x[4:, 4:6] = [[1, 2], [2, 1]], [[1, 1], [2, 2]], 1  # leftmost differs from topmost; two; all
        self.compare(student, self.case(rng, x, 2), self.case(rng, np.zeros((4, 4)), 2), self.case(rng, np.ones((5, 5)), 3, 2))

    def test_negative(self, student, rng):
        """Negative numbers, whole numbers, float32
        The largest of negative numbers is negative: don't begin with 0. The result holds floats.
        """
        x = places(rng, 6, 6)
        for picture in (-x, (x - 5).astype(np.float32), rng.permutation(np.arange(-18, 18)).reshape(6, 6)):
            expect_floats(self.compare(student, self.case(rng, picture, 2)), "max_pool2d_backward(x, grad, 2)")

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared
        Also with windows of one pixel, where the result equals `grad`.
        """
        function = numpy_only(student, "max_pool2d_backward")
        for size in (2, 1):
            cases = [self.case(rng, places(rng, 4, 4), size) for _ in range(2)]
            made = [function.must_not_change(x, grad, size) for x, grad, _, _ in cases]
            expect_computed(made, f"max_pool2d_backward(x, grad, {size})")


NORMED = ("y", "running_mean", "running_var")


def spread_out(rng, *shape):
    """Feature maps whose channels differ in mean and spread, and whose pictures and places do."""
    values = numbers(rng, *shape) * np.linspace(1, 2, shape[1])[:, None, None]
    return values + np.arange(shape[1])[:, None, None] + np.arange(shape[0])[:, None, None, None] + np.arange(shape[3]) / 2


def factors(rng, count):
    """γ of several channels: all different, none 0, 1 or -1."""
    return rng.permutation([-1.5, 0.5, 2, 2.5, 3])[:count]


def positive(rng, count):
    """Running variances: multiples of 1/4 from 5/4 to 9, all different."""
    return rng.permutation(np.arange(5, 37))[:count] / 4


@pytest.mark.section("Batch normalisation")
class TestBatchNorm:
    """Most checks take the biased variance as well as the unbiased one; with a momentum of one half its two readings agree."""

    def case(self, rng, *shape, training=True, momentum=0.5, eps=1e-5, gamma=None, beta=None):
        channels = shape[1]
        gamma = factors(rng, channels) if gamma is None else gamma
        beta = numbers(rng, channels) if beta is None else beta
        return (spread_out(rng, *shape), gamma, beta, numbers(rng, channels), positive(rng, channels), training, momentum, eps)

    def parts(self, student, arguments, call=None) -> list:
        call = call or numpy_only(student, "batch_norm")
        return in_any_order(call(*arguments), reference.batch_norm(*arguments), ", ".join(NORMED), "batch_norm(…)")

    def compare(self, student, *cases, which: Sequence[int], either: Callable | None = None):
        """Checks some of the results; ``either`` gives what passes too, of the arguments."""
        calls = [(arguments, self.parts(student, arguments)) for arguments in cases]
        if either and all(alike(received[part], either(*arguments)[part], RTOL, ATOL) for arguments, received in calls for part in which):
            return
        for part in which:
            expect_all((self.answer(arguments, received, part) for arguments, received in calls), RTOL, ATOL)

    def answer(self, arguments, received, part):
        mode = "in training" if arguments[5] else "in eval mode"
        what = f"{NORMED[part]} of batch_norm(…) {mode} for x {arguments[0].shape}"
        mistakes = lambda: norm_forward_mistakes(*arguments)[part]  # noqa: E731
        return Answer(received[part], reference.batch_norm(*arguments)[part], what, mistakes)

    @pytest.mark.points(2)
    def test_training(self, student, rng):
        """y in training
        One mean and one variance for each channel, over all its pictures and places.
        """
        ones, zeros = np.ones(3), np.zeros(3)
        cases = [self.case(rng, *shape, gamma=ones, beta=zeros) for shape in ((4, 3, 3, 5), (2, 3, 4, 2))]
        self.compare(student, *cases, which=(0,), either=unbiased_y)

    @pytest.mark.points(2)
    def test_biased(self, student, rng):
        """y in training takes the biased variance
        The mean of the squared deviations: numpy's `var` as it is.
        """
        self.compare(student, self.case(rng, 2, 3, 1, 2), self.case(rng, 3, 2, 1, 1), which=(0,))

    def test_gamma_and_beta(self, student, rng):
        """γ and β of each channel
        Arrays of shape (C,) meet the last axis of x unless they get two more axes: `gamma[:, None, None]`.
        """
        self.compare(student, self.case(rng, 3, 3, 2, 3), self.case(rng, 2, 4, 4, 4), which=(0,), either=unbiased_y)

    def test_large_eps(self, student, rng):
        """A large ε: below the root
        √(v + ε) and √v + ε differ little for ε = 10⁻⁵, but a lot here.
        """
        cases = [self.case(rng, 3, 2, 3, 3, eps=eps) for eps in (2.0, 5.0)]
        self.compare(student, *cases, self.case(rng, 2, 2, 2, 2, training=False, eps=3.0), which=(0,), either=unbiased_y)

    def test_running_mean(self, student, rng):
        """The running mean takes a step
        From the given one towards the batch's, by the share `momentum`.
        """
        self.compare(student, self.case(rng, 3, 3, 2, 3), self.case(rng, 2, 4, 3, 2), which=(1,))

    def test_running_variance(self, student, rng):
        """The running variance takes a step"""

        def biased(*arguments):
            return (*reference.batch_norm(*arguments)[:2], with_biased_step(*arguments))

        self.compare(student, self.case(rng, 3, 3, 2, 3), self.case(rng, 2, 4, 3, 2), which=(2,), either=biased)

    def test_unbiased(self, student, rng):
        """The unbiased variance enters the running one
        Divided by one less than the number of values: `ddof=1`.
        """
        self.compare(student, self.case(rng, 2, 3, 1, 2), self.case(rng, 3, 2, 1, 1), which=(2,))

    @pytest.mark.points(2)
    def test_momentum(self, student, rng):
        """`momentum` is the share of the batch
        (1 - momentum) of the old value stays. In other libraries the word means the share of the old value.
        """
        self.compare(student, *(self.case(rng, 3, 2, 2, 3, momentum=share) for share in (0.125, 0.75)), which=(1,))

    @pytest.mark.points(2)
    def test_eval(self, student, rng):
        """y in eval mode
        The running mean and variance normalise; a single picture is no problem then.
        """
        cases = [self.case(rng, *shape, training=False) for shape in ((3, 3, 2, 4), (1, 2, 1, 1))]
        self.compare(student, *cases, which=(0,))

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared; in eval mode the running arrays come back equal
        `running_mean *= …` changes the caller's array. In eval mode return copies.
        """
        function = numpy_only(student, "batch_norm")
        for training in (True, False):
            cases = [self.case(rng, 3, 2, 2, 3, training=training) for _ in range(2)]
            made = [self.parts(student, case, function.must_not_change) for case in cases]
            for name, *arrays in zip(NORMED, *made, strict=True):
                expect_computed(arrays, name)
                expect_floats(arrays, name)
        for part in (1, 2):
            expect_all([self.answer(case, received, part) for case, received in zip(cases, made, strict=True)], RTOL, ATOL)


def unbiased_y(x, gamma, beta, mean, var, training, momentum, eps):
    """What `batch_norm` would give if y took the unbiased variance."""
    if not training:
        return reference.batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    own = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3), ddof=1)
    return reference.batch_norm(x, gamma, beta, *own, False, momentum, eps)


def with_biased_step(x, gamma, beta, mean, var, training, momentum, eps):
    """The running variance if the biased one entered it."""
    return var + momentum * (x.var(axis=(0, 2, 3)) - var)


UNBIASED = (partial(unbiased_backward, exact=False), partial(unbiased_backward, exact=True))
NORM_PARTS = ("grad_x", "grad_gamma", "grad_beta")


@pytest.mark.section("Backwards through batch normalisation")
class TestBatchNormBackward:
    """Order and variance have checks of their own: elsewhere γ's and β's gradients may be exchanged, the variance be the unbiased one."""

    def case(self, rng, *shape, eps=None, gamma=None):
        gamma = factors(rng, shape[1]) if gamma is None else gamma
        grad = numbers(rng, *shape) + np.arange(shape[1])[:, None, None] / 2
        return (spread_out(rng, *shape), gamma, grad, *([] if eps is None else [eps]))

    def parts(self, student, arguments, call=None) -> list:
        call = call or numpy_only(student, "batch_norm_backward")
        like = reference.batch_norm_backward(*arguments)
        return in_any_order(call(*arguments), like, ", ".join(NORM_PARTS), "batch_norm_backward(…)")

    def compare(self, student, *cases, which: int, accepted: Sequence[int] = (), biased: bool = False):
        """Checks one of the gradients, which may stand at one of the ``accepted`` places; unless ``biased``, either variance passes."""
        calls = [(arguments, self.parts(student, arguments)) for arguments in cases]
        rules = (reference.batch_norm_backward,) if biased else (reference.batch_norm_backward, *UNBIASED)
        for place in (which, *accepted):
            if any(all(alike(received[place], rule(*a)[which], RTOL, ATOL) for a, received in calls) for rule in rules):
                return
        expect_all([self.answer(arguments, received, which) for arguments, received in calls], RTOL, ATOL)

    def answer(self, arguments, received, part):
        x, gamma, grad, eps = (*arguments, 1e-5)[:4]
        mistakes = lambda: norm_backward_mistakes(x, gamma, grad, eps)[part]  # noqa: E731
        what = f"{NORM_PARTS[part]} for x {x.shape}"
        return Answer(received[part], reference.batch_norm_backward(*arguments)[part], what, mistakes)

    @pytest.mark.points(2)
    def test_beta(self, student, rng):
        """The gradient of β
        β is added at every place of every picture of its channel.
        """
        self.compare(student, self.case(rng, 3, 2, 2, 4), self.case(rng, 2, 4, 3, 1), which=2, accepted=(1,))

    @pytest.mark.points(2)
    def test_gamma(self, student, rng):
        """The gradient of γ
        γ multiplies the normalised input: what came from x before γ and β.
        """
        self.compare(student, self.case(rng, 3, 2, 2, 4), self.case(rng, 2, 4, 3, 1), which=1, accepted=(2,))

    @pytest.mark.points(3)
    def test_input(self, student, rng):
        """The gradient of x, one channel, γ = 1
        Three ways lead from an x to the outputs: directly, through the mean, through the variance. Compare with small steps.
        """
        self.compare(student, *(self.case(rng, *shape, gamma=np.ones(1)) for shape in ((3, 1, 2, 3), (4, 1, 2, 2))), which=0)

    def test_biased(self, student, rng):
        """The variance is the biased one
        As in `batch_norm`: the mean of the squared deviations.
        """
        self.compare(student, self.case(rng, 2, 3, 1, 2), self.case(rng, 3, 2, 1, 1), which=0, biased=True)

    def test_channels(self, student, rng):
        """The gradient of x, several channels with their γ
        Channels don't mix: each has its own mean, variance and γ.
        """
        self.compare(student, self.case(rng, 3, 2, 2, 3), self.case(rng, 2, 4, 3, 2), which=0)

    def test_large_eps(self, student, rng):
        """A large ε
        ε stands in the root by which x was divided, on the way back, too.
        """
        cases = [self.case(rng, 3, 2, 2, 3, eps=eps) for eps in (2.0, 5.0)]
        self.compare(student, *cases, which=0)

    def test_order(self, student, rng):
        """(grad_x, grad_gamma, grad_beta), in this order"""
        cases = self.case(rng, 3, 2, 2, 4), self.case(rng, 2, 4, 3, 1)
        made = [numpy_only(student, "batch_norm_backward")(*case) for case in cases]
        for case, came in zip(cases, made, strict=True):
            like = reference.batch_norm_backward(*case)
            parts = in_any_order(came, like, ", ".join(NORM_PARTS), "batch_norm_backward(…)")
            if any(one is not other for one, other in zip(parts, came, strict=True)):
                fail("The gradients come in another order.", ", ".join(NORM_PARTS), [np.shape(part) for part in came])
            for part, one, name in zip(came, like, NORM_PARTS, strict=True):
                expect_shape(part, one.shape, name)
        swapped = [
            np.abs(np.asarray(came[1]) - reference.batch_norm_backward(*case)[2]).max() for case, came in zip(cases, made, strict=True)
        ]
        if max(swapped) < ATOL:
            fail("", diagnosis="The gradients of γ and β come in the wrong order.")
        for number, name in enumerate(NORM_PARTS):
            expect_computed([came[number] for came in made], name)

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared; float32 and whole numbers"""
        function = numpy_only(student, "batch_norm_backward")
        cases = [self.case(rng, 3, 2, 2, 3) for _ in range(2)]
        cases += [tuple(a.astype(np.float32) for a in cases[0]), (rng.integers(0, 9, (3, 2, 2, 3)), np.array([2, 3]), cases[0][2])]
        made = [self.parts(student, case, function.must_not_change) for case in cases]
        for name, *arrays in zip(NORM_PARTS, *made, strict=True):
            expect_computed(arrays, name)
            expect_floats(arrays, name)


@pytest.mark.section("Dropout")
class TestDropout:
    def call(self, student, x, p, seed, training=True, call=None):
        """What the function returns for a generator with this seed, made by the notebook's own `seeded`."""
        generator = student.function("seeded").trial(seed, keep=True)
        if generator.error is not None:
            fail(student.sentence(generator.error, "`seeded`"))
        call = call or numpy_only(student, "dropout")
        return call(x, p, generator.value, training)

    def dropped(self, student, rng, p, shape=(40, 50), x=None):
        x = 2 + rng.integers(0, 9, shape) / 4 if x is None else x
        what = f"dropout(x, {p}, rng, True)"
        return x, expect_shape(self.call(student, x, p, int(rng.integers(1 << 30))), x.shape, what), what

    @pytest.mark.points(2)
    def test_share(self, student, rng):
        """A share of p becomes 0, each value for itself
        A mask of the shape of x, in which every entry is drawn by itself.
        """
        shares, masks = [], []
        for p in (0.1, 0.3, 0.3, 0.3, 0.3, 0.3, 0.8):
            _, y, what = self.dropped(student, rng, p)
            zeros = float((y == 0).mean())
            if abs(zeros - p) > 0.06:
                kept = "p is the probability of becoming 0; here it is that of being kept." if abs(zeros - 1 + p) < 0.06 else ""
                fail(f"{zeros:.0%} of {what} are 0.", f"about {p:.0%}", f"{zeros:.0%}", kept)
            shares.append(zeros)
            masks.append(y == 0)
            for axis, name in ((0, "column"), (1, "row")):
                if np.ptp((y == 0).mean(axis=axis)) < 0.02:
                    fail("", diagnosis=f"Each {name} has the same share of zeros: draw for every value by itself.")
        if all((mask == masks[1]).all() for mask in masks[2:6]):
            fail("", diagnosis="The same places become 0 each time, whatever the seed: draw from `rng`.")
        if len(set(shares[1:6])) == 1:
            fail("", diagnosis="Exactly the same number of values becomes 0 each time: draw for every value by itself.")
        whole = self.dropped(student, rng, 0.0)
        if not alike(whole[1], whole[0], RTOL, ATOL):
            fail("With p = 0 no value becomes 0, and all stay as they are.", whole[0], whole[1])

    def test_scale(self, student, rng):
        """Kept values are divided by 1 - p
        So that the mean of many stays what it was.
        """
        for p in (0.5, 0.5, 0.75):
            x, y, what = self.dropped(student, rng, p, (12, 15))
            if p != 0.5 and abs((y == 0).mean() - p) > 0.1:
                continue  # another reading of p is another check's business
            if not y.any():
                fail(f"{what} is 0 everywhere.")
            factor = np.unique(np.round(y[y != 0] / x[y != 0], 5))
            wrong = {
                1.0: "Kept values stay as they are; divide them by 1 - p.",
                round(1 / p, 5): "Kept values were divided by p, not by 1 - p.",
            }
            if p == 0.5:
                wrong.pop(2.0, None)
            wrong[round(1 - p, 5)] = "Kept values were multiplied with 1 - p; divide them by it."
            if len(factor) > 1:
                fail(f"The kept values of {what} were multiplied with different factors.", 1 / (1 - p), factor[:9])
            if not np.isclose(factor[0], 1 / (1 - p), rtol=1e-4):
                told = wrong.get(float(factor[0]), "")
                fail(f"The kept values of {what} are {factor[0]:g} times what they were.", f"{1 / (1 - p):g}", f"{factor[0]:g}", told)

    def test_eval(self, student, rng):
        """In eval mode the values come back equal, as a new array"""
        function = numpy_only(student, "dropout")
        for p in (0.25, 0.5):
            x = numbers(rng, 6, 7)
            y = self.call(student, x, p, 3, False, function.must_not_change)
            if alike(y, x * (1 - p), RTOL, ATOL) or alike(y, x / (1 - p), RTOL, ATOL):
                fail("", diagnosis="In eval mode the values were scaled: that belongs into training (kept values divided by 1 - p).")
            expect_array(y, x, f"dropout(x, {p}, rng, False)", RTOL, ATOL)

    def test_generator(self, student, rng):
        """Draws come from `rng` alone, the argument stays unchanged
        Neither `np.random.rand` nor a generator of one's own: the same seed gives the same result, another seed another one.
        """
        x, seed = 1 + rng.random((20, 20)), int(rng.integers(1 << 30))
        function = numpy_only(student, "dropout")
        one, again, other = (np.asarray(self.call(student, x, 0.5, s, True, function.must_not_change)) for s in (seed, seed, seed + 1))
        expect_computed([one, self.call(student, 3 * x, 0.5, seed)], "dropout(x, 0.5, rng, True)")
        if not alike(one, again):
            fail("The same seed gives another result the second time: something else than `rng` is drawn from.")
        if alike(one, other):
            fail("Another seed gives the same result: is `rng` drawn from?")

    def test_refused(self, student, rng):
        """ValueError unless 0 ≤ p < 1, in both modes"""
        x, function = numbers(rng, 3, 4), numpy_only(student, "dropout")
        for training in (True, False):
            expect_shape(self.call(student, x, 0.5, 1, training), x.shape, f"dropout(x, 0.5, rng, {training})")
            for p in (-0.25, 1.0, 1.5):
                raises = partial(function.must_raise, ValueError, when=f"p is {p:g} and training is {training}")
                self.call(student, x, p, 1, training, raises)


def channels(rng):
    """Two different numbers of channels."""
    low = int(rng.integers(2, 5))
    return low, low + int(rng.integers(1, 4))


@pytest.mark.section("Residual blocks")
class TestResidualBlock:
    def cases(self, rng):
        """Channels in and out, stride, whether the shape changes."""
        few, many = channels(rng)
        return ((few, few, 1, False), (few, many, 1, True), (many, few, 2, True), (many, many, 2, True))

    def x(self, rng, c_in):
        return numbers(rng, 3, c_in, 7, 6).astype(np.float32)

    def build(self, student, c_in, c_out, stride):
        return student.build("ResidualBlock", c_in, c_out, **({} if stride == 1 else {"stride": stride}))

    def settled(self, block, x) -> CheckFailed | None:
        """Lets lazy layers get their size; gives what stops a pass, if anything does."""
        try:
            block.forward(x)
        except CheckFailed as failure:
            return failure
        return None

    def expect_size(self, student, rng, cases):
        for c_in, c_out, stride, _ in cases:
            block, x = self.build(student, c_in, c_out, stride), self.x(rng, c_in)
            expect_shape(block.forward(x), (3, c_out, -(-7 // stride), -(-6 // stride)), f"ResidualBlock({c_in}, {c_out}, {stride})(x)")
            expect_obedient(block, partial(block.forward, x), rng, outputs="outputs")

    def test_shape_kept(self, student, rng):
        """As many channels, stride 1: the shape stays
        With padding 1 a 3×3 convolution keeps height and width.
        """
        self.expect_size(student, rng, self.cases(rng)[:1])

    def test_shape_changed(self, student, rng):
        """Other channels or a stride: (N, out_channels, ⌈H / stride⌉, ⌈W / stride⌉)
        What is added to the branch has to have its shape.
        """
        self.expect_size(student, rng, self.cases(rng)[1:])

    @pytest.mark.points(2)
    def test_layers(self, student, rng):
        """Two 3×3 convolutions with batch normalisation, and no more on the branch"""
        for c_in, c_out, stride, changes in self.cases(rng):
            block, x = self.build(student, c_in, c_out, stride), self.x(rng, c_in)
            failure, what = self.settled(block, x), f"ResidualBlock({c_in}, {c_out}, {stride})"
            self.expect_layers(block, c_in, c_out, changes, what)
            if failure is None and changes:  # else the input itself goes through, whatever the parameters
                expect_nothing_hidden(block, self.build(student, c_in, c_out, stride), x, what, allowed=10)
            if failure is None or not changes:
                expect_obedient(block, partial(block.forward, x), rng, outputs="outputs")

    def expect_layers(self, block, c_in, c_out, changes, what):
        shapes = block.parameters()
        found = sorted(shape for shape in shapes.values() if len(shape) == 4 and shape[2:] != (1, 1))
        wanted = sorted([(c_out, c_in, 3, 3), (c_out, c_out, 3, 3)])
        if found != wanted:
            fail(f"{what} has other kernels than two of 3×3 pixels, the first from {c_in} channels to {c_out}.", wanted, found)
        norms = sum(name.endswith("running_var") for name in block.state())
        if norms not in ((2, 3) if changes else (2,)):
            number = f"{norms or 'no'} batch normalisation{'s' * (norms != 1)}"
            fail(f"{what} has {number}: one follows each convolution of the branch.", 2, norms)
        rest = [shape for shape in shapes.values() if len(shape) not in (1, 4)]
        if rest:
            fail(f"{what} has parameters of other shapes than those of convolutions and normalisations.", None, rest)

    @pytest.mark.points(2)
    def test_shortcut(self, student, rng):
        """A 1×1 convolution on the shortcut exactly where the shape changes
        It changes with the number of channels, and with a stride other than 1.
        """
        for c_in, c_out, stride, changes in self.cases(rng):
            block, x = self.build(student, c_in, c_out, stride), self.x(rng, c_in)
            failure, what = self.settled(block, x), f"ResidualBlock({c_in}, {c_out}, {stride})"
            ones = [shape for shape in block.parameters().values() if len(shape) == 4 and shape[2:] == (1, 1)]
            if changes and ones != [(c_out, c_in, 1, 1)]:
                some = f"{len(ones)} 1×1 convolutions" if ones else "no 1×1 convolution"
                fail(f"{what} has {some}: its shortcut needs one from {c_in} to {c_out} channels.", [(c_out, c_in, 1, 1)], ones)
            if not changes and ones:
                fail(f"{what} has a 1×1 convolution, but no shape changes: the shortcut is the input as it is.", "none", ones)
            if failure is not None:
                raise failure
            if changes:
                self.expect_used(block, x, what)
            expect_obedient(block, partial(block.forward, x), rng, outputs="outputs")

    def expect_used(self, block, x, what):
        """The shortcut has an effect: without it the outputs are others."""
        before = block.state()
        one = np.asarray(block.forward(x))
        ones = {name for name, shape in block.parameters().items() if len(shape) == 4 and shape[2:] == (1, 1)}
        block.load({name: 0 * value if name in ones else value for name, value in before.items()})
        other = np.asarray(block.forward(x))
        block.load(before)
        if np.allclose(one, other):
            fail(f"The 1×1 convolution of {what} has no effect: is it called in `forward`?")

    @pytest.mark.points(2)
    def test_identity(self, student, rng):
        """With γ and β of the normalisations 0, the block is the ReLU of its input
        Where the branch gives 0, the sum is the input, and ReLU comes after the sum.
        """
        few, _ = channels(rng)
        block, x = self.build(student, few, few, 1), self.x(rng, few)
        state = block.state()
        vectors = {name for name, shape in block.parameters().items() if len(shape) == 1}
        block.load({name: np.zeros_like(value) if name in vectors else value for name, value in state.items()})
        y = expect_shape(block.forward(x), x.shape, f"ResidualBlock({few}, {few})(x)")
        mistakes = {
            "The ReLU after the sum is missing.": x.astype(float),
            "Nothing is left of the input: the shortcut is missing, or a normalisation follows the sum.": np.zeros(x.shape),
            "The input was added twice.": 2 * np.maximum(x, 0),
        }
        expect_array(y, np.maximum(x, 0), "The block's output with all γ and β set to 0", RTOL, ATOL, mistakes)

    def expect_values(self, student, rng, cases):
        for c_in, c_out, stride, _ in cases:
            block, x = self.build(student, c_in, c_out, stride), self.x(rng, c_in)
            expect_shape(block.forward(x), (3, c_out, -(-7 // stride), -(-6 // stride)), f"ResidualBlock({c_in}, {c_out}, {stride})(x)")
            residual_values(block, x, stride, rng, f"ResidualBlock({c_in}, {c_out}, {stride})(x)")

    def test_values(self, student, rng):
        """Values where the shape stays, in eval mode
        Convolution, normalisation, ReLU, convolution, normalisation; then the sum; then ReLU.
        """
        self.expect_values(student, rng, self.cases(rng)[:1])

    def test_values_changed(self, student, rng):
        """Values where the shape changes, in eval mode
        The stride stands in the branch's first convolution and in the shortcut's.
        """
        self.expect_values(student, rng, self.cases(rng)[1:])


def pictures(rng, count):
    """Pictures of clothes as a network gets them: float32 (N, 1, 28, 28) in [0, 1]."""
    return PICTURES[rng.choice(len(PICTURES), count, replace=False)]


@pytest.mark.section("A network of residual blocks")
@pytest.mark.time_limit(20)
class TestDeepNet:
    def test_shape(self, student, rng):
        """(N, 1, 28, 28) gives logits (N, 10), for one picture, too
        `squeeze()` drops the batch axis of a single picture; flatten from axis 1 on instead.
        """
        model = student.build("DeepNet")
        for count in (6, 1):
            expect_shape(model.forward(pictures(rng, count)), (count, 10), f"DeepNet()(x) for a batch of {count}")
        x = pictures(rng, 4)
        expect_obedient(model, lambda: model.forward(x), rng)

    def test_other_numbers_of_classes(self, student, rng):
        """Other numbers of classes
        The last layer's size is `num_classes`, not 10.
        """
        for classes in (2, int(rng.integers(11, 40))):
            model, x = student.build("DeepNet", num_classes=classes), pictures(rng, 4)
            expect_shape(model.forward(x), (4, classes), f"DeepNet(num_classes={classes})(x) for 4 pictures")
            expect_obedient(model, lambda ask=model.forward, x=x: ask(x), rng)

    @pytest.mark.points(2)
    def test_deep_and_small(self, student, rng):
        """At least 12 convolutional layers that matter, at most 300,000 parameters
        Kernels of 1×1 pixels don't count. A layer matters if `forward` uses what it gives: in a Python list it isn't registered.
        """
        model, x = student.build("DeepNet"), pictures(rng, 4)
        expect_deep(model, x, rng, "DeepNet()")
        if model.parameter_count() > reference.MOST_PARAMETERS:
            fail(
                f"DeepNet() has {model.parameter_count():,} parameters.", f"at most {reference.MOST_PARAMETERS:,}", model.parameter_count()
            )
        expect_nothing_hidden(model, student.build("DeepNet"), x, "DeepNet()")

    def test_each_picture_for_itself(self, student, rng):
        """Plain scores, which in eval mode depend on the picture alone
        Usual causes: softmax at the end; dropout without `training=self.training`; BatchNorm without running statistics.
        """
        model, x = student.build("DeepNet", num_classes=23), pictures(rng, 8)
        expect_shape(model.forward(x), (8, 23), "DeepNet(num_classes=23)(x)")
        expect_obedient(model, lambda: model.forward(x), rng)
        stir(model, x, rng)
        logits = np.asarray(model.forward(x), dtype=float)
        close = {"rtol": 1e-3, "atol": 1e-4 * max(1.0, float(np.abs(logits).max()))}
        if not np.allclose(model.forward(x), logits, **close):
            fail("", diagnosis="Two passes over the same pictures in eval mode differ: something random is left on.")
        for some in (slice(0, 1), slice(3, 5), slice(None, None, -1)):
            if not np.allclose(model.forward(np.ascontiguousarray(x[some])), logits[some], **close):
                fail("", diagnosis="A picture's logits change with the other pictures of its batch.")
        expect_plain_scores(logits)


@pytest.mark.section("A network of residual blocks")
@pytest.mark.time_limit(30)
class TestFashionPredictions:
    def answers(self, student):
        value = filled(student.value("fashion_predictions"), "fashion_predictions")
        return expect_shape(value, (1000,), "`fashion_predictions`")

    def own_model(self, student):
        """The kept network, whose answers the predictions are."""
        model = kept_model(student, "fashion_model", "the trained network")
        names = ("fashion_predictions", "fashion_model")
        expect_own_answers(model, PICTURES, self.answers(student), names, allowed=10, numbers=MOST_NUMBERS)
        return model

    def expect_accuracy(self, student, least):
        share = float((self.answers(student) == reference.fashion_labels()).mean())
        if share < least:
            guessed = " About as many as by guessing: was it trained?" if share < GUESSED else ""
            fail(f"{share:.1%} of the answers are right.{guessed}", f"at least {least:.1%}", f"{share:.1%}")

    def test_form(self, student):
        """1,000 whole numbers from 0 to 9
        The class of a picture is the index of its largest logit: `logits.argmax(dim=1)`.
        """
        answers = self.answers(student)
        if answers.dtype.kind not in "iu":
            fail(f"`fashion_predictions` has dtype {answers.dtype}.", "whole numbers", str(answers.dtype))
        if answers.min() < 0 or answers.max() > 9:
            fail("Some answers are no classes.", "numbers from 0 to 9", f"{answers.min()} to {answers.max()}")
        if (answers == answers[0]).all():
            fail(f"All answers are {answers[0]}.", "different classes")

    def test_half(self, student):
        """At least half of the answers are right, and they are those of `fashion_model`
        Answers count only if `fashion_model` gives them in eval mode, for the pictures divided by 255, in the given order, and as
        it is now: answer again after training on.
        """
        self.own_model(student)
        self.expect_accuracy(student, 0.5)

    def test_three_quarters(self, student):
        """At least 75 % of the answers are right"""
        self.own_model(student)
        self.expect_accuracy(student, 0.75)

    @pytest.mark.points(4)
    def test_full(self, student, rng):
        """At least 83.5 % of the answers are right, by a network with at least 12 convolutional layers
        Usual causes of less: too few epochs, a learning rate that never falls, pictures left in 0…255, predictions in training mode.
        """
        model = self.own_model(student)
        expect_deep(model, pictures(rng, 4), rng, "`fashion_model`", stirred=False)
        self.expect_accuracy(student, FULL_ACCURACY)
