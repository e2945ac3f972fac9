"""What typical mistakes in the assignment `convnets` lead to: a sentence for the student, and the wrong answer.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed.
"""

import numpy as np

from autograder.reference import convnets as reference

Mistakes = dict[str, np.ndarray]


def sliding_mistakes(x: np.ndarray, W: np.ndarray, expected: np.ndarray) -> Mistakes:
    """Typical mistakes in `correlate2d` and `convolve2d`."""
    wide = np.pad(x, [(k - 1, k - 1) for k in W.shape])
    mistakes = {
        "This is the convolution: the kernel was flipped.": reference.convolve2d(x, W),
        "This is the cross-correlation: the kernel was not flipped.": reference.correlate2d(x, W),
        "The kernel was flipped upside down only; flip both axes.": reference.correlate2d(x, W[::-1]),
        "The kernel was flipped left to right only; flip both axes.": reference.correlate2d(x, W[:, ::-1]),
        "The result is transposed: rows and columns are mixed up.": expected.T,
        "The result is turned by 180°: flip the kernel, not the picture.": expected[::-1, ::-1],
        "The last row and column are missing: there are H - kH + 1 rows, not H - kH.": expected[:-1, :-1],
        "Values were cut to whole numbers: the result needs a floating type, whatever the input's type.": np.trunc(expected),
        "This is the mean of the products; the sum was asked for.": expected / W.size,
        "The picture was padded (mode “full”); only windows inside it count.": reference.correlate2d(wide, W),
        "The picture was padded (mode “full”) and the kernel flipped.": reference.convolve2d(wide, W),
    }
    if W.shape[0] == W.shape[1]:
        mistakes["The kernel was transposed; flipping is something else."] = reference.correlate2d(x, W.T)
    return mistakes


def pooling_mistakes(name: str, x: np.ndarray, size: int, stride: int) -> Mistakes:
    """Typical mistakes in `max_pool2d` and `avg_pool2d`; `name` says which of them is checked."""
    pool = getattr(reference, name)
    expected = pool(x, size, stride)
    filler = x.min() if name == "max_pool2d" else 0
    border = [(0, (-(n - size)) % stride) for n in x.shape]
    all_starts = [(0, (n - 1) // stride * stride + size - n) if n else (0, 0) for n in x.shape]
    padded = [np.pad(x, [(low, max(0, high)) for low, high in sides], constant_values=filler) for sides in (border, all_starts)]
    mistakes = {
        "This is the mean of each window.": reference.avg_pool2d(x, size, stride),
        "This is the maximum of each window.": reference.max_pool2d(x, size, stride),
        "This is the minimum of each window.": -reference.max_pool2d(-x, size, stride),
        "This is the sum of each window.": reference.avg_pool2d(x, size, stride) * size**2,
        "The stride was ignored: windows stand side by side.": pool(x, size),
        "Windows move by one pixel; they should move by the stride.": pool(x, size, 1),
        "Incomplete windows at the border were kept; drop them.": pool(padded[0], size, stride),
        "Windows that reach over the border were kept; drop them.": pool(padded[1], size, stride),
        "The last row and column of windows are missing: add 1 for the first window.": expected[:-1, :-1],
        "The result is transposed.": expected.T,
        "Negative maxima became 0: start from the window's own numbers, not from 0.": np.maximum(expected, 0),
        "Means were cut to whole numbers: the result needs a floating type.": np.trunc(expected),
    }
    if stride <= min(x.shape):
        mistakes["Size and stride are mixed up."] = pool(x, stride, size)
    return mistakes


def size_mistakes(n: int, kernel: int, stride: int, padding: int, dilation: int) -> dict[str, int]:
    """Typical mistakes in `conv_output_size`."""
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    mistakes = {
        "Round down, not up: an incomplete step gives no output.": -(-room // stride) + 1,
        "Round down, not to the nearest: an incomplete step gives no output.": round(room / stride) + 1,
        "The + 1 is missing.": room // stride,
        "The last + 1 belongs outside the division.": (room + 1) // stride,
        "The padding is ignored.": (room - 2 * padding) // stride + 1,
        "The padding counts at both ends.": (room - padding) // stride + 1,
        "The stride is ignored.": room + 1,
        "The dilation is ignored.": (n + 2 * padding - kernel) // stride + 1,
        "A kernel of K taps spans D(K-1) + 1 inputs, not D·K.": (n + 2 * padding - dilation * kernel) // stride + 1,
    }
    values = list(mistakes.values())
    return {text: wrong for text, wrong in mistakes.items() if values.count(wrong) == 1}  # no hint where several fit


SHAPE_MISTAKES = {
    "Round down: (224 - 11) / 4 = 53.25 steps.": (96, 55, 55),
    "The + 1 for the first window is missing.": (96, 53, 53),
    "The output has one channel for each kernel, not for each input channel.": (3, 54, 54),
    "A kernel spans all input channels: it gives one map, not three.": (288, 54, 54),
}
SORTED_MISTAKES = {text: sorted(wrong) for text, wrong in SHAPE_MISTAKES.items()}
BATCH_MISTAKES = {text: sorted((32, *wrong)) for text, wrong in SHAPE_MISTAKES.items()}
BATCH_MISTAKES["The number of pictures is missing."] = [54, 54, 96]


def layer_mistakes(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int, padding: int) -> Mistakes:
    """Typical mistakes in `conv2d`."""
    layer = reference.conv2d
    expected, dense = layer(x, weight, bias, stride, padding), layer(x, weight, bias, 1, padding)
    b, around = bias[:, None, None], (padding, padding)
    mistakes = {
        "The bias is missing.": expected - b,
        "The bias was added once for each input channel.": expected + (len(x) - 1) * b,
        "The bias was subtracted.": expected - 2 * b,
        "The kernel was flipped; a layer computes cross-correlation.": layer(x, weight[..., ::-1, ::-1], bias, stride, padding),
        "Only the first input channel was used.": layer(x[:1], weight[:, :1], bias, stride, padding),
        "The channels were averaged; sum over them.": (expected - b) / len(x) + b,
        "The stride was ignored.": dense,
        "The stride was used for the rows only.": dense[:, ::stride],
        "The stride was used for the columns only.": dense[:, :, ::stride],
        "The padding repeats the border's pixels; pad with zeros.": layer(
            np.pad(x, ((0, 0), around, around), mode="edge"), weight, bias, stride
        ),
        "Height and width are swapped.": expected.swapaxes(1, 2),
        "The result has its channels last; they come first.": np.moveaxis(expected, 0, 2),
    }
    room = [n - k for n, k in zip(x.shape[1:], weight.shape[2:], strict=True)]
    if min(room) >= 0:
        mistakes["The padding was ignored."] = layer(x, weight, bias, stride)
    if min(room) + padding >= 0:
        mistakes["The padding is missing on two sides."] = layer(np.pad(x, ((0, 0), (0, padding), (0, padding))), weight, bias, stride)
    return mistakes
