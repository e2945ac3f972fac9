"""Why grading doesn't work on a machine, found by looking at the machine, and what mends that cause.

Each cause is told as its first line says it, then what to do about it, a line each. Nothing is guessed: what the evidence
doesn't name is told in the words of the program that failed.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import re
import resource
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.sandbox.probe import Refusal, refusal
from autograder.settings import CONTAINERS, Settings

APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
UBUNTU_PROFILE = Path("/etc/apparmor.d/bwrap-userns-restrict")
OPEN_CONTAINER = (
    "in a container: start it with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined` (Docker) or "
    "`--security-opt seccomp=unconfined --security-opt unmask=ALL` (Podman)"
)
OUTSIDE = "or grade outside the container"
KEEP = "to keep that, write `{0} = {1}` into a file in /etc/sysctl.d"
GRADER_FILES = 32  # that the grader itself opens, besides two for each submission at work
KIB = " KiB"
PROGRAM_BYTES = 4 << 30  # of addresses, which libraries ask for and never use
KILLED = ("exit status 137", "exit status -9")


def explain(said: str, settings: Settings) -> str:
    """The cause of what failed and what to do, a line each; ``said`` itself where the machine shows no cause.

    Args:
        said: what failed, in the words of the program that failed.
        settings: level and limits it failed at.
    """
    looks: list[Callable[[str], list[str] | None]] = [memory, temporary_folder]
    if settings.sandbox in CONTAINERS:
        looks += [container_program, root_outside]
    elif settings.sandbox == "bubblewrap":
        looks += [closed_folder, kernel, ubuntu_profile]
    found = next(filter(None, (look(said) for look in looks)), None)
    return "\n".join([*found, f"(what failed: {said})"]) if found else said


# ---- limits, known before anything is tried


@dataclass(frozen=True)
class Limit:
    """A limit that a shell or a service can set: its name in `resource`, in ``ulimit`` and in words, and what it bounds of ours."""

    name: str
    option: str
    what: str
    setting: str
    unit: str = ""

    @property
    def scale(self) -> int:
        """How many of the system's units make one that ``ulimit`` counts in."""
        return 1024 if self.unit == KIB else 1

    def needed(self, settings: Settings) -> tuple[int, int]:
        """The least soft and hard limit: the hard one bounds a submission, the soft one the grader too."""
        value = math.ceil(getattr(settings, self.setting)) * (1 << 20 if self.unit == KIB else 1)
        value += PROGRAM_BYTES if self.name == "AS" else 0
        if self.name == "NOFILE":
            return GRADER_FILES + 2 * settings.worker_count, value
        return value + (processes_of_this_user() if self.name == "NPROC" else 0), value


LIMITS = (
    Limit("NOFILE", "n", "open files", "open_files"),
    Limit("NPROC", "u", "processes", "processes"),
    Limit("FSIZE", "f", "the size of files", "file_mb", KIB),
    Limit("DATA", "d", "data in memory", "memory_mb", KIB),
    Limit("AS", "v", "memory", "memory_mb", KIB),
    Limit("CPU", "t", "processor time", "notebook_seconds", " s"),
)


def lift_limits(settings: Settings) -> None:
    """Raises this process's own limits to what grading needs, as far as the hard ones allow it."""
    for limit in LIMITS:
        number, need = getattr(resource, f"RLIMIT_{limit.name}"), max(limit.needed(settings))
        soft, hard = resource.getrlimit(number)
        if soft != resource.RLIM_INFINITY and soft < need:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(number, (need if hard == resource.RLIM_INFINITY else min(need, hard), hard))


def too_small_limit(settings: Settings) -> str | None:
    """A limit of this process that is below what the settings promise to every submission, and what to do; None if all are enough."""
    for limit in LIMITS:
        present, needed = resource.getrlimit(getattr(resource, f"RLIMIT_{limit.name}")), limit.needed(settings)
        short = [bound for bound, least in zip(present, needed, strict=True) if bound != resource.RLIM_INFINITY and bound < least]
        if short:
            have, need = min(short) // limit.scale, max(needed) // limit.scale
            return (
                f"the limit on {limit.what} (`ulimit -{limit.option}`) is {have:,}{limit.unit}, grading needs at least "
                f"{need:,}{limit.unit}: a submission may have c.Grade.{limit.setting} = {getattr(settings, limit.setting)}\n"
                f"raise it: `ulimit -{limit.option} {need}` before the command, or where it is set (/etc/security/limits.conf, "
                f"Limit{limit.name}= in the unit of a service); or lower c.Grade.{limit.setting}"
            )
    return None


def processes_of_this_user() -> int:
    """Processes and threads that count towards this user's limit; those of root count for nothing."""
    if os.getuid() == 0:
        return 0
    found = psutil.process_iter(["uids", "num_threads"])
    return sum(process.info["num_threads"] or 1 for process in found if process.info["uids"] and process.info["uids"].real == os.getuid())


# ---- what the machine lacks


def memory(said: str) -> list[str] | None:
    """The system had no memory left for it."""
    if not any(sign in said for sign in ("Cannot allocate memory", "MemoryError", *KILLED)):
        return None
    free, most = psutil.virtual_memory().available >> 20, container_memory_mb()
    bound = f", and this container may have {most:,} MiB in all" if most is not None else ""
    return [
        f"too little memory: {free:,} MiB are free{bound}",
        "close other programs, or give the machine or the container more; set c.Grade.workers = 1 to grade one submission at a time",
    ]


def container_memory_mb() -> int | None:
    """The memory that the control group of this process may have, None if nothing is said."""
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = _read(Path(name))
        if text.isdecimal() and int(text) < psutil.virtual_memory().total:
            return int(text) >> 20
    return None


def temporary_folder(said: str) -> list[str] | None:
    if "No usable temporary directory" not in said:
        return None
    return ["there is no folder for temporary files that you can write", "name one in the variable TMPDIR: `export TMPDIR=~/tmp`"]


def closed_folder(said: str) -> list[str] | None:
    """A folder that has to be shown can't be entered by the user who starts bubblewrap."""
    found = re.search(r"Can't find source path (.+): Permission denied", said)
    if found is None:
        return None
    who = "in a container, bubblewrap isn't started by root but by a user without rights, who" if os.getuid() == 0 else "you"
    return [
        f"{who} can't enter a folder above {found[1]}",
        "put the environment and the checkout where everybody can read them, such as below /opt, or grade as the user who owns them",
    ]


def container_program(said: str) -> list[str] | None:
    """Whether this user may use the daemon."""
    if "permission denied" not in said.lower() or "docker" not in said or "daemon" not in said:
        return None
    return [
        "you may not use Docker's daemon",
        "whoever may is as good as root on this machine: ask for another level, or for the group `docker`",
    ]


def root_outside(said: str) -> list[str] | None:
    """The container's user 0 is that of the machine, as Podman has it whom a root with few capabilities starts."""
    if "write the kernel's settings" not in said:
        return None
    return [
        "students' code would be root outside of the container, and could write the kernel's settings",
        "grade as an ordinary user, or with bubblewrap",
    ]


# ---- what the kernel refuses


def kernel(said: str) -> list[str] | None:
    """Why the kernel refuses what bubblewrap and the warm process ask of it, tried out."""
    refused = refusal()
    if refused is None:
        return None
    number, step = refused.number, refused.step
    if step == "filter":
        return ["this kernel has no filters of system calls (seccomp)", "grade on a machine whose kernel has CONFIG_SECCOMP_FILTER"]
    if number == errno.ENOSPC:
        return _too_few_namespaces()
    if step == "proc":
        return _masked_proc()
    if number in (errno.EINVAL, errno.ENOSYS):
        return ["this kernel has no user namespaces", "grade on a machine whose kernel has CONFIG_USER_NS"]
    if number in (errno.EPERM, errno.EACCES):
        return _not_permitted(refused)
    return [f"the kernel refuses namespaces ({step}: {os.strerror(number)})"]


def _too_few_namespaces() -> list[str]:
    """A limit on namespaces is reached: one that was set to nothing, or one of those that programs use up."""
    limits = {path.name: int(_read(path) or 0) for path in Path("/proc/sys/user").glob("max_*_namespaces")}
    off = [f"user.{name}" for name, value in sorted(limits.items()) if value == 0]
    if not off:
        return ["too many namespaces are in use: a limit in /proc/sys/user is reached", "end programs that make them, or raise the limit"]
    kind = "user namespaces are" if off == ["user.max_user_namespaces"] else "namespaces are"
    return [
        f"{kind} switched off on this machine ({', '.join(f'{name} is 0' for name in off)})",
        *(f"allow them: `sudo sysctl -w {name}=10000`; {KEEP.format(name, 10000)}" for name in off),
    ]


def _masked_proc() -> list[str]:
    masks = [place for place in mounted() if place.startswith("/proc/")]
    if not masks:
        return ["the kernel refuses a /proc of its own to a submission"]
    return [
        f"parts of /proc are hidden here, as containers have it ({', '.join(sorted(masks)[:3])} …): "
        "so the kernel refuses a submission a /proc of its own",
        OPEN_CONTAINER + _apparmor_option(),
        OUTSIDE,
    ]


def _not_permitted(refused: Refusal) -> list[str]:
    """Who doesn't permit namespaces; by their errors a filter and the kernel's own rule say EPERM to the first step, AppArmor doesn't."""
    at_once = refused.step == "users" and refused.number == errno.EPERM
    if at_once and "/" not in mounted():
        return ["this is a chroot, in which the kernel refuses user namespaces", "grade outside it, or enter it with `systemd-nspawn`"]
    if at_once and sysctl("kernel.unprivileged_userns_clone") == "0":
        name = "kernel.unprivileged_userns_clone"
        return [
            f"only root may make user namespaces on this machine ({name} is 0)",
            f"allow them: `sudo sysctl -w {name}=1`; {KEEP.format(name, 1)}",
        ]
    if sysctl(APPARMOR) == "1" and os.getuid() != 0 and not at_once:
        return apparmor_lines()
    if own_status("Seccomp") == "2":
        return _filtered(refused.step)
    return [f"the kernel refuses namespaces ({refused.step}: {os.strerror(refused.number)}), and doesn't tell why"]


def _filtered(step: str) -> list[str]:
    what = "a host name of its own" if step == "host" else "namespaces"
    who = ", and this is a root without CAP_SYS_ADMIN" if os.getuid() == 0 else ""
    return [
        f"a filter of system calls refuses {what} to this process, as a container's does{who}",
        OPEN_CONTAINER + _apparmor_option(),
        OUTSIDE,
        "in a service of systemd: leave RestrictNamespaces= and SystemCallFilter= out of its unit",
    ]


def apparmor_lines() -> list[str]:
    """Ubuntu's restriction, and the two ways to lift it."""
    program = shutil.which("bwrap") or "/usr/bin/bwrap"
    lines = [f"AppArmor refuses bubblewrap the rights in its user namespace ({APPARMOR} is 1: Ubuntu's rule since 23.10)"]
    if UBUNTU_PROFILE.exists():
        lines += [f"Ubuntu's own profile {UBUNTU_PROFILE} doesn't help: it takes all rights from what bubblewrap starts; first"]
        lines += [f"    sudo ln -s {UBUNTU_PROFILE} /etc/apparmor.d/disable/ && sudo apparmor_parser -R {UBUNTU_PROFILE}"]
    return [
        *lines,
        "safer: allow it to bubblewrap alone. Write into /etc/apparmor.d/bwrap",
        "    abi <abi/4.0>,",
        "    include <tunables/global>",
        f"    profile bwrap {os.path.realpath(program)} flags=(unconfined) {{",
        "      userns,",
        "      include if exists <local/bwrap>",
        "    }",
        "then `sudo systemctl reload apparmor`",
        f"or allow it to every program: `sudo sysctl -w {APPARMOR}=0`; {KEEP.format(APPARMOR, 0)}",
    ]


def ubuntu_profile(said: str) -> list[str] | None:
    """Bubblewrap starts, but a profile takes the rights from what it starts."""
    inside = "bwrap:" not in said and "Operation not permitted" in said
    return apparmor_lines() if inside and UBUNTU_PROFILE.exists() and sysctl(APPARMOR) is not None else None


# ---- looking


def mounted() -> set[str]:
    """Where something is mounted, as this process sees it."""
    return {line.split()[4] for line in _read(Path("/proc/self/mountinfo")).splitlines()}


def _apparmor_option() -> str:
    profile = _read(Path("/proc/self/attr/current"))
    return ", and `--security-opt apparmor=unconfined`" if profile.endswith("(enforce)") else ""


def sysctl(name: str) -> str | None:
    path = Path("/proc/sys", *name.split("."))
    return _read(path) if path.exists() else None


def own_status(key: str) -> str:
    lines = dict(line.split(":", 1) for line in _read(Path("/proc/self/status")).splitlines() if ":" in line)
    return lines.get(key, "").strip()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip("\0\n ")
    except OSError:
        return ""
