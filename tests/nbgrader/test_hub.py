"""A hub's description, what JupyterHub is told of it, and clear words where a hub can't be as it is described."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import CantMake
from autograder.hub import machine, prepare
from autograder.hub.configuration import role_of
from autograder.hub.described import BadHub, read_hub
from autograder.hub.roles import EXTENSIONS, ROLES, role_files

PREFIX = Path(sys.prefix)
COURSES = {
    "vision": {"grader": "grader-vision", "folder": "/home/grader-vision/vision", "instructors": ["iris", "otto"]},
    "sound": {"grader": "grader-sound", "folder": "/home/grader-sound/sound", "instructors": ["otto"]},
}
GOOD = {"exchange": "/srv/exchange", "courses": COURSES}
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can look as others")


def described(folder: Path, **changes) -> Path:
    (folder / "hub.yaml").write_text(yaml.safe_dump(GOOD | changes, sort_keys=False), "utf-8")
    return folder


def course(**changes) -> dict:
    return {"vision": COURSES["vision"] | changes}


# ---- what is described


def test_hub_is_read_with_a_port_for_each_course(tmp_path):
    hub = read_hub(described(tmp_path))
    assert hub.address == "http://127.0.0.1:8000" and hub.exchange == Path("/srv/exchange")
    assert [(each.name, each.grader, each.port) for each in hub.courses] == [
        ("vision", "grader-vision", 9101),
        ("sound", "grader-sound", 9102),
    ]
    assert hub.groups == {"nbgrader-vision", "formgrade-vision", "nbgrader-sound", "formgrade-sound"}


BAD = {
    "no courses": ({"courses": {}}, r"courses: expected at least one course by its name, got \{\}"),
    "a list of courses": ({"courses": ["vision"]}, r"expected at least one course by its name, got \['vision'\]"),
    "a course's name in capitals": ({"courses": {"Vision": COURSES["vision"]}}, "courses, Vision: expected a name of at most 20 small letters"),
    "a long name": ({"courses": {"v" * 21: COURSES["vision"]}}, "expected a name of at most 20 small letters"),
    "a name that leads elsewhere": ({"courses": {"../x": COURSES["vision"]}}, "expected a name of at most 20 small letters"),
    "no grader": ({"courses": {"vision": {"folder": "/a", "instructors": ["iris"]}}}, "courses, vision: grader is missing; expected folder, grader, instructors, got folder, instructors"),
    "an unknown entry": ({"courses": course(students=["ada"])}, "courses, vision: students isn't known"),
    "nothing of a course": ({"courses": {"vision": None}}, "courses, vision: expected grader, folder, instructors, got None"),
    "root grades": ({"courses": course(grader="root")}, "grader: expected an ordinary account, got root"),
    "a number as account": ({"courses": course(grader=7)}, "grader: expected the name of an account in small letters, got 7"),
    "an option as account": ({"courses": course(instructors=["-a"])}, "instructors: expected the name of an account in small letters, got '-a'"),
    "one instructor": ({"courses": course(instructors="iris")}, "instructors: expected a list of accounts such as .iris., got 'iris'"),
    "a relative folder": ({"courses": course(folder="vision")}, "folder: expected a path that begins with /, got 'vision'"),
    "one grader for two": ({"courses": {**COURSES, "sound": COURSES["sound"] | {"grader": "grader-vision"}}}, "the courses vision and sound have the same grader, grader-vision"),
    "one folder for two": ({"courses": {**COURSES, "sound": COURSES["sound"] | {"folder": COURSES["vision"]["folder"]}}}, "the courses vision and sound have the same folder"),
    "an exchange that isn't a path": ({"exchange": None}, "exchange: expected a path that begins with /, got None"),
    "an address without a port": ({"address": "https://uni.example"}, "address: expected one such as http://127.0.0.1:8000, got 'https://uni.example'"),
    "a port of the system": ({"ports": 80}, "ports: expected the first port, a number from 1024 to 65533, got 80"),
    "another entry": ({"admins": ["iris"]}, "hub.yaml: admins isn't known; expected address, courses, exchange, ports, got"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_a_hub_cannot_be_is_told(tmp_path, name):
    changes, told = BAD[name]
    with pytest.raises(BadHub, match=told):
        read_hub(described(tmp_path, **changes))


def test_two_courses_of_one_name_are_refused(tmp_path):
    text = "exchange: /srv/exchange\ncourses:\n  vision: {grader: a, folder: /a, instructors: [i]}\n  vision: {grader: b, folder: /b, instructors: [i]}\n"
    (tmp_path / "hub.yaml").write_text(text)
    with pytest.raises(BadHub, match="hub.yaml, line 4: vision stands there a second time"):
        read_hub(tmp_path)


@pytest.mark.parametrize("text", ["courses: [", "\x00", "? [a]\n: b\n"])
def test_what_is_no_yaml_is_told(tmp_path, text):
    (tmp_path / "hub.yaml").write_text(text)
    with pytest.raises(BadHub, match="can't be read as YAML|expected a name"):
        read_hub(tmp_path)


def test_a_missing_file_is_told_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(BadHub, match=f"python -m autograder hub {tmp_path}"):
        read_hub(tmp_path)


def test_the_file_to_be_filled_in_is_right_once_its_example_counts(tmp_path):
    text = (prepare.TEMPLATE / "hub.yaml").read_text("utf-8")
    (tmp_path / "hub.yaml").write_text(text.replace("\n#  ", "\n  "))
    assert [each.name for each in read_hub(tmp_path).courses] == ["vision"]


# ---- what JupyterHub is told


@pytest.fixture
def told(tmp_path) -> Config:
    """The settings that JupyterHub gets from the file that a hub's folder holds."""
    described(tmp_path)
    (tmp_path / "jupyterhub_config.py").write_text((prepare.TEMPLATE / "jupyterhub_config.py").read_text("utf-8"))
    return PyFileConfigLoader("jupyterhub_config.py", path=str(tmp_path)).load_config()


def test_each_course_has_a_formgrader_of_its_graders_account(told):
    services = {service["name"]: service for service in told.JupyterHub.services}
    assert set(services) == set(COURSES)
    for name, service in services.items():
        assert (service["user"], service["cwd"]) == (COURSES[name]["grader"], COURSES[name]["folder"])
        assert service["url"].startswith("http://127.0.0.1:")
        assert not service.get("admin") and "api_token" not in service
    assert len({service["url"] for service in services.values()}) == 2


def test_only_those_who_teach_a_course_get_into_its_formgrader(told):
    roles = {role["name"]: role for role in told.JupyterHub.load_roles}
    assert set(roles) == {"formgrade-vision", "formgrade-sound"}
    for name in COURSES:
        role = roles[f"formgrade-{name}"]
        assert role["groups"] == [f"formgrade-{name}"]
        assert all(scope.endswith(f"!service={name}") for scope in role["scopes"])


def test_only_accounts_of_a_course_may_log_in(told):
    assert told.MachineAccounts.allowed_groups == {f"{kind}-{name}" for kind in ("nbgrader", "formgrade") for name in COURSES}
    assert "allow_all" not in told.MachineAccounts


def test_servers_get_the_settings_of_their_users_role(told, tmp_path):
    def settings(*groups: str) -> str:
        user = SimpleNamespace(groups=[SimpleNamespace(name=name) for name in groups])
        return told.Spawner.environment["JUPYTER_CONFIG_PATH"](SimpleNamespace(user=user))

    assert settings("nbgrader-vision") == settings() == str(tmp_path / "jupyter" / "student")
    assert settings("nbgrader-sound", "formgrade-vision") == str(tmp_path / "jupyter" / "instructor")
    assert role_of(SimpleNamespace(groups=[])) == "student"


def test_students_servers_are_told_nothing_of_the_graders_paths(told, monkeypatch):
    assert "PYTHONPATH" not in told.Spawner.env_keep and "PYTHONPATH" not in told.Spawner.environment
    assert told.Spawner.server_token_scopes == [
        "users:activity!user",
        "access:servers!server",
        "read:users:groups!user",
        "list:services",
        "read:services",
    ]


def test_jupyterhub_knows_every_setting_and_every_scope(told):
    pytest.importorskip("jupyterhub", reason="JupyterHub isn't installed (pyproject.toml, hub)")
    from jupyterhub.app import JupyterHub
    from jupyterhub.proxy import ConfigurableHTTPProxy
    from jupyterhub.scopes import _check_scopes_exist
    from jupyterhub.spawner import Spawner

    from autograder.hub.accounts import MachineAccounts

    for known in (JupyterHub, Spawner, MachineAccounts, ConfigurableHTTPProxy):
        assert set(told[known.__name__]) <= set(known.class_traits(config=True)), known.__name__
    _check_scopes_exist([*told.Spawner.server_token_scopes, *(scope for role in told.JupyterHub.load_roles for scope in role["scopes"])])


def test_own_lines_in_the_configuration_are_kept(tmp_path):
    (tmp_path / "hub.yaml").write_text(yaml.safe_dump(GOOD))
    (tmp_path / "jupyterhub_config.py").write_text("c.JupyterHub.hub_port = 1\n")
    prepare._settings(read_hub(tmp_path))
    assert (tmp_path / "jupyterhub_config.py").read_text() == "c.JupyterHub.hub_port = 1\n"
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


# ---- who belongs to what


def test_groups_of_an_account_are_the_machines(monkeypatch):
    accounts = pytest.importorskip(
        "autograder.hub.accounts", reason="JupyterHub isn't installed (pyproject.toml, hub)", exc_type=ImportError
    )
    me = pwd.getpwuid(os.getuid()).pw_name
    entry = SimpleNamespace(gr_name="nbgrader-vision", gr_gid=4711)
    monkeypatch.setattr(accounts.grp, "getgrall", lambda: [entry, SimpleNamespace(gr_name="other", gr_gid=4711)])
    monkeypatch.setattr(accounts.os, "getgrouplist", lambda name, first: [first, 4711])
    known = accounts.MachineAccounts(course_groups={"nbgrader-vision", "nbgrader-sound"})
    assert known.known(me) == {"name": me, "groups": ["nbgrader-vision"]}
    assert asyncio.run(known.refresh_user(SimpleNamespace(name=me))) == {"name": me, "groups": ["nbgrader-vision"]}
    monkeypatch.setattr(accounts.os, "getgrouplist", lambda name, first: [first])
    assert asyncio.run(known.refresh_user(SimpleNamespace(name=me))) is False
    assert asyncio.run(known.refresh_user(SimpleNamespace(name="nobody-of-this-name"))) is False


# ---- each role's servers


@pytest.mark.parametrize("role", ROLES)
def test_roles_have_the_extensions_they_should(role):
    files = role_files(role, Path("/srv/exchange"))
    server = json.loads(files["jupyter_server_config.d/nbgrader.json"])["ServerApp"]["jpserver_extensions"]
    assert {name.rpartition(".")[2] for name, on in server.items() if on} == ROLES[role] - {""}
    disabled = json.loads(files["labconfig/page_config.json"])["disabledExtensions"]
    assert ("@jupyter/nbgrader:formgrader" in disabled) == (role != "grader")
    assert ("@jupyter/nbgrader:course-list" in disabled) == (role != "instructor")
    assert ("nbgrader_config.py" in files) == (role != "grader")


def test_extensions_are_all_that_nbgrader_brings_by_its_names():
    config = PREFIX / "etc" / "jupyter" / "jupyter_server_config.d" / "nbgrader.json"
    brought = json.loads(config.read_text("utf-8"))["ServerApp"]["jpserver_extensions"]
    assert set(brought) == {f"nbgrader.server_extensions.{name}" for name in EXTENSIONS if name}
    static = PREFIX / "share" / "jupyter" / "labextensions" / "@jupyter" / "nbgrader" / "static"
    script = "".join(path.read_text("utf-8") for path in static.glob("*.js"))
    assert all(f'"{plugin}"' in script or f"'{plugin}'" in script for plugins in EXTENSIONS.values() for plugin in plugins)


def test_settings_of_those_who_hand_in_name_the_exchange():
    loaded: dict[str, Config] = {"c": Config()}
    exec(role_files("student", Path("/srv/it's"))["nbgrader_config.py"], {"get_config": lambda: loaded["c"]})
    assert loaded["c"].Exchange.root == "/srv/it's" and loaded["c"].Exchange.path_includes_course is True
    assert loaded["c"].Execute.timeout == 120, "nbgrader's own 30 s are too short where many import PyTorch at once"
    assert loaded["c"].Authenticator.plugin_class.__name__ == "JupyterHubAuthPlugin"


# ---- the proxy


def test_the_proxy_is_pinned_with_a_digest_of_every_package_and_no_host():
    wanted = json.loads((prepare.TEMPLATE / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((prepare.TEMPLATE / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(about["integrity"].startswith("sha512-") and "resolved" not in about for name, about in lock.items() if name)


# ---- what the machine lacks


@pytest.fixture
def as_root(monkeypatch):
    """What is asked before anything is done says yes."""
    monkeypatch.setattr(prepare, "_check_can", lambda folder: None)
    monkeypatch.setattr(prepare, "bring_group", lambda *_: pytest.fail("something was changed"))


def refuse(folder: Path, told: str) -> None:
    with pytest.raises((BadHub, CantMake), match=told):
        prepare.prepare_hub(folder)


def test_a_folder_with_other_things_is_left_alone(tmp_path, as_root):
    (tmp_path / "notes.txt").write_text("mine")
    refuse(tmp_path, "holds no hub.yaml and isn't empty; nothing was changed")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_new_folder_gets_a_file_to_be_filled_in(tmp_path, as_root):
    lines, ready = prepare.prepare_hub(tmp_path / "hub")
    assert ready and "Write your courses into it" in lines[0]
    assert [path.name for path in (tmp_path / "hub").iterdir()] == ["hub.yaml"]


def test_an_account_that_is_missing_is_named(tmp_path, as_root):
    refuse(described(tmp_path), "courses, vision: there is no account grader-vision on this machine: `useradd")


@needs_root
def test_a_course_folder_has_to_be_there_its_graders_and_closed(tmp_path, as_root):
    folder = tmp_path / "course"
    hub = described(tmp_path, courses=course(grader="daemon", instructors=["games"], folder=str(folder)))
    refuse(hub, f"vision: there is no folder {folder}: as daemon, `python -m autograder new {folder}`")
    folder.mkdir()
    refuse(hub, f"{folder} isn't daemon's: `chown -R daemon: {folder}`")
    os.chown(folder, pwd.getpwnam("daemon").pw_uid, 0)
    folder.chmod(0o750)
    refuse(hub, f"expected {folder} to be closed to others, its mode is 0750: `chmod 700 {folder}`")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"course": "convnets-course"},
            r'expected the line `c.CourseDirectory.course_id = "vision"` in .*, where it is now "convnets-course"',
        ),
        ({"exchange": "/elsewhere"}, r'expected the line `c.Exchange.root = "/srv/exchange"` in .*, where it is now "/elsewhere"'),
    ],
)
def test_settings_of_a_course_that_are_not_the_hubs_are_told(tmp_path, said, told):
    hub = read_hub(described(tmp_path))
    right = {"course": "vision", "exchange": "/srv/exchange", "students": []}
    machine.check_settings(hub, hub.courses[0], right)
    with pytest.raises(BadHub, match=told):
        machine.check_settings(hub, hub.courses[0], right | said)


@needs_root
def test_what_an_account_can_read_is_tried_out_as_that_account():
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        for name, mode in (("open", 0o755), ("closed", 0o700)):
            (folder / name).mkdir()
            (folder / name).chmod(mode)
        assert machine.readable("daemon", [folder / "open", folder / "closed", folder / "missing"]) == [folder / "open"]


@needs_root
def test_a_place_in_the_exchange_that_somebody_else_made_is_not_taken(tmp_path):
    made = tmp_path / "vision"
    made.mkdir()
    os.chown(made, pwd.getpwnam("daemon").pw_uid, -1)
    with pytest.raises(BadHub, match=f"expected {made} to be games's, it belongs to daemon"):
        prepare._folder(made, 0o750, "games", "games")
    made.rmdir()
    made.symlink_to("/etc")
    with pytest.raises(BadHub, match=f"expected a folder at {made}, found something else"):
        prepare._folder(made, 0o750, "games", "games")


@needs_root
@pytest.mark.parametrize("printed", ["nothing", '{"course": "vision", "exchange": "/srv/exchange", "students": [["root"]]}', "7"])
def test_whatever_a_course_prints_is_no_answer_unless_it_is_one(tmp_path, monkeypatch, printed):
    hub = read_hub(described(tmp_path))
    monkeypatch.setattr(machine, "run_as", lambda *_, **__: subprocess.CompletedProcess([], 0, f"{printed}\n", "said last\n"))
    with pytest.raises(BadHub, match="vision: grader-vision can't read its settings and its gradebook"):
        machine.ask_course(hub.courses[0])


@needs_root
def test_roots_environment_is_not_passed_on(monkeypatch):
    monkeypatch.setenv("A_TOKEN", "of root")
    said = machine.run_as("daemon", ["/usr/bin/env"]).stdout
    assert "A_TOKEN" not in said and "USER=daemon" in said


def test_only_root_prepares_a_hub(tmp_path, monkeypatch):
    monkeypatch.setattr(prepare.os, "getuid", lambda: 1000)
    refuse(tmp_path, "give this command as root")
