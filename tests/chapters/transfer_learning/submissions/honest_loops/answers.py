# Right answers with plain loops over pictures, columns and modules.

# %% prepare
def prepare(images):
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    count, height, width, _ = images.shape
    x = torch.zeros(count, 3, height, width)
    for n in range(count):
        for c in range(3):
            x[n, c] = (torch.tensor(images[n, :, :, c]) / 255 - mean[c]) / deviation[c]
    return x

# %% freeze
def freeze(model):
    for own in model.parameters(recurse=False):
        own.requires_grad = False
    for child in model.children():
        freeze(child)
    return model

# %% replace_head
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    model.classifier[2] = nn.Identity()
    return model

# %% extract_features
def extract_features(model, images):
    modes = [(module, module.training) for module in model.modules()]
    for module, _ in modes:
        module.training = False
    features = torch.zeros(len(images), 512)
    for start in range(0, len(images), 20):
        with torch.no_grad():
            maps = model.features(images[start : start + 20])
        for row in range(len(maps)):
            features[start + row] = maps[row].sum(dim=(1, 2)) / (maps.shape[2] * maps.shape[3])
    for module, mode in modes:
        module.training = mode
    return features

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
known, unknown = (extract_features(model, enlarge(prepare(images), 128)) for images in (train_images, test_images))
head = train_head(known, torch.from_numpy(train_labels).long(), 8)
with torch.no_grad():
    frozen_predictions = head(unknown).argmax(dim=1).numpy()
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 128

# %% random_flip
import random


def random_flip(images):
    result = images.clone()
    for n in range(len(images)):
        if random.random() < 0.5:
            width = images.shape[3]
            for column in range(width):
                result[n, :, :, column] = images[n, :, :, width - 1 - column]
    return result

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
    finetuned_predictions = last(late(unknown)).flatten(1).argmax(dim=1).numpy()
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
