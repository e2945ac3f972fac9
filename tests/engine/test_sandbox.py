"""What a student's code sees and can reach from inside, and what is left of it afterwards."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.authoring import course
from autograder.judge.self_test import sandbox_level_problem
from autograder.sandbox import levels
from autograder.sandbox.bubblewrap import mounts
from autograder.sandbox.container import container_command
from autograder.sandbox.folders import SandboxError, private_folders, visible_folders
from autograder.sandbox.warm import Sandbox, limits
from autograder.settings import CONTAINERS, LEVELS, Settings

LOOK = f"""
import json, os, resource, socket, sys
ROOT = {str(course.ROOT)!r}
def attempt(action):
    try:
        return str(action())
    except BaseException as error:
        return type(error).__name__
def status(name):
    return next(line.split(":")[1].strip() for line in open("/proc/self/status") if line.startswith(name))
seen = {{
    "files": {{path: sorted(os.listdir(path)) for path in ("/tmp", "/dev/shm", os.getcwd(), os.environ["TMPDIR"])}},
    "root": sorted(os.listdir(ROOT)) if os.path.isdir(ROOT) else [],
    "exists": [path for path in PATHS if os.path.exists(path)],
    "environment": dict(os.environ),
    "user": [os.getuid(), os.getgid(), os.getgroups()],
    "capabilities": [status(name) for name in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb")],
    "no_new_privileges": status("NoNewPrivs"),
    "processes": [int(pid) for pid in os.listdir("/proc") if pid.isdigit()],
    "descriptors": [os.readlink(f"/proc/self/fd/{{fd}}") for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{{fd}}")],
    "sockets": sum(os.readlink(f"/proc/self/fd/{{fd}}").startswith("socket") for fd in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{{fd}}")),
    "interfaces": [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line],
    "outside": attempt(lambda: socket.create_connection(("192.0.2.1", 80), timeout=1)),
    "host": attempt(lambda: socket.create_connection(("127.0.0.1", PORT), timeout=1)),
    "names": attempt(lambda: socket.gethostbyname("example.org")),
    "hostname": socket.gethostname(),
    "writes": [path for path in WRITES if attempt(lambda: open(os.path.join(path, "mark"), "w").close()) == "None"],
    "path": sys.path,
    "checks": attempt(lambda: __import__("autograder.checks")),
    "reference": attempt(lambda: __import__("autograder.reference")),
    "root_again": attempt(lambda: os.setuid(0)),
    "kernel_settings": [path for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger") if os.access(path, os.W_OK)],
    "keeper": [attempt(lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (64, 64))), attempt(lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))],
    "here": os.getcwd(),
}}
print(json.dumps(seen))
"""
SECRETS = ["source", "autograder", "tests", "release", "gradebook.db", "nbgrader_config.py", "data", ".git", "book", "_build"]


def look(grader: Any, student: str, port: int = 9) -> dict[str, Any]:
    """What one submission sees, as it says itself."""
    paths = [str(course.ROOT / name) for name in SECRETS] + [str(Path.home() / name) for name in (".ssh", ".bashrc", ".cache", ".config")]
    writes = ["/", "/usr", "/etc", "/grader/inside", sys.prefix, "/tmp", "/dev/shm", "/proc", "."]
    result = grader.grade(f"PATHS = {paths!r}; WRITES = {writes!r}; PORT = {port}", LOOK, student=student)
    text = "".join(output.get("text", "") for output in result.cells[1].outputs)
    assert text.startswith("{"), result.cells[1]
    return json.loads(text)


@pytest.fixture(scope="module", params=["bubblewrap", *CONTAINERS])
def shut_in(request: pytest.FixtureRequest, grader_class: type) -> Iterator[Any]:
    """A running engine at each level that shuts submissions in, as far as this machine has it."""
    problem = sandbox_level_problem(request.param)
    if problem:
        pytest.skip(f"{request.param}: {problem}")
    if request.param == "bubblewrap":
        yield request.getfixturevalue("grader")
        return
    made = grader_class(Settings(request.param, memory_mb=900), ("numpy",))
    yield made
    made.engine.close()


@pytest.fixture(scope="module")
def seen(shut_in):
    """What a first submission sees, which leaves files everywhere it can; the second looks afterwards."""
    return look(shut_in, "ada"), look(shut_in, "bob")


def test_nothing_of_the_course_is_visible(seen):
    environment = (
        {Path(sys.prefix).resolve().relative_to(course.ROOT).parts[0]} if Path(sys.prefix).resolve().is_relative_to(course.ROOT) else set()
    )
    assert set(seen[0]["root"]) == environment
    assert seen[0]["exists"] == []
    assert str(course.ROOT) not in seen[0]["path"]
    assert seen[0]["checks"] == seen[0]["reference"] == "ModuleNotFoundError"


def test_nothing_of_the_grading_environment_is_visible(seen):
    same = {name for name, value in os.environ.items() if seen[0]["environment"].get(name) == value}
    allowed = {
        "PATH",
        "LANG",
        "MPLBACKEND",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHASHSEED",
        "TERM",
    }  # and what pins the threads; podman always says a TERM
    assert {name for name in same - allowed if not name.endswith("_NUM_THREADS")} == set()
    assert seen[0]["environment"]["HOME"] == seen[0]["here"] == "/submission"
    assert seen[0]["hostname"] == "grader"


def test_there_is_no_network(seen):
    assert set(seen[0]["interfaces"]) <= {"lo"}
    assert seen[0]["outside"] == "OSError" and seen[0]["names"] == "gaierror"


def test_a_server_on_the_host_cant_be_reached(shut_in):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert look(shut_in, "ada", server.getsockname()[1])["host"] in ("ConnectionRefusedError", "OSError")


def test_the_student_is_nobody_with_no_rights(seen):
    user, group, groups = seen[0]["user"]
    assert user != 0 and group != 0 and groups in ([], [group])
    assert all(int(mask, 16) == 0 for mask in seen[0]["capabilities"][:3])
    assert seen[0]["no_new_privileges"] == "1"
    assert seen[0]["root_again"] in ("PermissionError", "OSError")  # not allowed, or there is no user 0 in its namespace
    assert seen[0]["kernel_settings"] == []


def test_the_keeper_is_out_of_reach(seen):
    assert 1 not in seen[0]["processes"]
    assert seen[0]["keeper"] == ["PermissionError"] * 2


def test_only_its_own_processes_are_seen(seen):
    assert len(seen[0]["processes"]) <= 4


def test_only_its_own_descriptors_are_open(seen):
    """Standard streams that lead nowhere, and the connection to the grader; libffi of newer systems keeps its own file open."""
    for opened in seen[0]["descriptors"]:
        if re.fullmatch(r"/usr/lib/[\w/-]*libffi\.so[.\d]*", opened):
            continue
        assert opened == "/dev/null" or opened.startswith(("socket:", "/proc/", "pipe:", "anon_inode:")), seen[0]["descriptors"]
    assert seen[0]["sockets"] <= 1 + 2  # the event loop of the shell has a pair of its own


def test_only_private_folders_can_be_written(seen):
    assert set(seen[0]["writes"]) <= {"/tmp", "/dev/shm", "."}
    assert "." in seen[0]["writes"]


def test_files_of_one_submission_are_gone_for_the_next(seen):
    for files in seen[1]["files"].values():
        assert "mark" not in files
    assert seen[0]["files"] == seen[1]["files"]


def test_submissions_at_the_same_time_dont_see_each_other(shut_in):
    source = """
import glob, os, time
for folder in ("/tmp", "/dev/shm", os.environ["TMPDIR"], "."):
    try: open(os.path.join(folder, "mark-of-" + NAME), "w").close()
    except OSError: pass
time.sleep(1)
print(sorted({os.path.basename(path) for folder in ("/tmp", "/dev/shm", os.environ["TMPDIR"], ".") for path in glob.glob(folder + "/mark-*")}))
print(len([pid for pid in os.listdir("/proc") if pid.isdigit()]))
"""
    jobs = [shut_in.job(f"NAME = {name!r}", source, student=name) for name in ("ada", "bob")]
    for number, name in [(shut_in.engine.submit(job), job.student) for job in jobs]:
        text = "".join(output["text"] for output in shut_in.engine.result(number).cells[1].outputs)
        marks, processes = text.splitlines()
        assert marks == f"['mark-of-{name}']" and int(processes) <= 4


def test_every_submission_starts_from_the_same_seeds_and_one_thread(grader):
    source = "import random, numpy, torch; print(random.random(), numpy.random.rand(), torch.rand(1), torch.get_num_threads(), hash('a'))"
    first, second = (grader.grade(source, student=name).cells[0].outputs for name in ("ada", "bob"))
    assert first == second and " 1 " in first[0]["text"]


@pytest.mark.parametrize("number", ["2", "os.cpu_count()", "8"])
def test_a_notebook_that_asks_for_threads_trains_with_one(grader, number):
    """With more, the backward pass of a convolution would never end."""
    ask = f"import os, torch\ntorch.set_num_threads({number})"
    train = "c = torch.nn.Conv2d(1, 8, 3, padding=1)\nc(torch.rand(64, 1, 28, 28)).sum().backward()\nprint(torch.get_num_threads())"
    cells = grader.grade(ask, train).cells
    assert [cell.note for cell in cells.values()] == ["", ""] and cells[1].outputs[0]["text"] == "1\n"


def running(mark: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if mark in " ".join(process.info["cmdline"] or [])]


@pytest.mark.parametrize("at_level", ["bubblewrap", "process"])
def test_no_process_outlives_its_submission(request, at_level):
    if at_level == "bubblewrap":
        request.getfixturevalue("sealed")
    grader = request.getfixturevalue("grader" if at_level == "bubblewrap" else "plain_grader")
    mark = f"98765.{os.getpid()}" + ("1" if at_level == "process" else "2")
    source = f"""
import os, subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{mark}"])
    os._exit(0)
subprocess.Popen(["sleep", "{mark}"], start_new_session=True)
"""
    assert not grader.grade(source, "answer = 42").cells[1].note
    end = time.monotonic() + 5
    while running(mark) and time.monotonic() < end:
        time.sleep(0.1)
    assert running(mark) == []


def test_no_file_outlives_its_submission_at_the_lower_level(plain_grader):
    result = plain_grader.grade("import os; open('mark', 'w').close(); print(os.getcwd())")
    folder = Path(result.cells[0].outputs[0]["text"].strip())
    end = time.monotonic() + 5
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not folder.exists()


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("quick_restart")
def test_a_warm_process_that_dies_is_replaced(plain_grader):
    (zygote,) = [child for child in psutil.Process(plain_grader.engine._process.pid).children() if "zygote.py" in " ".join(child.cmdline())]
    zygote.send_signal(signal.SIGKILL)
    result = plain_grader.grade(("answer = 42", "TestAnswer"))
    assert result.cells[0].reports[0].passed


# ---- starting


def test_without_bubblewrap_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match=r"apt install bubblewrap.*c\.Grade\.sandbox = \"process\""):
        Sandbox(Settings())
    assert "not installed" in sandbox_level_problem()


def test_what_bubblewrap_complains_of_is_told(monkeypatch, tmp_path):
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert "setting up uid map: Permission denied" in sandbox_level_problem()


def test_a_program_that_cant_be_started_is_named(monkeypatch, tmp_path):
    program = tmp_path / "bwrap"
    program.write_text("no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SandboxError, match=r"bwrap can't be started: Exec format error"):
        Sandbox(Settings())


def test_machines_whose_system_calls_arent_known_are_refused(monkeypatch):
    monkeypatch.setattr(levels.platform, "machine", lambda: "riscv64")
    with pytest.raises(SandboxError, match="riscv64"):
        Sandbox(Settings())


@pytest.mark.usefixtures("sealed")
def test_it_works_through_a_linked_environment(tmp_path):
    """Home folders are often reached through a link."""
    (tmp_path / "env").symlink_to(sys.prefix)
    code = "from autograder.judge.self_test import sandbox_level_problem as p; print(p())"
    python = tmp_path / "env" / "bin" / Path(sys.executable).name
    done = subprocess.run([python, "-c", code], cwd=course.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


def test_an_environment_that_holds_the_course_cant_be_used():
    with pytest.raises(SandboxError, match="can't be hidden"):
        mounts(visible_folders(), [Path(sys.prefix).resolve()])


def test_a_course_inside_a_visible_folder_is_covered(tmp_path):
    (tmp_path / "course").mkdir()
    options = mounts([Path("/usr"), tmp_path], [tmp_path / "course"])
    place = options.index(str(tmp_path / "course"))
    assert options[place - 1] == "--tmpfs" and options[place + 1] == "--remount-ro"
    assert place > options.index("--ro-bind")


def test_an_environment_below_tmp_stays_visible():
    assert private_folders([Path("/usr")])[-1] == "/tmp"
    assert "/tmp" not in private_folders([Path("/usr"), Path("/tmp/env")])


def test_limits_are_those_of_the_settings():
    made = limits(Settings(memory_mb=500, file_mb=3, open_files=70, processes=20))
    assert made["memory_bytes"] == 500 << 20
    assert made["limits"]["RLIMIT_FSIZE"] == 3 << 20
    assert made["limits"]["RLIMIT_NOFILE"] == 70 and made["limits"]["RLIMIT_NPROC"] == 20
    assert made["limits"]["RLIMIT_CORE"] == 0 and made["limits"]["RLIMIT_DATA"] > 500 << 20


def test_every_level_of_the_settings_can_be_started():
    assert tuple(levels.LEVELS) == LEVELS


@pytest.mark.parametrize("at_level", LEVELS)
def test_a_sandbox_that_is_closed_leaves_nothing(at_level):
    if problem := sandbox_level_problem(at_level):
        pytest.skip(f"{at_level}: {problem}")
    made = Sandbox(Settings(sandbox=at_level), imports=["json"])
    made.wait_until_ready()
    assert made.alive
    control, kernel = made.spawn()
    control.close()
    kernel.close()
    made.close()
    assert not made.alive
    assert made._home is None or not Path(made._home).exists()
    if at_level in CONTAINERS:
        listed = subprocess.run([at_level, "ps", "--all", "--format", "{{.Names}}"], capture_output=True, text=True, check=True).stdout
        assert Path(made._home).name not in listed


def test_a_container_is_given_nothing_but_what_it_needs(monkeypatch, tmp_path):
    """What the program is asked for, told by a stand-in that accepts everything."""
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    folders = ([Path("/usr"), tmp_path], [tmp_path / "secret"], (tmp_path, "/grader/inside"), ["/scratch"], ["SETUID"])
    command = container_command("docker", {"A": "b c"}, *folders, tmp_path / "meeting")
    pairs = list(itertools.pairwise(command))
    for pair in [("--network", "none"), ("--cap-drop", "ALL"), ("--pull", "never"), ("--env", "A=b c"), ("--cap-add", "SETUID")]:
        assert pair in pairs
    assert "--read-only" in command and "--privileged" not in command
    volumes = [value for option, value in pairs if option == "--volume"]
    assert all(volume.endswith(":ro") for volume in volumes) and f"{tmp_path}:{tmp_path}:ro" in volumes
    assert ("--tmpfs", f"{tmp_path / 'secret'}:ro,size=4k,mode=555") in pairs


def test_a_container_program_that_refuses_is_told(monkeypatch, tmp_path):
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert sandbox_level_problem("docker") == "docker: Cannot connect to the Docker daemon"
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert sandbox_level_problem("podman") == "podman is not installed"


def test_a_container_that_ends_at_once_says_why(monkeypatch, tmp_path):
    program = tmp_path / "podman"
    program.write_text("#!/bin/sh\n[ $1 = run ] && echo 'no runtime' >&2 && exit 1\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert sandbox_level_problem("podman") == "the sandbox didn't start: no runtime"
