"""What each role's Jupyter servers hold: which of nbgrader's extensions, and where its exchange is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.settings import Settings

STATE, JUPYTER = "state", "jupyter"  # folders of a hub
# nbgrader's names: of an extension of the server, and of its part in the browser.
EXTENSIONS = {
    "assignment_list": ["@jupyter/nbgrader:assignment-list"],
    "validate_assignment": ["@jupyter/nbgrader:validate-assignment"],
    "course_list": ["@jupyter/nbgrader:course-list"],
    "formgrader": ["@jupyter/nbgrader:formgrader"],
    "": ["@jupyter/nbgrader:create-assignment"],
}
STUDENTS = {"assignment_list", "validate_assignment"}
ROLES = {
    "student": STUDENTS,
    "instructor": STUDENTS | {"course_list"},  # a list of formgraders, each in the server of its course
    "grader": {"formgrader", "validate_assignment", ""},
}
# JupyterHub forbids all frames, and nbgrader shows the formgrader in one: in its own server, pages of the hub's address may.
FRAMED = {"ServerApp": {"tornado_settings": {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}}}
NEWS = "@jupyterlab/apputils-extension:announcements"  # asks another host
IN_EXCHANGE = """\
\"\"\"nbgrader's settings for those who fetch and hand in on this hub; made by `python -m autograder hub`.\"\"\"

from nbgrader.auth import JupyterHubAuthPlugin

c = get_config()

c.Exchange.root = {exchange!r}
c.Exchange.path_includes_course = True
c.Authenticator.plugin_class = JupyterHubAuthPlugin
c.Execute.timeout = {seconds:.0f}  # of a cell, when a notebook is validated: as when it is graded
"""


def role_files(role: str, exchange: Path) -> dict[str, str]:
    """The files of one role's folder of Jupyter settings, by name."""
    has = ROLES[role]
    server = {f"nbgrader.server_extensions.{name}": name in has for name in EXTENSIONS if name}
    disabled = {plugin: True for name, plugins in EXTENSIONS.items() if name not in has for plugin in plugins}
    files = {
        "jupyter_server_config.d/nbgrader.json": _json({"ServerApp": {"jpserver_extensions": server}}),
        "labconfig/page_config.json": _json({"disabledExtensions": disabled | {NEWS: True}}),
    }
    if role == "grader":
        return files | {"jupyter_server_config.json": _json(FRAMED)}
    return files | {"nbgrader_config.py": IN_EXCHANGE.format(exchange=str(exchange), seconds=Settings().cell_seconds)}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
