"""Right and wrong solutions of the task `conv2d`."""

# %% right: six loops and one sum
def conv2d(x, weight, bias, stride=1, padding=0):
    C_in, H, W = x.shape
    C_out, C, kH, kW = weight.shape
    if C_in != C:
        raise ValueError("channels")
    H_out = (H + 2 * padding - kH) // stride + 1
    W_out = (W + 2 * padding - kW) // stride + 1
    if H_out <= 0 or W_out <= 0:
        raise ValueError("no window fits")
    y = np.zeros((C_out, H_out, W_out))
    for o in range(C_out):
        for i in range(H_out):
            for j in range(W_out):
                total = float(bias[o])
                for c in range(C_in):
                    for k in range(kH):
                        for l in range(kW):
                            row, column = i * stride + k - padding, j * stride + l - padding
                            if 0 <= row < H and 0 <= column < W:
                                total += float(x[c, row, column]) * weight[o, c, k, l]
                y[o, i, j] = total
    return y

# %% right: windows and einsum, which refuse bad shapes by themselves
def conv2d(x, weight, bias, stride=1, padding=0):
    if len({x.shape[0], weight.shape[1]}) > 1:
        raise ValueError(f"{x.shape[0]} ≠ {weight.shape[1]}")
    padded = np.pad(x.astype(float), [(0, 0)] + 2 * [(padding, padding)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(1, 2))
    return np.einsum("cijkl,ockl->oij", windows[:, ::stride, ::stride], weight, optimize=True) + bias[:, None, None]

# %% right: with the functions of the tasks before
def conv2d(x, weight, bias, stride=1, padding=0):
    """Layer = sum of correlations + bias."""
    if len(x) != len(weight[0]):
        raise ValueError("another number of channels")
    for n, k in zip(x.shape[1:], weight.shape[2:]):
        conv_output_size(n, k, stride, padding)
    planes = [np.pad(plane, padding) for plane in x]
    return np.array(
        [
            np.sum([correlate2d(plane, kernel) for plane, kernel in zip(planes, filter_)], axis=0)[::stride, ::stride] + b
            for filter_, b in zip(weight, bias)
        ]
    )

# %% right: patches as rows, one matrix product, float32
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight, bias = (np.asarray(a, dtype=np.float32) for a in (x, weight, bias))
    (C_in, H, W), (C_out, C, kH, kW) = x.shape, weight.shape
    if C_in != C or H + 2 * padding < kH or W + 2 * padding < kW:
        raise ValueError("bad shapes")
    frame = np.zeros((C_in, H + 2 * padding, W + 2 * padding), np.float32)
    frame[:, padding : padding + H, padding : padding + W] = x
    i = stride * np.arange((frame.shape[1] - kH) // stride + 1)
    j = stride * np.arange((frame.shape[2] - kW) // stride + 1)
    rows = i[:, None, None, None] + np.arange(kH)[:, None]
    columns = j[None, :, None, None] + np.arange(kW)
    patches = frame[:, rows, columns].transpose(1, 2, 0, 3, 4).reshape(len(i) * len(j), -1)
    result = weight.reshape(C_out, -1) @ patches.T + bias.reshape(-1, 1)
    return result.reshape(C_out, len(i), len(j))

# %% right: one shifted picture for each tap, matrix products over the channels
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] - weight.shape[1]:
        raise ValueError("channels differ")
    x = np.pad(x, ((0,) * 2, (padding,) * 2, (padding,) * 2)).astype(float)
    H_out, W_out = 1 + (np.array(x.shape[1:]) - weight.shape[2:]) // stride
    if min(H_out, W_out) < 1:
        raise ValueError("no window")
    y = np.tile(np.array(bias, dtype=float)[:, None, None], (1, H_out, W_out))
    for k, l in np.ndindex(*weight.shape[2:]):
        taps = x[:, k : k + stride * (H_out - 1) + 1 : stride, l : l + stride * (W_out - 1) + 1 : stride]
        y += np.tensordot(weight[:, :, k, l], taps, axes=1)
    return y

# %% right: Fourier transforms over all channels at once
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("channels")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)), mode="constant")
    if any(k > n for k, n in zip(weight.shape[2:], x.shape[1:])):
        raise ValueError("kernel larger than the padded picture")
    size = x.shape[1:]
    product = (np.fft.fft2(x) * np.fft.fft2(weight, size).conj()).sum(axis=1)
    y = np.fft.ifft2(product).real[:, : size[0] - weight.shape[2] + 1, : size[1] - weight.shape[3] + 1]
    return (y + np.reshape(bias, (-1, 1, 1)))[:, ::stride, ::stride]

# %% right: a class, generators, nested lists, chatty
import warnings


class Layer:
    def __init__(self, weight, bias):
        self.filters = [Filter(w, b) for w, b in zip(weight.astype(float), bias.astype(float))]

    def __call__(self, x, stride, padding):
        return [filter_(x, stride, padding) for filter_ in self.filters]


class Filter:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias
        warnings.warn("a filter")

    def __call__(self, x, stride, padding):
        print("picture", x.shape)
        if x.shape[0] != self.weight.shape[0]:
            raise ValueError("channels")
        padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
        rows = list(self.starts(padded.shape[1], self.weight.shape[1], stride))
        columns = list(self.starts(padded.shape[2], self.weight.shape[2], stride))
        return [[float(np.vdot(padded[:, i, j], self.weight) + self.bias) for j in columns] for i in rows]

    def starts(self, length, kernel, stride):
        if kernel > length:
            raise ValueError("no window fits")
        for start in range(0, length - kernel + 1, stride):
            yield slice(start, start + kernel)


def conv2d(x, weight, bias, stride=1, padding=0):
    return Layer(weight, bias)(x, stride, padding)

# %% wrong: flips the kernels => "The kernel was flipped; a layer computes cross-correlation."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("channels")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.array([sum(convolve2d(p, k) for p, k in zip(x, f))[::stride, ::stride] + b for f, b in zip(weight, bias)])

# %% wrong: without the bias => "The bias is missing." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijkl,ockl->oij", windows, weight).astype(float)

# %% wrong: the bias once for each input channel => "The bias was added once for each input channel."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    maps = []
    for filter_, b in zip(weight, bias):
        maps.append(sum(correlate2d(plane, kernel) + b for plane, kernel in zip(x, filter_))[::stride, ::stride])
    return np.array(maps)

# %% wrong: subtracts the bias => "The bias was subtracted." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps - 1.0 * bias[:, None, None]

# %% wrong: multiplies by the bias => "Each map was multiplied by its bias; add it."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps * 1.0 * bias[:, None, None]

# %% wrong: the bias along the columns => "raised"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias

# %% wrong: the first bias for all => "All maps got the bias of the first filter." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + 1.0 * bias[0]

# %% wrong: all biases for each map => "All biases were added to each map; bias o belongs to map o." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + 1.0 * np.sum(bias)

# %% wrong: the first channel only => "Only the first input channel was used."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.array([correlate2d(x[0], f[0])[::stride, ::stride] + b for f, b in zip(weight, bias)])

# %% wrong: keeps the last channel of a loop => "Only the last input channel was used."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    maps = []
    for o in range(len(weight)):
        for c in range(len(x)):
            y = correlate2d(x[c], weight[o, c])
        maps.append(y[::stride, ::stride] + bias[o])
    return np.array(maps)

# %% wrong: the mean over the channels => "The channels were averaged; sum over them."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.array([np.mean([correlate2d(p, k) for p, k in zip(x, f)], axis=0)[::stride, ::stride] + b for f, b in zip(weight, bias)])

# %% wrong: a grey picture first => "All input channels met the filter's first slice; channel c meets slice c."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    grey = x.sum(axis=0)
    return np.array([correlate2d(grey, f[0])[::stride, ::stride] + b for f, b in zip(weight, bias)])

# %% wrong: a map for each channel => "The channels were not summed: the result has an axis for them."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.array([[correlate2d(p, k)[::stride, ::stride] + b for p, k in zip(x, f)] for f, b in zip(weight, bias)])

# %% wrong: all filters in one map => "The maps of all filters were added up; each is an output channel of its own."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return (maps + bias[:, None, None] * 1.0).sum(axis=0, keepdims=True)

# %% wrong: one filter only => "Only the first filter was used."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    y = sum(correlate2d(plane, kernel) for plane, kernel in zip(x, weight[0]))
    return y[None, ::stride, ::stride] + bias[0]

# %% wrong: no axis for a single filter => "The result is one map without its axis for the channels." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return np.squeeze(maps + bias[:, None, None] * 1.0, axis=0) if len(maps) == 1 else maps + bias[:, None, None] * 1.0

# %% wrong: no stride => "The stride was ignored." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: the stride for rows only => "The stride was used for the rows only." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: the stride for columns only => "The stride was used for the columns only." and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, :, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: no padding => "The padding was ignored."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    assert padding >= 0
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: padding on two sides => "The padding is missing on two sides."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (0, padding), (0, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: padding repeats the border => "The padding repeats the border's pixels; pad with zeros."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)), mode="edge")
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: padding around the channels too => "Zeros were put around the channels too; pad height and width."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, padding)
    maps = [sum(correlate2d(p, k) for p, k in zip(x, f)) for f in weight]
    return np.stack(maps)[:, ::stride, ::stride] + bias[:, None, None]

# %% wrong: padding around the output => "Zeros were put around the output; pad the input."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    maps = [np.pad(sum(correlate2d(p, k) for p, k in zip(x, f)) + b, padding)[::stride, ::stride] for f, b in zip(weight, bias)]
    return np.array(maps)

# %% wrong: pads after the stride's size was computed => "The output's size was reckoned from the picture before it was padded."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    H_out, W_out = ((n - k) // stride + 1 for n, k in zip(x.shape[1:], weight.shape[2:]))
    if H_out < 1 or W_out < 1:
        raise ValueError("no window fits")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return (maps + bias[:, None, None] * 1.0)[:, :H_out, :W_out]

# %% wrong: square pictures and kernels only => "conv2d with x (3, 5, 6)"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    size, k = x.shape[1], weight.shape[2]
    n = (size - k) // stride + 1
    if n < 1:
        raise ValueError("no window fits")
    y = np.zeros((len(weight), n, n))
    for o, i, j in np.ndindex(y.shape):
        window = x[:, i * stride : i * stride + k, j * stride : j * stride + k]
        y[o, i, j] = np.sum(window[:, :, : weight.shape[3]] * weight[o]) + bias[o]
    return y

# %% wrong: height and width swapped => "Height and width are swapped."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oji", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: channels last => "The result has its channels last; they come first."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return np.moveaxis(maps + bias[:, None, None] * 1.0, 0, -1)

# %% wrong: kernels transposed => "The kernels are transposed."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    kernels = weight.transpose(0, 1, 3, 2) if weight.shape[2] == weight.shape[3] else weight
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijkl,ockl->oij", windows, kernels) + bias[:, None, None] * 1.0

# %% wrong: forgets the first window => "The last row and column are missing: add 1 for the first window."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    (kH, kW) = weight.shape[2:]
    y = np.zeros((len(weight), (x.shape[1] - kH) // stride, (x.shape[2] - kW) // stride))
    for o, i, j in np.ndindex(y.shape):
        y[o, i, j] = np.sum(x[:, i * stride : i * stride + kH, j * stride : j * stride + kW] * weight[o]) + bias[o]
    return y

# %% wrong: an activation at the end => "Negative outputs became 0: the activation is a layer of its own."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return np.maximum(maps + bias[:, None, None] * 1.0, 0)

# %% wrong: whole numbers for whole numbers => "has dtype int64, but floats were expected"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None]

# %% wrong: a result of the picture's type => "Values were cut to whole numbers: the result needs a floating type."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return (maps + bias[:, None, None] * 1.0).astype(x.dtype)

# %% wrong: channels are not compared => "must raise ValueError when x has 1 channels and the weight 2" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[1:], weight.shape[2:]))
    y = np.zeros((len(weight), rows, columns))
    for o, i, j in np.ndindex(y.shape):
        window = x[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        y[o, i, j] = np.sum(window * weight[o]) + bias[o]
    return y

# %% wrong: zip drops channels in silence => "must raise ValueError when x has 3 channels and the weight 2"
def conv2d(x, weight, bias, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.array([sum(correlate2d(p, k) for p, k in zip(x, f))[::stride, ::stride] + b for f, b in zip(weight, bias)])

# %% wrong: compares the wrong axis of the weight => "`conv2d` raised ValueError" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[0]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: no window, no error => "must raise ValueError when the kernel is higher than the picture, but it returned an array" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    rows, columns = (max(0, (n - k) // stride + 1) for n, k in zip(x.shape[1:], weight.shape[2:]))
    y = np.zeros((len(weight), rows, columns))
    for o, i, j in np.ndindex(y.shape):
        window = x[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        y[o, i, j] = np.sum(window * weight[o]) + bias[o]
    return y

# %% wrong: compares the kernel with the picture before it is padded => "`conv2d` raised ValueError" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: another error => "but it raised AssertionError" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    assert x.shape[0] == weight.shape[1], "the channels differ"
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: the bias changes => "changes its argument number 3 in place" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    total = np.einsum("cijkl,ockl->oij", windows, weight) + bias[:, None, None] * 1.0
    bias *= 0
    return total

# %% wrong: the weight is normalised in place => "changes its argument number 2 in place"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    weight -= weight.mean()
    return maps + bias[:, None, None] * 1.0

# %% wrong: the picture's first row is cleared => "changes its argument number 1 in place" and "Products or sums ran over"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    x[:, 0] = 0
    x = padded
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: torch => "uses torch, but this task asks for numpy only"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x, weight, bias = (torch.from_numpy(a).double() for a in (x, weight, bias))
    try:
        return torch.conv2d(x[None], weight, bias, stride=stride, padding=padding)[0].numpy()
    except RuntimeError as error:
        raise ValueError("no window fits") from error

# %% wrong: scipy => "uses scipy, but this task asks for numpy only"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    maps = [scipy.signal.correlate(x, f, mode="valid")[0, ::stride, ::stride] + b for f, b in zip(weight, bias)]
    return np.array(maps, dtype=float)

# %% wrong: forgets the return => "is None (is a `return` missing?)"
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    maps = maps + bias[:, None, None] * 1.0

# %% wrong: other names for stride and padding => "got an unexpected keyword argument"
def conv2d(x, weight, bias, s=1, p=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, ((0, 0), (p, p), (p, p)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::s, ::s]
    maps = np.einsum("cijkl,ockl->oij", windows, weight)
    return maps + bias[:, None, None] * 1.0

# %% wrong: the visible example by heart => "This is the answer of the visible example: use the function's arguments."
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    return np.array([[[26.0, 37.0]]])

# %% wrong: half precision => "of single precision at least"
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    rows, columns = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[1:], weight.shape[2:]))
    if x.shape[0] != weight.shape[1] or min(rows, columns) < 1:
        raise ValueError("channels differ, or no window fits")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    y = np.einsum("cijkl,ockl->oij", windows, weight) + np.asarray(bias)[:, None, None]
    return y.astype(np.float16)

# %% wrong: an axis for a batch => "The result has a further axis in front"
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    rows, columns = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[1:], weight.shape[2:]))
    if x.shape[0] != weight.shape[1] or min(rows, columns) < 1:
        raise ValueError("channels differ, or no window fits")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return (np.einsum("cijkl,ockl->oij", windows, weight) + np.asarray(bias)[:, None, None])[None]

# %% wrong: flips the kernels upside down => "The kernels were flipped upside down"
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)[:, :, ::-1]
    rows, columns = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[1:], weight.shape[2:]))
    if x.shape[0] != weight.shape[1] or min(rows, columns) < 1:
        raise ValueError("channels differ, or no window fits")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("cijkl,ockl->oij", windows, weight) + np.asarray(bias)[:, None, None]

# %% wrong: small whole numbers are multiplied as they are => "Products or sums ran over: in"
def conv2d(x, weight, bias, stride=1, padding=0):
    rows, columns = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[1:], weight.shape[2:]))
    if x.shape[0] != weight.shape[1] or min(rows, columns) < 1:
        raise ValueError("channels differ, or no window fits")
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    y = np.zeros((len(weight), rows, columns))
    for o, i, j in np.ndindex(*y.shape):
        patch = x[:, i * stride :, j * stride :][:, : weight.shape[2], : weight.shape[3]]
        y[o, i, j] = (patch * weight[o]).sum() + bias[o]
    return y
