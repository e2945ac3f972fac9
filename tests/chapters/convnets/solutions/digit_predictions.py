"""Right and wrong solutions of the task `digit_predictions`."""

# %% right: seven epochs, batches of 250
torch.manual_seed(3)
model = digit_model = CNN()
fit(model, images, labels, epochs=7)
model.eval()
pictures = torch.tensor(test_images, dtype=torch.float32)[:, None] / 255
with torch.no_grad():
    digit_predictions = torch.cat([model(batch).argmax(dim=1) for batch in pictures.split(250)])

# %% right: a list of Python numbers, picture by picture, chatty
torch.manual_seed(4)
net = CNN(num_classes=10)
fit(net, images, labels, epochs=6)
digit_model = net
print("trained; right on the pictures it was trained with:", accuracy(net, images[:500], labels[:500]))
digit_predictions = []
for picture in test_images:
    digit_predictions.append(int(net(torch.from_numpy(picture.astype("float32") / 255).reshape(1, 1, 28, 28))[0].argmax()))

# %% right: two networks that vote with their probabilities, small whole numbers
class Vote(nn.Module):
    def __init__(self, networks):
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, x):
        return sum(network(x).softmax(dim=1) for network in self.networks)


torch.manual_seed(5)
digit_model = Vote([CNN(), CNN()])
for network in digit_model.networks:
    fit(network, images, labels, 4)
with torch.inference_mode():
    digit_predictions = digit_model(torch.from_numpy(test_images).unsqueeze(1).float() / 255).argmax(1).numpy().astype(np.uint8)

# %% right: shifted pictures too, keeps the best of some rounds on pictures put aside
import copy


def shifted(x):
    return torch.cat([torch.roll(x, (down, right), (2, 3)) for down, right in ((0, 0), (1, 0), (0, 1))])


torch.manual_seed(6)
best, digit_predictions = 0.0, None
model = CNN()
for _ in range(3):
    fit(model, shifted(images[:3700]), labels[:3700].repeat(3), epochs=1)
    now = accuracy(model, images[3700:], labels[3700:])
    if now >= best:
        best, digit_model = now, copy.deepcopy(model)
        digit_predictions = model(torch.from_numpy(test_images / 255).float().view(-1, 1, 28, 28)).detach().numpy().argmax(axis=-1)

# %% wrong: left empty => "`digit_predictions` is still None: its cell was not filled in, or stopped before the last line."
digit_predictions = None
model = CNN()

# %% wrong: untrained => "of the answers are right. About as many as by guessing: was it trained?"
torch.manual_seed(0)
digit_model = CNN()
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(1).numpy()

# %% wrong: the logits => "`digit_predictions` has shape (1000, 10), but shape (1000,) was expected"
with torch.no_grad():
    digit_predictions = CNN()(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).numpy()

# %% wrong: floats => "`digit_predictions` has dtype float64."
digit_predictions = np.random.default_rng(0).integers(0, 10, 1000).astype(float)

# %% wrong: always the same digit => "All answers are 1."
digit_predictions = np.ones(1000, dtype=int)

# %% wrong: counted from 1 => "Some answers are no digits."
digit_predictions = np.arange(1000) % 10 + 1

# %% wrong: the labels of other pictures => "aren't those of `digit_model` in eval mode"
digit_model = CNN()
digit_predictions = train_labels[:1000]

# %% wrong: only a part of the pictures => "`digit_predictions` has shape (100,), but shape (1000,) was expected"
model = CNN()
fit(model, images[:200], labels[:200], epochs=1)
digit_predictions = model(torch.from_numpy(test_images[:100]).float().div(255).unsqueeze(1)).argmax(1)

# %% wrong: a column => "`digit_predictions` has shape (1000, 1), but shape (1000,) was expected"
digit_predictions = np.random.default_rng(0).integers(0, 10, (1000, 1))

# %% wrong: texts => "is a list that holds texts, but an array of shape (1000,) was expected"
digit_predictions = [str(digit) for digit in train_labels[:1000]]

# %% wrong: the nearest mean picture, no network => "`digit_model` is not defined after this cell"
means = np.stack([train_images[train_labels == digit].mean(axis=0) for digit in range(10)])
digit_predictions = ((test_images[:, None] - means) ** 2).sum(axis=(2, 3)).argmin(axis=1)

# %% wrong: the nearest pictures, and an untrained network => "aren't those of `digit_model` in eval mode"
known, unknown = train_images.reshape(-1, 784).astype(np.float32), test_images.reshape(-1, 784).astype(np.float32)
distances = (known**2).sum(axis=1) - 2 * unknown @ known.T
digit_predictions = train_labels[distances.argmin(axis=1)]
digit_model = CNN()


# %% wrong: the nearest pictures as a module => "are whole pictures kept in it?"
class Nearest(nn.Module):
    def __init__(self):
        super().__init__()
        self.pictures = nn.Parameter(images.flatten(1))

    def forward(self, x):
        nearest = torch.cdist(x.flatten(1), self.pictures).argmin(dim=1)
        return nn.functional.one_hot(labels[nearest], 10).float()


digit_model = Nearest()
digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()


# %% wrong: the answers in a module that learned nothing => "With all its parameters set to 0, `digit_model` gives nearly the same answers"
class Nearest(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3)

    def forward(self, x):
        shown, known = x.flatten(1).numpy(), images.flatten(1).numpy()
        distances = (known**2).sum(axis=1) - 2 * shown @ known.T
        return torch.eye(10)[train_labels[distances.argmin(axis=1)].astype(int)] + 0 * self.conv(x).sum()


digit_model = Nearest()
with torch.no_grad():
    digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()

# %% wrong: two hidden layers without a convolution => "`digit_model` has no convolution"
torch.manual_seed(0)
digit_model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(digit_model.parameters(), lr=1e-3)
for _ in range(5):
    for batch in torch.randperm(len(images)).split(50):
        optimizer.zero_grad()
        nn.functional.cross_entropy(digit_model(images[batch]), labels[batch]).backward()
        optimizer.step()
digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1)

# %% wrong: a model trained on after it answered => "aren't those of `digit_model` in eval mode" and "and as it is now: answer again after training on."
torch.manual_seed(0)
digit_model = CNN()
fit(digit_model, images[:1000], labels[:1000], epochs=1)
digit_predictions = digit_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()
fit(digit_model, images, labels, epochs=4)

# %% wrong: trained with 500 pictures only => "at least 92%"
torch.manual_seed(0)
model = digit_model = CNN()
fit(model, images[:500], labels[:500], epochs=3)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()

# %% wrong: pictures read upside down => "aren't those of `digit_model` in eval mode"
torch.manual_seed(0)
model = digit_model = CNN()
fit(model, images[:2000], labels[:2000], epochs=3)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images[:, ::-1].copy()).float().div(255).unsqueeze(1)).argmax(1).tolist()

# %% wrong: sorted => "aren't those of `digit_model` in eval mode"
torch.manual_seed(0)
model = digit_model = CNN()
fit(model, images[:2000], labels[:2000], epochs=2)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).sort().values
