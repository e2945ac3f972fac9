# Gradients that are never cleared, modes that are forgotten, log-softmax in the network.

# %% impute_median
def impute_median(train, test):
    """Gaps (NaN) filled with the medians of train's columns.

    train: (N, D), test: (M, D), floats; returns (train, test), new arrays of the same shapes.
    """
    medians = np.nanmedian(train, axis=0)
    return np.where(np.isnan(train), medians, train), np.where(np.isnan(test), medians, test)

# %% standardise
def standardise(train, test):
    """Columns shifted and scaled by the mean and the standard deviation of train's columns.

    train: (N, D), test: (M, D), floats; returns (train, test), new arrays of the same shapes.
    """
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (train - mean) / std, (test - mean) / std

# %% one_hot
def one_hot(labels, num_classes):
    """Rows of zeros with a 1 at the label's place.

    labels: (N,), whole numbers from 0 to num_classes - 1; returns (N, num_classes).
    """
    return np.eye(num_classes)[labels]

# %% softmax
def softmax(z):
    """Probabilities from scores, over the last axis; stable.

    z: (C,) or (N, C); returns floats of the same shape.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% cross_entropy
def cross_entropy(logits, labels):
    return -np.log(softmax(logits)[np.arange(len(labels)), labels] + 1e-9).mean()

# %% train_one_epoch
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% evaluate
@torch.no_grad()
def evaluate(model, loader):
    return torch.cat([model(x).argmax(1) == y for x, y in loader]).double().mean().item()

# %% leaks
leaks = set()
leaks = {
    "scale first",
    "copy then split",
    "pick genes then split",
    "shuffled hours",
    "split by picture",
    "test each epoch",
}

# %% random_search
import random


def random_search(objective, space, trials, seed):
    random.seed(seed)
    best, value = None, np.inf
    for _ in range(trials):
        p = {name: random.choice(choices) for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% DigitNet
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x).log_softmax(dim=1)

# %% digit_predictions
torch.manual_seed(1)
model = nn.Sequential(
    nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for _ in range(3):
    for x, y in batches_of(range(4000)):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()
digit_model = model
