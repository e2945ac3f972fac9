# Tries: answers that never come: a function that sleeps, one that waits for input, one that waits for itself.
# Solves: total

# %% moving_sum
import threading
import time

lock = threading.Lock()
lock.acquire()


def moving_sum(x, width):
    time.sleep(3600)

# %% net
class Net(nn.Module):
    def __init__(self):
        lock.acquire()
