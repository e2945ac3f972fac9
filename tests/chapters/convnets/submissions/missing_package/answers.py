# Imports a package that isn't installed, at the top and in one function; the rest is right.

# %% after environment
import antigravity_convolutions as ac

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
    return correlate2d(x, np.flip(W))

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    import antigravity_convolutions

    return antigravity_convolutions.max_pool2d(x, size, stride)

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    return ac.avg_pool2d(x, size, stride)

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

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    maps = []
    for kernel, b in zip(weight, bias):
        total = sum(correlate2d(plane, part) for plane, part in zip(padded, kernel))
        maps.append(total[::stride, ::stride] + b)
    return np.array(maps)
