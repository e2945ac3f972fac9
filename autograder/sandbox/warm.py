"""Starts the warm process that student kernels are forked from, shut in as the settings ask.

Level ``bubblewrap``: no network, own process ids, IPC and host name, an empty environment; of the file system only
``/usr``, the Python environment and the folder `autograder.inside`, all read-only, with nothing of the course.
Levels ``podman`` and ``docker``: the same in a container (`autograder.sandbox.container`).
Level ``process``: a plain child process in a private temporary folder; for code one trusts, or machines with nothing better.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.inside.namespaces import FIRST_STUDENT
from autograder.inside.seccomp import AUDIT
from autograder.inside.wire import Channel, WireError
from autograder.places import INSIDE, PACKAGE
from autograder.sandbox.container import MEETING, ContainerError, Meeting, container_command
from autograder.settings import CONTAINERS, Settings

GUEST_INSIDE = "/grader/inside"
WORK_FOLDER, TEMPORARY_FOLDER = "/submission", "/scratch"
START_SECONDS = 180
PENDING_SIGNALS = 1024  # of a submission; each that waits takes memory of the kernel's
LOG_BYTES = 2000  # of what the process complained of that are told
CAPABILITIES = {  # with their numbers in the kernel's headers
    "SYS_ADMIN": 21, "SETUID": 7, "SETGID": 6, "SETPCAP": 8, "SYS_PTRACE": 19, "SYS_NICE": 23, "NET_ADMIN": 12, "KILL": 5,
    "DAC_READ_SEARCH": 2, "DAC_OVERRIDE": 1, "FOWNER": 3, "CHOWN": 0, "SETFCAP": 31,
}  # fmt: skip
ROOT_CAPABILITIES = tuple(CAPABILITIES)


class SandboxError(Exception):
    """The sandbox can't be started; the message says why and what to do."""


class DidNotStart(SandboxError):
    """It was started, but isn't there; the message is what the program complained of."""


class Sandbox:
    """A running warm process; `spawn` makes kernels.

    Args:
        settings: level and limits.
        imports: modules to import before the first submission.
        hidden: folders that must not be seen inside (the course's root and whatever else holds secrets).

    Raises:
        SandboxError: it can't be started at this level.
    """

    def __init__(self, settings: Settings, imports: Sequence[str] = (), hidden: Sequence[Path] = ()) -> None:
        self._home = tempfile.mkdtemp(prefix="grader-") if settings.sandbox != "bubblewrap" else None
        private = private_folders(visible_folders()) if settings.sandbox != "process" else []
        try:
            command, environment = self._command(settings, hidden)
            user = another_user() if settings.sandbox == "bubblewrap" else None
        except (SandboxError, ContainerError) as error:
            if self._home:
                shutil.rmtree(self._home)
            raise SandboxError(str(error)) from None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `close`)
        if settings.sandbox in CONTAINERS:
            self._start_container(command)
        else:
            ours, theirs = socket.socketpair()
            self.channel = Channel(ours)
            with theirs:
                self._start([*command, str(theirs.fileno())], environment, theirs.fileno(), user=user)
        try:
            self.channel.send({"imports": list(imports), "private": private, **limits(settings)})
        except WireError:
            raise self._failure() from None

    def _start(self, command: list[str], environment: dict[str, str] | None, *fds: int, user: int | None = None) -> None:
        try:
            self.process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=fds,
                cwd="/",
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        except OSError as error:  # too few processes, or a program that this user can't reach
            if hasattr(self, "channel"):
                self.channel.close()
            self._log.close()
            if self._home:
                shutil.rmtree(self._home, ignore_errors=True)
            raise SandboxError(f"{command[0]} can't be started: {error.strerror}") from None

    def _start_container(self, command: list[str]) -> None:
        """Starts the container and waits until the process in it calls back."""
        meeting = Meeting(Path(str(self._home)))
        self._start([*command, f"{MEETING}/door"], None)
        try:
            self.channel = Channel(meeting.wait_for(self.process, START_SECONDS))
        except ContainerError as error:
            raise self._failure(str(error)) from None

    def _command(self, settings: Settings, hidden: Sequence[Path]) -> tuple[list[str], dict[str, str]]:
        environment = student_environment()
        if settings.sandbox == "process":
            environment |= {
                "TMPDIR": str(self._home),
                "HOME": str(self._home),
                "MPLCONFIGDIR": f"{self._home}/mpl",
                "IPYTHONDIR": f"{self._home}/ipython",
            }
            return [sys.executable, "-sP", str(INSIDE / "zygote.py")], environment
        python = Path(sys.executable).parent.resolve() / Path(sys.executable).name  # inside, links to the environment don't exist
        if platform.machine() not in AUDIT:
            raise SandboxError(f"the sandbox knows the system calls of {' and '.join(AUDIT)} only, this is {platform.machine()}")
        inside = [str(python), "-sP", f"{GUEST_INSIDE}/zygote.py"]
        if settings.sandbox == "bubblewrap":
            return [*bubblewrap_command(environment, hidden), *inside], {}
        visible = visible_folders()
        empty = [name for name in private_folders(visible) if name != "/dev/shm"]  # that one is there
        about = (visible, covered_folders(visible, hidden), (INSIDE, GUEST_INSIDE), empty, ROOT_CAPABILITIES, Path(str(self._home)))
        return [*container_command(settings.sandbox, environment, *about), *inside], {}

    def wait_until_ready(self) -> None:
        """Waits for the imports; raises `SandboxError` if the process ends or hangs."""
        try:
            self.channel.receive(time.monotonic() + START_SECONDS)
        except WireError:
            raise self._failure() from None

    def _failure(self, said: str = "") -> SandboxError:
        """Ends what is left of the process; what it complained of, as an exception."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=1)  # it may be about to end, and its status tells how
        ended = self.process.poll()
        self.process.kill()
        self.process.wait()
        said = said or ("it doesn't answer" if ended is None else f"it ended with exit status {ended}")
        text = self.complaint() or said
        self.close()
        return DidNotStart(f"the sandbox didn't start: {text}")

    def complaint(self) -> str:
        """The end of what the process and those forked from it complained of, up to now."""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), LOG_BYTES, max(0, size - LOG_BYTES)).decode("utf-8", "replace").strip()

    def spawn(self) -> tuple[Channel, Channel]:
        """Forks a submission's processes; returns the connections to its keeper and its kernel."""
        pairs = [socket.socketpair() for _ in range(2)]
        try:
            self.channel.send({"op": "spawn"}, fds=[theirs.fileno() for _, theirs in pairs])
        except WireError:
            for ours, _ in pairs:
                ours.close()
            raise
        finally:
            for _, theirs in pairs:
                theirs.close()
        return Channel(pairs[0][0]), Channel(pairs[1][0])

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """Ends the warm process and everything forked from it."""
        if hasattr(self, "channel"):
            self.channel.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._log.close()
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)


def limits(settings: Settings) -> dict:
    """The limits a submission's processes set on themselves before the first line of student code."""
    mebi = 1 << 20
    return {
        "memory_bytes": settings.memory_mb * mebi,
        "disk_bytes": settings.disk_mb * mebi,
        "limits": {
            "RLIMIT_DATA": (settings.memory_mb + 1024) * mebi,
            "RLIMIT_FSIZE": settings.file_mb * mebi,
            "RLIMIT_NOFILE": settings.open_files,
            "RLIMIT_NPROC": settings.processes,
            "RLIMIT_CORE": 0,
            "RLIMIT_SIGPENDING": PENDING_SIGNALS,
            "RLIMIT_MSGQUEUE": 0,
        },
    }


def student_environment() -> dict[str, str]:
    """Environment variables of a student's process: one thread, fixed hashing, figures as in a notebook.

    The thread limit holds whatever the notebook says (``torch.set_num_threads(4)`` is common): the threads of a pool don't
    survive the fork that the checks get, and the next convolution would wait for them for ever.
    Freed memory is kept for the next array instead of going back to the system: every page that comes from there again
    costs a fault, and training a network asks for the same arrays hundreds of times.
    """
    threads = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {
        **dict.fromkeys(threads, "1"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": WORK_FOLDER,
        "TMPDIR": TEMPORARY_FOLDER,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GLIBC_TUNABLES": f"glibc.malloc.mmap_threshold={32 << 20}:glibc.malloc.trim_threshold={512 << 20}",
        "IPYTHONDIR": f"{TEMPORARY_FOLDER}/ipython",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{TEMPORARY_FOLDER}/mpl",
        "NBGRADER_EXECUTION": "autograde",
    }


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


def visible_folders() -> list[Path]:
    """The read-only folders a student's process sees: system libraries and the Python environment."""
    wanted = [Path("/usr"), Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent]
    folders: list[Path] = []
    for folder in sorted({path.resolve() for path in wanted}, key=lambda path: len(path.parts)):
        if not any(folder.is_relative_to(seen) for seen in folders):
            folders.append(folder)
    return folders


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


def covered_folders(visible: Sequence[Path], hidden: Sequence[Path]) -> list[Path]:
    """Those of the ``hidden`` folders, and of this package, that lie in a visible one and have to be covered.

    Raises:
        SandboxError: one can't be covered.
    """
    covered = []
    for folder in [*(Path(path).resolve() for path in hidden), PACKAGE]:
        above = [seen for seen in visible if folder.is_relative_to(seen)]
        if above and Path(sys.prefix).resolve().is_relative_to(folder):
            raise SandboxError(f"{folder} can't be hidden: the Python environment {sys.prefix} needs it and {above[0]} shows it")
        if above and folder.exists():
            covered.append(folder)
    return covered


def private_folders(visible: Sequence[Path]) -> list[str]:
    """Folders each submission gets fresh and empty: the one it works in first, then those for temporary files."""
    environment_in_tmp = any(folder.is_relative_to("/tmp") for folder in visible)
    return [WORK_FOLDER, TEMPORARY_FOLDER, "/dev/shm"] + ([] if environment_in_tmp else ["/tmp"])
