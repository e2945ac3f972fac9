"""Receptive fields read off a PyTorch model: walk along its computation and carry the window of unit 0.

`torch.fx` turns a model into a list of steps in the order of computation, each with the steps it reads from. It knows
modules only: a model that pools by a function would be read wrongly, and so would one whose kernels are wider than high.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torchvision
from torch import fx, nn

Window = tuple[int, int, int]  # jump, first pixel, first pixel behind it


def through(window: Window, layer: nn.Module | None) -> Window:
    """The window of unit 0 behind one more layer; only kernels change it."""
    if not isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
        return window
    jump, start, stop = window
    settings = [getattr(layer, name, 1) for name in ("kernel_size", "stride", "padding", "dilation")]  # pairs or numbers
    k, s, p, d = (v[0] if isinstance(v, tuple) else v for v in settings)
    return jump * s, start - p * jump, stop + (d * (k - 1) - p) * jump


def union(branches: Sequence[Window]) -> Window:
    """The window of a unit that reads several branches.

    Raises:
        ValueError: they look at different places, so that no single window says what the unit sees.
    """
    jumps, starts, stops = zip(*branches, strict=True)
    centres = {start + stop for _, start, stop in branches}
    if len({*jumps}) > 1 or len(centres) > 1:
        raise ValueError(f"expected branches that look at the same place, got windows {branches}")
    return jumps[0], min(starts), max(stops)


def walk(model: nn.Module) -> list[Window]:
    """(jump, start, stop) of unit 0 behind every step of a model."""
    layers, windows = dict(model.named_modules()), {}
    for step in fx.symbolic_trace(model).graph.nodes:
        below = [windows[source] for source in step.all_input_nodes]
        seen = union(below) if below else (1, 0, 1)  # a pixel sees itself
        windows[step] = through(seen, layers.get(step.target))
    return list(windows.values())


def empty(name: str) -> nn.Module:
    """A torchvision model without weights and without memory: shapes only."""
    with torch.device("meta"):
        return getattr(torchvision.models, name)(weights=None)


def make_transparent(module: nn.Module) -> None:
    """Make all weights equal and positive, and let every gradient through: no activation, mean pooling in place of max."""
    for name, child in module.named_children():
        if isinstance(child, nn.MaxPool2d):
            setattr(module, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding))
        elif isinstance(child, (nn.ReLU, nn.BatchNorm2d)):
            setattr(module, name, nn.Identity())
        elif isinstance(child, nn.Conv2d):
            nn.init.constant_(child.weight, 1 / child.weight[0].numel())
        make_transparent(child)
