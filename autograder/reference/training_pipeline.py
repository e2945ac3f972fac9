"""Reference answers of the assignment `training_pipeline`.

Letters: N training samples, M test samples, D features, C classes. Missing values are NaN. Statistics come from the
training samples alone.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]
Batches = Iterable[tuple[torch.Tensor, torch.Tensor]]
Parameters = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "source" / "training_pipeline"
LABELS = Path(__file__).parent / "labels" / "training_pipeline.npz"
GROUPS = {
    "loans": ("scale first", "log first"),
    "rare disease": ("split then copy", "copy then split"),
    "genes": ("pick genes then split", "split then pick genes"),
    "electricity": ("two years then one", "shuffled hours"),
    "X-rays": ("split by picture", "split by patient"),
    "digits": ("validate each epoch", "test each epoch"),
}
leaks = {"scale first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch"}


def impute_median(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Gaps of (N, D) and (M, D) filled with the medians of train's columns. Source: slides 000, "Handling Missing Values"."""
    filled_train, filled_test = train.copy(), test.copy()
    for column in range(train.shape[1]):
        known = train[:, column][~np.isnan(train[:, column])]
        for filled in (filled_train, filled_test):
            filled[np.isnan(filled[:, column]), column] = np.median(known)
    return filled_train, filled_test


def standardise(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Columns of (N, D) and (M, D) less train's means, over train's standard deviations (ddof 0) where these aren't 0."""
    mean = train.mean(axis=0)
    std = np.sqrt(((train - mean) ** 2).mean(axis=0))
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


def one_hot(labels: Integers, num_classes: int) -> Floats:
    """(N,) classes → (N, num_classes) zeros and ones."""
    rows = np.zeros((len(labels), num_classes))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def log_softmax(z: Floats) -> Floats:
    """Logarithms of the probabilities, over the last axis: z - max - ln Σ exp(z - max)."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(z: Floats) -> Floats:
    """Probabilities over the last axis of (C,) or (N, C). Source: slides 004, part 2."""
    return np.exp(log_softmax(z))


def cross_entropy(logits: Floats, labels: Integers) -> float:
    """Mean of -ln p of the right classes; logits (N, C), labels (N,). Source: slides 004, part 2, with base 2 there."""
    return float(-log_softmax(logits)[np.arange(len(labels)), labels].mean())


def train_one_epoch(model: nn.Module, loader: Batches, loss_fn: Callable, optimizer: torch.optim.Optimizer) -> float:
    """One step for each batch, in training mode; mean loss over all samples, before the steps. Source: slides 003, "Training"."""
    model.train()
    losses, sizes = [], []
    for inputs, labels in loader:
        loss = loss_fn(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(inputs))
    return float(np.average(losses, weights=sizes))


def evaluate(model: nn.Module, loader: Batches) -> float:
    """Share of samples whose largest logit is the right class's, in evaluation mode; the model's mode is restored."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    with torch.no_grad():
        right = torch.cat([model(inputs).argmax(dim=1) == labels for inputs, labels in loader])
    for module, training in modes.items():
        module.training = training
    return right.float().mean().item()


def random_search(objective: Callable[[Parameters], float], space: dict[str, list], trials: int, seed: int) -> tuple[Parameters, float]:
    """(best_parameters, best_value): the smallest of `trials` values at independent, uniform draws.

    Source: Bergstra and Bengio 2012, section 1.
    """
    generator = np.random.default_rng(seed)
    drawn = [{name: choices[generator.integers(len(choices))] for name, choices in space.items()} for _ in range(trials)]
    values = [objective(parameters) for parameters in drawn]
    best = int(np.argmin(values))
    return drawn[best], values[best]


class DigitNet(nn.Module):
    """(N, 1, 28, 28) → logits (N, 10), 8,490 parameters. Source: slides 003, "Defining network architecture", without log-softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5), nn.Linear(320, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv in (self.conv1, self.conv2):
            x = nn.functional.max_pool2d(conv(x).relu(), 2)
        return self.fc(x.flatten(1))


def digit_labels() -> NDArray[np.uint8]:
    """Classes (1000,) of the `test_images` of source/training_pipeline/digits.npz, which students get unlabelled."""
    with np.load(LABELS) as file:
        return file["labels"]


def training_pictures() -> tuple[Floats, Integers]:
    """The `train_images` of source/training_pipeline/digits.npz, float32 (4000, 1, 28, 28) in [0, 1], and their labels (4000,)."""
    with np.load(FOLDER / "digits.npz") as file:
        return file["train_images"][:, None].astype(np.float32) / 255, file["train_labels"]


def prepared_pictures() -> list[Floats]:
    """The `test_images` of source/training_pipeline/digits.npz, float32 (1000, 1, 28, 28), prepared in the usual ways."""
    with np.load(FOLDER / "digits.npz") as file:
        train, test = (file[name][:, None].astype(np.float32) / 255 for name in ("train_images", "test_images"))
    mean, std = train.mean(axis=0), train.std(axis=0)
    prepared = [test, 255 * test, (test - 0.5) / 0.5, (test - 0.1307) / 0.3081, (test - train.mean()) / train.std(), test - train.mean()]
    prepared += [test - mean, (test - mean) / np.where(std == 0, 1, std)]
    return [x.astype(np.float32) for x in prepared]


def digit_answers(state: dict[str, Floats]) -> list[Integers]:
    """What a `DigitNet` with given parameters answers for the test pictures, (1000,) each, prepared in the usual ways.

    Args:
        state: parameters by name; a layer's weight and bias share what stands before the last dot. Without all six there are no answers.
    """
    model, layers = DigitNet(), {tuple(value.shape): name.rpartition(".")[0] for name, value in state.items() if value.ndim > 1}
    for layer in (model.conv1, model.conv2, model.fc):
        prefix = layers.get(tuple(layer.weight.shape))
        given = [state.get(f"{prefix}.{name}") for name in ("weight", "bias")]
        if any(value is None or value.shape != own.shape for value, own in zip(given, layer.parameters(), strict=True)):
            return []
        layer.load_state_dict({name: torch.from_numpy(value) for name, value in zip(("weight", "bias"), given, strict=True)})
    with torch.no_grad():
        return [model(torch.from_numpy(x)).argmax(dim=1).numpy() for x in prepared_pictures()]


def digit_predictions(seed: int = 0, epochs: int = 8, count: int = 4000) -> Integers:
    """Classes (1000,) by a `DigitNet` trained on `count` pictures: gradient descent, batches of 64, rate 0.05, momentum 0.9."""
    with np.load(FOLDER / "digits.npz") as file:
        train, test = (torch.from_numpy(file[name]).float().div(255).unsqueeze(1) for name in ("train_images", "test_images"))
        labels = torch.from_numpy(file["train_labels"]).long()
    torch.manual_seed(seed)
    model = DigitNet()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for _ in range(epochs):
        batches = torch.randperm(count).split(64)
        train_one_epoch(model, ((train[batch], labels[batch]) for batch in batches), nn.functional.cross_entropy, optimizer)
    model.eval()
    with torch.no_grad():
        return model(test).argmax(dim=1).numpy()
