# Tries: to hand right answers to the next submission, running at the same time: loopback, abstract sockets, keyring, shared memory.

# %% moving_sum
import ctypes
import socket
import threading
import time

libc, open_sockets = ctypes.CDLL(None), []
for family, address in ((socket.AF_INET, ("127.0.0.1", 38573)), (socket.AF_INET6, ("::1", 38573)), (socket.AF_UNIX, "\0left-by-an-attack"), (socket.AF_UNIX, "/tmp/left-by-an-attack"), (socket.AF_UNIX, "/dev/shm/left-by-an-attack")):
    try:
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        open_sockets.append(server)
    except OSError:
        pass
libc.syscall(248, b"user", b"left-by-an-attack", b"385", 3, -4)
libc.shmget(38573, 4096, 0o1666)
deadline = time.monotonic() + 2.2
while time.monotonic() < deadline:
    time.sleep(0.05)
