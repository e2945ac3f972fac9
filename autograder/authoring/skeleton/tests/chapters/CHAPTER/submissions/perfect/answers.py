# Everything right, the written answer too.

# %% moving_average
def moving_average(x, size):
    x = np.asarray(x, float)
    if x.ndim != 1 or not 1 <= size <= len(x):
        raise ValueError(f"size {size} for {x.shape}")
    return np.array([x[i : i + size].mean() for i in range(len(x) - size + 1)])

# %% [markdown] window
# A larger window averages more noise away, but details shorter than it are lost, and values at the ends too.
