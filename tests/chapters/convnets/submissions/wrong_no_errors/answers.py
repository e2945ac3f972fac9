# Nothing is refused: no ValueError anywhere, or another exception.

# %% correlate2d
def correlate2d(x, W):
    assert x.ndim == 2 and W.ndim == 2
    y = np.zeros((max(0, x.shape[0] - W.shape[0] + 1), max(0, x.shape[1] - W.shape[1] + 1)))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y

# %% convolve2d
def convolve2d(x, W):
    return correlate2d(x, W[::-1, ::-1])

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[-1] - size + 1, stride)
    return np.array([[x[..., i : i + size, j : j + size].max() for j in columns] for i in rows])

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    rows, columns = range(0, x.shape[0] - size + 1, stride), range(0, x.shape[-1] - size + 1, stride)
    return np.array([[x[..., i : i + size, j : j + size].mean() for j in columns] for i in rows])

# %% conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    size = int((n + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
    if size < 1:
        raise ValueError("no window fits")
    return size

# %% q1c_output_shape
q1c_output_shape = (96, 54, 54)

# %% q1d_output_shape
q1d_output_shape = (32, 96, 54, 54)

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    padded = np.zeros((x.shape[0], x.shape[1] + 2 * padding, x.shape[2] + 2 * padding))
    padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]] = x
    rows = max(0, (padded.shape[1] - weight.shape[2]) // stride + 1)
    columns = max(0, (padded.shape[2] - weight.shape[3]) // stride + 1)
    y = np.zeros((len(weight), rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
            for o in range(len(weight)):
                channels = min(len(window), weight.shape[1])
                y[o, i, j] = np.sum(window[:channels] * weight[o, :channels]) + bias[o]
    return y
