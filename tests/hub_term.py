"""A hub for two courses, set up as the guide has it, and what its people do in one assignment's time, in browsers."""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hub_pages
import yaml
from hub_machine import PROJECT, Machine
from jupyter_notebook import Notebook

GUIDE = PROJECT / "book" / "hub.md"
NAME = "receptive_fields"  # the assignment that takes least time
PERFECT = PROJECT / "tests" / "chapters" / NAME / "submissions" / "perfect" / f"{NAME}.ipynb"
COURSES = {"vision": ("grader-vision", "iris", ["ada", "cleo"]), "sound": ("grader-sound", "otto", ["ben", "nina"])}
PASSWORD = secrets.token_urlsafe()
PATIENCE = 300_000  # milliseconds, for a busy machine
HUB, EXCHANGE = "/srv/hub", "/srv/exchange"
PYTHON = sys.executable
PROBE = """print("what a student's kernel reaches")
import os, pathlib
def tried(look):
    try:
        return look()
    except Exception as error:
        return type(error).__name__
def answers():
    import autograder.reference.receptive_fields
print(tried(answers))
for path in ("/srv/course", "/srv/exchange/sound", "/srv/exchange/vision/inbound", "/home/grader-vision/vision", "/home/cleo", "/srv/hub/state"):
    print(path, tried(lambda: os.listdir(path)))"""
RIGHT = """def receptive_fields(layers):
    r, jump, fields = 1, 1, []
    for kernel, stride, _, dilation in layers:
        r, jump = r + dilation * (kernel - 1) * jump, jump * stride
        fields.append((r, jump))
    return fields"""


class NoProxy(Exception):
    """The proxy couldn't be had; the message says why."""


# ---- the hub


@dataclass
class Term:
    """A machine with a hub, browsers for its people, and what was seen from release to feedback."""

    machine: Machine
    address: str
    browser: Any
    pages: dict[str, Any] = field(default_factory=dict)
    formgrader: hub_pages.Formgrader | None = None
    seen: dict[str, str] = field(default_factory=dict)

    def page(self, name: str) -> Any:
        """The JupyterLab of an account, logged in."""
        if name not in self.pages:
            context = self.browser.new_context(viewport={"width": 1280, "height": 900})
            context.set_default_timeout(PATIENCE)
            self.pages[name] = context.new_page()
            hub_pages.log_in(self.pages[name], self.address, name, PASSWORD)
        return self.pages[name]

    def status(self, name: str, path: str) -> int:
        """What the hub answers an account's browser."""
        return self.page(name).context.request.get(self.address + path, timeout=PATIENCE).status


def course_folder(name: str) -> str:
    return f"/home/{COURSES[name][0]}/{name}"


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def free_pair() -> int:
    """The first of two free ports that follow each other."""
    while True:
        first = free_port()
        with contextlib.suppress(OSError), socket.socket() as made:
            made.bind(("127.0.0.1", first + 1))
            return first


def prepare(there: Machine) -> subprocess.CompletedProcess[str]:
    return there.run(PYTHON, "-m", "autograder", "hub", HUB)


def typed() -> list[tuple[str, str]]:
    """What the guide has people type, in its order: ``#`` or ``$``, which stand before what root and the grader type, and the line."""
    blocks = re.findall(r"^```console\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [(line[0], line[2:]) for block in blocks for line in block.splitlines()]


def make_hub(there: Machine, address: str) -> str:
    """Does what the guide says, for two courses instead of one; returns the line that starts the hub.

    Raises:
        NoProxy: npm can't bring the proxy here.
    """
    there.add("ada", "ben", "cleo", "nina", "iris", "otto", password=PASSWORD)
    *lines, start = typed()
    said = [do_line(there, prompt, line, address) for prompt, line in lines]
    closed = next(number for number, (_, line) in enumerate(lines) if line.startswith("chgrp"))
    if "proxy wasn't installed" in said[closed - 1]:
        raise NoProxy(said[closed - 1].strip().splitlines()[-1])
    assert f"students can read hidden checks and answers there: `{lines[closed][1]}`" in said[closed - 1]
    assert f"ready: jupyterhub -f {HUB}/jupyterhub_config.py" in said[-1], said[-1]
    return start[1]


def do_line(there: Machine, prompt: str, line: str, address: str) -> str:
    """Types a line of the guide, where and as often as two courses need it; returns what was printed."""
    if prompt == "#" and "autograder hub" in line:
        done = there.run("bash", "-c", line)
        if "is made. Write your courses into it" in done.stdout:
            write_hub(there, address)
        return done.stdout + done.stderr
    for name, (grader, _, students) in COURSES.items():
        mine = line.replace("vision", name)
        folder = course_folder(name)
        if prompt == "#":
            there.do("bash", "-c", mine)
        elif "doctor" not in line or name == "vision":
            if "students.csv" in line:
                there.do("bash", "-c", f"cat > {folder}/students.csv", text="\n".join(["id", *students, ""]), account=grader)
            there.do("bash", "-c", mine, account=grader, folder=f"/home/{grader}" if "autograder new" in line else folder)
    return ""


def write_hub(there: Machine, address: str) -> None:
    """The guide's hub.yaml with a second course."""
    block = re.search(r"^```yaml\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    hub = yaml.safe_load(block[1])
    assert hub["courses"]["vision"] == {"grader": "grader-vision", "folder": course_folder("vision"), "instructors": ["iris"]}
    hub["courses"]["sound"] = {"grader": "grader-sound", "folder": course_folder("sound"), "instructors": ["otto"]}
    there.do("bash", "-c", f"cat > {HUB}/hub.yaml", text=yaml.safe_dump(hub | {"address": address, "ports": free_pair()}, sort_keys=False))


@contextlib.contextmanager
def running(there: Machine, address: str, start: str, log: Path) -> Iterator[None]:
    """The hub, until the test is over; its own ports are free ones, by lines of one's own in its configuration."""
    own = f'\nc.JupyterHub.hub_port = {free_port()}\nc.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{free_port()}"\n'
    there.do("sh", "-c", f"cat >> {HUB}/jupyterhub_config.py", text=own)
    command = there.command("setpriv", "--pdeathsig", "TERM", "bash", "-c", f"exec {start}")
    with open(log, "wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as hub:
        try:
            end = time.monotonic() + 300
            while not answers(f"{address}/services/sound/"):  # the last thing that is started
                assert hub.poll() is None and time.monotonic() < end, log.read_text("utf-8", "replace")[-5000:]
                time.sleep(1)
            yield
        finally:
            hub.terminate()
            hub.wait(120)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


# ---- what happens


def hand_out(term: Term) -> None:
    term.formgrader = hub_pages.Formgrader(term.page("iris"), "vision")
    term.pages["formgrader"] = term.formgrader.page
    term.seen["released"] = term.formgrader.press(NAME, "release")


def solve_and_hand_in(term: Term) -> None:
    """Ada fetches, writes one task in her notebook, validates and hands in."""
    page = term.page("ada")
    assignments = hub_pages.AssignmentList(page)
    assignments.wait_for("released", NAME)
    assignments.press("released", "Fetch")
    assignments.wait_for("downloaded", NAME)
    notebook = Notebook(page, f"{term.address}/user/ada/lab/tree/vision/{NAME}/{NAME}.ipynb?reset")
    term.seen["probe"] = notebook.write_and_run("def receptive_fields(layers)", PROBE)
    notebook.write_and_run(PROBE.splitlines()[0], RIGHT)
    notebook.save()
    term.seen["validated"] = notebook.validate()
    assignments = hub_pages.AssignmentList(page)
    assignments.wait_for("downloaded", NAME)
    assignments.press("downloaded", "Submit")
    assignments.wait_for("submitted", "Fetch Feedback")


def hand_in_from_a_terminal(term: Term) -> None:
    """Cleo has solved everything, and hands in with nbgrader's command."""
    term.machine.do("mkdir", "-p", f"/home/cleo/{NAME}", account="cleo")
    term.machine.do("sh", "-c", f"cat > /home/cleo/{NAME}/{NAME}.ipynb", text=PERFECT.read_text("utf-8"), account="cleo")
    submit = [PYTHON, "-m", "nbgrader", "submit", NAME, "--course", "vision", f"--Exchange.root={EXCHANGE}"]
    term.machine.do(*submit, account="cleo", folder="/home/cleo")


def grade_and_return(term: Term) -> None:
    formgrader = term.formgrader
    assert formgrader is not None
    term.seen["collected"] = formgrader.press(NAME, "collect")
    formgrader.open_submissions(NAME)
    for name in ("ada", "cleo"):
        term.seen[f"graded {name}"] = formgrader.press(name, "autograde")
    formgrader.back()
    term.seen["written"] = formgrader.press(NAME, "generate-feedback")
    term.seen["returned"] = formgrader.press(NAME, "release-feedback")
    assignments = hub_pages.AssignmentList(term.page("ada"))
    assignments.wait_for("submitted", "Fetch Feedback")
    assignments.press("submitted", "Fetch Feedback")
    assignments.wait_for("submitted", "view feedback")
