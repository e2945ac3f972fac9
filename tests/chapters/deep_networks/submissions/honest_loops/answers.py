# Right answers, mostly with plain loops.

# %% he_std
def he_std(in_channels, kernel_size):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (2 / (in_channels * height * width)) ** 0.5

# %% relu_backward
def relu_backward(x, grad):
    result = np.array(grad, dtype=float)
    result[x <= 0] = 0
    return result

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    channels, rows, columns = x.shape
    gx, gw, gb = np.zeros(x.shape), np.zeros(weight.shape), [0.0] * len(weight)
    for o, i, j in np.ndindex(*grad.shape):
        gb[o] += float(grad[o, i, j])
        for c, k, m in np.ndindex(*weight.shape[1:]):
            row, column = i * stride + k - padding, j * stride + m - padding
            if 0 <= row < rows and 0 <= column < columns:
                gw[o, c, k, m] += float(grad[o, i, j]) * float(x[c, row, column])
                gx[c, row, column] += float(grad[o, i, j]) * float(weight[o, c, k, m])
    return [gx.tolist(), gw.tolist(), gb]

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    step = stride or size
    result = np.zeros(x.shape)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            best = (i * step, j * step)
            for k in range(size):
                for m in range(size):
                    if x[i * step + k, j * step + m] > x[best]:
                        best = (i * step + k, j * step + m)
            result[best] += grad[i, j]
    return result

# %% batch_norm
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    y, means, variances = np.zeros(x.shape), [], []
    for c in range(x.shape[1]):
        values = np.asarray(x[:, c], dtype=float)
        mean, var = float(running_mean[c]), float(running_var[c])
        means.append(mean)
        variances.append(var)
        if training:
            n, mean = values.size, values.sum() / values.size
            squares = ((values - mean) ** 2).sum()
            var = squares / n
            means[c] += momentum * (mean - means[c])
            variances[c] += momentum * (squares / (n - 1) - variances[c])
        y[:, c] = gamma[c] * (values - mean) / (var + eps) ** 0.5 + beta[c]
    return [y.tolist(), means, variances]

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    gx, gg, gb = np.zeros(x.shape), [], []
    for c in range(x.shape[1]):
        values, g = x[:, c].ravel().astype(float), grad[:, c].ravel().astype(float)
        n, root = values.size, np.sqrt(values.var() + eps)
        normal = (values - values.mean()) / root
        jacobian = (np.eye(n) - 1 / n - np.outer(normal, normal) / n) / root
        gx[:, c] = (gamma[c] * jacobian @ g).reshape(x[:, c].shape)
        gg.append(float(g @ normal))
        gb.append(float(g.sum()))
    return [gx.tolist(), gg, gb]

# %% dropout
def dropout(x, p, rng, training):
    if p < 0 or p >= 1:
        raise ValueError(p)
    y = x.astype(np.float32)
    if training:
        for index in np.ndindex(*x.shape):
            y[index] = 0 if rng.uniform() < p else y[index] / (1 - p)
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
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        shortcut = x if self.shortcut is None else self.shortcut(x)
        return (y + shortcut).relu()

# %% DeepNet
class DeepNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.first = nn.Conv2d(1, 12, 5, stride=2, padding=2)
        blocks = [ResidualBlock(12, 12) for _ in range(3)] + [ResidualBlock(12, 24, 2)] + [ResidualBlock(24, 24) for _ in range(4)]
        self.blocks = nn.ModuleList(blocks)
        self.last = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(24, num_classes))

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return self.last(x)

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
