"""Right and wrong solutions of the task `convolve2d`."""

# %% right: numpy's flip, then the task before
def convolve2d(x, W):
    return correlate2d(x, np.flip(W))

# %% right: turned by 180 degrees with rot90
def convolve2d(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    """rot90 refuses a 1-D kernel by itself."""
    return correlate2d(x, np.rot90(np.asanyarray(W), k=2))

# %% right: turns the picture, then the result
def convolve2d(x, W):
    print("convolving", x.shape, W.shape)
    if x.ndim != 2:
        raise ValueError("x is not 2-D")
    turned = correlate2d(x[::-1, ::-1], W)
    return turned[::-1, ::-1]

# %% right: the formula with explicit indices, float32
def convolve2d(x, W):
    for name, array in (("x", x), ("W", W)):
        if array.ndim != 2:
            raise ValueError(f"{name} has {array.ndim} axes")
    H, width = x.shape
    kH, kW = W.shape
    if H < kH or width < kW:
        raise ValueError("W is too large")
    y = np.zeros((H - kH + 1, width - kW + 1), dtype="f4")
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            for k in range(kH):
                for l in range(kW):
                    y[i, j] += float(x[i + k, j + l]) * W[kH - 1 - k, kW - 1 - l]
    return y

# %% right: the convolution theorem
def convolve2d(x, W):
    if not (x.ndim == W.ndim == 2 and W.shape[0] <= x.shape[0] and W.shape[1] <= x.shape[1]):
        raise ValueError("bad shapes")
    product = np.fft.rfft2(x) * np.fft.rfft2(W, x.shape)
    return np.fft.irfft2(product, x.shape)[W.shape[0] - 1 :, W.shape[1] - 1 :].copy()

# %% right: rows as polynomials, np.convolve
def convolve2d(x, W):
    x, W = np.asarray(x), np.asarray(W)
    if len(x.shape) != 2 or len(W.shape) != 2:
        raise ValueError("expected matrices")
    if len(W) > len(x) or len(W[0]) > len(x[0]):
        raise ValueError("kernel exceeds picture")
    lines = []
    for i in range(len(x) - len(W) + 1):
        parts = [np.convolve(x[i + k].astype(float), row, "valid") for k, row in enumerate(W[::-1])]
        lines.append(np.add.reduce(parts))
    return np.vstack(lines)

# %% right: the kernel flipped entry by entry in a list, a generator of outputs
def convolve2d(x, W):
    if np.ndim(W) != 2 or np.ndim(x) != 2:
        raise ValueError("2-D, please")
    if np.any(np.greater(W.shape, x.shape)):
        raise ValueError("too large")
    flipped = np.array([list(reversed(row)) for row in reversed(W.tolist())], dtype=float)

    def outputs():
        for i in range(x.shape[0] - W.shape[0] + 1):
            for j in range(x.shape[1] - W.shape[1] + 1):
                yield np.tensordot(x[i : i + W.shape[0], j : j + W.shape[1]], flipped, axes=2).item()

    return np.array(list(outputs())).reshape(x.shape[0] - W.shape[0] + 1, -1)

# %% right: strides of its own, negative steps
from numpy.lib.stride_tricks import as_strided


def convolve2d(x, W):
    try:
        rows, columns = np.subtract(x.shape, W.shape) + 1
        kH, kW = W.shape
        H, width = x.shape
    except ValueError:
        raise ValueError("x and W must both have two axes") from None
    if rows < 1 or columns < 1:
        raise ValueError("the kernel is larger than the picture")
    x = x.astype(np.double)
    a, b = x.strides
    windows = as_strided(x[kH - 1 :, kW - 1 :], (rows, columns, kH, kW), (a, b, -a, -b), writeable=False)
    return np.einsum("ijkl, kl", windows, W)

# %% right: spreads each pixel over the full result, then cuts the middle out
class Convolver:
    def full(self, x, W):
        out = np.zeros(np.add(x.shape, W.shape) - 1)
        for (i, j), value in np.ndenumerate(x):
            out[i : i + W.shape[0], j : j + W.shape[1]] += value * W.astype(float)
        return out

    def valid(self, x, W):
        if x.ndim != 2 or W.ndim != 2 or x.shape[0] < W.shape[0] or x.shape[1] < W.shape[1]:
            raise ValueError("no place for the kernel")
        return self.full(x, W)[W.shape[0] - 1 : x.shape[0], W.shape[1] - 1 : x.shape[1]]


convolve2d = Convolver().valid

# %% right: the one-dimensional order of a turned matrix is the reverse
convolve2d = lambda x, W: correlate2d(x, W if W.ndim != 2 else W.ravel()[::-1].reshape(W.shape))

# %% wrong: doesn't flip => "This is the cross-correlation: the kernel was not flipped."
def convolve2d(x, W):
    return correlate2d(x, W)

# %% wrong: flips the rows only => "The kernel was flipped upside down only: convolution flips both axes, correlation none."
def convolve2d(x, W):
    if np.ndim(W) != 2:
        raise ValueError("W")
    return correlate2d(x, W[::-1])

# %% wrong: flips the columns only => "The kernel was flipped left to right only: convolution flips both axes, correlation none."
def convolve2d(x, W):
    if np.ndim(W) != 2:
        raise ValueError("W")
    return correlate2d(x, np.fliplr(W))

# %% wrong: flips rows twice => "This is the cross-correlation: the kernel was not flipped."
def convolve2d(x, W):
    if np.ndim(W) != 2:
        raise ValueError("W")
    return correlate2d(x, np.flipud(W)[::-1])

# %% wrong: transposes the kernel => "The kernel was transposed; flipping is something else."
def convolve2d(x, W):
    return correlate2d(x, W.T)

# %% wrong: turns the kernel by 90 degrees => "The kernel was turned by 90°."
def convolve2d(x, W):
    return correlate2d(x, np.rot90(W))

# %% wrong: transposes and flips => "The kernel was flipped and transposed; flip both axes, no more."
def convolve2d(x, W):
    return correlate2d(x, np.flip(W.T))

# %% wrong: flips the picture instead => "The result is turned by 180°: the picture is never flipped."
def convolve2d(x, W):
    return correlate2d(np.flip(x), W)

# %% wrong: flips kernel and picture => "Picture and kernel were flipped; the picture stays as it is."
def convolve2d(x, W):
    return correlate2d(np.flip(x), np.flip(W))

# %% wrong: index W[kH - k] => "raised IndexError"
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    kH, kW = W.shape
    y = np.zeros((x.shape[0] - kH + 1, x.shape[1] - kW + 1))
    for i, j in np.ndindex(y.shape):
        for k, l in np.ndindex(W.shape):
            y[i, j] += x[i + k, j + l] * W[kH - k, kW - l]
    return y

# %% wrong: index W[-k], off by one => "Row k of the flipped kernel is row kH - 1 - k of W; here it is one off."
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))
    for i, j in np.ndindex(y.shape):
        for k, l in np.ndindex(W.shape):
            y[i, j] += x[i + k, j + l] * W[-k, -l]
    return y

# %% wrong: flips in place => "changes its argument number 2 in place"
def convolve2d(x, W):
    if W.ndim != 2:
        raise ValueError("W")
    W[:] = np.flip(W).copy()
    return correlate2d(x, W)

# %% wrong: flips in place and back only if all went well => "must raise ValueError when the kernel is 3-D"
def convolve2d(x, W):
    if W.ndim == 3:
        W = W[0]
    return correlate2d(x, np.flip(W))

# %% wrong: the slice of a 1-D kernel => "must raise ValueError when the kernel is 1-D, but it raised IndexError"
def convolve2d(x, W):
    return correlate2d(x, W[::-1, ::-1])

# %% wrong: a TypeError => "but it raised TypeError"
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2:
        raise TypeError("two axes are needed")
    return correlate2d(x, np.flip(W))

# %% wrong: swallows the error of correlate2d => "must raise ValueError when x is 1-D, but it returned None"
def convolve2d(x, W):
    try:
        return correlate2d(x, np.flip(W))
    except ValueError as error:
        print(error)

# %% wrong: swaps the arrays when the kernel is larger => "must raise ValueError when the kernel is higher than the picture" and "Products or sums ran over"
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2:
        raise ValueError("two axes")
    if W.shape[0] > x.shape[0]:
        x, W = W, x
    y = np.zeros((x.shape[0] - W.shape[0] + 1, abs(x.shape[1] - W.shape[1]) + 1))
    W = np.flip(W)
    for i, j in np.ndindex(y.shape):
        window = x[i : i + W.shape[0], j : j + W.shape[1]]
        y[i, j] = np.sum(window * W[: window.shape[0], : window.shape[1]])
    return y

# %% wrong: arguments the other way round => "`convolve2d` raised ValueError"
def convolve2d(x, W):
    return correlate2d(np.flip(W), x)

# %% wrong: the full convolution => "The picture was padded (mode “full”) and the kernel flipped."
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    out = np.zeros((x.shape[0] + W.shape[0] - 1, x.shape[1] + W.shape[1] - 1))
    for (i, j), value in np.ndenumerate(x):
        out[i : i + W.shape[0], j : j + W.shape[1]] += value * W
    return out

# %% wrong: as large as the picture => "the result is as large as it (mode “same”), the kernel flipped"
def convolve2d(x, W):
    correlate2d(x, np.flip(W))
    return correlate2d(np.pad(x, [(k // 2, (k - 1) // 2) for k in W.shape]), np.flip(W))

# %% wrong: circular, from the Fourier transform => "Both ends of the picture are mixed (Fourier transform)"
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    y = np.fft.irfft2(np.fft.rfft2(x) * np.fft.rfft2(W, x.shape), x.shape)
    return y[: x.shape[0] - W.shape[0] + 1, : x.shape[1] - W.shape[1] + 1]

# %% wrong: kernels of three only => "`convolve2d` raised"
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    K = np.array([[W[1 - k, 1 - l] for l in (0, 1)] for k in (0, 1)]) if len(W) == 2 else W[[2, 1, 0]][:, [2, 1, 0]]
    return correlate2d(x, K)

# %% wrong: rounds the result => "Values were cut to whole numbers"
def convolve2d(x, W):
    return correlate2d(x, np.flip(W)).astype(int).astype(float)

# %% wrong: a list of texts => "is a list that holds texts, but an array of shape"
def convolve2d(x, W):
    return [[f"{value:.2f}" for value in row] for row in correlate2d(x, np.flip(W))]

# %% wrong: scipy => "uses scipy, but this task asks for numpy only"
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return scipy.signal.convolve2d(x, W, mode="valid") * 1.0

# %% wrong: the visible example by heart => "This is the answer of the visible example"
def convolve2d(x, W):
    correlate2d(x, W)
    return np.array([[3.0, 6.0], [-1.0, 2.0]])

# %% wrong: forgets the return => "is None (is a `return` missing?)"
def convolve2d(x, W):
    flipped = np.flip(W)
    result = correlate2d(x, flipped)

# %% wrong: is the result, not the function => "but a function was expected"
convolve2d = correlate2d(np.array([[1, 2, 0], [0, 1, 3], [2, 1, 1]]), np.array([[2, 0], [-1, 1]]))

# %% wrong: the negative of the cross-correlation => "This is the cross-correlation with the other sign"
def convolve2d(x, W):
    return -correlate2d(x, W)
