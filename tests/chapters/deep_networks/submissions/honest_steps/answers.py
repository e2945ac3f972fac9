# Right answers by small steps and by other formulas.

# %% he_std
import math


def he_std(in_channels, kernel_size):
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    return math.exp(0.5 * (math.log(2) - math.log(in_channels) - math.log(height) - math.log(width)))

# %% relu_backward
def relu_backward(x, grad):
    slopes = np.sign(np.maximum(np.asarray(x, dtype=float), 0))
    print("slopes", slopes)
    return np.multiply(slopes, grad)

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    zero = np.zeros(len(weight))

    def unit_steps(function, shape):
        result = np.zeros(shape)
        for index in np.ndindex(*shape):
            unit = np.zeros(shape)
            unit[index] = 1
            result[index] = (function(unit) * grad).sum()
        return result

    gx = unit_steps(lambda unit: conv2d(unit, weight, zero, stride, padding), x.shape)
    gw = unit_steps(lambda unit: conv2d(x, unit, zero, stride, padding), weight.shape)
    return gx, gw, np.asarray(grad, dtype=float).sum(axis=(1, 2))

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
    last = np.moveaxis(np.asarray(x, dtype=float), 1, -1)
    rows = last.reshape(-1, last.shape[-1])
    if not training:
        print("eval")
        y = (last - running_mean) / np.sqrt(running_var + eps) * gamma + beta
        return np.moveaxis(y, -1, 1), np.copy(running_mean) + 0.0, np.copy(running_var) + 0.0
    mean = np.average(rows, axis=0)
    unbiased = np.cov(rows, rowvar=False).reshape(len(mean), -1).diagonal()
    var = unbiased * (len(rows) - 1) / len(rows)
    y = (last - mean) / np.sqrt(var + eps) * gamma + beta
    keep = 1 - momentum
    return np.moveaxis(y, -1, 1), keep * running_mean + momentum * mean, keep * running_var + momentum * unbiased

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)

    def loss(x, gamma, beta):
        normal = (x - x.mean(axis=(0, 2, 3), keepdims=True)) / np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps)
        return ((gamma[:, None, None] * normal + beta[:, None, None]) * grad).sum()

    beta = np.zeros(len(gamma))
    return (
        numerical_gradient(lambda x: loss(x, gamma, beta), x),
        numerical_gradient(lambda gamma: loss(x, gamma, beta), gamma),
        numerical_gradient(lambda beta: loss(x, gamma, beta), beta),
    )

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

        def layer(c, k, s):
            return [nn.Conv2d(c, out_channels, k, s, k // 2, bias=False), nn.BatchNorm2d(out_channels)]

        self.branch = nn.Sequential(*layer(in_channels, 3, stride), nn.ReLU(inplace=True), *layer(out_channels, 3, 1))
        changes = stride > 1 or in_channels != out_channels
        self.shortcut = nn.Sequential(*(layer(in_channels, 1, stride) if changes else []))
        self.activation = nn.ReLU()

    def forward(self, x):
        return self.activation(self.branch(x) + self.shortcut(x))

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
