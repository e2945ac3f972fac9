# Tries: integers of a million digits, infinities, NaN, and numbers that no float can hold.

# %% moving_sum
def moving_sum(x, width):
    return [10**400, float("inf"), -float("inf"), 10**5000, complex("nan")]

# %% total
total = 10**1_000_000

# %% predictions
predictions = [float("nan")] * 59 + [10**4299]
