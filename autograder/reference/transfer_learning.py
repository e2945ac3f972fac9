"""Reference answers of the assignment `transfer_learning`.

Pictures as stored are uint8 (N, H, W, 3), prepared ones float32 (N, 3, H, W). Axis letters: N pictures, C channels or
maps, H×W pixels, h×w places of a feature map.
"""

from pathlib import Path
from typing import cast

import numpy as np
import torch
import torchvision
from numpy.typing import NDArray
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "data" / "squeezenet1_1_imagenet_fp16.pth"
LABELS = Path(__file__).resolve().parent / "labels" / "transfer_learning.npz"

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's training pictures: red, green, blue
FEATURES = 512  # maps that SqueezeNet's classifier gets
CLASSES = 8

# Slides 000 Q4 (b): feature extraction where the task is similar, fine-tuning where it differs significantly.
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


def pretrained() -> nn.Module:
    """SqueezeNet 1.1 with its ImageNet weights, in float32."""
    model = torchvision.models.squeezenet1_1()
    weights = torch.load(WEIGHTS, weights_only=True)
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model


class SmallNet(nn.Module):
    """The assignment's network to try functions on: dropout and BatchNorm in its features, a parameter of its own.

    (N, 3, H, W) → features (N, 512, H/4, W/4) → scores (N, num_classes).
    """

    def __init__(self, num_classes: int = 5, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, kernel_size=4, stride=4),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv2d(16, FEATURES, kernel_size=1),
            nn.ReLU(),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(dropout), nn.Conv2d(FEATURES, num_classes, kernel_size=1), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
        self.temperature = nn.Parameter(torch.tensor(1.0))

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x)) / self.temperature


def prepare(images: NDArray[np.uint8]) -> Tensor:
    """Pictures as ImageNet networks take them: scaled to 0…1, normalised by channel, channels first.

    images: (N, H, W, 3), 0 to 255; returns float32 (N, 3, H, W).
    Source: torchvision, `SqueezeNet1_1_Weights.IMAGENET1K_V1.transforms`.
    """
    x = (images / 255 - np.array(MEAN)) / np.array(DEVIATION)
    return torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2), dtype=np.float32))


def enlarge(x: Tensor, size: int) -> Tensor:
    """Prepared pictures (N, 3, H, W) as (N, 3, size, size), by bilinear interpolation."""
    return nn.functional.interpolate(x, size=(size, size), mode="bilinear", antialias=True)


def freeze(model: nn.Module) -> nn.Module:
    """All parameters of `model` stop requiring gradients; returns the model itself. Source: slides 000 Q4."""
    return model.requires_grad_(False)


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    """A new, trainable predictor for SqueezeNet, in place; returns the model itself.

    Afterwards model(x) is (N, num_classes) for x: (N, 3, H, W): logits, without the ReLU of torchvision's classifier.
    Source: slides 000 Q4; 002, "Transfer Learning".
    """
    model.classifier = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(FEATURES, num_classes, kernel_size=1), nn.AdaptiveAvgPool2d(1))
    return model


def extract_features(model: nn.Module, images: Tensor) -> Tensor:
    """Mean of each map of `model.features`, in eval mode and without gradients; the model's mode is restored.

    images: (N, 3, H, W), prepared; returns (N, 512).
    """
    features = cast(nn.Sequential, model.features)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return torch.cat([features(batch).mean(dim=(2, 3)) for batch in images.split(50)])
    finally:
        for module, training in modes:
            module.training = training


def train_head(features: Tensor, labels: Tensor, num_classes: int) -> nn.Module:
    """A linear classifier for extracted features, trained by AdamW with a strong weight decay.

    features: (N, 512), labels: int64 (N,), some classes may be missing; returns a module (M, 512) → (M, num_classes).
    """
    head = nn.Linear(FEATURES, num_classes)
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3, weight_decay=1.0)
    for _ in range(60):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return head.eval()


def random_flip(images: Tensor) -> Tensor:
    """Each picture mirrored left to right with probability 1/2. images: (N, 3, H, W); returns the same shape."""
    mirrored = torch.rand(len(images)) < 0.5
    return torch.where(mirrored[:, None, None, None], images.flip(3), images)


def fine_tune(images: Tensor, labels: Tensor, epochs: int = 6, frozen: int = 8) -> nn.Module:
    """SqueezeNet with a new head, trained from module number `frozen` of its features on; the learning rates fall to a tenth.

    images: (N, 3, H, W), prepared, labels: int64 (N,). Source: slides 000 Q4, "Fine-tuning".
    """
    model = replace_head(pretrained(), CLASSES)
    features, classifier = cast(nn.Sequential, model.features), cast(nn.Sequential, model.classifier)
    freeze(features[:frozen])
    groups = [{"params": features[frozen:].parameters(), "lr": 3e-4}, {"params": classifier.parameters(), "lr": 3e-3}]
    optimizer = torch.optim.Adam(groups)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=max(1, epochs - 1))
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(random_flip(images[batch])), labels[batch]).backward()
            optimizer.step()
        schedule.step()
    return model.eval()


def classify(model: nn.Module, inputs: Tensor) -> NDArray[np.int64]:
    """The class with the largest score for each input, in eval mode; inputs: (N, …), returns (N,)."""
    model.eval()
    with torch.no_grad():
        return torch.cat([model(batch) for batch in inputs.split(50)]).argmax(dim=1).numpy()


def emoji_labels() -> NDArray[np.uint8]:
    """Classes (400,) of the `test_images` of source/transfer_learning/emoji.npz, which students get unlabelled."""
    with np.load(LABELS) as file:
        return file["labels"]
