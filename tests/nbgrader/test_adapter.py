"""nbgrader in a process that lives on, as the formgrader does: after every run it is as it was, and nothing of the run is alive."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from types import SimpleNamespace

import nbgrader.api
import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.run.adapter import STANDING, changed, take_over

SERVER = """
import gc, inspect, json, logging, os, signal, sys, threading, warnings
import psutil
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

app = NbGrader()
app.initialize([])
api = NbGraderAPI(CourseDirectory(config=app.config), config=app.config)


def state():
    owners = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "nbgrader"}
    for name, module in list(owners.items()):
        owners |= {f"{name}.{k}": v for k, v in vars(module).items() if inspect.isclass(v) and v.__module__ == name}
    found = {name: {k: id(v) for k, v in vars(owner).items() if callable(v) or inspect.ismodule(v)} for name, owner in owners.items()}
    found["coursedir"] = {k: repr(v) for k, v in vars(api.coursedir).items() if not k.startswith("_")} | api.coursedir.trait_values()
    loggers = {name: logging.getLogger(name) for name in ("", "tornado.application", "traitlets", "distributed.client")}
    found["logging"] = {name: [len(one.filters), len(one.handlers), one.level] for name, one in loggers.items()}
    found["logging"]["raises"] = logging.raiseExceptions
    found["python"] = {
        "warnings": list(map(str, warnings.filters)), "cwd": os.getcwd(),
        "threads": threading.active_count(), "signals": [str(signal.getsignal(n)) for n in (1, 2, 15)],
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    }
    return found


def engines():
    gc.collect()
    return sum(type(one).__name__ == "Engine" and type(one).__module__ == "autograder.engine.engine" for one in gc.get_objects())


def changes(before, after):
    return [
        f"{owner}.{name}" for owner in before for name in before[owner].keys() | after.get(owner, {}).keys()
        if before[owner].get(name) != after.get(owner, {}).get(name)
    ]


out = []
for name, about in json.loads(sys.argv[1]):
    before = state()
    result = api.autograde(*name, **about)
    out.append(result | {"changes": changes(before, state()), "alive": [str(p) for p in psutil.Process().children(recursive=True)],
                         "engines": engines()})
print(json.dumps(out))
"""


def runs(folder, *wanted) -> list[dict]:
    """What came of ``api.autograde`` with these arguments, one after the other in one process."""
    command = [sys.executable, "-c", SERVER, json.dumps(wanted)]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_two_failing_and_two_good_runs_leave_nbgrader_as_it_was_and_no_process(tiny_course, level):
    """It fails before the first student, then in nbgrader itself when the judge is already at work."""
    config = tiny_course.folder / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8") + f"\nc.Grade.sandbox = {level!r}\nc.Grade.workers = 1\n", "utf-8")
    right = tiny_course.answer({"area": "def area(height, width): return height * width"})
    tiny_course.submit("ada", right)
    unknown = tiny_course.folder / "submitted" / "eve" / "nosuch" / "nosuch.ipynb"
    unknown.parent.mkdir(parents=True)
    unknown.write_text("{}")
    stranger = (["tiny", "ada"], {"create": False})
    results = runs(tiny_course.folder, (["nosuch", "eve"], {}), stranger, (["tiny", "ada"], {}), (["tiny", "ada"], {}))
    unprepared, refused, *_ = results
    assert "Grading can't start: no assignment 'nosuch'" in unprepared["log"]
    assert "No student with ID 'ada' exists" in refused["log"]
    assert [result["success"] for result in results] == [False, False, True, True], results
    assert [result["changes"] for result in results] == [[], [], [], []]
    assert [result["alive"] for result in results] == [[], [], [], []]
    assert [result["engines"] for result in results] == [0, 0, 0, 0]
    assert tiny_course.scores("ada") == {"check_area": 3.0, "check_smooth": 0.0, "why_kernel": 0.0}


def test_what_stays_is_the_same_however_often_it_is_made():
    take_over()
    before = [vars(owner)[name] for owner, name, _ in STANDING]
    take_over()
    assert [vars(owner)[name] for owner, name, _ in STANDING] == before == [ours for _, _, ours in STANDING]


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt])
def test_what_was_changed_is_put_back_whatever_happens(error):
    """An attribute of an object's own, one of its class, one of a module."""
    coursedir, own = CourseDirectory(), SimpleNamespace(a=1)
    engines = nbgrader.api.create_engine
    with (
        pytest.raises(error),
        changed(own, a=2, b=3),
        changed(coursedir, get_existing_timestamp=print),
        changed(logging, raiseExceptions=0),
    ):
        assert (own.a, own.b, coursedir.get_existing_timestamp, logging.raiseExceptions) == (2, 3, print, 0)
        with changed(nbgrader.api, create_engine=None):
            raise error
    assert vars(own) == {"a": 1} and "get_existing_timestamp" not in vars(coursedir)
    assert logging.raiseExceptions is True and nbgrader.api.create_engine is engines
