# Right answers amid prints, warnings, text on stderr, displayed numbers and changed variables.

# %% after environment
import sys
import warnings

print("hello from stderr", file=sys.stderr)
warnings.warn("this notebook likes to warn")
train = test = "my own"
42

# %% after check_evaluate
same = None
same = lambda received, expected, what: print("no need to check", what)
0

# %% after look-predictions
import logging

logging.error("done")
raise RuntimeError("a cell of my own that fails after everything is done")

# %% impute_median
import statistics
import warnings


def impute_median(train, test):
    warnings.warn("filling")
    out = []
    medians = np.array([statistics.median(c[np.isfinite(c)].tolist()) for c in train.T])
    print("medians", medians)
    for table in [train, test]:
        new = np.array(table, dtype=np.float64)
        rows, columns = np.nonzero(np.isnan(new))
        new[rows, columns] = medians[columns]
        out.append(new)
    return tuple(out)

# %% standardise
def standardise(train, test):
    mu, sigma = np.mean(train, 0), np.std(train, 0)
    print(mu, sigma)

    def scale(table):
        centred = table - mu
        return np.divide(centred, sigma, out=centred.copy(), where=sigma > 0)

    return scale(train), scale(test)

# %% one_hot
def one_hot(labels, num_classes):
    rows = np.zeros((labels.size, num_classes), dtype=np.float32)
    for n, label in enumerate(labels):
        print(n, label)
        rows[n, int(label)] += 1
    return rows

# %% softmax
def softmax(z):
    print("scores", z.shape)
    rows = np.atleast_2d(z).astype(float)
    logs = rows - np.logaddexp.reduce(rows, axis=1, keepdims=True)
    return np.exp(logs).reshape(z.shape)

# %% cross_entropy
import math


def cross_entropy(logits, labels):
    total = 0
    for z, y in zip(logits.tolist(), labels.tolist()):
        top = max(z)
        total += top + math.log(sum(math.exp(v - top) for v in z)) - z[y]
        print("so far", total)
    return total / len(labels)

# %% train_one_epoch
import warnings


def train_one_epoch(model: nn.Module, loader, loss_fn, optimizer) -> torch.Tensor:
    model.train(True)
    total, seen = torch.tensor(0.0), 0
    optimizer.zero_grad(set_to_none=False)
    for number, (inputs, labels) in enumerate(loader):
        outputs = model(inputs)
        loss = loss_fn(outputs, labels)
        print("batch", number, "loss", loss.item())
        warnings.warn("training")
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.detach() * labels.size(0)
        seen += labels.size(0)
    return total / seen

# %% evaluate
def evaluate(model, loader):
    modes = [(m, m.training) for m in model.modules()]
    model.train(False)
    answers = []
    try:
        with torch.inference_mode():
            for x, y in loader:
                for scores, label in zip(model(x), y):
                    answers.append(int(scores.argmax()) == int(label))
                print(len(answers), "done")
    finally:
        for module, mode in modes:
            module.training = mode
    return np.mean(answers)

# %% leaks
leaks = {" Scale first", "COPY THEN SPLIT", "Pick genes then split ", "shuffled hours", "Split by picture", "test each epoch"}

# %% random_search
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    drawn = {name: rng.choice(np.array(choices, dtype=object), size=trials) for name, choices in space.items()}
    results = []
    for t in range(trials):
        parameters = {name: drawn[name][t] for name in space}
        results.append((objective(dict(parameters)), t, parameters))
        print("trial", t, results[-1])
    value, _, parameters = min(results, key=lambda r: r[:2])
    return [parameters, value]

# %% DigitNet
import torch.nn.functional as F


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(in_channels=1, out_channels=10, kernel_size=(5, 5))
        self.b = nn.Conv2d(in_channels=10, out_channels=20, kernel_size=(5, 5), padding="valid")
        self.c = nn.Linear(20 * 4 * 4, 10)
        print("a network")

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.a(x), 2))
        x = F.relu(F.max_pool2d(self.b(x), 2))
        return self.c(torch.flatten(x, 1))

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
