# Each convention the other way round: true convolution, ties, unbiased variance, momentum, p.

# %% he_std
def he_std(in_channels, kernel_size):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (2 / (in_channels * height * width)) ** 0.5

# %% relu_backward
def relu_backward(x, grad):
    return np.where(x >= 0, grad, 0.0)

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    weight = weight[..., ::-1, ::-1]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw[..., ::-1, ::-1], grad.sum(axis=(1, 2))

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        best = (i * stride, j * stride)
        for k, m in np.ndindex(size, size):
            if x[i * stride + k, j * stride + m] >= x[best]:
                best = (i * stride + k, j * stride + m)
        result[best] += grad[i, j]
    return result

# %% batch_norm
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = momentum * new_mean + (1 - momentum) * mean
        new_var = momentum * new_var + (1 - momentum) * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, grad.sum(axis=axes), (grad * normal).sum(axis=axes)

# %% dropout
def dropout(x, p, rng, training):
    if not 0 < p <= 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) < p
    return x * mask / p

# %% ResidualBlock
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)

    def forward(self, x):
        y = self.conv2(self.bn2(self.conv1(self.bn1(x).relu())).relu())
        return y + self.shortcut(x)

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
