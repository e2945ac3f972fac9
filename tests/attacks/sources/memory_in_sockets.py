# Tries: memory in the buffers of sockets, which belongs to no process.
# Solves: moving_sum
# Shows: over the memory limit

# %% total
import os
import socket
import time

for _ in range(30):
    if os.fork() == 0:
        held = []
        try:
            while True:
                held += socket.socketpair()
                held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 26)
                held[-1].setblocking(False)
                try:
                    while held[-1].send(b"x" * 65536):
                        pass
                except BlockingIOError:
                    pass
        except OSError:
            time.sleep(60)
time.sleep(60)
