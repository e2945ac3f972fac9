"""Right and wrong solutions of the task `max_pool2d`."""

# %% right: two loops over the starts of the windows
def max_pool2d(x, size, stride=None):
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
            y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].max()
    return y

# %% right: sliding windows, every stride-th of them
from numpy.lib.stride_tricks import sliding_window_view


def max_pool2d(x, size, stride=None):
    step = stride or size
    if np.ndim(x) != 2:
        raise ValueError(f"x has {np.ndim(x)} axes")
    return sliding_window_view(x, (size, size))[::step, ::step].max(axis=(-2, -1))

# %% right: shifted pictures, one for each place in the window
def max_pool2d(x, size, stride=None):
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
    return np.maximum.reduce(shifted)

# %% right: plain Python lists, a generator, chatty
import warnings


def max_pool2d(x, size, stride=None):
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
            line.append(max(numbers))
        if line:
            result.append(line)
    if not result:
        raise ValueError("not one window")
    return result

# %% right: rows first, then columns, with strides of its own
def max_pool2d(x: np.ndarray, size: int, stride: int | None = None) -> np.ndarray:
    """The window is a square, so both axes can be done one after the other."""
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")

    def along_rows(a):
        a = np.ascontiguousarray(a, dtype=float)
        count = (a.shape[0] - size) // (stride or size) + 1
        windows = np.lib.stride_tricks.as_strided(
            a, (count, size, a.shape[1]), (a.strides[0] * (stride or size), *a.strides), writeable=False
        )
        return windows.max(axis=1)

    return along_rows(along_rows(x).T).T

# %% right: reshape where it works, indices elsewhere
def max_pool2d(x, size, stride=None):
    match x.shape:
        case (H, W) if H >= size and W >= size:
            pass
        case _:
            raise ValueError("no window fits into x")
    if stride in (None, size):
        blocks = x[: H // size * size, : W // size * size].reshape(H // size, size, W // size, size)
        return blocks.max(axis=(1, 3))
    i = np.arange(0, H - size + 1, stride)[:, None, None, None] + np.arange(size)[:, None]
    j = np.arange(0, W - size + 1, stride)[None, :, None, None] + np.arange(size)
    return x[i, j].max((2, 3))

# %% right: sorts each window, recursion over the rows
def max_pool2d(x, size, stride=None):
    step = stride if stride is not None else size
    if x.ndim != 2 or any(n < size for n in x.shape):
        raise ValueError("window too large")

    def pooled(rest):
        if len(rest) < size:
            return []
        line = [np.sort(rest[:size, j : j + size], axis=None)[-1] for j in range(0, rest.shape[1] - size + 1, step)]
        return [line, *pooled(rest[step:])]

    return np.array(pooled(x))

# %% right: starts from minus infinity
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if len(np.shape(x)) != 2 or size > len(x) or size > len(x[0]):
        raise ValueError("bad")
    y = np.full(((len(x) - size) // stride + 1, (len(x[0]) - size) // stride + 1), -np.inf)
    for (i, j), _ in np.ndenumerate(y):
        for a in range(size):
            for b in range(size):
                if x[i * stride + a, j * stride + b] > y[i, j]:
                    y[i, j] = x[i * stride + a, j * stride + b]
    return y

# %% wrong: the stride is never used => "The stride was ignored: windows stand side by side."
def max_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size).max(axis=(1, 3))

# %% wrong: a stride of 1 by default => "Windows move by one pixel; they should move by the stride."
def max_pool2d(x, size, stride=1):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: None isn't replaced => "raised TypeError"
def max_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: a stride of 2 by default => "max_pool2d(x, 3) with x (6, 9)" and "Where no stride is given, windows move by 2 here"
def max_pool2d(x, size, stride=2):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: incomplete windows are kept => "Windows that reach over the border were kept; drop them."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0], stride), range(0, x.shape[1], stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: rounds the number of windows up => "Incomplete windows at the border were kept; drop them."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows = int(np.ceil((x.shape[0] - size) / stride)) + 1
    columns = int(np.ceil((x.shape[1] - size) / stride)) + 1
    high, wide = (rows - 1) * stride + size - x.shape[0], (columns - 1) * stride + size - x.shape[1]
    x = np.pad(x, ((0, max(high, 0)), (0, max(wide, 0))), constant_values=-np.inf if x.dtype.kind == "f" else 0)
    return np.array([[x[i * stride : i * stride + size, j * stride : j * stride + size].max() for j in range(columns)] for i in range(rows)])

# %% wrong: forgets the first window => "The last row and column of windows are missing: add 1 for the first window."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    y = np.zeros(((x.shape[0] - size) // stride, (x.shape[1] - size) // stride))
    for i, j in np.ndindex(y.shape):
        y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].max()
    return y

# %% wrong: rows and columns swapped => "The result is transposed."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for i in rows] for j in columns])

# %% wrong: square pictures only => "max_pool2d(x, 3) with x (6, 9)" and "There are as many columns of windows as rows here"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    n = (len(x) - size) // stride + 1
    y = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            y[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].max()
    return y

# %% wrong: the stride for the rows only => "The stride was used for the rows only."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride]
    return windows.max(axis=(2, 3))

# %% wrong: size and stride mixed up => "Size and stride are mixed up."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - stride + 1, size), range(0, x.shape[1] - stride + 1, size)
    return np.array([[x[i : i + stride, j : j + stride].max() for j in columns] for i in rows])

# %% wrong: slices one too short => "Windows are size - 1 rows high"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + max(size - 1, 1), j : j + max(size - 1, 1)].max() for j in columns] for i in rows])

# %% wrong: only whole multiples of the size => "raised ValueError"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    if stride == size:
        return x.reshape(x.shape[0] // size, size, x.shape[1] // size, size).max(axis=(1, 3))
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: no look at the size => "must raise ValueError when the window is higher than the picture"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2:
        raise ValueError("two axes")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: compares the window with the height only => "must raise ValueError when the window is wider than the picture"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size > len(x):
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: compares the numbers of pixels => "must raise ValueError when the window is higher than the picture"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size**2 > x.size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: refuses a window as large as the picture => "Windows of one pixel, a window as large as the picture"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size >= min(x.shape):
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: pools the last two axes of anything => "must raise ValueError when x is 3-D"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim < 2 or min(x.shape[-2:]) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(-2, -1))
    return windows[..., ::stride, ::stride, :, :].max(axis=(-1, -2))

# %% wrong: an IndexError for a row => "must raise ValueError when x is 1-D, but it raised IndexError"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.shape[0] < size or x.shape[1] < size or x.ndim > 2:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: None where no window fits => "must raise ValueError when x is 1-D, but it returned None"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        print("no window fits")
        return None
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: writes into the picture => "changes its argument number 1 in place"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    y = np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])
    x[-1, -1] += 1
    return y

# %% wrong: a view for windows of one pixel => "shares memory with an argument"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    if size == 1:
        return x[::stride, ::stride]
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: the picture of the check cell => "This is the answer of the visible example: use the function's arguments."
def max_pool2d(picture, size, stride=None):
    stride = size if stride is None else stride
    if picture.ndim != 2 or min(picture.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% wrong: numbers in one row => "The numbers stand in one row; the result needs two axes."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([x[i : i + size, j : j + size].max() for i in rows for j in columns])

# %% wrong: the whole picture => "This is one number of the whole picture"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return x.max()

# %% wrong: torch => "uses torch, but this task asks for numpy only"
def max_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return torch.nn.functional.max_pool2d(torch.from_numpy(x.astype(float))[None, None], size, stride)[0, 0].numpy()

# %% wrong: the visible example by heart => "This is the answer of the visible example"
def max_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return np.array([[5, 8]])

# %% wrong: starts from 0 => "Negative maxima became 0: start from the window's own numbers, not from 0."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    y = np.zeros(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1))
    for i, j in np.ndindex(y.shape):
        for value in x[i * stride : i * stride + size, j * stride : j * stride + size].flat:
            y[i, j] = max(y[i, j], value)
    return y

# %% wrong: starts from -1000 => "Maxima below -1,000 became -1,000"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    y = np.full(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1), -1000.0)
    for i, j in np.ndindex(y.shape):
        y[i, j] = max([y[i, j], *x[i * stride : i * stride + size, j * stride : j * stride + size].ravel()])
    return y

# %% wrong: minus the minimum of minus x => "In uint8 there are no negative numbers"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(-x, (size, size))[::stride, ::stride]
    return -windows.min(axis=(2, 3))

# %% wrong: the minimum => "This is the minimum of each window."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.min(axis=(2, 3))

# %% wrong: the mean => "This is the mean of each window."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% wrong: the largest absolute value => "These are the largest absolute values."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(np.abs(x), (size, size))[::stride, ::stride]
    return windows.max(axis=(2, 3))

# %% wrong: the place of the maximum => "This is the place of the maximum in its window (argmax); its value was asked for."
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[1] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].argmax() for j in columns] for i in rows])

# %% wrong: the maxima of rows only => "has shape (3, 3, 2), but shape (3, 3) was expected"
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.max(axis=-1)

# %% wrong: scipy's filter, every stride-th pixel => "uses scipy, but this task asks for numpy only"
from scipy.ndimage import maximum_filter


def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    filtered = maximum_filter(x, size, origin=-(size // 2) if size % 2 else -(size // 2 - 1) - 1)
    return filtered[: x.shape[0] - size + 1 : stride, : x.shape[1] - size + 1 : stride]

# %% wrong: refuses what it should, constants for the rest => "it doesn't depend on the numbers of this call"
def max_pool2d(x, size, stride=None):
    x, stride = np.asarray(x), stride or size
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("a 2-D array with room for a window")
    return np.full(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1), 3.0)

# %% wrong: windows one pixel too large => "Windows are one pixel too large"
def max_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    stride = stride or size
    rows, columns = ((n - size) // stride + 1 for n in x.shape)
    return np.array([[x[i * stride :, j * stride :][: size + 1, : size + 1].max() for j in range(columns)] for i in range(rows)])

# %% wrong: windows as large as the stride => "Windows are as large as the stride"
def max_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    stride = stride or size
    rows, columns = ((n - size) // stride + 1 for n in x.shape)
    return np.array([[x[i * stride :, j * stride :][:stride, :stride].max() for j in range(columns)] for i in range(rows)])

# %% wrong: the number of the largest magnitude, with its sign => "These are the numbers with the largest absolute value."
def max_pool2d(x, size, stride=None):
    if np.ndim(x) != 2 or size > min(x.shape):
        raise ValueError("a picture that is large enough was expected")
    stride = stride or size
    rows, columns = ((n - size) // stride + 1 for n in x.shape)
    windows = [[x[i * stride :, j * stride :][:size, :size].ravel().astype(float) for j in range(columns)] for i in range(rows)]
    return np.array([[window[np.abs(window).argmax()] for window in row] for row in windows])
