"""A filter of system calls for student code: what no notebook needs and an escape could use is refused.

A namespace doesn't shut in everything: sockets of some families, kernel keyrings, io_uring, memory that belongs to no
process, namespaces of one's own. Locks and watches on the read-only files that all submissions see would let two of them
talk: watches are refused, and locks, which a submission alone with its files doesn't need, seem to be had. Buffers of
sockets keep their size, so that their number tells what they take. The filter is a program in the kernel's packet filter
language (``man 2 seccomp``), built for the two machine types that torch has Linux wheels for.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW… flag of clone()
SOCKET_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
# Names with their numbers on x86_64 and aarch64; -1 where there is none.
CLONE, CLONE3, SOCKET = (56, 220), (435, 435), (41, 198)
FLOCK, FCNTL, SETSOCKOPT = (73, 32), (72, 25), (54, 208)
LOCKING = (6, 7, 37, 38)  # F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
WATCHING = (1024, 1026)  # F_SETLEASE, F_NOTIFY
SOL_SOCKET = 1
BUFFER_SIZES = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and the same by force
# Whoever has the same user number may change these of another process; the keeper of a submission has, where the grader is no root.
KEEPER = 1
OF_A_PROCESS = {
    "prlimit64": (302, 261), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
}  # fmt: skip
OF_A_KIND = {"setpriority": ((141, 140), 0), "ioprio_set": ((251, 30), 1)}  # with what they call a process, not a group or a user
REFUSED = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "open_by_handle_at": (304, 265),
    "inotify_init": (253, -1), "inotify_init1": (294, 26), "fanotify_init": (300, 262), "personality": (135, 92), "modify_ldt": (154, -1),
}  # fmt: skip

_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 24, 32  # offsets in struct seccomp_data
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def program(machine: str) -> bytes:
    """The filter for ``machine`` as instructions of eight bytes each.

    Raises:
        KeyError: no filter is known for this type of machine.
    """
    audit, column = AUDIT[machine], list(AUDIT).index(machine)
    refuse = _step(_RETURN, _ERROR | errno.EPERM)
    steps = [_step(_LOAD, _MACHINE), _step(_EQUAL, audit, 1, 0), _step(_RETURN, _KILL), _step(_LOAD, _NUMBER)]
    if machine == "x86_64":
        steps += [_step(_AT_LEAST, X32_BIT, 0, 1), refuse]
    for numbers in REFUSED.values():
        steps += [_step(_EQUAL, numbers[column], 0, 1), refuse] if numbers[column] >= 0 else []
    # clone3 hides its flags behind a pointer: the C library falls back to clone when there is none.
    steps += [_step(_EQUAL, CLONE3[column], 0, 1), _step(_RETURN, _ERROR | errno.ENOSYS)]
    flags = [_step(_LOAD, _FIRST_ARGUMENT), _step(_AND, NEW_NAMESPACES), _step(_EQUAL, 0, 1, 0), refuse, _step(_RETURN, _ALLOW)]
    steps += _only(CLONE[column], flags)
    done = _step(_RETURN, _ERROR)  # the call returns 0 and does nothing
    steps += [_step(_EQUAL, FLOCK[column], 0, 1), done]
    commands = [*_answer(LOCKING, done), *_answer(WATCHING, refuse)]
    steps += _only(FCNTL[column], [_step(_LOAD, _SECOND_ARGUMENT), *commands, _step(_RETURN, _ALLOW)])
    options = [_step(_LOAD, _THIRD_ARGUMENT), *_answer(BUFFER_SIZES, done), _step(_RETURN, _ALLOW)]
    level = [_step(_LOAD, _SECOND_ARGUMENT), _step(_EQUAL, SOL_SOCKET, 1, 0), _step(_RETURN, _ALLOW)]
    steps += _only(SETSOCKOPT[column], [*level, *options])
    allow = _step(_RETURN, _ALLOW)
    for numbers in OF_A_PROCESS.values():
        steps += _only(numbers[column], [_step(_LOAD, _FIRST_ARGUMENT), *_answer((KEEPER,), refuse), allow])
    for numbers, process in OF_A_KIND.values():
        kind = [_step(_LOAD, _FIRST_ARGUMENT), _step(_EQUAL, process, 1, 0), refuse]
        steps += _only(numbers[column], [*kind, _step(_LOAD, _SECOND_ARGUMENT), *_answer((KEEPER,), refuse), allow])
    families = [_step(_EQUAL, family, len(SOCKET_FAMILIES) - place, 0) for place, family in enumerate(SOCKET_FAMILIES)]
    steps += _only(SOCKET[column], [_step(_LOAD, _FIRST_ARGUMENT), *families, _step(_RETURN, _ERROR | errno.EAFNOSUPPORT)])
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def _only(number: int, steps: list[bytes]) -> list[bytes]:
    """``steps`` for the call of that number; they end with an answer, others go on behind them."""
    return [_step(_EQUAL, number, 0, len(steps)), *steps]


def _answer(values: tuple[int, ...], answer: bytes) -> list[bytes]:
    """``answer`` where what is loaded is one of ``values``."""
    return [step for value in values for step in (_step(_EQUAL, value, 0, 1), answer)]


def install() -> None:
    """Puts the filter on this process and all it will start; needs ``no_new_privs``. No way back.

    Raises:
        OSError: the kernel refuses it.
        KeyError: as `program`.
    """
    code = program(platform.machine())
    buffer = ctypes.create_string_buffer(code, len(code))

    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    header = Filter(len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(header), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")
