# The reference answers.

# %% he_std
def he_std(in_channels, kernel_size):
    """Standard deviation of the first weights of a convolution that a ReLU follows.

    kernel_size: a whole number, or (height, width); returns a float.
    """
    height, width = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
    return float(np.sqrt(2 / (in_channels * height * width)))

# %% relu_backward
def relu_backward(x, grad):
    """Gradient of the input of a ReLU; x, grad and the result have the same shape. 0 where x ≤ 0."""
    return np.where(x > 0, np.asarray(grad, dtype=float), 0.0)

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    """Gradients of a convolutional layer's input, weight and bias.

    x: (C_in, rows, columns), weight: (C_out, C_in, kH, kW), grad: (C_out, rows_out, columns_out);
    returns (grad_x, grad_weight, grad_bias), of the shapes of x and weight, and (C_out,).
    """
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    grad_padded, grad_weight = np.zeros(padded.shape), np.zeros(weight.shape)
    height, width = weight.shape[2:]
    for o, i, j in np.ndindex(*grad.shape):
        rows, columns = slice(i * stride, i * stride + height), slice(j * stride, j * stride + width)
        grad_weight[o] += grad[o, i, j] * padded[:, rows, columns]
        grad_padded[:, rows, columns] += grad[o, i, j] * weight[o]
    grad_x = grad_padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return grad_x, grad_weight, grad.sum(axis=(1, 2))

# %% max_pool2d_backward
def max_pool2d_backward(x, grad, size, stride=None):
    """Gradient of the input of max pooling.

    x: (rows, columns), grad: (rows_out, columns_out); stride defaults to size. Returns an array of the shape of x.
    """
    stride = size if stride is None else stride
    result = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * stride : i * stride + size, j * stride : j * stride + size]
        row, column = np.unravel_index(window.argmax(), window.shape)
        result[i * stride + row, j * stride + column] += grad[i, j]
    return result

# %% batch_norm
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    """Batch normalisation as PyTorch's BatchNorm2d; x: (N, C, rows, columns), the other arrays (C,).

    Returns (y, running_mean, running_var), the last two after the step (training) or equal (eval mode).
    """
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        values = np.moveaxis(np.asarray(x, dtype=float), 1, 0).reshape(len(mean), -1)
        mean, var = values.mean(axis=1), values.var(axis=1)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * values.var(axis=1, ddof=1)
    scale = np.asarray(gamma) / np.sqrt(var + eps)
    y = (x - mean[:, None, None]) * scale[:, None, None] + np.asarray(beta)[:, None, None]
    return y, new_mean, new_var

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    """Gradients of the input, γ and β of batch normalisation in training.

    x, grad: (N, C, rows, columns), gamma: (C,); returns (grad_x, grad_gamma, grad_beta).
    """
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes = (0, 2, 3)
    deviation = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / deviation
    grad_normal = grad * np.asarray(gamma)[:, None, None]
    through_mean = grad_normal.mean(axis=axes, keepdims=True)
    through_variance = normal * (grad_normal * normal).mean(axis=axes, keepdims=True)
    grad_x = (grad_normal - through_mean - through_variance) / deviation
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)

# %% dropout
def dropout(x, p, rng, training):
    """Values that are 0 with probability p, else divided by 1 - p; in eval mode a copy of x.

    rng: a numpy generator. Raises ValueError unless 0 ≤ p < 1.
    """
    if not 0 <= p < 1:
        raise ValueError(f"expected a probability of at least 0 and less than 1, got {p}")
    x = np.array(x, dtype=float)
    if not training:
        return x
    return x * (rng.random(x.shape) >= p) / (1 - p)

# %% ResidualBlock
class ResidualBlock(nn.Module):
    """Two 3×3 convolutions with batch normalisation beside a shortcut; ReLU after the sum."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x):
        return (self.branch(x) + self.shortcut(x)).relu()

# %% DeepNet
class DeepNet(nn.Module):
    """At least twelve convolutional layers: (N, 1, 28, 28) → logits (N, num_classes)."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.blocks = nn.Sequential(
            ResidualBlock(16, 16),
            ResidualBlock(16, 16),
            ResidualBlock(16, 32, stride=2),
            ResidualBlock(32, 32),
            ResidualBlock(32, 64, stride=2),
            ResidualBlock(64, 64),
        )
        self.classifier = nn.Linear(64, num_classes)

    def forward(self, x):
        return self.classifier(self.blocks(self.stem(x)).mean(dim=(2, 3)))

# %% fashion_predictions
fashion_predictions, fashion_model = None, None
images = torch.from_numpy(train_images).float().div(255).unsqueeze(1)  # (4000, 1, 28, 28) in [0, 1]
labels = torch.from_numpy(train_labels).long()
torch.manual_seed(0)
fashion_model, epochs = DeepNet(), 10
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=epochs, steps_per_epoch=63)
for _ in progress(range(epochs)):
    for batch in torch.randperm(4000).split(64):
        mirrored = torch.rand(len(batch), 1, 1, 1) < 0.5
        x = torch.where(mirrored, images[batch].flip(3), images[batch])
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(x), labels[batch]).backward()
        optimizer.step()
        schedule.step()
fashion_model.eval()
with torch.no_grad():
    logits = fashion_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1))
fashion_predictions = logits.argmax(dim=1).numpy()

# %% [markdown] two_modes
# Somebody forgot model.eval(): batch normalisation goes on with the statistics of the batch, so that a picture's
# answer depends on the others. In a large batch nothing shows; one picture alone gets another answer.

# %% [markdown] plain_deep
# The error on the training pictures is the larger one, so it is no overfitting: the deep network could copy the shallow
# one and pass everything on unchanged, but it doesn't find these weights. Shortcuts make that the starting point.
