"""What typical mistakes in the assignment `convnets` lead to: a sentence for the student, and the wrong answer.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed.
"""

from collections.abc import Iterable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.reference import convnets as reference

Mistakes = dict[str, np.ndarray]


def sliding_mistakes(x: np.ndarray, W: np.ndarray, expected: np.ndarray) -> Mistakes:
    """Typical mistakes in `correlate2d` and `convolve2d`."""
    x, W = x.astype(float), W.astype(float)
    wide = np.pad(x, [(k - 1, k - 1) for k in W.shape])
    same = np.pad(x, [(k // 2, (k - 1) // 2) for k in W.shape])
    products = sliding_window_view(x, W.shape) * W
    short = np.pad(expected[:-1, :-1], ((0, 1), (0, 1)))
    ring = reference.convolve2d(np.pad(x, [(k - 1, 0) for k in W.shape], mode="wrap"), W)
    turned, flipped = x[::-1, ::-1], W[::-1, ::-1]
    mistakes = {
        "This is the convolution: the kernel was flipped.": reference.convolve2d(x, W),
        "This is the cross-correlation: the kernel was not flipped.": reference.correlate2d(x, W),
        "The kernel was flipped upside down only: convolution flips both axes, correlation none.": reference.correlate2d(x, W[::-1]),
        "The kernel was flipped left to right only: convolution flips both axes, correlation none.": reference.correlate2d(x, W[:, ::-1]),
        "The result is transposed: rows and columns are mixed up.": expected.T,
        "The result is turned by 180°: the picture is never flipped.": expected[::-1, ::-1],
        "The picture was flipped; it stays as it is.": reference.correlate2d(turned, W),
        "Picture and kernel were flipped; the picture stays as it is.": reference.correlate2d(turned, flipped),
        "The sign is wrong.": -expected,
        "This is the cross-correlation with the other sign: only kernels that change their sign when turned by 180° are flipped so.": (
            -reference.correlate2d(x, W)
        ),
        "The last row and column are missing: there are rows - kH + 1 rows, not rows - kH.": expected[:-1, :-1],
        "Values were cut to whole numbers: the result needs a floating type, whatever the input's type.": np.trunc(expected),
        "Values were rounded to whole numbers.": np.round(expected),
        "This is the mean of the products; the sum was asked for.": expected / W.size,
        "The picture was padded (mode “full”); only windows inside it count.": reference.correlate2d(wide, W),
        "The picture was padded (mode “full”) and the kernel flipped.": reference.convolve2d(wide, W),
        "The picture was padded so that the result is as large as the picture (mode “same”).": reference.correlate2d(same, W),
        "The picture was padded so that the result is as large as it (mode “same”), the kernel flipped.": reference.convolve2d(same, W),
        "The windows stand side by side; they should move by one row or column.": expected[:: W.shape[0], :: W.shape[1]],
        "The last row and column of the result are 0: the loops end one step too early.": short,
        "The products of each window were not summed.": products,
        "The products of all windows were summed; each window has a sum of its own.": products.sum(axis=(0, 1)),
        "The result was divided by the sum of the kernel; the sum of the products was asked for.": expected / (W.sum() or np.nan),
        "The result was divided by the sum of the kernel's absolute values; the sum of the products was asked for.": (
            expected / np.abs(W).sum()
        ),
        "The kernel was cut to whole numbers.": reference.correlate2d(x, np.trunc(W)),
        "The numbers stand in one row; the result needs two axes.": expected.ravel(),
        "Row k of the flipped kernel is row kH - 1 - k of W; here it is one off.": reference.correlate2d(x, np.roll(flipped, 1, (0, 1))),
        "Both ends of the picture are mixed (Fourier transform): the valid part begins at row kH - 1, column kW - 1.": ring[
            : expected.shape[0], : expected.shape[1]
        ],
        "This is the answer of the visible example: use the function's arguments.": np.array([[1, 8], [1, 0]]),
        "This is the answer of the visible example: use the function's own arguments.": np.array([[3, 6], [-1, 2]]),
    }
    if W.shape[0] == W.shape[1]:
        windows = sliding_window_view(x, W.shape).astype(float)
        mistakes["The kernel was transposed; flipping is something else."] = reference.correlate2d(x, W.T)
        mistakes["The kernel was flipped and transposed; flip both axes, no more."] = reference.correlate2d(x, flipped.T)
        mistakes["The kernel was turned by 90°."] = reference.correlate2d(x, np.rot90(W))
        mistakes["The kernel was turned by 270°."] = reference.correlate2d(x, np.rot90(W, 3))
        mistakes["Window and kernel were multiplied as matrices (@); multiply entry by entry (*)."] = (windows @ W).sum(axis=(2, 3))
    return mistakes


RUN_OVER = "Products or sums ran over: in {kind}, {one} · {two} is {product}. Turn the arrays into floats before multiplying."
EXAMPLES = {"uint8": (100, 3, 44), "int8": (100, 3, 44), "int16": (300, 300, 24464)}


def ran_over(received: object, rights: Iterable[np.ndarray], kind: np.dtype) -> Mistakes:
    """Says that numbers ran over where what was received differs from a right answer by multiples of what the type holds."""
    values = np.asarray(received) if isinstance(received, (np.ndarray, list, tuple)) else np.zeros(0)
    if kind.name not in EXAMPLES or values.dtype.kind not in "iuf":
        return {}
    for right in rights:
        if values.shape == right.shape and np.isfinite(values).all() and not ((values - right) % 2.0 ** (8 * kind.itemsize)).any():
            one, two, product = EXAMPLES[kind.name]
            return {RUN_OVER.format(kind=kind.name, one=one, two=two, product=product): values}
    return {}


def size_mistakes(n: int, kernel: int, stride: int, padding: int, dilation: int) -> dict[str, float]:
    """Typical mistakes in `conv_output_size`."""
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    mistakes = {
        "Round down, not up: an incomplete step gives no output.": -(-room // stride) + 1,
        "Round down, not to the nearest: an incomplete step gives no output.": round(room / stride) + 1,
        "Round down: an incomplete step gives no output.": room / stride + 1,
        "The + 1 is missing.": room // stride,
        "The last + 1 belongs outside the division.": (room + 1) // stride,
        "The - 1 is missing.": (room + 1) // stride + 1,
        "The padding is ignored.": (room - 2 * padding) // stride + 1,
        "The padding counts at both ends.": (room - padding) // stride + 1,
        "The padding is added, not subtracted.": (room - 4 * padding) // stride + 1,
        "The stride is ignored.": room + 1,
        "The dilation is ignored.": (n + 2 * padding - kernel) // stride + 1,
        "A kernel of K taps spans D(K-1) + 1 inputs, not D·K.": (n + 2 * padding - dilation * kernel) // stride + 1,
        "A kernel of K taps spans D(K-1) + 1 inputs, not K + D - 1.": (n + 2 * padding - kernel - dilation + 1) // stride + 1,
        "A kernel of K taps spans D(K-1) + 1 inputs, not K + D.": (n + 2 * padding - kernel - dilation) // stride + 1,
        "The padding was divided by the stride for itself; add it to the input first.": (room - 2 * padding) // stride
        + 2 * padding // stride
        + 1,
        "The padding wasn't divided by the stride; add it to the input first.": (room - 2 * padding) // stride + 2 * padding + 1,
        "Neighbouring taps lie D apart: D - 1 inputs lie between them, not D.": (room - kernel + 1) // stride + 1,
        "This is the size after a transposed convolution.": (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1,
    }
    return mistakes


SHAPE_MISTAKES = {
    "Round down: (224 - 11) / 4 = 53.25 steps.": (96, 55, 55),
    "The + 1 for the first window is missing.": (96, 53, 53),
    "The output has one channel for each kernel, not for each input channel.": (3, 54, 54),
    "A kernel spans all input channels: it gives one map, not three.": (288, 54, 54),
    "The stride is 4: the window starts at every fourth row and column.": (96, 214, 214),
    "The first window takes 11 rows; only the other 213 are divided by 4.": (96, 56, 56),
    "The size of the kernels is the size of the weights; the question is the output's.": (96, 11, 11),
    "This is the shape of the input.": (3, 224, 224),
}
PICTURE_MISTAKES = SHAPE_MISTAKES | {
    "This is one picture: no axis counts pictures.": (1, 96, 54, 54),
    "This is the shape of the weights; the question is the output's.": (96, 3, 11, 11),
    "The number of kernels is missing: each gives one map.": (54, 54),
    "One side is missing: the output has a height and a width.": (96, 54),
}
BATCH_MISTAKES = {text: (32, *wrong) for text, wrong in SHAPE_MISTAKES.items()} | {
    "The number of pictures is missing.": (96, 54, 54),
    "Pictures and channels keep an axis each; they aren't multiplied.": (3072, 54, 54),
    "The input's channels have no axis in the output: each kernel sums over them.": (32, 96, 3, 54, 54),
}


def in_order(mistakes: dict[str, tuple[int, ...]]) -> dict[str, list[int]]:
    """The same mistakes with their numbers sorted."""
    return {text: sorted(wrong) for text, wrong in mistakes.items()}


def layer_mistakes(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int, padding: int) -> Mistakes:
    """Typical mistakes in `conv2d`."""
    layer = reference.conv2d
    expected, dense = layer(x, weight, bias, stride, padding), layer(x, weight, bias, 1, padding)
    x = x.astype(float)
    b, around = bias[:, None, None], (padding, padding)
    mistakes = {
        "The bias is missing.": expected - b,
        "The bias was added once for each input channel.": expected + (len(x) - 1) * b,
        "The bias was subtracted.": expected - 2 * b,
        "Each map was multiplied by its bias; add it.": (expected - b) * b,
        "All maps got the bias of the first filter.": expected - b + b[0],
        "All biases were added to each map; bias o belongs to map o.": expected - b + bias.sum(),
        "Maps and biases are paired in the wrong order.": expected - b + b[::-1],
        "Negative outputs became 0: the activation is a layer of its own.": np.maximum(expected, 0),
        "The kernel was flipped; a layer computes cross-correlation.": layer(x, weight[..., ::-1, ::-1], bias, stride, padding),
        "Only the first input channel was used.": layer(x[:1], weight[:, :1], bias, stride, padding),
        "Only the last input channel was used.": layer(x[-1:], weight[:, -1:], bias, stride, padding),
        "All input channels met the filter's first slice; channel c meets slice c.": layer(
            x.sum(axis=0, keepdims=True), weight[:, :1], bias, stride, padding
        ),
        "The maps of all filters were added up; each is an output channel of its own.": expected.sum(axis=0, keepdims=True),
        "Only the first filter was used.": expected[:1],
        "The channels were averaged; sum over them.": (expected - b) / len(x) + b,
        "The stride was ignored.": dense,
        "The stride was used for the rows only.": dense[:, ::stride],
        "The stride was used for the columns only.": dense[:, :, ::stride],
        "The padding repeats the border's pixels; pad with zeros.": layer(
            np.pad(x, ((0, 0), around, around), mode="edge"), weight, bias, stride
        ),
        "Zeros were put around the channels too; pad height and width.": layer(
            np.pad(x, ((padding, 0), around, around))[: len(x)], weight, bias, stride
        ),
        "Height and width are swapped.": expected.swapaxes(1, 2),
        "The result has its channels last; they come first.": np.moveaxis(expected, 0, 2),
        "The result is one map without its axis for the channels.": expected[0],
        "The result has a further axis in front, as for a batch; this is one picture.": expected[None],
        "Values were cut to whole numbers: the result needs a floating type.": np.trunc(expected),
        "The last row and column are missing: add 1 for the first window.": expected[:, :-1, :-1],
        "This is the answer of the visible example: use the function's arguments.": np.array([[[26, 37]]]),
    }
    by_channel = [layer(x[c : c + 1], weight[:, c : c + 1], bias, stride, padding) for c in range(len(x))]
    mistakes["The channels were not summed: the result has an axis for them."] = np.stack(by_channel, axis=1)
    for axis, side in ((2, "upside down"), (3, "left to right")):
        text = f"The kernels were flipped {side}; a layer computes cross-correlation."
        mistakes[text] = layer(x, np.flip(weight, axis), bias, stride, padding)
    if weight.shape[2] == weight.shape[3]:
        mistakes["The kernels are transposed."] = layer(x, weight.swapaxes(2, 3), bias, stride, padding)
    room = [n - k for n, k in zip(x.shape[1:], weight.shape[2:], strict=True)]
    if min(room) >= 0:
        mistakes["The padding was ignored."] = layer(x, weight, bias, stride)
        rows, columns = (n // stride + 1 for n in room)
        mistakes["The output's size was reckoned from the picture before it was padded."] = expected[:, :rows, :columns]
        outside = np.pad(layer(x, weight, bias), ((0, 0), around, around))[:, ::stride, ::stride]
        mistakes["Zeros were put around the output; pad the input."] = outside
    if min(room) + padding >= 0:
        mistakes["The padding is missing on two sides."] = layer(np.pad(x, ((0, 0), (0, padding), (0, padding))), weight, bias, stride)
    return mistakes
