# Right answers in float32, lists where tuples are asked for.

# %% he_std
def he_std(in_channels, kernel_size):
    weight = np.zeros((1, in_channels, *np.broadcast_to(kernel_size, 2)), dtype=np.float32)
    return np.float32(np.sqrt(2 / weight[0].size))

# %% relu_backward
def relu_backward(x, grad):
    return np.heaviside(x.astype(np.float32), 0) * grad.astype(np.float32)

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=np.float32) for a in (x, weight, grad))
    index = np.arange(x[:, 0, 0].size * (x.shape[1] + 2 * padding) * (x.shape[2] + 2 * padding))
    index = index.reshape(len(x), x.shape[1] + 2 * padding, x.shape[2] + 2 * padding)
    windows = np.lib.stride_tricks.sliding_window_view(index, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    columns = windows.transpose(0, 3, 4, 1, 2).reshape(weight[0].size, -1)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding))).ravel()
    flat = grad.reshape(len(grad), -1)
    gw = (flat @ padded[columns].T).reshape(weight.shape)
    gx = np.zeros(padded.size, dtype=np.float32)
    np.add.at(gx, columns, weight.reshape(len(weight), -1).T @ flat)
    gx = gx.reshape(index.shape)[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return gx.copy(), gw, flat.sum(axis=1)

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    step = size if stride is None else stride
    places = np.arange(x.size).reshape(x.shape)
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(x, (size, size))[::step, ::step].reshape(*grad.shape, -1)
    where = view(places, (size, size))[::step, ::step].reshape(*grad.shape, -1)
    first = np.take_along_axis(where, windows.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    result = np.zeros(x.size, dtype=np.float32)
    np.add.at(result, first.ravel(), grad.ravel())
    return result.reshape(x.shape)

# %% batch_norm
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    n, channels, height, width = x.shape
    flat = x.astype(np.float32).transpose(1, 0, 2, 3).reshape(channels, -1)
    gamma, beta, rm, rv = (np.array(a, dtype=np.float32)[:, None] for a in (gamma, beta, running_mean, running_var))
    centre, spread = rm, rv
    if training:
        centre, spread = flat.mean(axis=1, keepdims=True), flat.var(axis=1, keepdims=True)
        rm, rv = rm + momentum * (centre - rm), rv + momentum * (flat.var(axis=1, ddof=1, keepdims=True) - rv)
    y = (flat - centre) / np.sqrt(spread + np.float32(eps)) * gamma + beta
    return y.reshape(channels, n, height, width).transpose(1, 0, 2, 3).copy(), rm[:, 0].copy(), rv[:, 0].copy()

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    flat, g = (a.astype(np.float32).swapaxes(0, 1).reshape(x.shape[1], -1) for a in (x, grad))
    centred = flat - flat.mean(axis=1, keepdims=True)
    root = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(eps))
    normal = centred / root
    gg, gb, n = (g * normal).sum(axis=1), g.sum(axis=1), g.shape[1]
    gx = np.float32(1) * gamma[:, None] / (n * root) * (n * g - gb[:, None] - normal * gg[:, None])
    shape = (x.shape[1], x.shape[0], *x.shape[2:])
    return gx.reshape(shape).swapaxes(0, 1).copy(), gg, gb

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
        self.last = nn.BatchNorm2d(out_channels)
        nn.init.zeros_(self.last.weight)
        self.second = nn.Conv2d(out_channels, out_channels, kernel_size=(3, 3), padding="same", bias=False)
        self.norm = nn.BatchNorm2d(out_channels)
        self.first = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=(stride, stride), padding=(1, 1), bias=False)
        same = in_channels == out_channels and stride == 1
        self.skip = nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1, stride=stride)

    def forward(self, x):
        return torch.relu(torch.add(self.skip(x), self.last(self.second(nn.functional.relu(self.norm(self.first(x)))))))

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
