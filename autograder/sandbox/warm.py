"""Starts the warm process that student kernels are forked from, shut in as the settings ask (`autograder.sandbox.levels`)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.inside.wire import Channel, WireError
from autograder.sandbox.container import ContainerError
from autograder.sandbox.folders import SandboxError, private_folders, visible_folders
from autograder.sandbox.levels import LEVELS, Launch, deadline
from autograder.settings import Settings

PENDING_SIGNALS = 1024  # of a submission; each that waits takes memory of the kernel's
LOG_BYTES = 2000  # of what the process complained of that are told


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
        level = LEVELS[settings.sandbox]
        self._home = Path(tempfile.mkdtemp(prefix="grader-")) if level.own_folder else None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `close`)
        folder = self._home or Path()
        try:
            self.channel = level.connect(level.launch(hidden, folder), folder, self._start)
        except SandboxError:
            self._tidy()
            raise
        except ContainerError as error:
            raise self._failure(str(error)) from None
        private = private_folders(visible_folders()) if level.shut_in else []
        try:
            self.channel.send({"imports": list(imports), "private": private, **limits(settings)})
        except WireError:
            raise self._failure() from None

    def _start(self, launch: Launch, *descriptors: int) -> subprocess.Popen:
        """Starts the process.

        Raises:
            SandboxError: too few processes, or a program that this user can't reach.
        """
        if self._home and launch.user is not None:
            os.chown(self._home, launch.user, launch.user)
        try:
            self.process = subprocess.Popen(
                launch.command,
                env=launch.environment,
                pass_fds=descriptors,
                cwd="/",
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                user=launch.user,
                group=launch.user,
                extra_groups=None if launch.user is None else [],
            )
        except OSError as error:
            raise SandboxError(f"{launch.command[0]} can't be started: {error.strerror}") from None
        return self.process

    def _tidy(self) -> None:
        """Nothing of it stays on this machine."""
        self._log.close()
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)

    def wait_until_ready(self) -> None:
        """Waits for the imports; raises `SandboxError` if the process ends or hangs."""
        try:
            self.channel.receive(deadline())
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
        self._tidy()


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
