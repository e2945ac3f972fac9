# Bias, dilation, sum over the channels, activation, softmax and the optimizer step: each forgotten or one too many.

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
    if kernel > n + 2 * padding:
        raise ValueError("no window fits")
    return (n + 2 * padding - kernel) // stride + 1

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
        maps.append(total[::stride, ::stride])
    return np.array(maps)

# %% CNN
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 12 * 12, num_classes)

    def forward(self, x):
        x = nn.functional.avg_pool2d(self.conv(x), 2)
        return torch.softmax(self.fc(x.flatten(1)), dim=1)

# %% fit
def fit(model, images, labels, epochs):
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
