# Right answers with torchvision transforms, hooks, inference mode, a linear head and a loader.

# %% prepare
from torchvision.transforms import v2

steps = v2.Compose(
    [v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])]
)


def prepare(images):
    return steps(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous())

# %% freeze
def freeze(model):
    return model.requires_grad_(False)

# %% replace_head
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(512, num_classes)
    )
    return model

# %% extract_features
import copy


@torch.inference_mode()
def extract_features(model, images):
    twin = copy.deepcopy(model.features).eval()
    return torch.cat([nn.functional.adaptive_avg_pool2d(twin(batch), 1)[:, :, 0, 0] for batch in images.split(50)])

# %% train_head
from torch.utils.data import DataLoader, TensorDataset


def train_head(features, labels, num_classes):
    head = nn.Sequential(nn.Linear(512, 96), nn.ReLU(), nn.Dropout(0.4), nn.Linear(96, num_classes), nn.LogSoftmax(dim=1))
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3)
    for _ in range(40):
        for x, y in DataLoader(TensorDataset(features.clone(), labels), batch_size=32, shuffle=True):
            optimizer.zero_grad()
            nn.functional.nll_loss(head(x), y).backward()
            optimizer.step()
    return head.eval()

# %% frozen_predictions
torch.manual_seed(0)
model = freeze(pretrained())
known, unknown = (extract_features(model, enlarge(prepare(images), 128)) for images in (train_images, test_images))
head = train_head(known, torch.from_numpy(train_labels).long(), 8)
with torch.no_grad():
    frozen_predictions = head(unknown).argmax(dim=1).numpy()
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 128

# %% random_flip
mirror = v2.RandomHorizontalFlip(p=0.5)


def random_flip(images):
    return torch.stack([mirror(image) for image in images])

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
