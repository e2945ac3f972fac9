"""The warm process: imports what the assignment imports, then forks one kernel per submission.

Started by `autograder.sandbox.warm` as ``python -sP …/zygote.py`` with one end of a socket as a descriptor, or the path of a
socket to call. Each request ``spawn`` brings two descriptors, one for the keeper and one for the kernel:

zygote → keeper (process 1 of a namespace of its own) → kernel → snapshots

The keeper outlives the kernel, so a killed kernel leaves its snapshots alive; when the keeper goes, all go.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":  # run as a file in the sandbox: make this folder importable under its own name
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != folder] + [str(folder.parent)]
    sys.dont_write_bytecode = True
    importlib.import_module(f"{folder.name}.zygote").main(sys.argv[1])
    os._exit(0)  # taking down all that was imported would take a second

from . import namespaces, seccomp
from .folders import CantRestore, Entry, Folders
from .kernel import Kernel, seed_everything, single_thread
from .wire import Channel, WireError

MEMORY_POLL = 0.5  # seconds between two looks at the memory used
MANY_PROCESSES = 12  # of one submission: with more it gets the processor only when nobody else wants it
LOWEST_PRIORITY = 19
SWEEPS = 200  # attempts at stopping processes that are made as fast as they stop
SWEEP_SECONDS = 8.0  # that the ended may take to be gone: on a busy machine those of lowest priority are slow at it
SOCKET_BYTES = 256 << 10  # what one holds at most: the system's own sizes, which student code can't change
FIRST_TO_GO = "1000"  # for the system's own out-of-memory killer

ended: dict[int, int | None] = {}  # the kernel and the frozen states: how each ended, by `os.waitpid`; None while nobody saw it
ordered: set[int] = set()  # those of them, and copies, that this keeper ended or was told to end


def main(grader: str) -> None:
    """Serves spawn requests until the grader closes the socket, which is a descriptor or a path."""
    channel = Channel(connection(grader))
    settings, _, _ = channel.receive()
    kernel = warm_up(settings["imports"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        namespaces.prctl(namespaces.PR_SET_DUMPABLE, 0)
    own = os.open("/proc/self/ns/pid", os.O_RDONLY) if settings["private"] else -1
    channel.send({"ready": True})
    while True:
        try:
            _, _, fds = channel.receive(max_fds=2)
        except WireError:
            return
        try:
            spawn(kernel, settings, fds, channel, own)
        except OSError as error:  # the next may be luckier, and the grader hears why this one wasn't
            say_failed(Channel(socket.socket(fileno=fds[0])), error)
            os.close(fds[1])


def connection(grader: str) -> socket.socket:
    """The connection to the grader: the inherited descriptor, or a call to the socket of that path."""
    if grader.isdecimal():
        return socket.socket(fileno=int(grader))
    called = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    called.connect(grader)
    return called


def warm_up(modules: list[str]) -> Kernel:
    """Imports ``modules`` as far as they exist and makes the shell that every kernel starts from."""
    gc.disable()  # collecting while everything is new takes time and finds nothing
    kernel = Kernel()
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    single_thread()
    gc.collect()
    gc.enable()
    gc.freeze()  # a collection in a submission's process would copy every page that holds an object
    return kernel


def spawn(kernel: Kernel, settings: dict, fds: list[int], channel: Channel, own: int) -> None:
    """Forks the keeper of one submission; ``own`` is this process's namespace of process ids."""
    if (namespaces.fork_apart(own) if settings["private"] else os.fork()) == 0:
        try:
            channel.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control = Channel(socket.socket(fileno=fds[0]))
            try:
                if settings["private"]:
                    namespaces.new_namespaces()
                keep(kernel, settings, control, fds[1])
            except OSError as error:
                say_failed(control, error)
        finally:
            os._exit(0)
    for fd in fds:
        os.close(fd)


def say_failed(control: Channel, error: OSError) -> None:
    """Tells the grader why a submission's processes can't be made."""
    with contextlib.suppress(WireError):
        control.send({"failed": str(error)})
    control.sock.close()


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
        ended[pid] = None
        os.close(kernel_fd)
        signal.signal(signal.SIGCHLD, lambda *_: reap())
        control.send({"kernel": pid})
        folders = Folders(settings["private"] or [str(folder.parent)], settings["disk_bytes"])
        watch(control, pid, settings["memory_bytes"], settings["private"], folders)
    finally:
        if settings["private"]:
            os._exit(0)  # process 1 of its namespace: the system ends all others with it
        end_processes(set())
        shutil.rmtree(folder.parent, ignore_errors=True)


def watch(control: Channel, kernel: int, memory_bytes: int, mounted: list[str], folders: Folders) -> None:
    """Does what the grader asks and keeps to the memory limit, until the grader hangs up.

    ``keep`` names a snapshot, for which the folders are remembered as they are; ``restore`` ends what a snapshot's copies
    left and brings the folders back; ``sweep`` ends all but the snapshots and the processes named, and tells the most
    memory used so far; ``signal`` passes one on; ``fate`` asks how a process ended.
    """
    kept: dict[int, dict[str, Entry]] = {}
    most = over_limit = 0
    poller = select.poll()
    poller.register(control.fileno(), select.POLLIN)
    while True:
        if not poller.poll(MEMORY_POLL * 1000):
            with slowed_down(set(kept)):
                used = used_memory(mounted) if memory_bytes else 0
            most = max(most, used)
            if used > memory_bytes and end_processes(set(kept)):
                if used_memory(mounted) > memory_bytes:
                    end_processes(set())
                over_limit += 1
            continue
        try:
            message, _, _ = control.receive()
        except WireError:
            return
        if "keep" in message:
            kept[message["keep"]] = folders.remember()
            ended.setdefault(message["keep"])
            control.send({"kept": True})
        elif "restore" in message:
            end_processes(set(kept))
            control.send({"restored": restored(folders, kept.get(message["restore"]))})
        elif "sweep" in message:
            most = max(most, peak_memory(kernel))
            spared = {*kept} | ({kernel} if message["sweep"] == "leftovers" else set())
            control.send({"swept": end_processes(spared), "memory_bytes": most})
        elif "fate" in message:
            control.send({"fate": fate(message["fate"]), "over_limit": over_limit})
        else:
            pid = message.get("pid", kernel)
            ordered.add(pid)
            send_signal(pid, message["signal"])


def fate(pid: int) -> list:
    """Whether a process lives, how it ended (None: nobody saw it), and whether it was the keeper who ended it."""
    reap()
    return [pid in descendants(os.getpid()), ended.get(pid), pid in ordered]


def restored(folders: Folders, state: dict[str, Entry] | None) -> bool:
    """Whether the folders are as they were when a snapshot was made."""
    try:
        folders.restore(state or {})
    except CantRestore:
        return False
    return state is not None


def send_signal(pid: int, number: int) -> None:
    """Sends a signal to a process of this submission, and to no other."""
    ours = pid > 1 if os.getpid() == 1 else pid in descendants(os.getpid())  # process 1 sees no others than its own
    if ours:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_processes(kept: set[int]) -> int:
    """Ends this process's descendants except for ``kept``; returns how many.

    All are stopped before the first is ended: processes that replace each other as fast as they die would win the race.
    """
    stopped = stop_processes(kept)
    end = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end:
        others = set(descendants(os.getpid())) - kept
        if not others:
            break
        stopped |= others
        ordered.update(others & ended.keys())
        for pid in others:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        reap()
        time.sleep(0.002)
    reap()  # until then the last of them count as processes, and there may be none left for copying a snapshot
    for pid in kept:
        send_signal(pid, signal.SIGCONT)
    return len(stopped)


def stop_processes(kept: set[int]) -> set[int]:
    """Stops all descendants: at once where they are all there is to see, else those not ``kept`` until none is new."""
    if os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGSTOP)
        return set()
    stopped: set[int] = set()
    for _ in range(SWEEPS):
        others = set(descendants(os.getpid())) - kept
        if others <= stopped:
            break
        stopped |= others
        for pid in others:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGSTOP)
    return stopped


@contextlib.contextmanager
def slowed_down(kept: set[int]) -> Iterator[None]:
    """A submission of many processes, snapshots aside, mustn't slow down others, nor those who look at its memory.

    It gets the lowest priority, and rests meanwhile: a process that forks all the time can hardly be looked at.
    """
    running = set(descendants(os.getpid())) - kept
    if len(running) <= MANY_PROCESSES:
        yield
        return
    stop_processes(kept)
    try:
        for pid in running:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, pid, LOWEST_PRIORITY)
        yield
    finally:
        for pid in descendants(os.getpid()):
            send_signal(pid, signal.SIGCONT)


def used_memory(folders: list[str]) -> int:
    """Bytes used by all descendants, pages shared between processes counted once, by files in ``folders``, and by sockets."""
    total = socket_memory() if folders else 0
    for folder in folders:
        system = os.statvfs(folder)
        total += (system.f_blocks - system.f_bfree) * system.f_frsize
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            total += 1024 * sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
            total += status_bytes(pid, "VmPTE:")  # tables of pages, which may lead to one and the same page
    return total


def socket_memory() -> int:
    """The most bytes that the sockets of this network namespace can hold: what is in them belongs to no process."""
    count = 0
    for name in ("unix", "tcp", "tcp6", "udp", "udp6"):
        with contextlib.suppress(OSError), open(f"/proc/net/{name}", "rb") as table:
            count += max(0, sum(1 for _ in table) - 1)
    return count * SOCKET_BYTES


def peak_memory(pid: int) -> int:
    """The most bytes that a process has ever had in memory, 0 if it is gone."""
    return status_bytes(pid, "VmHWM:")


def status_bytes(pid: int, name: str) -> int:
    """A size that the system tells of a process, 0 if it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name):
                return 1024 * int(line.split()[1])
    return 0


def private_folder(settings: dict) -> Path:
    if settings["private"]:
        namespaces.mount_private(dict.fromkeys(settings["private"], settings["disk_bytes"]))
        namespaces.small_buffers()
        for name in ("IPYTHONDIR", "MPLCONFIGDIR"):
            os.makedirs(os.environ[name], exist_ok=True)
            os.chmod(os.environ[name], 0o777)
        return Path(settings["private"][0])
    with contextlib.suppress(OSError):
        namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
    both = Path(tempfile.mkdtemp(prefix="submission-"))
    for name in ("work", "scratch"):
        (both / name).mkdir()
    os.environ["TMPDIR"] = str(both / "scratch")
    return both / "work"


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
        os.chdir(folder)
        os.environ.update(HOME=str(folder), PWD=str(folder))
        tempfile.tempdir = None  # asked for again, it is this submission's
        if settings["private"]:
            namespaces.drop_privileges()
        namespaces.limit_resources(settings["limits"])  # now, or a limit would count other submissions as well
        with contextlib.suppress(OSError):
            namespaces.prctl(namespaces.PR_SET_DUMPABLE, 1)
            Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, "ascii")
        if settings["private"]:
            seccomp.install()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        silent = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(silent, standard)
        seed_everything()
        sys.path.insert(0, str(folder))  # nothing that lies there is run before the grader knows that the kernel works
        kernel.serve(Channel(socket.socket(fileno=descriptor)))
    except OSError:
        traceback.print_exc()  # as long as nobody silenced it, that is before any code of the student: the grader reads why
    finally:
        os._exit(0)


def reap() -> None:
    """Takes note of the children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            if child[0] in ended:
                ended[child[0]] = child[1]


def descendants(root: int) -> list[int]:
    """Ids of all living processes below ``root``.

    A process that has ended may still be the parent of others: its threads end one after the other.
    """
    parents, ended = {}, set()
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{entry}/stat").read_text("latin-1").rsplit(")", 1)[1].split()
            parents[int(entry)] = int(fields[1])
            if fields[0] == "Z":
                ended.add(int(entry))
    found: list[int] = []
    frontier = {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += frontier - ended
    return found
