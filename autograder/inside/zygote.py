"""The warm process: imports what the assignment imports, then forks one kernel per submission.

Started by `autograder.sandbox` as ``python -sP …/zygote.py`` with one end of a socket as a descriptor. Each request
``spawn`` brings two descriptors, one for the keeper and one for the kernel:

zygote → (new namespaces) → keeper (process 1 of its namespace) → kernel → snapshots

The keeper outlives the kernel, so a killed kernel leaves its snapshots alive; when the keeper goes, all go.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":  # run as a file in the sandbox: make this folder importable under its own name
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != folder] + [str(folder.parent)]
    sys.dont_write_bytecode = True
    importlib.import_module(f"{folder.name}.zygote").main(int(sys.argv[1]))
    raise SystemExit

from . import namespaces
from .kernel import Kernel, seed_everything, single_thread
from .wire import Channel, WireError, WireTimeout

MEMORY_POLL = 0.5  # seconds between two looks at the memory used


def main(descriptor: int) -> None:
    """Serves spawn requests until the grader closes the socket."""
    channel = Channel(socket.socket(fileno=descriptor))
    settings, _, _ = channel.receive()
    kernel = warm_up(settings["imports"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        namespaces.prctl(namespaces.PR_SET_DUMPABLE, 0)
    channel.send({"ready": True})
    while True:
        try:
            _, _, fds = channel.receive(max_fds=2)
        except WireError:
            return
        spawn(kernel, settings, fds, channel)


def warm_up(modules: list[str]) -> Kernel:
    """Imports ``modules`` as far as they exist and makes the shell that every kernel starts from."""
    kernel = Kernel()
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    single_thread()
    return kernel


def spawn(kernel: Kernel, settings: dict, fds: list[int], channel: Channel) -> None:
    if os.fork() == 0:
        try:
            channel.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if settings["private"]:
                namespaces.new_namespaces()
                if os.fork() != 0:
                    os._exit(0)
            keep(kernel, settings, Channel(socket.socket(fileno=fds[0])), fds[1])
        finally:
            os._exit(0)
    for fd in fds:
        os.close(fd)


def keep(kernel: Kernel, settings: dict, control: Channel, kernel_fd: int) -> None:
    """The keeper: lays out the private folders, forks the kernel, reaps what ends, and dies with the connection."""
    message, blobs, _ = control.receive()
    folder = private_folder(settings)
    try:
        lay_out(folder, message["files"], blobs)
        pid = os.fork()
        if pid == 0:
            control.close()
            become_student(kernel, settings, folder, kernel_fd)
        os.close(kernel_fd)
        signal.signal(signal.SIGCHLD, lambda *_: reap())
        control.send({"kernel": pid})
        watch(control, pid, settings["memory_bytes"])
    finally:
        if settings["private"]:
            os._exit(0)  # process 1 of its namespace: the system ends all others with it
        kill_descendants()
        shutil.rmtree(folder, ignore_errors=True)


def watch(control: Channel, kernel: int, memory_bytes: int) -> None:
    """Passes signals on and ends everything that goes over the memory limit, until the grader hangs up."""
    while True:
        try:
            message, _, _ = control.receive(deadline=time.monotonic() + MEMORY_POLL)
        except WireTimeout:
            if memory_bytes and used_memory(os.getpid()) > memory_bytes:
                kill_descendants()
                control.send({"event": "memory"})
            continue
        except WireError:
            return
        pid = message.get("pid", kernel)
        if pid in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, message["signal"])


def used_memory(root: int) -> int:
    """Bytes used by all descendants of ``root``, pages shared between processes counted once."""
    total = 0
    for pid in descendants(root):
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            total += 1024 * sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total


def private_folder(settings: dict) -> Path:
    if settings["private"]:
        namespaces.mount_private(dict.fromkeys(settings["private"], settings["disk_bytes"]))
        for name in ("IPYTHONDIR", "MPLCONFIGDIR"):
            os.makedirs(os.environ[name], exist_ok=True)
            os.chmod(os.environ[name], 0o777)
        return Path(settings["private"][0])
    with contextlib.suppress(OSError):
        namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
    return Path(tempfile.mkdtemp(prefix="submission-"))


def lay_out(folder: Path, names: list[str], blobs: list[bytes]) -> None:
    for name, data in zip(names, blobs, strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o666)
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        path.chmod(0o777)


def become_student(kernel: Kernel, settings: dict, folder: Path, descriptor: int) -> None:
    try:
        os.setsid()
        silent = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(silent, standard)
        os.chdir(folder)
        os.environ.update(HOME=str(folder), PWD=str(folder))
        namespaces.limit_resources(settings["limits"])
        if settings["private"]:
            namespaces.drop_privileges()
        with contextlib.suppress(OSError):
            namespaces.prctl(namespaces.PR_SET_DUMPABLE, 1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.path.insert(0, str(folder))
        seed_everything()
        kernel.serve(Channel(socket.socket(fileno=descriptor)))
    finally:
        os._exit(0)


def reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def kill_descendants() -> None:
    """Without namespaces: ends all processes that descend from this one, again until none is left."""
    for _ in range(50):
        children = descendants(os.getpid())
        if not children:
            return
        for pid in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        reap()


def descendants(root: int) -> list[int]:
    parents = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
            if fields[0] != "Z":
                parents[int(entry)] = int(fields[1])
    found, frontier = [], {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += frontier
    return found
