"""The levels a sandbox can have: each says what starts its warm process, and gets a connection to it.

A level is a class here and a name in `autograder.settings.LEVELS`; `autograder.sandbox.causes` says why one can't be had.
"""

from __future__ import annotations

import os
import platform
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.inside.seccomp import AUDIT
from autograder.inside.wire import Channel
from autograder.places import INSIDE
from autograder.sandbox.bubblewrap import ROOT_CAPABILITIES, another_user, bubblewrap_command
from autograder.sandbox.container import MEETING, ContainerError, Meeting, container_command
from autograder.sandbox.folders import (
    GUEST_INSIDE,
    SandboxError,
    covered_folders,
    private_folders,
    student_environment,
    visible_folders,
)

START_SECONDS = 180


@dataclass(frozen=True)
class Launch:
    """What starts a warm process: a command line, its environment (None: this process's own), and who starts it."""

    command: list[str]
    environment: dict[str, str] | None = None
    user: int | None = None


Start = Callable[..., subprocess.Popen]  # (launch, *descriptors that the process inherits)


class Level(Protocol):
    """One way to start the warm process.

    Attributes:
        shut_in: whether submissions see nothing of this machine but what is shown to them.
        own_folder: whether it needs a private folder on this machine, which is there as long as it lives.
    """

    shut_in: bool
    own_folder: bool

    def launch(self, hidden: Sequence[Path], folder: Path) -> Launch:
        """What is to be started.

        Args:
            hidden: folders that must not be seen inside.
            folder: the level's own one, if it needs one.

        Raises:
            SandboxError: this machine hasn't what the level needs.
        """

    def connect(self, launch: Launch, folder: Path, start: Start) -> Channel:
        """Starts it and waits until there is a connection.

        Raises:
            SandboxError: it can't be started.
            ContainerError: it doesn't call back.
        """


class Inherited:
    """The warm process inherits one end of a pair of sockets."""

    def connect(self, launch: Launch, folder: Path, start: Start) -> Channel:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                descriptor = theirs.fileno()
                start(Launch([*launch.command, str(descriptor)], launch.environment, launch.user), descriptor)
            except SandboxError:
                ours.close()
                raise
        return Channel(ours)


class Bubblewrap(Inherited):
    """No network, own process ids, IPC and host name; of the file system what `visible_folders` names, read-only."""

    shut_in, own_folder = True, False

    def launch(self, hidden: Sequence[Path], folder: Path) -> Launch:
        return Launch([*bubblewrap_command(student_environment(), hidden), *guest_command()], {}, another_user())


class Process(Inherited):
    """A plain child process in a private temporary folder; for code one trusts, or machines with nothing better.

    The root of a container has it run by a user without rights, who can't read what is root's alone, nor end its processes.
    """

    shut_in, own_folder = False, True

    def launch(self, hidden: Sequence[Path], folder: Path) -> Launch:
        own = {"TMPDIR": f"{folder}", "HOME": f"{folder}", "MPLCONFIGDIR": f"{folder}/mpl", "IPYTHONDIR": f"{folder}/ipython"}
        return Launch([sys.executable, "-sP", str(INSIDE / "zygote.py")], student_environment() | own, process_user())


class Container:
    """The same as bubblewrap's in a container of ``program`` (`autograder.sandbox.container`); the process inside calls back."""

    shut_in, own_folder = True, True

    def __init__(self, program: str) -> None:
        self.program = program

    def launch(self, hidden: Sequence[Path], folder: Path) -> Launch:
        visible = visible_folders()
        empty = [name for name in private_folders(visible) if name != "/dev/shm"]  # that one is there
        about = (visible, covered_folders(visible, hidden), (INSIDE, GUEST_INSIDE), empty, ROOT_CAPABILITIES, folder)
        guest = guest_command()
        try:
            return Launch([*container_command(self.program, student_environment(), *about), *guest, f"{MEETING}/door"])
        except ContainerError as error:
            raise SandboxError(str(error)) from None

    def connect(self, launch: Launch, folder: Path, start: Start) -> Channel:
        meeting = Meeting(folder)
        return Channel(meeting.wait_for(start(launch), START_SECONDS))


def process_user() -> int | None:
    """The user who runs students' code at the level `process`; None for whoever grades.

    Another one is taken for a root with few capabilities only, and where that one can read Python and what runs there.
    """
    try:
        user = another_user()
    except SandboxError:
        return None
    needed = {Path(sys.executable), Path(sys.executable).resolve(), Path(os.__file__), INSIDE / "zygote.py"}
    above = {folder for path in needed for folder in path.parents}
    readable = all(path.stat().st_mode & stat.S_IROTH for path in needed) and all(folder.stat().st_mode & stat.S_IXOTH for folder in above)
    return user if readable else None


def guest_command() -> list[str]:
    """The command inside a sandbox: this Python, by the path that its environment shows it at.

    Raises:
        SandboxError: the sandbox doesn't know this kind of processor.
    """
    if platform.machine() not in AUDIT:
        raise SandboxError(f"the sandbox knows the system calls of {' and '.join(AUDIT)} only, this is {platform.machine()}")
    python = Path(sys.executable).parent.resolve() / Path(sys.executable).name  # inside, links to the environment don't exist
    return [str(python), "-sP", f"{GUEST_INSIDE}/zygote.py"]


LEVELS: dict[str, Level] = {
    "bubblewrap": Bubblewrap(),
    "podman": Container("podman"),
    "docker": Container("docker"),
    "process": Process(),
}


def deadline() -> float:
    """When a warm process that was started now has had time enough."""
    return time.monotonic() + START_SECONDS
