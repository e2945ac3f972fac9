"""Right and wrong solutions of the task `frozen_predictions`."""

# %% right: with the functions of the other tasks
torch.manual_seed(3)
model = freeze(pretrained())
x = extract_features(model, enlarge(prepare(train_images), 128))
head = train_head(x, torch.from_numpy(train_labels.astype(np.int64)), 8)
with torch.no_grad():
    scores = head(extract_features(model, enlarge(prepare(test_images), 128)))
frozen_predictions = scores.argmax(dim=1)

# %% right: by itself from beginning to end, a list
torch.manual_seed(5)
mean, deviation = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
network, columns = pretrained().eval(), []
with torch.no_grad():
    for image in np.concatenate([train_images, test_images]):
        x = torch.from_numpy(image).permute(2, 0, 1).div(255)
        x = nn.functional.interpolate(((x - mean) / deviation)[None], scale_factor=2, mode="nearest")
        columns.append(network.features(x).mean(dim=(2, 3))[0])
columns = torch.stack(columns)
layer = nn.Linear(512, 8)
optimizer = torch.optim.Adam(layer.parameters(), lr=1e-3)
y = torch.tensor([int(label) for label in train_labels])
for epoch in range(80):
    for batch in torch.randperm(600).split(50):
        optimizer.zero_grad()
        nn.functional.cross_entropy(layer(columns[batch]), y[batch]).backward()
        optimizer.step()
frozen_predictions = [int(row.argmax()) for row in layer(columns[600:])]

# %% right: two layers with dropout, mirrored pictures as well, small whole numbers
torch.manual_seed(8)
model = pretrained()
x = enlarge(prepare(train_images), 112)
features = torch.cat([extract_features(model, x), extract_features(model, x.flip(3))])
y = torch.from_numpy(train_labels).long().repeat(2)
head = nn.Sequential(nn.Linear(512, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 8))
optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
for epoch in range(30):
    for batch in torch.randperm(1200).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features[batch]), y[batch]).backward()
        optimizer.step()
head.eval()
t = enlarge(prepare(test_images), 112)
with torch.no_grad():
    scores = head(extract_features(model, t)).softmax(1) + head(extract_features(model, t.flip(3))).softmax(1)
frozen_predictions = scores.numpy().argmax(axis=1).astype(np.uint8)

# %% right: the new head inside the network, only it is trained
import warnings

torch.manual_seed(1)
warnings.warn("training the head only")
model = freeze(pretrained())
model = replace_head(model, 8).eval()
with torch.no_grad():
    maps, test_maps = (
        torch.cat([model.features(batch) for batch in enlarge(prepare(images), 128).split(50)])
        for images in (train_images, test_images)
    )
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-3)
y = torch.from_numpy(train_labels).long()
for epoch in range(25):
    for batch in torch.randperm(600).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model.classifier(maps[batch]).flatten(1), y[batch]).backward()
        optimizer.step()
    print(epoch)
with torch.no_grad():
    frozen_predictions = model.classifier(test_maps).flatten(1).argmax(1).tolist()

# %% wrong: small pictures and a head trained in haste => "of the answers are right"
torch.manual_seed(0)
model = pretrained()
x = extract_features(model, prepare(train_images))
head = nn.Linear(512, 8)
optimizer = torch.optim.SGD(head.parameters(), lr=1e-3)
for epoch in range(5):
    optimizer.zero_grad()
    nn.functional.cross_entropy(head(x), torch.from_numpy(train_labels).long()).backward()
    optimizer.step()
frozen_predictions = head(extract_features(model, prepare(test_images))).argmax(1)

# %% wrong: test pictures not prepared => "of the answers are right"
torch.manual_seed(0)
model = pretrained()
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
raw = torch.from_numpy(test_images).float().permute(0, 3, 1, 2)
frozen_predictions = head(extract_features(model, raw)).argmax(1)

# %% wrong: only the test pictures are enlarged => "of the answers are right"
torch.manual_seed(0)
model = pretrained()
head = train_head(extract_features(model, enlarge(prepare(train_images), 32)), torch.from_numpy(train_labels).long(), 8)
frozen_predictions = head(extract_features(model, enlarge(prepare(test_images), 128))).argmax(1)

# %% wrong: random weights => "of the answers are right"
torch.manual_seed(0)
model = torchvision.models.squeezenet1_1()
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
frozen_predictions = head(extract_features(model, prepare(test_images))).argmax(1)

# %% wrong: another order => "of the answers are right"
torch.manual_seed(0)
model = pretrained()
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
order = torch.randperm(400)
frozen_predictions = head(extract_features(model, prepare(test_images[order]))).argmax(1)

# %% wrong: the most frequent class => "All answers are 7."
frozen_predictions = np.full(400, np.bincount(train_labels).argmax())

# %% wrong: guessed => "of the answers are right"
frozen_predictions = np.random.default_rng(0).choice(train_labels, 400)

# %% wrong: the training pictures' classes => "has shape (600,), but shape (400,) was expected"
frozen_predictions = train_labels.astype(int)

# %% wrong: the first 400 labels => "of the answers are right"
frozen_predictions = train_labels[:400].astype(int)

# %% wrong: scores in place of classes => "has shape (400, 8), but shape (400,) was expected"
frozen_predictions = np.random.default_rng(0).normal(size=(400, 8))

# %% wrong: the class of ImageNet => "Some answers are no classes."
model = pretrained().eval()
with torch.no_grad():
    frozen_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(dim=1)

# %% wrong: names of classes => "but an array of shape (400,) was expected"
frozen_predictions = [str(classes[number]) for number in np.arange(400) % 8]

# %% wrong: whole numbers as floats => "has dtype float64"
frozen_predictions = np.random.default_rng(0).choice(train_labels, 400).astype(float)

# %% wrong: counted from 1 => "Some answers are no classes."
frozen_predictions = np.random.default_rng(0).choice(train_labels, 400).astype(int) + 1

# %% wrong: nothing => "is still None"
frozen_predictions = None
