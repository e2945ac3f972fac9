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

# %% right: stops when the held-back pictures say so, a list of Python numbers, chatty
torch.manual_seed(4)
net, best, digit_predictions = DigitNet(), 0.0, None
optimizer = gradient_descent(net, lr=0.03, momentum=0.9)
for epoch in range(5):
    train_one_epoch(net, batches_of(range(3600), 32), mean_cross_entropy, optimizer)
    now = evaluate(net, batches_of(range(3600, 4000), 400))
    print("epoch", epoch, "held back", now)
    if now > best:
        best = now
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

# %% right: shifted pictures too, two networks that vote
torch.manual_seed(6)
more = torch.cat([images, torch.roll(images, (1, 0), (2, 3)), torch.roll(images, (0, -1), (2, 3))])
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(more, labels.repeat(3)), batch_size=64, shuffle=True)
votes = 0
for _ in range(2):
    model = DigitNet()
    train_one_epoch(model, loader, mean_cross_entropy, torch.optim.Adam(model.parameters(), lr=3e-3))
    with torch.no_grad():
        votes = votes + model(torch.from_numpy(test_images).unsqueeze(1).float() / 255).softmax(dim=1)
digit_predictions = votes.argmax(1).numpy()

# %% wrong: left empty => "`digit_predictions` is still None: its cell was not filled in, or stopped before the last line."
digit_predictions = None
model = DigitNet()

# %% wrong: untrained => "of the answers are right"
torch.manual_seed(0)
with torch.no_grad():
    digit_predictions = DigitNet()(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(1).numpy()

# %% wrong: the logits => "`digit_predictions` has shape (1000, 10), but shape (1000,) was expected"
with torch.no_grad():
    digit_predictions = DigitNet()(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).numpy()

# %% wrong: floats => "`digit_predictions` has dtype float64."
digit_predictions = np.random.default_rng(0).integers(0, 10, 1000).astype(float)

# %% wrong: always the same digit => "All answers are 7."
digit_predictions = np.full(1000, 7)

# %% wrong: counted from 1 => "Some answers are no digits."
digit_predictions = np.arange(1000) % 10 + 1

# %% wrong: the labels of other pictures => "of the answers are right"
digit_predictions = train_labels[:1000]

# %% wrong: only a part of the pictures => "`digit_predictions` has shape (100,), but shape (1000,) was expected"
model = DigitNet()
digit_predictions = model(torch.from_numpy(test_images[:100]).float().div(255).unsqueeze(1)).argmax(1)

# %% wrong: a column => "`digit_predictions` has shape (1000, 1), but shape (1000,) was expected"
digit_predictions = np.random.default_rng(0).integers(0, 10, (1000, 1))

# %% wrong: texts => "is a list, but an array of shape (1000,) was expected"
digit_predictions = [str(digit) for digit in train_labels[:1000]]

# %% wrong: the nearest mean picture, no network => "at least 91%"
means = np.stack([train_images[train_labels == digit].mean(axis=0) for digit in range(10)])
digit_predictions = ((test_images[:, None] - means) ** 2).sum(axis=(2, 3)).argmin(axis=1)

# %% wrong: one linear layer => "at least 91%"
torch.manual_seed(0)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = gradient_descent(model, lr=0.05, momentum=0.9)
for _ in range(6):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()

# %% wrong: trained with 300 pictures only => "at least 91%"
torch.manual_seed(0)
model = DigitNet()
optimizer = gradient_descent(model, lr=0.02, momentum=0.9)
for _ in range(4):
    train_one_epoch(model, batches_of(range(300), 32), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()

# %% wrong: pictures read upside down => "at least 80%"
torch.manual_seed(0)
model = DigitNet()
optimizer = gradient_descent(model, lr=0.05, momentum=0.9)
for _ in range(2):
    train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, optimizer)
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images[:, ::-1].copy()).float().div(255).unsqueeze(1)).argmax(1).tolist()

# %% wrong: sorted => "of the answers are right"
torch.manual_seed(0)
model = DigitNet()
train_one_epoch(model, batches_of(range(4000)), mean_cross_entropy, gradient_descent(model, lr=0.05, momentum=0.9))
with torch.no_grad():
    digit_predictions = model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).sort().values
