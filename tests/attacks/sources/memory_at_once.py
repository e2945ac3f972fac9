# Tries: more memory than there may be, in one process and as fast as it goes.
# Solves: moving_sum
# Raises: KeyboardInterrupt

# %% total
held = []
try:
    while True:
        held.append(np.ones(32 << 20, np.uint8))
except MemoryError:
    held.append(bytearray(1 << 20))
    while True:
        pass
