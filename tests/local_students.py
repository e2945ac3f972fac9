"""A student whose notebook is a namespace of this process: checks tried without the engine and the sandbox."""

from __future__ import annotations

import os
import socket
from typing import Any

from autograder.checking.student import Student
from autograder.inside.answers import Answerer
from autograder.inside.wire import Channel


def local_student(namespace: dict[str, Any], source: str = "") -> Student:
    """A `Student` over a namespace of this process: forks a child that answers."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            Answerer(namespace, Channel(theirs)).serve()
        finally:
            os._exit(0)
    theirs.close()
    return Student(Channel(ours), source, pid=pid)
