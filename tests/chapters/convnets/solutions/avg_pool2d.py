"""Right and wrong solutions of the task `avg_pool2d`."""

# %% right: two loops over the starts of the windows
def avg_pool2d(x, size, stride=None):
    x = np.asarray(x)
    if stride is None:
        stride = size
    if x.ndim != 2 or x.shape[0] < size or x.shape[1] < size:
        raise ValueError("no window fits")
    rows = (x.shape[0] - size) // stride + 1
    columns = (x.shape[1] - size) // stride + 1
    y = np.empty((rows, columns))
    for i in range(rows):
        for j in range(columns):
            y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].mean()
    return y

# %% right: sliding windows, every stride-th of them
from numpy.lib.stride_tricks import sliding_window_view


def avg_pool2d(x, size, stride=None):
    step = stride or size
    if np.ndim(x) != 2:
        raise ValueError(f"x has {np.ndim(x)} axes")
    return sliding_window_view(x, (size, size))[::step, ::step].mean(axis=(-2, -1))

# %% right: shifted pictures, one for each place in the window
def avg_pool2d(x, size, stride=None):
    step = size if stride is None else stride
    try:
        H, W = x.shape
    except ValueError as error:
        raise ValueError("x must have two axes") from error
    if size > H or size > W:
        raise ValueError("size")
    last_row, last_column = H - size, W - size
    shifted = [
        x[a : last_row + a + 1 : step, b : last_column + b + 1 : step].astype(np.float32) for a in range(size) for b in range(size)
    ]
    return sum(shifted) / len(shifted)

# %% right: plain Python lists, a generator, chatty
import warnings


def avg_pool2d(x, size, stride=None):
    warnings.warn("slow")
    print("x:", x)

    def windows(count, length):
        start = 0
        while start + size <= length:
            yield slice(start, start + size)
            start += stride if stride is not None else size

    if getattr(x, "ndim", 0) != 2:
        raise ValueError
    table = x.tolist()
    result = []
    for rows in windows(size, len(table)):
        line = []
        for columns in windows(size, len(table[0])):
            numbers = [number for row in table[rows] for number in row[columns]]
            line.append(sum(numbers) / len(numbers))
        if line:
            result.append(line)
    if not result:
        raise ValueError("not one window")
    return result

# %% right: rows first, then columns, with strides of its own
def avg_pool2d(x: np.ndarray, size: int, stride: int | None = None) -> np.ndarray:
    """The window is a square, so both axes can be done one after the other."""
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")

    def along_rows(a):
        a = np.ascontiguousarray(a, dtype=float)
        count = (a.shape[0] - size) // (stride or size) + 1
        windows = np.lib.stride_tricks.as_strided(
            a, (count, size, a.shape[1]), (a.strides[0] * (stride or size), *a.strides), writeable=False
        )
        return windows.mean(axis=1)

    return along_rows(along_rows(x).T).T

# %% right: reshape where it works, indices elsewhere
def avg_pool2d(x, size, stride=None):
    match x.shape:
        case (H, W) if H >= size and W >= size:
            pass
        case _:
            raise ValueError("no window fits into x")
    if stride in (None, size):
        blocks = x[: H // size * size, : W // size * size].reshape(H // size, size, W // size, size)
        return blocks.mean(axis=(1, 3))
    i = np.arange(0, H - size + 1, stride)[:, None, None, None] + np.arange(size)[:, None]
    j = np.arange(0, W - size + 1, stride)[None, :, None, None] + np.arange(size)
    return x[i, j].mean((2, 3))

# %% right: an integral image
def avg_pool2d(x, size, stride=None):
    step = stride or size
    if x.ndim != 2 or size > min(x.shape):
        raise ValueError("bad shape")
    total = np.zeros((x.shape[0] + 1, x.shape[1] + 1))
    total[1:, 1:] = x.astype(float).cumsum(axis=0).cumsum(axis=1)
    sums = total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    return sums[::step, ::step] / size**2

# %% right: the cross-correlation with a constant kernel
def avg_pool2d(x, size, stride=None):
    step = size if stride is None else stride
    return correlate2d(x, np.full((size, size), 1 / size**2))[::step, ::step].copy()

# %% right: two matrices that average rows and columns
def avg_pool2d(x, size, stride=None):
    def averages(n):
        count = (n - size) // (stride or size) + 1
        if count < 1:
            raise ValueError("no window")
        return np.array([[(0 <= k - i * (stride or size) < size) / size for k in range(n)] for i in range(count)])

    H, W = x.shape
    return averages(H) @ x @ averages(W).T

# %% wrong: the stride is never used => "The stride was ignored: windows stand side by side."
def avg_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size).mean(axis=(1, 3))

# %% wrong: a stride of 1 by default => "Windows move by one pixel; they should move by the stride."
def avg_pool2d(x, size, stride=1):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: None isn't replaced => "raised TypeError"
def avg_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: a stride of 2 by default => "avg_pool2d(x, 3) with x (6, 9)" and "Where no stride is given, windows move by 2 here"
def avg_pool2d(x, size, stride=2):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: incomplete windows are kept => "Windows that reach over the border were kept; drop them."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0], stride), range(0, x.shape[1], stride)
    return np.array([[x[i : i + size, j : j + size].sum() / size**2 for j in columns] for i in rows])

# %% wrong: rounds the number of windows up => "Incomplete windows at the border were kept; drop them."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows = int(np.ceil((x.shape[0] - size) / stride)) + 1
    columns = int(np.ceil((x.shape[1] - size) / stride)) + 1
    high, wide = (rows - 1) * stride + size - x.shape[0], (columns - 1) * stride + size - x.shape[1]
    x = np.pad(x, ((0, max(high, 0)), (0, max(wide, 0))))
    return np.array([[x[i * stride : i * stride + size, j * stride : j * stride + size].mean() for j in range(columns)] for i in range(rows)])

# %% wrong: forgets the first window => "The last row and column of windows are missing: add 1 for the first window."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    y = np.zeros(((x.shape[0] - size) // stride, (x.shape[1] - size) // stride))
    for i, j in np.ndindex(y.shape):
        y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].mean()
    return y

# %% wrong: rows and columns swapped => "The result is transposed."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for i in rows] for j in columns])

# %% wrong: square pictures only => "avg_pool2d(x, 3) with x (6, 9)" and "There are as many columns of windows as rows here"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    n = (len(x) - size) // stride + 1
    y = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].mean()
    return y

# %% wrong: the stride for the rows only => "The stride was used for the rows only."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride]
    return windows.mean(axis=(2, 3))

# %% wrong: size and stride mixed up => "Size and stride are mixed up."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - stride + 1, size), range(0, x.shape[1] - stride + 1, size)
    return np.array([[x[i : i + stride, j : j + stride].mean() for j in columns] for i in rows])

# %% wrong: slices one too short => "Windows are size - 1 rows high"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + max(size - 1, 1), j : j + max(size - 1, 1)].mean() for j in columns] for i in rows])

# %% wrong: only whole multiples of the size => "raised ValueError"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    if stride == size:
        return x.reshape(x.shape[0] // size, size, x.shape[1] // size, size).mean(axis=(1, 3))
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: no look at the size => "must raise ValueError when the window is higher than the picture"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2:
        raise ValueError("two axes")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: compares the window with the height only => "must raise ValueError when the window is wider than the picture"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size > len(x):
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: compares the numbers of pixels => "must raise ValueError when the window is higher than the picture"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size**2 > x.size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: refuses a window as large as the picture => "Windows of one pixel, a window as large as the picture"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size >= min(x.shape):
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: pools the last two axes of anything => "must raise ValueError when x is 3-D"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim < 2 or min(x.shape[-2:]) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(-2, -1))
    return windows[..., ::stride, ::stride, :, :].mean(axis=(-1, -2))

# %% wrong: an IndexError for a row => "must raise ValueError when x is 1-D, but it raised IndexError"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.shape[0] < size or x.shape[1] < size or x.ndim > 2:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: None where no window fits => "must raise ValueError when x is 1-D, but it returned None"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        print("no window fits")
        return None
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: writes into the picture => "changes its argument number 1 in place"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    y = np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])
    x[-1, -1] += 1
    return y

# %% wrong: a view for windows of one pixel => "shares memory with an argument"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    if size == 1:
        return x[::stride, ::stride]
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: the picture of the check cell => "This is the answer of the visible example: use the function's arguments."
def avg_pool2d(picture, size, stride=None):
    stride = size if stride is None else stride
    if picture.ndim != 2 or min(picture.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: numbers in one row => "The numbers stand in one row; the result needs two axes."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([x[i : i + size, j : j + size].mean() for i in rows for j in columns])

# %% wrong: the whole picture => "This is one number of the whole picture"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return x.mean()

# %% wrong: torch => "uses torch, but this task asks for numpy only"
def avg_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return torch.nn.functional.avg_pool2d(torch.from_numpy(x.astype(float))[None, None], size, stride)[0, 0].numpy()

# %% wrong: the visible example by heart => "This is the answer of the visible example"
def avg_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return np.array([[3.25, 4.25]])

# %% wrong: means are cut => "Means were cut to whole numbers: the result needs a floating type."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    y = np.zeros(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1), dtype=x.dtype)
    for i, j in np.ndindex(y.shape):
        y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].mean()
    return y

# %% wrong: division without a rest => "Means of whole numbers are floats" and "Means were cut to whole numbers: the result needs a floating type."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.sum(axis=(2, 3)) // size**2

# %% wrong: sums in the picture's type => "Sums ran over: in uint8, 200 + 100 is 44."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = (x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1
    total = np.zeros((rows, columns), dtype=x.dtype)
    for a in range(size):
        for b in range(size):
            total += x[a : a + (rows - 1) * stride + 1 : stride, b : b + (columns - 1) * stride + 1 : stride]
    return total / size**2

# %% wrong: the sum => "This is the sum of each window."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].sum() for j in columns] for i in rows])

# %% wrong: the maximum => "This is the maximum of each window."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: half of the largest and the smallest => "the mean of the largest and the smallest number"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), (size, size))[::stride, ::stride]
    return (windows.min(axis=(2, 3)) + windows.max(axis=(2, 3))) / 2

# %% wrong: the median => "This is the median of each window"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return np.median(windows, axis=(2, 3))

# %% wrong: divides by 4 => "Sums were divided by 4, not by the number of pixels in a window."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.sum(axis=(2, 3)) / 4

# %% wrong: divides by the size => "Sums were divided by size, not by the number of pixels in a window."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.sum(axis=(2, 3)) / size

# %% wrong: divides by the stride's square => "Sums were divided by the stride's square"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.sum(axis=(2, 3)) / stride**2

# %% wrong: rounded => "Values were rounded to whole numbers."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.mean(axis=(2, 3)).round()

# %% wrong: leaves incomplete windows their own mean => "Windows that reach over the border were kept, with the mean of their pixels inside it; drop them."
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0], stride), range(0, x.shape[1], stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: scipy => "uses scipy, but this task asks for numpy only"
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return scipy.signal.correlate2d(x, np.ones((size, size)) / size**2, mode="valid")[::stride, ::stride]

# %% wrong: divides by the number of pixels that aren't zero => "zeros count in the mean, too"
def avg_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[:: stride or size, :: stride or size]
    return windows.sum(axis=(2, 3)) / np.maximum(np.count_nonzero(windows, axis=(2, 3)), 1)

# %% wrong: the mean of the absolute values => "negative numbers lost their sign"
def avg_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[:: stride or size, :: stride or size]
    return np.abs(windows.astype(float)).mean(axis=(2, 3))

# %% wrong: negative means are cut off => "Negative means became 0"
def avg_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[:: stride or size, :: stride or size]
    return np.maximum(windows.mean(axis=(2, 3)), 0)

# %% wrong: reshaped to pieces of rows => "the last two axes aren't windows"
def avg_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    if stride in (None, size):
        rows, columns = x.shape[0] // size, x.shape[1] // size
        return x[: rows * size, : columns * size].reshape(rows, columns, size, size).mean(axis=(2, 3))
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.mean(axis=(2, 3))

# %% wrong: the root of the mean square => "This is the root of the mean of the squares"
def avg_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[:: stride or size, :: stride or size]
    return np.sqrt((windows.astype(float) ** 2).mean(axis=(2, 3)))
