# Right answers with sliding_window_view; a network with batch norm, dropout and global pooling.

# %% correlate2d
from numpy.lib.stride_tricks import sliding_window_view


def correlate2d(x, W):
    if np.ndim(x) != 2 or np.ndim(W) != 2:
        raise ValueError(f"expected 2-D arrays, got {np.shape(x)} and {np.shape(W)}")
    return np.tensordot(sliding_window_view(x, W.shape), W.astype(float), axes=2)

# %% convolve2d
def convolve2d(x, W):
    if np.ndim(x) != 2 or np.ndim(W) != 2:
        raise ValueError(f"expected 2-D arrays, got {np.shape(x)} and {np.shape(W)}")
    return np.tensordot(sliding_window_view(x, W.shape), np.rot90(W, 2).astype(float), axes=2)

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    if x.ndim != 2:
        raise ValueError("expected a 2-D array")
    stride = stride or size
    return sliding_window_view(x, (size, size))[::stride, ::stride].max((-1, -2))

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    if x.ndim != 2:
        raise ValueError("expected a 2-D array")
    stride = stride or size
    return correlate2d(x, np.full((size, size), 1 / size**2))[::stride, ::stride]

# %% conv_output_size
import math


def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    effective = dilation * (kernel - 1) + 1
    if effective > n + 2 * padding:
        raise ValueError("no window fits")
    return math.floor((n + 2 * padding - effective) / stride + 1)

# %% q1c_output_shape
q1c_output_shape = (96, 54, 54)

# %% q1d_output_shape
q1d_output_shape = (32, 96, 54, 54)

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    if x.shape[0] != weight.shape[1]:
        raise ValueError("the channels differ")
    x = np.pad(x, [(0, 0)] + [(padding,) * 2] * 2)
    windows = sliding_window_view(x, weight.shape[1:])[0, ::stride, ::stride]
    return np.tensordot(weight.astype(float), windows, axes=([1, 2, 3], [2, 3, 4])) + np.reshape(bias, (-1, 1, 1)).astype(float)

# %% CNN
class Block(nn.Module):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x):
        return nn.functional.silu(self.norm(self.conv(x)))


class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.body = nn.Sequential(Block(1, 8), nn.MaxPool2d(2), Block(8, 16), nn.MaxPool2d(2), Block(16, 32))
        self.head = nn.LazyLinear(num_classes)

    def forward(self, x):
        x = nn.functional.adaptive_max_pool2d(self.body(x), 3).flatten(1)
        return self.head(nn.functional.dropout(x, 0.2, self.training))

# %% fit
def fit(model, images, labels, epochs):
    if epochs == 0:
        return model
    model.train()
    model(images[:2])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    batches = max(1, len(images) // 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=epochs * batches)
    for epoch in range(epochs):
        for batch in torch.randperm(len(images)).chunk(batches):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch], label_smoothing=0.05).backward()
            optimizer.step()
            if schedule.last_epoch < schedule.total_steps:
                schedule.step()
    model.eval()
    return model

# %% digit_predictions
net = digit_model = fit(CNN(), images, labels, epochs=6)
with torch.inference_mode():
    digit_predictions = net(torch.as_tensor(test_images, dtype=torch.float32).unsqueeze(1) / 255).argmax(1).to(torch.uint8)
