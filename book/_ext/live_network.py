"""The network that reads digits on the opening page: `python book/_ext/live_network.py` trains it anew and writes its module.

It is the first chapter's LeNet-5, trained on the first 6,000 of the 8,000 digits of `data/mnist.npz`, each a little
turned, stretched, moved, and drawn with a thicker or thinner pen at every step, since readers draw with a mouse or a
finger. Each weight is stored as a whole number from -127 to 127, with one scale for all weights of a unit. What the stored
network gets right of the 2,000 digits held out is counted here and written beside it, and so are ten of those digits and
one that it gets wrong. Two minutes on one core; seeds are set, so that the same machine makes the same network again.
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "book" / "_static" / "live" / "maths" / "lenet_trained.mjs"
TRAINING = 6000  # the rest is held out, as in the chapter
EPOCHS = 60
BATCH = 64
RATE = 0.003

TEXT = """\
// LeNet-5 trained on handwritten digits, and a few of the digits that it was not trained on, made by
// book/_ext/live_network.py from data/mnist.npz: MNIST, by Y. LeCun and C. Cortes, CC BY-SA 3.0; see data/PROVENANCE.md.

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * What the network with the weights below gets right of digits that it was not trained on.
 * @type {{{{ trainedOn: number, heldOut: number, right: number, parameters: number }}}}
 */
export const measured = {measured};

/** Sides of each layer's weights, in the order of PyTorch: a unit's weights together, then the next unit's. */
export const shapes = {shapes};

/** The weights of all layers one after another, -127 to 127; the scale of their unit makes numbers of them. */
export const weights = new Int8Array(bytes("{weights}").buffer);

/** For each layer the scales of its units, then their biases. */
export const scalesAndBiases = floats("{scales}");

/** Digits that were held out: 28 x 28 bytes each, rows one after another, 0 paper and 255 ink; `name` is which it is. */
export const digits = [
{digits}
];

function floats(text) {{
  const view = new DataView(bytes(text).buffer);
  return Float32Array.from({{ length: view.byteLength / 4 }}, (_, index) => view.getFloat32(4 * index, true));
}}
"""


def lenet5() -> nn.Sequential:
    """Return the chapter's LeNet-5 for 28 × 28 pixels, with random weights."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.ReLU(),
        nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10),
    )  # fmt: skip


def layers(network: nn.Sequential) -> list[nn.Conv2d | nn.Linear]:
    """Return the layers with weights, in their order."""
    return [layer for layer in network if isinstance(layer, nn.Conv2d | nn.Linear)]


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Return the pictures (8000, 1, 28, 28), paper 0 and ink 1, and what they show (8000,)."""
    with np.load(ROOT / "data" / "mnist.npz") as stored:
        pictures, labels = stored["images"], stored["labels"]
    return torch.tensor(pictures)[:, None] / 255, torch.tensor(labels).long()


def uniform(count: int, low: float, high: float) -> torch.Tensor:
    """Return random numbers (count,) between two limits."""
    return low + (high - low) * torch.rand(count)


def varied(pictures: torch.Tensor) -> torch.Tensor:
    """Return the pictures (N, 1, 28, 28) as others might have drawn them: turned, slanted, stretched, moved; pens differ."""
    count = len(pictures)
    angle, slant = uniform(count, -0.3, 0.3), uniform(count, -0.25, 0.25)
    wide, high = uniform(count, 0.85, 1.25), uniform(count, 0.85, 1.25)
    across, down = uniform(count, -1.5, 1.5) / 14, uniform(count, -1.5, 1.5) / 14
    cos, sin = angle.cos(), angle.sin()
    rows = [wide * cos, wide * (slant * cos - sin), across, high * sin, high * (slant * sin + cos), down]
    places = F.affine_grid(torch.stack(rows, dim=1).view(count, 2, 3), list(pictures.shape), align_corners=False)
    moved = F.grid_sample(pictures, places, align_corners=False)
    pen = uniform(count, -0.6, 0.8).view(-1, 1, 1, 1)  # negative is thinner
    thicker, thinner = F.max_pool2d(moved, 3, 1, 1), -F.max_pool2d(-moved, 3, 1, 1)
    other = torch.where(pen > 0, thicker, thinner)
    return moved + pen.abs() * (other - moved)


def train(pictures: torch.Tensor, labels: torch.Tensor, epochs: int = EPOCHS) -> nn.Sequential:
    """Return the network that has learned from pictures (N, 1, 28, 28): AdamW, its rate a cosine from warm to nothing."""
    torch.manual_seed(0)
    network = lenet5()
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    steps = epochs * math.ceil(len(pictures) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for _ in range(epochs):
        for batch in torch.randperm(len(pictures)).split(BATCH):
            loss = F.cross_entropy(network(varied(pictures[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network


@dataclass
class Stored:
    """A network as it is stored, an entry for each layer with weights.

    Attributes:
        whole: weights as whole numbers, shaped as the layer's; a unit's first.
        scales: what they are multiplied by, one for each unit.
        biases: one for each unit.
    """

    whole: list[np.ndarray]
    scales: list[np.ndarray]
    biases: list[np.ndarray]

    @classmethod
    def of(cls, network: nn.Sequential) -> Stored:
        """Round the weights of a network: the largest of each unit becomes 127 or -127."""
        stored = cls([], [], [])
        for layer in layers(network):
            weights = layer.weight.detach().numpy()
            units = weights.reshape(len(weights), -1)
            scales = (np.abs(units).max(axis=1) / 127).astype(np.float32)
            stored.whole.append(np.rint(units / scales[:, None]).astype(np.int8).reshape(weights.shape))
            stored.scales.append(scales)
            stored.biases.append(layer.bias.detach().numpy().astype(np.float32))
        return stored

    @classmethod
    def read(cls, text: str) -> Stored:
        """Return the network of a module's text, as `module` writes it."""
        stored = cls([], [], [])
        shapes = json.loads(re.search(r"shapes = (.*);", text)[1])
        whole = np.frombuffer(b64decode(re.search(r'Int8Array\(bytes\("(.*?)"', text)[1]), np.int8)
        facts = np.frombuffer(b64decode(re.search(r'floats\("(.*?)"', text)[1]), "<f4")
        for shape in shapes:
            size, units = math.prod(shape), shape[0]
            stored.whole.append(whole[:size].reshape(shape))
            stored.scales.append(facts[:units])
            stored.biases.append(facts[units : 2 * units])
            whole, facts = whole[size:], facts[2 * units :]
        return stored

    def network(self) -> nn.Sequential:
        """Return the network with the rounded weights."""
        network = lenet5()
        for layer, whole, scales, biases in zip(layers(network), self.whole, self.scales, self.biases, strict=True):
            weights = whole.reshape(len(whole), -1) * scales[:, None]
            layer.weight.data = torch.tensor(weights.reshape(whole.shape))
            layer.bias.data = torch.tensor(np.array(biases))
        return network


def answers(network: nn.Sequential, pictures: torch.Tensor) -> torch.Tensor:
    """Return what a network says to pictures (N, 1, 28, 28): the digits (N,)."""
    with torch.no_grad():
        return network(pictures).argmax(dim=1)


def shown(labels: torch.Tensor, said: torch.Tensor) -> dict[str, int]:
    """Return which digits the page offers, by name: the first of each kind, and the first that the network gets wrong."""
    first = {str(kind): int((labels == kind).nonzero()[0]) for kind in range(10)}
    return first | {"wrong": int((said != labels).nonzero()[0])}


def module(stored: Stored, pictures: torch.Tensor, labels: torch.Tensor) -> str:
    """Return the text of the module.

    Args:
        stored: the network.
        pictures: those held out, (N, 1, 28, 28).
        labels: what they show, (N,).
    """
    network = stored.network()
    said = answers(network, pictures)
    measured = {
        "trainedOn": TRAINING,
        "heldOut": len(labels),
        "right": int((said == labels).sum()),
        "parameters": sum(p.numel() for p in network.parameters()),
    }
    lines = [
        f'  {{ name: "{name}", label: {labels[place]}, ink: bytes("{base64((pictures[place] * 255).round().numpy().astype(np.uint8))}") }},'
        for name, place in shown(labels, said).items()
    ]
    return TEXT.format(
        measured=json.dumps(measured),
        shapes=json.dumps([whole.shape for whole in stored.whole]),
        weights=base64(np.concatenate([whole.ravel() for whole in stored.whole])),
        scales=base64(np.concatenate([part for pair in zip(stored.scales, stored.biases, strict=True) for part in pair]).astype("<f4")),
        digits="\n".join(lines),
    )


def base64(numbers: np.ndarray) -> str:
    """Return the bytes of numbers as text."""
    return b64encode(np.ascontiguousarray(numbers).tobytes()).decode()


if __name__ == "__main__":
    torch.set_num_threads(1)
    all_pictures, all_labels = digits()
    trained = Stored.of(train(all_pictures[:TRAINING], all_labels[:TRAINING]))
    held_out = all_pictures[TRAINING:], all_labels[TRAINING:]
    MODULE.write_text(module(trained, *held_out), encoding="utf-8")
    right = int((answers(trained.network(), held_out[0]) == held_out[1]).sum())
    print(f"{right:,} of {len(held_out[1]):,} held-out digits are answered right: {MODULE.relative_to(ROOT)} is written.")
