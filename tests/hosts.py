"""Several hosts on this machine: network namespaces joined by a bridge in one of them, of which each can be cut off.

Nothing of the machine's own network is changed: all of it lies in namespaces that are made here and go again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HUB = "10.213.7.1"


@dataclass
class Hosts:
    """The hub and the hosts around it.

    Attributes:
        hub: its namespace.
        names: the others' namespaces.
    """

    hub: str
    names: list[str] = field(default_factory=list)

    def before(self, host: int | None = None) -> list[str]:
        """What a command begins with that runs on a host; on the hub if none is given."""
        return ["ip", "netns", "exec", self.hub if host is None else self.names[host]]

    @staticmethod
    def address(host: int) -> str:
        return f"10.213.7.{host + 2}"

    def cut_off(self, host: int) -> None:
        """Nothing comes or goes any more, and nobody is told: as when a cable is pulled."""
        ip("-n", self.hub, "link", "set", f"to{host}", "down")


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def why_not() -> str:
    """Why this machine has no such hosts; empty if it has."""
    if os.getuid() != 0 or shutil.which("ip") is None:
        return "network namespaces need root and the program `ip`"
    name = f"try-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        return f"no network namespace can be made here: {made.stderr.strip()}"
    pair = subprocess.run(
        ["ip", "-n", name, "link", "add", "veth0", "type", "veth", "peer", "name", "veth1"], capture_output=True, text=True
    )
    bridge = subprocess.run(["ip", "-n", name, "link", "add", "bridge0", "type", "bridge"], capture_output=True, text=True)
    ip("netns", "del", name)
    return "".join(f"no network can be made here: {one.stderr.strip()}" for one in (pair, bridge) if one.returncode)


@contextmanager
def hosts(count: int) -> Iterator[Hosts]:
    """A hub at `HUB` and ``count`` hosts around it, as long as this is active."""
    made = Hosts(f"hub-{os.getpid()}")
    try:
        ip("netns", "add", made.hub)
        ip("-n", made.hub, "link", "set", "lo", "up")
        ip("-n", made.hub, "link", "add", "bridge", "type", "bridge")
        ip("-n", made.hub, "addr", "add", f"{HUB}/24", "dev", "bridge")
        ip("-n", made.hub, "link", "set", "bridge", "up")
        for number in range(count):
            name = f"host{number}-{os.getpid()}"
            ip("netns", "add", name)
            made.names.append(name)
            ip("-n", made.hub, "link", "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("-n", made.hub, "link", "set", f"to{number}", "master", "bridge", "up")
            ip("-n", name, "addr", "add", f"{made.address(number)}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield made
    finally:
        for name in [*made.names, made.hub]:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
