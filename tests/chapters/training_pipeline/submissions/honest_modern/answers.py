# Right answers with scipy, torch, masked arrays, decorators, lazy layers and votes.

# %% impute_median
def impute_median(train, test):
    medians = np.ma.median(np.ma.masked_invalid(train), axis=0).filled(np.nan)
    return tuple(np.where(np.isnan(a), np.broadcast_to(medians, a.shape), a) for a in (train, test))

# %% standardise
import statistics


def standardise(train, test):
    numbers = [(statistics.fmean(c), statistics.pstdev(c) or 1.0) for c in train.T.tolist()]
    return tuple([[(v - m) / s for v, (m, s) in zip(row, numbers)] for row in t.tolist()] for t in (train, test))

# %% one_hot
def one_hot(labels, num_classes):
    return nn.functional.one_hot(torch.tensor(labels, dtype=torch.long), num_classes)

# %% softmax
import scipy.special


def softmax(z):
    return scipy.special.softmax(z, axis=-1)

# %% cross_entropy
from scipy.special import logsumexp


def cross_entropy(logits, labels):
    return np.mean(logsumexp(logits, axis=1) - np.take_along_axis(logits, labels[:, None], axis=1)[:, 0])

# %% train_one_epoch
@torch.enable_grad()
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    mean, seen = 0.0, 0
    for batch in list(loader):
        inputs, labels = batch
        for p in model.parameters():
            p.grad = None
        value = loss_fn(model(inputs), labels)
        torch.autograd.backward(value)
        optimizer.step()
        seen += len(labels)
        mean += (value.item() - mean) * len(labels) / seen
    return mean

# %% evaluate
from copy import deepcopy


def evaluate(model, loader):
    twin = deepcopy(model).eval()
    right = total = 0
    for x, y in loader:
        right += int((twin(x).max(dim=-1).indices == y).sum())
        total += y.shape[0]
    return right / total

# %% leaks
leaks = {"test each epoch", "split by picture", "shuffled hours", "pick genes then split", "copy then split", "scale first"}

# %% random_search
import itertools


def random_search(objective, space, trials, seed):
    grid = list(itertools.product(*space.values()))
    state = np.random.RandomState(seed)
    tried = [dict(zip(space, grid[state.randint(len(grid))])) for _ in range(trials)]
    values = [float(objective(p)) for p in tried]
    return tried[int(np.argmin(values))], np.min(values)

# %% DigitNet
class DigitNet(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.LazyConv2d(10, 5), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
            nn.LazyConv2d(20, 5), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
            nn.Flatten(), nn.Dropout(0.2), nn.LazyLinear(10),
        )

# %% digit_predictions
import copy

torch.manual_seed(4)
net, best, digit_predictions = DigitNet(), 0.0, None
optimizer = gradient_descent(net, lr=0.03, momentum=0.9)
for epoch in range(5):
    train_one_epoch(net, batches_of(range(3600), 32), mean_cross_entropy, optimizer)
    now = evaluate(net, batches_of(range(3600, 4000), 400))
    print("epoch", epoch, "held back", now)
    if now > best:
        best, digit_model = now, copy.deepcopy(net).eval()
        digit_predictions = [int(digit_model(torch.from_numpy(p.astype("float32") / 255).reshape(1, 1, 28, 28)).argmax()) for p in test_images]
