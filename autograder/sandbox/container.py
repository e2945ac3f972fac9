"""Levels ``podman`` and ``docker``: the warm process in a container, for machines where bubblewrap is not to be had.

The container is shut in as bubblewrap would: no network, the same read-only folders, nothing of the course. Inside, each
submission gets its own namespaces and user as everywhere. The image is empty but for the folders that something is mounted
on; it is made here, nothing is fetched. The warm process calls back through a socket in a folder of its own, since Docker
passes no open files into a container.
"""

from __future__ import annotations

import hashlib
import io
import os
import resource
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Sequence
from pathlib import Path

LINKS = ("/bin", "/sbin", "/lib", "/lib64", "/lib32")
SHOWN_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
MEETING = "/grader/meeting"
MOST = 16_384  # open files, and processes, of the container's root; each submission has limits of its own
SECONDS = 60  # of a container program that answers
# What hides parts of /proc would also keep a submission from getting a /proc of its own.
OPEN_PROC = {"podman": "unmask=ALL", "docker": "systempaths=unconfined"}


class ContainerError(Exception):
    """The container program isn't there or doesn't work; the message says what it said."""


def container_command(
    program: str, environment: dict[str, str], visible: Sequence[Path], covered: Sequence[Path], inside: tuple[Path, str],
    empty: Sequence[str], capabilities: Sequence[str], meeting: Path,
) -> list[str]:  # fmt: skip
    """The call of ``podman`` or ``docker`` up to the command inside.

    Args:
        program: "podman" or "docker".
        environment: all variables of the process inside.
        visible: folders shown read-only at their own place.
        covered: folders below these that must not be seen.
        inside: the folder of the code that runs inside, and where it is shown.
        empty: folders that are there, empty and writable.
        capabilities: what the process may do to make namespaces, without ``CAP_``.
        meeting: the folder with the socket.

    Raises:
        ContainerError: the program isn't installed, doesn't answer, or its image can't be made.
    """
    if shutil.which(program) is None:
        raise ContainerError(f"{program} is not installed")
    files = [Path(name) for name in SHOWN_FILES if os.path.exists(name)]
    shown = {**{str(path): path for path in [*visible, *files]}, inside[1]: inside[0]}
    command = [program, "run", "--rm", "--pull", "never", "--log-driver", "none", "--name", meeting.name]
    command += ["--network", "none", "--ipc", "private", "--hostname", "grader", "--workdir", "/", "--read-only"]
    command += ["--cap-drop", "ALL", *(part for name in capabilities for part in ("--cap-add", name))]
    for option in ("no-new-privileges", "seccomp=unconfined", "apparmor=unconfined", "label=disable", OPEN_PROC[program]):
        command += ["--security-opt", option]
    for name, number in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC)):
        own = resource.getrlimit(number)[0]  # the program's default may be more than this user may set
        own = MOST if own == resource.RLIM_INFINITY else min(own, MOST)
        command += ["--ulimit", f"{name}={own}:{own}"]
    for name, value in environment.items():
        command += ["--env", f"{name}={value}"]
    for place, path in shown.items():
        command += ["--volume", f"{path}:{place}:ro"]
    command += ["--volume", f"{meeting}:{MEETING}:ro"]
    for path in covered:
        command += ["--tmpfs", f"{path}:ro,size=4k,mode=555"]
    for place in empty:
        command += ["--tmpfs", f"{place}:rw,exec,mode=1777"]
    return [*command, image(program, [*shown, MEETING, *map(str, covered), *empty])]


def image(program: str, places: Sequence[str]) -> str:
    """The name of an image that holds the system's links and empty folders at ``places``; made if it isn't there.

    Raises:
        ContainerError: the program refused.
    """
    files = [place for place in places if os.path.isfile(place)]
    folders = {parent for place in places for parent in Path(place).parents} | {Path(p) for p in places if p not in files}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for folder in sorted({*folders, Path("/proc"), Path("/dev"), Path("/sys"), Path("/etc")} - {Path("/")}):
            tar.addfile(_entry(str(folder), tarfile.DIRTYPE, 0o755))
        for file in files:
            tar.addfile(_entry(file, tarfile.REGTYPE, 0o644))
        for link in filter(os.path.islink, LINKS):
            tar.addfile(_entry(link, tarfile.SYMTYPE, 0o777, os.readlink(link)))
    content = archive.getvalue()
    name = f"localhost/course-grader:{hashlib.sha256(content).hexdigest()[:12]}"
    if subprocess.run([program, "image", "inspect", name], capture_output=True, check=False, timeout=SECONDS).returncode:
        done = subprocess.run([program, "import", "-", name], input=content, capture_output=True, check=False, timeout=SECONDS)
        if done.returncode:
            raise ContainerError(f"{program}: {done.stderr.decode('utf-8', 'replace').strip() or 'no message'}")
    return name


def _entry(name: str, kind: bytes, mode: int, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name.lstrip("/"))
    entry.type, entry.mode, entry.linkname = kind, mode, target
    return entry


class Meeting:
    """A socket in a private folder, where the process inside calls back.

    Args:
        folder: an empty folder that only this user can enter.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._door.bind(str(folder / "door"))
        self._door.listen(1)
        self._door.settimeout(0.2)

    def wait_for(self, process: subprocess.Popen, seconds: float) -> socket.socket:
        """The connection to the process inside.

        Raises:
            ContainerError: the program ended first, or it took too long.
        """
        deadline = time.monotonic() + seconds
        try:
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    return self._door.accept()[0]
                except TimeoutError:
                    continue
        finally:
            self._door.close()
            (self.folder / "door").unlink(missing_ok=True)
        raise ContainerError(
            "the container ended before it called back" if process.poll() is not None else "the container doesn't call back"
        )
