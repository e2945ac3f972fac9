"""Right and wrong solutions of the task `max_pool2d_backward`."""

# %% right: two loops over a window's places
def max_pool2d_backward(x, grad, size, stride=None):
    step = stride or size
    result = np.zeros(x.shape)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            best = (i * step, j * step)
            for k in range(size):
                for m in range(size):
                    if x[i * step + k, j * step + m] > x[best]:
                        best = (i * step + k, j * step + m)
            result[best] += grad[i, j]
    return result


# %% right: windows and np.add.at, float32
def max_pool2d_backward(x, grad, size, stride=None):
    step = size if stride is None else stride
    places = np.arange(x.size).reshape(x.shape)
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(x, (size, size))[::step, ::step].reshape(*grad.shape, -1)
    where = view(places, (size, size))[::step, ::step].reshape(*grad.shape, -1)
    first = np.take_along_axis(where, windows.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    result = np.zeros(x.size, dtype=np.float32)
    np.add.at(result, first.ravel(), grad.ravel())
    return result.reshape(x.shape)


# %% right: bincount, nested lists
def max_pool2d_backward(x, grad, size, stride=None):
    step = stride if stride is not None else size
    columns, goals, values = x.shape[1], [], []
    for (i, j), value in np.ndenumerate(grad):
        k, m = divmod(int(np.argmax(x[i * step : i * step + size, j * step : j * step + size])), size)
        goals.append((i * step + k) * columns + j * step + m)
        values.append(float(value))
    return np.bincount(goals, weights=values, minlength=x.size).reshape(x.shape).tolist()


# %% right: argwhere of the maximum, the first one
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = 0.0 * x
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            top, left = stride * i, stride * j
            window = x[top : top + size, left : left + size]
            row, column = np.argwhere(window == window.max())[0]
            result[top + row, left + column] += grad[i, j]
    return result


# %% wrong: all in a tie => "In a tie all of them got the whole gradient"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = np.s_[i * stride : i * stride + size, j * stride : j * stride + size]
        result[window] += grad[i, j] * (x[window] == x[window].max())
    return result


# %% wrong: shared in a tie => "In a tie the gradient was shared"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = np.s_[i * stride : i * stride + size, j * stride : j * stride + size]
        mask = x[window] == x[window].max()
        result[window] += grad[i, j] * mask / mask.sum()
    return result


# %% wrong: the last in a tie => "In a tie the last one got the gradient"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        best = (i * stride, j * stride)
        for k, m in np.ndindex(size, size):
            if x[i * stride + k, j * stride + m] >= x[best]:
                best = (i * stride + k, j * stride + m)
        result[best] += grad[i, j]
    return result


# %% wrong: column by column in a tie => "In a tie the leftmost got the gradient"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        column, row = divmod(int(x[i * stride : i * stride + size, j * stride : j * stride + size].T.argmax()), size)
        result[i * stride + row, j * stride + column] += grad[i, j]
    return result


# %% wrong: overwrites => "a later window overwrites what came before"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(x[i * stride : i * stride + size, j * stride : j * stride + size].argmax()), size)
        result[i * stride + row, j * stride + column] = grad[i, j]
    return result


# %% wrong: average pooling => "Each number of a window got the same share"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        result[i * stride : i * stride + size, j * stride : j * stride + size] += grad[i, j] / size**2
    return result


# %% wrong: the smallest => "The smallest number of each window got the gradient"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(x[i * stride : i * stride + size, j * stride : j * stride + size].argmin()), size)
        result[i * stride + row, j * stride + column] += grad[i, j]
    return result


# %% wrong: the largest absolute value => "The number of the largest absolute value got the gradient"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = np.abs(x[i * stride : i * stride + size, j * stride : j * stride + size])
        row, column = divmod(int(window.argmax()), size)
        result[i * stride + row, j * stride + column] += grad[i, j]
    return result


# %% wrong: windows always side by side => "The windows were taken side by side"
def max_pool2d_backward(x, grad, size, stride=None):
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * size : i * size + size, j * size : j * size + size]
        if window.size:
            row, column = np.unravel_index(window.argmax(), window.shape)
            result[i * size + row, j * size + column] += grad[i, j]
    return result


# %% wrong: forgets where the window starts => "The place inside a window was taken for the place in x"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(x[i * stride : i * stride + size, j * stride : j * stride + size].argmax()), size)
        result[row, column] += grad[i, j]
    return result


# %% wrong: only the mask => "The gradient of 1 was used in place of `grad`"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(x[i * stride : i * stride + size, j * stride : j * stride + size].argmax()), size)
        result[i * stride + row, j * stride + column] = 1
    return result


# %% wrong: starts the search from 0 => "has wrong values"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        largest, best = 0, None
        for k, m in np.ndindex(size, size):
            if best is None and x[i * stride + k, j * stride + m] == 0 or x[i * stride + k, j * stride + m] > largest:
                largest, best = x[i * stride + k, j * stride + m], (i * stride + k, j * stride + m)
        result[best] += grad[i, j]
    return result


# %% wrong: into the type of x => "Gradients were cut to whole numbers"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros_like(x)
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(x[i * stride : i * stride + size, j * stride : j * stride + size].argmax()), size)
        result[i * stride + row, j * stride + column] += np.asarray(grad[i, j], dtype=x.dtype)
    return result


# %% wrong: marks the places in x => "changes its argument number 1 in place"
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    old = np.array(x, dtype=float)
    if x.dtype != float:
        x = x.astype(float)
    x[:] = 0
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(old[i * stride : i * stride + size, j * stride : j * stride + size].argmax()), size)
        x[i * stride + row, j * stride + column] += grad[i, j]
    return x.copy()
