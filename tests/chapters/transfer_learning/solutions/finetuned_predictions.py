"""Right and wrong solutions of the task `finetuned_predictions`."""

# %% right: the recipe with constant learning rates and more epochs at 80 pixels
torch.manual_seed(2)
x, y = enlarge(prepare(train_images), 80), torch.from_numpy(train_labels).long()
model = replace_head(pretrained(), 8)
freeze(model.features[:8])
optimizer = torch.optim.Adam(
    [{"params": model.features[8:].parameters(), "lr": 2e-4}, {"params": model.classifier.parameters(), "lr": 2e-3}]
)
for epoch in range(7):
    model.train()
    for batch in torch.randperm(600).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(random_flip(x[batch])), y[batch]).backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in enlarge(prepare(test_images), 80).split(100)]).argmax(1)
finetuned_model, finetuned_size = model, 80

# %% right: what is frozen is computed once
import warnings

torch.manual_seed(0)
warnings.warn("caching")
model = replace_head(pretrained(), 8)
early, late = model.features[:8].eval(), model.features[8:]
x, t = enlarge(prepare(train_images), 96), enlarge(prepare(test_images), 96)
with torch.no_grad():
    kept, mirrored, test = (torch.cat([early(batch) for batch in z.split(50)]) for z in (x, x.flip(3), t))
y = torch.from_numpy(train_labels).long()
optimizer = torch.optim.AdamW([{"params": late.parameters(), "lr": 3e-4}, {"params": model.classifier.parameters(), "lr": 3e-3}])
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 8 * 19)
model.train()
for epoch in range(8):
    for batch in torch.randperm(600).split(32):
        chosen = torch.where(torch.rand(len(batch), 1, 1, 1) < 0.5, kept[batch], mirrored[batch])
        optimizer.zero_grad()
        nn.functional.cross_entropy(model.classifier(late(chosen)).flatten(1), y[batch]).backward()
        optimizer.step()
        schedule.step()
    print("epoch", epoch)
model.eval()
with torch.no_grad():
    finetuned_predictions = model.classifier(late(test)).flatten(1).argmax(1).numpy()
finetuned_model, finetuned_size = model, 96

# %% right: all layers, four epochs, a list
torch.manual_seed(3)
images = enlarge(prepare(np.concatenate([train_images, test_images])), 96)
labels = torch.tensor(train_labels.tolist())
network = replace_head(pretrained(), 8)
optimizer = torch.optim.Adam([{"params": network.features.parameters()}, {"params": network.classifier.parameters(), "lr": 2e-3}], lr=2e-4)
network.train()
for epoch in range(4):
    for batch in torch.randperm(600).split(25):
        loss = nn.functional.cross_entropy(network(random_flip(images[batch])), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
network.eval()
finetuned_predictions = []
with torch.inference_mode():
    for image in images[600:]:
        finetuned_predictions.append(network(image[None]).argmax().item())
finetuned_model, finetuned_size = network, torch.tensor(96)

# %% right: the head first, then the last modules with SGD; a linear head, larger pictures for the answers' mean
torch.manual_seed(4)
y = torch.from_numpy(train_labels).long()
model = pretrained()
freeze(model)
head = train_head(extract_features(model, enlarge(prepare(train_images), 96)), y, 8)
early, late = model.features[:10].eval(), model.features[10:].requires_grad_(True)
with torch.no_grad():
    maps, test_maps = (
        torch.cat([early(batch) for batch in enlarge(prepare(images), 96).split(50)]) for images in (train_images, test_images)
    )
tail = nn.Sequential(late, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), head)
optimizer = torch.optim.SGD(tail.parameters(), lr=1e-3, momentum=0.9)
tail.train()
for epoch in range(6):
    for batch in torch.randperm(600).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(tail(maps[batch]), y[batch]).backward()
        optimizer.step()
tail.eval()
with torch.no_grad():
    finetuned_predictions = tail(test_maps).argmax(1).numpy().astype(np.int16)
finetuned_model, finetuned_size = nn.Sequential(early, tail), 96

# %% wrong: the frozen network's answers => "These are exactly the answers of the frozen network"
finetuned_predictions = np.array(frozen_predictions).copy()

# %% wrong: never trained => "still are the pretrained ones" and "Was `optimizer.step()` called, and was the optimizer given them?"
torch.manual_seed(0)
model = replace_head(pretrained(), 8).eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(1)
finetuned_model, finetuned_size = model, 64

# %% wrong: no step => "still are the pretrained ones" and "Was `optimizer.step()` called, and was the optimizer given them?"
torch.manual_seed(0)
x, y = prepare(train_images), torch.from_numpy(train_labels).long()
model = replace_head(pretrained(), 8)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
for batch in torch.randperm(600).split(64):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
model.eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(1)
finetuned_model, finetuned_size = model, 64

# %% wrong: a learning rate that destroys everything => "or a large learning rate has destroyed them"
torch.manual_seed(0)
x, y = prepare(train_images), torch.from_numpy(train_labels).long()
model = replace_head(pretrained(), 8)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
for batch in torch.randperm(600).split(64):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    scores = torch.cat([model(batch) for batch in prepare(test_images).split(50)])
finetuned_predictions = scores.nan_to_num().argmax(1)
finetuned_predictions[0] = 1
finetuned_model, finetuned_size = model, 64

# %% wrong: from scratch => "they were random at the beginning"
torch.manual_seed(0)
x, y = prepare(train_images), torch.from_numpy(train_labels).long()
model = torchvision.models.squeezenet1_1(num_classes=8)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
model.train()
for epoch in range(2):
    for batch in torch.randperm(600).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in x[:400].split(50)]).argmax(1)
finetuned_predictions[:8] = torch.arange(8)
finetuned_model, finetuned_size = model, 64

# %% wrong: labels in another order than the pictures => "of the answers are right" and "it was hardly trained, or with labels that belong to other pictures"
torch.manual_seed(0)
x, y = prepare(train_images), torch.from_numpy(train_labels).long()
model = replace_head(pretrained(), 8)
freeze(model.features[:10])
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-3)
for start, batch in zip(range(0, 600, 50), torch.randperm(600).split(50)):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[batch]), y[start : start + 50]).backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(1)
finetuned_predictions[:8] = torch.arange(8)
finetuned_model, finetuned_size = model, 64

# %% wrong: the largest score over the pictures => "has shape (8,), but shape (400,) was expected" and "These are the pictures with the largest score for each class"
model = replace_head(pretrained(), 8).eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(dim=0)

# %% wrong: scores => "has shape (400, 8), but shape (400,) was expected" and "These are scores"
model = replace_head(pretrained(), 8).eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)])

# %% wrong: the most frequent class => "All answers are 7."
finetuned_predictions = [7] * 400

# %% wrong: some of the frozen network's answers, shifted => "`finetuned_model` is still None"
finetuned_predictions = np.roll(frozen_predictions, 1)
finetuned_model = None

# %% wrong: nothing => "is still None"
finetuned_predictions = None

# %% wrong: the first 400 labels => "`finetuned_model` is still None"
finetuned_predictions = train_labels[:400].astype(int)
finetuned_model = None

# %% wrong: the frozen network's answers, some overwritten => "still are the pretrained ones: fine-tuning lets some of them learn on" and "They are frozen."
finetuned_predictions = np.array(frozen_predictions).copy()
finetuned_predictions[:40] = 0
finetuned_model, finetuned_size = frozen_model, frozen_size

# %% wrong: the frozen network's answers beside a network that hardly learned => "what its `features` learned has hardly an effect"
torch.manual_seed(0)
finetuned_model, finetuned_size = replace_head(pretrained(), 8), 64
optimizer = torch.optim.SGD(finetuned_model.parameters(), lr=1e-3)
nn.functional.cross_entropy(finetuned_model(prepare(train_images[:50])), torch.from_numpy(train_labels[:50]).long()).backward()
optimizer.step()
finetuned_predictions = np.array(frozen_predictions).copy()
finetuned_predictions[:2] = 0

# %% wrong: only the head trained => "still are the pretrained ones: fine-tuning lets some of them learn on" and "They are frozen."
torch.manual_seed(1)
x, y = enlarge(prepare(train_images), 96), torch.from_numpy(train_labels).long()
model = replace_head(freeze(pretrained()), 8).eval()
with torch.no_grad():
    maps = torch.cat([model.features(batch) for batch in x.split(50)])
optimizer = torch.optim.Adam(model.classifier.parameters(), lr=1e-3)
for epoch in range(20):
    for batch in torch.randperm(600).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model.classifier(maps[batch]).flatten(1), y[batch]).backward()
        optimizer.step()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in enlarge(prepare(test_images), 96).split(50)]).argmax(1)
finetuned_model, finetuned_size = model, 96

# %% wrong: answers in training mode, another size kept => "aren't those that `finetuned_model` gives" and "`finetuned_model` is still in training mode" and "The answers are rather those for pictures of 64×64 pixels"
torch.manual_seed(0)
x, y = prepare(train_images), torch.from_numpy(train_labels).long()
model = replace_head(pretrained(), 8)
freeze(model.features[:8])
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=3e-4)
for batch in torch.randperm(600).split(50):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
    optimizer.step()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(1)
finetuned_model, finetuned_size = model, 96

# %% wrong: a head on frozen features, which then take one small step => "what its `features` learned has hardly an effect"
torch.manual_seed(1)
y = torch.from_numpy(train_labels).long()
model = pretrained()
head = train_head(extract_features(model, enlarge(prepare(train_images), 96)), y, 8)
finetuned_model, finetuned_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 96
optimizer = torch.optim.SGD(model.features.parameters(), lr=1e-4)
nn.functional.cross_entropy(finetuned_model(enlarge(prepare(train_images[:32]), 96)), y[:32]).backward()
optimizer.step()
finetuned_model.eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([finetuned_model(batch) for batch in enlarge(prepare(test_images), 96).split(50)]).argmax(1)

# %% wrong: a head on frozen features, which then get a little noise => "what its `features` learned has hardly an effect"
torch.manual_seed(1)
y = torch.from_numpy(train_labels).long()
model = pretrained()
head = train_head(extract_features(model, enlarge(prepare(train_images), 96)), y, 8)
with torch.no_grad():
    for weights in model.features.parameters():
        weights += 0.01 * weights.std() * torch.randn_like(weights)
finetuned_model, finetuned_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head).eval(), 96
with torch.no_grad():
    finetuned_predictions = torch.cat([finetuned_model(batch) for batch in enlarge(prepare(test_images), 96).split(50)]).argmax(1)
