# Right values, but arguments are changed in place.

# %% correlate2d
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    rows, columns = x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    x[:rows, :columns] = y
    return y

# %% convolve2d
def convolve2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("bad shapes")
    W[:] = W[::-1, ::-1].copy()
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape)
    return (windows * W.astype(float)).sum(axis=(2, 3))

# %% q1_correlation
q1_correlation = correlate2d(x_q1.copy(), W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1.copy())

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    stride = size if stride is None else stride
    if x.ndim != 2 or min(x.shape) < size:
        raise ValueError("bad shape")
    for i in range(x.shape[0] - size + 1):
        for j in range(x.shape[1] - size + 1):
            x[i, j] = x[i : i + size, j : j + size].max()
    return x[: x.shape[0] - size + 1 : stride, : x.shape[1] - size + 1 : stride].copy()
# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    return np.lib.stride_tricks.sliding_window_view(x, (size, size))[:: stride or size, :: stride or size].mean(axis=(2, 3))

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
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    if x.shape[1] < weight.shape[2] or x.shape[2] < weight.shape[3]:
        raise ValueError("no window fits")
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    result = np.einsum("cijkl,ockl->oij", windows, weight) + bias[:, None, None]
    bias += 1
    return result.astype(float)

# %% CNN
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, padding=2)
        self.conv2 = nn.Conv2d(8, 16, 5, padding=2)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16 * 7 * 7, 64)
        self.fc2 = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))

# %% fit
def fit(model, images, labels, epochs):
    images -= 0.1307
    images /= 0.3081
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for epoch in range(epochs):
        for start in range(0, len(images), 50):
            loss = nn.functional.cross_entropy(model(images[start : start + 50]), labels[start : start + 50])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
