# Tries: lists in lists without end, containers that hold themselves, and dictionaries with such keys.

# %% moving_sum
def moving_sum(x, width):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested

# %% total
total = []
total.append(total)

# %% predictions
predictions = {}
predictions["self"] = (predictions, [predictions])
