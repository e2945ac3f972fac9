# Tries: anonymous memory shared between processes, which the limit on private memory doesn't count.
# Solves: moving_sum
# Raises: KeyboardInterrupt

# %% total
import mmap

held = []
while True:
    held.append(mmap.mmap(-1, 64 << 20))
    held[-1].write(b"x" * (64 << 20))
