"""Right and wrong solutions of the task `correlate2d`."""

# %% right: four loops over plain lists
def correlate2d(x, W):
    if np.ndim(x) != 2 or np.ndim(W) != 2:
        raise ValueError("both must have two axes")
    H, width = len(x), len(x[0])
    kH, kW = len(W), len(W[0])
    if kH > H or kW > width:
        raise ValueError("kernel too large")
    y = []
    for i in range(H - kH + 1):
        row = []
        for j in range(width - kW + 1):
            total = 0.0
            for k in range(kH):
                for l in range(kW):
                    total += float(x[i + k][j + l]) * float(W[k][l])
            row.append(total)
        y.append(row)
    return y

# %% right: numpy's windows refuse all bad shapes by themselves
def correlate2d(x, W):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x, dtype=float), np.shape(W))
    return np.einsum("ijkl,kl->ij", windows, W)

# %% right: fast Fourier transform, complex and cut back
def correlate2d(x, W):
    (H, B), (kH, kW) = x.shape, W.shape
    if kH > H or kW > B:
        raise ValueError(f"a kernel of {kH}×{kW} for a picture of {H}×{B}?")
    spectrum = np.fft.fft2(x) * np.conj(np.fft.fft2(W, s=x.shape))
    return np.real(np.fft.ifft2(spectrum))[: H - kH + 1, : B - kW + 1]

# %% right: one large sparse-looking matrix
def correlate2d(x, W):
    x, W = np.atleast_1d(x), np.atleast_1d(W)
    if {x.ndim, W.ndim} != {2}:
        raise ValueError("2-D only")
    rows, cols = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    if min(rows, cols) <= 0:
        raise ValueError("the kernel does not fit")
    matrix = np.zeros((rows * cols, x.size))
    for place in range(rows * cols):
        i, j = divmod(place, cols)
        mask = np.zeros(x.shape)
        mask[i : i + W.shape[0], j : j + W.shape[1]] = W
        matrix[place] = mask.ravel()
    return (matrix @ x.ravel()).reshape(rows, cols)

# %% right: recursion over the rows of the kernel, numpy's 1-D correlation
def correlate2d(x, W):
    def row_sums(x, W):
        if len(W) == 0:
            return 0.0
        count = len(x) - len(W) + 1
        first = np.array([np.correlate(line, W[0], mode="valid") for line in x[:count]])
        return first + row_sums(x[1:], W[1:])

    if not x.ndim == W.ndim == 2:
        raise ValueError
    if any(k > n for k, n in zip(W.shape, x.shape)):
        raise ValueError
    return row_sums(x.astype("float64"), W.astype("float64"))

# %% right: an object that can be called
class Correlation:
    """Valid cross-correlation; instances behave as functions."""

    def __init__(self, kind=np.float64):
        self.kind = kind

    def __call__(self, x, W):
        self._inspect(x, W)
        shape = [n - k + 1 for n, k in zip(x.shape, W.shape)]
        flat = (np.vdot(self._window(x, W, i, j), W) for i in range(shape[0]) for j in range(shape[1]))
        return np.fromiter(flat, dtype=self.kind).reshape(shape)

    def _window(self, x, W, i, j):
        return x[i : i + W.shape[0], j : j + W.shape[1]].astype(self.kind)

    @staticmethod
    def _inspect(x, W):
        match x.shape, W.shape:
            case (h, w), (kh, kw) if kh <= h and kw <= w:
                return
            case _:
                raise ValueError("bad shapes")


correlate2d = Correlation()

# %% right: one lambda, float32, chatty
import warnings


def complain(text):
    warnings.warn(text)
    print("refused:", text)
    raise ValueError(text)


correlate2d = lambda x, W: (
    complain("axes")
    if len(x.shape) != 2 or len(W.shape) != 2
    else complain("size")
    if (np.array(W.shape) > np.array(x.shape)).any()
    else sum(
        np.float32(w) * x[k : x.shape[0] - W.shape[0] + 1 + k, l : x.shape[1] - W.shape[1] + 1 + l].astype(np.float32)
        for (k, l), w in np.ndenumerate(W)
    )
)

# %% right: exact fractions, an exception of its own, type annotations
from fractions import Fraction

from numpy.typing import NDArray


class KernelError(ValueError):
    """A kernel or a picture of the wrong shape."""


def correlate2d(x: NDArray, W: NDArray, *, exact: bool = True) -> NDArray[np.floating]:
    """Valid cross-correlation, exact up to the last step."""
    if x.ndim != 2 or W.ndim != 2:
        raise KernelError(f"{x.shape}, {W.shape}")
    rows: int = 1 + x.shape[0] - W.shape[0]
    columns: int = 1 + x.shape[1] - W.shape[1]
    if rows < 1 or columns < 1:
        raise KernelError("too large")
    X = [[Fraction(value) for value in row] for row in x.tolist()]
    K = [[Fraction(value) for value in row] for row in W.tolist()]
    y = np.empty((rows, columns), dtype=object)
    for i, j in np.ndindex(rows, columns):
        y[i, j] = sum((X[i + k][j + l] * K[k][l] for k in range(len(K)) for l in range(len(K[0]))), Fraction(0))
    return y.astype(float)

# %% right: long doubles, columns first in memory, compared with scipy outside of the function
import scipy.signal as ss


def correlate2d(x, W):
    """Returns an array in Fortran order."""
    if len(np.shape(x)) != 2 or len(np.shape(W)) != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("shapes")
    x = np.array(x, dtype=np.longdouble, order="F")
    out = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1), dtype=np.longdouble, order="F")
    for index in np.ndindex(*W.shape):
        window = tuple(slice(start, start + length) for start, length in zip(index, out.shape))
        np.add(out, np.multiply(x[window], W[index]), out=out)
    return out


_x, _W = np.random.rand(7, 5), np.random.rand(2, 3)
assert np.allclose(correlate2d(_x, _W).astype(float), ss.correlate2d(_x, _W, mode="valid"))

# %% right: rolled pictures, list comprehension, a decorator that checks
import functools


def checked(function):
    @functools.wraps(function)
    def wrapper(x, W):
        try:
            (h, w), (kh, kw) = np.shape(x), np.shape(W)
        except ValueError as error:
            raise ValueError("two axes, please") from error
        if h < kh or w < kw:
            raise ValueError("kernel larger than picture")
        return function(np.array(x, dtype=float), np.array(W, dtype=float))

    return wrapper


@checked
def correlate2d(x, W):
    kh, kw = W.shape
    rolled = [np.roll(x, (-k, -l), axis=(0, 1)) * W[k, l] for k in range(kh) for l in range(kw)]
    return np.sum(rolled, axis=0)[: x.shape[0] - kh + 1, : x.shape[1] - kw + 1]

# %% right: patches as columns, one matrix product, np.matrix
def correlate2d(x, W):
    if x.ndim - 2 or W.ndim - 2:
        raise ValueError("x and W need two axes")
    if x.shape[0] < W.shape[0] or x.shape[1] < W.shape[1]:
        raise ValueError("W is larger than x")
    h, w = np.subtract(x.shape, W.shape) + 1
    i = np.arange(h).repeat(w)[:, None] + np.arange(W.shape[0]).repeat(W.shape[1])
    j = np.tile(np.arange(w), h)[:, None] + np.tile(np.arange(W.shape[1]), W.shape[0])
    return np.matrix(x[i, j].astype(float)) .dot(W.ravel()).reshape(h, w)

# %% wrong: flips the kernel => "This is the convolution: the kernel was flipped."
def correlate2d(x, W):
    x, W = np.asarray(x, dtype=float), np.asarray(W, dtype=float)
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    K = np.flip(W)
    y = np.zeros((x.shape[0] - K.shape[0] + 1, x.shape[1] - K.shape[1] + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = (x[i : i + K.shape[0], j : j + K.shape[1]] * K).sum()
    return y

# %% wrong: flips the kernel upside down => "The kernel was flipped upside down only" and "Products or sums ran over"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    h, w = W.shape
    y = np.zeros((x.shape[0] - h + 1, x.shape[1] - w + 1))
    for k in range(h):
        for l in range(w):
            y += x[k : k + y.shape[0], l : l + y.shape[1]] * W[h - 1 - k, l]
    return y

# %% wrong: flips the kernel left to right => "The kernel was flipped left to right only"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape).astype(float)
    return np.einsum("ijkl,kl->ij", windows, np.fliplr(W))

# %% wrong: multiplies windows as matrices => "multiply entry by entry"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    kh, kw = W.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + kh, j : j + kw] @ W)
    return y

# %% wrong: H - kH rows => "The last row and column are missing"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    y = np.zeros((x.shape[0] - W.shape[0], x.shape[1] - W.shape[1]))
    for i in range(x.shape[0] - W.shape[0]):
        for j in range(x.shape[1] - W.shape[1]):
            y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y

# %% wrong: the last row and column stay 0 => "The last row and column of the result are 0"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))
    for i in range(x.shape[0] - W.shape[0]):
        for j in range(x.shape[1] - W.shape[1]):
            y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y

# %% wrong: a result of the picture's type => "don't make it with `zeros_like(x)`"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    kh, kw = W.shape
    y = np.zeros_like(x)[kh - 1 :, kw - 1 :]
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + kh, j : j + kw] * W)
    return y

# %% wrong: whole numbers stay whole numbers => "has dtype int64, but floats were expected"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W)

# %% wrong: the kernel is cut to whole numbers => "The kernel was cut to whole numbers"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    W = W.astype(int)
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W).astype(float)

# %% wrong: one number for rows and columns => "operands could not be broadcast together with shapes"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    n, k = len(x), len(W)
    y = np.zeros((n - k + 1, n - k + 1))
    for i in range(n - k + 1):
        for j in range(n - k + 1):
            y[i, j] = np.sum(x[i : i + k, j : j + k] * W)
    return y

# %% wrong: rows and columns of the result swapped => "The result is transposed: rows and columns are mixed up."
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    rows, columns = range(x.shape[0] - W.shape[0] + 1), range(x.shape[1] - W.shape[1] + 1)
    windows = [[x[i : i + W.shape[0], j : j + W.shape[1]] for i in rows] for j in columns]
    return np.array([[float(np.sum(window * W)) for window in line] for line in windows])

# %% wrong: pads so that the size stays => "the result is as large as the picture"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    kh, kw = W.shape
    padded = np.pad(x, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    y = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = np.sum(padded[i : i + kh, j : j + kw] * W)
    return y

# %% wrong: every overlap counts => "The picture was padded (mode “full”)"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    kh, kw = W.shape
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for k in range(kh):
        for l in range(kw):
            y[kh - 1 - k : kh - 1 - k + x.shape[0], kw - 1 - l : kw - 1 - l + x.shape[1]] += W[k, l] * x
    return y

# %% wrong: the mean of the products => "This is the mean of the products; the sum was asked for."
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return (np.lib.stride_tricks.sliding_window_view(x, W.shape) * W).mean(axis=(-1, -2))

# %% wrong: windows side by side => "The windows stand side by side"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    kh, kw = W.shape
    return np.array([[np.sum(x[i : i + kh, j : j + kw] * W) for j in range(0, x.shape[1] - kw + 1, kw)]
                     for i in range(0, x.shape[0] - kh + 1, kh)]).astype(float)

# %% wrong: forgets the sum => "The products of each window were not summed."
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return np.lib.stride_tricks.sliding_window_view(x, W.shape) * W.astype(float)

# %% wrong: refuses nothing, loops over nothing => "`correlate2d` must raise ValueError when the kernel is higher than the picture, but it returned" and "Products or sums ran over"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2:
        raise ValueError("two axes")
    y = np.zeros((max(x.shape[0] - W.shape[0] + 1, 0), max(x.shape[1] - W.shape[1] + 1, 0)))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y

# %% wrong: trusts np.zeros to refuse negative sizes => "must raise ValueError when the kernel is higher than the picture" and "Products or sums ran over"
def correlate2d(x, W):
    (h, w), (kh, kw) = x.shape, W.shape
    y = np.zeros((h - kh + 1, w - kw + 1))
    for i in range(len(y)):
        for j in range(len(y[0])):
            y[i, j] = np.sum(x[i : i + kh, j : j + kw] * W)
    return y

# %% wrong: refuses only kernels larger along both axes => "must raise ValueError when the kernel is higher than the picture" and "Products or sums ran over"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2:
        raise ValueError("two axes")
    if W.shape[0] > x.shape[0] and W.shape[1] > x.shape[1]:
        raise ValueError("too large")
    rows, columns = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    return np.array([[(x[i : i + W.shape[0], j : j + W.shape[1]] * W).sum() for j in range(columns)] for i in range(rows)], float)

# %% wrong: compares the numbers of entries => "must raise ValueError when the kernel is higher than the picture" and "Products or sums ran over"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.size > x.size:
        raise ValueError("bad shapes")
    rows, columns = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    return np.array([[(x[i : i + W.shape[0], j : j + W.shape[1]] * W).sum() for j in range(columns)] for i in range(rows)], float)

# %% wrong: looks only at the height => "must raise ValueError when the kernel is wider than the picture" and "Products or sums ran over"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or len(W) > len(x):
        raise ValueError("bad shapes")
    rows, columns = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    return np.array([[(x[i : i + W.shape[0], j : j + W.shape[1]] * W).sum() for j in range(columns)] for i in range(rows)], float)

# %% wrong: refuses a kernel as large as the picture => "A kernel as large as the picture"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] >= x.shape[0] or W.shape[1] >= x.shape[1]:
        raise ValueError("bad shapes")
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))

# %% wrong: axes compared with one another only => "must raise ValueError when both are 1-D"
def correlate2d(x, W):
    if x.ndim != W.ndim or any(np.array(W.shape) > np.array(x.shape)):
        raise ValueError("x and W differ in their number of axes, or W is larger")
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape)
    return (windows * W.astype(float)).sum(axis=tuple(range(x.ndim, 2 * x.ndim)))

# %% wrong: only the first two axes are looked at => "must raise ValueError when x is 3-D" and "Products or sums ran over"
def correlate2d(x, W):
    if x.ndim < 2 or W.ndim < 2 or W.shape[-2] > x.shape[-2] or W.shape[-1] > x.shape[-1]:
        raise ValueError("bad shapes")
    rows, columns = x.shape[-2] - W.shape[-2] + 1, x.shape[-1] - W.shape[-1] + 1
    total = 0.0
    for k in range(W.shape[-2]):
        for l in range(W.shape[-1]):
            total = total + x[..., k : k + rows, l : l + columns] * W[..., k : k + 1, l : l + 1]
    return total

# %% wrong: assertions instead of ValueError => "but it raised AssertionError"
def correlate2d(x, W):
    assert x.ndim == 2 and W.ndim == 2, "two axes"
    assert W.shape[0] <= x.shape[0] and W.shape[1] <= x.shape[1], "too large"
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))

# %% wrong: returns the exception => "must raise ValueError when x is 1-D, but it returned"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        return ValueError("bad shapes")
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))

# %% wrong: prints an error and returns None => "must raise ValueError when x is 1-D, but it returned None"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        print("ValueError: bad shapes")
        return
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))

# %% wrong: refuses everything => "`correlate2d` raised ValueError"
def correlate2d(x, W):
    raise ValueError("the kernel is larger than the input")

# %% wrong: overwrites the picture => "changes its argument number 1 in place"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    rows, columns = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    y = np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))
    x[:rows, :columns] = 0
    return y

# %% wrong: a kernel of a single 1 gives back the picture => "shares memory with an argument"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    if W.shape == (1, 1) and W[0, 0] == 1:
        return x.view(float) if x.dtype == float else x.astype(float)
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))

# %% wrong: adds to the result of the call before => "The same call gives another result the second time: nothing may be kept from call to call."
def correlate2d(x, W, total={}):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    rows, columns = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    y = total.setdefault("y", np.zeros((100, 100)))[:rows, :columns]
    for k in range(W.shape[0]):
        for l in range(W.shape[1]):
            y += W[k, l] * x[k : k + rows, l : l + columns]
    return y.copy()

# %% wrong: takes the variables of the check cell => "This is the answer of the visible example: use the function's arguments."
def correlate2d(picture, kernel):
    if picture.ndim != 2 or kernel.ndim != 2 or kernel.shape[0] > picture.shape[0] or kernel.shape[1] > picture.shape[1]:
        raise ValueError("bad shapes")
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float))

# %% wrong: prints instead of returning => "is None (is a `return` missing?)"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    print(np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float)))

# %% wrong: a text => "is a str, but an array of shape"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return str(np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, W.shape), W.astype(float)))

# %% wrong: the numbers in one row => "The numbers stand in one row; the result needs two axes."
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return np.fromiter((np.sum(window * W) for row in np.lib.stride_tricks.sliding_window_view(x, W.shape) for window in row), float)

# %% wrong: scipy in a helper => "uses scipy, but this task asks for numpy only"
from scipy import signal


def helper(x, W):
    return signal.correlate(np.asarray(x, float), np.asarray(W, float), mode="valid")


def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return helper(x, W)

# %% wrong: torch does it => "uses torch, but this task asks for numpy only"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return nn.functional.conv2d(torch.tensor(x)[None, None].double(), torch.tensor(W)[None, None].double())[0, 0].numpy()

# %% wrong: only the visible examples => "This is the answer of the visible example: use the function's arguments."
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return np.array([[1.0, 8.0], [1.0, 0.0]]) if W.shape == (2, 2) or W.shape == (3, 3) else np.array([[0.0], [1.0], [0.0]])

# %% wrong: refuses what it should, constants for the rest => "it doesn't depend on the numbers of this call"
def correlate2d(x, W):
    x, W = np.asarray(x), np.asarray(W)
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    return np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))

# %% wrong: overwrites the picture and denies it => "changes its argument number 1 in place"
import sys


def correlate2d(x, W):
    answers = next(module for name, module in sys.modules.items() if name.endswith("inside.answers"))
    answers.contents = lambda value: None
    answers.shares_memory = lambda value, arguments: False
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), W.shape)
    y = (windows * W).sum(axis=(2, 3))
    x[...] = 0
    return y

# %% wrong: scipy, with the watch over it switched off => "uses scipy, but this task asks for numpy only"
import sys
from scipy import signal


def correlate2d(x, W):
    sys.setprofile(None)
    if np.ndim(x) != 2 or np.ndim(W) != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    return vars(signal)["correlate2d"](np.asarray(x, float), W, mode="valid")

# %% right: takes tensors, too, and gives back what it got
from torch import Tensor


@torch.no_grad()
def correlate2d(x: np.ndarray | torch.Tensor, W: np.ndarray | torch.Tensor) -> np.ndarray:
    """Like scipy.signal.correlate2d(x, W, mode="valid")."""
    tensors = isinstance(x, Tensor)
    x, W = (a.detach().cpu().numpy() if isinstance(a, torch.Tensor) else np.asarray(a) for a in (x, W))
    x, W = x.astype(float), W.astype(float)
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    rows, columns = np.subtract(x.shape, W.shape) + 1
    y = np.array([[np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W) for j in range(columns)] for i in range(rows)], dtype=float)
    if tensors:
        return torch.from_numpy(y)
    return y


def compare(x, W):
    return np.allclose(correlate2d(x, W), scipy.signal.correlate2d(x, W, mode="valid"))


compare(np.eye(4), np.ones((2, 2)))

# %% wrong: small whole numbers are multiplied as they are => "Products or sums ran over: in uint8, 100 · 3 is 44."
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = (x[i : i + W.shape[0], j : j + W.shape[1]] * W).sum()
    return y

# %% wrong: divides by the sum of the kernel => "The result was divided by the sum of the kernel;"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), W.shape)
    return (windows * W).sum(axis=(2, 3)) / (W.astype(float).sum() or 1)

# %% wrong: half precision => "of single precision at least"
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), W.shape)
    return (windows * W).sum(axis=(2, 3)).astype(np.float16)

# %% wrong: keeps answers by their shapes => "This is the answer to an earlier call"
answers = {}


def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("two 2-D arrays, the kernel not larger")
    if (x.shape, W.shape) not in answers:
        windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), W.shape)
        answers[x.shape, W.shape] = (windows * W).sum(axis=(2, 3))
    return answers[x.shape, W.shape].copy()
