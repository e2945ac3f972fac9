"""Hidden checks of the assignment `convnets`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Inputs are multiples of 1/4, so that sums of products are exact in any floating type: a check fails for a mistake,
never for rounding.
"""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.checks.convnets_mistakes import (
    BATCH_MISTAKES,
    PICTURE_MISTAKES,
    in_order,
    layer_mistakes,
    ran_over,
    size_mistakes,
    sliding_mistakes,
)
from autograder.checks.convnets_pooling import pooling_mistakes
from autograder.checks.judging import Answer, alike, collected, expect_all, expect_computed, expect_numbers
from autograder.checks.networks import expect_nothing_hidden, expect_obedient, expect_own_answers, is_affine, kept_model
from autograder.compare import ANYTHING, CheckFailed, expect_array, expect_number, expect_tuple, fail, filled
from autograder.reference import convnets as reference

pytestmark = pytest.mark.time_limit(5)

with np.load(Path(__file__).parents[2] / "data" / "mnist.npz") as _file:
    DIGITS, CLASSES = _file["images"], _file["labels"].astype(np.int64)

PICTURES = reference.unlabelled_pictures()

MOST_NUMBERS = 300_000  # that `digit_model` computes with: five networks may vote
ATOL = 1e-4  # inputs are multiples of 1/4: a wrong answer is further off, sums in float32 are not
# `make recipes`, twelve runs each: the reference CNN and fit, ten epochs, 0.955 to 0.976; a linear classifier 0.892 to 0.909.
# The full mark stands 0.035 below the worst of the first and 0.011 above the best of the second.
FULL_ACCURACY = 0.92
GUESSED = 0.15  # an untrained network's share of right answers among ten classes stays below


def numpy_only(student, name):
    """The student's function with scipy and torch withheld."""
    return student.function(name).without("scipy", "torch")


def numbers(rng, *shape):
    """Multiples of 1/4 from -3 to 3."""
    return rng.integers(-12, 13, shape) / 4


def varied(x):
    """A picture and two more: whatever is computed from them, not all three give the same by chance."""
    return x, x + 7, 1 - 2 * x


def positive(rng, *shape):
    """Multiples of 1/4 from 1/4 to 9: what goes wrong with negative numbers has a check of its own."""
    return rng.integers(1, 37, shape) / 4


def telling_kernel(rng, *shape):
    """A kernel without zeros that differs from each of its flips, turns and transposes: each shows, and is no other of them.

    Nor is its sum 1 or -1: that a result was divided by it shows, too.
    """
    while True:
        W = rng.choice([-3, -2, -1, 1, 2, 3], shape) / 2
        others = [np.flip(W, axes) for axes in (-1, -2, (-1, -2)) if max(np.take(shape, axes).flat) > 1]
        if shape[-1] == shape[-2] > 1:
            others += [np.swapaxes(one, -1, -2) for one in (W, *others)]
        if abs(W.sum()) > 1 and all((other != W).any() for other in others):
            return W


def expect_shape(received, shape, what):
    """An array of finite numbers of this shape, whatever its values."""
    array = expect_array(received, np.zeros(shape), what, rtol=0, atol=1e300)
    if not np.isfinite(array).all():
        fail(f"{what} holds infinite or undefined numbers.")
    return array


def expect_floats(array, what):
    if array.dtype.kind != "f":
        fail(f"{what} has dtype {array.dtype}, but floats were expected.", "a floating type", str(array.dtype))


def as_it_is(W):
    return W


def flipped(*axes):
    return lambda W: np.flip(W, axes)


class Sliding:
    """The checks that `correlate2d` and `convolve2d` share.

    A kernel that is always turned in the same wrong way costs the points of the check that asks for it, not those of all values.
    """

    name: str
    turns: tuple  # what may become of the kernel before it slides, the right one first

    def answers(self, student, cases):
        """The student's answers to pairs of a picture and a kernel."""
        for x, W in cases:
            expected = getattr(reference, self.name)(x, W)
            what = f"{self.name}(x, W) with x {x.shape} and W {W.shape}"
            received = numpy_only(student, self.name)(x, W)

            def mistakes(received=received, x=x, W=W, expected=expected):
                turned = (reference.correlate2d(x, turn(W)) for turn in self.turns)
                return ran_over(received, turned, np.result_type(x, W)) | sliding_mistakes(x, W, expected)

            yield Answer(received, expected, what, mistakes)

    def compare(self, student, *cases, any_turn=True):
        answers, failure = collected(self.answers(student, cases))
        atol = ATOL * max(1.0, *(float(np.abs(x).max(initial=0)) for x, _ in cases))
        for turn in self.turns if any_turn and failure is None else ():
            if all(alike(a.received, reference.correlate2d(x, turn(W)), atol=atol) for a, (x, W) in zip(answers, cases, strict=True)):
                return answers
        expect_all(answers, atol=atol, again=lambda: next(self.answers(student, cases)).received)
        if failure is not None:
            raise failure
        return answers

    def expect_good(self, call, x, W):
        """Results that depend on the picture: whoever refuses everything refuses nothing, and constants are no results."""
        expect_computed([call(picture, W) for picture in varied(x)], f"{self.name}(x, W) with x {x.shape} and W {W.shape}")

    @pytest.mark.points(2)
    def test_square(self, student, rng):
        """Square pictures, square kernels
        Work out one output by hand: which numbers of x meet which numbers of W?
        """
        self.compare(student, *((numbers(rng, 6, 6), telling_kernel(rng, 3, 3)) for _ in range(2)))

    @pytest.mark.points(2)
    def test_not_square(self, student, rng):
        """Pictures and kernels that are not square
        Rows belong to the first axis of each array, columns to the second; look for a place that uses one for both.
        """
        self.compare(
            student, (numbers(rng, 5, 9), telling_kernel(rng, 4, 2)), *((numbers(rng, 8, 6), telling_kernel(rng, 1, 3)) for _ in range(2))
        )

    def test_extreme_sizes(self, student, rng):
        """A kernel as large as the picture, a kernel of one number
        The result has rows - kH + 1 rows: one when the kernel is as high as the picture.
        """
        x, W = numbers(rng, 4, 3), telling_kernel(rng, 4, 3)
        while len({(x * kernel).sum() for kernel in (W, W[::-1], W[:, ::-1], W[::-1, ::-1])}) < 4:
            x = numbers(rng, 4, 3)
        self.compare(student, (x, W), (x, telling_kernel(rng, 1, 1)))

    def test_types(self, student, rng):
        """Whole numbers of any type, float32, large numbers
        The result holds floats, whatever the type of the input: don't make it with `zeros_like(x)`. Products and sums need
        floats, too (in uint8, 100 · 3 is 44), of single precision at least.
        """
        small, fits = rng.integers(-9, 10, (5, 6)), telling_kernel(rng, 2, 3)
        for case in (
            (small, rng.integers(1, 9, (2, 3))),
            (small, fits),
            (rng.integers(0, 256, (5, 6), dtype=np.uint8), telling_kernel(rng, 3, 2)),
            (rng.integers(100, 256, (5, 6), dtype=np.uint8), rng.permutation(np.arange(3, 9, dtype=np.uint8)).reshape(2, 3)),
            (rng.integers(64, 127, (5, 6), dtype=np.int8), rng.permutation(np.arange(-3, 3, dtype=np.int8)).reshape(3, 2)),
            (numbers(rng, 5, 6).astype(np.float32), telling_kernel(rng, 2, 2).astype(np.float32)),
            (rng.integers(-4000, 4000, (5, 6)) / 4, fits),
        ):
            for answer in self.compare(student, case):
                expect_floats(np.asarray(answer.received), answer.what)

    def test_not_2d_is_refused(self, student, rng):
        """ValueError if an argument is not 2-D"""
        x, W = numbers(rng, 4, 4), telling_kernel(rng, 2, 2)
        function = numpy_only(student, self.name)
        self.expect_good(function, x, W)
        function.must_raise(ValueError, x.ravel(), W, when="x is 1-D")
        function.must_raise(ValueError, x[None], W, when="x is 3-D")
        function.must_raise(ValueError, x, W.ravel(), when="the kernel is 1-D")
        function.must_raise(ValueError, x, W[None], when="the kernel is 3-D")
        function.must_raise(ValueError, x[0], W[0], when="both are 1-D")
        function.must_raise(ValueError, x[None], W[None], when="both are 3-D")

    def test_larger_kernel_is_refused(self, student, rng):
        """ValueError if the kernel is larger than the picture
        One axis is enough: a kernel may be narrow and still too high.
        """
        function, x = numpy_only(student, self.name), numbers(rng, 3, 5)
        self.expect_good(function, numbers(rng, 4, 4), telling_kernel(rng, 2, 2))
        function.must_raise(ValueError, x, numbers(rng, 4, 2), when="the kernel is higher than the picture")
        function.must_raise(ValueError, x.T, numbers(rng, 2, 4), when="the kernel is wider than the picture")

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared"""
        function = numpy_only(student, self.name)
        for x, W in ((numbers(rng, 6, 6), telling_kernel(rng, 3, 3)), (numbers(rng, 4, 4), np.ones((1, 1)))):
            self.expect_good(function.must_not_change, x, W)

    def expect_turn(self, student, rng):
        """The kernel turned as the task says, and not in another way."""
        self.compare(
            student, (numbers(rng, 6, 6), telling_kernel(rng, 3, 3)), (numbers(rng, 5, 9), telling_kernel(rng, 4, 2)), any_turn=False
        )


@pytest.mark.section("Kernels: a few weights that slide")
class TestCorrelate2d(Sliding):
    name = "correlate2d"
    turns = (as_it_is, flipped(0, 1), flipped(0), flipped(1))

    @pytest.mark.points(3)
    def test_not_flipped(self, student, rng):
        """The kernel slides as it is
        By hand: which number of W meets x[0, 0] in the first output?
        """
        self.expect_turn(student, rng)


@pytest.mark.section("Cross-correlation or convolution?")
class TestConvolve2d(Sliding):
    name = "convolve2d"
    turns = (flipped(0, 1), flipped(0), flipped(1))

    @pytest.mark.points(3)
    def test_flipped(self, student, rng):
        """The kernel is flipped along both axes
        By hand: which number of W meets x[0, 0] in the first output?
        """
        self.expect_turn(student, rng)


def expect_q1(student, name):
    x, W = reference.x_q1, reference.W_q1
    expected = getattr(reference, name)
    value = filled(student.value(name), name)
    return expect_array(value, expected, f"`{name}`", atol=ATOL, mistakes=sliding_mistakes(x, W, expected))


@pytest.mark.section("One number by hand")
class TestQ1Correlation:
    def test_values(self, student):
        """The nine numbers of the cross-correlation
        Compare with `scipy.signal.correlate2d(x_q1, W_q1, mode="valid")`.
        """
        expect_q1(student, "q1_correlation")


@pytest.mark.section("Cross-correlation or convolution?")
class TestQ1Convolution:
    def test_values(self, student):
        """The nine numbers of the convolution
        Compare with `scipy.signal.convolve2d(x_q1, W_q1, mode="valid")`.
        """
        expect_q1(student, "q1_convolution")


class Pooling:
    """The checks that both pools share."""

    name: str

    def answers(self, student, cases):
        """The student's answers to a picture, a size and, if given, a stride."""
        for x, size, *stride in cases:
            expected = getattr(reference, self.name)(x, size, *stride)
            received = numpy_only(student, self.name)(x, size, **({"stride": stride[0]} if stride else {}))
            what = f"{self.name}(x, {size}{''.join(f', stride={n}' for n in stride)}) with x {x.shape}"
            mistakes = partial(pooling_mistakes, self.name, x, size, *stride or [size])
            yield Answer(received, expected, what, mistakes)

    def compare(self, student, *cases):
        size = max(1.0, *(float(np.abs(x.astype(float)).max(initial=0)) for x, *_ in cases))
        atol = ATOL * size if self.name == "avg_pool2d" else ATOL  # a maximum is one of the numbers
        return expect_all(self.answers(student, cases), atol=atol, again=lambda: next(self.answers(student, cases)).received)

    def expect_good(self, call, x, size):
        """Results that depend on the picture: whoever refuses everything refuses nothing, and constants are no results."""
        expect_computed([call(picture, size) for picture in varied(x)], f"{self.name}(x, {size}) with x {x.shape}")

    @pytest.mark.points(2)
    def test_side_by_side(self, student, rng):
        """Windows side by side, without a stride given
        The first window holds the first `size` rows and columns; the next one begins where it ends.
        """
        self.compare(student, (positive(rng, 6, 6), 2), (positive(rng, 6, 6), 2), (positive(rng, 6, 9), 3))

    @pytest.mark.points(2)
    def test_stride(self, student, rng):
        """A stride that differs from the size
        Window number i starts at row i·stride and is `size` rows high.
        """
        self.compare(student, (positive(rng, 7, 9), 3, 2), (positive(rng, 5, 6), 2, 1), (positive(rng, 8, 11), 2, 3))

    def test_incomplete_windows_are_dropped(self, student, rng):
        """Incomplete windows are dropped
        There are ⌊(rows - size) / stride⌋ + 1 rows of windows; nothing is padded.
        """
        self.compare(student, (positive(rng, 7, 5), 2), (positive(rng, 11, 8), 4, 3))

    def test_extreme_sizes(self, student, rng):
        """Windows of one pixel, a window as large as the picture"""
        self.compare(student, (positive(rng, 4, 5), 1), (positive(rng, 4, 4), 4))

    def test_not_2d_is_refused(self, student, rng):
        """ValueError if x is not 2-D"""
        function, x = numpy_only(student, self.name), numbers(rng, 4, 4)
        self.expect_good(function, x, 2)
        function.must_raise(ValueError, numbers(rng, 6), 2, when="x is 1-D")
        function.must_raise(ValueError, numbers(rng, 4, 4, 4), 2, when="x is 3-D")

    def test_larger_window_is_refused(self, student, rng):
        """ValueError if no window fits
        One axis is enough: a picture may be wide and still too low for the window.
        """
        function, x = numpy_only(student, self.name), numbers(rng, 3, 3)
        self.expect_good(function, x, 2)
        function.must_raise(ValueError, numbers(rng, 2, 5), 3, when="the window is higher than the picture")
        function.must_raise(ValueError, numbers(rng, 5, 2), 3, 1, when="the window is wider than the picture")

    def test_arguments_unchanged(self, student, rng):
        """Argument unchanged, no memory shared
        Also with windows of one pixel: a slice of x is a view of its memory.
        """
        function, x = numpy_only(student, self.name), numbers(rng, 6, 6)
        self.expect_good(function.must_not_change, x, 2)
        expect_computed([function.must_not_change(x, 1)], f"{self.name}(x, 1) with x {x.shape}")


@pytest.mark.section("Pooling")
class TestMaxPool2d(Pooling):
    name = "max_pool2d"

    @pytest.mark.points(2)
    def test_negative_numbers(self, student, rng):
        """Pictures with negative numbers
        The largest of negative numbers is negative: don't compare with 0 or -1000, don't pad with 0.
        """
        mixed = rng.choice([-1, 1], (8, 6)) * rng.permutation(np.arange(1, 49)).reshape(8, 6) / 4  # no two are equally far from 0
        self.compare(student, (-positive(rng, 6, 7), 2), (mixed, 2))
        self.compare(student, (-positive(rng, 6, 6) * 2.0**40, 3))

    def test_whole_numbers(self, student, rng):
        """Pictures of whole numbers
        In uint8 there are no negative numbers: -1 is 255 there, and -0 is 0. In int8, 128 is none.
        """
        self.compare(student, (rng.integers(1, 100, (6, 8)), 2))
        picture = rng.integers(1, 256, (6, 8), dtype=np.uint8)
        picture[::2, ::2] = 0
        self.compare(student, (picture, 3))
        self.compare(student, (rng.integers(-128, 100, (6, 8), dtype=np.int8), 2))


@pytest.mark.section("Pooling")
class TestAvgPool2d(Pooling):
    name = "avg_pool2d"

    def test_negative_numbers(self, student, rng):
        """Pictures with negative numbers and zeros
        Every pixel of a window counts in its mean, with its sign.
        """
        self.compare(student, (rng.integers(-3, 4, (8, 8)) / 4, 2), (-positive(rng, 6, 9), 3), (numbers(rng, 6, 9), 3, 2))

    def test_whole_numbers(self, student, rng):
        """Means of whole numbers are floats
        The mean of 1 and 2 is 1.5: the result needs a floating type, whatever the input's type.
        """
        for low, high, kind in ((1, 10, np.int64), (0, 256, np.uint8), (90, 127, np.int8), (20_000, 32_000, np.int16)):
            for array in self.compare(student, (rng.integers(low, high, (6, 8), dtype=kind), 2)):
                expect_floats(array, f"avg_pool2d of {np.dtype(kind)}")


JUST_FITS = {  # by what is given beside the input and the kernel
    "": "One window fits exactly there: only a longer kernel is to be refused.",
    "padding": "Padded at both ends, the input is as long as the kernel there: one window fits.",
    "stride dilation": "The dilated kernel spans as many inputs as there are: one window fits.",
}


@pytest.mark.section("One formula for the size")
class TestConvOutputSize:
    def answer(self, student, n, kernel, stride=1, padding=0, dilation=1, by_position=False):
        given = {"stride": stride, "padding": padding, "dilation": dilation}
        named = {name: value for name, value in given.items() if value != (0 if name == "padding" else 1)}
        arguments = [n, kernel, *given.values()] if by_position else [n, kernel]
        named = {} if by_position else named
        received = numpy_only(student, "conv_output_size")(*arguments, **named)
        what = f"conv_output_size({', '.join([*map(str, arguments), *(f'{k}={v}' for k, v in named.items())])})"
        expected = reference.conv_output_size(n, kernel, stride, padding, dilation)
        return Answer(received, expected, what, partial(size_mistakes, n, kernel, stride, padding, dilation))

    def test_stride_one(self, student, rng):
        """Stride 1, no padding
        The first window begins at 0, the last one at n - K: how many are that?
        """
        expect_numbers(self.answer(student, kernel + int(rng.integers(0, 40)), kernel) for kernel in rng.integers(1, 12, 4).tolist())

    def test_padding(self, student, rng):
        """Padding
        `padding` zeros are added at each end.
        """
        expect_numbers(
            self.answer(student, int(rng.integers(9, 40)), int(rng.integers(2, 9)), padding=padding)
            for padding in rng.permutation(np.arange(1, 6)).tolist()
        )

    @pytest.mark.points(2)
    def test_stride(self, student, rng):
        """Strides, also those that leave inputs over
        Count the window's starts 0, S, 2S, … up to the last that fits; Python's // rounds down.
        """
        layers = [(stride, rest, int(rng.integers(1, 9))) for stride in (2, 3, 4, 5) for rest in range(stride)]
        expect_numbers(
            self.answer(student, kernel + stride * int(rng.integers(1, 9)) + rest, kernel, stride=stride) for stride, rest, kernel in layers
        )

    @pytest.mark.points(2)
    def test_dilation(self, student, rng):
        """Dilation
        K taps that lie D apart span D(K - 1) + 1 inputs: draw three taps with D = 2.
        """
        layers = [(dilation, int(rng.integers(2, 6))) for dilation in (3, 2, 4)]
        expect_numbers(
            self.answer(student, dilation * kernel + int(rng.integers(0, 20)), kernel, dilation=dilation) for dilation, kernel in layers
        )

    def test_all_together(self, student, rng):
        """Stride, padding and dilation together
        Every other call names no argument: their order is n, kernel, stride, padding, dilation.
        """
        layers = []
        for number in range(12):
            kernel, stride, padding, dilation = (int(rng.integers(low, high)) for low, high in ((2, 6), (2, 5), (1, 4), (2, 4)))
            span, rest = dilation * (kernel - 1) + 1, number % stride
            layers.append(
                (span + stride * int(rng.integers(3, 9)) + rest - 2 * padding, kernel, stride, padding, dilation, number % 2 == 1)
            )
        expect_numbers(self.answer(student, *layer) for layer in layers)

    def test_whole_number(self, student, rng):
        """The result is a whole number
        `7 / 2` and `np.floor` give floats; `//` of whole numbers gives a whole number.
        """
        answers = [self.answer(student, 5 + stride * more, 5, stride=stride) for stride, more in ((1, 4), (2, 7), (3, 9))]
        expect_computed([answer.received for answer in answers], "conv_output_size")
        for answer in answers:
            expect_number(answer.received, 0, answer.what, atol=ANYTHING)
            if np.asarray(answer.received).dtype.kind == "f":
                fail(f"{answer.what} is the float {float(answer.received):g}, but an integer was expected.", "an integer", "a float")

    @pytest.mark.points(2)
    def test_no_window_fits(self, student, rng):
        """ValueError if no window fits, and only then
        Compare the window's span with the padded input; cutting -1/2 to 0 would count a window that isn't there.
        """
        function, n = numpy_only(student, "conv_output_size"), int(rng.integers(5, 9))
        fitting = ((n, n, {}), (n, n + 4, {"padding": 2}), (2 * n + 1, n + 1, {"stride": 3, "dilation": 2}))
        for size, kernel, options in fitting:
            trial = function.trial(size, kernel, **options)
            if trial.error is not None and "ValueError" in trial.error.bases:
                named = "".join(f", {name}={value}" for name, value in options.items())
                fail(
                    f"conv_output_size({size}, {kernel}{named}) raised {student.told(trial.error)}.", diagnosis=JUST_FITS[" ".join(options)]
                )
            if trial.error is not None:
                raise student.failed(trial.error, "`conv_output_size`")
            expect_number(trial.value, 1, "conv_output_size of a kernel that just fits", atol=ANYTHING)
        expect_computed([function(size, 3) for size in (n, 2 * n)], "conv_output_size")
        function.must_raise(ValueError, n, n + 1, when="the kernel is one longer than the input")
        function.must_raise(ValueError, n, n + 1, stride=3, when="the kernel is one longer than the input, with stride 3")
        function.must_raise(ValueError, n, n + 6, padding=2, when="the kernel is longer than the padded input")
        function.must_raise(ValueError, 2 * n, n + 1, dilation=2, when="the dilated kernel is longer than the input")


@pytest.mark.section("K filters, K maps")
class TestQ1cOutputShape:
    def test_numbers(self, student):
        """The right numbers, in any order
        ⌊(224 - 11) / 4⌋ + 1, twice, and the number of kernels.
        """
        value = filled(student.value("q1c_output_shape"), "q1c_output_shape")
        expect_tuple(sorted_numbers(value), sorted(reference.q1c_output_shape), "`q1c_output_shape`, sorted", in_order(PICTURE_MISTAKES))

    def test_order(self, student):
        """Channels, height, width"""
        value = filled(student.value("q1c_output_shape"), "q1c_output_shape")
        mistakes = {"PyTorch puts the channels first.": (54, 54, 96), **PICTURE_MISTAKES}
        expect_tuple(value, reference.q1c_output_shape, "`q1c_output_shape`", mistakes)


def sorted_numbers(value):
    """A sequence of numbers in order; anything else as it is, for the comparison to refuse."""
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = value.tolist()
    plain = isinstance(value, (tuple, list)) and all(isinstance(item, (int, float)) for item in value)
    return sorted(value) if plain else value


@pytest.mark.section("Batches")
class TestQ1dOutputShape:
    def test_numbers(self, student):
        """The right numbers, in any order
        Those of one picture, and the number of pictures.
        """
        value = filled(student.value("q1d_output_shape"), "q1d_output_shape")
        expect_tuple(sorted_numbers(value), sorted(reference.q1d_output_shape), "`q1d_output_shape`, sorted", in_order(BATCH_MISTAKES))

    def test_order(self, student):
        """Pictures, channels, height, width"""
        value = filled(student.value("q1d_output_shape"), "q1d_output_shape")
        mistakes = {
            "PyTorch's order is N, C, H, W: channels before height and width.": (32, 54, 54, 96),
            "PyTorch's order is N, C, H, W: the pictures come first.": (96, 32, 54, 54),
            "PyTorch's order is N, C, H, W: the pictures come first, not last.": (96, 54, 54, 32),
            "PyTorch's order is N, C, H, W, not the other way round.": (54, 54, 96, 32),
        }
        expect_tuple(value, reference.q1d_output_shape, "`q1d_output_shape`", mistakes | BATCH_MISTAKES)


@pytest.mark.section("Every number is a sum over a slice")
class TestConv2d:
    """A kernel that is always flipped costs the points of the check that asks for it, a bias that is missing those of its checks."""

    def answers(self, student, cases):
        """The student's answers to a picture, weights, biases and, if given, a stride and a padding."""
        for x, weight, bias, *options in cases:
            stride, padding = [*options, 1, 0][:2] if len(options) != 1 else (*options, 0)
            expected = reference.conv2d(x, weight, bias, stride, padding)
            named = {name: value for name, value, usual in (("stride", stride, 1), ("padding", padding, 0)) if value != usual}
            by_position, named = ((stride, padding), {}) if len(named) == 2 else ((), named)
            received = numpy_only(student, "conv2d")(x, weight, bias, *by_position, **named)
            what = f"conv2d with x {x.shape}, weight {weight.shape}, stride {stride}, padding {padding}"

            def mistakes(received=received, expected=expected, x=x, weight=weight, bias=bias, stride=stride, padding=padding):
                turned = (expected, reference.conv2d(x, weight[..., ::-1, ::-1], bias, stride, padding))
                return ran_over(received, turned, np.result_type(x, weight)) | layer_mistakes(x, weight, bias, stride, padding)

            yield Answer(received, expected, what, mistakes)

    def compare(self, student, *cases, any_turn=True):
        answers, failure = collected(self.answers(student, cases))
        atol = ATOL * max(1.0, *(float(np.abs(x).max(initial=0)) for x, *_ in cases))
        turned = [reference.conv2d(x, weight[..., ::-1, ::-1], *others) for x, weight, *others in cases]
        if not any_turn or failure is not None or not all(alike(a.received, y, atol=atol) for a, y in zip(answers, turned, strict=True)):
            expect_all(answers, atol=atol, again=lambda: next(self.answers(student, cases)).received)
        if failure is not None:
            raise failure
        return answers

    def expect_good(self, call, x, *layer):
        """Results that depend on the picture: whoever refuses everything refuses nothing, and constants are no results."""
        expect_computed([call(picture, *layer) for picture in varied(x)], f"conv2d with x {x.shape} and weight {layer[0].shape}")

    def layer(self, rng, filters, channels, *kernel, bias=True):
        """Weights that show every flip, and different biases that are not 0, or are all 0."""
        return telling_kernel(rng, filters, channels, *kernel), rng.permutation([-5, -4, 4, 5])[:filters] / 2 * bias

    def unbiased(self, rng, *shape):
        """A layer without biases, where they are another check's business."""
        return self.layer(rng, *shape, bias=False)

    def test_one_channel_one_filter(self, student, rng):
        """One channel, one filter
        The products of a window and the kernel, summed.
        """
        self.compare(student, *((numbers(rng, 1, 6, 6), *self.unbiased(rng, 1, 1, 3, 3)) for _ in range(2)))

    @pytest.mark.points(2)
    def test_not_flipped(self, student, rng):
        """The kernels slide as they are
        A layer computes cross-correlation: which number of a kernel meets x[c, 0, 0] in the first output?
        """
        cases = [(numbers(rng, 1, 6, 6), *self.unbiased(rng, 1, 1, 3, 3)), (numbers(rng, 2, 5, 6), *self.unbiased(rng, 1, 2, 3, 2))]
        self.compare(student, *cases, any_turn=False)

    @pytest.mark.points(2)
    def test_channels_are_summed(self, student, rng):
        """Several input channels, one filter
        A filter has a slice for each channel; the products of all slices go into one sum.
        """
        self.compare(
            student,
            (numbers(rng, 3, 5, 6), *self.unbiased(rng, 1, 3, 3, 2)),
            (numbers(rng, 2, 5, 6), *self.unbiased(rng, 1, 2, 2, 3)),
        )

    @pytest.mark.points(2)
    def test_filters_stack(self, student, rng):
        """Several filters, each with its bias
        Each filter gives one map; bias o belongs to map o and is added once.
        """
        self.compare(student, (numbers(rng, 2, 6, 5), *self.layer(rng, 4, 2, 3, 3)), (numbers(rng, 3, 5, 7), *self.layer(rng, 3, 3, 2, 4)))

    @pytest.mark.points(2)
    def test_stride(self, student, rng):
        """Stride, with pixels left over
        Window number i starts at row i·stride, in both axes.
        """
        self.compare(
            student,
            (numbers(rng, 2, 8, 9), *self.unbiased(rng, 3, 2, 3, 3), 2),
            (numbers(rng, 2, 9, 12), *self.unbiased(rng, 2, 2, 2, 3), 3),
        )

    @pytest.mark.points(2)
    def test_padding(self, student, rng):
        """Zero padding
        Zeros go around height and width, on all four sides, not around the channels.
        """
        self.compare(
            student,
            (numbers(rng, 2, 5, 6), *self.unbiased(rng, 3, 2, 3, 3), 1, 1),
            (numbers(rng, 2, 6, 4), *self.unbiased(rng, 2, 2, 4, 3), 1, 2),
            (numbers(rng, 2, 2, 2), *self.unbiased(rng, 2, 2, 4, 3), 1, 1),
        )

    @pytest.mark.points(2)
    def test_stride_and_padding(self, student, rng):
        """Stride and padding together, kernels that are not square
        First pad, then let the window start at every stride-th row and column of the padded picture.
        """
        self.compare(
            student,
            (numbers(rng, 3, 7, 10), *self.unbiased(rng, 2, 3, 2, 4), 2, 1),
            (numbers(rng, 2, 11, 8), *self.unbiased(rng, 3, 2, 5, 1), 3, 2),
        )

    @pytest.mark.points(2)
    def test_types(self, student, rng):
        """Whole numbers of any type, float32, large numbers
        The result holds floats, whatever the type of the input: don't make it with `zeros_like(x)`. Products and sums need
        floats, too (in uint8, 100 · 3 is 44), of single precision at least.
        """
        weight, bias = self.unbiased(rng, 2, 2, 2, 2)
        small, none = rng.integers(-9, 10, (2, 4, 5)), np.zeros(2, np.int64)
        for case in (
            (small, weight, bias),
            (small, (2 * weight).astype(np.int64), none, 1, 1),
            (rng.integers(90, 127, (2, 4, 5), dtype=np.int8), (2 * weight).astype(np.int8), none.astype(np.int8)),
            (rng.integers(100, 256, (2, 4, 5), dtype=np.uint8), np.abs(2 * weight).astype(np.uint8), none.astype(np.uint8), 1, 1),
            (*(a.astype(np.float32) for a in (numbers(rng, 2, 4, 5), weight, bias)), 2, 1),
            (rng.integers(-4000, 4000, (2, 5, 6)) / 4, weight, bias),
        ):
            for answer in self.compare(student, case):
                expect_floats(np.asarray(answer.received), answer.what)

    def test_other_channels_are_refused(self, student, rng):
        """ValueError if the numbers of channels differ
        Also with one channel, which numpy would silently repeat.
        """
        function, good = numpy_only(student, "conv2d"), (numbers(rng, 2, 5, 5), *self.layer(rng, 3, 2, 3, 3))
        self.expect_good(function, *good)
        for channels, wanted in ((3, 2), (2, 3), (1, 2), (2, 1)):
            weight, bias = self.layer(rng, 2, wanted, 2, 2)
            when = f"x has {channels} channels and the weight {wanted}"
            function.must_raise(ValueError, numbers(rng, channels, 4, 4), weight, bias, when=when)

    def test_no_window_fits(self, student, rng):
        """ValueError if no window fits into the padded picture"""
        function, good = numpy_only(student, "conv2d"), (numbers(rng, 2, 3, 3), *self.layer(rng, 2, 2, 3, 3))
        self.expect_good(function, *good)
        low, narrow = numbers(rng, 2, 3, 6), numbers(rng, 2, 6, 3)
        high, wide = self.layer(rng, 2, 2, 4, 3), self.layer(rng, 2, 2, 3, 4)
        function.must_raise(ValueError, low, *high, when="the kernel is higher than the picture")
        function.must_raise(ValueError, narrow, *wide, when="the kernel is wider than the picture")
        higher = self.layer(rng, 2, 2, 6, 3)
        function.must_raise(ValueError, low, *higher, 2, 1, when="the kernel is higher than the padded picture")

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared"""
        function, good = numpy_only(student, "conv2d"), (numbers(rng, 2, 5, 5), *self.layer(rng, 3, 2, 3, 3))
        for options in ((), (2, 1)):
            self.expect_good(function.must_not_change, *good, *options)


def pictures(rng, count):
    """Digits as a network gets them, with their classes: float32 (N, 1, 28, 28) in [0, 1], int64 (N,)."""
    chosen = rng.choice(len(DIGITS), count, replace=False)
    return DIGITS[chosen, None].astype(np.float32) / 255, CLASSES[chosen]


# What a forward pass may use of each kind of layer: names of low-level operations. Generous on purpose.
KINDS = {
    "convolution": "convolution conv2d mkldnn_convolution",
    "activation": (
        "relu leaky_relu elu celu gelu glu silu mish sigmoid tanh hardtanh hardswish hardsigmoid softplus prelu _prelu_kernel threshold "
        "log_sigmoid_forward rrelu_with_noise softshrink hardshrink clamp clamp_min clamp_max maximum max amax where masked_fill gt ge "
        "lt le sign abs pow exp erf sin cos"
    ),
    "pooling": (
        "max_pool2d_with_indices max_pool2d avg_pool2d _adaptive_avg_pool2d adaptive_max_pool2d fractional_max_pool2d mean sum amax "
        "max maximum"
    ),
    "linear": "addmm mm linear addmv mv bmm",
}


def stir(model, x, rng):
    """Random parameters around 0: what holds at the start (a last layer of zeros, a large bias) needn't hold later."""
    model.forward(x)  # lazy layers get their size here
    before, shapes = model.state(), model.parameters()
    drawn = {name: rng.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape).astype(np.float32) for name, shape in shapes.items()}
    model.load(before | drawn)
    if not np.isfinite(model.forward(x)).all():  # a layer may allow positive parameters only
        model.load(before)


def expect_same_again(model, x, logits):
    """Fails if a second pass over the pictures gives other logits; returns how close they must come."""
    close = {"rtol": 1e-3, "atol": 1e-4 * max(1.0, float(np.abs(logits).max()))}
    if not np.allclose(model.forward(x), logits, **close):
        fail("", diagnosis="Two passes over the same pictures in eval mode differ: something random is left on.")
    return close


def follows_its_last_layer(model, x, classes, rng):
    """Whether the outputs are affine in some parameter that has a number for each class, as those of a last layer without activation."""
    before = model.state()
    middle = np.asarray(model.forward(x), dtype=float)
    last = [name for name, shape in model.parameters().items() if classes in shape]
    for name in last:
        change = 3 * max(1.0, float(np.abs(middle).max())) * rng.normal(0, 1, before[name].shape).astype(np.float32)
        up, down = (_outputs_with(model, before | {name: before[name] + sign * change}, x) for sign in (1, -1))
        size = float(np.abs(up - down).max())
        if size > 0 and np.abs(up + down - 2 * middle).max() <= 1e-3 * size:
            break
    model.load(before)
    return not last or (size > 0 and np.abs(up + down - 2 * middle).max() <= 1e-3 * size)


def _outputs_with(model, state, x):
    model.load(state)
    return np.asarray(model.forward(x), dtype=float)


@pytest.mark.section("The classic pattern")
class TestCNN:
    def one_by_one(self, model, x):
        """The logits of pictures that come as batches of one."""
        what = "CNN()(x) for one picture"
        return np.concatenate([expect_shape(model.forward(x[i : i + 1]), (1, 10), what) for i in range(len(x))])

    @pytest.mark.points(2)
    def test_shape(self, student, rng):
        """(N, 1, 28, 28) gives logits (N, 10)"""
        model = student.build("CNN")
        for count in (6, 17):
            x = pictures(rng, count)[0]
            expect_shape(model.forward(x), (count, 10), f"CNN()(x) for {count} pictures")
        expect_obedient(model, lambda: model.forward(x), rng, untrained=True)

    def test_single_picture(self, student, rng):
        """A batch of one picture
        `squeeze()` drops the batch axis of a single picture; flatten from axis 1 on instead.
        """
        model, x = student.build("CNN"), pictures(rng, 3)[0]
        expect_obedient(model, lambda: self.one_by_one(model, x), rng, untrained=True)

    def test_other_numbers_of_classes(self, student, rng):
        """Other numbers of classes
        The last layer's size is `num_classes`, not 10.
        """
        for classes in (2, int(rng.integers(11, 40))):
            model, x = student.build("CNN", num_classes=classes), pictures(rng, 5)[0]
            expect_shape(model.forward(x), (5, classes), f"CNN(num_classes={classes})(x) for 5 pictures")
            expect_obedient(model, lambda ask=model.forward, x=x: ask(x), rng, untrained=True)

    def test_few_parameters(self, student, rng):
        """At most 60,000 parameters
        Most parameters sit in the first linear layer: fewer channels or one more pooling before it saves most.
        """
        model, x = student.build("CNN"), pictures(rng, 4)[0]
        model.forward(x)  # lazy layers get their size here
        count = model.parameter_count()
        if count == 0 and not model.entering(x):
            fail("CNN() has no parameters: its layers are still to be written.")
        if count > reference.MOST_PARAMETERS:
            fail(f"CNN() has {count:,} parameters.", f"at most {reference.MOST_PARAMETERS:,}", f"{count:,}")
        expect_nothing_hidden(model, student.build("CNN"), x, "CNN()")
        expect_obedient(model, lambda: model.forward(x), rng)

    @pytest.mark.points(2)
    def test_pattern(self, student, rng):
        """Convolution, activation, pooling and linear layers
        A layer counts if `forward` uses what it gives: made in `__init__` alone it does nothing.
        """
        model, (x, _) = student.build("CNN"), pictures(rng, 8)
        operations = {name.rstrip("_") for name in model.functions(x)}
        missing = [kind for kind, calls in KINDS.items() if not {*calls.split()} & operations]
        if missing:
            missing = ["linear layer" if kind == "linear" else kind for kind in missing]
            fail(f"The logits come from no {', no '.join(missing)}.", "convolution, activation, pooling, linear layer")
        logits = np.asarray(model.forward(x))
        if logits.ndim != 2:
            fail(f"CNN()(x) has shape {logits.shape}: logits have two axes.", "shape (8, 10)", f"shape {logits.shape}")
        self.expect_kernels(model, x, rng)
        expect_obedient(model, lambda: model.forward(x), rng)
        affine = []
        for _ in range(3):
            stir(model, x, rng)
            affine.append(is_affine(model, x[:4], x[4:]))
        if all(affine):
            fail("The logits of a mean of two pictures are the mean of their logits: there is no activation that does anything.")

    def expect_kernels(self, model, x, rng):
        """Kernels that look at neighbouring pixels, not at one or at all, and that have an effect."""
        shapes = {name: shape for name, shape in model.parameters().items() if len(shape) == 4}
        if shapes and not any(1 < max(shape[2:]) < 28 for shape in shapes.values()):
            fail("All kernels are of 1×1 pixels or as large as the picture: such layers are linear layers by another name.")
        stir(model, x, rng)
        before, first = model.state(), np.asarray(model.forward(x))
        model.load({name: 0 * value if name in shapes else value for name, value in before.items()})
        without = np.asarray(model.forward(x))
        model.load(before)
        if shapes and np.allclose(without, first, rtol=1e-3, atol=1e-3 * float(np.abs(first).max())):
            fail("The logits stay as they are when all kernels are set to 0: the convolution has no effect.")

    @pytest.mark.points(3)
    def test_plain_scores(self, student, rng):
        """Logits: no softmax and no activation at the end
        `cross_entropy` wants plain scores and applies log-softmax itself.
        """
        model, x = student.build("CNN", num_classes=23), pictures(rng, 40)[0]
        expect_shape(model.forward(x), (40, 23), "CNN(num_classes=23)(x)")
        expect_obedient(model, lambda: model.forward(x), rng)
        stir(model, x, rng)
        logits = expect_shape(model.forward(x), (40, 23), "CNN(num_classes=23)(x)").astype(float)
        expect_same_again(model, x, logits)
        if np.allclose(np.exp(logits).sum(axis=1), 1, atol=1e-3):
            fail("The exponentials of each row sum to 1: the network ends with log-softmax. Return the scores before it.")
        if (logits >= 0).all() and np.allclose(logits.sum(axis=1), 1, atol=1e-3):
            fail("Each row sums to 1: the network ends with softmax. Return the scores before it.")
        if (logits >= 0).all():
            fail("No score of 40 pictures and 23 classes is negative: an activation stands after the last layer.")
        model.load({name: 10 * value if name in model.parameters() else value for name, value in model.state().items()})
        if np.abs(model.forward(x)).max() <= 1:
            fail("Scores stay between -1 and 1 however large the weights are: an activation stands after the last layer.")
        if not follows_its_last_layer(model, x, 23, rng):
            fail(
                "Some weights of the last layer as much higher as lower don't move the logits as far up as down: an activation follows it."
            )

    def test_each_picture_for_itself(self, student, rng):
        """In eval mode, logits depend on the picture alone
        Usual causes: `F.dropout(x)` without `training=self.training`; reshaping that mixes the pictures of a batch; BatchNorm
        without running statistics.
        """
        model, x = student.build("CNN"), pictures(rng, 8)[0]
        expect_shape(model.forward(x), (8, 10), "CNN()(x)")
        expect_obedient(model, lambda: model.forward(x), rng, untrained=True)
        stir(model, x, rng)
        logits = expect_shape(model.forward(x), (8, 10), "CNN()(x)")
        close = expect_same_again(model, x, logits)
        for turned in (slice(0, 1), slice(3, 5), slice(None, None, -1)):
            if not np.allclose(model.forward(np.ascontiguousarray(x[turned])), logits[turned], **close):
                fail("A picture's logits change with the other pictures of its batch.")


UNTRAINED = "Nothing is trained: no `optimizer.step()`, a new model or a copy in place of the given one, or not a single epoch."
UPHILL = "The loss rises: the steps lead up the gradient, or are far too long."


def loss(logits, labels):
    """Mean cross-entropy, natural logarithm."""
    shifted = np.asarray(logits, dtype=float) - np.max(logits, axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]).mean())


def change(before, after, labels):
    return f"{loss(before, labels):.3f} before, {loss(after, labels):.3f} after"


@pytest.mark.section("Training one on real digits")
@pytest.mark.time_limit(60)
class TestFit:
    def train(self, student, x, labels, epochs, classes=10):
        """A LinearNet before and after `fit`: the model, its first logits, its last."""
        model = student.build("LinearNet", classes)
        before = model.forward(x)
        student.function("fit")(model, torch.from_numpy(x), torch.from_numpy(labels), epochs=epochs)
        after = expect_shape(model.forward(x), before.shape, "the trained model's output")
        return model, before, after

    def own_network(self, student, x):
        """The student's `CNN` if it gives logits in training mode; what is wrong with it costs points there, not here."""
        try:
            model = student.build("CNN")
            expect_floats(expect_shape(model.forward(x, training=True), (len(x), 10), "CNN()(x)"), "CNN()(x)")
        except CheckFailed:
            return None
        return model

    @pytest.mark.fresh
    @pytest.mark.points(2)
    def test_trains_the_given_model(self, student, rng):
        """The given model is trained in place, whatever its layers
        Usual causes: no `optimizer.step()`; a new model or a copy trained instead; gradients switched off;
        `fit` relies on the layers of one class of models.
        """
        x, labels = pictures(rng, 500)
        _, before, after = self.train(student, x, labels, epochs=3)
        if np.array_equal(before, after):
            fail("After `fit` the model gives the same logits as before: its parameters were not changed.", diagnosis=UNTRAINED)
        if not loss(after, labels) < loss(before, labels):
            rises = UPHILL if loss(after, labels) > 3 * loss(before, labels) else ""
            told = f"The loss on the training pictures did not fall in 3 epochs: {change(before, after, labels)}."
            fail(told, diagnosis=rises)
        x, labels = x[:80], labels[:80]
        own = self.own_network(student, x)
        if own is not None:
            first = own.state()
            trial = student.function("fit").trial(own, torch.from_numpy(x), torch.from_numpy(labels), epochs=2)
            if trial.error is not None:
                fail(f"LinearNet was trained, your CNN was not: {student.sentence(trial.error, '`fit`')}")
            last = own.state()
            if all(np.array_equal(first[name], last[name]) for name in own.parameters()):
                fail("LinearNet was trained, but the parameters of your CNN stay as they were.")

    def prepared(self, student, weight, bias):
        """A LinearNet with these weights (10, 784) and biases (10,)."""
        model = student.build("LinearNet", 10)
        names = {2: weight, 1: bias}
        model.load({name: names[len(shape)].astype(np.float32) for name, shape in model.parameters().items()})
        return model

    def train_prepared(self, student, model, x, labels, epochs):
        """Trains it, and gives its parameters afterwards: weight (10, 784), bias (10,)."""
        student.function("fit")(model, torch.from_numpy(x.astype(np.float32)), torch.from_numpy(labels), epochs=epochs)
        state = model.state()
        return [next(value for value in state.values() if value.ndim == ndim) for ndim in (2, 1)]

    def test_all_pictures(self, student, rng):
        """An epoch passes over all pictures
        Each batch needs a step of its own, up to the last batch; `range(0, len(images), 64)` begins one every 64 pictures.
        """
        count = 300
        x = np.zeros((count, 1, 28, 28))
        x.reshape(count, -1)[np.arange(count), rng.permutation(784)[:count]] = 1  # a pixel for each picture: its weights show who was used
        model = self.prepared(student, np.zeros((10, 784)), np.zeros(10))
        weight, _ = self.train_prepared(student, model, x, rng.integers(0, 10, count), 1)
        used = int((weight != 0).any(axis=0).sum())
        if used < 0.6 * count:
            fail(
                f"After `fit` with epochs=1 and {count} pictures, only {used} of them have changed any weight.",
                f"{count} pictures",
                used,
                "" if used else UNTRAINED,
            )

    def test_goes_on(self, student, rng):
        """Training goes on from the weights that the model has
        New weights, at the beginning or at every epoch, throw away what was learned before.
        """
        weight = rng.normal(0, 0.01, (10, 784))
        weight[:, :28] = rng.choice([-9, 9], (10, 28))  # of the first row, which is black in all digits: no gradient reaches it
        model, (x, labels) = self.prepared(student, weight, np.zeros(10)), pictures(rng, 90)
        after, _ = self.train_prepared(student, model, np.where(np.arange(28)[:, None] == 0, 0, x), labels, 1)
        if np.array_equal(after, weight.astype(np.float32)):
            fail("The model doesn't change.", diagnosis=UNTRAINED)
        if np.abs(after[:, :28] - weight[:, :28]).max() > 4:
            fail("Weights of pixels that are black in all pictures have other values after training: the model got new weights.")

    @pytest.mark.points(3)
    def test_gradients_are_cleared(self, student, rng):
        """Gradients don't add up from step to step
        `backward()` adds to what stands in `.grad`: clear it in every step, as with `optimizer.zero_grad()`.
        """
        x, _ = pictures(rng, 2000)
        bias = np.where(np.arange(10) == 0, 500, 0)  # so sure, and so wrong, that every step's gradient for the biases is the same
        sizes = []
        for count, epochs in ((10, 1), (10, 8), (2000, 1)):
            model = self.prepared(student, np.zeros((10, 784)), bias)
            after = self.train_prepared(student, model, x[:count] / 100, np.ones(count, np.int64), epochs)
            if all(np.array_equal(one, other) for one, other in zip(after, (np.zeros((10, 784)), bias), strict=True)):
                continue  # a few pictures are another check's business
            left = [value for value in model.gradients().values() if value.shape == (10,)]
            sizes.append(float(np.abs(left[0]).max()) if left else 0.0)
            if sizes[0] > 1.5:  # the loss is a sum over the batch: how large a step's gradient may be depends on the batch
                break
            if sizes[-1] > 1.5:
                where = "the steps of one epoch" if epochs == 1 else "the epochs"
                fail(f"The gradients of {where} have added up: they are larger than those of a single step can be.")
        if not sizes:
            fail("The model doesn't change.", diagnosis=UNTRAINED)
        self.expect_own_gradients(student, x[:1] / 100, bias)

    def expect_own_gradients(self, student, x, bias):
        """The same call twice leaves the same gradients, however the loss is scaled."""
        model, left = self.prepared(student, np.zeros((10, 784)), bias), []
        for _ in range(2):
            model.load(self.prepared(student, np.zeros((10, 784)), bias).state())
            self.train_prepared(student, model, x, np.ones(1, np.int64), 1)
            left.append([value for value in model.gradients().values() if value.shape == (10,)])
        if all(left) and left[0][0].any() and np.allclose(left[1][0], 2 * left[0][0], rtol=1e-3):
            fail("Gradients from before the call were added to those of the first step.")

    @pytest.mark.points(3)
    def test_learns(self, student, rng):
        """After 10 epochs with 1,000 digits, at least half of 500 new digits are right
        Usual causes of less: steps that are too small or too large, too few of them, pictures and labels in different orders.
        """
        x, digits = pictures(rng, 1500)
        labels = (digits + int(rng.integers(1, 10))) % 10
        model, _, _ = self.train(student, x[:1000], labels[:1000], epochs=10)
        answers = model.forward(x[1000:]).argmax(axis=1)
        share, usual = (float((answers == right[1000:]).mean()) for right in (labels, digits))
        if share < 0.5:
            reason = " It answers with the usual numbers: `fit` learns from the notebook's own pictures." if usual >= 0.5 else ""
            fail(f"{share:.0%} of the new digits are right.{reason}", "at least 50%", f"{share:.0%}")

    def test_no_epochs(self, student, rng):
        """With epochs=0 the parameters stay as they are
        `epochs` is the number of passes over the pictures.
        """
        x, labels = pictures(rng, 200)
        _, before, after = self.train(student, x, labels, epochs=2)
        if np.array_equal(before, after):
            fail("The model doesn't change in 2 epochs either.", diagnosis=UNTRAINED)
        _, before, after = self.train(student, x, labels, epochs=0)
        if not np.array_equal(before, after):
            fail("The model changed although `epochs` is 0: is the argument used?")

    def test_few_pictures(self, student, rng):
        """A few pictures, three classes
        Usual causes: a last, smaller batch is dropped; a number of classes or pictures is fixed in `fit`.
        """
        x, digits = pictures(rng, 37)
        labels = digits % 3
        _, before, after = self.train(student, x, labels, epochs=20, classes=3)
        if not loss(after, labels) < 0.99 * loss(before, labels):
            verb = "raise" if loss(after, labels) > loss(before, labels) else "hardly lower"
            fail(f"With 37 pictures, 20 epochs {verb} the loss on them: {change(before, after, labels)}.")

    def test_arguments_unchanged(self, student, rng):
        """Pictures and labels unchanged"""
        x, labels = pictures(rng, 70)
        model, before, after = self.train(student, x, labels, epochs=1)
        if np.array_equal(before, after):
            fail("The model doesn't change in 1 epoch.", diagnosis=UNTRAINED)
        trial = student.function("fit").observed(model, torch.from_numpy(x), torch.from_numpy(labels), 1)
        if trial.error is not None:
            fail(student.sentence(trial.error, "`fit`"))
        if set(trial.changed) & {1, 2}:
            fail("`fit` changes its pictures or labels in place; work on copies instead.")


@pytest.mark.section("Training one on real digits")
@pytest.mark.time_limit(20)
class TestDigitPredictions:
    def answers(self, student):
        value = filled(student.value("digit_predictions"), "digit_predictions")
        return expect_shape(value, (1000,), "`digit_predictions`")

    def own_model(self, student):
        """The kept network, whose answers the predictions are."""
        model = kept_model(student, "digit_model", "the trained network")
        names = ("digit_predictions", "digit_model")
        expect_own_answers(model, PICTURES, self.answers(student), names, allowed=5, numbers=MOST_NUMBERS)
        return model

    def expect_accuracy(self, student, least):
        self.own_model(student)
        share = float((self.answers(student) == reference.digit_labels()).mean())
        if share < least:
            guessed = " About as many as by guessing: was it trained?" if share < GUESSED else ""
            fail(f"{share:.1%} of the answers are right.{guessed}", f"at least {least:.0%}", f"{share:.1%}")

    def test_form(self, student):
        """1,000 whole numbers from 0 to 9
        The class of a picture is the index of its largest logit: `logits.argmax(dim=1)`.
        """
        answers = self.answers(student)
        if answers.dtype.kind not in "iu":
            fail(f"`digit_predictions` has dtype {answers.dtype}.", "whole numbers", str(answers.dtype))
        if answers.min() < 0 or answers.max() > 9:
            fail("Some answers are no digits.", "numbers from 0 to 9", f"{answers.min()} to {answers.max()}")
        if (answers == answers[0]).all():
            fail(f"All answers are {answers[0]}.", "different digits")

    def test_half(self, student):
        """At least half of the answers are right, and they are those of `digit_model`
        Answers count only if `digit_model` gives them in eval mode, for the pictures divided by 255, in the given order, and as
        it is now: answer again after training on.
        """
        self.expect_accuracy(student, 0.5)

    @pytest.mark.points(2)
    def test_four_fifths(self, student):
        """At least 80 % of the answers are right"""
        self.expect_accuracy(student, 0.8)

    @pytest.mark.points(4)
    def test_full(self, student):
        """At least 92 % of the answers are right, by a convolutional network
        Usual causes of less: too few epochs, pictures left in 0…255, predictions in training mode, another order.
        """
        operations = {name.rstrip("_") for name in self.own_model(student).functions(PICTURES[:4])}
        if not {*KINDS["convolution"].split()} & operations:
            fail("`digit_model` has no convolution; a trained `CNN` was asked for.")
        self.expect_accuracy(student, FULL_ACCURACY)
