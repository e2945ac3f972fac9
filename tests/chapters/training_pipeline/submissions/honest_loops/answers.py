# Right answers in plain Python, with loops.

# %% impute_median
def impute_median(train, test):
    def median(values):
        values = sorted(values)
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2

    medians = [median([v for v in column if v == v]) for column in train.T.tolist()]
    return [[[m if v != v else v for v, m in zip(row, medians)] for row in table.tolist()] for table in (train, test)]

# %% standardise
def standardise(train, test):
    train, test = train.astype(float), test.astype(float)
    a, b = np.empty_like(train), np.empty_like(test)
    for c in range(train.shape[1]):
        mu = sum(train[:, c]) / len(train)
        sigma = (sum((v - mu) ** 2 for v in train[:, c]) / len(train)) ** 0.5
        if sigma == 0:
            sigma = 1.0
        a[:, c], b[:, c] = (train[:, c] - mu) / sigma, (test[:, c] - mu) / sigma
    return a, b

# %% one_hot
def one_hot(labels, num_classes):
    return [[int(label == c) for c in range(num_classes)] for label in labels]

# %% softmax
import math


def softmax(z):
    if z.ndim == 2:
        return [softmax(row) for row in z]
    top = max(z)
    e = [math.exp(v - top) for v in z]
    return [v / sum(e) for v in e]

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
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    todo, record = iter(loader), []
    while True:
        try:
            x, y = next(todo)
        except StopIteration:
            break

        def closure():
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            return loss

        record.append((optimizer.step(closure).item(), len(y)))
    return sum(loss * n for loss, n in record) / sum(n for _, n in record)

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
answers = {
    "scale first": True, "log first": False, "split then copy": False, "copy then split": True,
    "pick genes then split": True, "split then pick genes": False, "two years then one": False, "shuffled hours": True,
    "split by picture": True, "split by patient": False, "validate each epoch": False, "test each epoch": True,
}
leaks = frozenset(name for name, leak in answers.items() if leak)

# %% random_search
import random


def random_search(objective, space, trials, seed):
    generator = random.Random(seed)
    best, value = None, float("inf")
    for _ in range(trials):
        parameters = {name: generator.choice(choices) for name, choices in space.items()}
        now = objective(parameters)
        if now < value:
            best, value = parameters, now
    return best, value

# %% DigitNet
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(320, 10)
        self.convolutions = nn.ModuleList([nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5)])

    def forward(self, x):
        for convolution in self.convolutions:
            x = nn.functional.adaptive_max_pool2d(convolution(x).clamp(min=0), (x.shape[2] - 4) // 2)
        return self.last(x.reshape(len(x), 320))

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
