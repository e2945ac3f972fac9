# One solution cell is no Python; the rest is right.

# %% he_std
def he_std(in_channels, kernel_size):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (2 / (in_channels * height * width)) ** 0.5

# %% relu_backward
def relu_backward(x, grad):
    return (x > 0) * grad.astype(float)

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
def batch_norm(x, gamma, beta
    return x

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
