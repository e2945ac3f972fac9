"""Reference answers of the assignment `receptive_fields`.

A layer is a tuple (kernel, stride, padding, dilation); K, S, P, D below. All lengths are along one axis, in inputs.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

Layer = tuple[int, int, int, int]
Pair = tuple[int, int]

MOST_DILATION = 16


def receptive_fields(layers: Sequence[Layer]) -> list[Pair]:
    """Receptive field and jump (r, j) after each layer: r ← r + D(K - 1)j, then j ← jS, from r = j = 1.

    Source: slides 000 Q2 (without dilation); Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional
    Neural Networks", Distill 2019, equation 2.
    """
    r, j, fields = 1, 1, []
    for kernel, stride, _, dilation in layers:
        r, j = r + dilation * (kernel - 1) * j, j * stride
        fields.append((r, j))
    return fields


def layers_of(features: nn.Sequential) -> list[Layer]:
    """The convolutions and poolings of a Sequential, nested ones included, in the order of the data.

    Their numbers are whole or pairs of two equal ones.
    """
    layers = []
    for module in features:
        if isinstance(module, nn.Sequential):
            layers += layers_of(module)
        elif isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            names = "kernel_size", "stride", "padding", "dilation"
            kernel, stride, padding, dilation = (int(np.ravel(getattr(module, name, 1))[0]) for name in names)
            layers.append((kernel, stride, padding, dilation))
    return layers


def input_window(layers: Sequence[Layer], index: int) -> Pair:
    """The inputs (start, stop) that unit `index` of the last layer sees; stop exclusive, padding included.

    The start of unit u lies at u·j_L - Σ P_l·j_{l-1}, and the window is r_L long. Source: Araujo et al., equation 5.
    """
    fields = receptive_fields(layers)
    jumps = [1, *(j for _, j in fields)]
    start = index * jumps[-1] - sum(layer[2] * jump for layer, jump in zip(layers, jumps, strict=False))
    return start, start + fields[-1][0]


def measured_receptive_field(model: nn.Module, input_size: int) -> Pair:
    """(height, width) between the first and the last non-zero gradient of the output unit (H' // 2, W' // 2).

    model: (1, 1, input_size, input_size) → (1, 1, H', W'). Weights stay unchanged.
    """
    gradient = unit_gradient(model, input_size)
    return extent(np.any(gradient != 0, axis=1)), extent(np.any(gradient != 0, axis=0))


def unit_gradient(model: nn.Module, input_size: int) -> NDArray[np.floating]:
    """Gradient (n, n) of the middle output unit by the input."""
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    (gradient,) = torch.autograd.grad(y[0, 0, y.shape[2] // 2, y.shape[3] // 2], x)
    return gradient[0, 0].numpy()


def extent(used: ArrayLike) -> int:
    """Length from the first to the last True of a row, 0 if there is none."""
    places = np.flatnonzero(used)
    return int(places[-1] - places[0]) + 1 if len(places) else 0


def path_counts(layers: Sequence[Layer]) -> NDArray[np.int64]:
    """Paths from each input of the receptive field to one unit of the last layer: (r,).

    Each layer convolves the row with K ones that lie D·j apart.
    """
    counts, jump = np.ones(1, dtype=np.int64), 1
    for kernel, stride, _, dilation in layers:
        taps = np.zeros(dilation * jump * (kernel - 1) + 1, dtype=np.int64)
        taps[:: dilation * jump] = 1
        counts, jump = np.convolve(counts, taps), jump * stride
    return counts


def longest_field(max_layers: int) -> int:
    """The longest field without holes of ``max_layers`` layers as in `design_stack`: each triples it, or adds 2·16 inputs."""
    field = 1
    for _ in range(max_layers):
        field += 2 * min(field, MOST_DILATION)
    return field


def design_stack(target: int, max_layers: int) -> list[Layer]:
    """The fewest layers with kernel 3, stride 1 and dilations of at most 16 whose field is at least `target` and has no holes.

    A dilation no larger than the field below leaves none. Raises ValueError if `max_layers` of them don't reach.
    """
    if longest_field(max_layers) < target:
        raise ValueError(f"target: expected at most {longest_field(max_layers)} for {max_layers} layers, got {target}")
    layers, field = [], 1
    while field < target:
        dilation = min(field, MOST_DILATION)
        layers.append((3, 1, dilation, dilation))
        field += 2 * dilation
    return layers


# Slides 000 Q2 (a) and 001, section 2: 9×9 inputs, 5×5 with stride 2, then 2×2 with stride 1.
TUTORIAL = [(5, 2, 0, 1), (2, 1, 0, 1)]
q2a = tuple(r for r, _ in receptive_fields(TUTORIAL))


class ConvStack(nn.Module):
    """The notebook's model: convolutions of one channel, one after another; numbers or pairs (height, width)."""

    def __init__(self, layers: Sequence[tuple]) -> None:
        super().__init__()
        self.layers = nn.Sequential(*[nn.Conv2d(1, 1, *layer) for layer in layers])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)


class TwoPaths(nn.Module):
    """The notebook's model: two stacks on the same input, their outputs added."""

    def __init__(self, first: Sequence[tuple], second: Sequence[tuple]) -> None:
        super().__init__()
        self.first, self.second = ConvStack(first), ConvStack(second)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.first(x) + self.second(x)


def build_features(rows: Sequence[Sequence]) -> nn.Sequential:
    """The notebook's Sequential: each row is a list of rows, or a kind and its numbers."""
    kinds: dict[str, Callable[..., nn.Module]] = {
        "conv": lambda *numbers: nn.Conv2d(1, 1, *numbers),
        "maxpool": nn.MaxPool2d,
        "avgpool": nn.AvgPool2d,
        "relu": nn.ReLU,
        "dropout": nn.Dropout,
        "batchnorm": lambda: nn.BatchNorm2d(1),
    }
    return nn.Sequential(*[kinds[row[0]](*row[1:]) if isinstance(row[0], str) else build_features(row) for row in rows])
