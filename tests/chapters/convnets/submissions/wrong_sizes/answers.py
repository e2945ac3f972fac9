# Outputs one too small, sizes rounded up, incomplete windows kept, padding on one side.

# %% correlate2d
def correlate2d(x, W):
    x, W = np.asarray(x, float), np.asarray(W, float)
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    y = np.zeros((x.shape[0] - W.shape[0], x.shape[1] - W.shape[1]))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = (x[i : i + W.shape[0], j : j + W.shape[1]] * W).sum()
    return y

# %% convolve2d
def convolve2d(x, W):
    x, W = np.asarray(x, float), np.asarray(W, float)
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    padded = np.pad(x, [(k - 1, k - 1) for k in W.shape])
    windows = np.lib.stride_tricks.sliding_window_view(padded, W.shape)
    return (windows * W[::-1, ::-1]).sum(axis=(2, 3))

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return np.array(
        [[x[i : i + size, j : j + size].max() for j in range(0, x.shape[1], stride)] for i in range(0, x.shape[0], stride)]
    )

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    rows, columns = (x.shape[0] - size) // stride, (x.shape[1] - size) // stride
    return np.array([[x[i * stride :, j * stride :][:size, :size].mean() for j in range(columns)] for i in range(rows)])

# %% conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return -(-room // stride) + 1

# %% q1c_output_shape
q1c_output_shape = (96, conv_output_size(224, 11, 4), conv_output_size(224, 11, 4))

# %% q1d_output_shape
q1d_output_shape = (32, *q1c_output_shape)

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    padded = np.pad(x, ((0, 0), (0, padding), (0, padding)))
    if padded.shape[1] < weight.shape[2] or padded.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijkl,ockl->oij", windows, weight) + bias[:, None, None]
