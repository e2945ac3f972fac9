"""The smallest task that needs a long memory: which of four letters came first, many tokens ago?"""

from __future__ import annotations

import torch


def recall_batch(length: int, count: int = 32) -> torch.Tensor:
    """Token ids (count, length): the first is one of 0 to 3, all others are noise, 4 to 7."""
    x = torch.randint(4, 8, (count, length))
    x[:, 0] = torch.randint(4, (count,))
    return x
