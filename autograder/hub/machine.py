"""The machine's accounts and groups, and what an account can do there, tried out as that account."""

from __future__ import annotations

import grp
import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from autograder.hub.described import FILE, BadHub, Hub, HubCourse
from autograder.places import ROOT

SECONDS = 120
PASSED = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ")


def account(name: str) -> pwd.struct_passwd | None:
    """An account of this machine; None if there is none of that name."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def check_accounts(hub: Hub) -> None:
    """Raises `BadHub` unless all graders and instructors have accounts, and the course folders are their graders' own and closed."""
    for course in hub.courses:
        for name in (course.grader, *course.instructors):
            if account(name) is None:
                raise BadHub(f"{FILE}, courses, {course.name}: there is no account {name} on this machine: `useradd --create-home {name}`")
        _check_folder(course)


def _check_folder(course: HubCourse) -> None:
    owner = account(course.grader)
    if not course.folder.is_dir() or owner is None:
        raise BadHub(f"{course.name}: there is no folder {course.folder}: as {course.grader}, `python -m autograder new {course.folder}`")
    about = course.folder.stat()
    if about.st_uid != owner.pw_uid:
        raise BadHub(f"{course.name}: {course.folder} isn't {course.grader}'s: `chown -R {course.grader}: {course.folder}`")
    if about.st_mode & 0o077:
        mode = about.st_mode & 0o777
        raise BadHub(f"{course.name}: expected {course.folder} to be closed to others, its mode is {mode:04o}: `chmod 700 {course.folder}`")


def ask_course(course: HubCourse) -> dict[str, Any]:
    """What a course folder says of itself, asked as its grader: ``course``, ``exchange`` and ``students``.

    Raises:
        BadHub: it can't be asked.
    """
    command = [sys.executable, "-m", "autograder.hub.asked", str(course.folder)]
    try:
        done = run_as(course.grader, command, folder=course.folder)
        said, failed = (done.stderr.strip().splitlines() or ["no message"])[-1], done.returncode != 0
        answer = None if failed else json.loads((done.stdout.strip().splitlines() or [""])[-1])
    except (subprocess.TimeoutExpired, ValueError) as error:
        said, answer = str(error), None
    if not isinstance(answer, dict) or not _is_answer(answer):
        raise BadHub(f"{course.name}: {course.grader} can't read its settings and its gradebook with {sys.executable}: {said}")
    return answer


def _is_answer(answer: dict[str, Any]) -> bool:
    """Whether this is what `asked` prints: a course's settings are a program, and may print anything."""
    students = answer.get("students")
    return (
        set(answer) == {"course", "exchange", "students"}
        and isinstance(answer["course"], str)
        and isinstance(students, list)
        and all(isinstance(name, str) for name in students)
    )


def check_settings(hub: Hub, course: HubCourse, said: dict[str, Any]) -> None:
    """Raises `BadHub` unless a course folder's settings are those of this hub: nbgrader would look in other places."""
    for name, expected, came in (
        ("CourseDirectory.course_id", course.name, said["course"]),
        ("Exchange.root", str(hub.exchange), said["exchange"]),
    ):
        if came != expected:
            file = course.folder / "nbgrader_config.py"
            raise BadHub(f'{course.name}: expected the line `c.{name} = "{expected}"` in {file}, where it is now "{came}"')


def run_as(name: str, command: Sequence[str], folder: Path = Path("/")) -> subprocess.CompletedProcess[str]:
    """Runs a command as an account of this machine, with its groups and its home."""
    entry = pwd.getpwnam(name)
    passed = {key: value for key, value in os.environ.items() if key in PASSED}  # root's environment is nobody else's business
    environment = passed | {"HOME": entry.pw_dir, "USER": name, "LOGNAME": name}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=os.getgrouplist(name, entry.pw_gid),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


# ---- groups


def bring_group(name: str, members: Iterable[str]) -> list[str]:
    """Makes a group of the machine if there is none, with these members and no others; returns what changed, a line each.

    Raises:
        BadHub: the group can't be made or changed.
    """
    wanted, said = set(members), []
    try:
        there = set(grp.getgrnam(name).gr_mem)
    except KeyError:
        _change("groupadd", "--system", name)
        there = set()
        said.append(f"group {name}: made")
    if wanted != there:
        _change("gpasswd", "--members", ",".join(sorted(wanted)), name)
        gone, come = sorted(there - wanted), sorted(wanted - there)
        said += [f"group {name}: {word} {', '.join(names)}" for word, names in (("in it now", come), ("no longer in it", gone)) if names]
    return said


def _change(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadHub(f"`{' '.join(command)}` failed: {done.stderr.strip() or done.returncode}")


# ---- who can read what


def readable(name: str, paths: Iterable[Path]) -> list[Path]:
    """Those of some paths that an account can read, whatever makes it so: modes, groups or access lists."""
    script = 'for path; do test -r "$path" && printf "%s\\0" "$path"; done; true'
    done = run_as(name, ["/bin/sh", "-c", script, "sh", *map(str, paths)])
    return [Path(text) for text in done.stdout.split("\0") if text]


def secrets() -> list[Path]:
    """Where this checkout holds hidden checks, answers and graded solutions; nobody who is graded may read there."""
    places = [ROOT / "autograder" / "checks", ROOT / "autograder" / "reference", *(ROOT / name for name in ("source", "tests", ".git"))]
    return [place for place in places if place.exists()]
