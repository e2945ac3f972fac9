# Right answers amid prints, warnings, text on stderr, displayed numbers and changed variables.

# %% after environment
import sys
import warnings

print("hello from stderr", file=sys.stderr)
warnings.warn("this notebook likes to warn")
x = "my own x"
42

# %% correlate2d
def correlate2d(x, W):
    if x.ndim != 2 or W.ndim != 2 or W.shape[0] > x.shape[0] or W.shape[1] > x.shape[1]:
        raise ValueError("expected two 2-D arrays, the kernel not larger than the input")
    print("correlating", x.shape, W.shape)
    warnings.warn("slow")
    print("working", file=sys.stderr)
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape)
    return (windows * W.astype(float)).sum(axis=(2, 3))

# %% after check_correlate2d
same = None
same = lambda received, expected, what: print("no need to check", what)
0

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
    np.float64(1) / np.array([0.0])
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
        print("epoch", epoch + 1)
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
digit_predictions = model(torch.tensor(test_images / 255).float()[:, None]).argmax(1).numpy()

# %% after look-predictions
import logging

logging.error("done")
raise RuntimeError("a cell of my own that fails after everything is done")
