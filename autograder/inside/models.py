"""What checks may ask of a student's ``torch.nn.Module``; each function answers with plain data."""

from __future__ import annotations

import contextlib
from typing import Any


def _module(model: Any) -> Any:
    import torch

    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"expected an nn.Module, got {type(model).__name__}")
    return model


def parameters(model: Any) -> dict[str, tuple[int, ...]]:
    """Shape of each parameter by name."""
    return {name: tuple(value.shape) for name, value in _module(model).named_parameters()}


def trainable(model: Any) -> dict[str, bool]:
    """Whether each parameter requires gradients."""
    return {name: bool(value.requires_grad) for name, value in _module(model).named_parameters()}


def layer_types(model: Any) -> list[str]:
    """For each submodule the name of its nearest class from ``torch.nn``, in order of registration."""
    return [_torch_class(type(module)) for module in _module(model).modules() if module is not model]


def _torch_class(kind: type) -> str:
    return next((base.__name__ for base in kind.__mro__ if base.__module__.startswith("torch.nn.")), kind.__name__)


def forward(model: Any, x: Any, training: bool = False) -> Any:
    """The model's output without gradients, in eval mode unless ``training``; the mode is restored."""
    import torch

    with torch.no_grad(), _mode(_module(model), training):
        return model(torch.as_tensor(x))


@contextlib.contextmanager
def _mode(model: Any, training: bool):
    modes = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was in modes:
            module.training = was


def functions(model: Any, x: Any) -> list[str]:
    """Names of the torch functions that a forward pass of ``x`` calls, such as ``conv2d``, ``relu``, ``max_pool2d``."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    names: list[str] = []

    class Recorder(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            names.append(str(function).split(".")[1] if "." in str(function) else str(function))
            return function(*args, **(kwargs or {}))

    with torch.no_grad(), _mode(_module(model), False), Recorder():
        model(torch.as_tensor(x))
    return names


def state(model: Any) -> dict[str, Any]:
    """Parameters and buffers by name."""
    return {name: value.detach().clone() for name, value in _module(model).state_dict().items()}


def load(model: Any, values: dict[str, Any]) -> None:
    """Overwrites parameters and buffers by name."""
    import torch

    _module(model).load_state_dict({name: torch.as_tensor(value) for name, value in values.items()})


def is_training(model: Any) -> bool:
    """Whether the model is in training mode."""
    return bool(_module(model).training)
