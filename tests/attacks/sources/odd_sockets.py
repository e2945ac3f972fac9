# Tries: socket families that a network namespace doesn't shut in, and io_uring, which makes sockets past a filter.
# Shows: nothing made

# %% moving_sum
import ctypes
import socket

made, libc = [], ctypes.CDLL(None, use_errno=True)
families = {"vsock": 40, "netlink": 16, "packet": 17, "algorithms": 38, "bluetooth": 31, "can": 29, "tipc": 30, "xdp": 44, "rds": 21, "qrtr": 42, "kcm": 41, "mctp": 45, "nfc": 39}
for name, family in families.items():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
            made.append(name)
        except OSError:
            pass
if libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0:
    made.append("io_uring")
print(sorted(set(made)) or "nothing made")
