"""A machine of its own for a JupyterHub: accounts, groups, homes and a checkout that nobody outside sees, gone with the process that made it.

    python tests/hub_machine.py FOLDER

makes it in mounts of its own, says so, and keeps it until its standard input ends. Nothing of the real machine is changed: /etc is a
copy, /home is empty, and in /srv there are this environment and a checkout with the course's package and the assignments' sources. The
real checkouts show nothing of theirs there, so that a student on this machine finds checks and answers nowhere else. Needs root.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":  # run as a file: this checkout's package, whichever is installed
    sys.path.insert(0, str(PROJECT))

import ordinary_user  # noqa: E402

from autograder.inside import namespaces  # noqa: E402

CHECKOUT, ENVIRONMENT = Path("/srv/course"), Path("/srv/env")  # as the guide has them
SHOWN = ("autograder", "source", "nbgrader_config.py")
HIDDEN = ("autograder", "source", "tests", ".git")
READY = "ready"


class Machine:
    """Runs commands on such a machine."""

    def __init__(self, holder: int, environment: dict[str, str]) -> None:
        self.holder = holder
        self.environment = environment

    def command(self, *arguments: str | Path, account: str = "") -> list[str]:
        """The command line that runs ``arguments`` there as root, or as an account with its groups, in its home."""
        enter = ["nsenter", f"--mount=/proc/{self.holder}/ns/mnt", "--wd=/"]
        become = ["setpriv", "--reuid", account, "--regid", account, "--init-groups", "--reset-env"] if account else []
        keep = [f"{name}={value}" for name, value in self.environment.items()]
        return [*enter, *become, "env", *keep, *map(str, arguments)]

    def run(self, *arguments: str | Path, account: str = "", folder: str = "/", text: str = "") -> subprocess.CompletedProcess[str]:
        moved = ["sh", "-c", 'cd "$0" && exec "$@"', folder, *arguments]
        command = self.command(*moved, account=account)
        return subprocess.run(command, input=text, capture_output=True, text=True, timeout=600, check=False)

    def do(self, *arguments: str | Path, account: str = "", folder: str = "/", text: str = "") -> str:
        """Runs a command that has to succeed; returns what it printed."""
        done = self.run(*arguments, account=account, folder=folder, text=text)
        assert done.returncode == 0, f"{arguments}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def add(self, *names: str, password: str = "") -> None:
        """Accounts with homes that are closed to others; with a password they can log in."""
        for name in names:
            self.do("useradd", "--create-home", "--user-group", "--shell", "/bin/bash", name)
            self.do("chmod", "700", f"/home/{name}")
            if password:
                self.do("chpasswd", text=f"{name}:{password}\n")


@contextlib.contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """Such a machine, for a test; ``folder`` holds what its copies are mounted from."""
    command = [sys.executable, str(Path(__file__).resolve()), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        try:
            assert holder.stdout.readline().strip() == READY, "the machine can't be made"
            path = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
            yield Machine(holder.pid, {"PATH": path, "PYTHONPATH": str(CHECKOUT), "LANG": "C.UTF-8"})
        finally:
            holder.stdin.close()


# ---- the process that holds the mounts


def main(folder: Path) -> None:
    elsewhere = installed_in()
    ordinary_user.check(ordinary_user.libc.unshare(namespaces.NEW_MOUNTS), "unshare mounts")
    ordinary_user.mount("none", "/", "", namespaces.MS_REC | namespaces.MS_PRIVATE)
    ordinary_user.open_the_way([Path(sys.prefix), Path(sys.base_prefix), PROJECT])
    subprocess.run(["mount", "-o", "remount,size=2g", str(ordinary_user.HOME.parent)], check=True)  # course folders lie there
    copy = folder / "etc"
    subprocess.run(["cp", "--archive", "--no-target-directory", "/etc", copy], check=True)  # owners too
    ordinary_user.mount(str(copy), "/etc", "", ordinary_user.MS_BIND)
    ordinary_user.mount("tmpfs", "/srv", "tmpfs", options="mode=755")
    make_checkout()
    for checkout in {PROJECT, elsewhere}:
        for name in HIDDEN:
            hide(checkout / name, folder)
    print(READY, flush=True)
    sys.stdin.read()


def installed_in() -> Path:
    """The checkout that this environment's own package lies in."""
    asked = [sys.executable, "-c", "import autograder; print(autograder.__path__[0])"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return Path(subprocess.run(asked, cwd="/", env=environment, capture_output=True, text=True, check=True).stdout.strip()).parent


def make_checkout() -> None:
    for name in SHOWN:
        there = PROJECT / name
        if there.is_dir():
            shutil.copytree(there, CHECKOUT / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(there, CHECKOUT / name)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "-j", "2", str(CHECKOUT / "autograder")], check=True
    )  # its users can't write there
    ENVIRONMENT.symlink_to(sys.prefix)


def hide(path: Path, folder: Path) -> None:
    """Puts something empty, which root alone can read, over what lies there."""
    if path.is_dir():
        ordinary_user.mount("tmpfs", str(path), "tmpfs", options="mode=700,size=1m")
    elif path.exists():
        empty = folder / "empty"
        empty.touch(mode=0o600)
        ordinary_user.mount(str(empty), str(path), "", ordinary_user.MS_BIND)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
