# Right answers as numpy arrays, lists and float64 where nothing else is asked for.

# %% prepare
def prepare(images):
    x = (images / 255 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    return torch.tensor(np.moveaxis(x, -1, 1), dtype=torch.float32)

# %% freeze
def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    return model

# %% replace_head
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    model.classifier[2] = nn.Identity()
    return model

# %% extract_features
def extract_features(model, images):
    training = model.training
    model.eval()
    features = [model.features(batch).detach().numpy().astype(float).mean(axis=(2, 3)) for batch in images.split(40)]
    if training:
        model.train()
    return np.concatenate(features)

# %% train_head
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for _ in range(100):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return head

# %% frozen_predictions
torch.manual_seed(0)
model = freeze(pretrained())
known, unknown = (
    torch.from_numpy(extract_features(model, enlarge(prepare(images), 128))).float() for images in (train_images, test_images)
)
head = train_head(known, torch.tensor(train_labels.tolist()), 8)
frozen_predictions = [int(row.argmax()) for row in head(unknown).detach().numpy()]
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 128

# %% random_flip
def random_flip(images):
    x = np.array(images)
    for n in np.flatnonzero(np.random.random(len(x)) < 0.5):
        x[n] = x[n][:, :, ::-1].copy()
    return x

# %% finetuned_predictions
torch.manual_seed(1)
model = freeze(replace_head(pretrained(), 8))
early, late, last = model.features[:8].eval(), model.features[8:].requires_grad_(), model.classifier.requires_grad_()
with torch.no_grad():  # what is frozen needs computing only once
    kept, mirrored, unknown = (
        torch.cat([early(batch) for batch in x.split(50)])
        for x in (
            enlarge(prepare(train_images), 96),
            enlarge(prepare(train_images), 96).flip(3),
            enlarge(prepare(test_images), 96),
        )
    )
labels = torch.from_numpy(train_labels).long()
optimizer = torch.optim.Adam([{"params": late.parameters(), "lr": 3e-4}, {"params": last.parameters(), "lr": 3e-3}])
schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=5)
last.train()
for _ in range(6):
    for batch in torch.randperm(600).split(32):
        maps = torch.where(torch.rand(len(batch), 1, 1, 1) < 0.5, kept[batch], mirrored[batch])
        optimizer.zero_grad()
        nn.functional.cross_entropy(last(late(maps)).flatten(1), labels[batch]).backward()
        optimizer.step()
    schedule.step()
last.eval()
with torch.no_grad():
    finetuned_predictions = last(late(unknown)).flatten(1).argmax(dim=1).tolist()
finetuned_model, finetuned_size = model, 96

# %% q4
q4 = {
    "dog breeds": "feature extraction",
    "chest x-rays": "fine-tuning",
    "fruit scale": "feature extraction",
    "radar maps": "fine-tuning",
    "holiday albums": "feature extraction",
    "cell cultures": "fine-tuning",
    "garden birds": "feature extraction",
    "spectrograms": "fine-tuning",
}
