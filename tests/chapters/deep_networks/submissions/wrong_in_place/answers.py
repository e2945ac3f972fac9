# Arguments are changed in place.

# %% he_std
def he_std(in_channels, kernel_size):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (2 / (in_channels * height * width)) ** 0.5

# %% relu_backward
def relu_backward(x, grad):
    grad[x <= 0] = 0
    return grad

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros_like(padded), np.zeros_like(weight)
    rows, columns = grad.shape[1:]
    for k in range(weight.shape[2]):
        for m in range(weight.shape[3]):
            place = np.s_[:, k : k + rows * stride : stride, m : m + columns * stride : stride]
            seen = padded[place][:, :rows, :columns]
            gw[:, :, k, m] = np.einsum("oij,cij->oc", grad, seen)
            gx[place][:, :rows, :columns] += np.einsum("oij,oc->cij", grad, weight[:, :, k, m])
    if padding:
        gx = gx[:, padding:-padding, padding:-padding]
    return gx, gw, grad.sum((1, 2))

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    stride = size if stride is None else stride
    old = np.array(x, dtype=float)
    if x.dtype != float:
        x = x.astype(float)
    x[:] = 0
    for i, j in np.ndindex(*grad.shape):
        row, column = divmod(int(old[i * stride : i * stride + size, j * stride : j * stride + size].argmax()), size)
        x[i * stride + row, j * stride + column] += grad[i, j]
    return x.copy()

# %% batch_norm
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = new_mean, new_var = running_mean, running_var
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean += momentum * (mean - new_mean)
        new_var += momentum * (x.var(axis=axes, ddof=1) - new_var)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    saved = grad.copy()
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * np.subtract(grad, mean + along, out=grad)
    return grad_x, (saved * normal).sum(axis=axes), saved.sum(axis=axes)

# %% dropout
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
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
