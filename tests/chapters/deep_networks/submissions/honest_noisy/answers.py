# Right answers that print and warn.

# %% he_std
def he_std(in_channels, kernel_size):
    area = kernel_size**2 if np.isscalar(kernel_size) else kernel_size[0] * kernel_size[1]
    return np.array(np.sqrt(2 / (in_channels * area)))

# %% relu_backward
def relu_backward(x, grad):
    slopes = np.sign(np.maximum(np.asarray(x, dtype=float), 0))
    print("slopes", slopes)
    return np.multiply(slopes, grad)

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    height, width = weight.shape[2:]
    size = [n + 2 * padding - k + 1 for n, k in zip(x.shape[1:], (height, width))]
    holes = np.zeros((len(grad), *size))
    holes[:, ::stride, ::stride][:, : grad.shape[1], : grad.shape[2]] = grad
    full = np.pad(holes, ((0, 0), (height - 1, height - 1), (width - 1, width - 1)))
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
    gx = conv2d(full, turned, np.zeros(len(x)))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gw = np.stack([[conv2d(channel[None], one[None, None], [0])[0] for channel in padded] for one in holes])
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, holes.sum(axis=(1, 2))

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = 0.0 * x
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            top, left = stride * i, stride * j
            window = x[top : top + size, left : left + size]
            row, column = np.argwhere(window == window.max())[0]
            result[top + row, left + column] += grad[i, j]
    return result

# %% batch_norm
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = np.average([new_mean, mean], axis=0, weights=[1 - momentum, momentum])
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    g_gamma, g_beta = (grad * normal).sum(axis=axes), grad.sum(axis=axes)
    taken = (g_beta[wide] + normal * g_gamma[wide]) / grad[:, 0].size
    print(taken.shape)
    return np.asarray(gamma)[wide] / root * (grad - taken), g_gamma, g_beta

# %% dropout
def dropout(x, p, rng, training):
    if p < 0:
        raise ValueError("negative")
    elif p >= 1:
        raise ValueError("too large")
    elif not training:
        return x * 1.0
    y = x / (1.0 - p)
    y[rng.uniform(0, 1, size=y.shape) < p] = 0
    return y

# %% ResidualBlock
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = None
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).clamp(min=0)))
        shortcut = x if self.shortcut is None else self.shortcut(x)
        print("block", tuple(y.shape))
        total = shortcut + y
        return torch.where(total > 0, total, torch.zeros_like(total))

# %% DeepNet
class DeepNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        layers, channels = [], 1
        for width, stride in [(8, 2), (8, 1), (8, 1), (8, 1), (16, 2), (16, 1), (16, 1), (16, 1), (32, 2), (32, 1), (32, 1), (32, 1)]:
            layers += [nn.Conv2d(channels, width, 3, stride, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(32, num_classes)

    def forward(self, x):
        return self.head(self.features(x).mean(dim=(2, 3)))

# %% fashion_predictions
torch.manual_seed(3)
x, y = torch.tensor(train_images / 255.0, dtype=torch.float32)[:, None], torch.tensor(train_labels.astype(np.int64))
fashion_model = nn.Sequential(
    nn.Conv2d(1, 16, 3, 2, 1, bias=False),
    nn.BatchNorm2d(16),
    nn.ReLU(),
    *[ResidualBlock(16, 16), ResidualBlock(16, 24, 2), ResidualBlock(24, 24), ResidualBlock(24, 24)],
    *[ResidualBlock(24, 48, 2), ResidualBlock(48, 48)],
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(48, 10),
)
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10 * 63)
for step in range(10 * 63):
    batch = torch.randint(4000, (64,))
    optimizer.zero_grad()
    pictures = torch.where(torch.rand(64, 1, 1, 1) < 0.5, x[batch].flip(3), x[batch])
    nn.functional.cross_entropy(fashion_model(pictures), y[batch]).backward()
    optimizer.step()
    schedule.step()
fashion_model.eval()
with torch.no_grad():
    fashion_predictions = [int(fashion_model(torch.tensor(image / 255.0).float()[None, None]).argmax()) for image in test_images]

# %% [markdown] two_modes
# Somebody forgot model.eval(): batch normalisation goes on with the statistics of the batch, so that a picture's
# answer depends on the others. In a large batch nothing shows; one picture alone gets another answer.

# %% [markdown] plain_deep
# The error on the training pictures is the larger one, so it is no overfitting: the deep network could copy the shallow
# one and pass everything on unchanged, but it doesn't find these weights. Shortcuts make that the starting point.
