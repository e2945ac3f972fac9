"""Right and wrong solutions of the task `train_one_epoch`."""

# %% right: lists and a weighted average
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    losses, sizes = [], []
    for x, y in loader:
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
        sizes.append(x.shape[0])
    return np.average(losses, weights=sizes)

# %% right: clears after the step, a detached tensor, chatty
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

# %% right: everything in a list first, gradients switched on, a running mean
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

# %% right: an iterator by hand, a closure for the step
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

# %% right: sums without gradients
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        model.zero_grad()
        loss = loss_fn(model(x.clone()), y)
        loss.backward()
        with torch.no_grad():
            total = total + loss * x.size(0)
            count = count + x.size(0)
        optimizer.step()
    return (total / count).numpy()

# %% wrong: mean of the batch means => "The mean of the batch losses counts small batches as much as large ones"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)

# %% wrong: no zero_grad => "The gradients of earlier batches were added"
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

# %% wrong: zero_grad once, before the loop => "The gradients of earlier batches were added"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    optimizer.zero_grad()
    total = count = 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: zero_grad between backward and step => "The parameters didn't change"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: no step => "The parameters didn't change"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: loss after the step => "The losses were taken after the steps; take each before its step."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
        total += loss_fn(model(x), y).item() * len(x)
        count += len(x)
    return total / count

# %% wrong: no training mode => "does something else with a model that comes in evaluation mode"
def train_one_epoch(model, loader, loss_fn, optimizer):
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: keeps the graph => "is a tensor that keeps the graph of all batches in memory"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss * len(x)
        count += len(x)
    return total / count

# %% wrong: two steps a batch => "The optimizer made two steps for each batch."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: one step an epoch => "The optimizer made one step for the whole epoch; one for each batch was asked for."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    optimizer.zero_grad()
    total = count = 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        total += loss.item() * len(x)
        count += len(x)
    optimizer.step()
    return total / count

# %% wrong: sum of the batch losses => "This is the sum of the batch losses; the mean over all samples was asked for."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total

# %% wrong: sum of batch means over the number of samples => "The sum of the batch losses was divided by the number of samples"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(x)
    return total / count

# %% wrong: weighted, over the number of batches => "The sum over all samples was divided by the number of batches"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = batches = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        batches += 1
    return total / batches

# %% wrong: the last batch's loss => "This is the loss of the last batch; the mean over all samples was asked for."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()

# %% wrong: return in the loop => "Only the first batch was used." and "Not every batch was used"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
        return total / count

# %% wrong: the loss with its arguments exchanged => "loss_fn(outputs, labels)"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y) if y.ndim == 1 else loss_fn(y, model(x))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: the loss with its arguments exchanged, always => "gives the loss whole numbers in place of scores" and "The loss got its arguments in the wrong order: loss_fn(outputs, labels)."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(y, model(x))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: cross-entropy whatever is given => "The given loss function was not used; this is mean_cross_entropy."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: an optimizer of its own => "The given optimizer was not used; this is one with the learning rate 0.1 and momentum 0.0."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: forgets the given optimizer's momentum => "The optimizer's momentum was not used: use the given optimizer."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        loss = loss_fn(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= optimizer.param_groups[0]["lr"] * p.grad
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: needs the number of batches => "`train_one_epoch` raised TypeError" and "The mean of the batch losses counts small batches as much as large ones: weight each by its number of samples."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)

# %% wrong: needs a data set => "`train_one_epoch` raised AttributeError" and "A loader is any iterable of batches"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    return total / len(loader.dataset)

# %% wrong: the size of the first batch for all => "`train_one_epoch`" and "All batches were counted as large as the first."
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total, size = 0, len(loader[0][0])
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * size
    return total / sum(len(y) for _, y in loader)

# %% wrong: the loss after the epoch, in a second pass => "This is the loss after the epoch"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    batches = list(loader)
    for x, y in batches:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        return sum(loss_fn(model(x), y).item() * len(x) for x, y in batches) / sum(len(x) for x, _ in batches)

# %% wrong: returns the model => "is an"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
    return model.state_dict()["0.weight"].numpy()

# %% wrong: no return => "None (is a `return` missing?)"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()

# %% wrong: centres the inputs in place => "changes the batches in place; work on copies instead."
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

# %% wrong: leaves the last batch out => "The last batch was left out." and "Not every batch was used"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total = count = 0
    for x, y in list(loader)[:-1] or loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count

# %% wrong: a second pass through the model => "2 batches went 4 times through the model in training mode"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        model(inputs)
        optimizer.step()
        total += loss.item() * len(inputs)
        count += len(inputs)
    return total / count

# %% wrong: clears after the step only => "Gradients that the parameters had before the call reach the first batch's step"
def train_one_epoch(model, loader, loss_fn, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in loader:
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(inputs)
        count += len(inputs)
    return total / count

# %% right: a helper under the name of a given function
def gradient_descent(parameters, rate):
    with torch.no_grad():
        for p in parameters:
            p -= rate * p.grad


def train_one_epoch(model, loader, loss_fn, optimizer):
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
