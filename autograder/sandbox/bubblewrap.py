"""Level ``bubblewrap``: the warm process in namespaces of its own, with the rights to make those of submissions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from autograder.inside.namespaces import FIRST_STUDENT
from autograder.places import INSIDE
from autograder.sandbox.folders import (
    GUEST_INSIDE,
    TEMPORARY_FOLDER,
    SandboxError,
    covered_folders,
    private_folders,
    visible_folders,
)

CAPABILITIES = {  # with their numbers in the kernel's headers
    "SYS_ADMIN": 21, "SETUID": 7, "SETGID": 6, "SETPCAP": 8, "SYS_PTRACE": 19, "SYS_NICE": 23, "NET_ADMIN": 12, "KILL": 5,
    "DAC_READ_SEARCH": 2, "DAC_OVERRIDE": 1, "FOWNER": 3, "CHOWN": 0, "SETFCAP": 31,
}  # fmt: skip
ROOT_CAPABILITIES = tuple(CAPABILITIES)


def bubblewrap_command(environment: dict[str, str], hidden: Sequence[Path]) -> list[str]:
    """The ``bwrap`` call up to the command inside.

    Raises:
        SandboxError: bubblewrap isn't installed, or the Python environment would show a hidden folder.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            "bubblewrap is not installed: `apt install bubblewrap`, or choose the lower level with "
            'c.Grade.sandbox = "process" in nbgrader_config.py if you trust all students\' code'
        )
    command = [program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "grader"]
    command += privileges()
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += mounts(visible_folders(), [Path(folder).resolve() for folder in hidden])
    return [*command, "--chdir", "/", "--"]


def privileges() -> list[str]:
    """``bwrap`` options that let the warm process make namespaces: what root has, or all in a user namespace of its own.

    In that namespace it has to be user 0: for another, bubblewrap makes a second one inside, and the warm process would have
    no rights over the namespace of process ids that it comes back to after each submission (``setns`` fails). Students'
    processes are moved on into a user namespace in which they are somebody else (`namespaces.drop_privileges`).
    """
    if all(may(name) for name in ROOT_CAPABILITIES):
        return [part for name in ROOT_CAPABILITIES for part in ("--cap-add", f"CAP_{name}")]
    return ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"]


def another_user() -> int | None:
    """The user who starts bubblewrap in place of a root that has few capabilities, as in a container; None if nobody need.

    Students' processes have the number of that user outside of their namespace. Were it 0, they could write the kernel's
    settings in ``/proc/sys``, which belong to root, and no limit would bound their number.

    Raises:
        SandboxError: it would be 0, and this process can't become another.
    """
    if os.getuid() != 0 or all(may(name) for name in ROOT_CAPABILITIES):
        return None
    ranges = [[int(part) for part in line.split()] for line in Path("/proc/self/uid_map").read_text("ascii").splitlines()]
    most = max(first + count - 1 for first, _, count in ranges)
    if most > 0 and may("SETUID") and may("SETGID"):
        return min(most - 1, FIRST_STUDENT) or most
    if any(first == outside == 0 for first, outside, _ in ranges):
        raise SandboxError(
            "this root has no capability to become another user (CAP_SETUID, CAP_SETGID), and students' code mustn't be root: "
            "grade as an ordinary user"
        )
    return None


def may(capability: str) -> bool:
    """Whether this process has a capability (one of `CAPABILITIES`): root in a container has few of them."""
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> CAPABILITIES[capability] & 1)
    return os.getuid() == 0


def mounts(visible: Sequence[Path], hidden: Sequence[Path]) -> list[str]:
    """``bwrap`` options for the file system inside.

    Raises:
        SandboxError: a visible folder lies above or at a hidden one that can't be covered.
    """
    options: list[str] = []
    for link in ("/bin", "/sbin", "/lib", "/lib64", "/lib32"):
        if os.path.islink(link):
            options += ["--symlink", os.readlink(link), link]
        elif os.path.isdir(link):
            options += ["--ro-bind", link, link]
    options += ["--perms", "0755", "--dir", "/etc"]
    for name in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"):
        options += ["--ro-bind-try", name, name]
    options += ["--perms", "1777", "--tmpfs", "/tmp"]
    for folder in visible:
        for parent in reversed(folder.parents):
            if parent != Path("/"):
                options += ["--perms", "0755", "--dir", str(parent)]
        options += ["--ro-bind", str(folder), str(folder)]
    for folder in covered_folders(visible, hidden):
        options += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    options += ["--perms", "0755", "--dir", "/grader", "--ro-bind", str(INSIDE), GUEST_INSIDE]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for private in private_folders(visible):
        options += ["--perms", "0755", "--dir", private]
    options += ["--perms", "1777", "--tmpfs", TEMPORARY_FOLDER]  # for the warm process; submissions get their own
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/tmp", "--remount-ro", "/"]
