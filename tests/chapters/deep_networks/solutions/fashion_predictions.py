"""Right and wrong solutions of the task `fashion_predictions`."""

# %% right: Nesterov, seven epochs
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = DeepNet(), 7
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=epochs, steps_per_epoch=63)
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        x = images[batch]
        nn.functional.cross_entropy(fashion_model(x.flip(3) if torch.rand(()) < 0.5 else x), labels[batch]).backward()
        optimizer.step()
        schedule.step()
fashion_model.eval()
with torch.no_grad():
    fashion_predictions = fashion_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()


# %% right: Adam with a cosine, tensor of answers
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
fashion_model = DeepNet()
optimizer = torch.optim.AdamW(fashion_model.parameters(), lr=0.01, weight_decay=0.01)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8 * 63)
for _ in range(8):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        x = torch.where(torch.rand(len(batch), 1, 1, 1) < 0.5, images[batch], images[batch].flip(3))
        nn.functional.cross_entropy(fashion_model(x), labels[batch], label_smoothing=0.05).backward()
        optimizer.step()
        schedule.step()
with torch.no_grad():
    fashion_predictions = fashion_model.eval()(torch.from_numpy(test_images[:, None] / np.float32(255))).argmax(1)


# %% right: a thinner network of its own, a list of answers
torch.manual_seed(3)
x, y = torch.tensor(train_images / 255.0, dtype=torch.float32)[:, None], torch.tensor(train_labels.astype(np.int64))
fashion_model = nn.Sequential(
    nn.Conv2d(1, 16, 3, 2, 1, bias=False),
    nn.BatchNorm2d(16),
    nn.ReLU(),
    *[ResidualBlock(16, 16), ResidualBlock(16, 24, 2), ResidualBlock(24, 24), ResidualBlock(24, 24)],
    *[ResidualBlock(24, 48, 2), ResidualBlock(48, 48)],
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(48, 10),
)
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10 * 63)
for step in range(10 * 63):
    batch = torch.randint(4000, (64,))
    optimizer.zero_grad()
    pictures = torch.where(torch.rand(64, 1, 1, 1) < 0.5, x[batch].flip(3), x[batch])
    nn.functional.cross_entropy(fashion_model(pictures), y[batch]).backward()
    optimizer.step()
    schedule.step()
fashion_model.eval()
with torch.no_grad():
    fashion_predictions = [int(fashion_model(torch.tensor(image / 255.0).float()[None, None]).argmax()) for image in test_images]


# %% right: learning rate cut in steps
x = torch.from_numpy(train_images).unsqueeze(1) / 255
y = torch.from_numpy(train_labels).long()
fashion_model = DeepNet()
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
for epoch in range(9):
    for group in optimizer.param_groups:
        group["lr"] = 0.05 if epoch < 5 else 0.01 if epoch < 7 else 0.002
    order = np.random.permutation(4000)
    for start in range(0, 4000, 50):
        batch = order[start : start + 50]
        optimizer.zero_grad()
        pictures = x[batch]
        if epoch % 2:
            pictures = pictures.flip(3)
        loss = nn.CrossEntropyLoss()(fashion_model(pictures), y[batch])
        loss.backward()
        optimizer.step()
fashion_model.eval()
with torch.inference_mode():
    fashion_predictions = fashion_model(torch.from_numpy(test_images).unsqueeze(1) / 255).argmax(dim=1).numpy()


# %% wrong: a shallow network => "has 0 convolutional layers"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()


# %% wrong: untrained => "About as many as by guessing"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = DeepNet(), 7
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=epochs, steps_per_epoch=63)
for epoch in range(0):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        x = images[batch]
        nn.functional.cross_entropy(fashion_model(x.flip(3) if torch.rand(()) < 0.5 else x), labels[batch]).backward()
        optimizer.step()
        schedule.step()
fashion_model.eval()
with torch.no_grad():
    fashion_predictions = fashion_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()


# %% wrong: half an epoch => "aren't those of `fashion_model` in eval mode" and "of the answers are right"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = DeepNet(), 7
optimizer = torch.optim.SGD(fashion_model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=epochs, steps_per_epoch=63)
for epoch in range(1):
    for batch in torch.randperm(2000).split(64):
        optimizer.zero_grad()
        x = images[batch]
        nn.functional.cross_entropy(fashion_model(x.flip(3) if torch.rand(()) < 0.5 else x), labels[batch]).backward()
        optimizer.step()
        schedule.step()
fashion_model.train()
with torch.no_grad():
    fashion_predictions = fashion_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()


# %% wrong: another model is kept => "aren't those of `fashion_model` in eval mode"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()
fashion_model = DeepNet()


# %% wrong: the model was trained on => "aren't those of `fashion_model` in eval mode"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()
for batch in torch.randperm(4000).split(64):
    optimizer.zero_grad()
    nn.functional.cross_entropy(5 * fashion_model(images[batch]), labels[batch]).backward()
    optimizer.step()


# %% wrong: no model => "is still None"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()
fashion_model = None


# %% wrong: a function in place of a model => "but the trained network was expected"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()
fashion_model = lambda x: x


# %% wrong: nearest neighbours in a module => "are whole pictures kept in it?"
class Neighbours(nn.Module):
    def __init__(self):
        super().__init__()
        self.pictures = nn.Parameter(torch.from_numpy(train_images).float().div(255).flatten(1))
        self.classes = nn.Parameter(nn.functional.one_hot(torch.from_numpy(train_labels).long(), 10).float())

    def forward(self, x):
        return self.classes[torch.cdist(x.flatten(1), self.pictures).argmin(dim=1)]


fashion_model = Neighbours().eval()
with torch.no_grad():
    fashion_predictions = fashion_model(torch.from_numpy(test_images).float().div(255).unsqueeze(1)).argmax(dim=1).numpy()


# %% wrong: logits in place of classes => "has shape (1000, 10)"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).numpy()


# %% wrong: the training pictures => "has shape (4000,)"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(images).argmax(dim=1).numpy()


# %% wrong: names in place of numbers => "`fashion_predictions` is"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = [NAMES[k] for k in fashion_model(tests).argmax(dim=1)]


# %% wrong: floats => "whole numbers" and "has 0 convolutional layers"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).float().numpy()


# %% wrong: pictures left in 0…255 => "aren't those of `fashion_model` in eval mode"
images, labels = torch.from_numpy(train_images).float().sub(73).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().sub(73).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()


# %% wrong: all the same => "All answers are 3"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)
fashion_model, epochs = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = np.full(1000, 3)


# %% wrong: deep layers beside a shallow network, without effect => "gives the same logits whatever the kernels of"
images, labels = torch.from_numpy(train_images).float().div(255).unsqueeze(1), torch.from_numpy(train_labels).long()
torch.manual_seed(1)


class Beside(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10))
        self.deep = nn.Sequential(*[nn.Conv2d(1, 1, 3, padding=1) for _ in range(12)])

    def forward(self, x):
        return self.net(x) + 0 * self.deep(x).mean()


fashion_model, epochs = Beside(), 6
optimizer = torch.optim.Adam(fashion_model.parameters())
for epoch in range(epochs):
    for batch in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(fashion_model(images[batch]), labels[batch]).backward()
        optimizer.step()
fashion_model.eval()
tests = torch.from_numpy(test_images).float().div(255).unsqueeze(1)
with torch.no_grad():
    fashion_predictions = fashion_model(tests).argmax(dim=1).numpy()
