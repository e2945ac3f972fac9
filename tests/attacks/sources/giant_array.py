# Tries: arrays far larger than what is accepted, real and by stride tricks, and texts without end.

# %% moving_sum
def moving_sum(x, width):
    return np.broadcast_to(np.float64(0), (1 << 20, 1 << 20))

# %% total
total = "3" * (64 << 20)

# %% predictions
predictions = np.zeros(100 << 20, np.uint8)
