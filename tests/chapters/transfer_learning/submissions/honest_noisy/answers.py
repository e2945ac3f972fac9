# Right answers amid prints, warnings, text on stderr, displayed numbers and changed variables.

# %% after environment
import sys
import warnings

print("hello from stderr", file=sys.stderr)
warnings.warn("this notebook likes to warn")
model = "my own model"
42

# %% after check_extract_features
same = None
trainable = lambda model: print("no need to check")
0

# %% prepare
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.permute(0, 3, 1, 2)

# %% freeze
def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    print("frozen", model)
    return model

# %% replace_head
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    model.classifier[2] = nn.Identity()
    return model

# %% extract_features
def extract_features(model, images):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        features = torch.cat([model.features(batch).mean(dim=(2, 3)) for batch in images.split(50)])
    model.train(was_training)
    print(features)
    warnings.warn("extracted")
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
def random_flip(images):
    mirrored = torch.rand(len(images)) < 0.5
    warnings.warn("flipping")
    print(int(mirrored.sum()), "mirrored")
    return torch.where(mirrored[:, None, None, None], images.flip(3), images)

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

# %% after look-finetuned
import logging

logging.error("done")
raise RuntimeError("a cell of my own that fails after everything is done")
