# Tries: system calls that get more rights, hide memory from the limits or look into other processes.
# Shows: nothing allowed

# %% moving_sum
import ctypes
import os

libc, allowed = ctypes.CDLL(None, use_errno=True), []
NEW = {"mounts": 0x20000, "user": 0x10000000, "network": 0x40000000, "processes": 0x20000000, "ipc": 0x08000000, "names": 0x04000000}
calls = {f"unshare {name}": lambda flag=flag: libc.unshare(flag) for name, flag in NEW.items()}
calls |= {
    "mount": lambda: libc.mount(b"none", b"/scratch", b"tmpfs", 0, None),
    "ptrace the keeper": lambda: libc.ptrace(16, 1, None, None),
    "ptrace itself": lambda: libc.ptrace(0, 0, None, None),
    "read another's memory": lambda: libc.syscall(310, 1, None, 0, None, 0, 0),
    "keyring": lambda: libc.syscall(248, b"user", b"left", b"by", 2, -4),
    "keyctl": lambda: libc.syscall(250, 0, -4, 1, 0, 0),
    "memfd": lambda: libc.memfd_create(b"x", 0),
    "shared memory": lambda: libc.shmget(0, 1 << 20, 0o1600),
    "userfaultfd": lambda: libc.syscall(323, 1),
    "perf": lambda: libc.syscall(298, ctypes.create_string_buffer(128), 0, -1, -1, 0),
    "bpf": lambda: libc.syscall(321, 0, ctypes.create_string_buffer(128), 128),
    "chroot": lambda: libc.chroot(b"."),
    "root": lambda: libc.setuid(0),
    "host name": lambda: libc.sethostname(b"x", 1),
    "priority": lambda: libc.setpriority(0, 0, -5),
    "kernel module": lambda: libc.syscall(313, 0, b"", 0),
    "file handle": lambda: libc.syscall(304, -100, ctypes.create_string_buffer(64), 0),
}
for name, call in calls.items():
    child = os.fork()
    if child == 0:
        os._exit(1 if call() >= 0 else 0)
    if os.waitpid(child, 0)[1]:
        allowed.append(name)
child = libc.syscall(56, 0x10000000 | 17, None, None, None, None)
if child == 0:
    os._exit(0)
if child > 0:
    allowed.append("clone into a user namespace")
print(allowed or "nothing allowed")
