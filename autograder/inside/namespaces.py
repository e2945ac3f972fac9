"""The few Linux calls that Python 3.11 has no function for: namespaces, mounts, dropping privileges.

Linux only; `zygote` uses them only at the sandbox level that asks for them. Numbers are those of the kernel's headers.
"""

from __future__ import annotations

import ctypes
import os
import resource

NEW_MOUNTS, NEW_PROCESSES, NEW_IPC = 0x00020000, 0x20000000, 0x08000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def new_namespaces() -> None:
    """Own mounts, own System V IPC, and own process ids for the children made from now on."""
    _check(_libc.unshare(NEW_MOUNTS | NEW_PROCESSES | NEW_IPC), "unshare")


def mount_private(folders: dict[str, int]) -> None:
    """Fresh, empty, size-limited folders over ``folders`` (path → bytes), and a ``/proc`` of this namespace."""
    _check(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    for path, size in folders.items():
        options = f"size={size},mode=1777".encode()
        _check(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options), f"mount {path}")
    _check(_libc.mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None), "mount /proc")


def prctl(option: int, value: int = 0) -> None:
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def drop_privileges() -> None:
    """No capability, no way to get one back, and an unprivileged user if this process is root."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    if os.getuid() == 0 and _is_real_root():
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    header = _CapHeader(0x20080522, 0)
    _check(_libc.capset(ctypes.byref(header), ctypes.byref((_CapData * 2)())), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def _is_real_root() -> bool:
    """Whether user 0 here is user 0 outside, with all users mapped (no user namespace of its own)."""
    with open("/proc/self/uid_map", encoding="ascii") as file:
        return int(file.read().split()[2]) > 1


def limit_resources(limits: dict[str, int]) -> None:
    """Sets resource limits by their name in `resource` (``RLIMIT_NOFILE`` …), never above the present hard limit."""
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
