# Channels last everywhere, rows and columns confused, results that share memory.

# %% correlate2d
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("expected two 2-D arrays, the kernel not larger than the input")
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape)
    return (windows * W.astype(float)).sum(axis=(2, 3))

# %% convolve2d
def convolve2d(x, W):
    if W.ndim != 2:
        raise ValueError("expected a 2-D kernel")
    return correlate2d(x, np.flip(W, axis=0))

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or size > len(x):
        raise ValueError("expected a 2-D array with room for a window")
    if size == 1:
        return x[::stride, ::stride]
    starts = range(0, x.shape[0] - size + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in starts] for i in starts])

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("expected a 2-D array with room for a window")
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.mean(axis=(2, 3)).T

# %% conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% q1c_output_shape
q1c_output_shape = (54, 54, 96)

# %% q1d_output_shape
q1d_output_shape = (32, 54, 54, 96)

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    maps = []
    for kernel, b in zip(weight, bias):
        total = sum(correlate2d(plane, part) for plane, part in zip(padded, kernel))
        maps.append(total[::stride, ::stride] + b)
    return np.stack(maps, axis=-1)
