"""What the checks of `deep_networks` ask of networks: which of their convolutions matter, and what a residual block computes.

Names of layers are the student's own; kernels are found by their shapes, and where several fit, every assignment is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from autograder.checking.student import RemoteModel
from autograder.checks.judging import alike
from autograder.compare import expect_array, fail
from autograder.reference import deep_networks as reference

EFFECT = 1e-6  # by which share of their size outputs have to change when a kernel's signs are turned
CLOSE = 1e-3


def stir(model: RemoteModel, x: np.ndarray, rng: np.random.Generator) -> None:
    """Random parameters that keep signals alive: what holds at the start (γ or a last layer of zeros) needn't hold later."""
    model.forward(x)  # lazy layers get their size here
    before, shapes = model.state(), model.parameters()
    norms = {name.removesuffix("running_var") for name in before if name.endswith("running_var")}
    drawn = {}
    for name, shape in shapes.items():
        scale = np.sqrt(2 / np.prod(shape[1:])) if len(shape) > 1 else 0.1
        values = rng.normal(0, scale, shape)
        is_factor = len(shape) == 1 and name.endswith("weight") and name.removesuffix("weight") in norms
        drawn[name] = (rng.uniform(0.5, 1.5, shape) if is_factor else values).astype(np.float32)
    model.load(before | drawn)
    if not np.isfinite(model.forward(x)).all():
        model.load(before)


def kernels_of(model: RemoteModel) -> list[str]:
    """Names of the parameters that are kernels of more than one pixel."""
    return [name for name, shape in model.parameters().items() if len(shape) == 4 and max(shape[2:]) > 1]


def expect_deep(model: RemoteModel, x: np.ndarray, rng: np.random.Generator, what: str, stirred: bool = True) -> None:
    """Fails unless at least twelve kernels larger than 1×1 change the outputs when they change.

    Args:
        x: some different pictures.
        stirred: with random parameters; else with those that the model has.
    """
    model.forward(x)
    own = model.state()
    if stirred:
        stir(model, x, rng)
    before, names = model.state(), kernels_of(model)
    if len(names) < reference.LEAST_LAYERS:
        fail(
            f"{what} has {len(names)} convolutional layers with kernels larger than 1×1.",
            f"at least {reference.LEAST_LAYERS}",
            str(len(names)),
        )
    outputs = np.asarray(model.forward(x), dtype=float)
    idle = []
    for name in names:
        model.load(before | {name: -before[name]})
        change = np.abs(np.asarray(model.forward(x), dtype=float) - outputs)
        if not change.max() > EFFECT * np.abs(outputs).max():
            idle.append(name)
    model.load(own)
    if len(names) - len(idle) < reference.LEAST_LAYERS:
        count = f"{len(idle)} of its {len(names)} convolutional layers"
        fail(f"{what} gives the same logits whatever the kernels of {count} hold.", f"at least {reference.LEAST_LAYERS} that matter")


def expect_plain_scores(logits: np.ndarray) -> None:
    """Fails if the scores (N, classes) of pictures are those after softmax or log-softmax, or cut at 0."""
    if np.allclose(np.exp(logits).sum(axis=1), 1, atol=1e-3):
        fail("", diagnosis="The exponentials of each row sum to 1: the network ends with log-softmax. Return the scores before it.")
    if (logits >= 0).all() and np.allclose(logits.sum(axis=1), 1, atol=1e-3):
        fail("", diagnosis="Each row sums to 1: the network ends with softmax. Return the scores before it.")
    if (logits >= 0).all():
        fail("", diagnosis="No score is negative: an activation stands after the last layer.")


class Layers(NamedTuple):
    """A residual block's layers: kernel and bias of each convolution, γ, β, mean and variance of each normalisation."""

    convs: tuple[tuple[torch.Tensor, torch.Tensor | None], ...]  # two, and that of the shortcut if there is one
    norms: tuple[tuple[torch.Tensor, ...], ...]  # two, and that of the shortcut if there is one
    stride: int


def residual_values(block: RemoteModel, x: np.ndarray, stride: int, rng: np.random.Generator, what: str) -> None:
    """Compares a block's outputs for random weights with what its layers give, in whichever order they were made."""
    state, shapes = block.state(), block.parameters()
    for name, value in state.items():
        if name in shapes:
            state[name] = (rng.integers(1, 9, value.shape) / 4 * rng.choice([-1, 1], value.shape)).astype(np.float32)
        elif value.dtype.kind == "f":
            state[name] = (rng.integers(2, 9, value.shape) / 2).astype(np.float32)
    block.load(state)
    received = np.asarray(block.forward(x), dtype=float)
    atol = CLOSE * max(1.0, float(np.abs(received).max()))
    first, mistakes = None, {}
    for layers in assignments(state, shapes, stride):
        right = _residual(torch.from_numpy(x), layers)
        if right is None or right.shape != received.shape:
            continue
        if alike(received, right, CLOSE, atol=atol):
            return
        first = right if first is None else first
        for text, wrong in _residual_mistakes(torch.from_numpy(x), layers).items():
            if alike(received, wrong.numpy(), CLOSE, atol=atol):
                mistakes[text] = received
    if first is None:
        fail(f"{what} can't be compared: its kernels aren't of 3×3 pixels, or a normalisation doesn't fit its convolution's channels.")
    expect_array(received, first, what, CLOSE, mistakes=mistakes, atol=atol)


def assignments(state: dict[str, np.ndarray], shapes: dict[str, tuple[int, ...]], stride: int) -> Iterator[Layers]:
    """Every way in which a state's layers can be those of a residual block."""
    tensors = {name: torch.from_numpy(np.asarray(value)) for name, value in state.items()}
    kernels = [name for name, shape in shapes.items() if len(shape) == 4]
    norms = [name.removesuffix("running_var") for name in state if name.endswith("running_var")]
    ones = [name for name in kernels if shapes[name][2:] == (1, 1)]
    pairs = [list(order) for order in permutations([name for name in kernels if name not in ones])]
    for convs, order in product(pairs, permutations(norms)):
        names = convs + ones
        if len(convs) == 2 and len(ones) <= 1 and len(order) in (2, 2 + len(ones)):
            biases = (tensors.get(f"{name.removesuffix('weight')}bias") for name in names)
            yield Layers(
                tuple((tensors[name], bias) for name, bias in zip(names, biases, strict=True)),
                tuple(tuple(tensors[n + part] for part in ("running_mean", "running_var", "weight", "bias")) for n in order),
                stride,
            )


def _conv(x, layers: Layers, number: int, stride: int, padding: int):
    kernel, bias = layers.convs[number]
    return functional.conv2d(x, kernel, bias, stride=stride, padding=padding)


def _norm(x, layers: Layers, number: int):
    if number >= len(layers.norms):
        return x
    mean, var, gamma, beta = layers.norms[number]
    return functional.batch_norm(x, mean, var, gamma, beta)


def _branch(x, layers: Layers, between=functional.relu, second_norm: bool = True, strides: tuple[int, int] | None = None):
    first, second = strides or (layers.stride, 1)
    middle = between(_norm(_conv(x, layers, 0, first, 1), layers, 0))
    last = _conv(middle, layers, 1, second, 1)
    return _norm(last, layers, 1) if second_norm else last


def _shortcut(x, layers: Layers, normed: bool = True):
    if len(layers.convs) < 3:
        return x
    return _norm(_conv(x, layers, 2, layers.stride, 0), layers, 2 if normed else 3)


def _residual(x, layers: Layers) -> np.ndarray | None:
    try:
        return functional.relu(_branch(x, layers) + _shortcut(x, layers)).numpy()
    except RuntimeError:  # kernels in an order in which their channels don't fit
        return None


def _residual_mistakes(x, layers: Layers) -> dict[str, torch.Tensor]:
    """Typical mistakes in `ResidualBlock`."""
    try:
        branch, shortcut = _branch(x, layers), _shortcut(x, layers)
        linear = _branch(x, layers, between=lambda middle: middle)
        late = _branch(x, layers, strides=(1, layers.stride))
        unnormed = _branch(x, layers, second_norm=False)
        return {
            "The ReLU after the sum is missing.": branch + shortcut,
            "The shortcut is missing.": functional.relu(branch),
            "The ReLU between the convolutions is missing.": functional.relu(linear + shortcut),
            "There is no ReLU: one belongs between the convolutions, one after the sum.": linear + shortcut,
            "ReLU came before the sum; it belongs after it.": functional.relu(branch) + shortcut,
            "A ReLU stands before the sum, too: the branch has to be able to take something off.": functional.relu(
                functional.relu(branch) + shortcut
            ),
            "The shortcut was taken off; add it.": functional.relu(branch - shortcut),
            "The input was added twice.": functional.relu(branch + 2 * shortcut),
            "Branch and shortcut were averaged; add them.": functional.relu(branch + shortcut) / 2,
            "The last normalisation comes after the sum.": functional.relu(_norm(unnormed + shortcut, layers, 1)),
            "A ReLU follows the shortcut's convolution: the shortcut is a convolution alone, or with normalisation.": functional.relu(
                branch + functional.relu(shortcut)
            ),
            "The stride belongs to the branch's first convolution.": functional.relu(late + shortcut),
        }
    except RuntimeError:
        return {}
