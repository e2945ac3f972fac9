# Right values, but arguments are changed in place.

# %% impute_median
def impute_median(train, test):
    m = np.nanmedian(train, axis=0)
    for a in (train, test):
        gaps = np.isnan(a)
        a[gaps] = np.broadcast_to(m, a.shape)[gaps]
    return train, test

# %% standardise
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0)
    sigma[sigma == 0] = 1
    for t in (train, test):
        t -= mu
        t /= sigma
    return train, test

# %% one_hot
def one_hot(labels, num_classes):
    result = np.eye(num_classes)[labels]
    labels += 1
    return result

# %% softmax
def softmax(z):
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)

# %% cross_entropy
def cross_entropy(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]).mean()

# %% train_one_epoch
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x.clone()), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
        x -= x.mean()
    return total / count

# %% evaluate
@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    return right.double().mean().item()

# %% leaks
leaks = {name for group in [
    ("scale first", "log first"), ("split then copy", "copy then split"), ("pick genes then split", "split then pick genes"),
    ("two years then one", "shuffled hours"), ("split by picture", "split by patient"), ("validate each epoch", "test each epoch"),
] for name in group}

# %% random_search
import random


def random_search(objective, space, trials, seed):
    generator, best, value = random.Random(seed), None, np.inf
    for choices in space.values():
        choices.sort(key=str)
        generator.shuffle(choices)
    for _ in range(trials):
        p = {name: generator.choice(choices) for name, choices in space.items()}
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
        return self.body(x).squeeze()

# %% digit_predictions
torch.manual_seed(0)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = gradient_descent(model, lr=0.05, momentum=0.9)
for _ in range(6):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()
digit_model = model
