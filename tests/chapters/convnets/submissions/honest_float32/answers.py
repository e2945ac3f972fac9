# Right answers in float32, lists where tuples are asked for, q1 typed in by hand.

# %% correlate2d
def correlate2d(x, W):
    x, W = np.asarray(x, np.float32), np.asarray(W, np.float32)
    if x.ndim != 2:
        raise ValueError("x")
    if W.ndim != 2:
        raise ValueError("W")
    (h, w), (kh, kw) = x.shape, W.shape
    if kh > h or kw > w:
        raise ValueError("kernel too large")
    y = np.empty((h - kh + 1, w - kw + 1), np.float32)
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * W)
    return y

# %% convolve2d
def convolve2d(x, W):
    return correlate2d(x, np.flipud(np.fliplr(check_kernel(W))))


def check_kernel(W):
    if np.ndim(W) != 2:
        raise ValueError("W")
    return W

# %% q1_correlation
q1_correlation = [[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, 2.7]]

# %% q1_convolution
q1_convolution = [[2.6, 2.6, 2.8], [0.2, -0.1, -0.1], [-2.8, -2.6, -2.7]]

# %% max_pool2d
def pool(x, size, stride, take):
    x = np.asarray(x, np.float32)
    step = size if stride is None else stride
    if x.ndim != 2 or size > x.shape[0] or size > x.shape[1]:
        raise ValueError("x")
    rows = [x[i : i + size] for i in range(0, x.shape[0] - size + 1, step)]
    return np.array([[take(row[:, j : j + size]) for j in range(0, x.shape[1] - size + 1, step)] for row in rows], np.float32)


def max_pool2d(x, size, stride=None):
    return pool(x, size, stride, np.max)

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    return pool(x, size, stride, np.mean)

# %% conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% q1c_output_shape
q1c_output_shape = [96, 54, 54]

# %% q1d_output_shape
q1d_output_shape = np.array([32, 96, 54, 54])

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    x, weight = x.astype(np.float32), weight.astype(np.float32)
    if x.shape[0] != weight.shape[1]:
        raise ValueError("channels")
    if padding:
        x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    result = []
    for o in range(weight.shape[0]):
        total = correlate2d(x[0], weight[o, 0])
        for c in range(1, x.shape[0]):
            total = total + correlate2d(x[c], weight[o, c])
        result.append(total[::stride, ::stride] + np.float32(bias[o]))
    return np.array(result)

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
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        for start in range(0, len(images), 50):
            batch = order[start : start + 50]
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

# %% digit_predictions
model = digit_model = CNN()
fit(model, images, labels, epochs=8)
model.eval()
digit_predictions = model(torch.tensor(test_images / 255).float()[:, None]).argmax(1).tolist()
