"""Reference answers of the assignment `CHAPTER`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def moving_average(x: ArrayLike, size: int) -> NDArray[np.float64]:
    """Means of each `size` neighbouring values.

    Args:
        x: (n,).
        size: K, from 1 to n.

    Returns:
        (n - K + 1,): y_i = sum over k of x_(i+k) / K.

    Raises:
        ValueError: `x` isn't 1-D, or no window fits.
    """
    x = np.asarray(x, float)
    if x.ndim != 1 or not 1 <= size <= len(x):
        raise ValueError(f"expected a 1-D array of at least size = {size} >= 1 values, got shape {x.shape}")
    return np.convolve(x, np.full(size, 1 / size), mode="valid")
