"""How much the last state of a recurrent cell depends on earlier ones: the norms of products of Jacobians."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import nn


def gradient_norms(advance: Callable[[torch.Tensor, int], torch.Tensor], state: torch.Tensor, steps: int = 60) -> np.ndarray:
    """‖dh_T/dh_t‖ for T - t = 1, 2, …, `steps`: `advance(state, t)` gives the next state, from `state` (H,) on."""
    jacobians = []
    for t in range(steps):
        jacobians.append(torch.autograd.functional.jacobian(lambda s, t=t: advance(s, t), state))
        state = advance(state, t).detach()
    chain, norms = torch.eye(len(state)), []
    for jacobian in reversed(jacobians):
        chain = chain @ jacobian
        norms.append(torch.linalg.matrix_norm(chain, 2).item())
    return np.array(norms)


def inputs_and_matrix() -> tuple[torch.Tensor, torch.Tensor]:
    """Sixty random inputs (60, 32), already multiplied by their weights, and a random matrix (32, 32) of spectral radius 1."""
    torch.manual_seed(3)
    noise = 0.1 * torch.randn(60, 32)
    matrix = torch.randn(32, 32)
    return noise, matrix / torch.linalg.eigvals(matrix).abs().max()


def plain_norms(rho: float) -> np.ndarray:
    """The norms of a plain cell of 32 units whose recurrent matrix has the spectral radius `rho`."""
    noise, matrix = inputs_and_matrix()
    return gradient_norms(lambda h, t: torch.tanh(noise[t] + rho * matrix @ h), torch.zeros(32))


def gated_norms(kind: type[nn.GRUCell | nn.LSTMCell], bias: float) -> np.ndarray:
    """The norms of a GRU or LSTM of 32 units whose gate z or f starts with `bias`; an LSTM's state is h and c together."""
    noise, _ = inputs_and_matrix()
    torch.manual_seed(1)
    cell = kind(32, 32)
    with torch.no_grad():
        cell.bias_hh[32:64] += bias  # both have that gate in second place
    advance = partial(_advance, cell, noise)
    return gradient_norms(advance, torch.zeros(32 if kind is nn.GRUCell else 64))


def _advance(cell: nn.Module, noise: torch.Tensor, state: torch.Tensor, t: int) -> torch.Tensor:
    if isinstance(cell, nn.GRUCell):
        return cell(noise[t], state)
    return torch.cat(cell(noise[t], tuple(state.chunk(2))))
