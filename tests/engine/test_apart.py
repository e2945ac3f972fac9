"""Two submissions that run at the same moment have nothing in common that one could write and the other read."""

from __future__ import annotations

import pytest
from attack_sources import SOURCES

from autograder.inside import seccomp

pytestmark = pytest.mark.usefixtures("sealed")

SPEAKER = """
import ctypes, fcntl, os, pty, struct, time
shared = [open(os.path.realpath(path), "rb") for path in ("/usr/bin/env", os.__file__, "/dev/null")]
for file in shared:
    fcntl.flock(file, fcntl.LOCK_EX)
    fcntl.lockf(file, fcntl.LOCK_SH)
    fcntl.fcntl(file, 37, struct.pack("hhqqi", fcntl.F_RDLCK, 0, 0, 0, 0))  # F_OFD_SETLK
master, slave = pty.openpty()
os.write(master, b"message")
time.sleep(1.2)
"""
LISTENER = """
import ctypes, fcntl, os, struct, time
time.sleep(0.6)
heard = []
for path in ("/usr/bin/env", os.__file__, "/dev/null"):
    with open(os.path.realpath(path), "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            heard.append(f"flock {path} {error}")
        held = fcntl.fcntl(file, fcntl.F_GETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
        if struct.unpack("hhqqi", held)[0] != fcntl.F_UNLCK:
            heard.append(f"lock of {path}")
heard += [f"terminal {name}" for name in os.listdir("/dev/pts") if name != "ptmx"]
heard += list(open("/proc/locks"))
print(heard)
"""


def test_locks_and_terminals_carry_no_message(grader) -> None:
    numbers = [grader.engine.submit(grader.job(source, student=name)) for name, source in (("ada", SPEAKER), ("bob", LISTENER))]
    spoken, heard = (grader.engine.result(number).cells[0].outputs for number in numbers)
    assert spoken == []
    assert [output["text"] for output in heard] == ["[]\n"]


@pytest.mark.parametrize(
    "watch",
    ["libc.inotify_init1(0)", "libc.fcntl(file.fileno(), 1024, 1)", "libc.fcntl(file.fileno(), 1026, 1)", "libc.fanotify_init(0, 0)"],
)
def test_files_that_all_see_cant_be_watched(grader, watch: str) -> None:
    source = f"import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nfile = open(os.__file__)\nprint({watch}, ctypes.get_errno())"
    assert grader.grade(source).cells[0].outputs[0]["text"] == "-1 1\n"


def test_what_honest_code_locks_and_sets_still_works(grader) -> None:
    source = """
import fcntl, multiprocessing, os, pty, socket, sqlite3, subprocess, tempfile
with sqlite3.connect("marks.db") as database:
    database.execute("create table marks (points)")
    database.execute("insert into marks values (90)")
with tempfile.NamedTemporaryFile() as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    fcntl.lockf(file, fcntl.LOCK_EX)
    flags = fcntl.fcntl(file, fcntl.F_GETFD)
one, other = socket.socketpair()
one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
master, slave = pty.openpty()
os.write(master, b"typed\\n")
with multiprocessing.get_context("fork").Pool(2) as pool:
    squares = pool.map(abs, [-1, 2])
said = subprocess.run(["script", "-qec", "echo heard", "/dev/null"], capture_output=True, text=True).stdout.strip()
print(database.execute("select points from marks").fetchall(), flags, os.read(slave, 9), squares, said, one.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
"""
    assert grader.grade(source).cells[0].outputs[0]["text"] == "[(90,)] 1 b'typed\\n' [1, 2] heard 1\n"


@pytest.mark.parametrize("machine", seccomp.AUDIT)
def test_every_jump_of_the_filter_stays_in_it(machine: str) -> None:
    """The kernel refuses a program that runs out of its end; this machine's kernel can only be asked about its own."""
    code = seccomp.program(machine)
    steps = [(code[i], code[i + 2], code[i + 3]) for i in range(0, len(code), 8)]
    for place, (kind, if_true, if_false) in enumerate(steps):
        assert place + 1 + max(if_true, if_false) < len(steps) or kind == 0x06
    assert steps[-1][0] == 0x06 and len(steps) < 4096


# ---- memory that belongs to no process

((_, SOCKETS),) = SOURCES["memory_in_sockets"].cells
FULL = "except BlockingIOError:\n                    "


@pytest.mark.parametrize("closes", ["pass", "held.pop().close()"], ids=["both ends open", "the sender gone"])
def test_what_sockets_hold_counts(grader, closes: str) -> None:
    assert f"{FULL}pass" in SOCKETS
    note = grader.grade(SOCKETS.replace(f"{FULL}pass", FULL + closes)).cells[0].note
    assert "over the memory limit of 900 MiB" in note


def test_tables_of_pages_count(grader) -> None:
    """A page of zeros is shared by all that read it; the tables that lead to it are not."""
    source = """
import ctypes, mmap
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
size = 1 << 40
start = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, -1, 0)
libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), 15)  # no huge pages
import numpy as np
memory = np.frombuffer((ctypes.c_byte * size).from_address(start), np.int8)
print("all read", memory[:: 1 << 21].sum())
import time
time.sleep(60)
"""
    result = grader.grade(source).cells[0]
    assert "over the memory limit of 900 MiB" in result.note, result


def test_signals_that_wait_are_few(grader) -> None:
    source = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
import ctypes
libc, sent = ctypes.CDLL(None, use_errno=True), 0
while sent < 100_000 and libc.sigqueue(os.getpid(), int(signal.SIGRTMIN), 0) == 0:
    sent += 1
print(sent)
"""
    assert 0 < int(grader.grade(source).cells[0].outputs[0]["text"]) <= 1024
