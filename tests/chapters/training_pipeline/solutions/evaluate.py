"""Right and wrong solutions of the task `evaluate`."""

# %% right: all answers in one tensor
@torch.no_grad()
def evaluate(model, loader):
    before = model.training
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    model.train(before)
    return right.double().mean()

# %% right: sample by sample, each module's mode restored, chatty
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

# %% right: a trained copy is evaluated
from copy import deepcopy


def evaluate(model, loader):
    twin = deepcopy(model).eval()
    right = total = 0
    for x, y in loader:
        right += int((twin(x).max(dim=-1).indices == y).sum())
        total += y.shape[0]
    return right / total

# %% right: numpy, float32
def evaluate(model, loader):
    training = model.training
    if training:
        model.eval()
    pairs = [(model(x).detach().numpy(), y.numpy()) for x, y in loader]
    if training:
        model.train()
    scores, labels = (np.concatenate(part) for part in zip(*pairs))
    return np.float32((np.argmax(scores, axis=-1) == labels).mean())

# %% right: weighted mean of the batches' accuracies
def evaluate(model, loader):
    was = model.training
    model.eval()
    shares, sizes = [], []
    with torch.no_grad():
        for inputs, labels in loader:
            shares.append((model(inputs).softmax(1).argmax(1) == labels).float().mean().item())
            sizes.append(len(labels))
    model.train(mode=was)
    return float(np.average(shares, weights=sizes))

# %% wrong: leaves evaluation mode on => "`evaluate` leaves the model in evaluation mode; before it was in training mode."
@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    return right.double().mean().item()

# %% wrong: always ends in training mode => "`evaluate` leaves the model in training mode; before it was in evaluation mode."
@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    model.train()
    return right.double().mean().item()

# %% wrong: mean of the batches => "The mean of the batches' accuracies counts small batches as much as large ones"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    shares = [(model(x).argmax(1) == y).float().mean().item() for x, y in loader]
    model.train(was)
    return sum(shares) / len(shares)

# %% wrong: percent => "This is in percent; a number from 0 to 1 was asked for."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    model.train(was)
    return 100 * right.double().mean().item()

# %% wrong: no evaluation mode => "The model was in training mode: `model.eval()` before the first batch."
@torch.no_grad()
def evaluate(model, loader):
    return torch.cat([model(x).argmax(1) == y for x, y in loader]).double().mean().item()

# %% wrong: switches batch normalisation only => "dropout is on"
@torch.no_grad()
def evaluate(model, loader):
    modes = {m: m.training for m in model.modules()}
    for m in modes:
        if isinstance(m, nn.BatchNorm1d):
            m.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    for m, mode in modes.items():
        m.training = mode
    return right.double().mean().item()

# %% wrong: evaluation mode too late => "The model was in training mode"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    model.eval()
    model.train(was)
    return right.double().mean().item()

# %% wrong: moves the running means => "`evaluate` changes the running means of batch normalisation"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    batches = list(loader)
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in batches])
    model.train()
    for x, _ in batches:
        model(x)
    model.train(was)
    return right.double().mean().item()

# %% wrong: number of right answers => "This is the number of right answers; divide by the number of samples."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loader)
    model.train(was)
    return right

# %% wrong: share of errors => "This is the share of wrong answers"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    wrong = torch.cat([model(x).argmax(1) != y for x, y in loader])
    model.train(was)
    return wrong.double().mean().item()

# %% wrong: the last batch only => "This is the accuracy of the last batch only."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    for x, y in loader:
        right = (model(x).argmax(1) == y).double().mean().item()
    model.train(was)
    return right

# %% wrong: the first batch only => "This is the accuracy of the first batch only."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    for x, y in loader:
        right = (model(x).argmax(1) == y).double().mean().item()
        model.train(was)
        return right

# %% wrong: over the number of batches => "Right answers were divided by the number of batches."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = batches = 0
    for x, y in loader:
        right += (model(x).argmax(1) == y).sum().item()
        batches += 1
    model.train(was)
    return right / batches

# %% wrong: smallest score => "The smallest score was taken for the answer; take the largest."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = torch.cat([model(x).argmin(1) == y for x, y in loader])
    model.train(was)
    return right.double().mean().item()

# %% wrong: the largest of each column => "`evaluate` raised RuntimeError" and "There is one answer for each class, not for each sample: `argmax(dim=1)`."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = torch.cat([model(x).argmax(0) == y for x, y in loader])
    model.train(was)
    return right.double().mean().item()

# %% wrong: whole numbers => "The number was cut to a whole one."
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    model.train(was)
    return int(right.sum()) // len(right)

# %% wrong: needs a data set => "`evaluate` raised AttributeError" and "A loader is any iterable of batches"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loader)
    model.train(was)
    return right / len(loader.dataset)

# %% wrong: goes through the batches twice => "`evaluate` raised ZeroDivisionError"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loader)
    model.train(was)
    return right / sum(len(y) for _, y in loader)

# %% wrong: trains on the side => "`evaluate` changes the model's parameters." and "nothing may train or change it"
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = total = 0
    for x, y in loader:
        scores = model(x)
        right += int((scores.argmax(1) == y).sum())
        total += len(y)
    model.zero_grad()
    nn.functional.cross_entropy(scores, y).backward()
    torch.optim.SGD(model.parameters(), lr=1e-4).step()
    model.train(was)
    return right / total

# %% wrong: no return => "None (is a `return` missing?)"
@torch.no_grad()
def evaluate(model, loader):
    was = model.training
    model.eval()
    right = torch.cat([model(x).argmax(1) == y for x, y in loader])
    model.train(was)

# %% wrong: the answer of the example => "This is the answer of the visible example: use the function's arguments."
def evaluate(model, loader):
    return 0.5

# %% wrong: only the outer module's mode is restored => "leaves the layers of the model in evaluation mode"
def evaluate(model, loader):
    was_training = model.training
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for xb, yb in loader:
            correct += (model(xb).argmax(dim=1) == yb).sum().item()
            total += len(yb)
    model.training = was_training
    return correct / total
