"""What typical mistakes in `parameter_efficiency` lead to: a sentence for the student, and the wrong answer.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from autograder.reference import parameter_efficiency as reference

Counts = dict[str, int]
EXAMPLE = "This is the answer of a visible example: use the function's arguments."


def pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size


def weight_mistakes(c_in: int, c_out: int, kernel: int | tuple[int, int], groups: int) -> Counts:
    """Wrong numbers of weights of a convolution, which `conv_parameters` and `conv_macs` share."""
    (height, width), seen = pair(kernel), c_in // groups
    mistakes = {
        "The input channels are missing: a filter has a slice for each channel it sees.": c_out * height * width,
        "The number of filters is missing.": seen * height * width,
        "The kernel's taps count in both directions: K·K for a square kernel.": c_out * seen * height,
        "The kernel's height was used for both directions.": c_out * seen * height**2,
        "The kernel's width was used for both directions.": c_out * seen * width**2,
        "Height and width of the kernel were added; multiply them.": c_out * seen * (height + width),
    }
    if groups > 1:
        mistakes |= {
            "The groups are ignored.": c_out * c_in * height * width,
            "More groups mean fewer weights: divide by the groups.": c_out * c_in * groups * height * width,
            "Divided by the groups twice: each filter sees C_in / G channels, but all C_out filters are there.": (
                c_out // groups * seen * height * width
            ),
        }
    if isinstance(kernel, int):
        mistakes = {text: wrong for text, wrong in mistakes.items() if " for both directions." not in text}
    return mistakes


def conv_parameter_mistakes(in_channels: int, out_channels: int, kernel_size: int | tuple[int, int], bias: bool, groups: int) -> Counts:
    """Typical mistakes in `conv_parameters`."""
    c_in, c_out, kernel = in_channels, out_channels, kernel_size
    weights = reference.conv_parameters(c_in, c_out, kernel, False, groups)
    mistakes = {text: wrong + bias * c_out for text, wrong in weight_mistakes(c_in, c_out, kernel, groups).items()}
    if not bias:
        return {**mistakes, "Biases were counted, although there are none.": weights + c_out}
    slices = c_in // groups
    mistakes |= {
        "The biases are missing.": weights,
        "There is one bias for each filter, not one for all.": weights + 1,
        "There is one bias for each filter, not for each input channel.": weights + c_in,
        "There is one bias for each filter, not for each of its slices.": weights + c_out * slices,
        "There is one bias for each filter, not for each weight.": 2 * weights,
        "There is one bias for each filter, not for each tap of a kernel.": weights + weights // slices,
    }
    if groups > 1:
        mistakes["The groups divide the weights, but not the biases."] = weights + c_out // groups
    return mistakes


def linear_parameter_mistakes(inputs: int, outputs: int, bias: bool) -> Counts:
    """Typical mistakes in `linear_parameters`."""
    weights = inputs * outputs
    mistakes = {
        "Inputs and outputs were added; each pair of them has a weight.": inputs + outputs + bias * outputs,
        "There is one bias for each output, not for each input.": weights + inputs,
        "There is one bias for each output, not one for all.": weights + 1,
        "This is (inputs + 1)·(outputs + 1): only the inputs get a further one, for the biases.": (inputs + 1) * (outputs + 1),
    }
    mistakes["The biases are missing." if bias else "Biases were counted, although there are none."] = weights + (not bias) * outputs
    return mistakes


Q3_A_MISTAKES = {
    "The biases are missing: one for each filter.": 600,
    "There is one bias for each filter, not one for all.": 601,
    "There is one bias for each filter, not for each output value.": 600 + 8 * 28 * 28,
    "The three input channels are missing: a filter has 5·5·3 weights.": 208,
    "The three input channels and the biases are missing.": 200,
    "The eight filters are missing.": 76,
    "There is one bias for each filter, not for each of its slices.": 600 + 24,
    "There is one bias for each filter, not for each input channel.": 603,
    "The filters are 5×5, not 3×3.": 3 * 3 * 3 * 8 + 8,
    "Sharing: the number of places where a filter is used doesn't count.": 608 * 28 * 28,
    "This is the number of Model B.": reference.q3_model_b,
}
_B_WEIGHTS = 3072 * 6272
Q3_B_MISTAKES = {
    "The biases are missing: one for each output.": _B_WEIGHTS,
    "There is one bias for each of the 6,272 outputs, not for each channel.": _B_WEIGHTS + 8,
    "There is one bias for each output, not one for all.": _B_WEIGHTS + 1,
    "There is one bias for each output, not for each input.": _B_WEIGHTS + 3072,
    "The three input channels are missing: the flattened picture has 3·32·32 numbers.": 1024 * 6272 + 6272,
    "The eight output channels are missing: there are 8·28·28 outputs.": 3072 * 784 + 784,
    "Channels are missing on both sides.": 1024 * 784 + 784,
    "Inputs and outputs were added; each pair of them has a weight.": 3072 + 6272,
    "Inputs and outputs are swapped: the biases belong to the outputs of 8×28×28.": _B_WEIGHTS + 3072 * 2,
    "This is the number of Model A.": reference.q3_model_a,
    "This is the number in millions; the number itself was asked for.": reference.q3_model_b / 1e6,
}


def rounded(value: Any, right: int) -> dict[str, float]:
    """That ``value`` is the right number with fewer digits, if it is: at least two of them, and two zeros in place of others."""
    shorter = [round(right, -zeros) for zeros in range(2, len(str(right)) - 1)]
    return {"The number was rounded; all its digits were asked for.": value} if right > 10_000 and value in shorter else {}


def matrix_mistakes(W: np.ndarray, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Typical mistakes in `conv_matrix`."""
    matrix, (height, width), (kh, kw) = reference.conv_matrix, shape, W.shape
    expected = matrix(W, shape)
    rows, columns = height - kh + 1, width - kw + 1
    planes = expected.reshape(rows, columns, height, width)
    first = expected[0]
    packed = np.zeros_like(expected)
    for i, j in np.ndindex(rows, columns):
        packed[i * columns + j, i * width + j : i * width + j + W.size] = W.ravel()
    dense, kept = np.zeros_like(expected), W[W != 0]
    places = np.flatnonzero(matrix(np.ones_like(W), shape)[0])[: len(kept)]
    for i, j in np.ndindex(rows, columns):
        dense[i * columns + j, places + i * width + j] = kept
    square = np.zeros((kh, kh))
    square[:, : min(kh, kw)] = W[:, :kh]
    wide = matrix(W, (height + kh - 1, width + kw - 1)).reshape(height * width, height + kh - 1, width + kw - 1)
    same = wide[:, (kh - 1) // 2 : (kh - 1) // 2 + height, (kw - 1) // 2 : (kw - 1) // 2 + width]
    mistakes = {
        "The kernel was flipped; the matrix of the cross-correlation was asked for.": matrix(W[::-1, ::-1], shape),
        "The kernel was turned upside down.": matrix(W[::-1], shape),
        "The kernel was flipped left to right.": matrix(W[:, ::-1], shape),
        "The matrix is transposed: one row for each output, one column for each pixel.": expected.T,
        "The outputs stand column by column; unroll them row by row.": planes.transpose(1, 0, 2, 3).reshape(expected.shape),
        "The pixels stand column by column; unroll the picture row by row.": planes.transpose(0, 1, 3, 2).reshape(expected.shape),
        "Outputs and pixels stand column by column; unroll row by row.": planes.transpose(1, 0, 3, 2).reshape(expected.shape),
        "Windows reach over the end of a row of pixels: after the last window of a row, start a row further down.": np.array(
            [np.roll(first, shift) for shift in range(len(expected))]
        ),
        "Each row is the one before, moved by one pixel and cut off at the end: "
        "after the last window of a row, start a row further down.": np.array(
            [np.concatenate([np.zeros_like(first[:shift]), first[: first.size - shift]]) for shift in range(len(expected))]
        ),
        "The kernel's rows follow each other without the gap: between them lie columns - kW pixels outside the window.": packed,
        "All weights are ones: each entry should be its own weight of the kernel.": (expected != 0).astype(float),
        "Values were cut to whole numbers: give the matrix the kernel's type.": np.trunc(expected),
        "The matrix has four axes; unroll outputs and pixels.": planes,
        "This is the matrix with zero padding (mode “same”); only windows inside the picture count.": same.reshape(height * width, -1),
        "The last row and column of windows are missing: there are rows - kH + 1 rows.": planes[:-1, :-1].reshape(
            (rows - 1) * (columns - 1), height * width
        ),
        "The entries were rounded to half precision, as in float16: give the matrix the kernel's type.": expected.astype(np.float16).astype(
            float
        ),
        "This is the output for a picture of ones; the matrix that leads to it was asked for.": np.full(rows * columns, W.sum()),
        "Zeros of the kernel were left out, and the numbers after them moved up; a weight may be 0, too.": dense,
        "The heights of the picture and of the kernel were used for their widths, too.": matrix(square, (height, height)),
        "Only the first output's row is right; the others are zero.": np.where(np.arange(len(expected))[:, None] == 0, expected, 0),
        "The rows are in the reverse order.": expected[::-1],
        "Weights were divided by their number; the products are summed, not averaged.": expected / W.size,
    }
    if kh == kw:
        mistakes["The kernel was transposed."] = matrix(W.T, shape)
    return mistakes


def mac_mistakes(c_in: int, c_out: int, kernel: int | tuple[int, int], size: int | tuple[int, int], groups: int) -> Counts:
    """Typical mistakes in `conv_macs`."""
    (rows, columns), weights = pair(size), reference.conv_parameters(c_in, c_out, kernel, False, groups)
    (height, width), places = pair(kernel), rows * columns
    mistakes = {text: wrong * places for text, wrong in weight_mistakes(c_in, c_out, kernel, groups).items()}
    mistakes |= {
        "This is the number of weights; each is used at every place of the output.": weights,
        "The places count in both directions: height times width of the output.": weights * rows,
        "Height and width of the output were added; multiply them.": weights * (rows + columns),
        "The output's places were counted twice.": weights * places**2,
        "A multiply–accumulate counts as one operation, not as two.": 2 * weights * places,
        "Biases were counted: they are added, but multiply nothing.": (weights + c_out) * places,
        "The number of biases was added: biases don't count.": weights * places + c_out,
        "`output_size` is the size of the output: don't subtract the kernel again.": weights * (rows - height + 1) * (columns - width + 1),
        "`output_size` is the size of the output, not of the input: don't add the kernel.": weights
        * (rows + height - 1)
        * (columns + width - 1),
    }
    if not isinstance(size, int):
        mistakes["The output's height was used for both directions."] = weights * rows**2
        mistakes["The output's width was used for both directions."] = weights * columns**2
    return mistakes


def vgg(
    config: list,
    size: float,
    classes: int,
    *,
    conv_bias: bool = True,
    linear_bias: bool = True,
    mac_bias: bool = False,
    linear: bool = True,
    shrink: int = 0,
    pools: bool = True,
    up: bool = False,
    fractions: bool = False,
    always_3: bool = False,
    flat: Callable[[int, float], float] = lambda channels, size: channels * size**2,
    hidden: tuple[int, ...] = (4096, 4096),
) -> tuple[float, float]:
    """(parameters, macs) of a VGG network with something about it changed."""
    parameters, macs, channels = 0.0, 0.0, 3
    for entry in config:
        if entry == "M":
            size = (size / 2 if fractions else -(-size // 2) if up else size // 2) if pools else size
            continue
        size -= shrink
        weights = entry * (3 if always_3 else channels) * 9
        parameters += weights + conv_bias * entry
        macs += (weights + mac_bias * entry) * size**2
        channels = entry
    features = flat(channels, size)
    for outputs in (*hidden, classes) if linear else ():
        parameters += features * outputs + linear_bias * outputs
        macs += features * outputs + mac_bias * outputs
        features = outputs
    return parameters, macs


def vgg_mistakes(config: list, size: int, classes: int) -> dict[str, tuple[float, float]]:
    """Typical mistakes in `vgg_counts`, as (parameters, macs)."""
    right = reference.vgg_counts(config, size, classes)
    changed: dict[str, dict[str, Any]] = {
        "The biases of the convolutions are missing.": {"conv_bias": False},
        "The biases of the linear layers are missing.": {"linear_bias": False},
        "The biases are missing.": {"conv_bias": False, "linear_bias": False},
        "Biases were counted as MACs.": {"mac_bias": True},
        "The linear layers are missing.": {"linear": False},
        "The two linear layers with 4,096 outputs are missing.": {"hidden": ()},
        "One of the two linear layers with 4,096 outputs is missing.": {"hidden": (4096,)},
        "The convolutions are padded: only the pooling makes the maps smaller.": {"shrink": 2},
        "The pooling doesn't halve the size.": {"pools": False},
        "An odd size is halved and rounded down, not up.": {"up": True},
        "An odd size is halved and rounded down; here half a pixel is kept.": {"fractions": True},
        "Each convolution was taken to see 3 channels: it sees those of the one before.": {"always_3": True},
        "The first linear layer sees one number for each channel and pixel, not for each channel.": {"flat": lambda channels, _: channels},
        "The first linear layer sees size·size pixels of each channel.": {"flat": lambda channels, size: channels * size},
        "The first linear layer was taken to see 7·7 pixels of each channel, as with pictures of 224 pixels.": {
            "flat": lambda channels, _: channels * 49
        },
        "The first linear layer was taken to see 512 channels.": {"flat": lambda _, size: 512 * size**2},
        "The first linear layer was taken to see 512·7·7 numbers.": {"flat": lambda _, __: 512 * 49},
    }
    mistakes = {text: vgg(config, size, classes, **options) for text, options in changed.items()}
    mistakes["A multiply–accumulate counts as one operation, not as two."] = (right[0], 2 * right[1])
    mistakes["The two numbers are swapped: parameters first."] = right[::-1]
    mistakes["The size of the picture is ignored: it isn't always 224."] = vgg(config, 224, classes)
    mistakes["The number of classes is ignored: it isn't always 1,000."] = vgg(config, size, 1000)
    return mistakes


def padding_mistakes(x: torch.Tensor, weight: torch.Tensor) -> dict[str, np.ndarray]:
    """What a convolution with `weight` gives whose padding isn't zeros."""
    half = weight.shape[-1] // 2
    names = {"circular": "with the opposite side", "replicate": "by repeating it", "reflect": "by a mirror image"}
    return {
        f"The border was padded {name}; pad with zeros.": functional.conv2d(functional.pad(x, [half] * 4, mode=mode), weight).numpy()
        for mode, name in names.items()
    }


# What a difference of two outputs may be measured by; the largest was asked for.
MEASURES: dict[str, Callable[[torch.Tensor], float]] = {
    "largest": lambda difference: difference.abs().max().item(),
    "mean": lambda difference: difference.abs().mean().item(),
    "sum": lambda difference: difference.abs().sum().item(),
    "mean square": lambda difference: (difference**2).mean().item(),
    "root of the mean square": lambda difference: (difference**2).mean().sqrt().item(),
    "norm": lambda difference: (difference**2).sum().sqrt().item(),
    "largest square": lambda difference: (difference**2).max().item(),
}


ALWAYS_0 = "The error is 0 for every layer: is the layer asked for the rolled pictures, too, and its answer compared?"


@torch.no_grad()
def equivariance_mistakes(layer: Callable, x: torch.Tensor, shift: tuple[int, int]) -> dict[str, float]:
    """Typical mistakes in `equivariance_error`."""

    output = layer(x)

    def error(first: tuple[int, int], last: tuple[int, int], dims: tuple[int, int] = (2, 3)) -> torch.Tensor:
        return layer(torch.roll(x, first, dims)) - torch.roll(output, last, dims)

    (rows, columns), difference = shift, error(shift, shift)
    back, ones = (-rows, -columns), (int(np.sign(rows)), int(np.sign(columns)))
    size = output.abs().max().item()
    ratio = [max(1, n // m) for n, m in zip(x.shape[2:], output.shape[2:], strict=True)]
    moved = layer(torch.roll(x, shift, (2, 3)))
    fitting = (rows // ratio[0], columns // ratio[1])
    largest = difference.abs().max().item()
    mistakes = {
        "Only the input was rolled: that is the error of invariance.": (moved - output).abs().max(),
        "Only the output was rolled.": error((0, 0), shift).abs().max(),
        "Rows and columns are swapped: `shift` is (rows, columns).": error(shift[::-1], shift[::-1]).abs().max(),
        "Rolled in the opposite direction: a positive shift goes down and right.": error(back, back).abs().max(),
        "Input and output were rolled in opposite directions.": error(shift, back).abs().max(),
        "Only the rows were rolled.": error((rows, 0), (rows, 0)).abs().max(),
        "Only the columns were rolled.": error((0, columns), (0, columns)).abs().max(),
        "Rows and columns were swapped for the output.": error(shift, shift[::-1]).abs().max(),
        "Rolled along pictures and channels; the spatial axes are the last two.": error(shift, shift, (0, 1)).abs().max(),
        "Rolled along channels and rows; the spatial axes are the last two.": error(shift, shift, (1, 2)).abs().max(),
        "This is the mean of the absolute differences; the largest was asked for.": difference.abs().mean(),
        "This is the sum of the absolute differences; the largest was asked for.": difference.abs().sum(),
        "This is the mean of the squared differences; the largest absolute one was asked for.": (difference**2).mean(),
        "This is the root of the mean square; the largest absolute difference was asked for.": (difference**2).mean().sqrt(),
        "This is the norm of the differences; the largest absolute one was asked for.": (difference**2).sum().sqrt(),
        "This is the largest square; the largest absolute difference was asked for.": (difference**2).max(),
        "The sign counts for nothing: take absolute values before the maximum.": difference.max(),
        "The absolute value of the mean lets differences cancel.": difference.mean().abs(),
        "The difference of the maxima isn't the maximum of the differences.": (moved.max() - output.max()).abs(),
        "Only the first picture was looked at.": difference[0].abs().max(),
        "Only the last picture was looked at.": difference[-1].abs().max(),
        "Rolled by one pixel, not by `shift`.": error(ones, ones).abs().max(),
        "Rolled by one row and one column, not by `shift`.": error((1, 1), (1, 1)).abs().max(),
        "What leaves at one side has to come in at the other; here zeros come in.": (layer(_moved(x, shift)) - _moved(output, shift))
        .abs()
        .max(),
        "The border was left out; all pixels count.": difference[..., 1:-1, 1:-1].abs().max()
        if min(difference.shape[2:]) > 2
        else difference.abs().max(),
        "Only the first channel was looked at.": difference[:, 0].abs().max(),
        "The error was divided by the size of the output.": largest / size if size else largest,
        "Output and input are rolled by the same number of their own pixels, also if the output is smaller.": (
            error(shift, fitting).abs().max()
        ),
        ALWAYS_0: 0.0,
    }
    return {text: float(wrong) for text, wrong in mistakes.items()}


def _moved(x: torch.Tensor, shift: tuple[int, int]) -> torch.Tensor:
    """``x`` (N, C, H, W) moved down and right by ``shift``; zeros come in."""
    moved = torch.roll(x, tuple(shift), (2, 3)).clone()
    for axis, step in zip((2, 3), shift, strict=True):
        places = torch.arange(x.shape[axis])
        inside = (places - step >= 0) & (places - step < x.shape[axis])
        moved = moved * inside.view([-1 if n == axis else 1 for n in range(4)])
    return moved


_AT_THE_BORDER = "At the border the zeros of the padding stay where they are, while the picture moves: windows there see other numbers."
_OTHER_WINDOWS = "Windows begin at every second pixel: after a shift by one pixel they hold other pixels, and other numbers come out."
_MOVES_ALONG = "The output moves along with the picture: it isn't the same as before."
_EVERYWHERE_ALIKE = "Wherever a pixel stands, also at the border, it is treated alike: the output moves along with the picture."
_ONE_NUMBER = "One number for each channel is left: in it, nothing can move along with the picture."
_MEAN_STAYS = "The mean over all places doesn't change when the numbers only change places."
_OTHER_WEIGHTS = "After a shift each pixel meets other weights: the outputs become other numbers."

# What speaks against a wrong word in `symmetries`.
SYMMETRY_MISTAKES = {
    "circular convolution": {"invariant": _MOVES_ALONG, "neither": _EVERYWHERE_ALIKE},
    "zero-padded convolution": {"invariant": _MOVES_ALONG, "equivariant": _AT_THE_BORDER},
    "convolution with stride 2": {"invariant": _OTHER_WINDOWS, "equivariant": _OTHER_WINDOWS},
    "ReLU": {"invariant": _MOVES_ALONG, "neither": _EVERYWHERE_ALIKE},
    "max pooling 2x2": {"invariant": _OTHER_WINDOWS, "equivariant": _OTHER_WINDOWS},
    "global average pooling": {"equivariant": _ONE_NUMBER, "neither": _MEAN_STAYS},
    "circular convolution, ReLU, global average pooling": {
        "equivariant": _ONE_NUMBER,
        "neither": "What convolution and ReLU give moves along with the picture, and the mean over all places doesn't change with it.",
    },
    "fully connected": {"invariant": _OTHER_WEIGHTS, "equivariant": _OTHER_WEIGHTS},
}
