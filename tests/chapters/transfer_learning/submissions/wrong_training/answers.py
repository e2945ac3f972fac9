# Functions right but one; small pictures for the frozen network, no training for the other.

# %% prepare
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.permute(0, 3, 1, 2)

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
    was_training = model.training
    model.eval()
    with torch.no_grad():
        features = torch.cat([model.features(batch).mean(dim=(2, 3)) for batch in images.split(50)])
    model.train(was_training)
    return features

# %% train_head
def train_head(features, labels, num_classes):
    head = nn.Linear(512, int(labels.max()) + 1)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9)
    for _ in range(20):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return head

# %% frozen_predictions
torch.manual_seed(0)
model = freeze(pretrained())
known, unknown = (extract_features(model, prepare(images)) for images in (train_images, test_images))
head = train_head(known, torch.from_numpy(train_labels).long(), 8)
frozen_predictions = head(unknown).argmax(dim=1)
frozen_model, frozen_size = nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head), 64

# %% random_flip
def random_flip(images):
    mirrored = torch.rand(len(images)) < 0.5
    return torch.where(mirrored[:, None, None, None], images.flip(3), images)

# %% finetuned_predictions
torch.manual_seed(0)
model = replace_head(pretrained(), 8).eval()
with torch.no_grad():
    finetuned_predictions = torch.cat([model(batch) for batch in prepare(test_images).split(50)]).argmax(dim=1)
finetuned_model, finetuned_size = model, 64

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
