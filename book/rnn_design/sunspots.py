"""The forecaster of sunspots and the windows it learns from, for pages after the one that makes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

TABLE = Path(__file__).parents[2] / "data" / "sunspots_yearly.csv"
SPAN = 22  # years in a window


class Forecaster(nn.Module):
    """Next year's value from a window (N, SPAN, 1): this year's, and a correction that the last state gives."""

    def __init__(self, state=16):
        super().__init__()
        self.cell = nn.RNN(1, state, batch_first=True)
        self.change = nn.Linear(state, 1)

    def forward(self, window):
        states, _ = self.cell(window)
        return window[:, -1, 0] + self.change(states[:, -1])[:, 0]


def before_1900() -> tuple[torch.Tensor, torch.Tensor]:
    """Windows (N, SPAN, 1) whose next year is before 1900, and that year's value (N,), both in hundreds of sunspots."""
    years, spots = np.loadtxt(TABLE, delimiter=",", skiprows=1).T
    old = years[SPAN:] < 1900
    windows = np.lib.stride_tricks.sliding_window_view(spots, SPAN)[:-1][old]
    return torch.tensor(windows / 100)[:, :, None], torch.tensor(spots[SPAN:][old] / 100)
