# The operations of scipy and torch instead of numpy.

# %% correlate2d
from scipy.signal import correlate2d as ready


def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return ready(x, W, mode="valid").astype(float)

# %% convolve2d
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    return scipy.signal.convolve2d(x, W, mode="valid").astype(float)

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return nn.functional.max_pool2d(torch.tensor(x)[None].float(), size, stride)[0].numpy()

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    import torch.nn.functional as functional

    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    return functional.avg_pool2d(torch.tensor(x)[None].float(), size, stride)[0].numpy()

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
    arrays = [torch.from_numpy(np.asarray(a, dtype=float)) for a in (x, weight, bias)]
    try:
        return torch.nn.functional.conv2d(*arrays, stride=stride, padding=padding).numpy()
    except RuntimeError as error:
        raise ValueError(str(error))
