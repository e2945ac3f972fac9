"""What the chapter's pages train with: one loop, random batches, the state after the last word, the number of parameters."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn


def fit(model: nn.Module, batch_loss: Callable[[], torch.Tensor], steps: int, lr: float = 0.01) -> list[float]:
    """Train on `steps` batches; `batch_loss()` gives the loss of a fresh one."""
    optimizer = torch.optim.Adam(model.parameters(), lr)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
    history = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = batch_loss()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rate.step()
        history.append(loss.item())
    return history


def draw_from(rows: torch.Tensor, count: int = 64) -> torch.Tensor:
    """A random batch of row numbers."""
    return rows[torch.randint(len(rows), (count,))]


def size(model: nn.Module) -> int:
    """How many parameters a model has."""
    return sum(p.numel() for p in model.parameters())


def last_state(states: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The state after the last token that isn't padding (0): of states (N, T, H) and tokens (N, T) the (N, H)."""
    return states[torch.arange(len(x)), (x > 0).sum(1) - 1]
