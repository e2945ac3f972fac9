"""Grading tried out: as root, as an ordinary user, in containers, under limits, and what is said where it doesn't work."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import ordinary_user
import pytest

from autograder.authoring import course, doctor
from autograder.inside.wire import WireClosed
from autograder.jobs.fate import MachineFailed
from autograder.judge import self_test
from autograder.judge.execution import StudentProcess
from autograder.sandbox import causes
from autograder.sandbox.probe import Refusal, refusal
from autograder.sandbox.warm import Sandbox
from autograder.settings import LEVELS, Settings

INSTALLED = "apt install bubblewrap"
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become others")


def ask_doctor(folder: Path, kind: str = "", shell: str = "", **environment: str) -> tuple[str, int]:
    """What ``doctor`` prints as that kind of user, without an activated environment, and its exit status."""
    command = [sys.executable, "-m", "autograder", "doctor"]
    if shell:
        command = ["bash", "-c", f'{shell}; exec "$@"', "bash", *command]
    if kind:
        command = ordinary_user.command(kind, folder, *command)
    plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(course.ROOT), "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=plain | environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    return done.stdout, done.returncode


def paragraph(told: str, title: str) -> str:
    """The lines of one part of what doctor prints: its own, and those below it that go on."""
    lines = told.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(title))
    after = [line.startswith(" ") for line in lines[first + 1 :]] + [False]
    return "\n".join(lines[first : first + 1 + after.index(False)])


# ---- doctor, as whoever asks


@needs_root
@pytest.mark.usefixtures("sealed")
def test_root_is_told_that_grading_works_and_had_better_not_be_done_by_root(tmp_path):
    told, status = ask_doctor(tmp_path)
    assert status == 0
    assert "bubblewrap: works (the level that is set)" in paragraph(told, "sandbox")
    assert "you are root" in told and "need not be root" in told


@needs_root
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("kind", ["ordinary", "open-container"])
def test_grading_works_for_others_than_root(tmp_path, kind):
    told, status = ask_doctor(tmp_path, kind)
    assert "bubblewrap: works (the level that is set)" in paragraph(told, "sandbox")
    assert "process: works" in told and status == 0
    assert ("you are root" in told) == (kind == "open-container")


@needs_root
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("kind", "cause", "mend"),
    [
        ("no-namespaces", "switched off on this machine (user.max_user_namespaces is 0)", "sysctl -w user.max_user_namespaces="),
        ("container", "parts of /proc are hidden here, as containers have it", "--security-opt systempaths=unconfined"),
        ("closed-container", "a filter of system calls refuses namespaces to this process", "--security-opt seccomp=unconfined"),
    ],
)
def test_what_keeps_bubblewrap_from_working_is_named_with_its_own_mend(tmp_path, kind, cause, mend):
    told, status = ask_doctor(tmp_path, kind)
    about = paragraph(told, "sandbox")
    assert f"bubblewrap: {cause}" in about.replace("user namespaces are ", "") and mend in about
    assert INSTALLED not in told
    assert "process: works" in about and status == 1


def test_without_bubblewrap_it_says_how_to_install_it(tmp_path):
    told, status = ask_doctor(tmp_path, PATH=str(tmp_path))
    assert "bubblewrap: bubblewrap is not installed" in told and INSTALLED in told
    assert "podman: podman is not installed" in told and "docker: docker is not installed" in told
    assert "process: works" in told and status == 1


def test_too_few_open_files_are_named_at_every_level(tmp_path):
    told, status = ask_doctor(tmp_path, shell="ulimit -n 20")
    assert told.count("the limit on open files (`ulimit -n`) is 20, grading needs at least 512") == len(LEVELS)
    assert "raise it: `ulimit -n 512`" in told and INSTALLED not in told and status == 1


def test_the_level_of_the_course_folder_decides(tmp_path):
    (tmp_path / doctor.CONFIGURATION).write_text('c = get_config()\nc.Grade.sandbox = "process"\nc.Grade.open_files = 64\n')
    told, status = ask_doctor(tmp_path, PATH=str(tmp_path))
    assert "process: works (the level that is set; it doesn't shut in" in paragraph(told, "sandbox")
    assert INSTALLED in told and status == 0


@pytest.mark.parametrize("line", ["c.Grade.sandbox = 'bubblewarp'", "c.Grade.worker = 2", "import nothing_of_this_name"])
def test_settings_that_cant_be_used_are_named(tmp_path, line):
    (tmp_path / doctor.CONFIGURATION).write_text(f"c = get_config()\n{line}\n")
    settings, wrong = doctor.configured(tmp_path)
    assert settings == Settings() and doctor.CONFIGURATION in wrong
    assert line.split(" = ")[-1].removeprefix("import ").strip("'2") in wrong


def test_what_can_stand_in_for_bubblewrap_is_named(monkeypatch, tmp_path):
    found = {"bubblewrap": "bubblewrap is not installed\ninstall it", "docker": "docker: no daemon", "podman": None, "process": None}
    monkeypatch.setattr(doctor, "problem", lambda settings, imports: found[settings.sandbox])
    monkeypatch.chdir(tmp_path)
    lines, works = doctor.report()
    about = paragraph("\n".join(lines), "sandbox")
    assert 'podman: works (c.Grade.sandbox = "podman")' in about and "docker: no daemon" in about and "  install it" in about
    assert not works


# ---- the self-test


@pytest.mark.parametrize("level", LEVELS)
def test_a_running_sandbox_can_be_tried_and_used_afterwards(level):
    if found := self_test.problem(Settings(level)):
        pytest.skip(found.splitlines()[0])
    sandbox = Sandbox(Settings(level), ["json"])
    try:
        sandbox.wait_until_ready()
        assert [self_test.problem_of(sandbox, Settings(level)) for _ in range(2)] == [None, None]
        process = StudentProcess(sandbox, Settings(level))
        process.start({})
        process.close()
    finally:
        sandbox.close()


def test_limits_of_a_class_that_are_short_dont_fail_the_self_test():
    assert self_test.problem(Settings("process", cell_seconds=0.1, notebook_seconds=0.1)) is None


class Broken:
    """Stand-ins for parts of a sandbox that fail as such parts have failed."""

    @staticmethod
    def gone(*_: object, **__: object) -> None:
        raise WireClosed("the other side closed the connection")

    @staticmethod
    def failed(*_: object, **__: object) -> None:
        raise MachineFailed("the other side closed the connection")

    @staticmethod
    def wrong_value(*_: object) -> list:
        return ["something else"]


@pytest.mark.parametrize(
    ("part", "stand_in", "told"),
    [
        ("autograder.judge.self_test.StudentProcess.start", Broken.failed, "a submission's processes don't start: the other side closed"),
        ("autograder.judge.execution.copy_of", Broken.gone, "the frozen state after a cell can't be copied: the other side closed"),
        ("autograder.checking.student.Student.value", Broken.wrong_value, "a cell gave a wrong value: \\['something else'\\] instead of"),
    ],
)
def test_each_step_that_fails_is_named(monkeypatch, part, stand_in, told):
    monkeypatch.setattr(part, stand_in)
    assert re.match(told, self_test.problem(Settings("process")))


def test_a_warm_process_that_is_gone_is_a_problem():
    sandbox = Sandbox(Settings("process"), ["json"])
    sandbox.wait_until_ready()
    sandbox.process.kill()
    sandbox.process.wait()
    assert "a submission's processes don't start" in self_test.problem_of(sandbox, Settings("process"))
    sandbox.close()


@pytest.mark.usefixtures("sealed")
def test_a_submission_that_cant_lay_down_its_rights_says_why(monkeypatch, tmp_path):
    """What the warm process complains of is told, as when it may not come back to its own namespace."""
    folder = tmp_path / "inside"
    folder.mkdir()
    for file in (course.ROOT / "autograder" / "inside").glob("*.py"):
        text = file.read_text("utf-8")
        if file.name == "namespaces.py":
            text = text.replace("_check(_libc.setns(own, NEW_PROCESSES)", "ctypes.set_errno(1); _check(-1")
        (folder / file.name).write_text(text, "utf-8")
    monkeypatch.setattr("autograder.sandbox.bubblewrap.INSIDE", folder)
    found = self_test.problem(Settings())
    assert "own process ids: Operation not permitted" in found
    assert INSTALLED not in found


# ---- causes


def test_the_kernel_refuses_nothing_where_bubblewrap_works(sealed):
    assert refusal() is None


@pytest.mark.parametrize(
    ("refused", "machine", "cause", "mend"),
    [
        (
            Refusal("users", errno.EPERM),
            {"kernel.unprivileged_userns_clone": "0"},
            "unprivileged_userns_clone is 0",
            "unprivileged_userns_clone=1",
        ),
        (Refusal("users", errno.EACCES), {causes.APPARMOR: "1"}, "AppArmor refuses", "profile bwrap /usr/bin/bwrap flags=(unconfined) {"),
        (Refusal("map", errno.EACCES), {causes.APPARMOR: "1"}, "AppArmor refuses", "systemctl reload apparmor"),
        (Refusal("namespaces", errno.EPERM), {causes.APPARMOR: "1"}, "AppArmor refuses", f"sysctl -w {causes.APPARMOR}=0"),
        (Refusal("users", errno.EPERM), {causes.APPARMOR: "1", "Seccomp": "2"}, "a filter of system calls", "seccomp=unconfined"),
        (Refusal("host", errno.EPERM), {"Seccomp": "2"}, "a filter of system calls refuses a host name of its own", "seccomp=unconfined"),
        (Refusal("users", errno.EINVAL), {}, "this kernel has no user namespaces", "CONFIG_USER_NS"),
        (Refusal("filter", errno.EINVAL), {}, "this kernel has no filters of system calls (seccomp)", "CONFIG_SECCOMP_FILTER"),
        (Refusal("users", errno.EPERM), {"mounts": ["/proc"]}, "this is a chroot", "systemd-nspawn"),
        (Refusal("proc", errno.EPERM), {"mounts": ["/", "/proc", "/proc/kcore"]}, "parts of /proc are hidden here", "unmask=ALL"),
        (Refusal("users", errno.EPERM), {}, "and doesn't tell why", "Operation not permitted"),
    ],
)
def test_every_refusal_of_a_kernel_has_its_cause_and_mend(monkeypatch, refused, machine, cause, mend):
    """As these machines answer; this one can't be made to."""
    monkeypatch.setattr(causes, "refusal", lambda: refused)
    monkeypatch.setattr(causes, "sysctl", machine.get)
    monkeypatch.setattr(causes, "own_status", lambda key: machine.get(key, "0"))
    monkeypatch.setattr(causes, "mounted", lambda: set(machine.get("mounts", ["/", "/proc"])))
    monkeypatch.setattr(causes.os, "getuid", lambda: 1000)
    monkeypatch.setattr(causes.shutil, "which", lambda _: "/usr/bin/bwrap")
    said = "the sandbox didn't start: bwrap: it was refused"
    first, *rest = causes.explain(said, Settings()).splitlines()
    assert cause in first and mend in "\n".join([first, *rest])
    assert rest[-1] == f"(what failed: {said})" and INSTALLED not in "\n".join(rest)


def test_ubuntus_profile_that_takes_the_rights_from_the_warm_process_is_named(monkeypatch, tmp_path):
    """Bubblewrap itself starts under it, so its own words name nothing."""
    profile = tmp_path / "bwrap-userns-restrict"
    profile.touch()
    monkeypatch.setattr(causes, "UBUNTU_PROFILE", profile)
    monkeypatch.setattr(causes, "refusal", lambda: None)
    monkeypatch.setattr(causes, "sysctl", {causes.APPARMOR: "1"}.get)
    found = causes.explain("a submission's processes don't start: unshare process ids: Operation not permitted", Settings())
    assert str(profile) in found and "apparmor_parser -R" in found
    profile.unlink()
    said = "a submission's processes don't start: unshare process ids: Operation not permitted"
    assert causes.explain(said, Settings()) == said


@pytest.mark.parametrize(
    "said", ["the sandbox didn't start: bwrap: what nobody knows", "a cell can't be run and its state frozen: no answer"]
)
def test_what_the_machine_doesnt_explain_is_told_in_the_programs_own_words(monkeypatch, said):
    monkeypatch.setattr(causes, "refusal", lambda: None)
    assert causes.explain(said, Settings()) == said


@pytest.mark.parametrize("said", ["fork: Cannot allocate memory", "MemoryError", "the sandbox didn't start: it ended with exit status 137"])
@pytest.mark.parametrize("level", LEVELS)
def test_too_little_memory_is_told_with_how_much_there_is(monkeypatch, said, level):
    monkeypatch.setattr(causes, "container_memory_mb", lambda: 512)
    found = causes.explain(said, Settings(level))
    assert "too little memory: " in found and "this container may have 512 MiB in all" in found and said in found


def test_no_folder_for_temporary_files_is_told():
    said = "[Errno 2] No usable temporary directory found in ['/tmp', '/var/tmp']"
    assert "in the variable TMPDIR" in causes.explain(said, Settings())


@pytest.mark.parametrize(
    ("limit", "option", "settings", "present", "needed"),
    [
        ("RLIMIT_NOFILE", "n", {"open_files": 300}, "100", "300"),
        ("RLIMIT_FSIZE", "f", {"file_mb": 4}, "1,024 KiB", "4,096 KiB"),
        ("RLIMIT_AS", "v", {"memory_mb": 2000}, "1,024 KiB", "6,242,304 KiB"),
        ("RLIMIT_CPU", "t", {"notebook_seconds": 600}, "100 s", "600 s"),
        ("RLIMIT_NPROC", "u", {"processes": 20_000}, "100", "20,"),
    ],
)
def test_a_limit_below_what_a_submission_may_have_is_told(monkeypatch, limit, option, settings, present, needed):
    have = int(present.split()[0].replace(",", "")) * (1024 if "KiB" in present else 1)
    infinite = (causes.resource.RLIM_INFINITY,) * 2
    monkeypatch.setattr(causes.resource, "getrlimit", lambda which: (have, have) if which == getattr(causes.resource, limit) else infinite)
    found = causes.too_small_limit(Settings(**settings))
    assert f"(`ulimit -{option}`) is {present}, grading needs at least {needed}" in found
    assert f"c.Grade.{next(iter(settings))} = " in found


def test_limits_that_are_enough_are_no_problem(monkeypatch):
    monkeypatch.setattr(causes.resource, "getrlimit", lambda _: (causes.resource.RLIM_INFINITY,) * 2)
    assert causes.too_small_limit(Settings(open_files=100_000, processes=100_000, memory_mb=1_000_000)) is None
