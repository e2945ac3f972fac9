# Right answers in float32, as tensors and lists.

# %% impute_median
def impute_median(train, test):
    a, b = torch.tensor(train, dtype=torch.float32), torch.tensor(test, dtype=torch.float32)
    medians = torch.nanquantile(a, 0.5, dim=0)
    return torch.where(a.isnan(), medians, a), torch.where(b.isnan(), medians, b)

# %% standardise
def standardise(train, test):
    a, b = torch.from_numpy(train).float(), torch.from_numpy(test).float()
    std, mean = torch.std_mean(a, dim=0, correction=0)
    std[std < 1e-7] = 1
    return [(a - mean) / std, (b - mean) / std]

# %% one_hot
def one_hot(labels, num_classes):
    rows = np.zeros((labels.size, num_classes), dtype=np.float32)
    for n, label in enumerate(labels):
        print(n, label)
        rows[n, int(label)] += 1
    return rows

# %% softmax
def softmax(z):
    return torch.softmax(torch.tensor(z, dtype=torch.float32), dim=-1)

# %% cross_entropy
def cross_entropy(logits, labels):
    z = logits.astype(np.float32)
    z = z - z.max(axis=-1, keepdims=True)
    logs = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return -np.float32((one_hot(labels, logits.shape[1]) * logs).sum() / len(z))

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
    training = model.training
    if training:
        model.eval()
    pairs = [(model(x).detach().numpy(), y.numpy()) for x, y in loader]
    if training:
        model.train()
    scores, labels = (np.concatenate(part) for part in zip(*pairs))
    return np.float32((np.argmax(scores, axis=-1) == labels).mean())

# %% leaks
leaks = ["scale first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch"]

# %% random_search
def random_search(objective, space, trials, seed):
    generator = torch.Generator().manual_seed(seed)
    best = None
    for _ in range(trials):
        parameters = {}
        for name in sorted(space):
            parameters[name] = space[name][torch.randint(len(space[name]), (), generator=generator).item()]
        value = objective(parameters)
        if best is None or value <= best[1]:
            best = (parameters, value)
    return best

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
torch.manual_seed(5)
mean, std = images.mean(), images.std()
model = DigitNet()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for _ in range(4):
    for batch in torch.randperm(len(images)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model((images[batch] - mean) / std), labels[batch]).backward()
        optimizer.step()
with torch.inference_mode():
    scores = model((torch.from_numpy(test_images / 255).float().unsqueeze(1) - mean) / std)
digit_predictions = scores.numpy().argmax(axis=-1).astype(np.uint8)
digit_model = model
