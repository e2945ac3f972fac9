# Tries: a loop that never ends, and another in the next cell.
# Solves: moving_sum
# Raises: KeyboardInterrupt
# Shows: and was interrupted

# %% total
while True:
    pass

# %% net
import time

time.sleep(1e6)
