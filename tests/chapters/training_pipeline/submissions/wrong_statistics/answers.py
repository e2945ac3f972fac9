# Statistics of the wrong rows, of the wrong kind; everything before a split taken for a leak.

# %% impute_median
def impute_median(train, test):
    m = np.nanmedian(np.concatenate([train, test]), axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% standardise
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0, ddof=1)
    sigma[sigma == 0] = 1
    return (train - mu) / sigma, (test - mu) / sigma

# %% one_hot
def one_hot(labels, num_classes):
    return np.eye(labels.max() + 1)[labels]

# %% softmax
def softmax(z):
    """Probabilities from scores, over the last axis; stable.

    z: (C,) or (N, C); returns floats of the same shape.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% cross_entropy
def cross_entropy(logits, labels):
    """Mean cross-entropy with the natural logarithm; stable.

    logits: (N, C), labels: (N,), whole numbers from 0 to C - 1; returns one number.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return (log_sums - shifted[np.arange(len(labels)), labels]).mean()

# %% train_one_epoch
def train_one_epoch(model, loader, loss_fn, optimizer):
    """One pass over the batches, one optimizer step for each.

    loader: iterable of (inputs, labels), tensors; loss_fn: (outputs, labels) → mean loss of the batch.
    Returns the mean loss over all samples, each batch's taken before its step.
    """
    model.train()
    total, count = 0.0, 0
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(inputs)
        count += len(inputs)
    return total / count

# %% evaluate
def evaluate(model, loader):
    """Accuracy, a number from 0 to 1, in evaluation mode; the model's mode is restored.

    loader: iterable of (inputs, labels), tensors.
    """
    was_training = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            right += (model(inputs).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train(was_training)
    return right / count

# %% leaks
leaks = {"scale first", "log first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch"}

# %% random_search
def random_search(objective, space, trials, seed):
    """The best of `trials` random combinations.

    objective: dict (name → choice) → number; space: dict (name → list of choices).
    Returns (best_parameters, best_value), the smallest value and the dict that gave it.
    """
    generator = np.random.default_rng(seed)
    best_parameters, best_value = None, None
    for _ in range(trials):
        parameters = {name: choices[generator.integers(len(choices))] for name, choices in space.items()}
        value = objective(parameters)
        if best_value is None or value < best_value:
            best_parameters, best_value = parameters, value
    return best_parameters, best_value

# %% DigitNet
class DigitNet(nn.Module):
    """The tutorial's network for digits: (N, 1, 28, 28) → logits (N, 10)."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 10, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(10, 20, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.fc = nn.Linear(320, 10)

    def forward(self, x):
        return self.fc(self.features(x).flatten(start_dim=1))

# %% digit_predictions
torch.manual_seed(1)
model = DigitNet()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for _ in range(3):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
model.eval()
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1)
digit_model = model
