"""The few Linux calls that Python 3.11 has no function for: namespaces, mounts, dropping privileges.

Linux only; `zygote` uses them only at the sandbox level that asks for them. Numbers are those of the kernel's headers.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import socket
import struct
from pathlib import Path

NEW_MOUNTS, NEW_PROCESSES, NEW_IPC, NEW_NETWORK, NEW_USERS = 0x00020000, 0x20000000, 0x08000000, 0x40000000, 0x10000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
FIRST_STUDENT = 0x60000000  # user ids of submissions on a host that lets this process choose: no two alike
STUDENT = 1000  # user and group id of a submission elsewhere, in a user namespace of its own
TERMINALS = "/dev/pts"
TCP_BUFFERS = {"tcp_rmem": "4096 65536 131072", "tcp_wmem": "4096 16384 131072"}  # least, at first, most
MAX_FILES = 20_000  # in each private folder: an empty file costs memory too, but counts for nothing in its size

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def fork_apart(own: int) -> int:
    """`os.fork` with a namespace of process ids for the child, which is process 1 in it.

    Args:
        own: descriptor of this process's own namespace (``/proc/self/ns/pid``), which its next children are back in.
    """
    _check(_libc.unshare(NEW_PROCESSES), "unshare process ids")
    pid = os.fork()
    if pid == 0:
        os.close(own)
    else:
        _check(_libc.setns(own, NEW_PROCESSES), "own process ids")
    return pid


def new_namespaces() -> None:
    """Own mounts, System V IPC and network (loopback only)."""
    _check(_libc.unshare(NEW_MOUNTS | NEW_IPC | NEW_NETWORK), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = bytearray(struct.pack("16sh22x", b"lo", 0))
        fcntl.ioctl(probe, SIOCGIFFLAGS, request)
        flags = struct.unpack_from("h", request, 16)[0]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def mount_private(folders: dict[str, int]) -> None:
    """Fresh, empty, size-limited folders over ``folders`` (path → bytes), and ``/proc`` and terminals of this namespace."""
    _check(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    for path, size in folders.items():
        options = f"size={size},nr_inodes={MAX_FILES},mode=1777".encode()
        _check(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options), f"mount {path}")
    _check(_libc.mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, b"hidepid=2"), "mount /proc")
    if os.path.isdir(TERMINALS):
        options = b"newinstance,ptmxmode=0666,mode=0620"
        _check(_libc.mount(b"devpts", TERMINALS.encode(), b"devpts", MS_NOSUID | MS_NOEXEC, options), f"mount {TERMINALS}")


def small_buffers() -> None:
    """Keeps the buffers of this network namespace small: their memory belongs to no process, and only their number is seen."""
    for name, sizes in TCP_BUFFERS.items():
        with contextlib.suppress(OSError):
            Path(f"/proc/sys/net/ipv4/{name}").write_text(sizes, "ascii")
    with contextlib.suppress(OSError):
        Path("/proc/sys/net/unix/max_dgram_qlen").write_text("10", "ascii")


def prctl(option: int, value: int = 0) -> None:
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def drop_privileges() -> None:
    """No capability, no way to get one back, and a user of its own: limits by user then count this submission alone."""
    if not _is_real_root():
        _own_users()
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    if _is_real_root():
        user = FIRST_STUDENT + int.from_bytes(os.urandom(3), "big")
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = _CapHeader(0x20080522, 0)
    _check(_libc.capset(ctypes.byref(header), ctypes.byref((_CapData * 2)())), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def _is_real_root() -> bool:
    """Whether this is user 0 with all users mapped, so that it may become anybody."""
    return os.getuid() == 0 and int(Path("/proc/self/uid_map").read_text("ascii").split()[2]) > FIRST_STUDENT + (1 << 24)


def _own_users() -> None:
    """A user namespace with this process's user only, who isn't root in it: whoever starts a program as root gets its rights."""
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(NEW_USERS), "unshare users")
    prctl(PR_SET_DUMPABLE, 1)  # or its files in /proc belong to root
    for name, text in (("setgroups", "deny"), ("uid_map", f"{STUDENT} {user} 1"), ("gid_map", f"{STUDENT} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text, "ascii")


def limit_resources(limits: dict[str, int]) -> None:
    """Sets resource limits by their name in `resource` (``RLIMIT_NOFILE`` …), never above the present hard limit."""
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
