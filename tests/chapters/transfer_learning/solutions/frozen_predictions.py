"""Right and wrong solutions of the task `frozen_predictions`."""

# %% right: with the functions of the other tasks
torch.manual_seed(3)
model = freeze(pretrained())
x = extract_features(model, enlarge(prepare(train_images), 128))
head = train_head(x, torch.from_numpy(train_labels.astype(np.int64)), 8)
with torch.no_grad():
    scores = head(extract_features(model, enlarge(prepare(test_images), 128)))
frozen_predictions = scores.argmax(dim=1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 128

# %% right: by itself from beginning to end, a list
torch.manual_seed(5)
mean, deviation = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
network, columns = pretrained().eval(), []
with torch.no_grad():
    for image in np.concatenate([train_images, test_images]):
        x = torch.from_numpy(image).permute(2, 0, 1).div(255)
        x = enlarge(((x - mean) / deviation)[None], 112)
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


class Sorter(nn.Module):
    """The network below, the layer on top."""

    def __init__(self):
        super().__init__()
        self.top, self.below = layer, network.features

    def forward(self, pictures):
        return self.top(self.below(pictures).mean(dim=(2, 3)))


frozen_model, frozen_size = Sorter(), np.int64(112)

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


class Both(nn.Module):
    """The mean over a picture and its mirror image."""

    def __init__(self):
        super().__init__()
        self.network, self.head = model, head

    def forward(self, x):
        seen = [self.head(extract_features(self.network, pictures)).softmax(1) for pictures in (x, x.flip(3))]
        return seen[0] + seen[1]


frozen_model, frozen_size = Both().eval(), 112
t = enlarge(prepare(test_images), 112)
with torch.no_grad():
    frozen_predictions = frozen_model(t).numpy().argmax(axis=1).astype(np.uint8)

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
frozen_model, frozen_size = model, 128

# %% wrong: small pictures and a head trained in haste => "of the answers are right" and "it was hardly trained, or with labels that belong to other pictures"
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
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64

# %% wrong: test pictures not prepared => "aren't those that `frozen_model` gives" and "These are its answers for pictures that were not prepared."
torch.manual_seed(0)
model = pretrained()
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
raw = torch.from_numpy(test_images).float().permute(0, 3, 1, 2)
frozen_predictions = head(extract_features(model, raw)).argmax(1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64

# %% wrong: only the test pictures are enlarged => "of the answers are right" and "it learned from pictures of another size than those it answers for"
torch.manual_seed(0)
model = pretrained()
head = train_head(extract_features(model, enlarge(prepare(train_images), 32)), torch.from_numpy(train_labels).long(), 8)
frozen_predictions = head(extract_features(model, enlarge(prepare(test_images), 128))).argmax(1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 128

# %% wrong: random weights => "aren't the pretrained ones"
torch.manual_seed(0)
model = torchvision.models.squeezenet1_1()
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
frozen_predictions = head(extract_features(model, prepare(test_images))).argmax(1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64

# %% wrong: another order => "of the answers are right" and "but for other pictures: theirs was another order"
torch.manual_seed(0)
model = pretrained()
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
order = torch.randperm(400)
frozen_predictions = head(extract_features(model, prepare(test_images[order]))).argmax(1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64

# %% wrong: the most frequent class => "All answers are 7."
frozen_predictions = np.full(400, np.bincount(train_labels).argmax())

# %% wrong: guessed => "`frozen_model` is still None"
frozen_predictions = np.random.default_rng(0).choice(train_labels, 400)
frozen_model = None

# %% wrong: the training pictures' classes => "has shape (600,), but shape (400,) was expected" and "There are as many answers as labelled pictures"
frozen_predictions = train_labels.astype(int)

# %% wrong: the first 400 labels => "aren't those that `frozen_model` gives" and "These are the labels of the first 400 labelled pictures."
frozen_predictions = train_labels[:400].astype(int)
model, head = pretrained(), nn.Linear(512, 8)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64

# %% wrong: scores in place of classes => "has shape (400, 8), but shape (400,) was expected" and "These are scores"
frozen_predictions = np.random.default_rng(0).normal(size=(400, 8))

# %% wrong: the class of ImageNet => "Some answers are no classes." and "Did a network answer that still has ImageNet's 1,000 scores?"
model = pretrained().eval()
with torch.no_grad():
    frozen_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(dim=1)

# %% wrong: names of classes => "is a list that holds texts, but an array of shape (400,) was expected"
frozen_predictions = [str(classes[number]) for number in np.arange(400) % 8]

# %% wrong: whole numbers as floats => "has dtype float64"
frozen_predictions = np.random.default_rng(0).choice(train_labels, 400).astype(float)

# %% wrong: counted from 1 => "Some answers are no classes." and "Classes are counted from 0, these from 1."
frozen_predictions = np.random.default_rng(0).choice(train_labels, 400).astype(int) + 1

# %% wrong: nothing => "is still None"
frozen_predictions = None

# %% wrong: the network was not kept => "`frozen_model` is still None"
torch.manual_seed(3)
frozen_model, frozen_size = None, None
model = freeze(pretrained())
head = train_head(extract_features(model, enlarge(prepare(train_images), 128)), torch.from_numpy(train_labels).long(), 8)
with torch.no_grad():
    frozen_predictions = head(extract_features(model, enlarge(prepare(test_images), 128))).argmax(dim=1)

# %% wrong: nearest neighbours of pixels => "`frozen_model` is still None"
frozen_model, frozen_size = None, 64
known, unknown = (images.reshape(len(images), -1).astype(float) for images in (train_images, test_images))
distances = (unknown**2).sum(1)[:, None] - 2 * unknown @ known.T + (known**2).sum(1)
frozen_predictions = train_labels[distances.argmin(axis=1)].astype(int)

# %% wrong: nearest neighbours of pixels in a network's clothes => "all that it knows of a picture has to come from them"
class Neighbours(nn.Module):
    """SqueezeNet stands by, pixels decide."""

    def __init__(self):
        super().__init__()
        self.features = pretrained().features
        self.register_buffer("known", prepare(train_images).flatten(1))
        self.register_buffer("labels", torch.from_numpy(train_labels).long())

    def forward(self, x):
        nearest = torch.cdist(x.flatten(1), self.known).argmin(dim=1)
        return nn.functional.one_hot(self.labels[nearest], 8) + 0 * self.features(x).mean()


frozen_model, frozen_size = Neighbours(), 64
with torch.no_grad():
    frozen_predictions = frozen_model(prepare(test_images)).argmax(dim=1)

# %% wrong: only the head was kept => "The weights of SqueezeNet's `features` aren't all in `frozen_model`"
torch.manual_seed(3)
model = freeze(pretrained())
frozen_model = train_head(extract_features(model, enlarge(prepare(train_images), 128)), torch.from_numpy(train_labels).long(), 8)
with torch.no_grad():
    frozen_predictions = frozen_model(extract_features(model, enlarge(prepare(test_images), 128))).argmax(dim=1)
frozen_size = 128

# %% wrong: the size as a pair => "`frozen_size` is not the size of pictures"
torch.manual_seed(3)
model = freeze(pretrained())
head = train_head(extract_features(model, enlarge(prepare(train_images), 96)), torch.from_numpy(train_labels).long(), 8)
with torch.no_grad():
    frozen_predictions = head(extract_features(model, enlarge(prepare(test_images), 96))).argmax(dim=1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), (96, 96)

# %% wrong: pictures of 64 pixels => "`frozen_size` is 64: the pictures were not enlarged."
torch.manual_seed(3)
model = freeze(pretrained())
head = train_head(extract_features(model, prepare(train_images)), torch.from_numpy(train_labels).long(), 8)
with torch.no_grad():
    frozen_predictions = head(extract_features(model, prepare(test_images))).argmax(dim=1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64
