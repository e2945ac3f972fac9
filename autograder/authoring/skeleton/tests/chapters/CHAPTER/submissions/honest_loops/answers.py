# Two loops and a list.

# %% moving_average
def moving_average(x, size):
    if np.ndim(x) != 1 or size < 1 or size > len(x):
        raise ValueError("no window fits")
    means = []
    for i in range(len(x) - size + 1):
        total = 0.0
        for k in range(size):
            total += x[i + k]
        means.append(total / size)
    return means
