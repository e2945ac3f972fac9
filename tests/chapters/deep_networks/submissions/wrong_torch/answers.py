# PyTorch does the work where numpy was asked for.

# %% he_std
def he_std(in_channels, kernel_size):
    weight = torch.empty(500, in_channels, *np.broadcast_to(kernel_size, 2))
    nn.init.kaiming_normal_(weight)
    return weight.std().item()

# %% relu_backward
def relu_backward(x, grad):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    x.relu().backward(torch.tensor(grad, dtype=torch.float64))
    return x.grad

# %% conv2d_backward
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    parts = [torch.tensor(np.asarray(a, dtype=float), requires_grad=True) for a in (x, weight, np.zeros(len(weight)))]
    out = nn.functional.conv2d(*parts, stride=stride, padding=padding)
    out.backward(torch.tensor(np.asarray(grad, dtype=float)))
    return tuple(part.grad.numpy() for part in parts)

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
    x, gamma, beta, mean, var = (torch.tensor(np.asarray(a, dtype=float)) for a in (x, gamma, beta, running_mean, running_var))
    y = nn.functional.batch_norm(x, mean, var, gamma, beta, training, momentum, eps)
    return y.numpy(), mean.numpy(), var.numpy()

# %% batch_norm_backward
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, gamma, beta = (torch.tensor(np.asarray(a, dtype=float), requires_grad=True) for a in (x, gamma, 0 * gamma))
    nn.functional.batch_norm(x, None, None, gamma, beta, True, 0.1, eps).backward(torch.tensor(np.asarray(grad, dtype=float)))
    return x.grad, gamma.grad, beta.grad

# %% dropout
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError(p)
    torch.manual_seed(int(rng.integers(1 << 30)))
    return nn.functional.dropout(torch.tensor(x), p, training).numpy()

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
