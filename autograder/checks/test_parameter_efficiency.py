"""Hidden checks of the assignment `parameter_efficiency`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Counts are compared exactly; other inputs are multiples of 1/4, so that sums of products are exact in any floating type.
"""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from autograder.checks.judging import Answer, alike, collected, expect_all, expect_computed, explaining
from autograder.checks.networks import expect_nothing_hidden, expect_obedient
from autograder.checks.parameter_efficiency_mistakes import (
    EXAMPLE,
    MEASURES,
    Q3_A_MISTAKES,
    Q3_B_MISTAKES,
    SYMMETRY_MISTAKES,
    conv_parameter_mistakes,
    equivariance_mistakes,
    linear_parameter_mistakes,
    mac_mistakes,
    matrix_mistakes,
    padding_mistakes,
    rounded,
    vgg_mistakes,
)
from autograder.compare import ANYTHING, describe, expect_array, expect_number, expect_tuple, expect_words, fail, filled
from autograder.reference import parameter_efficiency as reference

pytestmark = pytest.mark.time_limit(10)

CLOSE = 1e-4, 1e-4  # relative and absolute, for errors in float32
ATOL = 1e-4  # inputs are multiples of 1/4: a wrong answer is further off, sums in float32 are not


def plain(value):
    """A 0-d array as the number it holds; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def expect_count(received, expected, what, mistakes, shown=(), ask=None):
    """Exactly the expected number, whatever its type; a mistake is named if it gives exactly the received one.

    Without any, an answer of those that the visible examples have (`shown`) is named as that, if `ask`, a call with other
    arguments, has one of them, too.
    """
    value = plain(received)
    mistakes = {**mistakes, **run_over(expected)}
    named = {text: wrong for text, wrong in mistakes.items() if isinstance(value, (int, float)) and value == wrong}
    if not named and isinstance(value, (int, float)) and value != expected and value in shown and plain(ask()) in shown:
        named = {EXAMPLE: value}
    return expect_number(received, expected, what, rtol=1e-12, mistakes=named)


def run_over(count):
    """What a count becomes in a type of numpy that ends before it, or that leaves numbers out."""
    ends = {"int16": 2**15, "int32": 2**31}
    over = {f"The number ran over: {kind} ends at {end - 1:,}.": (count + end) % (2 * end) - end for kind, end in ends.items()}
    over["The number was rounded to float32, which leaves numbers out beyond 2²⁴."] = int(np.float32(count))
    return {text: wrong for text, wrong in over.items() if wrong != count}


def call(name, arguments, options):
    return f"{name}({', '.join([*map(str, arguments), *(f'{key}={value}' for key, value in options.items())])})"


def number(rng, low, high, *excluded):
    """A whole number from low to high (inclusive) that isn't excluded."""
    return int(rng.choice([n for n in range(low, high + 1) if n not in excluded]))


def channels(rng, groups=1):
    """Different numbers of channels in and out, both at least twice the groups."""
    c_in = groups * number(rng, 2, 9)
    return c_in, groups * number(rng, 2, 9, c_in // groups)


def telling(draw, expected, mistakes):
    """Of thirty drawn argument lists the one whose typical mistakes are told apart best, from each other and the right answer."""

    def confused(arguments):
        wrong = list(mistakes(*arguments).values())
        return len(wrong) - len(set(wrong) - {expected(*arguments)})

    return min((draw() for _ in range(30)), key=confused)


def sides(rng, low, high):
    """Two different sides."""
    first = number(rng, low, high)
    return first, number(rng, low, high, first)


ARGUMENTS = ("in_channels", "out_channels", "kernel_size", "bias", "groups")


@pytest.mark.section("Two formulas")
class TestConvParameters:
    def compare(self, student, rng, kernel, **options):
        """One drawn layer: `kernel` draws its kernel, `options` are the named arguments."""
        bias, groups = options.get("bias", True), options.get("groups", 1)
        c_in, c_out, size = telling(
            lambda: (*channels(rng, groups), kernel()),
            lambda *layer: reference.conv_parameters(*layer, bias, groups),
            lambda *layer: conv_parameter_mistakes(*layer, bias, groups),
        )
        self.compare_one(student, (c_in, c_out, size), options)

    def compare_one(self, student, given, options):
        received, layer = student.function("conv_parameters")(*given, **options), {**dict(zip(ARGUMENTS, given, strict=False)), **options}
        expected, mistakes = reference.conv_parameters(**layer), conv_parameter_mistakes(**{"bias": True, "groups": 1, **layer})
        ask = partial(student.function("conv_parameters"), 7 * given[0], 11 * given[1], *given[2:], **options)
        expect_count(received, expected, call("conv_parameters", given, options), mistakes, (76, 72, 40, 44, 216), ask)

    @pytest.mark.points(2)
    def test_square_kernels(self, student, rng):
        """Square kernels, with biases
        Each filter has K·K weights for each input channel, and one bias.
        """
        for kernel in (1, 3, 5, 7):
            self.compare(student, rng, lambda size=kernel: size)

    @pytest.mark.points(2)
    def test_pairs(self, student, rng):
        """Kernels given as (height, width)
        Look for a place that uses one side for both.
        """
        for _ in range(4):
            self.compare(student, rng, lambda: sides(rng, 2, 9))
        self.compare(student, rng, lambda: (1, number(rng, 3, 9)))

    @pytest.mark.points(2)
    def test_no_bias(self, student, rng):
        """With bias=True and with bias=False
        The argument decides: `bias=False` leaves the weights alone.
        """
        for bias in (True, False, False):
            self.compare(student, rng, lambda: number(rng, 3, 7), bias=bias)

    @pytest.mark.points(2)
    def test_groups(self, student, rng):
        """Groups
        A filter has weights for the channels of its own group only; the number of filters stays the same.
        """
        for groups in (2, 3, 4):
            self.compare(student, rng, lambda: number(rng, 3, 7), groups=groups)
        depth = number(rng, 3, 9)
        self.compare_one(student, (depth, depth, 3), {"groups": depth})

    def test_all_together(self, student, rng):
        """Pairs, groups and no biases together"""
        for groups in (2, 3, 5):
            for bias in (True, False):
                self.compare(student, rng, lambda: sides(rng, 2, 6), bias=bias, groups=groups)
        self.compare_one(student, (*channels(rng, 2), 3, False, 2), {})

    def test_large_layers(self, student, rng):
        """Layers of real networks, exactly
        Whole numbers of numpy have an end: int16 at 32,767. float32 leaves out every other one beyond 2²⁴.
        """
        for kernel in (3, 5):
            self.compare_one(student, (number(rng, 501, 599), number(rng, 501, 599), kernel), {})


@pytest.mark.section("Two formulas")
class TestLinearParameters:
    def compare(self, student, inputs, outputs, **options):
        bias = options.get("bias", True)
        expected, mistakes = reference.linear_parameters(inputs, outputs, bias), linear_parameter_mistakes(inputs, outputs, bias)
        received = student.function("linear_parameters")(inputs, outputs, **options)
        ask = partial(student.function("linear_parameters"), 7 * inputs, 11 * outputs, **options)
        expect_count(received, expected, call("linear_parameters", (inputs, outputs), options), mistakes, (78_500, 21), ask)

    @pytest.mark.points(2)
    def test_with_biases(self, student, rng):
        """With biases
        One weight for each pair of an input and an output, one bias for each output.
        """
        for _ in range(4):
            self.compare(student, *sides(rng, 3, 99))
        self.compare(student, *sides(rng, 3, 99), bias=True)
        self.compare(student, 1, number(rng, 3, 99))

    @pytest.mark.points(2)
    def test_without_biases(self, student, rng):
        """With bias=True and with bias=False
        The argument decides: `bias=False` leaves the weights alone.
        """
        self.compare(student, *sides(rng, 3, 99), bias=True)
        for _ in range(3):
            self.compare(student, *sides(rng, 3, 99), bias=False)

    def test_large_layers(self, student, rng):
        """Layers of real networks, exactly
        Whole numbers of numpy have an end: int16 at 32,767. float32 leaves out every other one beyond 2²⁴.
        """
        sides_of_layer = [4 * number(rng, 1_050, 1_249) + 1 for _ in range(2)]  # more, and the layer itself would fill the memory
        self.compare(student, *sides_of_layer, bias=False)


class Question:
    """The checks that both models share."""

    name: str
    weights: int
    mistakes: dict

    def value(self, student):
        return filled(student.value(self.name), self.name)

    def test_weights(self, student):
        """The weights, with or without the biases"""
        value = plain(self.value(student))
        if not (isinstance(value, (int, float)) and value == self.weights):
            self.expect(value)

    @pytest.mark.points(2)
    def test_number(self, student):
        """The number of parameters, biases included"""
        self.expect(plain(self.value(student)))

    def expect(self, value):
        right = getattr(reference, self.name)
        expect_count(value, right, f"`{self.name}`", {**self.mistakes, **rounded(value, right)})


@pytest.mark.section("What locality saves, and what sharing saves")
class TestQ3ModelA(Question):
    name, weights, mistakes = "q3_model_a", 600, Q3_A_MISTAKES


@pytest.mark.section("What locality saves, and what sharing saves")
class TestQ3ModelB(Question):
    name, weights, mistakes = "q3_model_b", 3072 * 6272, Q3_B_MISTAKES


def telling_kernel(rng, *shape):
    """A kernel of different numbers, none of them 0 or whole, so that every flip and every cut shows."""
    return rng.choice([n / 4 for n in range(-39, 40) if n % 4], shape, replace=False)


@pytest.mark.section("The matrix behind a convolution")
class TestConvMatrix:
    """A kernel that is always flipped costs the points of the check that asks for it, not those of all matrices."""

    def compare(self, student, *cases, any_turn=True):
        def answers():
            for W, shape in cases:
                what = f"conv_matrix(W, {shape}) with W {W.shape}"
                received = student.function("conv_matrix")(W, shape)
                yield Answer(received, reference.conv_matrix(W, shape), what, partial(matrix_mistakes, W, shape))

        made, failure = collected(answers())
        flipped = [reference.conv_matrix(W[::-1, ::-1], shape) for W, shape in cases]
        if not any_turn or failure is not None or not all(alike(a.received, M) for a, M in zip(made, flipped, strict=True)):
            expect_all(made)
        if failure is not None:
            raise failure

    @pytest.mark.points(2)
    def test_shape(self, student, rng):
        """One row for each output, one column for each pixel
        There are (rows - kH + 1)·(columns - kW + 1) outputs and rows·columns pixels.
        """
        for kernel, shape in (((3, 3), (5, 5)), ((2, 3), (5, 4)), ((3, 1), (4, 6))):
            W = telling_kernel(rng, *kernel)
            received = student.function("conv_matrix")(W, shape)
            what, rows = f"conv_matrix(W, {shape}) with W {kernel}", (shape[0] - kernel[0] + 1) * (shape[1] - kernel[1] + 1)
            zeros = np.zeros((rows, shape[0] * shape[1]))
            array = expect_array(received, zeros, what, rtol=0, atol=ANYTHING, mistakes=matrix_mistakes(W, shape))
            if not array.any():
                fail(f"{what} holds only zeros.")

    @pytest.mark.points(3)
    def test_square(self, student, rng):
        """Square pictures, square kernels
        Write down one row of the matrix for 3×3 pixels and a 2×2 kernel: which pixels does that output see?
        """
        self.compare(student, (telling_kernel(rng, 3, 3), (5, 5)), (telling_kernel(rng, 2, 2), (5, 5)))

    @pytest.mark.points(2)
    def test_not_flipped(self, student, rng):
        """The kernel as it is
        By hand: which number of W stands in the row of output (0, 0), in the column of pixel (0, 0)?
        """
        self.compare(student, (telling_kernel(rng, 3, 3), (5, 5)), (telling_kernel(rng, 2, 2), (4, 4)), any_turn=False)

    @pytest.mark.points(2)
    def test_not_square(self, student, rng):
        """Pictures and kernels that are not square
        Row i·W_out + j belongs to output (i, j), column r·W + c to pixel (r, c): both count along rows first.
        """
        sizes = ((2, 3), (6, 5)), ((3, 2), (4, 7)), ((4, 1), (6, 3))
        self.compare(student, *((telling_kernel(rng, *kernel), shape) for kernel, shape in sizes))

    @pytest.mark.points(2)
    def test_extreme_sizes(self, student, rng):
        """A kernel as large as the picture, a kernel of one number, pictures of one row or column"""
        sizes = ((3, 4), (3, 4)), ((1, 1), (3, 2)), ((1, 3), (1, 6)), ((3, 1), (5, 1))
        self.compare(student, *((telling_kernel(rng, *kernel), shape) for kernel, shape in sizes))

    @pytest.mark.points(2)
    def test_types(self, student, rng):
        """Whole numbers, float32, kernels with zeros, numbers with many digits
        The matrix holds the kernel's numbers, whatever their type, to single precision at least; a weight may be 0, too.
        """
        W = telling_kernel(rng, 3, 3)
        W[1] = 0
        for case in (
            (rng.permutation(np.arange(-9, 10))[:6].reshape(2, 3), (4, 5)),
            (rng.permutation(np.arange(1, 256))[:9].reshape(3, 3).astype(np.uint8), (4, 5)),
            (telling_kernel(rng, 2, 2).astype(np.float32), (3, 5)),
            (W, (5, 4)),
            (rng.normal(0, 1, (2, 3)), (4, 4)),
        ):
            self.compare(student, case)

    @pytest.mark.points(2)
    def test_is_the_correlation(self, student, rng):
        """conv_matrix(W, x.shape) @ x.ravel() is the valid cross-correlation"""
        x, W = rng.integers(-12, 13, (6, 8)) / 4, telling_kernel(rng, 3, 2)
        wrong, what = matrix_mistakes(W, x.shape), "conv_matrix(W, (6, 8)) with W (3, 2)"
        matrix = expect_array(student.function("conv_matrix")(W, x.shape), np.zeros((28, 48)), what, rtol=0, atol=1e300, mistakes=wrong)
        windows = np.lib.stride_tricks.sliding_window_view(x, W.shape)
        expected = (windows * W).sum(axis=(2, 3)).ravel()
        mistakes = {text: M @ x.ravel() for text, M in wrong.items() if M.shape == matrix.shape}
        with np.errstate(all="ignore"):
            product = matrix.astype(float) @ x.ravel()
        expect_array(product, expected, "conv_matrix(W, x.shape) @ x.ravel()", atol=ATOL, mistakes=mistakes)

    def test_arguments_unchanged(self, student, rng):
        """The kernel unchanged, no memory shared
        Also for a kernel as large as the picture: a reshaped array is a view of its memory.
        """
        for shape in ((4, 5), (2, 3)):
            W = telling_kernel(rng, 2, 3)
            function = student.function("conv_matrix")
            expect_computed(
                [function.must_not_change(kernel, shape) for kernel in (W, 1 - 2 * W)], f"conv_matrix(W, {shape}) with W (2, 3)"
            )


@pytest.mark.section("Two formulas")
class TestConvMacs:
    def compare(self, student, rng, kernel, size, groups=1):
        """One drawn layer: `kernel` draws its kernel, `size` the size of its output."""
        options = {} if groups == 1 else {"groups": groups}
        self.compare_one(
            student,
            telling(
                lambda: (*channels(rng, groups), kernel(), size()),
                lambda *layer: reference.conv_macs(*layer, **options),
                lambda *layer: mac_mistakes(*layer, groups),
            ),
            options,
        )

    def compare_one(self, student, layer, options):
        received, expected = student.function("conv_macs")(*layer, **options), reference.conv_macs(*layer, **options)
        mistakes = mac_mistakes(*layer, options.get("groups", 1))
        ask = partial(student.function("conv_macs"), 7 * layer[0], 11 * layer[1], *layer[2:], **options)
        expect_count(received, expected, call("conv_macs", layer, options), mistakes, (1_800, 900, 42), ask)

    @pytest.mark.points(2)
    def test_squares(self, student, rng):
        """Square kernels, square outputs
        Each of the C_out·H_out·W_out output values takes one product for each weight of its filter.
        """
        for kernel in (3, 5, 1):
            self.compare(student, rng, lambda size=kernel: size, lambda: number(rng, 6, 20))

    @pytest.mark.points(2)
    def test_pairs_of_the_kernel(self, student, rng):
        """Kernels given as (height, width)"""
        for _ in range(3):
            self.compare(student, rng, lambda: sides(rng, 2, 7), lambda: number(rng, 8, 20))

    @pytest.mark.points(2)
    def test_pairs_of_the_output(self, student, rng):
        """Outputs given as (height, width)
        Each of the two sizes may be a number or a pair, independently of the other.
        """
        for _ in range(3):
            self.compare(student, rng, lambda: number(rng, 3, 5), lambda: sides(rng, 6, 20))
        self.compare(student, rng, lambda: sides(rng, 2, 5), lambda: sides(rng, 6, 20))

    @pytest.mark.points(3)
    def test_groups(self, student, rng):
        """Groups
        A filter sees only the channels of its own group: G groups take one G-th of the products.
        """
        for groups in (3, 4, 2):
            self.compare(student, rng, lambda: number(rng, 3, 5), lambda: number(rng, 6, 20), groups)
        depth = number(rng, 3, 9)
        self.compare_one(student, (depth, depth, 3, number(rng, 6, 20)), {"groups": depth})

    @pytest.mark.points(2)
    def test_all_together(self, student, rng):
        """Pairs and groups together"""
        for groups in (1, 3, 5, 2):
            self.compare(student, rng, lambda: sides(rng, 2, 5), lambda: sides(rng, 6, 20), groups)
        self.compare(student, rng, lambda: (1, 1), lambda: sides(rng, 6, 20), 2)

    def test_large_layers(self, student, rng):
        """Layers of real networks, exactly
        Whole numbers of numpy have an end, int32 at 2,147,483,647; float32 leaves out every other one beyond 2²⁴.
        """
        odd = [2 * number(rng, 51, 99) + 1 for _ in range(3)]
        self.compare_one(student, (odd[0], odd[1], 3, odd[2]), {})
        self.compare_one(student, (512, 512, 5, number(rng, 101, 299)), {})


def vgg_config(rng, blocks):
    """A small VGG: blocks of one or two convolutions, each block with its pooling, neighbouring widths different."""
    config, width = [], 3
    for block in range(blocks):
        for _ in range(1 + (block + int(rng.integers(2))) % 2):
            width = number(rng, 4, 12, width)
            config.append(width)
        config.append("M")
    return config


VGG_SHOWN = [
    reference.vgg_counts([2, "M"], image_size=4, num_classes=3),
    reference.vgg_counts(reference.VGG16),
]  # of the visible examples


@pytest.mark.section("VGG-16, layer by layer")
class TestVggCounts:
    def received(self, student, config, options):
        """The student's (parameters, macs), whatever their values, and how to call them in a message."""
        value, what = student.function("vgg_counts")(config, **options), call("vgg_counts", (config,), options)
        if isinstance(value, np.ndarray) and value.ndim == 1:
            value = value.tolist()
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            expect_tuple(value, (0, 0), what)
        return value, what

    def compare(self, student, config, which=(0, 1), **options):
        value, what = self.received(student, config, options)
        size, classes = options.get("image_size", 224), options.get("num_classes", 1000)
        mistakes, expected = vgg_mistakes(config, size, classes), reference.vgg_counts(config, size, classes)
        for index in which:
            name = ("the parameters", "the MACs")[index]
            wrong = {text: numbers[index] for text, numbers in mistakes.items()}
            ask = partial(self.other, student, config, options, index)
            expect_count(value[index], expected[index], f"{name} of {what}", wrong, [pair[index] for pair in VGG_SHOWN], ask)

    def other(self, student, config, options, index):
        """What another network has in place of one of the two numbers."""
        return self.received(student, [5, *config], options)[0][index]

    def sizes(self, rng, blocks):
        """A picture that can be halved `blocks` times, and a number of classes."""
        return {"image_size": 2**blocks * number(rng, 2, 6), "num_classes": number(rng, 5, 90)}

    @pytest.mark.points(3)
    def test_parameters(self, student, rng):
        """The parameters
        Weights and biases of the convolutions and of all three linear layers; pooling decides what the first of them sees.
        """
        for blocks in (1, 2, 3):
            self.compare(student, vgg_config(rng, blocks), which=(0,), **self.sizes(rng, blocks))

    @pytest.mark.points(3)
    def test_macs(self, student, rng):
        """The multiply–accumulates
        A convolution uses each weight at every pixel of its output, a linear layer uses each weight once.
        """
        for blocks in (1, 2, 3):
            self.compare(student, vgg_config(rng, blocks), which=(1,), **self.sizes(rng, blocks))

    def test_no_pooling_at_the_end(self, student, rng):
        """Lists that end with a convolution, or hold no pooling"""
        self.compare(student, [*vgg_config(rng, 1), number(rng, 13, 20)], **self.sizes(rng, 1))
        self.compare(student, vgg_config(rng, 1)[:-1], **self.sizes(rng, 1))

    def test_odd_sizes(self, student, rng):
        """Odd sizes are halved and rounded down
        7 pixels become 3: the last one is left over.
        """
        for blocks in (1, 2):
            size = 2**blocks * number(rng, 2, 5) + 2 ** (blocks - 1)
            self.compare(student, vgg_config(rng, blocks), image_size=size, num_classes=number(rng, 5, 90))

    def test_real_networks(self, student, rng):
        """VGG-11, VGG-13 and VGG-19, without other arguments
        Without them the pictures have 224×224 pixels and there are 1,000 classes.
        """
        for repeats in ((1, 1, 2, 2, 2), (2, 2, 2, 2, 2), (2, 2, 4, 4, 4)):
            widths = zip(repeats, (64, 128, 256, 512, 512), strict=True)
            self.compare(student, [entry for count, width in widths for entry in [*[width] * count, "M"]])

    def test_argument_unchanged(self, student, rng):
        """The list unchanged
        `pop`, `remove` and `del` change the list of the caller: go through it with `for`.
        """
        config = student.value("VGG16")  # the visible checks have called the function with it
        if isinstance(config, list) and config != list(reference.VGG16):
            fail("`vgg_counts` has changed the list `VGG16` that it was given.", list(reference.VGG16), config)
        config, options = vgg_config(rng, 2), self.sizes(rng, 2)
        value, _ = self.received(student, config, options)
        if all(plain(mine) != right for mine, right in zip(value, reference.vgg_counts(config, **options), strict=True)):
            self.compare(student, config, **options)  # who changes nothing, but has neither number, fails


UNPADDED = "The padding doesn't fit the kernel: K // 2 rows and columns of zeros on each side keep height and width for an odd K."
UNMIXED = "The output has as many channels as the input: the pointwise convolution, which makes out_channels of them, is missing."


@pytest.mark.section("Cheaper convolutions")
class TestDepthwiseSeparable:
    def build(self, student, rng, c_in, c_out, kernel):
        """A student's layer whose parameters hold known kinds of numbers, none of them 0."""
        model = student.build("DepthwiseSeparable", c_in, c_out, kernel)
        model.forward(np.zeros((1, c_in, kernel, kernel), np.float32))  # lazy layers get their size here
        names = model.parameters()
        state = model.state()
        chosen = [n / 4 for n in range(-12, 13) if n]
        model.load({name: rng.choice(chosen, value.shape).astype(value.dtype) if name in names else value for name, value in state.items()})
        return model

    def forward(self, model, x, c_out, what="the layer's output"):
        """The output for x: (N, C_in, H, W), which has to have c_out channels and x's height and width."""
        shape = (len(x), c_out, *x.shape[2:])
        received = model.forward(x.astype(np.float32))
        mistakes, came = {}, np.shape(received)
        if len(came) == 4 and came[1] == c_out != x.shape[1]:
            mistakes[UNPADDED] = received
        if len(came) == 4 and came[1:] == x.shape[1:] and c_out != x.shape[1]:
            mistakes[UNMIXED] = received
        y = expect_array(received, np.zeros(shape), f"{what} for an input {x.shape}", rtol=0, atol=1e300, mistakes=mistakes)
        return y.astype(float)

    def expect_linear(self, model, x, c_out):
        """Fails unless zeros give zeros, and the negative input the negative output; and unless a second pass gives the same."""
        y, tolerance = self.forward(model, x, c_out), 1e-4
        if not np.allclose(self.forward(model, x, c_out), y, atol=tolerance):
            fail("A second pass over the same input gives another output: layers or numbers are made anew in every pass.")
        if np.array_equal(self.forward(model, 0 * x, c_out), y):
            fail("All pictures get the same outputs: does `forward` use its argument?")
        if np.abs(self.forward(model, 0 * x, c_out)).max() > tolerance:
            fail("Zeros in don't give zeros out: there is a bias.")
        if not np.allclose(self.forward(model, -x, c_out), -y, atol=tolerance):
            fail("The negative input doesn't give the negative output: an activation stands between the layers or after them.")

    def responses(self, model, c_in, c_out, kernel):
        """The kernel (C_out, C_in, K, K) that leads from each input channel to each output channel, measured with single pixels."""
        half, size = kernel // 2, 2 * kernel + 3
        x = np.zeros((c_in, c_in, size, size))
        x[np.arange(c_in), np.arange(c_in), size // 2, size // 2] = 1
        y = self.forward(model, x, c_out) - self.forward(model, 0 * x, c_out)
        middle = slice(size // 2 - half, size // 2 + half + 1)
        outside = y.copy()
        outside[:, :, middle, middle] = 0
        if np.abs(outside).max() > ATOL:
            far = "1 pixel" if half == 1 else f"{half} pixels"
            message = f"With kernel_size={kernel}, a single pixel changes outputs that are further than {far} away."
            fail(message, diagnosis=dilated(y, kernel))
        return y[:, :, middle, middle][:, :, ::-1, ::-1].transpose(1, 0, 2, 3)

    @pytest.mark.points(2)
    def test_shape(self, student, rng):
        """(N, in_channels, H, W) gives (N, out_channels, H, W)
        With stride 1, K // 2 rows of zeros on each side keep the height for an odd K.
        """
        for kernel in (1, 3, 5, 7):
            c_in, c_out = channels(rng)
            model = student.build("DepthwiseSeparable", c_in, c_out, kernel)
            x = rng.integers(-12, 13, (number(rng, 1, 4), c_in, *sides(rng, 7, 12))) / 4
            self.forward(model, x, c_out, f"DepthwiseSeparable({c_in}, {c_out}, {kernel})")
            self.expect_obedient(model, rng, c_in, c_out)

    def expect_obedient(self, model, rng, c_in, c_out):
        """Outputs that come from the parameters: zeros have the right shape, too."""
        x = rng.integers(-12, 13, (2, c_in, 8, 9)) / 4
        expect_obedient(model, lambda: self.forward(model, x, c_out), rng, outputs="outputs", untrained=True)

    @pytest.mark.points(3)
    def test_parameters(self, student, rng):
        """C_in·K² + C_in·C_out parameters
        A convolution with as many groups as channels has C_in·K² weights, a 1×1 convolution C_in·C_out; neither has a bias.
        """
        for kernel in (3, 5, 7):
            c_in, c_out = channels(rng)
            model = student.build("DepthwiseSeparable", c_in, c_out, kernel)
            x = (rng.integers(-12, 13, (2, c_in, 8, 9)) / 4).astype(np.float32)
            model.forward(x)  # lazy layers get their size here
            depth, point = c_in * kernel**2, c_in * c_out
            mistakes = {
                "Both convolutions have biases; pass bias=False.": depth + point + c_in + c_out,
                "The depthwise convolution has biases; pass bias=False.": depth + point + c_in,
                "The pointwise convolution has biases; pass bias=False.": depth + point + c_out,
                "This is a full convolution.": point * kernel**2,
                "The first convolution is a full one: it needs as many groups as channels.": c_in * depth + point,
                "The pointwise convolution comes first; depthwise comes first.": point + c_out * kernel**2,
                "All channels share one kernel in the depthwise convolution.": kernel**2 + point,
                "The pointwise convolution is missing.": depth,
                "The second convolution should have a 1×1 kernel.": depth + point * kernel**2,
                "A normalisation between the two has parameters, too; neither layer is followed by one.": depth + point + 2 * c_in,
                "A normalisation after them has parameters, too; neither layer is followed by one.": depth + point + 2 * c_out,
                "Each channel has kernels of K×1 and 1×K; one of K×K was asked for.": 2 * c_in * kernel + point,
                "The kernel has 3×3 taps, whatever `kernel_size` says.": 9 * c_in + point,
                "The parameters aren't registered: are they nn.Parameter, do layers belong to self, is a list an nn.ModuleList?": 0,
            }
            what = f"The number of parameters of DepthwiseSeparable({c_in}, {c_out}, {kernel})"
            expect_count(model.parameter_count(), depth + point, what, mistakes)
            twin = student.build("DepthwiseSeparable", c_in, c_out, kernel)
            expect_nothing_hidden(model, twin, x, f"DepthwiseSeparable({c_in}, {c_out}, {kernel})", allowed=10)
            expect_obedient(model, partial(model.forward, x), rng, outputs="outputs", untrained=True)  # of whatever shape

    @pytest.mark.points(3)
    def test_depthwise_then_pointwise(self, student, rng):
        """First each channel for itself, then the channels mixed
        Each input channel has one K×K kernel; what differs between the outputs is only by how much it is multiplied.
        """
        for kernel in (3, 5):
            c_in, c_out = channels(rng)
            model = self.build(student, rng, c_in, c_out, kernel)
            W = self.responses(model, c_in, c_out, kernel)
            if any(rank(W[:, c]) > 1 for c in range(c_in)):  # single pixels tell what happens to them only where nothing bends it
                self.expect_linear(model, rng.integers(-12, 13, (2, c_in, 8, 9)) / 4, c_out)
            for missing in np.argwhere(np.abs(W).max(axis=(2, 3)) < ATOL):
                fail(f"Output channel {missing[0]} doesn't depend on input channel {missing[1]}: the pointwise part mixes all channels.")
            if any(rank(W[:, c]) > 1 for c in range(c_in)):
                if all(rank(W[o]) == 1 for o in range(c_out)):
                    fail("The channels are mixed first and filtered then; depthwise comes first.")
                fail("Each pair of an input and an output channel has a kernel of its own: that is a full convolution.")
            around = W.copy()
            around[:, :, kernel // 2, kernel // 2] = 0
            if np.abs(around).max() < ATOL:
                fail("An output depends on the pixels at its own place alone: the depthwise convolution has no effect.")
            if rank(W.reshape(c_out * c_in, -1)) == 1:
                fail("All input channels are filtered with the same kernel; each has a kernel of its own.")

    @pytest.mark.points(2)
    def test_nothing_between(self, student, rng):
        """No activation, no normalisation, no bias
        Twice the input gives twice the output, the negative input the negative output, and zeros give zeros.
        """
        c_in, c_out = channels(rng)
        model, x = self.build(student, rng, c_in, c_out, 3), rng.integers(-12, 13, (2, c_in, 6, 7)) / 4
        y, tolerance = self.forward(model, x, c_out), 1e-4
        if np.abs(y).max() == 0:
            fail("The output is 0 everywhere, although no parameter is.")
        self.expect_linear(model, x, c_out)
        if not np.allclose(self.forward(model, 2 * x, c_out), 2 * y, atol=tolerance):
            fail("Twice the input doesn't give twice the output: something normalises.")
        for _ in range(3):
            trained = np.asarray(model.forward(x.astype(np.float32), training=True), dtype=float)
            if trained.shape != y.shape or not np.allclose(trained, y, atol=tolerance):
                fail(
                    "In training mode the output is another one than in evaluation mode: dropout or batch normalisation stands "
                    "between the layers or after them."
                )

    @pytest.mark.points(2)
    def test_values(self, student, rng):
        """A convolution with zero padding
        At the border, pixels outside the picture count as zeros.
        """
        for kernel in (3, 5):
            c_in, c_out = channels(rng)
            model = self.build(student, rng, c_in, c_out, kernel)
            x = torch.from_numpy(rng.integers(-12, 13, (2, c_in, 6, 9)) / 4)
            weight = torch.from_numpy(self.responses(model, c_in, c_out, kernel).copy())
            expected = functional.conv2d(x, weight, padding=kernel // 2).numpy()
            what, y = f"DepthwiseSeparable({c_in}, {c_out}, {kernel})(x)", self.forward(model, x.numpy(), c_out)
            if not alike(y, expected, atol=1e-3):
                self.expect_linear(model, x.numpy(), c_out)
            expect_array(y, expected, what, atol=1e-3, mistakes=padding_mistakes(x, weight))

    @pytest.mark.points(2)
    def test_other_channels(self, student, rng):
        """One channel, more channels in than out, more out than in
        Only the depthwise convolution is divided into groups.
        """
        for c_in, c_out in ((7, 3), (3, 8), (1, number(rng, 2, 9)), (number(rng, 2, 9), 1), (4, 4), (2, 6)):
            model = student.build("DepthwiseSeparable", c_in, c_out, 3)
            x = rng.integers(-12, 13, (1, c_in, 5, 6)) / 4
            self.forward(model, x, c_out, f"DepthwiseSeparable({c_in}, {c_out}, 3)")
            self.responses(model, c_in, c_out, 3)
            self.expect_obedient(model, rng, c_in, c_out)


def dilated(y, kernel):
    """A sentence on how far apart the taps of a kernel lie that the middle pixel of each input shows, if they do; else nothing."""
    rows, columns = np.nonzero((np.abs(y) > ATOL).any(axis=(0, 1)))
    for gap in (2, 3, 4):
        steps = [(places - y.shape[2] // 2) % gap for places in (rows, columns)]
        if not np.any(steps) and len(set(rows)) == min(kernel, 1 + 2 * (y.shape[2] // 2 // gap)):
            return f"The kernel's taps lie {gap} pixels apart, as with dilation={gap}; those of neighbouring pixels were asked for."
    return ""


def rank(matrix):
    """How many directions the rows of a matrix (its other axes unrolled) span, rounding apart."""
    sizes = np.linalg.svd(matrix.reshape(len(matrix), -1), compute_uv=False)
    return int((sizes > 1e-4 * max(sizes[0], 1e-12)).sum())


def confused(layer, x, shift):
    """How many mistakes give the right number (counted a hundredfold) or the same number as another."""
    expected, wrong = reference.equivariance_error(layer, x, shift), sorted(equivariance_mistakes(layer, x, shift).values())
    alike = sum(abs(a - b) < 0.01 for a, b in pairwise(wrong))
    return alike + 100 * sum(abs(value - expected) < 0.01 for value in wrong)


@pytest.mark.section("A measuring instrument")
class TestEquivarianceError:
    def layers(self, student, rng, kind, *arguments, **options):
        """A layer in the student's process and its twin here, with the same weights, multiples of 1/4."""
        theirs, ours = student.build("make_layer", kind, *arguments, **options), getattr(nn, kind)(*arguments, **options)
        weights = {name: rng.integers(-8, 9, tuple(value.shape)).astype(np.float32) / 4 for name, value in ours.state_dict().items()}
        theirs.load(weights)
        ours.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
        return theirs, ours

    def picture(self, rng, *shape):
        """Multiples of 1/4, largest in the second picture, so that who looks only at the first or the last misses something."""
        scale = np.where(np.arange(shape[0]) == min(1, shape[0] - 1), 2, 1).reshape(-1, 1, 1, 1)
        return torch.from_numpy((scale * rng.integers(-12, 13, shape) / 4).astype(np.float32))

    def answers(self, student, cases):
        for theirs, ours, x, shift in cases:
            received = plain(student.function("equivariance_error")(theirs, x, shift))
            what = f"equivariance_error(layer, x, {shift}) for {ours} and x {tuple(x.shape)}"
            expect_number(received, 0, what, atol=ANYTHING)
            yield Answer(received, reference.equivariance_error(ours, x, shift), what, partial(equivariance_mistakes, ours, x, shift))

    def compare(self, student, *cases, measures=tuple(MEASURES), swapped=(False, True)):
        """Layers in the student's process with their twins, pictures and shifts; each accepted measure and order may be the student's."""
        made, failure = collected(self.answers(student, cases))
        for measure in measures if failure is None else ():
            for swap in swapped:
                errors = [MEASURES[measure](self.difference(*case[1:], swap)) for case in cases]
                if all(alike(a.received, error, *CLOSE) for a, error in zip(made, errors, strict=True)):
                    return
        texts = explaining(made, *CLOSE)
        for answer in made:
            mistakes = dict.fromkeys(texts, answer.received)
            expect_number(answer.received, answer.expected, answer.what, *CLOSE, mistakes=mistakes)
        if failure is not None:
            raise failure

    @torch.no_grad()
    def difference(self, ours, x, shift, swap):
        """f(roll(x)) - roll(f(x)), perhaps with rows and columns swapped."""
        shift = tuple(shift[::-1]) if swap else tuple(shift)
        return ours(torch.roll(x, shift, (2, 3))) - torch.roll(ours(x), shift, (2, 3))

    def telling(self, rng, ours, shape, low, high):
        """A picture and a shift for which typical mistakes lead to other numbers than the right one and, if possible, each other."""
        drawn = [(self.picture(rng, *shape), sides(rng, low, high)) for _ in range(40)]
        return min(drawn, key=lambda case: confused(ours, *case))

    def test_zero_padding(self, student, rng):
        """Convolutions padded with zeros
        Compare layer(roll(x)) with roll(layer(x)), both rolled by `shift` along the two last axes.
        """
        cases = []
        for features in (2, 3):
            theirs, ours = self.layers(student, rng, "Conv2d", 3, features, 3, padding=1)
            cases += [(theirs, ours, *self.telling(rng, ours, (3, 3, 6, 7), 1, 3)) for _ in range(2)]
        self.compare(student, *cases)

    @pytest.mark.points(2)
    def test_largest(self, student, rng):
        """The largest absolute difference
        Not the mean, not a sum or a norm: one pixel of one picture decides, also if its difference is negative.
        """
        theirs, ours = self.layers(student, rng, "Conv2d", 2, 3, 3, padding=1)
        cases = [(theirs, ours, *self.telling(rng, ours, (3, 2, 6, 7), 1, 3)) for _ in range(3)]
        self.compare(student, *cases, measures=("largest",))

    @pytest.mark.points(2)
    def test_circular_padding(self, student, rng):
        """Convolutions padded circularly are equivariant, others are not
        For shifts in any direction, larger than the picture, too.
        """
        theirs, ours = self.layers(student, rng, "Conv2d", 2, 3, 3, padding=1, padding_mode="circular")
        cases = [(theirs, ours, self.picture(rng, 2, 2, 6, 7), shift) for shift in ((1, 0), (0, 1), (-2, 3), (9, -8))]
        theirs, ours = self.layers(student, rng, "Conv2d", 2, 3, 3, padding=1, padding_mode="reflect")
        self.compare(student, *cases, (theirs, ours, *self.telling(rng, ours, (3, 2, 6, 7), 1, 3)))

    @pytest.mark.points(2)
    def test_rows_and_columns(self, student, rng):
        """(rows, columns), in this order and with torch.roll's sign
        A layer that looks along one axis only tells them apart.
        """
        cases = []
        for kernel, padding in (((1, 3), (0, 1)), ((3, 1), (1, 0))):
            theirs, ours = self.layers(student, rng, "Conv2d", 2, 2, kernel, padding=padding)
            x = self.picture(rng, 2, 2, 6, 8)
            cases += [(theirs, ours, x, shift) for shift in ((0, number(rng, 1, 3)), (number(rng, 1, 3), 0), (0, -number(rng, 1, 3)))]
        theirs, ours = self.layers(student, rng, "Conv2d", 2, 2, 3, padding=1)
        self.compare(student, *cases, (theirs, ours, *self.telling(rng, ours, (3, 2, 7, 5), -3, -1)), swapped=(False,))

    @pytest.mark.points(2)
    def test_other_sizes(self, student, rng):
        """Layers whose output has another size
        Input and output are rolled by the same number of their own pixels, whatever the stride.
        """
        cases = []
        for stride, options in ((2, {"padding": 1}), (1, {}), (3, {"padding": 1})):
            theirs, ours = self.layers(student, rng, "Conv2d", 2, 3, 3, stride=stride, **options)
            cases.append((theirs, ours, *self.telling(rng, ours, (3, 2, 9, 12), 1, 4)))
        for kind, size in (("MaxPool2d", 2), ("AvgPool2d", 3), ("AdaptiveAvgPool2d", 1)):
            theirs, ours = self.layers(student, rng, kind, size)
            x = self.picture(rng, 3, 2, 6, 6)
            cases += [(theirs, ours, x, shift) for shift in ((2, 0), (1, -1))]
        self.compare(student, *cases)

    @pytest.mark.points(2)
    def test_mode(self, student, rng):
        """The layer is used in the mode it is in
        Neither `layer.eval()` nor `layer.train()`: dropout drops numbers in training mode only.
        """
        function, x = student.function("equivariance_error"), torch.ones(2, 3, 6, 7)
        for training in (True, False):
            layer = student.build("make_layer", "Dropout", 0.5, training=training)
            error = expect_number(plain(function(layer, x, (1, 2))), 1, "equivariance_error of a dropout layer", rtol=0, atol=1e300)
            if training and not error > 0.5:
                fail(
                    "For dropout in training mode the error is almost 0: was the layer switched to evaluation mode?",
                    "about 2",
                    f"{error:g}",
                )
            if not training and not abs(error) < 1e-4:
                fail("For dropout in evaluation mode the error isn't 0: was the layer switched to training mode?", "0", f"{error:g}")
            if layer.is_training() != training:
                fail("After the call the layer is in another mode than before.")

    def test_arguments_unchanged(self, student, rng):
        """The pictures unchanged"""
        theirs, ours = self.layers(student, rng, "Conv2d", 2, 3, 3, padding=1)
        x, shift = self.telling(rng, ours, (2, 2, 6, 7), 1, 3)
        function = student.function("equivariance_error")
        errors = [plain(function.must_not_change(theirs, picture, shift)) for picture in (x, 3 * x)]
        for error in errors:
            expect_number(error, 0, "equivariance_error(layer, x, shift)", atol=ANYTHING)
        expect_computed(errors, "equivariance_error")


@pytest.mark.section("What breaks it")
class TestSymmetries:
    words = ("invariant", "equivariant", "neither")

    def expect(self, student, name):
        answers = filled(student.value("symmetries"), "symmetries")
        wanted = "a dict from the names of the layers to words"
        if not isinstance(answers, dict):
            fail(f"`symmetries` is {describe(answers)}, but {wanted} was expected.", "a dict", answers, kin="no dict")
        if not answers:
            fail(f"`symmetries` is not filled in: {wanted} was expected.", "a dict", answers, kin="no dict")
        answers = {str(key).strip().lower(): word for key, word in answers.items()}
        if name.lower() not in answers:
            fail(f"`symmetries` has no entry for “{name}”.", f"the key {name!r}", f"{len(answers)} other keys")
        word = answers[name.lower()]
        expect_words(word, reference.symmetries[name], f"symmetries[{name!r}]", self.words, SYMMETRY_MISTAKES[name])

    @pytest.mark.points(2)
    def test_circular_convolution(self, student):
        """A circular convolution
        Does the feature map stay as it is, does it move along, also across the border?
        """
        self.expect(student, "circular convolution")

    def test_zero_padded_convolution(self, student):
        """A zero-padded convolution
        What does a window at the border see before and after the shift? Measure with pictures that aren't 0 there.
        """
        self.expect(student, "zero-padded convolution")

    def test_stride(self, student):
        """A convolution with stride 2
        Shift by one pixel: do the windows meet the same pixels again?
        """
        self.expect(student, "convolution with stride 2")

    @pytest.mark.points(2)
    def test_relu(self, student):
        """ReLU
        Each pixel is treated for itself; what does that mean for a shift?
        """
        self.expect(student, "ReLU")

    def test_max_pooling(self, student):
        """2×2 max pooling
        It forgives some small shifts. All of them, for every picture?
        """
        self.expect(student, "max pooling 2x2")

    @pytest.mark.points(2)
    def test_global_average_pooling(self, student):
        """Global average pooling
        Does the mean over all places change when the places change?
        """
        self.expect(student, "global average pooling")

    @pytest.mark.points(2)
    def test_convolution_with_global_average_pooling(self, student):
        """A circular convolution, ReLU, then global average pooling
        What does each step do to a shift, one after the other?
        """
        self.expect(student, "circular convolution, ReLU, global average pooling")

    def test_fully_connected(self, student):
        """A fully connected layer
        Each pixel has weights of its own; what meets them after a shift?
        """
        self.expect(student, "fully connected")
