"""Right and wrong solutions of the task `fit`."""

# %% right: stochastic gradient descent on shuffled batches
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        for start in range(0, len(images), 32):
            chosen = order[start : start + 32]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
            loss.backward()
            optimizer.step()
    return model

# %% right: Adam, a loader, a schedule, a diary
import warnings

from torch.utils.data import DataLoader, TensorDataset


def fit(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> list[float]:
    """Returns the mean loss of each epoch."""
    diary = []
    loader = DataLoader(TensorDataset(images, labels), batch_size=50, shuffle=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=max(1, epochs))
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    while len(diary) < epochs:
        model.train()
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            total += loss.item() * len(y)
        schedule.step()
        diary.append(total / len(images))
        print("epoch", len(diary), "loss", diary[-1])
        warnings.warn("an epoch has passed")
    model.eval()
    return diary

# %% right: gradients and momentum by hand, loss by hand
def fit(model, images, labels, epochs):
    parameters = [p for p in model.parameters() if p.requires_grad]
    momentum = [torch.zeros_like(p) for p in parameters]
    for _ in range(epochs):
        for x, y in zip(images.split(40), labels.split(40)):
            scores = model(x)
            loss = (torch.logsumexp(scores, dim=1) - scores.gather(1, y[:, None]).squeeze(1)).mean()
            slopes = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for p, m, slope in zip(parameters, momentum, slopes):
                    m *= 0.9
                    m += slope
                    p -= 0.03 * m

# %% right: trains a copy on its own copies of the data, then loads it back
from copy import deepcopy


def fit(model, images, labels, epochs):
    x, y = images.clone(), labels.clone()
    twin = deepcopy(model).train()
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.003, weight_decay=1e-4)
    for epoch in range(epochs):
        shuffled = torch.from_numpy(np.random.default_rng(epoch).permutation(len(x)))
        x, y = x[shuffled], y[shuffled]
        for number in range(-(-len(x) // 25)):
            optimizer.zero_grad()
            nn.NLLLoss()(twin(x[25 * number : 25 * (number + 1)]).log_softmax(1), y[25 * number : 25 * (number + 1)]).backward()
            optimizer.step()
    model.load_state_dict(twin.state_dict())

# %% right: all pictures at once, a method of second order
def fit(model, images, labels, epochs):
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4)

    def closure():
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(model(images), labels)
        value.backward()
        return value

    for _ in range(epochs):
        optimizer.step(closure)

# %% wrong: no step => "its parameters were not changed" and "Nothing is trained"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()

# %% wrong: trains a copy => "its parameters were not changed" and "Nothing is trained"
import copy


def fit(model, images, labels, epochs):
    model = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    return model

# %% wrong: trains a model of its own => "its parameters were not changed" and "Nothing is trained"
def fit(model, images, labels, epochs):
    model = LinearNet()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    return model

# %% wrong: as many epochs as it likes => "The model changed although `epochs` is 0: is the argument used?"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(10):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: fresh weights before the first epoch => "The model changed although `epochs` is 0"
def fit(model, images, labels, epochs):
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: the first epoch has number 1 => "Nothing is trained: no `optimizer.step()`"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(1, epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: the notebook's own pictures => "learns from the notebook's own pictures"
X_train, Y_train = images[:2000], labels[:2000]


def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(X_train.split(64), Y_train.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: full batches only => "With 37 pictures, 20 epochs hardly lower the loss on them"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for batch in range(len(images) // 64):
            optimizer.zero_grad()
            x, y = images[64 * batch : 64 * batch + 64], labels[64 * batch : 64 * batch + 64]
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: shuffles the pictures, not their labels => "of the new digits are right"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images[torch.randperm(len(images))].split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: hardly learns => "of the new digits are right"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: climbs instead of descending => "The loss on the training pictures did not fall in 3 epochs" and "The loss rises: the steps lead up the gradient, or are far too long."
def fit(model, images, labels, epochs):
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            model.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            with torch.no_grad():
                for p in model.parameters():
                    p += 0.1 * p.grad

# %% wrong: ten classes, one-hot => "A few pictures, three classes"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    targets = torch.eye(10)[labels]
    for epoch in range(epochs):
        for x, y in zip(images.split(64), targets.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: normalises in place => "`fit` changes its pictures or labels in place; work on copies instead."
def fit(model, images, labels, epochs):
    images -= 0.1307
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    images += 0.2

# %% wrong: shuffles in place => "`fit` changes its pictures or labels in place; work on copies instead."
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        images[:], labels[:] = images[order], labels[order]
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: knows the layers of LinearNet => "LinearNet was trained, your CNN was not"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.linear.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: flattens the pictures itself => "LinearNet was trained, your CNN was not"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        for x, y in zip(images.flatten(1).split(64), labels.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

# %% wrong: without gradients => "`fit` raised RuntimeError"
@torch.no_grad()
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()

# %% wrong: its own names for the arguments => "got an unexpected keyword argument"
def fit(net, X, Y, n):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for epoch in range(n):
        for x, y in zip(X.split(64), Y.split(64)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()

# %% wrong: arguments in another order => "`fit` raised"
def fit(images, labels, model, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()

# %% wrong: one small step an epoch => "of the new digits are right"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for epoch in range(epochs):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()

# %% wrong: gradients are never cleared => "have added up"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()


# %% wrong: gradients are cleared once an epoch => "The gradients of the steps of one epoch have added up"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    for _ in range(epochs):
        optimizer.zero_grad()
        for batch in torch.randperm(len(images)).split(50):
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()


# %% wrong: gradients are cleared after the first batch of an epoch only => "The gradients of the epochs have added up"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for _ in range(epochs):
        for number, batch in enumerate(torch.randperm(len(images)).split(64)):
            if number > 0:
                optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()


# %% wrong: new weights at every epoch => "the model got new weights"
def fit(model, images, labels, epochs):
    for _ in range(epochs):
        for module in model.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
        for batch in torch.randperm(len(images)).split(20):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()


# %% wrong: returns after the first batch => "only 64 of them have changed any weight"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
            return


# %% wrong: ever the same ten pictures => "only 10 of them have changed any weight"
def fit(model, images, labels, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    for _ in range(epochs * (len(images) // 10 + 1)):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[:10]), labels[:10]).backward()
        optimizer.step()


# %% right: the loss summed over small batches, gradients of the model set to None, one model in eval mode
def fit(model, images, labels, epochs):
    model.eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.002, weight_decay=1e-4)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(16):
            model.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(model(images[batch]), labels[batch], reduction="sum").backward()
            optimizer.step()


# %% right: batches drawn with replacement, cleared after each step and at the beginning, pictures shifted by a pixel
def fit(model, images, labels, epochs):
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
    optimizer.zero_grad()
    for _ in range(epochs * max(1, len(images) // 32)):
        rows = torch.randint(len(images), (32,))
        loss = nn.functional.cross_entropy(model(images[rows]), labels[rows], label_smoothing=0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        optimizer.zero_grad()
