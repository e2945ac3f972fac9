"""Runs a command as somebody else than root: an ordinary user, or a user in a container.

    python tests/ordinary_user.py KIND FOLDER COMMAND…

``ordinary``: a user and a group of its own, no supplementary groups, no capabilities, a home of its own; FOLDER becomes its own.
``no-namespaces``: the same on a machine with ``user.max_user_namespaces = 0``.
``container``: user 0 with the few capabilities that Docker leaves it, and Docker's masked ``/proc``; user namespaces are allowed.
``open-container``: the same with all of ``/proc``.
``closed-container``: the same as ``container``, with namespaces refused by a filter of system calls as Docker's does.

All that is arranged for it lies in mounts that only the command sees: where others can't enter a folder on the way to the
interpreter, to this checkout or to FOLDER (as the home of root), they can there. Nothing of the machine is changed but FOLDER's owner.
Whoever is no root just runs the command.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":  # run as a file: this checkout's package, whichever is installed
    sys.path.insert(0, str(PROJECT))

from autograder.inside import namespaces, seccomp  # noqa: E402

KINDS = ("ordinary", "no-namespaces", "container", "open-container", "closed-container")
NAME, HOME = "grader", Path("/home/grader")
FIRST_USER = 70_000
ALL_USERS = 0xFFFFFFFF
# What Docker leaves of root's capabilities, by their number, and what it hides.
DOCKER = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
MASKED_FOLDERS = ("/proc/acpi", "/proc/scsi", "/sys/firmware")
MASKED_FILES = ("/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/sched_debug")
READ_ONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
MS_RDONLY, MS_REMOUNT, MS_BIND = 0x1, 0x20, 0x1000
LAST_CAPABILITY = 63

libc = ctypes.CDLL(None, use_errno=True)


def command(kind: str, folder: Path, *arguments: str | Path) -> list[str]:
    """The command line that runs ``arguments`` in ``folder`` as that kind of user."""
    return [sys.executable, str(Path(__file__).resolve()), kind, str(folder), *map(str, arguments)]


def main(kind: str, folder: Path, arguments: list[str]) -> None:
    """Becomes that user, then the command."""
    if os.getuid() == 0:
        check(libc.unshare(namespaces.NEW_MOUNTS), "unshare mounts")
        mount("none", "/", "", namespaces.MS_REC | namespaces.MS_PRIVATE)
        if kind.endswith("container"):
            enter_container(masked=kind != "open-container", filtered=kind == "closed-container")
        else:
            become_ordinary(folder, without_namespaces=kind == "no-namespaces")
    os.chdir(folder)
    os.execvp(arguments[0], arguments)


# ---- an ordinary user


def become_ordinary(folder: Path, without_namespaces: bool) -> None:
    """A user who has nothing but ``folder`` and an empty home; the same as before if ``folder`` has been somebody's."""
    user = folder.stat().st_uid or FIRST_USER + os.getpid()
    for path in [folder, *folder.rglob("*")]:
        os.lchown(path, user, user)
    open_the_way([Path(sys.prefix), Path(sys.base_prefix), PROJECT, folder])
    make_home(user)
    if without_namespaces:
        enter_users_without_namespaces()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)  # from 0 to another: that takes all capabilities
    os.environ |= {"USER": NAME, "LOGNAME": NAME, "HOME": str(HOME)}


def open_the_way(wanted: Iterable[Path]) -> None:
    """Folders above the ``wanted`` ones that others can't enter, and that of the homes, hold nothing but the way to these."""
    paths = {path for one in wanted for path in (one.resolve(), Path(os.path.abspath(one)))}
    shown = {path: os.open(path, os.O_PATH) for path in sorted(paths) if closed_folder(path)}
    for closed in {HOME.parent, *filter(None, map(closed_folder, shown))}:
        mount("tmpfs", str(closed), "tmpfs", options="mode=755,size=64m")
    for path, opened in shown.items():
        if not path.exists():  # else it came with a folder above it
            path.mkdir(parents=True)
            mount(f"/proc/self/fd/{opened}", str(path), "", MS_BIND | namespaces.MS_REC)
        os.close(opened)


def closed_folder(path: Path) -> Path | None:
    """The uppermost folder above ``path`` that others can't enter, or that of the homes."""
    return next((above for above in reversed(path.parents) if above == HOME.parent or not above.stat().st_mode & stat.S_IXOTH), None)


def make_home(user: int) -> None:
    """The user's home, and entries in the tables of users and groups."""
    HOME.mkdir(mode=0o700)
    os.chown(HOME, user, user)
    for name, entry in {"passwd": f"{NAME}:x:{user}:{user}::{HOME}:/bin/bash\n", "group": f"{NAME}:x:{user}:\n"}.items():
        copy = HOME.parent / name
        copy.write_text(Path("/etc", name).read_text("utf-8") + entry, "utf-8")
        mount(str(copy), f"/etc/{name}", "", MS_BIND)


def enter_users_without_namespaces() -> None:
    """A user namespace of all users, in which there may be no further one."""
    ready, go = os.pipe()
    helper = os.fork()
    if helper == 0:  # only a process outside may map other users than its own
        os.read(ready, 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{os.getppid()}/{name}").write_text(f"0 0 {ALL_USERS}", "ascii")
        os._exit(0)
    check(libc.unshare(namespaces.NEW_USERS), "unshare users")
    os.write(go, b".")
    if os.waitpid(helper, 0)[1] != 0:
        raise OSError("the users couldn't be mapped")
    Path("/proc/sys/user/max_user_namespaces").write_text("0", "ascii")


# ---- a user in a container


def enter_container(masked: bool, filtered: bool) -> None:
    """Takes from root what a container takes."""
    open_the_way([Path(sys.prefix), Path(sys.base_prefix), PROJECT])  # in a container nothing of use lies in the home of root
    if masked:
        mask()
    if filtered:
        refuse_namespaces()
    for number in set(range(LAST_CAPABILITY)) - set(DOCKER):
        libc.prctl(namespaces.PR_CAPBSET_DROP, number, 0, 0, 0)  # those that this kernel doesn't know are not there to drop
    left = sum(1 << number for number in DOCKER)
    sets = (namespaces._CapData * 2)(namespaces._CapData(left, left, 0))
    check(libc.capset(ctypes.byref(namespaces._CapHeader(0x20080522, 0)), ctypes.byref(sets)), "capset")


def mask() -> None:
    for path in filter(os.path.isdir, MASKED_FOLDERS):
        mount("tmpfs", path, "tmpfs", MS_RDONLY)
    for path in filter(os.path.exists, MASKED_FILES):
        mount("/dev/null", path, "", MS_BIND)
    for path in filter(os.path.exists, READ_ONLY):
        mount(path, path, "", MS_BIND | namespaces.MS_REC)
        mount("none", path, "", MS_BIND | MS_REMOUNT | MS_RDONLY)


def refuse_namespaces() -> None:
    """The part of Docker's filter that matters here: no ``unshare``, ``setns``, ``mount``, no namespaces by ``clone``."""
    step, column = seccomp._step, list(seccomp.AUDIT).index(platform.machine())
    refuse, allow = step(seccomp._RETURN, seccomp._ERROR | errno.EPERM), step(seccomp._RETURN, seccomp._ALLOW)
    steps = [step(seccomp._LOAD, seccomp._NUMBER)]
    for name in ("unshare", "setns", "mount", "umount2", "pivot_root"):
        steps += [step(seccomp._EQUAL, seccomp.REFUSED[name][column], 0, 1), refuse]
    steps += [step(seccomp._EQUAL, seccomp.CLONE3[column], 0, 1), step(seccomp._RETURN, seccomp._ERROR | errno.ENOSYS)]
    flags = [
        step(seccomp._LOAD, seccomp._FIRST_ARGUMENT),
        step(seccomp._AND, seccomp.NEW_NAMESPACES),
        step(seccomp._EQUAL, 0, 1, 0),
        refuse,
    ]
    steps += [*seccomp._only(seccomp.CLONE[column], [*flags, allow]), allow]
    seccomp.program = lambda machine: b"".join(steps)
    seccomp.install()


# ---- system calls


def mount(source: str, target: str, kind: str, flags: int = 0, options: str = "") -> None:
    check(libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()), f"mount {target}")


def check(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3:])
