# Tries: kill -1, which ends every process it may signal.
# Shows: was lost

# %% moving_sum
import os
import signal

# %% after check_moving_sum
os.kill(-1, signal.SIGKILL)
print("still here")
