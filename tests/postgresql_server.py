"""A PostgreSQL server of Debian's package, started for a test and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), default=Path("/usr/lib/postgresql"))
MISSING = "" if (PROGRAMS / "initdb").exists() else "PostgreSQL's server isn't installed (Debian's package postgresql)"


def unprivileged() -> dict[str, Any]:
    """How to start a process with few rights: PostgreSQL refuses to be root."""
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database on a server that hears one socket in a private folder and no network."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket may have some 100 characters
    rights = unprivileged()
    if rights:
        os.chown(folder, rights["user"], rights["group"])

    def call(program: str, *arguments: str) -> None:
        command = [PROGRAMS / program, *arguments]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **rights)
        assert done.returncode == 0, done.stdout

    call("initdb", "-D", f"{folder}/data", "-U", "teacher", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    command = [PROGRAMS / "postgres", "-D", f"{folder}/data", "-k", folder, "-F", "-c", "listen_addresses="]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **rights)
    try:
        end = time.monotonic() + 60
        while subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", folder], check=False).returncode:
            assert server.poll() is None and time.monotonic() < end, (folder / "log").read_text("utf-8", "replace")
            time.sleep(0.1)
        call("createdb", "-h", str(folder), "-U", "teacher", "gradebook")
        yield f"postgresql+psycopg2://teacher@/gradebook?host={folder}"
    finally:
        server.terminate()
        server.wait(timeout=60)
        shutil.rmtree(folder)
