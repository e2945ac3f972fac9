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


def gradients(model: Any) -> dict[str, Any]:
    """The gradients that the parameters hold, by name; parameters that hold none are left out."""
    return {name: value.grad.detach().clone() for name, value in _module(model).named_parameters() if value.grad is not None}


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


class Pass:
    """One forward pass of ``x`` in eval mode, operation by operation.

    Attributes:
        used: names of the operations on which the output depends.
        read: the tensors on which it depends and which no operation made: inputs, parameters, buffers, whatever else.
    """

    def __init__(self, model: Any, x: Any) -> None:
        import torch
        from torch.utils._python_dispatch import TorchDispatchMode

        steps: list[tuple[str, set[int], set[int]]] = []
        kept: list = []  # or a later tensor would get an earlier one's memory
        outside: dict[int, Any] = {}
        inside: set[int] = set()

        class Recorder(TorchDispatchMode):
            def __torch_dispatch__(self, function, types, args=(), kwargs=None):
                taken = {memory(tensor): tensor for tensor in tensors([args, kwargs or {}])}
                outside.update({place: tensor for place, tensor in taken.items() if place not in inside | outside.keys()})
                value = function(*args, **(kwargs or {}))
                made = {memory(tensor) for tensor in tensors(value)}
                inside.update(made - outside.keys())
                kept.extend([taken, value])
                steps.append((str(function).split(".")[1] if "." in str(function) else str(function), set(taken), made))
                return value

        with torch.no_grad(), _mode(_module(model), False), Recorder():
            output = model(x)
        wanted = {memory(tensor) for tensor in tensors(output)}
        self.used: list[str] = []
        for name, taken, made in reversed(steps):
            if made & wanted:
                self.used.insert(0, name)
                wanted |= taken
        self.read = [tensor for place, tensor in outside.items() if place in wanted]


def memory(tensor: Any) -> int:
    """The place of a tensor's numbers, the same for all views of them."""
    try:
        return tensor.untyped_storage().data_ptr() or id(tensor)
    except (RuntimeError, NotImplementedError):  # a layout without plain memory
        return id(tensor)


def tensors(value: Any) -> list:
    """All tensors in nested lists, tuples and dicts."""
    import torch

    if isinstance(value, torch.Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else []
    return [tensor for item in items for tensor in tensors(item)]


def functions(model: Any, x: Any) -> list[str]:
    """Names of the torch operations on which the output for ``x`` depends, such as ``convolution``, ``relu``, ``addmm``."""
    import torch

    return Pass(model, torch.as_tensor(x)).used


def entering(model: Any, x: Any) -> list[int]:
    """Sizes of the tensors on which the output for ``x`` depends, besides ``x`` and the model's own parameters and buffers."""
    import torch

    x = torch.as_tensor(x)
    own = {memory(x), *(memory(value) for value in [*_module(model).parameters(), *model.buffers()])}
    return [tensor.numel() for tensor in Pass(model, x).read if memory(tensor) not in own]


def call(model: Any, x: Any) -> Any:
    """The model's output without gradients, in the mode that it and its parts are in."""
    import torch

    with torch.no_grad():
        return _module(model)(torch.as_tensor(x))


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
