"""What the kernel lets this user do, tried out in a process of its own.

    python -m autograder.sandbox.probe

It goes the way that bubblewrap goes, and prints as JSON how far it came: the step that failed and the number of the error,
or ``{}``. Nothing outside the process changes.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder import places
from autograder.inside import namespaces
from autograder.sandbox.bubblewrap import ROOT_CAPABILITIES, may

PR_SET_SECCOMP, MODE_FILTER = 22, 2
NEW_HOST_NAME = 0x04000000
SECONDS = 20


@dataclass(frozen=True)
class Refusal:
    """The first step that the kernel refused: ``filter``, ``users``, ``map``, ``namespaces``, ``host`` or ``proc``, and its error."""

    step: str
    number: int


def refusal() -> Refusal | None:
    """How far this user comes on this machine; None if nothing was refused."""
    environment = os.environ | {"PYTHONPATH": str(places.ROOT)}
    command = [sys.executable, "-m", "autograder.sandbox.probe"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=SECONDS)
    found = json.loads(done.stdout) if done.returncode == 0 else {}
    return Refusal(found["step"], found["number"]) if found else None


def main() -> None:
    """Takes the steps in a child, which has one thread only as the kernel wants it, and prints the result."""
    if (pid := os.fork()) != 0:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    found = {}
    for step, action in STEPS.items():
        try:
            action()
        except OSError as error:
            found = {"step": step, "number": error.errno}
            break
    print(json.dumps(found))


def _filter() -> None:
    """The kernel knows filters of system calls: it minds that there is none at this address."""
    try:
        namespaces._check(namespaces._libc.prctl(PR_SET_SECCOMP, MODE_FILTER, None, 0, 0), "seccomp")
    except OSError as error:
        if error.errno not in (errno.EFAULT, errno.EACCES):  # EACCES: known, but not before no_new_privs
            raise


def _users() -> None:
    if not ROOT:
        namespaces._check(namespaces._libc.unshare(namespaces.NEW_USERS), "unshare")


def _map() -> None:
    if not ROOT:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {USER} 1"), ("gid_map", f"0 {GROUP} 1")):
            Path(f"/proc/self/{name}").write_text(text, "ascii")


def _namespaces() -> None:
    wanted = namespaces.NEW_MOUNTS | namespaces.NEW_PROCESSES | namespaces.NEW_IPC | namespaces.NEW_NETWORK
    namespaces._check(namespaces._libc.unshare(wanted), "unshare")


def _host() -> None:
    namespaces._check(namespaces._libc.unshare(NEW_HOST_NAME), "unshare")
    socket.sethostname("probe")


def _proc() -> None:
    """A ``/proc`` of the new namespace, which its first process mounts where no other sees it."""
    namespaces._check(namespaces._libc.mount(b"none", b"/", None, namespaces.MS_REC | namespaces.MS_PRIVATE, None), "mount")
    pid = os.fork()
    if pid == 0:
        failed = namespaces._libc.mount(b"proc", b"/proc", b"proc", 0, None)
        os._exit(ctypes.get_errno() if failed else 0)
    if number := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise OSError(number, os.strerror(number))


USER, GROUP = os.getuid(), os.getgid()
ROOT = all(may(name) for name in ROOT_CAPABILITIES)
STEPS: dict[str, Callable[[], None]] = {
    "filter": _filter,
    "users": _users,
    "map": _map,
    "namespaces": _namespaces,
    "host": _host,
    "proc": _proc,
}

if __name__ == "__main__":
    main()
