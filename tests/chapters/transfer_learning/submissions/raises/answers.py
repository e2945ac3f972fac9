# The first cell raises, one solution cell raises before it defines its function, one function raises; the rest is right.

# %% after about
raise RuntimeError("before anything else")

# %% prepare
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.permute(0, 3, 1, 2)

# %% freeze
raise RuntimeError("no function today")

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
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for _ in range(100):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return head

# %% random_flip
def random_flip(images):
    raise ValueError(f"cannot flip {len(images)} pictures")

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
