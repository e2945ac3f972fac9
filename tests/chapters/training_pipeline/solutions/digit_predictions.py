"""Right and wrong solutions of the task `digit_predictions`."""

# %% right: five epochs of Adam, in batches of 250
torch.manual_seed(3)
model = DigitNet()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for _ in range(5):
    train_one_epoch(model, batches_of(range(4000), 50), mean_cross_entropy, optimizer)
model.eval()
pictures = torch.tensor(test_images, dtype=torch.float32)[:, None] / 255
with torch.no_grad():
    digit_predictions = torch.cat([model(batch).argmax(dim=1) for batch in pictures.split(250)])
digit_model = model

# %% right: stops when the held-back pictures say so, a list of Python numbers, chatty
from copy import deepcopy

torch.manual_seed(4)
net, best, digit_predictions = DigitNet(), 0.0, None
optimizer = gradient_descent(net, lr=0.03, momentum=0.9)
for epoch in range(5):
    train_one_epoch(net, batches_of(range(3600), 32), mean_cross_entropy, optimizer)
    now = evaluate(net, batches_of(range(3600, 4000), 400))
    print("epoch", epoch, "held back", now)
    if now > best:
        best, digit_model = now, deepcopy(net)
        digit_predictions = [int(net(torch.from_numpy(p.astype("float32") / 255).reshape(1, 1, 28, 28)).argmax()) for p in test_images]

# %% right: standardised pictures, a loop of its own, small whole numbers
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

# %% right: shifted pictures too
torch.manual_seed(6)
more = torch.cat([images, torch.roll(images, (1, 0), (2, 3)), torch.roll(images, (0, -1), (2, 3))])
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(more, labels.repeat(3)), batch_size=64, shuffle=True)
digit_model = DigitNet()
train_one_epoch(digit_model, loader, mean_cross_entropy, torch.optim.Adam(digit_model.parameters(), lr=3e-3))
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).unsqueeze(1).float() / 255).softmax(dim=1).argmax(1).numpy()

# %% right: the pictures as they are, 0 to 255, and a network of its own that is no DigitNet
torch.manual_seed(7)
digit_model = nn.Sequential(
    nn.BatchNorm2d(1), nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10)
)
optimizer = torch.optim.Adam(digit_model.parameters(), lr=3e-3)
for _ in range(6):
    for batch in torch.randperm(len(images)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(digit_model(255 * images[batch]), labels[batch]).backward()
        optimizer.step()
digit_model.eval()
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).float()[:, None]).argmax(dim=1)

# %% wrong: no network is kept => "`digit_model`"
torch.manual_seed(8)
model = DigitNet()
optimizer = gradient_descent(model, lr=0.05, momentum=0.9)
for _ in range(6):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()

# %% wrong: the nearest picture, no network => "`digit_model` is None, but a trained network was expected"
a, b = images.flatten(1), torch.from_numpy(test_images).float().div(255).flatten(1)
digit_predictions, digit_model = labels[torch.cdist(b, a).argmin(dim=1)].numpy(), None

# %% wrong: the nearest picture, beside a network that was trained a little => "aren't those that `digit_model` gives"
digit_model = DigitNet()
train_one_epoch(digit_model, batches_of(range(4000)), mean_cross_entropy, gradient_descent(digit_model, lr=0.02, momentum=0.9))
a, b = images.flatten(1), torch.from_numpy(test_images).float().div(255).flatten(1)
digit_predictions = labels[torch.cdist(b, a).argmin(dim=1)].numpy()


# %% wrong: the nearest picture, as a module that holds all of them => "numbers; a `DigitNet` has 8,490"
class Nearest(nn.Module):
    def __init__(self):
        super().__init__()
        self.pictures = nn.Parameter(images.flatten(1))

    def forward(self, x):
        nearest = torch.cdist(x.flatten(1), self.pictures).argmin(dim=1)
        return nn.functional.one_hot(labels[nearest], 10).float()


digit_model = Nearest()
digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255)).argmax(dim=1).numpy()


# %% wrong: the nearest picture, in a DigitNet that looks elsewhere => "neither its parameters nor its buffers"
class Sly(DigitNet):
    def forward(self, x):
        distances = torch.cdist(x.flatten(1), images.flatten(1))
        return nn.functional.one_hot(labels[distances.argmin(dim=1)], 10) * sum(p.sum() for p in self.parameters()).abs()


digit_model = Sly()
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255)).argmax(dim=1).numpy()

# %% wrong: the network was trained on afterwards => "aren't those that `digit_model` gives" and "answer again after training on"
torch.manual_seed(9)
digit_model = DigitNet()
optimizer = gradient_descent(digit_model, lr=0.05, momentum=0.9)
train_one_epoch(digit_model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()
for _ in range(3):
    train_one_epoch(digit_model, batches_of(range(4000)), mean_cross_entropy, optimizer)

# %% wrong: left empty => "`digit_predictions` is still None: its cell was not filled in, or stopped before the last line."
digit_predictions = None
model = DigitNet()

# %% wrong: untrained => "of the answers are right" and "That is about as many as by guessing: was `digit_model` trained?"
torch.manual_seed(0)
digit_model = DigitNet()
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(1).numpy()

# %% wrong: the logits => "`digit_predictions` has shape (1000, 10), but shape (1000,) was expected" and "These are the scores of the ten classes"
with torch.no_grad():
    digit_predictions = DigitNet()(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).numpy()

# %% wrong: floats => "`digit_predictions` has dtype float64."
digit_predictions = np.random.default_rng(0).integers(0, 10, 1000).astype(float)

# %% wrong: always the same digit => "All answers are 7."
digit_predictions = np.full(1000, 7)

# %% wrong: counted from 1 => "Some answers are no digits."
digit_predictions = np.arange(1000) % 10 + 1

# %% wrong: the labels of other pictures => "aren't those that `digit_model` gives" and "These are the labels of the first training pictures"
digit_model = DigitNet()
digit_predictions = train_labels[:1000]

# %% wrong: only a part of the pictures => "`digit_predictions` has shape (100,), but shape (1000,) was expected"
model = DigitNet()
digit_predictions = model(torch.from_numpy(test_images[:100]).float().div(255).unsqueeze(1)).argmax(1)

# %% wrong: a column => "`digit_predictions` has shape (1000, 1), but shape (1000,) was expected"
digit_predictions = np.random.default_rng(0).integers(0, 10, (1000, 1))

# %% wrong: texts => "is a list that holds texts, but an array of shape (1000,) was expected"
digit_predictions = [str(digit) for digit in train_labels[:1000]]

# %% wrong: the nearest mean picture, no network => "but a trained network was expected"
digit_model = 10
means = np.stack([train_images[train_labels == digit].mean(axis=0) for digit in range(10)])
digit_predictions = ((test_images[:, None] - means) ** 2).sum(axis=(2, 3)).argmin(axis=1)

# %% wrong: one linear layer => "at least 91%" and "are linear in the pixels"
torch.manual_seed(0)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = gradient_descent(model, lr=0.05, momentum=0.9)
for _ in range(6):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()
digit_model = model

# %% wrong: trained with 300 pictures only => "at least 80%" and "It learned too little"
torch.manual_seed(0)
model = DigitNet()
optimizer = gradient_descent(model, lr=0.02, momentum=0.9)
for _ in range(4):
    train_one_epoch(model, batches_of(range(300), 32), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()
digit_model = model

# %% wrong: pictures read upside down => "aren't those that `digit_model` gives" and "to the pictures read upside down"
torch.manual_seed(0)
model = DigitNet()
optimizer = gradient_descent(model, lr=0.05, momentum=0.9)
for _ in range(2):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images[:, ::-1].copy()).float().div(255).unsqueeze(1)).argmax(1).tolist()
digit_model = model

# %% wrong: sorted => "aren't those that `digit_model` gives" and "but sorted"
torch.manual_seed(0)
model = DigitNet()
train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, gradient_descent(model, lr=0.05, momentum=0.9))
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).sort().values
digit_model = model
