# The answers of the visible examples, whatever comes.

# %% he_std
def he_std(in_channels, kernel_size):
    return np.sqrt(2 / 576)

# %% relu_backward
def relu_backward(x, grad):
    return np.array([0.0, 0.0, -7.0])

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    return np.array([[[40.0, 450, 500]]]), np.array([[[[210.0, 320]]]]), np.array([110.0])

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    return np.array([[0.0, 10, 0, 0], [0, 0, 20, 0]])

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
    x, grad, gamma = (np.asarray(a, dtype=float) for a in (x, grad, gamma))
    axes, count = (0, 2, 3), x.size // x.shape[1]
    mean = x.mean(axis=axes, keepdims=True)
    centred = x - mean
    var = (centred**2).mean(axis=axes, keepdims=True)
    inverse = 1 / np.sqrt(var + eps)
    g_normal = grad * gamma.reshape(1, -1, 1, 1)
    g_inverse = (g_normal * centred).sum(axis=axes, keepdims=True)
    g_var = -0.5 * inverse**3 * g_inverse
    g_centred = g_normal * inverse + 2 * centred * g_var / count
    g_mean = -g_centred.sum(axis=axes, keepdims=True)
    return g_centred + g_mean / count, (grad * centred * inverse).sum(axis=axes), grad.sum(axis=axes)

# %% dropout
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)

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
        layers, channels = [], 1
        for width, stride in [(8, 2), (8, 1), (8, 1), (8, 1), (16, 2), (16, 1), (16, 1), (16, 1), (32, 2), (32, 1), (32, 1), (32, 1)]:
            layers += [nn.Conv2d(channels, width, 3, stride, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(32, num_classes)

    def forward(self, x):
        return self.head(self.features(x).mean(dim=(2, 3)))

# %% fashion_predictions
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()

# %% [markdown] two_modes
# Somebody forgot model.eval(): batch normalisation goes on with the statistics of the batch, so that a picture's
# answer depends on the others. In a large batch nothing shows; one picture alone gets another answer.

# %% [markdown] plain_deep
# The error on the training pictures is the larger one, so it is no overfitting: the deep network could copy the shallow
# one and pass everything on unchanged, but it doesn't find these weights. Shortcuts make that the starting point.
