# The first cell raises, one solution cell raises before it defines its function; the rest is right.

# %% after about
raise RuntimeError("before anything else")

# %% correlate2d
raise RuntimeError("no function today")

# %% convolve2d
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), W.shape)
    return (windows * W[::-1, ::-1]).sum(axis=(2, 3)).astype(float)

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    return pool_windows(x, size, stride).max(axis=(2, 3))


def pool_windows(x, size, stride):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("expected a 2-D array with room for a window")
    return np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    return pool_windows(x, size, stride).mean(axis=(2, 3))

# %% conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% q1c_output_shape
q1c_output_shape = (96, 54, 54)

# %% q1d_output_shape
q1d_output_shape = (32, 96, 54, 54)
