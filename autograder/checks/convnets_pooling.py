"""What typical mistakes in `max_pool2d` and `avg_pool2d` lead to: a sentence for the student, and the wrong answer.

As in `convnets_mistakes`, an answer is compared with these only after it was found wrong.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.checks.convnets_mistakes import Mistakes
from autograder.reference import convnets as reference

STARTS = (-1, -10, -100, -1000, -10_000, -1_000_000)  # from which a maximum is often looked for


def turned_round(windows: np.ndarray, kind: np.dtype) -> Mistakes:
    """What the minimum of -x with its sign turned again is in a type of small integers; nothing for other types."""
    told = {"uint8": "In uint8 there are no negative numbers: -1 is 255 there.", "int8": "In int8 there is no 128: -(-128) is -128 there."}
    if kind.name not in told:
        return {}
    return {told[kind.name]: (-(-windows.astype(kind)).min(axis=(2, 3))).astype(float)}


def pooling_mistakes(name: str, x: np.ndarray, size: int, stride: int) -> Mistakes:
    """Typical mistakes in `max_pool2d` and `avg_pool2d`; `name` says which of them is checked."""
    pool, kind, x = getattr(reference, name), x.dtype, x.astype(float)
    expected, dense = pool(x, size, stride), pool(x, size, 1)
    filler = x.min() if name == "max_pool2d" else 0
    border = [(0, (-(n - size)) % stride) for n in x.shape]
    all_starts = [(0, (n - 1) // stride * stride + size - n) if n else (0, 0) for n in x.shape]
    padded = [np.pad(x, [(low, max(0, high)) for low, high in sides], constant_values=filler) for sides in (border, all_starts)]
    least = -reference.max_pool2d(-x, size, stride)
    windows = sliding_window_view(x, (size, size))[::stride, ::stride]
    mistakes = {
        **(turned_round(windows, kind) if name == "max_pool2d" else {}),
        "This is the mean of each window.": reference.avg_pool2d(x, size, stride),
        "This is the maximum of each window.": reference.max_pool2d(x, size, stride),
        "This is the minimum of each window.": least,
        "This is the median of each window; the mean was asked for.": np.median(windows, axis=(2, 3)),
        "This is the root of the mean of the squares; the mean was asked for.": np.sqrt((windows**2).mean(axis=(2, 3))),
        "This is the mean of the largest numbers of the window's columns.": windows.max(axis=2).mean(axis=2),
        "This is the mean of the largest numbers of the window's rows.": windows.max(axis=3).mean(axis=2),
        "This is the mean of the largest and the smallest number of each window.": (expected + least) / 2
        if name == "max_pool2d"
        else (reference.max_pool2d(x, size, stride) + least) / 2,
        "This is the mean of the window's first column only.": windows[..., 0].mean(axis=2),
        "This is the mean of the window's first row only.": windows[:, :, 0].mean(axis=2),
        "This is the sum of each window.": reference.avg_pool2d(x, size, stride) * size**2,
        "The stride was ignored: windows stand side by side.": pool(x, size),
        "Windows move by one pixel; they should move by the stride.": pool(x, size, 1),
        "Incomplete windows at the border were kept; drop them.": pool(padded[0], size, stride),
        "Windows that reach over the border were kept; drop them.": pool(padded[1], size, stride),
        "The last row and column of windows are missing: add 1 for the first window.": expected[:-1, :-1],
        "The result is transposed.": expected.T,
        "The stride was used for the rows only.": dense[::stride],
        "The stride was used for the columns only.": dense[:, ::stride],
        "These are the largest absolute values.": reference.max_pool2d(abs(x), size, stride),
        "These are the numbers with the largest absolute value.": np.where(
            -least > reference.max_pool2d(x, size, stride), least, reference.max_pool2d(x, size, stride)
        ),
        "Negative maxima became 0: start from the window's own numbers, not from 0."
        if name == "max_pool2d"
        else "Negative means became 0; a mean may be negative.": np.maximum(expected, 0),
        **(
            {f"Maxima below {n:,} became {n:,}: start from the window's own numbers.": np.maximum(expected, n) for n in STARTS}
            if name == "max_pool2d"
            else {}
        ),
        "Values were cut to whole numbers: the result needs the picture's type."
        if name == "max_pool2d"
        else "Means were cut to whole numbers: the result needs a floating type.": np.trunc(expected),
        "Values were rounded to whole numbers.": np.round(expected),
        "The numbers stand in one row; the result needs two axes.": expected.ravel(),
        "This is the answer of the visible example: use the function's arguments.": np.array([[5, 8]] if filler else [[3.25, 4.25]]),
        "This is one number of the whole picture; each window has one of its own.": np.array(x.max() if name == "max_pool2d" else x.mean()),
        "Where no stride is given, windows move by 2 here; they should move by their size.": pool(x, size, 2)
        if stride == size
        else expected,
        **(only_of_maxima(windows) if name == "max_pool2d" else only_of_means(x, windows, stride)),
    }
    if stride <= min(x.shape):
        mistakes["Size and stride are mixed up."] = pool(x, stride, size)
    if size > 1:
        smaller = pool(x, size - 1, stride)[: expected.shape[0], : expected.shape[1]]
        mistakes["Windows are size - 1 rows high: x[i : i + size] has size rows, its end isn't part of it."] = smaller
    if stride == size and all(n % size == 0 for n in x.shape) and name == "avg_pool2d":
        pieces = x.reshape(*expected.shape, size, size)
        mistakes["Reshaped to (rows, columns, size, size), the last two axes aren't windows: keep a window's rows apart."] = pieces.mean(
            (2, 3)
        )
    mistakes |= other_windows(name, x, size, stride, expected.shape) | as_many_columns(name, x, size, stride, len(expected))
    if kind.name in SUMS:
        sums = windows.astype(kind).sum(axis=(2, 3), dtype=kind)
        mistakes[f"Sums ran over: in {kind}, {SUMS[kind.name]}. Turn x into floats before adding."] = sums / size**2
    return mistakes


def only_of_maxima(windows: np.ndarray) -> Mistakes:
    """What happens to those who look for the largest number of each window (rows, columns, size, size)."""
    in_a_row = windows.reshape(*windows.shape[:2], -1)
    return {"This is the place of the maximum in its window (argmax); its value was asked for.": in_a_row.argmax(axis=2)}


def only_of_means(x: np.ndarray, windows: np.ndarray, stride: int) -> Mistakes:
    """What happens to those who add up each window of a picture and divide by a number of pixels."""
    size = windows.shape[2]
    sums, starts = windows.sum(axis=(2, 3)), [range(0, n, stride) for n in x.shape]
    return {
        "These are the means of the absolute values: negative numbers lost their sign.": np.abs(windows).mean(axis=(2, 3)),
        "Sums were divided by 4, not by the number of pixels in a window.": sums / 4,
        "Sums were divided by size, not by the number of pixels in a window.": sums / size,
        "Sums were divided by the stride's square, not by the number of pixels in a window.": sums / stride**2,
        "Sums were divided by the number of pixels that aren't 0; zeros count in the mean, too.": (
            sums / np.maximum((windows != 0).sum(axis=(2, 3)), 1)
        ),
        "Windows that reach over the border were kept, with the mean of their pixels inside it; drop them.": np.array(
            [[x[i : i + size, j : j + size].mean() for j in starts[1]] for i in starts[0]]
        ),
    }


def as_many_columns(name: str, x: np.ndarray, size: int, stride: int, rows: int) -> Mistakes:
    """The number of rows of windows in place of that of columns, where none of them lies beyond the border as a whole."""
    if (rows - 1) * stride >= x.shape[1]:
        return {}
    pool, starts = np.max if name == "max_pool2d" else np.mean, range(0, rows * stride, stride)
    values = np.array([[pool(x[i : i + size, j : j + size]) for j in starts] for i in starts])
    return {"There are as many columns of windows as rows here; the picture's width tells their number.": values}


SUMS = {"uint8": "200 + 100 is 44", "int8": "100 + 100 is -56", "int16": "30000 + 30000 is -5536"}


def other_windows(name: str, x: np.ndarray, size: int, stride: int, shape: tuple[int, int]) -> Mistakes:
    """Windows of another size than asked for, at the right places."""
    pool = np.max if name == "max_pool2d" else np.mean

    def windows_of(side: int) -> np.ndarray:
        return np.array([pool(x[i * stride :, j * stride :][:side, :side]) for i, j in np.ndindex(shape)]).reshape(shape)

    mistakes = {"Windows are one pixel too large: x[i : i + size] has size rows.": windows_of(size + 1)}
    if stride != size:
        mistakes["Windows are as large as the stride; they should be `size` pixels high and wide."] = windows_of(stride)
    return mistakes
