# Tries: as many threads as there can be.
# Solves: moving_sum
# Raises: RuntimeError

# %% total
import threading
import time

for _ in range(100_000):
    threading.Thread(target=time.sleep, args=(1000,)).start()
