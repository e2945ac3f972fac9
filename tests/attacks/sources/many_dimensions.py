# Tries: an array of eleven dimensions, whose summary alone has millions of entries.

# %% total
total = np.zeros((5,) * 9, np.int8)

# %% moving_sum
def moving_sum(x, width):
    return np.zeros((1,) * 30 + (0,))

# %% predictions
predictions = np.zeros((2,) * 16, np.uint8)
