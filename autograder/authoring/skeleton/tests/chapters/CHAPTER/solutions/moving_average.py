"""Right and wrong solutions of the task `moving_average`."""

# %% right: with numpy's convolution
def moving_average(x, size):
    x = np.asarray(x, dtype=float)
    if x.ndim != 1 or size < 1 or size > x.size:
        raise ValueError("no window fits")
    return np.convolve(x, np.ones(size) / size, mode="valid")

# %% right: with two loops, a list, a message
def moving_average(x, size):
    print("working")
    if len(np.shape(x)) != 1 or not 0 < size <= len(x):
        raise ValueError
    result = []
    for i in range(len(x) - size + 1):
        total = 0
        for k in range(size):
            total += x[i + k]
        result.append(total / size)
    return result

# %% right: by running sums
def moving_average(x, size):
    x = np.array(x, dtype=np.float64)
    if x.ndim != 1 or size not in range(1, len(x) + 1):
        raise ValueError(size)
    total = np.concatenate([[0], x.cumsum()])
    return (total[size:] - total[:-size]) / size

# %% right: with windows, in single precision
def moving_average(x, size):
    x = np.asarray(x, np.float32)
    if x.ndim != 1:
        raise ValueError("one axis only")
    if size < 1:
        raise ValueError("at least one value")
    return np.lib.stride_tricks.sliding_window_view(x, size).mean(axis=-1)

# %% wrong: sums => "These are sums"
def moving_average(x, size):
    if np.ndim(x) != 1 or not 1 <= size <= len(x):
        raise ValueError
    return np.convolve(x, np.ones(size), mode="valid")

# %% wrong: one value too few => "one value too short"
def moving_average(x, size):
    if np.ndim(x) != 1 or not 1 <= size <= len(x):
        raise ValueError
    return np.array([x[i : i + size - 1].mean() for i in range(len(x) - size + 1)])

# %% wrong: forgets the last mean => "The last mean is missing"
def moving_average(x, size):
    if np.ndim(x) != 1 or not 1 <= size <= len(x):
        raise ValueError
    return np.array([x[i : i + size].mean() for i in range(len(x) - size)])

# %% wrong: zeros at the ends => "Zeros were added"
def moving_average(x, size):
    if np.ndim(x) != 1 or not 1 <= size <= len(x):
        raise ValueError
    return np.convolve(x, np.ones(size) / size, mode="same")

# %% wrong: no errors => "no window fits"
def moving_average(x, size):
    return np.array([np.mean(x[i : i + size]) for i in range(len(x) - size + 1)])

# %% wrong: prints instead of returning => "is a `return` missing"
def moving_average(x, size):
    if np.ndim(x) != 1 or not 1 <= size <= len(x):
        raise ValueError
    print(np.convolve(x, np.ones(size) / size, mode="valid"))

# %% wrong: hard-coded example => "was expected"
def moving_average(x, size):
    return np.array([3, 11 / 3])

# %% wrong: divides the argument in place => "changes its argument"
def moving_average(x, size):
    if np.ndim(x) != 1 or not 1 <= size <= len(x):
        raise ValueError
    x /= size
    return np.convolve(x, np.ones(size), mode="valid")
